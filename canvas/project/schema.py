"""The project file as SQLite sees it: identity, versions, tables, migrations, and how it is opened.

docs/project-file.md says the same for people; change both together.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from canvas.errors import CanvasError

APPLICATION_ID = 0x5363726C  # "Scrl"
MAJOR, MINOR = 1, 2
PAGE_SIZE = 16384
BUSY_MS = 5000

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE layer (
    id TEXT PRIMARY KEY, parent TEXT NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    visible INTEGER NOT NULL, opacity REAL NOT NULL, blend_mode TEXT NOT NULL, locked INTEGER NOT NULL,
    alpha_locked INTEGER NOT NULL, offset_x INTEGER NOT NULL, offset_y INTEGER NOT NULL,
    clipped INTEGER NOT NULL DEFAULT 0, extra TEXT NOT NULL DEFAULT '{}'
) WITHOUT ROWID;
CREATE TABLE blob (
    hash TEXT PRIMARY KEY, codec INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    channels INTEGER NOT NULL, data BLOB NOT NULL
);
CREATE TABLE tile (
    layer_id TEXT NOT NULL, tx INTEGER NOT NULL, ty INTEGER NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (layer_id, tx, ty)
) WITHOUT ROWID;
CREATE INDEX tile_hash ON tile (hash);
CREATE TABLE generation (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, parent_id TEXT NOT NULL, created TEXT NOT NULL,
    task TEXT NOT NULL, status TEXT NOT NULL, prompt TEXT NOT NULL, model TEXT NOT NULL, seed INTEGER,
    request TEXT NOT NULL, facts TEXT NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, width INTEGER NOT NULL,
    height INTEGER NOT NULL, sentence TEXT NOT NULL, thumbnail BLOB NOT NULL
);
CREATE TABLE generation_input (
    generation_id TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (generation_id, name)
) WITHOUT ROWID;
CREATE INDEX generation_input_hash ON generation_input (hash);
CREATE TABLE candidate (
    generation_id TEXT NOT NULL, idx INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (generation_id, idx)
) WITHOUT ROWID;
CREATE INDEX candidate_hash ON candidate (hash);
CREATE TABLE verdict (
    number INTEGER PRIMARY KEY, generation_id TEXT NOT NULL, idx INTEGER NOT NULL, layer_id TEXT NOT NULL,
    at TEXT NOT NULL
);
"""
NEW_IN_1_1 = """
CREATE TABLE saved_selection (
    name TEXT PRIMARY KEY, position INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, width INTEGER NOT NULL,
    height INTEGER NOT NULL, hash TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX saved_selection_hash ON saved_selection (hash);
CREATE TABLE kept (hash TEXT PRIMARY KEY) WITHOUT ROWID;
"""
NEW_IN_1_2 = """
ALTER TABLE generation ADD COLUMN form TEXT NOT NULL DEFAULT '{}';
CREATE INDEX generation_parent ON generation (parent_id);
CREATE INDEX generation_narrow ON generation (number, created, status, x, y, width, height, id);
CREATE INDEX verdict_generation ON verdict (generation_id);
CREATE TABLE annotation (
    generation_id TEXT PRIMARY KEY, starred INTEGER NOT NULL, note TEXT NOT NULL, deleted INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE step (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, undone INTEGER NOT NULL, edits TEXT NOT NULL
);
CREATE TABLE step_blob (number INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (number, hash)) WITHOUT ROWID;
CREATE INDEX step_blob_hash ON step_blob (hash);
CREATE TABLE away_layer (
    id TEXT PRIMARY KEY, parent TEXT NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    visible INTEGER NOT NULL, opacity REAL NOT NULL, blend_mode TEXT NOT NULL, locked INTEGER NOT NULL,
    alpha_locked INTEGER NOT NULL, offset_x INTEGER NOT NULL, offset_y INTEGER NOT NULL, clipped INTEGER NOT NULL,
    extra TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE away_tile (
    layer_id TEXT NOT NULL, tx INTEGER NOT NULL, ty INTEGER NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (layer_id, tx, ty)
) WITHOUT ROWID;
CREATE INDEX away_tile_hash ON away_tile (hash);
CREATE TABLE film (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, width INTEGER NOT NULL,
    height INTEGER NOT NULL, data BLOB NOT NULL
);
"""


@dataclass(frozen=True)
class Migration:
    """One step from an older form of the file to the next."""

    major: int
    "Version that the file has afterwards."
    minor: int
    apply: Callable[[sqlite3.Connection], None]
    "Runs inside the migration's transaction; must not commit."


def _to_1_1(connection: sqlite3.Connection) -> None:
    """Masks, adjustments, clipping, saved selections, and what undo keeps."""
    connection.execute("ALTER TABLE layer ADD COLUMN clipped INTEGER NOT NULL DEFAULT 0")
    connection.execute("ALTER TABLE layer ADD COLUMN extra TEXT NOT NULL DEFAULT '{}'")
    for statement in NEW_IN_1_1.split(";"):
        connection.execute(statement)


def _to_1_2(connection: sqlite3.Connection) -> None:
    """What was typed, stars, notes and deletions of generations; the undo list."""
    for statement in NEW_IN_1_2.split(";"):
        connection.execute(statement)


MIGRATIONS: tuple[Migration, ...] = (Migration(1, 1, _to_1_1), Migration(1, 2, _to_1_2))
"Oldest first."


def packed(major: int, minor: int) -> int:
    """The user_version of a version."""
    return major << 16 | minor


def connect(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """A connection without implicit transactions; mode is SQLite's ro, rw or rwc. Raises sqlite3.Error."""
    # Any thread may use it: whoever shares one guards it with a lock.
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    return connection


def connect_writer(path: Path) -> sqlite3.Connection:
    """The connection of the one writer: WAL, NORMAL."""
    connection = connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def create_file(path: Path) -> None:
    """Makes an empty project file. Raises CanvasError when the name is taken or cannot be written."""
    if path.exists():
        raise CanvasError(f"{path} is already there. Choose another name, or open it.")
    try:
        connection = connect(path, "rwc")
        try:
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(
                f"BEGIN; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {packed(MAJOR, MINOR)};"
                f"{TABLES} {NEW_IN_1_1} {NEW_IN_1_2} COMMIT;"
            )
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise CanvasError(f"{path} cannot be made ({error}). Choose a folder that can be written.") from error


def check_identity(connection: sqlite3.Connection, path: Path) -> tuple[int, int]:
    """Major and minor version of the file. Raises CanvasError for foreign and for newer files."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise CanvasError(f"{path.name} is not a Handscroll painting. Choose a file that Handscroll saved.")
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    major, minor = version >> 16, version & 0xFFFF
    if major > MAJOR:
        raise CanvasError(
            f"{path.name} was saved by a newer Handscroll (file version {major}.{minor}; this one reads {MAJOR}.x). "
            "Update Handscroll to open it; the file has not been changed."
        )
    return major, minor


def migrate(path: Path, version: tuple[int, int], steps: Sequence[Migration] = MIGRATIONS) -> Path | None:
    """Brings the file to the newest version; returns the copy kept of it before, None when nothing was to do.

    Raises CanvasError, with the file as it was, when a step fails.
    """
    due = [step for step in steps if (step.major, step.minor) > version]
    if not due:
        return None
    kept = _free_name(path, f"before-{due[-1].major}.{due[-1].minor}")
    connection = connect(path)
    try:
        connection.execute("VACUUM INTO ?", (str(kept),))
        connection.execute("BEGIN IMMEDIATE")
        for step in due:
            step.apply(connection)
            connection.execute(f"PRAGMA user_version = {packed(step.major, step.minor)}")
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise CanvasError(
            f"{path.name} could not be brought to this version ({error}). It has not been changed; "
            f"a copy is in {kept.name}."
        ) from error
    finally:
        connection.close()
    return kept


def _free_name(path: Path, word: str) -> Path:
    """A name beside the file that nothing has yet."""
    for number in range(1, 10_000):
        tail = "" if number == 1 else f"-{number}"
        candidate = path.with_name(f"{path.stem}.{word}{tail}{path.suffix}")
        if not candidate.exists():
            return candidate
    raise CanvasError(f"There are too many copies of {path.name} in its folder. Remove some.")
