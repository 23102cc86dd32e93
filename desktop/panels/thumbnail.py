"""A layer's picture in the size of a row: the cost is bounded however large the layer is."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from canvas.geometry import TILE, Bounds, tiles_covering
from canvas.layers import GroupLayer, Layer, PaintLayer

SIZE = QSize(40, 32)
"""Logical pixels."""
ACROSS = 12  # at most so many tiles are looked at along each side


def layer_thumbnail(layer: Layer, ratio: float) -> QPixmap:
    """The layer's pixels over a chequered ground, fitted into SIZE at this pixel ratio."""
    pixmap = QPixmap(SIZE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(255, 255, 255))
    with QPainter(pixmap) as painter:
        painter.fillRect(QRectF(0, 0, SIZE.width(), SIZE.height()), QColor(214, 214, 214))
        for y in range(0, SIZE.height(), 8):
            for x in range(y // 8 % 2 * 8, SIZE.width(), 16):
                painter.fillRect(x, y, 8, 8, QColor(246, 246, 246))
        if isinstance(layer, PaintLayer):
            _draw_tiles(painter, layer)
        elif isinstance(layer, GroupLayer):
            _draw_folder(painter)
    return pixmap


def _draw_tiles(painter: QPainter, layer: PaintLayer) -> None:
    extent = layer.surface.bounds()
    if extent.is_empty:
        return
    step = max(1, math.ceil(max(extent.width, extent.height) / TILE / ACROSS))
    area = extent if step > 1 else layer.surface.content_bounds()
    if area.is_empty:
        return
    scale = min(SIZE.width() / area.width, SIZE.height() / area.height, 1.0)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate((SIZE.width() - area.width * scale) / 2, (SIZE.height() - area.height * scale) / 2)
    painter.scale(scale, scale)
    painter.translate(-area.x, -area.y)
    # Of a layer of thousands of tiles every step-th stands for its neighbours.
    coarse = Bounds(area.x // step, area.y // step, -(-area.width // step) + 1, -(-area.height // step) + 1)
    side = TILE * step
    for cx, cy in tiles_covering(coarse):
        tile = layer.surface.tile((cx * step, cy * step))
        if tile is not None:
            image = tile
            if scale < 0.2:
                smooth = Qt.TransformationMode.SmoothTransformation
                image = tile.scaled(32, 32, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
            painter.drawImage(QRectF(cx * side, cy * side, side, side), image, QRectF(image.rect()))


def _draw_folder(painter: QPainter) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(120, 130, 145))
    painter.drawRoundedRect(QRectF(9, 8, 9, 6), 1.5, 1.5)
    painter.drawRoundedRect(QRectF(9, 10, 22, 14), 2, 2)
