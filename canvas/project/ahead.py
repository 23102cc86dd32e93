"""Tiles that will be looked at in a moment, read by threads before anybody asks for them."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from PySide6.QtGui import QImage

from canvas.errors import CanvasError
from canvas.geometry import TILE, Bounds, tiles_covering
from canvas.layers import LayerMask, PaintLayer
from canvas.project.reader import Reader
from canvas.surface import TileRef
from canvas.tile import FORMAT, pixels

MOST = 512
"Tiles that wait to be asked for, at most; 128 MB."
THREADS = max(1, min(3, (os.cpu_count() or 1) - 1))
"Whoever asks reads too: one processor is left for it."


class LookAhead:
    """Reads tiles by their hashes. `want` belongs to the window's thread, `take` to any."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._coming: dict[str, tuple[Future[None], QImage]] = {}
        self._pool: ThreadPoolExecutor | None = None

    def want(self, digests: Iterable[str]) -> None:
        """Begins to read these, in this order, and forgets those that were wanted before. Returns at once."""
        self.forget()
        for digest in digests:
            if len(self._coming) >= MOST:
                return
            if digest not in self._coming:
                self._pool = self._pool or ThreadPoolExecutor(THREADS, thread_name_prefix="tile reader")
                tile = QImage(TILE, TILE, FORMAT)
                self._coming[digest] = self._pool.submit(self._read, digest, tile), tile

    def take(self, digest: str) -> QImage | None:
        """The tile, if it is there or just being read; else None: then it is quickest to read it oneself."""
        found = self._coming.pop(digest, None)
        if found is None or found[0].cancel():
            return None
        future, tile = found
        return tile if future.exception() is None else None

    def forget(self) -> None:
        """Lets go of what nobody asked for."""
        for future, _ in self._coming.values():
            future.cancel()
        self._coming.clear()

    def close(self) -> None:
        """Ends the threads: the file is about to be let go of."""
        self.forget()
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _read(self, digest: str, tile: QImage) -> None:
        """Into a tile that nobody else has before this returns."""
        room = pixels(tile)
        if self._reader.blob(digest, room=room) is not room:
            raise CanvasError("It is no tile.")  # whoever asks for it reads it again and says so


def refs_in_sight(layers: Iterable[PaintLayer], area: Bounds) -> Iterator[TileRef]:
    """What is not in memory of the layers in sight inside canvas pixels: row by row, at each place all layers.

    Nothing for areas of very many tiles: they are shown small, and bit by bit.
    """
    if (area.width // TILE + 2) * (area.height // TILE + 2) > MOST:
        return
    found: list[tuple[tuple[int, int], TileRef]] = []
    for layer in layers:
        if not (layer.enabled if isinstance(layer, LayerMask) else layer.visible):
            continue
        away = layer.surface.away()
        for key in tiles_covering(area.translated(-layer.offset.x, -layer.offset.y)) if away else ():
            if (ref := away.get(key)) is not None:
                found.append(((key[1], key[0]), ref))  # noqa: PERF401 - two loops in one would be hard to read
    found.sort(key=lambda one: one[0])
    yield from (ref for _, ref in found)
