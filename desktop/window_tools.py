"""The window's commands of the menu Tools: tools, the brush, colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from canvas.symmetry import KINDS
from desktop.slots import Handler
from desktop.view.tools import mirroring
from desktop.view.tools.table import TOOL_IDS

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

HARDNESS_STEP = 0.1


class ToolCommands:
    """Everything about holding the brush."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._view = window, window.view
        self._view.options.changed.connect(self._option_changed)

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        view = self._view
        found: dict[str, Handler] = {
            "brush.larger": lambda: view.step_brush_size(+1),
            "brush.smaller": lambda: view.step_brush_size(-1),
            "brush.harder": lambda: self.change_hardness(+HARDNESS_STEP),
            "brush.softer": lambda: self.change_hardness(-HARDNESS_STEP),
            "brush.adjust": view.adjust_brush,
            "edit.fill": self.fill,
            "color.swap": self._window.colour_panel.swap,
            "color.default": self.default_colours,
        }
        found |= {f"symmetry.{kind}": lambda wanted=kind: self.toggle_symmetry(wanted) for kind in KINDS}
        found["tool.symmetry-centre"] = lambda: self.put_symmetry_center(view.cursor_on_canvas())
        found["tool.symmetry-frame"] = lambda: self.put_symmetry_center(None)
        for tool in TOOL_IDS:
            found[f"tool.{tool}"] = lambda chosen=tool: self.choose_tool(chosen)
        return found

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        found = {f"tool.{tool}": lambda chosen=tool: self._view.tool_id == chosen for tool in TOOL_IDS}
        found |= {f"symmetry.{kind}": lambda wanted=kind: self._symmetry() == wanted for kind in KINDS}
        return found

    def choose_tool(self, tool: str) -> None:
        """Takes the tool in hand and gives the canvas the keyboard."""
        self._view.set_tool(tool)
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._window.refresh_actions()

    def toggle_symmetry(self, kind: str) -> None:
        """This symmetry, or none if it is this one already."""
        self._view.options.set_value("brush", mirroring.KIND, "none" if self._symmetry() == kind else kind)

    def put_symmetry_center(self, at: tuple[float, float] | None) -> None:
        """Around these canvas pixels, whole or half ones, or around the middle of the frame."""
        self._view.symmetry_center = None if at is None else (round(at[0] * 2) / 2, round(at[1] * 2) / 2)
        self._view.update()

    def _option_changed(self, owner: str, name: str) -> None:
        del name
        if owner == mirroring.GROUP:  # its lines lie over the canvas
            self._view.update()
            self._window.refresh_actions()

    def _symmetry(self) -> str:
        return str(self._view.option("brush", mirroring.KIND))

    def fill(self) -> None:
        """Fills the selection, or the frame, as the tool Fill is set."""
        from desktop.view.tools.filling import FillTool

        tool = self._view.tools["fill"]
        if isinstance(tool, FillTool) and not self._view.gesture_running:
            tool.fill_region()

    def change_hardness(self, step: float) -> None:
        """Changes the hardness of brush or eraser, within 0..1."""
        brush = self._view.brush
        self._view.set_brush(replace(brush, hardness=round(min(max(brush.hardness + step, 0.0), 1.0), 2)))

    def default_colours(self) -> None:
        """Black in hand, white in reserve."""
        self._view.set_color(QColor("white"))
        self._window.colour_panel.swap()
        self._view.set_color(QColor("black"))
