"""What the model will see, before it is asked: the very region, rim, masks, fill and passes that a request gets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import Compositor
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from canvas.selection import Selection
from desktop.gathering import gather
from desktop.generation.capture import Region, Terms, find_region, freeze
from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationSettings
from desktop.generation.modes import Mode
from desktop.generation.worn import worn_by, worn_for_layers
from desktop.pieces import pieces
from desktop.slots import Slots
from desktop.spoken import spoken
from pipelines.contract.errors import PipelineError
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import Fill, GenerationRequest, Pixels, Task
from pipelines.planning.beside import Worn
from pipelines.planning.box import Box
from pipelines.planning.context import bounds_of, focus
from pipelines.planning.cost import Cost, Work, passes_of, work_of
from pipelines.planning.fills import before_and_filled, on_paper
from pipelines.planning.masks import Masks, Rim, make_masks
from pipelines.planning.passes import Pass, plan_passes
from pipelines.planning.scene import Scene, scene_of
from pipelines.planning.sizes import RunLimits, limits_of
from pipelines.planning.steps import steps_run

MOST_SIDE = 1024
"""Longest side of what is computed, pixels; larger regions are looked at reduced."""
LEAST_SIDE = 16
COARSEST = 8
"""Regions have sides divisible by this, so that reduced pixels are whole blocks."""
PIECE = 512
"""Canvas pixels a side that are reduced between two looks at the window's events."""
SOON, SETTLE = 0.02, 0.2
"""Seconds from a change to the look at it; longer when pixels did: whoever paints does not watch the overlay."""
IDLE_FIELDS = frozenset(
    {
        "prompt", "negative_prompt", "styles", "vae", "clip_skip", "seed", "random_seed", "seed_advances",
        "keep_into_layer",
    }
)  # fmt: skip
"""What the form may say differently without anything looking different here."""
PIXEL_KINDS = frozenset(
    {
        ChangeKind.TILES,
        ChangeKind.LAYER_ADDED,
        ChangeKind.LAYER_REMOVED,
        ChangeKind.LAYER_MOVED,
        ChangeKind.LAYER_SET,
        ChangeKind.LOADED,
    }
)
CostOf = Callable[[ModelInfo, Work, tuple[Worn, ...]], Cost]
"""What some work of a model takes with these add-ons."""
PLACE_KINDS = frozenset({ChangeKind.SELECTION, ChangeKind.FRAME, ChangeKind.REGIONS, ChangeKind.SAVED_SELECTIONS})


@dataclass(frozen=True, eq=False)
class Sight:
    """A region as the model gets it. Pictures are reduced `step` times where it is large."""

    step: int
    """Canvas pixels a side of one pixel of the pictures."""
    region: Bounds
    """What was looked at, canvas pixels."""
    crop: Bounds
    """What is painted along, canvas pixels; mostly the whole region."""
    selected: Pixels
    """(h, w) of the crop, 255 = repainted."""
    masks: Masks
    """Of the crop."""
    filled: Pixels
    """(h, w, 3) RGB of the crop: what stands there before the first step."""
    fresh: NDArray[np.float32]
    """(h, w) of the crop: 1 where that is not what is painted there."""
    passes: tuple[Pass, ...]
    """In pixels of the crop at its real size."""
    work: Work
    """Without add-ons."""
    worn: tuple[Worn, ...] = ()
    """Add-ons that the words name."""


@dataclass(frozen=True, eq=False)
class Foresight:
    """What would be asked of the model now."""

    mode: Mode
    bounds: Bounds
    """The region, canvas pixels."""
    rim: Rim
    selected: bool
    """Whether it follows from a selection, and so can be chosen by hand; else it is the frame."""
    by_hand: bool
    """Whether it was."""
    sight: Sight | None = None
    """None while it is being looked at."""
    cost: Cost | None = None
    problem: str = ""
    """Why nothing can be asked, as a sentence."""


def step_for(bounds: Bounds) -> int:
    """How many times a region's pictures are reduced, a power of two."""
    step = 1
    while step < COARSEST and max(bounds.width, bounds.height) > MOST_SIDE * step:
        if min(bounds.width, bounds.height) < LEAST_SIDE * step * 2:
            break
        step *= 2
    return step


def foresee(region: Region, flat: Pixels | None, settings: GenerationSettings, limits: RunLimits, step: int) -> Sight:
    """What the model would get of a region whose pixels are `flat`, (h, w, 4) straight RGBA reduced `step` times.

    Any thread; `flat` stays as it is. Raises InvalidRequestError when there is nothing to ask for.
    """
    given = None if flat is None else flat.copy()
    request = freeze(_reduced(region, step), given, replace(settings, random_seed=False)).request
    if request.mask is None:
        sight = _whole(region, request, limits, step)
    elif step == 1:
        sight = _masked(region, request, scene_of(request, limits), step)
    else:
        sight = _masked(region, request, _reduced_scene(region, request, limits, step), step)
    return replace(sight, worn=worn_by(request, region.wording))


def _whole(region: Region, request: GenerationRequest, limits: RunLimits, step: int) -> Sight:
    """Everything is painted: from nothing, or from what is there."""
    shape = (request.height, request.width)
    everything, nothing = np.ones(shape, np.float32), np.zeros(shape, np.float32)
    filled = np.zeros((*shape, 3), np.uint8)
    if request.image is not None:
        filled = np.ascontiguousarray(request.image[..., :3])
    real = replace(request, width=region.bounds.width, height=region.bounds.height)
    passes = passes_of(real, limits)
    masks = Masks(denoise=everything, fill=nothing, composite=everything)
    selected = np.full(shape, 255, np.uint8)
    return Sight(step, region.bounds, region.bounds, selected, masks, filled, nothing, passes, work_of(real, passes))


def _masked(region: Region, request: GenerationRequest, scene: Scene, step: int) -> Sight:
    """`scene` in pixels of the request, its passes in real ones."""
    assert request.image is not None  # noqa: S101 - a request with a mask has one
    assert request.mask is not None  # noqa: S101
    crop, passes = scene.crop, scene.passes
    if steps_run(request.num_inference_steps, request.strength) == 0:
        passes = ()
    picture = on_paper(request.image[crop.slices])
    _, filled = before_and_filled(picture, scene.known, scene.masks.fill, request.fill, request.seed)
    fresh = 1.0 - scene.known
    if request.fill is not Fill.ORIGINAL:
        fresh = np.maximum(fresh, scene.masks.fill)
    bounds = region.bounds
    place = Bounds(bounds.x + crop.left * step, bounds.y + crop.top * step, crop.width * step, crop.height * step)
    selected = _selected(request)[crop.slices]
    return Sight(step, bounds, place, selected, scene.masks, filled, fresh, passes, work_of(request, passes))


def _selected(request: GenerationRequest) -> Pixels:
    """What is repainted: the mask, and for outpaint all that is empty."""
    assert request.image is not None  # noqa: S101
    assert request.mask is not None  # noqa: S101
    if request.task is not Task.OUTPAINT:
        return request.mask
    return np.maximum(request.mask, 255 - request.image[..., 3])


def _reduced_scene(region: Region, request: GenerationRequest, limits: RunLimits, step: int) -> Scene:
    """As `scene_of` for a region whose pictures are reduced: sizes are decided by the real ones."""
    assert request.image is not None  # noqa: S101
    selection = _selected(request)
    real = focus(np.repeat(np.repeat(selection, step, 0), step, 1), region.rim, limits, request.strength)
    left, top = real.left // step, real.top // step
    crop = Box(left, top, -(-real.right // step) - left, -(-real.bottom // step) - top)
    selected, known = selection[crop.slices], request.image[..., 3][crop.slices].astype(np.float32) / 255.0
    masks = make_masks(selected, Rim(request.mask_grow, request.mask_feather, request.mask_blend))
    masks = replace(masks, composite=np.where(selected > 0, masks.composite, masks.composite * known))
    box = bounds_of(masks.denoise)
    large = None if box is None else Box(box.left * step, box.top * step, box.width * step, box.height * step)
    return Scene(crop, masks, known, plan_passes(real.width, real.height, large, limits, request.strength))


def _reduced(region: Region, step: int) -> Region:
    """The same region seen `step` times smaller, at the origin; the rim with it."""
    if step == 1:
        return region
    bounds, frame, rim = region.bounds, region.frame, region.rim
    small = Bounds(0, 0, bounds.width // step, bounds.height // step)
    selection = _reduced_selection(region.selection, bounds, small, step)
    prompts = tuple(
        replace(one, selection=_reduced_selection(one.selection, bounds, small, step)) for one in region.prompts
    )
    inner = Bounds(
        (frame.x - bounds.x) // step, (frame.y - bounds.y) // step, -(-frame.width // step), -(-frame.height // step)
    )
    thin = Rim(*(round(width / step) for width in (rim.grow, rim.feather, rim.blend)))
    return replace(region, bounds=small, frame=inner, selection=selection, rim=thin, prompts=prompts)


def _reduced_selection(selection: Selection, bounds: Bounds, small: Bounds, step: int) -> Selection:
    if selection.is_empty:
        return selection
    blocks = selection.coverage(bounds).reshape(small.height, step, small.width, step)
    mask = blocks.mean(axis=(1, 3)).astype(np.uint8)
    if not (mask >= 250).any():  # too thin to fill a block
        mask = blocks.max(axis=(1, 3))
    return Selection.from_mask(small, mask)


async def gather_reduced(compositor: Compositor, bounds: Bounds, step: int) -> Pixels:
    """(h, w, 4) straight RGBA of a region reduced `step` times, in slices. Its sides must be divisible by the step."""
    rgba = np.zeros((bounds.height // step, bounds.width // step, 4), np.uint8)
    for piece in pieces(bounds.translated(-bounds.x, -bounds.y), PIECE):
        part = compositor.flatten(piece.translated(bounds.x, bounds.y), scale=1 / step)
        top, left = piece.y // step, piece.x // step
        rgba[top : top + part.height(), left : left + part.width()] = to_rgba(part)
        await asyncio.sleep(0)
    return rgba


class ForesightLoop(QObject):
    """Looks anew whenever selection, form or picture change, while it runs; the newest question wins."""

    changed = Signal(object)
    """A Foresight: first where and how far, then with its pictures."""

    def __init__(self, controller: GenerationController, cost_of: CostOf, slots: Slots) -> None:
        super().__init__(controller)
        self.setObjectName("foresightLoop")
        self._controller, self._cost_of, self._slots = controller, cost_of, slots
        self._session, self._form = controller.session, controller.form
        self._flat: tuple[Bounds, int, Pixels] | None = None
        self._asked = self._looking = False
        self._edition = 0
        self._disconnects: list[Callable[[], object]] = []
        self._due = 0.0
        self.latest: Foresight | None = None

    @property
    def running(self) -> bool:
        """Whether it follows what changes."""
        return bool(self._disconnects)

    @property
    def busy(self) -> bool:
        """Whether something newer than `latest` is on its way."""
        return self._looking

    def start(self) -> None:
        """Looks now, and from now on whenever something changes."""
        if self.running:
            return
        controller, form = self._controller, self._form
        self._disconnects.append(self._session.document.changed.connect(self._document_changed))
        for signal, slot in (
            (form.changed, self._form_changed),
            (form.models_changed, self.look),
            (controller.mode_changed, self.look),
            (controller.context_changed, self.look),
        ):
            signal.connect(slot)
            self._disconnects.append(lambda one=signal, other=slot: one.disconnect(other))
        self.look()

    def stop(self) -> None:
        """Follows nothing any more and forgets the pictures."""
        while self._disconnects:
            self._disconnects.pop()()
        self._flat, self.latest, self._asked = None, None, False

    def look(self) -> None:
        """Says at once where and how far, and soon what it looks like."""
        self._outline()
        self._begin(SOON)

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind in PLACE_KINDS:
            self.look()
        elif change.kind in PIXEL_KINDS and not self._elsewhere(change.bounds):
            self._flat = None
            self._edition += 1
            self._begin(SETTLE)

    def _elsewhere(self, changed: Bounds) -> bool:
        seen = self._flat[0] if self._flat is not None else Bounds(0, 0, 0, 0)
        return not changed.is_empty and not seen.is_empty and changed.intersected(seen).is_empty

    def _form_changed(self, names: set[str]) -> None:
        if names - IDLE_FIELDS:
            self.look()

    # --- looking

    def _wanted(self) -> tuple[GenerationSettings, Terms]:
        """What the one button would be pressed with."""
        info = self._form.model_info()
        terms = Terms(context=self._controller.context_override, wording=self._form.wording)
        settings = replace(self._form.settings, mode=self._controller.mode)
        return settings, replace(terms, limits=limits_of(info)) if info else terms

    def _region(self, settings: GenerationSettings, terms: Terms) -> Region | None:
        """Where it would be; where nothing can be asked says why and gives None."""
        document = self._session.document
        try:
            return find_region(document, self._session.compositor, settings, terms)
        except (PipelineError, CanvasError) as error:
            why = spoken(str(error))
            self._tell(Foresight(self._controller.mode, document.frame, Rim(0, 0, 0), False, False, problem=why))
            return None

    def _outline(self) -> None:
        settings, terms = self._wanted()
        region = self._region(settings, terms)
        if region is None:
            return
        before = self.latest
        if before is None or before.mode is not region.mode:
            self._tell(_foresight(region, terms, None, None))
        else:
            self._tell(_foresight(region, terms, before.sight, before.cost))

    def _begin(self, seconds: float) -> None:
        self._asked, self._due = True, time.monotonic() + seconds
        if not self._looking:
            self._looking = True
            self._slots.start(self._look())

    async def _look(self) -> None:
        try:
            while self._asked and self.running:
                rest = self._due - time.monotonic()
                if rest > 0:
                    await asyncio.sleep(rest)
                    continue
                self._asked = False
                await self._look_once()
        finally:
            self._looking = False

    async def _look_once(self) -> None:
        settings, terms = self._wanted()
        region = self._region(settings, terms)
        if region is None:
            return
        step = step_for(region.bounds)
        try:
            flat = await self._pixels(region, step) if region.needs_pixels else None
            sight = await asyncio.to_thread(foresee, region, flat, settings, terms.limits, step)
        except (PipelineError, CanvasError) as error:
            told = replace(_foresight(region, terms, None, None), problem=spoken(str(error)))
        else:
            info = self._form.model_info()
            told = _foresight(region, terms, sight, self._cost(info, region, sight) if info else None)
        if not self.running:
            return
        newer = self.latest
        if self._asked and newer is not None and newer.mode is told.mode and not newer.problem:
            told = replace(newer, sight=told.sight, cost=told.cost)  # while something is dragged its outline leads
        self._tell(told)

    def _cost(self, info: ModelInfo, region: Region, sight: Sight) -> Cost:
        """With what the words name, and with what the control layers there would be followed with."""
        document, worn = self._session.document, sight.worn
        if region.mode.uses_prompt:
            worn = (*worn, *worn_for_layers(document, region.bounds, region.wording, info.id))
        return self._cost_of(info, sight.work, worn)

    async def _pixels(self, region: Region, step: int) -> Pixels:
        if self._flat is not None and self._flat[:2] == (region.bounds, step):
            return self._flat[2]
        document, compositor, edition = self._session.document, self._session.compositor, self._edition
        if step == 1:
            flat = await gather(document, compositor, region.bounds)
        else:
            flat = await gather_reduced(compositor, region.bounds, step)
        if edition == self._edition:
            self._flat = (region.bounds, step, flat)
        return flat

    def _tell(self, foresight: Foresight) -> None:
        self.latest = foresight
        self.changed.emit(foresight)


def _foresight(region: Region, terms: Terms, sight: Sight | None, cost: Cost | None) -> Foresight:
    selected = not region.selection.is_empty and region.mode is not Mode.BACKGROUND
    by_hand = selected and terms.context is not None
    return Foresight(region.mode, region.bounds, region.rim, selected, by_hand, sight, cost)
