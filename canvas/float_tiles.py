"""A layer's pixels as floats while a tool works on them: read and write windows, rounded only at the end."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.geometry import TILE, Bounds, TileKey, tile_bounds, tiles_covering
from canvas.pixels import view
from canvas.surface import TiledSurface
from canvas.tile import new_tile, pixels

FloatPixels = NDArray[np.float32]


class FloatTiles:
    """Premultiplied BGRA, 0 to 255, copied from a surface tile by tile on first use; the surface stays as it is."""

    def __init__(self, surface: TiledSurface) -> None:
        self._surface = surface
        self._tiles: dict[TileKey, FloatPixels] = {}
        self.images: dict[TileKey, QImage] = {}
        "The tiles that were written, rounded to bytes."

    def read(self, area: Bounds) -> FloatPixels:
        """(h, w, 4) of an area in layer pixels; a new array."""
        out = np.zeros((area.height, area.width, 4), np.float32)
        for key in tiles_covering(area):
            tile = self._tiles.get(key)
            stored = None if tile is not None else self._surface.tile(key)
            if tile is None and stored is None:
                continue
            inside, outside = _slices(key, area)
            source = tile if tile is not None else view(stored) if stored is not None else None
            if source is not None:
                out[outside] = source[inside]
        return out

    def write(self, area: Bounds, values: FloatPixels) -> None:
        """Replace an area; tiles that stay empty are not made."""
        for key in tiles_covering(area):
            inside, outside = _slices(key, area)
            fresh = values[outside]
            tile = self._tiles.get(key)
            if tile is None:
                stored = self._surface.tile(key)
                if stored is None and not fresh.any():
                    continue
                tile = np.zeros((TILE, TILE, 4), np.float32) if stored is None else view(stored).astype(np.float32)
                self._tiles[key] = tile
                self.images[key] = new_tile() if stored is None else stored.copy()
            tile[inside] = fresh
            pixels(self.images[key])[inside] = _rounded(fresh)

    def forget(self) -> None:
        """Drop everything that was written."""
        self._tiles.clear()
        self.images.clear()


def _slices(key: TileKey, area: Bounds) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """What a tile shares with an area, as slices of the tile and of the area."""
    part = area.intersected(tile_bounds(key))
    x, y = part.x - key[0] * TILE, part.y - key[1] * TILE
    inside = (slice(y, y + part.height), slice(x, x + part.width))
    x, y = part.x - area.x, part.y - area.y
    return inside, (slice(y, y + part.height), slice(x, x + part.width))


def _rounded(values: FloatPixels) -> NDArray[np.uint8]:
    """Bytes whose colours never exceed their alpha."""
    whole = np.floor(values + np.float32(0.5))
    np.minimum(whole[..., :3], whole[..., 3:], out=whole[..., :3])
    return np.clip(whole, 0, 255).astype(np.uint8)
