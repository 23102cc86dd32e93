"""The lasso, drawn freely or corner by corner, and the lasso of corners only."""

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from canvas.selection import Selection
from desktop.view.overlays import outline_pens
from desktop.view.tools.base import SHIFT, ToolEvent, ToolHost
from desktop.view.tools.selecting import SelectingTool

MINIMUM = 3  # corners of the smallest polygon
STEP = math.pi / 4  # Shift keeps sides to multiples of 45°
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
BACK = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class LassoTool(SelectingTool):
    """Drag to draw an outline; or click corner by corner, and close with Enter or a double click."""

    id = "lasso"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._points: list[tuple[float, float]] = []
        self._pressed_at: tuple[float, float] | None = None
        self._tip: tuple[float, float] | None = None
        self._drawing = False
        self._by_corners = False

    @property
    def drawing(self) -> bool:
        """Whether an outline is open."""
        return bool(self._points)

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The open outline in canvas pixels."""
        return tuple(self._points)

    def begin(self, event: ToolEvent) -> None:
        """Begin an outline, or set the next corner."""
        if len(self._points) >= MINIMUM and self.near(event, self._points[0]):
            self._close()
            return
        self._pressed_at = self.place(event)
        self._points.append(self._pressed_at)
        self._tip = None
        self._drawing = False
        self.host.refresh_overlay()

    def lead(self, event: ToolEvent) -> None:
        """Draw freely once the press has left its place."""
        if self._pressed_at is None:
            return
        self._drawing = self._drawing or not self.near(event, self._pressed_at)
        if self._drawing and self._points[-1] != (event.x, event.y):
            self._points.append((event.x, event.y))
            self.host.refresh_overlay()

    def end(self, event: ToolEvent) -> None:
        """Close what was drawn; a mere click leaves the outline open for more corners."""
        if self._pressed_at is None:
            return
        self.lead(event)
        self._pressed_at = None
        if self._drawing and not self._by_corners:
            self._close()
        else:
            self._by_corners = True

    def hover(self, event: ToolEvent) -> None:
        """The next side follows the pointer."""
        super().hover(event)
        if self._points:
            self._tip = self.place(event)
            self.host.refresh_overlay()

    def double_click(self, event: ToolEvent) -> None:
        """Close the outline of corners."""
        if len(self._points) >= MINIMUM:
            self._close()
        else:
            self.press(event)

    def key(self, key: Qt.Key) -> bool:
        """Enter closes, Backspace takes the last corner back."""
        if not self._points or self._pressed_at is not None:
            return False
        if key in ENTER:
            self._close()
            return True
        if key in BACK:
            self._points.pop()
            self._by_corners = bool(self._points)
            self.host.refresh_overlay()
            return True
        return False

    def drop(self) -> None:
        """Forget the outline."""
        self._points = []
        self._pressed_at = self._tip = None
        self._drawing = self._by_corners = False
        self.host.refresh_overlay()

    def place(self, event: ToolEvent) -> tuple[float, float]:
        """Where a corner goes."""
        return event.x, event.y

    def paint_overlay(self, painter: QPainter) -> None:
        """The open outline, dark under light so that it shows on everything."""
        if not self._points:
            return
        camera = self.host.camera
        tip = [self._tip] if self._tip is not None and not self._drawing else []
        line = QPolygonF([QPointF(*camera.to_view(*point)) for point in [*self._points, *tip]])
        draw_open_outline(painter, line)
        if self._by_corners:
            corners = self._points if not self._drawing else self._points[:1]
            draw_corners(painter, [QPointF(*camera.to_view(*point)) for point in corners])

    def _close(self) -> None:
        points = self._points
        self.drop()
        enough = len(points) >= MINIMUM
        self.apply(Selection.polygon(points, self.antialias) if enough else Selection.none())


class PolygonLassoTool(LassoTool):
    """Every press sets a corner, which can be dragged to its place; Shift keeps to 45°."""

    id = "polygon-lasso"

    def begin(self, event: ToolEvent) -> None:
        """Set the next corner."""
        super().begin(event)
        self._by_corners = self.drawing

    def lead(self, event: ToolEvent) -> None:
        """The corner that is held follows."""
        if self._pressed_at is not None and not self.near(event, self._pressed_at):
            self._drawing = True
        if self._pressed_at is not None and self._drawing:
            held = self._points.pop()
            self._points.append(self.place(event) if self._points else held)
            if not self._points[:-1]:  # the first drag draws the first side, from where it began
                self._points.append((event.x, event.y))
                self._pressed_at = (event.x, event.y)
            self.host.refresh_overlay()

    def end(self, event: ToolEvent) -> None:
        """The corner stays."""
        if self._pressed_at is None:
            return
        self.lead(event)
        self._pressed_at, self._drawing, self._by_corners = None, False, True
        self.host.refresh_overlay()

    def place(self, event: ToolEvent) -> tuple[float, float]:
        """Where a corner goes: with Shift, at a multiple of 45° from the last one."""
        if not self._points or not event.modifiers & SHIFT:
            return event.x, event.y
        x, y = self._points[-1]
        angle = round(math.atan2(event.y - y, event.x - x) / STEP) * STEP
        along = (event.x - x) * math.cos(angle) + (event.y - y) * math.sin(angle)
        return x + along * math.cos(angle), y + along * math.sin(angle)


def draw_open_outline(painter: QPainter, line: QPolygonF) -> None:
    """A line on its way, and a faint one that shows how it would close."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline_pens(painter, lambda: painter.drawPolyline(line))
    if line.size() > 2:
        painter.setPen(QPen(QColor(0, 0, 0, 110), 1, Qt.PenStyle.DotLine))
        painter.drawLine(line.last(), line.first())


def draw_corners(painter: QPainter, corners: list[QPointF]) -> None:
    """A white dot at every corner."""
    painter.setBrush(QColor(255, 255, 255))
    painter.setPen(QPen(QColor(0, 0, 0, 180), 1))
    for corner in corners:
        painter.drawEllipse(corner, 3, 3)
