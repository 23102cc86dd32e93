"""Pictures of logged generations for looking at: decoded off the window's thread, the last ones kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.pixels import from_rgba
from canvas.project.project import Project

KEPT_PICTURES = 32
KEPT_BYTES = 128 << 20
LARGEST_SIDE = 1024
"""Pixels: what is only looked at for a moment need not be sharper."""


@dataclass(frozen=True)
class Pick:
    """One picture of one record."""

    record: GenerationRecord
    index: int = 0
    "Which candidate, from 0."

    @property
    def digest(self) -> str:
        """The hash of its pixels. CanvasError when the generation made no such picture."""
        if not 0 <= self.index < len(self.record.candidates):
            raise CanvasError(f"Generation {self.record.id} has no picture number {self.index + 1}.")
        return self.record.candidates[self.index]


class RecordPictures:
    """Loads pictures of one project's log. Everything is asynchronous; a picture is decoded once at a time."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._kept: OrderedDict[str, QImage] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[QImage]] = {}

    async def pixels(self, pick: Pick) -> NDArray[np.uint8]:
        """(h, w, 4) straight RGBA at full size, read-only. CanvasError when the file lost it."""
        return await asyncio.wrap_future(self._project.load_blob(pick.digest))

    def kept(self, pick: Pick) -> QImage | None:
        """The small picture if it is at hand."""
        digest = pick.digest
        if digest in self._kept:
            self._kept.move_to_end(digest)
        return self._kept.get(digest)

    async def small(self, pick: Pick) -> QImage:
        """Premultiplied, at most LARGEST_SIDE pixels a side. CanvasError when the file lost it."""
        found = self.kept(pick)
        return found if found is not None else await asyncio.shield(self._start(pick))

    def preload(self, pick: Pick) -> None:
        """Soon this one will be wanted."""
        if pick.record.candidates and self.kept(pick) is None:
            self._start(pick).add_done_callback(_heard)

    def _start(self, pick: Pick) -> asyncio.Task[QImage]:
        digest = pick.digest
        if digest not in self._under_way:
            task = asyncio.get_running_loop().create_task(self._load(pick))
            self._under_way[digest] = task
            task.add_done_callback(lambda _: self._under_way.pop(digest, None))
        return self._under_way[digest]

    async def _load(self, pick: Pick) -> QImage:
        pixels = await self.pixels(pick)
        image = await asyncio.to_thread(shrunk, pixels, LARGEST_SIDE)
        self._kept[pick.digest] = image
        while len(self._kept) > KEPT_PICTURES or sum(i.sizeInBytes() for i in self._kept.values()) > KEPT_BYTES:
            self._kept.popitem(last=False)
        return image

    def close(self) -> None:
        """What is under way is dropped."""
        for task in list(self._under_way.values()):
            task.cancel()


def shrunk(rgba: NDArray[np.uint8], side: int) -> QImage:
    """A premultiplied picture of (h, w, 4) straight RGBA, at most `side` pixels a side; any thread."""
    height, width = rgba.shape[:2]
    scale = side / max(width, height)
    if scale >= 1:
        return from_rgba(rgba)
    alpha = rgba[..., 3:].astype(np.uint16)
    flat = np.empty((height, width, 4), np.uint8)
    flat[..., :3] = (rgba[..., 2::-1] * alpha + 127) // 255  # premultiplied first: edges keep their colour
    flat[..., 3] = rgba[..., 3]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.ascontiguousarray(cv2.resize(flat, size, interpolation=cv2.INTER_AREA))
    return QImage(small.data, size[0], size[1], size[0] * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()


def _heard(task: asyncio.Task[QImage]) -> None:
    """A picture that was only preloaded may be missing: whoever really wants it is told."""
    if not task.cancelled():
        task.exception()
