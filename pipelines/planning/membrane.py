"""What is known at some pixels, spread smoothly over all the others.

A pyramid of ever wider weighted means (pull), then back up, each level filling what the finer one does not know (push),
relaxed a little on the way: nearly the harmonic membrane between the known pixels, at the cost of a few resizes.
After Gortler et al., "The Lumigraph" (1996), and Farbman et al., "Coordinates for instant image cloning" (2009).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
_RELAXATIONS = 2
"""Rounds of averaging with the neighbours at each level."""
_ENOUGH = 1e-3
"""Weight from which a pixel is known at its own level."""


def spread(values: Field, weights: Field) -> Field:
    """(h, w, c) `values` where `weights` (h, w, 0..1) is 1; between weights, mixed with what is around.

    All zeros when nothing is known at all.
    """
    levels = [(values * weights[..., None], weights)]
    while max(levels[-1][1].shape) > 1 and levels[-1][1].min() < 1.0:
        colour, weight = levels[-1]
        size = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        coarse = _as_planes(cv2.resize(colour, size, interpolation=cv2.INTER_AREA), values.shape[2])
        levels.append((coarse, cv2.resize(weight, size, interpolation=cv2.INTER_AREA)))  # type: ignore[arg-type]
    colour, weight = levels.pop()
    known = np.broadcast_to(_mean(colour, weight), colour.shape).astype(np.float32)
    known = _mix(colour, weight, known)
    for colour, weight in reversed(levels):
        height, width = weight.shape
        wider = _as_planes(cv2.resize(known, (width, height), interpolation=cv2.INTER_LINEAR), values.shape[2])
        known = _mix(colour, weight, wider)
        for _ in range(_RELAXATIONS):
            softer = _as_planes(cv2.blur(known, (3, 3), borderType=cv2.BORDER_REPLICATE), values.shape[2])
            known = _mix(colour, weight, softer)
    return known


def _mix(colour: Field, weight: Field, wider: Field) -> Field:
    """What is known here, and `wider` as far as it is not."""
    sure = weight[..., None]
    here = colour / np.maximum(sure, _ENOUGH)
    return (wider + (here - wider) * np.where(sure >= _ENOUGH, np.minimum(sure, 1.0), 0.0)).astype(np.float32)


def _mean(colour: Field, weight: Field) -> Field:
    return colour.reshape(-1, colour.shape[2]).sum(axis=0) / max(float(weight.sum()), 1e-6)


def _as_planes(picture: object, channels: int) -> Field:
    """cv2 drops a last axis of length 1."""
    array = np.asarray(picture, np.float32)
    return array if array.ndim == 3 else array.reshape(*array.shape, channels)
