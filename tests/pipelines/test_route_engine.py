"""A route painted by the starter itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.benchmarks import bench_route
from tests.benchmarks.bench_edits import PaintingEngine

pytestmark = pytest.mark.slow


def test_windows_join_without_a_seam_and_keep_their_tone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One join says little: a ridge that begins there is a line, too. Six seeds have eighteen."""
    monkeypatch.setattr(bench_route, "SETTINGS", replace(bench_route.SETTINGS, num_inference_steps=8))
    route = bench_route.routes()["right"]
    joins: list[float] = []
    engine = PaintingEngine()
    try:
        for seed in range(route.seed, route.seed + 6):
            made = bench_route.paint(engine, replace(route, seed=seed), limit=4)
            assert len(made.added) == 4
            assert made.canvas.at(made.boxes[-1])[20:260, :250, 3].min() == 255
            assert max(bench_route.drifts(made)) < bench_route.DRIFT_LIMIT
            first = made.canvas.at(made.boxes[0])[:, :140]
            assert first[..., :3].std() > 2  # something is painted
            joins += bench_route.seams(made)
    finally:
        engine.close()
    assert len(joins) == 18
    assert float(np.median(joins)) < bench_route.SEAM_LIMIT, joins
