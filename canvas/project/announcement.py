"""An event that must not be missed: threads look at a file as soon as it is open, the window listens a moment later."""

import threading
from collections.abc import Callable

from canvas.changes import Event


class Announcement(Event[str]):
    """Whoever connects late hears at once what was said last. Any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._said = ""

    def connect(self, listener: Callable[[str], object]) -> Callable[[], None]:
        """As of any event; the listener may be called before this returns."""
        with self._lock:
            disconnect, said = super().connect(listener), self._said
        if said:
            listener(said)
        return disconnect

    def emit(self, value: str) -> None:
        """Call every listener connected now, and those that come later."""
        with self._lock:
            self._said, listeners = value, tuple(self._listeners)
        for listener in listeners:
            listener(value)

    def settle(self) -> None:
        """It is over: those that come later need not hear of it."""
        with self._lock:
            self._said = ""
