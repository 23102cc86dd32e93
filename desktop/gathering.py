"""The pixels of a region as it looks, gathered in short slices between which the window has its turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.changes import DocumentChange
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from desktop.pieces import pieces

SLICE_SECONDS = 0.006
"""How long pixels are gathered before the window gets its turn."""
PIECE = 256

Progress = Callable[[float], None]
"""Takes 0..1."""


async def gather(
    document: Document,
    compositor: Compositor,
    bounds: Bounds,
    progress: Progress | None = None,
    draw: Callable[[Bounds], QImage] | None = None,
) -> NDArray[np.uint8]:
    """(height, width, 4) straight RGBA of a region as it looks, without the paper, or as `draw` paints its pieces.

    The painter may go on meanwhile: pieces that change are taken again, so that the picture is of one moment.
    """
    rgba = np.zeros((bounds.height, bounds.width, 4), np.uint8)
    waiting = dict.fromkeys(pieces(bounds, PIECE))
    total = len(waiting)

    def changed(change: DocumentChange) -> None:
        again = change.bounds.intersected(bounds)
        waiting.update(dict.fromkeys(pieces(again, PIECE)))

    flatten = compositor.flatten if draw is None else draw
    disconnect = document.changed.connect(changed)
    try:
        began = time.perf_counter()
        while waiting:
            piece = next(iter(waiting))
            del waiting[piece]
            top, left = piece.y - bounds.y, piece.x - bounds.x
            image = flatten(piece)
            rgba[top : top + piece.height, left : left + piece.width] = to_rgba(image)
            if time.perf_counter() - began > SLICE_SECONDS:
                if progress is not None:
                    progress(max(0.0, 1 - len(waiting) / total))
                await asyncio.sleep(0)
                began = time.perf_counter()
    finally:
        disconnect()
    return rgba
