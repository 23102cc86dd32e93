"""Document + settings in, frozen request out: what is inside the frame or the selection decides the mode."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.generations import GenerationLog
from canvas.geometry import Bounds
from canvas.pixels import put_on_paper, to_rgba
from canvas.selection import Selection
from desktop.gathering import gather
from desktop.generation.form import GenerationSettings
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import MAX_SIDE, Fill, GenerationRequest, Task
from pipelines.prompting.wildcards import choose_words

MIN_CONTEXT_SIDE = 256
"""A crop smaller than this tells a model too little about its surroundings."""
SIDE_STEP = 8
"""Crops keep sides divisible by this, so that most models see them without a second resampling."""
SKETCH_DENSITY = 0.5
"""Painted share of its own bounding box under which a picture counts as a sketch, not as something to extend."""

QUICK_PIXELS = 512 * 512
"""Regions below this are frozen at once: a thread would take longer."""
STRIP = 128
"""Rows of the frame that are looked at between two breaths, canvas pixels."""


@dataclass(frozen=True)
class Capture:
    """A request and where it came from."""

    request: GenerationRequest
    bounds: Bounds
    parent_id: str
    """Id of the record this grows out of, or empty."""
    form: Mapping[str, Any] = field(default_factory=dict)
    """The settings as they were typed: wildcards not yet chosen from, a seed still to be drawn."""


@dataclass(frozen=True)
class Region:
    """What is to be generated where, before any pixel was read."""

    task: Task
    bounds: Bounds
    selection: Selection
    paper: tuple[int, int, int]
    """RGB under everything."""
    parent_id: str = ""
    """Id of the record this grows out of, or empty."""

    @property
    def needs_pixels(self) -> bool:
        """Whether the model is shown what is there."""
        return self.task is not Task.TEXT_TO_IMAGE


def capture(
    document: Document, compositor: Compositor, settings: GenerationSettings, native_size: int = 512, source: str = ""
) -> Capture:
    """Freezes the region under the frame or the selection into a request, in one go. `source`: see `parent_of`.

    Raises InvalidRequestError with a sentence when there is nothing sensible to ask for.
    """
    task = settings.mode or detect_task(document, compositor)
    region = find_region(document, compositor, settings, task, native_size)
    region = replace(region, parent_id=parent_of(document.generations, region.bounds, source))
    flat = to_rgba(compositor.flatten(region.bounds)) if region.needs_pixels else None
    return freeze(region, flat, settings)


async def capture_in_slices(
    document: Document, compositor: Compositor, settings: GenerationSettings, native_size: int = 512, source: str = ""
) -> Capture:
    """As `capture`, without ever holding the window up: what is painted meanwhile is part of the picture."""
    task = settings.mode or await detect_task_in_slices(document, compositor)
    region = find_region(document, compositor, settings, task, native_size)
    parent = await asyncio.to_thread(parent_of, document.generations, region.bounds, source)
    region = replace(region, parent_id=parent)
    flat = await gather(document, compositor, region.bounds) if region.needs_pixels else None
    if region.bounds.width * region.bounds.height < QUICK_PIXELS:
        return freeze(region, flat, settings)
    return await asyncio.to_thread(freeze, region, flat, settings)


def find_region(
    document: Document, compositor: Compositor, settings: GenerationSettings, task: Task, native_size: int
) -> Region:
    """Where the task works. Raises InvalidRequestError when it is too large or nothing is selected."""
    bounds = region_bounds(document, task, settings, native_size)
    if max(bounds.width, bounds.height) > MAX_SIDE:
        sentence = QCoreApplication.translate(
            "capture", "The region is {0} x {1} pixels; at most {2} a side can be made. Make it smaller."
        )
        raise InvalidRequestError("width", sentence.format(bounds.width, bounds.height, MAX_SIDE))
    paper = compositor.paper
    return Region(task, bounds, document.selection, (paper.red(), paper.green(), paper.blue()))


def parent_of(log: GenerationLog, bounds: Bounds, source: str = "") -> str:
    """The record that a new one there grows out of: `source`, whose settings are used, if it lies there too, else the
    newest kept one. Empty for none, and where the log cannot be read: that keeps nobody from painting. Any thread."""
    try:
        if source and not log.get(source).bounds.intersected(bounds).is_empty:
            return source
        latest = log.latest_at(bounds)
    except CanvasError:
        return ""
    return latest.id if latest else ""


def freeze(region: Region, flat: NDArray[np.uint8] | None, settings: GenerationSettings) -> Capture:
    """The request, from (h, w, 4) straight RGBA of the region; any thread. Raises InvalidRequestError."""
    task, bounds = region.task, region.bounds
    image, mask, fill = _pictures(region, flat, settings)
    whole_new = task in (Task.TEXT_TO_IMAGE, Task.OUTPAINT)
    strength = 1.0 if whole_new else settings.strength if task is Task.IMAGE_TO_IMAGE else settings.inpaint_strength
    seed = draw_seed() if settings.random_seed else settings.seed
    request = GenerationRequest(
        task=task,
        model=settings.model,
        prompt=choose_words(settings.prompt, seed).strip(),
        negative_prompt=choose_words(settings.negative_prompt, seed).strip(),
        num_inference_steps=settings.num_inference_steps,
        guidance_scale=settings.guidance_scale,
        strength=strength,
        scheduler=settings.scheduler,
        seed=seed,
        num_images_per_prompt=settings.num_images_per_prompt,
        x=bounds.x,
        y=bounds.y,
        width=bounds.width,
        height=bounds.height,
        image=image,
        mask=mask,
        mask_grow=settings.mask_grow,
        mask_feather=settings.mask_feather,
        fill=fill,
    )
    request.check()
    return Capture(request, bounds, region.parent_id, settings.to_dict())


def draw_seed() -> int:
    """A new seed, 0 .. 2^32 - 1: short enough to read out."""
    return secrets.randbelow(2**32)


def detect_task(document: Document, compositor: Compositor) -> Task:
    """The mode that follows from selection, frame and pixels (nothing, a sketch, part of a picture, a picture)."""
    if not document.selection.is_empty:
        return Task.INPAINT
    # An eighth of the size is enough to see what is painted, and keeps this cheap enough to run after each stroke.
    preview = compositor.flatten(document.frame, scale=0.125)
    return task_for_alpha(to_rgba(preview)[..., 3])


async def detect_task_in_slices(document: Document, compositor: Compositor) -> Task:
    """As `detect_task`, strip by strip with a breath after each: a large frame must not hold the window up."""
    if not document.selection.is_empty:
        return Task.INPAINT
    frame, strips = document.frame, []
    for top in range(frame.y, frame.bottom, STRIP):
        strip = Bounds(frame.x, top, frame.width, min(STRIP, frame.bottom - top))
        strips.append(to_rgba(compositor.flatten(strip, scale=0.125))[..., 3])
        await asyncio.sleep(0)
    return task_for_alpha(np.concatenate(strips))


def task_for_alpha(alpha: NDArray[np.uint8]) -> Task:
    """Mode for a frame with this painted coverage, (h, w) uint8: none, sketch or full picture, part of a picture."""
    painted = alpha >= 128
    if not alpha.any():
        return Task.TEXT_TO_IMAGE
    if painted.all():
        return Task.IMAGE_TO_IMAGE
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    box = painted[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Task.OUTPAINT if box.mean() >= SKETCH_DENSITY else Task.IMAGE_TO_IMAGE


def region_bounds(document: Document, task: Task, settings: GenerationSettings, native_size: int) -> Bounds:
    """The frame, or for a selection its bounds with enough surroundings for the model to join on to."""
    if task is not Task.INPAINT:
        return _stepped(document.frame)
    selection = document.selection
    if selection.is_empty:
        sentence = QCoreApplication.translate(
            "capture", "Nothing is selected. Draw a lasso around what should be repainted."
        )
        raise InvalidRequestError("mask", sentence)
    return context_bounds(selection.bounds, settings.mask_grow + settings.mask_feather, native_size)


def context_bounds(selected: Bounds, rim: int, native_size: int) -> Bounds:
    """Selection bounds plus context: half the mean side on each side, square-ish, at least half the native size."""
    pad = max(rim + SIDE_STEP, (selected.width + selected.height) // 4)
    least = max(MIN_CONTEXT_SIDE, native_size // 2)
    width = max(selected.width + 2 * pad, least)
    height = max(selected.height + 2 * pad, least)
    # Very long crops show a model nothing of what is above and below.
    width, height = max(width, height // 2), max(height, width // 2)
    cx, cy = selected.x + selected.width // 2, selected.y + selected.height // 2
    return _stepped(Bounds(cx - width // 2, cy - height // 2, width, height))


def _stepped(bounds: Bounds) -> Bounds:
    """The same place with sides rounded up to SIDE_STEP."""
    width = -(-bounds.width // SIDE_STEP) * SIDE_STEP
    height = -(-bounds.height // SIDE_STEP) * SIDE_STEP
    return Bounds(bounds.x, bounds.y, width, height)


def _pictures(
    region: Region, flat: NDArray[np.uint8] | None, settings: GenerationSettings
) -> tuple[NDArray[np.uint8] | None, NDArray[np.uint8] | None, Fill]:
    """Image, mask and fill that the task needs."""
    if flat is None:
        return None, None, settings.fill
    if region.task is Task.IMAGE_TO_IMAGE:
        put_on_paper(flat, region.paper)
        return flat, None, settings.fill
    if region.task is Task.INPAINT:
        return flat, region.selection.coverage(region.bounds), settings.fill
    mask = np.where(flat[..., 3] < 255, 255, 0).astype(np.uint8)
    if not mask.any():
        sentence = QCoreApplication.translate(
            "capture", "The frame holds no empty canvas to grow into. Move it over an edge."
        )
        raise InvalidRequestError("mask", sentence)
    return flat, mask, Fill.BORDER
