"""Under the list of the history panel: what is done most often, and a menu with everything else."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from desktop.naming import named
from desktop.panels.history_glyphs import history_glyph

BUTTONS = ("log.apply", "log.use-settings", "log.compare-wipe")
MENU = (
    "log.play", "log.apply", "log.apply-here", "log.use-settings", "log.reproduce", "log.vary", "",
    "log.compare-wipe", "log.compare-difference", "log.compare-flicker", "",
    "log.star", "log.note", "log.show", "log.parent", "",
    "log.copy-prompt", "log.copy-seed", "log.copy-all", "",
    "log.delete", "log.restore",
)  # fmt: skip
"""The context menu; an empty name is a line."""


class HistoryFoot(QWidget):
    """Buttons and menu stand for the window's actions; one more button shows and hides the details."""

    detailsToggled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("historyFoot")
        self._actions: Mapping[str, QAction] = {}
        self.buttons = [named(QToolButton(self), f"history-{name}", plain=True) for name in BUTTONS]
        self.more = named(QToolButton(self), "historyMore", autoRaise=True, segment="panel")
        self.info = named(QToolButton(self), "historyInfo", autoRaise=True, checkable=True, segment="panel")
        self._by_hand = False
        self.info.clicked.connect(lambda: setattr(self, "_by_hand", True))
        self.info.toggled.connect(lambda _: self.detailsToggled.emit())
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = named(QMenu(self), "historyMenu", toolTipsVisible=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in self.buttons:
            button.setMinimumWidth(24)  # a narrow panel cuts words off rather than growing over the canvas
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.info)
        row.addWidget(self.more)
        self.dress()
        self.retranslate()

    def use_actions(self, actions: Mapping[str, QAction]) -> None:
        """Takes the window's actions."""
        self._actions = actions
        for name, button in zip(BUTTONS, self.buttons, strict=True):
            button.clicked.connect(actions[name].trigger)
            actions[name].changed.connect(self._follow_actions)
        for name in MENU:
            if not name:
                self.menu.addSeparator()
            elif name in actions:
                self.menu.addAction(actions[name])
        self.more.setMenu(self.menu)
        self._follow_actions()

    def make_room(self, roomy: bool) -> None:
        """Shows the details where there is room for them, unless the painter has said otherwise."""
        if not self._by_hand:
            self.info.setChecked(roomy)

    def trigger(self, name: str) -> None:
        """Runs an action, if it is possible now."""
        if name in self._actions:
            self._actions[name].trigger()

    def _follow_actions(self) -> None:
        """Buttons can be pressed where their actions can; their own words are shorter than those of the menu."""
        for name, button in zip(BUTTONS, self.buttons, strict=True):
            action = self._actions[name]
            button.setEnabled(action.isEnabled())
            button.setToolTip(action.toolTip())

    def dress(self) -> None:
        """Draws the icon in the theme's ink."""
        ink = self.palette().color(QPalette.ColorRole.ButtonText)
        self.more.setIcon(history_glyph("more", ink))
        self.info.setIcon(history_glyph("info", ink))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language or theme."""
        if hasattr(self, "menu"):
            if event.type() == QEvent.Type.LanguageChange:
                self.retranslate()
            elif event.type() == QEvent.Type.PaletteChange:
                self.dress()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        for button, word in zip(self.buttons, (self.tr("Apply"), self.tr("Reuse"), self.tr("Compare")), strict=True):
            button.setText(word)
        self.info.setToolTip(self.tr("Show everything known of it, and the note"))
        self.more.setToolTip(self.tr("Everything that can be done with it"))
