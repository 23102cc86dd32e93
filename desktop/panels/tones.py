"""How often each tone occurs below an adjustment: counted coarsely, in slices, for the picture behind its handles."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from canvas.geometry import TileKey, tile_bounds, tiles_covering
from canvas.layers import AdjustmentLayer, GroupLayer, Layer, PaintLayer
from canvas.pixels import view
from canvas.render import ops_of, paint, plan
from canvas.tile import new_tile
from desktop.naming import named

Tones = NDArray[np.float64]
"""(4, 256): lightness, red, green, blue, each 0..1 of its highest."""
MOST_TILES = 96
STEP = 4  # every so manyth pixel of a tile, in both directions
WAIT_MS = 120
SLICE_SECONDS = 0.005


class ToneCounter(QObject):
    """Counts what lies below an adjustment layer in its group."""

    counted = Signal()
    """`tones` are new."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("toneCounter")
        self.tones: Tones = np.zeros((4, 256))
        self._layer: AdjustmentLayer | None = None
        self._slices: Iterator[None] | None = None
        self._timer = named(QTimer(self), "timer", singleShot=True)
        self._timer.timeout.connect(self.count_some)

    def count_soon(self, layer: AdjustmentLayer) -> None:
        """Count below this layer a moment after the last change."""
        self._layer, self._slices = layer, None
        self._timer.start(WAIT_MS)

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()
        self._layer = self._slices = None

    def count_some(self) -> None:
        """One slice; the next comes when the window has had its turn."""
        if self._slices is None:
            if self._layer is None or self._layer.parent is None:
                return
            self._slices = self._count(below(self._layer))
        until = time.perf_counter() + SLICE_SECONDS
        for _ in self._slices:
            if time.perf_counter() > until:
                self._timer.start(0)
                return
        self._slices = None
        self.counted.emit()

    def _count(self, layers: list[Layer]) -> Iterator[None]:
        ops = ops_of(layers)
        sums = np.zeros((4, 256))
        for key in some_tiles(layers, MOST_TILES):
            draws = plan(ops, tile_bounds(key))
            if draws:
                tile = new_tile()
                paint(tile, draws)
                sums += count_tones(view(tile)[::STEP, ::STEP])
            yield
        self.tones = shown(sums)


def below(layer: Layer) -> list[Layer]:
    """What an adjustment changes: the layers below it in its group, or the one it is clipped to with its like."""
    if layer.parent is None:
        return []
    found = layer.parent.children[: layer.parent.children.index(layer)]
    if layer.clipped:
        base = next((at for at in range(len(found) - 1, -1, -1) if not found[at].clipped), 0)
        return found[base:]
    return found


def some_tiles(layers: list[Layer], most: int) -> list[TileKey]:
    """Tiles of the plane on which the layers have pixels, evenly thinned to at most so many."""
    keys: set[TileKey] = set()
    for layer in layers:
        for one in (*(layer.walk() if isinstance(layer, GroupLayer) else ()), layer):
            if isinstance(one, PaintLayer) and one.shown:
                stored = one.surface.keys()
                for key in stored:
                    keys.update(tiles_covering(tile_bounds(key).translated(*one.offset)))
    ordered = sorted(keys)
    return ordered[:: max(1, -(-len(ordered) // most))]


def count_tones(pixels: NDArray[np.uint8]) -> Tones:
    """(4, 256) counts of lightness, red, green and blue of premultiplied BGRA pixels; transparent ones count less."""
    alpha = pixels[..., 3].ravel().astype(np.float64)
    seen = alpha > 0
    alpha = alpha[seen]
    blue, green, red = (
        np.minimum(pixels[..., at].ravel()[seen] * (255.0 / alpha) + 0.5, 255).astype(np.uint8) for at in range(3)
    )
    light = (red * 0.299 + green * 0.587 + blue * 0.114 + 0.5).astype(np.uint8)
    return np.stack([np.bincount(channel, alpha, 256).astype(np.float64) for channel in (light, red, green, blue)])


def shown(counts: Tones) -> Tones:
    """Counts as heights 0..1: single spikes (a flat colour) do not make all else vanish."""
    heights = np.sqrt(counts)
    tops = np.maximum(np.sort(heights, axis=1)[:, -4:-3] * 1.25, 1e-9)
    tops = np.where(tops > 1e-6, tops, np.maximum(heights.max(axis=1, keepdims=True), 1e-9))
    return np.minimum(heights / tops, 1.0)
