"""kill -9 at random moments: the file is whole, nothing promised is missing, at most two seconds are lost."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from canvas.project.project import Project
from tests.canvas.project.painter_to_be_killed import SIDE, chosen

KILLS = int(os.environ.get("HANDSCROLL_TEST_KILLS", "60"))
"""For a longer look: HANDSCROLL_TEST_KILLS=200."""
Said = list[tuple[str, int, float]]


class Killer:
    """The warm process that forks painters and kills them."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.canvas.project.painter_to_be_killed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def run_and_kill(self, path: Path, seconds: float) -> tuple[Said, float]:
        """What the painter said, and when it was killed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{path} {seconds}\n")
        self.process.stdin.flush()
        said: Said = []
        for line in self.process.stdout:
            word, *rest = line.split()
            assert word != "failed", line
            if word == "killed":
                return said, float(rest[1])
            said.append((word, int(rest[0]), float(rest[1])))
        raise AssertionError("the killer died")

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


@pytest.fixture
def killer() -> Iterator[Killer]:
    made = Killer()
    yield made
    made.close()


@pytest.mark.slow
def test_killed_while_painting(qapp, tmp_path, killer):
    path = tmp_path / "a.scroll"
    rng = random.Random(20261121)
    promised: set[int] = set()
    seconds, strokes = [rng.uniform(0.02, 0.4) for _ in range(KILLS)], 0
    for number, moment in enumerate([1.5, *seconds]):
        if number % 40 == 0:  # a file of its own now and then: the beginning of a file may be hit, too
            path, promised = tmp_path / f"{number}.scroll", set()
            moment = 1.5
        said, killed_at = killer.run_and_kill(path, moment)
        promised |= {made for word, made, _ in said if word == "stored"}
        strokes += sum(word == "painted" for word, _, _ in said)
        due = max((made for word, made, at in said if word == "painted" and at < killed_at - 2), default=0)
        look_inside(path, promised, due)
    assert strokes > KILLS


def look_inside(path: Path, promised: set[int], due: int) -> None:
    """Checks a copy, so that the next round meets the file as the kill left it."""
    copy = path.with_name("copy.scroll")
    for end in ("", "-wal"):
        if Path(f"{path}{end}").exists():
            shutil.copy(f"{path}{end}", f"{copy}{end}")
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    stored = {int(row[0][1:]) for row in connection.execute("SELECT id FROM generation")}
    assert promised <= stored
    connection.close()
    project = Project.open(copy)
    document = project.document
    for made in sorted(stored)[-3:]:
        record = document.generations.get(f"r{made}")
        assert document.generations.blobs.get(record.candidates[0]).shape == (64, 64, 4)
        assert document.generations.blobs.get(record.inputs["image"])[0, 0, 1] == made % 256
    before = number_of(project)
    assert before >= due
    if document.history.can_undo:
        document.undo()
        number_of(project)
        document.redo()
        assert number_of(project) == before
    assert not project.complaints
    project.abandon()
    for end in ("", "-wal", "-shm"):
        Path(f"{copy}{end}").unlink(missing_ok=True)


def number_of(project: Project) -> int:
    """The stroke that pixels, mask and selection carry: one step, one commit."""
    document = project.document
    layer = next(document.tree.paint_layers(), None)
    if layer is None:
        return 0
    pixels = to_rgba(layer.surface.read(Bounds(0, 0, SIDE, SIDE)))
    numbers = np.unique(pixels[::16, ::16, 0].astype(int) * 256 + pixels[::16, ::16, 1])
    assert len(numbers) == 1  # all tiles are of one stroke
    mask = layer.mask
    covered = to_rgba(mask.surface.read(Bounds(0, 0, 1, 1)))[0, 0, 3] if mask is not None else 0
    assert covered == (numbers[0] % 255 + 1 if numbers[0] else 0)
    selected = document.selection.bounds
    assert selected.is_empty if not numbers[0] else selected == chosen(int(numbers[0]))
    return int(numbers[0])
