"""Frame and hand."""

import math
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from canvas.geometry import Bounds
from desktop.view.overlays import HANDLE_REACH, draw_frame, frame_handles
from desktop.view.tools.base import CONTROL, Tool, ToolEvent, ToolHost

GRID = 8  # canvas pixels: the frame's edges lie on multiples of this
SMALLEST = 64  # canvas pixels: no side of the frame is shorter
INSIDE = (0, 0)


@dataclass(frozen=True)
class FrameDrag:
    """A frame under the pointer."""

    start: tuple[float, float]
    "Where it was taken, canvas pixels."
    bounds: Bounds
    "The frame then."
    grip: tuple[int, int] | None
    "Which sides follow: -1, 0, 1 for x and y; (0, 0) moves the whole; None draws a new frame."


class FrameTool(Tool):
    """Move the frame, pull its eight handles, or draw a new one; its sides snap to multiples of 8."""

    id = "frame"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._drag: FrameDrag | None = None
        self._draft: Bounds | None = None
        self._grip: tuple[int, int] | None = None

    @property
    def busy(self) -> bool:
        """Whether the frame is held."""
        return self._drag is not None

    @property
    def cursor(self) -> Qt.CursorShape:
        """What a press here would do."""
        grip = self._drag.grip if self._drag is not None else self._grip
        if grip is None:
            return Qt.CursorShape.CrossCursor
        return Qt.CursorShape.SizeAllCursor if grip == INSIDE else self._arrow(grip)

    @property
    def shown(self) -> Bounds:
        """The frame as it would be if the pointer let go now."""
        return self._draft or self.host.document.frame

    def press(self, event: ToolEvent) -> None:
        """Take the frame, one of its handles, or begin a new one."""
        self._drag = FrameDrag((event.x, event.y), self.host.document.frame, self._grip_at(event))
        self._draft = None

    def move(self, event: ToolEvent) -> None:
        """Show where the frame would lie."""
        if self._drag is not None:
            self._draft = dragged_frame(self._drag, (event.x, event.y), step=1 if event.modifiers & CONTROL else GRID)
            self.host.refresh_overlay()

    def release(self, event: ToolEvent) -> None:
        """Set the frame: one undo step."""
        if self._drag is None:
            return
        if self._draft is not None:
            self.move(event)
        draft, self._draft, self._drag = self._draft, None, None
        if draft is not None and draft != self.host.document.frame:
            self.host.document.set_frame(draft)
        self.hover(event)
        self.host.refresh_overlay()

    def hover(self, event: ToolEvent) -> None:
        """The pointer says what a press would do."""
        grip = self._grip_at(event)
        if grip != self._grip:
            self._grip = grip
            self.host.refresh_cursor()

    def cancel(self) -> None:
        """The frame stays where it was."""
        self._drag = self._draft = None
        self.host.refresh_overlay()

    def paint_overlay(self, painter: QPainter) -> None:
        """The frame with handles and its size."""
        draw_frame(painter, self.host.camera, self.shown, active=True)

    def _grip_at(self, event: ToolEvent) -> tuple[int, int] | None:
        camera, frame = self.host.camera, self.host.document.frame
        x, y = camera.to_view(event.x, event.y)
        for grip, (hx, hy) in frame_handles(camera, frame).items():
            if abs(x - hx) <= HANDLE_REACH and abs(y - hy) <= HANDLE_REACH:
                return grip
        inside = frame.x <= event.x < frame.right and frame.y <= event.y < frame.bottom
        return INSIDE if inside else None

    def _arrow(self, grip: tuple[int, int]) -> Qt.CursorShape:
        m11, m12, m21, m22 = self.host.camera.linear()
        dx, dy = m11 * grip[0] + m21 * grip[1], m12 * grip[0] + m22 * grip[1]
        angle = math.degrees(math.atan2(dy, dx)) % 180
        shapes = (
            Qt.CursorShape.SizeHorCursor,
            Qt.CursorShape.SizeFDiagCursor,
            Qt.CursorShape.SizeVerCursor,
            Qt.CursorShape.SizeBDiagCursor,
        )
        return shapes[round(angle / 45) % 4]


def dragged_frame(drag: FrameDrag, to: tuple[float, float], step: int = GRID) -> Bounds:
    """Where the frame lies when what was taken at `drag.start` is now at `to`; edges on multiples of `step`."""
    old = drag.bounds
    dx, dy = to[0] - drag.start[0], to[1] - drag.start[1]
    if drag.grip == INSIDE:
        return Bounds(_snapped(old.x + dx, step), _snapped(old.y + dy, step), old.width, old.height)
    if drag.grip is None:
        left, right = sorted((_snapped(drag.start[0], step), _snapped(to[0], step)))
        top, bottom = sorted((_snapped(drag.start[1], step), _snapped(to[1], step)))
        return Bounds(left, top, max(SMALLEST, right - left), max(SMALLEST, bottom - top))
    left, right = _stretched(old.x, old.right, (drag.grip[0], dx), step)
    top, bottom = _stretched(old.y, old.bottom, (drag.grip[1], dy), step)
    return Bounds(left, top, right - left, bottom - top)


def _stretched(low: int, high: int, pull: tuple[int, float], step: int) -> tuple[int, int]:
    side, distance = pull
    if side < 0:
        return min(_snapped(low + distance, step), high - SMALLEST), high
    if side > 0:
        return low, max(_snapped(high + distance, step), low + SMALLEST)
    return low, high


def _snapped(value: float, step: int) -> int:
    return math.floor(value / step + 0.5) * step


class HandTool(Tool):
    """Drags the view; the input router does the work."""

    id = "hand"

    @property
    def cursor(self) -> Qt.CursorShape:
        """An open hand."""
        return Qt.CursorShape.OpenHandCursor
