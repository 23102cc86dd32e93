"""The middle of the model library: the list, how many there are, how they look, and what to do while there are none."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.dialogs.model_library_cards import ModelGrid
from desktop.dialogs.model_library_entries import Asked, ModelEntries
from desktop.dialogs.model_library_pictures import ModelPictures
from desktop.naming import named
from pipelines.library.probe import STARTER_ID


class ModelMiddle(QWidget):
    """The list, with what stands over and under it. `build` fills it."""

    look_chosen = Signal(bool)
    """Cards (True) or rows."""
    folder_wanted = Signal()
    """A folder shall be added."""
    catalogue_wanted = Signal()

    def __init__(self, entries: ModelEntries, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("modelMiddle")
        self.setMinimumWidth(200)
        self._entries, self._asked = entries, Asked()
        self._seen = False

    def build(self, pictures: ModelPictures) -> Iterator[None]:
        """Steps that fill it, each a few milliseconds."""
        self.grid = ModelGrid(self._entries, pictures, self)
        yield
        self.count = named(QLabel(self), "modelCount", role="dim")
        self.as_cards = named(QToolButton(self), "modelAsCards", text="▦", checkable=True, segment="panel")
        self.as_rows = named(QToolButton(self), "modelAsRows", text="☰", checkable=True, segment="panel")
        yield
        self.empty = named(QFrame(self), "modelsEmpty", visible=False)
        self.empty.setProperty("card", True)
        self.empty_words = named(QLabel(self.empty), "modelsEmptyWords", wordWrap=True)
        self.empty_add = named(QPushButton(self.empty), "modelsEmptyAdd", autoDefault=False, primary=True)
        self.empty_catalogue = named(QPushButton(self.empty), "modelsEmptyCatalogue", autoDefault=False)
        yield
        self._lay_out()
        self.as_cards.clicked.connect(lambda: self.look_chosen.emit(True))
        self.as_rows.clicked.connect(lambda: self.look_chosen.emit(False))
        self.empty_add.clicked.connect(self.folder_wanted)
        self.empty_catalogue.clicked.connect(self.catalogue_wanted)
        self.retranslate()
        yield

    def _lay_out(self) -> None:
        line, buttons = QHBoxLayout(), QHBoxLayout()
        line.addWidget(self.count, 1)
        line.addWidget(self.as_cards)
        line.addWidget(self.as_rows)
        buttons.addWidget(self.empty_add)
        buttons.addWidget(self.empty_catalogue)
        buttons.addStretch(1)
        inside = QVBoxLayout(self.empty)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.addWidget(self.empty_words)
        inside.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self.grid, 1)
        column.addWidget(self.empty)

    def show_as(self, *, cards: bool) -> None:
        """Cards with pictures, or rows."""
        self.as_cards.setChecked(cards)
        self.as_rows.setChecked(not cards)
        self.grid.show_as(cards=cards)

    def show_count(self, asked: Asked) -> None:
        """The library has been looked at: how many of all are asked for, and what to do when there are few."""
        self._asked, self._seen = asked, True
        shown, all_ = len(self._entries.shown), len(self._entries.all)
        words = self.tr("Models: {count}") if asked == Asked() else self.tr("Models: {count} of {all}")
        self.count.setText(words.format(count=shown, all=all_))
        only_starter = all(entry.info.id == STARTER_ID for entry in self._entries.all)
        self.empty.setVisible(only_starter or not shown)
        if only_starter:
            self.empty_words.setText(
                self.tr(
                    "The starter model paints small ink landscapes. Models of your own come in from any folder: of "
                    "A1111, Forge, ComfyUI, InvokeAI or the Hugging Face cache. Add it here or drop it on this "
                    "window; nothing is copied. The catalogue brings well-known ones from the network."
                )
            )
        else:
            self.empty_words.setText(self.tr("Nothing was found. Take ticks or words away, or add more folders."))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.as_cards.setToolTip(self.tr("Cards with pictures"))
        self.as_rows.setToolTip(self.tr("Rows"))
        self.empty_add.setText(self.tr("Add Folder…"))
        self.empty_add.setToolTip(self.tr("Add a folder with models; nothing is copied"))
        self.empty_catalogue.setText(self.tr("Catalogue…"))
        self.empty_catalogue.setToolTip(self.tr("Well-known models of every family, from the network"))
        if self._seen:
            self.show_count(self._asked)
