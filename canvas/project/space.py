"""What takes the room in a project file, and what of it a person may do without."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNKEPT = """SELECT c.generation_id, c.idx, c.hash FROM candidate c WHERE c.hash <> ''
AND c.generation_id NOT IN (SELECT generation_id FROM verdict)
AND c.generation_id NOT IN (SELECT generation_id FROM annotation WHERE starred)"""
OTHER_USERS = (
    "SELECT hash FROM tile",
    "SELECT hash FROM saved_selection",
    "SELECT hash FROM kept",
    "SELECT hash FROM step_blob",
    "SELECT hash FROM away_tile",
)
"Who needs pixels, generations apart; the first that names them counts in the figures."


@dataclass(frozen=True)
class Figures:
    """What is in a project file. A blob that several name is counted once, for the first of the list below."""

    path: Path
    bytes: int
    "Of the file, the write-ahead log beside it included."
    version: str
    document: str
    created: str
    frame: tuple[int, ...]
    layers: int
    tiles: int
    generations: int
    kept: int
    "Candidates that became layers."
    blobs: int
    blob_bytes: int
    layer_bytes: int
    "Pixels of layers, masks and selections."
    kept_bytes: int
    "Pictures of generations of which at least one was kept, or that have a star."
    unkept_bytes: int
    "Pictures of generations that were never kept."
    unkept: int
    "How many such pictures there are."
    input_bytes: int
    "What went into generations."
    undo_bytes: int
    "What only the undo list needs."
    film_bytes: int
    "Small pictures for time-lapses."
    steps: int
    unused_bytes: int
    "Pixels that nothing names, and empty pages: compacting gives the pages back."

    def as_dict(self) -> dict[str, Any]:
        """For `handscroll info`: plain values by name."""
        values = {**self.__dict__, "file": str(self.path), "frame": list(self.frame)}
        del values["path"]
        return {"file": values.pop("file"), **values}


def measure(connection: sqlite3.Connection, path: Path) -> Figures:
    """Looks through all tables; takes a while for a large file. Raises sqlite3.Error or OSError."""

    def one(sql: str) -> Any:
        return connection.execute(sql).fetchone()[0]

    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    version: int = one("PRAGMA user_version")
    meta = {key: json.loads(value) for key, value in connection.execute("SELECT key, value FROM meta")}
    by_kind = _bytes_by_kind(connection, tables, meta)
    empty = one("PRAGMA freelist_count") * one("PRAGMA page_size")
    unkept = connection.execute(_for(tables, UNKEPT)).fetchall()
    return Figures(
        path,
        size_with_log(path),
        f"{version >> 16}.{version & 0xFFFF}",
        str(meta.get("document", "")),
        str(meta.get("created", "")),
        tuple(meta.get("frame", ())),
        one("SELECT count(*) FROM layer"),
        one("SELECT count(*) FROM tile"),
        one("SELECT count(*) FROM generation"),
        one("SELECT count(DISTINCT generation_id || '/' || idx) FROM verdict"),
        one("SELECT count(*) FROM blob"),
        sum(by_kind.values()),
        by_kind["layer"],
        by_kind["kept"],
        by_kind["unkept"],
        len(unkept),
        by_kind["input"],
        by_kind["undo"],
        one("SELECT coalesce(sum(length(data)), 0) FROM film") if "film" in tables else 0,
        one("SELECT count(*) FROM step") if "step" in tables else 0,
        by_kind["unused"] + empty,
    )


def size_with_log(path: Path) -> int:
    """Bytes of the file and of the write-ahead log beside it."""
    log = path.with_name(path.name + "-wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)


def remove_unkept(connection: sqlite3.Connection) -> int:
    """Takes the pictures of generations that were never kept out of the file; records and thumbnails stay.

    Those with a star stay, and what a layer or the undo list needs. Returns how many pictures went; raises
    sqlite3.Error.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        gone = connection.execute(UNKEPT).fetchall()
        connection.executemany(
            "UPDATE candidate SET hash = '' WHERE generation_id = ? AND idx = ?", [row[:2] for row in gone]
        )
        users = " UNION ALL ".join((*OTHER_USERS, "SELECT hash FROM candidate", "SELECT hash FROM generation_input"))
        connection.executemany(
            f"DELETE FROM blob WHERE hash = ? AND hash NOT IN ({users})",  # noqa: S608 - our own words
            [(digest,) for digest in {row[2] for row in gone} - {_selection(connection)}],
        )
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return len(gone)


def _bytes_by_kind(connection: sqlite3.Connection, tables: set[str], meta: dict[str, Any]) -> dict[str, int]:
    """Bytes of the table blob by who needs them."""
    selection = meta.get("selection")
    chosen = str(selection.get("hash", "")) if isinstance(selection, dict) else ""
    unkept = {row[2] for row in connection.execute(_for(tables, UNKEPT))}
    named: dict[str, set[str]] = {
        "layer": {chosen, *_hashes(connection, tables, "tile", "saved_selection")},
        "kept": _hashes(connection, tables, "candidate") - unkept,
        "unkept": unkept,
        "input": _hashes(connection, tables, "generation_input"),
        "undo": _hashes(connection, tables, "kept", "step_blob", "away_tile"),
    }
    found = dict.fromkeys((*named, "unused"), 0)
    for digest, length in connection.execute("SELECT hash, length(data) FROM blob"):
        kind = next((kind for kind, hashes in named.items() if digest in hashes), "unused")
        found[kind] += length
    return found


def _hashes(connection: sqlite3.Connection, tables: set[str], *names: str) -> set[str]:
    present = [name for name in names if name in tables]
    return {row[0] for name in present for row in connection.execute(f"SELECT DISTINCT hash FROM {name}")}  # noqa: S608


def _for(tables: set[str], sql: str) -> str:
    """The query without the table of annotations where an older file has none."""
    return sql if "annotation" in tables else sql.rsplit("\nAND", 1)[0]


def _selection(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM meta WHERE key = 'selection'").fetchone()
    return str(json.loads(row[0]).get("hash", "")) if row else ""
