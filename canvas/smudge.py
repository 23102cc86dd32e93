"""Smudging: the brush picks up the paint under it and drags it along, as a finger does."""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from PySide6.QtGui import QImage, QPainter

from canvas.brush import BrushSettings, DabCache, FloatMask
from canvas.dab_shapes import DabShapes, ShapedDab
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.float_tiles import FloatPixels, FloatTiles
from canvas.geometry import NOTHING, Bounds, TileKey
from canvas.layers import PaintLayer
from canvas.selection import Selection
from canvas.stroke import StrokeSetup
from canvas.stroke_path import UPRIGHT, Dab, Pose, StrokePath
from canvas.symmetry import Turn
from canvas.tile import is_blank
from canvas.tips import shaped_side

SIZE_ROOM = 1.02  # sizes are rounded to steps of 2 %
MAX_SPACING = 0.1  # of the diameter: wider steps would show


class _Load(NamedTuple):
    """What one brush carries."""

    paint: FloatPixels
    at: tuple[int, int]
    "Where its window lies relative to the largest one around the brush."


class Smudge:
    """One gesture with the smudge brush on one layer; a `Live` whose tiles stand in the layer's place.

    Paint is carried as premultiplied float colour, so that nothing darkens towards transparent places.
    """

    def __init__(
        self, layer: PaintLayer, settings: BrushSettings, selection: Selection, setup: StrokeSetup | None = None
    ) -> None:
        """Flow is how strongly paint is carried on, opacity how much of it is laid down."""
        setup = setup or StrokeSetup()
        settings = replace(
            settings,
            spacing=min(settings.spacing, MAX_SPACING),
            count=1,
            hue_jitter=0,
            saturation_jitter=0,
            value_jitter=0,
        )
        self.layer = layer
        self.settings = settings
        self.reached: list[Bounds] = []
        "Canvas pixels that the last change made different: one area for every copy of a symmetry."
        self._offset = layer.offset
        self._selection = selection.translated(-layer.offset.x, -layer.offset.y)
        self._tiles = FloatTiles(layer.surface)
        self._path = StrokePath(settings)
        cache = DabCache() if setup.dabs is None else setup.dabs
        self._shapes = DabShapes(settings, (0.0, 0.0, 0.0), setup.seed, cache)
        symmetry = setup.symmetry
        self._turns: tuple[Turn | None, ...] = symmetry.turns() if symmetry else (None,)
        self._center = (0.0, 0.0)
        if symmetry:
            self._center = (symmetry.x - layer.offset.x, symmetry.y - layer.offset.y)
        self._loads: dict[int, _Load] = {}
        self._bounds = NOTHING
        self._ended = False

    @property
    def mode(self) -> QPainter.CompositionMode:
        """Its tiles stand in the place of the layer's."""
        return QPainter.CompositionMode.CompositionMode_Source

    @property
    def bounds(self) -> Bounds:
        """Canvas pixels that the gesture reached so far."""
        return NOTHING if self._bounds.is_empty else self._bounds.translated(*self._offset)

    @property
    def brush_at(self) -> tuple[float, float] | None:
        """Canvas position of the brush; None before the first event."""
        at = self._path.brush_at
        return None if at is None else (at[0] + self._offset.x, at[1] + self._offset.y)

    def tile(self, key: TileKey) -> QImage | None:
        """The layer's tile as it looks now; None where nothing changed. Do not paint on it."""
        return self._tiles.images.get(key)

    def keys(self) -> Iterable[TileKey]:
        """The layer-local keys of all tiles that changed."""
        return self._tiles.images.keys()

    def add(self, x: float, y: float, pressure: float = 1.0, seconds: float = 0.0, pose: Pose = UPRIGHT) -> Bounds:
        """Take one pen event at a canvas position; returns the canvas pixels that look different now."""
        self._refuse_ended()
        return self._drag(self._path.add(x - self._offset.x, y - self._offset.y, pressure, seconds, pose))

    def line_to(self, x: float, y: float, pressure: float = 1.0, seconds: float = 0.0, pose: Pose = UPRIGHT) -> Bounds:
        """As `add`, but in a straight line from where the brush is."""
        self._refuse_ended()
        return self._drag(self._path.line_to(x - self._offset.x, y - self._offset.y, pressure, seconds, pose))

    def finish(self, document: Document) -> None:
        """Commit as one step."""
        self._refuse_ended()
        self._drag(self._path.finish())
        self._ended = True
        surface = self.layer.surface
        changed: dict[TileKey, QImage | None] = {
            key: None if is_blank(image) else image
            for key, image in self._tiles.images.items()
            if image != surface.tile(key)
        }
        with document.transaction("Smudge"):
            document.set_tiles(self.layer, changed, self._bounds)

    def abort(self) -> Bounds:
        """Forget it all; returns the canvas pixels that showed it."""
        reached, self._ended, self._bounds = self.bounds, True, NOTHING
        self._tiles.forget()
        return reached

    def _refuse_ended(self) -> None:
        if self._ended:
            raise CanvasError("This stroke has ended; begin a new one.")

    def _drag(self, path: list[Dab]) -> Bounds:
        dabs = [look for dab in path for look in self._shapes.decide(dab)]
        self.reached = []
        found = NOTHING
        for index, turn in enumerate(self._turns):
            reached = NOTHING
            for dab in dabs:
                moved = dab if turn is None else dab.moved(turn, self._center)
                reached = reached.united(self._dab(index, moved))
            if not reached.is_empty:
                self._bounds = self._bounds.united(reached)
                self.reached.append(reached.translated(*self._offset))
                found = found.united(self.reached[-1])
        return found

    def _dab(self, index: int, dab: ShapedDab) -> Bounds:
        """Lay down what is carried and pick up anew; the layer pixels that changed."""
        stamp = self._shapes.stamp(replace(dab, strength=1.0), self._offset)
        share = np.subtract(np.float32(1.0), stamp.factor)
        side = len(share)
        area = Bounds(stamp.left, stamp.top, side, side)
        here = self._tiles.read(area)
        reach = shaped_side(self.settings.size * SIZE_ROOM)
        at = (stamp.left - math.floor(dab.x + 0.5 - reach / 2), stamp.top - math.floor(dab.y + 0.5 - reach / 2))
        load = self._loads.get(index)
        if load is None:
            self._loads[index] = _Load(here, at)
            return NOTHING
        carried = _carried_on(load, here, at)
        # What is carried fades into what is passed over.
        rate = np.float32(min(dab.strength, 0.995))
        carried = carried - here
        carried *= rate
        carried += here
        self._loads[index] = _Load(carried, at)
        if not carried.any() and not here.any():
            return NOTHING
        share *= np.float32(self.settings.opacity)
        self._allow(share, area)
        fresh = carried - here
        fresh *= share[..., None]
        fresh += here
        self._tiles.write(area, _kept_alpha(fresh, here) if self.layer.alpha_locked else fresh)
        return area

    def _allow(self, share: FloatMask, area: Bounds) -> None:
        """Nothing outside the selection."""
        if not self._selection.is_empty:
            share *= self._selection.coverage(area).astype(np.float32) / 255


def _kept_alpha(fresh: FloatPixels, before: FloatPixels) -> FloatPixels:
    """The new colours under the old alpha."""
    alpha = before[..., 3:]
    out = np.where((alpha > 0) & (fresh[..., 3:] > 0), fresh * (alpha / np.maximum(fresh[..., 3:], 1e-3)), before)
    out[..., 3:] = alpha
    return out.astype(np.float32)


def _carried_on(load: _Load, here: FloatPixels, at: tuple[int, int]) -> FloatPixels:
    """What was carried, in a window of another size; where it has nothing the new place is picked up.

    `at` says where the window lies relative to the largest one around the brush.
    """
    if load.at == at and load.paint.shape == here.shape:
        return load.paint
    out = here.copy()
    before, side = len(load.paint), len(here)
    left, top = max(load.at[0], at[0]), max(load.at[1], at[1])
    right, bottom = min(load.at[0] + before, at[0] + side), min(load.at[1] + before, at[1] + side)
    x, y, old_x, old_y = left - at[0], top - at[1], left - load.at[0], top - load.at[1]
    width, height = right - left, bottom - top
    out[y : y + height, x : x + width] = load.paint[old_y : old_y + height, old_x : old_x + width]
    return out
