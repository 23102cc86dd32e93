"""File dialogs as coroutines. They are opened, never `exec`ed: the event loop goes on under them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QWidget


async def finished(dialog: QDialog) -> int:
    """Opens a dialog and waits for its end; gives its result code."""
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(code: int) -> None:
        if not future.done():
            future.set_result(code)

    dialog.finished.connect(end)
    dialog.open()
    return await future


def _dialog(parent: QWidget, title: str, folder: str, name: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, folder)
    dialog.setObjectName(name)
    return dialog


async def _chosen(dialog: QFileDialog) -> list[Path]:
    try:
        accepted = await finished(dialog) == QDialog.DialogCode.Accepted
        return [Path(name) for name in dialog.selectedFiles()] if accepted else []
    finally:
        dialog.deleteLater()  # not when it closes: then there would be nothing left to ask


async def choose_files(parent: QWidget, title: str, folder: str, filters: list[str]) -> list[Path]:
    """Existing files to open; empty when it was cancelled."""
    dialog = _dialog(parent, title, folder, "openFilesDialog")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters(filters)
    return await _chosen(dialog)


async def choose_folder(parent: QWidget, title: str, folder: str) -> Path | None:
    """An existing folder, or None."""
    dialog = _dialog(parent, title, folder, "chooseFolderDialog")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return next(iter(await _chosen(dialog)), None)


async def choose_target(parent: QWidget, title: str, proposal: Path, filters: list[str]) -> Path | None:
    """A file to write, with the proposal's suffix where none was typed; None when it was cancelled."""
    dialog = _dialog(parent, title, str(proposal.parent), "saveFileDialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(filters)
    dialog.setDefaultSuffix(proposal.suffix.lstrip("."))
    dialog.selectFile(proposal.name)
    return next(iter(await _chosen(dialog)), None)
