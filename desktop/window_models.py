"""The window's commands about models: downloads, the catalogue, and how far they are in the status bar."""

from __future__ import annotations

import asyncio
import importlib
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QToolButton

from desktop.ahead import in_slices, shown
from desktop.naming import named
from desktop.slots import Handler
from desktop.window_status import megabytes

if TYPE_CHECKING:
    from desktop.dialogs.downloads import DownloadsDialog
    from desktop.main_window import MainWindow

translate = QCoreApplication.translate
MEGABYTE = 2**20


class DownloadLabel(QToolButton):
    """`↓ 43 % · 21 MB/s` in the status bar while something is downloaded; a click shows the list."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        named(self, "statusDownloads", autoRaise=True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._downloads = window.program.downloads
        self._downloads.changed.connect(self.refresh)
        window.status.insertPermanentWidget(0, self)
        self.refresh()

    def refresh(self) -> None:
        """Shows how it stands."""
        busy = self._downloads.opened and self._downloads.summary.running > 0
        self.setVisible(busy)
        if not busy:
            return
        summary = self._downloads.summary
        parts = ["↓"] if summary.fraction is None else [f"↓ {math.floor(summary.fraction * 100)} %"]
        if summary.speed:
            parts.append(self.tr("{0} MB/s").format(f"{summary.speed / MEGABYTE:.1f}"))
        self.setText(" · ".join(parts))
        self.setToolTip(self.tr("{count} downloads; click to see them").format(count=summary.running))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)


def freed_words(models: int, freed: float) -> str:
    """What leaving models gave, bytes, in a sentence."""
    if not models:
        return translate("ModelCommands", "No model was in the engine's memory.")
    words = translate("ModelCommands", "{size} are free again. Models that left the engine's memory: {count}")
    return words.format(count=models, size=megabytes(int(freed)))


class ModelCommands:
    """Downloads and the catalogue of one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._downloads = window, window.program.downloads
        self._dialog: DownloadsDialog | None = None
        self._making = asyncio.Lock()
        self._asked = False
        self.label = DownloadLabel(window)
        self.label.clicked.connect(window.slots.wrap(self.show_downloads))
        self._downloads.states_changed.connect(window.refresh_actions)
        self._downloads.arrived.connect(self._arrived)
        self._downloads.failed.connect(self._failed)
        window.program.router.engine_released.connect(self._released)

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "models.download": self.download,
            "models.catalogue": self.show_catalogue,
            "models.pause-downloads": self._downloads.pause_all,
            "models.resume-downloads": self.resume_all,
            "models.release": self.release,
            "models.forget-keys": self.forget_keys,
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {"downloads": lambda: self._downloads.opened and self._downloads.summary.running > 0}

    async def download(self) -> DownloadsDialog:
        """The dialog, ready to be typed into; with what is left of the last time."""
        dialog = await self._open()
        dialog.address.setFocus()
        dialog.show_list(has_entries_only=True)
        return dialog

    async def show_downloads(self) -> None:
        """The dialog with the list in front."""
        (await self._open()).show_list()

    async def show_catalogue(self) -> None:
        """The dialog with the catalogue in front."""
        (await self._open()).show_catalogue()

    async def search_catalogue(self, words: str) -> None:
        """The catalogue in front, with these words searched for."""
        dialog = await self._open()
        dialog.show_catalogue()
        dialog.catalogue.search.setText(words)

    async def resume_all(self) -> None:
        """Goes on with all that waits."""
        if not await self._downloads.resume_all():
            self._window.note(translate("ModelCommands", "There are no paused downloads."))

    async def forget_keys(self) -> None:
        """Takes the keys of model sites out of the keyring."""
        sentence = await self._downloads.forget_keys()
        self._window.note(sentence or translate("ModelCommands", "The keys of model sites are forgotten."))

    async def release(self) -> None:
        """Takes every model out of the engine's memory; a note says what that gave."""
        self._asked = True
        await self._window.program.router.release()

    def _released(self, models: int, freed: float) -> None:
        if self._asked:  # every window hears of it
            self._asked = False
            self._window.note(freed_words(models, freed))

    async def _open(self) -> DownloadsDialog:
        """The dialog, in front; it is built in slices when it is not there yet."""
        await asyncio.to_thread(importlib.import_module, "desktop.dialogs.downloads")
        await self._downloads.open()
        async with self._making:
            if self._dialog is None:
                self._dialog = await self._make()
                await shown(self._dialog, [self._dialog.tabs])
        self._dialog.raise_()
        self._dialog.activateWindow()
        return self._dialog

    async def _make(self) -> DownloadsDialog:
        from desktop.dialogs.downloads import DownloadsDialog
        from pipelines.library.downloads.catalogue import read_catalogue

        dialog = DownloadsDialog(self._window, await asyncio.to_thread(read_catalogue))
        await in_slices(dialog.build())
        dialog.finished.connect(self._closed)
        return dialog

    def _closed(self) -> None:
        self._dialog = None

    def _arrived(self, title: str) -> None:
        self._window.note(translate("ModelCommands", "{title} is in the library.").format(title=title))

    def _failed(self, sentence: str) -> None:
        if self._dialog is None and self._window.isActiveWindow():  # the dialog shows it at its place
            self._window.say(sentence)

    def release_document(self) -> None:
        """Listens no longer."""
        self._downloads.states_changed.disconnect(self._window.refresh_actions)
        self._downloads.arrived.disconnect(self._arrived)
        self._downloads.failed.disconnect(self._failed)
        self._window.program.router.engine_released.disconnect(self._released)
        self._downloads.changed.disconnect(self.label.refresh)
