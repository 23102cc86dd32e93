"""Damaged files open as far as they can be read, say what is missing, and are never written to."""

import random
import time
from collections import Counter
from pathlib import Path

import pytest

from canvas.project.project import Project
from tests.canvas.project.mutants import judge, looks_of, mutate, painting, tiles_of

SECONDS = 5
MUTANTS = 560


@pytest.fixture
def whole(qapp, tmp_path) -> Path:
    path = tmp_path / "whole.scroll"
    painting(path)
    return path


def try_mutants(whole: Path, seed: int, count: int) -> Counter[str]:
    project = Project.open(whole)
    original, layers = tiles_of(project.document), looks_of(project.document)
    project.abandon()
    data, rng = whole.read_bytes(), random.Random(seed)
    outcomes: Counter[str] = Counter()
    for number in range(count):
        kind, broken = mutate(data, rng)
        path = whole.with_name(f"{number}.scroll")
        path.write_bytes(broken)
        began = time.monotonic()
        try:
            outcomes[judge(path, original, layers)] += 1
        except AssertionError as error:
            raise AssertionError(f"mutant {number} of seed {seed} ({kind}): {error}") from error
        assert time.monotonic() - began < SECONDS, f"mutant {number} of seed {seed} ({kind})"
        for left in whole.parent.glob(f"{number}*"):
            left.unlink()
    return outcomes


def test_some_mutants(whole):
    assert sum(try_mutants(whole, 7, 25).values()) == 25


@pytest.mark.slow
def test_many_mutants(whole):
    outcomes = try_mutants(whole, 20261121, MUTANTS)
    assert sum(outcomes.values()) == MUTANTS
    assert outcomes["refused"] < MUTANTS * 0.1
    assert outcomes["rescued"] > MUTANTS * 0.1
