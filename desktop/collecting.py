"""Cyclic garbage is collected on the UI thread only: a QObject that a worker thread happens to free takes Qt down."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

from canvas.paging import give_memory_back
from desktop.naming import named

INTERVAL_MS = 500


class GarbageTimer(QObject):
    """Replaces Python's automatic collector, which runs on whatever thread allocates."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = named(QTimer(self), "garbageTimer", interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collects the oldest generation whose threshold is passed; cheap while nothing piles up.

        With the oldest, about once a minute, goes the memory that the C library keeps of what was freed since.
        """
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                if generation == 2:
                    give_memory_back()
                return

    def stop(self) -> None:
        """Gives the work back to Python."""
        self._timer.stop()
        gc.enable()
