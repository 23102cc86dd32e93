"""What a tool is, what it is told, and what it may ask of the view it works in."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QPainter

from canvas.brush import BrushSettings
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.selection import Combine, Selection
from desktop.view.camera import Camera
from desktop.view.tools.options import OptionValue, ToolOption

if TYPE_CHECKING:
    from desktop.view.selection_overlay import SelectionOverlay

NO_KEYS = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True)
class ToolEvent:
    """One position of mouse or pen."""

    x: float
    "Canvas pixels."
    y: float
    "Canvas pixels."
    pressure: float = 1.0
    "0..1; 1 for a mouse."
    modifiers: Qt.KeyboardModifier = NO_KEYS
    "Keys held."
    buttons: Qt.MouseButton = Qt.MouseButton.LeftButton
    "Buttons held."
    seconds: float = 0.0
    "A clock that only goes forward."
    tilt: float = 0.0
    "How far the pen leans: 0 upright, 1 flat on the tablet."
    tilt_direction: float = 0.0
    "Degrees clockwise from east towards which it leans, on the canvas."
    rotation: float = 0.0
    "Degrees clockwise that the pen's barrel is turned, on the canvas."


class ToolHost(Protocol):
    """The view, as far as tools know it."""

    document: Document
    compositor: Compositor
    symmetry_center: tuple[float, float] | None
    "Canvas pixels around which painting is repeated; None is the middle of the frame."

    @property
    def selection_overlay(self) -> SelectionOverlay:
        """How the selection is shown."""
        ...

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
        """Run longer work beside the events; without a running loop (scripts) it is done when this returns."""
        ...

    @property
    def camera(self) -> Camera:
        """Where the view stands now."""
        ...

    @property
    def color(self) -> QColor:
        """What the brush paints with."""
        ...

    @property
    def second_color(self) -> QColor:
        """The colour in reserve."""
        ...

    def brush_of(self, tool_id: str) -> BrushSettings:
        """The settings of the brush or the eraser."""
        ...

    def option(self, tool_id: str, option: ToolOption) -> OptionValue:
        """What is set for a tool."""
        ...

    def set_color(self, color: QColor) -> None:
        """Paint with this from now on."""
        ...

    def set_camera(self, camera: Camera) -> None:
        """Stand somewhere else."""
        ...

    def color_picked(self, color: QColor) -> None:
        """Tell the window that the eyedropper took a colour."""
        ...

    def refresh_overlay(self, area: Bounds | None = None) -> None:
        """Draw the overlay again, inside these canvas pixels or everywhere."""
        ...

    def refresh_cursor(self) -> None:
        """The cursor of a tool may have changed."""
        ...

    def say(self, sentence: str) -> None:
        """Show a translated sentence at the cursor."""
        ...

    def selection_finished(self) -> None:
        """Tell the window that a new selection stands."""
        ...

    def expand(self, stroke: Selection) -> None:
        """Let the picture grow where this stroke lies over empty canvas."""
        ...

    def gesture_changed(self, tool: Tool) -> None:
        """A tool became busy, or is no longer, without the pointer: from now on the keys are its own, or not."""
        ...


class Tool:
    """One way to work on the canvas. From press to the end of `busy` it is one gesture and one undo step."""

    id = ""
    options: tuple[ToolOption, ...] = ()
    "What can be set about it, in the order in which the tool panel shows it."
    help = ""
    "How it is used, in one line (context `tools`)."

    def __init__(self, host: ToolHost) -> None:
        self.host = host

    def option(self, name: str) -> OptionValue:
        """What is set now for one of its options. KeyError for a name that it does not declare."""
        declared = {option.name: option for option in self.options}
        return self.host.option(self.id, declared[name])

    @property
    def busy(self) -> bool:
        """Whether a gesture is unfinished."""
        return False

    @property
    def cursor(self) -> Qt.CursorShape:
        """The pointer's shape now."""
        return Qt.CursorShape.CrossCursor

    def press(self, event: ToolEvent) -> None:
        """The left button or the pen's tip went down."""

    def move(self, event: ToolEvent) -> None:
        """Moved while pressed."""

    def release(self, event: ToolEvent) -> None:
        """The button or the tip went up."""

    def hover(self, event: ToolEvent) -> None:
        """Moved while nothing is pressed."""

    def double_click(self, event: ToolEvent) -> None:
        """Pressed twice quickly; the second press arrives as this instead."""
        self.press(event)

    def right_click(self, event: ToolEvent) -> bool:
        """The right button was clicked while not busy; True when the tool used it, else the pop-up palette opens."""
        del event
        return False

    def key(self, key: Qt.Key) -> bool:
        """A key while busy (Enter, Backspace); True when the tool used it."""
        del key
        return False

    def cancel(self) -> None:
        """Leave the document as it was before the gesture began."""

    def leave(self) -> None:
        """Another tool is chosen: make true what only waits to be confirmed; all else is cancelled afterwards."""

    def paint_overlay(self, painter: QPainter) -> None:
        """Draw over the picture, in the view's logical pixels."""


def combine_for(modifiers: Qt.KeyboardModifier) -> Combine:
    """Shift adds, Alt subtracts, both intersect."""
    shift, alt = bool(modifiers & SHIFT), bool(modifiers & ALT)
    if shift and alt:
        return Combine.INTERSECT
    if shift:
        return Combine.ADD
    return Combine.SUBTRACT if alt else Combine.REPLACE


def layer_problem(key: str) -> str:
    """The translated sentence for a layer that cannot be painted on (`canvas.stroke.why_not_paintable`)."""
    sentences = {
        "hidden": QCoreApplication.translate(
            "tools", "This layer is hidden. Show it in the layers panel to work on it."
        ),
        "locked": QCoreApplication.translate(
            "tools", "This layer is locked. Unlock it in the layers panel to work on it."
        ),
        "group": QCoreApplication.translate("tools", "This is a group. Choose one of the layers inside it."),
        "adjustment": QCoreApplication.translate(
            "tools", "This is an adjustment. Choose a layer with pixels, or its mask."
        ),
        "none": QCoreApplication.translate("tools", "No layer is chosen. Choose or add one in the layers panel."),
    }
    return sentences.get(key) or QCoreApplication.translate("tools", "This layer cannot be worked on.")
