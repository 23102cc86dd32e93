"""Eyedropper: takes the colour that the screen shows."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop.view.renderer import sample_colour
from desktop.view.tools.base import Tool, ToolEvent, ToolHost

SWATCH = 22.0  # logical pixels: radius of the eyedropper's ring


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
