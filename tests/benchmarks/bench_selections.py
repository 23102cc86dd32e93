"""Selections on 4096 x 4096 pixels, in milliseconds of CPU time measured now."""

from __future__ import annotations

import time
from collections.abc import Callable

import cv2
import numpy as np

from canvas.edge_path import EdgePaths, edge_costs
from canvas.geometry import Bounds
from canvas.selection import Combine, Selection
from canvas.wand import Pixels, alike, antialiased, connected
from tests.benchmarks.rows import Row, median

SIDE = 4096
PIECE = 256
ROUNDS = 5
COLOUR = (30, 60, 200, 255)
WINDOW = 201


def measured(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median milliseconds of this thread's CPU time."""
    found: list[float] = []
    for _ in range(rounds):
        start = time.thread_time()
        work()
        found.append((time.thread_time() - start) * 1e3)
    return median(found)


def picture() -> Pixels:
    """A large disk on a plain ground, (4096, 4096, 4)."""
    out = np.full((SIDE, SIDE, 4), 255, np.uint8)
    cv2.circle(out, (SIDE // 2, SIDE // 2), 1600, COLOUR, -1)
    return out


def wand(pixels: Pixels) -> Selection:
    """What the tool does with the pixels once it has them, piece by piece as it gets them."""
    mask = np.empty((SIDE, SIDE), np.uint8)
    for y in range(0, SIDE, PIECE):
        for x in range(0, SIDE, PIECE):
            mask[y : y + PIECE, x : x + PIECE] = alike(pixels[y : y + PIECE, x : x + PIECE], COLOUR, 24)
    found = antialiased(connected(mask, (SIDE // 2, SIDE // 2)))
    return Selection.from_mask(Bounds(0, 0, SIDE, SIDE), found)


def selection_rows() -> list[Row]:
    """Wand, feather, grow, and what a move of the magnetic lasso costs."""
    cv2_threads = cv2.getNumThreads()
    cv2.setNumThreads(1)  # else the work of OpenCV's own threads would not be counted
    try:
        return _rows()
    finally:
        cv2.setNumThreads(cv2_threads)


def _rows() -> list[Row]:
    pixels = picture()
    disk = wand(pixels)
    other = Selection.ellipse(Bounds(700, 900, 2600, 2200))
    window = np.full((WINDOW, WINDOW, 3), 240, np.uint8)
    cv2.circle(window, (100, 180), 80, (40, 90, 200), -1, cv2.LINE_AA)
    paths = EdgePaths(edge_costs(window))
    figures: tuple[tuple[str, Callable[[], object], float | None], ...] = (
        ("magic wand", lambda: wand(pixels), 60.0),
        ("feather 50 px", lambda: disk.feathered(50), 40.0),
        ("grow 50 px", lambda: disk.grown(50), 150.0),
        ("shrink 50 px", lambda: disk.grown(-50), 150.0),
        ("smooth 50 px", lambda: disk.smoothed(50), None),
        ("border 50 px", lambda: disk.bordered(50), None),
        ("add", lambda: disk.combined(other, Combine.ADD), None),
    )
    rows = [Row(f"selection 4096²: {name}", measured(work), "ms", limit) for name, work, limit in figures]
    anchor = measured(lambda: EdgePaths(edge_costs(window)), 15)
    move = measured(lambda: paths.path_to((180, 180)), 15)
    rows.append(Row("magnetic lasso: a new anchor", anchor, "ms", 8.0, f"{WINDOW} x {WINDOW} cells"))
    rows.append(Row("magnetic lasso: a move", move, "ms", 8.0))
    return rows
