"""Fingers on a touch screen: two move, zoom and turn the paper at once; taps undo and redo."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEventPoint, QTouchEvent

from desktop.view.camera import Camera
from desktop.view.input import InputRouter
from desktop.view.touches import Touch

if TYPE_CHECKING:
    from desktop.view.canvas_view import CanvasView

TAP_SECONDS = 0.35
TAP_REACH = 14.0  # logical pixels that a tapping finger may slip
PALM_SECONDS = 0.5  # after the last word of a pen, hands on the screen mean nothing
TURN_FROM = 7.0  # degrees: less is a zoom with an unsteady hand
TAPS = {2: "edit.undo", 3: "edit.redo"}


@dataclass(frozen=True)
class _Hold:
    """How fingers held the paper when their number last changed."""

    camera: Camera
    places: tuple[QPointF, ...]
    "One or two fingers, logical pixels."


class Fingers:
    """Follows the fingers of one touch sequence; a pen nearby silences them."""

    def __init__(self, view: "CanvasView", router: InputRouter) -> None:
        self.paint = False  # one finger paints instead of moving the paper
        self._view, self._router = view, router
        self._hold: _Hold | None = None
        self._most = 0
        self._began = 0.0
        self._starts: dict[int, QPointF] = {}
        self._slipped = self._painting = self._muted = self._turning = False

    def touch(self, event: QTouchEvent) -> None:
        """One event of a touch screen."""
        kind = event.type()
        if kind == QEvent.Type.TouchBegin:
            self._begin()
        if kind == QEvent.Type.TouchCancel or self._router.pen_near(PALM_SECONDS):
            self._drop()
        if self._muted:
            return
        gone = QEventPoint.State.Released
        places = {point.id(): point.position() for point in event.points() if point.state() != gone}
        self._note(event)
        if self._painting or (self.paint and self._most == 1):
            self._lead_tool(event, places)
        else:
            self._lead_view(list(places.values())[:2])
        if kind == QEvent.Type.TouchEnd:
            self._finish()

    def _begin(self) -> None:
        self._hold, self._most, self._began = None, 0, time.monotonic()
        self._starts = {}
        self._slipped = self._painting = self._muted = self._turning = False

    def _drop(self) -> None:
        """A palm, or the system took the touch away."""
        self._muted, self._hold = True, None
        if self._painting:
            self._painting = False
            self._router.cancel()

    def _note(self, event: QTouchEvent) -> None:
        for point in event.points():
            start = self._starts.setdefault(point.id(), point.position())
            self._slipped = self._slipped or _distance(start, point.position()) > TAP_REACH
        self._most = max(self._most, len(self._starts))

    def _finish(self) -> None:
        quick = time.monotonic() - self._began <= TAP_SECONDS
        if quick and not self._slipped and self._most in TAPS:
            self._view.set_camera(self._hold.camera if self._hold else self._view.camera)
            self._view.actionWanted.emit(TAPS[self._most])
        self._hold = None

    def _lead_tool(self, event: QTouchEvent, places: dict[int, QPointF]) -> None:
        """One finger as a mouse; a second one takes the stroke back and moves the paper."""
        if len(self._starts) > 1:
            self._painting = False
            self._router.cancel()
            self._lead_view(list(places.values())[:2])
            return
        at = event.points()[0].position()
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        ends = event.type() == QEvent.Type.TouchEnd
        button = none if event.type() == QEvent.Type.TouchUpdate else left
        touch = Touch(at, 1.0, event.modifiers(), button, none if ends else left, event.timestamp() / 1000)
        if ends:
            self._router.release(touch)
        elif self._painting:
            self._router.move(touch)
        else:
            self._painting = True
            self._router.press(touch)

    def _lead_view(self, places: Sequence[QPointF]) -> None:
        if not places:
            return
        if self._hold is None or len(self._hold.places) != len(places):
            self._hold, self._turning = _Hold(self._view.camera, tuple(places)), False
            return
        if not self._slipped and time.monotonic() - self._began <= TAP_SECONDS:
            return  # it may become a tap, which moves nothing
        camera, before = self._hold.camera, self._hold.places
        middle = _middle(places)
        held = camera.to_canvas(*_middle(before))
        if len(places) == 2:
            first, now = before[1] - before[0], places[1] - places[0]
            spread = max(math.hypot(*first.toTuple()), 1.0), max(math.hypot(*now.toTuple()), 1.0)
            camera = camera.zoomed(camera.zoom * spread[1] / spread[0])
            camera = camera.turned(camera.rotation + self._turn(_angle(now) - _angle(first)))
        self._view.set_camera(camera.holding(held, middle))

    def _turn(self, degrees: float) -> float:
        """Nothing until the fingers clearly turn; then without a jump."""
        degrees = (degrees + 180) % 360 - 180
        if not self._turning and abs(degrees) < TURN_FROM:
            return 0.0
        self._turning = True
        return degrees - math.copysign(min(TURN_FROM, abs(degrees)), degrees)


def _distance(one: QPointF, other: QPointF) -> float:
    return math.hypot(one.x() - other.x(), one.y() - other.y())


def _middle(places: Sequence[QPointF]) -> tuple[float, float]:
    return sum(p.x() for p in places) / len(places), sum(p.y() for p in places) / len(places)


def _angle(vector: QPointF) -> float:
    return math.degrees(math.atan2(vector.y(), vector.x()))
