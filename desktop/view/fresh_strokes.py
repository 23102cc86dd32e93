"""What was painted since a picture was begun, shown on top of the picture until the next one knows of it.

A picture that hides the stroke under the pen cannot be painted on. So the canvas itself is drawn over it, as far as it
looks different from what the picture was made of, in small cells that are looked at again when they are touched.
"""

from __future__ import annotations

import time

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer

from canvas.compositor import Compositor
from canvas.geometry import Bounds, tile_bounds, tiles_covering
from canvas.pixels import from_rgba, put_on_paper, to_rgba, view
from desktop.naming import named
from desktop.pieces import pieces
from desktop.view.painted_view import PaintedView

CELL = 64
"""Side of a cell in pixels of the picture's level."""
FRAME_MS = 16
SLICE_SECONDS = 0.004
"""Cells are looked at for so long in one go."""
LEAST, FULL = 6, 22
"""Difference of a colour, 0..255, from which a pixel counts as painted, and at which it is wholly shown."""


def pixels_on_paper(compositor: Compositor, area: Bounds, level: int = 0) -> NDArray[np.uint8]:
    """(height, width, 3) RGB of an area of the picture on its paper, the stroke under the pen included.

    `area` counts pixels of the canvas / 2^level.
    """
    paper = compositor.paper
    found = np.empty((area.height, area.width, 3), np.uint8)
    found[:] = (paper.red(), paper.green(), paper.blue())
    if compositor.shows_apart:  # what the painter sees is not what the picture is
        rgba = to_rgba(compositor.picture(area, level))
        put_on_paper(rgba, (paper.red(), paper.green(), paper.blue()))
        return rgba[..., :3]
    for key in tiles_covering(area):
        image = compositor.tile(key, level)
        if image is not None:
            tile = tile_bounds(key)
            part = tile.intersected(area)
            source = view(image)[part.y - tile.y : part.bottom - tile.y, part.x - tile.x : part.right - tile.x]
            top, left = part.y - area.y, part.x - area.x
            found[top : top + part.height, left : left + part.width] = source[..., 2::-1]
    return found


class FreshStrokes(QObject):
    """Cells of the canvas over a picture of it. `name` tells them from those of other pictures."""

    def __init__(self, painted: PaintedView, name: str, layer: int, parent: QObject | None = None) -> None:
        """`layer` is the place among the previews of the view: higher lies on top."""
        super().__init__(parent)
        self._view, self._compositor, self._name, self._layer = painted, painted.compositor, name, layer
        self._area, self._level = Bounds(0, 0, 0, 0), 0
        self._base: NDArray[np.uint8] | None = None
        self._shown: set[Bounds] = set()
        self._waiting: dict[Bounds, None] = {}
        self._hidden = False
        self._timer = named(QTimer(self), "freshStrokesTimer", singleShot=True, interval=FRAME_MS)
        self._timer.timeout.connect(self._look)

    def begin(self, area: Bounds, base: NDArray[np.uint8], level: int = 0, touched: Bounds | None = None) -> None:
        """Another picture stands there, made of `base`, (h, w, 3) RGB of `area` in canvas pixels / 2^level.

        `touched` is what changed, in canvas pixels, since `base` was taken.
        """
        old, self._area, self._level, self._base = self._shown, area, level, base
        self._waiting = {}
        if touched is not None:
            self.touch(touched)
        self._shown = {cell for cell in old if cell in self._waiting}  # they stay until they are looked at
        for cell in old - self._shown:
            self._view.set_preview(cell, None, key=(self._name, cell))

    def rebase(self, box: Bounds, base: NDArray[np.uint8]) -> None:
        """The picture knows of this part by now: (h, w, 3) RGB of `box` in canvas pixels. At level 0 only."""
        area = self._area
        if self._base is not None and self._level == 0:
            self._base[box.y - area.y : box.bottom - area.y, box.x - area.x : box.right - area.x] = base
            self.touch(box)

    def end(self) -> None:
        """No picture stands there any more."""
        self._timer.stop()
        self._base, self._waiting = None, {}
        for cell in self._shown:
            self._view.set_preview(cell, None, key=(self._name, cell))
        self._shown = set()

    @property
    def shown(self) -> frozenset[Bounds]:
        """Cells with fresh strokes, canvas pixels."""
        return frozenset(self._shown)

    def touch(self, bounds: Bounds) -> None:
        """The canvas may look different there, canvas pixels; it is looked at with the next frame."""
        if self._base is None:
            return
        size = 1 << self._level
        box = Bounds.around([(bounds.x / size, bounds.y / size), (bounds.right / size, bounds.bottom / size)])
        for cell in pieces(box.intersected(self._area), CELL):
            whole = Bounds(cell.x // CELL * CELL, cell.y // CELL * CELL, CELL, CELL).intersected(self._area)
            self._waiting[_scaled(whole, size)] = None
        if self._waiting and not self._timer.isActive():
            self._timer.start()

    def _look(self) -> None:
        began = time.perf_counter()
        while self._waiting and time.perf_counter() - began < SLICE_SECONDS:
            self._look_at(next(iter(self._waiting)))
        if self._waiting:
            self._timer.start()

    def _look_at(self, cell: Bounds) -> None:
        del self._waiting[cell]
        assert self._base is not None  # noqa: S101 - `end` forgets what waits
        step, area = 1 << self._level, self._area
        part = Bounds(cell.x // step, cell.y // step, cell.width // step, cell.height // step)
        before = self._base[part.y - area.y : part.bottom - area.y, part.x - area.x : part.right - area.x]
        coverage = changed_coverage(before, pixels_on_paper(self._compositor, part, self._level))
        key = (self._name, cell)
        if not coverage.any():
            if cell in self._shown:
                self._shown.discard(cell)
                self._view.set_preview(cell, None, key=key)
            return
        fine = max(self._level - 1, 0)
        colours = pixels_on_paper(self._compositor, _scaled(part, 1 << self._level - fine), fine)
        if fine != self._level:
            size = (colours.shape[1], colours.shape[0])
            coverage = np.asarray(cv2.resize(coverage, size, interpolation=cv2.INTER_LINEAR), np.uint8)
        self._shown.add(cell)
        self._view.set_preview(cell, from_rgba(np.dstack([colours, coverage])), key=key, layer=self._layer)


def changed_coverage(before: NDArray[np.uint8], now: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(h, w) coverage of what differs between two (h, w, 3) pictures; rounding does not count."""
    difference = cv2.absdiff(before, now).max(axis=2).astype(np.float32)
    return np.clip((difference - LEAST) * (255.0 / (FULL - LEAST)), 0, 255).astype(np.uint8)


def _scaled(bounds: Bounds, size: int) -> Bounds:
    return Bounds(bounds.x * size, bounds.y * size, bounds.width * size, bounds.height * size)
