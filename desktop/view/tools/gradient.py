"""Gradient: drag from one colour to the other, over the selection or the frame."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from canvas.coat import Coat
from canvas.gradient import Gradient, GradientSettings, GradientShape, Repeat, Rgba
from canvas.layers import LayerMask
from canvas.shapes import snapped_end
from desktop.i18n import mark
from desktop.view.overlays import draw_label, outline_pens
from desktop.view.tools.base import SHIFT, ToolEvent, ToolHost
from desktop.view.tools.laying import DrawnTool, rgb
from desktop.view.tools.options import BLEND, OPACITY, ToolOption

HANDLE = 5.0  # logical pixels: radius of the ends


class GradientTool(DrawnTool):
    """A drag is the line from the first colour to the last; seen while it is drawn."""

    id = "gradient"
    step_name = "Gradient"
    help = mark(
        "tools", "Drag from the first colour to the last: over the selection, or the frame without one. Shift: 15°."
    )
    options = (
        ToolOption("shape", mark("tools", "Shape"), mark("tools", "What the line that you drag means"), "linear",
                   choices=((GradientShape.LINEAR.value, mark("tools", "Linear")),
                            (GradientShape.REFLECTED.value, mark("tools", "Reflected")),
                            (GradientShape.RADIAL.value, mark("tools", "Radial")),
                            (GradientShape.SQUARE.value, mark("tools", "Square")),
                            (GradientShape.CONICAL.value, mark("tools", "Conical")))),
        ToolOption("colours", mark("tools", "Colours"), mark("tools", "What it leads to"), "second",
                   choices=(("second", mark("tools", "To second colour")),
                            ("transparent", mark("tools", "To transparent")))),
        ToolOption("reverse", mark("tools", "Reverse"), mark("tools", "Begin with the last colour"), False),
        ToolOption("repeat", mark("tools", "Beyond"), mark("tools", "What comes beyond the ends"), "none",
                   choices=((Repeat.NONE.value, mark("tools", "Go on")),
                            (Repeat.SAWTOOTH.value, mark("tools", "Repeat")),
                            (Repeat.MIRROR.value, mark("tools", "Mirror")))),
        ToolOption("dither", mark("tools", "Dither"), mark("tools", "Hide bands with a fine pattern"), True),
        OPACITY,
        BLEND,
    )  # fmt: skip

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._gradient: Gradient | None = None

    def press(self, event: ToolEvent) -> None:
        """The first end, or the reason why not."""
        if self.working:
            return
        layer = self.paintable()
        if layer is None:
            return
        self._start = self._end = (event.x, event.y)
        self._drawn = False
        settings = self._settings()
        if self._gradient is None or self._gradient.settings != settings:
            self._gradient = Gradient(settings, self._start, self._end)
        selection = self.host.document.selection
        self._coat = Coat(layer, self._gradient, self.region(), selection, self.coat_settings())

    def move(self, event: ToolEvent) -> None:
        """The other end follows; Shift keeps the line to steps of 15 degrees."""
        coat, gradient = self._coat, self._gradient
        if coat is None or gradient is None or self.working:
            return
        end = (event.x, event.y)
        if event.modifiers & SHIFT:
            end = snapped_end(self._start, end)
        if end == self._end:
            return
        self._end = end
        self.show_drawn(coat, gradient.moved(self._start, end), self.region())

    def paint_overlay(self, painter: QPainter) -> None:
        """The line with its two ends in their colours, its length and angle."""
        self.paint_progress(painter)
        if self._coat is None or not self._drawn:
            return
        camera, gradient = self.host.camera, self._gradient
        start, end = QPointF(*camera.to_view(*self._start)), QPointF(*camera.to_view(*self._end))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline_pens(painter, lambda: painter.drawLine(start, end))
        ends = (gradient.settings.first, gradient.settings.last) if gradient is not None else ()
        for place, colour in zip((start, end), ends, strict=False):
            painter.setPen(QPen(QColor(0, 0, 0, 160), 3.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(place, HANDLE, HANDLE)
            painter.setPen(QPen(QColor(255, 255, 255), 1.5))
            painter.setBrush(QColor(*colour))
            painter.drawEllipse(place, HANDLE, HANDLE)
        if not self.working:
            draw_label(painter, QPointF(end.x(), end.y() + 14), measured(self._start, self._end))

    def _settings(self) -> GradientSettings:
        first: Rgba = (*rgb(self.host.color), 255)
        last: Rgba = (*rgb(self.host.second_color), 255)
        on_mask = isinstance(self.host.document.active, LayerMask)  # it has alpha only: two colours would be one
        if on_mask or self.option("colours") == "transparent":
            last = (*first[:3], 0)
        return GradientSettings(
            *((last, first) if self.option("reverse") else (first, last)),
            shape=GradientShape(str(self.option("shape"))),
            repeat=Repeat(str(self.option("repeat"))),
            dither=bool(self.option("dither")),
        )


def measured(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Length and angle of a line, in the present language; 0 degrees is east, 90 is up."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    angle = math.degrees(math.atan2(-dy, dx))
    text = QCoreApplication.translate("tools", "{length} px, {angle}°")
    return text.format(length=round(math.hypot(dx, dy)), angle=f"{angle:.0f}")
