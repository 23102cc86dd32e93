"""How far all jobs are: in the title, in the status bar, and on the task bar's icon."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QLabel

from desktop.generation.remaining import Outlook, Reckoning, outlook_text
from desktop.late import Late
from desktop.naming import named

if TYPE_CHECKING:
    from desktop.launcher import LauncherProgress
    from desktop.main_window import MainWindow

REFRESH_MS = 200
"""Engines may tell of a step every few milliseconds; nobody reads that fast."""


class ProgressWatch(QLabel):
    """The label in the status bar; it tells title and task bar, too."""

    changed = Signal()
    """The prefix of the title is another."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("statusJobs")
        self._router = window.program.router
        self._reckoning = Reckoning()
        self.outlook = Outlook()
        self._launcher = Late(self._make_launcher)
        self._timer = named(QTimer(self), "progressTimer", interval=REFRESH_MS, singleShot=True)
        self._timer.timeout.connect(self.refresh)
        self._router.changed.connect(self._soon)
        window.status.insertPermanentWidget(0, self)
        self.refresh()

    def _make_launcher(self) -> LauncherProgress:
        from desktop.launcher import LauncherProgress  # with the first job

        return LauncherProgress(self)

    @property
    def prefix(self) -> str:
        """What stands before the title: `37 % · ` while jobs run, else nothing."""
        return f"{math.floor(self.outlook.fraction * 100)} % · " if self.outlook.jobs else ""

    def _soon(self) -> None:
        if not self._router.jobs:  # at once: an old figure must not stay
            self.refresh()
        elif not self._timer.isActive():
            self._timer.start()

    def refresh(self) -> None:
        """Shows how it stands."""
        before, self.outlook = self.prefix, self._reckoning.outlook(self._router.jobs)
        self.setText(outlook_text(self.outlook))
        self.setVisible(bool(self.outlook.jobs))
        self.setToolTip(self.tr("All jobs of all paintings; the queue panel (F10) shows each"))
        if self.outlook.jobs or self._launcher.made is not None:
            self._launcher().show(self.outlook.fraction if self.outlook.jobs else None)
        if self.prefix != before:
            self.changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)
