"""The navigator, and the commands of the menu View, in a whole window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from canvas.geometry import Bounds
from canvas.guides import Guide
from canvas.layers import PaintLayer
from canvas.selection import Selection
from desktop.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


def press(widget: QWidget, place: QPointF, kind: QEvent.Type = QEvent.Type.MouseButtonPress) -> None:
    button = LEFT if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
    QApplication.sendEvent(widget, QMouseEvent(kind, place, widget.mapToGlobal(place), button, LEFT, NO_KEYS))


@pytest.fixture
def painted(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """With a red square of 600 pixels away from the frame, the navigator in front."""
    red = QImage(600, 600, QImage.Format.Format_ARGB32_Premultiplied)
    red.fill(QColor("red"))
    layer = window.session.document.active
    assert isinstance(layer, PaintLayer)
    window.session.document.put_image(layer, 1500, 900, red)
    window.resize(1200, 800)
    window.show()
    window.show_dock("navigator")
    qtbot.waitUntil(lambda: window.navigator_panel.map.isVisible())
    qtbot.waitUntil(lambda: window.navigator_panel.map.overview.finished, timeout=10000)
    return window


def test_the_map_shows_everything_and_leads_there(painted: MainWindow) -> None:
    little, view = painted.navigator_panel.map, painted.view
    scale, origin = little.scale()
    place = QPointF(origin.x() + 1800 * scale, origin.y() + 1200 * scale)
    shown = little.grab().toImage()
    colour = shown.pixelColor(place.toPoint())
    assert colour.red() > 2 * max(colour.green(), colour.blue())  # shaded, as it lies outside of the view
    press(little, place)
    assert view.camera.center == pytest.approx((1800, 1200), abs=2 / scale)
    press(little, QPointF(origin.x() + 100 * scale, origin.y() + 50 * scale), QEvent.Type.MouseMove)
    assert view.camera.center == pytest.approx((100, 50), abs=2 / scale)


def test_the_rectangle_of_the_view_turns_with_it(painted: MainWindow) -> None:
    little, view = painted.navigator_panel.map, painted.view
    view.rotate_to(30)
    scale, origin = little.scale()
    corner = little.view_shape().at(0)
    x, y = view.camera.to_canvas(0, 0)
    assert (corner.x(), corner.y()) == pytest.approx((origin.x() + x * scale, origin.y() + y * scale))


def test_wheel_slider_dial_and_mirror(painted: MainWindow) -> None:
    panel, view = painted.navigator_panel, painted.view
    view.zoom_to(1.0)
    at = QPointF(40, 40)
    wheel = QWheelEvent(
        at, panel.map.mapToGlobal(at), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton, NO_KEYS,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(panel.map, wheel)
    assert view.camera.zoom == pytest.approx(2.0)
    assert panel.percent.text() == "200 %"
    panel.zoom.setValue(panel.zoom.value() - 24)
    assert view.camera.zoom == pytest.approx(1.0)
    panel.turn.setValue(45)
    assert view.camera.rotation == 45
    assert panel.reset.text() == "45°"
    panel.reset.click()
    assert view.camera.rotation == 0
    panel.mirror.click()
    assert view.camera.mirrored


def test_zooms_of_the_menu(window: MainWindow) -> None:
    run = window.actions_by_id
    for name, zoom in (("view.200", 2.0), ("view.50", 0.5), ("view.100", 1.0)):
        run[name].trigger()
        assert window.view.camera.zoom == zoom
    assert not run["view.fit-selection"].isEnabled()
    window.session.document.set_selection(Selection.rectangle(Bounds(700, 300, 20, 20)))
    run["view.fit-selection"].trigger()
    assert window.view.camera.center == (710, 310)
    assert window.view.camera.zoom > 4


def test_grids_rulers_and_guides_of_the_menu(window: MainWindow) -> None:
    run, document = window.actions_by_id, window.session.document
    for name in ("view.rulers", "view.grid"):
        run[name].trigger()
        assert run[name].isChecked()
    assert window.view.aids.rulers
    assert window.program.settings.preferences.show_rulers
    run["view.horizontal-guide"].trigger()
    assert [guide.horizontal for guide in document.guides] == [True]
    run["view.lock-guides"].trigger()
    assert not run["view.clear-guides"].isEnabled()
    run["view.lock-guides"].trigger()
    run["view.clear-guides"].trigger()
    assert document.guides == ()
    run["edit.undo"].trigger()
    assert len(document.guides) == 1
    assert isinstance(document.guides[0], Guide)


def test_fingers_undo_and_the_palette_adjusts_the_brush(window: MainWindow) -> None:
    window.session.document.set_frame(Bounds(0, 0, 99, 99))
    window.view.actionWanted.emit("edit.undo")
    assert window.session.document.frame != Bounds(0, 0, 99, 99)
    window.actions_by_id["brush.adjust"].trigger()
    assert window.view.cursor().shape() == Qt.CursorShape.SizeAllCursor
    assert window.view.cancel_gesture()
