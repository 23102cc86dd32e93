"""What all selecting tools share, and the rectangle and the ellipse."""

import asyncio
import math
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds
from canvas.selection import MAX_SIDE, Combine, Selection
from desktop.i18n import mark
from desktop.view.overlays import draw_label, outline_pens
from desktop.view.tool_work import Work
from desktop.view.tools.base import CONTROL, Tool, ToolEvent, ToolHost, combine_for
from desktop.view.tools.options import ToolOption

CLICK = 4.0  # logical pixels: a press that moves less is a click
AT_ONCE = 2_000_000  # pixels of coverage that may be combined without leaving the event

COMBINE = ToolOption(
    "combine",
    mark("tools", "Combine"),
    mark("tools", "How a new shape meets the selection (Shift adds, Alt takes away, both keep what is in both)"),
    Combine.REPLACE.value,
    choices=(
        (Combine.REPLACE.value, mark("tools", "Replace")),
        (Combine.ADD.value, mark("tools", "Add")),
        (Combine.SUBTRACT.value, mark("tools", "Subtract")),
        (Combine.INTERSECT.value, mark("tools", "Intersect")),
    ),
    group="selection",
    kind="segments",
)
FEATHER = ToolOption(
    "feather",
    mark("tools", "Feather"),
    mark("tools", "How far the edge of a new shape fades"),
    0,
    high=250,
    suffix=" px",
    group="selection",
)
ANTIALIAS = ToolOption(
    "antialias",
    mark("tools", "Antialias"),
    mark("tools", "Edges without steps"),
    True,
    group="selection",
)
SELECTION_OPTIONS = (COMBINE, FEATHER, ANTIALIAS)


class SelectingTool(Tool):
    """The way a new shape meets the selection that stands, and moving that selection by its inside.

    A press inside the selection, while shapes replace it, takes hold of its outline; without a drag it is
    an ordinary click. Subclasses begin, lead and end their own gesture.
    """

    options = SELECTION_OPTIONS

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._combine = Combine.REPLACE
        self._grabbed: ToolEvent | None = None
        self._shift: tuple[int, int] | None = None
        self._over = False
        self._task: asyncio.Task[None] | None = None

    # -- what a subclass does ----------------------------------------------------------------------

    @property
    def drawing(self) -> bool:
        """Whether its own gesture is unfinished."""
        return False

    def begin(self, event: ToolEvent) -> None:
        """Its gesture begins, or goes on with another press."""

    def lead(self, event: ToolEvent) -> None:
        """Moved while pressed."""

    def end(self, event: ToolEvent) -> None:
        """The button went up."""

    def drop(self) -> None:
        """Forget the gesture; the selection stays as it was."""

    # -- what the view calls -----------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a shape is drawn, the outline is held, or a shape is still being computed."""
        return self.drawing or self._grabbed is not None or self._task is not None

    @property
    def cursor(self) -> Qt.CursorShape:
        """Arrows where a drag would move the selection."""
        return Qt.CursorShape.SizeAllCursor if self._over else Qt.CursorShape.CrossCursor

    def press(self, event: ToolEvent) -> None:
        """Take hold of the selection, or begin a shape."""
        if self._task is not None:
            return
        if not self.drawing:
            self._combine = self.combine_of(event)
            if self._grabs(event):
                self._grabbed, self._shift = event, None
                return
        self.begin(event)

    def move(self, event: ToolEvent) -> None:
        """Move the outline, or lead the shape on."""
        held = self._grabbed
        if held is None:
            self.lead(event)
            return
        if self._shift is None and self.near(event, (held.x, held.y)):
            return
        self._shift = (round(event.x - held.x), round(event.y - held.y))
        self.host.selection_overlay.set_preview(self.host.document.selection.translated(*self._shift))

    def release(self, event: ToolEvent) -> None:
        """Leave the outline where it is now, or end the shape."""
        held = self._grabbed
        if held is None:
            self.end(event)
            return
        self.move(event)
        shift, self._grabbed, self._shift = self._shift, None, None
        self.host.selection_overlay.set_preview(None)
        if shift is None:
            self.begin(held)
            self.end(event)
            return
        document = self.host.document
        with document.transaction("Move selection"):
            document.set_selection(document.selection.translated(*shift))

    def hover(self, event: ToolEvent) -> None:
        """Say with the cursor what a press would do."""
        over = not self.busy and self._may_grab(event) and self.combine_of(event) is Combine.REPLACE
        if over != self._over:
            self._over = over
            self.host.refresh_cursor()

    def cancel(self) -> None:
        """No trace of the gesture; the selection stays as it was."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        if self._grabbed is not None:
            self._grabbed = self._shift = None
            self.host.selection_overlay.set_preview(None)
        self.drop()

    # -- what subclasses use -----------------------------------------------------------------------

    def combine_of(self, event: ToolEvent) -> Combine:
        """How the shape of this gesture will meet the selection: keys before buttons."""
        by_keys = combine_for(event.modifiers)
        return Combine(str(self.option("combine"))) if by_keys is Combine.REPLACE else by_keys

    @property
    def antialias(self) -> bool:
        """Whether edges are soft over a pixel."""
        return bool(self.option("antialias"))

    def near(self, event: ToolEvent, point: tuple[float, float], reach: float = CLICK) -> bool:
        """Whether the pointer is within so many logical pixels of a canvas point."""
        camera = self.host.camera
        return math.hypot(event.x - point[0], event.y - point[1]) * camera.zoom / camera.ratio < reach

    def apply(self, shape: Selection, feathered: bool = True) -> None:
        """Combine the shape with the selection: one undo step; nothing when both are empty."""
        before = self.host.document.selection
        if shape.is_empty and (self._combine is not Combine.REPLACE or before.is_empty):
            return
        radius = float(self.option("feather")) if feathered else 0.0
        reached = shape.bounds if self._combine is Combine.REPLACE else shape.bounds.united(before.bounds)
        if reached.width * reached.height > AT_ONCE and (radius or self._combine is not Combine.REPLACE):
            how = self._combine
            self.work(lambda: self._apply_later(shape, how, radius))
        else:
            self._put(combined(before, shape, self._combine, radius))

    def work(self, job: Callable[[], Work]) -> None:
        """Let longer work run beside the events; until it ends the gesture is unfinished and Esc drops it."""
        self._task = self.host.start(self._until_done(job))

    async def _until_done(self, job: Callable[[], Work]) -> None:
        try:
            await job()
        finally:
            if self._task is asyncio.current_task():
                self._task = None
            self.host.refresh_overlay()

    async def _apply_later(self, shape: Selection, how: Combine, radius: float) -> None:
        before = self.host.document.selection
        self._put(await asyncio.to_thread(combined, before, shape, how, radius))

    def _put(self, selection: Selection) -> None:
        self.host.document.set_selection(selection)
        if not selection.is_empty:
            self.host.selection_finished()

    def _may_grab(self, event: ToolEvent) -> bool:
        return self.host.document.selection.contains(event.x, event.y)

    def _grabs(self, event: ToolEvent) -> bool:
        return self._combine is Combine.REPLACE and not event.modifiers & CONTROL and self._may_grab(event)


def combined(before: Selection, shape: Selection, how: Combine, radius: float) -> Selection:
    """The selection with a shape put to it; the shape's edge may fade. Plain arithmetic, for any thread.

    Nothing selected restricts nothing: what it has in common with a shape is the shape.
    """
    if how is Combine.INTERSECT and before.is_empty:
        how = Combine.REPLACE
    return before.combined(shape.feathered(radius), how)


class RectangleTool(SelectingTool):
    """Drag from corner to corner; Ctrl makes it square; a click drops the selection."""

    id = "rectangle"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._start: tuple[float, float] | None = None
        self._end = (0.0, 0.0)

    @property
    def drawing(self) -> bool:
        """Whether a corner is held."""
        return self._start is not None

    def begin(self, event: ToolEvent) -> None:
        """The first corner."""
        self._start = self._end = (event.x, event.y)

    def lead(self, event: ToolEvent) -> None:
        """The other corner."""
        if self._start is None:
            return
        x, y = event.x, event.y
        if event.modifiers & CONTROL:
            dx, dy = x - self._start[0], y - self._start[1]
            side = max(abs(dx), abs(dy))
            x, y = self._start[0] + math.copysign(side, dx), self._start[1] + math.copysign(side, dy)
        self._end = (x, y)
        self.host.refresh_overlay()

    def end(self, event: ToolEvent) -> None:
        """Select whole pixels."""
        if self._start is None:
            return
        self.lead(event)
        bounds = self._bounds()
        self.drop()
        if max(bounds.width, bounds.height) > MAX_SIDE:
            raise CanvasError(too_large(bounds))
        self.apply(Selection.none() if bounds.is_empty else self.shape(bounds))

    def drop(self) -> None:
        """Forget the corners."""
        self._start = None
        self.host.refresh_overlay()

    def shape(self, bounds: Bounds) -> Selection:
        """What is selected between the corners."""
        return Selection.rectangle(bounds)

    def outline(self, bounds: Bounds) -> QPainterPath:
        """The line that is seen while dragging, in the view's logical pixels."""
        camera = self.host.camera
        left, top, right, bottom = bounds.x, bounds.y, bounds.right, bounds.bottom
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(*camera.to_view(*corner)) for corner in corners]))
        path.closeSubpath()
        return path

    def paint_overlay(self, painter: QPainter) -> None:
        """The shape with its size."""
        bounds = self._bounds()
        if bounds.is_empty:
            return
        path = self.outline(bounds)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.smooth_line)
        outline_pens(painter, lambda: painter.drawPath(path))
        pattern = QCoreApplication.translate("tools", "{width} × {height}")
        text = pattern.format(width=bounds.width, height=bounds.height)
        around = path.boundingRect()
        draw_label(painter, QPointF(around.center().x(), around.bottom() + 6), text)

    @property
    def smooth_line(self) -> bool:
        """Whether the line needs antialiasing: an upright rectangle is sharper without."""
        return not self.host.camera.is_upright

    def _bounds(self) -> Bounds:
        if self._start is None:
            return NOTHING
        (x0, y0), (x1, y1) = self._start, self._end
        left, right = sorted((math.floor(x0 + 0.5), math.floor(x1 + 0.5)))
        top, bottom = sorted((math.floor(y0 + 0.5), math.floor(y1 + 0.5)))
        return Bounds(left, top, right - left, bottom - top)


class EllipseTool(RectangleTool):
    """Drag from corner to corner of the box around it; Ctrl makes a circle."""

    id = "ellipse"

    @property
    def smooth_line(self) -> bool:
        """A round line always needs antialiasing."""
        return True

    def shape(self, bounds: Bounds) -> Selection:
        """The ellipse between the corners."""
        return Selection.ellipse(bounds, self.antialias)

    def outline(self, bounds: Bounds) -> QPainterPath:
        """The line that is seen while dragging, in the view's logical pixels."""
        camera, middle = self.host.camera, bounds.center
        points: list[QPointF] = []
        for step in range(96):
            angle = 2 * math.pi * step / 96
            x = middle.x + bounds.width / 2 * math.cos(angle)
            y = middle.y + bounds.height / 2 * math.sin(angle)
            points.append(QPointF(*camera.to_view(x, y)))
        path = QPainterPath()
        path.addPolygon(QPolygonF(points))
        path.closeSubpath()
        return path


def too_large(bounds: Bounds) -> str:
    """The translated sentence for a shape larger than a selection may be."""
    pattern = QCoreApplication.translate(
        "tools",
        "A selection may be at most {most} pixels wide and high; this one would be {width} × {height}. "
        "Select a smaller area.",
    )
    return pattern.format(most=MAX_SIDE, width=bounds.width, height=bounds.height)
