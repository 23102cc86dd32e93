"""The window's commands of the menu View: camera, panels, theme, language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.slots import Handler

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

TURN_DEGREES = 15
ZOOM_STEP = 2**0.5
PANELS = ("prompt", "layers", "brush", "colour", "history", "queue")


class ViewCommands:
    """Everything about seeing."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._view = window, window.view

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        view, settings = self._view, self._window.program.settings
        found: dict[str, Handler] = {
            "view.zoom-in": lambda: view.zoom_by(ZOOM_STEP),
            "view.zoom-out": lambda: view.zoom_by(1 / ZOOM_STEP),
            "view.fit": self.fit,
            "view.fit-frame": lambda: view.fit(view.document.frame),
            "view.100": lambda: view.zoom_to(1.0),
            "view.rotate-left": lambda: view.rotate_by(-TURN_DEGREES),
            "view.rotate-right": lambda: view.rotate_by(TURN_DEGREES),
            "view.reset": view.reset_rotation,
            "view.mirror": view.mirror,
            "view.canvas-only": self._window.toggle_canvas_only,
            "panel.reset": self._window.reset_layout,
            "theme.dark": lambda: settings.update(theme="dark"),
            "theme.light": lambda: settings.update(theme="light"),
            "language.system": lambda: settings.update(language=""),
            "language.en": lambda: settings.update(language="en"),
            "language.zh_CN": lambda: settings.update(language="zh_CN"),
        }
        for panel in PANELS:
            found[f"panel.{panel}"] = lambda name=panel: self._window.toggle_dock(name)
        return found

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        view, settings, window = self._view, self._window.program.settings, self._window
        found: dict[str, Callable[[], bool]] = {
            "view.mirror": lambda: view.camera.mirrored,
            "view.canvas-only": lambda: window.canvas_only,
            "theme.dark": lambda: settings.preferences.theme == "dark",
            "theme.light": lambda: settings.preferences.theme == "light",
            "language.system": lambda: settings.preferences.language == "",
            "language.en": lambda: settings.preferences.language == "en",
            "language.zh_CN": lambda: settings.preferences.language == "zh_CN",
        }
        for panel in PANELS:
            found[f"panel.{panel}"] = lambda name=panel: window.docks[name].isVisible()
        return found

    def fit(self) -> None:
        """Shows everything painted, and the frame."""
        document = self._view.document
        self._view.fit(document.content_bounds().united(document.frame))
