"""Large pictures: seams between windows, what two passes cost: `python -m tests.benchmarks.bench_large [--json]`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import GenerationRequest, Pixels, Task
from pipelines.library.families import defaults_of
from pipelines.planning.passes import plan_passes
from pipelines.planning.sizes import limits_of
from tests.benchmarks.rows import Row, report

_STARTER = Path(__file__).resolve().parents[2] / "resources" / "starter"
_SIDES = (1024, 640)
"""Of the large picture, pixels."""
_STEPS = 10
_PROMPT = "autumn, mountains, river, pine trees"


def seam_ratio(patch: Pixels, family: str) -> float:
    """Mean step across the borders of the last pass's windows against the step across other lines (1 = no seam).

    `patch` (h, w, 4) was painted at its own size by a model of that family in several passes.
    """
    info = ModelInfo("m", "M", "m", ModelKind.DIFFUSERS, Family(family), defaults=defaults_of(Family(family)))
    height, width = patch.shape[:2]
    last = plan_passes(width, height, None, limits_of(info), 1.0)[-1]
    rgb = patch[..., :3].astype(np.float32)
    at_borders: list[float] = []
    elsewhere: list[float] = []
    for axis, length, edges in (
        (1, width, {edge for window in last.windows for edge in (window.left, window.right)}),
        (0, height, {edge for window in last.windows for edge in (window.top, window.bottom)}),
    ):
        steps = np.abs(np.diff(rgb, axis=axis)).mean(axis=(1 - axis, 2))
        borders = {edge - 1 for edge in edges if 0 < edge < length}
        lines = set(range(16, length - 17))
        near = {line + away for line in borders for away in range(-24, 25)}
        at_borders += [float(steps[line]) for line in borders]
        elsewhere += [float(steps[line]) for line in (near & lines) - borders]
    return float(np.mean(at_borders) / np.mean(elsewhere))


def measure() -> list[Row]:
    """Seams and cost of a picture painted in two passes by the starter; about a minute."""
    from tests.benchmarks.bench_edits import PaintingEngine

    naive = _naive_seconds()  # first: two threads must not import diffusers at once
    engine = PaintingEngine()
    try:
        engine.paint(_request(256, 256))  # loads
        start = time.process_time()
        painted = engine.paint(_request(*_SIDES))
        seconds = time.process_time() - start
    finally:
        engine.close()
    size = f"starter, {_SIDES[0]} x {_SIDES[1]}"
    return [
        Row("large: step across window borders", seam_ratio(painted, "starter"), "ratio", 1.15, f"{size}; 1 = no seam"),
        Row("large: two passes / bare call", seconds / naive, "ratio", None, f"{size}, {_STEPS} steps, CPU seconds"),
    ]


def _request(width: int, height: int) -> GenerationRequest:
    return GenerationRequest(
        task=Task.TEXT_TO_IMAGE,
        model="starter",
        prompt=_PROMPT,
        num_inference_steps=_STEPS,
        guidance_scale=2.0,
        seed=4,
        width=width,
        height=height,
    )


def _naive_seconds() -> float:
    import torch
    from diffusers import DiffusionPipeline

    from pipelines.engine.memory import choose_device

    pipe: Any = DiffusionPipeline.from_pretrained(str(_STARTER), dtype=choose_device().dtype, safety_checker=None)
    pipe.set_progress_bar_config(disable=True)
    start = time.process_time()
    pipe(
        _PROMPT,
        width=_SIDES[0],
        height=_SIDES[1],
        num_inference_steps=_STEPS,
        guidance_scale=2.0,
        generator=torch.Generator("cpu").manual_seed(4),
    )
    return time.process_time() - start


if __name__ == "__main__":
    report(__doc__ or "", measure)
