"""Which part of a picture is worth describing, and how large it is sent."""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.contract.request import Pixels

MOST_SIDE = 1536
"""Pixels; captioning models look at 384 to 768 a side."""


def worth_describing(rgba: Pixels, most: int = MOST_SIDE) -> Pixels:
    """Of a straight (h, w, 4) picture what is painted, without the empty rim, made smaller where a side has more than
    `most` pixels. A picture without anything on it stays as it is."""
    rows, columns = (np.flatnonzero(rgba[..., 3].any(axis=axis)) for axis in (1, 0))
    if rows.size and columns.size:
        rgba = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = rgba.shape[:2]
    if max(height, width) <= most:
        return np.ascontiguousarray(rgba)
    factor = most / max(height, width)
    return smaller(rgba, max(1, round(width * factor)), max(1, round(height * factor)))


def smaller(rgba: Pixels, width: int, height: int) -> Pixels:
    """A straight RGBA picture with fewer pixels, each the mean of those it stands for."""
    # Premultiplied, or colours under transparent pixels would bleed into the rim.
    alpha = rgba[..., 3:].astype(np.float32) / 255.0
    small = cv2.resize(np.dstack([rgba[..., :3] * alpha, alpha]), (width, height), interpolation=cv2.INTER_AREA)
    colour = small[..., :3] / np.maximum(small[..., 3:], 1e-6)
    return np.dstack([colour, small[..., 3:] * 255.0]).round().clip(0, 255).astype(np.uint8)
