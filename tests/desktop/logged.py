"""Logged generations for tests of the history: plain patches of one colour, stored as the program stores them."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from desktop.generation.apply import keep_candidate, thumbnail
from desktop.session import Session

FIRST = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOME = Bounds(0, 0, 64, 48)


@dataclass(frozen=True)
class Made:
    """What a record for a test is like."""

    prompt: str = "a boat"
    bounds: Bounds = HOME
    colours: tuple[tuple[int, int, int], ...] = ((200, 60, 40),)
    parent: str = ""
    status: str = "finished"
    kept: bool = False
    minutes: int = 0
    task: str = "text-to-image"


class Painter:
    """Writes records into a session's log, one minute apart."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._numbers = itertools.count()

    def record(self, made: Made) -> tuple[GenerationRecord, list[np.ndarray]]:
        number = next(self._numbers)
        b = made.bounds
        colours = made.colours if made.status == "finished" else ()
        patches = [np.full((b.height, b.width, 4), (*colour, 255), np.uint8) for colour in colours]
        request = {
            "task": made.task, "prompt": made.prompt, "negative_prompt": "blurry", "model": "starter",
            "seed": 100 + number, "scheduler": "default", "num_inference_steps": 14, "guidance_scale": 2.0,
            "strength": 0.6, "width": b.width, "height": b.height, "num_images_per_prompt": max(len(colours), 1),
        }  # fmt: skip
        created = (FIRST + timedelta(minutes=made.minutes or number)).isoformat(timespec="milliseconds")
        record = GenerationRecord(
            f"r{number:05d}", made.parent, created, made.task, made.status, request, b, {"total_s": 1.5},
            sentence="There was no memory left." if made.status == "failed" else "",
            thumbnail=thumbnail(patches[0]) if patches else b"",
        )  # fmt: skip
        return record, patches

    async def add(self, **made: object) -> GenerationRecord:
        """One more, newest; with `kept` its first picture becomes a layer."""
        wanted = Made(**made)  # type: ignore[arg-type]
        record, patches = self.record(wanted)
        record = await asyncio.wrap_future(self.session.project.store_generation(record, patches, {}))
        document = self.session.document
        document.generations.append(record)
        if wanted.kept:
            keep_candidate(document, record, 0, patches[0])
        return record
