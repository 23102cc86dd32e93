"""Undo that is compressed and spilled, tiles that leave memory, gestures that go back without a trace."""

import gc
import time
import weakref
from pathlib import Path

import numpy as np
import pytest

from canvas.document import Document
from canvas.geometry import TILE, Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.project.project import Project
from canvas.selection import Selection
from canvas.tile import TILE_BYTES
from tests.canvas.naive import noise, same, words

WINDOW = Bounds(0, 0, 3 * TILE, 2 * TILE)


@pytest.fixture
def document(qapp) -> Document:
    return Document.new(Bounds(0, 0, 512, 512))


@pytest.fixture
def project(document, tmp_path: Path):
    made = Project.create(tmp_path / "a.scroll", document)
    yield made
    made.close()


def layer_of(document: Document) -> PaintLayer:
    return next(document.tree.paint_layers())


def smooth(seed: int) -> np.ndarray:
    """A picture of WINDOW's size that can be compressed."""
    coarse = np.random.default_rng(seed).integers(1, 256, (WINDOW.height // 64, WINDOW.width // 64, 4), np.uint8)
    return coarse.repeat(64, 0).repeat(64, 1)


def play(document: Document, steps: int) -> list[np.ndarray]:
    """Paints over and over; returns what it looked like after each step, and before."""
    layer = layer_of(document)
    looks = [words(layer.surface.read(WINDOW))]
    for seed in range(steps):
        document.put_image(layer, 0, 0, from_rgba(smooth(seed)))
        looks.append(words(layer.surface.read(WINDOW)))
    return looks


def walk_back_and_forth(document: Document, looks: list[np.ndarray]) -> None:
    layer = layer_of(document)
    for look in reversed(looks[:-1]):
        assert document.undo()
        assert (words(layer.surface.read(WINDOW)) == look).all()
    for look in looks[1:]:
        assert document.redo()
        assert (words(layer.surface.read(WINDOW)) == look).all()


def rest(document: Document, project: Project) -> None:
    """Lets everything that goes on in threads come to its end."""
    history = document.history
    for _ in range(3):
        history.settle()
        project.flush().result(10)
    project.tend()


def test_old_steps_are_compressed_and_come_back_exactly(document) -> None:
    document.history.budget_bytes = 40 * TILE_BYTES
    looks = play(document, 12)
    document.history.settle()
    assert len(document.history.names) == 12
    assert 0 < document.history.held_bytes <= 21 * TILE_BYTES  # of 66
    walk_back_and_forth(document, looks)


def test_what_memory_cannot_hold_goes_to_the_file_and_comes_back(document, project) -> None:
    document.history.budget_bytes = 0
    looks = play(document, 12)
    rest(document, project)
    assert len(document.history.names) == 12
    assert document.history.held_bytes == 0
    blobs = Project.inspect(project.path)["blobs"]
    assert blobs >= 66
    walk_back_and_forth(document, looks)
    document.history.clear()
    document.set_frame(Bounds(0, 0, 9, 9))
    rest(document, project)
    document.set_frame(Bounds(0, 0, 10, 9))
    rest(document, project)
    assert Project.inspect(project.path)["blobs"] <= 12  # what undo kept is gone with it


def test_selections_and_layers_taken_out_are_spilled_too(document, project) -> None:
    document.history.budget_bytes = 0
    shapes = [Selection.ellipse(Bounds(0, 0, 400 + n, 300)) for n in range(5)]
    for shape in shapes:
        document.set_selection(shape)
    looks = play(document, 2)
    layer = layer_of(document)
    document.remove_layer(layer)
    document.set_frame(Bounds(0, 0, 9, 9))
    rest(document, project)
    assert document.history.held_bytes == 0
    assert layer.surface.loaded == 0
    document.undo()
    document.undo()
    assert (words(layer.surface.read(WINDOW)) == looks[2]).all()
    document.undo()
    document.undo()
    for shape in reversed(shapes):
        assert document.selection == shape
        document.undo()
    assert document.selection.is_empty


def test_a_selection_between_two_steps_has_one_box(document) -> None:
    for side in (300, 400, 500):
        document.set_selection(Selection.rectangle(Bounds(0, 0, side, side)))
    masks = [weakref.ref(step.edits[-1].before.kept.pixels()) for step in document.history._done[1:]]
    document.history.budget_bytes = 50_000
    document.history.settle()
    gc.collect()
    assert all(mask() is None for mask in masks)  # the step that made it does not hold it as it was
    assert document.undo()
    assert document.selection == Selection.rectangle(Bounds(0, 0, 400, 400))


def test_tiles_that_are_in_the_file_leave_memory_and_come_back(document, project) -> None:
    layer = layer_of(document)
    project.pager.budget_bytes = 4 * TILE_BYTES
    for n in range(20):
        document.put_image(layer, n * TILE, 0, noise(TILE, TILE, n))
    project.flush().result(10)
    project.tend()
    assert layer.surface.loaded <= 4
    assert document.history.held_bytes == 0
    for n in range(20):
        assert same(layer.surface.read(Bounds(n * TILE, 0, TILE, TILE)), noise(TILE, TILE, n))
        assert layer.surface.loaded <= 4 + 8
    document.put_image(layer, 0, 0, noise(TILE, TILE, 99))
    document.undo()
    assert same(layer.surface.read(Bounds(0, 0, TILE, TILE)), noise(TILE, TILE, 0))


def test_an_evicted_tile_survives_painting_removing_and_copying(document, project) -> None:
    layer = layer_of(document)
    project.pager.budget_bytes = 0
    document.put_image(layer, 0, 0, noise(TILE, TILE, 1))
    project.flush().result(10)
    project.tend()
    assert layer.surface.loaded == 0
    twin = document.duplicate_layer(layer)
    assert isinstance(twin, PaintLayer)
    assert twin.surface.loaded == 0
    for step in (
        lambda: document.set_tiles(layer, {(0, 0): None}),
        lambda: document.remove_layer(twin),
        lambda: document.remove_layer(layer),
        document.undo,
        document.undo,
        document.undo,
        document.undo,
        document.redo,
        lambda: document.set_tiles(layer, {(0, 0): noise(TILE, TILE, 5)}),
    ):
        step()
        rest(document, project)
    assert same(twin.surface.read(Bounds(0, 0, TILE, TILE)), noise(TILE, TILE, 1))
    document.undo()
    assert same(layer.surface.read(Bounds(0, 0, TILE, TILE)), noise(TILE, TILE, 1))
    assert not project.complaints


def test_a_step_undone_while_the_file_is_still_behind_is_not_lost(document, project) -> None:
    """The commit of an older state of a tile must not be taken for that of the newer one."""
    layer = layer_of(document)
    project.pager.budget_bytes = 0
    for n in range(15):
        document.put_image(layer, 0, 0, noise(TILE, TILE, n, opaque=True))
        time.sleep(0.01 * (n % 5))
        document.put_image(layer, 0, 0, noise(TILE, TILE, 100 + n, opaque=True))
        project.flush()
        document.undo()
        project.tend()
        assert same(layer.surface.read(Bounds(0, 0, TILE, TILE)), noise(TILE, TILE, n, opaque=True))
    rest(document, project)
    assert same(layer.surface.read(Bounds(0, 0, TILE, TILE)), noise(TILE, TILE, 14, opaque=True))
    assert not project.complaints


def test_a_gesture_goes_back_without_a_trace(document) -> None:
    layer = layer_of(document)
    document.put_image(layer, 0, 0, noise(50, 50, 1))
    document.shift_layers([layer], 1, 1, merge=True)
    document.put_image(layer, 0, 0, noise(50, 50, 2))
    document.undo()
    before = words(layer.surface.read(WINDOW))
    mark = document.history.mark()
    for _ in range(3):
        document.shift_layers([layer], 5, 7, merge=True)
    document.put_image(layer, 9, 9, noise(50, 50, 3))
    assert not document.history.can_redo
    document.roll_back(mark)
    assert layer.offset == (1, 1)
    assert (words(layer.surface.read(WINDOW)) == before).all()
    assert document.history.names == ("Put image", "Move layer pixels")
    assert document.history.redo_names == ("Put image",)
    assert document.redo()
    assert not (words(layer.surface.read(WINDOW)) == before).all()


def test_a_mark_with_nothing_after_it_changes_nothing(document) -> None:
    document.set_frame(Bounds(0, 0, 7, 7))
    document.roll_back(document.history.mark())
    assert document.history.names == ("Frame",)
    assert document.frame == Bounds(0, 0, 7, 7)
