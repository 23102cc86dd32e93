"""Reads a document from the file, but for its tiles and its log, which stay there until they are looked at."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds
from canvas.layers import GroupLayer, Layer, LayerTree
from canvas.project.batch import LayerRow, SelectionPixels
from canvas.project.checks import KEY, from_json, layer_sum
from canvas.project.layer_reader import is_inside, read_layer, read_mask
from canvas.project.pins import StoredTiles
from canvas.project.reader import DamagedError, Reader
from canvas.project.step_reader import StoredSteps, read_rows

LAYERS = f"SELECT {', '.join(LayerRow._fields)} FROM layer ORDER BY parent, position"  # noqa: S608 - our own names
SAVED = "SELECT name, x, y, width, height, hash FROM saved_selection ORDER BY position"
Complain = Callable[[str], None]
WITHOUT_TILES = ("group", "adjustment")


@dataclass
class Stored:
    """What a file holds, tiles still on disk."""

    document_id: str
    tree: LayerTree
    tiles: StoredTiles
    "Where the layers find their tiles."
    meta: Mapping[str, Any]
    "Frame, active layer, guides and whatever else is small, by key."
    selection: SelectionPixels
    saved_selections: Mapping[str, SelectionPixels]
    steps: StoredSteps
    "The undo list."

    @property
    def frame(self) -> Bounds | None:
        """The frame, if the file has one."""
        return Bounds(*map(int, self.meta["frame"])) if "frame" in self.meta else None

    @property
    def active(self) -> str:
        """The id of the active layer or mask, or empty."""
        return str(self.meta.get("active", ""))


def read_document(reader: Reader, complain: Complain) -> Stored:
    """Everything but the tiles. Raises CanvasError when the file is too damaged for that."""
    try:
        meta = {key: json.loads(value) for key, value in reader.rows("SELECT key, value FROM meta")}
        tiles = StoredTiles(reader, complain)
        stored = Stored(
            str(meta.get("document", "")),
            _read_tree(reader, tiles),
            tiles,
            meta,
            _read_selection(reader, meta.get("selection"), complain),
            _read_saved(reader, complain),
            read_rows(reader, tiles),
        )
        _ = stored.frame  # one that cannot be read is found here
        reader.rows("SELECT max(number) FROM generation")
        sums = (tiles.sum, layer_sum(reader.rows(LAYERS)))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError) as error:
        raise DamagedError(f"The project file is damaged: {error}. It has not been changed.") from error
    if from_json(meta.get(KEY)) not in (None, sums):
        raise DamagedError("The project file is damaged: some rows are not those that were written.")
    return stored


def _read_tree(reader: Reader, tiles: StoredTiles) -> LayerTree:
    tree = LayerTree()
    rows = [LayerRow(*row) for row in reader.rows(LAYERS)]
    layers: dict[str, Layer] = {}
    for row in rows:
        if row.kind != "mask":
            layers[row.id] = read_layer(row, tiles.of_layer(row.id) if row.kind not in WITHOUT_TILES else {})
    for row in rows:
        if row.kind == "mask":
            if row.parent in layers:
                layers[row.parent].mask = read_mask(row, layers[row.parent], tiles.of_layer(row.id))
            continue
        parent = layers.get(row.parent, tree.root)
        layer = layers[row.id]
        if not isinstance(parent, GroupLayer) or is_inside(parent, layer):
            parent = tree.root
        parent.children.append(layer)
        layer.parent = parent
    return tree


def _read_selection(reader: Reader, value: Any, complain: Complain) -> SelectionPixels:
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


def _read_saved(reader: Reader, complain: Complain) -> dict[str, SelectionPixels]:
    found: dict[str, SelectionPixels] = {}
    for name, x, y, width, height, digest in reader.rows(SAVED):
        one = _read_selection(reader, {"bounds": (x, y, width, height), "hash": digest}, complain)
        if not one.bounds.is_empty or not digest:
            found[name] = one
    return found
