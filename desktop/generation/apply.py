"""Result in, layer and record out: one undo step on the document, one entry in the log."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from canvas.document import Document
from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from desktop.generation.capture import Capture
from desktop.generation.course import Course
from pipelines.contract.events import Cancelled, EngineEvent, Failed, Finished

THUMBNAIL_SIDE = 128


def make_record(capture: Capture, event: EngineEvent, course: Course | None = None) -> GenerationRecord:
    """The log entry of a job that ended, whichever way, with how it went. The project fills the pictures' hashes in."""
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
        facts=(course or Course()).facts(event),
        sentence=event.sentence if isinstance(event, Failed) else "",
        candidates=(),
        inputs={},
        thumbnail=thumbnail(patches[0]) if patches else b"",
        form=capture.form,
    )


def thumbnail(rgba: NDArray[np.uint8]) -> bytes:
    """PNG of at most 128 px a side of an (h, w, 4) picture."""
    from PIL import Image  # not for every start

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


def keep_candidate(
    document: Document, record: GenerationRecord, index: int, patch: NDArray[np.uint8], at: Bounds | None = None
) -> PaintLayer:
    """Applies candidate `index` of a record and marks it as kept in the log.

    Its place is the old one, or its middle comes to the middle of `at` (canvas pixels).
    """
    prompt = str(record.request.get("prompt", "")).strip()
    seed = record.request.get("seed")
    name = prompt[:40] or record.task.replace("-", " ")
    name += f" · {seed + index}" if isinstance(seed, int) else ""
    layer = apply_patch(document, record.bounds if at is None else centred(record.bounds, at), patch, name)
    document.generations.keep(record.id, index, layer.id)
    return layer


def centred(bounds: Bounds, at: Bounds) -> Bounds:
    """Bounds of the same size around the middle of others."""
    middle = at.center
    return Bounds(round(middle.x - bounds.width / 2), round(middle.y - bounds.height / 2), bounds.width, bounds.height)
