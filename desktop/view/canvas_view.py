"""CanvasView: the widget on which a document is seen and worked on."""

import asyncio

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolTip, QWidget

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.selection import Selection
from canvas.stroke import why_not_paintable
from desktop.spoken import spoken
from desktop.view.aids import ViewAids, guide_at
from desktop.view.canvas_events import CanvasEvents
from desktop.view.fingers import Fingers
from desktop.view.guide_drag import GuideDrag
from desktop.view.input import InputRouter, Motion
from desktop.view.rulers import THICKNESS, Rulers
from desktop.view.tool_work import ToolWork, Work
from desktop.view.tools.base import Tool
from desktop.view.tools.options import OptionValue, ToolOption, ToolOptions
from desktop.view.tools.table import Toolbox

GUIDE_TOOLS = ("move", "hand")
PAINTING = ("brush", "eraser", "smudge", "clone")


class CanvasView(CanvasEvents):
    """Shows a document through a camera, and hands mouse, pen and keys to the chosen tool."""

    toolChanged = Signal(str)
    message = Signal(str)
    colorPicked = Signal(QColor)
    selectionFinished = Signal()
    gestureStarted = Signal()
    gestureFinished = Signal()
    paletteWanted = Signal(float, float)
    "A right click on the canvas, in the view's logical pixels."
    aidsWanted = Signal(dict)
    "Fields of ViewAids that a gesture asks to be set otherwise."
    keyHeld = Signal(int, bool)
    "Space or R (Qt.Key) is held down alone, without a drag, or no longer is."
    keyTapped = Signal(int)
    "Space or R (Qt.Key) went down and up with nothing dragged in between."
    expansionWanted = Signal(object)
    "The Selection that a stroke covers: where that is empty, the picture shall grow."
    actionWanted = Signal(str)
    "A gesture stands for this action, such as two fingers for `edit.undo`."

    def __init__(self, document: Document, compositor: Compositor, parent: QWidget | None = None) -> None:
        super().__init__(document, compositor, parent)
        self.setObjectName("canvas")
        self.options = ToolOptions(self)
        self.tools = Toolbox(self)
        self._input = InputRouter(self)
        self._work = ToolWork(self.say, self._work_ended)
        self._next_tool = ""
        self._fingers = Fingers(self, self._input)
        self.rulers = Rulers(self, self._input)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.refresh_cursor()

    # -- what the window asks for ------------------------------------------------------------------

    def set_tool(self, tool_id: str) -> None:
        """Choose a tool; the gesture of the old one is dropped. KeyError for an id that no tool has.

        Work that the old tool has begun, such as a large gradient, is finished first.
        """
        tool = self.tools[tool_id]
        self._next_tool = tool_id if self._work.running and self._input.gesture is not None else ""
        if tool_id == self._tool_id or self._next_tool:
            return
        self.tools[self._tool_id].leave()
        self._input.cancel()
        self._tool_id = tool.id
        self.refresh_cursor()
        self.update()
        self.toolChanged.emit(tool_id)
        self.brushChanged.emit()

    def _work_ended(self) -> None:
        self._input.settle()
        if self._next_tool:
            self.set_tool(self._next_tool)

    def cancel_gesture(self) -> bool:
        """Drop the gesture that runs (as Esc does); False when there is none."""
        return self._input.cancel()

    def set_aids(self, aids: ViewAids) -> None:
        """Show other grids, rulers or guides."""
        if aids != self.aids:
            self.aids = aids
            self.rulers.set_visible(aids.rulers)
            self.update()

    def set_finger_paints(self, on: bool) -> None:
        """Whether one finger on a touch screen paints instead of moving the paper."""
        self._fingers.paint = on

    def show_guides(self) -> None:
        """Guides are about to be made or moved: they must be seen."""
        if not self.aids.guides:
            self.aidsWanted.emit({"guides": True})

    def guides_changed(self) -> None:
        """Draw the guides again, and where they end in the rulers."""
        self.rulers.refresh()
        self.update()

    def drawing_area(self) -> QRect:
        """The part of the view that no ruler covers."""
        edge = THICKNESS if self.aids.rulers else 0
        return self.rect().adjusted(edge, edge, 0, 0)

    def take_guide(self, at: QPointF) -> bool:
        """Whether a press here, with a tool that moves things, takes up a guide."""
        aids = self.aids
        if self._tool_id not in GUIDE_TOOLS or not (aids.rulers and aids.guides) or aids.guides_locked:
            return False
        guide = guide_at(self._camera, self.document.guides, (at.x(), at.y()))
        if guide is not None:
            self._input.begin_aside(GuideDrag(self, guide.horizontal, guide), Qt.MouseButton.LeftButton)
        return guide is not None

    def adjust_brush(self) -> None:
        """Lead the brush's size and hardness with the pointer until a click, Enter or Esc."""
        if not self.gesture_running:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._input.adjust_brush()

    @property
    def gesture_running(self) -> bool:
        """Whether a stroke, an outline or a drag is unfinished."""
        return self._input.gesture is not None

    def cursor_on_canvas(self) -> tuple[float, float]:
        """Where the pointer is; the middle of the view when it is elsewhere."""
        return self._camera.center if self._pointer is None else self._camera.to_canvas(*self._pointer.toTuple())

    # -- what tools ask for ------------------------------------------------------------------------

    def start(self, work: Work) -> asyncio.Task[None] | None:
        """Run a tool's longer work beside the events; without a running loop it is done at once."""
        return self._work.start(work)

    def release_document(self) -> None:
        """Drop what runs and stop listening; the view is about to go."""
        self._work.drop()
        super().release_document()

    def option(self, tool_id: str, option: ToolOption) -> OptionValue:
        """What is set for a tool."""
        return self.options.value(tool_id, option)

    def refresh_cursor(self) -> None:
        """Give the pointer the shape that fits what a press would do."""
        if self._input.motion is Motion.PAN:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._input.navigating or self._tool_id == "hand":
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._input.aside is not None:
            self.setCursor(Qt.CursorShape.SizeAllCursor)
        elif self._cannot_paint():
            self.setCursor(Qt.CursorShape.ForbiddenCursor)
        elif self._circle() is not None:
            self.setCursor(Qt.CursorShape.BlankCursor)
        else:
            self.setCursor(self._input.current_tool().cursor)
        self._update_circle()

    def _cannot_paint(self) -> bool:
        """Whether a press would only say why nothing can be painted."""
        tool = self._input.current_tool().id
        return tool in PAINTING and not self.selection_overlay.routed and bool(why_not_paintable(self.document.active))

    def say(self, sentence: str) -> None:
        """Show a sentence beside the pointer, and to whoever listens."""
        sentence = spoken(sentence)
        at = self._pointer or QPointF(self.width() / 2, self.height() / 2)
        QToolTip.showText(self.mapToGlobal(at.toPoint() + QPoint(12, 18)), sentence, self)
        self.message.emit(sentence)

    def color_picked(self, color: QColor) -> None:
        """The eyedropper took a colour."""
        self.colorPicked.emit(color)

    def expand(self, stroke: Selection) -> None:
        """A tool wants the picture to grow where this stroke lies over empty canvas."""
        self.expansionWanted.emit(stroke)

    def gesture_changed(self, tool: Tool) -> None:
        """A tool became busy, or is no longer, without the pointer."""
        self._input.hold(tool)

    def selection_finished(self) -> None:
        """A tool made a selection."""
        self.selectionFinished.emit()
