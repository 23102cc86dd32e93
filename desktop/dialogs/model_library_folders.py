"""The folders of the model library: what they were recognised as, how many models they hold; add and remove."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.dialogs.files import choose_folder
from desktop.dialogs.model_library_words import layout_word
from desktop.naming import named
from desktop.slots import Slots
from desktop.spoken import spoken
from pipelines.contract.errors import ModelError
from pipelines.library.scan import MODEL_SUFFIXES

if TYPE_CHECKING:
    from desktop.program import Program
    from pipelines.library.registry import Library


class FoldersPage(QWidget):
    """Everything happens in place and in a thread: no file is copied, moved or changed."""

    def __init__(self, program: Program, slots: Slots, parent: QWidget) -> None:
        """An empty page: `build` fills it."""
        super().__init__(parent)
        self.setObjectName("modelFoldersPage")
        self._program, self._slots = program, slots
        self._counts: Mapping[str, int] = {}
        self._known: list[tuple[Path, str]] = []

    def build(self) -> Iterator[None]:
        """Steps that fill it, each a few milliseconds."""
        self.heading = named(QLabel(self), "modelFoldersHeading", wordWrap=True, role="dim")
        self.list = named(QTreeWidget(self), "modelFoldersList", rootIsDecorated=False, uniformRowHeights=True)
        self.list.setColumnCount(3)
        yield
        self.add = named(QPushButton(self), "modelFoldersAdd", autoDefault=False, primary=True)
        self.remove = named(QPushButton(self), "modelFoldersRemove", enabled=False, autoDefault=False)
        self.open = named(QPushButton(self), "modelFoldersOpen", enabled=False, autoDefault=False)
        self.rescan = named(QPushButton(self), "modelFoldersRescan", autoDefault=False)
        self.bar = named(QProgressBar(self), "modelFoldersProgress", textVisible=False)
        self.bar.setFixedHeight(4)
        self.bar.setRange(0, 1)
        yield
        self._lay_out()
        self.add.clicked.connect(self._slots.wrap(self.add_folder))
        self.remove.clicked.connect(self._slots.wrap(self._remove))
        self.open.clicked.connect(self._open)
        self.rescan.clicked.connect(self._slots.wrap(self.look_again))
        self.list.itemSelectionChanged.connect(self._show_buttons)
        self.list.itemDoubleClicked.connect(lambda *_: self._open())
        self.retranslate()
        yield

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.add, self.remove, self.open, self.rescan):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.heading)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.bar)
        layout.addLayout(buttons)

    async def look(self, counts: Mapping[str, int]) -> None:
        """Shows the folders as they are now, with so many models in each."""
        self._counts = counts
        self._known = await asyncio.to_thread(_recognised, self._program.library)
        self._fill()

    async def add_folder(self) -> None:
        """Asks for a folder and looks into it."""
        path = await choose_folder(self, self.tr("Folder with models"), str(Path.home()))
        if path is not None:
            await self.change(lambda: self._program.library.add_folder(path))

    async def look_again(self) -> None:
        """Looks through all folders."""
        await self.change(lambda: None)

    async def change(self, work: Callable[[], None]) -> None:
        """Does the work and a scan in a thread, with the bar running."""
        self._busy(True)
        try:
            await asyncio.to_thread(work)
            await self._program.rescan()
        finally:
            self._busy(False)

    async def _remove(self) -> None:
        folder = self.chosen
        if folder is not None:
            await self.change(lambda: self._program.library.remove_folder(folder))

    @property
    def chosen(self) -> Path | None:
        """The folder that is chosen in the list."""
        items = self.list.selectedItems()
        return Path(items[0].text(0)) if items else None

    def _open(self) -> None:
        folder = self.chosen
        if folder is not None:
            place = folder.parent if folder.suffix.lower() in MODEL_SUFFIXES else folder
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))

    def _busy(self, on: bool) -> None:
        self.bar.setRange(0, 0 if on else 1)
        for button in (self.add, self.rescan):
            button.setEnabled(not on)
        self._show_buttons()

    def _show_buttons(self) -> None:
        idle = self.bar.maximum() > 0
        self.remove.setEnabled(idle and self.chosen is not None)
        self.open.setEnabled(self.chosen is not None)

    def _fill(self) -> None:
        chosen = self.chosen
        self.list.clear()
        for folder, words in self._known:
            item = QTreeWidgetItem(self.list, [str(folder), words, str(self._counts.get(str(folder), 0))])
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(0, str(folder))
            item.setSelected(folder == chosen)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._show_buttons()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._slots.start(self.look(self._counts))
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.heading.setText(
            self.tr(
                "Models stay where they are: folders of Stable Diffusion WebUI, Forge, ComfyUI, InvokeAI, of the "
                "Hugging Face cache, or any other. Only headers are read; nothing is copied or changed. What changes "
                "on the disk appears by itself."
            )
        )
        self.list.setHeaderLabels([self.tr("Folder"), self.tr("Recognised as"), self.tr("Models")])
        self.list.setToolTip(self.tr("Folders that are looked through, with everything in them"))
        self.add.setText(self.tr("Add Folder…"))
        self.add.setToolTip(self.tr("Add a folder with models; dropping one on this window does the same"))
        self.remove.setText(self.tr("Remove"))
        self.remove.setToolTip(self.tr("Take the chosen folder out of this list; no file is deleted"))
        self.open.setText(self.tr("Open"))
        self.open.setToolTip(self.tr("Show the chosen folder"))
        self.rescan.setText(self.tr("Look Again"))
        self.rescan.setToolTip(self.tr("Look through all folders again"))


def _recognised(library: Library) -> list[tuple[Path, str]]:
    """Each folder and what it is, in words."""
    from PySide6.QtCore import QCoreApplication

    found: list[tuple[Path, str]] = []
    for folder in library.folders:
        if folder.suffix.lower() in MODEL_SUFFIXES and folder.is_file():
            words = QCoreApplication.translate("models", "one file")
        elif not folder.exists():
            words = QCoreApplication.translate("models", "not there now")
        else:
            try:
                words = layout_word(library.layout_of(folder).name)
            except ModelError as error:
                words = spoken(str(error))
        found.append((folder, words))
    return found
