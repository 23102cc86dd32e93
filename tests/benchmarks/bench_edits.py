"""What repainting a part costs the rest: `python -m tests.benchmarks.bench_edits [--set held-out] [--json]`.

Fixed seeds, pictures no model was trained on, the starter model; the same cases through the engine and every other one
through a plain diffusers inpaint call. What each figure means stands in `edit_measures.py`, what it is measured on in
`edit_cases.py`: the algorithm's numbers were chosen on the set "tuned", nothing was ever chosen on the set "held-out".
`HANDSCROLL_EDITS_DIR` names a folder for before, after and plain beside each other as PNG files.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.contract.events import TERMINAL, EngineEvent, Finished
from pipelines.contract.request import Fill, GenerationRequest, Task
from pipelines.library.registry import Library
from pipelines.planning.context import bounds_of
from pipelines.planning.masks import Rim, rim_for
from tests.benchmarks import bench_large
from tests.benchmarks.edit_cases import SIDE, Case, Picture, case_sets, cases
from tests.benchmarks.edit_measures import colour_step, delta_e, keep_out, lab, seam
from tests.benchmarks.rows import Row, emit, median

STEPS = 8
PROMPT = "mountains, water"
_PASSES = 20
_PLAIN_EVERY = 2
"""Every so many-th case is painted by plain diffusers, too."""
_EDGE = 12
"""Pixels beside empty canvas that are not looked at: there is no picture on their other side."""


@dataclass
class Figures:
    """One list per measure, one figure per case."""

    keep_out: list[int] = field(default_factory=list)
    seams: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    """Colour steps added, of the weak cases."""
    raw_steps: list[float] = field(default_factory=list)
    own_steps: list[float] = field(default_factory=list)
    """Colour steps of the original at the same places."""

    def add(self, case: Case, result: Picture, inside: NDArray[np.bool_], untouched: NDArray[np.bool_]) -> None:
        """Measures one result."""
        looked_at = cv2.erode(case.painted.astype(np.uint8), np.ones((_EDGE, _EDGE))) > 0
        self.keep_out.append(keep_out(result, case.picture, untouched))
        self.seams.append(seam(result, inside, looked_at))
        if case.strength <= 0.3:
            step = colour_step(result, case.picture, inside, looked_at)
            self.steps.append(step.added)
            self.raw_steps.append(step.result)
            self.own_steps.append(step.original)


class PaintingEngine:
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


def request_for(case: Case, prompt: str = PROMPT) -> GenerationRequest:
    """The request that the window would make of a case."""
    selected = bounds_of(case.mask)
    assert selected is not None
    rim = rim_for(float(np.hypot(selected.width, selected.height)), case.strength) if case.feathered else Rim(0, 0, 0)
    return GenerationRequest(
        task=Task.INPAINT, model="starter", prompt=prompt, num_inference_steps=STEPS, guidance_scale=2.0,
        strength=case.strength, seed=case.seed, width=SIDE, height=SIDE, mask=case.mask,
        mask_grow=rim.grow, mask_feather=rim.feather, mask_blend=rim.blend,
        fill=Fill.BLUR if case.strength == 1.0 else Fill.ORIGINAL,
        image=np.dstack([case.picture, case.painted.astype(np.uint8) * 255]),
    )  # fmt: skip


def paste(picture: Picture, patch: Picture) -> Picture:
    """The patch over the picture."""
    alpha = patch[..., 3:].astype(np.float32) / 255
    return np.rint(picture * (1 - alpha) + patch[..., :3] * alpha).astype(np.uint8)


def plain_inpainting() -> Callable[[Case], Picture]:
    """Plain diffusers on the same model."""
    import torch
    from diffusers import StableDiffusionInpaintPipeline
    from PIL import Image

    folder = Path(__file__).resolve().parents[2] / "resources" / "starter"
    pipe: Any = StableDiffusionInpaintPipeline.from_pretrained(
        folder, torch_dtype=torch.float32, safety_checker=None, local_files_only=True
    )
    pipe.set_progress_bar_config(disable=True)

    def paint(case: Case) -> Picture:
        output = pipe(
            PROMPT, image=Image.fromarray(case.picture), mask_image=Image.fromarray(case.mask),
            width=SIDE, height=SIDE, num_inference_steps=STEPS, strength=case.strength, guidance_scale=2.0,
            generator=torch.Generator().manual_seed(case.seed), output_type="np",
        )  # fmt: skip
        return np.rint(output.images[0] * 255).astype(np.uint8)

    return paint


def measure(name: str = "tuned") -> Sequence[Row]:
    """The rows of a set of cases; with "tuned" those of drift and of large pictures, too."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is imported: two threads on a busy machine only wait
    began = time.process_time()
    plain = plain_inpainting()  # first: two threads must not import diffusers at once
    engine, ours, theirs = PaintingEngine(), Figures(), Figures()
    try:
        for place, case in enumerate(cases(name)):
            patch = engine.paint(request_for(case))
            result = paste(case.picture, patch)
            ours.add(case, result, patch[..., 3] > 127, patch[..., 3] == 0)
            other = plain(case) if place % _PLAIN_EVERY == 0 else None
            if other is not None:
                theirs.add(case, other, case.mask > 127, patch[..., 3] == 0)
            _show(case, patch, result, other)
        drift = _drift(engine) if name == "tuned" else []
    finally:
        engine.close()
    rows = [*_rows(name, ours, theirs), *drift, *(bench_large.measure() if name == "tuned" else ())]
    return [*rows, Row(f"{name}: all of this", time.process_time() - began, "CPU s")]


def _rows(name: str, ours: Figures, theirs: Figures) -> list[Row]:
    worst = f"{len(ours.seams)} cases; worst channel anywhere outside the patch; plain {max(theirs.keep_out)}"
    plainly = f"plain diffusers inpaint, {len(theirs.seams)} of the cases,"
    seams, plain = np.array(ours.seams), np.array(theirs.seams)
    seams, plain = seams[~np.isnan(seams)], plain[~np.isnan(plain)]
    raw = f"{len(ours.steps)} cases; in the result {median(ours.raw_steps):.2f}, original {median(ours.own_steps):.2f}"
    return [
        Row(f"{name}: change outside the patch, worst", max(ours.keep_out), "level", 0, worst),
        Row(f"{name}: seam, median", float(np.median(seams)), "ratio", 1.15, f"{plainly} {np.median(plain):.2f}"),
        Row(f"{name}: seam, 95th percentile", float(np.percentile(seams, 95)), "ratio", 1.5,
            f"{plainly} {np.percentile(plain, 95):.2f}"),
        Row(f"{name}: colour step added, strength 0.3, median", median(ours.steps), "dE2000", 1.0,
            f"{raw}; plain {median(theirs.steps):.2f}"),
        Row(f"{name}: colour step added, strength 0.3, worst", max(ours.steps), "dE2000", None,
            f"{plainly} {max(theirs.steps):.2f}"),
    ]  # fmt: skip


def _drift(engine: PaintingEngine) -> list[Row]:
    """Twenty passes in the same neighbourhood of a flat grey field, each from what the one before has left."""
    grey = np.full((SIDE, SIDE, 3), 128, np.uint8)
    now, touched = grey, np.zeros((SIDE, SIDE), bool)
    outside = 0
    for number in range(_PASSES):
        mask = np.zeros((SIDE, SIDE), np.uint8)
        left, top = 78 + 7 * (number % 5), 80 + 9 * (number % 3)
        mask[top : top + 70, left : left + 70] = 255
        case = Case("drift", now, mask, np.ones_like(touched), 0.2, 100 + number)
        patch = engine.paint(request_for(case, prompt=""))
        result = paste(now, patch)
        outside = max(outside, keep_out(result, now, patch[..., 3] == 0))
        now, touched = result, touched | (patch[..., 3] > 0)
    apart = delta_e(lab(now), lab(grey))[touched]
    note = f"{_PASSES} passes, strength 0.2, no words; worst pixel {apart.max():.2f}"
    return [
        Row("drift outside, 20 passes", outside, "level", 0, "each pass against the one before"),
        Row("drift inside, 20 passes, mean", float(apart.mean()), "dE2000", 2.0, note),
    ]


def _show(case: Case, patch: Picture, result: Picture, plain: Picture | None) -> None:
    folder = os.environ.get("HANDSCROLL_EDITS_DIR")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    rgb = case.picture.copy()
    rgb[~case.painted] = (238, 234, 224)
    after = np.where(case.painted[..., None] | (patch[..., 3:] > 0), result, rgb)
    shown = [rgb, np.dstack([case.mask] * 3), np.dstack([patch[..., 3]] * 3), after.astype(np.uint8)]
    shown += [] if plain is None else [plain]
    cv2.imwrite(str(Path(folder) / f"{case.name}.png"), cv2.cvtColor(np.hstack(shown), cv2.COLOR_RGB2BGR))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--set", choices=tuple(case_sets()), default="tuned", help="which pictures, masks and seeds")
    wanted = parser.parse_args()
    emit(measure(wanted.set), wanted.json)


if __name__ == "__main__":
    main()
