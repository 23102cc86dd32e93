"""What the compositor keeps: composite tiles of every mip level within a budget of memory."""

from collections import OrderedDict
from collections.abc import Iterator

from PySide6.QtGui import QImage

from canvas.geometry import NOTHING, TILE, Bounds
from canvas.tile import TILE_BYTES

BLANK_BYTES = 256
WHOLE = Bounds(0, 0, TILE, TILE)
CacheKey = tuple[int, int, int]
"Tile column, row, and mip level."


class Entry:
    """A cached tile; `image` is None where nothing is painted."""

    __slots__ = ("dirty", "image", "stale")

    def __init__(self, level: int) -> None:
        self.image: QImage | None = None
        self.dirty = NOTHING if level else WHOLE
        self.stale = 15 if level else 0

    @property
    def held(self) -> int:
        """Bytes."""
        return BLANK_BYTES if self.image is None else TILE_BYTES

    @property
    def is_right(self) -> bool:
        """Whether it is all there and up to date."""
        return not self.stale and self.dirty is NOTHING


class TileCache:
    """Forgets the tile of longest ago in the level that holds most.

    So every level keeps about its share: thousands of fine tiles on their way into a coarse one never push out
    the coarse ones, which are the dearest to make again.
    """

    def __init__(self, budget_bytes: int, levels: int) -> None:
        self._budget = budget_bytes
        self._levels: list[OrderedDict[CacheKey, Entry]] = [OrderedDict() for _ in range(levels)]
        self._held = [0] * levels

    def __len__(self) -> int:
        return sum(map(len, self._levels))

    @property
    def held(self) -> int:
        """Bytes of all tiles."""
        return sum(self._held)

    @property
    def levels(self) -> Iterator[int]:
        """The mip levels of which there are tiles."""
        return (level for level, entries in enumerate(self._levels) if entries)

    def items(self) -> Iterator[tuple[CacheKey, Entry]]:
        """Every tile."""
        return (item for entries in self._levels for item in entries.items())

    def get(self, key: CacheKey) -> Entry | None:
        """A tile as it is, without counting as a use."""
        return self._levels[key[2]].get(key)

    def touch(self, key: CacheKey) -> None:
        """A tile that is there was used."""
        self._levels[key[2]].move_to_end(key)

    def take(self, key: CacheKey) -> None:
        """Take a tile out, if it is there; its size may change now."""
        entry = self._levels[key[2]].pop(key, None)
        if entry is not None:
            self._held[key[2]] -= entry.held

    def put(self, key: CacheKey, entry: Entry) -> None:
        """Keep a tile that is not there; others may have to go, never this one."""
        level = key[2]
        self._levels[level][key] = entry
        self._held[level] += entry.held
        while sum(self._held) > self._budget and len(self) > 1:
            fullest = max(range(len(self._held)), key=self._held.__getitem__)
            oldest = next(iter(self._levels[fullest]))
            if oldest == key:
                break
            self.take(oldest)

    def clear(self) -> None:
        """Forget all tiles."""
        for level, entries in enumerate(self._levels):
            entries.clear()
            self._held[level] = 0
