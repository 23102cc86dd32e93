"""Routes as data: lines, stretches, their form in the file, and what undo and the file make of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.markings import ROUTE
from canvas.project.project import Project
from canvas.routes import Route, Stretch, route_from_json, route_to_json

spots = st.tuples(st.integers(-500, 500), st.integers(-500, 500))
BENT = Route(((0, 0), (200, 100), (400, 0), (600, 100)), True, stretches=(Stretch(0, "a"), Stretch(2, "b")))


@given(points=st.lists(spots, min_size=2, max_size=8), curved=st.booleans())
def test_the_line_goes_through_every_point(points, curved) -> None:
    route = Route(tuple(points), curved)
    line, places = route.line()
    assert [line[place] for place in places] == [(float(x), float(y)) for x, y in points]
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in line)
    assert route.parts() == (line,)


def test_stretches_are_split_joined_and_keep_their_words() -> None:
    parted = BENT.split_at((100, 40))
    assert len(parted.points) == 5
    assert [(one.first, one.prompt) for one in parted.stretches] == [(0, "a"), (1, "a"), (3, "b")]
    parts = parted.parts()
    assert parts[0][-1] == parts[1][0]
    assert parted.with_prompt(1, "new").joined(2).stretches == (Stretch(0, "a"), Stretch(1, "new"))
    assert parted.with_prompt(1, "new").joined(0).stretches == (Stretch(0, "a"), Stretch(3, "b"))
    assert BENT.split_at((400, 0)) == BENT  # a stretch begins there already
    assert BENT.split_at((-50, 0)) == BENT  # nothing would be left before it


@given(points=st.lists(spots, min_size=3, max_size=6, unique=True), firsts=st.sets(st.integers(1, 4)), data=st.data())
def test_taking_points_away_leaves_stretches_in_order(points, firsts, data) -> None:
    stretches = [Stretch(0, "0"), *(Stretch(n, str(n)) for n in sorted(firsts) if n < len(points) - 1)]
    route = Route(tuple(points), stretches=tuple(stretches))
    while len(route.points) > 2:
        route = route.without_point(data.draw(st.integers(0, len(route.points) - 1)))
        assert route_from_json(route_to_json(route)) == route
    assert len(route.stretches) == 1
    assert route.without_point(0) == route


@pytest.mark.parametrize(
    "change",
    [
        {"points": [[0, 0]]}, {"points": [[0, 0], [1, "x"]]}, {"points": 3}, {"width": 0}, {"overlap": 5000},
        {"stretches": []}, {"stretches": [[1, "a"]]}, {"stretches": [[0, "a"], [0, "b"]]}, {"stretches": [[0, 3]]},
        {"seed": -1}, {"seed": 0.5}, {"layer": None}, {"painted": -1},
    ],
)  # fmt: skip
def test_nonsense_is_refused(change) -> None:
    data = route_to_json(BENT)
    assert data is not None
    with pytest.raises(CanvasError, match="makes no sense"):
        route_from_json({**data, **change})


def test_a_route_survives_undo_and_the_file(tmp_path) -> None:
    document = Document.new(Bounds(0, 0, 64, 64))
    project = Project.create(tmp_path / "a.scroll", document)
    document.set_marking(ROUTE, BENT)
    for words in ("m", "mo", "moon"):
        document.set_marking(ROUTE, document.route.with_prompt(0, words), merge="words")  # type: ignore[union-attr]
    assert document.history.steps_done == 2
    project.close()
    project = Project.open(tmp_path / "a.scroll")
    document = project.document
    assert document.route == BENT.with_prompt(0, "moon")
    assert document.undo() == "Route"
    assert document.route == BENT
    document.undo()
    assert document.route is None
    document.redo()
    project.close()
    project = Project.open(tmp_path / "a.scroll")
    assert project.document.route == BENT
    project.close()


def test_a_route_that_cannot_be_read_keeps_no_painting_closed(tmp_path) -> None:
    import sqlite3

    Project.create(tmp_path / "a.scroll", Document.new(Bounds(0, 0, 64, 64))).close()
    connection = sqlite3.connect(tmp_path / "a.scroll")
    connection.execute("UPDATE meta SET value = '{\"points\": 7}' WHERE key = 'route'")
    connection.commit()
    connection.close()
    project = Project.open(tmp_path / "a.scroll")
    assert project.document.route is None
    project.close()
