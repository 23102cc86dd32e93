"""Lasso (drawn freely or point by point) and rectangle selection."""

import math

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from canvas.geometry import Bounds
from canvas.selection import Combine, Selection
from desktop.view.overlays import draw_label, outline_pens
from desktop.view.tools.base import CONTROL, Tool, ToolEvent, ToolHost, combine_for

CLICK = 4.0  # logical pixels: a press that moves less is a click
MINIMUM = 3  # corners of the smallest polygon


class SelectingTool(Tool):
    """What both selection tools share: the way a shape meets the selection that stands."""

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._combine = Combine.REPLACE

    def apply(self, shape: Selection) -> None:
        """Combine the shape with the selection: one undo step; nothing when both are empty."""
        document = self.host.document
        if shape.is_empty and (self._combine is not Combine.REPLACE or document.selection.is_empty):
            return
        document.set_selection(document.selection.combined(shape, self._combine))
        if not document.selection.is_empty:
            self.host.selection_finished()


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
    def busy(self) -> bool:
        """Whether an outline is open."""
        return bool(self._points)

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The open outline in canvas pixels."""
        return tuple(self._points)

    def press(self, event: ToolEvent) -> None:
        """Begin an outline, or set the next corner."""
        if not self._points:
            self._combine = combine_for(event.modifiers)
        elif self._near(event, self._points[0]) and len(self._points) >= MINIMUM:
            self._finish()
            return
        self._pressed_at = (event.x, event.y)
        self._points.append(self._pressed_at)
        self._tip = None
        self._drawing = False
        self.host.refresh_overlay()

    def move(self, event: ToolEvent) -> None:
        """Draw freely once the press has left its place."""
        if self._pressed_at is None:
            return
        self._drawing = self._drawing or not self._near(event, self._pressed_at)
        if self._drawing and self._points[-1] != (event.x, event.y):
            self._points.append((event.x, event.y))
            self.host.refresh_overlay()

    def release(self, event: ToolEvent) -> None:
        """Close what was drawn; a mere click leaves the outline open for more corners."""
        if self._pressed_at is None:
            return
        self.move(event)
        self._pressed_at = None
        if self._drawing and not self._by_corners:
            self._finish()
        else:
            self._by_corners = True

    def hover(self, event: ToolEvent) -> None:
        """The next side follows the pointer."""
        if self._points:
            self._tip = (event.x, event.y)
            self.host.refresh_overlay()

    def double_click(self, event: ToolEvent) -> None:
        """Close the outline of corners."""
        if len(self._points) >= MINIMUM:
            self._finish()
        else:
            self.press(event)

    def key(self, key: Qt.Key) -> bool:
        """Enter closes, Backspace takes the last corner back."""
        if not self._points or self._pressed_at is not None:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
            return True
        if key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._points.pop()
            self._by_corners = bool(self._points)
            self.host.refresh_overlay()
            return True
        return False

    def cancel(self) -> None:
        """Forget the outline; the selection stays as it was."""
        self._points = []
        self._pressed_at = self._tip = None
        self._drawing = self._by_corners = False
        self.host.refresh_overlay()

    def paint_overlay(self, painter: QPainter) -> None:
        """The open outline, dark under light so that it shows on everything."""
        if not self._points:
            return
        camera = self.host.camera
        tip = [self._tip] if self._tip is not None and not self._drawing else []
        line = QPolygonF([QPointF(*camera.to_view(*point)) for point in [*self._points, *tip]])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline_pens(painter, lambda: painter.drawPolyline(line))
        if line.size() > 2:
            painter.setPen(QPen(QColor(0, 0, 0, 110), 1, Qt.PenStyle.DotLine))
            painter.drawLine(line.last(), line.first())
        if self._by_corners:
            painter.setBrush(QColor(255, 255, 255))
            painter.setPen(QPen(QColor(0, 0, 0, 180), 1))
            for point in self._points if not self._drawing else self._points[:1]:
                painter.drawEllipse(QPointF(*camera.to_view(*point)), 3, 3)

    def _near(self, event: ToolEvent, point: tuple[float, float]) -> bool:
        camera = self.host.camera
        distance = math.hypot(event.x - point[0], event.y - point[1])
        return distance * camera.zoom / camera.ratio < CLICK

    def _finish(self) -> None:
        points = self._points
        self.cancel()
        self.apply(Selection.polygon(points) if len(points) >= MINIMUM else Selection.none())


class RectangleTool(SelectingTool):
    """Drag from corner to corner; Ctrl makes it square; a click drops the selection."""

    id = "rectangle"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._start: tuple[float, float] | None = None
        self._end = (0.0, 0.0)

    @property
    def busy(self) -> bool:
        """Whether a corner is held."""
        return self._start is not None

    def press(self, event: ToolEvent) -> None:
        """The first corner."""
        self._combine = combine_for(event.modifiers)
        self._start = self._end = (event.x, event.y)

    def move(self, event: ToolEvent) -> None:
        """The other corner."""
        if self._start is None:
            return
        x, y = event.x, event.y
        if event.modifiers & CONTROL:
            dx, dy = x - self._start[0], y - self._start[1]
            side = max(abs(dx), abs(dy))
            x, y = self._start[0] + math.copysign(side, dx), self._start[1] + math.copysign(side, dy)
        self._end = (x, y)
        self.host.refresh_overlay()

    def release(self, event: ToolEvent) -> None:
        """Select whole pixels."""
        if self._start is None:
            return
        self.move(event)
        bounds = self._bounds()
        self.cancel()
        self.apply(Selection.none() if bounds.is_empty else Selection.rectangle(bounds))

    def cancel(self) -> None:
        """Forget the corners; the selection stays as it was."""
        self._start = None
        self.host.refresh_overlay()

    def paint_overlay(self, painter: QPainter) -> None:
        """The rectangle with its size."""
        bounds = self._bounds()
        if bounds.is_empty:
            return
        camera = self.host.camera
        left, top, right, bottom = bounds.x, bounds.y, bounds.right, bounds.bottom
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        shape = QPolygonF([QPointF(*camera.to_view(*corner)) for corner in corners])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not camera.is_upright)
        outline_pens(painter, lambda: painter.drawPolygon(shape))
        pattern = QCoreApplication.translate("tools", "{width} × {height}")
        text = pattern.format(width=bounds.width, height=bounds.height)
        around = shape.boundingRect()
        draw_label(painter, QPointF(around.center().x(), around.bottom() + 6), text)

    def _bounds(self) -> Bounds:
        if self._start is None:
            return Bounds(0, 0, 0, 0)
        (x0, y0), (x1, y1) = self._start, self._end
        left, right = sorted((math.floor(x0 + 0.5), math.floor(x1 + 0.5)))
        top, bottom = sorted((math.floor(y0 + 0.5), math.floor(y1 + 0.5)))
        return Bounds(left, top, right - left, bottom - top)
