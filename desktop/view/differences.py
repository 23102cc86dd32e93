"""Two pictures of one region as the amount by which they differ: plain arithmetic for any thread."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.geometry import Bounds
from canvas.tile import FORMAT

Pixels = NDArray[np.uint8]
STRIP = 256
"""Rows that are blended at a time."""


@dataclass(frozen=True)
class Difference:
    """What two pictures of the same region do not share."""

    image: QImage
    "Premultiplied and opaque; black where both are the same."
    largest: int
    "Of all channels of all pixels, 0..255."
    share: float
    "Part of the pixels that are not the same, 0..1."


def laid_over(base: Pixels, region: Bounds, patch: Pixels, bounds: Bounds) -> Pixels:
    """A copy of (h, w, 3) RGB of a region with a straight RGBA patch, which fills `bounds`, over it."""
    out = base.copy()
    both = region.intersected(bounds)
    if both.is_empty:
        return out
    top, left = both.y - bounds.y, both.x - bounds.x
    over = patch[top : top + both.height, left : left + both.width]
    top, left = both.y - region.y, both.x - region.x
    under = out[top : top + both.height, left : left + both.width]
    for row in range(0, both.height, STRIP):
        strip = over[row : row + STRIP]
        alpha = strip[..., 3:].astype(np.uint16)
        mixed = strip[..., :3] * alpha + under[row : row + STRIP] * (255 - alpha)
        under[row : row + STRIP] = (mixed + 127) // 255
    return out


def difference_of(first: Pixels, second: Pixels, gain: float) -> Difference:
    """|first - second| of two (h, w, 3) RGB pictures, every channel multiplied by the gain and cut off at 255."""
    apart = cv2.absdiff(first, second)
    height, width = apart.shape[:2]
    shown = np.empty((height, width, 4), np.uint8)
    shown[..., :3] = cv2.convertScaleAbs(apart, alpha=gain)[..., ::-1]  # the tiles' format is BGRA in memory
    shown[..., 3] = 255
    image = QImage(shown.data, width, height, width * 4, FORMAT).copy()
    changed = float(np.count_nonzero(apart.any(axis=2))) / (height * width)
    return Difference(image, int(apart.max()), changed)
