"""Composite tiles to the screen: a retained picture of the view that is shifted, patched, and rarely redrawn.

The cost depends on what is on the screen, never on the size of the document: what is not composited yet is
shown as well as it is known, and becomes sharp over the next frames, some milliseconds each.
"""

import time
from collections.abc import Iterable, Iterator
from typing import cast

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter, QRegion, QTransform

from canvas.compositor import Compositor
from canvas.geometry import NOTHING, TILE, Bounds, TileKey
from canvas.render import mip_area
from desktop.view.camera import Camera, mip_level
from desktop.view.dots import draw_dots

SOURCE = QPainter.CompositionMode.CompositionMode_Source
EDGE = 2  # device pixels: smooth scaling looks this far past a changed pixel
SLICE = 0.008  # seconds of one frame for compositing
COARSER = 6  # mip levels above the wanted one in which something to show meanwhile is looked for


class Renderer:
    """Keeps what the view shows as one RGB32 image in device pixels; belongs to the UI thread."""

    def __init__(self, compositor: Compositor) -> None:
        self._compositor = compositor
        self._buffer = QImage()
        self._spare = QImage()
        self._sheet = QImage()
        self._camera: Camera | None = None
        self._dirty: list[Bounds] = []
        self._stale = True
        self._paper = compositor.paper
        self._pending: set[TileKey] = set()
        self._pending_level = 0
        self._until: float | None = None
        self.slice = SLICE
        self.draft = False  # nearest pixels only: fast while the paper turns on a large screen
        self.painted_pixels = 0  # how much the last frame drew anew, for tests and benchmarks

    @property
    def unfinished(self) -> Bounds:
        """The device rectangle, as of the last frame, around what the next frames have to make sharp."""
        if self._camera is None:
            return NOTHING
        found = NOTHING
        for key in self._pending:
            found = found.united(self._device_tile(self._camera, key))
        width, height = self._camera.device_size
        return found.intersected(Bounds(0, 0, width, height))

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
        self._until = None
        region = self._carry_over(camera)
        region += self._sharpen(camera)
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

    def _sharpen(self, camera: Camera) -> QRegion:
        """Go on with tiles that earlier frames left; returns the device region that looks better for it."""
        level = mip_level(camera.zoom)
        width, height = camera.device_size
        whole = Bounds(0, 0, width, height)
        if level != self._pending_level or self._stale:
            self._pending.clear()
        self._pending_level = level
        region = QRegion()
        middle = camera.center.x / (TILE << level), camera.center.y / (TILE << level)
        for key in sorted(self._pending, key=lambda k: (k[0] + 0.5 - middle[0]) ** 2 + (k[1] + 0.5 - middle[1]) ** 2):
            area = self._device_tile(camera, key).intersected(whole)
            if area.is_empty:
                self._pending.discard(key)
                continue
            if self._compositor.refine(key, level, self._go_on):
                self._pending.discard(key)
            region += _rect(area)
            if not self._go_on():
                break
        return region

    def _go_on(self) -> bool:
        """Whether this frame has time left for compositing, from the first time that it is asked."""
        # Time of this thread only: on a busy computer a slice is still a slice of work. Asking is dear on some systems.
        now = time.thread_time()
        if self._until is None:
            self._until = now + self.slice
        return now < self._until

    def _device_tile(self, camera: Camera, key: TileKey) -> Bounds:
        return camera.device_bounds(mip_area(key, self._pending_level), EDGE)

    def _tile(self, key: TileKey, level: int) -> tuple[QImage | None, bool]:
        """A tile as well as it can be had now, and whether it is right; it is remembered if not."""
        image, right = self._compositor.kept(key, level)
        if not right and self._go_on():
            right = self._compositor.refine(key, level, self._go_on)
            image, _ = self._compositor.kept(key, level)
        if not right:
            self._pending.add(key)
        return image, right

    def _draw_stopgap(self, painter: QPainter, key: TileKey, level: int, target: QRectF) -> None:
        """A part of a coarser mip tile in the place of one that is not made yet."""
        for up in range(1, COARSER + 1):
            image, _ = self._compositor.kept((key[0] >> up, key[1] >> up), level + up)
            if image is not None:
                side = TILE / (1 << up)
                x, y = key[0] & ((1 << up) - 1), key[1] & ((1 << up) - 1)
                painter.drawImage(target, image, QRectF(x * side, y * side, side, side))
                return

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
        # Where tiles are copied as they are, all of them take no longer than shifting what is there.
        if kept.isEmpty() or _is_copied(camera, mip_level(camera.zoom)):
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
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not self.draft and _smooth(camera, level))
            if not camera.is_upright:
                self._assemble(painter, camera, level, area)
            elif _is_copied(camera, level):
                self._copy_tiles(painter, camera, level, area)
            else:
                painter.fillRect(rect, self._paper)
                self._scale_tiles(painter, camera, level, area)
        if camera.is_upright:
            self._sheet = QImage()
        draw_dots(self._buffer, camera, rect, self._paper)

    def _copy_tiles(self, painter: QPainter, camera: Camera, level: int, area: Bounds) -> None:
        """Every pixel of a mip plane is one of the screen."""
        left, top = (round(value) for value in camera.origin)
        kept, draw = self._compositor.kept, painter.drawImage
        for key in _keys(area, level):
            image, right = kept(key, level)
            place = QPoint(left + key[0] * TILE, top + key[1] * TILE)
            if right and image is not None:
                draw(place, image)
            else:
                self._put(painter, key, level, place)

    def _scale_tiles(self, painter: QPainter, camera: Camera, level: int, area: Bounds) -> None:
        """Upright: every tile straight to its place."""
        size = (TILE << level) * camera.zoom
        left, top = camera.origin
        for key in _keys(area, level):
            tile, right = self._tile(key, level)
            target = QRectF(left + key[0] * size, top + key[1] * size, size, size)
            if tile is not None:
                painter.drawImage(target, tile, QRectF(0, 0, TILE, TILE))
            elif not right:
                self._draw_stopgap(painter, key, level, target)

    def _assemble(self, painter: QPainter, camera: Camera, level: int, area: Bounds) -> None:
        """Rotated or mirrored: the visible tiles into one image, which is drawn once and so has no seams."""
        step = 1 << level
        left, top = area.x // step, area.y // step
        width, height = -(-area.right // step) - left, -(-area.bottom // step) - top
        if self._sheet.width() < width or self._sheet.height() < height:
            size = QSize(width, height).expandedTo(self._sheet.size())
            self._sheet = QImage(size, QImage.Format.Format_RGB32)  # kept: fresh memory costs more than the drawing
        with QPainter(self._sheet) as inner:
            inner.setCompositionMode(SOURCE)
            for key in _keys(area, level):
                if self._in_sight(camera, key, level):
                    self._put(inner, key, level, QPoint(key[0] * TILE - left, key[1] * TILE - top))
        placed = QTransform.fromTranslate(left, top) * QTransform.fromScale(step, step) * device_transform(camera)
        painter.setTransform(placed)
        painter.drawImage(QPoint(0, 0), self._sheet, QRect(0, 0, width, height))
        painter.resetTransform()

    @staticmethod
    def _in_sight(camera: Camera, key: TileKey, level: int) -> bool:
        """Whether the view shows some of a tile; the corners of the rectangle around a turned view do not count."""
        seen = camera.device_bounds(mip_area(key, level), EDGE + (2 << level))
        return seen.right > 0 and seen.bottom > 0 and seen.x < camera.device_size[0] and seen.y < camera.device_size[1]

    def _put(self, painter: QPainter, key: TileKey, level: int, place: QPoint) -> None:
        """A tile at its own size, the paper where there is none."""
        tile, right = self._tile(key, level)
        if tile is not None:
            painter.drawImage(place, tile)
            return
        painter.fillRect(place.x(), place.y(), TILE, TILE, self._paper)
        if not right:
            self._draw_stopgap(painter, key, level, QRectF(place, QSizeF(TILE, TILE)))


def _is_copied(camera: Camera, level: int) -> bool:
    """Whether every pixel of the mip plane is one of the screen."""
    return camera.is_upright and (TILE << level) * camera.zoom == TILE


def _keys(area: Bounds, level: int) -> Iterator[TileKey]:
    """The mip tiles over an area of the canvas."""
    shift = 8 + level
    for ty in range(area.y >> shift, ((area.bottom - 1) >> shift) + 1):
        for tx in range(area.x >> shift, ((area.right - 1) >> shift) + 1):
            yield tx, ty


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
