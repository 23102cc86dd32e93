"""Layers and masks from their rows, in the tree or outside it; their pixels stay where they are."""

import json
from collections.abc import Mapping
from typing import Any

from canvas.adjustments import Levels, from_dict
from canvas.errors import CanvasError
from canvas.geometry import Point, TileKey
from canvas.layer_control import LayerControl, control_from_json
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, LayerMask, PaintLayer
from canvas.project.batch import LayerRow
from canvas.surface import TiledSurface, TileRef


def read_layer(row: LayerRow, tiles: Mapping[TileKey, TileRef]) -> Layer:
    """A layer or an empty group, in no tree yet; `tiles` matter only for layers with pixels."""
    if row.kind == "group":
        layer: Layer = GroupLayer(row.name, row.id)
    elif row.kind == "adjustment":
        layer = AdjustmentLayer(row.name, _adjustment(row), row.id)
    else:
        layer = PaintLayer(row.name, TiledSurface(tiles), row.id)
        layer.offset = Point(row.offset_x, row.offset_y)
        layer.alpha_locked = bool(row.alpha_locked)
    layer.control = _control(row)
    layer.visible, layer.locked, layer.clipped = bool(row.visible), bool(row.locked), bool(row.clipped)
    layer.opacity = min(max(float(row.opacity), 0.0), 1.0)
    known = row.blend_mode in {str(mode) for mode in BlendMode}
    layer.blend_mode = BlendMode(row.blend_mode) if known else BlendMode.NORMAL
    return layer


def read_mask(row: LayerRow, owner: Layer, tiles: Mapping[TileKey, TileRef]) -> LayerMask:
    """A mask of a layer, which does not have it yet."""
    hides_outside = bool(json.loads(row.extra).get("hides_outside", False))
    mask = LayerMask(owner, hides_outside, TiledSurface(tiles), row.id)
    mask.offset = Point(row.offset_x, row.offset_y)
    mask.enabled, mask.alpha_locked = bool(row.visible), bool(row.alpha_locked)
    return mask


def is_inside(group: GroupLayer, layer: Layer) -> bool:
    """Whether a group lies in the layer or is it: a damaged file could tie a loop."""
    above: Layer | None = group
    while above is not None:
        if above is layer:
            return True
        above = above.parent
    return False


def _control(row: LayerRow) -> LayerControl | None:
    """What makes it a control layer; one that a later version wrote, and this one cannot read, is none."""
    if row.kind not in ("paint", "group"):
        return None
    try:
        return control_from_json(json.loads(row.extra).get("control"))
    except CanvasError:
        return None


def _adjustment(row: LayerRow) -> Any:
    """The adjustment of a layer; one of a later version changes nothing here."""
    try:
        return from_dict(json.loads(row.extra).get("adjustment", {}))
    except CanvasError:
        return Levels()
