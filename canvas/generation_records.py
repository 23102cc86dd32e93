"""What the log of generations holds, and what it asks of an archive of older ones. No Qt."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds


@dataclass(frozen=True)
class GenerationRecord:
    """One finished, failed or cancelled generation; never changed once written."""

    id: str
    "Unique, a uuid in hex."
    parent_id: str
    "The record this one grew out of, or empty."
    created: str
    "ISO 8601, UTC."
    task: str
    "text_to_image, image_to_image, inpaint, outpaint."
    status: str
    "finished, failed or cancelled."
    request: Mapping[str, Any]
    "The whole request in its JSON form: enough to do it again."
    bounds: Bounds
    "Canvas pixels that the patches cover."
    facts: Mapping[str, Any]
    "What the engine reported: seconds, device, the sizes it worked at."
    sentence: str = ""
    "Why it failed, for the person at the screen."
    candidates: tuple[str, ...] = ()
    "Hashes of the result patches; empty where a picture was removed on purpose."
    inputs: Mapping[str, str] = field(default_factory=dict)
    "Hashes of what went in: image, mask."
    thumbnail: bytes = b""
    "A PNG of at most 128 pixels a side."
    form: Mapping[str, Any] = field(default_factory=dict)
    "The settings as the painter typed them, wildcards and all; {} for records of older versions."


@dataclass(frozen=True)
class Annotation:
    """What the painter says about a generation; may change, unlike the record."""

    starred: bool = False
    "Marked as worth finding again."
    note: str = ""
    "Free text."
    deleted: bool = False
    "Hidden from searches; nothing is lost, and it can be brought back."


@dataclass(frozen=True)
class LogQuery:
    """What to look for; the default finds everything that was not deleted."""

    words: str = ""
    'What `canvas.log_words.phrases` understands: words that all occur, "in a row", seed:42, -without.'
    kept: bool = False
    "Only generations of which a picture became a layer."
    starred: bool = False
    "Only those with a star."
    statuses: frozenset[str] = frozenset()
    "Only those of a status listed here: finished, failed, cancelled; empty for all."
    place: Bounds = NOTHING
    "Only those that overlap these canvas pixels; empty for everywhere."
    since: str = ""
    "Made at this moment or later: ISO 8601 in UTC, or the beginning of it, such as 2026-11; empty for all."
    until: str = ""
    "Made before this moment; empty for all."
    deleted: bool = False
    "Deleted ones too."


@dataclass(frozen=True)
class Entry:
    """A record and what is said of it."""

    record: GenerationRecord
    annotation: Annotation = Annotation()
    kept: Mapping[int, str] = field(default_factory=dict)
    "The layer that each kept candidate became last, by the candidate's number."
    number: int = 0
    "The place in an archive's order, from 1; 0 for records that only this session knows."


class Archive(Protocol):
    """The records of earlier sessions, oldest first by number. Asked from any thread; raises CanvasError."""

    def newest(self) -> int:
        """The number of the last record, 0 if there is none. Quick."""
        ...

    def count(self, upto: int) -> int:
        """How many records have a number up to this one. Quick."""
        ...

    def get(self, record_id: str, upto: int) -> Entry | None:
        """One record with a number up to this one. Quick."""
        ...

    def children(self, record_id: str, upto: int) -> tuple[str, ...]:
        """The records that grew out of one, oldest first. Quick."""
        ...

    def between(self, after: int, record_id: str) -> tuple[int, tuple[str, ...]]:
        """The number of a record, and the ids of those up to it behind a number; (0, ()) if it is not there. Quick."""
        ...

    def find(self, query: LogQuery, limit: int, before: int, without: Collection[str]) -> list[Entry]:
        """The newest matches with numbers below `before`, newest first, but for those `without`. May be slow."""
        ...


@dataclass
class News:
    """What was not handed over to a file yet, of one record."""

    record: GenerationRecord | None = None
    "The record itself, if it is new."
    verdicts: list[tuple[int, str]] = field(default_factory=list)
    "Candidates that became layers: their numbers and the layers' ids."
    annotation: Annotation | None = None
    "What is said of it now, if that changed."
    entry: Entry | None = None
    "All of it as it is now: give it to `GenerationLog.committed`."


class UnreadableError(CanvasError):
    """The archive cannot be asked: what is older than this session is out of reach, what is new is not."""
