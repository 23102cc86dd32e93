"""The route tool: a line over the canvas along which the painting grows, drawn freely or point by point."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPainter

from canvas.markings import ROUTE
from canvas.routes import MOST_POINTS, Route, Spot, Stretch
from desktop.i18n import mark
from desktop.view.route_drawing import draw_draft, draw_route
from desktop.view.route_plan import RoutePlan
from desktop.view.tools.base import SHIFT, Tool, ToolEvent, ToolHost
from desktop.view.tools.options import ToolOption

REACH = 9.0
"""Logical pixels: how near a press must be to take something."""
SIMPLE = 5.0
"""Logical pixels: how far a line through fewer points may be from the hand's."""
STRAIGHT = 0.06
"""A stroke that leaves the straight way between its ends by no more than this part of its length was meant straight."""
LEVEL = math.radians(5)
"""A straight stroke this near to level or upright was meant so."""
TURN = math.pi / 4
GRID = 8
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
BACK = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class RouteTool(Tool):
    """Draw a line, or click it point by point; then pull its points, split it, choose a stretch by a click."""

    id = "route"
    help = mark(
        "tools",
        "Draw where the painting should go, or click points and press Enter. Double-click the line to split it.",
    )
    options = (
        ToolOption("size", mark("tools", "Width"), mark("tools", "How wide the band is that is painted"), "model",
                   choices=(("model", mark("tools", "As the model paints")), ("frame", mark("tools", "As the frame")),
                            ("own", mark("tools", "Own width")))),
        ToolOption("width", mark("tools", "Own width"), mark("tools", "Width of the band in canvas pixels"),
                   256, 64, 2048, " px", kind="log", only_if=("size", ("own",))),
        ToolOption("overlap", mark("tools", "Overlap"),
                   mark("tools", "How much of every window is there before it is painted: more joins better, "
                        "less is quicker"), 40, 20, 70, " %"),
        ToolOption("curved", mark("tools", "Bends"), mark("tools", "The line bends smoothly through its points"), True),
    )  # fmt: skip

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._draft: list[tuple[float, float]] = []
        self._tip: tuple[float, float] | None = None
        self._pressed_at: tuple[float, float] | None = None
        self._drawing = self._by_points = False
        self._held: int | None = None
        self._moved: Route | None = None
        self._hovered: int | None = None
        self.plan: RoutePlan | None = None
        """What is left to be painted; the window's business."""
        self.native = 256
        """Side that the model paints best, canvas pixels."""
        self.new_prompt: Callable[[], str] = str
        """The words for a route that is new."""
        self.chosen = 0
        """Number of the stretch whose words are shown."""
        self.stretch_chosen: Callable[[int], None] = lambda _: None
        """Told when a stretch was clicked."""
        self.running: Callable[[], tuple[object, float]] = lambda: (None, 0.0)
        """The window that is being painted, if any, and how far it is."""

    # --- state

    @property
    def route(self) -> Route | None:
        """The document's route, as it is under the hand."""
        return self._moved or self.host.document.route

    @property
    def draft(self) -> tuple[tuple[float, float], ...]:
        """The line that is being drawn."""
        return tuple(self._draft)

    @property
    def busy(self) -> bool:
        """Whether a line is open or a point is held."""
        return bool(self._draft) or self._held is not None

    @property
    def cursor(self) -> Qt.CursorShape:
        """A hand over what can be taken."""
        if self._held is not None:
            return Qt.CursorShape.ClosedHandCursor
        return Qt.CursorShape.CrossCursor if self._hovered is None else Qt.CursorShape.PointingHandCursor

    @property
    def width(self) -> int:
        """Of the band of a new route, a multiple of 8 canvas pixels."""
        size = self.option("size")
        own = int(self.option("width"))
        found = self.native if size == "model" else self.host.document.frame.height if size == "frame" else own
        return max(64, min(2048, round(found / GRID) * GRID))

    # --- gestures

    def press(self, event: ToolEvent) -> None:
        """Take a point, choose a stretch, or begin a line."""
        if self._draft:
            self._add(event)
            return
        number = self._point_at(event)
        if number is not None:
            self._held = number
            self.host.refresh_cursor()
        elif self._on_line(event):
            self._choose(event)
        else:
            self._pressed_at = self._start(event)
            self._draft = [self._pressed_at]
            self._drawing = self._by_points = False
            self.host.refresh_overlay()

    def _add(self, event: ToolEvent) -> None:
        self._pressed_at = self._place(event)
        if len(self._draft) < MOST_POINTS:
            self._draft.append(self._pressed_at)
        self._tip = None
        self.host.refresh_overlay()

    def move(self, event: ToolEvent) -> None:
        """Draw on, or pull the point."""
        route = self.host.document.route
        if self._held is not None and route is not None:
            self._moved = route.with_point(self._held, _spot(event.x, event.y))
            self.host.refresh_overlay()
        elif self._pressed_at is not None:
            self._drawing = self._drawing or not self._near(event, self._pressed_at)
            if self._drawing:
                self._draft.append((event.x, event.y))
                self.host.refresh_overlay()

    def release(self, event: ToolEvent) -> None:
        """The point stays; the drawn line becomes the route; a mere click waits for more points."""
        del event
        if self._held is not None:
            moved, self._held, self._moved = self._moved, None, None
            if moved is not None:
                self.host.document.set_marking(ROUTE, moved)
            self.host.refresh_cursor()
            self.host.refresh_overlay()
        elif self._pressed_at is not None:
            self._pressed_at = None
            if self._drawing and not self._by_points:
                self._finish(smooth(self._draft, SIMPLE / self._scale()), curved=True)
            else:
                self._by_points, self._drawing = True, False

    def hover(self, event: ToolEvent) -> None:
        """The next piece follows the pointer; points show that they can be taken."""
        if self._draft:
            self._tip = self._place(event)
            self.host.refresh_overlay()
            return
        found = self._point_at(event)
        hovered = found if found is not None else -1 if self._on_line(event) else None
        if hovered != self._hovered:
            self._hovered = hovered
            self.host.refresh_cursor()
            self.host.refresh_overlay()

    def double_click(self, event: ToolEvent) -> None:
        """End the line of points; on a finished route, begin another stretch here."""
        if self._draft:
            self._end()
        elif self._on_line(event):
            self.split(event.x, event.y)
        else:
            self.press(event)

    def right_click(self, event: ToolEvent) -> bool:
        """Take a point away."""
        number, route = self._point_at(event), self.host.document.route
        if number is None or route is None:
            return False
        if len(route.points) <= 2:
            self.host.say(QCoreApplication.translate("tools", "A route needs two points. Remove it from its card."))
        self.host.document.set_marking(ROUTE, route.without_point(number))
        return True

    def key(self, key: Qt.Key) -> bool:
        """Enter ends, Backspace takes the last point back."""
        if not self._draft or self._pressed_at is not None:
            return False
        if key in ENTER:
            self._end()
            return True
        if key in BACK:
            self._draft.pop()
            self.host.refresh_overlay()
            return True
        return False

    def cancel(self) -> None:
        """Drop the open line; the point goes back."""
        self._draft, self._tip, self._pressed_at = [], None, None
        self._held = self._moved = None
        self._drawing = self._by_points = False
        self.host.refresh_overlay()

    def split(self, x: float, y: float) -> None:
        """Another stretch from here on: one undo step. Says so where there is no room for one."""
        route = self.host.document.route
        if route is None:
            return
        parted = route.split_at((x, y))
        if parted.stretches == route.stretches:
            self.host.say(QCoreApplication.translate("tools", "A stretch begins here already."))
            return
        self.host.document.set_marking(ROUTE, parted)
        self.chosen = route.stretch_of(route.nearest((x, y))[0]) + 1
        self.stretch_chosen(self.chosen)

    # --- making a route

    def _end(self) -> None:
        points = [point for number, point in enumerate(self._draft) if number == 0 or point != self._draft[number - 1]]
        if len(points) < 2:
            self.cancel()
            return
        self._finish(points, bool(self.option("curved")))

    def _finish(self, points: list[tuple[float, float]], curved: bool) -> None:
        spots = aligned(points, self.width)
        self.cancel()
        if len(spots) < 2:
            return
        old = self.host.document.route
        prompt = self.new_prompt() if old is None else old.stretches[0].prompt
        self.chosen = 0
        self.host.document.set_marking(
            ROUTE,
            Route(
                tuple(spots), curved, self.width, int(self.option("overlap")), (Stretch(0, prompt),),
                secrets.randbelow(2**32),
            )
        )  # fmt: skip

    def _start(self, event: ToolEvent) -> tuple[float, float]:
        """Where a line begins: on the middle of the frame when it is near, so that the band lies in line with it."""
        frame = self.host.document.frame
        near = max(2 * REACH / self._scale(), self.width / 16)
        x, y = event.x, event.y
        inside = frame.expanded(self.width // 2)
        if inside.x <= x <= inside.right and inside.y <= y <= inside.bottom:
            x = frame.center.x if abs(x - frame.center.x) < near else x
            y = frame.center.y if abs(y - frame.center.y) < near else y
        return x, y

    def _place(self, event: ToolEvent) -> tuple[float, float]:
        """Where a point goes: with Shift, at a multiple of 45° from the last one."""
        if not self._draft or not event.modifiers & SHIFT:
            return event.x, event.y
        x, y = self._draft[-1]
        angle = round(math.atan2(event.y - y, event.x - x) / TURN) * TURN
        along = (event.x - x) * math.cos(angle) + (event.y - y) * math.sin(angle)
        return x + along * math.cos(angle), y + along * math.sin(angle)

    # --- what is where

    def _scale(self) -> float:
        """Logical pixels of a canvas pixel."""
        camera = self.host.camera
        return camera.zoom / camera.ratio

    def _near(self, event: ToolEvent, place: tuple[float, float], reach: float = REACH) -> bool:
        return math.dist((event.x, event.y), place) * self._scale() <= reach

    def _point_at(self, event: ToolEvent) -> int | None:
        route = self.host.document.route
        if route is None:
            return None
        found = [number for number, point in enumerate(route.points) if self._near(event, point)]
        return min(found, key=lambda number: math.dist(route.points[number], (event.x, event.y))) if found else None

    def _on_line(self, event: ToolEvent) -> bool:
        route = self.host.document.route
        return route is not None and route.distance((event.x, event.y)) * self._scale() <= REACH

    def _choose(self, event: ToolEvent) -> None:
        route = self.host.document.route
        if route is not None:
            self.chosen = route.stretch_of(route.nearest((event.x, event.y))[0])
            self.stretch_chosen(self.chosen)
            self.host.refresh_overlay()

    def paint_overlay(self, painter: QPainter) -> None:
        """The route with its windows, and the line that is being drawn."""
        camera = self.host.camera
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        route = self.route
        if route is not None and not self._draft:
            windows = self.plan.windows if self.plan is not None and self._moved is None else ()
            draw_route(painter, camera, route, windows, self.running(), self.chosen)
        if self._draft:
            tip = [self._tip] if self._tip is not None and not self._drawing else []
            draw_draft(painter, camera, [*self._draft, *tip], self.width, corners=self._by_points)

    def label_place(self) -> QPointF | None:
        """Where on the view the chosen stretch begins."""
        route = self.host.document.route
        if route is None:
            return None
        first = route.stretches[min(self.chosen, len(route.stretches) - 1)].first
        return QPointF(*self.host.camera.to_view(*route.points[first]))


def smooth(points: list[tuple[float, float]], slack: float) -> list[tuple[float, float]]:
    """A drawn line through fewer points, without the hand's tremor; straight and level where it was nearly so."""
    drawn = np.array(points, np.float32)
    if len(drawn) < 3:
        return points
    start, end = drawn[0].astype(float), drawn[-1].astype(float)
    way = end - start
    length = float(np.hypot(*way))
    if length > 0:
        off = np.abs((drawn - start) @ np.array([-way[1], way[0]]) / length)
        if float(off.max()) <= STRAIGHT * length:
            return [points[0], _levelled(points[0], points[-1])]
    kernel = min(9, len(drawn) // 2 * 2 - 1)
    padded = np.pad(drawn, ((kernel // 2, kernel // 2), (0, 0)), mode="edge")
    calm = np.stack([np.convolve(padded[:, axis], np.ones(kernel) / kernel, "valid") for axis in (0, 1)], axis=1)
    calm[0], calm[-1] = drawn[0], drawn[-1]
    fewer = cv2.approxPolyDP(calm.astype(np.float32)[:, None], slack, closed=False)[:, 0]
    return [(float(x), float(y)) for x, y in fewer[:MOST_POINTS]]


def _levelled(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    if abs(dy) <= math.tan(LEVEL) * abs(dx):
        return end[0], start[1]
    return (start[0], end[1]) if abs(dx) <= math.tan(LEVEL) * abs(dy) else end


def aligned(points: list[tuple[float, float]], width: int) -> list[Spot]:
    """Whole pixels; the edges of level and upright bands lie on the grid of windows, so that they are not cut."""
    half = width // 2
    spots = [_spot(x, y) for x, y in points]
    if len({y for _, y in spots}) == 1:
        spots = [(x, round((y - half) / GRID) * GRID + half) for x, y in spots]
    elif len({x for x, _ in spots}) == 1:
        spots = [(round((x - half) / GRID) * GRID + half, y) for x, y in spots]
    return [spot for number, spot in enumerate(spots) if number == 0 or spot != spots[number - 1]]


def _spot(x: float, y: float) -> Spot:
    return round(x), round(y)
