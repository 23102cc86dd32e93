"""TiledSurface: the sparse pixels of one layer. A key that is absent is empty.

A tile inside a surface is never painted on: every write makes a new image and replaces the old one, so
whoever holds the old one (undo, the file writer) holds it unchanged and without a copy.
"""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter

from canvas.geometry import NOTHING, TILE, Bounds, TileKey, tile_bounds, tiles_covering
from canvas.pixels import premultiplied
from canvas.project.codec import Packed
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


class TileRef(Protocol):
    """Pixels of a tile that are elsewhere than in a surface: in the project file, or compressed by undo."""

    @property
    def digest(self) -> str:
        """The hash under which the project file has them for good, or empty."""
        ...

    @property
    def packed(self) -> Packed | None:
        """Their compressed form, if it is at hand."""
        ...

    def load(self) -> QImage:
        """The pixels."""
        ...

    def hold(self) -> None:
        """Keep them for as long as this object lives, even when no layer names them any more."""
        ...


Held: TypeAlias = QImage | TileRef | None
"A tile as a surface holds it; None is empty."


class TiledSurface:
    """Sparse 256x256 tiles; those that are away come back when they are looked at."""

    def __init__(self, away: Mapping[TileKey, TileRef] | None = None) -> None:
        self.loaded_from_afar: Callable[[], None] | None = None
        "Called after each tile that came back from elsewhere, to make room for it."
        self._tiles: dict[TileKey, QImage] = {}
        self._away: dict[TileKey, TileRef] = dict(away or {})
        self._backed: dict[TileKey, TileRef] = {}
        self._touched: set[TileKey] = set()
        self._blocks: dict[TileKey, int] = {}
        self._extent: Bounds | None = None if self._away else NOTHING
        self._painted: dict[TileKey, Bounds] = {}
        for key in self._away:
            self._count(key, 1)

    def __len__(self) -> int:
        return len(self._tiles) + len(self._away)

    def __contains__(self, key: TileKey) -> bool:
        return key in self._tiles or key in self._away

    @property
    def loaded_bytes(self) -> int:
        """Memory held by the tiles that are loaded."""
        return len(self._tiles) * TILE_BYTES

    @property
    def loaded(self) -> int:
        """How many tiles are in memory."""
        return len(self._tiles)

    def tile(self, key: TileKey) -> QImage | None:
        """The tile, loaded if need be, or None where the surface is empty. Do not paint on it.

        Raises CanvasError while the file that has it cannot be reached.
        """
        found = self._tiles.get(key)
        if found is not None:
            self._touched.add(key)
            return found
        ref = self._away.get(key)
        return None if ref is None else self._load(key, ref)

    def held(self, key: TileKey) -> Held:
        """The tile as it is held: nothing is loaded."""
        found = self._tiles.get(key)
        return self._away.get(key) if found is None else found

    def set_tile(self, key: TileKey, tile: Held) -> None:
        """Replace a tile; None empties it. An image given must not be painted on afterwards."""
        known = key in self
        self._painted.pop(key, None)
        self._tiles.pop(key, None)
        self._away.pop(key, None)
        self._backed.pop(key, None)
        if tile is None:
            if known:
                self._count(key, -1)
                self._extent = None
            return
        if isinstance(tile, QImage):
            self._tiles[key] = tile
        else:
            self._away[key] = tile
        if not known:
            self._count(key, 1)
            if self._extent is not None:
                self._extent = self._extent.united(tile_bounds(key))

    def keys(self) -> set[TileKey]:
        """The keys of all tiles, loaded or not; a new set."""
        return self._away.keys() | self._tiles.keys()

    def away(self) -> Mapping[TileKey, TileRef]:
        """What is not in memory, by key. Do not change it."""
        return self._away

    def backed(self) -> Mapping[TileKey, TileRef]:
        """What is in memory and also elsewhere, by key, in the order in which it came to be so. Do not change it."""
        return self._backed

    def copy(self) -> "TiledSurface":
        """A surface of the same pixels, sharing them; nothing is loaded."""
        for ref in self._away.values():
            ref.hold()
        twin = TiledSurface()
        twin._away.update(self._away)
        twin._tiles.update((key, QImage(tile)) for key, tile in self._tiles.items())
        twin._blocks.update(self._blocks)
        twin._painted.update(self._painted)
        twin._extent = self._extent
        return twin

    def back(self, key: TileKey, ref: TileRef) -> None:
        """Note that a loaded tile is also elsewhere, so that memory can do without it."""
        if key in self._tiles:
            self._backed[key] = ref

    def unback(self) -> None:
        """Forget that tiles are elsewhere too: the file does without this surface from now on."""
        self._backed.clear()

    def was_touched(self, key: TileKey) -> bool:
        """Whether a tile was looked at since this was last asked."""
        if key not in self._touched:
            return False
        self._touched.discard(key)
        return True

    def evict(self, key: TileKey) -> QImage | None:
        """Drop a tile that is elsewhere too from memory; returns it, None if there was no such tile."""
        ref = self._backed.pop(key, None)
        if ref is None:
            return None
        self._touched.discard(key)
        self._away[key] = ref
        return self._tiles.pop(key)

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
        """Every tile as an image of its own that shares the pixels; those that are away are loaded."""
        if not self._away:
            return {key: QImage(tile) for key, tile in self._tiles.items()}
        found = {key: self.tile(key) for key in self.keys()}
        return {key: QImage(tile) for key, tile in found.items() if tile is not None}

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
        after: dict[TileKey, QImage | None] = {}
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
            after[key] = None if blank else fresh
        for key, tile in after.items():  # all or nothing: a tile that cannot be loaded raises
            self.set_tile(key, tile)
        return before

    def _load(self, key: TileKey, ref: TileRef) -> QImage:
        tile = ref.load()
        del self._away[key]
        self._tiles[key] = tile
        self._touched.add(key)
        if ref.digest:
            self._backed[key] = ref
        if self.loaded_from_afar is not None:
            self.loaded_from_afar()
        return tile

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
