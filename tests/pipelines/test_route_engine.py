"""A route painted by the starter itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.benchmarks import bench_route
from tests.benchmarks.bench_edits import PaintingEngine

pytestmark = pytest.mark.slow


def test_windows_join_without_a_seam_and_keep_their_tone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_route, "SETTINGS", replace(bench_route.SETTINGS, num_inference_steps=8))
    engine = PaintingEngine()
    try:
        made = bench_route.paint(engine, bench_route.routes()["right"], limit=4)
    finally:
        engine.close()
    assert len(made.added) == 4
    assert made.canvas.at(made.boxes[-1])[20:260, :250, 3].min() == 255
    assert float(np.median(bench_route.seams(made))) < 1.2
    assert max(bench_route.drifts(made)) < 6.0
    first = made.canvas.at(made.boxes[0])[:, :140]
    assert first[..., :3].std() > 2  # something is painted
