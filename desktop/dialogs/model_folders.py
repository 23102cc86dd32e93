"""Model folders: where models are looked for, what was found there, and what is wrong with the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.dialogs.files import choose_folder
from desktop.naming import named
from desktop.slots import Slots
from pipelines.contract.models import ModelInfo

if TYPE_CHECKING:
    from desktop.program import Program


class ModelFoldersDialog(QDialog):
    """Folders above, models below. Scanning happens in a thread; the window stays free."""

    def __init__(self, program: Program, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("modelFoldersDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._program = program
        self._slots = Slots(self)
        self.heading = named(QLabel(self), "modelFoldersHeading", wordWrap=True)
        self.list = named(QListWidget(self), "modelFoldersList")
        self.list.setMaximumHeight(120)
        self.add = named(QPushButton(self), "modelFoldersAdd")
        self.remove = named(QPushButton(self), "modelFoldersRemove", enabled=False)
        self.rescan = named(QPushButton(self), "modelFoldersRescan")
        self.bar = named(QProgressBar(self), "modelFoldersProgress", textVisible=False)
        self.bar.setFixedHeight(4)
        self.bar.setRange(0, 1)
        self.models = named(QTreeWidget(self), "modelFoldersModels")
        self.models.setColumnCount(3)
        self.models.setRootIsDecorated(False)
        self.problem = named(QLabel(self), "modelFoldersProblem", wordWrap=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show_folders()
        self._show_models()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.add, self.remove, self.rescan):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(8)
        for widget in (self.heading, self.list):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addWidget(self.bar)
        layout.addWidget(self.models, 1)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)
        self.resize(680, 520)

    def _connect(self) -> None:
        self.add.clicked.connect(self._slots.wrap(self._add))
        self.remove.clicked.connect(self._slots.wrap(self._remove))
        self.rescan.clicked.connect(self._slots.wrap(self._rescan))
        self.list.itemSelectionChanged.connect(lambda: self.remove.setEnabled(bool(self.list.selectedItems())))
        self.models.itemSelectionChanged.connect(self._show_problem)
        self.buttons.rejected.connect(self.reject)
        self._program.models_changed.connect(self._show_models)
        self._slots.failed.connect(self.problem.setText)

    async def _add(self) -> None:
        """Asks for a folder and looks into it."""
        path = await choose_folder(self, self.tr("Folder with models"), str(Path.home()))
        if path is not None:
            await self._change(lambda: self._program.library.add_folder(path))

    async def _remove(self) -> None:
        """Takes the chosen folder out of the library; no file is touched."""
        items = self.list.selectedItems()
        if items:
            folder = items[0].text()
            await self._change(lambda: self._program.library.remove_folder(folder))

    async def _rescan(self) -> None:
        """Looks through all folders again."""
        await self._change(lambda: None)

    async def _change(self, work: Callable[[], None]) -> None:
        """Does the work and a scan in a thread, with the bar running."""
        self.problem.clear()
        self._busy(True)
        try:
            await asyncio.to_thread(work)
            await self._program.rescan()
        finally:
            self._busy(False)
            self._show_folders()

    def _busy(self, on: bool) -> None:
        self.bar.setRange(0, 0 if on else 1)
        for button in (self.add, self.rescan):
            button.setEnabled(not on)
        self.remove.setEnabled(not on and bool(self.list.selectedItems()))

    def _show_folders(self) -> None:
        self.list.clear()
        self.list.addItems([str(folder) for folder in self._program.library.folders])

    def _show_models(self) -> None:
        self.models.clear()
        for info in self._program.models:
            item = QTreeWidgetItem(self.models, [info.name, str(info.family), self._note(info)])
            item.setData(0, Qt.ItemDataRole.UserRole, info.problem)
            item.setToolTip(0, info.path)
            item.setToolTip(2, info.problem)
        for column, width in enumerate((240, 90)):
            self.models.setColumnWidth(column, width)

    def _note(self, info: ModelInfo) -> str:
        if info.problem:
            return info.problem
        size = f"{info.size_bytes / 2**30:.1f} GB" if info.size_bytes > 2**30 else f"{info.size_bytes / 2**20:.0f} MB"
        return " · ".join(filter(None, (str(info.kind), info.variant, size if info.size_bytes else "")))

    def _show_problem(self) -> None:
        items = self.models.selectedItems()
        self.problem.setText(str(items[0].data(0, Qt.ItemDataRole.UserRole)) if items else "")

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Model folders"))
        self.heading.setText(
            self.tr(
                "Diffusers folders and single .safetensors files in these folders can be chosen in the prompt panel. "
                "Only headers are read; nothing is copied or changed."
            )
        )
        self.list.setToolTip(self.tr("Folders that are looked through, with everything in them"))
        self.models.setToolTip(self.tr("What was found; choose a row to read what is wrong with it"))
        self.models.setHeaderLabels([self.tr("Model"), self.tr("Family"), self.tr("Details")])
        self.add.setText(self.tr("Add…"))
        self.add.setToolTip(self.tr("Add a folder with models"))
        self.remove.setText(self.tr("Remove"))
        self.remove.setToolTip(self.tr("Take the chosen folder out of this list; no file is deleted"))
        self.rescan.setText(self.tr("Look again"))
        self.rescan.setToolTip(self.tr("Look through all folders again"))
