"""What a window of a scroll visibly shows, as targets for the judge: in the whole picture, and cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipelines.starter.painter.captions import ScrollFacts, Window, least_visible, look_at, shown_share
from pipelines.starter.painter.palette import MOODS, WASHES
from pipelines.starter.painter.scene import PlacedObject

OBJECTS: Final = ("pine", "maple", "blossom", "willow", "bamboo", "rock", "boat", "sail", "hut", "pavilion", "pagoda")
"""The main objects that are judged, beside sun, moon and waterfall."""
JUDGED: Final = (*OBJECTS, "sun", "moon", "fall")
CELL: Final = 8
"""Pixels of a cell, each way."""
SIDE: Final = 256
"""Width and height of a judged window in pixels."""
_LEAST_SHARE = 0.4
UNSURE: Final = -1.0


@dataclass(frozen=True)
class Labels:
    """The truth about one window."""

    mood: int
    """Place in `MOODS`."""
    wash: int
    """Place in `WASHES`."""
    objects: NDArray[np.float32]
    """(judged kinds,): 1 where the caption names it, 0 where nothing of it is, `UNSURE` where it is cut or dim."""
    cells: NDArray[np.float32]
    """(judged kinds, 32, 32): the same for every cell."""


def labels_of(facts: ScrollFacts, window: Window) -> Labels:
    """Return the truth about `window`, which is `SIDE` pixels wide and high."""
    content = look_at(facts, window)
    objects = np.zeros(len(JUDGED), np.float32)
    cells = np.zeros((len(JUDGED), SIDE // CELL, SIDE // CELL), np.float32)
    clear: list[tuple[int, tuple[slice, slice]]] = []
    for thing in facts.objects:
        share = shown_share(thing, window) if thing.kind in JUDGED else 0.0
        if share <= 0:
            continue
        kind, place = JUDGED.index(thing.kind), _cells_of(thing, window)
        objects[kind] = UNSURE
        visible = thing.visible is None or thing.visible * share >= least_visible(window)
        if visible and share >= _LEAST_SHARE:
            clear.append((kind, place))
        else:
            cells[(kind, *place)] = UNSURE
    for kind, place in clear:
        cells[(kind, *place)] = 1
    for name in content.objects:
        if name in JUDGED:
            objects[JUDGED.index(name)] = 1
    return Labels(MOODS.index(content.mood), WASHES.index(content.wash), objects, cells)


def _cells_of(thing: PlacedObject, window: Window) -> tuple[slice, slice]:
    """Return the rows and columns of the cells whose middle the thing covers, at least one each way."""

    def along(first: float, last: float) -> slice:
        low, high = max(0.0, first) / CELL, min(float(SIDE), last) / CELL
        start, stop = round(low), round(high)
        if stop <= start:
            start = min(SIDE // CELL - 1, int((low + high) / 2))
            stop = start + 1
        return slice(start, stop)

    return along(thing.top - window.top, thing.bottom - window.top), along(
        thing.left - window.left, thing.right - window.left
    )
