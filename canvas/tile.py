"""Tiles: 256x256 premultiplied ARGB32 images. One that a surface holds is never written again."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.geometry import NOTHING, TILE, Bounds

FORMAT = QImage.Format.Format_ARGB32_Premultiplied
TILE_BYTES = TILE * TILE * 4


def new_tile() -> QImage:
    """A fully transparent tile."""
    tile = QImage(TILE, TILE, FORMAT)
    tile.fill(0)
    return tile


def pixels(tile: QImage) -> NDArray[np.uint8]:
    """A fresh writable view, (256, 256, 4) BGRA premultiplied.

    Use it at once and keep the tile beside it: the view does not keep the image alive, and a view kept
    past the next copy of the image would write into that copy too.
    """
    return np.frombuffer(tile.bits(), np.uint8).reshape(TILE, TILE, 4)


def words(tile: QImage) -> NDArray[np.uint32]:
    """A fresh writable view, (256, 256) of 0xAARRGGBB words; the same care as for `pixels`."""
    return np.frombuffer(tile.bits(), np.uint32).reshape(TILE, TILE)


def read_words(tile: QImage) -> NDArray[np.uint32]:
    """A read-only view, (256, 256) of 0xAARRGGBB words; keep the tile beside it."""
    return np.frombuffer(tile.constBits(), np.uint32).reshape(TILE, TILE)


def is_blank(tile: QImage) -> bool:
    """Whether every pixel is fully transparent."""
    return not np.frombuffer(tile.constBits(), np.uint64).any()


def painted_bounds(tile: QImage) -> Bounds:
    """The smallest rectangle inside the tile that holds every pixel with alpha; NOTHING if blank."""
    seen = read_words(tile) != 0
    columns, rows = np.flatnonzero(seen.any(axis=0)), np.flatnonzero(seen.any(axis=1))
    if not len(columns):
        return NOTHING
    x, y = int(columns[0]), int(rows[0])
    return Bounds(x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1)
