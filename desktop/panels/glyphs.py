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


def _alpha_lock(painter: QPainter) -> None:
    """A chequered square: what is transparent stays so."""
    ink = painter.pen().color()
    painter.drawRoundedRect(QRectF(3.5, 3.5, 11, 11), 1.5, 1.5)
    painter.fillRect(QRectF(4, 4, 5, 5), ink)
    painter.fillRect(QRectF(9, 9, 5, 5), ink)


def _levels(painter: QPainter) -> None:
    path = QPainterPath(QPointF(2, 13))
    for x, y in ((4.5, 9.5), (6.5, 4), (9, 8), (11, 6), (13, 10.5), (16, 13)):
        path.lineTo(x, y)
    path.closeSubpath()
    painter.fillPath(path, painter.pen().color())
    painter.drawLine(QPointF(2, 15.5), QPointF(16, 15.5))


def _curves(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(2.5, 2.5, 13, 13), 1.5, 1.5)
    path = QPainterPath(QPointF(4, 14))
    path.cubicTo(QPointF(9, 13.5), QPointF(8, 4.5), QPointF(14, 4))
    painter.drawPath(path)


def _hue_saturation(painter: QPainter) -> None:
    pen = painter.pen()
    painter.setPen(Qt.PenStyle.NoPen)
    for at, colour in ((QPointF(9, 6.2), "#e0574f"), (QPointF(6, 11.2), "#4a9e5c"), (QPointF(12, 11.2), "#4a78d0")):
        painter.setBrush(QColor(colour))
        painter.drawEllipse(at, 4.4, 4.4)
    painter.setPen(pen)


def _brightness_contrast(painter: QPainter) -> None:
    ink = painter.pen().color()
    painter.drawEllipse(QPointF(9, 9), 6.2, 6.2)
    path = QPainterPath(QPointF(9, 2.8))
    path.arcTo(QRectF(2.8, 2.8, 12.4, 12.4), 90, -180)
    path.closeSubpath()
    painter.fillPath(path, ink)


def _overwrite(painter: QPainter) -> None:
    painter.drawLine(QPointF(9, 2.5), QPointF(9, 10))
    painter.drawPolyline([QPointF(5.8, 7), QPointF(9, 10.2), QPointF(12.2, 7)])
    painter.drawPolyline([QPointF(3, 10.5), QPointF(3, 15), QPointF(15, 15), QPointF(15, 10.5)])


def _reset(painter: QPainter) -> None:
    painter.drawArc(QRectF(3.5, 3.5, 11, 11), 120 * 16, -290 * 16)
    painter.drawPolyline([QPointF(4.0, 1.8), QPointF(5.6, 4.6), QPointF(8.6, 3.2)])


def _more(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    for x in (4.0, 9.0, 14.0):
        painter.drawEllipse(QPointF(x, 9), 0.9, 0.9)


def _mirror(painter: QPainter) -> None:
    painter.drawLine(QPointF(9, 2), QPointF(9, 16))
    painter.drawPolygon([QPointF(6.5, 4.5), QPointF(6.5, 13.5), QPointF(1.8, 13.5)])
    painter.drawPolygon([QPointF(11.5, 4.5), QPointF(11.5, 13.5), QPointF(16.2, 13.5)])


DRAWINGS: dict[str, Callable[[QPainter], None]] = {
    "mirror": _mirror,
    "eye": _eye,
    "hidden": _hidden,
    "lock": _lock,
    "unlocked": _unlocked,
    "plus": _plus,
    "copy": _copy,
    "bin": _bin,
    "folder": _folder,
    "swap": _swap,
    "overwrite": _overwrite,
    "reset": _reset,
    "more": _more,
    "alpha-lock": _alpha_lock,
    "levels": _levels,
    "curves": _curves,
    "hue-saturation": _hue_saturation,
    "brightness-contrast": _brightness_contrast,
}
