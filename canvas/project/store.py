"""Writes batches into the file: one transaction each, on the writer's thread. No QPainter here."""

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np
from PySide6.QtGui import QImage

from canvas.generations import blob_hash
from canvas.geometry import TILE
from canvas.kept import Kept
from canvas.project.batch import Batch, Keep, LayerRow, Pixels, Place, SelectionPixels, Stored
from canvas.project.checks import KEY, as_json, from_json, layer_sum, tile_sum
from canvas.project.codec import Codec, Packed, encode
from canvas.project.digests import Digests
from canvas.project.log_store import LogStore
from canvas.project.step_codec import Box
from canvas.project.step_store import StepStore
from canvas.tile import new_tile

IS_USED = """SELECT EXISTS (SELECT 1 FROM tile WHERE hash = :hash)
OR EXISTS (SELECT 1 FROM step_blob WHERE hash = :hash)
OR EXISTS (SELECT 1 FROM away_tile WHERE hash = :hash)
OR EXISTS (SELECT 1 FROM candidate WHERE hash = :hash)
OR EXISTS (SELECT 1 FROM generation_input WHERE hash = :hash)
OR EXISTS (SELECT 1 FROM saved_selection WHERE hash = :hash)
OR EXISTS (SELECT 1 FROM kept WHERE hash = :hash)"""
DROP_UNUSED = """DELETE FROM blob WHERE hash NOT IN (SELECT hash FROM tile UNION ALL SELECT hash FROM candidate
UNION ALL SELECT hash FROM generation_input UNION ALL SELECT hash FROM saved_selection
UNION ALL SELECT hash FROM step_blob UNION ALL SELECT hash FROM away_tile UNION ALL SELECT ?)"""
LAYERS = f"SELECT {', '.join(LayerRow._fields)} FROM layer"  # noqa: S608 - our own names
PUT_LAYER = f"""INSERT OR REPLACE INTO layer ({", ".join(LayerRow._fields)})
VALUES ({", ".join("?" * len(LayerRow._fields))})"""  # noqa: S608 - our own names

AT_ONCE = 64
"Tiles that are encoded together; bounds what is held in memory."


class Store:
    """A connection and what is known about the file behind it. Belongs to one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.log = LogStore(connection, self._put)
        self._steps = StepStore(connection, self._put_boxes)
        self._digests = Digests()
        self._layers: dict[str, LayerRow] = {row[0]: LayerRow(*row) for row in connection.execute(LAYERS)}
        self._selection_hash = _selection_hash(connection)
        self._tile_sum = _stored_tile_sum(connection)
        # Blobs that this session wrote: nobody else can need them, so they may go as soon as nothing names them.
        # Those that were there before stay until the file is closed: undo may still load them.
        self._own: set[str] = set()
        # Hashing and zstd let go of the GIL: two threads halve the time, more would take cores from the painter.
        self._pool = ThreadPoolExecutor(min(2, os.cpu_count() or 1), thread_name_prefix="tile encoder")

    def write(self, batch: Batch) -> dict[Place, str]:
        """Commits all of the batch or nothing; returns the hashes of its tiles.

        Raises sqlite3.Error or OSError; the batch can then be tried again.
        """
        connection, own, selection_hash = self.connection, set(self._own), self._selection_hash
        tile_sum_before = self._tile_sum
        freed: set[str] = set()
        connection.execute("BEGIN IMMEDIATE")
        try:
            self.log.write(batch)
            for digest, pixels in batch.blobs.items():
                self._put(digest, pixels)
            if batch.selection is not None:
                freed.add(self._write_selection(batch.selection))
            freed |= self._write_layers(batch)
            written, left = self._write_tiles(self._of_layers(batch))
            freed |= left | self._steps.write(batch.steps, batch.away)
            freed |= self._write_saved(batch.saved) | self._write_keeps(batch.keeps)
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", batch.meta.items())
            self._write_film(batch)
            self._write_check(batch)
            self._drop(freed)
            connection.execute("COMMIT")
        except BaseException:
            self._own, self._selection_hash, self._tile_sum = own, selection_hash, tile_sum_before
            self.log.rolled_back()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        if batch.layers is not None:
            self._layers = {row.id: row for row in batch.layers}
        return written

    def _write_film(self, batch: Batch) -> None:
        if batch.forget_film:
            self.connection.execute("DELETE FROM film")
        self.connection.executemany(
            "INSERT INTO film (at, x, y, width, height, data) VALUES (?, ?, ?, ?, ?, ?)",
            ((patch.at, *patch.bounds, patch.data) for patch in batch.film),
        )

    def close(self) -> None:
        """Lets go of the file. Raises sqlite3.Error."""
        self._pool.shutdown(wait=False)
        self.connection.close()

    def drop_unused(self) -> None:
        """Removes pixels that nothing names any more and gives their room back. Only when nobody paints."""
        self.connection.execute("DELETE FROM kept")
        self.connection.execute(DROP_UNUSED, (self._selection_hash,))
        self.connection.execute("PRAGMA incremental_vacuum").fetchall()

    def settle(self) -> None:
        """Brings everything committed so far through the log into the file and onto the disk."""
        self.connection.execute("PRAGMA synchronous = FULL")
        try:
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            self.connection.execute("PRAGMA synchronous = NORMAL")

    def _write_check(self, batch: Batch) -> None:
        """The sums by which the next opening knows whether places and layers are as they were written."""
        layers = self._layers.values() if batch.layers is None else batch.layers
        value = as_json(self._tile_sum, layer_sum(layers))
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (KEY, value))

    def _write_layers(self, batch: Batch) -> set[str]:
        freed: set[str] = set()
        rewritten = set(batch.rewritten)
        if batch.layers is not None:
            rows = {row.id: row for row in batch.layers}
            gone = set(self._layers) - set(rows)
            rewritten |= gone
            self.connection.executemany("DELETE FROM layer WHERE id = ?", ((i,) for i in gone))
            changed = [row for row in batch.layers if self._layers.get(row.id) != row]
            self.connection.executemany(PUT_LAYER, changed)
        for layer_id in rewritten:
            found = self.connection.execute("DELETE FROM tile WHERE layer_id = ? RETURNING tx, ty, hash", (layer_id,))
            gone_rows = found.fetchall()
            self._tile_sum -= tile_sum(layer_id, gone_rows)
            freed.update(row[2] for row in gone_rows)
        return freed

    def _of_layers(self, batch: Batch) -> dict[Place, Stored]:
        """The tiles of layers that are there: one that came and went since the last commit leaves nothing."""
        there = self._layers if batch.layers is None else {row.id for row in batch.layers}
        return {place: tile for place, tile in batch.tiles.items() if place[0] in there}

    def _write_tiles(self, tiles: dict[Place, Stored]) -> tuple[dict[Place, str], set[str]]:
        """Returns the hash of every tile written, and the hashes that stood there before."""
        freed: set[str] = set()
        written: dict[Place, str] = {}
        waiting = iter(tiles.items())
        while chunk := dict(islice(waiting, AT_ONCE)):
            images = {place: tile for place, tile in chunk.items() if isinstance(tile, QImage)}
            digests: dict[Place, str] = dict(zip(images, self._put_tiles([*images.values()]), strict=True))
            for place, tile in chunk.items():
                if isinstance(tile, Packed):
                    digests[place] = self._put_packed(tile)
                elif isinstance(tile, str):
                    digests[place] = tile
            freed |= self._write_places({place: digests.get(place) for place in chunk})
            written.update(digests)
        return written, freed

    def _write_places(self, tiles: dict[Place, str | None]) -> set[str]:
        """Points places at stored pixels; returns the hashes that stood there before."""
        freed: set[str] = set()
        for (layer_id, (tx, ty)), digest in tiles.items():
            place = (layer_id, tx, ty)
            old = self.connection.execute(
                "SELECT hash FROM tile WHERE layer_id = ? AND tx = ? AND ty = ?", place
            ).fetchone()
            if old is not None:
                freed.add(old[0])
                self._tile_sum -= tile_sum(layer_id, ((tx, ty, old[0]),))
            if digest is None:
                self.connection.execute("DELETE FROM tile WHERE layer_id = ? AND tx = ? AND ty = ?", place)
                continue
            self.connection.execute("INSERT OR REPLACE INTO tile VALUES (?, ?, ?, ?)", (*place, digest))
            self._tile_sum += tile_sum(layer_id, ((tx, ty, digest),))
        return freed

    def _write_saved(self, saved: dict[str, SelectionPixels] | None) -> set[str]:
        """Replaces all saved selections; returns the hashes of those before."""
        if saved is None:
            return set()
        freed = {row[0] for row in self.connection.execute("DELETE FROM saved_selection RETURNING hash")}
        for position, (name, (bounds, mask)) in enumerate(saved.items()):
            digest = "" if bounds.is_empty else self._put(self._digests.of_mask(mask), mask)
            self.connection.execute(
                "INSERT INTO saved_selection VALUES (?, ?, ?, ?, ?, ?, ?)", (name, position, *bounds, digest)
            )
        return freed

    def _write_keeps(self, keeps: dict[str, Keep]) -> set[str]:
        """Notes what undo needs; returns what it needs no more."""
        freed: set[str] = set()
        for digest, keep in keeps.items():
            if keep is False:
                self.connection.execute("DELETE FROM kept WHERE hash = ?", (digest,))
                freed.add(digest)
                continue
            if isinstance(keep, Packed):
                self._put_packed(keep)
            self.connection.execute("INSERT OR IGNORE INTO kept VALUES (?)", (digest,))
        return freed

    def _put_packed(self, packed: Packed) -> str:
        if not self._has(packed.digest):
            self._insert(packed.digest, packed.shape, packed.codec, packed.data)
        return packed.digest

    def _put_boxes(self, boxes: Sequence[Box]) -> list[str]:
        """Stores what undo holds and the file has not; returns all hashes."""
        digests: list[str] = []
        waiting = iter(boxes)
        while chunk := list(islice(waiting, AT_ONCE)):
            forms = [self._form(box) for box in chunk]
            tiles = [form for form in forms if isinstance(form, QImage)]
            stored = iter(self._put_tiles(tiles))
            digests += [next(stored) if isinstance(form, QImage) else form for form in forms]
        return digests

    def _form(self, box: Box) -> QImage | str:
        """The image of a box, or the hash of what the file has now."""
        form = box.form() if isinstance(box, Kept) else box
        if isinstance(form, QImage):
            return form
        if isinstance(form, Packed):
            return self._put_packed(form)
        if isinstance(form, np.ndarray):
            return self._put(self._digests.of_mask(form), form)
        if form is not None and self._has(form.digest):
            return form.digest
        if isinstance(box, Kept) and not box.is_tile:
            mask = box.pixels()
            return self._put(blob_hash(mask), mask)
        return new_tile() if box is None or isinstance(box, QImage | np.ndarray) else box.load()

    def _put_tiles(self, tiles: Sequence[QImage]) -> list[str]:
        """Stores the pixels that are not there yet; returns all hashes. Nothing is hashed that was hashed lately."""
        views = [np.frombuffer(tile.constBits(), np.uint8).reshape(TILE, TILE, 4) for tile in tiles]
        keys = [tile.cacheKey() for tile in tiles]
        digests = self._digests.of_tiles(dict(zip(keys, views, strict=True)), self._pool.map)
        fresh = {digests[key]: view for key, view in zip(keys, views, strict=True) if not self._has(digests[key])}
        for (digest, view), coded in zip(fresh.items(), self._pool.map(encode, fresh.values()), strict=True):
            self._insert(digest, view.shape, *coded)
        return [digests[key] for key in keys]

    def _put(self, digest: str, pixels: Pixels) -> str:
        if not self._has(digest):
            self._insert(digest, pixels.shape, *encode(pixels))
        return digest

    def _has(self, digest: str) -> bool:
        if digest in self._own:
            return True
        return self.connection.execute("SELECT 1 FROM blob WHERE hash = ?", (digest,)).fetchone() is not None

    def _insert(self, digest: str, shape: tuple[int, ...], codec: Codec, data: bytes) -> None:
        height, width = shape[:2]
        channels = shape[2] if len(shape) == 3 else 0
        self.connection.execute(
            "INSERT INTO blob VALUES (?, ?, ?, ?, ?, ?)", (digest, int(codec), width, height, channels, data)
        )
        self._own.add(digest)

    def _write_selection(self, selection: SelectionPixels) -> str:
        """Returns the hash of the selection that was there before."""
        before, self._selection_hash = self._selection_hash, ""
        if not selection.bounds.is_empty:
            self._selection_hash = self._put(self._digests.of_mask(selection.mask), selection.mask)
        value = json.dumps({"bounds": list(selection.bounds), "hash": self._selection_hash})
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('selection', ?)", (value,))
        return before

    def _drop(self, digests: Iterable[str]) -> None:
        for digest in self._own.intersection(digests):
            used = self.connection.execute(IS_USED, {"hash": digest}).fetchone()[0]
            if not used and digest != self._selection_hash:
                self.connection.execute("DELETE FROM blob WHERE hash = ?", (digest,))
                self._own.discard(digest)


def _selection_hash(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM meta WHERE key = 'selection'").fetchone()
    return str(json.loads(row[0]).get("hash", "")) if row else ""


def _stored_tile_sum(connection: sqlite3.Connection) -> int:
    """What the file says; added up where it says nothing, as before version 1.2."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    known = from_json(json.loads(row[0])) if row else None
    if known is not None:
        return known[0]
    return sum(tile_sum(row[0], (row[1:],)) for row in connection.execute("SELECT layer_id, tx, ty, hash FROM tile"))
