"""Live-wire: the cheapest way, against Dijkstra, and on drawn edges."""

import heapq
import itertools
import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from canvas.edge_path import EdgePaths, edge_costs, smoothed_path, strongest_near

costs_of = st.integers(1, 6).flatmap(
    lambda half: arrays(np.float32, (2 * half + 1, 2 * half + 1), elements=st.sampled_from([0.02, 0.1, 0.5, 1.0])).map(
        np.ascontiguousarray
    )
)


def dijkstra(costs: np.ndarray, anchor: tuple[int, int]) -> np.ndarray:
    height, width = costs.shape
    best = np.full(costs.shape, np.inf)
    best[anchor[1], anchor[0]] = 0
    queue = [(0.0, anchor)]
    while queue:
        far, (x, y) = heapq.heappop(queue)
        if far > best[y, x]:
            continue
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                nx, ny = x + dx, y + dy
                if (dx or dy) and 0 <= nx < width and 0 <= ny < height:
                    there = far + float(costs[ny, nx]) * math.hypot(dx, dy)
                    if there < best[ny, nx]:
                        best[ny, nx] = there
                        heapq.heappush(queue, (there, (nx, ny)))
    return best


def price(costs: np.ndarray, path: list[tuple[int, int]]) -> float:
    steps = itertools.pairwise(path)
    return sum(float(costs[b[1], b[0]]) * math.hypot(b[0] - a[0], b[1] - a[1]) for a, b in steps)


@given(costs_of, st.data())
@settings(max_examples=60)
def test_ways_are_connected_and_hardly_dearer_than_the_cheapest(costs: np.ndarray, data: st.DataObject) -> None:
    side = len(costs)
    paths = EdgePaths(costs)
    goal = (data.draw(st.integers(0, side - 1)), data.draw(st.integers(0, side - 1)))
    way = paths.path_to(goal)
    assert way[0] == paths.anchor
    assert way[-1] == goal
    assert all(max(abs(b[0] - a[0]), abs(b[1] - a[1])) == 1 for a, b in itertools.pairwise(way))
    best = float(dijkstra(costs, paths.anchor)[goal[1], goal[0]])
    assert best - 1e-3 <= price(costs, way) <= best * 1.35 + 1e-3  # two rounds of sweeps, not a queue


def test_the_way_stays_on_a_drawn_edge() -> None:
    picture = np.full((201, 201, 3), 240, np.uint8)
    cv2.circle(picture, (100, 180), 80, (40, 90, 200), -1, cv2.LINE_AA)
    way = EdgePaths(edge_costs(picture)).path_to((180, 180))
    away = [abs(math.hypot(x - 100, y - 180) - 80) for x, y in way]
    assert max(away) < 1.6
    assert len(way) > 60


def test_a_faint_edge_is_followed_where_nothing_stronger_is_near() -> None:
    picture = np.full((201, 201, 3), 128, np.uint8)
    picture[:, 100:] = 140
    way = EdgePaths(edge_costs(picture)).path_to((100, 190))
    assert all(abs(x - 99.5) <= 1.5 for x, _ in way)


def test_a_plain_picture_gives_a_straight_way_and_goals_outside_are_clamped() -> None:
    paths = EdgePaths(edge_costs(np.full((101, 101, 3), 77, np.uint8)))
    assert paths.path_to((50, 90)) == [(50, y) for y in range(50, 91)]
    assert paths.path_to((500, 50))[-1] == (100, 50)
    assert paths.path_to(paths.anchor) == [paths.anchor]


def test_an_anchor_snaps_to_the_edge_within_reach_only() -> None:
    picture = np.full((81, 81, 3), 200, np.uint8)
    picture[:, 47:] = 20
    costs = edge_costs(picture)
    snapped = strongest_near(costs, (41, 40), 8)
    assert snapped[0] in (46, 47)
    assert abs(snapped[1] - 40) <= 1
    assert strongest_near(costs, (20, 40), 8) == (20, 40)


def test_smoothing_keeps_the_ends() -> None:
    stairs = [(float(n // 2), float((n + 1) // 2)) for n in range(20)]
    line = smoothed_path(stairs)
    assert line[0] == stairs[0]
    assert line[-1] == stairs[-1]
    assert np.abs(np.diff(np.array(line)[1:-1], axis=0) - 0.5).max() == pytest.approx(0)
    assert smoothed_path(stairs[:2]) == stairs[:2]
