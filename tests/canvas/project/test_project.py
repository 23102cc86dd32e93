"""Everything a document is comes back from its file."""

import numpy as np
import pytest

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.geometry import Bounds, Point
from canvas.layers import BlendMode, GroupLayer, PaintLayer
from canvas.project.batch import layer_rows
from canvas.project.project import Project
from canvas.selection import Selection
from tests.canvas.project.conftest import look, paint


def record(number: int, parent: str = "") -> GenerationRecord:
    request = {"prompt": f"夜 boat {number}", "model": "starter", "seed": 2**63 - 1, "width": 64}
    return GenerationRecord(
        f"r{number}",
        parent,
        "2026-01-01T00:00:00.000+00:00",
        "inpaint",
        "finished",
        request,
        Bounds(-5, 6, 64, 48),
        {"seconds": 1.5},
        thumbnail=b"png",
    )


def reopened(project: Project) -> Project:
    project.close()
    return Project.open(project.path)


def test_a_whole_document_comes_back(document: Document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, -200, -100)
    group = GroupLayer("Räuber 群")
    document.add_layer(group)
    layer = PaintLayer("inside")
    document.add_layer(layer, group)
    document.active = layer
    paint(document, 100, 30, seed=2)
    document.set_layer(layer, offset=Point(-40, 7), opacity=0.25, blend_mode=BlendMode.MULTIPLY, alpha_locked=True)
    document.set_layer(group, visible=False, locked=True)
    document.set_selection(Selection.ellipse(Bounds(10, -20, 90, 60)))
    document.set_frame(Bounds(-64, 5, 384, 256))
    before, rows = look(document), layer_rows(document.tree)
    again = reopened(project)
    other = again.document
    assert all((a == b).all() for a, b in zip(before, look(other), strict=True))
    assert layer_rows(other.tree) == rows
    assert (other.selection, other.frame, other.id) == (document.selection, document.frame, document.id)
    assert other.active is not None
    assert other.active.id == layer.id
    assert other.history.names == document.history.names
    again.close()
    assert [p.name for p in tmp_path.iterdir()] == ["a.scroll"]


def test_changes_are_written_by_themselves(document, tmp_path):
    import time

    project = Project.create(tmp_path / "a.scroll", document)
    project.flush().result(10)
    paint(document, 0, 0)
    assert project.state == "saving"
    deadline = time.monotonic() + 10
    while project.state != "saved" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert Project.inspect(project.path)["tiles"] == 4
    project.close()


def test_tiles_are_read_only_when_they_are_looked_at(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0, size=600)
    again = reopened(project)
    surface = next(again.document.tree.paint_layers()).surface
    assert (len(surface), surface.loaded_bytes) == (9, 0)
    assert surface.tile((1, 1)) is not None
    assert surface.loaded_bytes == 256 * 1024
    again.close()


def test_undo_and_redo_of_everything_reach_the_file(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, -200, -100)
    project.flush().result(10)
    states = [look(document)]
    first = document.active
    twin = document.duplicate_layer(first)
    document.active = twin
    paint(document, 50, 50, seed=3)
    document.remove_layer(first)
    for step in ("undo", "undo", "undo", "redo", "redo", "redo", "undo"):
        assert getattr(document, step)() is not None
        project.flush().result(10)
        states.append(look(document))
        copy = Project.open(_copied(project, tmp_path))
        assert all((a == b).all() for a, b in zip(states[-1], look(copy.document), strict=True))
        copy.close()
    project.close()


def _copied(project: Project, folder):
    target = folder / "copy.scroll"
    target.unlink(missing_ok=True)
    import sqlite3

    with sqlite3.connect(project.path) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    connection.close()
    return target


def test_a_removed_unread_layer_can_come_back(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    before = look(document)
    project = reopened(project)
    document = project.document
    document.remove_layer(next(document.tree.paint_layers()))
    project.flush().result(10)
    assert Project.inspect(project.path)["tiles"] == 0
    document.undo()
    project.flush().result(10)
    assert Project.inspect(project.path)["tiles"] == 4
    project = reopened(project)
    assert all((a == b).all() for a, b in zip(before, look(project.document), strict=True))
    project.close()


def test_the_file_does_not_grow_with_pixels_nobody_needs(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    project.kept_steps = 0
    for seed in range(5):
        paint(document, 0, 0, seed=seed)
        project.flush().result(10)
    assert Project.inspect(project.path)["blobs"] == 4
    paint(document, 0, 0, seed=9)
    project = reopened(project)
    project.kept_steps = 0
    paint(project.document, 0, 0, seed=10)
    project.flush().result(10)
    assert Project.inspect(project.path)["blobs"] == 8  # those of before may still be undone to
    project.close()
    assert Project.inspect(project.path)["blobs"] == 4


async def test_generations_are_in_the_file_before_they_are_told(document, tmp_path):
    import asyncio

    project = Project.create(tmp_path / "a.scroll", document)
    rng = np.random.default_rng(5)
    patches = [rng.integers(0, 256, (48, 64, 4), dtype=np.uint8) for _ in range(2)]
    inputs = {"image": patches[0], "mask": rng.integers(0, 256, (48, 64), dtype=np.uint8)}
    kept = await asyncio.wrap_future(project.store_generation(record(1), patches, inputs))
    assert Project.inspect(project.path)["generations"] == 1
    document.generations.append(kept)
    child = await asyncio.wrap_future(project.store_generation(record(2, "r1"), [], {}))
    document.generations.append(child)
    document.generations.keep("r1", 1, "some-layer")
    assert (await asyncio.wrap_future(project.load_blob(kept.candidates[1])) == patches[1]).all()
    again = reopened(project)
    log = again.document.generations
    assert list(log.records) == [kept, child]
    assert (log.kept("r1"), log.kept_layer("r1", 1)) == ((1,), "some-layer")
    assert kept.inputs is not None
    assert (log.blobs.get(kept.inputs["mask"]) == inputs["mask"]).all()
    assert (await asyncio.wrap_future(again.load_blob(kept.candidates[0])) == patches[0]).all()
    again.close()
    assert Project.inspect(again.path)["generations"] == 2


def test_a_document_with_a_past_is_taken_over(document, tmp_path):
    import dataclasses

    patch = np.full((48, 64, 4), 9, np.uint8)
    digest = document.generations.blobs.put(patch)
    document.generations.append(dataclasses.replace(record(1), candidates=(digest,), inputs={}))
    paint(document, 3, 4)
    before = look(document)
    again = reopened(Project.create(tmp_path / "a.scroll", document))
    assert (again.document.generations.blobs.get(digest) == patch).all()
    assert (look(again.document)[0] == before[0]).all()
    again.close()


def test_a_step_that_was_taken_back_leaves_nothing(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)

    def half() -> None:
        with document.transaction("two things"):
            paint(document, 0, 0)
            document.add_layer(PaintLayer("half done"))
            project.flush().result(10)
            assert Project.inspect(project.path)["tiles"] == 0
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    project = reopened(project)
    assert [layer.name for layer in project.document.tree.walk()] == ["Layer 1"]
    assert not len(next(project.document.tree.paint_layers()).surface)
    project.close()


def test_save_as_goes_on_in_the_new_file(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    project.flush().result(10)
    project.save_as(tmp_path / "b.scroll").result(10)
    paint(document, 300, 300, seed=4)
    before = look(document)
    project = reopened(project)
    assert project.path.name == "b.scroll"
    assert (look(project.document)[0] == before[0]).all()
    project.save_as(tmp_path / "c.scroll").result(10)  # nothing is loaded from b any more
    (tmp_path / "b.scroll").unlink()
    project.close()
    assert Project.inspect(tmp_path / "a.scroll")["tiles"] == 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.scroll", "c.scroll"]


def test_save_as_replaces_a_file_and_its_stale_log(document, tmp_path):
    target = tmp_path / "b.scroll"
    target.write_bytes(b"something else")
    (tmp_path / "b.scroll-wal").write_bytes(b"a log of something else")
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    before = look(document)
    project.save_as(target).result(10)
    project = reopened(project)
    assert (look(project.document)[0] == before[0]).all()
    project.close()


def test_save_as_under_its_own_name_saves(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    project.save_as(tmp_path / "a.scroll").result(10)
    assert Project.inspect(project.path)["tiles"] == 4
    project.save().result(10)
    assert not (tmp_path / "a.scroll-wal").stat().st_size
    project.close()


def test_nothing_can_be_written_after_closing(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    project.close()
    project.close()
    paint(document, 0, 0)  # nobody listens any more
    with pytest.raises(CanvasError, match="closed"):
        project.flush().result(10)
