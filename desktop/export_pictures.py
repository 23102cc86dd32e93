"""From the canvas to a picture file: pixels are gathered in short slices, blended and encoded in a thread."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from canvas.errors import CanvasError
from canvas.formats.pictures import write_picture
from canvas.geometry import Bounds
from canvas.pixels import put_on_paper
from desktop.gathering import Progress, gather
from desktop.session import Session, paper_rgb

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


async def export_picture(session: Session, job: ExportJob, progress: Progress) -> None:
    """Writes one flat picture. Raises CanvasError; a cancelled task leaves no file."""
    check_size(job.bounds)
    rgba = await gather(session.document, session.compositor, job.bounds, lambda part: progress(part * 0.8))
    if job.paper or job.path.suffix.casefold() in OPAQUE_SUFFIXES:
        await asyncio.to_thread(put_on_paper, rgba, paper_rgb())
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
