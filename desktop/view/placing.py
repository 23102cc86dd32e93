"""Where a small widget stands beside a region of the canvas, or at the edge of the view."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from canvas.geometry import Bounds
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import GAP, floating, free_spot


def place_near(widget: QWidget, view: CanvasView, region: Bounds) -> None:
    """Centres the widget under the region, or above or beside it where there is no room, always wholly inside the view
    and off other bars and cards."""
    corners = [(region.x, region.y), (region.right, region.y), (region.x, region.bottom), (region.right, region.bottom)]
    points = [view.canvas_to_widget(x, y) for x, y in corners]
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    top, bottom = min(p[1] for p in points), max(p[1] for p in points)
    x, y = (left + right - widget.width()) / 2, (top + bottom - widget.height()) / 2
    below, above = (x, bottom + GAP), (x, top - GAP - widget.height())
    if bottom + 2 * GAP + widget.height() > view.height():
        below, above = above, below
    room = view.rect().adjusted(GAP, GAP, -GAP, -GAP)
    beside = [(right + GAP, y), (left - GAP - widget.width(), y)]
    widget.move(*free_spot(widget.rect(), [below, above, *beside], room, floating(view).taken(widget)))


def place_at_bottom(widget: QWidget, view: CanvasView) -> None:
    """In the middle of the lower edge, above what stands there already."""
    room = view.rect().adjusted(GAP, GAP, -GAP, -GAP)
    wanted = ((view.width() - widget.width()) / 2, float(view.height()))
    widget.move(*free_spot(widget.rect(), [wanted], room, floating(view).taken(widget)))
