"""The transform tool: a box with handles around the chosen layers, or around what is selected of one."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPainter

from canvas.changes import Event
from canvas.errors import CanvasError
from canvas.layers import Layer, LayerMask
from canvas.matrices import translation
from canvas.resample import Filter
from canvas.transform import Transformation
from desktop.i18n import mark
from desktop.spoken import spoken
from desktop.view.overlays import HANDLE_REACH, draw_label
from desktop.view.tools.base import ALT, CONTROL, SHIFT, Tool, ToolEvent, ToolHost, layer_problem
from desktop.view.tools.floating import Floating, Watch
from desktop.view.tools.options import ToolOption
from desktop.view.tools.transform_box import Box, Drag, Grip, Keys, Mode
from desktop.view.tools.transform_overlay import draw_box, draw_turn

translate = QCoreApplication.translate
SLOW_SECONDS = 0.5
"""After so long the progress of applying is shown."""
PIVOT_REACH = 6.0
"""Logical pixels: how near to the pivot a press must be."""
ROOMY = 70.0
"""Logical pixels: sides from which on a box offers its pivot and the inner half of its side handles."""
MODE = ToolOption(
    "mode", mark("tools", "Mode"), mark("tools", "What the corners do when they are pulled"), Mode.FREE.value,
    choices=(
        (Mode.FREE.value, mark("tools", "Free")),
        (Mode.PERSPECTIVE.value, mark("tools", "Perspective")),
        (Mode.DISTORT.value, mark("tools", "Distort")),
    ),
)  # fmt: skip
QUALITY = ToolOption(
    "quality", mark("tools", "Resampling"), mark("tools", "How pixels are computed that do not meet old ones"),
    Filter.BICUBIC.value,
    choices=(
        (Filter.NEAREST.value, mark("tools", "Nearest (pixel art)")),
        (Filter.BILINEAR.value, mark("tools", "Bilinear (soft)")),
        (Filter.BICUBIC.value, mark("tools", "Bicubic")),
        (Filter.LANCZOS.value, mark("tools", "Lanczos (sharp)")),
    ),
)  # fmt: skip


class TransformTool(Tool):
    """Moves, scales, turns, shears and bends; nothing is in the document before Enter."""

    id = "transform"
    options = (MODE, QUALITY)

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self.changed: Event[bool] = Event()
        "The box is another one, or gone (False)."
        self.box: Box | None = None
        self._floating: Floating | None = None
        self._drag: Drag | None = None
        self._earlier: list[Box] = []
        self._hovered: tuple[Grip, tuple[int, int]] = (Grip.TURN, (0, 0))
        self._pointer: tuple[float, float] | None = None
        self._share = 0.0
        self._began = 0.0

    # -- what the window and the card ask for

    @property
    def busy(self) -> bool:
        """Whether a box is open."""
        return self._floating is not None

    @property
    def applying(self) -> bool:
        """Whether the result is being put into the document."""
        return self._floating is not None and self._floating.applying

    @property
    def mode(self) -> Mode:
        """What the corners do."""
        return Mode(str(self.option("mode")))

    @property
    def cursor(self) -> Qt.CursorShape:
        """What a press here would do."""
        grip, side = (self._drag.grip, self._drag.side) if self._drag is not None else self._hovered
        if not self.busy:
            return Qt.CursorShape.CrossCursor
        if grip is Grip.HANDLE:
            return self._arrow(side)
        shapes = {Grip.MOVE: Qt.CursorShape.SizeAllCursor, Grip.PIVOT: Qt.CursorShape.PointingHandCursor}
        return shapes.get(grip, Qt.CursorShape.CrossCursor)

    def begin(self) -> bool:
        """Open the box around what is chosen, or say why there is none."""
        if self._floating is not None:
            return True
        layers = self._layers()
        try:
            if not layers:
                raise CanvasError(layer_problem("none"))
            if not any(layer.shown for layer in layers):
                raise CanvasError(layer_problem("hidden"))
            transformation = Transformation(self.host.document, layers)
        except CanvasError as error:
            self.host.say(spoken(str(error)))
            return False
        self._floating = Floating(self.host, transformation, Watch(self._progressed, self._ended))
        self._earlier = []
        self.box = Box.around(transformation.bounds)
        self.host.gesture_changed(self)
        self._refresh()
        return True

    def set_box(self, box: Box) -> None:
        """Another shape, as typed or by a button: it can be stepped back. What is impossible is said."""
        if self.box is None or self.applying:
            return
        before = self.box
        if self._show(box):
            self._earlier.append(before)

    def reset(self) -> None:
        """Back to how it was when the box opened."""
        if self._floating is not None:
            self.set_box(Box.around(self._floating.transformation.bounds))

    def nudge(self, dx: int, dy: int) -> None:
        """Move by whole pixels."""
        if self.box is not None:
            self.set_box(self.box.then(translation(dx, dy)))

    def step_back(self) -> bool:
        """Undo inside the box; False when there is nothing left to step back."""
        if not self._earlier or self.applying:
            return False
        self._show(self._earlier.pop())
        return True

    def apply(self) -> None:
        """Put the result into the document: one undo step."""
        if self._floating is not None and not self._floating.applying:
            self._drag = None
            self._floating.how = Filter(str(self.option("quality")))
            self._share, self._began = 0.0, time.monotonic()
            self._floating.apply(translate("tools", "Transform"))

    # -- gestures

    def press(self, event: ToolEvent) -> None:
        """Take a handle, the pivot, the inside, or turn from outside."""
        if not self.busy and not self.begin():
            return
        if self.box is None or self.applying:
            return
        grip, side = self._grip_at(event)
        self._drag = Drag(self.box, grip, side, (event.x, event.y))
        self._hovered = (grip, side)
        self.host.refresh_cursor()

    def move(self, event: ToolEvent) -> None:
        """The box follows."""
        self._pointer = (event.x, event.y)
        if self._drag is None:
            return
        held = event.modifiers
        keys = Keys(bool(held & SHIFT), bool(held & CONTROL), bool(held & ALT))
        try:
            box = self._drag.to(event.x, event.y, keys, self.mode)
            self._show(box, loud=False)
        except CanvasError:
            return  # the pointer is where no shape is; the last one stays

    def release(self, event: ToolEvent) -> None:
        """Let go; the box stays open."""
        if self._drag is None:
            return
        self.move(event)
        before, self._drag = self._drag.box, None
        if before is not self.box:
            self._earlier.append(before)
        self.hover(event)
        self._refresh()

    def hover(self, event: ToolEvent) -> None:
        """The pointer says what a press would do."""
        self._pointer = (event.x, event.y)
        if self.box is None:
            return
        found = self._grip_at(event)
        turning = Grip.TURN in (found[0], self._hovered[0])
        if found != self._hovered:
            self._hovered = found
            self.host.refresh_cursor()
        if turning:
            self.host.refresh_overlay()

    def double_click(self, event: ToolEvent) -> None:
        """Inside the box it applies."""
        if self.box is not None and self._grip_at(event)[0] is Grip.MOVE:
            self.apply()
        else:
            self.press(event)

    def key(self, key: Qt.Key) -> bool:
        """Enter applies, Backspace steps back."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
            return True
        if key == Qt.Key.Key_Backspace:
            self.step_back()
            return True
        return key == Qt.Key.Key_Delete

    def cancel(self) -> None:
        """Nothing has happened."""
        self._drag = None
        if self._floating is not None:
            self._floating.drop()

    def leave(self) -> None:
        """Another tool is chosen: what is seen stays."""
        floating = self._floating
        if floating is None or floating.applying:
            return
        if self.box is None or floating.transformation.changes_nothing(self.box.matrix):
            floating.drop()
            return
        how = Filter(str(self.option("quality")))
        floating.finish(how, translate("tools", "Transform"))

    # -- showing

    def _show(self, box: Box, loud: bool = True) -> bool:
        if self._floating is None:
            return False
        self._floating.how = Filter(str(self.option("quality")))
        try:
            self._floating.show(box.matrix)
        except CanvasError as error:
            if loud:
                self.host.say(spoken(str(error)))
            return False
        self.box = box
        self._refresh()
        return True

    def _refresh(self) -> None:
        self.host.refresh_overlay()
        self.changed.emit(self.box is not None)

    def _progressed(self, share: float) -> None:
        self._share = share
        self.host.refresh_overlay()

    def _ended(self, done: bool) -> None:
        del done
        self._floating = self.box = self._drag = None
        self._earlier = []
        self.host.gesture_changed(self)
        self._refresh()

    def _layers(self) -> tuple[Layer, ...]:
        document = self.host.document
        return (document.active,) if isinstance(document.active, LayerMask) else document.chosen

    def _grip_at(self, event: ToolEvent) -> tuple[Grip, tuple[int, int]]:
        if self.box is None:
            return Grip.TURN, (0, 0)
        camera = self.host.camera
        x, y = camera.to_view(event.x, event.y)
        inside, roomy = self.box.contains(event.x, event.y), self._roomy()
        for side, spot in self.box.handles.items():
            hx, hy = camera.to_view(*spot)
            if inside and not roomy and 0 in side:
                continue  # the inside of a small box is for moving it
            if abs(x - hx) <= HANDLE_REACH and abs(y - hy) <= HANDLE_REACH:
                return Grip.HANDLE, side
        px, py = camera.to_view(*self.box.pivot_now)
        if math.hypot(x - px, y - py) <= PIVOT_REACH and (self._roomy() or self.box.pivot != self.box.place((0, 0))):
            return Grip.PIVOT, (0, 0)
        return (Grip.MOVE if inside else Grip.TURN), (0, 0)

    def _roomy(self) -> bool:
        """Whether the box is large enough on the screen for everything inside it to be taken."""
        spots = [self.host.camera.to_view(*spot) for spot in self.box.corners] if self.box is not None else []
        sides = [math.dist(spots[i - 1], spots[i]) for i in range(len(spots))]
        return bool(sides) and min(sides) >= ROOMY

    def _arrow(self, side: tuple[int, int]) -> Qt.CursorShape:
        """The arrow that points away from the opposite handle, as it is seen now."""
        if self.box is None:
            return Qt.CursorShape.CrossCursor
        handles, camera = self.box.handles, self.host.camera
        (ax, ay), (bx, by) = camera.to_view(*handles[-side[0], -side[1]]), camera.to_view(*handles[side])
        angle = math.degrees(math.atan2(by - ay, bx - ax)) % 180
        shapes = (
            Qt.CursorShape.SizeHorCursor,
            Qt.CursorShape.SizeFDiagCursor,
            Qt.CursorShape.SizeVerCursor,
            Qt.CursorShape.SizeBDiagCursor,
        )
        return shapes[round(angle / 45) % 4]

    def paint_overlay(self, painter: QPainter) -> None:
        """The box with its handles and the pivot; the turn's arrow; the numbers of the drag; progress."""
        if self.box is None:
            return
        camera = self.host.camera
        around = draw_box(painter, camera, self.box)
        if self._pointer is not None and self._hovered[0] is Grip.TURN and not self.applying:
            middle = camera.to_view(*self.box.pivot_now)
            draw_turn(painter, QPointF(*camera.to_view(*self._pointer)), QPointF(*middle))
        text = self._label()
        if text:
            draw_label(painter, QPointF(around.center().x(), around.bottom() + 12), text)

    def _label(self) -> str:
        if self.applying:
            if time.monotonic() - self._began < SLOW_SECONDS:
                return ""
            return translate("tools", "Applying… {percent} % (Esc stops)").format(percent=round(self._share * 100))
        numbers = self.box.numbers() if self._drag is not None and self.box is not None else None
        if self._drag is None or self.box is None or numbers is None or self._drag.grip is Grip.PIVOT:
            return ""
        if self._drag.grip is Grip.TURN:
            return f"{numbers.angle:.1f}°"
        if self._drag.grip is Grip.MOVE:
            dx, dy = numbers.x - self.box.pivot[0], numbers.y - self.box.pivot[1]
            return translate("tools", "{x}, {y} px").format(x=f"{dx:+.0f}", y=f"{dy:+.0f}")
        return f"{numbers.width:.1f} × {numbers.height:.1f} %"
