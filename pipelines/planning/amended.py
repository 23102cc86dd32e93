"""What a picture looks like after a part of it was painted over."""

from __future__ import annotations

import numpy as np

from pipelines.contract.request import Pixels
from pipelines.planning.box import Box

_SAME = 2
"""Largest difference of a channel that counts as none: straight alpha is rounded."""


def clipped(box: Box, limits: Box) -> Box | None:
    """The part of `box` that lies in `limits`; None when there is none."""
    left, top = max(box.left, limits.left), max(box.top, limits.top)
    right, bottom = min(box.right, limits.right), min(box.bottom, limits.bottom)
    return Box(left, top, right - left, bottom - top) if right > left and bottom > top else None


def paint_over(image: Pixels, x: int, y: int, pixels: Pixels) -> None:
    """Changes the straight RGBA `image`: `pixels` (h, w, 4, straight) lie over it at (x, y) from now on. What lies
    outside of the image is left out."""
    found = _meeting(image, x, y, pixels)
    if found is None:
        return
    part, over = found
    under = image[part.slices].astype(np.float32)
    above, below = over[..., 3:].astype(np.float32) / 255.0, under[..., 3:] / 255.0
    alpha = above + below * (1.0 - above)
    colour = over[..., :3] * above + under[..., :3] * below * (1.0 - above)
    image[part.slices][..., :3] = np.rint(colour / np.maximum(alpha, 1e-6))
    image[part.slices][..., 3:] = np.rint(alpha * 255.0)


def only_new(image: Pixels, x: int, y: int, pixels: Pixels) -> Pixels:
    """A copy of `pixels` (h, w, 4, straight), transparent where the `image` looks like them at (x, y) already."""
    fresh = pixels.copy()
    found = _meeting(image, x, y, pixels)
    if found is not None:
        part, over = found
        there = image[part.slices].astype(np.int16)
        same = (np.abs(there - over) <= _SAME).all(axis=-1)
        top, left = part.top - y, part.left - x
        fresh[top : top + part.height, left : left + part.width, 3][same] = 0
    return fresh


def _meeting(image: Pixels, x: int, y: int, pixels: Pixels) -> tuple[Box, Pixels] | None:
    """Where image and pixels meet, in the image, and that part of the pixels."""
    whole = Box(0, 0, image.shape[1], image.shape[0])
    part = clipped(Box(x, y, pixels.shape[1], pixels.shape[0]), whole)
    if part is None:
        return None
    return part, pixels[part.top - y : part.bottom - y, part.left - x : part.right - x]
