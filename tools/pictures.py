"""Makes the README's pictures from the real program: `python -m tools.pictures` (needs Xvfb and xdotool).

A window on a virtual screen, driven by keys and pointer; what is painted comes from the starter model with fixed seeds.
`python -m tools.pictures history` makes only some: window, trip, history, chinese, repainting, library. They have 256
colours. Those of docs/inpainting.md are made by `tools.repainting`, those of models, prompts and control layers by
`tools.library_pictures`; these have the window in their own process.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
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

SCROLL_SEED = 1
BIRDS = ((430, 250), (468, 232), (500, 258))
"""Where they are painted on the screen."""
EXPORT_DIALOG = (262, 116, 999, 605)
"""Where it stands on the screen."""


def home_with(folder: Path, strength: float = 0.6, **preferences: object) -> Path:
    """A fresh home whose settings say this."""
    config = folder / "config"
    config.mkdir(parents=True)
    form = {"seed": 7, "random_seed": False, "num_images_per_prompt": 3, "model": "starter", "strength": strength}
    settings = {"preferences": {"show_welcome": False, **preferences}, "remembered": {"form": form}}
    (config / "settings.json").write_text(json.dumps(settings))
    return folder


def keep(program: Program, name: str, box: tuple[int, int, int, int] | None = None) -> None:
    """What is on the screen now, or a part of it (left, top, right, bottom), as a small file."""
    picture = program.screen.picture().crop(box)
    colours = picture.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=3)
    small = picture.quantize(palette=colours, dither=Image.Dither.FLOYDSTEINBERG)
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


def scroll_file(folder: Path, frame: Bounds) -> Path:
    """A painted scroll as a project file."""
    folder.mkdir(parents=True, exist_ok=True)
    application = ensure_qt()

    async def paint() -> Path:
        session = await painted_session(SCROLL_SEED, folder / "before")
        session.document.set_frame(frame)
        await session.save_as(folder / "scroll.scroll")
        await session.close()
        return session.path

    try:
        return asyncio.run(paint())
    finally:
        del application


def window(screen: Screen, folder: Path) -> None:
    """The window with a painted scroll, in which somebody has just painted birds."""
    program = Program(screen, home_with(folder), PICTURES, [scroll_file(folder / "data", Bounds(1408, 0, 512, 512))])
    try:
        run_action(program, "Fit Frame")
        program.key("b", *["bracketleft"] * 15)
        for x, y in BIRDS:
            program.drag([(x - 14, y - 5), (x - 9, y - 8), (x - 4, y - 6), (x, y), (x + 4, y - 6), (x + 9, y - 8)])
        program.xdotool("mousemove", str(MIDDLE[0] + 40), str(MIDDLE[1] - 130))
        time.sleep(8)  # the engine has started
        keep(program, "window")
    finally:
        program.close()


def trip(screen: Screen, folder: Path) -> None:
    """Lasso and candidates."""
    program = Program(screen, home_with(folder), PICTURES)
    try:
        generate(program, "clear day, blue-green landscape of high peaks, pines, lake", 1)
        program.key("Return")
        program.key("l")
        on_the_lake = (
            (-60, 175), (-40, 135), (10, 120), (70, 135), (95, 175), (70, 220), (0, 230), (-50, 210), (-60, 175),
        )  # fmt: skip
        program.drag([(MIDDLE[0] + dx, MIDDLE[1] + dy) for dx, dy in on_the_lake])
        program.type("a fishing boat, water")
        time.sleep(1.5)
        keep(program, "lasso")
        program.key("Return")
        program.wait_generations(2)
        time.sleep(1.5)
        keep(program, "candidates")
    finally:
        program.close()


def history(screen: Screen, folder: Path) -> None:
    """The history as a tree with a comparison on the canvas; the export dialog."""
    path = scroll_file(folder / "data", Bounds(640, 0, 512, 512))
    program = Program(screen, home_with(folder, strength=0.3), PICTURES, [path])
    try:
        run_action(program, "Fit Frame")
        for number, mood in enumerate(("mist", "snow", "night, full moon", "dusk, autumn")):
            generate(program, f"{mood}, mountains, water, boats", number + 1)
            program.key("Escape" if number else "Return")  # the first is kept, the others grow from it
        program.key("ctrl+r")
        program.wait_generations(5)
        time.sleep(0.6)
        program.key("Escape", "ctrl+h")
        run_action(program, "History as a Tree")
        for panel in ("F7", "shift+F7", "F8", "ctrl+F6"):  # away: more room for the history
            program.key(panel)
        program.key("ctrl+alt+Down", "ctrl+alt+w")
        time.sleep(2)
        keep(program, "history")
        program.key("Escape", "ctrl+e")
        time.sleep(1.5)
        program.click(620, 470)
        program.key("ctrl+a")
        program.type("~/Pictures")
        time.sleep(1.5)
        keep(program, "export", EXPORT_DIALOG)
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


def repainting(screen: Screen, folder: Path) -> None:
    """Before and after, for docs/inpainting.md; on a screen of its own."""
    del screen, folder
    subprocess.run([sys.executable, "-m", "tools.repainting"], check=True)


def library(screen: Screen, folder: Path) -> None:
    """Models, prompts and control layers, for their pages; on a screen of its own."""
    del screen, folder
    subprocess.run([sys.executable, "-m", "tools.library_pictures"], check=True)


SHOWS: dict[str, Callable[[Screen, Path], None]] = {
    "window": window,
    "trip": trip,
    "history": history,
    "chinese": chinese,
    "repainting": repainting,
    "library": library,
}


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
