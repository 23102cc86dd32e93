"""Looking at many pixels in short slices, so that the window never waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from canvas.compositor import Compositor
from canvas.geometry import Bounds
from canvas.layers import Layer
from canvas.pixels import view
from canvas.selection import Mask
from desktop.pieces import pieces

SLICE_SECONDS = 0.005
"""How long is looked before the window gets its turn."""
PIECE = 256
Measure = Callable[[NDArray[np.uint8]], Mask]
Progress = Callable[[float], None]


async def measured(
    compositor: Compositor, bounds: Bounds, layer: Layer | None, measure: Measure, progress: Progress
) -> Mask:
    """(height, width) of what `measure` says about the premultiplied BGRA pixels of a region, piece by piece.

    `layer` None looks at the picture as it is seen without paper, else at that layer alone. Progress is 0..1.
    """
    out = np.empty((bounds.height, bounds.width), np.uint8)
    parts = list(pieces(bounds, PIECE))
    began = time.perf_counter()
    for number, part in enumerate(parts):
        image = compositor.flatten(part, layer)
        top, left = part.y - bounds.y, part.x - bounds.x
        out[top : top + part.height, left : left + part.width] = measure(view(image))
        if time.perf_counter() - began > SLICE_SECONDS:
            progress(number / len(parts))
            await asyncio.sleep(0)
            began = time.perf_counter()
    return out


async def alpha_of(compositor: Compositor, bounds: Bounds, layer: Layer | None, progress: Progress) -> Mask:
    """(height, width) of how opaque a region is."""
    return await measured(compositor, bounds, layer, lambda pixels: pixels[..., 3], progress)
