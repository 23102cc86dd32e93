"""Long work about one model, with progress and a way to stop it: a bar that is there while something runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from desktop.naming import named

LOOK_MS = 80
PARTS = 1000
T = TypeVar("T")
Work = Callable[[Callable[[int, int], None], Callable[[], bool]], T]
"""Is given what to tell progress (done, all) and what says whether to stop."""


class WorkBar(QWidget):
    """One piece of work at a time, in a thread."""

    busy_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("modelWork")
        self.label = named(QLabel(self), "modelWorkLabel", wordWrap=True)
        self.bar = named(QProgressBar(self), "modelWorkProgress", textVisible=False)
        self.bar.setFixedHeight(4)
        self.stop = named(QToolButton(self), "modelWorkStop", text="✕", autoRaise=True)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.bar, 1)
        line.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.label)
        layout.addLayout(line)
        self._cancelled = threading.Event()
        self._told = (0, 0)
        self._timer = named(QTimer(self), "modelWorkTimer", interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.stop.clicked.connect(self.cancel)
        self.busy = False
        self.hide()
        self.retranslate()

    async def run(self, words: str, work: Work[T]) -> T:
        """Does the work in a thread and gives what it gives; raises what it raises, JobCancelled among it."""
        self._cancelled.clear()
        self._told = (0, 0)
        self.label.setText(words)
        self.busy = True
        self._look()
        self._timer.start()
        self.show()
        self.busy_changed.emit()
        try:
            return await asyncio.to_thread(work, self._tell, self._cancelled.is_set)
        finally:
            self.busy = False
            self._timer.stop()
            self.hide()
            self.busy_changed.emit()

    def cancel(self) -> None:
        """Stops at the next progress."""
        self._cancelled.set()

    def _tell(self, done: int, total: int) -> None:
        self._told = (done, total)  # any thread

    def _look(self) -> None:
        done, total = self._told
        self.bar.setRange(0, PARTS if total else 0)
        if total:
            self.bar.setValue(done * PARTS // total)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.stop.setToolTip(self.tr("Stop this"))
