"""The window's commands of the menu Tools: tools, the brush, colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from desktop.slots import Handler
from desktop.view.tools.table import TOOL_IDS

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

HARDNESS_STEP = 0.1


class ToolCommands:
    """Everything about holding the brush."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._view = window, window.view

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        view = self._view
        found: dict[str, Handler] = {
            "brush.larger": lambda: view.step_brush_size(+1),
            "brush.smaller": lambda: view.step_brush_size(-1),
            "brush.harder": lambda: self.change_hardness(+HARDNESS_STEP),
            "brush.softer": lambda: self.change_hardness(-HARDNESS_STEP),
            "color.swap": self._window.colour_panel.swap,
            "color.default": self.default_colours,
        }
        for tool in TOOL_IDS:
            found[f"tool.{tool}"] = lambda chosen=tool: self.choose_tool(chosen)
        return found

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        return {f"tool.{tool}": lambda chosen=tool: self._view.tool_id == chosen for tool in TOOL_IDS}

    def choose_tool(self, tool: str) -> None:
        """Takes the tool in hand and gives the canvas the keyboard."""
        self._view.set_tool(tool)
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._window.refresh_actions()

    def change_hardness(self, step: float) -> None:
        """Changes the hardness of brush or eraser, within 0..1."""
        brush = self._view.brush
        self._view.set_brush(replace(brush, hardness=round(min(max(brush.hardness + step, 0.0), 1.0), 2)))

    def default_colours(self) -> None:
        """Black in hand, white in reserve."""
        self._view.set_color(QColor("white"))
        self._window.colour_panel.swap()
        self._view.set_color(QColor("black"))
