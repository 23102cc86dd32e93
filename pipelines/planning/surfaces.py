"""Depth and surface normals as control pictures show them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_RELIEF = 1.0
"""How much nearer the nearest place is than the farthest, in longer sides of the picture."""
_FINENESS = 1 / 400
"""Of the longer side: what is finer is no shape."""


def depth_picture(nearness: Floats, painted: NDArray[np.bool_]) -> Floats:
    """(h, w), 0 far to 1 near, of any measure of nearness: the nearest and the farthest painted place are the ends."""
    known = nearness[painted] if painted.any() else nearness
    low, high = float(known.min()), float(known.max())
    if not high > low:
        return np.zeros_like(nearness)
    return np.clip((nearness - low) / (high - low), 0.0, 1.0).astype(np.float32)


def normal_picture(depth: Floats) -> NDArray[np.uint8]:
    """(h, w, 3) of a depth 0..1: red where a surface faces left, green up, blue towards us, as ControlNets learned."""
    side = max(depth.shape)
    soft = cv2.GaussianBlur(depth, (0, 0), max(0.5, side * _FINENESS))
    slope = side * _RELIEF / 8.0
    across = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3) * slope
    down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3) * slope
    normals = np.dstack([across, down, np.ones_like(soft)])
    normals /= np.linalg.norm(normals, axis=2, keepdims=True)
    return np.rint(normals * 127.5 + 127.5).astype(np.uint8)
