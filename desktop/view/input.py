"""Mouse, wheel, pen and keys: decides what is navigation and what a tool gets."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QNativeGestureEvent, QPainter, QWheelEvent

from canvas.errors import CanvasError
from desktop.spoken import spoken
from desktop.view.brush_drag import BrushDrag
from desktop.view.tools.base import ALT, CONTROL, SHIFT, Tool
from desktop.view.touches import Touch, tool_event

if TYPE_CHECKING:
    from desktop.view.canvas_view import CanvasView

Argument = TypeVar("Argument")
WHEEL_STEP = 2.0**0.25  # four notches double the zoom
ROTATION_SNAP = 15.0  # degrees, with Ctrl
PICKING = ("brush", "eraser", "fill", "gradient", "shapes")  # tools that Alt turns into the eyedropper
CLICK_REACH = 4.0  # logical pixels that a click may slip


class Motion(Enum):
    """What a drag does to the view."""

    PAN = auto()
    TURN = auto()


class Aside(Protocol):
    """A drag that is neither a tool's gesture nor a motion of the view: the brush's size, a guide."""

    def move(self, touch: Touch) -> None:
        """The pointer is here now."""
        ...

    def finish(self) -> None:
        """What it did stays."""
        ...

    def cancel(self) -> None:
        """As it was before."""
        ...

    def paint(self, painter: QPainter) -> None:
        """Draw over the picture, in the view's logical pixels."""
        ...


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
        self._untouched: Qt.Key | None = None  # a held key with which nothing was dragged yet
        self._turned_pen = False
        self._pen_seen = -math.inf
        self._aside: Aside | None = None
        self._aside_button: Qt.MouseButton | None = None
        self._right_at: QPointF | None = None

    @property
    def gesture(self) -> Tool | None:
        """The tool whose gesture is unfinished."""
        return self._gesture

    @property
    def navigating(self) -> bool:
        """Whether a drag moves the view now, or Space is held ready to."""
        return self._motion is not None or self._space

    @property
    def aside(self) -> Aside | None:
        """The drag beside tools and motions that runs."""
        return self._aside

    @property
    def motion(self) -> Motion | None:
        """The drag that runs."""
        return self._motion

    def current_tool(self, touch: Touch | None = None) -> Tool:
        """The tool that a press would use: Alt turns brushes into the eyedropper, a turned pen erases."""
        tools, chosen = self._view.tools, self._view.tool_id
        if self._gesture is not None:
            return self._gesture
        if self._view.selection_overlay.routed:
            return tools["selection-brush"]
        if chosen in PICKING and ((touch.modifiers & ALT) if touch is not None else self._alt):
            return tools["eyedropper"]
        turned = touch.eraser if touch is not None else self._turned_pen
        if turned and chosen in ("brush", "eraser"):
            return tools["eraser"]
        return tools[chosen]

    def press(self, touch: Touch, double: bool = False) -> bool:
        """A button or the pen's tip went down; False when it means nothing here."""
        self._last, self._turned_pen = touch.at, touch.eraser
        self._touch_held_key()
        if self._aside is not None:
            return self._press_aside(touch)
        if touch.button == Qt.MouseButton.RightButton:
            return self._press_right(touch)
        motion = self._motion_for(touch)
        if motion is not Motion.TURN and touch.button == Qt.MouseButton.LeftButton and self._view.take_guide(touch.at):
            return True
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
        self._guard(tool.double_click if double else tool.press, tool_event(touch, self._view.camera))
        if fresh and tool.busy:
            self._view.gestureStarted.emit()
        self._settle(fresh)
        return True

    def move(self, touch: Touch) -> None:
        """Mouse or pen moved."""
        delta, self._last, self._pressure = touch.at - self._last, touch.at, touch.pressure
        if self._turned_pen is not touch.eraser:
            self._turned_pen = touch.eraser
            self._view.refresh_cursor()
        if self._aside is not None:
            self._aside.move(touch)
        elif self._motion is Motion.TURN:
            self._turn(touch)
        elif self._motion is Motion.PAN or (self._space and self._pressed):
            # Space in the middle of a stroke or lasso moves the paper under it; the gesture stays open.
            self._view.pan(delta.x(), delta.y())
        elif self._pressed and self._gesture is not None:
            self._guard(self._gesture.move, tool_event(touch, self._view.camera))
        else:
            self.current_tool(touch).hover(tool_event(touch, self._view.camera))

    def release(self, touch: Touch) -> None:
        """A button or the pen's tip went up."""
        self._last = touch.at
        if self._aside is not None:
            if touch.button == self._aside_button:
                self.end_aside()
            return
        if touch.button == Qt.MouseButton.RightButton:
            self._release_right(touch)
            return
        if self._motion is not None:
            self._motion = None
            self._view.refresh_cursor()
            return
        touch = replace(touch, pressure=self._pressure)  # a pen that lets go reports 0: that is no light touch
        if self._pressed and touch.button == Qt.MouseButton.LeftButton:
            self._pressed = False
            if self._gesture is not None:
                self._guard(self._gesture.release, tool_event(touch, self._view.camera))
            self._settle(False)

    def cancel(self) -> bool:
        """Drop the gesture that runs; False when there is none."""
        if self._aside is not None:
            self.end_aside(keep=False)
            return True
        tool, self._gesture, self._pressed = self._gesture, None, False
        if tool is None:
            return False
        tool.cancel()
        self._view.refresh_cursor()
        self._view.gestureFinished.emit()
        return True

    def begin_aside(self, aside: Aside, button: Qt.MouseButton | None = None) -> None:
        """From now on the pointer leads this, until the button is let go (None: until a click or a key)."""
        self.cancel()
        self._aside, self._aside_button = aside, button
        self._view.refresh_cursor()
        self._view.update()

    def end_aside(self, keep: bool = True) -> None:
        """Let what the drag did stay, or take it back."""
        aside, self._aside = self._aside, None
        if aside is not None:
            self._guard(lambda _: aside.finish() if keep else aside.cancel(), None)
            self._view.refresh_cursor()
            self._view.update()

    def adjust_brush(self, button: Qt.MouseButton | None = None, at: QPointF | None = None) -> None:
        """Lead the brush's size and hardness with the pointer; `at` is where it is, if it is over the canvas."""
        self.begin_aside(BrushDrag(self._view, at), button)

    def pen_here(self) -> None:
        """A pen was heard."""
        self._pen_seen = time.monotonic()

    def pen_near(self, seconds: float) -> bool:
        """Whether a pen was heard so lately."""
        return time.monotonic() - self._pen_seen < seconds

    def wants(self, event: QKeyEvent) -> bool:
        """Whether this key belongs to the view even where the window has a shortcut for it."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_R):
            return not event.modifiers() & (CONTROL | ALT)
        if event.key() == Qt.Key.Key_F and self._gesture is None:
            return not event.modifiers() & (CONTROL | ALT | SHIFT)
        gesture_keys = (
            Qt.Key.Key_Escape,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Backspace,
            Qt.Key.Key_Delete,
        )
        return (self._gesture is not None or self._aside is not None) and event.key() in gesture_keys

    def key(self, event: QKeyEvent, down: bool) -> bool:
        """A key went down or up; False when it means nothing here."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Space, Qt.Key.Key_R, Qt.Key.Key_Alt):
            if not event.isAutoRepeat():
                self._hold_key(key, down)
                self._space = down if key == Qt.Key.Key_Space else self._space
                self._r_key = down if key == Qt.Key.Key_R else self._r_key
                self._alt = down if key == Qt.Key.Key_Alt else self._alt
                self._view.refresh_cursor()
            return key != Qt.Key.Key_Alt
        if key == Qt.Key.Key_F and (self._aside is not None or self.wants(event)):
            self._size_key(down, event.isAutoRepeat())
            return True
        if down and self._aside is not None:
            self.end_aside(keep=key != Qt.Key.Key_Escape)
            return True
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
        self._touch_held_key()
        self.end_aside()
        self._view.refresh_cursor()

    def _hold_key(self, key: Qt.Key, down: bool) -> None:
        """Space or R that is held alone means something of its own, until it is let go or something is dragged."""
        alone, self._untouched = self._untouched is key, None
        if down and self._gesture is None and key != Qt.Key.Key_Alt:
            self._untouched = key
            self._view.keyHeld.emit(key.value, True)
        elif not down and alone:
            self._view.keyHeld.emit(key.value, False)
            self._view.keyTapped.emit(key.value)

    def _touch_held_key(self) -> None:
        key, self._untouched = self._untouched, None
        if key is not None:
            self._view.keyHeld.emit(key.value, False)

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

    def _size_key(self, down: bool, repeated: bool) -> None:
        if down and self._aside is None and not repeated:
            self.adjust_brush(at=self._last)
        elif not down and not repeated:
            self.end_aside()

    def _press_aside(self, touch: Touch) -> bool:
        """A click ends what began without a button; the right one takes it back."""
        if self._aside_button is None:
            self.end_aside(keep=touch.button == Qt.MouseButton.LeftButton)
        elif touch.button != self._aside_button:
            self.end_aside(keep=False)
        return True

    def _press_right(self, touch: Touch) -> bool:
        if self._gesture is not None or self._motion is not None:
            return False
        self._right_at = touch.at
        if touch.modifiers & ALT:
            self.adjust_brush(Qt.MouseButton.RightButton, touch.at)
        return True

    def _release_right(self, touch: Touch) -> None:
        start, self._right_at = self._right_at, None
        if start is None or (touch.at - start).manhattanLength() > CLICK_REACH or self._gesture is not None:
            return
        if not self.current_tool().right_click(tool_event(touch, self._view.camera)):
            self._view.paletteWanted.emit(touch.at.x(), touch.at.y())

    def _guard(self, step: Callable[[Argument], object], argument: Argument) -> object:
        """One step of a gesture; what the document refuses ends the gesture and is said beside the pointer."""
        try:
            return step(argument)
        except CanvasError as error:
            self.cancel()
            self._view.say(spoken(str(error)))
            return None

    def hold(self, tool: Tool) -> None:
        """A tool became busy without a press, or is busy no longer."""
        if self._gesture is None and tool.busy:
            self._gesture = tool
            self._view.gestureStarted.emit()
        elif self._gesture is tool and not self._pressed:
            self._settle(False)
        self._view.refresh_cursor()

    def settle(self) -> None:
        """Work that a tool began earlier has ended: is the gesture over?"""
        self._settle(False)

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


def _landed(zoom: float) -> float:
    """The nearest power of two when wheel steps come out beside it by rounding."""
    octave = round(math.log2(zoom))
    return 2.0**octave if abs(math.log2(zoom) - octave) < 0.02 else zoom
