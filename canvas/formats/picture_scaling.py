"""Pictures on their way into a file: scaled with the alpha taken care of, cut to a shape."""

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.errors import CanvasError

Rgba = NDArray[np.uint8]
"(h, w, 4), straight alpha."
STRIP = 256
"Rows that are converted at a time."
FULL = 255 * 255 >> 1


def scaled(rgba: Rgba, width: int, height: int) -> Rgba:
    """The picture at another size: averaged over areas when it shrinks, Lanczos with 8 x 8 neighbours when it grows.

    Colours are weighted with their alpha, so that what is transparent does not bleed into edges. Raises CanvasError
    for sizes below 1. Any thread; needs about eight bytes for each pixel of both sizes where there is transparency.
    """
    if min(width, height) < 1:
        raise CanvasError(f"A picture cannot be {width} x {height} pixels.")
    if (width, height) == (rgba.shape[1], rgba.shape[0]):
        return rgba
    shrinks = width <= rgba.shape[1] and height <= rgba.shape[0]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LANCZOS4
    if int(rgba[..., 3].min(initial=255)) == 255:
        return np.asarray(cv2.resize(rgba, (width, height), interpolation=how), np.uint8)
    resized = cv2.resize(_weighted(rgba), (width, height), interpolation=how)
    return _straight(np.asarray(resized, np.uint16))


def cut_to(rgba: Rgba, coverage: NDArray[np.uint8]) -> None:
    """Makes transparent what an (h, w) coverage leaves out, in place; any thread."""
    for top in range(0, rgba.shape[0], STRIP):
        alpha = rgba[top : top + STRIP, :, 3]
        alpha[:] = (alpha.astype(np.uint16) * coverage[top : top + STRIP] + 127) // 255


def _weighted(rgba: Rgba) -> NDArray[np.uint16]:
    """Colours times alpha and alpha times 255, halved: 0..32512 for all four, with room for what swings over."""
    out = np.empty(rgba.shape, np.uint16)
    for top in range(0, rgba.shape[0], STRIP):
        strip = rgba[top : top + STRIP]
        out[top : top + STRIP, :, :3] = (strip[..., :3].astype(np.uint16) * strip[..., 3:]) >> 1
        out[top : top + STRIP, :, 3] = (strip[..., 3].astype(np.uint16) * 255) >> 1
    return out


def _straight(weighted: NDArray[np.uint16]) -> Rgba:
    out = np.empty(weighted.shape, np.uint8)
    for top in range(0, weighted.shape[0], STRIP):
        strip = weighted[top : top + STRIP].astype(np.uint32)
        alpha = strip[..., 3:]
        colours = np.minimum(strip[..., :3], alpha)
        out[top : top + STRIP, :, :3] = (colours * 255 + alpha // 2) // np.maximum(alpha, 1)
        out[top : top + STRIP, :, 3:] = (np.minimum(alpha, FULL) * 255 + FULL // 2) // FULL
    return out
