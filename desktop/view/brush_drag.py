"""Changing the brush on the canvas itself: sideways its size, up and down its hardness (with Shift its opacity)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QRadialGradient

from canvas.brush import BrushSettings
from desktop.view.brushes_in_hand import LARGEST
from desktop.view.overlays import draw_brush_outline, draw_label
from desktop.view.tools.base import SHIFT
from desktop.view.touches import Touch

if TYPE_CHECKING:
    from desktop.view.canvas_view import CanvasView

FULL_RANGE = 240.0  # logical pixels up or down from nothing to everything
LABEL_HALF = 130  # logical pixels
FINEST = 0.25  # canvas pixels of the diameter per logical pixel, at high zoom


class BrushDrag:
    """One such change, from where it began to where the pointer is now; not a step of the document's history."""

    def __init__(self, view: "CanvasView", at: QPointF | None) -> None:
        """Without a place the first move is where it begins."""
        self._view = view
        self._from = at
        self._start = QPointF(at or view.rect().center().toPointF())
        self._before: BrushSettings = view.brush

    def move(self, touch: Touch) -> None:
        """The pointer is here now."""
        if self._from is None:
            self._from = self._start = QPointF(touch.at)
        dx, dy = touch.at.x() - self._from.x(), self._from.y() - touch.at.y()
        opacity = bool(touch.modifiers & SHIFT)
        camera = self._view.camera
        per_pixel = max(2.0 * camera.ratio / camera.zoom, FINEST)
        size = min(max(self._before.size + dx * per_pixel, 1.0), float(LARGEST))
        size = round(size) if size >= 10 else round(size, 1)
        name = "opacity" if opacity else "hardness"
        low = 0.01 if opacity else 0.0
        value = min(max(getattr(self._before, name) + dy / FULL_RANGE, low), 1.0)
        self._view.set_brush(replace(self._before, size=size, **{name: round(value, 2)}))
        self._view.update()

    def cancel(self) -> None:
        """The brush as it was."""
        self._view.set_brush(self._before)
        self._view.update()

    def finish(self) -> None:
        """The new brush stays."""
        self._view.update()

    def paint(self, painter: QPainter) -> None:
        """The brush where the drag began, filled as soft as it is, with its numbers (logical pixels)."""
        brush, camera = self._view.brush, self._view.camera
        radius = max(brush.size * camera.zoom / camera.ratio / 2, 0.5)
        colour = QColor(self._view.color)
        colour.setAlphaF(0.75 * brush.opacity)
        edge = QColor(colour)
        edge.setAlpha(0)
        soft = QRadialGradient(self._start, radius)
        soft.setColorAt(0.0, colour)
        soft.setColorAt(min(brush.hardness, 0.99), colour)
        soft.setColorAt(1.0, edge)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.setBrush(soft)
        painter.drawEllipse(self._start, radius, radius)
        draw_brush_outline(painter, self._start, 2 * radius)
        draw_label(painter, self._label_place(radius), self._text(brush))
        painter.restore()

    def _label_place(self, radius: float) -> QPointF:
        """Under the circle while that is in sight, else in its middle."""
        seen = QRectF(self._view.rect()).adjusted(0, 0, 0, -40)
        x = min(max(self._start.x(), seen.left() + LABEL_HALF), seen.right() - LABEL_HALF)
        below = QPointF(x, self._start.y() + radius + 10)
        return below if seen.contains(below) else QPointF(x, self._start.y())

    @staticmethod
    def _text(brush: BrushSettings) -> str:
        text = QCoreApplication.translate("canvas", "{size} px · hardness {hardness} % · opacity {opacity} %")
        return text.format(
            size=f"{brush.size:g}", hardness=round(brush.hardness * 100), opacity=round(brush.opacity * 100)
        )
