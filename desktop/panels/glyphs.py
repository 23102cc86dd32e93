"""Small line icons of the panels, drawn in the colour of the palette's text: right in every theme and density."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

SIDE = 18
"""Logical pixels; the drawings below live on an 18 x 18 grid."""


def glyph(name: str, colour: QColor) -> QIcon:
    """The icon called `name` (see DRAWINGS) in this colour; fainter where it is disabled."""
    icon = QIcon()
    for mode, alpha in ((QIcon.Mode.Normal, 230), (QIcon.Mode.Disabled, 80)):
        ink = QColor(colour)
        ink.setAlpha(alpha)
        for ratio in (1, 2):
            pixmap = QPixmap(SIDE * ratio, SIDE * ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.scale(ratio, ratio)
                pen = QPen(ink, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
                painter.setPen(pen)
                DRAWINGS[name](painter)
            pixmap.setDevicePixelRatio(ratio)
            icon.addPixmap(pixmap, mode)
            if mode is QIcon.Mode.Normal:
                icon.addPixmap(pixmap, QIcon.Mode.Selected)  # Qt would tint it with the accent
    return icon


def _almond(painter: QPainter) -> None:
    path = QPainterPath(QPointF(2, 9))
    path.quadTo(QPointF(9, 1.5), QPointF(16, 9))
    path.quadTo(QPointF(9, 16.5), QPointF(2, 9))
    painter.drawPath(path)


def _eye(painter: QPainter) -> None:
    _almond(painter)
    painter.setBrush(painter.pen().color())
    painter.drawEllipse(QPointF(9, 9), 1.9, 1.9)


def _hidden(painter: QPainter) -> None:
    painter.setOpacity(0.45)
    painter.drawLine(QPointF(4, 9), QPointF(14, 9))


def _lock(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(4, 8, 10, 7), 1.5, 1.5)
    painter.drawArc(QRectF(6, 3, 6, 9), 0, 180 * 16)


def _unlocked(painter: QPainter) -> None:
    painter.setOpacity(0.3)
    painter.drawRoundedRect(QRectF(4, 8, 10, 7), 1.5, 1.5)
    painter.drawArc(QRectF(6, 2, 6, 9), 40 * 16, 140 * 16)


def _plus(painter: QPainter) -> None:
    painter.drawLine(QPointF(9, 4), QPointF(9, 14))
    painter.drawLine(QPointF(4, 9), QPointF(14, 9))


def _copy(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(6, 6, 9, 9), 1.5, 1.5)
    painter.drawPolyline([QPointF(12, 3), QPointF(3.5, 3), QPointF(3, 3.5), QPointF(3, 12)])


def _bin(painter: QPainter) -> None:
    painter.drawLine(QPointF(3, 5), QPointF(15, 5))
    painter.drawPolyline([QPointF(5, 5), QPointF(5.8, 15), QPointF(12.2, 15), QPointF(13, 5)])
    painter.drawPolyline([QPointF(7, 5), QPointF(7, 3), QPointF(11, 3), QPointF(11, 5)])


def _folder(painter: QPainter) -> None:
    points = ((2.5, 14), (2.5, 4), (7, 4), (8.5, 6), (15.5, 6), (15.5, 14), (2.5, 14))
    painter.drawPolyline([QPointF(x, y) for x, y in points])


def _swap(painter: QPainter) -> None:
    painter.drawPolyline([QPointF(5, 3), QPointF(2.5, 6), QPointF(15.5, 6)])
    painter.drawPolyline([QPointF(13, 15), QPointF(15.5, 12), QPointF(2.5, 12)])


DRAWINGS: dict[str, Callable[[QPainter], None]] = {
    "eye": _eye,
    "hidden": _hidden,
    "lock": _lock,
    "unlocked": _unlocked,
    "plus": _plus,
    "copy": _copy,
    "bin": _bin,
    "folder": _folder,
    "swap": _swap,
}
