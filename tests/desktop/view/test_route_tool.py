"""The route tool with real mouse and key events."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt

from canvas.document import Document
from canvas.markings import ROUTE
from canvas.routes import Route, Stretch
from desktop.view.canvas_view import CanvasView
from desktop.view.route_plan import RoutePlan
from desktop.view.tools.route import RouteTool, aligned, smooth
from tests.desktop.view.gestures import LEFT, at, drag, mouse, move, press, release, tap

RIGHT = Qt.MouseButton.RightButton


def tool_of(view: CanvasView) -> RouteTool:
    view.set_tool("route")
    view.zoom_to(0.5)
    tool = view.tools["route"]
    assert isinstance(tool, RouteTool)
    tool.new_prompt = lambda: "hills"
    return tool


def click(view: CanvasView, x: float, y: float, button: Qt.MouseButton = LEFT) -> None:
    press(view, x, y, button)
    release(view, x, y, button)


def double(view: CanvasView, x: float, y: float) -> None:
    click(view, x, y)
    mouse(view, QEvent.Type.MouseButtonDblClick, at(view, x, y))
    mouse(view, QEvent.Type.MouseButtonRelease, at(view, x, y))


def test_a_nearly_straight_stroke_is_level_and_lies_in_line_with_the_frame(
    view: CanvasView, document: Document
) -> None:
    tool_of(view)
    drag(view, [(130, 120), *((150 + 20 * n, 126 + (n % 3)) for n in range(12)), (400, 124)])
    route = document.route
    assert route is not None
    assert (route.points[0], route.points[-1][1]) == ((128, 128), 128)
    assert len(route.points) == 2
    assert (route.width, route.overlap, route.stretches) == (256, 40, (Stretch(0, "hills"),))
    assert not view.gesture_running
    document.undo()
    assert document.route is None


def test_a_curve_becomes_few_points_near_the_hand(view: CanvasView, document: Document) -> None:
    tool_of(view)
    hand = [(20 + 3.0 * n, 130 + 90 * math.sin(n / 20)) for n in range(120)]
    drag(view, hand)
    route = document.route
    assert route is not None
    assert route.curved
    assert 4 <= len(route.points) <= 20
    assert max(route.distance(spot) for spot in hand[2:]) < 24


def test_points_are_clicked_taken_back_and_ended(view: CanvasView, document: Document) -> None:
    tool = tool_of(view)
    for spot in ((-100, -60), (0, 0), (100, 40)):
        click(view, *spot)
    tap(view, Qt.Key.Key_Backspace)
    assert len(tool.draft) == 2
    click(view, 120, -40)
    tap(view, Qt.Key.Key_Return)
    assert document.route is not None
    assert document.route.points == ((-100, -60), (0, 0), (120, -40))
    click(view, -100, 150)
    tap(view, Qt.Key.Key_Escape)
    assert document.route.points[0] == (-100, -60)
    assert not view.gesture_running


def test_a_double_click_ends_the_points(view: CanvasView, document: Document) -> None:
    tool_of(view)
    click(view, -100, -60)
    double(view, 100, 40)
    assert document.route is not None
    assert document.route.points == ((-100, -60), (100, 40))


def test_points_are_pulled_and_taken_away(view: CanvasView, document: Document) -> None:
    tool_of(view)
    document.set_marking(ROUTE, Route(((-100, 0), (0, 0), (100, 0))))
    drag(view, [(0, 0), (10, 30), (10, 60)])
    assert document.route is not None
    assert document.route.points[1] == (10, 60)
    assert document.history.steps_done == 2
    click(view, 10, 60, RIGHT)
    assert document.route.points == ((-100, 0), (100, 0))
    click(view, 100, 0, RIGHT)
    assert len(document.route.points) == 2


def test_the_line_is_split_and_a_stretch_chosen(view: CanvasView, document: Document) -> None:
    tool = tool_of(view)
    chosen: list[int] = []
    tool.stretch_chosen = chosen.append
    document.set_marking(ROUTE, Route(((-150, 0), (150, 0)), stretches=(Stretch(0, "a"),)))
    double(view, 30, 0)
    assert document.route is not None
    assert document.route.stretches == (Stretch(0, "a"), Stretch(1, "a"))
    assert tool.chosen == 1
    click(view, -80, 2)
    assert tool.chosen == chosen[-1] == 0
    click(view, 90, 2)
    assert chosen[-1] == 1


def test_hovering_says_what_can_be_taken(view: CanvasView, document: Document) -> None:
    tool = tool_of(view)
    document.set_marking(ROUTE, Route(((-100, 0), (100, 0))))
    move(view, 0, 100, Qt.MouseButton.NoButton)
    assert tool.cursor is Qt.CursorShape.CrossCursor
    move(view, 0, 2, Qt.MouseButton.NoButton)
    assert tool.cursor is Qt.CursorShape.PointingHandCursor


def test_the_width_follows_the_option(view: CanvasView, document: Document) -> None:
    tool = tool_of(view)
    tool.native = 512
    assert tool.width == 512
    view.options.set_value("route", tool.options[0], "frame")
    assert tool.width == document.frame.height
    view.options.set_value("route", tool.options[0], "own")
    view.options.set_value("route", tool.options[1], 99)
    assert tool.width == 96


def test_windows_are_shown_as_they_are_planned(view: CanvasView, document: Document) -> None:
    tool = tool_of(view)
    tool.plan = RoutePlan(document, view.compositor)
    before = view.grab().toImage()
    document.set_marking(ROUTE, Route(((-100, 0), (300, 0)), width=128))
    tool.plan._refresh()  # outside a running loop the timer would do it
    assert len(tool.plan.windows) > 3
    tool.running = lambda: (tool.plan.windows[0], 0.5)  # type: ignore[union-attr]
    view.update()
    assert view.grab().toImage() != before
    tool.plan.release_document()


def test_strokes_are_calmed() -> None:
    assert smooth([(0, 0), (5, 0)], 3) == [(0, 0), (5, 0)]
    assert smooth([(0.0, 0.0), (50.0, 2.0), (100.0, 30.0)], 3)[-1] == (100.0, 30.0)
    assert smooth([(0, 0), (2, 50), (5, 100)], 3) == [(0, 0), (0, 100)]
    assert aligned([(3.2, 131.0), (500.0, 131.0)], 256) == [(3, 128), (500, 128)]
    assert aligned([(131, 0), (131, 0.3), (131, 90)], 256) == [(128, 0), (128, 90)]
