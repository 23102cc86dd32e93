"""The panels at the side: which there are, where they stand at first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QFrame, QMainWindow, QScrollArea, QWidget

from desktop.naming import named

translate = QCoreApplication.translate
FIRST_WIDTH = 304
SCROLLED = ("prompt", "regions", "adjustment", "brush", "colour", "queue")
"""Panels that scroll where there is not enough room; the others have lists that scroll by themselves."""


def dock_titles() -> dict[str, str]:
    """Panel -> its title in the present language."""
    return {
        "prompt": translate("docks", "Prompt"),
        "regions": translate("docks", "Regions"),
        "layers": translate("docks", "Layers"),
        "adjustment": translate("docks", "Adjustment"),
        "history": translate("docks", "History"),
        "undo": translate("docks", "Undo History"),
        "queue": translate("docks", "Queue"),
        "presets": translate("docks", "Presets"),
        "brush": translate("docks", "Brush"),
        "colour": translate("docks", "Colour"),
        "navigator": translate("docks", "Navigator"),
    }


def make_docks(window: QMainWindow, panels: Mapping[str, QWidget]) -> dict[str, QDockWidget]:
    """A dock for each panel, titled, at its first place."""
    docks: dict[str, QDockWidget] = {}
    for name, panel in panels.items():
        dock = QDockWidget(window)
        dock.setObjectName(f"dock-{name}")
        dock.setWidget(_scrolled(panel, dock) if name in SCROLLED else panel)
        docks[name] = dock
    title_docks(docks)
    place_docks(window, docks)
    return docks


def title_docks(docks: Mapping[str, QDockWidget]) -> None:
    """Sets the titles in the present language."""
    for name, title in dock_titles().items():
        docks[name].setWindowTitle(title)


class TabTitles(QObject):
    """Docks that share their place with others are named by their tabs; a second title would only take room."""

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._timer = named(QTimer(self), "tabTitles", interval=0, singleShot=True)
        self._timer.timeout.connect(self.refresh)
        for dock in docks.values():
            dock.dockLocationChanged.connect(lambda _: self._timer.start())
            dock.topLevelChanged.connect(lambda _: self._timer.start())
            dock.visibilityChanged.connect(lambda _: self._timer.start())
        self.refresh()

    def refresh(self) -> None:
        """Hides the titles of tabbed docks and shows those of the others."""
        for dock in self._docks.values():
            tabbed = not dock.isFloating() and bool(self._window.tabifiedDockWidgets(dock))
            blank = dock.titleBarWidget() is not None
            if tabbed and not blank:
                dock.setTitleBarWidget(QWidget(dock))
            elif blank and not tabbed:
                old = dock.titleBarWidget()
                dock.setTitleBarWidget(cast("QWidget", None))  # None brings Qt's own title back
                old.deleteLater()


def _scrolled(panel: QWidget, dock: QDockWidget) -> QScrollArea:
    area = QScrollArea(dock)
    area.setObjectName(f"scroll-{panel.objectName()}")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(panel)
    area.setMinimumHeight(60)
    return area


def place_docks(window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
    """The first layout: prompt, then layers, history and queue, then brush, presets and colour, all at the right."""
    right = Qt.DockWidgetArea.RightDockWidgetArea
    for dock in docks.values():
        dock.setFloating(False)
        window.removeDockWidget(dock)
    for name in ("prompt", "layers", "brush"):
        window.addDockWidget(right, docks[name])
    tabs = (
        ("prompt", ("regions", "navigator")),
        ("layers", ("history", "undo", "queue")),
        ("brush", ("presets", "colour", "adjustment")),
    )
    for first, others in tabs:
        for other in others:
            window.tabifyDockWidget(docks[first], docks[other])
    for dock in docks.values():
        dock.show()
    for name in ("prompt", "layers", "brush"):
        docks[name].raise_()
    columns = [docks[name] for name in ("prompt", "layers", "brush")]
    window.resizeDocks(columns, [FIRST_WIDTH] * 3, Qt.Orientation.Horizontal)
    window.resizeDocks(columns, [380, 270, 220], Qt.Orientation.Vertical)
