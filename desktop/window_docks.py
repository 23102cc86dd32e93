"""The panels at the side: which there are, where they stand at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QScrollArea, QWidget

from desktop.naming import named
from desktop.panels.shrinking import RowScroll

translate = QCoreApplication.translate
FIRST_WIDTH = 304
COLUMN = ("prompt", "layers", "brush")
"""The panels that are in front at first, from top to bottom."""
SHARES = (380, 270, 220)
"""How they share the height where there is more than enough."""
MOST_SPARE = 48
"""Pixels that the panel on top gets beyond what it needs; the others have lists."""
SCROLLED = ("regions", "adjustment", "brush", "colour", "queue", "presets")
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
    area = named(RowScroll(panel, dock), f"scroll-{panel.objectName()}")
    area.setMinimumHeight(LEAST_HEIGHT)
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


LEAST_HEIGHT = 60
"""Pixels of a panel that scrolls; below its tabs one sees what it is."""
SETTLED = 40
"""Milliseconds: a wish for more room goes up from layout to layout, each in an event of its own."""


class Lender(QObject):
    """What a panel needs for a while comes from the lowest panel first, and is given back.

    Qt would take it from the neighbours and leave it where it is.
    """

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._person: list[int] = []
        """The heights as the person, or the first layout, has left them."""
        self._shown: list[int] = []
        """Those that were set last."""
        self._needed = self._needed_before = 0
        """Pixels that the prompt panel needs to show everything, and needed when the person left the heights."""
        self._layers_grow = False
        self._timer = named(QTimer(self), "lenderTimer", interval=SETTLED, singleShot=True)
        self._timer.timeout.connect(self._share)
        self._noting = named(QTimer(self), "lenderNoting", interval=SETTLED, singleShot=True)
        self._noting.timeout.connect(self._note)

    def lend_to_layers(self, on: bool) -> None:
        """The layers grow, or shrink again; to be called before their room is shared anew."""
        self._begin()
        self._layers_grow = on

    def lend_to_prompt(self) -> None:
        """The prompt panel shows more than before, or less."""
        if self._docks["prompt"].widget().sizeHint().height() != self._needed:
            self._begin()

    def forget(self, wanted: Sequence[int]) -> None:
        """The room has just been shared like this, for what is shown now; layers that grow may have got more."""
        self._timer.stop()
        self._person, self._needed = list(wanted), self._docks["prompt"].widget().sizeHint().height()
        self._needed_before = self._needed
        self._noting.start()

    def _begin(self) -> None:
        heights = [dock.height() for dock in self._columns()]
        if not (self._timer.isActive() or self._noting.isActive()) and heights != self._shown:
            self._person, self._needed_before = heights, self._needed
        self._timer.start()

    def _share(self) -> None:
        columns, self._needed = self._columns(), self._docks["prompt"].widget().sizeHint().height()
        heights = [dock.height() for dock in columns]
        if len(heights) != len(COLUMN) or sum(self._person) != sum(heights):  # elsewhere, or in another window's size
            self._person, self._needed_before = heights, self._needed
        else:
            grown = max(self._person[1], heights[1]) if self._layers_grow else self._person[1]
            missing = max(0, self._needed - max(self._person[0], self._needed_before))
            _set_heights(self._window, columns, lent_heights(self._person, missing, grown))
        self._noting.start()

    def _note(self) -> None:
        self._shown = [dock.height() for dock in self._columns()]

    def _columns(self) -> list[QDockWidget]:
        return _columns(self._window, self._docks)


def lent_heights(heights: Sequence[int], missing: int, second: int) -> list[int]:
    """The three heights when the first lacks `missing` pixels and the second is to have `second`: the third gives, as
    far as it can, then the first."""
    room = sum(heights)
    third = max(room - heights[0] - missing - second, min(LEAST_HEIGHT, heights[2]))
    return [room - second - third, second, third]


def share_room(window: QMainWindow, docks: Mapping[str, QDockWidget]) -> list[int]:
    """The first widths and heights: the prompt gets what it needs first, the others share the rest.

    Gives the heights; before the window is shown there are none.
    """
    window.resizeDocks([docks[name] for name in COLUMN], [FIRST_WIDTH] * len(COLUMN), Qt.Orientation.Horizontal)
    columns = _columns(window, docks)
    if not columns:
        return []
    room, needed = sum(dock.height() for dock in columns), docks["prompt"].widget().sizeHint().height()
    heights = first_heights(room, needed)
    _set_heights(window, columns, heights)
    return heights


def first_heights(room: int, needed: int) -> list[int]:
    """How `room` pixels are shared when the panel on top needs so many of them to show everything."""
    first = min(max(needed, min(room * SHARES[0] // sum(SHARES), needed + MOST_SPARE)), room)
    second = (room - first) * SHARES[1] // sum(SHARES[1:])
    return [first, second, room - first - second]


def _set_heights(window: QMainWindow, columns: Sequence[QDockWidget], heights: Sequence[int]) -> None:
    tabs = columns[1].y() - columns[0].geometry().bottom()  # Qt counts the tabs above with each
    window.resizeDocks(columns, [max(height, 1) + tabs for height in heights], Qt.Orientation.Vertical)


def _columns(window: QMainWindow, docks: Mapping[str, QDockWidget]) -> list[QDockWidget]:
    """The dock in front at each of the first places, from top to bottom; nothing where they stand elsewhere."""
    shown = [_in_front(window, docks[name]) for name in COLUMN]
    tops = [dock.y() for dock in shown if dock is not None]
    return [dock for dock in shown if dock is not None] if tops == sorted(set(tops)) and len(tops) == 3 else []


def _in_front(window: QMainWindow, dock: QDockWidget) -> QDockWidget | None:
    for one in (dock, *window.tabifiedDockWidgets(dock)):
        if not one.isFloating() and not one.visibleRegion().isEmpty():
            return one
    return None
