"""Variations of a picture that was painted: the same request with its noise turned a little, or another strength."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from desktop.generation.capture import FULL_STRENGTH, Capture, draw_seed
from desktop.generation.modes import Mode, mode_of_record
from desktop.session import Session
from desktop.spoken import spoken
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import MAX_TURNS, Fill, GenerationRequest, NoiseTurn, Task

LEAST_STRENGTH = 0.05


def varied(source: Capture, index: int, strength: float, pictures: int) -> Capture:
    """As many variations of picture `index` of a capture as wanted; they grow out of its `parent_id`.

    A variation of a variation begins where that one has come to. Raises InvalidRequestError for what begins with no
    noise, and at the end of a very long chain.
    """
    if not can_vary(source.request):
        sentence = QCoreApplication.translate(
            "variations", "This picture was only made larger: there is nothing to vary. Give it some detail first."
        )
        raise InvalidRequestError("task", sentence)
    path = source.request.variation_path
    if source.request.variation_strength > 0.0:
        path = (*path, NoiseTurn(source.request.variation_seed + index, source.request.variation_strength))
    if len(path) > MAX_TURNS:
        sentence = QCoreApplication.translate(
            "variations",
            "This is the last of {count} variations of one another, as many as there can be. Vary an earlier one, or "
            "paint with another seed.",
        )
        raise InvalidRequestError("variation_path", sentence.format(count=MAX_TURNS + 1))
    request = replace(
        source.request,
        seed=source.request.seed_of(index),
        variation_path=path,
        variation_seed=draw_seed(),
        variation_strength=strength,
        num_images_per_prompt=pictures,
    )
    return _grown(source, request, {})


def can_vary(request: GenerationRequest) -> bool:
    """Whether noise was part of it."""
    return request.task is not Task.UPSCALE or request.strength > 0


def restrained(source: Capture, index: int, by: float, pictures: int) -> Capture:
    """The same picture with a strength that is `by` higher or lower. Raises InvalidRequestError where there is none,
    or no more of it."""
    request, mode = source.request, mode_of_record(str(source.request.task), source.form)
    if not has_strength(source):
        sentence = QCoreApplication.translate(
            "variations", "Strength meant nothing to this picture: it was painted anew. Vary it instead."
        )
        raise InvalidRequestError("strength", sentence)
    wanted = round(min(max(request.strength + by, LEAST_STRENGTH), 1.0), 3)
    if wanted == request.strength:
        sentence = QCoreApplication.translate("variations", "The strength is at its end already: {percent} %.")
        raise InvalidRequestError("strength", sentence.format(percent=round(request.strength * 100)))
    seed = request.seed_of(index)
    towards = request.variation_seed + (index if request.variation_strength > 0 else 0)
    fill = request.fill
    if mode is Mode.FILL:
        typed = source.form.get("fill")
        full = Fill(typed) if typed in set(Fill) else Fill.BLUR
        fill = Fill.ORIGINAL if wanted < FULL_STRENGTH else full
    request = replace(
        request, strength=wanted, seed=seed, variation_seed=towards, fill=fill, num_images_per_prompt=pictures
    )
    return _grown(source, request, {mode.strength_field: wanted} if mode else {})


def has_strength(source: Capture) -> bool:
    """Whether a strength meant something to it."""
    mode = mode_of_record(str(source.request.task), source.form)
    return mode is not None and bool(mode.strength_field)


def _grown(source: Capture, request: GenerationRequest, typed: dict[str, Any]) -> Capture:
    request.check()
    said = {"seed": request.seed, "random_seed": False, "num_images_per_prompt": request.num_images_per_prompt}
    said |= {"variation_seed": request.variation_seed, "variation_strength": request.variation_strength}
    said["variation_path"] = [[turn.seed, turn.strength] for turn in request.variation_path]
    return Capture(request, source.bounds, source.parent_id, {**source.form, **said, **typed})


async def recall(session: Session, record_id: str) -> Capture:
    """What a logged generation was made of, to grow out of it. Raises CanvasError or InvalidRequestError."""
    record: GenerationRecord = await asyncio.to_thread(session.document.generations.get, record_id)
    if not record.candidates:
        sentence = QCoreApplication.translate("variations", "This generation made no picture: {reason}")
        raise CanvasError(sentence.format(reason=spoken(record.sentence) or record.status))
    names = record.inputs.items()
    load = session.project.load_blob
    inputs = {name: np.ascontiguousarray(await asyncio.wrap_future(load(digest))) for name, digest in names}
    request = GenerationRequest.from_dict(dict(record.request), inputs)
    return Capture(request, record.bounds, record.id, record.form)
