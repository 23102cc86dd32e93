"""How a route looks over the canvas: its band, its line in the colours of its stretches, and the windows to come."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPolygonF,
    QTransform,
)

from canvas.routes import Line, Route
from desktop.view.camera import Camera
from desktop.view.overlays import ACCENT
from pipelines.planning.box import Box
from pipelines.planning.route import with_caps

COLOURS = tuple(QColor(name) for name in ("#468cff", "#e0703c", "#3fa67a", "#a866d8", "#d3a52b", "#d6527f"))
"""Of the stretches, in turn."""
SMALLEST_NUMBER = 26.0
"""Logical pixels: windows smaller than this have no number."""
DOT, BIG_DOT = 4.0, 6.0
LONGEST_WORDS = 28


def draw_route(
    painter: QPainter,
    camera: Camera,
    route: Route,
    windows: Sequence[Box],
    running: tuple[object, float],
    chosen: int,
) -> None:
    """A finished route. `windows`: those that are left; `running`: the one that is being painted, and how far."""
    line, _ = route.line()
    _draw_band(painter, camera, line, route.width, filled=not route.painted)
    for number, box in enumerate(windows):
        if box != running[0]:
            _draw_window(painter, camera, box, str(route.painted + number + 1))
    if isinstance(running[0], Box):
        _draw_running(painter, camera, running[0], running[1])
    for number, part in enumerate(route.parts()):
        _draw_line(painter, camera, part, stretch_colour(number), number == chosen and len(route.stretches) > 1)
    _draw_arrow(painter, camera, line, stretch_colour(len(route.stretches) - 1))
    _draw_points(painter, camera, route)
    if len(route.stretches) > 1:
        _draw_words(painter, camera, route, chosen)


def draw_draft(
    painter: QPainter, camera: Camera, points: Sequence[tuple[float, float]], width: int, corners: bool
) -> None:
    """A route while it is drawn."""
    line = tuple(points)
    if len(line) > 1:
        _draw_band(painter, camera, line, width)
        _draw_line(painter, camera, line, ACCENT, chosen=False)
    for place in line if corners else line[:1]:
        _draw_dot(painter, QPointF(*camera.to_view(*place)), ACCENT, DOT)


def stretch_colour(number: int) -> QColor:
    """The colour of a stretch."""
    return COLOURS[number % len(COLOURS)]


def _to_view(camera: Camera) -> QTransform:
    """Canvas points to logical pixels of the view."""
    m11, m12, m21, m22 = camera.linear()
    left, top = camera.origin
    return QTransform(*(value / camera.ratio for value in (m11, m12, m21, m22, left, top)))


@lru_cache(maxsize=32)
def _shape(line: Line) -> QPolygonF:
    """A line in canvas pixels. Never changed by anybody."""
    return QPolygonF([QPointF(x, y) for x, y in line])


@lru_cache(maxsize=4)
def _band(line: Line, width: int) -> QPainterPath:
    """The outline of what is painted along a line, canvas pixels. Never changed by anybody; slow to make."""
    path, ends = QPainterPath(), with_caps(line, width)
    shape = QPolygonF([QPointF(x, y) for x, y in ends.line])
    path.addPolygon(shape)
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.FlatCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    outline = stroker.createStroke(path)
    outline.setFillRule(Qt.FillRule.WindingFill)
    for place, rounded in ((shape.first(), ends.round_start), (shape.last(), ends.round_end)):
        if rounded:
            outline.addEllipse(place, width / 2, width / 2)
    return outline.simplified()


def _draw_band(painter: QPainter, camera: Camera, line: Line, width: int, *, filled: bool = True) -> None:
    """Not filled once something is painted: colours must be seen as they are."""
    outline = _to_view(camera).map(_band(line, width))
    wash, edge = QColor(ACCENT), QColor(ACCENT)
    wash.setAlpha(26 if filled else 0)
    edge.setAlpha(120)
    painter.setBrush(wash)
    painter.setPen(QPen(edge, 1.0))
    painter.drawPath(outline)


def _corners(camera: Camera, box: Box) -> QPolygonF:
    places = ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
    return QPolygonF([QPointF(*camera.to_view(x, y)) for x, y in places])


def _draw_window(painter: QPainter, camera: Camera, box: Box, text: str) -> None:
    shape = _corners(camera, box)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(255, 255, 255, 110), 2.4), (QColor(30, 60, 110, 150), 1.0)):
        painter.setPen(QPen(colour, width))
        painter.drawPolygon(shape)
    if box.width * camera.zoom / camera.ratio >= SMALLEST_NUMBER:
        _draw_plate(painter, shape.boundingRect().center() + QPointF(0, -20), text, QColor(20, 22, 26, 150))


def _draw_running(painter: QPainter, camera: Camera, box: Box, part: float) -> None:
    """Bright, with a bar along its lower edge that fills."""
    shape = _corners(camera, box)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(255, 255, 255, 220), 4.0), (ACCENT, 2.0)):
        painter.setPen(QPen(colour, width))
        painter.drawPolygon(shape)
    left, right = shape.at(3), shape.at(2)
    for colour, end in ((QColor(0, 0, 0, 90), 1.0), (ACCENT, min(max(part, 0.0), 1.0))):
        painter.setPen(QPen(colour, 6.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(left, left + (right - left) * end)


def _draw_line(painter: QPainter, camera: Camera, line: Line, colour: QColor, chosen: bool) -> None:
    shape = _to_view(camera).map(_shape(line))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for tone, width in ((QColor(255, 255, 255, 235), 6.0 if chosen else 4.4), (colour, 3.2 if chosen else 2.2)):
        painter.setPen(QPen(tone, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(shape)


def _draw_arrow(painter: QPainter, camera: Camera, line: Line, colour: QColor) -> None:
    end = QPointF(*camera.to_view(*line[-1]))
    before = next((spot for spot in reversed(line) if spot != line[-1]), line[0])
    way = end - QPointF(*camera.to_view(*before))
    length = (way.x() ** 2 + way.y() ** 2) ** 0.5
    if length == 0:
        return
    along = way / length
    across = QPointF(-along.y(), along.x())
    tip = end + along * 15
    painter.setPen(QPen(QColor(255, 255, 255), 1.6))
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([tip, end + along * 3 + across * 7, end + along * 3 - across * 7]))


def _draw_points(painter: QPainter, camera: Camera, route: Route) -> None:
    firsts = {one.first: number for number, one in enumerate(route.stretches)}
    for number, (x, y) in enumerate(route.points):
        colour = stretch_colour(route.stretch_of(number))
        _draw_dot(painter, QPointF(*camera.to_view(x, y)), colour, BIG_DOT if number in firsts else DOT)


def _draw_dot(painter: QPainter, at: QPointF, colour: QColor, radius: float) -> None:
    painter.setPen(QPen(colour, 2.0))
    painter.setBrush(QColor(255, 255, 255))
    painter.drawEllipse(at, radius, radius)


def _draw_words(painter: QPainter, camera: Camera, route: Route, chosen: int) -> None:
    """A flag with the words where a stretch begins."""
    for number, one in enumerate(route.stretches):
        words = one.prompt if len(one.prompt) <= LONGEST_WORDS else one.prompt[: LONGEST_WORDS - 1] + "…"
        at = QPointF(*camera.to_view(*route.points[one.first])) + QPointF(0, 20)
        plate = QColor(stretch_colour(number))
        plate.setAlpha(240 if number == chosen else 190)
        _draw_plate(painter, at, f"{number + 1}  {words}".strip(), plate)


def _draw_plate(painter: QPainter, middle: QPointF, text: str, colour: QColor) -> None:
    font = QFont(painter.font())
    font.setPointSizeF(9)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    plate = QRectF(0, 0, max(metrics.horizontalAdvance(text) + 12, 20), metrics.height() + 4)
    plate.moveCenter(middle)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
