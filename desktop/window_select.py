"""The window's commands of the menu Select: what changes the selection as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from canvas.selection import Selection
from desktop.slots import Handler

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

STEP = 8
"""Pixels by which a selection grows, shrinks and becomes soft."""


class SelectCommands:
    """All, none, the inverse, and the edge."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._document = window.session.document

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "select.all": lambda: self._select(Selection.rectangle(self._document.frame)),
            "select.none": lambda: self._select(Selection.none()),
            "select.invert": self.invert,
            "select.grow": lambda: self._select(self._document.selection.grown(STEP)),
            "select.shrink": lambda: self._select(self._document.selection.grown(-STEP)),
            "select.feather": lambda: self._select(self._document.selection.feathered(STEP)),
            "select.frame": lambda: self._document.set_frame(self._document.selection.bounds),
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {"selection": lambda: not self._document.selection.is_empty}

    def _select(self, selection: Selection) -> None:
        self._document.set_selection(selection)

    def invert(self) -> None:
        """What is not selected, within frame and selection."""
        selection = self._document.selection
        self._select(selection.inverted(self._document.frame.united(selection.bounds)))
