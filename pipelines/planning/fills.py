"""What stands under the mask before the first step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.contract.request import Fill, Pixels
from pipelines.planning.exemplar import close_hole
from pipelines.planning.masks import FloatMask
from pipelines.planning.membrane import spread

PAPER = (238, 234, 224)
"""What transparent pixels look like to the model when the whole picture is repainted: plain paper."""

_TOUCHED = 0.02
"""From this share on a pixel holds something of what is to be forgotten, and says nothing of what is around it."""


def on_paper(image: Pixels) -> Pixels:
    """Straight RGBA -> RGB with paper behind everything transparent."""
    alpha = image[..., 3:].astype(np.float32) / 255.0
    paper = np.array(PAPER, np.float32)
    return np.rint(image[..., :3] * alpha + paper * (1.0 - alpha)).astype(np.uint8)


def fill_under(rgb: Pixels, unknown: FloatMask, how: Fill, seed: int) -> Pixels:
    """RGB with the pixels under `unknown` (height, width) replaced; partly unknown pixels are mixed.

    `how` must not be ORIGINAL. Deterministic in `seed`, which only NOISE uses.
    """
    if not unknown.any():
        return rgb
    hole = unknown > _TOUCHED
    if how is Fill.NEUTRAL or hole.all():
        fresh = np.full_like(rgb, 128)
    elif how is Fill.BORDER:
        fresh = _continue_border(rgb, hole)
    else:
        fresh = _spread(rgb, hole)
    if how is Fill.NOISE:
        noise = np.random.default_rng(seed).normal(0.0, 48.0, rgb.shape)
        fresh = np.clip(fresh + noise, 0, 255).astype(np.uint8)
    weight = unknown[..., None]
    return np.rint(rgb * (1.0 - weight) + fresh * weight).astype(np.uint8)


def before_and_filled(
    rgb: Pixels, known: FloatMask, forgotten: FloatMask, how: Fill, seed: int
) -> tuple[Pixels, Pixels]:
    """RGB as it was, empty canvas closed from what is painted around it; and the same with the fill under `forgotten`.

    `known` and `forgotten` are (height, width) in 0..1. What is about to be forgotten never comes back out of the
    empty canvas beside it.
    """
    unknown = 1.0 - known
    if how is Fill.ORIGINAL:
        before = fill_under(rgb, unknown, Fill.BORDER, seed)
        return before, before
    empty = bool(unknown.any())
    continued = rgb
    if empty or how is Fill.BORDER:
        continued = fill_under(rgb, np.maximum(unknown, forgotten), Fill.BORDER, seed)
    weight = unknown[..., None]
    before = np.rint(rgb * (1.0 - weight) + continued * weight).astype(np.uint8) if empty else rgb
    return before, continued if how is Fill.BORDER else fill_under(before, forgotten, how, seed)


def _continue_border(rgb: Pixels, hole: NDArray[np.bool_]) -> Pixels:
    """Lets what is around the hole run on into it; where next to nothing is around it, its mean colours."""
    closed = close_hole(rgb.astype(np.float32), hole)
    return _spread(rgb, hole) if closed is None else np.rint(closed).astype(np.uint8)


def _spread(rgb: Pixels, hole: NDArray[np.bool_]) -> Pixels:
    """Fills the hole with ever wider means of what is known."""
    known = spread(rgb.astype(np.float32), (~hole).astype(np.float32))
    return np.clip(np.rint(known), 0, 255).astype(np.uint8)
