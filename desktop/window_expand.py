"""The window's commands by which the picture grows: arrows at the frame, Alt and an arrow key, the extend tool."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.late import Late
from desktop.slots import Handler
from desktop.view.edge_arrows import SIDES, EdgeArrows

if TYPE_CHECKING:
    from desktop.generation.expanding import Expander
    from desktop.main_window import MainWindow


class ExpandCommands(QObject):
    """Growing in one direction, or along a stroke."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._settings = window, window.program.settings
        self._expander = Late(self._make)
        self.arrows = EdgeArrows(window.view)
        self.arrows.wanted.connect(window.slots.wrap(self.step))
        window.view.expansionWanted.connect(window.slots.wrap(lambda stroke: self._expander().extend(stroke)))
        self._settings.changed.connect(self._settings_changed)
        self._settings_changed({"show_frame_arrows"})

    def _make(self) -> Expander:
        from desktop.generation.expanding import Expander

        return Expander(self._window.controller, self)

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        found: dict[str, Handler] = {"expand.arrows": self.toggle_arrows}
        for side, way in SIDES.items():
            found[f"expand.{side}"] = lambda chosen=way: self.step(*chosen)
        return found

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {}

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        return {"expand.arrows": lambda: self._settings.preferences.show_frame_arrows}

    async def step(self, across: int, down: int) -> None:
        """Moves the frame to one side by the step of the preferences and paints what is empty in it."""
        await self._expander().step(across, down, self._settings.preferences.expand_percent / 100)

    def toggle_arrows(self) -> None:
        """Shows the arrows, or hides them."""
        self._settings.update(show_frame_arrows=not self._settings.preferences.show_frame_arrows)

    def _settings_changed(self, names: set[str]) -> None:
        if "show_frame_arrows" in names:
            self.arrows.set_on(self._settings.preferences.show_frame_arrows)

    def release_document(self) -> None:
        """Listens no longer; the window is about to go."""
        self._settings.changed.disconnect(self._settings_changed)
        self.arrows.release_document()
