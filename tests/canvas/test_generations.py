"""The generation log: append-only, every record knows its parent."""

from dataclasses import replace

import numpy as np
import pytest

from canvas.changes import ChangeKind, DocumentChange
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.generations import GenerationLog, GenerationRecord, MemoryBlobs, blob_hash
from canvas.geometry import Bounds

FIRST = GenerationRecord(
    id="a",
    parent_id="",
    created="2026-01-01T00:00:00Z",
    task="inpaint",
    status="finished",
    request={"prompt": "a hill"},
    bounds=Bounds(0, 0, 100, 100),
    facts={},
    candidates=("h1", "h2"),
)


def test_records_keep_their_order_and_their_parents() -> None:
    log = GenerationLog()
    log.append(FIRST)
    log.append(replace(FIRST, id="b", parent_id="a", bounds=Bounds(50, 50, 100, 100)))
    assert [record.id for record in log.records] == ["a", "b"]
    assert log.get("b").parent_id == "a"
    for wrong, sentence in ((FIRST, "already"), (replace(FIRST, id="c", parent_id="z"), "not in the log")):
        with pytest.raises(CanvasError, match=sentence):
            log.append(wrong)
    with pytest.raises(CanvasError, match="no generation"):
        log.get("z")


def test_the_newest_kept_record_is_the_parent_of_the_next() -> None:
    log = GenerationLog()
    log.append(FIRST)
    log.append(replace(FIRST, id="b", bounds=Bounds(50, 50, 100, 100)))
    assert log.latest_at(Bounds(60, 60, 5, 5)) is None
    log.keep("a", 1, "layer")
    assert log.latest_at(Bounds(60, 60, 5, 5)) is FIRST
    log.keep("b", 0, "other")
    found = log.latest_at(Bounds(60, 60, 5, 5))
    assert found is not None
    assert found.id == "b"
    assert log.latest_at(Bounds(0, 0, 5, 5)) is FIRST
    assert log.latest_at(Bounds(900, 0, 5, 5)) is None
    assert log.kept("a") == (1,)
    assert log.kept_layer("a", 1) == "layer"
    with pytest.raises(CanvasError, match="candidate number 3"):
        log.keep("a", 2, "layer")


def test_the_log_outlives_undo_and_the_document_tells_of_it() -> None:
    document = Document.new(Bounds(0, 0, 9, 9))
    told: list[DocumentChange] = []
    document.changed.connect(told.append)
    document.set_frame(Bounds(1, 1, 9, 9))
    document.generations.append(FIRST)
    document.undo()
    assert document.generations.records == (FIRST,)
    assert [c.origin for c in told if c.kind is ChangeKind.GENERATIONS] == ["a"]


def test_blobs_are_kept_by_content() -> None:
    blobs = MemoryBlobs()
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    digest = blobs.put(pixels)
    assert blobs.put(pixels.copy()) == digest
    assert digest == blob_hash(pixels) != blob_hash(pixels.reshape(3, 2, 4))
    pixels[:] = 0
    assert blobs.get(digest).max() == 23
    with pytest.raises(CanvasError, match="not in this document"):
        blobs.get("0" * 64)
