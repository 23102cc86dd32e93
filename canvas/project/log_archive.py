"""Reads the log from the file: single records, and searches over all of them. Nothing is read before it is asked.

A search goes over `generation_narrow`, an index that holds all that is needed to decide, and over the index of words;
whole rows, thumbnails and all, are read only of what is found.
"""

import json
import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from canvas.errors import CanvasError
from canvas.generations import Annotation, Entry, GenerationRecord, LogQuery, passes
from canvas.geometry import Bounds
from canvas.log_words import Phrase, match_expression, phrases
from canvas.project.reader import Reader

ENTRIES = """SELECT g.number, g.id, g.created, g.task, g.status, g.request, g.facts, g.x, g.y, g.width, g.height,
g.sentence, g.thumbnail, g.form,
(SELECT p.id FROM generation p WHERE p.id = g.parent_id),
(SELECT json_group_array(hash) FROM (SELECT hash FROM candidate WHERE generation_id = g.id ORDER BY idx)),
(SELECT json_group_object(name, hash) FROM generation_input WHERE generation_id = g.id),
(SELECT json_group_array(json_array(idx, layer_id))
 FROM (SELECT idx, layer_id FROM verdict WHERE generation_id = g.id ORDER BY number)),
(SELECT json_array(starred, note, deleted) FROM annotation WHERE generation_id = g.id)
FROM generation g"""
"Everything of records, as `read_entry` takes it."
PAGE = 200
"Records that are read together."


class FileArchive:
    """The log of a file. Two connections, so that a quick question never waits for a search."""

    def __init__(self, reader: Reader, path: Path) -> None:
        """`reader` answers quick questions; searches get a reader of their own."""
        self._quick, self._path = reader, path
        self._searcher: Reader | None = None
        self._lock = threading.Lock()

    @property
    def _slow(self) -> Reader:
        with self._lock:
            if self._searcher is None:
                self._searcher = Reader(self._path)
                self._searcher.close()  # a new one may have looked at the file as if nobody wrote to it
            return self._searcher

    def visit(self) -> None:
        """Nothing: the quick reader holds the file."""

    def step_aside(self) -> None:
        """Searches wait until `point_at`: the file is replaced."""
        if self._searcher is not None:
            self._searcher.step_aside()

    def point_at(self, path: Path) -> None:
        """Goes on with another file that holds the same records."""
        self._path = path
        if self._searcher is not None:
            self._searcher.point_at(path)

    def close(self) -> None:
        """Lets go of the file; a later question opens it again."""
        if self._searcher is not None:
            self._searcher.close()

    def newest(self) -> int:
        """The number of the last record, 0 if there is none."""
        return int(self._quick.rows("SELECT coalesce(max(number), 0) FROM generation")[0][0])

    def count(self, upto: int) -> int:
        """How many records have a number up to this one."""
        # Over everything SQLite counts along its smallest index. In one statement: a record may be written meanwhile.
        sql = "SELECT count(*) - (SELECT count(*) FROM generation WHERE number > ?) FROM generation"
        return int(self._quick.rows(sql, (upto,))[0][0])

    def get(self, record_id: str, upto: int) -> Entry | None:
        """One record with a number up to this one."""
        rows = self._quick.rows(f"{ENTRIES} WHERE g.id = ? AND g.number <= ?", (record_id, upto))
        return read_entry(rows[0]) if rows else None

    def children(self, record_id: str, upto: int) -> tuple[str, ...]:
        """The records that grew out of one, oldest first."""
        sql = "SELECT id FROM generation WHERE parent_id = ? AND number <= ? ORDER BY number"
        return tuple(row[0] for row in self._quick.rows(sql, (record_id, upto)))

    def between(self, after: int, record_id: str) -> tuple[int, tuple[str, ...]]:
        """The number of a record, and the ids of those up to it behind a number; (0, ()) if it is not there."""
        found = self._quick.rows("SELECT number FROM generation WHERE id = ?", (record_id,))
        if not found:
            return 0, ()
        sql = "SELECT id FROM generation INDEXED BY generation_narrow WHERE number > ? AND number <= ? ORDER BY number"
        return found[0][0], tuple(row[0] for row in self._quick.rows(sql, (after, found[0][0])))

    def find(self, query: LogQuery, limit: int, before: int, without: Collection[str]) -> list[Entry]:
        """The newest matches with numbers below `before`, newest first, but for those `without`."""
        asked = phrases(query.words)
        if not asked:
            return self._entries(self._numbers(query, (), limit, (0, before), without))
        first = self._first_indexed(before)
        try:
            numbers = self._numbers(query, asked, limit, (first, before), without) if first < before else []
        except CanvasError:  # the index cannot be read; the records perhaps can
            first, numbers = before, []
        found = self._entries(numbers)
        while len(found) < limit and first > 1:
            chunk = self._entries(self._numbers(query, (), PAGE, (0, first), without))
            found.extend(entry for entry in chunk if passes(query, entry))
            first = chunk[-1].number if chunk else 0
        return found[:limit]

    def _first_indexed(self, none: int) -> int:
        """The number from which on the words of all records are in the index."""
        try:
            found = self._slow.rows("SELECT min(id) FROM generation_text_content")[0][0]
        except CanvasError:  # there is no index in this file
            return none
        return none if found is None else int(found)

    def _numbers(
        self,
        query: LogQuery,
        asked: Sequence[Phrase],
        limit: int,
        between: tuple[int, int],
        without: Collection[str],
    ) -> list[int]:
        """The numbers of matches, newest first; `between` from the first number to below the second."""
        tests, values = _conditions(query, without)
        table, number = "generation g INDEXED BY generation_narrow", "g.number"
        if asked:
            table, number = "generation_text t", "t.rowid"
            if tests:
                table += " CROSS JOIN generation g INDEXED BY generation_narrow ON g.number = t.rowid"
            tests.insert(0, "t.generation_text MATCH ?")
            values.insert(0, match_expression(asked))
        tests.append(f"{number} >= ? AND {number} < ?")
        sql = f"SELECT {number} FROM {table} WHERE {' AND '.join(tests)} ORDER BY {number} DESC LIMIT ?"  # noqa: S608
        rows = self._slow.rows(sql, (*values, *between, min(limit, 1 << 40)))
        return [row[0] for row in rows]

    def _entries(self, numbers: Sequence[int]) -> list[Entry]:
        """Whole records by number, in that order."""
        found: list[Entry] = []
        for start in range(0, len(numbers), PAGE):
            listed = numbers[start : start + PAGE]
            marks = ", ".join("?" * len(listed))
            rows = self._slow.rows(f"{ENTRIES} WHERE g.number IN ({marks}) ORDER BY g.number DESC", tuple(listed))
            found.extend(map(read_entry, rows))
        return found


def read_entry(row: tuple[Any, ...]) -> Entry:
    """A row of ENTRIES. What is damaged in it is left empty: the rest of a record is worth having."""
    number, record_id, created, task, status, request, facts, x, y, width, height, sentence, thumbnail, form = row[:14]
    parent, candidates, inputs, verdicts, said = row[14:]
    record = GenerationRecord(
        str(record_id),
        str(parent or ""),
        str(created),
        str(task),
        str(status),
        request=_mapping(request),
        bounds=Bounds(*(value if isinstance(value, int) else 0 for value in (x, y, width, height))),
        facts=_mapping(facts),
        sentence=str(sentence),
        candidates=tuple(str(digest) for digest in json.loads(candidates)),
        inputs={str(name): str(digest) for name, digest in json.loads(inputs).items()},
        thumbnail=thumbnail if isinstance(thumbnail, bytes) else b"",
        form=_mapping(form),
    )
    kept = {
        idx: layer for idx, layer in json.loads(verdicts) if isinstance(idx, int) and 0 <= idx < len(record.candidates)
    }
    annotation = Annotation()
    if said is not None:
        starred, note, deleted = json.loads(said)
        annotation = Annotation(bool(starred), str(note), bool(deleted))
    return Entry(record, annotation, kept, int(number))


def _mapping(text: Any) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _conditions(query: LogQuery, without: Collection[str]) -> tuple[list[str], list[Any]]:
    """What the rows of `generation_narrow` must fulfil, but for words; and the values."""
    tests: list[str] = []
    values: list[Any] = []

    # SQLite tries them in this order: first what costs least.
    def want(test: str, *given: Any) -> None:
        tests.append(test)
        values.extend(given)

    if query.statuses:
        want(f"g.status IN ({', '.join('?' * len(query.statuses))})", *sorted(query.statuses))
    if not query.place.is_empty:
        place = query.place
        want("g.x < ? AND g.x + g.width > ?", place.right, place.x)
        want("g.y < ? AND g.y + g.height > ? AND g.width > 0 AND g.height > 0", place.bottom, place.y)
    if query.since:
        want("g.created >= ?", query.since)
    if query.until:
        want("g.created < ?", query.until)
    if query.starred:
        want("g.number IN (SELECT number FROM annotation JOIN generation ON id = generation_id WHERE starred)")
    if query.kept:
        want("g.number IN (SELECT n.number FROM verdict JOIN generation n ON n.id = generation_id)")
    if not query.deleted:
        want("g.id NOT IN (SELECT generation_id FROM annotation WHERE deleted)")
    if without:
        want("g.id NOT IN (SELECT value FROM json_each(?))", json.dumps(sorted(without)))
    return tests, values
