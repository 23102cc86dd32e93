"""The zoom tool: a click looks nearer, a drag shows what it surrounds."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from canvas.geometry import PointF
from desktop.view.camera import Camera
from desktop.view.overlays import ACCENT, outline_pens
from desktop.view.tools.base import ALT, Tool, ToolEvent, ToolHost

STEP = 2.0
SMALLEST = 6.0  # logical pixels: a smaller rectangle is a click


class ZoomTool(Tool):
    """Left click nearer, Alt or right click further; a rectangle fills the view, with Alt the view fills it."""

    id = "zoom"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._start: QPointF | None = None
        self._end = QPointF()

    @property
    def busy(self) -> bool:
        """Whether a rectangle is being drawn."""
        return self._start is not None

    def press(self, event: ToolEvent) -> None:
        """One corner."""
        self._start = self._end = self._place(event)

    def move(self, event: ToolEvent) -> None:
        """The other corner."""
        self._end = self._place(event)
        self.host.refresh_overlay()

    def release(self, event: ToolEvent) -> None:
        """Go there."""
        if self._start is None:
            return
        self._end = self._place(event)
        area, self._start = self._area(), None
        out = bool(event.modifiers & ALT)
        if max(area.width(), area.height()) < SMALLEST:
            self._step(event, 1 / STEP if out else STEP)
        else:
            self.host.set_camera(_shown(self.host.camera, area, out))
        self.host.refresh_overlay()

    def right_click(self, event: ToolEvent) -> bool:
        """Further away."""
        self._step(event, 1 / STEP)
        return True

    def cancel(self) -> None:
        """Stay."""
        self._start = None
        self.host.refresh_overlay()

    @property
    def cursor(self) -> Qt.CursorShape:
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def paint_overlay(self, painter: QPainter) -> None:
        """The rectangle."""
        if self._start is None:
            return
        area = self._area()
        tint = QColor(ACCENT)
        tint.setAlpha(36)
        painter.fillRect(area, tint)
        outline_pens(painter, lambda: painter.drawRect(area))

    def _step(self, event: ToolEvent, factor: float) -> None:
        camera = self.host.camera
        self.host.set_camera(camera.zoomed(camera.zoom * factor, camera.to_view(event.x, event.y)))

    def _place(self, event: ToolEvent) -> QPointF:
        return QPointF(*self.host.camera.to_view(event.x, event.y))

    def _area(self) -> QRectF:
        start = self._start or self._end
        return QRectF(start, self._end).normalized()


def _shown(camera: Camera, area: QRectF, out: bool) -> Camera:
    """With a rectangle of the view (logical pixels) as large as the view, or the view as small as it."""
    middle = area.center()
    wide, high = camera.width / max(area.width(), 1.0), camera.height / max(area.height(), 1.0)
    factor = 1 / min(wide, high) if out else min(wide, high)
    held = camera.to_canvas(middle.x(), middle.y())
    near = camera.zoomed(camera.zoom * factor)
    return near.holding(held, (middle.x(), middle.y())) if out else replace(near, center=PointF(*held))
