"""What repainting a part costs the rest: `python -m tests.benchmarks.bench_edits [--json]`.

Fixed seeds, pictures the model was not trained on, the same cases through the engine and through a plain diffusers
inpaint call. Keep-out is the largest change outside the composite mask; the seam is the gradient energy on the rim
against lines 8 px inside and outside it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from queue import Queue
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.contract.events import TERMINAL, EngineEvent, Finished
from pipelines.contract.request import Fill, GenerationRequest, Task
from pipelines.library.registry import Library
from tests.benchmarks.rows import Row, median, report

SIDE = 256
STEPS = 8
Picture = NDArray[np.uint8]


def pictures() -> dict[str, Picture]:
    """RGB (256, 256, 3): a lit sphere, a gradient, noise, line art, a flat field."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    distance = np.hypot(x - 110, y - 120)
    sphere = np.where(distance[..., None] < 80, np.stack([240 - distance * 2, 150 - distance, distance], -1), 170)
    gradient = np.stack([x, y, 255 - x], -1)
    noise = cv2.GaussianBlur(np.random.default_rng(5).normal(128, 90, (SIDE, SIDE, 3)), (0, 0), 2) * 1.0
    lines = np.full((SIDE, SIDE, 3), 245, np.uint8)
    for i in range(0, SIDE, 24):
        cv2.line(lines, (i, 0), (SIDE - i, SIDE), (30, 30, 40), 2, cv2.LINE_AA)
    flat = np.full((SIDE, SIDE, 3), 128.0)
    named = {"sphere": sphere, "gradient": gradient, "noise": noise, "lines": lines, "flat": flat}
    return {name: np.clip(values, 0, 255).astype(np.uint8) for name, values in named.items()}


def masks() -> dict[str, Picture]:
    """Coverage (256, 256): a lasso blob and a box."""
    blob, box = np.zeros((SIDE, SIDE), np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    points = np.array([[90, 70], [170, 60], [200, 130], [160, 190], [80, 180], [60, 120]])
    cv2.fillPoly(blob, [points], 255, cv2.LINE_AA)
    box[80:180, 70:190] = 255
    return {"blob": blob, "box": box}


def seam(result: Picture, mask: Picture) -> float:
    """Gradient energy on the rim over that of the parallel lines 8 px inside and outside."""
    grey = cv2.cvtColor(result, cv2.COLOR_RGB2GRAY).astype(np.float32)
    energy = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    inside = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 5)
    outside = cv2.distanceTransform((mask <= 127).astype(np.uint8), cv2.DIST_L2, 5)
    signed = inside - outside
    rim = energy[np.abs(signed) <= 1.5].mean()
    beside = np.concatenate([energy[np.abs(signed - 8) <= 1.5], energy[np.abs(signed + 8) <= 1.5]]).mean()
    return float((rim + 1.0) / (beside + 1.0))


class _Engine:
    """The engine in this process, one job at a time."""

    def __init__(self) -> None:
        from pipelines.engine.engine import Engine

        self._events: Queue[EngineEvent] = Queue()
        self._engine = Engine(self._events.put, Library())
        self._count = 0

    def paint(self, request: GenerationRequest) -> Picture:
        """The one patch of a request."""
        self._count += 1
        self._engine.submit(str(self._count), request)
        while not isinstance(event := self._events.get(), TERMINAL):
            pass
        if not isinstance(event, Finished):
            raise SystemExit(f"A case failed: {event}")
        return event.patches[0]

    def close(self) -> None:
        self._engine.close()


def _paste(picture: Picture, patch: Picture) -> Picture:
    alpha = patch[..., 3:].astype(np.float32) / 255
    return np.rint(picture * (1 - alpha) + patch[..., :3] * alpha).astype(np.uint8)


def _plain() -> Any:
    import torch
    from diffusers import StableDiffusionInpaintPipeline

    folder = Path(__file__).resolve().parents[2] / "resources" / "starter"
    pipe = StableDiffusionInpaintPipeline.from_pretrained(
        folder, torch_dtype=torch.float32, safety_checker=None, local_files_only=True
    )
    pipe.set_progress_bar_config(disable=True)
    return pipe


def _plain_case(pipe: Any, picture: Picture, mask: Picture, seed: int) -> Picture:
    import torch
    from PIL import Image

    output = pipe(
        "mountains, water", image=Image.fromarray(picture), mask_image=Image.fromarray(mask), width=SIDE, height=SIDE,
        num_inference_steps=STEPS, guidance_scale=2.0, generator=torch.Generator().manual_seed(seed), output_type="np",
    )  # fmt: skip
    return np.rint(output.images[0] * 255).astype(np.uint8)


def measure() -> Sequence[Row]:
    """All rows; about a minute."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is imported: two threads on a busy machine only wait
    pipe = _plain()  # first: two threads must not import diffusers at once
    engine = _Engine()
    keep_out, plain_out, ours, theirs = [], [], [], []
    try:
        for seed, (picture, mask) in enumerate((p, m) for p in pictures().values() for m in masks().values()):
            request = GenerationRequest(
                task=Task.INPAINT, model="starter", prompt="mountains, water", num_inference_steps=STEPS,
                guidance_scale=2.0, seed=seed, width=SIDE, height=SIDE, mask=mask, fill=Fill.BLUR,
                image=np.dstack([picture, np.full((SIDE, SIDE), 255, np.uint8)]),
            )  # fmt: skip
            patch = engine.paint(request)
            result, outside = _paste(picture, patch), patch[..., 3] == 0
            keep_out.append(int(np.abs(result.astype(int) - picture)[outside].max()))
            ours.append(seam(result, mask))
            plain = _plain_case(pipe, picture, mask, seed)
            plain_out.append(int(np.abs(plain.astype(int) - picture)[outside].max()))
            theirs.append(seam(plain, mask))
    finally:
        engine.close()
    count = len(ours)
    return [
        Row("change outside the mask, worst", max(keep_out), "level", 0, f"{count} cases; plain {max(plain_out)}"),
        Row("seam, median", median(ours), "ratio", 1.15, f"plain diffusers inpaint {median(theirs):.2f}"),
        Row("seam, 95th percentile", float(np.percentile(ours, 95)), "ratio", 1.5,
            f"plain diffusers inpaint {np.percentile(theirs, 95):.2f}"),
    ]  # fmt: skip


if __name__ == "__main__":
    report(__doc__ or "", measure)
