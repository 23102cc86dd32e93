"""Pens with tilt and rotation, fingers on a touch screen, and changing the brush on the canvas."""

import math
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from canvas.document import Document
from desktop.view.canvas_view import CanvasView
from desktop.view.tools.base import Tool, ToolEvent
from tests.desktop.view.gestures import (
    LEFT,
    NO_KEYS,
    NONE,
    PEN,
    TURNED_PEN,
    at,
    drag,
    hold,
    mouse,
    move,
    pen,
    tap,
)

RIGHT = Qt.MouseButton.RightButton
ALT = Qt.KeyboardModifier.AltModifier


class Recorder(Tool):
    """Keeps what it is told."""

    id = "brush"

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self.events: list[ToolEvent] = []

    def press(self, event: ToolEvent) -> None:
        self.events.append(event)

    def hover(self, event: ToolEvent) -> None:
        self.events.append(event)


def tilted(view: CanvasView, tilt: tuple[int, int], rotation: float, pressure: float = 0.5) -> None:
    place = QPointF(240, 180)
    event = QTabletEvent(
        QEvent.Type.TabletPress, PEN, place, view.mapToGlobal(place), pressure,
        float(tilt[0]), float(tilt[1]), 0.0, rotation, 0.0, NO_KEYS, LEFT, LEFT,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


@pytest.mark.parametrize(
    ("camera", "tilt", "rotation", "expected"),
    [
        ({}, (30, 0), 0.0, (0.5, 0.0, 0.0)),
        ({}, (0, 60), 90.0, (1.0, 90.0, 90.0)),
        ({}, (50, 50), -20.0, (1.0, 45.0, -20.0)),
        ({"rotation": 90.0}, (30, 0), 0.0, (0.5, -90.0, -90.0)),
        ({"mirrored": True}, (30, 0), 30.0, (0.5, 180.0, -30.0)),
        ({"mirrored": True, "rotation": 90.0}, (0, 30), 0.0, (0.5, 180.0, 90.0)),
    ],
)
def test_tilt_and_rotation_follow_the_paper(
    view: CanvasView, camera: dict[str, object], tilt: tuple[int, int], rotation: float, expected: tuple[float, ...]
) -> None:
    recorder = Recorder(view)
    view.tools["brush"] = recorder
    view.set_camera(replace(view.camera, **camera))
    tilted(view, tilt, rotation)
    event = recorder.events[-1]
    assert (event.tilt, event.tilt_direction, event.rotation) == pytest.approx(expected)
    assert event.pressure == pytest.approx(0.5, abs=0.01)


def test_the_direction_of_a_tilt_is_the_one_seen(view: CanvasView) -> None:
    recorder = Recorder(view)
    view.tools["brush"] = recorder
    view.set_camera(replace(view.camera, rotation=37.0, mirrored=True))
    tilted(view, (20, 35), 0.0)
    event = recorder.events[-1]
    towards = QPointF(20, 35) / 10
    x, y = view.camera.to_canvas(240 + towards.x(), 180 + towards.y())

    assert event.tilt_direction == pytest.approx(math.degrees(math.atan2(y - event.y, x - event.x)), abs=0.01)


def test_the_turned_pen_hovers_as_the_eraser(view: CanvasView) -> None:
    view.set_brush(replace(view.brush, size=20))
    pen(view, QEvent.Type.TabletMove, (0, 0), 0.0, PEN)
    assert view._circle() == 20
    pen(view, QEvent.Type.TabletMove, (5, 0), 0.0, TURNED_PEN)
    assert view._circle() == view.brush_of("eraser").size
    pen(view, QEvent.Type.TabletMove, (9, 0), 0.0, PEN)
    assert view._circle() == 20


def test_many_pen_events_are_few_repaints_and_every_point(view: CanvasView, document: Document, qtbot: QtBot) -> None:
    view.set_brush(replace(view.brush, size=12, smoothing=0.0, dynamics=()))
    painted = PaintCounter()
    view.installEventFilter(painted)
    start = time.monotonic()
    pen(view, QEvent.Type.TabletPress, (-100, 0), 1.0)
    for n in range(1, 200):
        pen(view, QEvent.Type.TabletMove, (-100 + n, 20 * (n % 2)), 1.0)
        QApplication.processEvents()
    pen(view, QEvent.Type.TabletRelease, (99, 20), 1.0)
    assert painted.count <= (time.monotonic() - start) * 144 + 3  # no more than a screen can show
    bounds = document.content_bounds()
    assert bounds.width > 200
    assert bounds.height > 30
    qtbot.waitUntil(lambda: not view._frame_timer.isActive())


class PaintCounter(QObject):
    """Counts how often a widget was painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


# -- fingers


@pytest.fixture
def screen() -> QPointingDevice:
    return QTest.createTouchDevice()


def fingers(view: CanvasView, screen: QPointingDevice, *steps: dict[int, tuple[int, int]]) -> None:
    """All fingers of the first step go down together, follow the steps, and go up together."""
    down = QTest.touchEvent(view, screen)
    for finger, place in steps[0].items():
        down.press(finger, QPoint(*place), view)
    down.commit()
    for step in steps[1:]:
        moving = QTest.touchEvent(view, screen)
        for finger, place in step.items():
            moving.move(finger, QPoint(*place), view)
        moving.commit()
    up = QTest.touchEvent(view, screen)
    for finger, place in steps[-1].items():
        up.release(finger, QPoint(*place), view)
    up.commit()


def test_one_finger_moves_the_paper(view: CanvasView, document: Document, screen: QPointingDevice) -> None:
    held = view.camera.to_canvas(100, 100)
    fingers(view, screen, {0: (100, 100)}, {0: (140, 120)}, {0: (180, 130)})
    assert view.camera.to_canvas(180, 130) == pytest.approx(held, abs=1)
    assert document.content_bounds().is_empty


def test_two_fingers_move_zoom_and_turn_at_once(view: CanvasView, screen: QPointingDevice) -> None:
    first, second = view.camera.to_canvas(140, 180), view.camera.to_canvas(340, 180)
    fingers(view, screen, {0: (140, 180), 1: (340, 180)}, {0: (200, 100), 1: (240, 250)}, {0: (240, 40), 1: (240, 340)})
    assert view.camera.zoom == pytest.approx(1.5)
    assert view.camera.rotation == pytest.approx(83)  # 90 less the first degrees, which unsteady hands turn
    middle = ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)
    assert view.camera.to_view(*middle) == pytest.approx((240, 190), abs=1)


def test_an_unsteady_zoom_does_not_turn(view: CanvasView, screen: QPointingDevice) -> None:
    fingers(view, screen, {0: (200, 180), 1: (280, 180)}, {0: (140, 176), 1: (340, 184)})
    assert view.camera.rotation == 0.0
    assert view.camera.zoom == pytest.approx(2.5, abs=0.05)


@pytest.mark.parametrize(("count", "wanted"), [(2, "edit.undo"), (3, "edit.redo")])
def test_taps_of_several_fingers(
    view: CanvasView, qtbot: QtBot, screen: QPointingDevice, count: int, wanted: str
) -> None:
    before = view.camera
    places = {n: (100 + 60 * n, 150) for n in range(count)}
    with qtbot.waitSignal(view.actionWanted) as heard:
        fingers(view, screen, places)
    assert heard.args == [wanted]
    assert view.camera == before


def test_hands_mean_nothing_while_a_pen_is_near(view: CanvasView, screen: QPointingDevice) -> None:
    pen(view, QEvent.Type.TabletMove, (0, 0), 0.0)
    before = view.camera
    fingers(view, screen, {0: (100, 100)}, {0: (200, 180)})
    assert view.camera == before


def test_one_finger_paints_if_wanted_and_two_take_it_back(
    view: CanvasView, document: Document, screen: QPointingDevice
) -> None:
    view.set_finger_paints(True)
    fingers(view, screen, {0: (100, 100)}, {0: (140, 120)}, {0: (180, 130)})
    assert document.history.names == ("Brush stroke",)
    QTest.touchEvent(view, screen).press(0, QPoint(100, 100), view).commit()
    assert view.gesture_running
    QTest.touchEvent(view, screen).stationary(0).press(1, QPoint(200, 100), view).commit()
    assert not view.gesture_running
    QTest.touchEvent(view, screen).release(0, QPoint(100, 100), view).release(1, QPoint(200, 100), view).commit()
    assert document.history.names == ("Brush stroke",)


# -- the brush's size on the canvas


def test_holding_f_changes_size_and_hardness(view: CanvasView, document: Document) -> None:
    before = view.brush
    move(view, 0, 0)
    hold(view, Qt.Key.Key_F, True)
    move(view, 40, 60)
    assert view.brush.size == before.size + 80
    assert view.brush.hardness == pytest.approx(before.hardness - 0.25)
    hold(view, Qt.Key.Key_F, False)
    move(view, 90, 90)
    assert view.brush.size == before.size + 80
    assert document.history.names == ()


def test_escape_restores_the_brush(view: CanvasView) -> None:
    before = view.brush
    view.adjust_brush()
    mouse(view, QEvent.Type.MouseMove, QPointF(280, 200), NONE)
    assert view.brush == before  # the pointer comes from elsewhere: this is where it begins
    mouse(view, QEvent.Type.MouseMove, QPointF(300, 200), NONE)
    assert view.brush.size == before.size + 40
    tap(view, Qt.Key.Key_Escape)
    assert view.brush == before
    mouse(view, QEvent.Type.MouseMove, QPointF(350, 200), NONE)
    assert view.brush == before


def test_a_click_ends_the_adjustment_without_painting(view: CanvasView, document: Document) -> None:
    view.adjust_brush()
    move(view, 60, 0)
    drag(view, [(60, 0), (61, 0)])
    assert document.history.names == ()
    size = view.brush.size
    drag(view, [(0, 0), (30, 0)])
    assert view.brush.size == size
    assert document.history.names == ("Brush stroke",)


def test_a_flat_brush_shows_its_angle(view: CanvasView) -> None:
    view.set_brush(replace(view.brush, size=80, roundness=0.25, angle=30.0))
    view.set_camera(replace(view.camera, rotation=60.0))
    bare = view.grab().toImage()
    mouse(view, QEvent.Type.MouseMove, QPointF(240, 180), NONE)
    shown = view.grab().toImage()
    column = [shown.pixelColor(240, 180 + step) != bare.pixelColor(240, 180 + step) for step in range(30, 46)]
    row = [shown.pixelColor(240 + step, 180) != bare.pixelColor(240 + step, 180) for step in range(14, 46)]
    assert any(column)  # 30 and 60 degrees: the long side stands upright
    assert not any(row)


def test_alt_and_the_right_button_change_the_brush(view: CanvasView, qtbot: QtBot) -> None:
    before = view.brush.size
    with qtbot.assertNotEmitted(view.paletteWanted):
        drag(view, [(0, 0), (25, 0)], ALT, RIGHT)
    assert view.brush.size == before + 50


def test_the_adjustment_shows_its_numbers(view: CanvasView) -> None:
    move(view, 0, 0)
    bare = view.grab().toImage()
    hold(view, Qt.Key.Key_F, True)
    move(view, 20, 0)
    shown = view.grab().toImage()
    x, y = view.camera.to_view(0, 0)
    assert shown.pixelColor(int(x), int(y)) != bare.pixelColor(int(x), int(y))
    hold(view, Qt.Key.Key_F, False)


def test_a_right_click_asks_for_the_palette(view: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.paletteWanted) as heard:
        drag(view, [(10, 20), (10, 20)], button=RIGHT)
    assert heard.args == pytest.approx(list(at(view, 10, 20).toTuple()))
    with qtbot.assertNotEmitted(view.paletteWanted):
        drag(view, [(10, 20), (40, 20)], button=RIGHT)


def test_a_locked_layer_shows_at_the_pointer(view: CanvasView, document: Document) -> None:
    move(view, 0, 0)
    assert view.cursor().shape() == Qt.CursorShape.BlankCursor
    layer = document.active
    assert layer is not None
    document.set_layer(layer, locked=True)
    assert view.cursor().shape() == Qt.CursorShape.ForbiddenCursor
    document.set_layer(layer, locked=False)
    assert view.cursor().shape() == Qt.CursorShape.BlankCursor
