"""A curve from 0..1 to 0..1 that is bent by its points, with the mouse or with keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

Points: TypeAlias = tuple[tuple[float, float], ...]
Shape: TypeAlias = Callable[[Points], Sequence[float]]
"""Heights of the curve at evenly spread places from 0 to 1."""

STRAIGHT: Points = ((0.0, 0.0), (1.0, 1.0))
MARGIN = 8.0
REACH = 11.0  # logical pixels: how near a press takes a point
AWAY = 26.0  # logical pixels: how far out a drag removes it
APART = 0.01
MOST = 12
REMOVES = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
KEY_STEP = 0.02


class CurveEditor(QWidget):
    """Drag points; click beside the curve's points for a new one; drag one out, or Delete, to remove it.

    The first and the last point stay at the sides. Keys: Page Up and Page Down choose a point, arrows move it
    (Shift: further), Insert adds one after it, Delete removes it, Home makes the curve straight.
    """

    changed = Signal()
    """The curve is different: while a point is dragged, too."""

    def __init__(self, name: str, parent: QWidget, shape: Shape) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._shape = shape
        self._points: Points = STRAIGHT
        self._straight: Points = STRAIGHT
        self._chosen = 0
        self._dragging = False
        self._lost: tuple[float, float] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def sizeHint(self) -> QSize:
        """A little wider than high."""
        return QSize(220, 130)

    @property
    def points(self) -> Points:
        """(x, y) pairs, x rising from 0 to 1."""
        return self._points

    def set_points(self, points: Points) -> None:
        """Show a curve without telling anyone; at least two points."""
        if points != self._points:
            self._points = points
            self._chosen = min(self._chosen, len(points) - 1)
            self._lost = None
            self.update()

    def set_straight(self, points: Points) -> None:
        """What `reset` brings back."""
        self._straight = points

    def reset(self) -> None:
        """Straight again."""
        self._chosen = 0
        self._set(self._straight)

    def _set(self, points: Points) -> None:
        if points != self._points:
            self._points = points
            self.update()
            self.changed.emit()

    # --- places

    def _field(self) -> QRectF:
        return QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)

    def place_of(self, point: tuple[float, float]) -> QPointF:
        """Where a point is drawn."""
        field = self._field()
        return QPointF(field.left() + point[0] * field.width(), field.bottom() - point[1] * field.height())

    def point_at(self, place: QPointF) -> tuple[float, float]:
        """The curve's point for a place, inside 0..1."""
        field = self._field()
        x, y = (place.x() - field.left()) / field.width(), (field.bottom() - place.y()) / field.height()
        return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))

    def _near(self, place: QPointF) -> int | None:
        away = [(self.place_of(point) - place).manhattanLength() for point in self._points]
        index = min(range(len(away)), key=away.__getitem__)
        return index if away[index] <= REACH else None

    # --- changing

    def _move(self, index: int, x: float, y: float) -> None:
        points = list(self._points)
        low = points[index - 1][0] + APART if index else 0.0
        high = points[index + 1][0] - APART if index < len(points) - 1 else 1.0
        if index in (0, len(points) - 1):
            x = points[index][0]
        points[index] = (min(max(x, low), high), min(max(y, 0.0), 1.0))
        self._set(tuple(points))

    def _add(self, x: float, y: float) -> bool:
        """A new point, which is chosen; False where there is no room."""
        after = next((index for index, point in enumerate(self._points) if point[0] > x), len(self._points))
        near = [point for point in self._points if abs(point[0] - x) < APART]
        if near or after in (0, len(self._points)) or len(self._points) >= MOST:
            return False
        self._chosen = after
        self._set((*self._points[:after], (x, y), *self._points[after:]))
        return True

    def _remove(self, index: int) -> bool:
        if index in (0, len(self._points) - 1):
            return False
        self._chosen = index - 1
        self._set(self._points[:index] + self._points[index + 1 :])
        return True

    # --- events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a point, or make one."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        near = self._near(event.position())
        if near is None:
            self._dragging = self._add(*self.point_at(event.position()))
        else:
            self._chosen, self._dragging = near, True
        self._lost = None
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it; far outside it is gone, and comes back with the pointer."""
        if not self._dragging:
            return
        x, y = self.point_at(event.position())
        out = not QRectF(self.rect()).adjusted(-AWAY, -AWAY, AWAY, AWAY).contains(event.position())
        if self._lost is not None:
            if not out and self._add(x, y):
                self._lost = None
        elif out and self._chosen not in (0, len(self._points) - 1):
            self._lost = self._points[self._chosen]
            self._remove(self._chosen)
        else:
            self._move(self._chosen, x, y)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self._dragging, self._lost = False, None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Remove a point, or all that were made."""
        menu = QMenu(self)
        menu.setObjectName("curveMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        near = self._near(QPointF(event.pos()))
        remove = menu.addAction(self.tr("Remove Point"))
        remove.setEnabled(near not in (None, 0, len(self._points) - 1))
        remove.triggered.connect(lambda: self._remove(near or 0))
        menu.addAction(self.tr("Reset Curve")).triggered.connect(self.reset)
        menu.popup(event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Delete takes a point away here, and does not clear the layer as in the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in REMOVES:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Everything that the mouse can do."""
        key = Qt.Key(event.key())
        step = KEY_STEP * (5 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        moves = {
            Qt.Key.Key_Left: (-step, 0.0),
            Qt.Key.Key_Right: (step, 0.0),
            Qt.Key.Key_Up: (0.0, step),
            Qt.Key.Key_Down: (0.0, -step),
        }
        if key in moves:
            x, y = self._points[self._chosen]
            self._move(self._chosen, x + moves[key][0], y + moves[key][1])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            forward = 1 if key == Qt.Key.Key_PageDown else -1
            self._chosen = min(max(self._chosen + forward, 0), len(self._points) - 1)
            self.update()
        elif key in (Qt.Key.Key_Insert, Qt.Key.Key_Plus):
            index = min(self._chosen, len(self._points) - 2)
            (x0, y0), (x1, y1) = self._points[index : index + 2]
            self._add((x0 + x1) / 2, (y0 + y1) / 2)
        elif key in REMOVES:
            self._remove(self._chosen)
        elif key == Qt.Key.Key_Home:
            self.reset()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grid, curve, points."""
        del event
        field = self._field()
        ink, accent = self.palette().windowText().color(), self.palette().highlight().color()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isEnabled() else 0.4)
            self._draw_grid(painter, field, ink)
            heights = self._shape(self._points)
            path = QPainterPath()
            for index, height in enumerate(heights):
                place = self.place_of((index / (len(heights) - 1), height))
                path.lineTo(place) if index else path.moveTo(place)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink, 1.6))
            painter.drawPath(path)
            for index, point in enumerate(self._points):
                chosen = index == self._chosen and (self.hasFocus() or self._dragging)
                painter.setPen(QPen(self.palette().base().color(), 1.5))
                painter.setBrush(accent if chosen else ink)
                painter.drawEllipse(self.place_of(point), 5.0 if chosen else 4.0, 5.0 if chosen else 4.0)

    def _draw_grid(self, painter: QPainter, field: QRectF, ink: QColor) -> None:
        plate = QPainterPath()
        plate.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.fillPath(plate, self.palette().base())
        faint = QColor(ink)
        faint.setAlpha(28)
        painter.setPen(QPen(faint, 1))
        for quarter in range(5):
            x, y = field.left() + field.width() * quarter / 4, field.top() + field.height() * quarter / 4
            painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
        if self.hasFocus():
            painter.setPen(QPen(self.palette().highlight().color(), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(plate)

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        self.setToolTip(
            self.tr(
                "Drag points; click for a new one; drag one out to remove it.\n"
                "Keys: Page Up and Page Down choose a point, arrows move it, Insert adds, Delete removes, Home resets."
            )
        )
        self.setAccessibleName(self.tr("Curve"))
