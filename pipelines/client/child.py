"""The engine's child process seen from the window: started, written to and read from by threads of its own."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from pipelines.client.wire import Command, WireError, pack_command, read_frame, unpack_event, write_frame
from pipelines.contract.events import EngineEvent, EngineReady

_ROOT = Path(__file__).resolve().parents[2]
_STDERR_LINES = 60
_LONGEST_LINE = 4096
"""How much of what the child last said is kept for reports."""


@dataclass(frozen=True)
class ChildSettings:
    """How the engine's process is started."""

    python: str = sys.executable
    arguments: tuple[str, ...] = ("-m", "pipelines.worker")
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to this process's environment; HANDSCROLL_DEVICE, HANDSCROLL_DTYPE and HANDSCROLL_THREADS work here."""

    def whole_environment(self) -> dict[str, str]:
        """The environment of the child: offline, thrifty with waiting threads, and able to find this package."""
        environment = dict(os.environ)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), environment.get("PYTHONPATH"))))
        environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        environment.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads wait for each other on a busy machine
        environment |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
        return environment | dict(self.environment)


@dataclass(frozen=True)
class Ending:
    """How a child ended."""

    code: int | None
    """Exit status, negative for a signal, None when it could not be started."""
    was_ready: bool
    """Whether it had come up before."""
    last_words: str


class Child:
    """One engine process. `on_event` and `on_end` are called from its threads, `on_end` exactly once and last."""

    def __init__(
        self,
        settings: ChildSettings,
        on_event: Callable[[Child, EngineEvent], None],
        on_end: Callable[[Child, Ending], None],
    ) -> None:
        self._settings = settings
        self._on_event = on_event
        self._on_end = on_end
        self._outbox: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._last_words: deque[str] = deque(maxlen=_STDERR_LINES)
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = threading.Event()
        self._was_ready = False
        threading.Thread(target=self._start_and_write, name="engine-writer", daemon=True).start()

    @property
    def pid(self) -> int | None:
        """Process id once it runs."""
        return self._process.pid if self._process else None

    def send(self, command: Command) -> None:
        """Hands a command to the writer thread; never waits. Commands to an ended child are lost with it."""
        self._outbox.put(command)

    def close(self, patience: float = 3.0) -> None:
        """Ends the child by closing its input, after `patience` seconds by force. Waits for it: call in a thread."""
        self._outbox.put(None)
        if not self._ended.wait(patience) and self._process is not None:
            self._process.kill()
            self._ended.wait(patience)

    def _start_and_write(self) -> None:
        try:
            process = self._process = subprocess.Popen(
                [self._settings.python, *self._settings.arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._settings.whole_environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._end(Ending(None, was_ready=False, last_words=str(error)))
            return
        listener = threading.Thread(target=self._listen, args=(process.stderr,), name="engine-stderr", daemon=True)
        listener.start()
        threading.Thread(target=self._read, args=(process, listener), name="engine-reader", daemon=True).start()
        stdin = cast(BinaryIO, process.stdin)
        try:
            while (command := self._outbox.get()) is not None:
                write_frame(stdin, pack_command(command))
        except (OSError, ValueError):
            return  # it has ended; the reader thread says so
        finally:
            _close_quietly(stdin)

    def _read(self, process: subprocess.Popen[bytes], listener: threading.Thread) -> None:
        stdout = cast(BinaryIO, process.stdout)
        try:
            while (frame := read_frame(stdout)) is not None:
                event = unpack_event(frame)
                self._was_ready = self._was_ready or isinstance(event, EngineReady)
                self._on_event(self, event)
        except (WireError, OSError, ValueError) as error:
            self._last_words.append(f"{error}\n")
            process.kill()
        code = process.wait()
        listener.join(1.0)
        self._outbox.put(None)
        stdout.close()
        self._end(Ending(code, self._was_ready, "".join(self._last_words)))

    def _end(self, ending: Ending) -> None:
        """Tells first, then lets `close` return: after it no thread may touch an event loop that is going away."""
        try:
            self._on_end(self, ending)
        finally:
            self._ended.set()

    def _listen(self, stderr: BinaryIO) -> None:
        with stderr:
            while line := stderr.readline(_LONGEST_LINE):
                self._last_words.append(line.decode("utf-8", "replace"))


def _close_quietly(stream: BinaryIO) -> None:
    try:
        stream.close()
    except OSError:
        return  # closing flushes, and the other end is gone
