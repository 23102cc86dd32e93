"""Where a small widget stands beside a region of the canvas."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from canvas.geometry import Bounds
from desktop.view.canvas_view import CanvasView

GAP = 10
"""Logical pixels between region and widget, and between widget and the view's edge."""


def place_near(widget: QWidget, view: CanvasView, region: Bounds) -> None:
    """Centres the widget under the region, above it where there is no room, always wholly inside the view."""
    corners = [(region.x, region.y), (region.right, region.y), (region.x, region.bottom), (region.right, region.bottom)]
    points = [view.canvas_to_widget(x, y) for x, y in corners]
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    top, bottom = min(p[1] for p in points), max(p[1] for p in points)
    x = (left + right - widget.width()) / 2
    y = bottom + GAP
    if y + widget.height() + GAP > view.height():
        y = top - GAP - widget.height()
    x = min(max(x, GAP), max(GAP, view.width() - widget.width() - GAP))
    y = min(max(y, GAP), max(GAP, view.height() - widget.height() - GAP))
    widget.move(round(x), round(y))
