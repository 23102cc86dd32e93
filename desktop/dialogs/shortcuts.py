"""All keys on one page, searchable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout

from desktop.actions.table import ACTIONS, native_shortcut, translate
from desktop.naming import named

if TYPE_CHECKING:
    from desktop.main_window import MainWindow


class ShortcutsDialog(QDialog):
    """A list of actions and keys, by menu, that stays open beside the painting."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("shortcutsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(520, 640)
        self.field = named(QLineEdit(self), "shortcutsFilter", clearButtonEnabled=True)
        self.field.setPlaceholderText(self.tr("Search"))
        self.field.setToolTip(self.tr("Shows only the actions that contain these letters"))
        self.tree = named(QTreeWidget(self), "shortcutsTree")
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.tree.setRootIsDecorated(False)
        self.tree.setColumnWidth(0, 330)
        layout = QVBoxLayout(self)
        layout.addWidget(self.field)
        layout.addWidget(self.tree)
        self._fill(window)
        self.field.textChanged.connect(self._filter)

    def _fill(self, window: MainWindow) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for spec in ACTIONS:
            keys = native_shortcut(spec)
            if not keys:
                continue
            path = window.action_set.menu_path(spec).split(" › ", maxsplit=1)[0]
            if path not in groups:
                groups[path] = QTreeWidgetItem(self.tree, [path])
                groups[path].setFlags(Qt.ItemFlag.ItemIsEnabled)
            QTreeWidgetItem(groups[path], [translate(spec.text).rstrip("…"), keys])
        hold = QTreeWidgetItem(self.tree, [self.tr("While held, or with the mouse")])
        for what, keys in (
            (self.tr("Move the view"), self.tr("Space, middle button")),
            (self.tr("Turn the view"), self.tr("R and drag")),
            (self.tr("Take a colour with the brush in hand"), "Alt"),
            (self.tr("Zoom at the pointer"), self.tr("wheel")),
        ):
            QTreeWidgetItem(hold, [what, keys])
        self.tree.expandAll()

    def _filter(self, words: str) -> None:
        wanted = words.casefold()
        for number in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(number)
            rows = [group.child(row) for row in range(group.childCount())] if group else []
            shown = 0
            for item in filter(None, rows):
                hit = wanted in item.text(0).casefold() or wanted in item.text(1).casefold()
                item.setHidden(not hit)
                shown += hit
            if group:
                group.setHidden(not shown)
