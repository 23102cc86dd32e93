"""The log of generations: append-only, a tree in which every record knows its parent. No Qt."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from canvas.changes import Event
from canvas.errors import CanvasError
from canvas.geometry import Bounds


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
    "Hashes of the result patches."
    inputs: Mapping[str, str] = field(default_factory=dict)
    "Hashes of what went in: image, mask."
    thumbnail: bytes = b""
    "A PNG of at most 128 pixels a side."


class BlobStore(Protocol):
    """Pixels by content."""

    def put(self, pixels: NDArray[np.uint8]) -> str:
        """Keep the pixels; returns their hash."""
        ...

    def get(self, digest: str) -> NDArray[np.uint8]:
        """The pixels of a hash; CanvasError if they are not here."""
        ...


def blob_hash(pixels: NDArray[np.uint8]) -> str:
    """SHA-256, in hex, of the shape and the bytes."""
    digest = hashlib.sha256(repr(tuple(int(n) for n in pixels.shape)).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


class MemoryBlobs:
    """Blobs that live as long as the program."""

    def __init__(self) -> None:
        self._kept: dict[str, NDArray[np.uint8]] = {}

    def put(self, pixels: NDArray[np.uint8]) -> str:
        """Keep a read-only copy; the same pixels are kept once."""
        digest = blob_hash(pixels)
        if digest not in self._kept:
            kept = pixels.copy()
            kept.flags.writeable = False
            self._kept[digest] = kept
        return digest

    def get(self, digest: str) -> NDArray[np.uint8]:
        """The pixels, read-only."""
        if digest not in self._kept:
            raise CanvasError(f"The pixels {digest[:12]}... are not in this document.")
        return self._kept[digest]


class GenerationLog:
    """Every generation of a document, oldest first, and which candidates became layers."""

    def __init__(self, blobs: BlobStore | None = None) -> None:
        self.changed: Event[str] = Event()
        self.blobs: BlobStore = MemoryBlobs() if blobs is None else blobs
        self._records: list[GenerationRecord] = []
        self._by_id: dict[str, GenerationRecord] = {}
        self._kept: dict[str, dict[int, str]] = {}

    @property
    def records(self) -> Sequence[GenerationRecord]:
        """All records, oldest first."""
        return tuple(self._records)

    def get(self, record_id: str) -> GenerationRecord:
        """One record; CanvasError if there is none of this id."""
        if record_id not in self._by_id:
            raise CanvasError(f"This document has no generation with the id {record_id}.")
        return self._by_id[record_id]

    def append(self, record: GenerationRecord) -> None:
        """Add a new record at the end; its id must be new and its parent, if any, known."""
        if record.id in self._by_id:
            raise CanvasError(f"The generation {record.id} is already in the log.")
        if record.parent_id and record.parent_id not in self._by_id:
            raise CanvasError(f"The parent {record.parent_id} of generation {record.id} is not in the log.")
        self._records.append(record)
        self._by_id[record.id] = record
        self.changed.emit(record.id)

    def keep(self, record_id: str, index: int, layer_id: str) -> None:
        """Note that a candidate became a layer."""
        record = self.get(record_id)
        if not 0 <= index < len(record.candidates):
            raise CanvasError(f"Generation {record_id} has no candidate number {index + 1}.")
        self._kept.setdefault(record_id, {})[index] = layer_id
        self.changed.emit(record_id)

    def kept(self, record_id: str) -> tuple[int, ...]:
        """The candidates of a record that were kept, in order."""
        return tuple(sorted(self._kept.get(record_id, {})))

    def kept_layer(self, record_id: str, index: int) -> str:
        """The layer that a kept candidate became last, or empty."""
        return self._kept.get(record_id, {}).get(index, "")

    def latest_at(self, bounds: Bounds) -> GenerationRecord | None:
        """The newest kept record that overlaps the bounds: the parent of a new one there."""
        for record in reversed(self._records):
            if record.id in self._kept and not record.bounds.intersected(bounds).is_empty:
                return record
        return None
