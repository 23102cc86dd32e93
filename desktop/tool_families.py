"""Tools that share one place of the bar: a click takes the last one used, holding the button shows them all."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from desktop.naming import named

FAMILIES = (
    ("tool.lasso", "tool.polygon-lasso", "tool.magnetic-lasso"),
    ("tool.rectangle", "tool.ellipse"),
    ("tool.wand", "tool.select-color"),
    ("tool.frame", "tool.extend"),
)
"""The first of each stands in the bar until another one is used."""
CORNER = 4.0
HOLD_MS = 350


class FamilyButton(QToolButton):
    """A button of several tools, with a small corner that says so; a right click opens the list too.

    The list is opened with `popup`: a tool button's own menu would run an event loop of its own.
    """

    def __init__(self, actions: Sequence[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.family = named(QMenu(self), f"family-{actions[0].objectName()}")
        self.family.setToolTipsVisible(True)
        self.family.addActions(list(actions))
        self._hold = named(QTimer(self), "holdTimer", interval=HOLD_MS, singleShot=True)
        self._hold.timeout.connect(self.show_family)
        self.pressed.connect(self._hold.start)
        self.released.connect(self._hold.stop)
        self.setDefaultAction(actions[0])
        for action in actions:
            action.toggled.connect(lambda on, chosen=action: self.setDefaultAction(chosen) if on else None)

    def show_family(self) -> None:
        """The list of all tools that share this place."""
        self.setDown(False)
        self.family.popup(self.mapToGlobal(QPoint(self.width(), 0)))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """All of the family."""
        event.accept()
        self.show_family()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, with a corner."""
        super().paintEvent(event)
        right, bottom = self.width() - 4.0, self.height() - 4.0
        corner = QPolygonF([QPointF(right, bottom - CORNER), QPointF(right, bottom), QPointF(right - CORNER, bottom)])
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().color(QPalette.ColorRole.ButtonText))
            painter.drawPolygon(corner)
