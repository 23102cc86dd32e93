"""Several layers made into one that looks the same, in slices, then put into the document as one step."""

import time
from collections.abc import Sequence

from PySide6.QtGui import QImage

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import TileKey, tile_bounds, tiles_covering
from canvas.layers import BlendMode, GroupLayer, Layer, PaintLayer
from canvas.render import OpKind, ops_of, paint, plan
from canvas.surface import TiledSurface
from canvas.tile import is_blank, new_tile


class Merge:
    """Draws layers of one document into fresh tiles. The layers must not change until it is applied."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        """`layers` bottom to top. Raises CanvasError when there is nothing to merge."""
        if not layers:
            raise CanvasError("There is nothing to merge. Choose one or more layers.")
        self._layers = tuple(layers)
        lowest = layers[0]
        # What is below the lowest layer must meet the merged one as it met that layer.
        self._blend = lowest.blend_mode if not isinstance(lowest, GroupLayer) else BlendMode.NORMAL
        ops = list(ops_of(layers, with_apart=any(layer.apart for layer in layers)))
        if self._blend is not BlendMode.NORMAL and ops:
            drawn = (i for i, op in enumerate(ops) if op.kind in (OpKind.LAYER, OpKind.CLOSE))
            first = next(drawn, None)
            if first is not None:
                ops[first] = ops[first]._replace(blend=BlendMode.NORMAL)
        self._ops = tuple(ops)
        self._waiting = _tiles_of(layers)
        self._total = max(1, len(self._waiting))
        self._surface = TiledSurface()

    @property
    def progress(self) -> float:
        """How much is drawn, 0 to 1."""
        return 1.0 - len(self._waiting) / self._total

    def advance(self, seconds: float = 1e9) -> bool:
        """Draw for about so long, one tile at least; whether all is drawn."""
        until = time.perf_counter() + seconds
        while self._waiting:
            key = self._waiting.pop()
            draws = plan(self._ops, tile_bounds(key))
            if draws:
                tile = new_tile()
                paint(tile, draws)
                if not is_blank(tile):
                    self._surface.set_tile(key, tile)
            if time.perf_counter() >= until:
                break
        return not self._waiting

    def layer(self, name: str) -> PaintLayer:
        """What was drawn so far, as a layer that is in no document."""
        made = PaintLayer(name, self._surface)
        made.blend_mode = self._blend
        return made

    def apply(self, document: Document, name: str) -> PaintLayer:
        """Draw what is left and put the new layer in the place of the topmost of the old ones: one step."""
        self.advance()
        made, top = self.layer(name), self._layers[-1]
        made.clipped = self._layers[0].clipped
        parent = top.parent
        if parent is None:
            raise CanvasError(f"The layer '{top.name}' is not part of this document any more.")
        with document.transaction("Merge layers"):
            document.add_layer(made, parent, parent.children.index(top) + 1)
            for layer in self._layers:
                document.remove_layer(layer)
        document.active = made
        return made


def merge_layers(document: Document, layers: Sequence[Layer], name: str) -> PaintLayer:
    """Replace layers (bottom to top) by one that looks the same, in the place of the topmost: one step."""
    return Merge(layers).apply(document, name)


def apply_mask(document: Document, layer: PaintLayer) -> None:
    """Take what a layer's mask hides out of its pixels, and the mask away: one step."""
    mask = layer.mask
    if mask is None:
        raise CanvasError(f"The layer '{layer.name}' has no mask.")
    keep = PaintLayer("", layer.surface)
    keep.offset, keep.mask = layer.offset, mask
    ops = ops_of([keep])
    tiles: dict[TileKey, QImage | None] = {}
    for key in sorted(layer.surface.keys()):
        area = tile_bounds(key).translated(*layer.offset)
        tile = new_tile()
        paint(tile, plan(ops, area))
        old = layer.surface.tile(key)
        if tile != old:
            tiles[key] = None if is_blank(tile) else tile
    with document.transaction("Apply mask"):
        document.set_tiles(layer, tiles)
        document.remove_mask(layer)


def _tiles_of(layers: Sequence[Layer]) -> list[TileKey]:
    """Every tile of the plane on which one of the layers may have pixels."""
    found: set[TileKey] = set()
    for layer in layers:
        inside = [*(layer.walk() if isinstance(layer, GroupLayer) else ()), layer]
        for one in inside:
            if isinstance(one, PaintLayer):
                keys = one.surface.keys()
                if one.offset == (0, 0):
                    found |= keys
                    continue
                found.update(k for key in keys for k in tiles_covering(tile_bounds(key).translated(*one.offset)))
    return sorted(found, reverse=True)
