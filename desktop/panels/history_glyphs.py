"""Small line icons of the history panel, in the theme's ink."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

SIDE = 16


def history_glyph(name: str, colour: QColor) -> QIcon:
    """The icon called `name`: time, place, tree, pictures, more, filter, info."""
    icon = QIcon()
    for ratio in (1, 2):
        pixmap = QPixmap(SIDE * ratio, SIDE * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(ratio, ratio)
            pen = QPen(colour, 1.3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            DRAWINGS[name](painter)
        pixmap.setDevicePixelRatio(ratio)
        icon.addPixmap(pixmap)
    return icon


def _time(painter: QPainter) -> None:
    painter.drawEllipse(QPointF(8, 8), 5.8, 5.8)
    painter.drawPolyline([QPointF(8, 4.6), QPointF(8, 8), QPointF(10.4, 9.6)])


def _place(painter: QPainter) -> None:
    for x, y in ((2.5, 2.5), (13.5, 2.5), (2.5, 13.5), (13.5, 13.5)):
        inward = 3.5 if x < 8 else -3.5
        painter.drawLine(QPointF(x, y), QPointF(x + inward, y))
        painter.drawLine(QPointF(x, y), QPointF(x, y + (3.5 if y < 8 else -3.5)))
    painter.drawEllipse(QPointF(8, 8), 1.8, 1.8)


def _tree(painter: QPainter) -> None:
    painter.drawLine(QPointF(4, 2.5), QPointF(4, 13.5))
    painter.drawPolyline([QPointF(4, 6), QPointF(7.5, 8.5), QPointF(11, 8.5)])
    painter.setBrush(painter.pen().color())
    for at in (QPointF(4, 2.8), QPointF(4, 13.2), QPointF(12, 8.5)):
        painter.drawEllipse(at, 1.6, 1.6)


def _pictures(painter: QPainter) -> None:
    for x in (2.5, 9.0):
        for y in (2.5, 9.0):
            painter.drawRoundedRect(QRectF(x, y, 4.6, 4.6), 1, 1)


def _more(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    for x in (3.5, 8.0, 12.5):
        painter.drawEllipse(QPointF(x, 8), 0.9, 0.9)


def _filter(painter: QPainter) -> None:
    for y, inset in ((4.0, 2.0), (8.0, 4.5), (12.0, 6.8)):
        painter.drawLine(QPointF(inset, y), QPointF(16 - inset, y))


def _info(painter: QPainter) -> None:
    painter.drawEllipse(QPointF(8, 8), 5.8, 5.8)
    painter.drawLine(QPointF(8, 7.4), QPointF(8, 11))
    painter.drawPoint(QPointF(8, 5.1))


DRAWINGS: dict[str, Callable[[QPainter], None]] = {
    "time": _time,
    "place": _place,
    "tree": _tree,
    "pictures": _pictures,
    "more": _more,
    "filter": _filter,
    "info": _info,
}
