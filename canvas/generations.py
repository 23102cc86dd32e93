"""The log of generations: append-only, a tree in which every record knows its parent. No Qt.

The log holds what this session made and what the painter says about it. Older records stay where they are, in the
project file: an `Archive` fetches them one by one or searches them. Every method may be called from any thread.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from canvas.blobs import REMOVED, BlobStore, MemoryBlobs, blob_hash
from canvas.changes import Event
from canvas.errors import CanvasError
from canvas.generation_records import (
    Annotation,
    Archive,
    Entry,
    GenerationRecord,
    LogQuery,
    News,
    UnreadableError,
)
from canvas.geometry import Bounds
from canvas.log_search import LogTest, passes, search_lines

__all__ = [
    "EVERY",
    "FETCHED",
    "LONGEST_NOTE",
    "RECENT",
    "REMOVED",
    "Annotation",
    "Archive",
    "BlobStore",
    "Entry",
    "GenerationLog",
    "GenerationRecord",
    "LogQuery",
    "MemoryBlobs",
    "News",
    "UnreadableError",
    "blob_hash",
    "passes",
    "search_lines",
]

FETCHED = 512
"Records of the archive that are kept at hand."
RECENT = 256
"Records of this session that are always kept at hand."
EVERY = 1 << 62
"No number of a record is higher."
LONGEST_NOTE = 10_000
"Characters."


class GenerationLog:
    """Every generation of a document, oldest first, which candidates became layers, and what is said of them."""

    def __init__(self, blobs: BlobStore | None = None, archive: Archive | None = None) -> None:
        self.changed: Event[str] = Event()
        self.blobs: BlobStore = MemoryBlobs() if blobs is None else blobs
        self._lock = threading.RLock()
        self._archive: Archive | None = None
        self._horizon = 0
        self._archived: int | None = 0
        self._recent: dict[str, Entry] = {}
        self._touched: dict[str, Entry] = {}
        self._fetched: OrderedDict[str, Entry] = OrderedDict()
        self._changes = 0
        self._news: dict[str, News] = {}
        self._on_the_way: dict[str, Entry] = {}
        if archive is not None:
            self.attach(archive)

    def attach(self, archive: Archive) -> None:
        """From now on what an archive holds at this moment belongs to the log; this session's own records stay here."""
        with self._lock:
            self._archive, self._horizon, self._archived = archive, archive.newest(), None
            self._fetched.clear()

    @property
    def records(self) -> Sequence[GenerationRecord]:
        """All records, deleted ones too, oldest first. Reads everything: for tools and tests, not for the window."""
        return tuple(reversed(self.find(LogQuery(deleted=True), limit=1 << 40)))

    def count(self) -> int:
        """How many generations there are, deleted ones too."""
        while True:
            with self._lock:
                archive, horizon = self._archive, self._horizon
                if self._archived is not None:
                    return self._archived + len(self._recent)
            # Not in the lock: it takes a moment, and others must not wait for it.
            found = 0 if archive is None else archive.count(horizon)
            with self._lock:
                if (self._archive, self._horizon) == (archive, horizon):
                    self._archived = found

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever generated."""
        return not self._recent and not self._horizon

    def get(self, record_id: str) -> GenerationRecord:
        """One record; CanvasError if there is none of this id."""
        return self._entry(record_id).record

    def append(self, record: GenerationRecord) -> None:
        """Add a new record at the end; its id must be new and its parent, if any, known."""
        with suppress(UnreadableError):
            if self._look(record.id) is not None:
                raise CanvasError(f"The generation {record.id} is already in the log.")
            if record.parent_id and self._look(record.parent_id) is None:
                raise CanvasError(f"The parent {record.parent_id} of generation {record.id} is not in the log.")
        with self._lock:
            self._recent[record.id] = Entry(record)
            self._changes += 1
            self._news.setdefault(record.id, News()).record = record
        self.changed.emit(record.id)
        with suppress(CanvasError):  # what cannot be left to the archive stays here
            self._make_room()

    def keep(self, record_id: str, index: int, layer_id: str) -> None:
        """Note that a candidate became a layer."""
        entry = self._entry(record_id)
        if not 0 <= index < len(entry.record.candidates):
            raise CanvasError(f"Generation {record_id} has no candidate number {index + 1}.")
        with self._lock:
            self._replace(replace(entry, kept={**entry.kept, index: layer_id}))
            self._news.setdefault(record_id, News()).verdicts.append((index, layer_id))
        self.changed.emit(record_id)

    def kept(self, record_id: str) -> tuple[int, ...]:
        """The candidates of a record that were kept, in order."""
        entry = self._look(record_id)
        return () if entry is None else tuple(sorted(entry.kept))

    def kept_layer(self, record_id: str, index: int) -> str:
        """The layer that a kept candidate became last, or empty."""
        entry = self._look(record_id)
        return "" if entry is None else entry.kept.get(index, "")

    def annotation(self, record_id: str) -> Annotation:
        """What is said of a record; CanvasError if there is none of this id."""
        return self._entry(record_id).annotation

    def annotate(self, record_id: str, annotation: Annotation) -> None:
        """Say something else of a record. `Document.annotate` makes it a step that can be undone."""
        entry = self._entry(record_id)
        if entry.annotation == annotation:
            return
        with self._lock:
            self._replace(replace(entry, annotation=annotation))
            self._news.setdefault(record_id, News()).annotation = annotation
        self.changed.emit(record_id)

    def children(self, record_id: str) -> tuple[str, ...]:
        """The records that grew out of one, oldest first."""
        with self._lock:
            archive, horizon = self._archive, self._horizon
            mine = tuple(e.record.id for e in self._recent.values() if e.record.parent_id == record_id)
        return mine if archive is None else (*archive.children(record_id, horizon), *mine)

    def latest_at(self, bounds: Bounds) -> GenerationRecord | None:
        """The newest kept record that overlaps the bounds: the parent of a new one there. May be slow."""
        if bounds.is_empty:
            return None
        return next(iter(self.find(LogQuery(kept=True, place=bounds, deleted=True), limit=1)), None)

    def find(self, query: LogQuery, limit: int = 100, before: str = "") -> tuple[GenerationRecord, ...]:
        """The matching records, newest first; `before` is the id of the last one that was shown. May be slow."""
        return tuple(entry.record for entry in self.find_entries(query, limit, before))

    def find_entries(self, query: LogQuery, limit: int = 100, before: str = "") -> tuple[Entry, ...]:
        """`find`, with what is said of the records at this moment."""
        with self._lock:
            recent, touched = list(reversed(self._recent.values())), dict(self._touched)
            archive, below, changes = self._archive, self._horizon + 1, self._changes
        if before:
            place = next((i for i, entry in enumerate(recent) if entry.record.id == before), None)
            recent = [] if place is None else recent[place + 1 :]
            below = below if place is not None else min(below, self._entry(before).number)
        test = LogTest(query)
        found: list[Entry] = []
        for entry in recent:
            if len(found) >= limit:
                break
            if test.passes(entry):
                found.append(entry)
        if archive is not None and len(found) < limit:
            older = archive.find(query, limit - len(found), below, touched.keys())
            older.extend(entry for entry in touched.values() if entry.number < below and test.passes(entry))
            older.sort(key=lambda entry: -entry.number)
            found.extend(older[: limit - len(found)])
            self._remember(older, changes)
        return tuple(found)

    # For the project file

    def take_news(self, record_id: str) -> News:
        """What is new of a record since this was last asked."""
        with self._lock:
            news = self._news.pop(record_id, News())
            news.entry = self._recent.get(record_id) or self._touched.get(record_id)
            if news.entry is not None:
                self._on_the_way[record_id] = news.entry
            return news

    def committed(self, entry: Entry) -> None:
        """The archive has this now."""
        with self._lock:
            if self._on_the_way.get(entry.record.id) is entry:
                del self._on_the_way[entry.record.id]
            if self._touched.get(entry.record.id) is entry:
                del self._touched[entry.record.id]
                self._put(entry)

    def reread(self) -> None:
        """Pictures were taken out of the file: look again which. May be slow; any thread."""
        with self._lock:
            archive, held = self._archive, {**self._recent, **self._touched}
            self._fetched.clear()
            self._changes += 1
        for record_id in held if archive is not None else ():
            found = archive.get(record_id, EVERY) if archive is not None else None
            with self._lock:
                for known in (self._recent, self._touched):
                    if found is not None and record_id in known:
                        record = replace(known[record_id].record, candidates=found.record.candidates)
                        known[record_id] = replace(known[record_id], record=record)

    # Inside

    def _look(self, record_id: str) -> Entry | None:
        with self._lock:
            for known in (self._recent, self._touched):
                if record_id in known:
                    return known[record_id]
            if record_id in self._fetched:
                self._fetched.move_to_end(record_id)
                return self._fetched[record_id]
            archive, horizon, changes = self._archive, self._horizon, self._changes
        try:
            entry = None if archive is None else archive.get(record_id, horizon)
        except CanvasError as error:
            raise UnreadableError(str(error)) from error
        if entry is not None:
            self._remember([entry], changes)
        return entry

    def _entry(self, record_id: str) -> Entry:
        entry = self._look(record_id)
        if entry is None:
            raise CanvasError(f"This document has no generation with the id {record_id}.")
        return entry

    def _replace(self, entry: Entry) -> None:
        record_id = entry.record.id
        (self._recent if record_id in self._recent else self._touched)[record_id] = entry
        self._fetched.pop(record_id, None)
        self._changes += 1

    def _remember(self, entries: Sequence[Entry], changes: int) -> None:
        """Keep what was fetched, unless something changed meanwhile and it may be old."""
        with self._lock:
            if changes == self._changes:
                for entry in entries[:FETCHED]:
                    if entry.record.id not in self._touched:
                        self._put(entry)

    def _put(self, entry: Entry) -> None:
        self._fetched[entry.record.id] = entry
        self._fetched.move_to_end(entry.record.id)
        while len(self._fetched) > FETCHED:
            self._fetched.popitem(last=False)

    def _make_room(self) -> None:
        """Leave the older half of many records to the archive, once it has them."""
        archive = self._archive
        if archive is None or len(self._recent) < 2 * RECENT:
            return
        middle = list(self._recent)[RECENT - 1]
        number, gone = archive.between(self._horizon, middle)
        with self._lock:
            if not number or not self._recent.keys() - self._news.keys() - self._on_the_way.keys() >= set(gone):
                return
            for record_id in gone:
                del self._recent[record_id]
            self._archived = None if self._archived is None else self._archived + len(gone)
            self._horizon = number
