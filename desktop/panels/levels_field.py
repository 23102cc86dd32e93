"""The tones below a levels adjustment, with the handles that set black, middle, white and the ends of the output."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from canvas.adjustments import Levels
from desktop.panels.tones import Tones

HANDLES = ("black", "gamma", "white", "out_black", "out_white")
RAIL, BAR = 14.0, 12.0
BELOW = RAIL + BAR + RAIL + 8  # what stands under the plot
SIDE = 9.0
GAP = 1 / 255
REACH = 14.0


class LevelsField(QWidget):
    """Drag a handle; Tab-free keys: Page Up and Page Down choose one, arrows move it (Shift: further)."""

    changed = Signal(object)
    """The Levels as they should be now, while dragging, too."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._levels = Levels()
        self._heights: list[float] = [0.0] * 256
        self._held = ""
        self._chosen = "black"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(round(BELOW) + 36)
        self.setMaximumHeight(round(BELOW) + 130)
        self.retranslate()

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(240, round(BELOW) + 90)

    def show_levels(self, levels: Levels) -> None:
        """Show a value without telling anyone."""
        self._levels = levels
        self.update()

    def show_tones(self, tones: Tones) -> None:
        """Other tones lie below."""
        self._heights = tones[0].tolist()
        self.update()

    # -- places ----------------------------------------------------------------------------------------

    def _plot(self) -> QRectF:
        return QRectF(SIDE, 1, self.width() - 2 * SIDE, self.height() - BELOW)

    def _bar(self) -> QRectF:
        return QRectF(SIDE, self._plot().bottom() + RAIL + 4, self.width() - 2 * SIDE, BAR)

    def share_of(self, handle: str) -> float:
        """Where a handle stands, 0 at the left to 1 at the right."""
        levels = self._levels
        if handle == "gamma":
            middle = 0.5**levels.gamma
            return levels.black + (levels.white - levels.black) * middle
        return float(getattr(levels, handle))

    def place_of(self, handle: str) -> QPointF:
        """The tip of a handle."""
        area = self._bar() if handle.startswith("out") else self._plot()
        return QPointF(area.left() + self.share_of(handle) * area.width(), area.bottom())

    def _nearest(self, place: QPointF) -> str:
        output = place.y() > self._bar().top() - 2
        near = [handle for handle in HANDLES if handle.startswith("out") == output]
        # Of handles that lie on each other the one that still can move towards the pointer.
        away = {handle: abs(self.place_of(handle).x() - place.x()) for handle in near}
        best = min(away.values())
        found = [handle for handle in near if away[handle] <= best + 0.5]
        right = place.x() > self.place_of(found[0]).x()
        return found[-1] if right else found[0]

    # -- changing --------------------------------------------------------------------------------------

    def move_handle(self, handle: str, share: float) -> None:
        """Move a handle to a place from 0 to 1, as far as the others let it."""
        levels, share = self._levels, min(max(share, 0.0), 1.0)
        if handle == "black":
            moved = replace(levels, black=min(share, levels.white - GAP))
        elif handle == "white":
            moved = replace(levels, white=max(share, levels.black + GAP))
        elif handle == "gamma":
            middle = (share - levels.black) / max(levels.white - levels.black, GAP)
            gamma = math.log(min(max(middle, 0.001), 0.999)) / math.log(0.5)
            moved = replace(levels, gamma=round(min(max(gamma, 0.1), 10.0), 3))
        else:
            moved = replace(levels, **{handle: share})
        if moved != levels:
            self._levels = moved
            self.update()
            self.changed.emit(moved)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the nearest handle."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._held = self._chosen = self._nearest(event.position())
        if abs(self.place_of(self._held).x() - event.position().x()) > REACH:
            self._follow(event.position())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It follows."""
        if self._held:
            self._follow(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self._held = ""

    def _follow(self, place: QPointF) -> None:
        area = self._plot()
        self.move_handle(self._held, (place.x() - area.left()) / max(1.0, area.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Everything that the mouse can do."""
        key = Qt.Key(event.key())
        step = GAP * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.move_handle(self._chosen, self.share_of(self._chosen) + (step if key == Qt.Key.Key_Right else -step))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            way = 1 if key == Qt.Key.Key_PageDown else -1
            self._chosen = HANDLES[(HANDLES.index(self._chosen) + way) % len(HANDLES)]
            self.update()
        else:
            super().keyPressEvent(event)

    # -- drawing ---------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tones, the bar of the output, handles."""
        del event
        palette, plot, bar = self.palette(), self._plot(), self._bar()
        ink = palette.color(QPalette.ColorRole.WindowText)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            plate = QPainterPath()
            plate.addRoundedRect(plot.adjusted(-SIDE + 0.5, -0.5, SIDE - 0.5, 0), 5, 5)
            painter.fillPath(plate, palette.color(QPalette.ColorRole.Base))
            grey = QColor(ink)
            grey.setAlpha(150)
            draw_tones(painter, plot, self._heights, grey)
            gradient = QLinearGradient(bar.topLeft(), bar.topRight())
            gradient.setColorAt(0, QColor("black"))
            gradient.setColorAt(1, QColor("white"))
            rim = QColor(ink)
            rim.setAlpha(60)
            painter.setPen(QPen(rim, 1))
            painter.setBrush(gradient)
            painter.drawRoundedRect(bar, 3, 3)
            for handle, fill in zip(HANDLES, ("#000000", "#808080", "#ffffff", "#000000", "#ffffff"), strict=True):
                self._draw_handle(painter, handle, QColor(fill))

    def _draw_handle(self, painter: QPainter, handle: str, fill: QColor) -> None:
        tip = self.place_of(handle)
        lively = handle == self._held or (self.hasFocus() and handle == self._chosen)
        accent = self.palette().color(QPalette.ColorRole.Accent)
        rim = accent if lively else self.palette().color(QPalette.ColorRole.WindowText)
        shape = QPainterPath(tip)
        for dx, dy in ((5.5, 6.5), (5.5, 11.5), (-5.5, 11.5), (-5.5, 6.5)):
            shape.lineTo(tip + QPointF(dx, dy))
        shape.closeSubpath()
        painter.setPen(QPen(rim, 1.8 if lively else 1.1))
        painter.setBrush(fill)
        painter.drawPath(shape)

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        self.setToolTip(
            self.tr(
                "Drag black, middle and white under the tones; below, what black and white become.\n"
                "Keys: Page Up and Page Down choose a handle, arrows move it."
            )
        )
        self.setAccessibleName(self.tr("Levels"))


def draw_tones(painter: QPainter, field: QRectF, heights: Sequence[float], ink: QColor) -> None:
    """A filled outline of how often each tone occurs, in the field."""
    if not any(heights):
        return
    path = QPainterPath(field.bottomLeft())
    for index, height in enumerate(heights):
        x = field.left() + field.width() * index / (len(heights) - 1)
        path.lineTo(QPointF(x, field.bottom() - height * field.height() * 0.94))
    path.lineTo(field.bottomRight())
    path.closeSubpath()
    fill = QColor(ink)
    fill.setAlpha(min(fill.alpha(), 110))
    painter.fillPath(path, fill)
