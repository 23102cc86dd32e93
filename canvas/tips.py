"""Brush tips: the shapes of dabs, drawn by formulas with fixed seeds, and a dab of any size and angle from them.

A tip is (256, 256) coverage 0..1; its dab is scaled to the brush's diameter, flattened and turned.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

FloatMask = NDArray[np.float32]
SIDE = 256


def _grid() -> tuple[FloatMask, FloatMask]:
    """x and y of every pixel's middle, -1 to 1."""
    steps = ((np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE * 2 - 1).astype(np.float32)
    return np.broadcast_to(steps, (SIDE, SIDE)), np.broadcast_to(steps[:, None], (SIDE, SIDE))


def _rise(inside: FloatMask, width: float = 0.02) -> FloatMask:
    """0 outside to 1 inside, over a rim of this width."""
    return np.clip(inside / width + 0.5, 0, 1).astype(np.float32)


def _cloud(seed: int, grain: float) -> FloatMask:
    """Smooth noise 0..1 with spots of about `grain` pixels, evenly spread over its values."""
    noise = np.random.default_rng(seed).random((SIDE, SIDE)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), grain)
    order = np.empty(SIDE * SIDE, np.float32)
    order[np.argsort(soft, axis=None)] = np.linspace(0, 1, SIDE * SIDE, dtype=np.float32)
    return order.reshape(SIDE, SIDE)


def _round() -> FloatMask:
    x, y = _grid()
    return _rise((0.98 - np.hypot(x, y)).astype(np.float32))


def _square() -> FloatMask:
    x, y = _grid()
    return _rise((0.7 - np.maximum(np.abs(x), np.abs(y))).astype(np.float32))


def _flat() -> FloatMask:
    """A wide flat brush: a rounded bar with faint streaks of hair."""
    x, y = _grid()
    bar = 0.16 - np.hypot(np.maximum(np.abs(x) - 0.8, 0), y)
    streaks = 0.72 + 0.28 * np.repeat(_cloud(11, 2.2)[:1], SIDE, axis=0)
    return (_rise(bar.astype(np.float32), 0.06) * streaks).astype(np.float32)


def _chalk() -> FloatMask:
    x, y = _grid()
    edge = 0.86 + 0.16 * (_cloud(21, 9) - 0.5) - np.maximum(np.hypot(x, y), 1.05 * np.abs(y) + 0.2 * np.abs(x))
    pores = _rise((_cloud(22, 2.4) - 0.36).astype(np.float32), 0.3)
    return (_rise(edge.astype(np.float32), 0.1) * (0.12 + 0.88 * pores)).astype(np.float32)


def _charcoal() -> FloatMask:
    x, y = _grid()
    away = np.hypot(x, y)
    dust = 0.55 * _cloud(31, 1.5) + 0.45 * _cloud(32, 7)
    body = _rise((dust - 0.28 - 0.42 * away**2).astype(np.float32), 0.3)
    return (body * _rise((0.97 - away).astype(np.float32), 0.5)).astype(np.float32)


def _bristle() -> FloatMask:
    """Many separate hairs seen from the end, some thick, some thin."""
    rng = np.random.default_rng(41)
    tip = np.zeros((SIDE, SIDE), np.float32)
    for _ in range(52):
        turn, away = rng.uniform(0, 2 * math.pi), math.sqrt(rng.uniform()) * 0.9
        at = tuple(round((1 + part) * SIDE / 2 * 16) for part in (away * math.cos(turn), away * math.sin(turn)))
        hair = np.zeros((SIDE, SIDE), np.float32)
        cv2.circle(hair, at, round(rng.uniform(2.0, 6.5) * 16), rng.uniform(0.1, 1.0), -1, cv2.LINE_8, 4)
        tip = np.maximum(tip, hair)
    return cv2.GaussianBlur(tip, (0, 0), 1.4).astype(np.float32)


def _splatter() -> FloatMask:
    """One large drop off the middle and many small ones around it."""
    rng = np.random.default_rng(57)
    drops = np.zeros((SIDE * 2, SIDE * 2), np.float32)
    for n in range(46):
        away = 0.1 if n < 2 else 0.92 * rng.uniform() ** 0.7
        turn = rng.uniform(0, 2 * math.pi)
        size = rng.uniform(30, 48) if n < 2 else rng.uniform(4.0, 26) * (1.1 - away)
        at = tuple(round((1 + part) * SIDE * 16) for part in (away * math.cos(turn), away * math.sin(turn)))
        stretch = (round(size * 16), round(size * rng.uniform(0.7, 1.0) * 16))
        cv2.ellipse(drops, at, stretch, math.degrees(turn), 0, 360, 1.0, -1, cv2.LINE_8, 4)
    return cv2.resize(drops, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)


def _leaf() -> FloatMask:
    """A leaf along x with a bright middle rib and side veins, on a short stem."""
    x, y = _grid()
    along = np.clip((x + 0.8) / 1.7, 0, 1)
    half = 0.42 * np.maximum(np.sin(math.pi * along**0.8), 0) ** 0.9 * (1 - 0.35 * along)
    blade = _rise((half - np.abs(y)).astype(np.float32), 0.03) * (x > -0.8)
    rib = np.abs(y) < 0.022 * (1.2 - along)
    veins = (np.mod(along * 8 - np.abs(y) * 5, 1.0) < 0.12) & (np.abs(y) < half * 0.86)
    shade = 1.0 - 0.55 * rib - 0.3 * (veins & ~rib)
    stem = _rise((0.025 - np.abs(y)).astype(np.float32)) * (x > -0.98) * (x < -0.7)
    return np.maximum(blade * shade, stem).astype(np.float32)


def _star() -> FloatMask:
    """Five points."""
    x, y = _grid()
    turn = np.mod(np.arctan2(x, -y), 2 * math.pi / 5) - math.pi / 5
    away = np.hypot(x, y)
    # The edge from an outer point (radius 0.95) to an inner one (0.4), a tenth of a turn apart.
    u, v = away * np.cos(np.abs(turn)), away * np.sin(np.abs(turn))
    ox, oy = 0.95 * math.cos(math.pi / 5), 0.95 * math.sin(math.pi / 5)
    dx, dy = 0.4 - ox, -oy
    inside = (dx * (v - oy) - dy * (u - ox)) / math.hypot(dx, dy)
    return _rise((-inside).astype(np.float32))


TIPS: dict[str, Callable[[], FloatMask]] = {
    "round": _round,
    "square": _square,
    "flat": _flat,
    "chalk": _chalk,
    "charcoal": _charcoal,
    "bristle": _bristle,
    "splatter": _splatter,
    "leaf": _leaf,
    "star": _star,
}
"""Name -> how it is drawn."""


@lru_cache(maxsize=32)
def tip_coverage(name: str, side: int = SIDE) -> FloatMask:
    """(side, side) coverage 0..1 of a tip; read-only. KeyError for a name that is not in TIPS."""
    full = TIPS[name]()
    made = full if side == SIDE else cv2.resize(full, (side, side), interpolation=cv2.INTER_AREA)
    made = np.ascontiguousarray(made, np.float32)
    made.flags.writeable = False
    return made


def shaped_side(size: float) -> int:
    """How many pixels wide and high the array of a turned dab of this diameter is."""
    return math.ceil(size) + 3


def shaped_dab(
    tip: str, size: float, hardness: float, shape: tuple[float, float], middle: tuple[float, float]
) -> FloatMask:
    """Coverage 0..1 of one dab, (n, n). `shape` is roundness (negative is mirrored) and degrees clockwise.

    `middle` says how many pixels (at most a half) the dab's middle is off the array's.
    """
    roundness, degrees = shape
    side = shaped_side(size)
    turn = math.radians(degrees)
    cos, sin = math.cos(turn), math.sin(turn)
    if tip == "round":
        steps = np.arange(side, dtype=np.float32) + np.float32(0.5 - side / 2)
        x, y = (steps - np.float32(middle[0]))[None, :], (steps - np.float32(middle[1]))[:, None]
        across, down = (x * cos + y * sin).astype(np.float32), (y * cos - x * sin).astype(np.float32)
        return _ellipse(across, down, size / 2, abs(roundness), hardness)
    source = SIDE
    while source > 16 and source >= 2 * size:
        source //= 2
    scale = source / max(size, 1.0)
    # Array pixel -> tip pixel, both counted from pixel middles.
    rows = ((cos * scale, sin * scale), (-sin * scale / roundness, cos * scale / roundness))
    matrix = np.empty((2, 3), np.float64)
    half = (side - 1) / 2
    for row, (a, b) in enumerate(rows):
        away = -a * (half + middle[0]) - b * (half + middle[1])
        matrix[row] = (a, b, away + (source - 1) / 2)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    made = cv2.warpAffine(_softened(tip, source, round(hardness, 2)), matrix, (side, side), flags=flags)
    return made.astype(np.float32, copy=False)


def _ellipse(x: FloatMask, y: FloatMask, radius: float, roundness: float, hardness: float) -> FloatMask:
    """A round dab flattened along y; the same edge as `round_dab` where it is round."""
    short = max(radius * roundness, 0.5)
    level = np.hypot(x / radius, y / short)
    slope = np.hypot(x / radius**2, y / short**2) / np.maximum(level, 1e-6)
    slope = np.maximum(slope, 1 / (2 * radius))
    fade = np.maximum((1 - hardness) / slope, 1.0)
    rise = np.clip(((1 - level) / slope + 0.5 / fade) / fade, 0, 1)
    smooth = rise * rise * (3 - 2 * rise)
    return (rise + (smooth - rise) * np.minimum(1.0, fade - 1.0)).astype(np.float32)


@lru_cache(maxsize=64)
def _softened(tip: str, side: int, hardness: float) -> FloatMask:
    """A tip that fades towards its rim where the brush is not fully hard."""
    full = tip_coverage(tip, side)
    if hardness >= 1:
        return full
    steps = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    away = np.hypot(steps[None, :], steps[:, None])
    rise = np.clip((1 - away) / (1 - hardness), 0, 1)
    return (full * rise * rise * (3 - 2 * rise)).astype(np.float32)
