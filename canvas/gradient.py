"""Gradients: colours along a line, a circle, an angle, computed tile by tile without banding."""

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.geometry import TILE, Bounds
from canvas.tile import FORMAT, words

Rgba = tuple[int, int, int, int]
Field = NDArray[np.float32]
STEPS = 2048
SIDE = 8
LEVELS = SIDE * SIDE


class GradientShape(StrEnum):
    """What the two ends of the drag mean."""

    LINEAR = "linear"
    """From end to end, even beyond them."""
    REFLECTED = "reflected"
    """Away from the first end to both sides."""
    RADIAL = "radial"
    """The first end is the centre, the second lies on the rim."""
    SQUARE = "square"
    """As radial, with a square whose side is cut by the second end."""
    CONICAL = "conical"
    """Once around the first end, clockwise from where the second lies."""


class Repeat(StrEnum):
    """What comes beyond the ends."""

    NONE = "none"
    """The end colours go on."""
    SAWTOOTH = "sawtooth"
    """It begins anew."""
    MIRROR = "mirror"
    """It goes to and fro."""


@dataclass(frozen=True)
class GradientSettings:
    """What a gradient looks like, wherever it lies."""

    first: Rgba
    """Straight, 0..255, at the first end."""
    last: Rgba
    """Straight, 0..255, at the other end."""
    shape: GradientShape = GradientShape.LINEAR
    repeat: Repeat = Repeat.NONE
    dither: bool = True
    """Whether the rounding to 8 bits is spread in a fine pattern, so that no bands show."""


class Gradient:
    """A `canvas.coat.Source`: one gradient between two points of the canvas."""

    def __init__(
        self,
        settings: GradientSettings,
        start: tuple[float, float],
        end: tuple[float, float],
        like: "Gradient | None" = None,
    ) -> None:
        """Both ends in canvas pixels (0, 0 is a corner of a pixel); nearer than a pixel they count as one apart.

        One of the same settings lends its colours.
        """
        self.settings = settings
        self._table = color_steps(settings) if like is None else like._table
        # Kept, because fresh memory of this size costs more than the arithmetic. The type is what numpy indexes with.
        self._index = np.empty((TILE, TILE), np.intp) if like is None else like._index
        self._start = start
        dx, dy = end[0] - start[0], end[1] - start[1]
        self._length = max(math.hypot(dx, dy), 1.0)
        turn = math.atan2(dy, dx)
        self._axis = (math.cos(turn), math.sin(turn))

    def moved(self, start: tuple[float, float], end: tuple[float, float]) -> "Gradient":
        """The same colours between other points, without making them again."""
        return Gradient(self.settings, start, end, self)

    def __call__(self, place: Bounds) -> QImage:
        """The pixels of one tile."""
        field = self.positions(place)
        fold(field, self.settings.repeat)
        field *= STEPS - 1
        field += 0.5
        index = self._index
        np.copyto(index, field, casting="unsafe")
        if self.settings.dither:
            index += _lattice(place.x % SIDE, place.y % SIDE)
        tile = QImage(TILE, TILE, FORMAT)
        self._table.take(index, out=words(tile), mode="clip")  # always inside; "raise" would go through a buffer
        return tile

    def positions(self, place: Bounds) -> Field:
        """(256, 256) positions at pixel centres: 0 at the first end, 1 at the other, unbounded."""
        x = np.arange(TILE, dtype=np.float32) + np.float32(place.x + 0.5 - self._start[0])
        y = np.arange(TILE, dtype=np.float32) + np.float32(place.y + 0.5 - self._start[1])
        (cos, sin), scale = self._axis, 1 / self._length
        shape = self.settings.shape
        along = np.add.outer(y * np.float32(sin * scale), x * np.float32(cos * scale))
        if shape is GradientShape.LINEAR:
            return along
        if shape is GradientShape.REFLECTED:
            return np.abs(along, out=along)
        across = np.add.outer(y * np.float32(cos * scale), x * np.float32(-sin * scale))
        if shape is GradientShape.RADIAL:
            return np.asarray(cv2.magnitude(along, across), np.float32)
        if shape is GradientShape.SQUARE:
            return np.maximum(np.abs(along, out=along), np.abs(across, out=across))
        turns = np.asarray(cv2.phase(along, across), np.float32)
        turns *= np.float32(1 / (2 * math.pi))
        return turns


def fold(field: Field, repeat: Repeat) -> None:
    """Bring positions into 0..1, in place."""
    if repeat is Repeat.SAWTOOTH:
        np.subtract(field, np.floor(field), out=field)
    elif repeat is Repeat.MIRROR:
        field *= 0.5
        field -= np.floor(field)
        field -= 0.5
        np.abs(field, out=field)
        field *= -2
        field += 1
    else:
        np.maximum(field, 0, out=field)
        np.minimum(field, 1, out=field)


def color_steps(settings: GradientSettings) -> NDArray[np.uint32]:
    """Premultiplied 0xAARRGGBB words by position, 2048 steps; with dither 64 rows of them, one per threshold.

    The same threshold serves all channels of a pixel, so that no colour exceeds its alpha.
    """
    straight = (settings.first, settings.last)
    ends = [np.array([*(part * end[3] / 255 for part in end[:3]), end[3]], np.float64) for end in straight]
    share = np.linspace(0, 1, STEPS)[:, None]
    parts = np.clip(ends[0] * (1 - share) + ends[1] * share, 0, 255)
    if not settings.dither:
        return _packed(np.rint(parts))
    thresholds = (np.arange(LEVELS) + 0.5) / LEVELS
    exact = np.rint(parts)
    parts = np.where(np.abs(parts - exact) < 1e-6, exact, parts)
    return np.concatenate([_packed(np.floor(parts + threshold)) for threshold in thresholds])


def _packed(parts: NDArray[np.float64]) -> NDArray[np.uint32]:
    red, green, blue, alpha = (parts[:, at].astype(np.uint32) for at in range(4))
    return (alpha << 24 | red << 16 | green << 8 | blue).astype(np.uint32, copy=False)


@lru_cache(maxsize=LEVELS)
def _lattice(x: int, y: int) -> NDArray[np.intp]:
    """(256, 256) starts of table rows: Bayer's 8 x 8 ordered dither, fixed to the canvas."""
    order = np.roll(_BAYER, (-y, -x), axis=(0, 1))
    return np.tile(order, (TILE // SIDE, TILE // SIDE))


def _bayer() -> NDArray[np.intp]:
    """Bayer's matrix (B. E. Bayer, 1973) times the length of a table row."""
    order = np.zeros((1, 1), np.intp)
    while len(order) < SIDE:
        order = np.block([[4 * order, 4 * order + 2], [4 * order + 3, 4 * order + 1]])
    return (order * STEPS).astype(np.intp)


_BAYER = _bayer()
