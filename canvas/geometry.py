"""Integer geometry of the endless plane: points, bounds, and which tiles they cover. No Qt."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

TILE = 256
TileKey = tuple[int, int]


class Point(NamedTuple):
    """A pixel of the plane, any sign, y down."""

    x: int
    y: int


class PointF(NamedTuple):
    """A position of the plane with fractions; pixel (0, 0) covers 0..1."""

    x: float
    y: float


class Bounds(NamedTuple):
    """A rectangle of whole pixels; empty when width or height is not positive."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column past the rectangle."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row past the rectangle."""
        return self.y + self.height

    @property
    def is_empty(self) -> bool:
        """Whether it covers no pixel."""
        return self.width <= 0 or self.height <= 0

    @property
    def center(self) -> PointF:
        """The middle of the rectangle."""
        return PointF(self.x + self.width / 2, self.y + self.height / 2)

    def intersected(self, other: "Bounds") -> "Bounds":
        """The pixels in both; NOTHING when they do not meet."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        if right <= x or bottom <= y:
            return NOTHING
        return Bounds(x, y, right - x, bottom - y)

    def united(self, other: "Bounds") -> "Bounds":
        """The smallest rectangle around both; an empty one adds nothing."""
        if self.is_empty:
            return NOTHING if other.is_empty else other
        if other.is_empty:
            return self
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Bounds(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def contains(self, other: "Bounds") -> bool:
        """Whether every pixel of the other rectangle lies in this one; an empty one always does."""
        return other.is_empty or self.intersected(other) == other

    def translated(self, dx: int, dy: int) -> "Bounds":
        """The same rectangle somewhere else."""
        return Bounds(self.x + dx, self.y + dy, self.width, self.height)

    def expanded(self, pixels: int) -> "Bounds":
        """Larger by so many pixels on every side (smaller when negative)."""
        if self.is_empty:
            return self
        return Bounds(self.x - pixels, self.y - pixels, self.width + 2 * pixels, self.height + 2 * pixels)

    @staticmethod
    def around(points: Iterable[tuple[float, float]]) -> "Bounds":
        """The smallest whole-pixel rectangle that holds all points; NOTHING for none."""
        listed = list(points)
        if not listed:
            return NOTHING
        xs, ys = [p[0] for p in listed], [p[1] for p in listed]
        x, y = math.floor(min(xs)), math.floor(min(ys))
        return Bounds(x, y, math.ceil(max(xs)) - x, math.ceil(max(ys)) - y)


NOTHING = Bounds(0, 0, 0, 0)


def tiles_covering(bounds: Bounds) -> Iterator[TileKey]:
    """The keys of all tiles that share a pixel with the bounds, row by row."""
    if bounds.is_empty:
        return
    columns = range(bounds.x // TILE, (bounds.right - 1) // TILE + 1)
    for ty in range(bounds.y // TILE, (bounds.bottom - 1) // TILE + 1):
        for tx in columns:
            yield tx, ty


def tile_bounds(key: TileKey) -> Bounds:
    """The pixels of one tile."""
    return Bounds(key[0] * TILE, key[1] * TILE, TILE, TILE)
