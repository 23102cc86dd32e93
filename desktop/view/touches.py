"""One position of mouse, pen or finger as the view gets it, and as a tool gets it: in canvas pixels."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPointingDevice, QTabletEvent

from desktop.view.camera import Camera
from desktop.view.tools.base import ToolEvent

FLAT = 60.0  # degrees of tilt at which pens report their utmost


@dataclass(frozen=True)
class Touch:
    """One position, in the view's logical pixels and the screen's directions."""

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
    tilt: tuple[float, float] = (0.0, 0.0)
    "Degrees that the pen leans to the right and towards the person."
    rotation: float = 0.0
    "Degrees clockwise that the pen's barrel is turned."


def touch_of(event: QMouseEvent | QTabletEvent) -> Touch:
    """What mouse and pen events have in common."""
    at, keys = event.position(), event.modifiers()
    button, buttons, seconds = event.button(), event.buttons(), event.timestamp() / 1000
    if not isinstance(event, QTabletEvent):
        return Touch(at, 1.0, keys, button, buttons, seconds)
    eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
    tilt = (float(event.xTilt()), float(event.yTilt()))
    return Touch(at, event.pressure(), keys, button, buttons, seconds, eraser, tilt, event.rotation())


def tool_event(touch: Touch, camera: Camera) -> ToolEvent:
    """The same position on the canvas, with the pen's directions turned as the paper is."""
    x, y = camera.to_canvas(touch.at.x(), touch.at.y())
    lean = math.hypot(*touch.tilt)
    towards = math.degrees(math.atan2(touch.tilt[1], touch.tilt[0])) if lean else 0.0
    return ToolEvent(
        x,
        y,
        touch.pressure,
        touch.modifiers,
        touch.buttons,
        touch.seconds,
        tilt=min(lean / FLAT, 1.0),
        tilt_direction=direction_on_canvas(camera, towards) if lean else 0.0,
        rotation=_wrapped(direction_on_canvas(camera, touch.rotation - 90) + 90),
    )


def direction_on_canvas(camera: Camera, degrees: float) -> float:
    """A direction on the screen, clockwise from east, as one on the canvas, in (-180, 180]."""
    turned = degrees - camera.rotation
    return _wrapped(180.0 - turned if camera.mirrored else turned)


def _wrapped(degrees: float) -> float:
    wrapped = math.fmod(degrees, 360.0)
    if wrapped > 180.0:
        return wrapped - 360.0
    return wrapped + 360.0 if wrapped <= -180.0 else wrapped
