"""Pictures of layers and masks in the size of a row: drawn in slices, and cheap however large a layer is."""

import math
import time
from collections.abc import Iterator

import cv2
from PySide6.QtCore import QObject, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import TILE, Bounds, tiles_covering
from canvas.layers import Layer, LayerMask, PaintLayer
from canvas.pixels import view
from canvas.tile import FORMAT
from desktop.naming import named

SIZE = QSize(40, 32)
"""Logical pixels."""
ACROSS = 10  # at most so many tiles are looked at along each side
WAIT_MS = 250
SLICE_SECONDS = 0.005


class LayerPictures(QObject):
    """Keeps a picture of every layer and mask that asked for one; stale ones are drawn anew while nothing else is."""

    ready = Signal(str)
    """The id of the layer or mask with a new picture."""

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("layerPictures")
        self.ratio = 1.0
        self._document = document
        self._pictures: dict[str, QPixmap] = {}
        self._stale: dict[str, None] = {}
        self._drawing: tuple[str, Iterator[QPixmap | None]] | None = None
        self._timer = named(QTimer(self), "timer", singleShot=True)
        self._timer.timeout.connect(self.draw_some)

    def picture(self, layer_id: str) -> QPixmap | None:
        """The newest picture; None as long as there is none."""
        return self._pictures.get(layer_id)

    def refresh(self, layer_id: str) -> None:
        """Draw this one again, a moment after the last change."""
        if self._drawing is not None and self._drawing[0] == layer_id:
            self._drawing = None
        self._stale[layer_id] = None
        self._timer.start(WAIT_MS)

    def want(self, layer_id: str) -> None:
        """Draw this one if it has no picture yet."""
        drawing = self._drawing is not None and self._drawing[0] == layer_id
        if layer_id not in self._pictures and layer_id not in self._stale and not drawing:
            self._stale[layer_id] = None
            if not self._timer.isActive():
                self._timer.start(0)

    def keep_only(self, ids: set[str]) -> None:
        """Forget the pictures of layers that are gone."""
        self._pictures = {key: picture for key, picture in self._pictures.items() if key in ids}
        self._stale = {key: None for key in self._stale if key in ids}

    def stop(self) -> None:
        """Draw no more."""
        self._timer.stop()
        self._stale.clear()
        self._drawing = None

    def draw_some(self) -> None:
        """One slice of the work; the next comes when the window has had its turn."""
        until = time.perf_counter() + SLICE_SECONDS
        while time.perf_counter() < until:
            if self._drawing is None and not self._next():
                return
            assert self._drawing is not None  # noqa: S101 - _next has just found one
            layer_id, slices = self._drawing
            picture = next(slices, None)
            if picture is not None:
                self._pictures[layer_id] = picture
                self._drawing = None
                self.ready.emit(layer_id)
        self._timer.start(0)

    def _next(self) -> bool:
        while self._stale:
            layer_id = next(iter(self._stale))
            del self._stale[layer_id]
            try:
                layer = self._document.tree.find(layer_id)
            except CanvasError:
                continue  # it is gone
            if isinstance(layer, PaintLayer):
                self._drawing = (layer_id, thumbnail_slices(layer, self.ratio))
                return True
        return False


def layer_thumbnail(layer: Layer, ratio: float) -> QPixmap:
    """The layer's pixels over a chequered ground, fitted into SIZE at this pixel ratio; a mask in grey."""
    made = [picture for picture in thumbnail_slices(layer, ratio) if picture is not None]
    return made[-1]


def thumbnail_slices(layer: Layer, ratio: float) -> Iterator[QPixmap | None]:
    """Draws the picture tile by tile: None after each, the picture at last."""
    width, height = round(SIZE.width() * ratio), round(SIZE.height() * ratio)
    image = QImage(width, height, FORMAT)
    image.fill(0)
    if isinstance(layer, PaintLayer):
        area, step = _area(layer)
        if not area.is_empty:
            scale = min(width / area.width, height / area.height, ratio)
            left = (width - area.width * scale) / 2 - area.x * scale
            top = (height - area.height * scale) / 2 - area.y * scale
            for key in _sampled(layer, area, step):
                _draw_tile(image, layer, key, (left, top, scale, TILE * step))
                yield None
    ground = _mask_ground(image, layer) if isinstance(layer, LayerMask) else _chequered(image, ratio)
    pixmap = QPixmap.fromImage(ground)
    pixmap.setDevicePixelRatio(ratio)
    yield pixmap


def _area(layer: PaintLayer) -> tuple[Bounds, int]:
    """What the picture shows, in layer pixels, and every how manyth tile is looked at."""
    extent = layer.surface.bounds()
    area = extent
    if isinstance(layer, LayerMask) and isinstance(layer.owner, PaintLayer):
        # The mask beside the layer's picture shows the same part of the canvas.
        owner = layer.owner.surface.bounds().translated(*layer.owner.offset)
        area = extent.united(owner.translated(-layer.offset.x, -layer.offset.y))
    step = max(1, math.ceil(max(area.width, area.height) / TILE / ACROSS))
    if step == 1 and not isinstance(layer, LayerMask):
        area = layer.surface.content_bounds()
    return area, step


def _sampled(layer: PaintLayer, area: Bounds, step: int) -> Iterator[tuple[int, int]]:
    # Of a layer of thousands of tiles every step-th stands for its neighbours.
    coarse = Bounds(area.x // step, area.y // step, -(-area.width // step) + 1, -(-area.height // step) + 1)
    for cx, cy in tiles_covering(coarse):
        if (cx * step, cy * step) in layer.surface:
            yield cx * step, cy * step


def _draw_tile(image: QImage, layer: PaintLayer, key: tuple[int, int], fit: tuple[float, float, float, int]) -> None:
    try:
        tile = layer.surface.tile(key)
    except CanvasError:  # its file cannot be reached: the canvas shows that
        return
    if tile is None:
        return
    left, top, scale, side = fit
    shown = side * scale
    if shown < TILE:
        small = max(1, math.ceil(shown))
        shrunk = cv2.resize(view(tile), (small, small), interpolation=cv2.INTER_AREA)
        tile = QImage(shrunk.data, small, small, small * 4, FORMAT).copy()
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        at = QRectF(left + key[0] * TILE * scale, top + key[1] * TILE * scale, shown, shown)
        painter.drawImage(at, tile, QRectF(tile.rect()))


def _chequered(image: QImage, ratio: float) -> QImage:
    out = QImage(image.size(), FORMAT)
    out.fill(QColor(255, 255, 255))
    out.setDevicePixelRatio(ratio)
    image.setDevicePixelRatio(ratio)
    with QPainter(out) as painter:
        for y in range(0, SIZE.height(), 8):
            for x in range(y // 8 % 2 * 8, SIZE.width(), 16):
                painter.fillRect(x, y, 8, 8, QColor(222, 222, 222))
        painter.drawImage(0, 0, image)
    return out


def _mask_ground(image: QImage, mask: LayerMask) -> QImage:
    """White where the owner is seen, black where it is hidden."""
    shows, hides = QColor(255, 255, 255), QColor(20, 20, 20)
    with QPainter(image) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(image.rect(), shows if mask.hides_outside else hides)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
        painter.fillRect(image.rect(), hides if mask.hides_outside else shows)
    return image
