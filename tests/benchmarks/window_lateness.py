"""How late a window's own clock runs while something else happens: a 16 ms timer that writes down its delays."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

INTERVAL_MS = 16


class Lateness(QObject):
    """Collects by how many milliseconds each tick of a precise 16 ms timer came too late."""

    def __init__(self) -> None:
        super().__init__()
        self._late: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self, interval=INTERVAL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begins a new measurement."""
        self._late.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> tuple[float, float]:
        """Ends it; (95th percentile, worst) in milliseconds."""
        self._timer.stop()
        late = np.array(self._late or [0.0])
        return float(np.percentile(late, 95)), float(late.max())

    def _tick(self) -> None:
        now = time.perf_counter()
        self._late.append(max(0.0, (now - self._last) * 1000 - INTERVAL_MS))
        self._last = now
