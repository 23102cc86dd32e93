"""How much of a painting is in memory: tiles that the project file has too make room for others."""

import ctypes
import sys
import threading
from collections.abc import Callable, Iterable

from canvas.kept import Shelf
from canvas.surface import TiledSurface
from canvas.tile import TILE_BYTES

DEFAULT_BUDGET = 2 << 30
LOOK_EVERY = 8
"Tiles loaded between two looks at the budget: looking costs a sum over all layers."
TRIM_AFTER = 1024
"""Tiles dropped at one time before the C library is asked to give their memory back. It keeps it otherwise, for the
next tiles: that is welcome while as many come as go, and asking holds every allocation up, about 5 ms for 100 tiles.
(A mapping of its own for every tile gives memory back at once, but makes each new tile 20 times as dear.)"""
MALLOC_HAS_TRIM = sys.platform == "linux"
MAPPED_FROM = 4 << 20
"""Bytes from which memory is a mapping of its own, given back at once. Left to itself glibc raises this up to 32 MB:
then whole pictures lie among the tiles, and the heap never gets smaller behind them."""
HEAP_TOP = 64 << 20
"""Free bytes at the heap's end that glibc keeps for the next tiles. By itself it gives them back and fetches them
again for every tile, 20 times as dear."""
MOST_ARENAS = 2
"""Heaps that threads share. By itself glibc makes eight for each core, and each keeps `HEAP_TOP` free bytes for itself:
after an hour with many threads hundreds of megabytes lay there, which nothing gives back (`malloc_trim` does so for
the first heap only)."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8


class Pager:
    """The surfaces of one document within a budget. Belongs to the window's thread; elsewhere it does nothing.

    Second chance: tiles go in the order in which they came, but one that was looked at since the last round stays
    for another. What the file does not have yet never goes.
    """

    def __init__(
        self, surfaces: Callable[[], Iterable[TiledSurface]], shelf: Shelf, budget_bytes: int = DEFAULT_BUDGET
    ) -> None:
        self.budget_bytes = budget_bytes
        "Memory that tiles may take, as far as the file has them."
        self._surfaces, self._shelf = surfaces, shelf
        self._owner = threading.get_ident()
        self._loaded = 0

    def one_more(self) -> None:
        """A tile was loaded: look now and then whether there is room."""
        self._loaded += 1
        if self._loaded >= LOOK_EVERY:
            self.make_room()

    def make_room(self) -> int:
        """Drop what is too much and can be dropped, and a little more; returns how many tiles."""
        if threading.get_ident() != self._owner:
            return 0
        self._loaded = 0
        surfaces = list(self._surfaces())
        over = sum(surface.loaded for surface in surfaces) - self.budget_bytes // TILE_BYTES
        if over <= 0:
            return 0
        wanted = over + min(LOOK_EVERY * 2, self.budget_bytes // TILE_BYTES // 8)
        dropped = 0
        for _ in range(2):
            for surface in surfaces:
                if dropped < wanted:
                    dropped += self._drop(surface, wanted - dropped)
        if dropped >= TRIM_AFTER:
            give_memory_back()
        return dropped

    def _drop(self, surface: TiledSurface, most: int) -> int:
        dropped = 0
        for key in tuple(surface.backed()):
            if dropped == most:
                break
            if surface.was_touched(key):
                continue
            tile = surface.evict(key)
            if tile is not None:
                self._shelf.found_in_file(tile, surface.away()[key])
                dropped += 1
        return dropped


def tune_malloc() -> None:
    """Large pictures in mappings of their own, tiles in the heap. Call it before the first picture."""
    if MALLOC_HAS_TRIM:
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc has it
        if mallopt is not None:
            mallopt(M_MMAP_THRESHOLD, MAPPED_FROM)
            mallopt(M_TRIM_THRESHOLD, HEAP_TOP)
            mallopt(M_ARENA_MAX, MOST_ARENAS)


def give_memory_back() -> None:
    """Ask the C library, in a thread, for the memory that it keeps of freed tiles; nothing where it cannot be asked."""
    if MALLOC_HAS_TRIM:
        threading.Thread(target=_trim, name="memory", daemon=True).start()


def _trim() -> None:
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim(0)
