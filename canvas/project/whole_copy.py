"""A project file written as a whole: under another name first, without a journal, then in one step in its place."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from canvas.project.batch import Batch, Place
from canvas.project.schema import connect
from canvas.project.store import Store

BESIDE = ("-wal", "-shm", "-journal")


def part_of(target: Path) -> Path:
    """The name under which a file grows until it is whole."""
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def copy_whole(store: Store, batch: Batch, temporary: Path) -> Mapping[Place, str]:
    """What a store holds, and a batch on top of it, in a new file that is on the disk when this returns.

    A file that nobody else knows needs no journal: what goes wrong is thrown away. WAL would write everything twice.
    Raises sqlite3.Error or OSError.
    """
    remove_file(temporary)
    store.connection.execute("VACUUM INTO ?", (str(temporary),))
    return add_batch(temporary, batch)


def add_batch(temporary: Path, batch: Batch) -> Mapping[Place, str]:
    """Writes a batch into a file that nobody else knows, and brings it onto the disk."""
    connection = connect(temporary)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        connection.execute("PRAGMA journal_mode = OFF").fetchall()
        connection.execute("PRAGMA synchronous = OFF")
        store = Store(connection)
        written: Mapping[Place, str] = {} if batch.is_empty else store.write(batch)
        store.close()
    finally:
        connection.close()
    bring_to_disk(temporary)
    return written


def bring_to_disk(path: Path) -> None:
    """Returns when a power cut cannot take the file any more. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def put_in_place(temporary: Path, target: Path) -> None:
    """The new file gets its name; the log of an older file of that name must not meet it. Raises OSError."""
    for ending in BESIDE:
        target.with_name(target.name + ending).unlink(missing_ok=True)
    temporary.replace(target)
    if os.name == "posix":
        with suppress(OSError):  # the name itself is on the disk, too; not every file system can say so
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def remove_file(path: Path) -> None:
    """A file and what SQLite keeps beside it, if it can be removed."""
    for ending in ("", *BESIDE):
        with suppress(OSError):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file itself is broken, not that it cannot be reached."""
    words = str(error)
    return isinstance(error, sqlite3.DatabaseError) and ("malformed" in words or "not a database" in words)


def place_of(path: Path) -> tuple[int, int] | None:
    """What the name stands for at this moment."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
