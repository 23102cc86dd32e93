"""A file whose drive or folder is gone: nothing is shown empty, nothing is painted over, all comes back."""

import sqlite3
import threading
from functools import reduce

import pytest
from PySide6.QtGui import QColor

from canvas.compositor import Compositor
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.project.project import Project
from canvas.project.reader import UnreachableError
from canvas.selection import Selection
from tests.canvas.project.conftest import look, paint

SEEN = Bounds(0, 0, 512, 512)


@pytest.fixture
def gone(document, tmp_path, monkeypatch):
    """An open painting, nothing of it in memory, and its folder is away."""
    monkeypatch.setattr("canvas.project.absence.RETRY", 0.05)
    folder = tmp_path / "drive"
    folder.mkdir()
    project = Project.create(folder / "a.scroll", document)
    paint(document, 0, 0, size=510)
    project.close()
    project = Project.open(project.path)
    project._reader.close()  # as after an error; an open file outlives its folder
    folder.rename(tmp_path / "unplugged")
    yield project
    project.abandon()


def bring_back(project: Project) -> None:
    folder = project.path.parent
    (folder.parent / "unplugged").rename(folder)


def first_layer(project: Project) -> PaintLayer:
    return next(project.document.tree.paint_layers())


def test_looking_says_so_once_and_again_when_it_is_back(gone):
    told: list[str] = []
    back = threading.Event()
    gone.care.unreachable.connect(told.append)
    gone.care.reachable.connect(lambda _: back.set())
    surface = first_layer(gone).surface
    for key in ((0, 0), (1, 0), (1, 0)):
        with pytest.raises(UnreachableError, match="cannot be read at present"):
            surface.tile(key)
    assert len(told) == 1
    assert str(gone.path) in told[0]
    assert not gone.complaints  # it is not damaged
    bring_back(gone)
    assert back.wait(10)
    assert surface.tile((1, 0)) is not None


def test_what_cannot_be_read_is_not_painted_over(gone):
    document, layer = gone.document, first_layer(gone)
    document.active = layer
    names = document.history.names
    with pytest.raises(UnreachableError):
        paint(document, -300, -300, seed=3, size=600)  # two of its tiles are empty and could be painted on
    with pytest.raises(UnreachableError):
        document.clear(layer, Selection.rectangle(Bounds(10, 10, 20, 20)))
    assert document.history.names == names
    assert (-1, -1) not in layer.surface
    document.set_selection(Selection.rectangle(Bounds(0, 0, 9, 9)))  # all the rest goes on
    bring_back(gone)
    shown = look(document, SEEN)[0]
    assert shown[:510, :510, 3].all()


def test_the_canvas_is_hatched_there_and_right_afterwards(gone):
    compositor = Compositor(gone.document, QColor("white"))
    marked: list[Bounds] = []
    compositor.updated.connect(marked.append)
    hatched = compositor.tile((0, 0), 1)
    assert hatched is not None
    assert {hatched.pixelColor(x, 40).name() for x in range(60)} != {"#ffffff"}
    with pytest.raises(CanvasError):
        compositor.flatten(SEEN)  # an export is whole or refused
    bring_back(gone)
    compositor.try_again()
    assert reduce(Bounds.united, marked) == SEEN
    fresh = Compositor(gone.document, QColor("white"))
    assert compositor.tile((0, 0), 1) == fresh.tile((0, 0), 1)
    compositor.close()
    fresh.close()


def test_reading_ahead_is_the_same_as_reading(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, -200, -100, size=900)
    before = look(document)[0]
    project.close()
    project = Project.open(project.path)
    tiles = project._ledger.tiles
    project.look_ahead(Bounds(-200, -100, 300, 300))
    assert 4 <= len(tiles.ahead._coming) <= 9
    assert (look(project.document)[0] == before).all()
    assert not tiles.ahead._coming
    project.look_ahead(Bounds(-200, -100, 900, 900))  # all of it is in memory
    assert not tiles.ahead._coming
    project.close()


def test_reading_ahead_meets_damage_and_it_is_told(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    project.close()
    project = Project.open(project.path)
    layer = first_layer(project)
    refs = layer.surface.away()
    digests = {key: refs[key].digest for key in refs}
    connection = sqlite3.connect(project.path, isolation_level=None)
    one, other = digests[(0, 0)], digests[(1, 1)]
    connection.execute("UPDATE blob SET data = (SELECT data FROM blob WHERE hash = ?) WHERE hash = ?", (one, other))
    connection.close()
    told: list[str] = []
    project.care.damaged.connect(told.append)
    project.look_ahead(SEEN)
    for future, _ in list(project._ledger.tiles.ahead._coming.values()):
        future.exception(10)
    seen = look(project.document, SEEN)[0]
    assert not seen[256:, 256:].any()
    assert seen[:256, :256, 3].all()
    assert len(told) == 1
    assert len(project.complaints) == 1
    project.abandon()
