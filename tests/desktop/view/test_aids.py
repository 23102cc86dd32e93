"""Grids, rulers, guides and the zoom tool, with real events."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds, PointF
from canvas.guides import Guide, guides_from_json, guides_to_json
from canvas.markings import GUIDES
from desktop.view.aids import GUIDE_LINE
from desktop.view.camera import Camera
from desktop.view.canvas_view import CanvasView
from desktop.view.rulers import THICKNESS, axis_scale, tick_steps
from tests.desktop.view.gestures import drag, mouse, move, press, release, tap

ALT = Qt.KeyboardModifier.AltModifier
RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def ruled(view: CanvasView) -> CanvasView:
    view.set_aids(replace(view.aids, rulers=True))
    return view


def out_of(view: CanvasView, ruler: str, end: QPointF) -> None:
    """Drag from the middle of a ruler to a place of the view."""
    strip = view.rulers.top if ruler == "top" else view.rulers.left
    start = QPointF(240, 8) if ruler == "top" else QPointF(8, 180)
    mouse(strip, QEvent.Type.MouseButtonPress, start)
    mouse(strip, QEvent.Type.MouseMove, QPointF(strip.mapFrom(view, end)))
    mouse(strip, QEvent.Type.MouseButtonRelease, QPointF(strip.mapFrom(view, end)))


def test_guides_are_dragged_out_of_the_rulers(ruled: CanvasView, document: Document) -> None:
    x, y = ruled.camera.to_view(50, -70)
    out_of(ruled, "top", QPointF(x, y))
    out_of(ruled, "left", QPointF(x, y))
    assert document.guides == (Guide(True, -70), Guide(False, 50))
    assert document.history.names == ("Guides", "Guides")
    shown = ruled.grab().toImage()
    assert shown.pixelColor(int(x) + 60, int(y)) == GUIDE_LINE
    assert shown.pixelColor(int(x), int(y) + 60) == GUIDE_LINE
    document.undo()
    assert document.guides == (Guide(True, -70),)


def test_a_guide_is_moved_and_thrown_away(ruled: CanvasView, document: Document) -> None:
    document.set_marking(GUIDES, (Guide(True, -70), Guide(False, 10)))
    ruled.set_tool("move")
    drag(ruled, [(30, -70), (30, -20), (30, 15)])
    assert document.guides == (Guide(False, 10), Guide(True, 15))
    place = QPointF(*ruled.camera.to_view(10, 0))
    strip = ruled.rulers.top
    mouse(strip, QEvent.Type.MouseButtonPress, QPointF(place.x(), 10))
    mouse(strip, QEvent.Type.MouseMove, QPointF(place.x() + 30, 100))
    mouse(strip, QEvent.Type.MouseButtonRelease, QPointF(place.x() + 30, 100))
    assert Guide(False, 40) in document.guides
    press(ruled, 30, 15)
    top = ruled.camera.to_canvas(200, 4)
    move(ruled, *top)
    release(ruled, *top)
    assert document.guides == (Guide(False, 40),)
    assert document.history.names == ("Guides",) * 4


def test_escape_and_locks_leave_guides_alone(ruled: CanvasView, document: Document) -> None:
    document.set_marking(GUIDES, (Guide(True, 20),))
    ruled.set_tool("hand")
    press(ruled, 5, 20)
    move(ruled, 5, 60)
    tap(ruled, Qt.Key.Key_Escape)
    release(ruled, 5, 60)
    assert document.guides == (Guide(True, 20),)
    ruled.set_aids(replace(ruled.aids, guides_locked=True))
    before = ruled.camera.center
    drag(ruled, [(5, 20), (5, 60)])
    assert document.guides == (Guide(True, 20),)
    assert ruled.camera.center != before  # the hand moved the paper instead
    out_of(ruled, "top", QPointF(200, 200))
    assert document.guides == (Guide(True, 20),)


def test_on_turned_paper_a_guide_lies_as_it_was_drawn(ruled: CanvasView, document: Document) -> None:
    ruled.rotate_to(90)
    x, y = ruled.camera.to_view(33, 0)
    out_of(ruled, "top", QPointF(x, y))
    assert document.guides == (Guide(False, 33),)


def test_guides_survive_the_way_to_a_file() -> None:
    guides = (Guide(True, -5), Guide(False, 100_000))
    assert guides_from_json(guides_to_json(guides)) == guides
    for damaged in (None, [["h", "5"]], [["x", 3]], [7], [["v", 2, 3]], [["v", True]], [["h", 1 << 40]]):
        with pytest.raises(CanvasError, match="guides"):
            guides_from_json(damaged)


@pytest.mark.parametrize(
    ("camera", "along_x", "expected"),
    [
        (Camera(zoom=2.0, width=100, height=100), True, (2.0, 50.0, True)),
        (Camera(zoom=2.0, width=100, height=100, mirrored=True), True, (-2.0, 50.0, True)),
        (Camera(zoom=2.0, width=100, height=100, rotation=90.0), True, (-2.0, 50.0, False)),
        (Camera(zoom=0.5, width=100, height=100, rotation=180.0), False, (-0.5, 50.0, False)),
        (Camera(zoom=0.5, width=100, height=100, rotation=10.0), False, None),
    ],
)
def test_rulers_count_what_lies_along_them(
    camera: Camera, along_x: bool, expected: tuple[float, float, bool] | None
) -> None:
    assert axis_scale(camera, along_x) == expected


@pytest.mark.parametrize(("scale", "label", "tick"), [(1.0, 100, 10), (1 / 3, 200, 20), (16.0, 5, 1), (64.0, 1, 1)])
def test_labels_are_round_and_ticks_divide_them(scale: float, label: int, tick: int) -> None:
    assert tick_steps(scale) == (label, tick)


def test_a_tick_stands_where_its_pixel_begins(ruled: CanvasView) -> None:
    ruled.set_camera(replace(ruled.camera, center=PointF(0.0, 0.0), zoom=1.0))
    shown = ruled.rulers.top.grab().toImage()
    background = shown.pixelColor(1, 1)
    line = [shown.pixelColor(x, 10) != background for x in range(235, 246)]
    assert line == [n == 5 for n in range(11)]  # canvas pixel 0 is the view's column 240


def test_the_rulers_mark_the_pointer(ruled: CanvasView) -> None:
    bare = ruled.rulers.left.grab().toImage()
    mouse(ruled, QEvent.Type.MouseMove, QPointF(300, 123))
    shown = ruled.rulers.left.grab().toImage()
    changed = [y for y in range(shown.height()) if shown.pixelColor(2, y) != bare.pixelColor(2, y)]
    assert changed == [123]
    assert ruled.drawing_area().top() == THICKNESS


def test_the_pixel_grid_shows_from_800_percent_on(view: CanvasView) -> None:
    view.set_aids(replace(view.aids, pixel_grid=True))
    for zoom, seen in ((7.9, False), (8.0, True)):
        view.set_camera(replace(view.camera, center=PointF(1000.0, 1000.0), zoom=zoom))
        x, y = (round(v) for v in view.camera.to_view(1003, 1000))
        shown = view.grab().toImage()
        assert (shown.pixelColor(x, y + 3) != shown.pixelColor(x + 3, y + 3)) is seen


def test_the_grid_keeps_its_distance(view: CanvasView, document: Document) -> None:
    view.set_aids(replace(view.aids, grid=True, spacing=32, subdivisions=1))
    for zoom, spacing in ((1.0, 32), (0.25, 32), (0.125, 64)):
        view.set_camera(replace(view.camera, center=PointF(5000.0, 5000.0), zoom=zoom))
        x, y = view.camera.to_view(4992, 5008)
        shown = view.grab().toImage()
        lines = [n for n in range(int(x), int(x) + 2 * int(spacing * zoom) + 1) if _blue(shown.pixelColor(n, int(y)))]
        assert [n - lines[0] for n in lines] == [0, int(spacing * zoom), 2 * int(spacing * zoom)]


def _blue(colour: QColor) -> bool:
    return colour.blue() - colour.red() > 20


# -- the zoom tool


def test_the_zoom_tool_steps_and_shows_a_rectangle(view: CanvasView, document: Document) -> None:
    view.set_tool("zoom")
    drag(view, [(20, 30), (20, 30)])
    assert view.camera.zoom == 2.0
    drag(view, [(20, 30), (20, 30)], ALT)
    drag(view, [(20, 30), (20, 30)], button=RIGHT)
    assert view.camera.zoom == 0.5
    view.zoom_to(1.0)
    drag(view, [(0, 0), (40, 20), (60, 30)])
    assert view.camera.zoom == pytest.approx(480 / 60)
    assert view.camera.center == pytest.approx((30, 15))
    assert document.history.names == ()
    before = view.camera
    press(view, 30, 15)
    move(view, 50, 30)
    tap(view, Qt.Key.Key_Escape)
    assert view.camera == before


def test_fitting_closely(view: CanvasView) -> None:
    view.fit_close(Bounds(100, 100, 10, 10))
    assert view.visible_bounds().contains(Bounds(100, 100, 10, 10))
    assert view.camera.zoom > 20
    before = view.camera
    view.fit_close(Bounds(0, 0, 0, 0))
    assert view.camera == before
