"""Whatever writes places or layers keeps the sums in the file right: a wrong one would call a whole file damaged."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from canvas.document import Document
from canvas.geometry import Bounds, Point
from canvas.layers import GroupLayer, PaintLayer
from canvas.merging import apply_mask, merge_layers
from canvas.project.batch import LayerRow
from canvas.project.checks import KEY, as_json, layer_sum, tile_sum
from canvas.project.project import Project
from canvas.selection import Selection
from tests.canvas.project.conftest import paint
from tests.canvas.project.test_new_model import as_1_0
from tests.canvas.project.test_project import record

LAYERS = f"SELECT {', '.join(LayerRow._fields)} FROM layer"


def assert_sums_fit(path: Path, what: str) -> None:
    """Adds up anew what the file says, through another connection."""
    with closing(sqlite3.connect(path)) as connection:
        (said,) = connection.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
        tiles = connection.execute("SELECT layer_id, tx, ty, hash FROM tile").fetchall()
        layers = connection.execute(LAYERS).fetchall()
    assert said == as_json(sum(tile_sum(row[0], [row[1:]]) for row in tiles), layer_sum(layers)), what


def some_layers(document: Document) -> tuple[GroupLayer, PaintLayer, PaintLayer]:
    group, low, high = GroupLayer("group"), PaintLayer("low"), PaintLayer("high")
    document.add_layer(group)
    document.add_layer(low, group)
    document.add_layer(high, group)
    for layer, seed in ((low, 1), (high, 2)):
        document.active = layer
        paint(document, -70, 40, seed=seed)
    return group, low, high


def test_all_that_is_done_to_a_document_keeps_them(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    group, low, high = some_layers(document)

    def merge() -> None:
        merge_layers(document, [low, high], "merged")

    def mask() -> None:
        document.add_mask(high, Selection.rectangle(Bounds(0, 0, 90, 400)))
        apply_mask(document, high)

    deeds: dict[str, Callable[[], object]] = {
        "paint over what is there": lambda: paint(document, 10, 10, seed=5),
        "clear a part": lambda: document.clear(low, Selection.rectangle(Bounds(0, 0, 300, 300))),
        "clear all": lambda: document.clear(low, Selection.none()),
        "undo": document.undo,
        "redo": document.redo,
        "undo again": document.undo,
        "mask": mask,
        "set": lambda: document.set_layer(high, opacity=1 / 3, offset=Point(-3, 99), name="夜"),
        "move": lambda: document.move_layer(high, None, 0),
        "undo the move": document.undo,
        "shift": lambda: document.shift_layers([low, high], 300, -300),
        "duplicate": lambda: document.duplicate_layer(high),
        "remove": lambda: document.remove_layer(high),
        "restore": document.undo,
        "merge": merge,
        "undo the merge": document.undo,
        "remove a group": lambda: document.remove_layer(group),
        "restore the group": document.undo,
        "forget the steps": document.forget_steps,
        "save": lambda: project.save().result(20),
    }
    for name, deed in deeds.items():
        deed()
        project.flush().result(20)
        assert_sums_fit(project.path, name)
    for _ in range(2):  # many things at once
        while document.undo():
            pass
        while document.redo():
            pass
        project.flush().result(20)
        assert_sums_fit(project.path, "all the way back and forth")
    project.close()


def test_all_that_is_done_to_a_file_keeps_them(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    some_layers(document)
    paint(document, 600, 0, seed=4, size=900)

    def reopen() -> None:
        nonlocal project
        path = project.path
        project.close()
        assert_sums_fit(path, "close")
        project = Project.open(path)
        project.document.undo()

    def generate() -> None:
        patch = np.full((8, 8, 4), 3, np.uint8)
        project.document.generations.append(project.store_generation(record(1), [patch], {}).result(20))

    def rescue() -> None:
        losses = project.care.rescue(tmp_path / "rescued.scroll").result(20)
        project.care.rescued(losses)

    deeds: dict[str, Callable[[], object]] = {
        "first": lambda: None,
        "reopen": reopen,
        "save as": lambda: project.save_as(tmp_path / "b.scroll").result(20),
        "compact": lambda: project.care.compact().result(20),
        "generate": generate,
        "remove unkept": lambda: project.care.remove_unkept().result(20),
        "rescue": rescue,
        "reopen the rescued": reopen,
    }
    for number, (name, deed) in enumerate(deeds.items()):
        deed()
        for _ in range(2):  # straight after it, and after the next stroke
            project.flush().result(20)
            assert_sums_fit(project.path, name)
            painted = next(project.document.tree.paint_layers())
            project.document.active = painted
            paint(project.document, 40 * number, 0, seed=number)
    project.close()
    assert_sums_fit(project.path, "the end")
    Project.open(project.path).close()


def test_the_first_writing_of_very_much_and_a_failed_one_keep_them(document, tmp_path):
    paint(document, 0, 0, size=3000)
    project = Project.create(tmp_path / "a.scroll", document)
    project.flush().result(20)
    assert_sums_fit(project.path, "written beside it")
    connection = project._writer._store.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 150}")  # a disk that is full when half is written
    paint(document, 0, 0, seed=2, size=3000)
    assert project.flush().exception(20) is not None
    assert_sums_fit(project.path, "rolled back")
    connection.execute("PRAGMA max_page_count = 1000000")
    project.care.retry()
    project.flush().result(20)
    assert_sums_fit(project.path, "made up for")
    project.close()


def test_files_of_earlier_versions_get_them(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    project.close()
    as_1_0(project.path)
    project = Project.open(project.path)
    project.document.active = next(project.document.tree.paint_layers())
    paint(project.document, 100, 100, seed=3)
    project.flush().result(20)
    assert_sums_fit(project.path, "migrated")
    project.close()
    Project.open(project.path).close()
