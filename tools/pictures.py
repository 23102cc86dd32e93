"""Makes the README's pictures from the real program: `python -m tools.pictures` (needs Xvfb and xdotool).

A window on a virtual screen, driven by keys and pointer; what is painted comes from the starter model with fixed seeds.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from tests.e2e.program import SCREEN, Program, Screen

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
MIDDLE = (SCREEN[0] // 2 - 134, SCREEN[1] // 2)
"""Middle of the canvas between tool bar and panels."""


def home_with(folder: Path, **preferences: object) -> Path:
    """A fresh home whose settings say this."""
    config = folder / "config"
    config.mkdir(parents=True)
    form = {"seed": 7, "random_seed": False, "num_images_per_prompt": 3, "model": "starter"}
    settings = {"preferences": {"show_welcome": False, **preferences}, "remembered": {"form": form}}
    (config / "settings.json").write_text(json.dumps(settings))
    return folder


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
        program.shot("window")
        program.key("ctrl+z", "l")
        program.drag([(MIDDLE[0] + dx, MIDDLE[1] + dy) for dx, dy in (
            (-60, 60), (-40, 20), (10, 5), (70, 20), (95, 60), (70, 105), (0, 115), (-50, 95), (-60, 60))])  # fmt: skip
        program.type("a fishing boat, water")
        time.sleep(0.3)
        program.shot("lasso")
        program.key("Return")
        program.wait_generations(2)
        time.sleep(0.6)
        program.shot("candidates")
        program.key("Return", "ctrl+d", "c")
        program.drag([MIDDLE, (MIDDLE[0] + 100, MIDDLE[1]), (MIDDLE[0] + 256, MIDDLE[1])])
        generate(program, "water, far mountains, sailing boat", 3)
        program.key("Return", "b", "ctrl+0")
        time.sleep(0.6)
        program.shot("outpaint")
    finally:
        program.close()


def chinese(screen: Screen, folder: Path) -> None:
    """The light theme in Chinese."""
    program = Program(screen, home_with(folder, theme="light", language="zh_CN"), PICTURES)
    try:
        generate(program, "黄昏，远山，松树，江", 1)
        program.shot("chinese")
    finally:
        program.close()


def main() -> None:
    """All pictures."""
    screen = Screen()
    try:
        with tempfile.TemporaryDirectory() as folder:
            trip(screen, Path(folder) / "trip")
            chinese(screen, Path(folder) / "chinese")
    finally:
        screen.close()
        (PICTURES / "program.log").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
