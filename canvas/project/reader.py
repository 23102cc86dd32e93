"""Reads the file: pixels on demand, and what `handscroll info` says about it."""

import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from canvas.errors import CanvasError
from canvas.generations import blob_hash
from canvas.project.batch import Pixels
from canvas.project.codec import decode, decode_into
from canvas.project.schema import check_identity, connect

MAX_SIDE = 1 << 20
"Pixels along one side of a picture, at most; what claims more is damaged."
VERDICTS = "SELECT generation_id, idx, layer_id FROM verdict ORDER BY number"


class DamagedError(CanvasError):
    """A file of ours of which parts cannot be read, or are not what was written."""


class UnreachableError(CanvasError):
    """The file cannot be read at present; nothing says that it is broken."""


UNREACHABLE = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PERM)
CUT_OFF = (sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS)


class Reader:
    """A read-only connection that any thread may ask; it can be pointed at another file (Save As)."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._aside = False
        self._path = path
        self.damage: Callable[[str], object] = _ignore
        "Told in a sentence when a part of the file turns out to be broken. May run in any thread."
        # At first without a trace: until it is known that the file is ours, nothing may appear beside it.
        self._connection: sqlite3.Connection | None = connect_quietly(path)

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query. Raises CanvasError when the file cannot be read."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = connect(self._path, "ro")
                found = self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                problem: CanvasError = damaged(self._path, error)
                if _is_unreachable(error):
                    problem = _unreachable(self._path, error)
                    self._disconnect()  # what is open may be of a drive that will never come back: look anew
                broken = "malformed" in str(error) or "not a database" in str(error)
                cause = error
            else:
                return found
        if broken:
            self.damage(str(problem))
        raise problem from cause

    def blob(self, digest: str, room: Pixels | None = None) -> Pixels:
        """The pixels of a hash, in `room` if they fit there. Raises CanvasError when they are missing or damaged."""
        found = self.rows("SELECT codec, width, height, channels, data FROM blob WHERE hash = ?", (digest,))
        if not found:
            raise CanvasError(f"The pixels {digest[:12]}… are not in {self._path.name} (any more).")
        try:
            return checked(digest, found[0], room)
        except CanvasError as error:
            sentence = f"The pixels {digest[:12]}… in {self._path.name} are damaged: {error}"
            self.damage(sentence)
            raise DamagedError(sentence) from error

    def visit(self) -> None:
        """Holds the file open, so that whoever else lets go of it is not the last."""
        with suppress(CanvasError):
            self.rows("SELECT 1 FROM meta LIMIT 1")

    def step_aside(self) -> None:
        """Lets go of the file; whoever wants to read waits until `point_at`, which the same thread must call."""
        self._lock.acquire()
        self._aside = True
        self._disconnect()

    def point_at(self, path: Path) -> None:
        """Goes on with another file that holds the same blobs."""
        if self._aside:
            self._aside = False
            self._path = path
            self._lock.release()
            return
        with self._lock:
            self._disconnect()
            self._path = path

    def close(self) -> None:
        """Lets go of the file; a later question opens it again."""
        with self._lock:
            self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def _ignore(_sentence: str) -> None:
    return None


def checked(digest: str, row: Sequence[Any], room: Pixels | None = None) -> Pixels:
    """The pixels of (codec, width, height, channels, data) of a blob, in `room` if they fit there.

    Raises CanvasError unless they are those of the hash.
    """
    codec, width, height, channels, data = row
    numbers = all(isinstance(value, int) and 0 <= value <= MAX_SIDE for value in (codec, width, height, channels))
    if not numbers or not isinstance(data, bytes):
        raise CanvasError("The row makes no sense.")
    shape = (height, width, channels) if channels else (height, width)
    if room is not None and room.shape == shape:
        decode_into(codec, data, room)
        pixels = room
    else:
        pixels = decode(codec, data, shape)
    # The frame's own checksum says that it is whole, the hash that it is the right one.
    if blob_hash(pixels) != digest:
        raise CanvasError("They are others than those that were written.")
    return pixels


def sizes(path: Path) -> dict[str, Any]:
    """What is in a project file, without opening the painting; another program may be painting in it.

    Raises CanvasError for files that are missing, foreign, newer or damaged.
    """
    from canvas.project.space import measure  # a start does without

    with _look_at(path) as connection:
        return measure(connection, path).as_dict()


def snapshot(path: Path, target: Path) -> None:
    """Copies the last committed state of a project, open or not, to a new file. Raises CanvasError."""
    with _look_at(path) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


@contextmanager
def _look_at(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a file of ours, wherever it lies; what goes wrong with it is a CanvasError."""
    if not path.is_file():
        raise CanvasError(f"There is no file {path}.")
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(closing(_connect_anyhow(path, stack)))
            check_identity(connection, path)
            yield connection
        except (sqlite3.Error, OSError, ValueError) as error:
            raise damaged(path, error) from error


def _connect_anyhow(path: Path, stack: ExitStack) -> sqlite3.Connection:
    """Where SQLite cannot make its small files beside the log, both are copied to a place where it can."""
    connection = connect_quietly(path)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="handscroll-")))
        for end in ("", "-wal"):
            original = path.with_name(path.name + end)
            if original.exists():
                shutil.copyfile(original, folder / original.name)
        return connect(folder / path.name)
    return connection


def look_through(path: Path) -> None:
    """Reads every page once, without the pixels' own sums. Raises DamagedError."""
    try:
        connection = connect_quietly(path)
        try:
            said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise damaged(path, error) from error
    if said != "ok":
        raise damaged(path, sqlite3.DatabaseError(str(said)))


def connect_quietly(path: Path) -> sqlite3.Connection:
    """A reading connection that leaves nothing beside the file, even in folders that cannot be written."""
    resting = not path.with_name(path.name + "-wal").exists()
    return connect(path, "ro&immutable=1" if resting else "ro")


def _is_unreachable(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in UNREACHABLE and code not in CUT_OFF


def _unreachable(path: Path, error: sqlite3.Error) -> UnreachableError:
    return UnreachableError(
        f"{path} cannot be read at present ({error}). Bring its drive or folder back: what is not in memory is "
        "shown hatched until then and cannot be painted on."
    )


def damaged(path: Path, error: Exception) -> DamagedError:
    """The sentence for a file that SQLite cannot read."""
    return DamagedError(
        f"{path.name} cannot be read as a Handscroll painting ({error}). The file has not been changed; "
        "open a copy of it from a backup if you have one."
    )
