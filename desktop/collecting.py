"""Cyclic garbage is collected on the UI thread only: a QObject that a worker thread happens to free takes Qt down.

Looking through everything takes 50 ms and more. So what was looked through is set aside (`gc.freeze`), and the next
collection sees what came since; everything is looked through when neither the pointer nor the text cursor has moved
for a while.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QPoint, QRectF, QTimer
from PySide6.QtGui import QCursor, QGuiApplication

from canvas.paging import give_memory_back
from desktop.naming import named

INTERVAL_MS = 500
MOST_YOUNG = 8000
"""Objects that came since the last tick; more of them are not looked through while the person works."""
REST_TICKS = 40
"""Ticks without a move of the pointer or of the text cursor after which the person rests."""
MUCH_ASIDE, SHORT_REST = 20, 4
"""After so many times (some 20 minutes without a rest) a shorter one is enough, so that garbage has an end."""


class GarbageTimer(QObject):
    """Replaces Python's automatic collector, which runs on whatever thread allocates."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        gc.freeze()  # what a start imports stays
        self._set_aside = 0
        self._at, self._rested = _hands(), 0
        self._timer = named(QTimer(self), "garbageTimer", interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collects the oldest generation whose threshold is passed; cheap while nothing piles up.

        With the oldest, about once a minute, goes the memory that the C library keeps of what was freed since.
        """
        at = _hands()
        self._rested = self._rested + 1 if at == self._at else 0
        self._at = at
        rest = REST_TICKS if self._set_aside < MUCH_ASIDE else SHORT_REST
        if self._set_aside and self._rested >= rest:
            self.collect_all()
            return
        counts = gc.get_count()
        if counts[0] > MOST_YOUNG:
            gc.freeze()
            self._set_aside += 1
            return
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                if generation == 2:
                    gc.freeze()
                    self._set_aside += 1
                    give_memory_back()
                return

    def collect_all(self) -> None:
        """Looks through everything, also what was set aside: what has become garbage since goes."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._set_aside = 0
        give_memory_back()

    def stop(self) -> None:
        """Gives the work back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


def _hands() -> tuple[QPoint, QRectF]:
    """Where the pointer and the text cursor are."""
    return QCursor.pos(), QGuiApplication.inputMethod().cursorRectangle()
