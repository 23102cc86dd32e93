"""The library's memory: a small SQLite file with folders, what the person said, and what each file was found to be."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo
from pipelines.library.probe import Stamp

_VERSION = 3
"""Raised whenever probing learns something: what was found before is then looked at again."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS folders (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS said (path TEXT PRIMARY KEY, family TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS found (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, info TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hashed (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;
"""


class Found(NamedTuple):
    """What a path was when it was last looked at."""

    stamp: Stamp
    info: ModelInfo


class Index:
    """Keeps the library's knowledge in the file `path`, or in memory when that is None.

    Every call opens its own connection, so any thread may call. A damaged file is replaced by a new one; folders and
    said families that can still be read are carried over.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._memory = sqlite3.connect(":memory:", check_same_thread=False) if path is None else None

    def folders(self) -> list[Path]:
        """Folders the person added, in name order."""
        with self._open() as connection:
            return [Path(row[0]) for row in connection.execute("SELECT path FROM folders ORDER BY path")]

    def add_folder(self, folder: Path) -> None:
        """Remembers a folder; known ones stay."""
        with self._open() as connection:
            connection.execute("INSERT OR IGNORE INTO folders VALUES (?)", (str(folder),))

    def remove_folder(self, folder: Path) -> None:
        """Forgets a folder; what was said about its models is kept."""
        with self._open() as connection:
            connection.execute("DELETE FROM folders WHERE path = ?", (str(folder),))

    def said(self) -> dict[str, Family]:
        """Path -> the family the person said it is."""
        with self._open() as connection:
            rows = connection.execute("SELECT path, family FROM said").fetchall()
        return {path: Family(family) for path, family in rows if family in set(Family)}

    def say(self, path: str, family: Family | None) -> None:
        """Remembers what the person says `path` is; None forgets it."""
        with self._open() as connection:
            connection.execute("DELETE FROM said WHERE path = ?", (path,))
            if family is not None:
                connection.execute("INSERT INTO said VALUES (?, ?)", (path, family.value))

    def found(self) -> dict[str, Found]:
        """Path -> what it was when last looked at."""
        with self._open() as connection:
            rows = connection.execute("SELECT path, size, modified, info FROM found").fetchall()
        return {path: entry for path, *rest in rows if (entry := _read(rest)) is not None}

    def remember(self, entries: Mapping[str, Found], gone: Iterable[str]) -> None:
        """Stores what was found anew and forgets what is gone, in one transaction."""
        rows = [
            (path, found.stamp.size_bytes, found.stamp.modified_ns, json.dumps(found.info.to_dict()))
            for path, found in entries.items()
        ]
        with self._open() as connection:
            connection.executemany("DELETE FROM found WHERE path = ?", [(path,) for path in gone])
            connection.executemany("INSERT OR REPLACE INTO found VALUES (?, ?, ?, ?)", rows)

    def hash_of(self, path: str, stamp: Stamp) -> str:
        """The SHA-256 of a path that has not changed since, or empty."""
        with self._open() as connection:
            sql = "SELECT sha256 FROM hashed WHERE path = ? AND size = ? AND modified = ?"
            row = connection.execute(sql, (path, *stamp)).fetchone()
        return str(row[0]) if row else ""

    def remember_hash(self, path: str, stamp: Stamp, sha256: str) -> None:
        """Remembers the SHA-256 of a path as it is now."""
        with self._open() as connection:
            connection.execute("INSERT OR REPLACE INTO hashed VALUES (?, ?, ?, ?)", (path, *stamp, sha256))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept when the block ends well. Raises ModelError when the disk refuses."""
        with self._lock:
            if self._memory is not None:
                _prepare(self._memory)
                with self._memory:
                    yield self._memory
                return
            assert self._path is not None  # noqa: S101 - one of the two is there
            try:
                with closing(_connect(self._path)) as connection, connection:
                    yield connection
            except sqlite3.Error as error:
                raise ModelError(f"The model library's index {self._path} cannot be used: {error}.") from error
            except OSError as error:
                reason = error.strerror or str(error)
                raise ModelError(f"The model library's index {self._path} cannot be written: {reason}.") from error


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=10)
    try:
        _prepare(connection)
        connection.execute("SELECT count(*) FROM found").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        raise  # locked, full or read-only: not damaged
    except sqlite3.DatabaseError:
        kept = _salvage(connection)
        connection.close()
        return _begin_anew(path, kept)
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == _VERSION:
        return
    with connection:
        connection.execute("DROP TABLE IF EXISTS found")
        connection.executescript(_SCHEMA)
        connection.execute(f"PRAGMA user_version = {_VERSION}")


def _salvage(connection: sqlite3.Connection) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    folders: list[tuple[str, ...]] = []
    said: list[tuple[str, ...]] = []
    with suppress(sqlite3.DatabaseError):
        folders = connection.execute("SELECT path FROM folders").fetchall()
    with suppress(sqlite3.DatabaseError):
        said = connection.execute("SELECT path, family FROM said").fetchall()
    return folders, said


def _begin_anew(path: Path, kept: tuple[list[tuple[str, ...]], list[tuple[str, ...]]]) -> sqlite3.Connection:
    path.replace(path.with_name(path.name + ".damaged"))
    for leftover in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    connection = sqlite3.connect(path, timeout=10)
    _prepare(connection)
    with connection:
        connection.executemany("INSERT OR IGNORE INTO folders VALUES (?)", kept[0])
        connection.executemany("INSERT OR IGNORE INTO said VALUES (?, ?)", kept[1])
    return connection


def _read(row: list[object]) -> Found | None:
    """The entry of a row, or None when an older or newer version wrote something else."""
    size, modified, info = row
    try:
        return Found(Stamp(int(str(size)), int(str(modified))), ModelInfo.from_dict(json.loads(str(info))))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
