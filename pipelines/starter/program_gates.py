"""The same joins as in `joins.py`, made the way the program makes them: through its engine, with its masks and rims."""

from __future__ import annotations

from pathlib import Path
from queue import Queue
from typing import Any, Self

import numpy as np

from pipelines.contract.events import TERMINAL, EngineEvent, Finished
from pipelines.contract.request import Fill, GenerationRequest, Task
from pipelines.engine.engine import Engine
from pipelines.library.probe import STARTER_ID
from pipelines.library.registry import Library
from pipelines.planning.context import bounds_of
from pipelines.planning.masks import rim_for
from pipelines.starter.errors import StarterError
from pipelines.starter.gates import Gate, Picture
from pipelines.starter.joins import Joins, kept_over, lasso, prompt_of, step_across
from pipelines.starter.painter.scroll import FlatScroll, paint_flat
from pipelines.starter.sampling import GUIDANCE, STEPS
from pipelines.starter.shards import HELD_OUT_SEED

_SIDE, _STEP, _LENGTH = 256, 128, 640


class Painting:
    """The program's engine with a model folder as its starter; one job at a time. A context manager."""

    def __init__(self, folder: Path) -> None:
        self._events: Queue[EngineEvent] = Queue()
        self._engine = Engine(self._events.put, Library(starter=folder))
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.close()

    def patch(self, task: Task, rgba: Picture, mask: Picture, prompt: str, seed: int) -> Picture:
        """(h, w, 4) of the request that the window would make. Raises StarterError where the engine fails."""
        selected = bounds_of(mask)
        assert selected is not None  # noqa: S101 - every mask here holds something
        height, width = mask.shape
        whole = task is Task.OUTPAINT
        diagonal = np.hypot(width, height) if whole else np.hypot(selected.width, selected.height)
        rim = rim_for(float(diagonal), 1.0)
        request = GenerationRequest(
            task=task, model=STARTER_ID, prompt=prompt, num_inference_steps=STEPS, guidance_scale=GUIDANCE, seed=seed,
            strength=1.0, width=width, height=height, image=rgba, mask=mask, fill=Fill.BORDER if whole else Fill.BLUR,
            mask_grow=rim.grow, mask_feather=rim.feather, mask_blend=rim.blend,
        )  # fmt: skip
        self._count += 1
        self._engine.submit(str(self._count), request)
        while not isinstance(event := self._events.get(), TERMINAL):
            pass
        if not isinstance(event, Finished):
            raise StarterError(f"The engine could not paint a window: {event}")
        return event.patches[0]


def joins_in_program(folder: Path, count: int) -> list[Gate]:
    """Return the steps at the rims of repainted lassos and of outpainted windows, against the true pictures'."""
    with Painting(folder) as painting:
        rows = [_joins_of(painting, paint_flat(HELD_OUT_SEED + 50 + i, _LENGTH, _SIDE), i) for i in range(count)]
    return Joins.gathered(rows).gates("in the program")


def _joins_of(painting: Painting, scroll: FlatScroll, index: int) -> Joins:
    left = int(np.random.default_rng(index).integers(0, _LENGTH - _SIDE))
    window = np.ascontiguousarray(scroll.rgb[:, left : left + _SIDE])
    prompt = prompt_of(scroll, left, index)
    mask = lasso().astype(np.uint8) * 255
    patch = painting.patch(Task.INPAINT, opaque(window), mask, prompt, 4000 + index)
    inside = patch[..., 3] > 127
    closed = step_across(laid_over(window, patch), inside), step_across(window, inside)
    strip, steps, true_steps = grown(painting, scroll, prompt, index)
    return Joins(*closed, float(np.mean(steps)), float(np.mean(true_steps)), *kept_over(strip, scroll.rgb))


def grown(painting: Painting, scroll: FlatScroll, prompt: str, index: int) -> tuple[Picture, list[float], list[float]]:
    """A strip grown by three windows, and the steps where they join, made and true.

    Each join is looked at on both its lines, where painting ended and where the patch begins; the larger step counts.
    """
    strip = np.zeros((_SIDE, _LENGTH, 4), np.uint8)
    strip[:, :_SIDE] = opaque(scroll.rgb[:, :_SIDE])
    steps: list[float] = []
    true_steps: list[float] = []
    for turn in range(3):
        start = _STEP * (turn + 1)
        place = np.s_[:, start : start + _SIDE]
        before = strip[place].copy()
        patch = painting.patch(Task.OUTPAINT, before, 255 - before[..., 3], prompt, 5000 + index * 3 + turn)
        strip[place] = opaque(laid_over(before[..., :3], patch))
        lines = [patch[..., 3] > 127, before[..., 3] == 0]
        shown, true = (np.ascontiguousarray(rgb[place]) for rgb in (strip[..., :3], scroll.rgb))
        pairs = [(step_across(shown, line), step_across(true, line)) for line in lines]
        made, real = max(pairs, key=lambda pair: pair[0] / max(pair[1], 1e-6))
        steps.append(made)
        true_steps.append(real)
    return strip[..., :3], steps, true_steps


def opaque(rgb: Picture) -> Picture:
    """Return RGBA without a transparent pixel."""
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


def laid_over(rgb: Picture, patch: Picture) -> Picture:
    """Return RGB with the RGBA patch on top."""
    share = patch[..., 3:].astype(np.float32) / 255
    return np.rint(rgb * (1 - share) + patch[..., :3] * share).astype(np.uint8)


def folder_of(pipeline: Any, shipped: Path | None, scratch: Path) -> Path:
    """Return a model folder that the engine can load: the shipped one, or `scratch`, into which the pipeline goes."""
    if shipped is not None:
        return shipped
    pipeline.save_pretrained(scratch)
    return scratch
