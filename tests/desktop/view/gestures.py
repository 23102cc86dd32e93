"""Real Qt events at canvas positions."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QMouseEvent, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.wait_signal import SignalBlocker

from desktop.view.canvas_view import CanvasView

NO_KEYS = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.MouseButton.NoButton
PEN = QPointingDevice(
    "pen",
    7,
    QInputDevice.DeviceType.Stylus,
    QPointingDevice.PointerType.Pen,
    QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
    1,
    3,
)
TURNED_PEN = QPointingDevice(
    "turned pen",
    8,
    QInputDevice.DeviceType.Stylus,
    QPointingDevice.PointerType.Eraser,
    QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
    1,
    3,
)


def carried(blocker: SignalBlocker) -> list[Any]:
    """The arguments of the signal that was waited for."""
    assert blocker.args is not None
    return blocker.args


def at(view: CanvasView, x: float, y: float) -> QPointF:
    """Canvas pixels to the widget's."""
    return QPointF(*view.camera.to_view(x, y))


def mouse(
    widget: QWidget,
    kind: QEvent.Type,
    place: QPointF,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = NO_KEYS,
) -> None:
    """One mouse event as the window system would bring it."""
    moving = kind == QEvent.Type.MouseMove
    held = NONE if kind == QEvent.Type.MouseButtonRelease else button
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), NONE if moving else button, held, keys)
    QApplication.sendEvent(widget, event)


def press(
    view: CanvasView, x: float, y: float, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEYS
) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, at(view, x, y), button, keys)


def move(
    view: CanvasView, x: float, y: float, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEYS
) -> None:
    mouse(view, QEvent.Type.MouseMove, at(view, x, y), button, keys)


def release(
    view: CanvasView, x: float, y: float, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEYS
) -> None:
    mouse(view, QEvent.Type.MouseButtonRelease, at(view, x, y), button, keys)


def drag(
    view: CanvasView,
    points: Sequence[tuple[float, float]],
    keys: Qt.KeyboardModifier = NO_KEYS,
    button: Qt.MouseButton = LEFT,
) -> None:
    """Press at the first canvas point, move through all, let go at the last."""
    press(view, *points[0], button, keys)
    for point in points[1:]:
        move(view, *point, button, keys)
    release(view, *points[-1], button, keys)


def pen(
    view: CanvasView, kind: QEvent.Type, point: tuple[float, float], pressure: float, device: QPointingDevice = PEN
) -> None:
    place = at(view, *point)
    moving = kind == QEvent.Type.TabletMove
    held = NONE if kind == QEvent.Type.TabletRelease else LEFT
    where = view.mapToGlobal(place)
    event = QTabletEvent(
        kind, device, place, where, pressure, 0.0, 0.0, 0.0, 0.0, 0.0, NO_KEYS, NONE if moving else LEFT, held
    )
    QApplication.sendEvent(view, event)


def wheel(view: CanvasView, place: QPointF, notches: float, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    event = QWheelEvent(
        place,
        view.mapToGlobal(place),
        QPoint(0, 0),
        QPoint(0, round(120 * notches)),
        NONE,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def tap(view: CanvasView, key: Qt.Key) -> None:
    QTest.keyClick(view, key)


def hold(view: CanvasView, key: Qt.Key, down: bool) -> None:
    kind = QEvent.Type.KeyPress if down else QEvent.Type.KeyRelease
    QApplication.sendEvent(view, QKeyEvent(kind, key, NO_KEYS))
