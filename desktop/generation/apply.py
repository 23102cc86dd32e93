"""Result in, layer and record out: one undo step on the document, one entry in the log."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from canvas.document import Document
from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from desktop.generation.capture import Capture
from pipelines.contract.events import Cancelled, EngineEvent, Failed, Finished

THUMBNAIL_SIDE = 128


def make_record(capture: Capture, event: EngineEvent) -> GenerationRecord:
    """The log entry of a job that ended, whichever way. Candidate hashes are filled in by the project."""
    request = capture.request
    patches: Sequence[NDArray[np.uint8]] = event.patches if isinstance(event, Finished) else ()
    status = {Finished: "finished", Failed: "failed", Cancelled: "cancelled"}[type(event)]
    return GenerationRecord(
        id=uuid.uuid4().hex,
        parent_id=capture.parent_id,
        created=datetime.now(UTC).isoformat(timespec="milliseconds"),
        task=str(request.task),
        status=status,
        request=request.to_dict(),
        bounds=capture.bounds,
        facts=dict(event.facts) if isinstance(event, Finished) else {},
        sentence=event.sentence if isinstance(event, Failed) else "",
        candidates=(),
        inputs={},
        thumbnail=thumbnail(patches[0]) if patches else b"",
    )


def thumbnail(rgba: NDArray[np.uint8]) -> bytes:
    """PNG of at most 128 px a side of an (h, w, 4) picture."""
    image = Image.fromarray(rgba)
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BILINEAR)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def apply_patch(
    document: Document, bounds: Bounds, patch: NDArray[np.uint8], name: str, step: str = "Generate"
) -> PaintLayer:
    """Puts an (h, w, 4) patch on a new layer on top of everything: one undo step. Nothing below is touched.

    On top, because the patch continues what was visible when it was captured, all layers together.
    """
    layer = PaintLayer(name=name)
    with document.transaction(step):
        document.add_layer(layer)
        document.put_image(layer, bounds.x, bounds.y, from_rgba(patch))
    document.active = layer
    return layer


def keep_candidate(document: Document, record: GenerationRecord, index: int, patch: NDArray[np.uint8]) -> PaintLayer:
    """Applies candidate `index` of a record and marks it as kept in the log."""
    prompt = str(record.request.get("prompt", "")).strip()
    name = (prompt[:40] or record.task.replace("-", " ")) + f" · {int(record.request['seed']) + index}"
    layer = apply_patch(document, record.bounds, patch, name)
    document.generations.keep(record.id, index, layer.id)
    return layer
