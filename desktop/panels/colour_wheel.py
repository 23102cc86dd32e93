"""A ring of hues around a square of saturation and value."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QConicalGradient, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

RING = 16.0  # logical pixels: width of the ring
GAP = 5.0
KEY_STEP = 0.02


class ColourWheel(QWidget):
    """Choose hue on the ring, saturation (right) and value (up) in the square."""

    chosen = Signal(float, float, float)
    """Hue, saturation, value, each 0..1, while the person drags."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("colourWheel")
        self.setMinimumSize(150, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hue, self.saturation, self.value = 0.0, 0.0, 0.0
        self._on_ring: bool | None = None

    def sizeHint(self) -> QSize:
        """Small: it grows with the room there is."""
        return QSize(150, 150)

    def show_hsv(self, hue: float, saturation: float, value: float) -> None:
        """Mark this colour, each part 0..1."""
        self.hue, self.saturation, self.value = hue, saturation, value
        self.update()

    @property
    def square(self) -> QRectF:
        """Where saturation and value are chosen."""
        radius = self._radius - RING - GAP
        side = radius * math.sqrt(2)
        middle = QRectF(self.rect()).center()
        return QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)

    def ring_point(self, hue: float) -> QPointF:
        """The middle of the ring where this hue is."""
        middle, radius = QRectF(self.rect()).center(), self._radius - RING / 2
        angle = hue * 2 * math.pi
        return QPointF(middle.x() + radius * math.cos(angle), middle.y() - radius * math.sin(angle))

    @property
    def _radius(self) -> float:
        return min(self.width(), self.height()) / 2 - 2

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ring, square and two marks."""
        del event
        middle, square = QRectF(self.rect()).center(), self.square
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            gradient = QConicalGradient(middle, 0)
            for step in range(7):
                gradient.setColorAt(step / 6, QColor.fromHsvF(step / 6 % 1.0, 1.0, 1.0))
            painter.setPen(QPen(gradient, RING))
            radius = self._radius - RING / 2
            painter.drawEllipse(middle, radius, radius)
            painter.drawImage(square, _square_image(self.hue), QRectF(0.5, 0.5, 63, 63))
            spot = QPointF(
                square.left() + self.saturation * square.width(),
                square.bottom() - self.value * square.height(),
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if self.hasFocus():
                painter.setPen(QPen(self.palette().highlight().color(), 1.5))
                painter.drawEllipse(middle, self._radius + 0.5, self._radius + 0.5)
            for point, size in ((self.ring_point(self.hue), RING / 2 - 2), (spot, 5.5)):
                for colour, width in ((QColor(0, 0, 0, 150), 3.2), (QColor(255, 255, 255), 1.8)):
                    painter.setPen(QPen(colour, width))
                    painter.drawEllipse(point, size, size)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the ring or the square."""
        away = event.position() - QRectF(self.rect()).center()
        distance = math.hypot(away.x(), away.y())
        if distance > self._radius + 3:
            event.ignore()
            return
        self._on_ring = distance >= self._radius - RING - GAP / 2
        self._drag(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow."""
        if self._on_ring is not None:
            self._drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self._on_ring = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows: saturation and value. Page Up and Page Down, plus and minus: hue."""
        key = Qt.Key(event.key())
        step = KEY_STEP * (5 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        moves = {
            Qt.Key.Key_Left: (0.0, -step, 0.0),
            Qt.Key.Key_Right: (0.0, step, 0.0),
            Qt.Key.Key_Up: (0.0, 0.0, step),
            Qt.Key.Key_Down: (0.0, 0.0, -step),
            Qt.Key.Key_PageUp: (step, 0.0, 0.0),
            Qt.Key.Key_PageDown: (-step, 0.0, 0.0),
            Qt.Key.Key_Plus: (step, 0.0, 0.0),
            Qt.Key.Key_Minus: (-step, 0.0, 0.0),
        }
        if key not in moves:
            super().keyPressEvent(event)
            return
        hue, saturation, value = moves[key]
        self.hue = (self.hue + hue) % 1.0
        self.saturation = min(1.0, max(0.0, self.saturation + saturation))
        self.value = min(1.0, max(0.0, self.value + value))
        self.update()
        self.chosen.emit(self.hue, self.saturation, self.value)

    def _drag(self, at: QPointF) -> None:
        if self._on_ring:
            away = at - QRectF(self.rect()).center()
            self.hue = (math.atan2(-away.y(), away.x()) / (2 * math.pi)) % 1.0
        else:
            square = self.square
            self.saturation = min(1.0, max(0.0, (at.x() - square.left()) / square.width()))
            self.value = min(1.0, max(0.0, (square.bottom() - at.y()) / square.height()))
        self.update()
        self.chosen.emit(self.hue, self.saturation, self.value)


def _square_image(hue: float) -> QImage:
    """(64, 64): saturation to the right, value upwards."""
    pure = QColor.fromHsvF(min(hue, 0.9999), 1.0, 1.0)
    rgb = np.array([pure.blueF(), pure.greenF(), pure.redF()], np.float32)
    saturation = np.linspace(0, 1, 64, dtype=np.float32)[None, :, None]
    value = np.linspace(1, 0, 64, dtype=np.float32)[:, None, None]
    pixels = np.full((64, 64, 4), 255, np.uint8)
    pixels[..., :3] = np.rint(255 * value * (1 - saturation + saturation * rgb))
    return QImage(pixels.data, 64, 64, 256, QImage.Format.Format_RGB32).copy()
