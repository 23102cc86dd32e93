"""Document + settings in, frozen request out: what is inside the frame or the selection, as the mode wants it."""

from __future__ import annotations

import asyncio
import math
import random
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
from desktop.generation.controls import Guide, gather_guides, guides_now, looks_drawn, with_guides
from desktop.generation.detection import detect_mode, detect_mode_in_slices
from desktop.generation.form import Context, GenerationSettings
from desktop.generation.modes import RAN_AS, Mode
from desktop.generation.regions import Placed, noted, placed_regions, region_prompts
from desktop.generation.wording import Wording
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import MAX_SIDE, Fill, GenerationRequest, Task
from pipelines.planning.masks import Rim, rim_for
from pipelines.planning.sizes import RunLimits

SIDE_STEP = 8
"""Regions keep sides divisible by this, so that most models see them without a second resampling."""
LEAST_KEPT = 8
"""Pixels around the rim of a selection that stay as they are, whatever context was chosen."""
QUICK_PIXELS = 512 * 512
"""Regions below this are frozen at once: a thread would take longer."""
FULL_STRENGTH = 0.995
"""From here on nothing of what was there is meant to stay."""
_FILLS = {Mode.EXPAND: Fill.BORDER, Mode.REMOVE: Fill.BORDER, Mode.BACKGROUND: Fill.NEUTRAL, Mode.REFINE: Fill.ORIGINAL}
"""What stands under the mask in modes that do not leave it to the painter."""


@dataclass(frozen=True)
class Terms:
    """What a capture depends on beside document and settings."""

    limits: RunLimits = field(default_factory=lambda: RunLimits(512, 1.0, 1.5, 1.25))
    """Of the model that will paint."""
    source: str = ""
    """Id of the record whose settings are used (see `parent_of`)."""
    selection: Selection | None = None
    """Instead of the document's."""
    context: Bounds | None = None
    """The region to send along instead of the one that follows from the selection, canvas pixels."""
    frame: Bounds | None = None
    """Instead of the document's."""
    wording: Wording = field(default_factory=Wording)
    """What the words may name."""


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

    mode: Mode
    bounds: Bounds
    selection: Selection
    """What is repainted, or kept where the mode replaces the background; empty when the mode works on the frame."""
    frame: Bounds
    paper: tuple[int, int, int]
    """RGB under everything."""
    rim: Rim
    strength: float
    parent_id: str = ""
    """Id of the record this grows out of, or empty."""
    prompts: tuple[Placed, ...] = ()
    """Places with words of their own that reach into it."""
    guides: tuple[Guide, ...] = ()
    """Control layers that have something to say of it."""
    wording: Wording = field(default_factory=Wording)
    """What the words may name."""

    @property
    def task(self) -> Task:
        """What the engine is asked for."""
        return self.mode.task if self.selection.is_empty else Task.INPAINT

    @property
    def needs_pixels(self) -> bool:
        """Whether the model is shown what is there."""
        return self.task is not Task.TEXT_TO_IMAGE

    def mask(self) -> NDArray[np.uint8]:
        """(h, w) coverage of what is repainted, for modes that work on a selection; any thread."""
        selection = self.selection.inverted(self.frame) if self.mode is Mode.BACKGROUND else self.selection
        return selection.coverage(self.bounds)


def capture(
    document: Document, compositor: Compositor, settings: GenerationSettings, terms: Terms | None = None
) -> Capture:
    """Freezes the region under the frame or the selection into a request, in one go.

    Raises InvalidRequestError with a sentence when there is nothing sensible to ask for.
    """
    terms = terms or Terms()
    mode = settings.mode or detect_mode(document, compositor)
    region = find_region(document, compositor, replace(settings, mode=mode), terms)
    region = replace(region, parent_id=parent_of(document.generations, region.bounds, terms.source))
    flat = to_rgba(compositor.flatten(region.bounds)) if region.needs_pixels else None
    if mode.uses_prompt:
        region = replace(region, guides=guides_now(document, region.bounds))
    return freeze(region, flat, settings)


async def capture_in_slices(
    document: Document, compositor: Compositor, settings: GenerationSettings, terms: Terms | None = None
) -> Capture:
    """As `capture`, without ever holding the window up: what is painted meanwhile is part of the picture."""
    terms = terms or Terms()
    mode = settings.mode or await detect_mode_in_slices(document, compositor)
    region = find_region(document, compositor, replace(settings, mode=mode), terms)
    parent = await asyncio.to_thread(parent_of, document.generations, region.bounds, terms.source)
    region = replace(region, parent_id=parent)
    flat = await gather(document, compositor, region.bounds) if region.needs_pixels else None
    if mode.uses_prompt:
        region = replace(region, guides=await gather_guides(document, compositor, region.bounds))
    if region.bounds.width * region.bounds.height < QUICK_PIXELS:
        return freeze(region, flat, settings)
    return await asyncio.to_thread(freeze, region, flat, settings)


def find_region(document: Document, compositor: Compositor, settings: GenerationSettings, terms: Terms) -> Region:
    """Where `settings.mode` (not None) works. Raises InvalidRequestError: too large, or nothing is selected."""
    mode = settings.mode or Mode.GENERATE
    chosen = document.selection if terms.selection is None else terms.selection
    selection = chosen if mode.uses_selection else Selection.none()
    if selection.is_empty and mode.needs_selection:
        raise InvalidRequestError("mask", _nothing_selected(mode))
    frame = terms.frame or document.frame
    rim, strength = planned_rim(settings, selection.bounds, frame), planned_strength(settings)
    if selection.is_empty or mode is Mode.BACKGROUND:
        bounds = _stepped(frame)
    else:
        bounds = selection_context(selection.bounds, frame, settings, terms)
    _check_side(selection.bounds, bounds)
    if mode is Mode.BACKGROUND and selection.bounds.intersected(frame).is_empty:
        raise InvalidRequestError("mask", _nothing_selected(mode))
    paper = compositor.paper
    colour = (paper.red(), paper.green(), paper.blue())
    prompts = placed_regions(document, bounds) if mode.uses_prompt else ()
    return Region(mode, bounds, selection, frame, colour, rim, strength, prompts=prompts, wording=terms.wording)


def planned_strength(settings: GenerationSettings) -> float:
    """How far the result may leave what is there, 0..1, in `settings.mode`."""
    name = settings.mode.strength_field if settings.mode else ""
    return float(getattr(settings, name)) if name else 1.0


def planned_rim(settings: GenerationSettings, selected: Bounds, frame: Bounds) -> Rim:
    """The soft rim in canvas pixels: what was typed, or what suits the selection, for `settings.mode`."""
    if not settings.auto_rim:
        return Rim(settings.mask_grow, settings.mask_feather, settings.mask_blend)
    if settings.mode is Mode.BACKGROUND:  # what was selected stays as it is: the new picture ends at its edge
        return Rim(0, 0, 0)
    place = frame if selected.is_empty else selected
    return rim_for(math.hypot(place.width, place.height), planned_strength(settings))


def selection_context(selected: Bounds, frame: Bounds, settings: GenerationSettings, terms: Terms) -> Bounds:
    """The selection with as much of its surroundings as was chosen; always with its rim and a little more."""
    from pipelines.planning.box import Box  # a start does without
    from pipelines.planning.context import context_box

    rim, strength = planned_rim(settings, selected, frame), planned_strength(settings)
    least = selected.expanded(rim.reach + LEAST_KEPT)
    if terms.context is not None:
        return _stepped(terms.context.united(least))
    if settings.context is Context.FRAME:
        return _stepped(frame.united(least))
    box = Box(selected.x, selected.y, selected.width, selected.height)
    found = context_box(box, rim, terms.limits, 0.0 if settings.context is Context.TIGHT else strength)
    around = Bounds(found.left, found.top, found.width, found.height)
    if settings.context is Context.WIDE:
        wider = min(around.width // 2, (MAX_SIDE - around.width) // 2)
        higher = min(around.height // 2, (MAX_SIDE - around.height) // 2)
        x, y = around.x - wider, around.y - higher
        around = _stepped(Bounds(x, y, around.width + 2 * wider, around.height + 2 * higher))
    return around


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
    mode, bounds = region.mode, region.bounds
    image, mask = _pictures(region, flat)
    strength, fill = _strength_and_fill(region, settings, image, mask)
    if image is not None and mode in (Mode.FILL, Mode.REMOVE) and looks_drawn(image[..., 3]):
        put_on_paper(image, region.paper)
    seed = draw_seed() if settings.random_seed else settings.seed
    varied = 0.0 if settings.random_seed else settings.variation_strength
    said = [placed.region.prompt for placed in region.prompts]
    words = region.wording.resolve(settings, seed, uses_prompt=mode.uses_prompt, more=said)
    painted = near(mask, region.rim)
    regions = region_prompts(region.prompts, lambda _: words.prompt, bounds, painted, seed, region.wording)
    from desktop.generation.asking import plain_request  # a start does without

    request = replace(
        plain_request(region.task, bounds, settings, words, seed),
        strength=strength,
        num_images_per_prompt=settings.num_images_per_prompt,
        image=image,
        mask=mask,
        mask_grow=region.rim.grow,
        mask_feather=region.rim.feather,
        mask_blend=region.rim.blend,
        fill=fill,
        regions=tuple(words for _, words in regions),
        variation_seed=settings.variation_seed if varied else 0,
        variation_strength=varied,
        variation_path=() if settings.random_seed else settings.variation_path,
        canvas_noise=mode is Mode.EXPAND,  # or one seed would paint the same things again at every step
    )
    request = with_guides(request, region.guides, region.wording)
    request.check()
    form = {**settings.to_dict(), RAN_AS: str(mode), **noted([placed for placed, _ in regions])}
    return Capture(request, bounds, region.parent_id, form)


def near(mask: NDArray[np.uint8] | None, rim: Rim) -> tuple[slice, slice] | None:
    """Rows and columns of a mask that are repainted, with the rim; None for all."""
    if mask is None:
        return None
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    down, across = (slice(max(0, int(line[0]) - rim.reach), int(line[-1]) + rim.reach + 1) for line in (rows, columns))
    return down, across


def draw_seed() -> int:
    """A new seed, 0 .. 2^32 - 1: short enough to read out."""
    return random.SystemRandom().randrange(2**32)


def _stepped(bounds: Bounds) -> Bounds:
    """The same place with sides rounded up to SIDE_STEP."""
    width = -(-bounds.width // SIDE_STEP) * SIDE_STEP
    height = -(-bounds.height // SIDE_STEP) * SIDE_STEP
    return Bounds(bounds.x, bounds.y, width, height)


def _pictures(
    region: Region, flat: NDArray[np.uint8] | None
) -> tuple[NDArray[np.uint8] | None, NDArray[np.uint8] | None]:
    """Image and mask that the task needs."""
    if flat is None:
        return None, None
    if region.mode is Mode.REFINE:  # what is repainted is what is seen, and empty canvas is seen as paper
        put_on_paper(flat, region.paper)
    if region.task is Task.IMAGE_TO_IMAGE:
        return flat, None
    if region.task is Task.INPAINT:
        mask = region.mask()
        if not mask.any():  # only the background can be nothing
            raise InvalidRequestError("mask", _nothing_left())
        return flat, mask
    mask = np.where(flat[..., 3] < 255, 255, 0).astype(np.uint8)
    if not mask.any():
        sentence = QCoreApplication.translate(
            "capture", "The frame holds no empty canvas to grow into. Move it over an edge."
        )
        raise InvalidRequestError("mask", sentence)
    return flat, mask


def _strength_and_fill(
    region: Region,
    settings: GenerationSettings,
    image: NDArray[np.uint8] | None,
    mask: NDArray[np.uint8] | None,
) -> tuple[float, Fill]:
    """A weaker repaint begins from what is there; where nothing is, it begins from nothing all the same."""
    strength = region.strength
    if region.mode is Mode.FILL and image is not None and mask is not None and not image[mask > 0, 3].any():
        strength = 1.0
    if region.mode in _FILLS:
        return strength, _FILLS[region.mode]
    weaker = region.mode is Mode.FILL and strength < FULL_STRENGTH
    return strength, Fill.ORIGINAL if weaker else settings.fill


def _check_side(selected: Bounds, bounds: Bounds) -> None:
    """Raises InvalidRequestError when more is wanted than can be made in one go."""
    if max(selected.width, selected.height) > MAX_SIDE:
        sentence = QCoreApplication.translate(
            "capture",
            "The selection is {width} x {height} pixels; at most {most} a side can be painted at once. "
            "Select a smaller part, or its pieces one after the other.",
        )
        text = sentence.format(width=selected.width, height=selected.height, most=MAX_SIDE)
        raise InvalidRequestError("width", text)
    if max(bounds.width, bounds.height) > MAX_SIDE:
        sentence = QCoreApplication.translate(
            "capture", "The region is {0} x {1} pixels; at most {2} a side can be made. Make it smaller."
        )
        raise InvalidRequestError("width", sentence.format(bounds.width, bounds.height, MAX_SIDE))


def _nothing_selected(mode: Mode) -> str:
    if mode is Mode.REMOVE:
        return QCoreApplication.translate("capture", "Nothing is selected. Draw a lasso around what should go.")
    if mode is Mode.BACKGROUND:
        return QCoreApplication.translate(
            "capture", "Nothing is selected inside the frame. Draw a lasso around what should stay."
        )
    return QCoreApplication.translate("capture", "Nothing is selected. Draw a lasso around what should be repainted.")


def _nothing_left() -> str:
    return QCoreApplication.translate(
        "capture", "The selection covers the whole frame: there is no background left. Select only what should stay."
    )
