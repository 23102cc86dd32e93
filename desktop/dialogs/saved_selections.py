"""Selections that were kept under a name: load them in one of four ways, or delete them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QDialog, QGridLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from canvas.changes import ChangeKind, DocumentChange
from canvas.document import Document
from canvas.selection import Combine, Selection
from desktop.naming import named

SIDE = 44


class SavedSelectionsDialog(QDialog):
    """A list with small pictures; a double click loads."""

    chosen = Signal(str, str)
    """Name of the selection, and how it meets the one that stands (a value of Combine)."""
    deleted = Signal(str)

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("savedSelectionsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._document = document
        self.names = named(QListWidget(self), "savedSelectionsList")
        self.names.setIconSize(QSize(SIDE, SIDE))
        self.buttons = {
            how: named(QPushButton(self), f"savedSelections-{how.value}", autoDefault=False) for how in Combine
        }
        self.delete = named(QPushButton(self), "savedSelectionsDelete", autoDefault=False)
        self.closing = named(QPushButton(self), "savedSelectionsClose", autoDefault=False)
        self.buttons[Combine.REPLACE].setDefault(True)
        grid = QGridLayout()
        for place, how in enumerate(Combine):
            grid.addWidget(self.buttons[how], place // 2, place % 2)
            self.buttons[how].clicked.connect(lambda _=False, how=how: self._load(how))
        grid.addWidget(self.delete, 2, 0)
        grid.addWidget(self.closing, 2, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.names)
        layout.addLayout(grid)
        self.names.itemDoubleClicked.connect(lambda _: self._load(Combine.REPLACE))
        self.names.currentRowChanged.connect(lambda _: self._enable())
        self.delete.clicked.connect(lambda: self.deleted.emit(self.current()))
        self.closing.clicked.connect(self.reject)
        self._disconnect = document.changed.connect(self._changed)
        self.resize(340, 380)
        self.fill()
        self.retranslate()

    def current(self) -> str:
        """The chosen name, or empty."""
        item = self.names.currentItem()
        return item.text() if item is not None else ""

    def fill(self) -> None:
        """The names as the document has them now."""
        row = max(self.names.currentRow(), 0)
        self.names.clear()
        for name, selection in self._document.saved_selections.items():
            self.names.addItem(QListWidgetItem(QIcon(_small(selection)), name))
        self.names.setCurrentRow(min(row, self.names.count() - 1))
        self._enable()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Saved selections"))
        texts = {
            Combine.REPLACE: (self.tr("Load"), self.tr("Select this instead")),
            Combine.ADD: (self.tr("Add"), self.tr("Select this too")),
            Combine.SUBTRACT: (self.tr("Take away"), self.tr("Take this away from the selection")),
            Combine.INTERSECT: (self.tr("Intersect"), self.tr("Keep what is in both")),
        }
        for how, (text, tip) in texts.items():
            self.buttons[how].setText(text)
            self.buttons[how].setToolTip(tip)
        self.delete.setText(self.tr("Delete"))
        self.delete.setToolTip(self.tr("Forget this selection; undo brings it back"))
        self.closing.setText(self.tr("Close"))
        self.names.setToolTip(self.tr("A double click loads"))

    def done(self, result: int) -> None:
        """Listens no longer."""
        self._disconnect()
        super().done(result)

    def _changed(self, change: DocumentChange) -> None:
        if change.kind is ChangeKind.SAVED_SELECTIONS:
            self.fill()

    def _enable(self) -> None:
        for button in (*self.buttons.values(), self.delete):
            button.setEnabled(bool(self.current()))

    def _load(self, how: Combine) -> None:
        name = self.current()
        if name:
            self.chosen.emit(name, how.value)
            self.accept()


def _small(selection: Selection) -> QPixmap:
    """White where selected, on black."""
    mask = selection.mask
    if selection.is_empty:
        blank = QPixmap(SIDE, SIDE)
        blank.fill(Qt.GlobalColor.black)
        return blank
    step = max(1, max(mask.shape) // (2 * SIDE))
    part = mask[::step, ::step].copy()
    image = QImage(part.data, part.shape[1], part.shape[0], part.shape[1], QImage.Format.Format_Grayscale8).copy()
    fitted = image.scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return QPixmap.fromImage(fitted)
