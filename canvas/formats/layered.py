"""What all files with layers have in common: a picture of layers, apart from any document and any file.

Its layers are those of the canvas (`PaintLayer`, `GroupLayer`, `AdjustmentLayer`, each with its mask), so nothing has
to be translated twice. Their tiles are never painted on, so a picture may be read, and filled, on any thread; only what
draws (`Flattening`, `canvas.merging.Merge`) belongs to the window's.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.copying import frozen
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, TILE, Bounds, Point, TileKey, tile_bounds, tiles_covering
from canvas.layers import GroupLayer, Layer, LayerMask, PaintLayer
from canvas.pixels import alpha_image, view
from canvas.render import OpKind, RenderOp, ops_of, paint, plan
from canvas.surface import TiledSurface
from canvas.tile import FORMAT, is_blank, new_tile

Progress = Callable[[float], None]
"Takes 0..1; what it raises (such as `Stopped`) ends the work."
Rgba = NDArray[np.uint8]
"(h, w, 4), straight alpha."
BAND = TILE
"Rows that are cut into tiles, or put together from them, at a time."


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """Somebody stopped the work; nothing of it remains."""


class StopSign:
    """A `Progress` that passes on how far the work is; once told to stop, it ends the work with `Stopped`."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress, self._set = progress, threading.Event()

    def stop(self) -> None:
        """From any thread."""
        self._set.set()

    def __call__(self, part: float) -> None:
        """How far the work is. Raises Stopped."""
        if self._set.is_set():
            raise Stopped
        if self._progress is not None:
            self._progress(part)


@dataclass(eq=False)
class LayeredPicture:
    """A picture of layers with its top left corner at (0, 0)."""

    width: int
    "Pixels."
    height: int
    layers: list[Layer] = field(default_factory=list[Layer])
    """The lowest first; in no document. `PaintLayer.offset` is where its surface's (0, 0) lies in the picture.
    Layers may reach beyond the picture."""
    merged: TiledSurface | None = None
    "How all layers look together, in picture pixels."
    notes: list[str] = field(default_factory=list[str])
    "What could not be kept as it was, one sentence each."
    dpi: float = 0.0
    "Pixels per inch, 0 when nobody said."

    @property
    def note(self) -> str:
        """All notes as one text, each only once."""
        return " ".join(dict.fromkeys(self.notes))

    @property
    def bounds(self) -> Bounds:
        """The picture's own pixels."""
        return Bounds(0, 0, self.width, self.height)

    def walk(self) -> Iterator[Layer]:
        """Every layer, bottom to top, a group after what it holds."""
        for layer in self.layers:
            if isinstance(layer, GroupLayer):
                yield from layer.walk()
            yield layer


def from_document(document: Document, area: Bounds | None = None) -> LayeredPicture:
    """The layers of a document as they are at this moment, without `merged`. The window's thread; about 1 us a tile.

    Without an area the picture is as large as content and frame together, known once `settle` has been called.
    """
    layers = [frozen(layer) for layer in document.tree.root.children]
    picture = LayeredPicture(0, 0, layers)
    frame = area or document.frame
    picture.width, picture.height = frame.width, frame.height
    shift(layers, -frame.x, -frame.y)
    return picture


def settle(picture: LayeredPicture) -> None:
    """Make a picture as large as itself and all that is painted together. Any thread."""
    whole = picture.bounds
    for layer in picture.layers:
        whole = whole.united(layer.content_bounds())
    shift(picture.layers, -whole.x, -whole.y)
    picture.width, picture.height = whole.width, whole.height


def to_document(picture: LayeredPicture) -> Document:
    """A document that takes the picture's layers over, the frame around the picture. Nothing to undo. Any thread."""
    document = Document(picture.bounds)
    root = document.tree.root
    for layer in picture.layers:
        put_in(layer, root)
    painted = list(document.tree.paint_layers())
    if not painted:
        painted = [PaintLayer("Layer 1")]
        put_in(painted[0], root)
    ready = [layer for layer in painted if layer.shown and not layer.protected]
    document.active = (ready or painted)[-1]
    return document


def put_in(layer: Layer, group: GroupLayer) -> None:
    """Put a layer on top of a group that nobody watches."""
    group.children.append(layer)
    layer.parent = group


def shift(layers: Sequence[Layer], dx: int, dy: int) -> None:
    """Move layers that nobody watches, with their masks and all that is inside."""
    for layer in layers:
        if layer.mask is not None:
            layer.mask.offset = Point(layer.mask.offset.x + dx, layer.mask.offset.y + dy)
        if isinstance(layer, PaintLayer):
            layer.offset = Point(layer.offset.x + dx, layer.offset.y + dy)
        elif isinstance(layer, GroupLayer):
            shift(layer.children, dx, dy)


# Pixels into tiles, and out of them; any thread


def put_pixels(
    surface: TiledSurface, rgba: Rgba, x: int, y: int, form: QImage.Format = QImage.Format.Format_RGBA8888
) -> None:
    """Cut straight colours, in Qt's byte order `form`, into tiles of an empty surface, the top left pixel at (x, y)."""
    height, width = rgba.shape[:2]
    top = y
    while top < y + height:
        bottom = min((top // BAND + 1) * BAND, y + height)
        band = np.ascontiguousarray(rgba[top - y : bottom - y])
        if band[..., 3].any():
            straight_band = QImage(band.data, width, bottom - top, width * 4, form)
            _put_band(surface, straight_band.convertToFormat(FORMAT), x, top, width)
        top = bottom


def put_coverage(mask: LayerMask, coverage: NDArray[np.uint8], x: int, y: int) -> None:
    """Fill an empty mask: (h, w), 255 is seen, top left at picture pixel (x, y); around it `hides_outside` decides."""
    mask.offset = Point(0, 0)
    painted = coverage if mask.hides_outside else 255 - coverage
    height, width = painted.shape
    top = y
    while top < y + height:
        bottom = min((top // BAND + 1) * BAND, y + height)
        band = painted[top - y : bottom - y]
        if band.any():
            _put_band(mask.surface, alpha_image(band), x, top, width)
        top = bottom


def _put_band(surface: TiledSurface, band: QImage, x: int, top: int, width: int) -> None:
    """Premultiplied rows that lie within one row of tiles."""
    ty = top // TILE
    for tx in range(x // TILE, (x + width - 1) // TILE + 1):
        left = max(tx * TILE - x, 0)
        right = min((tx + 1) * TILE - x, width)
        tile = new_tile()
        flat = np.frombuffer(tile.bits(), np.uint32).reshape(TILE, TILE)
        source = np.frombuffer(band.constBits(), np.uint32).reshape(band.height(), band.width())
        row, column = top - ty * TILE, x + left - tx * TILE
        flat[row : row + band.height(), column : column + right - left] = source[:, left:right]
        if not is_blank(tile):
            surface.set_tile((tx, ty), tile)


def rgba_of(layer: PaintLayer, bounds: Bounds) -> Rgba:
    """Straight RGBA of a layer inside picture pixels, transparent where it is empty; without mask and opacity."""
    return straight(_premultiplied(layer, bounds))


def coverage_of(mask: LayerMask, bounds: Bounds) -> NDArray[np.uint8]:
    """(h, w) of a mask inside picture pixels: 255 is seen."""
    image = _premultiplied(mask, bounds)  # kept, because the view does not
    painted = view(image)[..., 3]
    return painted.copy() if mask.hides_outside else 255 - painted


def straight(image: QImage) -> Rgba:
    """(h, w, 4) straight RGBA of a premultiplied image, a copy."""
    converted = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return view(converted).copy()


def _premultiplied(layer: PaintLayer, bounds: Bounds) -> QImage:
    image = QImage(max(bounds.width, 1), max(bounds.height, 1), FORMAT)
    image.fill(0)
    target = np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.width())
    local = bounds.translated(-layer.offset.x, -layer.offset.y)
    for key in tiles_covering(local):
        tile = layer.surface.tile(key)
        if tile is None:
            continue
        part = local.intersected(tile_bounds(key))
        x, y = part.x - key[0] * TILE, part.y - key[1] * TILE
        source = np.frombuffer(tile.constBits(), np.uint32).reshape(TILE, TILE)
        top, left = part.y - local.y, part.x - local.x
        target[top : top + part.height, left : left + part.width] = source[y : y + part.height, x : x + part.width]
    return image


# Looking at all layers together; the window's thread


class Flattening:
    """Draws what layers look like together into a surface, in slices."""

    def __init__(self, layers: Sequence[Layer], area: Bounds) -> None:
        """`area`: picture pixels; nothing outside of it is drawn."""
        self.surface = TiledSurface()
        "What is drawn so far, in picture pixels."
        self._area = area
        self.use(ops_of(layers))

    def use(self, ops: Sequence[RenderOp]) -> None:
        """Begin anew with another list of operations."""
        self._ops = tuple(ops)
        self._waiting: list[TileKey] = sorted(tiles_covering(self._area), reverse=True) if ops else []
        self._total = max(1, len(self._waiting))

    def finished(self, key: TileKey, image: QImage) -> QImage:  # noqa: ARG002 - for those that do more
        """What becomes of a tile that was drawn."""
        return image

    @property
    def progress(self) -> float:
        """How much is drawn, 0 to 1."""
        return 1.0 - len(self._waiting) / self._total

    def advance(self, seconds: float = 1e9) -> bool:
        """Draw for about so long, one tile at least; whether all is drawn."""
        until = time.perf_counter() + seconds
        while self._waiting:
            self._draw(self._waiting.pop())
            if time.perf_counter() >= until:
                break
        return not self._waiting

    def _draw(self, key: TileKey) -> None:
        area = tile_bounds(key).intersected(self._area)
        draws = plan(self._ops, area)
        if not any(draw.kind is OpKind.LAYER for draw in draws):
            return
        image = QImage(area.width, area.height, FORMAT)
        image.fill(0)
        paint(image, draws)
        if (area.width, area.height) != (TILE, TILE):
            image = image.copy(key[0] * TILE - area.x, key[1] * TILE - area.y, TILE, TILE)
        image = self.finished(key, image)
        if not is_blank(image):
            self.surface.set_tile(key, image)


def painted_extent(layers: Sequence[Layer]) -> Bounds:
    """Picture pixels that the tiles of these layers may cover."""
    found = NOTHING
    for layer in layers:
        found = found.united(layer.tile_extent())
    return found


def check_side(width: int, height: int, most: int, kind: str) -> None:
    """Raises CanvasError when a picture is larger than a kind of file, or this program, can take."""
    if max(width, height) > most:
        raise CanvasError(
            f"The painting is {width} x {height} pixels; {kind} files can have {most} a side here. "
            "Export the frame instead."
        )
