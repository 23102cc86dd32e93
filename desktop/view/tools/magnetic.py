"""The magnetic lasso: an outline that keeps to the edges of what is seen."""

import math

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from canvas.compositor import MAX_LEVEL, Compositor
from canvas.edge_path import Cell, EdgePaths, Pixels, edge_costs, smoothed_path, strongest_near
from canvas.geometry import TILE, Bounds, tiles_covering
from canvas.pixels import view
from canvas.selection import Selection
from desktop.i18n import mark
from desktop.view.tools.base import ToolEvent, ToolHost
from desktop.view.tools.lasso import BACK, ENTER, MINIMUM, draw_corners, draw_open_outline
from desktop.view.tools.options import ToolOption
from desktop.view.tools.selecting import SELECTION_OPTIONS, SelectingTool

HALF = 100
"""Cells from an anchor to the side of its window."""
LEASH = 84
"""Cells: a pointer further away than this sets an anchor by itself."""
LONGEST = 72
"""Cells of a way that is not fixed: around a small thing a longer one would jump to the other side."""
TRAIL = 0.7
"""Which part of the way becomes fixed then; the rest may still change."""
Place = tuple[float, float]


class _Window:
    """The edges around one anchor: cells of the mip level that the view shows, in canvas pixels."""

    def __init__(self, compositor: Compositor, at: Place, zoom: float, snap: int) -> None:
        self.level = min(MAX_LEVEL, max(0, math.floor(math.log2(1 / zoom))))
        self.step = 1 << self.level
        cell = (math.floor(at[0] / self.step), math.floor(at[1] / self.step))
        if snap > 0:
            near = edge_costs(_seen(compositor, _around(cell, snap + 16), self.level))
            found = strongest_near(near, (snap + 16, snap + 16), snap)
            cell = (cell[0] - snap - 16 + found[0], cell[1] - snap - 16 + found[1])
        self._corner = (cell[0] - HALF, cell[1] - HALF)
        self._paths = EdgePaths(edge_costs(_seen(compositor, _around(cell, HALF), self.level)))
        self.anchor = self._place((HALF, HALF))

    def way_to(self, at: Place) -> list[Place]:
        """From the anchor along edges to a place; what lies outside the window is reached as far as it goes."""
        column = math.floor(at[0] / self.step) - self._corner[0]
        row = math.floor(at[1] / self.step) - self._corner[1]
        return [self._place(cell) for cell in self._paths.path_to((column, row))]

    def far(self, at: Place) -> bool:
        """Whether a place is near the window's side or beyond it."""
        away = max(abs(at[0] - self.anchor[0]), abs(at[1] - self.anchor[1])) / self.step
        return away > LEASH

    def _place(self, cell: Cell) -> Place:
        return (self._corner[0] + cell[0] + 0.5) * self.step, (self._corner[1] + cell[1] + 0.5) * self.step


class MagneticLassoTool(SelectingTool):
    """Click on an edge and follow it roughly; clicks set anchors, Enter or a double click closes."""

    id = "magnetic-lasso"
    options = (
        *SELECTION_OPTIONS,
        ToolOption(
            "reach",
            mark("tools", "Reach"),
            mark("tools", "How far from the pointer an anchor looks for an edge"),
            8,
            high=32,
            suffix=" px",
        ),
    )

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._ways: list[list[Place]] = []  # from anchor to anchor
        self._anchors: list[Place] = []
        self._window: _Window | None = None
        self._tip: list[Place] = []
        self._pressed_at: Place | None = None

    @property
    def drawing(self) -> bool:
        """Whether an outline is open."""
        return bool(self._anchors)

    @property
    def points(self) -> tuple[Place, ...]:
        """The outline so far, in canvas pixels, up to the pointer."""
        return tuple(point for way in [*self._ways, self._tip] for point in way)

    @property
    def anchors(self) -> tuple[Place, ...]:
        """The fixed points so far."""
        return tuple(self._anchors)

    def begin(self, event: ToolEvent) -> None:
        """Set an anchor; near the first one it closes the outline."""
        if len(self._anchors) > 1 and self.near(event, self._anchors[0]):
            self._close()
            return
        if self._anchors:
            self._follow(event)
            self._fix(len(self._tip))
        else:
            self._look(event.x, event.y, int(self.option("reach")))
        self._pressed_at = (event.x, event.y)
        self.host.refresh_overlay()

    def lead(self, event: ToolEvent) -> None:
        """A drag follows the edge as the free pointer does."""
        self._follow(event)

    def end(self, event: ToolEvent) -> None:
        """Where a drag ends there is an anchor."""
        dragged = self._pressed_at is not None and not self.near(event, self._pressed_at)
        self._pressed_at = None
        if dragged and self._anchors:
            self._follow(event)
            self._fix(len(self._tip))

    def hover(self, event: ToolEvent) -> None:
        """The way to the pointer."""
        super().hover(event)
        self._follow(event)

    def double_click(self, event: ToolEvent) -> None:
        """Close the outline."""
        if self.drawing:
            self._close()
        else:
            self.press(event)

    def key(self, key: Qt.Key) -> bool:
        """Enter closes, Backspace takes the last anchor back."""
        if not self._anchors or self._pressed_at is not None:
            return False
        if key in ENTER:
            self._close()
            return True
        if key in BACK:
            self._step_back()
            return True
        return False

    def drop(self) -> None:
        """Forget the outline."""
        self._ways, self._anchors, self._tip = [], [], []
        self._window = self._pressed_at = None
        self.host.refresh_overlay()

    def paint_overlay(self, painter: QPainter) -> None:
        """The outline with its anchors."""
        if not self._anchors:
            return
        camera = self.host.camera
        draw_open_outline(painter, QPolygonF([QPointF(*camera.to_view(*point)) for point in self.points]))
        draw_corners(painter, [QPointF(*camera.to_view(*point)) for point in self._anchors])

    def _look(self, x: float, y: float, snap: int) -> None:
        """A window around a new anchor."""
        self._window = _Window(self.host.compositor, (x, y), self.host.camera.zoom, snap)
        self._anchors.append(self._window.anchor)
        self._tip = []

    def _follow(self, event: ToolEvent) -> None:
        """The way to the pointer; one that is long becomes fixed, once per event."""
        window = self._window
        if window is None:
            return
        at = (event.x, event.y)
        self._tip = smoothed_path(window.way_to(at))
        if window.far(at) or len(self._tip) > LONGEST:
            self._fix(max(2, round(len(self._tip) * TRAIL)))
            if self._window is not None:
                self._tip = smoothed_path(self._window.way_to(at))
        self.host.refresh_overlay()

    def _fix(self, count: int) -> None:
        """Keep so many points of the way to the pointer, with an anchor at their end."""
        kept = self._tip[:count]
        if len(kept) < 2:
            return
        self._ways.append(kept)
        self._look(*kept[-1], snap=0)

    def _step_back(self) -> None:
        self._anchors.pop()
        self._tip = []
        if not self._ways:
            self.drop()
            return
        self._ways.pop()
        last = self._anchors.pop()
        self._look(*last, snap=0)
        self.host.refresh_overlay()

    def _close(self) -> None:
        tip = self._tip
        points = [point for way in [*self._ways, tip] for point in way]
        if self._window is not None and not self._window.far(self._anchors[0]):
            points += smoothed_path(self._window.way_to(self._anchors[0])) if len(tip) < 2 else []
        self.drop()
        enough = len(points) >= MINIMUM
        self.apply(Selection.polygon(points, self.antialias) if enough else Selection.none())


def _around(cell: Cell, half: int) -> Bounds:
    return Bounds(cell[0] - half, cell[1] - half, 2 * half + 1, 2 * half + 1)


def _seen(compositor: Compositor, cells: Bounds, level: int) -> Pixels:
    """(h, w, 3) of what is seen on the paper, in cells of a mip level; the tiles are mostly there already."""
    paper = compositor.paper
    out = np.empty((cells.height, cells.width, 3), np.uint8)
    out[:] = (paper.blue(), paper.green(), paper.red())
    for key in tiles_covering(cells):
        tile = compositor.tile(key, level)
        if tile is None:
            continue
        part = Bounds(key[0] * TILE, key[1] * TILE, TILE, TILE).intersected(cells)
        source = view(tile)[part.y - key[1] * TILE :, part.x - key[0] * TILE :][: part.height, : part.width, :3]
        out[part.y - cells.y : part.bottom - cells.y, part.x - cells.x : part.right - cells.x] = source
    return out
