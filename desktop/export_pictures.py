"""From the canvas to a picture file: pixels are gathered in short slices, encoded in a thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from canvas.changes import DocumentChange
from canvas.errors import CanvasError
from canvas.formats.pictures import write_picture
from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from desktop.pieces import pieces
from desktop.session import PAPER, Session

SLICE_SECONDS = 0.006
"""How long pixels are gathered before the window gets its turn."""
PIECE = 256
MAX_SIDE = 32768
MAX_PIXELS = 256_000_000
OPAQUE_SUFFIXES = (".jpg", ".jpeg", ".bmp")
"""Formats without transparency."""


@dataclass(frozen=True)
class ExportJob:
    """What to write where."""

    path: Path
    """The suffix decides the format."""
    bounds: Bounds
    """Canvas pixels."""
    paper: bool = False
    """Paper colour behind what is transparent; formats without transparency always have it."""
    quality: int = 92
    """1..100, for JPEG and WebP."""


Progress = Callable[[float], None]
"""Takes 0..1."""


async def export_picture(session: Session, job: ExportJob, progress: Progress) -> None:
    """Writes one flat picture. Raises CanvasError; a cancelled task leaves no file."""
    check_size(job.bounds)
    rgba = await gather(session, job.bounds, lambda part: progress(part * 0.8))
    if job.paper or job.path.suffix.casefold() in OPAQUE_SUFFIXES:
        await asyncio.to_thread(put_on_paper, rgba, QColor(PAPER))
    await asyncio.to_thread(write_picture, job.path, rgba, {"Software": "Handscroll"}, job.quality)
    progress(1.0)


def check_size(bounds: Bounds) -> None:
    """Raises CanvasError when there is nothing to write, or more than a file should hold."""
    if bounds.is_empty:
        raise CanvasError("There is nothing to export: the chosen part of the canvas is empty.")
    if max(bounds.width, bounds.height) > MAX_SIDE or bounds.width * bounds.height > MAX_PIXELS:
        raise CanvasError(
            f"{bounds.width} x {bounds.height} pixels are too many for one picture file. "
            "Export the frame or a selection, or choose OpenRaster."
        )


async def gather(session: Session, bounds: Bounds, progress: Progress) -> NDArray[np.uint8]:
    """(height, width, 4) straight RGBA of a region as it looks, without the paper.

    The painter may go on meanwhile: pieces that change are taken again, so that the picture is of one moment.
    """
    rgba = np.zeros((bounds.height, bounds.width, 4), np.uint8)
    waiting = dict.fromkeys(pieces(bounds, PIECE))
    total = len(waiting)

    def changed(change: DocumentChange) -> None:
        again = change.bounds.intersected(bounds)
        waiting.update(dict.fromkeys(pieces(again, PIECE)))

    disconnect = session.document.changed.connect(changed)
    try:
        began = time.perf_counter()
        while waiting:
            piece = next(iter(waiting))
            del waiting[piece]
            top, left = piece.y - bounds.y, piece.x - bounds.x
            image = session.compositor.flatten(piece)
            rgba[top : top + piece.height, left : left + piece.width] = to_rgba(image)
            if time.perf_counter() - began > SLICE_SECONDS:
                progress(max(0.0, 1 - len(waiting) / total))
                await asyncio.sleep(0)
                began = time.perf_counter()
    finally:
        disconnect()
    return rgba


def put_on_paper(rgba: NDArray[np.uint8], paper: QColor) -> None:
    """Blends straight RGBA over the paper colour, in place, strip by strip; any thread."""
    colour = np.array([paper.red(), paper.green(), paper.blue()], np.uint16)
    for top in range(0, rgba.shape[0], PIECE):
        strip = rgba[top : top + PIECE]
        alpha = strip[..., 3:].astype(np.uint16)
        mixed = strip[..., :3] * alpha + colour * (255 - alpha)
        strip[..., :3] = (mixed + 127) // 255
        strip[..., 3] = 255
