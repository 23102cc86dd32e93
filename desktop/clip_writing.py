"""A logged clip as a file that moves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from canvas.formats.animation import CODECS, Film, write_animation
from canvas.formats.layered import Stopped, StopSign
from canvas.formats.picture_provenance import Provenance
from canvas.project.project import Project
from desktop.gathering import Progress
from desktop.time_lapse import in_thread, on_paper


@dataclass(frozen=True)
class ClipJob:
    """What to write where."""

    path: Path
    """The suffix decides the format."""
    digests: Sequence[str]
    """Hashes of the frames in the project's log."""
    fps: float
    provenance: Provenance | None = None
    """How the clip was made."""


async def write_clip(project: Project, job: ClipJob, progress: Progress) -> None:
    """Writes it; one frame after the other is read. Raises CanvasError; a cancelled task leaves no file."""
    await in_thread(lambda stop: _write(project, job, stop), progress)


def _write(project: Project, job: ClipJob, stop: StopSign) -> None:
    even = job.path.suffix.casefold() in CODECS
    frames = _frames(project, job.digests, even=even)
    first = next(frames)
    height, width = first.shape[:2]
    film = Film(len(job.digests), width, height, job.fps, hold_ms=0, provenance=job.provenance)
    try:
        write_animation(job.path, _chained(first, frames), film, stop)
    except Stopped as error:
        raise asyncio.CancelledError from error


def _frames(project: Project, digests: Sequence[str], *, even: bool) -> Iterator[NDArray[np.uint8]]:
    """(h, w, 3) RGB on paper; with even sides where the film's format wants them."""
    for digest in digests:
        frame = on_paper(project.load_blob(digest).result())
        if even:
            frame = frame[: frame.shape[0] // 2 * 2, : frame.shape[1] // 2 * 2]
        yield np.ascontiguousarray(frame)


def _chained(first: NDArray[np.uint8], others: Iterator[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    yield first
    yield from others
