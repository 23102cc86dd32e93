"""Small grips over the canvas that are dragged: the sides and corners of a region, the three widths of a rim."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QTabletEvent
from PySide6.QtWidgets import QWidget

from canvas.geometry import Bounds
from desktop.generation.capture import SIDE_STEP
from pipelines.contract.request import MAX_SIDE

SIDE = 17
"""Logical pixels of the widget; what is drawn is smaller, what can be hit is not."""
HALF = 4.5
LEAST_REGION = 64
"""Canvas pixels that a region keeps a side."""


class Grip(QWidget):
    """One grip. It only says where it is dragged to; whoever placed it moves it."""

    pressed = Signal()
    dragged = Signal(QPointF)
    """Where its middle should be, in the view's logical pixels."""
    released = Signal()
    doubled = Signal()

    def __init__(self, view: QWidget, name: str, colour: QColor, round_shape: bool) -> None:
        super().__init__(view)
        self.setObjectName(name)
        self.setFixedSize(SIDE, SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the canvas keeps the keys
        self._colour, self._round = colour, round_shape
        self._from: QPointF | None = None
        self.hide()

    @property
    def held(self) -> bool:
        """Whether it is being dragged."""
        return self._from is not None

    def place(self, x: float, y: float) -> None:
        """Puts its middle there, logical pixels of the view."""
        self.move(round(x - SIDE / 2), round(y - SIDE / 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A square or a dot, seen on everything."""
        del event
        shape = QRectF(SIDE / 2 - HALF, SIDE / 2 - HALF, 2 * HALF, 2 * HALF)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for colour, width in ((QColor(0, 0, 0, 130), 3.6), (QColor(255, 255, 255), 1.6)):
                painter.setPen(QPen(colour, width))
                painter.setBrush(self._colour)
                if self._round:
                    painter.drawEllipse(shape)
                else:
                    painter.drawRoundedRect(shape, 2, 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes it up with the left button; the others are the canvas's."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._take(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Leads it."""
        self._lead(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets it go."""
        del event
        self._let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Gives the decision back."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.doubled.emit()
        else:
            event.ignore()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen does as the mouse does; nothing is painted under it."""
        event.accept()
        if event.type() == QEvent.Type.TabletPress:
            self._take(event.position())
        elif event.type() == QEvent.Type.TabletRelease:
            self._let_go()
        else:
            self._lead(event.position())

    def _take(self, at: QPointF) -> None:
        self._from = at
        self.pressed.emit()

    def _lead(self, at: QPointF) -> None:
        if self._from is not None:
            middle = QPointF(self.pos()) + QPointF(SIDE / 2, SIDE / 2)
            self.dragged.emit(middle + at - self._from)

    def _let_go(self) -> None:
        if self._from is not None:
            self._from = None
            self.released.emit()


def pulled(bounds: Bounds, side: tuple[int, int], at: tuple[float, float], least: Bounds) -> Bounds:
    """`bounds` with the sides (-1, 0, 1 for x and y) led to a canvas point, in whole steps of SIDE_STEP.

    It always holds `least`, and stays between LEAST_REGION and the most a request may have.
    """
    left, right = _pulled(bounds.x, bounds.right, side[0], at[0], (least.x, least.right))
    top, bottom = _pulled(bounds.y, bounds.bottom, side[1], at[1], (least.y, least.bottom))
    return Bounds(left, top, right - left, bottom - top)


def _pulled(low: int, high: int, side: int, to: float, least: tuple[int, int]) -> tuple[int, int]:
    if side == 0:
        return low, high
    if side > 0:
        length = _length(max(to, least[1]) - low)
        return low, low + length
    length = _length(high - min(to, least[0]))
    return high - length, high


def _length(wanted: float) -> int:
    """Rounded up: what has to be inside stays inside."""
    steps = -(-int(wanted) // SIDE_STEP)
    return min(max(steps * SIDE_STEP, LEAST_REGION), MAX_SIDE)
