"""The whole trip with the real program, the real engine and a person's hands: paint, lasso, Enter, kept."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image, ImageDraw
from PySide6.QtGui import QColor

from canvas.compositor import Compositor
from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from canvas.project.project import Project
from tests.e2e.program import SCREEN, Program, Screen, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.window, pytest.mark.timeout(600)]

MIDDLE = (SCREEN[0] // 2, SCREEN[1] // 2)
EVERYTHING = Bounds(-600, -600, 2200, 1800)


def photo(path: Path) -> Path:
    """A picture with an orientation tag, drawn by code: a lit sphere over a checkered floor."""
    image = Image.new("RGB", (480, 320), "#88aacc")
    draw = ImageDraw.Draw(image)
    for row in range(5):
        for column in range(12):
            if (row + column) % 2:
                draw.rectangle((column * 40, 200 + row * 24, column * 40 + 39, 223 + row * 24), fill="#705540")
    for radius in range(90, 0, -2):
        shade = 255 - radius * 2
        draw.ellipse((240 - radius, 150 - radius, 240 + radius, 150 + radius), fill=(shade, shade // 2, 60))
    exif = image.getexif()
    exif[0x0112] = 1
    image.save(path, exif=exif)
    return path


def circle(centre: tuple[int, int], radius: int, steps: int = 40) -> list[tuple[int, int]]:
    angles = [2 * math.pi * i / steps for i in range(steps + 1)]
    return [(round(centre[0] + radius * math.cos(a)), round(centre[1] + radius * math.sin(a))) for a in angles]


def flattened(path: Path, folder: Path) -> np.ndarray:
    """The painting in a project file, from a copy, so that the running program keeps its own."""
    copy = folder / f"copy-{time.monotonic_ns()}.scroll"
    for suffix in ("", "-wal"):
        if path.with_name(path.name + suffix).exists():
            shutil.copy(path.with_name(path.name + suffix), copy.with_name(copy.name + suffix))
    project = Project.open(copy)
    compositor = Compositor(project.document, QColor("white"))
    try:
        return to_rgba(compositor.flatten(EVERYTHING))
    finally:
        compositor.close()
        project.close()


@pytest.fixture
def program(screen: Screen, tmp_path: Path, artefacts: Path, qapp) -> Iterator[Program]:
    shutil.rmtree(artefacts, ignore_errors=True)
    run = Program(screen, tmp_path, artefacts, [photo(tmp_path / "sphere.jpg")])
    yield run
    run.close()
    assert "Traceback" not in run.log, run.log


def settle(program: Program) -> None:
    """Autosave promises two seconds; the file is looked at after that."""
    time.sleep(2.2)
    assert program.process.poll() is None, program.log


def test_first_light(program: Program, screen: Screen, tmp_path: Path, artefacts: Path) -> None:
    wait_for(lambda: program.ask("select count(*) from tile")[0][0] > 0, 20, "the photo in the project file")
    program.key("Tab")  # canvas only: the canvas is the whole window
    program.key("ctrl+0")
    program.shot("1-photo")

    # paint
    program.key("b")
    program.drag([(MIDDLE[0] - 120 + 6 * i, MIDDLE[1] + round(30 * math.sin(i / 4))) for i in range(40)])
    settle(program)
    program.shot("2-stroke")
    before = flattened(program.project(), tmp_path)

    # lasso, type, Enter
    program.key("l")
    program.drag(circle(MIDDLE, 70))
    program.shot("3-lasso")
    program.type("a fishing boat")
    program.key("Return")
    program.wait_generations(1)
    time.sleep(0.5)
    program.shot("4-candidates")
    assert program.ask("select status, prompt from generation") == [("finished", "a fishing boat")]
    program.key("Right")
    program.key("Return")
    settle(program)
    program.shot("5-kept")
    after = flattened(program.project(), tmp_path)
    changed = (before != after).any(axis=2)
    assert changed.any()
    assert_keeps_out(program, changed)

    # the picture grows
    program.key("ctrl+shift+a")
    program.key("c")
    program.drag([MIDDLE, (MIDDLE[0] + 60, MIDDLE[1]), (MIDDLE[0] + 130, MIDDLE[1])])
    program.shot("6-frame")
    program.key("ctrl+Return")
    program.wait_generations(2)
    time.sleep(0.5)
    assert program.ask("select task from generation order by rowid")[1] == ("outpaint",)
    program.key("Return")
    settle(program)
    program.shot("7-grown")
    grown = flattened(program.project(), tmp_path)
    assert (grown[..., 3] > 0).sum() > (after[..., 3] > 0).sum() * 1.1

    # undo and redo over everything
    program.key("ctrl+z")
    settle(program)
    assert (flattened(program.project(), tmp_path) == after).all()
    program.key("ctrl+shift+z")
    settle(program)
    assert (flattened(program.project(), tmp_path) == grown).all()
    program.key("b")  # no frame handles on the screenshots that are compared
    program.key("ctrl+0")
    picture = program.shot("8-before-kill")

    # kill -9, and everything is there again
    path = program.project()
    log = program.ask("select id, status, prompt, seed from generation order by rowid")
    program.kill()
    again = Program(screen, tmp_path, artefacts)
    try:
        assert again.project() == path
        assert again.ask("select id, status, prompt, seed from generation order by rowid") == log
        again.key("Tab")
        again.key("F1")  # the card of the first start, beside which the picture stood
        again.key("b")
        again.key("ctrl+0")
        time.sleep(0.5)
        reopened = again.shot("9-reopened")
        assert (flattened(path, tmp_path) == grown).all()
        box = (MIDDLE[0] - 200, MIDDLE[1] - 120, MIDDLE[0] + 200, MIDDLE[1] + 120)
        difference = np.abs(np.asarray(picture.crop(box), int) - np.asarray(reopened.crop(box), int))
        assert np.median(difference) == 0
        assert again.quit() == 0
    finally:
        again.close()


def assert_keeps_out(program: Program, changed: np.ndarray) -> None:
    """Nothing outside the kept layer's own pixels is different."""
    inside = np.zeros_like(changed)
    (x, y, width, height) = program.ask("select x, y, width, height from generation")[0]
    inside[y - EVERYTHING.y : y - EVERYTHING.y + height, x - EVERYTHING.x : x - EVERYTHING.x + width] = True
    assert not (changed & ~inside).any()
    rows = np.flatnonzero(changed.any(axis=1))
    columns = np.flatnonzero(changed.any(axis=0))
    assert rows[-1] - rows[0] < height  # the context around the lasso stays as it was
    assert columns[-1] - columns[0] < width


def test_the_engine_may_die(program: Program) -> None:
    """kill -9 of the engine in the middle of a job: a sentence, the painting lives, the next job works."""
    program.key("Tab")
    program.key("ctrl+0")
    program.key("l")
    program.drag(circle(MIDDLE, 80))
    program.type("pines")
    program.key("Return")
    engine = wait_for(lambda: engine_of(program), 30, "the engine")[0]
    time.sleep(1.0)
    engine.kill()
    program.wait_generations(1, 30)
    program.shot("1-engine-died")
    assert program.ask("select status from generation") == [("failed",)]
    assert "engine" in program.ask("select sentence from generation")[0][0]
    program.key("ctrl+Return")
    program.wait_generations(2)
    program.shot("2-next-job")
    assert program.ask("select status from generation order by rowid")[1] == ("finished",)


def engine_of(program: Program) -> list[psutil.Process]:
    """The engine's process, once there is one."""
    children = psutil.Process(program.process.pid).children(recursive=True)
    return [child for child in children if "pipelines.worker" in " ".join(child.cmdline())]
