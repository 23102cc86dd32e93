"""Windows along a route: they cover it, lie on the grid, join on, and leave alone what is painted."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.planning.box import Box
from pipelines.planning.route import (
    CELL,
    Ground,
    band,
    bare_ground,
    ground_box,
    ground_of,
    plan_route,
    shares,
    window_side,
)

spots = st.tuples(st.integers(-700, 700), st.integers(-700, 700))
lines = st.lists(spots, min_size=2, max_size=5)
widths = st.sampled_from([64, 100, 128, 256])


def paint_on(ground: Ground, box: Box) -> None:
    top, left = box.top // CELL - ground.top, box.left // CELL - ground.left
    rows, columns = ground.known.shape
    here = ground.known[max(top, 0) : max(top + box.height // CELL, 0), max(left, 0) : max(left + box.width // CELL, 0)]
    assert rows
    assert columns
    here[:] = True


def known_at(ground: Ground, windows: tuple[Box, ...], x: float, y: float) -> bool:
    if any(box.left <= x < box.right and box.top <= y < box.bottom for box in windows):
        return True
    return bool(ground.known[math.floor(y / CELL) - ground.top, math.floor(x / CELL) - ground.left])


@settings(max_examples=20, deadline=None)
@given(line=lines, width=widths, overlap=st.sampled_from([0.2, 0.4, 0.6]), painted=st.booleans())
def test_the_route_is_covered_with_its_width(line, width, overlap, painted) -> None:
    ground = bare_ground(line, width)
    if painted:
        x, y = (round(line[0][0] / CELL) * CELL, round(line[0][1] / CELL) * CELL)
        paint_on(ground, Box(x - width // CELL * CELL, y - 64, 2 * (width // CELL * CELL), 128))
    before = ground.known.copy()
    windows = plan_route(line, width, overlap, ground)
    assert (ground.known == before).all()
    side = window_side(width)
    for box in windows:
        assert (box.width, box.height) == (side, side)
        assert box.left % CELL == box.top % CELL == 0
    radius = width / 2 - 0.75 * CELL
    for (x1, y1), (x2, y2) in pairwise(line):
        for part in np.linspace(0, 1, 9):
            x, y = x1 + (x2 - x1) * part, y1 + (y2 - y1) * part
            for angle in np.linspace(0, math.tau, 12, endpoint=False):
                assert known_at(ground, windows, x + radius * math.cos(angle), y + radius * math.sin(angle))


@settings(max_examples=15, deadline=None)
@given(line=lines, width=widths, overlap=st.sampled_from([0.2, 0.4]))
def test_every_window_adds_something_and_joins_on(line, width, overlap) -> None:
    ground = bare_ground(line, width)
    known = Ground(ground.left, ground.top, ground.known.copy())
    for number, box in enumerate(plan_route(line, width, overlap, ground)):
        top, left = box.top // CELL - known.top, box.left // CELL - known.left
        here = known.known[top : top + box.height // CELL, left : left + box.width // CELL]
        assert not here.all()
        if number:
            assert here.mean() >= 0.15  # at a sharp corner the square cannot hold more of what is known
        here[:] = True


@pytest.mark.parametrize("back", [(-10, 20), (10, 0), (40, -30)])
def test_a_narrow_route_joins_on_at_a_sharp_corner(back) -> None:
    """What counts there is the painted band alone: the corners of windows outside it stay empty."""
    line = [(0, 0), (480, 170), back]
    ground = bare_ground(line, 64)
    box = Box(ground.left * CELL, ground.top * CELL, ground.known.shape[1] * CELL, ground.known.shape[0] * CELL)
    painted = band(line, 64, box)[CELL // 2 :: CELL, CELL // 2 :: CELL] > 0.5
    known = np.zeros_like(painted)
    for number, window in enumerate(plan_route(line, 64, 0.2, ground)):
        top, left = window.top // CELL - ground.top, window.left // CELL - ground.left
        here = slice(top, top + window.height // CELL), slice(left, left + window.width // CELL)
        assert number == 0 or known[here].mean() >= 0.15
        known[here] |= painted[here]


@pytest.mark.parametrize(("end", "axis"), [((2000, 128), 0), ((-2000, 128), 0), ((128, 2000), 1), ((128, -2000), 1)])
def test_straight_routes_keep_the_overlap_evenly(end, axis) -> None:
    windows = plan_route([(128, 128), end], 256, 0.4, bare_ground([(128, 128), end], 256))
    assert (windows[0].left, windows[0].top, windows[0].width) == (-16, -16, 280)
    places = [(box.left, box.top) for box in windows]
    assert {place[1 - axis] for place in places} == {-16}
    steps = [abs(after[axis] - before[axis]) for before, after in pairwise(places)]
    assert max(steps) <= 280 * 0.6
    assert max(steps[:-1]) - min(steps[:-1]) <= CELL


def test_what_is_painted_is_skipped() -> None:
    line = [(0, 0), (1500, 0)]
    ground = bare_ground(line, 256)
    paint_on(ground, Box(-512, -256, 1200, 512))
    windows = plan_route(line, 256, 0.4, ground)
    assert 688 - 280 <= windows[0].left <= 688 - 280 * 0.4 + CELL
    paint_on(ground, Box(600, -256, 1600, 512))
    assert plan_route(line, 256, 0.4, ground) == ()


def test_a_line_that_crosses_itself_is_painted_once() -> None:
    there, back = [(0.0, 0.0), (1200.0, 0.0)], [(0.0, 0.0), (1200.0, 0.0), (0.0, 0.0)]
    once, twice = (plan_route(line, 128, 0.3, bare_ground(line, 128)) for line in (there, back))
    assert len(once) == len(twice)


def test_going_on_needs_nothing_but_the_picture() -> None:
    """Windows planned anew after each was painted are as many as those planned at once."""
    line = [(0, 0), (700, 300), (1200, -200)]
    ground = bare_ground(line, 128)
    count = len(plan_route(line, 128, 0.4, ground))
    painted = 0
    while windows := plan_route(line, 128, 0.4, ground):
        paint_on(ground, windows[0])
        painted += 1
    assert abs(painted - count) <= 1


def test_ground_counts_cells_that_are_mostly_painted() -> None:
    box = ground_box([(0, 0), (8, 0)], 64)
    alpha = np.zeros((box.height // CELL, box.width // CELL), np.uint8)
    alpha[0, 0], alpha[0, 1] = 255, 40
    assert ground_of(box, alpha).known[0, :2].tolist() == [True, False]


def test_the_band_has_straight_ends_and_fills_what_is_planned() -> None:
    whole = band([(0, 0), (512, 0)], 128, Box(-128, -128, 768, 256))
    assert whole[64:192, 65:703].min() == 1.0
    assert whole[:62].max() == 0
    assert whole[:, :62].max() == 0
    corner = band([(0, 0), (300, 0), (300, 300)], 128, Box(200, -100, 200, 200))
    assert corner[100, 100] == 1.0
    assert corner[5, 195] == 0.0


def test_stretches_share_a_window_softly() -> None:
    left, right = shares([[(0, 64), (128, 64)], [(128, 64), (256, 64)]], Box(0, 0, 256, 128), 64)
    assert np.allclose(left + right, 1, atol=1e-4)
    assert left[64, 4] > 0.99
    assert right[64, 252] > 0.99
    assert 0.3 < left[64, 128] < 0.7
    assert (np.diff(left[64]) <= 1e-4).all()
