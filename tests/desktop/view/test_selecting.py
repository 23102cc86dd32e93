"""Lasso, rectangle, and the ants around what they select."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from pytestqt.qtbot import QtBot

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.selection import Selection
from desktop.view.ants import view_mask
from desktop.view.canvas_view import CanvasView
from tests.desktop.view.gestures import at, carried, drag, mouse, move, press, release, tap

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHAPE = [(-60.0, -40.0), (50.0, -60.0), (70.0, 30.0), (0.0, 70.0), (-70.0, 20.0)]


def click(view: CanvasView, x: float, y: float) -> None:
    press(view, x, y)
    release(view, x, y)


def test_a_drawn_lasso_is_its_polygon(view: CanvasView, document: Document, qtbot: QtBot) -> None:
    view.set_tool("lasso")
    with qtbot.waitSignal(view.selectionFinished):
        drag(view, SHAPE)
    assert document.selection == Selection.polygon(SHAPE)
    assert document.history.names == ("Select",)


@pytest.mark.parametrize("zoom", [0.5, 2.0])
def test_a_lasso_by_corners_closes_with_enter(view: CanvasView, document: Document, zoom: float) -> None:
    view.zoom_to(zoom)
    view.set_tool("lasso")
    for x, y in SHAPE:
        click(view, x, y)
    assert document.selection.is_empty
    click(view, 90, 90)
    tap(view, Qt.Key.Key_Backspace)
    tap(view, Qt.Key.Key_Return)
    assert document.selection == Selection.polygon(SHAPE)
    assert not view.gesture_running


def test_a_double_click_closes_the_corners(view: CanvasView, document: Document) -> None:
    view.set_tool("lasso")
    for x, y in SHAPE:
        click(view, x, y)
    mouse(view, QEvent.Type.MouseButtonDblClick, at(view, *SHAPE[-1]))
    release(view, *SHAPE[-1])
    assert document.selection == Selection.polygon(SHAPE)


def test_shift_adds_alt_takes_away_both_keep_what_is_in_both(view: CanvasView, document: Document) -> None:
    view.set_tool("rectangle")
    drag(view, [(0, 0), (40, 40)])
    drag(view, [(30, 0), (80, 40)], SHIFT)
    assert document.selection == Selection.rectangle(Bounds(0, 0, 80, 40))
    drag(view, [(60, -10), (100, 60)], ALT)
    assert document.selection == Selection.rectangle(Bounds(0, 0, 60, 40))
    drag(view, [(-20, 20), (30, 90)], SHIFT | ALT)
    assert document.selection == Selection.rectangle(Bounds(0, 20, 30, 20))
    assert len(document.history.names) == 4
    drag(view, [(0, 0), (50, 20)], CONTROL)
    assert document.selection.bounds == Bounds(0, 0, 50, 50)


def test_a_click_selects_nothing_and_escape_keeps_what_was(view: CanvasView, document: Document) -> None:
    view.set_tool("rectangle")
    drag(view, [(0, 0), (40, 40)])
    kept = document.selection
    press(view, 10, 10)
    move(view, 80, 80)
    tap(view, Qt.Key.Key_Escape)
    release(view, 80, 80)
    assert document.selection is kept
    view.set_tool("lasso")
    press(view, 10, 10)
    move(view, 60, 10)
    move(view, 60, 60)
    tap(view, Qt.Key.Key_Escape)
    release(view, 60, 60)
    assert document.selection is kept
    view.set_tool("rectangle")
    click(view, 90, 90)
    assert document.selection.is_empty
    document.undo()
    assert document.selection == kept


def test_a_shape_too_large_for_the_document_is_said_and_dropped(
    view: CanvasView, document: Document, qtbot: QtBot
) -> None:
    view.zoom_to(1 / 64)
    view.set_tool("rectangle")
    with qtbot.waitSignal(view.message) as said:
        drag(view, [(-10000, -8000), (10000, 8000)])
    assert "16384" in carried(said)[0]
    assert not view.gesture_running
    assert document.selection.is_empty


def test_ants_walk_along_the_edge(view: CanvasView, document: Document) -> None:
    document.set_frame(Bounds(5000, 5000, 64, 64))
    bare = _pixels(view)
    document.set_selection(Selection.rectangle(Bounds(-40, -30, 80, 60)))
    first = _pixels(view)
    left, top = (int(v) for v in view.camera.to_view(-40, -30))
    changed = (first != bare).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (top, top + 59, left, left + 79)
    assert not changed[top + 1 : top + 59, left + 1 : left + 79].any()
    for _ in range(4):
        view.selection_overlay.march()
    second = _pixels(view)
    assert ((second != bare).any(axis=2) == changed).all()
    assert (second != first).any()
    assert view.selection_overlay.edges_found == 1
    view.pan(3, 3)
    view.grab()
    assert view.selection_overlay.edges_found == 2


def test_ants_rest_without_a_selection_or_a_window(view: CanvasView, document: Document) -> None:
    assert not view.selection_overlay.walking
    document.set_selection(Selection.rectangle(Bounds(0, 0, 9, 9)))
    assert view.selection_overlay.walking
    view.hide()
    assert not view.selection_overlay.walking
    view.show()
    assert view.selection_overlay.walking
    document.set_selection(Selection.none())
    assert not view.selection_overlay.walking


@pytest.mark.parametrize(("zoom", "rotation"), [(1.0, 0.0), (0.3, 0.0), (3.0, 0.0), (1.0, 90.0), (0.8, 25.0)])
def test_the_seen_mask_is_the_selection(view: CanvasView, zoom: float, rotation: float) -> None:
    view.zoom_to(zoom)
    view.rotate_to(rotation)
    selection = Selection.ellipse(Bounds(-90, -60, 180, 120))
    width, height = view.camera.device_size
    seen = view_mask(selection, view.camera, Bounds(0, 0, width, height))
    wrong = 0
    for y in range(3, height, 7):
        for x in range(3, width, 7):
            cx, cy = view.camera.from_device(x + 0.5, y + 0.5)
            distance = (cx / 90) ** 2 + (cy / 60) ** 2
            if abs(distance - 1) > 0.12:
                wrong += (seen[y, x] > 127) != (distance < 1)
    assert wrong == 0


def _pixels(view: CanvasView) -> np.ndarray:
    image = view.grab().toImage().convertToFormat(view.grab().toImage().Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()
