"""A slider whose groove shows what each place would give."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

GROOVE = 10.0
KNOB = 7.0


class GradientSlider(QSlider):
    """Horizontal; a press jumps to where it is, arrow keys step by one."""

    def __init__(self, name: str, maximum: int, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName(name)
        self.setRange(0, maximum)
        self.setPageStep(max(1, maximum // 10))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._stops: list[QColor] = [QColor("black"), QColor("white")]

    def sizeHint(self) -> QSize:
        """Slim."""
        return QSize(90, 20)

    def minimumSizeHint(self) -> QSize:
        """Slim."""
        return QSize(50, 20)

    def set_stops(self, stops: Sequence[QColor]) -> None:
        """The colours from left to right, evenly spread; at least two."""
        self._stops = list(stops)
        self.update()

    def _groove(self) -> QRectF:
        return QRectF(KNOB, (self.height() - GROOVE) / 2, self.width() - 2 * KNOB, GROOVE)

    def place_of(self, value: float) -> QPointF:
        """Where the knob stands for a value."""
        groove = self._groove()
        span = max(1, self.maximum() - self.minimum())
        return QPointF(groove.left() + groove.width() * (value - self.minimum()) / span, groove.center().y())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Gradient and knob."""
        del event
        groove = self._groove().adjusted(-KNOB / 2, 0, KNOB / 2, 0)
        gradient = QLinearGradient(self._groove().topLeft(), self._groove().topRight())
        for index, colour in enumerate(self._stops):
            gradient.setColorAt(index / (len(self._stops) - 1), colour)
        rim = self.palette().windowText().color()
        rim.setAlpha(50)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isEnabled() else 0.4)
            painter.setPen(rim)
            painter.setBrush(gradient)
            painter.drawRoundedRect(groove, GROOVE / 2, GROOVE / 2)
            middle = self.place_of(self.value())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(0, 0, 0, 150), 3.4))
            painter.drawEllipse(middle, KNOB - 2, KNOB - 2)
            focus = self.hasFocus()
            painter.setPen(QPen(self.palette().highlight().color() if focus else QColor("white"), 2.0))
            painter.drawEllipse(middle, KNOB - 2, KNOB - 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow."""
        if self.isSliderDown():
            self._follow(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self.setSliderDown(False)

    def _follow(self, x: float) -> None:
        groove = self._groove()
        share = min(1.0, max(0.0, (x - groove.left()) / max(1.0, groove.width())))
        self.setValue(round(self.minimum() + share * (self.maximum() - self.minimum())))
