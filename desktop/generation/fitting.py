"""Patches that were painted smaller than their place on the canvas, at the size of that place."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def fitted(patch: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """(height, width, 4) straight RGBA of a smaller patch; the same one when it has that size already."""
    if patch.shape[:2] == (height, width):
        return patch
    alpha = patch[..., 3:].astype(np.float32) / 255
    weighted = np.dstack([patch[..., :3] * alpha, alpha * 255])
    large = np.clip(cv2.resize(weighted, (width, height), interpolation=cv2.INTER_CUBIC), 0, 255)
    colours = large[..., :3] * (255 / np.maximum(large[..., 3:], 1))
    result = np.rint(np.clip(np.dstack([colours, large[..., 3:]]), 0, 255)).astype(np.uint8)
    result[result[..., 3] == 0] = 0
    return result
