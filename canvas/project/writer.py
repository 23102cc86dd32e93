"""The one thread that writes a project file. Everything else hands it batches and goes on painting."""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from canvas.changes import Event
from canvas.errors import CanvasError
from canvas.project.announcement import Announcement
from canvas.project.answers import DamagedFileError, complete, explain, tell
from canvas.project.batch import Batch, NotStoredError, Pixels, Place
from canvas.project.file_lock import FileLock
from canvas.project.schema import connect_writer
from canvas.project.store import Store
from canvas.project.whole_copy import add_batch, copy_whole, is_damage, part_of, place_of, put_in_place, remove_file

if TYPE_CHECKING:
    from canvas.project.salvage import Losses

QUIET = 0.4
"Seconds without a change after which everything is written."
PATIENCE = 0.8
"Seconds after which a change is written even while more are coming."
RETRY = 2.0
"Seconds between attempts while the file cannot be written."

BULK = 96
"Tiles from which the first writing of a new file goes beside it, without a journal."
T = TypeVar("T")
Task: TypeAlias = Callable[[], Any]
Copy: TypeAlias = Callable[[Path], Mapping[Place, str]]
"Writes everything, and the batch in hand, to a new file; returns the hashes of the batch's tiles."


class OtherConnection(Protocol):
    """Who else reads the file."""

    def visit(self) -> None:
        """Reads something, so that the file is held."""
        ...

    def step_aside(self) -> None:
        """Lets go of the file and waits before it is read again, until `point_at`."""
        ...

    def point_at(self, path: Path) -> None:
        """Goes on in this file."""
        ...


class Writer:
    """Owns the connection, the lock and the thread. Events come from that thread, `saving` from whoever hands over."""

    def __init__(self, path: Path, lock: FileLock) -> None:
        """Raises sqlite3.Error when the file cannot be opened."""
        self.path = path
        self.problem: Event[str] = Event()
        self.state_changed: Event[str] = Event()
        self.state = "saved"
        self.damaged = Announcement()
        "The file itself is broken, in a sentence: it is not written any more. See `rescue`."
        self.readers: list[OtherConnection] = []
        "Who must not read while the file is replaced, and goes on in another one."
        self.fresh = False
        "Whether the file is new and empty: then a large first batch is written in one go."
        self.copying: Path | None = None
        "A file that is growing just now: its size tells how far a copy is."
        self.keep_unused = False
        "Set when parts of the file could not be read: then nothing is ever removed from it."
        self._lock = lock
        self._store = Store(connect_writer(path))
        self._place = place_of(path)
        self._wake = threading.Condition()
        self._pending = Batch()
        self._writing = Batch()
        self._since = self._latest = self._not_before = 0.0
        self._tasks: deque[tuple[Task, Future[Any], bool]] = deque()
        self._ended = self._frozen = False
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
        return self._ask(lambda: self._move_to(target, self._copy_to), anywhere=True)

    def compact(self) -> Future[None]:
        """Writes the file anew without the room that removed things left in it."""
        return self._ask(lambda: self._move_to(self.path, self._copy_to))

    def stop_copying(self) -> None:
        """Ends `compact` or `save_as` early, as far as it is still possible; the file stays as it is."""
        if self.copying is not None:
            self._store.connection.interrupt()

    def freeze(self) -> None:
        """The file is damaged: from now on nothing is written to it."""
        self._frozen = True

    def rescue(self, target: Path) -> "Future[Losses]":
        """Brings what can be read to another file and goes on there; the damaged one is not written."""
        self.freeze()
        return self._ask(lambda: self._rescue_to(target), anywhere=True)

    def retry(self) -> None:
        """Tries at once what could not be written."""
        with self._wake:
            self._not_before = self._since = 0.0
            self._wake.notify()

    def run(self, work: Callable[[Store], T]) -> Future[T]:
        """Does something with the file on its thread, once everything handed over so far is in it."""
        return self._ask(lambda: work(self._store))

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

    def index_log(self) -> None:
        """Brings the index of the log's words up to date, a little at a time between other work."""
        self._ask(self._index_log)

    # The thread

    def _ask(self, task: Callable[[], T], anywhere: bool = False) -> Future[T]:
        """Runs the task after the batch is written; `anywhere` tasks see to the batch themselves."""
        future: Future[T] = Future()
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
                complete(future, task, trouble, self.path)

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
            written = self._write_aside(batch) if self.fresh and len(batch.tiles) > BULK else self._store.write(batch)
        except Exception as error:  # noqa: BLE001 - the border of this thread: dying here would lose the painting
            return self._keep_for_later(batch, error)
        with self._wake:
            self._writing = Batch()
            waiting = not self._pending.is_empty
            self._not_before = 0.0
        self._told = ""
        self.fresh = False
        tell(batch, written)
        self._set_state("saving" if waiting else "saved")
        return ""

    def _write_aside(self, batch: Batch) -> Mapping[Place, str]:
        temporary = part_of(self.path)
        try:
            written = copy_whole(self._store, batch, temporary)
            self._replace(temporary)
        except BaseException:
            remove_file(temporary)
            raise
        return written

    def _keep_for_later(self, batch: Batch, error: Exception) -> str:
        sentence = explain(self.path, error)
        if is_damage(error) and not self._frozen:
            self.freeze()
            self.damaged.emit(sentence)
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
        if self._frozen:
            raise DamagedFileError(f"{self.path} is damaged")
        if place_of(self.path) != self._place:
            raise FileNotFoundError(f"{self.path} is no longer there")

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _index_log(self) -> None:
        if not self.keep_unused and self._store.log.fill():
            self._ask(self._index_log)

    def _settle(self) -> None:
        self._store.settle()

    def _move_to(self, target: Path, copy: Copy) -> None:
        """Everything goes on in another file, or in a new one of the same name."""
        here = target == self.path
        lock = self._lock if here and self._lock.holds else FileLock(target)
        temporary = part_of(target)
        with self._wake:
            self._writing, self._pending = self._pending, Batch()
        try:
            self.copying = temporary
            written = copy(temporary)
            self.copying = None
            if here:
                self._replace(temporary)
            else:
                put_in_place(temporary, target)
                self._go_on_with(target, Store(connect_writer(target)))
        except BaseException:
            self.copying = None
            with self._wake:
                self._writing.add(self._pending)
                self._pending, self._writing = self._writing, Batch()
            remove_file(temporary)
            if lock is not self._lock:
                lock.release()
            raise
        if lock is not self._lock:
            self._lock.release()
            self._lock = lock
        self._arrived(written)

    def _copy_to(self, temporary: Path) -> Mapping[Place, str]:
        """The file so far and the batch in hand, on the disk under another name."""
        if self._frozen:
            from canvas.project.salvage import salvage  # hardly ever needed

            salvage(self.path, temporary)
            return add_batch(temporary, self._writing)
        try:
            return copy_whole(self._store, self._writing, temporary)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self.freeze()
            remove_file(temporary)
            return self._copy_to(temporary)

    def _rescue_to(self, target: Path) -> "Losses":
        from canvas.project.salvage import Losses, salvage

        losses = Losses()

        def copy(temporary: Path) -> Mapping[Place, str]:
            nonlocal losses
            losses = salvage(self.path, temporary)
            return add_batch(temporary, self._writing)

        self._move_to(target, copy)
        return losses

    def _replace(self, temporary: Path) -> None:
        """The new file takes the place of the one that is open; nobody may have that one open then."""
        try:
            for reader in self.readers:
                reader.step_aside()
            with suppress(sqlite3.Error):
                self._store.close()
            put_in_place(temporary, self.path)
        finally:
            if self.path.exists():
                self._store, self._place = Store(connect_writer(self.path)), place_of(self.path)
            for reader in self.readers:
                reader.point_at(self.path)

    def _go_on_with(self, target: Path, store: Store) -> None:
        old, self._store = self._store, store
        self.path, self._place = target, place_of(target)
        if self._frozen:
            self._hold_open()
            _let_go(old)
        for reader in self.readers:
            reader.point_at(target)
        if not self._frozen:
            _let_go(old)
        self._frozen = False

    def _hold_open(self) -> None:
        """Whoever lets go of a file last brings the log into it; a reader cannot, so it must be one."""
        for reader in self.readers[:1]:
            reader.visit()

    def _arrived(self, written: Mapping[Place, str]) -> None:
        with self._wake:
            done, self._writing = self._writing, Batch()
            self._not_before = 0.0
            waiting = not self._pending.is_empty
        tell(done, written)
        self._told = ""
        self._set_state("saving" if waiting else "saved")

    def _finish(self) -> None:
        with self._wake:
            self._ended = True
            late, self._pending = self._pending, Batch()
        if not late.is_empty and not self._frozen:  # somebody painted on while the last batch was written
            self._store.write(late)
        if self._frozen:
            self._hold_open()
        else:
            with suppress(sqlite3.Error):  # tidying can wait; all that was committed is safe
                if not self.keep_unused:
                    self._store.drop_unused()
                self._store.settle()
        with suppress(sqlite3.Error):
            self._store.close()
        self._lock.release()


def _let_go(store: Store) -> None:
    with suppress(sqlite3.Error):  # its place may be gone; what it holds is elsewhere
        store.close()


def _nothing() -> None:
    return None
