"""The lines, the handle and the names that lie over two pictures which are compared."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from desktop.view.camera import Camera
from desktop.view.overlays import ACCENT
from desktop.view.renderer import view_transform

KNOB = 13.0  # logical pixels: half the handle
GAP = 8.0  # logical pixels between a name and the corner of its picture
ICON = 16  # logical pixels
PLATE = QColor(20, 22, 26, 205)


def draw_region(painter: QPainter, camera: Camera, region: QRectF) -> None:
    """A thin line around what is compared."""
    shape = view_transform(camera).map(QPolygonF(region))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not camera.is_upright)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 110), 3.0))
    painter.drawPolygon(shape)
    painter.setPen(QPen(QColor(255, 255, 255, 220), 1.0))
    painter.drawPolygon(shape)
    painter.restore()


def draw_divider(painter: QPainter, start: QPointF, end: QPointF, hot: bool) -> None:
    """The line between two pictures with its handle in the middle (logical pixels); coloured while it is led."""
    line = QLineF(start, end)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 120), 4.0))
    painter.drawLine(line)
    painter.setPen(QPen(ACCENT if hot else QColor(255, 255, 255), 2.0))
    painter.drawLine(line)
    painter.translate(line.center())
    painter.rotate(90 - line.angle())  # its arrows point across the line
    painter.setPen(QPen(QColor(0, 0, 0, 90), 1.0))
    painter.setBrush(ACCENT if hot else QColor(255, 255, 255))
    painter.drawEllipse(QPointF(0, 0), KNOB, KNOB)
    ink = QColor(255, 255, 255) if hot else QColor(40, 43, 48)
    painter.setPen(QPen(ink, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for side in (-1, 1):
        painter.drawPolyline([QPointF(side * 4, -4), QPointF(side * 8, 0), QPointF(side * 4, 4)])
    painter.restore()


def draw_name(painter: QPainter, camera: Camera, part: QRectF, text: str) -> None:
    """A small plate in the upper left corner of a picture (canvas pixels), cut off where the picture ends."""
    placed = view_transform(camera)
    seen = placed.mapRect(part)
    font = painter.font()
    font.setPointSizeF(9)
    metrics = QFontMetricsF(font)
    room = seen.width() - 2 * GAP - 14
    if camera.rotation % 90:
        room = min(room, part.width() * camera.zoom / camera.ratio * 0.8)
    if not text or room < 24 or seen.height() < 40:
        return
    words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    plate = QRectF(0, 0, metrics.horizontalAdvance(words) + 14, metrics.height() + 6)
    if camera.rotation % 90:  # no corner of a turned picture is a corner of what is around it
        top = placed.map(QPointF(part.center().x(), part.top() + part.height() * 0.08))
        plate.moveCenter(top.toPoint().toPointF())
    else:
        plate.moveTopLeft(QPointF(round(seen.x() + GAP), round(seen.y() + GAP)))
    painter.save()
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(plate, 5, 5)
    painter.fillPath(path, PLATE)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()


def mode_icon(mode: str, colour: QColor) -> QIcon:
    """A small line icon for `wipe`, `difference` or `flicker`."""
    icon = QIcon()
    for ratio in (1, 2):
        pixmap = QPixmap(ICON * ratio, ICON * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(ratio, ratio)
            painter.setPen(QPen(colour, 1.3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            _draw_mode(painter, mode, colour)
        pixmap.setDevicePixelRatio(ratio)
        icon.addPixmap(pixmap)
    return icon


def _draw_mode(painter: QPainter, mode: str, colour: QColor) -> None:
    if mode == "wipe":
        painter.drawRoundedRect(QRectF(2, 3, 12, 10), 1.5, 1.5)
        painter.fillRect(QRectF(8, 3.5, 5.5, 9), colour)
        painter.drawLine(QPointF(8, 1), QPointF(8, 15))
    elif mode == "difference":
        painter.drawEllipse(QPointF(6, 8), 4, 4)
        painter.drawEllipse(QPointF(10, 8), 4, 4)
    else:
        painter.drawRoundedRect(QRectF(2, 2, 8.5, 8.5), 1.5, 1.5)
        path = QPainterPath()
        path.addRoundedRect(QRectF(5.5, 5.5, 8.5, 8.5), 1.5, 1.5)
        painter.fillPath(path, colour)
