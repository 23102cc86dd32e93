"""The extend tool: a freehand stroke past the edge of the picture lets it grow there."""

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.selection import MAX_SIDE, Selection
from desktop.i18n import mark
from desktop.view.overlays import ACCENT, draw_brush_outline
from desktop.view.tools.base import Tool, ToolEvent, ToolHost
from desktop.view.tools.options import ToolOption

WIDTH = ToolOption("width", mark("tools", "Width"), mark("tools", "How wide the stroke is, canvas pixels"),
                   256, 32, 2048, " px", kind="log")  # fmt: skip
NEAR = 2.0
"""Logical pixels that the pointer must go before another point counts."""
FRACTION_BITS = 4


class ExtendTool(Tool):
    """Draw from the picture out over empty canvas; when the pen goes up, the picture grows there."""

    id = "extend"
    options = (WIDTH,)
    help = mark("tools", "Draw past the edge of the picture: it grows where the stroke lies over empty canvas")

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._points: list[tuple[float, float]] = []
        self._at: tuple[float, float] | None = None

    @property
    def busy(self) -> bool:
        """Whether a stroke is under the pen."""
        return bool(self._points)

    def press(self, event: ToolEvent) -> None:
        """Begin."""
        self._points = [(event.x, event.y)]
        self._at = (event.x, event.y)
        self.host.refresh_overlay()

    def move(self, event: ToolEvent) -> None:
        """Lead it on."""
        self._at = (event.x, event.y)
        x, y = self._points[-1]
        if np.hypot(event.x - x, event.y - y) * self.host.camera.zoom >= NEAR:
            self._points.append((event.x, event.y))
        self.host.refresh_overlay()

    def release(self, event: ToolEvent) -> None:
        """Ask for the picture to grow there."""
        points, self._points = [*self._points, (event.x, event.y)], []
        self.host.refresh_overlay()
        self.host.expand(stroke_selection(points, int(self.option("width"))))

    def hover(self, event: ToolEvent) -> None:
        """The outline of the stroke follows the pointer."""
        self._at = (event.x, event.y)
        self.host.refresh_overlay()

    def leave(self) -> None:
        """Another tool is chosen."""
        self._at = None

    def cancel(self) -> None:
        """Forget the stroke."""
        self._points = []
        self.host.refresh_overlay()

    def paint_overlay(self, painter: QPainter) -> None:
        """The stroke so far, or how wide it would be."""
        camera = self.host.camera
        diameter = int(self.option("width")) * camera.zoom / camera.ratio
        if self._points:
            path = QPainterPath(QPointF(*camera.to_view(*self._points[0])))
            for point in self._points[1:] or self._points:
                path.lineTo(QPointF(*camera.to_view(*point)))
            colour = QColor(ACCENT)
            colour.setAlpha(90)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            round_pen = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            painter.setPen(QPen(colour, diameter, *round_pen))
            painter.drawPath(path)
        if self._at is not None:
            draw_brush_outline(painter, QPointF(*camera.to_view(*self._at)), diameter)


def stroke_selection(points: list[tuple[float, float]], width: int) -> Selection:
    """What a round pen of this width covers along the points, canvas pixels. CanvasError when it is too long."""
    bounds = Bounds.around([*points, (points[0][0] + 1, points[0][1] + 1)]).expanded(width // 2 + 2)
    if max(bounds.width, bounds.height) > MAX_SIDE:
        sentence = QCoreApplication.translate("tools", "This stroke is too long. Draw it in several parts.")
        raise CanvasError(sentence)
    mask = np.zeros((bounds.height, bounds.width), np.uint8)
    scale = 1 << FRACTION_BITS
    line = np.array([((x - bounds.x) * scale, (y - bounds.y) * scale) for x, y in points]).round().astype(np.int32)
    cv2.polylines(mask, [line.reshape(-1, 1, 2)], False, 255, width, cv2.LINE_AA, FRACTION_BITS)
    return Selection.from_mask(bounds, mask)
