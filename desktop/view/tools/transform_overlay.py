"""How the box of the transform tool looks."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from desktop.view.camera import Camera
from desktop.view.overlays import ACCENT, HANDLE
from desktop.view.tools.transform_box import Box


def draw_box(painter: QPainter, camera: Camera, box: Box) -> QRectF:
    """The sides, the eight handles and the pivot, in the view's logical pixels; returns what lies around them."""
    shape = QPolygonF([QPointF(*camera.to_view(*spot)) for spot in box.corners])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(255, 255, 255, 170), 3.0), (ACCENT, 1.4)):
        painter.setPen(QPen(colour, width))
        painter.drawPolygon(shape)
    painter.setPen(QPen(ACCENT, 1.4))
    painter.setBrush(QColor(255, 255, 255))
    for spot in box.handles.values():
        x, y = camera.to_view(*spot)
        painter.drawRoundedRect(QRectF(x - HANDLE, y - HANDLE, 2 * HANDLE, 2 * HANDLE), 2, 2)
    _draw_pivot(painter, QPointF(*camera.to_view(*box.pivot_now)))
    return shape.boundingRect()


def _draw_pivot(painter: QPainter, at: QPointF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(255, 255, 255, 200), 3.2), (ACCENT, 1.4)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(at, 5.0, 5.0)
        painter.drawLine(at - QPointF(8, 0), at + QPointF(8, 0))
        painter.drawLine(at - QPointF(0, 8), at + QPointF(0, 8))


def draw_turn(painter: QPainter, at: QPointF, middle: QPointF) -> None:
    """A bent double arrow at the pointer, around the pivot."""
    away = at - middle
    painter.save()
    painter.translate(at)
    painter.rotate(math.degrees(math.atan2(away.y(), away.x())))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = QRectF(-8, -18, 36, 36)  # its left part bends around the pivot's side
    for colour, width in ((QColor(255, 255, 255, 220), 4.0), (QColor(20, 22, 26), 1.6)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.translate(16, 0)
        arc = QRectF(-ring.width(), -ring.height() / 2, ring.width(), ring.height())
        painter.drawArc(arc, -50 * 16, 100 * 16)
        for way in (1, -1):
            x = -18 + 18 * math.cos(math.radians(50))
            y = way * 18 * math.sin(math.radians(50))
            painter.drawPolyline([QPointF(x + 5, y - way * 1), QPointF(x, y), QPointF(x + 1.5, y - way * 6)])
        painter.translate(-16, 0)
    painter.restore()
