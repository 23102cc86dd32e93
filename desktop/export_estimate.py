"""How large an exported file will be, and what it will look like, before it is written."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from canvas.formats.picture_scaling import cut_to, scaled
from canvas.formats.pictures import encoded
from canvas.geometry import Bounds
from canvas.pixels import put_on_paper, to_rgba
from desktop.export_pictures import ExportJob, Painting, painter_of
from desktop.gathering import gather
from desktop.pieces import pieces

WHOLE_PIXELS = 1_500_000
"""A picture up to this size is encoded altogether; of a larger one only samples."""
SAMPLE = 256
GRID = 4
"""Samples of a large picture in each direction."""
HEAD = 1500
"""Bytes of a file besides its pixels, about."""
PREVIEW_PIECE = 128


@dataclass(frozen=True, eq=False)
class Estimate:
    """What is known about a file that is not yet written."""

    size: int
    """Bytes."""
    is_exact: bool
    """Whether the whole picture was encoded."""


async def estimate(session: Painting, job: ExportJob) -> Estimate:
    """Encodes the picture, or samples of it, in a thread. Raises CanvasError. Cancel it when choices change."""
    width, height = job.size
    if max(width * height, job.bounds.width * job.bounds.height) <= WHOLE_PIXELS:
        rgba = await _gathered(session, job, job.bounds)
        return Estimate(await asyncio.to_thread(_encoded_size, rgba, job, job.size), True)
    side = (min(SAMPLE, job.bounds.width), min(SAMPLE, job.bounds.height))
    mosaic = np.zeros((GRID * side[1], GRID * side[0], 4), np.uint8)
    for column, row in product(range(GRID), range(GRID)):
        spot = _sample(job.bounds, side, column, row)
        mosaic[row * side[1] : (row + 1) * side[1], column * side[0] : (column + 1) * side[0]] = await _gathered(
            session, job, spot
        )
    factor = (width / job.bounds.width, height / job.bounds.height)
    size = (max(1, round(mosaic.shape[1] * factor[0])), max(1, round(mosaic.shape[0] * factor[1])))
    sampled = await asyncio.to_thread(_encoded_size, mosaic, job, size)
    share = width * height / (size[0] * size[1])
    return Estimate(round(max(sampled - HEAD, 0) * share) + HEAD, False)


def _sample(bounds: Bounds, side: tuple[int, int], column: int, row: int) -> Bounds:
    """The middles of a grid's fields."""
    x = bounds.x + round((bounds.width - side[0]) * (column + 0.5) / GRID)
    y = bounds.y + round((bounds.height - side[1]) * (row + 0.5) / GRID)
    return Bounds(x, y, *side)


async def _gathered(session: Painting, job: ExportJob, bounds: Bounds) -> NDArray[np.uint8]:
    coverage = session.document.selection.coverage(bounds) if job.in_shape else None
    draw = None if job.layer is None else painter_of(job.layer)
    rgba = await gather(session.document, session.compositor, bounds, draw=draw)
    if coverage is not None:
        cut_to(rgba, coverage)
    return rgba


def _encoded_size(rgba: NDArray[np.uint8], job: ExportJob, size: tuple[int, int]) -> int:
    rgba = scaled(rgba, *size)
    if job.ground is not None:
        put_on_paper(rgba, job.ground)
    return len(encoded(rgba, job.path.suffix, job.writing))


async def preview(session: Painting, job: ExportJob, side: int) -> NDArray[np.uint8]:
    """(h, w, 4) straight RGBA, at most `side` pixels a side: the picture small, on its background, in slices."""
    bounds = job.bounds
    scale = min(1.0, side / max(bounds.width, bounds.height))
    width, height = max(1, round(bounds.width * scale)), max(1, round(bounds.height * scale))
    if job.layer is not None or scale >= 1.0:
        if bounds.width * bounds.height > WHOLE_PIXELS * 16:
            return np.zeros((height, width, 4), np.uint8)  # a single layer that large is not worth the wait
        rgba = scaled(await _gathered(session, job, bounds), width, height)
    else:
        rgba = np.zeros((height, width, 4), np.uint8)
        for piece in pieces(Bounds(0, 0, width, height), PREVIEW_PIECE):
            left, top = bounds.x + round(piece.x / scale), bounds.y + round(piece.y / scale)
            right, bottom = bounds.x + round(piece.right / scale), bounds.y + round(piece.bottom / scale)
            area = Bounds(left, top, max(1, right - left), max(1, bottom - top))
            part = to_rgba(session.compositor.flatten(area, scale=min(1.0, piece.width / area.width)))
            if job.in_shape:
                cut_to(part, _shrunk(session.document.selection.coverage(area), part.shape[1], part.shape[0]))
            rows, columns = min(part.shape[0], piece.height), min(part.shape[1], piece.width)
            rgba[piece.y : piece.y + rows, piece.x : piece.x + columns] = part[:rows, :columns]
            await asyncio.sleep(0)
    if job.ground is not None:
        put_on_paper(rgba, job.ground)
    return rgba


def _shrunk(coverage: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    import cv2

    return np.asarray(cv2.resize(coverage, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
