"""kill -9 at random moments: the file is whole, nothing promised is missing, at most two seconds are lost."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from canvas.project.project import Project

ROUNDS = 15


def run_and_kill(path: Path, seconds: float) -> tuple[list[tuple[str, int, float]], float]:
    """What the painter said, and when it was killed."""
    command = [sys.executable, "-m", "tests.canvas.project.painter_to_be_killed", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as painter:
        assert painter.stdout is not None
        said = [painter.stdout.readline()]
        time.sleep(seconds)
        killed_at = time.time()
        painter.send_signal(signal.SIGKILL)
        said += painter.stdout.readlines()
    whole = [line.split() for line in said if line.endswith("\n")]
    return [(word, int(number), float(moment)) for word, number, moment in whole], killed_at


@pytest.mark.slow
def test_killed_while_painting(qapp, tmp_path):
    path = tmp_path / "a.scroll"
    rng = random.Random(20261121)
    promised: set[int] = set()
    for _ in range(ROUNDS):
        said, killed_at = run_and_kill(path, rng.uniform(0.05, 1.2))
        promised |= {number for word, number, _ in said if word == "stored"}
        due = max((number for word, number, at in said if word == "painted" and at < killed_at - 2), default=0)
        look_inside(path, promised, due)


def look_inside(path: Path, promised: set[int], due: int) -> None:
    """Checks a copy, so that the next round meets the file as the kill left it."""
    copy = path.with_name("copy.scroll")
    for end in ("", "-wal"):
        if Path(f"{path}{end}").exists():
            shutil.copy(f"{path}{end}", f"{copy}{end}")
    project = Project.open(copy)
    document = project.document
    stored = {int(record.id[1:]) for record in document.generations.records}
    assert promised <= stored
    for record in document.generations.records[-3:]:
        assert (document.generations.blobs.get(record.candidates[0])[0, 0, 1]) == int(record.id[1:]) % 256
    pixels = to_rgba(next(document.tree.paint_layers()).surface.read(Bounds(0, 0, 1280, 1280)))
    numbers = np.unique(pixels[..., 0].astype(int) * 256 + pixels[..., 1])
    assert len(numbers) == 1  # all 25 tiles are of one stroke
    assert numbers[0] >= due
    mask = next(document.tree.paint_layers()).mask
    covered = to_rgba(mask.surface.read(Bounds(0, 0, 1, 1)))[0, 0, 3] if mask is not None else 0
    assert covered == (numbers[0] % 255 + 1 if numbers[0] else 0)  # one step, one commit
    assert not project.complaints
    project.close()
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    copy.unlink()
