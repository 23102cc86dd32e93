"""Composite tiles to the screen: a retained picture of the view that is shifted, patched, and rarely redrawn.

The cost depends on what is on the screen, never on the size of the document.
"""

from collections.abc import Iterable
from typing import cast

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QRegion, QTransform

from canvas.compositor import Compositor
from canvas.geometry import TILE, Bounds
from desktop.view.camera import Camera, mip_level
from desktop.view.dots import draw_dots

SOURCE = QPainter.CompositionMode.CompositionMode_Source
EDGE = 2  # device pixels: smooth scaling looks this far past a changed pixel


class Renderer:
    """Keeps what the view shows as one RGB32 image in device pixels; belongs to the UI thread."""

    def __init__(self, compositor: Compositor) -> None:
        self._compositor = compositor
        self._buffer = QImage()
        self._spare = QImage()
        self._camera: Camera | None = None
        self._dirty: list[Bounds] = []
        self._stale = True
        self._paper = compositor.paper
        self.painted_pixels = 0  # how much the last frame drew anew, for tests and benchmarks

    def mark(self, bounds: Bounds) -> None:
        """This part of the canvas looks different now; it is drawn again with the next frame."""
        self._dirty.append(bounds)

    def mark_all(self) -> None:
        """Nothing on the screen can be kept (another paper, another document)."""
        self._stale = True

    def frame(self, camera: Camera) -> QImage:
        """The picture for this camera in device pixels; valid until the next call."""
        if self._compositor.paper != self._paper:
            self._paper = self._compositor.paper
            self._stale = True
        region = self._carry_over(camera)
        width, height = camera.device_size
        whole = QRect(0, 0, width, height)
        for bounds in self._dirty:
            region += _rect(camera.device_bounds(bounds, EDGE)).intersected(whole)
        self._dirty.clear()
        self._stale = False
        self._camera = camera
        self.painted_pixels = 0
        # PySide's stubs do not know that a region is a sequence of rectangles.
        for rect in cast(Iterable[QRect], region & QRegion(whole)):
            self._paint(camera, rect)
            self.painted_pixels += rect.width() * rect.height()
        return self._buffer

    def _carry_over(self, camera: Camera) -> QRegion:
        """Shift what is still right; returns the device region that has to be painted."""
        width, height = camera.device_size
        whole = QRect(0, 0, width, height)
        old = self._camera
        if self._stale or old is None or old.scale_key != camera.scale_key:
            if self._buffer.size() != whole.size():
                self._buffer = QImage(width, height, QImage.Format.Format_RGB32)
                self._spare = QImage(width, height, QImage.Format.Format_RGB32)
            return QRegion(whole)
        dx = round(camera.origin[0] - old.origin[0])
        dy = round(camera.origin[1] - old.origin[1])
        if dx == 0 and dy == 0:
            return QRegion()
        kept = whole.translated(dx, dy) & whole
        if kept.isEmpty():
            return QRegion(whole)
        with QPainter(self._spare) as painter:
            painter.setCompositionMode(SOURCE)
            painter.drawImage(QPoint(dx, dy), self._buffer)
        self._buffer, self._spare = self._spare, self._buffer
        return QRegion(whole) - QRegion(kept)

    def _paint(self, camera: Camera, rect: QRect) -> None:
        level = mip_level(camera.zoom)
        area = camera.canvas_bounds(Bounds(rect.x(), rect.y(), rect.width(), rect.height())).expanded(2 << level)
        with QPainter(self._buffer) as painter:
            painter.setClipRect(rect)
            painter.setCompositionMode(SOURCE)
            painter.fillRect(rect, self._paper)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, _smooth(camera, level))
            if camera.is_upright:
                self._copy_tiles(painter, camera, level, area)
            else:
                self._assemble(painter, camera, level, area)
        draw_dots(self._buffer, camera, rect, self._paper)

    def _copy_tiles(self, painter: QPainter, camera: Camera, level: int, area: Bounds) -> None:
        """Upright: every tile straight to its place."""
        step = TILE << level
        size = step * camera.zoom
        left, top = camera.origin
        for ty in range(area.y // step, (area.bottom - 1) // step + 1):
            for tx in range(area.x // step, (area.right - 1) // step + 1):
                tile = self._compositor.tile((tx, ty), level)
                if tile is None:
                    continue
                if size == TILE:
                    painter.drawImage(QPoint(round(left + tx * size), round(top + ty * size)), tile)
                else:
                    target = QRectF(left + tx * size, top + ty * size, size, size)
                    painter.drawImage(target, tile, QRectF(0, 0, TILE, TILE))

    def _assemble(self, painter: QPainter, camera: Camera, level: int, area: Bounds) -> None:
        """Rotated or mirrored: the visible tiles into one image, which is drawn once and so has no seams."""
        step = 1 << level
        left, top = area.x // step, area.y // step
        right, bottom = -(-area.right // step), -(-area.bottom // step)
        sheet = QImage(right - left, bottom - top, QImage.Format.Format_RGB32)
        sheet.fill(self._paper)
        with QPainter(sheet) as inner:
            inner.setCompositionMode(SOURCE)
            for ty in range(top // TILE, (bottom - 1) // TILE + 1):
                for tx in range(left // TILE, (right - 1) // TILE + 1):
                    tile = self._compositor.tile((tx, ty), level)
                    if tile is not None:
                        inner.drawImage(QPoint(tx * TILE - left, ty * TILE - top), tile)
        placed = QTransform.fromTranslate(left, top) * QTransform.fromScale(step, step) * device_transform(camera)
        painter.setTransform(placed)
        painter.drawImage(QPoint(0, 0), sheet)
        painter.resetTransform()


def device_transform(camera: Camera) -> QTransform:
    """Canvas pixels to device pixels."""
    return QTransform(*camera.linear(), *camera.origin)


def view_transform(camera: Camera) -> QTransform:
    """Canvas pixels to the view's logical pixels."""
    return device_transform(camera) * QTransform.fromScale(1 / camera.ratio, 1 / camera.ratio)


def sample_colour(compositor: Compositor, x: int, y: int) -> QColor:
    """What the screen shows at one canvas pixel: the flattened layers over the paper."""
    over = compositor.flatten(Bounds(x, y, 1, 1)).pixelColor(0, 0)
    paper = compositor.paper
    alpha = over.alphaF()
    mixed = [
        round(255 * (top * alpha + below * (1 - alpha)))
        for top, below in zip(_channels(over), _channels(paper), strict=True)
    ]
    return QColor(*(int(np.clip(value, 0, 255)) for value in mixed))


def _channels(colour: QColor) -> tuple[float, float, float]:
    return cast(tuple[float, float, float], (colour.redF(), colour.greenF(), colour.blueF()))


def _smooth(camera: Camera, level: int) -> bool:
    """Smooth, except where canvas pixels should stay crisp: at exactly 100 % and when looking close."""
    crisp = camera.rotation % 90 == 0 and camera.zoom * (1 << level) == 1.0
    return not crisp and camera.zoom < 2.0


def _rect(bounds: Bounds) -> QRect:
    return QRect(bounds.x, bounds.y, bounds.width, bounds.height)
