"""Masks, adjustments, clipping, saved selections and guides in the file, and files from before there were any."""

import sqlite3
from pathlib import Path

import numpy as np

from canvas.adjustments import Curves, HueSaturation
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.guides import Guide
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, LayerMask, PaintLayer
from canvas.markings import GUIDES
from canvas.project.project import Project
from canvas.project.schema import packed
from canvas.selection import Selection
from tests.canvas.naive import noise, words
from tests.canvas.project.conftest import look, paint

WINDOW = Bounds(-600, -600, 1800, 1800)


def pixels(layer: PaintLayer) -> np.ndarray:
    return words(layer.surface.read(WINDOW))


def active(project: Project) -> PaintLayer:
    layer = project.document.active
    assert isinstance(layer, PaintLayer)
    return layer


def mask_of(layer: PaintLayer) -> LayerMask:
    assert layer.mask is not None
    return layer.mask


def reopened(project: Project) -> Project:
    project.close()
    return Project.open(project.path)


def test_masks_clipping_and_adjustments_come_back(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    base = document.active
    group = GroupLayer("g")
    document.add_layer(group)
    curves = AdjustmentLayer("curves", Curves(red=((0.0, 0.1), (0.5, 0.7), (1.0, 1.0))))
    document.add_layer(curves, group)
    document.set_layer(curves, adjustment=HueSaturation(hue=30, colorize=True), blend_mode=BlendMode.LUMINOSITY)
    document.set_layer(base, clipped=True)
    mask = document.add_mask(base, Selection.ellipse(Bounds(-50, 20, 300, 200)))
    document.add_mask(group)
    document.put_image(mask, 100, 100, noise(90, 80, 3))
    document.set_layer(mask, enabled=False)
    document.shift_layers([mask], 5, -7)
    document.active = mask
    before = pixels(mask)
    again = reopened(project)
    layers = list(again.document.tree.walk())
    first, adjusted, folder = layers
    assert [layer.id for layer in layers] == [base.id, curves.id, group.id]
    assert first.clipped
    assert isinstance(first.mask, LayerMask)
    assert (first.mask.enabled, first.mask.hides_outside, first.mask.offset) == (False, True, (5, -7))
    assert (pixels(first.mask) == before).all()
    assert isinstance(adjusted, AdjustmentLayer)
    assert adjusted.adjustment == HueSaturation(hue=30, colorize=True)
    assert adjusted.blend_mode is BlendMode.LUMINOSITY
    assert folder.mask is not None
    assert not folder.mask.hides_outside
    assert again.document.active is first.mask
    again.close()


def test_a_mask_taken_away_and_brought_back_is_written_both_times(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    layer = document.active
    mask = document.add_mask(layer, Selection.rectangle(Bounds(0, 0, 600, 200)))
    before = pixels(mask)
    project.flush().result(10)
    assert Project.inspect(project.path)["tiles"] == 7
    document.remove_mask(layer)
    project = reopened(project)
    assert active(project).mask is None
    assert Project.inspect(project.path)["tiles"] == 4
    document = project.document
    document.add_mask(active(project), Selection.rectangle(Bounds(0, 0, 600, 200)))
    document.remove_mask(active(project))
    project.flush().result(10)
    document.undo()
    project = reopened(project)
    assert (pixels(mask_of(active(project))) == before).all()
    project.close()


def test_saved_selections_and_guides_come_back_in_order(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    shapes = {
        "b": Selection.ellipse(Bounds(3, -40, 200, 150)).feathered(5),
        "a": Selection.rectangle(Bounds(0, 0, 30, 30)),
        "nothing": Selection.none(),
    }
    for name, shape in shapes.items():
        document.save_selection(name, shape)
    document.save_selection("gone", shapes["a"])
    document.save_selection("gone", None)
    document.set_marking(GUIDES, (Guide(True, -20), Guide(False, 300)))
    project = reopened(project)
    assert list(project.document.saved_selections.items()) == list(shapes.items())
    assert project.document.guides == (Guide(True, -20), Guide(False, 300))
    project = reopened(project)  # nothing of it was thrown away as unused
    assert dict(project.document.saved_selections) == shapes
    project.close()


def as_1_0(path: Path) -> None:
    """Takes everything out of a file that came with 1.1 and 1.2."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TABLE IF EXISTS generation_text")
    for index in ("generation_narrow", "generation_parent", "verdict_generation"):
        connection.execute(f"DROP INDEX IF EXISTS {index}")
    connection.execute("ALTER TABLE generation DROP COLUMN form")
    for table in ("annotation", "step", "step_blob", "away_layer", "away_tile", "film"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DELETE FROM meta WHERE key = 'check'")
    connection.execute("DROP TABLE saved_selection")
    connection.execute("DROP TABLE kept")
    connection.execute("ALTER TABLE layer DROP COLUMN clipped")
    connection.execute("ALTER TABLE layer DROP COLUMN extra")
    connection.execute(f"PRAGMA user_version = {packed(1, 0)}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def test_a_file_of_1_0_opens_with_a_copy_of_it_kept(document: Document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    before = look(document)
    project.close()
    as_1_0(project.path)
    assert Project.inspect(project.path)["version"] == "1.0"
    again = Project.open(project.path)
    assert all((one == other).all() for one, other in zip(before, look(again.document), strict=True))
    document = again.document
    assert not document.history.can_undo
    document.add_mask(active(again), Selection.rectangle(Bounds(0, 0, 50, 50)))
    document.save_selection("kept", Selection.rectangle(Bounds(0, 0, 50, 50)))
    again = reopened(again)
    assert mask_of(active(again)).hides_outside
    assert list(again.document.saved_selections) == ["kept"]
    assert again.document.history.names == ("Add mask", "Save selection")
    again.close()
    copy = tmp_path / "a.before-1.2.scroll"
    assert Project.inspect(copy)["version"] == "1.0"
    assert Project.inspect(project.path)["version"] == "1.2"
