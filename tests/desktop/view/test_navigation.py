"""Moving the view with mouse, wheel and held keys."""

import math

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from canvas.document import Document
from canvas.geometry import Bounds
from desktop.view.canvas_view import CanvasView
from tests.desktop.view.gestures import LEFT, NO_KEYS, hold, mouse, move, press, release, tap, wheel

MIDDLE = Qt.MouseButton.MiddleButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


def pull(
    view: CanvasView, start: QPointF, end: QPointF, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEYS
) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, start, button, keys)
    mouse(view, QEvent.Type.MouseMove, end, button, keys)
    mouse(view, QEvent.Type.MouseButtonRelease, end, button, keys)


@pytest.mark.parametrize("how", ["middle", "space", "hand"])
def test_panning_keeps_the_canvas_under_the_pointer(view: CanvasView, document: Document, how: str) -> None:
    held = view.camera.to_canvas(100, 100)
    if how == "hand":
        view.set_tool("hand")
    if how == "space":
        hold(view, Qt.Key.Key_Space, True)
    pull(view, QPointF(100, 100), QPointF(163, 71), MIDDLE if how == "middle" else LEFT)
    assert view.camera.to_canvas(163, 71) == pytest.approx(held)
    assert document.history.names == ()


def test_the_wheel_zooms_at_the_pointer(view: CanvasView) -> None:
    held = view.camera.to_canvas(90, 200)
    wheel(view, QPointF(90, 200), 2)
    assert view.camera.zoom == pytest.approx(math.sqrt(2))
    assert view.camera.to_view(*held) == pytest.approx((90, 200), abs=1)
    wheel(view, QPointF(90, 200), 2)
    assert view.camera.zoom == 2.0
    for _ in range(100):
        wheel(view, QPointF(90, 200), -3)
    assert view.camera.zoom == 1 / 64


def test_r_and_shift_space_turn_the_paper(view: CanvasView) -> None:
    hold(view, Qt.Key.Key_R, True)
    pull(view, QPointF(440, 180), QPointF(240, 340))
    hold(view, Qt.Key.Key_R, False)
    assert view.camera.rotation == pytest.approx(90, abs=0.5)
    hold(view, Qt.Key.Key_Space, True)
    pull(view, QPointF(240, 340), QPointF(440, 180), keys=SHIFT)
    assert view.camera.rotation == 0.0
    hold(view, Qt.Key.Key_Space, False)
    view.rotate_by(30)
    view.reset_rotation()
    assert view.camera.rotation == 0.0


def test_space_in_the_middle_of_a_lasso_only_moves_the_paper(view: CanvasView, document: Document) -> None:
    view.set_tool("lasso")
    press(view, 0, 0)
    move(view, 60, 0)
    hold(view, Qt.Key.Key_Space, True)
    before = view.camera
    place = QPointF(*view.camera.to_view(60, 0))
    mouse(view, QEvent.Type.MouseMove, place + QPointF(25, 40))
    assert view.camera.origin == (before.origin[0] + 25, before.origin[1] + 40)
    hold(view, Qt.Key.Key_Space, False)
    assert view.gesture_running
    move(view, 60, 50)
    release(view, 0, 50)
    assert document.selection.bounds == Bounds(0, 0, 60, 50)


def test_space_belongs_to_the_view_while_it_is_held(view: CanvasView, document: Document) -> None:
    view.set_tool("lasso")
    for corner in ((0, 0), (80, 0)):
        press(view, *corner)
        release(view, *corner)
    hold(view, Qt.Key.Key_Space, True)
    pull(view, QPointF(100, 100), QPointF(150, 130))
    hold(view, Qt.Key.Key_Space, False)
    press(view, 80, 60)
    release(view, 80, 60)
    tap(view, Qt.Key.Key_Return)
    assert document.selection.bounds == Bounds(0, 0, 80, 60)


def test_losing_the_keyboard_lets_go_of_held_keys(view: CanvasView, document: Document) -> None:
    hold(view, Qt.Key.Key_Space, True)
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusOut))
    pull(view, QPointF(100, 100), QPointF(150, 130))
    assert document.history.names == ("Brush stroke",)


def test_fit_and_signals(view: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.viewChanged):
        view.fit(Bounds(1000, 1000, 4000, 500))
    assert view.visible_bounds().contains(Bounds(1000, 1000, 4000, 500))
    view.zoom_to(1.0)
    assert view.camera.zoom == 1.0
    centre = view.camera.center
    view.resize(600, 500)
    assert view.camera.center == centre
    assert view.canvas_to_widget(*centre) == pytest.approx((300, 250), abs=1)
