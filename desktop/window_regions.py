"""The window's commands about prompt regions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from canvas.markings import REGIONS
from desktop import region_edits
from desktop.slots import Handler

if TYPE_CHECKING:
    from desktop.main_window import MainWindow


class RegionCommands:
    """Places with words of their own, and when they are seen on the canvas."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._settings = window, window.program.settings
        self._document = window.session.document
        self._overlay = window.view.region_overlay
        self._settings.changed.connect(self._preferences_changed)
        window.docks["regions"].visibilityChanged.connect(self._panel_shown)
        window.controller.candidates_changed.connect(self._rest)
        window.program.router.changed.connect(self._rest)
        self._preferences_changed(set())

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "regions.add-from-selection": self.add,
            "regions.show": lambda: self._settings.update(show_regions=not self._overlay.shown),
            "regions.select-next": self.select_next,
            "regions.clear": lambda: self._document.set_marking(REGIONS, ()),
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {"regions": lambda: bool(self._document.prompt_regions)}

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        return {"regions.show": lambda: self._overlay.shown}

    def add(self) -> None:
        """A region where the selection is; its words can be typed at once."""
        window, document = self._window, self._document
        region_edits.add_region(document, document.selection)
        self._settings.update(show_regions=True)
        window.show_dock("regions")
        window.regions_panel.write(len(document.prompt_regions) - 1)

    def select_next(self) -> None:
        """The place of the region after the one that is selected."""
        saved, now = self._document.saved_selections, self._document.selection
        places = [place for region in self._document.prompt_regions if (place := region.place(saved)) is not None]
        if places:
            number = places.index(now) + 1 if now in places else 0
            self._document.set_selection(places[number % len(places)])

    def _panel_shown(self, shown: bool) -> None:
        self._overlay.filled = shown

    def _rest(self) -> None:
        """Colours step aside while a picture is being painted here, or judged."""
        controller = self._window.controller
        self._overlay.resting = bool(controller.jobs) or controller.current is not None

    def _preferences_changed(self, _names: set[str]) -> None:
        self._overlay.shown = self._settings.preferences.show_regions

    def release_document(self) -> None:
        """Listens no longer; the window is about to go, the program stays."""
        self._settings.changed.disconnect(self._preferences_changed)
        self._window.program.router.changed.disconnect(self._rest)
        self._window.regions_panel.release_document()
