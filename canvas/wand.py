"""Selecting by colour: which pixels look alike, and which of them hang together.

Coverage is (h, w) of uint8, pixels are (h, w, 4) premultiplied in any one order of channels. Everything here is
numpy and OpenCV without Qt, so that it may run in a thread.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.selection import Mask

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int, int]
SOFT_EDGE = 0.6
"""Pixels: the blur that takes the steps out of an edge."""


def alike(pixels: Pixels, colour: Colour, tolerance: int, softness: int = 0) -> Mask:
    """255 where no channel differs from the colour by more than the tolerance (0..255).

    With softness, coverage falls to 0 over so many further steps of difference.
    """
    if softness <= 0:
        low = tuple(part - tolerance for part in colour)
        high = tuple(part + tolerance for part in colour)
        return cv2.inRange(pixels, low, high).astype(np.uint8, copy=False)
    off = cv2.absdiff(pixels, np.array(colour, np.float64)).astype(np.uint8, copy=False)
    furthest = np.maximum.reduce(cv2.split(off))
    steps = np.arange(256)
    fall = np.clip(255 * (tolerance + softness + 1 - steps) / (softness + 1), 0, 255).astype(np.uint8)
    return cv2.LUT(furthest, fall).astype(np.uint8, copy=False)


def connected(mask: Mask, seed: tuple[int, int], gap: int = 0) -> Mask:
    """The part of a mask of 0 and 255 that hangs together with the seed (x, y), sides touching.

    With `gap`, openings narrower than about so many pixels count as closed: the area is thinned, filled, and
    widened again inside the mask. A seed in too narrow a place is filled without that.
    """
    if not mask[seed[1], seed[0]]:
        return np.zeros_like(mask)
    if gap > 0:
        side = gap | 1
        box = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
        border = (255.0,) * 4
        thin = cv2.erode(mask, box, borderType=cv2.BORDER_CONSTANT, borderValue=border).astype(np.uint8, copy=False)
        start = _nearest(thin, seed, side)
        if start is not None:
            core = _flooded(thin, start)
            wide = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side + 2, side + 2))
            return cv2.bitwise_and(cv2.dilate(core, wide), mask).astype(np.uint8, copy=False)
    return _flooded(mask, seed)


def antialiased(mask: Mask) -> Mask:
    """The same shape with an edge that is soft over about a pixel."""
    return cv2.GaussianBlur(mask, (3, 3), SOFT_EDGE, borderType=cv2.BORDER_REPLICATE).astype(np.uint8, copy=False)


def _flooded(mask: Mask, seed: tuple[int, int]) -> Mask:
    reached = np.zeros((mask.shape[0] + 2, mask.shape[1] + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
    cv2.floodFill(mask, reached, seed, (0.0,), (0.0,), (0.0,), flags)
    return np.ascontiguousarray(reached[1:-1, 1:-1])


def _nearest(mask: Mask, seed: tuple[int, int], reach: int) -> tuple[int, int] | None:
    """The pixel of the mask nearest to a place, within a square of `reach` around it."""
    left, top = max(seed[0] - reach, 0), max(seed[1] - reach, 0)
    rows, columns = np.nonzero(mask[top : seed[1] + reach + 1, left : seed[0] + reach + 1])
    if not len(rows):
        return None
    away = (rows + top - seed[1]) ** 2 + (columns + left - seed[0]) ** 2
    best = int(away.argmin())
    return int(columns[best]) + left, int(rows[best]) + top
