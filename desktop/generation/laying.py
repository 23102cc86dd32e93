"""Large pictures onto layers, in slices: a layer is painted before the document has it, then added in one step."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from desktop.gathering import SLICE_SECONDS
from desktop.pieces import pieces

PIECE = 256


async def paint_layer(name: str, pictures: Iterable[tuple[Bounds, QImage]]) -> PaintLayer:
    """A layer that no document has yet, with pictures at their places (true size); empty tiles are left out."""
    layer = PaintLayer(name=name)
    began = time.perf_counter()
    for bounds, image in pictures:
        for piece in pieces(bounds, PIECE):
            part = image.copy(piece.x - bounds.x, piece.y - bounds.y, piece.width, piece.height)
            layer.surface.write_image(piece.x, piece.y, part)
            if time.perf_counter() - began > SLICE_SECONDS:
                await asyncio.sleep(0)
                began = time.perf_counter()
    return layer


def as_pictures(bounds: Bounds, rgba: NDArray[np.uint8]) -> Iterator[tuple[Bounds, QImage]]:
    """(h, w, 4) straight RGBA as pictures for `paint_layer`, converted one after the other when their turn comes."""
    for piece in pieces(bounds, PIECE):
        top, left = piece.y - bounds.y, piece.x - bounds.x
        part = rgba[top : top + piece.height, left : left + piece.width]
        if part[..., 3].any():
            yield piece, from_rgba(np.ascontiguousarray(part))
