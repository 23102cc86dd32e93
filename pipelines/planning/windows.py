"""Overlapping windows over a picture too large to be painted in one go, and how their answers are blended."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.planning.box import Box

_LONGEST = 4
"""A window is at most this many times as long as `side` where the picture is narrower than that."""
_LEAST_WEIGHT = 1e-3


def split(length: int, window: int, overlap: int, multiple: int = 1) -> tuple[int, ...]:
    """Where windows of length `window` begin so that they cover 0..length, evenly, neighbours sharing `overlap` at
    least; the first at 0, the last ending with the length. All but the last are multiples of `multiple`, and that one
    is if the lengths are.

    One window at 0 where the length is no longer than it. Raises ValueError unless 0 <= overlap < window.
    """
    if not 0 <= overlap < window:
        raise ValueError(f"An overlap of {overlap} does not suit windows of {window}.")
    if length <= window:
        return (0,)
    room, stride = -(-(length - window) // multiple), max(1, (window - overlap) // multiple)
    last = -(-room // stride)
    return (*(place * room // last * multiple for place in range(last)), length - window)


def windows_of(width: int, height: int, side: int, overlap: int, multiple: int = 8) -> tuple[Box, ...]:
    """Windows of about `side` x `side` that cover width x height, row by row; edges lie on multiples.

    Where the picture is narrower than `side`, windows are longer the other way, their area at most side x side.
    """
    across, down = min(side, width), min(side, height)
    if down < side:
        across = min(width, _LONGEST * side, side * side // down // multiple * multiple)
    elif across < side:
        down = min(height, _LONGEST * side, side * side // across // multiple * multiple)
    overlap = min(overlap, side // 2)
    return tuple(
        Box(left, top, across, down)
        for top in split(height, down, min(overlap, down // 2), multiple)
        for left in split(width, across, min(overlap, across // 2), multiple)
    )


def windows_on(windows: Sequence[Box], mask: NDArray[np.generic]) -> tuple[Box, ...]:
    """The windows with anything above 0 in `mask` (height, width of the picture they cover)."""
    return tuple(window for window in windows if mask[window.slices].any())


def window_weights(window: Box, width: int, height: int, overlap: int) -> NDArray[np.float32]:
    """(window.height, window.width) float32 in 0..1, above 0: what the window's answer counts for in a blend.

    1 in the middle, falling to nearly 0 over `overlap` towards edges inside width x height; edges of the whole count
    fully. Blend by summing weight * answer and dividing by the sum of the weights.
    """
    across = _ramp(window.width, overlap, window.left > 0, window.right < width)
    down = _ramp(window.height, overlap, window.top > 0, window.bottom < height)
    return np.outer(down, across).astype(np.float32)


def _ramp(length: int, overlap: int, at_start: bool, at_end: bool) -> NDArray[np.float32]:
    """Smooth rise from nearly 0 to 1 at the chosen ends."""
    weights = np.ones(length, np.float32)
    width = max(1, min(overlap, length // 2))
    place = (np.arange(width, dtype=np.float32) + 0.5) / width
    rise = np.maximum(place * place * (3.0 - 2.0 * place), _LEAST_WEIGHT)
    if at_start:
        weights[:width] = rise
    if at_end:
        weights[-width:] = np.minimum(weights[-width:], rise[::-1])
    return weights
