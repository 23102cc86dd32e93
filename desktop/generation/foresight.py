"""What the model will see, before it is asked: the very region, rim, masks, fill and passes that a request gets."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from canvas.geometry import Bounds
from canvas.selection import Selection
from desktop.generation.capture import Region, freeze
from desktop.generation.form import GenerationSettings
from desktop.generation.modes import Mode
from desktop.generation.worn import worn_by
from pipelines.contract.request import Fill, GenerationRequest, Pixels, Task
from pipelines.planning.beside import Worn
from pipelines.planning.box import Box
from pipelines.planning.context import bounds_of, focus
from pipelines.planning.cost import Cost, Work, passes_of, work_of
from pipelines.planning.fills import before_and_filled, on_paper
from pipelines.planning.masks import Masks, Rim, make_masks
from pipelines.planning.passes import Pass, plan_passes
from pipelines.planning.scene import Scene, scene_of
from pipelines.planning.sizes import RunLimits
from pipelines.planning.steps import steps_run

MOST_SIDE = 1024
"""Longest side of what is computed, pixels; larger regions are looked at reduced."""
LEAST_SIDE = 16
COARSEST = 8
"""Regions have sides divisible by this, so that reduced pixels are whole blocks."""


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
