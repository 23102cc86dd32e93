"""Makes the README's pictures from the real program: `python -m tools.pictures` (needs Xvfb and xdotool).

A window on a virtual screen, driven by keys and pointer; what is painted comes from the starter model with fixed seeds.
`python -m tools.pictures history` makes only some: trip, history, chinese. Pictures are kept with 256 colours.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # for this process; the programs have a screen

from PIL import Image

from canvas.geometry import Bounds
from desktop.headless import ensure_qt
from desktop.painted_scroll import painted_session
from tests.e2e.program import SCREEN, Program, Screen

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
MIDDLE = (SCREEN[0] // 2 - 134, SCREEN[1] // 2)
"""Middle of the canvas between tool bar and panels."""

SCROLL_SEED, SCROLL_FRAME = 1, Bounds(640, 0, 512, 512)


def home_with(folder: Path, **preferences: object) -> Path:
    """A fresh home whose settings say this."""
    config = folder / "config"
    config.mkdir(parents=True)
    form = {"seed": 7, "random_seed": False, "num_images_per_prompt": 3, "model": "starter"}
    settings = {"preferences": {"show_welcome": False, **preferences}, "remembered": {"form": form}}
    (config / "settings.json").write_text(json.dumps(settings))
    return folder


def keep(program: Program, name: str, box: tuple[int, int, int, int] | None = None) -> None:
    """What is on the screen now, or a part of it (left, top, right, bottom), as a small file."""
    picture = program.screen.picture().crop(box)
    small = picture.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG)
    small.save(PICTURES / f"{name}.png", optimize=True)


def run_action(program: Program, words: str) -> None:
    """By name, in the command palette."""
    program.key("ctrl+k")
    program.type(words)
    program.key("Return")
    time.sleep(0.4)


def generate(program: Program, prompt: str, count: int) -> None:
    """Types a prompt into the prompt panel, then Enter."""
    program.key("ctrl+p")
    program.key("ctrl+a")
    program.type(prompt)
    program.key("Return")
    program.wait_generations(count)
    time.sleep(0.6)


def trip(screen: Screen, folder: Path) -> None:
    """Window, lasso, candidates, outpaint."""
    program = Program(screen, home_with(folder), PICTURES)
    try:
        generate(program, "clear day, blue-green landscape of high peaks, pines, lake", 1)
        program.key("Return")
        program.key("b")
        program.drag([(MIDDLE[0] - 150 + 4 * i, MIDDLE[1] + 180 - i // 2) for i in range(50)])
        time.sleep(0.4)
        keep(program, "window")
        program.key("ctrl+z", "l")
        program.drag([(MIDDLE[0] + dx, MIDDLE[1] + dy) for dx, dy in (
            (-60, 60), (-40, 20), (10, 5), (70, 20), (95, 60), (70, 105), (0, 115), (-50, 95), (-60, 60))])  # fmt: skip
        program.type("a fishing boat, water")
        time.sleep(0.3)
        keep(program, "lasso")
        program.key("Return")
        program.wait_generations(2)
        time.sleep(0.6)
        keep(program, "candidates")
        program.key("Return", "ctrl+d", "c")
        program.drag([MIDDLE, (MIDDLE[0] + 100, MIDDLE[1]), (MIDDLE[0] + 256, MIDDLE[1])])
        generate(program, "water, far mountains, sailing boat", 3)
        program.key("Return", "b", "ctrl+0")
        time.sleep(0.6)
        keep(program, "outpaint")
    finally:
        program.close()


def scroll_file(folder: Path) -> Path:
    """A painted scroll as a project file."""
    folder.mkdir(parents=True, exist_ok=True)
    application = ensure_qt()

    async def paint() -> Path:
        session = await painted_session(SCROLL_SEED, folder)
        session.document.set_frame(SCROLL_FRAME)
        await session.save_as(folder / "scroll.scroll")
        await session.close()
        return session.path

    try:
        return asyncio.run(paint())
    finally:
        del application


def history(screen: Screen, folder: Path) -> None:
    """The history as a tree with a comparison on the canvas; the export dialog."""
    path = scroll_file(folder)
    program = Program(screen, home_with(folder), PICTURES, [path])
    try:
        program.key("ctrl+shift+0")
        for number, mood in enumerate(("night, full moon", "snow", "dusk, autumn", "rain, mist")):
            generate(program, f"{mood}, mountains, water", number + 1)
            program.key("Escape")
        run_action(program, "History as a Tree")
        program.drag([(1126, 566), (1126, 600), (1126, 790)])
        keep(program, "history")
    finally:
        program.close()


def chinese(screen: Screen, folder: Path) -> None:
    """The light theme in Chinese."""
    program = Program(screen, home_with(folder, theme="light", language="zh_CN"), PICTURES)
    try:
        generate(program, "黄昏，远山，松树，江", 1)
        keep(program, "chinese")
    finally:
        program.close()


SHOWS: dict[str, Callable[[Screen, Path], None]] = {"trip": trip, "history": history, "chinese": chinese}


def main() -> None:
    """All pictures, or those that are asked for."""
    screen = Screen()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name in sys.argv[1:] or SHOWS:
                SHOWS[name](screen, Path(folder) / name)
    finally:
        screen.close()
        (PICTURES / "program.log").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
