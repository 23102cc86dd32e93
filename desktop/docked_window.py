"""A window whose panels are shown, hidden, put back to their first places, and found again where they were left."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from desktop.naming import named
from desktop.window_docks import SETTLED, Lender, place_docks, share_room

LAYOUT_VERSION = 1
FIRST_SIZE = QSize(1440, 900)
FRAME_ROOM = QSize(40, 60)
"""What a window manager's frame and title bar may take."""
FIRST_MS = 1000
"""How long after it is shown a new window may still be given its size."""


class DockedWindow(QMainWindow):
    """What a main window does with its docks, whatever is in them."""

    canvas_only_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.canvas_only = False
        self.docks: dict[str, QDockWidget] = {}
        self.bars: Sequence[QWidget] = ()
        """What else stands around the canvas."""
        self.lender: Lender | None = None
        """Who gives the panels room that they need for a while."""
        self._layout_before = QByteArray()
        self._fresh = False
        self._sharing = named(QTimer(self), "sharingTimer", interval=SETTLED, singleShot=True)
        self._sharing.timeout.connect(self._share_anew)

    def showEvent(self, event: QShowEvent) -> None:
        """Panels get their first heights when there is a height to share."""
        super().showEvent(event)
        if self._fresh:
            self._sharing.start()
            QTimer.singleShot(FIRST_MS, self, self._grow_old)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A window manager gives a window its size, that of a whole screen perhaps, after it is shown."""
        super().resizeEvent(event)
        if self._fresh and self.isVisible():
            self._sharing.start()

    def _share_anew(self) -> None:
        heights = share_room(self, self.docks)
        if self.lender is not None:
            self.lender.forget(heights)

    def _grow_old(self) -> None:
        self._fresh = False  # from now on the heights are the person's

    def show_dock(self, name: str) -> None:
        """Brings a panel to the front."""
        self.docks[name].show()
        self.docks[name].raise_()

    def toggle_dock(self, name: str) -> None:
        """Shows a panel, brings it to the front of its tabs, or hides it."""
        dock = self.docks[name]
        if dock.isVisible() and not dock.visibleRegion().isEmpty():
            dock.hide()
        else:
            self.show_dock(name)

    def reset_layout(self) -> None:
        """All panels back to their first places."""
        if self.canvas_only:
            self.toggle_canvas_only()
        place_docks(self, self.docks)
        self._sharing.start()

    def toggle_canvas_only(self) -> None:
        """Hides or shows everything around the canvas."""
        self.canvas_only = not self.canvas_only
        if self.canvas_only:
            self._layout_before = self.saveState(LAYOUT_VERSION)
        for widget in (*self.bars, *self.docks.values()):
            widget.setVisible(not self.canvas_only)
        if not self.canvas_only:
            self.restoreState(self._layout_before, LAYOUT_VERSION)
        self.canvas_only_changed.emit()

    def restore_layout(self, geometry: bytes, layout: bytes) -> None:
        """Where window and panels were when `kept_layout` was asked; a first size without."""
        if not (geometry and self.restoreGeometry(QByteArray(geometry))):
            self.take_first_size(self.screen().availableSize())
        if layout:
            self.restoreState(QByteArray(layout), LAYOUT_VERSION)
        self._fresh = not layout

    def take_first_size(self, room: QSize) -> None:
        """A screen without room for it and its frame is filled instead: else the status bar were below the edge."""
        self.resize(FIRST_SIZE.boundedTo(room))
        if FIRST_SIZE.boundedTo(room - FRAME_ROOM) != FIRST_SIZE:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def kept_layout(self) -> tuple[bytes, bytes] | None:
        """Geometry and layout as they are; None while everything is hidden but the canvas."""
        if self.canvas_only:
            return None
        return bytes(self.saveGeometry().data()), bytes(self.saveState(LAYOUT_VERSION).data())
