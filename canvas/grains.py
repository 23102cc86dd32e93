"""Paper textures: the relief that lets dry paint catch on the peaks only. Drawn by formulas with fixed seeds."""

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

FloatMask = NDArray[np.float32]
FINE_SIDE, COARSE_SIDE = 512, 256  # of what is drawn; a coarse relief repeats as far apart when it is scaled
SLOPE = 0.6  # how much lower than where all paint stays a valley must be to take none
LEVELS = 4095
MARGIN = 1040  # the largest dab and its rim, so that a window never wraps


def _noise(side: int, seed: int, width: float) -> FloatMask:
    """Wrapping smooth noise, its values evenly spread over 0..1."""
    raw = np.random.default_rng(seed).random((side, side)).astype(np.float32)
    around = np.pad(raw, 64, mode="wrap")
    soft = cv2.GaussianBlur(around, (0, 0), width)[64:-64, 64:-64]
    return _spread(soft.astype(np.float32, copy=False))


def _spread(values: NDArray[np.float32]) -> FloatMask:
    """The same relief with its heights evenly spread over 0..1."""
    low, high = float(values.min()), float(values.max())
    level = ((values - low) * (LEVELS / max(high - low, 1e-6))).astype(np.int32)
    below = np.cumsum(np.bincount(level.ravel(), minlength=LEVELS + 1)) / values.size
    return below.astype(np.float32)[level]


def _paper(side: int) -> FloatMask:
    return _spread((0.6 * _noise(side, 101, 0.9) + 0.4 * _noise(side, 102, 2.6)).astype(np.float32))


def _canvas(side: int) -> FloatMask:
    """Threads over and under each other, a little uneven."""
    at = np.arange(side, dtype=np.float32) * np.float32(2 * np.pi / 8)
    over = np.cos(at)[None, :] * np.ones((side, 1), np.float32)
    under = np.cos(at)[:, None] * np.ones((1, side), np.float32)
    weave = np.where(np.cos(at / 2)[None, :] * np.cos(at / 2)[:, None] > 0, over, under)
    return _spread((weave + 0.9 * (_noise(side, 111, 1.2) - 0.5)).astype(np.float32))


def _speckle(side: int) -> FloatMask:
    return _noise(side, 121, 0.7)


GRAINS: dict[str, Callable[[int], FloatMask]] = {"paper": _paper, "canvas": _canvas, "noise": _speckle}
"""Name -> how it is drawn: (side, side) heights 0..1 that repeat."""


@lru_cache(maxsize=3)
def _relief(name: str, scale: float) -> tuple[int, FloatMask]:
    """The period in pixels, and heights 0..1 with a margin that repeats."""
    side = FINE_SIDE if scale <= 1.25 else COARSE_SIDE
    period = round(side * scale)
    made = GRAINS[name](side)
    if period != side:
        around = np.pad(made, 8, mode="wrap")
        size = round((side + 16) * period / side)
        way = cv2.INTER_AREA if period < side else cv2.INTER_CUBIC
        grown = cv2.resize(around, (size, size), interpolation=way)
        edge = (size - period) // 2
        made = _spread(np.ascontiguousarray(grown[edge : edge + period, edge : edge + period], np.float32))
    full = np.pad(made, ((0, MARGIN), (0, MARGIN)), mode="wrap").astype(np.float32)
    full.flags.writeable = False
    return period, full


def grain_window(name: str, scale: float, x: int, y: int, side: int) -> FloatMask:
    """Heights 0..1, (side, side), under a square of canvas pixels; read-only. `side` is 1040 at most."""
    period, full = _relief(name, round(scale, 2))
    left, top = x % period, y % period
    return full[top : top + side, left : left + side]


def caught(coverage: FloatMask, relief: FloatMask, strength: float) -> FloatMask:
    """What of a dab stays on the paper: everything at strength 0, only what is on the peaks at strength 1."""
    held = relief - np.float32(strength)
    held *= np.float32(1 / SLOPE)
    held += np.float32(1)
    np.clip(held, 0, 1, out=held)
    held *= coverage
    return held
