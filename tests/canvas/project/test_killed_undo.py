"""kill -9 at random moments: the undo list that is found always fits the pixels that are found."""

import random
import shutil
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from canvas.project.project import Project
from tests.canvas.project.undoer_to_be_killed import STEPS, state

ROUNDS = 12


def run_and_kill(path: Path, seed: int, seconds: float) -> list[list[str]]:
    """What the child said."""
    command = [sys.executable, "-m", "tests.canvas.project.undoer_to_be_killed", str(path), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [child.stdout.readline()]
        time.sleep(seconds)
        assert child.poll() is None, "it died by itself"
        child.send_signal(signal.SIGKILL)
        said += child.stdout.readlines()
    return [line.split() for line in said if line.endswith("\n")]


def copy_of(path: Path) -> Path:
    """So that the next round meets the file as the kill left it."""
    copy = path.with_name("copy.scroll")
    for end in ("", "-wal"):
        Path(f"{copy}{end}").unlink(missing_ok=True)
        if Path(f"{path}{end}").exists():
            shutil.copy(f"{path}{end}", f"{copy}{end}")
    return copy


@pytest.mark.slow
def test_the_undo_list_fits_the_painting_whenever_it_is_killed(qapp, tmp_path):
    path, dice = tmp_path / "a.scroll", random.Random(20261121)
    known: set[tuple[str, str]] = set()
    undone = redone = 0
    for seed in range(ROUNDS):
        said = run_and_kill(path, seed, dice.uniform(0.05, 1.6))
        known |= {(line[1], line[2]) for line in said if line[0] == "step"}
        known |= {(after, before) for before, after in known}
        states = {one for pair in known for one in pair} | {said[0][1]}
        project = Project.open(copy_of(path))
        document = project.document
        assert not project.complaints
        assert document.history.steps_done + len(document.history.redo_names) <= STEPS
        present = state(document)
        told = said[-1][0] != "begin"  # else it may have been killed between a step and saying so
        assert present in states or not told
        last_kept = max((place for place, line in enumerate(said) if line[0] == "kept"), default=None)
        if last_kept is not None:
            later = {line[2] for line in said[last_kept:] if line[0] == "step"}
            assert present in later | {said[last_kept][1]} or not told
        back, names = [present], document.history.names
        while document.undo() is not None:
            undone += 1
            back.append(state(document))
        forward = [state(document)]
        while document.redo() is not None:
            redone += 1
            forward.append(state(document))
        for one, other in pairwise(forward):
            assert one == other or (one, other) in known or (not told and present in (one, other))
        assert forward[: len(back)] == back[::-1]
        assert document.history.names[: len(names)] == names
        assert not project.complaints
        project.close()
    assert undone > 20
    assert redone > undone
