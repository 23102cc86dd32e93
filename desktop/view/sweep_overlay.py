"""A sweep's grid under the pointer and the arrow keys: which cell is painted, which one is in hand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QTabletEvent
from PySide6.QtWidgets import QWidget

from canvas.geometry import Bounds
from desktop.generation.sweep import Cell
from desktop.generation.sweep_run import SweepRun, SweepState
from desktop.view.canvas_view import CanvasView
from desktop.view.overlays import ACCENT

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
EMPTY, FAILED = QColor(128, 132, 142, 90), QColor(200, 70, 60)
LINE = 3
"""Height of the line under the cell that is painted, logical pixels."""
SMALLEST_SIGN = 24.0
"""Logical pixels: in smaller cells no cross is drawn."""


class SweepOverlay(QWidget):
    """Draws around the cells, and takes clicks and keys for them before the canvas does."""

    keepWanted = Signal()
    """The cell in hand shall be kept."""

    def __init__(self, view: CanvasView, run: SweepRun) -> None:
        super().__init__(view)
        self.setObjectName("sweepOverlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view, self._run = view, run
        self._space = False
        self._drawn: tuple[object, ...] = ()
        self.busy_elsewhere: Callable[[], bool] = lambda: False
        """Whether the keys belong to something else now, such as fresh candidates."""
        view.viewChanged.connect(self.update)
        view.keyHeld.connect(self._key_held)
        view.installEventFilter(self)
        run.changed.connect(self._refresh)
        self.hide()

    def _refresh(self) -> None:
        if self._run.is_open and self.isHidden():
            self.setGeometry(self._view.rect())
            self.show()
            self.lower()
        elif not self._run.is_open:
            self.hide()
        run = self._run
        drawn = (run.state, run.running, run.chosen, run.painted, len(run.failures))
        if drawn != self._drawn or run.running is None or run.plan is None:
            self._drawn = drawn
            self.update()
        else:  # only its line has grown
            shape = self._polygon(run.plan.grid.cell(run.running)).boundingRect()
            self.update(shape.toAlignedRect().adjusted(-2, 0, 2, LINE + 4))

    def _key_held(self, key: int, down: bool) -> None:
        if key == Qt.Key.Key_Space.value:
            self._space = down

    # --- what comes to the canvas

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Clicks on cells, and keys while one is in hand."""
        if watched is self._view and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.rect())
        if watched is not self._view or not self._run.is_open:
            return False
        if isinstance(event, QKeyEvent) and self._wants(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._key(Qt.Key(event.key()))
                return True
        if isinstance(event, (QMouseEvent, QTabletEvent)):
            return self._pointed(event)
        return False

    def _wants(self, event: QKeyEvent) -> bool:
        if self._run.chosen is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        key = Qt.Key(event.key())
        return (key in ARROWS or key in ENTER or key == Qt.Key.Key_Escape) and not self.busy_elsewhere()

    def _key(self, key: Qt.Key) -> None:
        if key in ARROWS:
            self._run.step(*ARROWS[key])
        elif key in ENTER:
            self.keepWanted.emit()
        else:
            self._run.choose(None)

    def _pointed(self, event: QMouseEvent | QTabletEvent) -> bool:
        presses = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TabletPress)
        if event.type() not in presses or event.button() != Qt.MouseButton.LeftButton or event.modifiers():
            return False
        if self._space or self._view.tool_id == "hand" or self._run.plan is None:
            return False
        at = self._view.camera.to_canvas(event.position().x(), event.position().y())
        cell = self._run.plan.grid.at(*at)
        if cell is None or cell not in self._run.records:
            return False
        again = cell == self._run.chosen
        self._run.choose(cell)
        twice = event.type() == QEvent.Type.MouseButtonDblClick
        if again and twice:
            self.keepWanted.emit()
        event.accept()
        return True

    # --- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Outlines of what is to come, of what is painted now, and of the cell in hand."""
        del event
        run, plan = self._run, self._run.plan
        if plan is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if run.state is not SweepState.DONE:
                for cell in plan.sweep.cells():
                    if cell not in run.records and cell != run.running:
                        self._outline(painter, plan.grid.cell(cell), QPen(EMPTY, 1.0, Qt.PenStyle.DashLine))
            for cell in run.failures:
                self._cross(painter, plan.grid.cell(cell))
            if run.running is not None:
                self._running(painter, run.running, run.fraction)
            if run.chosen is not None:
                bounds = plan.grid.cell(run.chosen)
                self._outline(painter, bounds, QPen(QColor(255, 255, 255), 5.0))
                self._outline(painter, bounds, QPen(ACCENT, 3.0))

    def _polygon(self, bounds: Bounds) -> QPolygonF:
        corners = (
            (bounds.x, bounds.y), (bounds.right, bounds.y), (bounds.right, bounds.bottom), (bounds.x, bounds.bottom)
        )  # fmt: skip
        return QPolygonF([QPointF(*self._view.canvas_to_widget(x, y)) for x, y in corners])

    def _outline(self, painter: QPainter, bounds: Bounds, pen: QPen) -> None:
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(self._polygon(bounds))

    def _cross(self, painter: QPainter, bounds: Bounds) -> None:
        self._outline(painter, bounds, QPen(FAILED, 1.5))
        shape = self._polygon(bounds).boundingRect()
        if shape.width() > SMALLEST_SIGN:
            painter.setPen(QPen(FAILED, 2.0))
            middle, arm = shape.center(), 7.0
            painter.drawLine(middle + QPointF(-arm, -arm), middle + QPointF(arm, arm))
            painter.drawLine(middle + QPointF(-arm, arm), middle + QPointF(arm, -arm))

    def _running(self, painter: QPainter, cell: Cell, fraction: float) -> None:
        assert self._run.plan is not None  # noqa: S101 - a cell is painted
        bounds = self._run.plan.grid.cell(cell)
        self._outline(painter, bounds, QPen(ACCENT, 2.0))
        shape = self._polygon(bounds).boundingRect()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ACCENT)
        painter.drawRect(QRectF(shape.left(), shape.bottom() + 3, shape.width() * fraction, LINE))
