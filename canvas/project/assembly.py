"""From what a file holds to a document, and from a document to the first batch of a new file."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from canvas.changes import ChangeKind
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.generations import BlobStore, GenerationLog
from canvas.geometry import Bounds
from canvas.layers import Layer
from canvas.markings import MARKINGS
from canvas.project.batch import Batch, NewGeneration, SelectionPixels, Verdict, now
from canvas.project.document_reader import Stored
from canvas.project.ledger import Ledger
from canvas.project.step_list import StepList
from canvas.project.step_reader import restore_steps
from canvas.selection import Selection

STANDARD_FRAME = Bounds(0, 0, 512, 512)
SMALL: Mapping[ChangeKind, Callable[[Document], Any]] = {
    ChangeKind.FRAME: lambda document: list(document.frame),
    **{one.change: lambda document, one=one: one.to_json(document.marking(one)) for one in MARKINGS},
}
"What is kept as one value of `meta`, under the name of its change."


def build_document(stored: Stored, blobs: BlobStore) -> Document:
    """A document as it was stored, its log in `blobs`."""
    frame = stored.frame if stored.frame and not stored.frame.is_empty else STANDARD_FRAME
    document = Document(frame, GenerationLog(blobs), stored.document_id)
    document.tree = stored.tree
    if not stored.selection.bounds.is_empty:
        document.replace_selection(Selection.from_mask(*stored.selection))
    document.replace_saved_selections(
        {
            name: Selection.none() if one.bounds.is_empty else Selection.from_mask(*one)
            for name, one in stored.saved_selections.items()
        }
    )
    for marking in MARKINGS:
        value = stored.meta.get(str(marking.change))
        if value is not None:
            with suppress(CanvasError):  # a newer version may say more than this one can read
                document.replace_marking(marking, marking.from_json(value))
    document.active = _active(document, stored.active)
    return document


def restore_history(document: Document, stored: Stored, complain: Callable[[str], None]) -> StepList:
    """Gives the document the steps of earlier sessions."""
    history, steps = document.history, StepList()
    found = restore_steps(stored.steps, document.tree, stored.tiles, history.shelf, complain)
    history.restore([step for _, step in found.done], [step for _, step in reversed(found.undone)])
    rows = [(number, step, False) for number, step in found.done]
    rows += [(number, step, True) for number, step in found.undone]
    steps.know(rows, found.away, found.strange)
    return steps


def _active(document: Document, wanted: str) -> Layer | None:
    """The layer or mask of that id, else the lowest layer that can be painted on."""
    layers: list[Layer] = [*document.tree.walk(), *document.tree.surfaces()]
    found = next((layer for layer in layers if layer.id == wanted), None)
    return found or next(document.tree.paint_layers(), None)


def everything(document: Document, ledger: Ledger) -> Batch:
    """A batch that writes a whole document."""
    batch = Batch(selection=selection_pixels(document.selection), saved=saved_pixels(document))
    ledger.gather_all(batch, document.tree)
    active: Any = document.active.id if document.active else ""
    values = {"document": document.id, "created": now(), "active": active}
    values |= {str(kind): value_of(document) for kind, value_of in SMALL.items()}
    batch.meta.update({key: json.dumps(value) for key, value in values.items()})
    log = document.generations
    for record in log.records:
        digests = (*record.candidates, *(record.inputs or {}).values())
        batch.generations.append(NewGeneration(record, {digest: log.blobs.get(digest) for digest in digests}))
        for index in log.kept(record.id):
            batch.verdicts.append(Verdict(record.id, index, log.kept_layer(record.id, index), now()))
        batch.annotations[record.id] = log.annotation(record.id)
        if (entry := log.take_news(record.id).entry) is not None:
            batch.after_commit.append(lambda _, entry=entry: log.committed(entry))
    return batch


def selection_pixels(selection: Selection) -> SelectionPixels:
    """A selection as a file keeps it."""
    return SelectionPixels(selection.bounds, selection.mask)


def saved_pixels(document: Document) -> dict[str, SelectionPixels]:
    """The saved selections as a file keeps them, by their names."""
    return {name: selection_pixels(one) for name, one in document.saved_selections.items()}
