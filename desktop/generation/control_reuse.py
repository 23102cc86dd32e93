"""The control layers of a logged generation, put back so that the same is followed again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from canvas.layer_control import MOST_WEIGHT, REFERENCE, LayerControl, Source
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.project.project import Project
from desktop.generation.control_models import label_of_kind
from desktop.generation.controls import Guide, Rgba, control_picture, gather_guides, guiding_layers
from desktop.generation.seeing import looks_seen
from desktop.spoken import spoken


@dataclass(frozen=True, eq=False)
class Followed:
    """What a record says of one control layer."""

    control: LayerControl
    rgba: Rgba
    """What was followed, or looked at, ready made."""


async def load_controls(record: GenerationRecord, project: Project, complaints: list[str]) -> tuple[Followed, ...]:
    """The control layers of a record; a sentence for each that cannot be read."""
    found: list[Followed] = []
    for number, row in enumerate(_rows(record, "controls")):
        found += await _load(project, record.inputs.get(f"control-{number}"), row, str(row.get("kind", "")), complaints)
    for number, row in enumerate(_rows(record, "references")):
        found += await _load(project, record.inputs.get(f"reference-{number}"), row, REFERENCE, complaints)
    return tuple(found)


def _rows(record: GenerationRecord, name: str) -> list[Mapping[str, Any]]:
    rows = record.request.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


async def _load(
    project: Project, digest: str | None, row: Mapping[str, Any], kind: str, complaints: list[str]
) -> list[Followed]:
    try:
        rgba = await asyncio.wrap_future(project.load_blob(digest or ""))
        weight = min(float(row["weight"]), MOST_WEIGHT)
        model, start, end = str(row["model"]), float(row["start"]), float(row["end"])
        source = Source.MADE if row.get("annotator") else Source.READY
        annotator = str(row.get("annotator") or "")
        control = LayerControl(kind or "unknown", model, weight, start, end, source=source, annotator=annotator)
    except (CanvasError, KeyError, TypeError, ValueError) as error:
        sentence = QCoreApplication.translate(
            "reuse", "A control layer of the kind “{kind}” is left out: its picture cannot be read ({reason})."
        )
        complaints.append(sentence.format(kind=label_of_kind(kind), reason=spoken(str(error))))
        return []
    return [Followed(control, np.ascontiguousarray(rgba))]


async def is_followed_now(
    document: Document, compositor: Compositor, bounds: Bounds, wanted: Sequence[Followed]
) -> bool:
    """Whether the control layers there say the same already."""
    guides = await gather_guides(document, compositor, bounds)
    if len(guides) != len(wanted):
        return False
    order = [one for one in guides if not one.control.is_reference] + [
        one for one in guides if one.control.is_reference
    ]
    return await asyncio.to_thread(lambda: all(_same(one, other) for one, other in zip(order, wanted, strict=True)))


def _same(guide: Guide, wanted: Followed) -> bool:
    now, then = guide.control, wanted.control
    if then.source is Source.MADE and (now.source is Source.READY or looks_seen(now.kind, guide.rgba)):
        return False  # that was seen by a network, this is followed as it is
    if then.annotator and now.annotator not in ("", then.annotator):
        return False
    if (now.kind, now.weight, now.start, now.end) != (then.kind, then.weight, then.start, then.end):
        return False
    picture = guide.rgba if now.is_reference else control_picture(now, guide.rgba)
    size = (wanted.rgba.shape[1], wanted.rgba.shape[0])
    if not now.is_reference and (picture.shape[1], picture.shape[0]) != size:
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.array_equal(picture, wanted.rgba)


def restore_controls(document: Document, bounds: Bounds, wanted: Sequence[Followed]) -> None:
    """Makes these the control layers that act, at `bounds` (canvas pixels), their eyes closed; others rest."""
    active = document.active
    for layer in guiding_layers(document):
        if layer.control is not None:
            document.set_layer(layer, control=replace(layer.control, on=False))
    for one in wanted:
        name = QCoreApplication.translate("reuse", "{kind} from the history")
        made = PaintLayer(name.format(kind=label_of_kind(one.control.kind)))
        made.visible = False
        rgba = one.rgba
        if not one.control.is_reference and rgba.shape[:2] != (bounds.height, bounds.width):  # painted smaller
            size = (bounds.width, bounds.height)
            rgba = np.asarray(cv2.resize(rgba, size, interpolation=cv2.INTER_LINEAR), np.uint8)
        document.add_layer(made)
        document.put_image(made, bounds.x, bounds.y, from_rgba(rgba))
        document.set_layer(made, control=one.control)
    document.active = active
