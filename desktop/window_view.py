"""The window's commands of the menu View: camera, panels, theme, language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from canvas.guides import Guide
from canvas.markings import GUIDES
from desktop.slots import Handler
from desktop.view.aids import ViewAids

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

TURN_DEGREES = 15
ZOOM_STEP = 2**0.5
AID_SETTINGS = {
    "show_pixel_grid": "pixel_grid",
    "show_grid": "grid",
    "grid_spacing": "spacing",
    "grid_subdivisions": "subdivisions",
    "show_rulers": "rulers",
    "show_guides": "guides",
    "lock_guides": "guides_locked",
}
"""Preference -> the field of ViewAids that it fills."""
AIDS = ("pixel_grid", "grid", "rulers", "guides")


class ViewCommands:
    """Everything about seeing."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._view = window, window.view
        window.program.settings.changed.connect(self._settings_changed)
        self._view.aidsWanted.connect(self.set_aids)
        self._view.actionWanted.connect(lambda name: window.actions_by_id[name].trigger())
        self._settings_changed(set(AID_SETTINGS))

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        view, settings = self._view, self._window.program.settings
        found: dict[str, Handler] = {
            "view.zoom-in": lambda: view.zoom_by(ZOOM_STEP),
            "view.zoom-out": lambda: view.zoom_by(1 / ZOOM_STEP),
            "view.fit": self.fit,
            "view.fit-frame": lambda: view.fit(view.document.frame),
            "view.100": lambda: view.zoom_to(1.0),
            "view.200": lambda: view.zoom_to(2.0),
            "view.50": lambda: view.zoom_to(0.5),
            "view.fit-selection": lambda: view.fit_close(view.document.selection.bounds),
            "view.lock-guides": lambda: self.toggle("guides_locked"),
            "view.horizontal-guide": lambda: self.add_guide(horizontal=True),
            "view.vertical-guide": lambda: self.add_guide(horizontal=False),
            "view.clear-guides": lambda: view.document.set_marking(GUIDES, ()),
            "view.rotate-left": lambda: view.rotate_by(-TURN_DEGREES),
            "view.rotate-right": lambda: view.rotate_by(TURN_DEGREES),
            "view.reset": view.reset_rotation,
            "view.mirror": view.mirror,
            "view.canvas-only": self._window.toggle_canvas_only,
            "panel.reset": self._window.reset_layout,
            "panel.tool": lambda: self._window.options_bar.setVisible(self._window.options_bar.isHidden()),
            "theme.dark": lambda: settings.update(theme="dark"),
            "theme.light": lambda: settings.update(theme="light"),
            "language.system": lambda: settings.update(language=""),
            "language.en": lambda: settings.update(language="en"),
            "language.zh_CN": lambda: settings.update(language="zh_CN"),
        }
        for aid in AIDS:
            found[f"view.{aid.replace('_', '-')}"] = lambda name=aid: self.set_aids(
                {name: not getattr(view.aids, name)}
            )
        for panel in self._window.docks:
            found[f"panel.{panel}"] = lambda name=panel: self._window.toggle_dock(name)
        return found

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Name of a condition -> whether it holds."""
        view = self._view
        return {
            "guides": lambda: bool(view.document.guides) and not view.aids.guides_locked,
            "guides-free": lambda: not view.aids.guides_locked,
        }

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        view, settings, window = self._view, self._window.program.settings, self._window
        found: dict[str, Callable[[], bool]] = {
            "view.mirror": lambda: view.camera.mirrored,
            "view.canvas-only": lambda: window.canvas_only,
            "panel.tool": lambda: not window.options_bar.isHidden(),
            "theme.dark": lambda: settings.preferences.theme == "dark",
            "theme.light": lambda: settings.preferences.theme == "light",
            "language.system": lambda: settings.preferences.language == "",
            "language.en": lambda: settings.preferences.language == "en",
            "language.zh_CN": lambda: settings.preferences.language == "zh_CN",
        }
        found["view.lock-guides"] = lambda: view.aids.guides_locked
        for aid in AIDS:
            found[f"view.{aid.replace('_', '-')}"] = lambda name=aid: bool(getattr(view.aids, name))
        for panel in window.docks:
            found[f"panel.{panel}"] = lambda name=panel: window.docks[name].isVisible()
        return found

    def set_aids(self, changes: dict[str, bool]) -> None:
        """Shows or hides grids, rulers and guides, now and in the windows to come."""
        names = {field: setting for setting, field in AID_SETTINGS.items()}
        self._window.program.settings.update(**{names[field]: value for field, value in changes.items()})

    def toggle(self, aid: str) -> None:
        """Shows one of them, or hides it."""
        self.set_aids({aid: not getattr(self._view.aids, aid)})

    def add_guide(self, horizontal: bool) -> None:
        """Puts a guide through the pointer."""
        view = self._view
        x, y = view.cursor_on_canvas()
        guide = Guide(horizontal, round(y if horizontal else x))
        if guide not in view.document.guides:
            view.document.set_marking(GUIDES, (*view.document.guides, guide))
        view.show_guides()

    def _settings_changed(self, names: set[str]) -> None:
        preferences = self._window.program.settings.preferences
        if names & set(AID_SETTINGS):
            values = {field: getattr(preferences, setting) for setting, field in AID_SETTINGS.items()}
            self._view.set_aids(ViewAids(**values))
        self._view.set_finger_paints(preferences.finger_paints)

    def release_document(self) -> None:
        """Stop listening; the window is about to go, the preferences stay."""
        self._window.program.settings.changed.disconnect(self._settings_changed)

    def fit(self) -> None:
        """Shows everything painted, and the frame."""
        document = self._view.document
        self._view.fit(document.content_bounds().united(document.frame))
