"""Result in, layer and record out: one undo step on the document, one entry in the log."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from canvas.layers import LayerMask, PaintLayer
from canvas.pixels import from_rgba
from canvas.stroke import why_not_paintable
from desktop.generation.capture import Capture
from desktop.generation.clip_records import is_clip
from desktop.generation.course import Course
from desktop.generation.modes import mode_of_record, mode_word
from desktop.view.tools.base import layer_problem
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
    from desktop.generation.fitting import fitted  # a start does without

    prompt = str(record.request.get("prompt", "")).strip()
    seed = record.request.get("seed")
    mode = mode_of_record(record.task, record.form)
    name = prompt[:40] or (mode_word(mode) if mode else record.task.replace("-", " "))
    if is_clip(record):
        name += " · " + QCoreApplication.translate("clips", "Frame {number}").format(number=index + 1)
    elif isinstance(seed, int):
        varied = bool(record.request.get("variation_strength"))
        name += f" · {seed} ~ {record.request.get('variation_seed', 0) + index}" if varied else f" · {seed + index}"
    place = record.bounds if at is None else centred(record.bounds, at)
    layer = apply_patch(document, place, fitted(patch, place.width, place.height), name)
    document.generations.keep(record.id, index, layer.id)
    return layer


def why_not_into(document: Document) -> str:
    """A sentence when a picture cannot become a part of the active layer; empty when it can."""
    layer = document.active
    if isinstance(layer, LayerMask):
        return QCoreApplication.translate("apply", "This is a mask, which holds no colours. Choose its layer.")
    if layer is not None and layer.apart:
        return QCoreApplication.translate(
            "apply", "This control layer is no part of the picture; nobody would see it there. Choose another layer."
        )
    problem = why_not_paintable(layer)
    return layer_problem(problem) if problem else ""


def keep_in_layer(document: Document, record: GenerationRecord, index: int, patch: NDArray[np.uint8]) -> None:
    """Composes candidate `index` of a record into the active layer, at its old place, as one undo step; the log
    marks it as kept. Where the layer's transparency is locked, only what is painted changes.

    Raises CanvasError with `why_not_into`.
    """
    layer = document.active
    problem = why_not_into(document)
    if problem or not isinstance(layer, PaintLayer):
        raise CanvasError(problem)
    modes = QPainter.CompositionMode
    mode = modes.CompositionMode_SourceAtop if layer.alpha_locked else modes.CompositionMode_SourceOver
    with document.transaction("Generate"):
        document.put_image(layer, record.bounds.x, record.bounds.y, from_rgba(patch), mode)
    document.generations.keep(record.id, index, layer.id)


def centred(bounds: Bounds, at: Bounds) -> Bounds:
    """Bounds of the same size around the middle of others."""
    middle = at.center
    return Bounds(round(middle.x - bounds.width / 2), round(middle.y - bounds.height / 2), bounds.width, bounds.height)
