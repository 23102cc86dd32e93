"""Brush and eraser, and what every tool that is led over the layer like them has in common."""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen

from canvas.brush import DabCache
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.live import Live
from canvas.stroke import Stroke, StrokeSetup, why_not_paintable
from canvas.stroke_path import Pose
from desktop.view.overlays import outline_pens
from desktop.view.tools import mirroring
from desktop.view.tools.base import SHIFT, Tool, ToolEvent, ToolHost, layer_problem


class Gesture(Live, Protocol):
    """What a press leads over the layer: a stroke, a smudge."""

    reached: list[Bounds]

    @property
    def brush_at(self) -> tuple[float, float] | None:
        """Canvas position of the brush, which a string may hold behind the pen."""
        ...

    def add(self, x: float, y: float, pressure: float, seconds: float, pose: Pose) -> Bounds:
        """Take one pen event at a canvas position."""
        ...

    def line_to(self, x: float, y: float, pressure: float, seconds: float, pose: Pose) -> Bounds:
        """In a straight line from where the brush is."""
        ...

    def finish(self, document: Document) -> None:
        """Commit as one step."""
        ...

    def abort(self) -> Bounds:
        """Forget it; returns the canvas pixels that showed it."""
        ...


class PaintingTool(Tool):
    """One gesture per press on the active layer; Shift draws a straight line from the end of the last one."""

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._stroke: Gesture | None = None
        self._dabs = DabCache()
        self._strokes = 0
        self._hardest = 0.0
        self._last_end: tuple[float, float, float] | None = None
        self._line_to: tuple[float, float] | None = None
        self._string: tuple[float, float] | None = None

    @property
    def busy(self) -> bool:
        """Whether a stroke is under the pen."""
        return self._stroke is not None

    def begin(self, layer: PaintLayer, event: ToolEvent) -> Gesture | None:
        """The gesture that a press begins; None when it cannot, having said why."""
        raise NotImplementedError

    def press(self, event: ToolEvent) -> None:
        """Begin, or say why this layer takes nothing."""
        layer = self.host.document.active
        problem = why_not_paintable(layer)
        if problem or not isinstance(layer, PaintLayer):
            self.host.say(layer_problem(problem or "none"))
            return
        self._stroke = self.begin(layer, event)
        if self._stroke is None:
            return
        self._strokes += 1
        self._hardest = 0.0
        self.host.compositor.set_live(self._stroke)
        self._show_line(None)
        if event.modifiers & SHIFT and self._last_end is not None:
            self._draw_line(self._stroke, self._last_end, event)
        else:
            self._add(event)

    def move(self, event: ToolEvent) -> None:
        """Lead it on."""
        self._add(event)

    def release(self, event: ToolEvent) -> None:
        """Put it into the document: one undo step."""
        stroke = self._stroke
        if stroke is None:
            return
        self._add(event)
        end = stroke.brush_at or (event.x, event.y)
        self._stroke = None
        self._show_string(None)
        try:
            stroke.finish(self.host.document)
        finally:
            self.host.compositor.set_live(None)
        self._last_end = (*end, self._hardest)

    def hover(self, event: ToolEvent) -> None:
        """With Shift the straight line is shown before it is painted."""
        wanted = event.modifiers & SHIFT and self._last_end is not None
        self._show_line((event.x, event.y) if wanted else None)

    def cancel(self) -> None:
        """Drop the gesture without a trace."""
        stroke, self._stroke = self._stroke, None
        self._show_string(None)
        self._show_line(None)
        if stroke is not None:
            dirty = stroke.abort()
            self.host.compositor.set_live(None)
            self.host.compositor.invalidate(dirty)

    def paint_overlay(self, painter: QPainter) -> None:
        """The axes of the symmetry, the line that Shift would draw, the string."""
        if mirroring.KIND in self.options:
            mirroring.paint_symmetry(self.host, self.id, painter)
        stroke, camera = self._stroke, self.host.camera
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._line_to is not None and self._last_end is not None:
            line = QLineF(*camera.to_view(*self._last_end[:2]), *camera.to_view(*self._line_to))
            outline_pens(painter, lambda: painter.drawLine(line))
        if stroke is not None and stroke.brush_at is not None and self._string is not None:
            painter.setPen(QPen(QColor(120, 120, 120, 200), 1.0))
            painter.drawLine(QLineF(*camera.to_view(*stroke.brush_at), *camera.to_view(*self._string)))

    def setup(self) -> StrokeSetup:
        """What the next gesture shares with the others."""
        symmetric = mirroring.KIND in self.options
        symmetry = mirroring.symmetry_of(self.host, self.id) if symmetric else None
        return StrokeSetup(self._dabs, self._strokes, symmetry)

    def _add(self, event: ToolEvent) -> None:
        stroke = self._stroke
        if stroke is None:
            return
        self._hardest = max(self._hardest, event.pressure)
        stroke.add(event.x, event.y, event.pressure, event.seconds, _pose(event))
        self._refresh(stroke.reached)
        self._show_string(event)

    def _draw_line(self, stroke: Gesture, start: tuple[float, float, float], event: ToolEvent) -> None:
        """As hard as the last stroke was at its hardest: at the press a pen has no weight yet."""
        pressure = self._hardest = max(start[2], event.pressure)
        stroke.add(start[0], start[1], pressure, event.seconds, _pose(event))
        self._refresh(stroke.reached)
        stroke.line_to(event.x, event.y, pressure, event.seconds, _pose(event))
        self._refresh(stroke.reached)

    def _refresh(self, reached: Iterable[Bounds]) -> None:
        for area in reached:
            self.host.compositor.invalidate(area)

    def _show_line(self, end: tuple[float, float] | None) -> None:
        if end != self._line_to:
            self._line_to = end
            self.host.refresh_overlay()

    def _show_string(self, event: ToolEvent | None) -> None:
        before, stroke = self._string, self._stroke
        strung = stroke is not None and self.host.brush_of(self.id).stabiliser == "string"
        self._string = (event.x, event.y) if event is not None and strung else None
        if self._string is not None or before is not None:
            self.host.refresh_overlay()


def _pose(event: ToolEvent) -> Pose:
    return Pose(event.tilt, event.tilt_direction, event.rotation)


class BrushTool(PaintingTool):
    """Paints one stroke per press on the active layer, inside the selection."""

    id = "brush"
    options = mirroring.OPTIONS

    def begin(self, layer: PaintLayer, event: ToolEvent) -> Gesture | None:
        """A stroke in the present colour."""
        del event
        colour, document = self.host.color, self.host.document
        rgb = (colour.red(), colour.green(), colour.blue())
        return Stroke(layer, self.host.brush_of(self.id), rgb, document.selection, self.setup())


class EraserTool(BrushTool):
    """As the brush, but takes paint away."""

    id = "eraser"
