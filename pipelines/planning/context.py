"""How much of the surroundings is painted along with a selection."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from pipelines.contract.request import MAX_SIDE, Pixels
from pipelines.planning.box import Box
from pipelines.planning.masks import Rim
from pipelines.planning.sizes import RunLimits

_PLENTY = 2.0
"""How many times as long as needed a region's side may be before only the part around its selection is painted."""
_MIN_SIDE = 256.0
"""A crop smaller than this tells a model too little about its surroundings, canvas pixels."""
_SIDE_STEP = 8
"""Crops keep sides divisible by this, so that most models see them without a second resampling."""


def context_box(selected: Box, rim: Rim, limits: RunLimits, strength: float) -> Box:
    """The region to send along with a selection of these bounds; any place on the canvas, sides multiples of 8.

    Always the selection, its whole rim and a few pixels that stay as they are. The more is painted anew, the more of
    the surroundings: at full strength half the selection's mean side (of large ones less), at least half the model's
    native side, and no shape longer than two to one. At most MAX_SIDE pixels a side, around the selection's middle.
    """
    diagonal, mean = math.hypot(selected.width, selected.height), (selected.width + selected.height) / 2.0
    further = min(0.5 * mean, 0.25 * mean + 0.5 * limits.native) * min(max(strength, 0.0), 1.0)
    pad = rim.reach + _SIDE_STEP + 0.06 * diagonal + further
    least = max(_MIN_SIDE, limits.native / 2.0)
    width, height = max(selected.width + 2 * pad, least), max(selected.height + 2 * pad, least)
    # Very long crops show a model nothing of what is above and below.
    width, height = max(width, height / 2.0), max(height, width / 2.0)
    left, width = _around(selected.left, selected.width, width)
    top, height = _around(selected.top, selected.height, height)
    return Box(left, top, width, height)


def _around(start: int, length: int, wanted: float) -> tuple[int, int]:
    """(start, length) of about `wanted` pixels in whole steps around start..start+length."""
    side = min(math.ceil(wanted / _SIDE_STEP) * _SIDE_STEP, MAX_SIDE)
    return start + (length - side) // 2, side


def focus(selection: Pixels, rim: Rim, limits: RunLimits, strength: float) -> Box:
    """The part of a region (height, width) worth painting: everything, unless it has far more surroundings than needed.

    Then what `context_box` would have chosen, moved inside the region. An empty selection takes everything.
    """
    height, width = selection.shape
    selected = bounds_of(selection)
    if selected is None:
        return Box(0, 0, width, height)
    ideal = context_box(selected, rim, limits, strength)
    left, across = _inside(ideal.left, ideal.width, width)
    top, down = _inside(ideal.top, ideal.height, height)
    return Box(left, top, across, down)


def bounds_of(mask: NDArray[np.generic]) -> Box | None:
    """The smallest box around everything above 0; None when there is nothing."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return None
    top, left = int(rows[0]), int(columns[0])
    return Box(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)


def _inside(start: int, wanted: int, limit: int) -> tuple[int, int]:
    """(start, length) of `wanted` pixels moved into 0..limit; all of it when that is not much more."""
    if limit <= wanted * _PLENTY:
        return 0, limit
    return max(0, min(start, limit - wanted)), wanted
