"""A small picture of everything painted, made from coarse mip tiles in slices, and mended where something changes."""

import math
import time

from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import MAX_LEVEL, Compositor
from canvas.document import Document
from canvas.geometry import NOTHING, TILE, Bounds, TileKey
from canvas.render import mip_area
from desktop.naming import named

SIDE = 320  # the picture's longer side takes at least so many mip pixels, and less than twice as many
SLICE = 0.005  # seconds of the window's thread at a time
REST_MS = 12  # between two slices: everything else comes first
CALM_MS = 150  # without changes before the picture is mended
SHAPE = frozenset({ChangeKind.FRAME, ChangeKind.LOADED, ChangeKind.HISTORY})


class Overview(QObject):
    """Belongs to one document; `changed` comes when the picture or the area that it shows is another one."""

    changed = Signal()

    def __init__(self, document: Document, compositor: Compositor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._compositor = document, compositor
        self.area = NOTHING
        self.level = 0
        self.image = QImage()
        self._todo: set[TileKey] = set()
        self._until = 0.0
        self._awake = False
        self._calm = named(QTimer(self), "overviewCalm", singleShot=True, interval=CALM_MS)
        self._calm.timeout.connect(self._look)
        self._rest = named(QTimer(self), "overviewRest", singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._work)
        self._disconnects = [document.changed.connect(self._heard), compositor.updated.connect(self._spoiled)]

    def set_awake(self, on: bool) -> None:
        """Work only while somebody looks."""
        self._awake = on
        if on:
            self._look()
        else:
            self._calm.stop()
            self._rest.stop()

    @property
    def finished(self) -> bool:
        """Whether the picture shows everything as it is."""
        return not self._todo and not self._calm.isActive()

    def release(self) -> None:
        """Stop listening."""
        self.set_awake(False)
        while self._disconnects:
            self._disconnects.pop()()

    def _heard(self, change: DocumentChange) -> None:
        if change.kind in SHAPE:
            self._wait()

    def _spoiled(self, bounds: Bounds) -> None:
        shift = 8 + self.level
        seen = bounds.intersected(self.area)
        if not seen.is_empty:
            for ty in range(seen.y >> shift, ((seen.bottom - 1) >> shift) + 1):
                self._todo.update((tx, ty) for tx in range(seen.x >> shift, ((seen.right - 1) >> shift) + 1))
        self._wait()

    def _wait(self) -> None:
        """Mend soon; under a stroke that never pauses, mend all the same."""
        if self._awake and not self._calm.isActive():
            self._calm.start()

    def _look(self) -> None:
        """Is it still the same area?"""
        area = self._document.tree.root.tile_extent().united(self._document.frame)
        if area != self.area:
            self._begin(area)
        self._work()

    def _begin(self, area: Bounds) -> None:
        self.area = area
        longest = max(area.width, area.height)
        self.level = min(MAX_LEVEL, max(0, math.floor(math.log2(longest / SIDE)) if longest > SIDE else 0))
        step = 1 << self.level
        size = (max(1, math.ceil(area.width / step)), max(1, math.ceil(area.height / step)))
        self.image = QImage(*size, QImage.Format.Format_RGB32)
        self.image.fill(self._compositor.paper)
        shift = 8 + self.level
        self._todo = {
            (tx, ty)
            for ty in range(area.y >> shift, ((area.bottom - 1) >> shift) + 1)
            for tx in range(area.x >> shift, ((area.right - 1) >> shift) + 1)
        }
        self.changed.emit()

    def _work(self) -> None:
        """One slice."""
        if not self._awake:
            return
        self._until = time.thread_time() + SLICE
        drawn = False
        for key in sorted(self._todo):
            if self._compositor.refine(key, self.level, self._go_on):
                self._todo.discard(key)
            self._draw(key)
            drawn = True
            if not self._go_on():
                break
        if drawn:
            self.changed.emit()
        if self._todo:
            self._rest.start()

    def _go_on(self) -> bool:
        return time.thread_time() < self._until

    def _draw(self, key: TileKey) -> None:
        tile, _ = self._compositor.kept(key, self.level)
        step = 1 << self.level
        place = mip_area(key, self.level)
        x, y = (place.x - self.area.x) / step, (place.y - self.area.y) / step
        target = QRectF(x, y, TILE, TILE)
        with QPainter(self.image) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            if tile is None:
                painter.fillRect(target, self._compositor.paper)
            else:
                painter.drawImage(target, tile, QRectF(0, 0, TILE, TILE))
