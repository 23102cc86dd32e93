"""Which model family does which task, found out by doing it: one small picture per model and task."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from tqdm import tqdm

from pipelines.commands.errors import InputError, JobFailedError
from pipelines.commands.jobs import finish
from pipelines.contract.engine import EngineClient
from pipelines.contract.errors import PipelineError
from pipelines.contract.models import Family, ModelInfo
from pipelines.contract.request import Fill, GenerationRequest, Pixels, Task
from pipelines.library.families import SUPPORTED, label_of

_STEPS = 4
"""Enough to pass through every part of a pipeline; the picture is not looked at."""

TASKS = tuple(task for task in Task if task is not Task.UPSCALE)
"""What a model of a family does by itself; upscaling is said of upscalers."""


def fill_matrix(models: Sequence[ModelInfo], client: EngineClient) -> list[dict[str, Any]]:
    """Rows {family, task, source, ok, seconds, reason}: each model times each task, then each family without a model.

    Closes the client. `seconds` is None where nothing ran.
    """
    return asyncio.run(_fill(models, client))


async def _fill(models: Sequence[ModelInfo], client: EngineClient) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    pairs = [(model, task) for model in models for task in TASKS]
    try:
        for model, task in tqdm(pairs, desc="Models", unit="run", file=sys.stderr, disable=not sys.stderr.isatty()):
            rows.append(await _row(model, task, client))
    finally:
        await client.close()
    present = {Family.UNKNOWN} | {model.family for model in models}
    return rows + [_absent(family, task) for family in Family if family not in present for task in TASKS]


async def _row(model: ModelInfo, task: Task, client: EngineClient) -> dict[str, Any]:
    row = {"family": str(model.family), "task": str(task), "source": model.id}
    if model.problem:
        return row | {"ok": False, "seconds": None, "reason": model.problem}
    started = time.perf_counter()
    try:
        finished = await finish(_small_request(model, task), client, lambda _event: None)
        reason = _fault(finished.patches)
    except (InputError, JobFailedError, PipelineError) as error:
        reason = str(error)
    return row | {"ok": not reason, "seconds": round(time.perf_counter() - started, 3), "reason": reason}


def _fault(patches: Sequence[Pixels]) -> str:
    if len(patches) != 1:
        return f"The engine gave {len(patches)} pictures instead of one."
    if patches[0][..., :3].std() == 0:
        return "The engine gave a picture of one single colour."
    return ""


def _absent(family: Family, task: Task) -> dict[str, Any]:
    if family in SUPPORTED:
        reason = "No model of this family is in the library."
    else:
        reason = f"This version of Handscroll cannot run {label_of(family)} yet."
    return {"family": str(family), "task": str(task), "source": "", "ok": False, "seconds": None, "reason": reason}


def _small_request(model: ModelInfo, task: Task) -> GenerationRequest:
    """The smallest honest request: native size, few steps, a colour ramp as the picture."""
    side = model.defaults.native_size
    image = mask = None
    if task is not Task.TEXT_TO_IMAGE:
        image = _ramp(side)
    if task is Task.INPAINT:
        mask = np.zeros((side, side), np.uint8)
        mask[side // 4 : -side // 4, side // 4 : -side // 4] = 255
    elif task is Task.OUTPAINT and image is not None:
        mask = np.zeros((side, side), np.uint8)
        mask[:, side // 2 :] = 255
        image[:, side // 2 :] = 0
    return GenerationRequest(
        task=task,
        model=model.id,
        prompt="mountains, water",
        num_inference_steps=_STEPS,
        guidance_scale=model.defaults.guidance_scale,
        strength=0.75 if task is Task.IMAGE_TO_IMAGE else 1.0,
        seed=1,
        width=side,
        height=side,
        image=image,
        mask=mask,
        fill=Fill.BORDER if task is Task.OUTPAINT else Fill.ORIGINAL,
    )


def _ramp(side: int) -> Pixels:
    """(side, side, 4) opaque colour ramp."""
    line = np.linspace(0, 255, side).astype(np.uint8)
    image = np.full((side, side, 4), 255, np.uint8)
    image[..., 0], image[..., 1], image[..., 2] = line[None, :], line[:, None], 128
    return image
