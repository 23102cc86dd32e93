"""Layers drawn together into one picture of any size, in parts. For the thread of the window only."""

import cv2
from PySide6.QtGui import QImage, QPainter

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.live import Live, LiveSet
from canvas.pixels import view
from canvas.render import OpKind, RenderOp, paint, plan
from canvas.tile import FORMAT

MAX_FLAT_SIDE = 32767
MAX_FLAT_PIXELS = 1 << 29
CHUNK = 2048


def flattened(ops: tuple[RenderOp, ...], bounds: Bounds, scale: float) -> QImage:
    """An area of the canvas, premultiplied, transparent where empty; its size times `scale`, rounded, at least 1 x 1.

    Raises CanvasError for nothing, and for more than a picture can hold.
    """
    if bounds.is_empty or not 0 < scale <= 1:
        raise CanvasError(f"Cannot flatten {bounds.width} x {bounds.height} pixels at scale {scale:g}.")
    width, height = max(1, round(bounds.width * scale)), max(1, round(bounds.height * scale))
    if max(width, height) > MAX_FLAT_SIDE or width * height > MAX_FLAT_PIXELS:
        raise CanvasError(f"{width} x {height} pixels are too many for one picture. Choose a smaller area.")
    out = QImage(width, height, FORMAT)
    out.fill(0)
    step = max(1, int(CHUNK * scale))
    with QPainter(out) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        for y in range(0, height, step):
            for x in range(0, width, step):
                part = Bounds(x, y, min(step, width - x), min(step, height - y))
                image = flat_part(ops, bounds, part, (width, height))
                if image is not None:
                    painter.drawImage(x, y, image)
    return out


def flat_part(
    ops: tuple[RenderOp, ...],
    bounds: Bounds,
    part: Bounds,
    size: tuple[int, int],
    live: Live | LiveSet | None = None,
) -> QImage | None:
    """One part of a flattened picture at its final size, None if nothing is there."""
    left, right = (edge * bounds.width / size[0] for edge in (part.x, part.right))
    top, bottom = (edge * bounds.height / size[1] for edge in (part.y, part.bottom))
    area = Bounds.around([(left, top), (right, bottom)]).translated(bounds.x, bounds.y).intersected(bounds)
    draws = plan(ops, area, live)
    if not any(draw.kind is OpKind.LAYER for draw in draws):
        return None
    image = QImage(area.width, area.height, FORMAT)
    image.fill(0)
    paint(image, draws)
    if (area.width, area.height) == (part.width, part.height):
        return image
    small = cv2.resize(view(image), (part.width, part.height), interpolation=cv2.INTER_AREA)
    return QImage(small.data, part.width, part.height, part.width * 4, FORMAT).copy()
