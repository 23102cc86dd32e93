"""The plain way to do what the canvas does cleverly: whole pictures, no tiles, no cache."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import GroupLayer, PaintLayer
from canvas.pixels import from_rgba, view

Mode = QPainter.CompositionMode
PREMULTIPLIED = QImage.Format.Format_ARGB32_Premultiplied


def blank(bounds: Bounds) -> QImage:
    image = QImage(bounds.width, bounds.height, PREMULTIPLIED)
    image.fill(0)
    return image


def solid(width: int, height: int, color: tuple[int, int, int, int]) -> QImage:
    """A picture of one straight RGBA colour."""
    return from_rgba(np.full((height, width, 4), color, np.uint8))


def noise(width: int, height: int, seed: int, opaque: bool = False) -> QImage:
    rgba = np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)
    if opaque:
        rgba[..., 3] = 255
    return from_rgba(rgba)


def words(image: QImage) -> NDArray[np.uint8]:
    """The pixels in memory order, a copy that can be compared."""
    return view(image).copy()


def same(left: QImage, right: QImage, tolerance: int = 0) -> bool:
    if left.size() != right.size():
        return False
    return int(np.abs(words(left).astype(int) - words(right)).max(initial=0)) <= tolerance


def merged(group: GroupLayer, bounds: Bounds) -> QImage:
    """All layers of a group drawn over each other, every group with settings of its own apart."""
    out = blank(bounds)
    _draw_children(group, bounds, out)
    return out


def _draw_children(group: GroupLayer, bounds: Bounds, out: QImage) -> None:
    for layer in group.children:
        if not layer.visible or layer.opacity <= 0:
            continue
        if isinstance(layer, GroupLayer):
            if layer.opacity == 1.0 and layer.blend_mode == "normal":
                _draw_children(layer, bounds, out)
                continue
            image = merged(layer, bounds)
        elif isinstance(layer, PaintLayer):
            image = layer.surface.read(bounds.translated(-layer.offset.x, -layer.offset.y))
        else:
            raise AssertionError(layer)
        with QPainter(out) as painter:
            painter.setCompositionMode(layer.blend_mode.composition)
            painter.setOpacity(layer.opacity)
            painter.drawImage(0, 0, image)


def on_paper(document: Document, bounds: Bounds, paper: QColor) -> QImage:
    out = QImage(bounds.width, bounds.height, QImage.Format.Format_RGB32)
    out.fill(paper)
    with QPainter(out) as painter:
        painter.drawImage(0, 0, merged(document.tree.root, bounds))
    return out
