"""The left side of the model library: a search, and sorts of models with how many there are of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from desktop.dialogs.model_library_entries import Asked, Counts
from desktop.dialogs.model_library_words import FAMILIES, KINDS, family_word, kind_word
from desktop.naming import named
from pipelines.contract.models import Family, ModelKind

SETTLE_MS = 80
VALUE = Qt.ItemDataRole.UserRole


class Sort(StrEnum):
    """The sections."""

    KIND = "kind"
    FAMILY = "family"
    TAG = "tag"
    FOLDER = "folder"
    STATE = "state"


class ModelFilters(QWidget):
    """Emits `asked_changed` with the `Asked`. Ticks of one section are alternatives; all sections must hold."""

    asked_changed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        """An empty widget: `build` fills it."""
        super().__init__(parent)
        self.setObjectName("modelFilters")
        self._counts = Counts({}, {}, {}, {}, 0)
        self._folders: tuple[str, ...] = ()
        self._checked: dict[Sort, set[Any]] = {sort: set() for sort in Sort}
        self._timer = named(QTimer(self), "modelFiltersTimer", interval=SETTLE_MS, singleShot=True)
        self._timer.timeout.connect(self._tell)

    def build(self) -> Iterator[None]:
        """Steps that fill it, each a few milliseconds."""
        self.search = named(QLineEdit(self), "modelSearch", clearButtonEnabled=True)
        yield
        self.tree = named(QTreeWidget(self), "modelSorts", headerHidden=True, uniformRowHeights=True)
        yield
        self.tree.setColumnCount(2)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(10)
        self.tree.setItemsExpandable(False)
        self.tree.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.tree.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        yield
        self.clear_all = named(QPushButton(self), "modelFiltersClear", autoDefault=False, enabled=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.search, self.tree, self.clear_all):
            layout.addWidget(widget)
        yield
        self.search.textChanged.connect(lambda _: self._timer.start())
        self.tree.itemClicked.connect(lambda item, _: self._tick(item))
        self.tree.installEventFilter(self)
        self.search.installEventFilter(self)
        self.clear_all.clicked.connect(self.clear)
        self.retranslate()
        yield

    @property
    def asked(self) -> Asked:
        """What is asked for now."""
        checked = self._checked
        return Asked(
            self.search.text(),
            frozenset(checked[Sort.KIND]),
            frozenset(checked[Sort.FAMILY]),
            frozenset(checked[Sort.FOLDER]),
            frozenset(checked[Sort.TAG]),
            bool(checked[Sort.STATE]),
        )

    def take(self, counts: Counts, folders: Iterable[str]) -> None:
        """There are so many of each sort now."""
        listed = tuple(folders)
        if (counts, listed) == (self._counts, self._folders):
            return
        self._counts, self._folders = counts, listed
        there = {
            Sort.KIND: set(counts.kinds),
            Sort.FAMILY: set(counts.families),
            Sort.TAG: set(counts.tags),
            Sort.FOLDER: set(self._folders),
            Sort.STATE: {True} if counts.problems else set(),
        }
        self._checked = {sort: ticks & there[sort] for sort, ticks in self._checked.items()}
        self._fill()
        self._tell()

    def only(self, sorts: Mapping[Sort, Iterable[Any]]) -> None:
        """Asks for these sorts and nothing else."""
        with QSignalBlocker(self.search):
            self.search.clear()
        self._checked = {one: set(sorts.get(one, ())) for one in Sort}
        self._fill()
        self._tell()

    def clear(self) -> None:
        """Asks for everything."""
        self.only({})

    def _tell(self) -> None:
        self._timer.stop()
        self.clear_all.setEnabled(self.asked != Asked())
        self.asked_changed.emit(self.asked)

    def _tick(self, item: QTreeWidgetItem | None) -> None:
        """Ticks a row, or takes its tick away."""
        section = item.parent() if item is not None else None
        if item is None or section is None:
            return
        sort = Sort(section.data(0, VALUE))
        value, ticks = _typed(sort, item.data(0, VALUE)), self._checked[sort]
        ticks.symmetric_difference_update({value})
        item.setCheckState(0, Qt.CheckState.Checked if value in ticks else Qt.CheckState.Unchecked)
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space and Enter tick the row that has the keyboard; Esc takes the searched words away first."""
        if watched is self.search:
            leave = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and bool(self.search.text())
            if leave and event.type() == QEvent.Type.KeyPress:
                self.search.clear()
            return leave or super().eventFilter(watched, event)
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in keys:
            self._tick(self.tree.currentItem())
            return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        with QSignalBlocker(self.tree):
            bar = self.tree.verticalScrollBar().value()
            self.tree.clear()
            counts = self._counts
            kinds = [(kind, kind_word(kind), counts.kinds[kind]) for kind in KINDS if kind in counts.kinds]
            families = [(one, family_word(one), counts.families[one]) for one in FAMILIES if one in counts.families]
            self._section(Sort.KIND, self.tr("Kind"), kinds)
            self._section(Sort.FAMILY, self.tr("Family"), families)
            if counts.problems:
                words = self.tr("Cannot be used")
                self._section(Sort.STATE, self.tr("State"), [(True, words, counts.problems)])
            self._section(Sort.TAG, self.tr("Tags"), [(tag, tag, counts.tags[tag]) for tag in sorted(counts.tags)])
            if len(self._folders) > 1:
                names = _folder_names(self._folders)
                rows = [(folder, names[folder], counts.folders.get(folder, 0)) for folder in self._folders]
                self._section(Sort.FOLDER, self.tr("Folder"), rows)
            self.tree.expandAll()
            self.tree.header().setStretchLastSection(False)
            self.tree.header().setSectionResizeMode(0, self.tree.header().ResizeMode.Stretch)
            self.tree.header().setSectionResizeMode(1, self.tree.header().ResizeMode.ResizeToContents)
            self.tree.verticalScrollBar().setValue(bar)

    def _section(self, sort: Sort, title: str, rows: list[tuple[Any, str, int]]) -> None:
        if not rows:
            return
        heading = QTreeWidgetItem(self.tree, [title])
        heading.setData(0, VALUE, sort.value)
        heading.setFirstColumnSpanned(True)
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        heading.setFont(0, bold)
        for value, words, count in rows:
            item = QTreeWidgetItem(heading, [words, str(count)])
            item.setData(0, VALUE, str(value))
            state = Qt.CheckState.Checked if value in self._checked[sort] else Qt.CheckState.Unchecked
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)  # a click anywhere ticks
            item.setCheckState(0, state)
            item.setForeground(1, self.palette().placeholderText())
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(0, str(value) if sort is Sort.FOLDER else words)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.search.setPlaceholderText(self.tr("Search models"))
        self.search.setToolTip(self.tr("Name, family, kind, tag or trigger word; several words must all be there"))
        self.tree.setToolTip(self.tr("Tick what should be shown; nothing ticked shows everything"))
        self.clear_all.setText(self.tr("Show All"))
        self.clear_all.setToolTip(self.tr("Take all ticks and the search away"))
        self._fill()


def _typed(sort: Sort, value: str) -> Any:
    """The value as it was before Qt kept it as text."""
    return {Sort.KIND: ModelKind, Sort.FAMILY: Family, Sort.STATE: bool}.get(sort, str)(value)


def _folder_names(folders: Iterable[str]) -> dict[str, str]:
    """Folders by their own name; where two have the same, with the one above."""
    listed = list(folders)
    names = [Path(folder).name or folder for folder in listed]
    return {
        folder: name if names.count(name) == 1 else f"{Path(folder).parent.name}/{name}"
        for folder, name in zip(listed, names, strict=True)
    }
