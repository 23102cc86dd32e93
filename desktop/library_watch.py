"""Tells the window's thread when models come, go or change on the disk, and has their hashes worked out meanwhile."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.naming import named

if TYPE_CHECKING:
    from pipelines.library.registry import Library
    from pipelines.library.watching import Watch

HASHES_AFTER_MS = 60_000
"""Nothing else should want the disk just after the start."""
EVERY = 3.0
"""Seconds between two looks."""


class LibraryWatch(QObject):
    """One for the program."""

    changed = Signal()
    """The library has scanned: other models are there now."""
    _noticed = Signal()

    def __init__(self, library: Library, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("libraryWatch")
        self._library = library
        self._watch: Watch | None = None
        self._noticed.connect(self.changed, Qt.ConnectionType.QueuedConnection)  # the watch's thread emits
        self._hashes = named(QTimer(self), "libraryHashes", interval=HASHES_AFTER_MS, singleShot=True)
        self._hashes.timeout.connect(self._begin_hashes)

    async def start(self, every: float | None = None) -> None:
        """Begins to look, every so many seconds."""
        if self._watch is None:
            pause = EVERY if every is None else every
            self._watch = await asyncio.to_thread(self._library.watch, self._noticed.emit, pause)
            self._hashes.start()

    def _begin_hashes(self) -> None:
        threading.Thread(target=self._library.hash_everything, name="model hashes", daemon=True).start()

    async def stop(self) -> None:
        """Looks no longer."""
        self._hashes.stop()
        watch, self._watch = self._watch, None
        if watch is not None:
            await asyncio.to_thread(watch.stop)
