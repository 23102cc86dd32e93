"""The panels at the side: which there are, where they stand at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QFrame, QMainWindow, QScrollArea, QWidget

from desktop.naming import named

translate = QCoreApplication.translate
FIRST_WIDTH = 304
COLUMN = ("prompt", "layers", "brush")
"""The panels that are in front at first, from top to bottom."""
SCROLLED = ("regions", "adjustment", "brush", "colour", "queue")
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
    for name in COLUMN:
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
    for name in COLUMN:
        docks[name].raise_()
    share_room(window, docks)


SETTLED = 40
"""Milliseconds: a wish for more room goes up from layout to layout, each in an event of its own."""


class Lender(QObject):
    """What a panel needs for a while comes from the lowest panel first, and is given back.

    Qt would take it from the neighbours and leave it where it is.
    """

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._before: Sequence[int] = ()
        self._lent: Sequence[int] = ()

    def lend(self, on: bool) -> None:
        """The layers grow, or shrink again; to be called before their room is shared anew."""
        columns = self._columns()
        if len(columns) < len(COLUMN) or on == bool(self._before):
            return
        heights = [dock.height() for dock in columns]
        if on:
            self._before = heights
            QTimer.singleShot(SETTLED, self, self._take)
        else:
            before, self._before = self._before, ()
            if list(self._lent) == heights:  # else the person has shared the room otherwise
                QTimer.singleShot(SETTLED, self, lambda: self._share(before))

    def _take(self) -> None:
        heights = [dock.height() for dock in self._columns()]
        if self._before and len(heights) == len(COLUMN):
            rest = sum(heights) - self._before[0] - heights[1]
            self._share((self._before[0], heights[1], max(rest, 1)))
            QTimer.singleShot(SETTLED, self, self._note)

    def _note(self) -> None:
        self._lent = [dock.height() for dock in self._columns()]

    def _share(self, heights: Sequence[int]) -> None:
        columns = self._columns()
        if len(columns) == len(heights):
            tabs = columns[1].y() - columns[0].geometry().bottom()  # Qt counts the tabs above with each
            self._window.resizeDocks(columns, [height + tabs for height in heights], Qt.Orientation.Vertical)

    def _columns(self) -> list[QDockWidget]:
        """The dock in front at each of the first places, from top to bottom; nothing where they stand elsewhere."""
        shown = [self._in_front(self._docks[name]) for name in COLUMN]
        tops = [dock.y() for dock in shown if dock is not None]
        return [dock for dock in shown if dock is not None] if tops == sorted(set(tops)) and len(tops) == 3 else []

    def _in_front(self, dock: QDockWidget) -> QDockWidget | None:
        for one in (dock, *self._window.tabifiedDockWidgets(dock)):
            if not one.isFloating() and not one.visibleRegion().isEmpty():
                return one
        return None


def share_room(window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
    """The first widths and heights; without effect on heights before the window is shown."""
    columns = [docks[name] for name in COLUMN]
    window.resizeDocks(columns, [FIRST_WIDTH] * 3, Qt.Orientation.Horizontal)
    window.resizeDocks(columns, [380, 270, 220], Qt.Orientation.Vertical)
