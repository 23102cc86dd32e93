"""Which mode follows from selection, frame and pixels."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from canvas.selection import Selection
from desktop.generation.modes import Mode

SKETCH_DENSITY = 0.5
"""Painted share of its own bounding box under which a picture counts as a sketch, not as something to extend."""
EMPTY_SHARE = 0.5
"""A selection that holds less paint than this part of it lies over empty canvas."""
LOOK_SCALE = 0.125
"""An eighth of the size is enough to see what is painted, and cheap enough to look at after each stroke."""
FINE_PIXELS = 256 * 256
"""Areas up to this size are looked at as they are."""
QUICK_PIXELS = 1024 * 1024
"""Areas up to this size are looked at in one go, a few milliseconds; larger ones in slices."""
STRIP = 128
"""Rows that are looked at between two breaths, canvas pixels."""


@dataclass(frozen=True)
class Look:
    """What has to be looked at to know the mode."""

    area: Bounds
    selection: Selection

    @property
    def scale(self) -> float:
        """At which part of its size it is looked at."""
        return 1.0 if self.area.width * self.area.height <= FINE_PIXELS else LOOK_SCALE

    @property
    def is_quick(self) -> bool:
        """Whether looking takes no longer than an event may."""
        return self.area.width * self.area.height <= QUICK_PIXELS

    def strips(self) -> list[Bounds]:
        """The area from top to bottom in parts."""
        area = self.area
        tops = range(area.y, area.bottom, STRIP)
        return [Bounds(area.x, top, area.width, min(STRIP, area.bottom - top)) for top in tops]

    def mode(self, alpha: NDArray[np.uint8]) -> Mode:
        """What follows from the painted coverage of the area, (h, w) uint8 at about `scale`."""
        if self.selection.is_empty:
            return mode_for_frame(alpha)
        mask = self.selection.coverage(self.area)
        small = cv2.resize(mask, (alpha.shape[1], alpha.shape[0]), interpolation=cv2.INTER_AREA)
        return mode_for_selection(alpha, small.astype(np.uint8))


def look_at(document: Document) -> Look:
    """The frame, or the selection with what touches it."""
    selection = document.selection
    if selection.is_empty:
        return Look(document.frame, selection)
    bounds = selection.bounds
    return Look(bounds.expanded(max(16, (bounds.width + bounds.height) // 8)), selection)


def detect_mode(document: Document, compositor: Compositor, look: Look | None = None) -> Mode:
    """The mode that follows from selection, frame and pixels, or from another look than at those."""
    look = look or look_at(document)
    return look.mode(to_rgba(compositor.flatten(look.area, scale=look.scale))[..., 3])


async def detect_mode_in_slices(document: Document, compositor: Compositor, look: Look | None = None) -> Mode:
    """As `detect_mode`, strip by strip with a breath after each: a large area must not hold the window up."""
    look = look or look_at(document)
    if look.is_quick:
        return detect_mode(document, compositor, look)
    strips = []
    for strip in look.strips():
        strips.append(to_rgba(compositor.flatten(strip, scale=look.scale))[..., 3])
        await asyncio.sleep(0)
    return await asyncio.to_thread(look.mode, np.concatenate(strips))


def mode_for_frame(alpha: NDArray[np.uint8]) -> Mode:
    """Mode for a frame with this painted coverage, (h, w) uint8: none, sketch or full picture, part of a picture."""
    painted = alpha >= 128
    if not alpha.any():
        return Mode.GENERATE
    if painted.all():
        return Mode.REFINE
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    box = painted[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Mode.EXPAND if box.mean() >= SKETCH_DENSITY else Mode.REFINE


def mode_for_selection(alpha: NDArray[np.uint8], mask: NDArray[np.uint8]) -> Mode:
    """Mode for a selection, from painted and selected coverage, both (h, w) uint8: on empty canvas beside a picture
    (not beside sparse strokes) it expands."""
    weight = float(mask.sum(dtype=np.int64))
    beside = (alpha >= 128) & (mask < 128)
    if weight == 0 or not beside.any():
        return Mode.FILL
    painted = float((alpha.astype(np.int64) * mask).sum()) / (255.0 * weight)
    rows, columns = np.flatnonzero(beside.any(axis=1)), np.flatnonzero(beside.any(axis=0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    density = beside[box].sum() / (mask[box] < 128).sum()
    return Mode.EXPAND if painted < EMPTY_SHARE and density >= SKETCH_DENSITY else Mode.FILL
