"""One stroke: dabs gathered in float tiles, shown live, committed once as one undo step."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from canvas.brush import BrushSettings, DabCache, FloatMask, dab_side, phases_of, size_bucket
from canvas.dab_shapes import DabShapes, Rgb, ShapedDab
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, TILE, Bounds, TileKey, tile_bounds
from canvas.layers import GroupLayer, Layer, LayerMask, PaintLayer
from canvas.selection import Selection
from canvas.stroke_blend import blend_of, composed
from canvas.stroke_path import UPRIGHT, Dab, Pose, StrokePath
from canvas.stroke_tiles import StrokeTiles
from canvas.surface import KEEPS_EMPTY
from canvas.symmetry import Symmetry, Turn
from canvas.tile import is_blank, new_tile, words

Mode = QPainter.CompositionMode
STRENGTHS = 128


def why_not_paintable(layer: Layer | None) -> str:
    """Empty if a tool may paint on the layer, else a key: none, group, adjustment, hidden, locked."""
    if layer is None:
        return "none"
    if isinstance(layer, GroupLayer):
        return "group"
    if not isinstance(layer, PaintLayer):
        return "adjustment"
    if not layer.shown:
        return "hidden"
    return "locked" if layer.protected else ""


@dataclass(frozen=True)
class StrokeSetup:
    """What a stroke may share or be told beyond brush and colour."""

    dabs: DabCache | None = None
    "A cache shared by strokes saves work."
    seed: int = 0
    "Of everything that is left to chance."
    symmetry: Symmetry | None = None
    "Copies that are painted together with the stroke."


class Stroke:
    """One gesture with a brush on one layer."""

    name = "Brush stroke"

    def __init__(
        self,
        layer: PaintLayer,
        settings: BrushSettings,
        color: tuple[int, int, int],
        selection: Selection,
        setup: StrokeSetup | None = None,
    ) -> None:
        """`color` is RGB, 0..255; an empty selection restricts nothing."""
        setup = setup or StrokeSetup()
        self.layer = layer
        self.settings = settings
        self.reached: list[Bounds] = []
        "Canvas pixels that the last change made different: one area for every copy of a symmetry."
        on_mask = isinstance(layer, LayerMask)
        self._blend = blend_of(layer, settings, color)
        color = (0, 0, 0) if on_mask else color
        self._offset = layer.offset
        self._dabs = DabCache() if setup.dabs is None else setup.dabs
        self._path = StrokePath(settings)
        rgb: Rgb = (color[0] / 255, color[1] / 255, color[2] / 255)
        self._shapes = DabShapes(settings, rgb, setup.seed, self._dabs)
        self._colored = settings.jitters and not on_mask and not settings.erases
        local = selection.translated(-layer.offset.x, -layer.offset.y)
        self._tiles = StrokeTiles(local, settings.build_up, self._colored, self._wants)
        self._turns: tuple[Turn, ...] = setup.symmetry.turns() if setup.symmetry else ()
        self._center = (0.0, 0.0)
        if setup.symmetry:
            self._center = (setup.symmetry.x - layer.offset.x, setup.symmetry.y - layer.offset.y)
        self._alpha = _alpha_table(settings.opacity, settings.wet_edge)
        self._lut = _color_table(color, self._alpha)
        self._images: dict[TileKey, QImage] = {}
        self._whole: dict[TileKey, QImage] = {}
        self._bounds = NOTHING
        self._ended = False

    @property
    def mode(self) -> Mode:
        """How the stroke's tiles meet the layer's."""
        return Mode.CompositionMode_Source if self._blend.is_whole else self._blend.mode

    @property
    def opacity(self) -> float:
        """What to draw the stroke's tiles with: always 1, the brush's opacity is in their pixels already."""
        return 1.0

    @property
    def bounds(self) -> Bounds:
        """Canvas pixels that the stroke reached so far."""
        return NOTHING if self._bounds.is_empty else self._bounds.translated(*self._offset)

    @property
    def brush_at(self) -> tuple[float, float] | None:
        """Canvas position of the brush, which a string may hold behind the pen; None before the first event."""
        at = self._path.brush_at
        return None if at is None else (at[0] + self._offset.x, at[1] + self._offset.y)

    def tile(self, key: TileKey) -> QImage | None:
        """What meets the layer's tile under a layer-local key. Do not paint on it."""
        return (self._whole if self._blend.is_whole else self._images).get(key)

    def keys(self) -> Iterable[TileKey]:
        """The layer-local keys of all tiles that the stroke reached."""
        return self._images.keys()

    def add(self, x: float, y: float, pressure: float = 1.0, seconds: float = 0.0, pose: Pose = UPRIGHT) -> Bounds:
        """Take one pen event at a canvas position; returns the canvas pixels that look different now."""
        self._refuse_ended()
        return self.stamp(self._path.add(x - self._offset.x, y - self._offset.y, pressure, seconds, pose))

    def line_to(self, x: float, y: float, pressure: float = 1.0, seconds: float = 0.0, pose: Pose = UPRIGHT) -> Bounds:
        """As `add`, but in a straight line from where the brush is."""
        self._refuse_ended()
        return self.stamp(self._path.line_to(x - self._offset.x, y - self._offset.y, pressure, seconds, pose))

    def stamp(self, dabs: list[Dab]) -> Bounds:
        """Put dabs at layer positions; returns the canvas pixels that look different now."""
        self.reached = []
        if not dabs:
            return NOTHING
        for area, touched in self._laid(dabs):
            changed = NOTHING
            for key in touched:
                part = area.intersected(tile_bounds(key))
                self._recolour(key, part.translated(-key[0] * TILE, -key[1] * TILE))
                changed = changed.united(part)
            if not changed.is_empty:
                self._bounds = self._bounds.united(changed)
                self.reached.append(changed.translated(*self._offset))
        found = NOTHING
        for area in self.reached:
            found = found.united(area)
        return found

    def finish(self, document: Document) -> None:
        """Commit the stroke to its layer as one step."""
        self._refuse_ended()
        self.stamp(self._path.finish())
        self._ended = True
        surface = self.layer.surface
        painted: dict[TileKey, QImage | None] = {}
        for key, own in self._images.items():
            old = surface.tile(key)
            fresh = composed(old, own, self._blend)
            if fresh != old and not (old is None and is_blank(fresh)):
                painted[key] = None if is_blank(fresh) else fresh
        with document.transaction("Erase" if self.settings.erases else self.name):
            document.set_tiles(self.layer, painted, self._bounds)

    def abort(self) -> Bounds:
        """Forget the stroke; returns the canvas pixels that showed it."""
        reached, self._ended, self._bounds = self.bounds, True, NOTHING
        self._tiles.forget()
        self._images.clear()
        self._whole.clear()
        return reached

    def _refuse_ended(self) -> None:
        if self._ended:
            raise CanvasError("This stroke has ended; begin a new one.")

    def _wants(self, key: TileKey) -> bool:
        """Whether anything can happen on a tile: many modes do nothing where nothing is."""
        keeps = self._blend.locked or self._blend.mode in KEEPS_EMPTY
        return self._blend.mode is not Mode.CompositionMode_Destination and not (
            keeps and key not in self.layer.surface
        )

    def _laid(self, dabs: list[Dab]) -> list[tuple[Bounds, set[TileKey]]]:
        """Lay dabs and all their copies; for every copy the layer pixels and tiles that it reaches."""
        if self.settings.is_plain:
            if not self._turns:
                return [self.lay(dabs)]
            return [self.lay([self._copied(dab, turn) for dab in dabs]) for turn in self._turns]
        shaped = [look for dab in dabs for look in self._shapes.decide(dab)]
        if not self._turns:
            return [self._lay_shaped(shaped)]
        return [self._lay_shaped([look.moved(turn, self._center) for look in shaped]) for turn in self._turns]

    def _copied(self, dab: Dab, turn: Turn) -> Dab:
        x, y = turn.place(dab.x - self._center[0], dab.y - self._center[1])
        return Dab(self._center[0] + x, self._center[1] + y, dab.pressure)

    def lay(self, dabs: list[Dab]) -> tuple[Bounds, set[TileKey]]:
        """Lay plain dabs into the float tiles only; returns the layer pixels and tiles they reach."""
        touched: set[TileKey] = set()
        settings, lay, cached = self.settings, self._tiles.lay, self._dabs.dab
        look = _Look(settings.size, settings.hardness, settings.flow)
        varies = bool(settings.dynamics)
        left = top = 1 << 60
        right = bottom = -left
        for dab in dabs:
            if varies:
                look = _look_at(settings, dab[2], look)
            x, y = dab[0] + look.shift, dab[1] + look.shift
            dab_x, dab_y = math.floor(x), math.floor(y)
            phase_x, phase_y = int((x - dab_x) * look.phases), int((y - dab_y) * look.phases)
            lay(cached(look.size, look.hardness, look.strength, phase_x, phase_y), dab_x, dab_y, touched, None)
            left, top = min(left, dab_x), min(top, dab_y)
            right, bottom = max(right, dab_x + look.side), max(bottom, dab_y + look.side)
        return Bounds(left, top, right - left, bottom - top), touched

    def _lay_shaped(self, dabs: Sequence[ShapedDab]) -> tuple[Bounds, set[TileKey]]:
        touched: set[TileKey] = set()
        reached = NOTHING
        for dab in dabs:
            stamp = self._shapes.stamp(dab, self._offset)
            color = stamp.color if self._colored else None
            self._tiles.lay(stamp.factor, stamp.left, stamp.top, touched, color)
            side = len(stamp.factor)
            reached = reached.united(Bounds(stamp.left, stamp.top, side, side))
        return reached, touched

    def _recolour(self, key: TileKey, part: Bounds) -> None:
        area = (slice(part.y, part.bottom), slice(part.x, part.right))
        own = self._images.get(key)
        if own is None:
            own = self._images[key] = new_tile()
        fresh = self._pixels(key, area)
        words(own)[area] = fresh
        if self._blend.is_whole:
            self._whole[key] = composed(self.layer.surface.tile(key), own, self._blend)

    def _pixels(self, key: TileKey, area: tuple[slice, slice]) -> NDArray[np.uint32]:
        """Premultiplied 0xAARRGGBB words of a part of a tile of the stroke."""
        covered = self._tiles.covered(key, area)
        if self._colored:
            colors = self._tiles.colors(key, area)
            return _colored_words(self._alpha[_levels(covered)], colors)
        return self._lut[_levels(covered)]


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
    strength = settings.strength_at(pressure)
    if strength != settings.flow:
        strength = round(strength * STRENGTHS) / STRENGTHS
    same = size == last.size and strength == last.strength
    return last if same else _Look(size, settings.hardness, strength)


def _levels(covered: FloatMask) -> NDArray[np.uint8]:
    """0..255 from 0..1, which is overwritten."""
    covered *= 255
    covered += 0.5
    return covered.astype(np.uint8)


def _alpha_table(opacity: float, wet_edge: float) -> NDArray[np.float64]:
    """256 alphas 0..255 by coverage. With a wet edge the middle thins out and the rim, half covered, is strongest."""
    at = np.arange(256) / 255
    rise, fall = np.clip(at / 0.35, 0, 1), np.clip((at - 0.35) / 0.5, 0, 1)
    rim = rise * rise * (3 - 2 * rise) * (1 - 0.6 * fall * fall * (3 - 2 * fall))
    return np.rint((at + (rim - at) * wet_edge) * opacity * 255)


def _color_table(color: tuple[int, int, int], alpha: NDArray[np.float64]) -> NDArray[np.uint32]:
    """256 premultiplied 0xAARRGGBB words, by coverage."""
    red, green, blue = (np.rint(alpha * part / 255).astype(np.uint32) for part in color)
    table: NDArray[np.uint32] = alpha.astype(np.uint32) * np.uint32(1 << 24)
    table += red * np.uint32(1 << 16) + green * np.uint32(1 << 8) + blue
    return table


def _colored_words(alpha: NDArray[np.float64], colors: FloatMask) -> NDArray[np.uint32]:
    """Premultiplied words from whole alphas 0..255, (h, w), and straight red, green, blue 0..1, (h, w, 3)."""
    out = np.empty((*alpha.shape, 4), np.uint8)
    out[..., 3] = alpha
    out[..., 2::-1] = colors * alpha[..., None] + 0.5
    return out.view(np.uint32)[..., 0]
