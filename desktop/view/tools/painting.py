"""Brush, eraser and eyedropper."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from canvas.brush import DabCache
from canvas.layers import PaintLayer
from canvas.stroke import Stroke, why_not_paintable
from desktop.view.renderer import sample_colour
from desktop.view.tools.base import Tool, ToolEvent, ToolHost, layer_problem

SWATCH = 22.0  # logical pixels: radius of the eyedropper's ring


class BrushTool(Tool):
    """Paints one stroke per press on the active layer, inside the selection."""

    id = "brush"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._stroke: Stroke | None = None
        self._dabs = DabCache()

    @property
    def busy(self) -> bool:
        """Whether a stroke is under the pen."""
        return self._stroke is not None

    def press(self, event: ToolEvent) -> None:
        """Begin a stroke, or say why this layer takes none."""
        document = self.host.document
        layer = document.active
        problem = why_not_paintable(layer)
        if problem or not isinstance(layer, PaintLayer):
            self.host.say(layer_problem(problem or "none"))
            return
        colour = self.host.color
        rgb = (colour.red(), colour.green(), colour.blue())
        self._stroke = Stroke(layer, self.host.brush_of(self.id), rgb, document.selection, self._dabs)
        self.host.compositor.set_live(self._stroke)
        self._add(event)

    def move(self, event: ToolEvent) -> None:
        """Lead the stroke on."""
        self._add(event)

    def release(self, event: ToolEvent) -> None:
        """Put the stroke into the document: one undo step."""
        stroke = self._stroke
        if stroke is None:
            return
        self._add(event)
        self._stroke = None
        try:
            stroke.finish(self.host.document)
        finally:
            self.host.compositor.set_live(None)

    def cancel(self) -> None:
        """Drop the stroke without a trace."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            dirty = stroke.abort()
            self.host.compositor.set_live(None)
            self.host.compositor.invalidate(dirty)

    def _add(self, event: ToolEvent) -> None:
        if self._stroke is not None:
            dirty = self._stroke.add(event.x, event.y, event.pressure, event.seconds)
            self.host.compositor.invalidate(dirty)


class EraserTool(BrushTool):
    """As the brush, but takes paint away."""

    id = "eraser"


class EyedropperTool(Tool):
    """Takes the colour that the screen shows, flattened over all layers."""

    id = "eyedropper"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._before: QColor | None = None
        self._at = (0.0, 0.0)

    @property
    def busy(self) -> bool:
        """Whether the button is held."""
        return self._before is not None

    def press(self, event: ToolEvent) -> None:
        """Take the colour here."""
        self._before = QColor(self.host.color)
        self._take(event)

    def move(self, event: ToolEvent) -> None:
        """Take the colour here instead."""
        if self._before is not None:
            self._take(event)

    def release(self, event: ToolEvent) -> None:
        """The last colour stays."""
        if self._before is None:
            return
        self._take(event)
        self._before = None
        self.host.color_picked(self.host.color)
        self.host.refresh_overlay()

    def cancel(self) -> None:
        """Back to the colour before."""
        if self._before is not None:
            self.host.set_color(self._before)
            self._before = None
            self.host.refresh_overlay()

    def paint_overlay(self, painter: QPainter) -> None:
        """A ring around the cursor: above the new colour, below the old one."""
        if self._before is None:
            return
        x, y = self.host.camera.to_view(*self._at)
        ring = QRectF(x - SWATCH, y - SWATCH, 2 * SWATCH, 2 * SWATCH)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 90), 15.0), (QColor(255, 255, 255), 13.0)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(QPointF(x, y), SWATCH, SWATCH)
        for colour, start in ((self.host.color, 0), (self._before, 180)):
            painter.setPen(QPen(QColor(colour), 9.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawArc(ring, start * 16, 180 * 16)

    def _take(self, event: ToolEvent) -> None:
        self._at = (event.x, event.y)
        colour = sample_colour(self.host.compositor, int(event.x // 1), int(event.y // 1))
        if colour != self.host.color:
            self.host.set_color(colour)
        self.host.refresh_overlay()
