"""Writes batches into the file: one transaction each, on the writer's thread. No QPainter here."""

import json
import os
import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np
from PySide6.QtGui import QImage

from canvas.generations import blob_hash
from canvas.geometry import TILE
from canvas.project.batch import Batch, Keep, LayerRow, NewGeneration, Pixels, Place, SelectionPixels, Stored
from canvas.project.codec import Codec, Packed, encode

IS_USED = """SELECT EXISTS (SELECT 1 FROM tile WHERE hash = :hash)
OR EXISTS (SELECT 1 FROM candidate WHERE hash = :hash)
OR EXISTS (SELECT 1 FROM generation_input WHERE hash = :hash)
OR EXISTS (SELECT 1 FROM saved_selection WHERE hash = :hash)
OR EXISTS (SELECT 1 FROM kept WHERE hash = :hash)"""
DROP_UNUSED = """DELETE FROM blob WHERE hash NOT IN (SELECT hash FROM tile UNION ALL SELECT hash FROM candidate
UNION ALL SELECT hash FROM generation_input UNION ALL SELECT hash FROM saved_selection UNION ALL SELECT ?)"""
LAYERS = f"SELECT {', '.join(LayerRow._fields)} FROM layer"  # noqa: S608 - our own names
PUT_LAYER = f"""INSERT OR REPLACE INTO layer ({", ".join(LayerRow._fields)})
VALUES ({", ".join("?" * len(LayerRow._fields))})"""  # noqa: S608 - our own names

AT_ONCE = 64
"Tiles that are encoded together; bounds what is held in memory."


class Store:
    """A connection and what is known about the file behind it. Belongs to one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._layers: dict[str, LayerRow] = {row[0]: LayerRow(*row) for row in connection.execute(LAYERS)}
        self._selection_hash = _selection_hash(connection)
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
        freed: set[str] = set()
        connection.execute("BEGIN IMMEDIATE")
        try:
            for made in batch.generations:
                self._write_generation(made)
            for digest, pixels in batch.blobs.items():
                self._put(digest, pixels)
            connection.executemany(
                "INSERT INTO verdict (generation_id, idx, layer_id, at) VALUES (?, ?, ?, ?)", batch.verdicts
            )
            if batch.selection is not None:
                freed.add(self._write_selection(batch.selection))
            freed |= self._write_layers(batch)
            written, left = self._write_tiles(batch.tiles)
            freed |= left | self._write_saved(batch.saved) | self._write_keeps(batch.keeps)
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", batch.meta.items())
            self._drop(freed)
            connection.execute("COMMIT")
        except BaseException:
            self._own, self._selection_hash = own, selection_hash
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        if batch.layers is not None:
            self._layers = {row.id: row for row in batch.layers}
        return written

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
            found = self.connection.execute("DELETE FROM tile WHERE layer_id = ? RETURNING hash", (layer_id,))
            freed.update(row[0] for row in found)
        return freed

    def _write_tiles(self, tiles: dict[Place, Stored]) -> tuple[dict[Place, str], set[str]]:
        """Returns the hash of every tile written, and the hashes that stood there before."""
        freed: set[str] = set()
        written: dict[Place, str] = {}
        waiting = iter(tiles.items())
        while chunk := dict(islice(waiting, AT_ONCE)):
            digests = self._put_tiles({place: tile for place, tile in chunk.items() if isinstance(tile, QImage)})
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
            if digest is None:
                self.connection.execute("DELETE FROM tile WHERE layer_id = ? AND tx = ? AND ty = ?", place)
                continue
            self.connection.execute("INSERT OR REPLACE INTO tile VALUES (?, ?, ?, ?)", (*place, digest))
        return freed

    def _write_saved(self, saved: dict[str, SelectionPixels] | None) -> set[str]:
        """Replaces all saved selections; returns the hashes of those before."""
        if saved is None:
            return set()
        freed = {row[0] for row in self.connection.execute("DELETE FROM saved_selection RETURNING hash")}
        for position, (name, (bounds, mask)) in enumerate(saved.items()):
            digest = "" if bounds.is_empty else self._put(blob_hash(mask), mask)
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

    def _put_tiles(self, tiles: dict[Place, QImage]) -> dict[Place, str]:
        """Stores the pixels that are not there yet; returns all hashes."""
        views = [np.frombuffer(tile.constBits(), np.uint8).reshape(TILE, TILE, 4) for tile in tiles.values()]
        digests = list(self._pool.map(blob_hash, views))
        fresh = {digest: view for digest, view in zip(digests, views, strict=True) if not self._has(digest)}
        for (digest, view), coded in zip(fresh.items(), self._pool.map(encode, fresh.values()), strict=True):
            self._insert(digest, view.shape, *coded)
        return dict(zip(tiles, digests, strict=True))

    def _put(self, digest: str, pixels: Pixels) -> str:
        if not self._has(digest):
            self._insert(digest, pixels.shape, *encode(pixels))
        return digest

    def _has(self, digest: str) -> bool:
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
            self._selection_hash = self._put(blob_hash(selection.mask), selection.mask)
        value = json.dumps({"bounds": list(selection.bounds), "hash": self._selection_hash})
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('selection', ?)", (value,))
        return before

    def _write_generation(self, made: NewGeneration) -> None:
        for digest, pixels in made.pixels.items():
            self._put(digest, pixels)
        record, request = made.record, made.record.request
        seed = request.get("seed")
        values = (
            record.id,
            record.parent_id,
            record.created,
            record.task,
            record.status,
            str(request.get("prompt", "")),
            str(request.get("model", "")),
            seed if isinstance(seed, int) and abs(seed) < 1 << 63 else None,
            json.dumps(request, ensure_ascii=False, default=str),
            json.dumps(record.facts, ensure_ascii=False, default=str),
            *record.bounds,
            record.sentence,
            record.thumbnail,
        )
        self.connection.execute(
            "INSERT OR IGNORE INTO generation (id, parent_id, created, task, status, prompt, model, seed, request, "
            "facts, x, y, width, height, sentence, thumbnail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        self.connection.executemany(
            "INSERT OR REPLACE INTO candidate VALUES (?, ?, ?)",
            ((record.id, index, digest) for index, digest in enumerate(record.candidates)),
        )
        inputs = (record.inputs or {}).items()
        self.connection.executemany(
            "INSERT OR REPLACE INTO generation_input VALUES (?, ?, ?)", ((record.id, name, h) for name, h in inputs)
        )

    def _drop(self, digests: Iterable[str]) -> None:
        for digest in self._own.intersection(digests):
            used = self.connection.execute(IS_USED, {"hash": digest}).fetchone()[0]
            if not used and digest != self._selection_hash:
                self.connection.execute("DELETE FROM blob WHERE hash = ?", (digest,))
                self._own.discard(digest)


def _selection_hash(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM meta WHERE key = 'selection'").fetchone()
    return str(json.loads(row[0]).get("hash", "")) if row else ""
