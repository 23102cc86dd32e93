"""What of a request's region is painted, and how: all that follows from its numbers, before any model is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pipelines.contract.request import GenerationRequest, Task
from pipelines.planning.box import Box
from pipelines.planning.context import bounds_of, focus
from pipelines.planning.masks import FloatMask, Masks, Rim, make_masks
from pipelines.planning.passes import Pass, plan_passes
from pipelines.planning.sizes import RunLimits


@dataclass(frozen=True, eq=False)
class Scene:
    """The plan of one repaint."""

    crop: Box
    """What the model is shown, region pixels."""
    masks: Masks
    """Of the crop, canvas pixels."""
    known: FloatMask
    """(height, width) of the crop: 1 where something is painted, 0 where the canvas is empty."""
    passes: tuple[Pass, ...]
    """In order; their boxes in pixels of the crop."""


def scene_of(request: GenerationRequest, limits: RunLimits) -> Scene:
    """The plan of an inpaint or outpaint request that `check` has passed; outpaint takes in all empty canvas."""
    assert request.image is not None  # noqa: S101 - `check` has refused the request otherwise
    assert request.mask is not None  # noqa: S101
    alpha = request.image[..., 3]
    selection = np.maximum(request.mask, 255 - alpha) if request.task is Task.OUTPAINT else request.mask
    rim = Rim(request.mask_grow, request.mask_feather, request.mask_blend)
    crop = focus(selection, rim, limits, request.strength)
    selected, known = selection[crop.slices], alpha[crop.slices].astype(np.float32) / 255.0
    masks = make_masks(selected, rim)
    # The rim is there to join painted things: it must not spill over their edge onto empty canvas.
    masks = replace(masks, composite=np.where(selected > 0, masks.composite, masks.composite * known))
    passes = plan_passes(crop.width, crop.height, bounds_of(masks.denoise), limits, request.strength)
    return Scene(crop, masks, known, passes)
