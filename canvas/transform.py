"""Transformations of layers: a 3x3 matrix in canvas coordinates over the pixels of layers, masks and groups.

Nothing is computed before it is asked for: a `Warped` surface makes its tiles one by one, so that a window can
show those in sight while a handle is dragged and make the rest in short slices at the end.
"""

from collections.abc import Generator, Sequence

import numpy as np
from PySide6.QtGui import QImage, QPainter

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, TILE, Bounds, TileKey, tile_bounds, tiles_covering
from canvas.layers import GroupLayer, Layer, LayerMask, PaintLayer
from canvas.matrices import SMALLEST, cross, translation
from canvas.pixels import view
from canvas.resample import (
    Filter,
    Matrix,
    Pixels,
    Pyramid,
    corners,
    is_affine,
    is_exact,
    mapped,
    target_bounds,
    warp,
    warp_mask,
)
from canvas.selection import MAX_SIDE, Selection
from canvas.tile import FORMAT, is_blank, new_tile

MAX_TILES = 8192
"Tiles (256 x 256) that one transformation may make: 2 GiB."
MAX_POSITION = 1 << 22
"Canvas pixels from the origin that a transformed picture may reach."


def surfaces_of(layers: Sequence[Layer]) -> list[PaintLayer]:
    """Everything with pixels in layers: those in groups too, and every mask. A mask by itself stays alone."""
    found: list[PaintLayer] = []
    for layer in layers:
        for one in (*(layer.walk() if isinstance(layer, GroupLayer) else ()), layer):
            parts = (one, one.mask) if isinstance(one, PaintLayer) else (one.mask,)
            found.extend(part for part in parts if part is not None and part not in found)
    return found


class Lift:
    """The pixels of one surface that a transformation takes: all, or those selected with their soft coverage.

    The surface must not change while this is used.
    """

    def __init__(self, layer: PaintLayer, selection: Selection | None = None, keep: bool = False) -> None:
        """`selection` in canvas pixels, empty or None takes all; with `keep` the original stays where it is."""
        self.layer = layer
        self.keep = keep
        offset = layer.offset
        chosen = selection is not None and not selection.is_empty
        self.selection = selection.translated(-offset.x, -offset.y) if selection is not None and chosen else None
        self.bounds = layer.surface.content_bounds()
        if self.selection is not None:
            self.bounds = self.bounds.intersected(self.selection.bounds)
        self.pyramid = Pyramid(self.pixels)

    @property
    def canvas_bounds(self) -> Bounds:
        """Canvas pixels around what is taken."""
        return NOTHING if self.bounds.is_empty else self.bounds.translated(*self.layer.offset)

    def tile_keys(self) -> list[TileKey]:
        """The tiles with something to take."""
        surface = self.layer.surface
        if len(surface) < (self.bounds.width // TILE + 2) * (self.bounds.height // TILE + 2):
            return [key for key in sorted(surface.keys()) if not tile_bounds(key).intersected(self.bounds).is_empty]
        return [key for key in tiles_covering(self.bounds) if key in surface]

    def pixels(self, key: TileKey) -> Pixels | None:
        """(256, 256, 4) of what is taken from one tile; None where that is nothing."""
        place = tile_bounds(key)
        if place.intersected(self.bounds).is_empty:
            return None
        tile = self.layer.surface.tile(key)
        if tile is None:
            return None
        if self.selection is None:
            return view(tile)
        return _covered(view(tile), self.selection.coverage(place))

    def rest(self, key: TileKey) -> QImage | None:
        """What stays of a tile: an image of its own, or None for nothing."""
        tile = self.layer.surface.tile(key)
        if tile is None or self.keep:
            return None if tile is None else QImage(tile)
        if self.selection is None:
            return None
        place = tile_bounds(key)
        if place.intersected(self.selection.bounds).is_empty:
            return QImage(tile)
        return image_of(_covered(view(tile), 255 - self.selection.coverage(place)))


class Warped:
    """One surface as it is with what was lifted from it transformed. Satisfies `canvas.live.Live`."""

    def __init__(self, lift: Lift, matrix: Matrix, how: Filter = Filter.BICUBIC, step: int = 1) -> None:
        """`matrix` in canvas coordinates, checked with `check`; `step` above 1 is a coarse, quick look."""
        self.lift = lift
        self.how = how
        self.step = step
        self._tiles: dict[TileKey, QImage] = {}
        self.matrix = matrix

    @property
    def layer(self) -> PaintLayer:
        """Whose pixels."""
        return self.lift.layer

    @property
    def mode(self) -> QPainter.CompositionMode:
        """Its tiles stand in the place of the layer's."""
        return QPainter.CompositionMode.CompositionMode_Source

    @property
    def matrix(self) -> Matrix:
        """The transformation, in canvas coordinates."""
        return self._matrix

    @matrix.setter
    def matrix(self, matrix: Matrix) -> None:
        self._matrix = matrix
        x, y = self.layer.offset
        self._local = translation(-x, -y) @ matrix @ translation(x, y)
        self._target = target_bounds(self.lift.bounds, self._local)
        self._tiles.clear()

    @property
    def target(self) -> Bounds:
        """Canvas pixels around where the lifted pixels land."""
        return NOTHING if self._target.is_empty else self._target.translated(*self.layer.offset)

    @property
    def bounds(self) -> Bounds:
        """Canvas pixels that may look different."""
        return self.target.united(self.lift.canvas_bounds)

    def keys(self) -> list[TileKey]:
        """The layer's tiles that differ: those that lose pixels and those that get some."""
        found: dict[TileKey, None] = dict.fromkeys([] if self.lift.keep else self.lift.tile_keys())
        for key in self.lift.tile_keys():
            part = tile_bounds(key).intersected(self.lift.bounds)
            found.update(dict.fromkeys(tiles_covering(target_bounds(part, self._local).intersected(self._target))))
        return list(found)

    def tile(self, key: TileKey) -> QImage | None:
        """One tile as it is now, transparent where nothing is; None where the layer stays as it is."""
        known = self._tiles.get(key)
        if known is None:
            place = tile_bounds(key)
            lands = not place.intersected(self._target).is_empty
            leaves = not self.lift.keep and not place.intersected(self.lift.bounds).is_empty
            if not lands and not leaves:
                return None
            known = self._tiles[key] = self._made(key, lands) or new_tile()
        return known

    def sharpen(self, key: TileKey, how: Filter) -> bool:
        """Replace a coarse tile by a finished one; False if it was never asked for."""
        if key not in self._tiles:
            return False
        finished = Warped(self.lift, self._matrix, how)
        self._tiles[key] = finished.final(key) or new_tile()
        return True

    def final(self, key: TileKey) -> QImage | None:
        """One tile for the document: None where it is empty."""
        made = self._made(key, lands=True)
        return None if made is None or is_blank(made) else made

    def _made(self, key: TileKey, lands: bool) -> QImage | None:
        rest = self.lift.rest(key)
        found = None
        if lands:
            area = tile_bounds(key)
            found = warp(self.lift.pyramid, self.lift.bounds, self._local, area, self.how, self.step)
        if found is None:
            return rest
        floating = image_of(found)
        if rest is None:
            return floating
        with QPainter(rest) as painter:
            painter.drawImage(0, 0, floating)
        return rest


class Transformation:
    """A matrix over several surfaces as one, with the selection that goes along; one undo step in the end."""

    def __init__(self, document: Document, layers: Sequence[Layer], keep: bool = False) -> None:
        """Layers, groups or a mask. With a selection and one paint layer (or mask): only what is selected.

        CanvasError when something is locked, or there is nothing to transform.
        """
        self.document = document
        surfaces = surfaces_of(layers)
        protected = [layer for layer in (*layers, *surfaces) if layer.protected]
        if protected:
            name = (protected[0].owner if isinstance(protected[0], LayerMask) else protected[0]).name
            raise CanvasError(f"The layer '{name}' is locked. Unlock it in the layers panel to change it.")
        self.selection = document.selection
        if not self.selection.is_empty and len(layers) == 1 and isinstance(layers[0], PaintLayer):
            surfaces = [layers[0]]
        else:
            self.selection = Selection.none()
        self.layers = tuple(layers)
        self.lifts = [Lift(surface, self.selection, keep) for surface in surfaces]
        self.lifts = [lift for lift in self.lifts if not lift.bounds.is_empty]
        self.bounds = NOTHING
        for lift in self.lifts:
            if not isinstance(lift.layer, LayerMask) or len(surfaces) == 1:
                self.bounds = self.bounds.united(lift.canvas_bounds)
        if self.bounds.is_empty:
            where = "in the selection" if not self.selection.is_empty else "on this layer"
            raise CanvasError(f"There is nothing {where} to transform.")

    def check(self, matrix: Matrix) -> None:
        """CanvasError when the result would be too large, too far away, too flat or turned inside out."""
        for lift in self.lifts:
            check(matrix, lift.canvas_bounds)

    def warped(self, matrix: Matrix, how: Filter, step: int = 1) -> list[Warped]:
        """Every surface under the matrix."""
        self.check(matrix)
        return [Warped(lift, matrix, how, step) for lift in self.lifts]

    def changes_nothing(self, matrix: Matrix) -> bool:
        """Whether everything stays where it is."""
        return bool(np.abs(matrix - np.eye(3)).max() < 1e-9)

    def work(self, matrix: Matrix, how: Filter, name: str) -> Generator[float]:
        """Does it, tile by tile, giving the share that is done (0..1); the document changes in the last step.

        Leave it unfinished and nothing has happened. CanvasError as for `check`.
        """
        if self.changes_nothing(matrix) and not any(lift.keep for lift in self.lifts):
            return
        if self._only_moves(matrix):
            with self.document.transaction(name):
                self.document.shift_layers(self.layers, round(matrix[0, 2]), round(matrix[1, 2]))
            return
        jobs = [(warped, warped.keys()) for warped in self.warped(matrix, how)]
        total = sum(len(keys) for _, keys in jobs)
        if total > MAX_TILES:
            raise CanvasError(
                f"The result would have {total * TILE * TILE / 1e6:.0f} million pixels; at most "
                f"{MAX_TILES * TILE * TILE / 1e6:.0f} million are possible. Make it smaller or select a part."
            )
        made: list[tuple[PaintLayer, dict[TileKey, QImage | None]]] = []
        done = 0
        for warped, keys in jobs:
            tiles: dict[TileKey, QImage | None] = {}
            for key in keys:
                tile = warped.final(key)
                if tile != warped.layer.surface.tile(key):
                    tiles[key] = tile
                done += 1
                yield done / (total + 1)
            made.append((warped.layer, tiles))
        selection = self.document.selection
        if not self.selection.is_empty:
            moving = moved_selection(self.selection, matrix, how)
            selection = yield from _telling(moving, done / (total + 1))
        with self.document.transaction(name):
            for layer, tiles in made:
                self.document.set_tiles(layer, tiles)
            self.document.set_selection(selection)

    def _only_moves(self, matrix: Matrix) -> bool:
        return _is_move(matrix) and self.selection.is_empty and not any(lift.keep for lift in self.lifts)


def transform(document: Document, layers: Sequence[Layer], matrix: Matrix, how: Filter, name: str) -> None:
    """Transform layers at once: one undo step. CanvasError with a sentence when it cannot be done."""
    for _ in Transformation(document, layers).work(matrix, how, name):
        pass


def transformed_selection(selection: Selection, matrix: Matrix, how: Filter) -> Selection:
    """A selection under a matrix; CanvasError when it would be too large."""
    steps = moved_selection(selection, matrix, how)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def moved_selection(selection: Selection, matrix: Matrix, how: Filter) -> Generator[None, None, Selection]:
    """The same in small steps."""
    check(matrix, selection.bounds)
    target = target_bounds(selection.bounds, matrix)
    if max(target.width, target.height) > MAX_SIDE:
        raise CanvasError(
            f"The selection would become {target.width} x {target.height} pixels; at most {MAX_SIDE} are possible."
        )
    if _is_move(matrix):
        return selection.translated(round(matrix[0, 2]), round(matrix[1, 2]))
    bounds, mask = yield from warp_mask(selection.mask, selection.bounds, matrix, how)
    return Selection.from_mask(bounds, mask)


def _telling(steps: Generator[None, None, Selection], share: float) -> Generator[float, None, Selection]:
    """Steps without a measure of their own, each told as the same share."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        yield share


def _is_move(matrix: Matrix) -> bool:
    return is_exact(matrix) and bool((np.rint(matrix[:2, :2]) == np.eye(2)).all())


def check(matrix: Matrix, bounds: Bounds) -> None:
    """CanvasError when content of these bounds would become too large, too far away, too flat or turned over."""
    if not np.isfinite(matrix).all() or matrix.shape != (3, 3):
        raise CanvasError("The transformation has numbers that are not finite. Reset it and try again.")
    if bounds.is_empty:
        return
    try:
        shape = mapped(matrix, corners(bounds.expanded(2)))
    except ValueError:
        raise CanvasError("A corner is too far back: the picture would reach beyond the horizon.") from None
    if max(max(abs(x), abs(y)) for x, y in shape) > MAX_POSITION:
        raise CanvasError(f"The result would lie more than {MAX_POSITION} pixels from the origin. Make it smaller.")
    area = abs(sum(cross(shape[i - 1], shape[i]) for i in range(4))) / 2
    if area < SMALLEST or (is_affine(matrix) and abs(float(np.linalg.det(matrix[:2, :2]))) < 1e-9):
        raise CanvasError("The result would be smaller than a pixel. Make it larger.")
    if area > MAX_TILES * TILE * TILE:
        raise CanvasError(
            f"The result would have {area / 1e6:.0f} million pixels; at most "
            f"{MAX_TILES * TILE * TILE / 1e6:.0f} million are possible. Make it smaller or select a part."
        )


def image_of(pixels: Pixels) -> QImage:
    """A premultiplied image of its own memory from (h, w, 4) premultiplied bytes."""
    packed = np.ascontiguousarray(pixels)
    height, width = packed.shape[:2]
    image = QImage(width, height, FORMAT)
    np.frombuffer(image.bits(), np.uint8).reshape(height, width * 4)[:] = packed.reshape(height, width * 4)
    return image


def _covered(found: Pixels, coverage: Pixels) -> Pixels:
    if coverage.all() and int(coverage.min()) == 255:
        return found
    share = coverage.astype(np.uint16)[..., None]
    return ((found * share + 127) // 255).astype(np.uint8)
