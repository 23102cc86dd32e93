"""The small marks of the history panel: star, kept, note, number of pictures, the lines of the tree."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

from desktop.panels.history_rows import Branch

GOLD = QColor("#d9a441")
PLATE = QColor(16, 18, 22, 190)
COLUMN = 14.0
"""Logical pixels between two columns of the tree."""
COLUMNS = 7
"""Deeper branches share the last column, so that there is room for words."""


def column_x(column: int) -> float:
    """The middle of a column of the tree, from the row's left."""
    return 12.0 + min(column, COLUMNS - 1) * COLUMN


def star_shape(middle: QPointF, radius: float) -> QPolygonF:
    """A five-pointed star."""
    points: list[QPointF] = []
    for n in range(10):
        reach = radius if n % 2 == 0 else radius * 0.45
        angle = math.pi * (n / 5 - 0.5)
        points.append(QPointF(middle.x() + math.cos(angle) * reach, middle.y() + math.sin(angle) * reach))
    return QPolygonF(points)


def draw_star(painter: QPainter, middle: QPointF, filled: bool, ink: QColor) -> None:
    """A gold star, or the outline of one."""
    painter.setPen(QPen(GOLD if filled else ink, 1.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(GOLD if filled else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(star_shape(middle, 6.5))


def draw_kept(painter: QPainter, middle: QPointF, colour: QColor) -> None:
    """A round badge with a tick: a picture of it became a layer."""
    painter.setPen(QPen(QColor(0, 0, 0, 60), 1.0))
    painter.setBrush(colour)
    painter.drawEllipse(middle, 7.0, 7.0)
    pen = QPen(QColor(255, 255, 255), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    x, y = middle.x(), middle.y()
    painter.drawPolyline([QPointF(x - 3.2, y + 0.2), QPointF(x - 0.8, y + 2.7), QPointF(x + 3.3, y - 2.3)])


def draw_count(painter: QPainter, corner: QPointF, count: int, font: QFont) -> None:
    """A dark plate with the number of pictures, its lower left corner here."""
    small = QFont(font)
    small.setPointSizeF(max(font.pointSizeF() - 2, 6))
    text = str(count)
    width = QFontMetricsF(small).horizontalAdvance(text) + 8
    plate = QRectF(corner.x(), corner.y() - 14, width, 14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PLATE)
    painter.drawRoundedRect(plate, 3, 3)
    painter.setPen(QColor(255, 255, 255))
    painter.setFont(small)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
    painter.setFont(font)


def draw_play(painter: QPainter, middle: QPointF) -> None:
    """A dark disc with a triangle: it moves."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PLATE)
    painter.drawEllipse(middle, 10.0, 10.0)
    painter.setBrush(QColor(255, 255, 255))
    x, y = middle.x(), middle.y()
    painter.drawPolygon(QPolygonF([QPointF(x - 3, y - 4.6), QPointF(x - 3, y + 4.6), QPointF(x + 5, y)]))


def draw_note_mark(painter: QPainter, middle: QPointF, ink: QColor) -> None:
    """A tiny sheet with lines: there is a note."""
    painter.setPen(QPen(ink, 1.1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y = middle.x(), middle.y()
    painter.drawRoundedRect(QRectF(x - 5, y - 5, 10, 10), 1.5, 1.5)
    for dy in (-2, 0.5, 3):
        painter.drawLine(QPointF(x - 2.8, y + dy), QPointF(x + (2.8 if dy < 3 else 0.5), y + dy))


def draw_picture(
    painter: QPainter, box: QRectF, picture: QPixmap | None, ground: QColor, cover: bool = False
) -> QRectF:
    """A picture fitted into a box, or filling it; a quiet plate where there is none. Returns where it is."""
    shown, part = QRectF(box), QRectF()
    if picture is not None and not picture.isNull():
        part = QRectF(picture.rect())
        across, down = box.width() / picture.width(), box.height() / picture.height()
        if cover:
            middle = part.center()
            part.setSize(box.size() / max(across, down))
            part.moveCenter(middle)
        else:
            shown.setSize(picture.size().toSizeF() * min(across, down))
            shown.moveCenter(box.center())
    path = QPainterPath()
    path.addRoundedRect(shown, 4, 4)
    painter.fillPath(path, ground)
    if picture is not None and not picture.isNull():
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.drawPixmap(shown, picture, part)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ground, 1.0))  # a white picture ends somewhere on white paper, too
        painter.drawPath(path)
    return shown


def draw_failed(painter: QPainter, box: QRectF, ink: QColor) -> None:
    """A cross where there is no picture."""
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    middle = box.center()
    for side in (-1, 1):
        painter.drawLine(middle + QPointF(-6, -6 * side), middle + QPointF(6, 6 * side))


def draw_branch(painter: QPainter, row: QRectF, branch: Branch, ink: QColor, dot: QColor) -> None:
    """The lines of the tree that cross one row, and the dot of its record."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    top, middle, bottom = row.top(), row.center().y(), row.bottom()
    for rail in branch.rails:
        x = row.left() + column_x(rail)
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))
    x = row.left() + column_x(branch.column)
    if branch.above:
        painter.drawLine(QPointF(x, top), QPointF(x, middle))
    if branch.forks:
        _draw_fork(painter, QPointF(row.left() + column_x(branch.column - 1), top), QPointF(x, middle))
    if branch.orphan:
        painter.setPen(QPen(ink, 1.4, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, top + 4), QPointF(x, middle))
        painter.setPen(QPen(ink, 1.4))
    if branch.below:
        painter.drawLine(QPointF(x, middle), QPointF(x, bottom))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(dot)
    painter.drawEllipse(QPointF(x, middle), 3.6, 3.6)


def _draw_fork(painter: QPainter, start: QPointF, end: QPointF) -> None:
    path = QPainterPath(start)
    if end.x() - start.x() < 1:
        path.lineTo(end)
    else:
        path.cubicTo(QPointF(start.x(), end.y()), QPointF(start.x(), end.y()), end)
    painter.drawPath(path)
