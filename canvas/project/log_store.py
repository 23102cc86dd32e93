"""Writes the log into the file: records, verdicts, annotations and the index of their words. On the writer's thread.

The index is SQLite's FTS5 over the tokens that `canvas.log_words` makes, one row for each record, in the transaction
that writes the record. It always covers the newest records without a gap: files of older versions get it from the
newest record downwards, a little at a time. Where SQLite has no FTS5 there is none, and records are read one by one.
"""

import json
import sqlite3
from collections.abc import Callable

from canvas.generations import Annotation, GenerationRecord, search_lines
from canvas.log_words import FIELDS
from canvas.project.batch import Batch, NewGeneration, Pixels
from canvas.project.log_archive import ENTRIES, read_entry

MAKE_TEXT = f"""CREATE VIRTUAL TABLE IF NOT EXISTS generation_text
USING fts5 ({", ".join(FIELDS)}, tokenize = "ascii tokenchars '_'", prefix = '1 2 3', columnsize = 0)"""
PUT_TEXT = f"""INSERT INTO generation_text (rowid, {", ".join(FIELDS)})
VALUES (?{", ?" * len(FIELDS)})"""  # noqa: S608 - our own names
PUT_RECORD = """INSERT OR IGNORE INTO generation
(id, parent_id, created, task, status, prompt, model, seed, request, facts, x, y, width, height,
sentence, thumbnail, form) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
AT_ONCE = 50
"Old records that are indexed together."
BROKEN = frozenset({1, 11, 19, 26})
"SQLite's codes for a table that is not as it should be: ERROR, CORRUPT, CONSTRAINT, NOTADB."


class LogStore:
    """The part of the file that is the log. Belongs to the writer's thread; the caller holds the transaction."""

    def __init__(self, connection: sqlite3.Connection, put: Callable[[str, Pixels], object]) -> None:
        """`put` stores pixels under their hash."""
        self._connection, self._put = connection, put
        self._indexes: bool | None = None

    def write(self, batch: Batch) -> None:
        """All of a batch that belongs to the log. Raises sqlite3.Error."""
        for made in batch.generations:
            self._write_generation(made)
        self._connection.executemany(
            "INSERT INTO verdict (generation_id, idx, layer_id, at) VALUES (?, ?, ?, ?)", batch.verdicts
        )
        for record_id, annotation in batch.annotations.items():
            self._write_annotation(record_id, annotation)

    def fill(self, count: int = AT_ONCE) -> bool:
        """Indexes some records that older versions left; whether there are more. Raises sqlite3.Error."""
        if not self._connection.execute("SELECT EXISTS (SELECT 1 FROM generation)").fetchone()[0]:
            return False
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            left = self._guarded(lambda: self._fill(count))
            self._connection.execute("COMMIT")
        except BaseException:
            self.rolled_back()
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return bool(left) and self._indexes is True

    def rolled_back(self) -> None:
        """The transaction came to nothing: an index that was made in it is gone."""
        self._indexes = None if self._indexes else self._indexes

    def _fill(self, count: int) -> bool:
        first = self._connection.execute("SELECT min(id) FROM generation_text_content").fetchone()[0]
        below = (1 << 62) if first is None else first
        rows = self._connection.execute(
            f"{ENTRIES} WHERE g.number < ? ORDER BY g.number DESC LIMIT ?", (below, count)
        ).fetchall()
        for entry in map(read_entry, rows):
            self._index(entry.number, entry.record, entry.annotation.note)
        return len(rows) == count

    def _write_generation(self, made: NewGeneration) -> None:
        for digest, pixels in made.pixels.items():
            self._put(digest, pixels)
        record = made.record
        self._guarded(lambda: None)  # the index is looked at before there is a newer record than its last
        cursor = self._connection.execute(PUT_RECORD, _row(record))
        number = cursor.lastrowid if cursor.rowcount == 1 else None
        self._connection.executemany(
            "INSERT OR REPLACE INTO candidate VALUES (?, ?, ?)",
            ((record.id, index, digest) for index, digest in enumerate(record.candidates)),
        )
        inputs = (record.inputs or {}).items()
        self._connection.executemany(
            "INSERT OR REPLACE INTO generation_input VALUES (?, ?, ?)", ((record.id, name, h) for name, h in inputs)
        )
        if number is not None:
            self._guarded(lambda: self._index(number, record, ""))

    def _write_annotation(self, record_id: str, annotation: Annotation) -> None:
        old = self._connection.execute("SELECT note FROM annotation WHERE generation_id = ?", (record_id,)).fetchone()
        self._connection.execute(
            "INSERT OR REPLACE INTO annotation VALUES (?, ?, ?, ?)",
            (record_id, int(annotation.starred), annotation.note, int(annotation.deleted)),
        )
        if annotation.note != (old[0] if old else ""):
            self._guarded(lambda: self._index_again(record_id))

    def _index_again(self, record_id: str) -> None:
        row = self._connection.execute(f"{ENTRIES} WHERE g.id = ?", (record_id,)).fetchone()
        first = self._connection.execute("SELECT min(id) FROM generation_text_content").fetchone()[0]
        if row is None or first is None:
            return
        entry = read_entry(row)
        if entry.number >= first:
            self._connection.execute("DELETE FROM generation_text WHERE rowid = ?", (entry.number,))
            self._index(entry.number, entry.record, entry.annotation.note)

    def _index(self, number: int, record: GenerationRecord, note: str) -> None:
        self._connection.execute(PUT_TEXT, (number, *search_lines(record, note).values()))

    def _guarded(self, work: Callable[[], object]) -> object:
        """Work on the index, if there can be one. A broken index never keeps a record from being written."""
        try:
            if self._indexes is None:
                self._indexes = self._ready()
            return work() if self._indexes else None
        except sqlite3.DatabaseError as error:
            if not self._connection.in_transaction or getattr(error, "sqlite_errorcode", 0) & 0xFF not in BROKEN:
                raise
            self._indexes = False
            return None

    def _ready(self) -> bool:
        """Whether words can be indexed. An index that ends before the newest record is thrown away: it has a gap."""
        connection = self._connection
        if not connection.execute("SELECT EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'fts5')").fetchone()[0]:
            return False
        connection.execute(MAKE_TEXT)
        last = connection.execute("SELECT max(id) FROM generation_text_content").fetchone()[0]
        newest = connection.execute("SELECT max(number) FROM generation").fetchone()[0]
        if last is not None and newest is not None and last < newest:
            connection.execute("DROP TABLE generation_text")
            connection.execute(MAKE_TEXT)
        return True


def _row(record: GenerationRecord) -> tuple[object, ...]:
    request = record.request
    seed = request.get("seed")
    return (
        record.id,
        record.parent_id,
        record.created,
        record.task,
        record.status,
        str(request.get("prompt", "")),
        str(request.get("model", "")),
        seed if isinstance(seed, int) and abs(seed) < 1 << 63 else None,
        json.dumps(request, ensure_ascii=False, default=str),
        json.dumps(record.facts, ensure_ascii=False, default=str),
        *record.bounds,
        record.sentence,
        record.thumbnail,
        json.dumps(record.form, ensure_ascii=False, default=str),
    )
