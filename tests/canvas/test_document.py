"""The document: transactions, undo, merging, budgets, layers in their tree."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from canvas.brush import BrushSettings
from canvas.changes import ChangeKind, DocumentChange
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds, Point
from canvas.layers import BlendMode, GroupLayer, PaintLayer
from canvas.selection import Selection
from canvas.stroke import Stroke
from canvas.tile import TILE_BYTES
from tests.canvas.naive import blank, noise, same, solid, words

WINDOW = Bounds(-600, -600, 1200, 1200)
FRAME = Bounds(0, 0, 512, 512)


def fresh() -> tuple[Document, PaintLayer, list[DocumentChange]]:
    document = Document.new(FRAME)
    told: list[DocumentChange] = []
    document.changed.connect(told.append)
    assert isinstance(document.active, PaintLayer)
    return document, document.active, told


def test_a_new_document_has_one_active_layer_and_no_history() -> None:
    document, layer, _ = fresh()
    assert [one.name for one in document.tree.walk()] == ["Layer 1"]
    assert document.active is layer
    assert not document.history.can_undo
    assert document.content_bounds() == NOTHING
    assert document.undo() is None
    assert document.redo() is None


def test_putting_a_picture_tells_where_and_which_tiles() -> None:
    document, layer, told = fresh()
    document.set_layer(layer, offset=Point(10, 20))
    told.clear()
    document.put_image(layer, 5, 5, solid(30, 10, (1, 2, 3, 255)))
    tiles = [change for change in told if change.kind is ChangeKind.TILES]
    assert len(tiles) == 1
    assert tiles[0].bounds == Bounds(5, 5, 30, 10)
    assert tiles[0].keys == {(-1, -1), (0, -1)}
    assert told[-1].kind is ChangeKind.HISTORY
    assert document.content_bounds() == Bounds(5, 5, 30, 10)


def test_a_transaction_is_one_step_and_nested_ones_join() -> None:
    document, layer, _ = fresh()
    with document.transaction("Paste"):
        document.put_image(layer, 0, 0, noise(50, 50, 1))
        with document.transaction("inner"):
            extra = PaintLayer("extra")
            document.add_layer(extra)
            document.put_image(extra, 9, 9, noise(50, 50, 2))
        document.set_frame(Bounds(1, 1, 20, 20))
    assert document.history.names == ("Paste",)
    assert document.undo() == "Paste"
    assert document.frame == FRAME
    assert list(document.tree.walk()) == [layer]
    assert len(layer.surface) == 0
    assert document.redo() == "Paste"
    assert document.frame == Bounds(1, 1, 20, 20)
    assert len(extra.surface) == 1


def test_an_exception_takes_everything_back() -> None:
    document, layer, _ = fresh()
    document.put_image(layer, 0, 0, noise(50, 50, 1))
    before = layer.surface.read(WINDOW)

    def fail() -> None:
        with document.transaction("Paste"):
            document.put_image(layer, 20, 20, noise(50, 50, 2))
            document.add_layer(PaintLayer("gone"))
            document.set_selection(Selection.rectangle(Bounds(0, 0, 5, 5)))
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        fail()
    assert same(layer.surface.read(WINDOW), before)
    assert list(document.tree.walk()) == [layer]
    assert document.selection.is_empty
    assert document.history.names == ("Put image",)
    assert not document.in_transaction


def test_an_inner_failure_that_is_caught_keeps_the_outer_work() -> None:
    document, layer, _ = fresh()

    def reframe_badly() -> None:
        with document.transaction("inner"):
            document.set_frame(Bounds(5, 5, 5, 5))
            document.set_frame(NOTHING)

    with document.transaction("outer"):
        document.put_image(layer, 0, 0, solid(9, 9, (9, 9, 9, 255)))
        with pytest.raises(CanvasError, match="at least one pixel"):
            reframe_badly()
    assert document.frame == FRAME
    assert document.history.names == ("outer",)
    assert document.content_bounds() == Bounds(0, 0, 9, 9)


def test_a_listener_that_fails_leaves_no_half_done_change() -> None:
    document, layer, _ = fresh()

    def refuse(change: DocumentChange) -> None:
        if change.kind is ChangeKind.TILES and change.origin == "edit":
            raise ValueError("listener")

    document.changed.connect(refuse)
    with pytest.raises(ValueError, match="listener"):
        document.put_image(layer, 0, 0, solid(9, 9, (9, 9, 9, 255)))
    assert len(layer.surface) == 0
    assert not document.history.can_undo


def test_an_empty_transaction_leaves_no_step_and_undo_waits_for_its_end() -> None:
    document, _, _ = fresh()
    with document.transaction("nothing"), pytest.raises(CanvasError, match="not finished"):
        document.undo()
    assert document.history.names == ()


def test_drags_merge_into_one_step() -> None:
    document, layer, _ = fresh()
    for value in (0.9, 0.5, 0.2):
        document.set_layer(layer, merge=True, opacity=value)
    for x in range(5):
        document.set_frame(FRAME.translated(x + 1, 0), merge=True)
    assert document.history.names == ("Layer opacity", "Frame")
    document.history.seal()
    document.set_frame(FRAME.translated(90, 0), merge=True)
    assert document.history.names == ("Layer opacity", "Frame", "Frame")
    document.undo()
    assert document.frame == FRAME.translated(5, 0)
    document.undo()
    assert document.frame == FRAME
    document.undo()
    assert layer.opacity == 1.0
    document.redo()
    assert layer.opacity == 0.2


def test_a_drag_after_undo_does_not_merge_into_an_older_one() -> None:
    document, layer, _ = fresh()
    document.set_layer(layer, merge=True, opacity=0.5)
    document.set_layer(layer, name="x")
    document.undo()
    document.set_layer(layer, merge=True, opacity=0.1)
    assert document.history.names == ("Layer opacity", "Layer opacity")
    assert not document.history.can_redo


def put_over(last: int) -> QImage:
    """What the pictures up to this one look like over each other."""
    image = blank(Bounds(0, 0, 200, 200))
    for n in range(last + 1):
        with QPainter(image) as painter:
            painter.drawImage(0, 0, noise(200, 200, n))
    return image


def test_the_oldest_steps_go_when_the_budget_is_full() -> None:
    document, layer, _ = fresh()
    document.history.budget_bytes = 5 * TILE_BYTES
    for n in range(12):
        document.put_image(layer, 0, 0, noise(200, 200, n))
    document.history.settle()
    assert document.history.held_bytes <= 5 * TILE_BYTES
    kept = len(document.history.names)
    assert 5 <= kept < 12
    for n in range(11, 11 - kept, -1):
        assert same(layer.surface.read(Bounds(0, 0, 200, 200)), put_over(n))
        assert document.undo()
    assert document.undo() is None
    document.history.clear()
    assert document.history.held_bytes == 0
    document.history.budget_bytes = 0
    document.put_image(layer, 0, 0, noise(200, 200, 99))
    assert document.history.can_undo


def test_selecting_keeps_what_can_be_redone_but_painting_does_not() -> None:
    document, layer, _ = fresh()
    document.put_image(layer, 0, 0, noise(20, 20, 1))
    document.undo()
    document.set_selection(Selection.rectangle(Bounds(0, 0, 9, 9)))
    assert document.history.redo_name == "Put image"
    assert document.redo() == "Put image"
    assert document.undo() == "Put image"
    assert document.undo() == "Select"
    assert document.selection.is_empty
    document.put_image(layer, 0, 0, noise(20, 20, 2))
    assert not document.history.can_redo


def test_a_transaction_keeps_only_the_first_and_last_state_of_a_tile() -> None:
    document, layer, _ = fresh()
    document.put_image(layer, 0, 0, noise(200, 200, 0))
    with document.transaction("many"):
        for n in range(10):
            document.put_image(layer, 0, 0, noise(200, 200, n + 1))
    assert document.history.held_bytes == TILE_BYTES
    document.undo()
    assert same(layer.surface.read(Bounds(0, 0, 200, 200)), noise(200, 200, 0))


def test_clearing_cuts_the_selected_pixels() -> None:
    document, layer, _ = fresh()
    document.set_layer(layer, offset=Point(-13, 40))
    document.put_image(layer, -300, -300, noise(500, 500, 3))
    before = words(layer.surface.read(WINDOW.translated(13, -40)))
    shape = Selection.polygon([(-200, -250), (150, -100), (-60, 170)]).feathered(9)
    document.clear(layer, shape)
    after = words(layer.surface.read(WINDOW.translated(13, -40)))
    covered = shape.coverage(WINDOW)
    assert np.array_equal(after[covered == 0], before[covered == 0])
    assert not after[covered == 255].any()
    expected = before * (1 - covered[..., None] / 255)
    assert np.abs(after - expected).max() <= 0.51
    assert (after[..., :3].max(axis=2) <= after[..., 3]).all()
    document.clear(layer, Selection.none())
    assert len(layer.surface) == 0
    assert document.undo() == "Clear"
    assert np.array_equal(words(layer.surface.read(WINDOW.translated(13, -40))), after)


def test_removing_the_active_layer_activates_a_neighbour_and_undo_gives_it_back() -> None:
    document, lowest, told = fresh()
    middle, top = PaintLayer("middle"), PaintLayer("top")
    document.add_layer(middle)
    document.add_layer(top)
    document.active = middle
    document.remove_layer(middle)
    assert document.active is lowest
    assert told[-2].kind is ChangeKind.ACTIVE
    document.undo()
    assert document.active is middle
    assert [one.name for one in document.tree.walk()] == ["Layer 1", "middle", "top"]
    document.remove_layer(lowest)
    document.remove_layer(top)
    document.remove_layer(middle)
    assert document.active is None
    with pytest.raises(CanvasError, match="not part of this document"):
        document.active = middle


def test_what_changes_no_pixel_is_no_step() -> None:
    document, layer, _ = fresh()
    document.put_image(layer, 0, 0, solid(20, 20, (1, 2, 3, 255)))
    held = layer.surface.tile((0, 0))
    erase = QPainter.CompositionMode.CompositionMode_DestinationOut
    document.put_image(layer, 100, 100, solid(20, 20, (1, 2, 3, 255)), erase)
    document.put_image(layer, 0, 0, solid(20, 20, (1, 2, 3, 255)))
    document.clear(layer, Selection.rectangle(Bounds(100, 100, 20, 20)))
    look = BrushSettings(size=20, eraser=True)
    eraser = Stroke(layer, look, (0, 0, 0), Selection.none())
    eraser.add(150, 150)
    eraser.finish(document)
    assert document.history.names == ("Put image",)
    assert layer.surface.tile((0, 0)) is held


def test_a_duplicate_shares_pixels_until_one_is_painted_on() -> None:
    document, layer, _ = fresh()
    document.put_image(layer, 0, 0, noise(300, 300, 1))
    group = GroupLayer("group")
    document.add_layer(group)
    document.move_layer(layer, group, 0)
    twin = document.duplicate_layer(group)
    assert isinstance(twin, GroupLayer)
    inner = twin.children[0]
    assert isinstance(inner, PaintLayer)
    assert (twin.name, inner.name) == ("group copy", "Layer 1")
    assert len({one.id for one in document.tree.walk()}) == 4
    before = layer.surface.read(WINDOW)
    document.put_image(inner, 10, 10, noise(50, 50, 2))
    assert same(layer.surface.read(WINDOW), before)
    assert not same(inner.surface.read(WINDOW), before)


def test_moving_layers_between_groups() -> None:
    document, layer, _ = fresh()
    outer, nested, other = GroupLayer("outer"), GroupLayer("nested"), PaintLayer("other")
    document.add_layer(outer)
    document.add_layer(nested, outer)
    document.add_layer(other)
    document.move_layer(layer, nested, 0)
    document.move_layer(other, outer, 0)
    assert [one.name for one in document.tree.walk()] == ["other", "Layer 1", "nested", "outer"]
    with pytest.raises(CanvasError, match="into itself"):
        document.move_layer(outer, nested, 0)
    with pytest.raises(CanvasError, match="can be at"):
        document.move_layer(other, outer, 2)
    steps = len(document.history.names)
    document.move_layer(other, outer, 0)
    assert len(document.history.names) == steps
    document.move_layer(other, outer, 1)
    assert outer.children == [nested, other]
    for _ in range(3):
        document.undo()
    assert document.tree.root.children == [layer, outer, other]


def test_properties_are_checked() -> None:
    document, layer, _ = fresh()
    with pytest.raises(CanvasError, match="0 to 1"):
        document.set_layer(layer, opacity=1.5)
    with pytest.raises(CanvasError, match="no property size"):
        document.set_layer(layer, size=3)
    with pytest.raises(CanvasError, match="not part of"):
        document.set_layer(PaintLayer("stranger"), opacity=0.5)
    with pytest.raises(CanvasError, match="already in"):
        document.add_layer(layer)
    document.set_layer(layer, blend_mode="multiply")
    assert layer.blend_mode is BlendMode.MULTIPLY
    document.set_layer(layer, blend_mode=BlendMode.MULTIPLY)
    assert document.history.names == ("Blend mode",)
    assert document.tree.find(layer.id) is layer
    with pytest.raises(CanvasError, match="no layer with the id"):
        document.tree.find("nothing")


def test_hiding_tells_the_area_but_renaming_does_not() -> None:
    document, layer, told = fresh()
    document.put_image(layer, 0, 0, solid(10, 10, (1, 1, 1, 255)))
    told.clear()
    document.set_layer(layer, visible=False)
    document.set_layer(layer, name="renamed")
    document.set_layer(layer, offset=Point(512, 0))
    changes = [change.bounds for change in told if change.kind is ChangeKind.LAYER_SET]
    assert changes == [Bounds(0, 0, 256, 256), NOTHING, Bounds(0, 0, 768, 256)]


def test_every_blend_mode_has_a_composition_of_its_own() -> None:
    of_qt = [mode for mode in BlendMode if not mode.mixes_channels]
    assert len({mode.composition for mode in of_qt}) == len(of_qt) >= 16
