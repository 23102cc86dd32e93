"""The state of one painting: size, palette, chance, sheets, and the list of what was placed where."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.starter.painter.exposure import Trace
from pipelines.starter.painter.palette import Palette
from pipelines.starter.painter.sheet import Patch, Sheet
from pipelines.starter.painter.textures import FloatMap, cut_texture


@dataclass(frozen=True)
class PlacedObject:
    """Something with a name that was painted, and the box it fills."""

    kind: str
    """Key of the word lists in `words.py`, such as "pine"."""
    left: float
    """Left edge in scroll pixels."""
    top: float
    """Top edge in scroll pixels."""
    right: float
    """Right edge in scroll pixels."""
    bottom: float
    """Bottom edge in scroll pixels."""
    visible: float | None = None
    """Pixels at which it shows clearly in the finished scroll; None where that was not measured."""


@dataclass
class Drawing:
    """A finished patch with the point that stands on the ground."""

    patch: Patch
    """The inked shapes."""
    foot: tuple[float, float]
    """x, y inside the patch that is put on the place."""
    kind: str
    """What it is."""


@dataclass
class Scene:
    """One painting in progress."""

    width: int
    """Pixels."""
    height: int
    """Pixels."""
    palette: Palette
    """Its colours."""
    rng: random.Random
    """The only source of chance: same seed, same picture."""
    sheets: dict[str, Sheet]
    """"paper", "far", "near", "objects"; a flat painting has one sheet under all four names."""
    water_line: float
    """y of the far shore, or the height where there is no water."""
    skyline: FloatMap
    """Highest ridge per column, y in pixels; the height where there is none."""
    placed: list[tuple[PlacedObject, Trace]] = field(default_factory=list)
    """Everything with a name, in painting order, and what it changed."""

    @property
    def unit(self) -> float:
        """One pixel of a 256-pixel-high scroll in pixels of this scroll."""
        return self.height / 256

    def texture(self, name: str, height: int, width: int) -> FloatMap:
        """Return a random piece of a texture at this scroll's grain."""
        return cut_texture(self.rng, name, height, width, self.unit)

    def put(self, sheet: str, drawing: Drawing, x: float, y: float, hidden: FloatMap | None = None) -> None:
        """Lay `drawing` with its foot at (x, y) and remember it."""
        patch = drawing.patch
        left, top = int(x - drawing.foot[0]), int(y - drawing.foot[1])
        box = drawn_box(patch)
        if box is None:
            patch.lay_on(self.sheets[sheet], left, top, hidden)
            return
        with self.naming(drawing.kind, (left + box[0], top + box[1], left + box[2], top + box[3])):
            patch.lay_on(self.sheets[sheet], left, top, hidden)

    @contextmanager
    def naming(self, kind: str, box: tuple[float, float, float, float]) -> Iterator[None]:
        """Remember what is painted meanwhile as a thing of this kind in `box` (left, top, right, bottom)."""
        left, top, right, bottom = box
        rows = slice(min(self.height, max(0, int(top))), min(self.height, max(0, math.ceil(bottom))))
        columns = slice(min(self.width, max(0, int(left))), min(self.width, max(0, math.ceil(right))))
        before = self._picture(rows, columns)
        yield
        change = np.abs(self._picture(rows, columns) - before).mean(2)
        through = self.sheets["paper"].exposure.through[rows, columns].copy()
        self.placed.append((PlacedObject(kind, left, top, right, bottom), Trace(rows, columns, change, through)))

    def _picture(self, rows: slice, columns: slice) -> NDArray[np.floating[Any]]:
        """Return the colours (h, w, 3) of a part of the picture as painted so far."""
        sheets = list({id(s): s for s in self.sheets.values()}.values())
        picture = sheets[0].rgb[rows, columns].copy()
        for sheet in sheets[1:]:
            if sheet.alpha is not None:
                picture = picture * (1 - sheet.alpha[rows, columns][..., None]) + sheet.rgb[rows, columns]
        return picture

    def shown(self) -> tuple[PlacedObject, ...]:
        """Return everything with a name and how much of it shows."""
        exposure = self.sheets["paper"].exposure
        return tuple(replace(thing, visible=trace.visible(exposure)) for thing, trace in self.placed)

    def forget_hidden(self, left: int, top: int, cover: FloatMap) -> None:
        """Drop placed objects whose middle and upper part lie under new paint of coverage (h, w) at (left, top)."""
        height, width = cover.shape

        def hidden(thing: PlacedObject) -> bool:
            x = int((thing.left + thing.right) / 2) - left
            rows = [int(thing.top + (thing.bottom - thing.top) * share) - top for share in (0.3, 0.6)]
            return 0 <= x < width and all(0 <= y < height and cover[y, x] > 0.6 for y in rows)

        self.placed = [(thing, trace) for thing, trace in self.placed if not hidden(thing)]


def drawn_box(patch: Patch) -> tuple[float, float, float, float] | None:
    """Return the box (left, top, right, bottom) of what a patch really covers, None if nothing."""
    left, top, right, bottom = patch.width, patch.height, 0, 0
    for cover, _ in patch.coats:
        seen = cover > 0.15
        rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
        if rows.size:
            left, right = min(left, int(columns[0])), max(right, int(columns[-1]) + 1)
            top, bottom = min(top, int(rows[0])), max(bottom, int(rows[-1]) + 1)
    return None if right <= left or bottom <= top else (float(left), float(top), float(right), float(bottom))
