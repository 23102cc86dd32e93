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
from pipelines.library.details import ModelDetails
from pipelines.library.probe import Stamp
from pipelines.library.said import Said

_VERSION = 7
"""Raised whenever probing learns something: what was found before is then looked at again."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS folders (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS said (path TEXT PRIMARY KEY, family TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sayings (path TEXT PRIMARY KEY, said TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (path TEXT PRIMARY KEY, note TEXT NOT NULL, tags TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pictures (path TEXT PRIMARY KEY, picture BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS found (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, beside TEXT NOT NULL,
    info TEXT NOT NULL, holds TEXT NOT NULL, details TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hashed (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;
"""


class Found(NamedTuple):
    """What a path was when it was last looked at."""

    stamp: Stamp
    info: ModelInfo
    beside: str = ""
    """Changes when the files beside it do."""
    holds: tuple[str, ...] = ()
    """Parts of a pipeline that a single file has in it, by their names in diffusers."""
    details: ModelDetails = ModelDetails()
    """What the file and those beside it tell; nothing of the person's own."""


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

    def said(self) -> dict[str, Said]:
        """Path -> what the person said it is."""
        with self._open() as connection:
            rows = connection.execute("SELECT path, said FROM sayings").fetchall()
        return {path: said for path, text in rows if (said := _read_said(text))}

    def say(self, path: str, said: Said) -> None:
        """Remembers what the person says `path` is; an empty `said` forgets it."""
        with self._open() as connection:
            connection.execute("DELETE FROM sayings WHERE path = ?", (path,))
            if said:
                connection.execute("INSERT INTO sayings VALUES (?, ?)", (path, json.dumps(said.to_dict())))

    def note_of(self, path: str) -> tuple[str, tuple[str, ...]]:
        """The person's note and tags."""
        with self._open() as connection:
            row = connection.execute("SELECT note, tags FROM notes WHERE path = ?", (path,)).fetchone()
        return (str(row[0]), tuple(str(row[1]).split("\n")) if row[1] else ()) if row else ("", ())

    def tags(self) -> dict[str, tuple[str, ...]]:
        """Path -> tags, for every model that has some."""
        with self._open() as connection:
            rows = connection.execute("SELECT path, tags FROM notes WHERE tags != ''").fetchall()
        return {path: tuple(tags.split("\n")) for path, tags in rows}

    def take_note(self, path: str, note: str, tags: Iterable[str]) -> None:
        """Remembers the person's note and tags; empty ones are forgotten."""
        joined = "\n".join(tags)
        with self._open() as connection:
            connection.execute("DELETE FROM notes WHERE path = ?", (path,))
            if note or joined:
                connection.execute("INSERT INTO notes VALUES (?, ?, ?)", (path, note, joined))

    def picture_of(self, path: str) -> bytes:
        """The picture that the person chose, or empty."""
        with self._open() as connection:
            row = connection.execute("SELECT picture FROM pictures WHERE path = ?", (path,)).fetchone()
        return bytes(row[0]) if row else b""

    def take_picture(self, path: str, picture: bytes) -> None:
        """Remembers the picture that the person chose; an empty one is forgotten."""
        with self._open() as connection:
            connection.execute("DELETE FROM pictures WHERE path = ?", (path,))
            if picture:
                connection.execute("INSERT INTO pictures VALUES (?, ?)", (path, picture))

    def found(self) -> dict[str, Found]:
        """Path -> what it was when last looked at."""
        with self._open() as connection:
            rows = connection.execute("SELECT path, size, modified, beside, info, holds, details FROM found").fetchall()
        return {path: entry for path, *rest in rows if (entry := _read(rest)) is not None}

    def remember(self, entries: Mapping[str, Found], gone: Iterable[str]) -> None:
        """Stores what was found anew and forgets what is gone, in one transaction."""
        rows = [(path, *_row(found)) for path, found in entries.items()]
        with self._open() as connection:
            connection.executemany("DELETE FROM found WHERE path = ?", [(path,) for path in gone])
            connection.executemany("INSERT OR REPLACE INTO found VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def move(self, old: str, new: str) -> None:
        """What the person said and noted of `old`, and its hash, are from now on those of `new`."""
        with self._open() as connection:
            for table in ("sayings", "notes", "pictures", "hashed"):
                connection.execute(f"UPDATE OR IGNORE {table} SET path = ? WHERE path = ?", (new, old))  # noqa: S608

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
        for path, family in connection.execute("SELECT path, family FROM said").fetchall():  # before version 4
            if family in set(Family):
                row = (path, json.dumps(Said(family=Family(family)).to_dict()))
                connection.execute("INSERT OR IGNORE INTO sayings VALUES (?, ?)", row)
        connection.execute("DELETE FROM said")
        connection.execute(f"PRAGMA user_version = {_VERSION}")


_KEPT = ("folders", "said", "sayings", "notes", "pictures")
"""Tables whose rows the person made; the others can be found out again."""


def _salvage(connection: sqlite3.Connection) -> dict[str, list[tuple[str, ...]]]:
    kept: dict[str, list[tuple[str, ...]]] = {}
    for table in _KEPT:
        with suppress(sqlite3.DatabaseError):
            kept[table] = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our own names
    return kept


def _begin_anew(path: Path, kept: Mapping[str, list[tuple[str, ...]]]) -> sqlite3.Connection:
    path.replace(path.with_name(path.name + ".damaged"))
    for leftover in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    connection = sqlite3.connect(path, timeout=10)
    _prepare(connection)
    with connection:
        for table, rows in kept.items():
            places = ", ".join("?" * len(rows[0])) if rows else ""
            if rows:
                connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({places})", rows)  # noqa: S608
    return connection


def _row(found: Found) -> tuple[int, int, str, str, str, str]:
    info, details = json.dumps(found.info.to_dict()), json.dumps(found.details.to_dict())
    size, modified = found.stamp
    return (size, modified, found.beside, info, " ".join(found.holds), details)


def _read(row: list[object]) -> Found | None:
    """The entry of a row, or None when an older or newer version wrote something else."""
    size, modified, beside, info, holds, details = row
    try:
        return Found(
            Stamp(int(str(size)), int(str(modified))),
            ModelInfo.from_dict(json.loads(str(info))),
            str(beside),
            tuple(str(holds).split()),
            ModelDetails.from_dict(json.loads(str(details))),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _read_said(text: object) -> Said | None:
    try:
        return Said.from_dict(json.loads(str(text)))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
