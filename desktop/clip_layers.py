"""Frames of a logged clip as layers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from canvas.generations import GenerationRecord
from canvas.layers import GroupLayer, PaintLayer
from desktop.ahead import TURN_SECONDS, in_slices
from desktop.gathering import Progress
from desktop.generation.fitting import fitted
from desktop.generation.laying import as_pictures, paint_layer
from desktop.session import Session

NAME_LETTERS = 40


def clip_name(record: GenerationRecord) -> str:
    """What a clip is called: the beginning of its prompt, or that it is one."""
    prompt = str(record.request.get("prompt", "")).strip()
    return prompt[:NAME_LETTERS] or QCoreApplication.translate("clips", "Clip")


def frame_name(number: int) -> str:
    """What the layer of frame `number`, from 0, is called."""
    return QCoreApplication.translate("clips", "Frame {number}").format(number=number + 1)


async def frame_as_layer(session: Session, record: GenerationRecord, number: int) -> PaintLayer:
    """Frame `number`, from 0, on a new layer at its place: one undo step. Raises CanvasError."""
    layer = await _layer(session, record, number, f"{clip_name(record)} · {frame_name(number)}")
    document = session.document
    with document.transaction("Frame as layer"):
        document.add_layer(layer)
    document.active = layer
    document.generations.keep(record.id, number, layer.id)
    return layer


async def frames_as_layers(session: Session, record: GenerationRecord, progress: Progress) -> GroupLayer:
    """Every frame on a layer of its own in a new group, the first at the bottom and the only one that is shown: one
    undo step. A task that is cancelled while frames are read changes nothing. Raises CanvasError."""
    layers: list[PaintLayer] = []
    group = GroupLayer(clip_name(record))
    for number in range(len(record.candidates)):
        layer = await _layer(session, record, number, frame_name(number))
        layer.visible = number == 0
        layer.parent = group
        layers.append(layer)
        progress((number + 1) / len(record.candidates))
    document = session.document
    group.children.extend(layers)
    with document.transaction("Frames as layers"):
        document.add_layer(group)
    document.active = layers[0]
    await asyncio.sleep(TURN_SECONDS)  # every panel has looked

    def kept() -> Iterator[None]:
        for number, layer in enumerate(layers):
            document.generations.keep(record.id, number, layer.id)  # and looks again
            yield

    await in_slices(kept())
    return group


async def _layer(session: Session, record: GenerationRecord, number: int, name: str) -> PaintLayer:
    place = record.bounds
    pixels = await asyncio.wrap_future(session.project.load_blob(record.candidates[number]))
    sized: NDArray[np.uint8] = await asyncio.to_thread(fitted, pixels, place.width, place.height)
    return await paint_layer(name, as_pictures(place, sized))
