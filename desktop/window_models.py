"""The window's commands about models: downloads, the catalogue, and how far they are in the status bar."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QToolButton

from desktop.naming import named
from desktop.slots import Handler

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


class ModelCommands:
    """Downloads and the catalogue of one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._downloads = window, window.program.downloads
        self._dialog: DownloadsDialog | None = None
        self.label = DownloadLabel(window)
        self.label.clicked.connect(window.slots.wrap(self.show_downloads))
        self._downloads.states_changed.connect(window.refresh_actions)
        self._downloads.arrived.connect(self._arrived)
        self._downloads.failed.connect(self._failed)

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "models.download": self.download,
            "models.catalogue": self.show_catalogue,
            "models.pause-downloads": self._downloads.pause_all,
            "models.resume-downloads": self.resume_all,
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

    async def resume_all(self) -> None:
        """Goes on with all that waits."""
        if not await self._downloads.resume_all():
            self._window.note(translate("ModelCommands", "There are no paused downloads."))

    async def forget_keys(self) -> None:
        """Takes the keys of model sites out of the keyring."""
        sentence = await self._downloads.forget_keys()
        self._window.note(sentence or translate("ModelCommands", "The keys of model sites are forgotten."))

    async def _open(self) -> DownloadsDialog:
        from desktop.dialogs.downloads import DownloadsDialog  # not for every start

        await self._downloads.open()
        if self._dialog is None:
            dialog = DownloadsDialog(self._window)
            dialog.finished.connect(self._closed)
            self._dialog = dialog
            dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        return self._dialog

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
        self._downloads.changed.disconnect(self.label.refresh)
