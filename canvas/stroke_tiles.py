"""The float tiles of a stroke: what it lets through, and, where dabs differ in colour, their colour.

What a stroke lets through is a product (build-up) or a minimum (wash) over its dabs, kept as float32:
with 8 bits, many faint dabs would end at the wrong colour.
"""

from collections.abc import Callable

import cv2
import numpy as np

from canvas.brush import FloatMask
from canvas.geometry import TILE, TileKey, tile_bounds
from canvas.selection import Selection

Slices = tuple[slice, slice]


class StrokeTiles:
    """Transmittance 1..0 by layer-local tile, and straight colour 0..1 beside it if asked for."""

    def __init__(self, selection: Selection, build_up: bool, colored: bool, wanted: Callable[[TileKey], bool]) -> None:
        """`selection` in layer pixels; `wanted` says whether painting on a tile can do anything at all."""
        self._selection = selection
        self._merge = cv2.multiply if build_up else cv2.min
        self._colored = colored
        self._wanted = wanted
        self._clear: dict[TileKey, FloatMask] = {}
        self._colors: dict[TileKey, FloatMask] = {}
        self._coverage: dict[TileKey, FloatMask | None] = {}
        self._refused: set[TileKey] = set()

    def forget(self) -> None:
        """Drop everything."""
        self._clear.clear()
        self._colors.clear()

    def lay(
        self, dab: FloatMask, left: int, top: int, touched: set[TileKey], color: tuple[float, float, float] | None
    ) -> None:
        """Lay (n, n) factors down at layer pixels; `touched` gains the keys of the tiles that it met."""
        right, bottom = left + dab.shape[1], top + dab.shape[0]
        for ty in range(top >> 8, (bottom + 255) >> 8):
            for tx in range(left >> 8, (right + 255) >> 8):
                key = (tx, ty)
                clear = self._clear.get(key)
                if clear is None:
                    clear = self._new_tile(key)
                    if clear is None:
                        continue
                touched.add(key)
                x, y = tx << 8, ty << 8
                if x <= left and y <= top and right <= x + TILE and bottom <= y + TILE:
                    part = clear[top - y : bottom - y, left - x : right - x]
                    self._merge(part, dab, part)
                    if color is not None:
                        self._mix(key, (slice(top - y, bottom - y), slice(left - x, right - x)), dab, color)
                    return
                x0, y0, x1, y1 = max(left, x), max(top, y), min(right, x + TILE), min(bottom, y + TILE)
                part = clear[y0 - y : y1 - y, x0 - x : x1 - x]
                piece = dab[y0 - top : y1 - top, x0 - left : x1 - left]
                self._merge(part, piece, part)
                if color is not None:
                    self._mix(key, (slice(y0 - y, y1 - y), slice(x0 - x, x1 - x)), piece, color)

    def covered(self, key: TileKey, area: Slices) -> FloatMask:
        """Coverage 0..1 of a part of a tile that was touched, with the selection; a new array."""
        covered = np.subtract(np.float32(1.0), self._clear[key][area])
        allowed = self._coverage.get(key)
        if allowed is not None:
            covered *= allowed[area]
        return covered

    def colors(self, key: TileKey, area: Slices) -> FloatMask:
        """Straight red, green, blue 0..1 of a part of a tile that was touched, (h, w, 3)."""
        return self._colors[key][area]

    def _mix(self, key: TileKey, area: Slices, dab: FloatMask, color: tuple[float, float, float]) -> None:
        """The colour moves towards the dab's as far as the dab makes up what is there now.

        For build-up this is exactly "source over": c' = (c a (1 - s) + d s) / a' = c + (d - c) s / a'.
        """
        colors = self._colors[key][area]
        whole = np.subtract(np.float32(1.0), self._clear[key][area])
        share = np.subtract(np.float32(1.0), dab)
        share /= np.maximum(whole, np.float32(1e-6), out=whole)
        np.minimum(share, 1.0, out=share)
        colors += (np.array(color, np.float32) - colors) * share[..., None]

    def _new_tile(self, key: TileKey) -> FloatMask | None:
        """Fresh tiles for a key, or None where painting can do nothing, or the selection lets nothing through."""
        if key in self._refused:
            return None
        if not self._wanted(key):
            self._refused.add(key)
            return None
        if not self._selection.is_empty:
            covered = self._selection.coverage(tile_bounds(key)).astype(np.float32)
            covered *= 1 / 255
            if not covered.any():
                self._refused.add(key)
                return None
            self._coverage[key] = covered
        clear = self._clear[key] = np.ones((TILE, TILE), np.float32)
        if self._colored:
            self._colors[key] = np.zeros((TILE, TILE, 3), np.float32)
        return clear
