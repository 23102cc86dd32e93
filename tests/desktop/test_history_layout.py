"""Where the rows of the history stand."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect

from desktop.panels.history_layout import RowLayout, RowSizes
from desktop.panels.history_list import runs

GRID = RowSizes(width=50, height=50, heading=20, columns=3)


def layout(rows: str, sizes: RowSizes) -> RowLayout:
    """`h` is a heading, `r` a record."""
    return RowLayout(np.array([row == "h" for row in rows], np.bool_), sizes)


def test_records_stand_under_each_other_or_side_by_side() -> None:
    lines = layout("hrrhr", RowSizes(width=200, height=60, heading=30))
    assert [lines.rect(n).top() for n in range(5)] == [0, 30, 90, 150, 180]
    assert lines.height == 240
    grid = layout("hrrrrhrr", GRID)
    assert [(grid.rect(n).x(), grid.rect(n).y()) for n in range(8)] == [
        (0, 0), (0, 20), (50, 20), (100, 20), (0, 70), (0, 120), (0, 140), (50, 140),
    ]  # fmt: skip
    assert grid.rect(5) == QRect(0, 120, 150, 20)
    assert grid.height == 190
    assert layout("rrrr", GRID).rect(3) == QRect(0, 50, 50, 50)


def test_a_list_without_rows_is_empty() -> None:
    empty = layout("", GRID)
    assert empty.height == 0
    assert empty.at(3, 3) is None
    assert not empty.between(0, 1000)
    assert empty.record(0, 1) is None


def test_what_is_found_at_a_point_is_what_stands_there() -> None:
    grid = layout("hrrrrhrr", GRID)
    for number in range(8):
        center = grid.rect(number).center()
        assert grid.at(center.x(), center.y()) == number
    assert grid.at(75, 80) is None  # beside the last of a day
    assert grid.at(5, -1) is None
    assert grid.at(5, 190) is None
    assert list(grid.between(25, 71)) == [1, 2, 3, 4]


def test_keys_go_to_the_nearest_record_and_step_over_headings() -> None:
    grid = layout("hrrrrhrr", GRID)
    assert grid.nearest(125, 71, 1) == 4  # the line under it is shorter
    assert grid.nearest(60, 125, 1) == 7
    assert grid.nearest(60, 125, -1) == 4
    assert grid.nearest(60, 5, -1) is None
    assert grid.record(0, 1) == 1
    assert grid.record(5, -1) == 4
    assert grid.record(8, 1) is None


def test_runs_join_neighbours() -> None:
    assert runs([7, 2, 1, 3, 9, 8, 5]) == [(1, 3), (5, 5), (7, 9)]
