"""The one thread that writes a project file. Everything else hands it batches and goes on painting."""

import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from canvas.changes import Event
from canvas.errors import CanvasError
from canvas.project.batch import Batch, NotStoredError, Pixels, Place
from canvas.project.file_lock import FileLock
from canvas.project.schema import connect, connect_writer
from canvas.project.store import Store

QUIET = 0.4
"Seconds without a change after which everything is written."
PATIENCE = 0.8
"Seconds after which a change is written even while more are coming."
RETRY = 2.0
"Seconds between attempts while the file cannot be written."

Task = Callable[[], None]


class Writer:
    """Owns the connection, the lock and the thread. Events come from that thread, `saving` from whoever hands over."""

    def __init__(self, path: Path, lock: FileLock) -> None:
        """Raises sqlite3.Error when the file cannot be opened."""
        self.path = path
        self.problem: Event[str] = Event()
        self.state_changed: Event[str] = Event()
        self.state = "saved"
        self.moved: Event[Path] = Event()
        "Emitted before the first write into another file."
        self.keep_unused = False
        "Set when parts of the file could not be read: then nothing is ever removed from it."
        self._lock = lock
        self._store = Store(connect_writer(path))
        self._place = _place(path)
        self._wake = threading.Condition()
        self._pending = Batch()
        self._writing = Batch()
        self._since = self._latest = self._not_before = 0.0
        self._tasks: deque[tuple[Task, Future[None], bool]] = deque()
        self._ended = False
        self._told = ""
        self._thread = threading.Thread(target=self._run, name=f"writer of {path.name}", daemon=True)
        self._thread.start()

    # From any thread

    def submit(self, batch: Batch, now: bool = False) -> None:
        """Takes a batch, to be committed as a whole within a second, or at once."""
        if batch.is_empty:
            return
        with self._wake:
            if self._ended:
                raise CanvasError(f"{self.path.name} is closed; nothing can be written to it.")
            self._latest = time.monotonic()
            if self._pending.is_empty:
                self._since = self._latest
            self._pending.add(batch)
            if now:
                self._since = 0.0
            self._wake.notify()
        if self.state == "saved":
            self._set_state("saving")

    def find_blob(self, digest: str) -> Pixels | None:
        """Pixels that are handed over but not in the file yet."""
        with self._wake:
            found = self._pending.find_blob(digest)
            return self._writing.find_blob(digest) if found is None else found

    def flush(self, settle: bool = False) -> Future[None]:
        """Completes when everything handed over so far is committed, and with `settle` safe from a power cut."""
        return self._ask(self._settle if settle else _nothing)

    def save_as(self, target: Path) -> Future[None]:
        """Copies everything to another file and goes on there; the old file stays as it was last written."""
        return self._ask(lambda: self._move_to(target), anywhere=True)

    def close(self) -> Future[None]:
        """Writes what is left and lets go of the file. Fails, and stays open, when it cannot be written."""
        with self._wake:
            if self._ended:
                done: Future[None] = Future()
                done.set_result(None)
                return done
        return self._ask(self._finish)

    def abandon(self) -> Future[None]:
        """Lets go of the file without what could not be written."""
        with self._wake:
            self._pending = Batch()
        return self._ask(self._finish, anywhere=True)

    # The thread

    def _ask(self, task: Task, anywhere: bool = False) -> Future[None]:
        """Runs the task after the batch is written; `anywhere` tasks see to the batch themselves."""
        future: Future[None] = Future()
        with self._wake:
            if self._ended:
                future.set_exception(CanvasError(f"{self.path.name} is closed."))
            else:
                self._tasks.append((task, future, anywhere))
                self._wake.notify()
        return future

    def _run(self) -> None:
        while not self._ended:
            with self._wake:
                while (seconds := self._seconds_left()) is None or seconds > 0:
                    self._wake.wait(seconds)
                task, future, anywhere = self._tasks.popleft() if self._tasks else (_nothing, None, False)
                if not anywhere:
                    self._writing, self._pending = self._pending, Batch()
            trouble = "" if anywhere else self._write()
            if future is not None:
                _complete(future, task, trouble, self.path)

    def _seconds_left(self) -> float | None:
        """How long to wait; None for as long as nothing happens, 0 or less for not at all."""
        if self._tasks:
            return 0.0
        if self._pending.is_empty:
            return None
        now = time.monotonic()
        due = min(self._latest + QUIET, self._since + PATIENCE)
        return max(due, self._not_before) - now

    def _write(self) -> str:
        """Commits the batch in hand; returns why not, empty when it is done."""
        batch = self._writing
        if batch.is_empty:
            return "" if self.state != "problem" else self._told
        try:
            self._check_place()
            written = self._store.write(batch)
        except Exception as error:  # noqa: BLE001 - the border of this thread: dying here would lose the painting
            return self._keep_for_later(batch, error)
        with self._wake:
            self._writing = Batch()
            waiting = not self._pending.is_empty
            self._not_before = 0.0
        self._told = ""
        _tell(batch, written)
        self._set_state("saving" if waiting else "saved")
        return ""

    def _keep_for_later(self, batch: Batch, error: Exception) -> str:
        sentence = explain(self.path, error)
        with self._wake:
            batch.add(self._pending)
            self._pending, self._writing = batch, Batch()
            self._not_before = time.monotonic() + RETRY
        for made in batch.generations:
            done, made.done = made.done, None
            if done is not None:
                done.set_exception(NotStoredError(sentence, made.record))
        self._set_state("problem")
        if sentence != self._told:
            self._told = sentence
            self.problem.emit(sentence)
        return sentence

    def _check_place(self) -> None:
        if _place(self.path) != self._place:
            raise FileNotFoundError(f"{self.path} is no longer there")

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _settle(self) -> None:
        self._store.settle()

    def _move_to(self, target: Path) -> None:
        lock = FileLock(target)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
        with self._wake:
            self._writing, self._pending = self._pending, Batch()
        try:
            written = self._copy_to(temporary)
            for ending in ("-wal", "-shm", "-journal"):  # of an older file of that name; must not meet the new one
                target.with_name(target.name + ending).unlink(missing_ok=True)
            temporary.replace(target)
            store = Store(connect_writer(target))
        except BaseException:
            with self._wake:
                self._writing.add(self._pending)
                self._pending, self._writing = self._writing, Batch()
            _remove(temporary)
            lock.release()
            raise
        self._go_on_in(target, store, lock, written)

    def _copy_to(self, temporary: Path) -> Mapping[Place, str]:
        """The file so far and the batch in hand, on the disk under another name."""
        _remove(temporary)
        self._store.connection.execute("VACUUM INTO ?", (str(temporary),))
        connection = connect(temporary)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            store = Store(connection)
            written = store.write(self._writing)
            store.close()
        finally:
            connection.close()
        return written

    def _go_on_in(self, target: Path, store: Store, lock: FileLock, written: Mapping[Place, str]) -> None:
        old, self._store = self._store, store
        old_lock, self._lock = self._lock, lock
        self.path, self._place = target, _place(target)
        self.moved.emit(target)
        with suppress(sqlite3.Error):  # the old place may be gone; what it holds is in the new one
            old.close()
        old_lock.release()
        with self._wake:
            done, self._writing = self._writing, Batch()
            self._not_before = 0.0
            waiting = not self._pending.is_empty
        _tell(done, written)
        self._told = ""
        self._set_state("saving" if waiting else "saved")

    def _finish(self) -> None:
        with self._wake:
            self._ended = True
            late, self._pending = self._pending, Batch()
        if not late.is_empty:  # somebody painted on while the last batch was written
            self._store.write(late)
        with suppress(sqlite3.Error):  # tidying can wait; all that was committed is safe
            if not self.keep_unused:
                self._store.drop_unused()
            self._store.settle()
        with suppress(sqlite3.Error):
            self._store.close()
        self._lock.release()


def _tell(batch: Batch, written: Mapping[Place, str]) -> None:
    """Everybody who waits for this batch hears that it is in the file."""
    for tell in batch.after_commit:
        tell(written)
    for made in batch.generations:
        if made.done is not None:
            made.done.set_result(made.record)


def explain(path: Path, error: Exception) -> str:
    """Why a project file cannot be written, as a sentence with what to do."""
    words = str(error)
    goes_on = "Painting goes on in memory and is written as soon as that works."
    if isinstance(error, FileNotFoundError):
        return f"{path} was moved or removed while it is open. Put it back, or save the painting elsewhere. {goes_on}"
    if "full" in words:
        return f"There is no room left for {path}. Free some room, or save the painting elsewhere. {goes_on}"
    if "readonly" in words or isinstance(error, PermissionError):
        return f"{path} may not be written any more. Allow it, or save the painting elsewhere. {goes_on}"
    return f"{path} cannot be written ({words}). Save the painting elsewhere if this stays. {goes_on}"


def _complete(future: Future[None], task: Task, trouble: str, path: Path) -> None:
    if trouble:
        future.set_exception(CanvasError(trouble))
        return
    try:
        task()
    except CanvasError as error:
        future.set_exception(error)
    except Exception as error:  # noqa: BLE001 - the border of this thread: the one who asked is told
        future.set_exception(CanvasError(explain(path, error)))
    else:
        future.set_result(None)


def _place(path: Path) -> tuple[int, int] | None:
    """What the name stands for at this moment."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _nothing() -> None:
    return None
