"""Resampling of premultiplied tiles under a 3x3 matrix: exact where pixels meet pixels, filtered elsewhere.

Coordinates are continuous: pixel (0, 0) covers 0..1. Shrinking reads from mip levels (Williams, "Pyramidal
Parametrics", 1983), kept apart for both axes while there is no perspective, so that nothing is skipped.
Interpolation runs on premultiplied values: an edge never shows the colour of what is transparent.
"""

import math
from collections.abc import Callable, Generator, Sequence
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.geometry import NOTHING, TILE, Bounds, TileKey, tiles_covering

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Corners = Sequence[tuple[float, float]]
TileReader = Callable[[TileKey], Pixels | None]
"Gives the (256, 256, 4) premultiplied pixels of a tile, None where it is empty."

MAX_LEVEL = 8
WIDEST_READ = 2048
"Pixels of a mip level that one tile of the result reads along a side; a coarser level is taken beyond."
CLOSE = 1e-6
FLAT = 1e-9


class Filter(StrEnum):
    """How pixels are interpolated where they do not meet pixels."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    LANCZOS = "lanczos"


_CV = {
    Filter.NEAREST: (cv2.INTER_NEAREST, 1),
    Filter.BILINEAR: (cv2.INTER_LINEAR, 2),
    Filter.BICUBIC: (cv2.INTER_CUBIC, 3),
    Filter.LANCZOS: (cv2.INTER_LANCZOS4, 5),
}
"Filter -> flag of cv2 and how many pixels it reaches, rounded up."


class Pyramid:
    """Tiles, and averages of 2^n x 2^m of their pixels made when they are first asked for."""

    def __init__(self, read: TileReader) -> None:
        self._read = read
        self._small: dict[tuple[TileKey, int, int], Pixels | None] = {}

    def tile(self, key: TileKey, lx: int, ly: int) -> Pixels | None:
        """One tile, (256 >> ly, 256 >> lx, 4), None where it is empty. Do not write into it."""
        if not lx and not ly:
            return self._read(key)
        cached = (key, lx, ly)
        if cached not in self._small:
            full = self._read(key)
            size = (TILE >> lx, TILE >> ly)
            self._small[cached] = None if full is None else _bytes(cv2.resize(full, size, interpolation=cv2.INTER_AREA))
        return self._small[cached]

    def region(self, bounds: Bounds, lx: int, ly: int) -> Pixels | None:
        """(h, w, 4) pixels of a level inside bounds counted in pixels of that level; None where all is empty."""
        width, height = TILE >> lx, TILE >> ly
        out: Pixels | None = None
        for ty in range(bounds.y // height, (bounds.bottom - 1) // height + 1):
            for tx in range(bounds.x // width, (bounds.right - 1) // width + 1):
                tile = self.tile((tx, ty), lx, ly)
                if tile is None:
                    continue
                if out is None:
                    out = np.zeros((bounds.height, bounds.width, 4), np.uint8)
                place = Bounds(tx * width, ty * height, width, height)
                part = place.intersected(bounds)
                out[_slices(part, bounds)] = tile[_slices(part, place)]
        return out


def mapped(matrix: Matrix, points: Corners) -> list[tuple[float, float]]:
    """Points under the matrix. ValueError where one would lie at infinity or behind it."""
    found: list[tuple[float, float]] = []
    for x, y in points:
        w = float(matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2])
        if not w > FLAT:
            raise ValueError("a point lies at infinity")
        found.append(
            (
                float(matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2]) / w,
                float(matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2]) / w,
            )
        )
    return found


def corners(bounds: Bounds) -> list[tuple[float, float]]:
    """The four corners, clockwise from the top left."""
    return [
        (bounds.x, bounds.y),
        (bounds.right, bounds.y),
        (bounds.right, bounds.bottom),
        (bounds.x, bounds.bottom),
    ]


def is_affine(matrix: Matrix) -> bool:
    """Whether parallel lines stay parallel."""
    return bool(abs(matrix[2, 0]) < FLAT and abs(matrix[2, 1]) < FLAT)


def is_exact(matrix: Matrix) -> bool:
    """Whether whole pixels land on whole pixels: moves, flips and quarter turns."""
    linear = matrix[:2, :2]
    whole = np.rint(matrix[:2])
    if not is_affine(matrix) or np.abs(matrix[:2] - whole).max() > CLOSE:
        return False
    ones = np.abs(np.rint(linear))
    return bool((ones.sum(axis=0) == 1).all() and (ones.sum(axis=1) == 1).all())


def clipped(polygon: Corners, area: Bounds) -> list[tuple[float, float]]:
    """The part of a convex polygon inside a rectangle (Sutherland and Hodgman, 1974); empty if they do not meet."""
    points = list(polygon)
    for axis, limit, sign in ((0, area.x, 1), (0, area.right, -1), (1, area.y, 1), (1, area.bottom, -1)):
        kept: list[tuple[float, float]] = []
        for index, now in enumerate(points):
            before = points[index - 1]
            a, b = sign * (before[axis] - limit), sign * (now[axis] - limit)
            if (a < 0) != (b < 0):
                part = a / (a - b)
                kept.append((before[0] + part * (now[0] - before[0]), before[1] + part * (now[1] - before[1])))
            if b >= 0:
                kept.append(now)
        points = kept
        if not points:
            break
    return points


def warp(source: Pyramid, content: Bounds, matrix: Matrix, area: Bounds, how: Filter, step: int = 1) -> Pixels | None:
    """(area.height, area.width, 4) premultiplied pixels of the source under `matrix`; None where it is empty.

    `content` bounds what the source holds. `matrix` maps source to result and keeps all of the content in front
    of the horizon. `step` computes only every step-th pixel both ways and repeats it: a quick look.
    """
    if is_exact(matrix):
        return _moved(source, content, matrix, area)
    reach = content.expanded(1)
    seen = clipped(mapped(matrix, corners(reach)), area.expanded(1))
    if len(seen) < 3:
        return None
    inverse: Matrix = np.linalg.inv(matrix).astype(np.float64)
    inverse = inverse / inverse[2, 2] if abs(inverse[2, 2]) > FLAT else inverse
    if float(inverse[2] @ (*seen[0], 1.0)) < 0:
        inverse = -inverse
    try:
        wanted = Bounds.around(mapped(inverse, seen)).intersected(reach)
    except ValueError:
        wanted = reach
    if wanted.is_empty:
        return None
    size = (-(-area.width // step), -(-area.height // step))
    cells = np.array([[step, 0, area.x], [0, step, area.y], [0, 0, 1]], np.float64)
    sampling = inverse @ cells  # from the result's (coarse) pixels to the source's
    small = _sampled(source, wanted, sampling, size, how)
    if small is None or step == 1:
        return small
    full = np.repeat(np.repeat(small, step, axis=0), step, axis=1)
    return np.ascontiguousarray(full[: area.height, : area.width])


def _moved(source: Pyramid, content: Bounds, matrix: Matrix, area: Bounds) -> Pixels | None:
    """Whole pixels put elsewhere, bit for bit."""
    inverse: Matrix = np.rint(np.linalg.inv(np.rint(matrix))).astype(np.float64)
    there = Bounds.around(mapped(inverse, corners(area)))
    if there.intersected(content).is_empty:
        return None
    found = source.region(there, 0, 0)
    if found is None:
        return None
    if inverse[0, 0] == 0:  # the axes change places
        found = found.transpose(1, 0, 2)
        backwards = (inverse[0, 1] < 0, inverse[1, 0] < 0)
    else:
        backwards = (inverse[1, 1] < 0, inverse[0, 0] < 0)
    return np.ascontiguousarray(found[:: -1 if backwards[0] else 1, :: -1 if backwards[1] else 1])


def _sampled(source: Pyramid, wanted: Bounds, sampling: Matrix, size: tuple[int, int], how: Filter) -> Pixels | None:
    if how is Filter.NEAREST:
        return _level(source, wanted, sampling, size, (how, 0, 0))
    if is_affine(sampling):
        lx, ly = (_level_for(math.hypot(*row)) for row in sampling[:2, :2])
        return _level(source, wanted, sampling, size, (how, lx, ly))
    wanted_levels = _level_map(sampling, size)
    coarse = max(0, math.ceil(math.log2(max(wanted.width, wanted.height, 1) / WIDEST_READ)))
    low = min(max(math.floor(float(wanted_levels.min())), coarse), MAX_LEVEL)
    high = min(max(math.ceil(float(wanted_levels.max())), low), MAX_LEVEL)
    if low == high:
        return _level(source, wanted, sampling, size, (how, low, low))
    levels = np.clip(wanted_levels, low, high)
    total = np.zeros((size[1], size[0], 4), np.float32)
    for level in range(low, high + 1):
        weight = np.clip(1 - np.abs(levels - level), 0, 1).astype(np.float32)
        if weight.any():
            found = _level(source, wanted, sampling, size, (how, level, level))
            if found is not None:
                total += found * weight[..., None]
    return np.rint(total).astype(np.uint8) if total.any() else None


def _level_for(stride: float) -> int:
    """The mip level to read when neighbours of the result are so many source pixels apart."""
    return min(max(round(math.log2(max(stride, FLAT))), 0), MAX_LEVEL)


def _level_map(sampling: Matrix, size: tuple[int, int]) -> NDArray[np.float64]:
    """Per pixel of the result the level that fits its area in the source; (h, w) floats, any sign."""
    xs, ys = np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5
    w = np.abs(sampling[2, 0] * xs[None, :] + sampling[2, 1] * ys[:, None] + sampling[2, 2])
    determinant = max(abs(float(np.linalg.det(sampling))), 1e-12)
    return 0.5 * math.log2(determinant) - 1.5 * np.log2(np.maximum(w, 1e-12))


def _level(
    source: Pyramid, wanted: Bounds, sampling: Matrix, size: tuple[int, int], choice: tuple[Filter, int, int]
) -> Pixels | None:
    """The result read from one mip level."""
    how, lx, ly = choice
    flag, reach = _CV[how]
    left, top = (wanted.x >> lx) - reach, (wanted.y >> ly) - reach
    right, bottom = (wanted.right >> lx) + reach + 1, (wanted.bottom >> ly) + reach + 1
    region = source.region(Bounds(left, top, right - left, bottom - top), lx, ly)
    if region is None:
        return None
    to_level = np.array([[0.5**lx, 0, -left], [0, 0.5**ly, -top], [0, 0, 1]], np.float64)
    if how is Filter.NEAREST:
        return _nearest(region, to_level @ sampling, size)
    middles = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]], np.float64)
    back = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]], np.float64)
    whole = back @ to_level @ sampling @ middles
    if how is Filter.BILINEAR:
        return _bytes(cv2.warpPerspective(region, whole, size, flags=flag | cv2.WARP_INVERSE_MAP, borderValue=0))
    # These two overshoot: in floats the colour keeps its share of the alpha when that is cut to 0..1.
    wide = region.astype(np.float32)
    found = cv2.warpPerspective(wide, whole, size, flags=flag | cv2.WARP_INVERSE_MAP, borderValue=0)
    return _settled(np.asarray(found, np.float32))


def _nearest(region: Pixels, whole: Matrix, size: tuple[int, int]) -> Pixels:
    """The pixel under the middle of each pixel of the result; its own arithmetic, for exact ties."""
    xs, ys = np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5
    x = whole[0, 0] * xs[None, :] + whole[0, 1] * ys[:, None] + whole[0, 2]
    y = whole[1, 0] * xs[None, :] + whole[1, 1] * ys[:, None] + whole[1, 2]
    if not is_affine(whole):
        w = whole[2, 0] * xs[None, :] + whole[2, 1] * ys[:, None] + whole[2, 2]
        w = np.where(np.abs(w) < FLAT, FLAT, w)
        x, y = x / w, y / w
    height, width = region.shape[:2]
    columns, rows = np.floor(x + CLOSE), np.floor(y + CLOSE)
    inside = (columns >= 0) & (rows >= 0) & (columns < width) & (rows < height)
    columns = np.where(inside, columns, 0).astype(np.intp)
    rows = np.where(inside, rows, 0).astype(np.intp)
    found = region[rows, columns]
    found[~inside] = 0
    return found


def _settled(found: NDArray[np.float32]) -> Pixels:
    """Bytes of premultiplied floats 0..255: alpha cut to its range, the colour with it and never above it."""
    alpha = found[..., 3:]
    if float(alpha.max()) > 255:
        found = found * np.minimum(1, 255 / np.maximum(alpha, 1))
        alpha = found[..., 3:]
    return np.rint(np.clip(found, 0, np.clip(alpha, 0, 255))).astype(np.uint8)


def _bytes(found: NDArray[np.generic]) -> Pixels:
    return found.astype(np.uint8, copy=False)


def _slices(part: Bounds, whole: Bounds) -> tuple[slice, slice]:
    top, left = part.y - whole.y, part.x - whole.x
    return slice(top, top + part.height), slice(left, left + part.width)


def warp_mask(
    mask: Pixels, bounds: Bounds, matrix: Matrix, how: Filter
) -> Generator[None, None, tuple[Bounds, Pixels]]:
    """A selection's (h, w) coverage under the matrix, with its new bounds; made tile by tile, as for `warp`.

    Coverage is interpolated linearly unless `how` is nearest: an overshoot would select what was not.
    """
    how = how if how is Filter.NEAREST else Filter.BILINEAR

    def read(key: TileKey) -> Pixels | None:
        place = Bounds(key[0] * TILE, key[1] * TILE, TILE, TILE)
        part = place.intersected(bounds)
        if part.is_empty:
            return None
        tile = np.zeros((TILE, TILE, 4), np.uint8)
        tile[(*_slices(part, place), 3)] = mask[_slices(part, bounds)]
        return tile

    source = Pyramid(read)
    target = target_bounds(bounds, matrix)
    out = np.zeros((max(target.height, 0), max(target.width, 0)), np.uint8)
    for key in tiles_covering(target):
        place = Bounds(key[0] * TILE, key[1] * TILE, TILE, TILE).intersected(target)
        found = warp(source, bounds, matrix, place, how)
        if found is not None:
            out[_slices(place, target)] = found[..., 3]
        yield
    return target, out


def target_bounds(bounds: Bounds, matrix: Matrix) -> Bounds:
    """Whole pixels that may be covered by what lies in the bounds, under the matrix. ValueError as for `mapped`."""
    if bounds.is_empty:
        return NOTHING
    if is_exact(matrix):
        return Bounds.around(mapped(np.rint(matrix), corners(bounds)))
    return Bounds.around(mapped(matrix, corners(bounds))).expanded(1)
