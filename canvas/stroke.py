"""One stroke: dabs gathered in float transmittance tiles, shown live, committed once as one undo step.

What a stroke lets through is a product (build-up) or a minimum (wash) over its dabs, kept as float32:
with 8 bits, many faint dabs would end at the wrong colour.
"""

import math
from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from canvas.brush import BrushSettings, DabCache, FloatMask, dab_side, phases_of, size_bucket
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, TILE, Bounds, TileKey, tile_bounds
from canvas.layers import GroupLayer, Layer, PaintLayer
from canvas.selection import Selection
from canvas.stroke_path import Dab, StrokePath
from canvas.surface import KEEPS_EMPTY
from canvas.tile import is_blank, new_tile, words

Mode = QPainter.CompositionMode
STRENGTHS = 128


def why_not_paintable(layer: Layer | None) -> str:
    """Empty if a tool may paint on the layer, else a key: none, group, hidden, locked."""
    if layer is None:
        return "none"
    if isinstance(layer, GroupLayer):
        return "group"
    if not layer.shown:
        return "hidden"
    return "locked" if layer.protected else ""


class Stroke:
    """One gesture with a brush on one layer."""

    def __init__(
        self,
        layer: PaintLayer,
        settings: BrushSettings,
        color: tuple[int, int, int],
        selection: Selection,
        dabs: DabCache | None = None,
    ) -> None:
        """`color` is RGB, 0..255; an empty selection restricts nothing; a shared cache saves work."""
        self.layer = layer
        self.settings = settings
        self._offset = layer.offset
        self._selection = selection.translated(-layer.offset.x, -layer.offset.y)
        self._dabs = DabCache() if dabs is None else dabs
        self._path = StrokePath(settings)
        self._lut = _color_table(color, settings.opacity)
        self._clear: dict[TileKey, FloatMask] = {}
        self._images: dict[TileKey, QImage] = {}
        self._coverage: dict[TileKey, FloatMask | None] = {}
        self._bounds = NOTHING
        self._ended = False

    @property
    def mode(self) -> Mode:
        """How the stroke's tiles meet the layer's."""
        if self.layer.alpha_locked:
            erasing = self.settings.eraser
            return Mode.CompositionMode_Destination if erasing else Mode.CompositionMode_SourceAtop
        return Mode.CompositionMode_DestinationOut if self.settings.eraser else Mode.CompositionMode_SourceOver

    @property
    def opacity(self) -> float:
        """What to draw the stroke's tiles with: always 1, the brush's opacity is in their pixels already."""
        return 1.0

    @property
    def bounds(self) -> Bounds:
        """Canvas pixels that the stroke reached so far."""
        return NOTHING if self._bounds.is_empty else self._bounds.translated(*self._offset)

    def tile(self, key: TileKey) -> QImage | None:
        """The stroke's own colour tile under a layer-local key. Do not paint on it."""
        return self._images.get(key)

    def keys(self) -> Iterable[TileKey]:
        """The layer-local keys of all tiles that the stroke reached."""
        return self._images.keys()

    def add(self, x: float, y: float, pressure: float = 1.0, seconds: float = 0.0) -> Bounds:
        """Take one pen event at a canvas position; returns the canvas pixels that look different now."""
        self._refuse_ended()
        return self.stamp(self._path.add(x - self._offset.x, y - self._offset.y, pressure, seconds))

    def stamp(self, dabs: list[Dab]) -> Bounds:
        """Put dabs at layer positions; returns the canvas pixels that look different now."""
        if not dabs:
            return NOTHING
        reached, touched = self.lay(dabs)
        changed = NOTHING
        for key in touched:
            part = reached.intersected(tile_bounds(key))
            self._recolour(key, part.translated(-key[0] * TILE, -key[1] * TILE))
            changed = changed.united(part)
        self._bounds = self._bounds.united(changed)
        return NOTHING if changed.is_empty else changed.translated(*self._offset)

    def finish(self, document: Document) -> None:
        """Commit the stroke to its layer as one step."""
        self._refuse_ended()
        self.stamp(self._path.finish())
        self._ended = True
        surface = self.layer.surface
        painted: dict[TileKey, QImage | None] = {}
        for key, own in self._images.items():
            old = surface.tile(key)
            if old is None and self.mode in KEEPS_EMPTY:
                continue
            fresh = composed(old, own, self.mode)
            if fresh != old and not (old is None and is_blank(own)):
                painted[key] = None if is_blank(fresh) else fresh
        with document.transaction("Erase" if self.settings.eraser else "Brush stroke"):
            document.set_tiles(self.layer, painted, self._bounds)

    def abort(self) -> Bounds:
        """Forget the stroke; returns the canvas pixels that showed it."""
        reached, self._ended, self._bounds = self.bounds, True, NOTHING
        self._clear.clear()
        self._images.clear()
        return reached

    def _refuse_ended(self) -> None:
        if self._ended:
            raise CanvasError("This stroke has ended; begin a new one.")

    def lay(self, dabs: list[Dab]) -> tuple[Bounds, set[TileKey]]:
        """Lay dabs into the transmittance tiles only; returns the layer pixels and tiles they reach."""
        touched: set[TileKey] = set()
        settings = self.settings
        look = _Look(settings.size, settings.hardness, settings.flow)
        varies = settings.pressure_size or settings.pressure_opacity or settings.pressure_flow
        left = top = 1 << 60
        right = bottom = -left
        for x, y, pressure in dabs:
            if varies:
                look = _look_at(settings, pressure, look)
            x += look.shift
            y += look.shift
            dab_x, dab_y = math.floor(x), math.floor(y)
            phase_x, phase_y = int((x - dab_x) * look.phases), int((y - dab_y) * look.phases)
            dab = self._dabs.dab(look.size, look.hardness, look.strength, phase_x, phase_y)
            self._lay(dab, dab_x, dab_y, touched)
            left, top = min(left, dab_x), min(top, dab_y)
            right, bottom = max(right, dab_x + look.side), max(bottom, dab_y + look.side)
        return Bounds(left, top, right - left, bottom - top), touched

    def _lay(self, dab: FloatMask, left: int, top: int, touched: set[TileKey]) -> None:
        merge = cv2.multiply if self.settings.build_up else cv2.min
        right, bottom = left + len(dab), top + len(dab)
        for ty in range(top >> 8, (bottom + 255) >> 8):
            for tx in range(left >> 8, (right + 255) >> 8):
                key = (tx, ty)
                clear = self._clear.get(key)
                if clear is None:
                    clear = self._new_tile(key)
                    if clear is None:
                        continue
                touched.add(key)
                x, y = tx << 8, ty << 8
                if x <= left and y <= top and right <= x + TILE and bottom <= y + TILE:
                    part = clear[top - y : bottom - y, left - x : right - x]
                    merge(part, dab, part)
                    return
                x0, y0, x1, y1 = max(left, x), max(top, y), min(right, x + TILE), min(bottom, y + TILE)
                part = clear[y0 - y : y1 - y, x0 - x : x1 - x]
                merge(part, dab[y0 - top : y1 - top, x0 - left : x1 - left], part)

    def _new_tile(self, key: TileKey) -> FloatMask | None:
        """Fresh tiles for a key, or None where the selection lets nothing through."""
        if not self._selection.is_empty:
            if key not in self._coverage:
                covered = self._selection.coverage(tile_bounds(key)).astype(np.float32)
                covered *= 1 / 255
                self._coverage[key] = covered if covered.any() else None
            if self._coverage[key] is None:
                return None
        clear = self._clear[key] = np.ones((TILE, TILE), np.float32)
        self._images[key] = new_tile()
        return clear

    def _recolour(self, key: TileKey, part: Bounds) -> None:
        rows, columns = slice(part.y, part.bottom), slice(part.x, part.right)
        covered = np.subtract(1.0, self._clear[key][rows, columns])
        allowed = self._coverage.get(key)
        if allowed is not None:
            covered *= allowed[rows, columns]
        covered *= 255
        covered += 0.5
        words(self._images[key])[rows, columns] = self._lut[covered.astype(np.uint8)]


def composed(tile: QImage | None, stroke_tile: QImage, mode: Mode) -> QImage:
    """A new tile: the layer's with the stroke's on it."""
    fresh = new_tile() if tile is None else QImage(tile)
    with QPainter(fresh) as painter:
        painter.setCompositionMode(mode)
        painter.drawImage(0, 0, stroke_tile)
    return fresh


class _Look:
    """What the dabs of one size and strength have in common."""

    __slots__ = ("hardness", "phases", "shift", "side", "size", "strength")

    def __init__(self, size: float, hardness: float, strength: float) -> None:
        self.size = size
        self.hardness = hardness
        self.strength = strength
        self.side = dab_side(size, hardness)
        self.shift = 0.5 - self.side / 2
        self.phases = phases_of(size)


def _look_at(settings: BrushSettings, pressure: float, last: _Look) -> _Look:
    """The look at a pressure, in steps small enough not to be seen; the last one if it is the same."""
    size = settings.size_at(pressure)
    size = size if size == settings.size else size_bucket(size)
    strength = round(settings.strength_at(pressure) * STRENGTHS) / STRENGTHS
    if not (settings.pressure_opacity or settings.pressure_flow):
        strength = settings.flow
    same = size == last.size and strength == last.strength
    return last if same else _Look(size, settings.hardness, strength)


def _color_table(color: tuple[int, int, int], opacity: float) -> NDArray[np.uint32]:
    """256 premultiplied 0xAARRGGBB words, by coverage."""
    alpha = np.rint(np.arange(256) * opacity)
    red, green, blue = (np.rint(alpha * part / 255).astype(np.uint32) for part in color)
    table: NDArray[np.uint32] = alpha.astype(np.uint32) * np.uint32(1 << 24)
    table += red * np.uint32(1 << 16) + green * np.uint32(1 << 8) + blue
    return table
