"""A project file that cannot be reached for a while: its drive was unplugged, its folder is gone. It is not broken."""

import threading

from canvas.changes import Event
from canvas.errors import CanvasError
from canvas.project.reader import Reader, UnreachableError

RETRY = 2.0
"Seconds between attempts to reach it."


class Absence:
    """Looks for the file until it is there again. Any thread."""

    def __init__(self, reader: Reader) -> None:
        self.began: Event[str] = Event()
        "Pixels cannot be read now, in a sentence. Told once, in the thread that wanted them."
        self.ended: Event[None] = Event()
        "They can be read again. Comes from a thread."
        self._reader = reader
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def notice(self, error: UnreachableError) -> None:
        """Something could not be read."""
        with self._lock:
            if self._thread is not None or self._closed.is_set():
                return
            self._thread = threading.Thread(target=self._watch, name="looks for the file", daemon=True)
        self._thread.start()
        self.began.emit(str(error))

    def close(self) -> None:
        """Ends the search."""
        self._closed.set()

    def _watch(self) -> None:
        while not self._closed.wait(RETRY):
            try:
                self._reader.rows("SELECT count(*) FROM layer")
            except UnreachableError:
                continue
            except CanvasError:  # it is there, and broken: whoever reads next hears of it
                pass
            break
        with self._lock:
            self._thread = None
        if not self._closed.is_set():
            self.ended.emit(None)
