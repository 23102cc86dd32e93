"""Reads a whole document from the file, but for the tiles, which stay there until they are looked at."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from canvas.adjustments import Levels, from_dict
from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.geometry import NOTHING, Bounds, Point
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, LayerMask, LayerTree, PaintLayer
from canvas.project.batch import LayerRow, SelectionPixels
from canvas.project.pins import StoredTiles
from canvas.project.reader import Reader
from canvas.surface import TiledSurface

VERDICTS = "SELECT generation_id, idx, layer_id FROM verdict ORDER BY number"
LAYERS = f"SELECT {', '.join(LayerRow._fields)} FROM layer ORDER BY parent, position"  # noqa: S608 - our own names
SAVED = "SELECT name, x, y, width, height, hash FROM saved_selection ORDER BY position"
Complain = Callable[[str], None]


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
    records: list[GenerationRecord]
    verdicts: list[tuple[str, int, str]]

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
            _read_records(reader),
            [(row[0], row[1], row[2]) for row in reader.rows(VERDICTS)],
        )
        _ = stored.frame  # one that cannot be read is found here
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CanvasError(f"The project file is damaged: {error}. It has not been changed.") from error
    return stored


def _read_tree(reader: Reader, tiles: StoredTiles) -> LayerTree:
    tree = LayerTree()
    rows = [LayerRow(*row) for row in reader.rows(LAYERS)]
    layers = {row.id: _read_layer(row, tiles) for row in rows if row.kind != "mask"}
    for row in rows:
        if row.kind == "mask":
            if row.parent in layers:
                _read_mask(row, layers[row.parent], tiles)
            continue
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


def _read_layer(row: LayerRow, tiles: StoredTiles) -> Layer:
    if row.kind == "group":
        layer: Layer = GroupLayer(row.name, row.id)
    elif row.kind == "adjustment":
        layer = AdjustmentLayer(row.name, _read_adjustment(row), row.id)
    else:
        layer = PaintLayer(row.name, TiledSurface(tiles.of_layer(row.id)), row.id)
        layer.offset = Point(row.offset_x, row.offset_y)
        layer.alpha_locked = bool(row.alpha_locked)
    layer.visible, layer.locked, layer.clipped = bool(row.visible), bool(row.locked), bool(row.clipped)
    layer.opacity = min(max(float(row.opacity), 0.0), 1.0)
    known = row.blend_mode in {str(mode) for mode in BlendMode}
    layer.blend_mode = BlendMode(row.blend_mode) if known else BlendMode.NORMAL
    return layer


def _read_adjustment(row: LayerRow) -> Any:
    """The adjustment of a layer; one of a later version changes nothing here."""
    try:
        return from_dict(json.loads(row.extra).get("adjustment", {}))
    except CanvasError:
        return Levels()


def _read_mask(row: LayerRow, owner: Layer, tiles: StoredTiles) -> None:
    hides_outside = bool(json.loads(row.extra).get("hides_outside", False))
    mask = LayerMask(owner, hides_outside, TiledSurface(tiles.of_layer(row.id)), row.id)
    mask.offset = Point(row.offset_x, row.offset_y)
    mask.enabled, mask.alpha_locked = bool(row.visible), bool(row.alpha_locked)
    owner.mask = mask


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
