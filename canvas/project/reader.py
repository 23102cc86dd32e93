"""Reads the file: pixels on demand, layers, the log, and what `handscroll info` says about it."""

import json
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtGui import QImage

from canvas.errors import CanvasError
from canvas.generations import GenerationRecord, blob_hash
from canvas.geometry import NOTHING, TILE, Bounds, Point, TileKey
from canvas.layers import BlendMode, GroupLayer, Layer, LayerTree, PaintLayer
from canvas.project.batch import LayerRow, Pixels, SelectionPixels
from canvas.project.codec import Codec, decode
from canvas.project.schema import check_identity, connect
from canvas.surface import TiledSurface
from canvas.tile import FORMAT, new_tile

VERDICTS = "SELECT generation_id, idx, layer_id FROM verdict ORDER BY number"


class Reader:
    """A read-only connection that any thread may ask; it can be pointed at another file (Save As)."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._path = path
        # At first without a trace: until it is known that the file is ours, nothing may appear beside it.
        self._connection: sqlite3.Connection | None = connect_quietly(path)

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query. Raises CanvasError when the file cannot be read."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = connect(self._path, "ro")
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise damaged(self._path, error) from error

    def blob(self, digest: str) -> Pixels:
        """The pixels of a hash. Raises CanvasError when they are missing or damaged."""
        found = self.rows("SELECT codec, width, height, channels, data FROM blob WHERE hash = ?", (digest,))
        if not found:
            raise CanvasError(f"The pixels {digest[:12]}… are missing from {self._path.name}.")
        codec, width, height, channels, data = found[0]
        shape = (height, width, channels) if channels else (height, width)
        pixels = decode(codec, data, shape)
        # A zstd frame carries a checksum of its own; a plain colour has only its hash.
        if codec == Codec.PLAIN and blob_hash(pixels) != digest:
            raise CanvasError(f"The pixels {digest[:12]}… in {self._path.name} are damaged.")
        return pixels

    def point_at(self, path: Path) -> None:
        """Goes on with another file that holds the same blobs."""
        with self._lock:
            self._disconnect()
            self._path = path

    def close(self) -> None:
        """Lets go of the file; a later question opens it again."""
        with self._lock:
            self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class StoredTiles:
    """The tiles of one layer in the file, for a surface that loads them when they are looked at."""

    def __init__(self, reader: Reader, layer_id: str, complain: Callable[[str], None]) -> None:
        self._reader = reader
        self.complain = complain
        "Told in a sentence about each tile that cannot be read; runs in the thread that looks."
        found = reader.rows("SELECT tx, ty, hash FROM tile WHERE layer_id = ?", (layer_id,))
        self.hashes: dict[TileKey, str] = {(tx, ty): digest for tx, ty, digest in found}

    def keys(self) -> set[TileKey]:
        """The keys of every stored tile."""
        return set(self.hashes)

    def load(self, key: TileKey) -> QImage:
        """One stored tile; a damaged one is empty and complained about, so that the rest can be seen."""
        try:
            pixels = self._reader.blob(self.hashes[key])
            if pixels.shape != (TILE, TILE, 4):
                raise CanvasError(f"A tile has the impossible size {pixels.shape}.")
        except CanvasError as error:
            self.complain(
                f"A part of the painting ({TILE} pixels around {key[0] * TILE}, {key[1] * TILE}) "
                f"cannot be shown: {error} It is shown empty; keep a copy of the file."
            )
            return new_tile()
        return QImage(pixels.data, TILE, TILE, TILE * 4, FORMAT).copy()


@dataclass
class Stored:
    """What a file holds, tiles still on disk."""

    document_id: str
    tree: LayerTree
    frame: Bounds | None
    active: str
    selection: SelectionPixels
    records: list[GenerationRecord]
    verdicts: list[tuple[str, int, str]]

    @property
    def sources(self) -> list[StoredTiles]:
        """Where the layers find their tiles."""
        found = (layer.surface.source for layer in self.tree.paint_layers())
        return [source for source in found if isinstance(source, StoredTiles)]


def read_document(reader: Reader, complain: Callable[[str], None]) -> Stored:
    """Everything but the tiles. Raises CanvasError when the file is too damaged for that."""
    try:
        meta = {key: json.loads(value) for key, value in reader.rows("SELECT key, value FROM meta")}
        return Stored(
            str(meta.get("document", "")),
            _read_tree(reader, complain),
            Bounds(*map(int, meta["frame"])) if "frame" in meta else None,
            str(meta.get("active", "")),
            _read_selection(reader, meta.get("selection"), complain),
            _read_records(reader),
            [(row[0], row[1], row[2]) for row in reader.rows(VERDICTS)],
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CanvasError(f"The project file is damaged: {error}. It has not been changed.") from error


def _read_tree(reader: Reader, complain: Callable[[str], None]) -> LayerTree:
    tree = LayerTree()
    rows = [LayerRow(*row) for row in reader.rows("SELECT * FROM layer ORDER BY parent, position")]
    layers = {row.id: _read_layer(row, reader, complain) for row in rows}
    for row in rows:
        parent = layers.get(row.parent, tree.root)
        layer = layers[row.id]
        if not isinstance(parent, GroupLayer) or _is_inside(parent, layer):
            parent = tree.root
        parent.children.append(layer)
        layer.parent = parent
    return tree


def _is_inside(group: GroupLayer, layer: Layer) -> bool:
    """Whether a group lies in the layer or is it: a damaged file could tie a loop."""
    above: Layer | None = group
    while above is not None:
        if above is layer:
            return True
        above = above.parent
    return False


def _read_layer(row: LayerRow, reader: Reader, complain: Callable[[str], None]) -> Layer:
    if row.kind == "group":
        layer: Layer = GroupLayer(row.name, row.id)
    else:
        layer = PaintLayer(row.name, TiledSurface(StoredTiles(reader, row.id, complain)), row.id)
        layer.offset = Point(row.offset_x, row.offset_y)
        layer.alpha_locked = bool(row.alpha_locked)
    layer.visible, layer.locked = bool(row.visible), bool(row.locked)
    layer.opacity = min(max(float(row.opacity), 0.0), 1.0)
    known = row.blend_mode in {str(mode) for mode in BlendMode}
    layer.blend_mode = BlendMode(row.blend_mode) if known else BlendMode.NORMAL
    return layer


def _read_selection(reader: Reader, value: Any, complain: Callable[[str], None]) -> SelectionPixels:
    nothing = SelectionPixels(NOTHING, np.zeros((0, 0), np.uint8))
    if not value or not value.get("hash"):
        return nothing
    bounds = Bounds(*map(int, value["bounds"]))
    try:
        mask = reader.blob(value["hash"])
    except CanvasError as error:
        complain(f"The selection could not be read: {error}")
        return nothing
    return SelectionPixels(bounds, mask) if mask.shape == (bounds.height, bounds.width) else nothing


def _read_records(reader: Reader) -> list[GenerationRecord]:
    candidates: dict[str, list[str]] = {}
    for record_id, digest in reader.rows("SELECT generation_id, hash FROM candidate ORDER BY generation_id, idx"):
        candidates.setdefault(record_id, []).append(digest)
    inputs: dict[str, dict[str, str]] = {}
    for record_id, name, digest in reader.rows("SELECT generation_id, name, hash FROM generation_input"):
        inputs.setdefault(record_id, {})[name] = digest
    rows = reader.rows(
        "SELECT id, parent_id, created, task, status, request, facts, x, y, width, height, sentence, thumbnail "
        "FROM generation ORDER BY number"
    )
    return [
        GenerationRecord(
            *row[:5],
            request=json.loads(row[5]),
            facts=json.loads(row[6]),
            bounds=Bounds(*row[7:11]),
            sentence=row[11],
            thumbnail=row[12],
            candidates=tuple(candidates.get(row[0], ())),
            inputs=inputs.get(row[0], {}),
        )
        for row in rows
    ]


def sizes(path: Path) -> dict[str, Any]:
    """What is in a project file, without opening the painting; another program may be painting in it.

    Raises CanvasError for files that are missing, foreign, newer or damaged.
    """
    if not path.is_file():
        raise CanvasError(f"There is no file {path}.")
    try:
        connection = connect_quietly(path)
        try:
            major, minor = check_identity(connection, path)
            counts = {
                name: connection.execute(sql).fetchone()[0]
                for name, sql in {
                    "layers": "SELECT count(*) FROM layer",
                    "tiles": "SELECT count(*) FROM tile",
                    "generations": "SELECT count(*) FROM generation",
                    "kept": "SELECT count(DISTINCT generation_id || '/' || idx) FROM verdict",
                    "blobs": "SELECT count(*) FROM blob",
                    "blob_bytes": "SELECT coalesce(sum(length(data)), 0) FROM blob",
                }.items()
            }
            meta = {k: json.loads(v) for k, v in connection.execute("SELECT key, value FROM meta")}
        finally:
            connection.close()
    except (sqlite3.Error, ValueError) as error:
        raise damaged(path, error) from error
    return {
        "file": str(path),
        "bytes": path.stat().st_size,
        "version": f"{major}.{minor}",
        "document": meta.get("document", ""),
        "created": meta.get("created", ""),
        "frame": meta.get("frame", []),
        **counts,
    }


def snapshot(path: Path, target: Path) -> None:
    """Copies the last committed state of a project, open or not, to a new file. Raises CanvasError."""
    if not path.is_file():
        raise CanvasError(f"There is no file {path}.")
    try:
        connection = connect_quietly(path)
        try:
            check_identity(connection, path)
            connection.execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise damaged(path, error) from error


def connect_quietly(path: Path) -> sqlite3.Connection:
    """A reading connection that leaves nothing beside the file, even in folders that cannot be written."""
    resting = not path.with_name(path.name + "-wal").exists()
    return connect(path, "ro&immutable=1" if resting else "ro")


def damaged(path: Path, error: Exception) -> CanvasError:
    """The sentence for a file that SQLite cannot read."""
    return CanvasError(
        f"{path.name} cannot be read as a Handscroll painting ({error}). The file has not been changed; "
        "open a copy of it from a backup if you have one."
    )
