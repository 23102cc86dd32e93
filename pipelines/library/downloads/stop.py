"""Stops a download from another thread: whoever waits for the network wakes at once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pipelines.library.downloads.errors import StoppedError


class Stop:
    """A switch that is thrown once."""

    def __init__(self) -> None:
        self._thrown = threading.Event()
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()

    @property
    def thrown(self) -> bool:
        """Whether to stop."""
        return self._thrown.is_set()

    def throw(self) -> None:
        """Asks to stop; a thread that waits for a server gets the end of its connection instead."""
        self._thrown.set()
        with self._lock:
            for one in self._sockets:
                with suppress(OSError):
                    # not one.shutdown(): that of a TLS socket takes away what the other thread reads with
                    socket.socket.shutdown(one, socket.SHUT_RDWR)

    def check(self) -> None:
        """Raises StoppedError when it was thrown."""
        if self.thrown:
            raise StoppedError("The download was stopped.")

    def wait(self, seconds: float) -> None:
        """Waits; raises StoppedError as soon as it is thrown."""
        self._thrown.wait(seconds)
        self.check()

    @contextmanager
    def watching(self, connection: socket.socket | None) -> Iterator[None]:
        """While it is thrown inside, the connection is shut down."""
        if connection is None:
            yield
            return
        with self._lock:
            self._sockets.add(connection)
        try:
            self.check()
            yield
        finally:
            with self._lock:
                self._sockets.discard(connection)
