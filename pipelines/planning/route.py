"""Which windows are painted along a route, in which order: geometry on a grid of small cells.

The line is followed step by step. As long as what is not known yet of its band fits into one window, and that window
still holds enough that is known, the window reaches further; then it is set, counts as known, and the next begins.
What is painted already is known from the start: nothing is painted twice where a line crosses itself or the picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.planning.box import Box

CELL = 8
"""Canvas pixels a side: windows lie on this grid, as latents do."""
LEVEL = 0.05
"""Slope up to which the end of a line counts as level or upright."""
RIM = 3
"""Cells by which windows are wider than the band."""
MARGIN = 1
"""Cells around what is not known that a window holds, too."""
LEAST_KNOWN = 0.15
"""A window with a smaller part of known cells has too little to join on to: narrow bands overlap further for it."""
MOST_WINDOWS = 999
_ROUNDS = 5
"""How often the overlap is tried that spreads the windows evenly."""

Line = Sequence[tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Ground:
    """What of a part of the canvas is painted, in cells."""

    left: int
    """Of its first column, in cells from the canvas' origin; any sign."""
    top: int
    known: NDArray[np.bool_]
    """(rows, columns)."""


def window_side(width: int) -> int:
    """The side of the windows for a band, canvas pixels: a little more than its width, so that neither the grid nor
    the weaker pixels at the edge of what a model paints are seen in the edge of the band."""
    return (-(-width // CELL) + RIM) * CELL


def ground_box(line: Line, width: int) -> Box:
    """The part of the canvas that windows along the line may touch; all sides multiples of CELL."""
    reach = 2 * window_side(width)
    xs, ys = [x for x, _ in line], [y for _, y in line]
    left, top = math.floor((min(xs) - reach) / CELL) * CELL, math.floor((min(ys) - reach) / CELL) * CELL
    right, bottom = math.ceil((max(xs) + reach) / CELL) * CELL, math.ceil((max(ys) + reach) / CELL) * CELL
    return Box(left, top, right - left, bottom - top)


def ground_of(box: Box, alpha: NDArray[np.uint8]) -> Ground:
    """From the mean coverage of every cell of `ground_box`, (height / CELL, width / CELL)."""
    return Ground(box.left // CELL, box.top // CELL, alpha >= 96)


def bare_ground(line: Line, width: int) -> Ground:
    """Ground on which nothing is painted."""
    box = ground_box(line, width)
    return Ground(box.left // CELL, box.top // CELL, np.zeros((box.height // CELL, box.width // CELL), np.bool_))


def plan_route(line: Line, width: int, overlap: float, ground: Ground) -> tuple[Box, ...]:
    """The windows in the order in which they are painted: squares of `window_side`, on the grid of cells.

    Neighbours share at least the part `overlap` (0.1 .. 0.8) of the band's length in a window, and at least the part
    `LEAST_KNOWN` of a window's cells, or `overlap` of them if that is less, is known, where so much is known around it.
    Together with what is known they cover the band, to a cell where it ends; they are spread evenly.
    """
    steps = _steps(line)
    windows = _walk(steps, width, overlap, ground)
    if len(windows) < 2:
        return windows
    low, high = overlap, 0.9
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        more = _walk(steps, width, middle, ground)
        if len(more) <= len(windows):
            low, windows = middle, more
        else:
            high = middle
    return windows


def band(line: Line, width: int, box: Box) -> NDArray[np.float32]:
    """Coverage (height, width) in 0..1 of the band inside a window: round bends, and ends as `with_caps` says."""
    mask = np.zeros((box.height, box.width), np.uint8)
    shift = 4
    ends = with_caps(line, width)
    spots = [((x - box.left - 0.5) * 2**shift, (y - box.top - 0.5) * 2**shift) for x, y in ends.line]
    for (x1, y1), (x2, y2) in pairwise(spots):
        length = math.hypot(x2 - x1, y2 - y1)
        if length == 0:
            continue
        nx, ny = (y1 - y2) / length * width / 2 * 2**shift, (x2 - x1) / length * width / 2 * 2**shift
        corners = [(x1 + nx, y1 + ny), (x2 + nx, y2 + ny), (x2 - nx, y2 - ny), (x1 - nx, y1 - ny)]
        cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), 255, cv2.LINE_AA, shift)
    for x, y in spots[not ends.round_start : len(spots) - (not ends.round_end)]:
        cv2.circle(mask, (round(x), round(y)), round(width / 2 * 2**shift), 255, -1, cv2.LINE_AA, shift)
    return mask.astype(np.float32) / 255.0


def shares(parts: Sequence[Line], box: Box, soft: float) -> list[NDArray[np.float32]]:
    """How much of each pixel of a window belongs to which stretch, (height, width) in 0..1 each, 1 together.

    A pixel belongs to the nearest stretch; where two are nearly as near (within `soft` canvas pixels) they share it.
    """
    rows, columns = math.ceil(box.height / CELL), math.ceil(box.width / CELL)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) * CELL + CELL / 2
    x, y = x + box.left, y + box.top
    distances = np.stack([_distance(part, x, y) for part in parts])
    near = np.exp(-(distances - distances.min(axis=0)) / max(soft / 3, 1e-3))
    near /= near.sum(axis=0)
    return [cv2.resize(one, (box.width, box.height), interpolation=cv2.INTER_LINEAR) for one in near]  # type: ignore[misc]


def _distance(line: Line, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    found = np.full(x.shape, np.inf, np.float32)
    for (x1, y1), (x2, y2) in pairwise(line):
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        part = np.clip(((x - x1) * dx + (y - y1) * dy) / length, 0, 1) if length else np.float32(0)
        found = np.minimum(found, np.hypot(x - (x1 + part * dx), y - (y1 + part * dy)))
    return found


def along(line: Line, distance: float) -> tuple[float, float]:
    """The place so far along a line; its end where it is shorter."""
    for start, end in pairwise(line):
        length = math.dist(start, end)
        if distance <= length and length > 0:
            part = distance / length
            return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
        distance -= length
    return line[-1]


class Ends(NamedTuple):
    """A line made ready to be drawn as a band."""

    line: tuple[tuple[float, float], ...]
    """Longer by half a width where it ends straight across."""
    round_start: bool
    round_end: bool


def with_caps(line: Line, width: int) -> Ends:
    """Bands that end level or upright end straight across, half a width beyond the line, as the windows do; those
    that end aslant are round."""
    spots = [line[0], *(spot for before, spot in pairwise(line) if spot != before)]
    if len(spots) < 2:
        spots = [(spots[0][0] - 0.5, spots[0][1]), (spots[0][0] + 0.5, spots[0][1])]
    first, last = _beyond(spots[1], spots[0], width / 2), _beyond(spots[-2], spots[-1], width / 2)
    whole = (*([first] if first else ()), *spots, *([last] if last else ()))
    return Ends(whole, first is None, last is None)


def _beyond(start: tuple[float, float], end: tuple[float, float], by: float) -> tuple[float, float] | None:
    """The end of a level or upright piece, moved on; None for one aslant."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    if min(abs(dx), abs(dy)) > LEVEL * max(abs(dx), abs(dy)):
        return None
    if abs(dx) >= abs(dy):
        return end[0] + math.copysign(by, dx), end[1]
    return end[0], end[1] + math.copysign(by, dy)


def _steps(line: Line) -> list[tuple[float, float]]:
    """Places along the line, at most a cell apart, its ends among them."""
    found = [line[0]]
    for (x1, y1), (x2, y2) in pairwise(line):
        count = max(1, math.ceil(math.hypot(x2 - x1, y2 - y1) / CELL))
        found.extend((x1 + (x2 - x1) * n / count, y1 + (y2 - y1) * n / count) for n in range(1, count + 1))
    return found


class _Walk:
    """The line followed step by step."""

    def __init__(self, steps: Line, width: int, overlap: float, ground: Ground) -> None:
        self.known = ground.known.copy()
        self._ground = ground
        self._side = window_side(width) // CELL
        self._need = max(overlap * width / CELL, min(overlap, LEAST_KNOWN) * self._side) * self._side
        radius = width / 2
        reach = math.ceil(width / 2 / CELL) + 1
        self._reach = reach
        self._radius = radius / CELL
        self._span = np.arange(-reach, reach + 1, dtype=np.float32)
        self.windows: list[Box] = []
        self._band = np.zeros_like(self.known)
        for x, y in steps:
            rows, columns, disc = self._disc(x, y)
            self._band[rows, columns] |= disc

    def _disc(self, x: float, y: float) -> tuple[slice, slice, NDArray[np.bool_]]:
        """Rows and columns around a place, and which of their cells the band has."""
        fx, fy = x / CELL - self._ground.left - 0.5, y / CELL - self._ground.top - 0.5
        column, row, reach = round(fx), round(fy), self._reach
        disc = (self._span[:, None] + row - fy) ** 2 + (self._span[None, :] + column - fx) ** 2 <= self._radius**2
        return slice(row - reach, row + reach + 1), slice(column - reach, column + reach + 1), disc

    def missing(self, x: float, y: float) -> tuple[int, int, int, int] | None:
        """The cells of the disc around a place that are not known, with a margin: left, top, right, bottom, or None."""
        lines, places, disc = self._disc(x, y)
        wanted = disc & ~self.known[lines, places]
        if not wanted.any():
            return None
        rows, columns = np.flatnonzero(wanted.any(axis=1)), np.flatnonzero(wanted.any(axis=0))
        left, top, more = places.start, lines.start, MARGIN
        return (
            left + int(columns[0]) - more,
            top + int(rows[0]) - more,
            left + int(columns[-1]) + 1 + more,
            top + int(rows[-1]) + 1 + more,
        )

    def place(self, cells: tuple[int, int, int, int], x: float, y: float) -> tuple[int, int]:
        """Left and top of the window that holds these cells and lies around the place as far as it can."""
        side = self._side
        left = round(x / CELL - self._ground.left - side / 2)
        top = round(y / CELL - self._ground.top - side / 2)
        return min(max(left, cells[2] - side), cells[0]), min(max(top, cells[3] - side), cells[1])

    def fits(self, cells: tuple[int, int, int, int]) -> bool:
        """Whether one window can hold them."""
        return cells[2] - cells[0] <= self._side and cells[3] - cells[1] <= self._side

    def holds_enough(self, at: tuple[int, int]) -> bool:
        """Whether a window there has enough to join on to."""
        left, top = at
        return int(self.known[top : top + self._side, left : left + self._side].sum()) >= self._need

    def set_window(self, at: tuple[int, int]) -> None:
        """This window is painted next."""
        left, top = at
        here = slice(top, top + self._side), slice(left, left + self._side)
        self.known[here] |= self._band[here]
        side = self._side * CELL
        self.windows.append(Box((left + self._ground.left) * CELL, (top + self._ground.top) * CELL, side, side))


def _walk(steps: Line, width: int, overlap: float, ground: Ground) -> tuple[Box, ...]:
    walk, place = _Walk(steps, width, overlap, ground), 0
    while place < len(steps) and len(walk.windows) < MOST_WINDOWS:
        first = walk.missing(*steps[place])
        if first is None:
            place += 1
            continue
        cells, at = first, walk.place(first, *steps[place])
        while place + 1 < len(steps):
            following = walk.missing(*steps[place + 1])
            grown = cells if following is None else _united(cells, following)
            wanted = walk.place(grown, *steps[place + 1])
            if not walk.fits(grown) or not walk.holds_enough(wanted):
                break
            cells, at, place = grown, wanted, place + 1
        walk.set_window(at)
    return tuple(walk.windows)


def _united(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
