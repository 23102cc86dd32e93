"""Mouse, wheel, pen and keys: decides what is navigation and what a tool gets."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)

from canvas.errors import CanvasError
from desktop.view.tools.base import ALT, CONTROL, SHIFT, Tool, ToolEvent

if TYPE_CHECKING:
    from desktop.view.canvas_view import CanvasView

Argument = TypeVar("Argument")
WHEEL_STEP = 2.0**0.25  # four notches double the zoom
ROTATION_SNAP = 15.0  # degrees, with Ctrl


class Motion(Enum):
    """What a drag does to the view."""

    PAN = auto()
    TURN = auto()


@dataclass(frozen=True)
class Touch:
    """One position of mouse or pen, in the view's logical pixels."""

    at: QPointF
    "Logical pixels."
    pressure: float
    "0..1."
    modifiers: Qt.KeyboardModifier
    "Keys held."
    button: Qt.MouseButton
    "The button that changed."
    buttons: Qt.MouseButton
    "All buttons held."
    seconds: float
    "A clock that only goes forward."
    eraser: bool = False
    "The pen is turned around."


class InputRouter:
    """Turns Qt's events into tool gestures and camera motions; one per view."""

    def __init__(self, view: "CanvasView") -> None:
        self._view = view
        self._gesture: Tool | None = None
        self._pressed = False
        self._motion: Motion | None = None
        self._last = QPointF()
        self._pressure = 1.0
        self._turn_start = (0.0, 0.0)
        self._space = self._r_key = self._alt = False

    @property
    def gesture(self) -> Tool | None:
        """The tool whose gesture is unfinished."""
        return self._gesture

    @property
    def navigating(self) -> bool:
        """Whether a drag moves the view now, or Space is held ready to."""
        return self._motion is not None or self._space

    @property
    def motion(self) -> Motion | None:
        """The drag that runs."""
        return self._motion

    def current_tool(self, touch: Touch | None = None) -> Tool:
        """The tool that a press would use: Alt turns brushes into the eyedropper, a turned pen erases."""
        tools, chosen = self._view.tools, self._view.tool_id
        if self._gesture is not None:
            return self._gesture
        if chosen in ("brush", "eraser"):
            if (touch.modifiers & ALT) if touch is not None else self._alt:
                return tools["eyedropper"]
            if touch is not None and touch.eraser:
                return tools["eraser"]
        return tools[chosen]

    def press(self, touch: Touch, double: bool = False) -> bool:
        """A button or the pen's tip went down; False when it means nothing here."""
        self._last = touch.at
        motion = self._motion_for(touch)
        if motion is not None:
            self._motion = motion
            self._turn_start = (self._angle(touch.at), self._view.camera.rotation)
            self._view.refresh_cursor()
            return True
        if touch.button != Qt.MouseButton.LeftButton or self._motion is not None:
            return False
        self._pressure = touch.pressure
        tool = self.current_tool(touch)
        fresh = self._gesture is None
        self._gesture, self._pressed = tool, True
        self._guard(tool.double_click if double else tool.press, self._event(touch))
        if fresh and tool.busy:
            self._view.gestureStarted.emit()
        self._settle(fresh)
        return True

    def move(self, touch: Touch) -> None:
        """Mouse or pen moved."""
        delta, self._last, self._pressure = touch.at - self._last, touch.at, touch.pressure
        if self._motion is Motion.TURN:
            self._turn(touch)
        elif self._motion is Motion.PAN or (self._space and self._pressed):
            # Space in the middle of a stroke or lasso moves the paper under it; the gesture stays open.
            self._view.pan(delta.x(), delta.y())
        elif self._pressed and self._gesture is not None:
            self._guard(self._gesture.move, self._event(touch))
        else:
            self.current_tool(touch).hover(self._event(touch))

    def release(self, touch: Touch) -> None:
        """A button or the pen's tip went up."""
        self._last = touch.at
        if self._motion is not None:
            self._motion = None
            self._view.refresh_cursor()
            return
        touch = replace(touch, pressure=self._pressure)  # a pen that lets go reports 0: that is no light touch
        if self._pressed and touch.button == Qt.MouseButton.LeftButton:
            self._pressed = False
            if self._gesture is not None:
                self._guard(self._gesture.release, self._event(touch))
            self._settle(False)

    def cancel(self) -> bool:
        """Drop the gesture that runs; False when there is none."""
        tool, self._gesture, self._pressed = self._gesture, None, False
        if tool is None:
            return False
        tool.cancel()
        self._view.refresh_cursor()
        self._view.gestureFinished.emit()
        return True

    def wants(self, event: QKeyEvent) -> bool:
        """Whether this key belongs to the view even where the window has a shortcut for it."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_R):
            return not event.modifiers() & (CONTROL | ALT)
        gesture_keys = (
            Qt.Key.Key_Escape,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Backspace,
            Qt.Key.Key_Delete,
        )
        return self._gesture is not None and event.key() in gesture_keys

    def key(self, event: QKeyEvent, down: bool) -> bool:
        """A key went down or up; False when it means nothing here."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Space, Qt.Key.Key_R, Qt.Key.Key_Alt):
            if not event.isAutoRepeat():
                self._space = down if key == Qt.Key.Key_Space else self._space
                self._r_key = down if key == Qt.Key.Key_R else self._r_key
                self._alt = down if key == Qt.Key.Key_Alt else self._alt
                self._view.refresh_cursor()
            return key != Qt.Key.Key_Alt
        if not down or self._gesture is None:
            return False
        if key == Qt.Key.Key_Escape:
            return self.cancel()
        used = self._guard(self._gesture.key, key)
        self._settle(False)
        return bool(used)

    def forget_keys(self) -> None:
        """The window lost the keyboard: nothing is held any more."""
        self._space = self._r_key = self._alt = False
        self._view.refresh_cursor()

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; a touchpad pans, and zooms with Ctrl; Shift and wheel pans sideways."""
        at, pixels, angle = event.position(), event.pixelDelta(), event.angleDelta()
        control, shift = event.modifiers() & CONTROL, event.modifiers() & SHIFT
        pad = event.device().type() == QInputDevice.DeviceType.TouchPad or event.phase() != Qt.ScrollPhase.NoScrollPhase
        if pad and not pixels.isNull() and not control:
            self._view.pan(pixels.x(), pixels.y())
            return
        turns = (angle.y() or angle.x()) / 120
        if shift and not control:
            self._view.pan(turns * 60, 0)
            return
        self._view.zoom_to(_landed(self._view.camera.zoom * WHEEL_STEP**turns), (at.x(), at.y()))

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Two fingers on a touchpad zoom and turn the paper."""
        at = (event.position().x(), event.position().y())
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._view.zoom_by(1 + event.value(), at)
            return True
        if event.gestureType() == Qt.NativeGestureType.RotateNativeGesture:
            self._view.rotate_by(event.value(), at)
            return True
        return False

    def _guard(self, step: Callable[[Argument], object], argument: Argument) -> object:
        """One step of a gesture; what the document refuses ends the gesture and is said beside the pointer."""
        try:
            return step(argument)
        except CanvasError as error:
            self.cancel()
            self._view.say(str(error))
            return None

    def _settle(self, fresh: bool) -> None:
        """After every step: is the gesture over?"""
        tool = self._gesture
        if tool is None or tool.busy:
            return
        self._gesture = None
        self._view.refresh_cursor()
        if not fresh:
            self._view.gestureFinished.emit()

    def _motion_for(self, touch: Touch) -> Motion | None:
        shift = touch.modifiers & SHIFT
        if touch.button == Qt.MouseButton.MiddleButton:
            return Motion.TURN if shift else Motion.PAN
        if touch.button != Qt.MouseButton.LeftButton or self._pressed:
            return None
        if self._r_key or (self._space and shift):
            return Motion.TURN
        return Motion.PAN if self._space or self._view.tool_id == "hand" else None

    def _turn(self, touch: Touch) -> None:
        start, rotation = self._turn_start
        wanted = rotation + self._angle(touch.at) - start
        if touch.modifiers & CONTROL:
            wanted = round(wanted / ROTATION_SNAP) * ROTATION_SNAP
        elif abs(wanted) < 2.0:
            wanted = 0.0
        self._view.rotate_to(wanted)

    def _angle(self, at: QPointF) -> float:
        return math.degrees(math.atan2(at.y() - self._view.height() / 2, at.x() - self._view.width() / 2))

    def _event(self, touch: Touch) -> ToolEvent:
        x, y = self._view.camera.to_canvas(touch.at.x(), touch.at.y())
        return ToolEvent(x, y, touch.pressure, touch.modifiers, touch.buttons, touch.seconds)


def touch_of(event: QMouseEvent | QTabletEvent) -> Touch:
    """What mouse and pen events have in common."""
    pressure, eraser = 1.0, False
    if isinstance(event, QTabletEvent):
        eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
        pressure = event.pressure()
    return Touch(
        event.position(),
        pressure,
        event.modifiers(),
        event.button(),
        event.buttons(),
        event.timestamp() / 1000,
        eraser,
    )


def _landed(zoom: float) -> float:
    """The nearest power of two when wheel steps come out beside it by rounding."""
    octave = round(math.log2(zoom))
    return 2.0**octave if abs(math.log2(zoom) - octave) < 0.02 else zoom
