"""Geometric shapes: outlines between two corners, and their smooth pixels tile by tile."""

import math
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from canvas.geometry import NOTHING, Bounds
from canvas.tile import new_tile

Spot = tuple[float, float]


class ShapeKind(StrEnum):
    """Which outline."""

    LINE = "line"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    POLYGON = "polygon"
    STAR = "star"


class Paint(StrEnum):
    """What of a shape is painted."""

    STROKE = "stroke"
    FILL = "fill"
    BOTH = "both"


@dataclass(frozen=True)
class ShapeSettings:
    """What a shape looks like, wherever it lies."""

    kind: ShapeKind = ShapeKind.RECTANGLE
    paint: Paint = Paint.STROKE
    width: float = 4.0
    """Canvas pixels of the outline, half of it to either side."""
    stroke: QColor | None = None
    """Colour of the outline; black if None."""
    fill: QColor | None = None
    """Colour inside; that of the outline if None."""
    radius: float = 0.0
    """Canvas pixels by which a rectangle's corners are rounded."""
    corners: int = 5
    """3 or more, of a polygon or the points of a star."""
    depth: float = 0.5
    """0..1: how far the inner corners of a star lie from the rim towards the centre."""
    smooth: bool = True
    """Whether edges are antialiased."""


def corners_between(start: Spot, end: Spot, square: bool, centred: bool) -> tuple[Spot, Spot]:
    """The two opposite corners that a drag means: as long as wide, and around the first point, where asked."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    if square:
        side = max(abs(dx), abs(dy))
        dx, dy = math.copysign(side, dx), math.copysign(side, dy)
    first = (start[0] - dx, start[1] - dy) if centred else start
    return first, (start[0] + dx, start[1] + dy)


def line_between(start: Spot, end: Spot, snapped: bool, centred: bool) -> tuple[Spot, Spot]:
    """The two ends that a drag means: at a multiple of 15 degrees, and centred on the first point, where asked."""
    if snapped:
        end = snapped_end(start, end)
    dx, dy = end[0] - start[0], end[1] - start[1]
    return ((start[0] - dx, start[1] - dy) if centred else start), end


def snapped_end(start: Spot, end: Spot, degrees: float = 15.0) -> Spot:
    """The end at the same distance in the nearest multiple of an angle."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length, step = math.hypot(dx, dy), math.radians(degrees)
    turn = round(math.atan2(dy, dx) / step) * step
    return start[0] + length * math.cos(turn), start[1] + length * math.sin(turn)


def shape_path(settings: ShapeSettings, start: Spot, end: Spot) -> QPainterPath:
    """The outline between two opposite corners, or the two ends of a line (canvas pixels)."""
    path = QPainterPath()
    box = QRectF(QPointF(*start), QPointF(*end)).normalized()
    if settings.kind is ShapeKind.LINE:
        path.moveTo(QPointF(*start))
        path.lineTo(QPointF(*end))
    elif settings.kind is ShapeKind.ELLIPSE:
        path.addEllipse(box)
    elif settings.kind is ShapeKind.RECTANGLE:
        radius = min(settings.radius, box.width() / 2, box.height() / 2)
        path.addRoundedRect(box, radius, radius) if radius > 0 else path.addRect(box)
    else:
        path.addPolygon(QPolygonF(_corners(settings, box)))
        path.closeSubpath()
    return path


def _corners(settings: ShapeSettings, box: QRectF) -> list[QPointF]:
    """Around the box's ellipse, from the top clockwise."""
    star = settings.kind is ShapeKind.STAR
    count = max(settings.corners, 3) * (2 if star else 1)
    found: list[QPointF] = []
    for index in range(count):
        turn = 2 * math.pi * index / count - math.pi / 2
        reach = 1 - settings.depth if star and index % 2 else 1.0
        x = box.center().x() + math.cos(turn) * reach * box.width() / 2
        y = box.center().y() + math.sin(turn) * reach * box.height() / 2
        found.append(QPointF(x, y))
    return found


class ShapeSource:
    """A `canvas.coat.Source`: one outline, painted."""

    def __init__(self, settings: ShapeSettings, path: QPainterPath) -> None:
        """The path in canvas pixels."""
        self._settings, self._path = settings, path
        self._stroked = settings.paint is not Paint.FILL or settings.kind is ShapeKind.LINE
        self._filled = settings.paint is not Paint.STROKE and settings.kind is not ShapeKind.LINE
        join = Qt.PenJoinStyle.MiterJoin if settings.kind is ShapeKind.RECTANGLE else Qt.PenJoinStyle.RoundJoin
        ink = QColor("black") if settings.stroke is None else settings.stroke
        self._pen = QPen(ink, settings.width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, join)
        self._body = settings.fill if settings.fill is not None else ink

    @property
    def bounds(self) -> Bounds:
        """Canvas pixels that it may reach; NOTHING for an empty outline."""
        box = self._path.boundingRect()
        if self._path.isEmpty() or (box.isEmpty() and not self._stroked):
            return NOTHING
        margin = self._settings.width if self._stroked else 0.0
        box = box.adjusted(-margin, -margin, margin, margin)
        return Bounds.around([(box.left(), box.top()), (box.right(), box.bottom())]).expanded(1)

    def __call__(self, place: Bounds) -> QImage | None:
        """The pixels of one tile; None where the shape does not come."""
        if place.intersected(self.bounds).is_empty:
            return None
        tile = new_tile()
        with QPainter(tile) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._settings.smooth)
            painter.translate(-place.x, -place.y)
            if self._filled:
                painter.fillPath(self._path, self._body)
            if self._stroked:
                painter.strokePath(self._path, self._pen)
        return tile
