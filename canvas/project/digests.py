"""Hashes of pixels that were hashed a moment ago: what one step left is what the next one replaces."""

import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from canvas.generations import blob_hash

Pixels: TypeAlias = NDArray[np.uint8]
Map: TypeAlias = Callable[[Callable[[Pixels], str], Iterable[Pixels]], Iterable[str]]
"As `map`, perhaps with several threads."
REMEMBERED = 1 << 14
"Tiles; about 5 MB."
MASKS = 256
"Selections."


class Digests:
    """The newest hashes. Belongs to one thread."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        # Qt gives an image another key when it is written to, and copies of it keep the key.
        self._tiles: OrderedDict[int, str] = OrderedDict()
        self._masks: OrderedDict[int, tuple[weakref.ref[Pixels], str]] = OrderedDict()

    def of_tiles(self, views: Mapping[int, Pixels], hashing: Map) -> dict[int, str]:
        """The hashes of tiles given as (256, 256, 4) views by `QImage.cacheKey`; forgets the oldest of too many."""
        new = {key: view for key, view in views.items() if key not in self._tiles}
        fresh = dict(zip(new, hashing(blob_hash, new.values()), strict=True))
        found = {key: fresh.get(key) or self._tiles.pop(key) for key in views}
        self._tiles.update(found)
        while len(self._tiles) > self._limit:
            self._tiles.popitem(last=False)
        return found

    def of_mask(self, mask: Pixels) -> str:
        """The hash of an array; remembered while the array lives, if it cannot be written to."""
        found = self._masks.get(id(mask))
        if found is not None and found[0]() is mask:
            return found[1]
        digest = blob_hash(mask)
        if not mask.flags.writeable:
            self._masks[id(mask)] = (weakref.ref(mask), digest)
            while len(self._masks) > MASKS:
                self._masks.popitem(last=False)
        return digest
