"""ActionSpec: one row of the table of everything a person can do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QAction


@dataclass(frozen=True)
class ActionSpec:
    """One action. Texts are English sources of the context `actions`."""

    id: str
    """Stable name, `<menu>.<verb>`."""
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    """Shortcuts that work in the whole window; the first is shown. Text fields keep plain letters for themselves."""
    canvas_keys: tuple[str, ...] = ()
    """Keys that work while the canvas has the keyboard. Several actions may share one: the first enabled runs."""
    menu: str = ""
    """Menu, or `menu/submenu`; empty keeps it out of the menus (the palette shows it all the same)."""
    icon: str = ""
    """Name of an SVG in resources/icons."""
    needs: str = ""
    """Name of a condition in `MainWindow.conditions`; empty is always possible."""
    checkable: bool = False
    group: str = ""
    """Checkable actions of one group exclude each other."""
    separator: bool = False
    """A line above it in the menu."""
    role: QAction.MenuRole = QAction.MenuRole.NoRole
    """Where macOS moves it."""

    @property
    def shortcut(self) -> str:
        """What is shown as its shortcut, portable text."""
        keys = self.keys or self.canvas_keys
        return keys[0] if keys else ""
