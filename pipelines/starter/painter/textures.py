"""Noise from which paper, ink and mist are made: a small bank built once, cut and scaled on demand."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

FloatMap = NDArray[np.floating[Any]]
"""A float32 array of shape (height, width); the type is wider because numpy's own stubs are."""

_RECIPES: dict[str, tuple[tuple[int, int], list[tuple[int, int]], float, int]] = {
    "soft": ((384, 2304), [(3, 11), (6, 25), (12, 50), (24, 100)], 0.55, 3),
    "brush": ((512, 1536), [(64, 96), (128, 192), (256, 384)], 0.8, 2),
    "fibre": ((512, 2304), [(128, 70), (256, 170), (512, 680)], 0.9, 2),
}


@cache
def texture_bank() -> dict[str, list[FloatMap]]:
    """Return the noise maps by name, values in 0..1; built once per process from fixed seeds."""
    source = np.random.RandomState(11)
    return {
        name: [_fractal(source, size, grids, gain) for _ in range(count)]
        for name, (size, grids, gain, count) in _RECIPES.items()
    }


def _fractal(
    source: np.random.RandomState, size: tuple[int, int], grids: list[tuple[int, int]], gain: float
) -> FloatMap:
    """Sum value noise over `grids` (rows, columns), each weaker than the last by `gain`."""
    height, width = size
    total = np.zeros(size, np.float32)
    amplitude = 1.0
    for rows, columns in grids:
        noise = source.rand(rows, columns).astype(np.float32)
        total += amplitude * cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
        amplitude *= gain
    total -= total.min()
    total /= total.max()
    return total


def cut_texture(rng: random.Random, name: str, height: int, width: int, scale: float = 1.0) -> FloatMap:
    """Return a random (height, width) piece of the named texture, its grain enlarged by `scale`.

    A piece wider than the bank repeats it mirrored, so that there is no edge.
    """
    source = rng.choice(texture_bank()[name])
    flip = rng.random() < 0.5
    rows = min(source.shape[0], max(1, round(height / scale)))
    columns = min(source.shape[1], max(1, round(width / scale)))
    top = rng.randrange(source.shape[0] - rows + 1)
    left = rng.randrange(source.shape[1] - columns + 1)
    piece = source[top : top + rows, left : left + columns]
    if flip:
        piece = piece[:, ::-1]
    wanted_columns = max(1, round(width / scale))
    if wanted_columns > columns:
        piece = np.pad(piece, ((0, 0), (0, wanted_columns - columns)), mode="reflect" if columns > 1 else "edge")
    if piece.shape != (height, width):
        piece = cv2.resize(np.ascontiguousarray(piece), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(piece, np.float32)


def noise_line(rng: random.Random, width: int, period: float, octaves: int = 4, gain: float = 0.5) -> FloatMap:
    """Return smooth noise of shape (width,), about -1..1, whose slowest wave is `period` pixels long."""
    total = np.zeros(width, np.float32)
    amplitude, weight = 1.0, 0.0
    for octave in range(octaves):
        knots = max(4, int(width / period * 2**octave) + 4)
        values = np.array([rng.random() for _ in range(knots)], np.float32)
        total += amplitude * cv2.resize(values[None], (width, 1), interpolation=cv2.INTER_CUBIC)[0]
        weight += amplitude
        amplitude *= gain
    return total / weight * 2 - 1


def smooth_step(low: float, high: float, value: FloatMap | NDArray[np.float64]) -> FloatMap:
    """Return 0 below `low`, 1 above `high` and a smooth ramp between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32, copy=False)
