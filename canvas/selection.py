"""Selections: immutable 8-bit coverage over a bounded rectangle of the plane."""

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPolygonF

from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds, TileKey, tile_bounds, tiles_covering
from canvas.pixels import premultiplied, view

Mask = NDArray[np.uint8]
MAX_SIDE = 16384
BLOCK = 1024
"""Growing looks at blocks of this side: those without an edge near them cost next to nothing."""
EDGE_PIXELS = 1.5
"""Over how many pixels a smoothed edge goes from nothing to all."""


class Combine(StrEnum):
    """How a new shape meets the selection that is there."""

    REPLACE = "replace"
    ADD = "add"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"


class Selection:
    """Coverage 0..255 inside the bounds, 0 outside; the bounds are tight around what is covered."""

    __slots__ = ("bounds", "mask")

    def __init__(self, bounds: Bounds, mask: Mask) -> None:
        """Prefer `from_mask`, which trims and checks."""
        mask.flags.writeable = False
        self.bounds = bounds
        self.mask = mask

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is selected."""
        return self.bounds.is_empty

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Selection):
            return NotImplemented
        return self.bounds == other.bounds and np.array_equal(self.mask, other.mask)

    def __hash__(self) -> int:
        return hash(self.bounds)

    @staticmethod
    def none() -> "Selection":
        """Nothing selected."""
        return Selection(NOTHING, np.zeros((0, 0), np.uint8))

    @staticmethod
    def from_mask(bounds: Bounds, mask: Mask) -> "Selection":
        """From (h, w) coverage; the empty margins are cut off and the rest is copied."""
        if mask.shape != (bounds.height, bounds.width) or mask.dtype != np.uint8:
            raise CanvasError(
                f"A selection of {bounds.width} x {bounds.height} pixels needs a mask of that size in bytes, "
                f"not {mask.shape[::-1]} of {mask.dtype}."
            )
        x, y, width, height = cv2.boundingRect(np.ascontiguousarray(mask)) if mask.size else (0, 0, 0, 0)
        if width == 0 or height == 0:
            return Selection.none()
        tight = Bounds(bounds.x + x, bounds.y + y, width, height)
        _check_size(tight)
        return Selection(tight, mask[y : y + height, x : x + width].copy())

    @staticmethod
    def rectangle(bounds: Bounds) -> "Selection":
        """Every pixel of the bounds, fully."""
        if bounds.is_empty:
            return Selection.none()
        _check_size(bounds)
        return Selection(bounds, np.full((bounds.height, bounds.width), 255, np.uint8))

    @staticmethod
    def polygon(points: Sequence[tuple[float, float]], antialias: bool = True) -> "Selection":
        """The inside of a closed outline; where it crosses itself, everything it goes around."""
        if len(points) < 3:
            return Selection.none()
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
        path.closeSubpath()
        return _filled(path, Bounds.around(points), antialias)

    @staticmethod
    def ellipse(bounds: Bounds, antialias: bool = True) -> "Selection":
        """The ellipse that touches the four sides of the bounds."""
        path = QPainterPath()
        path.addEllipse(QRectF(*bounds))
        return _filled(path, bounds, antialias)

    @staticmethod
    def from_alpha(x: int, y: int, image: QImage) -> "Selection":
        """What is opaque in an image whose top left corner is at canvas pixel (x, y); half where half transparent."""
        if image.isNull():
            return Selection.none()
        same = premultiplied(image)
        return Selection.from_mask(Bounds(x, y, same.width(), same.height()), view(same)[..., 3])

    def coverage(self, bounds: Bounds) -> Mask:
        """(h, w) coverage of any rectangle, 0 outside the selection; a new array."""
        out = np.zeros((max(bounds.height, 0), max(bounds.width, 0)), np.uint8)
        both = self.bounds.intersected(bounds)
        if not both.is_empty:
            out[_slices(both, bounds)] = self.mask[_slices(both, self.bounds)]
        return out

    def translated(self, dx: int, dy: int) -> "Selection":
        """The same shape somewhere else."""
        return self if self.is_empty else Selection(self.bounds.translated(dx, dy), self.mask)

    def combined(self, other: "Selection", how: Combine) -> "Selection":
        """This selection and another shape put together."""
        if how is Combine.REPLACE:
            return other
        if how is Combine.INTERSECT:
            both = self.bounds.intersected(other.bounds)
            return Selection.from_mask(both, np.minimum(self.coverage(both), other.coverage(both)))
        if how is Combine.SUBTRACT:
            kept = np.minimum(self.mask, 255 - other.coverage(self.bounds))
            return Selection.from_mask(self.bounds, kept)
        whole = self.bounds.united(other.bounds)
        _check_size(whole)
        return Selection.from_mask(whole, np.maximum(self.coverage(whole), other.coverage(whole)))

    def inverted(self, within: Bounds) -> "Selection":
        """Everything in the bounds that was not selected; nothing outside them."""
        if within.is_empty:
            return Selection.none()
        _check_size(within)
        return Selection.from_mask(within, 255 - self.coverage(within))

    def brushed(self, dabs: Mapping[TileKey, Mask], adds: bool) -> "Selection":
        """With painted coverage, (256, 256) under canvas tile keys, laid over it: selected more, or less."""
        painted = {key: mask for key, mask in dabs.items() if mask.any()}
        if not adds:
            painted = {key: mask for key, mask in painted.items() if not self._at(tile_bounds(key)).is_empty}
        if not painted:
            return self
        whole = self.bounds
        for key in painted if adds else ():
            whole = whole.united(tile_bounds(key))
        out = self.coverage(whole)
        for key, mask in painted.items():
            part = tile_bounds(key).intersected(whole)
            target = out[_slices(part, whole)]
            over = mask[_slices(part, tile_bounds(key))]
            mixed = _toward(target, over, 255 if adds else 0)
            out[_slices(part, whole)] = mixed
        return Selection.from_mask(whole, out)

    def tiles(self) -> dict[TileKey, Mask]:
        """The coverage cut into (256, 256) tiles under canvas tile keys; tiles without any are left out."""
        found = {key: self.coverage(tile_bounds(key)) for key in tiles_covering(self.bounds)}
        return {key: mask for key, mask in found.items() if mask.any()}

    def contains(self, x: float, y: float) -> bool:
        """Whether the pixel at a canvas position is at least half selected."""
        return bool(self.coverage(Bounds(math.floor(x), math.floor(y), 1, 1))[0, 0] > 127)

    def _at(self, bounds: Bounds) -> Bounds:
        return self.bounds.intersected(bounds)

    def feathered(self, radius: float) -> "Selection":
        """With an edge that fades over about `radius` pixels to either side (a Gaussian of half that)."""
        if self.is_empty or radius <= 0:
            return self
        sigma = radius / 2
        pad = math.ceil(3 * sigma) + 2
        wide = self.bounds.expanded(pad)
        _check_size(wide)
        return Selection.from_mask(wide, _blurred(self.coverage(wide), sigma))

    def grown(self, pixels: int) -> "Selection":
        """Larger by so many pixels all around, round at corners; smaller when negative."""
        if self.is_empty or pixels == 0:
            return self
        wide = self.bounds.expanded(max(pixels, 0) + 1)
        _check_size(wide)
        mask = self.coverage(wide)
        out = np.empty_like(mask)
        reach = abs(pixels) + 2
        for top in range(0, wide.height, BLOCK):
            for left in range(0, wide.width, BLOCK):
                rows = slice(max(top - reach, 0), top + BLOCK + reach)
                columns = slice(max(left - reach, 0), left + BLOCK + reach)
                moved = _moved_edge(mask[rows, columns], pixels)
                inner = moved[top - rows.start : top - rows.start + BLOCK, left - columns.start :]
                out[top : top + BLOCK, left : left + BLOCK] = inner[:, :BLOCK]
        return Selection.from_mask(wide, out)

    def smoothed(self, radius: float) -> "Selection":
        """Without corners, dents and specks smaller than about `radius` pixels; the edge becomes sharp.

        A Gaussian takes the small forms away, and a steep curve through its middle brings the edge back.
        """
        if self.is_empty or radius <= 0:
            return self
        sigma = radius / 2
        wide = self.bounds.expanded(math.ceil(3 * sigma) + 2)
        _check_size(wide)
        gain = max(1.0, sigma * math.sqrt(2 * math.pi) / EDGE_PIXELS)
        curve = np.clip((np.arange(256) - 127.5) * gain + 127.5, 0, 255).astype(np.uint8)
        return Selection.from_mask(wide, cv2.LUT(_blurred(self.coverage(wide), sigma), curve).astype(np.uint8))

    def bordered(self, width: int) -> "Selection":
        """Only a band of `width` pixels along the edge, half of it outside."""
        if self.is_empty or width <= 0:
            return self
        outer = self.grown(width - width // 2)
        return outer.combined(self.grown(-(width // 2)), Combine.SUBTRACT)


def _check_size(bounds: Bounds) -> None:
    if max(bounds.width, bounds.height) > MAX_SIDE:
        raise CanvasError(
            f"A selection may be at most {MAX_SIDE} pixels wide and high; this one would be "
            f"{bounds.width} x {bounds.height}. Select a smaller area."
        )


def _slices(part: Bounds, whole: Bounds) -> tuple[slice, slice]:
    top, left = part.y - whole.y, part.x - whole.x
    return slice(top, top + part.height), slice(left, left + part.width)


def _moved_edge(mask: Mask, pixels: int) -> Mask:
    """A part of a mask grown or shrunk; exact where it goes on for more pixels than that on every side."""
    low, high = int(mask.min()), int(mask.max())
    if low == high and low in (0, 255):
        return mask
    if pixels > 0:
        away = cv2.distanceTransform(_inside(mask, invert=True), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        return cv2.max(mask, _ramp(away, pixels + 1, falls=True)).astype(np.uint8, copy=False)
    deep = cv2.distanceTransform(_inside(mask), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return cv2.min(mask, _ramp(deep, -pixels, falls=False)).astype(np.uint8, copy=False)


def _ramp(distance: NDArray[Any], limit: int, falls: bool) -> Mask:
    """255 to 0 over the last pixel before a distance, or 0 to 255 over the first pixel after it."""
    cut = np.minimum if falls else np.maximum
    cut(distance, limit, out=distance)
    scale = -255.0 if falls else 255.0
    return cv2.convertScaleAbs(distance, alpha=scale, beta=-scale * limit).astype(np.uint8, copy=False)


def _toward(mask: Mask, over: Mask, goal: int) -> Mask:
    """Coverage moved towards 0 or 255 by a share of 0..255 per pixel, rounded to the nearest."""
    left = 255 - over.astype(np.uint16)
    rest = (255 - mask if goal else mask) * left
    kept = ((rest + 127) // 255).astype(np.uint8)
    return 255 - kept if goal else kept


def _inside(mask: Mask, invert: bool = False) -> Mask:
    """1 where at least half covered (or, inverted, where less), for the distance transform."""
    kind = cv2.THRESH_BINARY_INV if invert else cv2.THRESH_BINARY
    return cv2.threshold(mask, 127, 1, kind)[1].astype(np.uint8, copy=False)


def _filled(path: QPainterPath, bounds: Bounds, antialias: bool) -> Selection:
    if bounds.is_empty:
        return Selection.none()
    _check_size(bounds)
    image = QImage(bounds.width, bounds.height, QImage.Format.Format_Grayscale8)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, antialias)
        painter.translate(-bounds.x, -bounds.y)
        painter.fillPath(path, Qt.GlobalColor.white)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(bounds.height, image.bytesPerLine())
    return Selection.from_mask(bounds, rows[:, : bounds.width])


def _blurred(mask: Mask, sigma: float) -> Mask:
    """Three box blurs come within 3 % of a Gaussian; a wide one is done at an eighth of the size."""
    if sigma >= 16:
        height, width = mask.shape
        even = cv2.copyMakeBorder(mask, 0, -height % 8, 0, -width % 8, cv2.BORDER_CONSTANT, value=[0])
        eighth = (even.shape[1] // 8, even.shape[0] // 8)
        small = cv2.resize(even, eighth, interpolation=cv2.INTER_AREA).astype(np.uint8)
        soft = cv2.resize(_boxes(small, sigma / 8), (even.shape[1], even.shape[0]), interpolation=cv2.INTER_LINEAR)
        return np.ascontiguousarray(soft[:height, :width]).astype(np.uint8)
    if sigma < 4:  # boxes of whole pixels are too coarse here
        return cv2.GaussianBlur(mask, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT).astype(np.uint8)
    return _boxes(mask, sigma)


def _boxes(mask: Mask, sigma: float) -> Mask:
    side = max(1, round((math.sqrt(4 * sigma * sigma + 1) - 1) / 2)) * 2 + 1
    for _ in range(3):
        mask = cv2.blur(mask, (side, side), borderType=cv2.BORDER_CONSTANT).astype(np.uint8)
    return mask
