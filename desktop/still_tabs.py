"""Tabs whose pages may change what they hold without everything being laid out and painted anew."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QTabWidget, QWidget


class StillTabs(QTabWidget):
    """Qt's own tabs paint all they hold whenever a label in them gets another text; these only when they need more
    room, or less."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = QSize()

    def event(self, event: QEvent) -> bool:
        """Leaves out requests for a layout that would be the same."""
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            room = self.minimumSizeHint()
            if room == self._room:
                return True
            self._room = room
        return super().event(event)
