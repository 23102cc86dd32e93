"""The window's commands that move pixels: transform, flip, turn, crop, trim, align, nudge."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt

from canvas.aligning import Side, align, crop, distribute, trim
from canvas.changes import ChangeKind, DocumentChange
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.layers import Layer, LayerMask
from canvas.matrices import flip, quarter_turn
from canvas.resample import Filter, Matrix
from canvas.selection import Selection
from canvas.transform import Transformation
from desktop.late import Late
from desktop.slots import Handler
from desktop.view.tools.base import layer_problem

if TYPE_CHECKING:
    from desktop.main_window import MainWindow
    from desktop.view.tools.transform_box import Box
    from desktop.view.tools.transforming import TransformTool
    from desktop.view.transform_card import TransformCard

translate = QCoreApplication.translate
SLICE_SECONDS = 0.005
TALK_SECONDS = 0.5
"""After so long the status bar tells how far it is."""
FAR = 10
"""Canvas pixels that Shift and an arrow key move."""
WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class TransformCommands:
    """Everything between Ctrl+T and the arrow keys."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._view = window, window.view
        self._document = window.session.document
        self._card = Late(self._make)
        self._back_to = ""
        self._was_open = False
        self._view.toolChanged.connect(lambda tool_id: self._card() if tool_id == "transform" else None)

    @property
    def card(self) -> TransformCard:
        """The figures of the box, over the canvas; made with the first box."""
        return self._card()

    @property
    def tool(self) -> TransformTool:
        """The tool with the box."""
        return self._card().tool

    def _make(self) -> TransformCard:
        from desktop.view.transform_card import TransformCard  # many modules: not for every start

        card = TransformCard(self._view, self._window.program.theme)
        card.tool.changed.connect(self._tool_changed)
        return card

    @property
    def _open_tool(self) -> TransformTool | None:
        made = self._card.made
        return None if made is None or not made.tool.busy else made.tool

    def step_back(self) -> bool:
        """Takes back a step inside the open box; False when there is none."""
        return (tool := self._open_tool) is not None and tool.step_back()

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        found: dict[str, Handler] = {
            "tool.transform": self.begin,
            "edit.flip-horizontal": lambda: self._flip(True),
            "edit.flip-vertical": lambda: self._flip(False),
            "edit.rotate-left": lambda: self._turn(-90),
            "edit.rotate-right": lambda: self._turn(90),
            "edit.rotate-180": lambda: self._turn(180),
            "edit.crop-selection": self.crop_to_selection,
            "edit.crop-frame": self.crop_to_frame,
            "edit.trim": lambda: trim(self._document),
            "edit.distribute-horizontally": lambda: self._distribute(True),
            "edit.distribute-vertically": lambda: self._distribute(False),
        }
        for side in Side:
            found[f"edit.align-{side.value}"] = lambda chosen=side: self._align(chosen)
        for way, (dx, dy) in WAYS.items():
            found[f"edit.nudge-{way}"] = lambda x=dx, y=dy: self.nudge(x, y)
            found[f"edit.nudge-{way}-far"] = lambda x=dx, y=dy: self.nudge(x * FAR, y * FAR)
        return found

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {
            "nudging": lambda: self._view.tool_id in ("move", "transform"),
            "chosen": lambda: bool(self._layers()),
            "selected": lambda: not self._document.selection.is_empty,
        }

    def dress(self) -> None:
        """Draws the card's icons in the theme's ink."""
        if self._card.made is not None:
            self._card.made.dress(self._window.program.theme)

    # -- the tool

    def begin(self) -> None:
        """Opens the box around what is chosen; afterwards the tool in hand before comes back."""
        if self.tool.busy:
            return
        before = self._view.tool_id
        self._view.cancel_gesture()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._view.set_tool("transform")
        if self.tool.begin():
            self._back_to = before if before != "transform" else "move"
        else:
            self._view.set_tool(before)
        self._window.refresh_actions()

    def _tool_changed(self, open_now: bool) -> None:
        if open_now is not self._was_open:
            self._was_open = open_now
            self._window.refresh_actions()
        if open_now or not self._back_to:
            return
        back, self._back_to = self._back_to, ""
        if self._view.tool_id == "transform":
            self._view.set_tool(back)
            self._window.refresh_actions()

    def nudge(self, dx: int, dy: int) -> None:
        """Moves what is chosen or selected, or the open box."""
        from desktop.view.tools.moving import MoveTool

        move, tool = self._view.tools["move"], self._open_tool
        if tool is not None:
            tool.nudge(dx, dy)
        elif isinstance(move, MoveTool):
            move.nudge(dx, dy)

    # -- at once

    def _layers(self) -> tuple[Layer, ...]:
        active = self._document.active
        return (active,) if isinstance(active, LayerMask) else self._document.chosen

    def _flip(self, horizontal: bool) -> None:
        name = translate("TransformCommands", "Flip")
        self._now(lambda box: box.flipped(horizontal), lambda bounds: flip(bounds, horizontal), name)

    def _turn(self, degrees: int) -> None:
        name = translate("TransformCommands", "Turn")
        self._now(lambda box: box.turned(degrees), lambda bounds: quarter_turn(degrees, bounds), name)

    def _now(self, boxed: Callable[[Box], Box], made: Callable[[Bounds], Matrix], name: str) -> None:
        """In the open box, or else at once on what is chosen or selected."""
        tool = self._open_tool
        if tool is not None and tool.box is not None:
            tool.set_box(boxed(tool.box))
            return
        layers = self._layers()
        if not layers:
            raise CanvasError(layer_problem("none"))
        transformation = Transformation(self._document, layers)
        matrix = made(transformation.bounds)
        self._start(lambda: transformation.work(matrix, Filter.BICUBIC, name), name)

    def crop_to_selection(self) -> None:
        """Cuts away on all layers what is not selected; the frame goes around the selection."""
        selection = self._document.selection
        if not selection.is_empty:
            name = translate("TransformCommands", "Crop to selection")
            self._start(lambda: crop(self._document, selection, selection.bounds, name), name)

    def crop_to_frame(self) -> None:
        """Cuts away on all layers what lies outside the frame."""
        name = translate("TransformCommands", "Crop to frame")
        kept = Selection.rectangle(self._document.frame)
        self._start(lambda: crop(self._document, kept, None, name), name)

    def _align(self, side: Side) -> None:
        selection = self._document.selection
        within = self._document.frame if selection.is_empty else selection.bounds
        align(self._document, self._layers(), side, within, translate("TransformCommands", "Align"))

    def _distribute(self, horizontal: bool) -> None:
        distribute(self._document, self._layers(), horizontal, translate("TransformCommands", "Distribute"))

    def _start(self, begin: Callable[[], Generator[float]], name: str) -> None:
        self._view.cancel_gesture()
        self._view.start(self._sliced(begin, name))

    async def _sliced(self, begin: Callable[[], Generator[float]], name: str) -> None:
        """Work in short slices; if the document changes in between it begins again, as of one moment."""
        changes = 0
        own = False

        def changed(change: DocumentChange) -> None:
            nonlocal changes
            changes += not own and change.kind not in (ChangeKind.ACTIVE, ChangeKind.CHOSEN, ChangeKind.GENERATIONS)

        disconnect = self._document.changed.connect(changed)
        try:
            started = time.perf_counter()
            for _ in range(3):
                seen, slice_began = changes, time.perf_counter()
                with contextlib.closing(begin()) as work:
                    while seen == changes:
                        own = True
                        share = next(work, None)
                        own = False
                        if share is None:
                            return
                        if time.perf_counter() - slice_began > SLICE_SECONDS:
                            if time.perf_counter() - started > TALK_SECONDS:
                                self._window.note(f"{name}: {share:.0%}")
                            await asyncio.sleep(0)
                            slice_began = time.perf_counter()
            raise CanvasError(translate("TransformCommands", "The painting changed meanwhile. Try it again."))
        finally:
            disconnect()
