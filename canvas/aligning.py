"""Where layers stand to each other and to the frame: align, distribute, crop and trim. Each is one undo step."""

from collections.abc import Generator, Sequence
from enum import StrEnum

import numpy as np
from PySide6.QtGui import QImage

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds, TileKey, tile_bounds
from canvas.layers import Layer, LayerMask, PaintLayer
from canvas.pixels import view
from canvas.selection import Selection
from canvas.tile import is_blank
from canvas.transform import image_of, surfaces_of


class Side(StrEnum):
    """Which sides or middles of layers come onto one line."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


def align(document: Document, layers: Sequence[Layer], side: Side, within: Bounds, name: str) -> None:
    """Move each layer (a group as one) so that it touches a side of a rectangle or stands in its middle."""
    _refuse_protected(layers)
    with document.transaction(name):
        for layer in layers:
            bounds = extent(layer)
            if not bounds.is_empty:
                document.shift_layers([layer], *_way(bounds, side, within))


def distribute(document: Document, layers: Sequence[Layer], horizontal: bool, name: str) -> None:
    """Give layers equal gaps (overlaps if need be) between the outermost two. CanvasError for fewer than three."""
    _refuse_protected(layers)
    found = [(extent(layer), layer) for layer in layers]
    placed = sorted(
        ((bounds, layer) for bounds, layer in found if not bounds.is_empty),
        key=lambda pair: pair[0].center.x if horizontal else pair[0].center.y,
    )
    if len(placed) < 3:
        raise CanvasError("Choose at least three layers with something on them to distribute.")
    sizes = [bounds.width if horizontal else bounds.height for bounds, _ in placed]
    first, last = placed[0][0], placed[-1][0]
    start, end = (first.x, last.right) if horizontal else (first.y, last.bottom)
    gap = (end - start - sum(sizes)) / (len(placed) - 1)
    at = float(start)
    with document.transaction(name):
        for (bounds, layer), size in zip(placed, sizes, strict=True):
            way = round(at) - (bounds.x if horizontal else bounds.y)
            document.shift_layers([layer], way if horizontal else 0, 0 if horizontal else way)
            at += size + gap


def extent(layer: Layer) -> Bounds:
    """What a layer is aligned by: its content; of a mask by itself, what is painted on it."""
    return layer.content_bounds()


def crop(document: Document, kept: Selection, frame: Bounds | None, name: str) -> Generator[float]:
    """Cut everything outside away on all layers, locked ones too, giving the share done (0..1); then the frame.

    Masks stay whole: what they hide is gone or not seen. The document changes in the last step.
    """
    jobs = [(layer, layer.surface.keys()) for layer in document.tree.paint_layers()]
    total = sum(len(keys) for _, keys in jobs)
    done = 0
    cuts: list[tuple[PaintLayer, dict[TileKey, QImage | None]]] = []
    for layer, keys in jobs:
        local = kept.translated(-layer.offset.x, -layer.offset.y)
        tiles: dict[TileKey, QImage | None] = {}
        for key in keys:
            done += 1
            old = layer.surface.tile(key) if _meets(local, key) else None
            fresh = None if old is None else _inside(old, local, key)
            if fresh is None or fresh != old:
                tiles[key] = fresh
            yield done / (total + 1)
        cuts.append((layer, tiles))
    with document.transaction(name):
        for layer, tiles in cuts:
            document.set_tiles(layer, tiles)
        if frame is not None:
            document.set_frame(frame)


def trim(document: Document) -> None:
    """Put the frame around everything painted. CanvasError where nothing is."""
    bounds = document.content_bounds()
    if bounds.is_empty:
        raise CanvasError("There is nothing painted that the frame could go around.")
    document.set_frame(bounds)


def _meets(local: Selection, key: TileKey) -> bool:
    return not tile_bounds(key).intersected(local.bounds).is_empty


def _inside(tile: QImage, local: Selection, key: TileKey) -> QImage | None:
    coverage = local.coverage(tile_bounds(key))
    if int(coverage.min()) == 255:
        return tile
    share = coverage.astype(np.uint16)[..., None]
    fresh = image_of(((view(tile) * share + 127) // 255).astype(np.uint8))
    return None if is_blank(fresh) else fresh


def _way(bounds: Bounds, side: Side, within: Bounds) -> tuple[int, int]:
    ways = {
        Side.LEFT: (within.x - bounds.x, 0),
        Side.CENTRE: (round(within.center.x - bounds.center.x), 0),
        Side.RIGHT: (within.right - bounds.right, 0),
        Side.TOP: (0, within.y - bounds.y),
        Side.MIDDLE: (0, round(within.center.y - bounds.center.y)),
        Side.BOTTOM: (0, within.bottom - bounds.bottom),
    }
    return ways[side]


def _refuse_protected(layers: Sequence[Layer]) -> None:
    for layer in (*layers, *surfaces_of(layers)):
        if layer.protected:
            name = layer.owner.name if isinstance(layer, LayerMask) else layer.name
            raise CanvasError(f"The layer '{name}' is locked. Unlock it in the layers panel to change it.")
