"""TiledSurface: the sparse pixels of one layer. A key that is absent is empty.

A tile inside a surface is never painted on: every write makes a new image and replaces the old one, so
whoever holds the old one (undo, the file writer) holds it unchanged and without a copy.
"""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter

from canvas.geometry import NOTHING, TILE, Bounds, TileKey, tile_bounds, tiles_covering
from canvas.pixels import premultiplied
from canvas.tile import FORMAT, TILE_BYTES, is_blank, new_tile, painted_bounds

Mode = QPainter.CompositionMode
# Modes under which nothing can appear where nothing was: absent tiles stay absent.
KEEPS_EMPTY = frozenset(
    {
        Mode.CompositionMode_DestinationOut,
        Mode.CompositionMode_DestinationIn,
        Mode.CompositionMode_SourceAtop,
        Mode.CompositionMode_SourceIn,
        Mode.CompositionMode_Clear,
    }
)
BLOCK = 16  # tiles along one side of a block of the coarse index


class TileSource(Protocol):
    """Where a surface finds tiles that are not in memory yet."""

    def keys(self) -> Iterable[TileKey]:
        """The keys of every stored tile."""
        ...

    def load(self, key: TileKey) -> QImage:
        """One stored tile."""
        ...


class TiledSurface:
    """Sparse 256x256 tiles; optionally faults them in from a source on first use."""

    def __init__(self, source: TileSource | None = None) -> None:
        self._tiles: dict[TileKey, QImage] = {}
        self._source = source
        self._unloaded: set[TileKey] = set(source.keys()) if source else set()
        self._blocks: dict[TileKey, int] = {}
        self._extent: Bounds | None = None if self._unloaded else NOTHING
        self._painted: dict[TileKey, Bounds] = {}
        for key in self._unloaded:
            self._count(key, 1)

    def __len__(self) -> int:
        return len(self._tiles) + len(self._unloaded)

    def __contains__(self, key: TileKey) -> bool:
        return key in self._tiles or key in self._unloaded

    @property
    def source(self) -> TileSource | None:
        """Where tiles that are not in memory come from."""
        return self._source

    @property
    def loaded_bytes(self) -> int:
        """Memory held by the tiles that are loaded."""
        return len(self._tiles) * TILE_BYTES

    def tile(self, key: TileKey) -> QImage | None:
        """The tile, loaded if need be, or None where the surface is empty. Do not paint on it."""
        found = self._tiles.get(key)
        if found is None and self._source is not None and key in self._unloaded:
            found = self._source.load(key)
            self._unloaded.discard(key)
            self._tiles[key] = found
        return found

    def set_tile(self, key: TileKey, tile: QImage | None) -> None:
        """Replace a tile; None empties it. The image given must not be painted on afterwards."""
        known = key in self
        self._unloaded.discard(key)
        self._painted.pop(key, None)
        if tile is None:
            self._tiles.pop(key, None)
            if known:
                self._count(key, -1)
                self._extent = None
            return
        self._tiles[key] = tile
        if not known:
            self._count(key, 1)
            if self._extent is not None:
                self._extent = self._extent.united(tile_bounds(key))

    def keys(self) -> set[TileKey]:
        """The keys of all tiles, loaded or not; a new set."""
        return self._unloaded.union(self._tiles)

    def unloaded(self) -> frozenset[TileKey]:
        """The keys that only the source holds so far."""
        return frozenset(self._unloaded)

    def bounds(self) -> Bounds:
        """The rectangle around all tiles, in layer pixels."""
        if self._extent is None:
            keys = self.keys()
            if not keys:
                self._extent = NOTHING
            else:
                x, y = min(k[0] for k in keys), min(k[1] for k in keys)
                right, bottom = max(k[0] for k in keys) + 1, max(k[1] for k in keys) + 1
                self._extent = Bounds(x * TILE, y * TILE, (right - x) * TILE, (bottom - y) * TILE)
        return self._extent

    def content_bounds(self) -> Bounds:
        """The smallest rectangle around every pixel with alpha; looks only at tiles that can matter."""
        found = NOTHING
        for key in self._from_the_rim():
            if not found.contains(tile_bounds(key)):
                found = found.united(self._painted_at(key))
        return found

    def touches(self, bounds: Bounds) -> bool:
        """Whether a tile may lie inside the bounds; never says no wrongly, and costs little anywhere."""
        if bounds.is_empty or not len(self):
            return False
        left, top = bounds.x // TILE, bounds.y // TILE
        right, bottom = (bounds.right - 1) // TILE, (bounds.bottom - 1) // TILE
        if (right - left + 1) * (bottom - top + 1) <= 64:
            return any(key in self for key in tiles_covering(bounds))
        left, top, right, bottom = left // BLOCK, top // BLOCK, right // BLOCK, bottom // BLOCK
        if (right - left + 1) * (bottom - top + 1) > len(self._blocks):
            return any(left <= x <= right and top <= y <= bottom for x, y in self._blocks)
        return any((x, y) in self._blocks for y in range(top, bottom + 1) for x in range(left, right + 1))

    def snapshot(self) -> dict[TileKey, QImage]:
        """Every loaded tile as an image of its own that shares the pixels; unloaded ones are loaded."""
        for key in tuple(self._unloaded):
            self.tile(key)
        return {key: QImage(tile) for key, tile in self._tiles.items()}

    def read(self, bounds: Bounds) -> QImage:
        """The pixels inside the bounds (layer pixels), premultiplied, transparent where empty."""
        image = QImage(max(bounds.width, 1), max(bounds.height, 1), FORMAT)
        image.fill(0)
        with QPainter(image) as painter:
            painter.setCompositionMode(Mode.CompositionMode_Source)
            for key in tiles_covering(bounds):
                tile = self.tile(key)
                if tile is not None:
                    painter.drawImage(key[0] * TILE - bounds.x, key[1] * TILE - bounds.y, tile)
        return image

    def write_image(
        self, x: int, y: int, image: QImage, mode: Mode = Mode.CompositionMode_SourceOver
    ) -> dict[TileKey, QImage | None]:
        """Compose an image at layer pixel (x, y); returns what each tile that differs now was before."""
        source = premultiplied(image)
        area = Bounds(x, y, source.width(), source.height())
        before: dict[TileKey, QImage | None] = {}
        for key in tiles_covering(area):
            old = self.tile(key)
            if old is None and mode in KEEPS_EMPTY:
                continue
            part = area.intersected(tile_bounds(key))
            fresh = new_tile() if old is None else QImage(old)
            with QPainter(fresh) as painter:
                painter.setCompositionMode(mode)
                corner = QPoint(part.x - key[0] * TILE, part.y - key[1] * TILE)
                painter.drawImage(corner, source, QRect(part.x - x, part.y - y, part.width, part.height))
            blank = is_blank(fresh)
            if (blank and old is None) or fresh == old:
                continue
            before[key] = old
            self.set_tile(key, None if blank else fresh)
        return before

    def _count(self, key: TileKey, step: int) -> None:
        block = (key[0] // BLOCK, key[1] // BLOCK)
        left = self._blocks.get(block, 0) + step
        if left:
            self._blocks[block] = left
        else:
            del self._blocks[block]

    def _painted_at(self, key: TileKey) -> Bounds:
        known = self._painted.get(key)
        if known is None:
            tile = self.tile(key)
            known = NOTHING if tile is None else painted_bounds(tile)
            if not known.is_empty:
                known = known.translated(key[0] * TILE, key[1] * TILE)
            self._painted[key] = known
        return known

    def _from_the_rim(self) -> list[TileKey]:
        """All keys, those nearest to the rectangle's sides first, so that the inner ones are skipped."""
        keys = self.keys()
        if not keys:
            return []
        left, right = min(k[0] for k in keys), max(k[0] for k in keys)
        top, bottom = min(k[1] for k in keys), max(k[1] for k in keys)
        return sorted(keys, key=lambda k: min(k[0] - left, right - k[0], k[1] - top, bottom - k[1]))
