"""Shapes: line, rectangle, ellipse, polygon and star, drawn between two points and seen as they will be."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QPainter

from canvas.coat import Coat
from canvas.geometry import NOTHING
from canvas.shapes import Paint, ShapeKind, ShapeSettings, ShapeSource, corners_between, line_between, shape_path
from desktop.i18n import mark
from desktop.view.overlays import draw_label
from desktop.view.tools.base import CONTROL, NO_KEYS, SHIFT, ToolEvent, ToolHost
from desktop.view.tools.gradient import measured
from desktop.view.tools.laying import DrawnTool
from desktop.view.tools.options import BLEND, OPACITY, SMOOTH, ToolOption

BODIES = tuple(kind.value for kind in ShapeKind if kind is not ShapeKind.LINE)


class ShapesTool(DrawnTool):
    """A drag draws one shape: one undo step."""

    id = "shapes"
    step_name = "Shape"
    help = mark("tools", "Drag to draw. Shift keeps it regular (a line: 15°), Ctrl draws from the centre.")
    options = (
        ToolOption("shape", mark("tools", "Shape"), mark("tools", "What is drawn"), ShapeKind.RECTANGLE.value,
                   choices=((ShapeKind.LINE.value, mark("tools", "Line")),
                            (ShapeKind.RECTANGLE.value, mark("tools", "Rectangle")),
                            (ShapeKind.ELLIPSE.value, mark("tools", "Ellipse")),
                            (ShapeKind.POLYGON.value, mark("tools", "Polygon")),
                            (ShapeKind.STAR.value, mark("tools", "Star")))),
        ToolOption("paint", mark("tools", "Paint"),
                   mark("tools", "Outline, inside, or both: then the inside takes the second colour"),
                   Paint.STROKE.value,
                   choices=((Paint.STROKE.value, mark("tools", "Outline")), (Paint.FILL.value, mark("tools", "Fill")),
                            (Paint.BOTH.value, mark("tools", "Both"))),
                   only_if=("shape", BODIES)),
        ToolOption("width", mark("tools", "Width"), mark("tools", "Width of the outline"), 6, 1, 500, " px",
                   kind="log"),
        ToolOption("radius", mark("tools", "Rounding"), mark("tools", "How far the corners are rounded"), 0, 0, 500,
                   " px", only_if=("shape", (ShapeKind.RECTANGLE.value,))),
        ToolOption("corners", mark("tools", "Corners"), mark("tools", "Corners of the polygon, points of the star"),
                   5, 3, 32, only_if=("shape", (ShapeKind.POLYGON.value, ShapeKind.STAR.value))),
        ToolOption("depth", mark("tools", "Depth"), mark("tools", "How deep the star is cut in"), 55, 5, 95, " %",
                   only_if=("shape", (ShapeKind.STAR.value,))),
        SMOOTH,
        OPACITY,
        BLEND,
    )  # fmt: skip

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._keys = NO_KEYS

    def press(self, event: ToolEvent) -> None:
        """The first point, or the reason why not."""
        if self.working:
            return
        layer = self.paintable()
        if layer is None:
            return
        self._start = self._end = (event.x, event.y)
        self._drawn = False
        document = self.host.document
        nothing = ShapeSource(self.settings(), shape_path(self.settings(), self._start, self._start))
        self._coat = Coat(layer, nothing, NOTHING, document.selection, self.coat_settings())

    def move(self, event: ToolEvent) -> None:
        """The other point; Shift: as wide as high, or a line in steps of 15 degrees; Ctrl: around the first point."""
        coat, end = self._coat, (event.x, event.y)
        if coat is None or self.working or (end, event.modifiers) == (self._end, self._keys):
            return
        self._end, self._keys = end, event.modifiers
        settings = self.settings()
        source = ShapeSource(settings, shape_path(settings, *self.ends()))
        self.show_drawn(coat, source, source.bounds)

    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Two corners, or the ends of the line, as the keys held mean it."""
        shift, control = bool(self._keys & SHIFT), bool(self._keys & CONTROL)
        meaning = line_between if self.option("shape") == ShapeKind.LINE else corners_between
        return meaning(self._start, self._end, shift, control)

    def settings(self) -> ShapeSettings:
        """The options as the canvas knows them."""
        paint = Paint(str(self.option("paint")))
        return ShapeSettings(
            kind=ShapeKind(str(self.option("shape"))),
            paint=paint,
            width=float(self.option("width")),
            stroke=self.host.color,
            fill=self.host.second_color if paint is Paint.BOTH else self.host.color,
            radius=float(self.option("radius")),
            corners=int(self.option("corners")),
            depth=float(self.option("depth")) / 100,
            smooth=bool(self.option("smooth")),
        )

    def paint_overlay(self, painter: QPainter) -> None:
        """The size, or length and angle of a line, at the pointer."""
        self.paint_progress(painter)
        if self._coat is None or not self._drawn or self.working:
            return
        first, last = self.ends()
        x, y = self.host.camera.to_view(*self._end)
        text = QCoreApplication.translate("tools", "{width} × {height}").format(
            width=round(abs(last[0] - first[0])), height=round(abs(last[1] - first[1]))
        )
        if self.option("shape") == ShapeKind.LINE:
            text = measured(first, last)
        draw_label(painter, QPointF(x, y + 18), text)
