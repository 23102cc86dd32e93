"""The undo list in the file: every kind of step survives closing, and what does not fit is left out, never met."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import canvas.edits
import canvas.log_edits
import canvas.pixel_edits
from canvas.adjustments import Curves, HueSaturation, Levels
from canvas.document import Document
from canvas.edits import FrameEdit, ShiftEdit
from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.geometry import Bounds, Point
from canvas.guides import Guide
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, LayerMask, PaintLayer
from canvas.markings import GUIDES, REGIONS, ROUTE
from canvas.pixel_edits import MaskEdit, PlaceEdit, TilesEdit
from canvas.project import step_list
from canvas.project.project import Project
from canvas.project.step_codec import KINDS, PixelList, Reading, from_json, to_json
from canvas.project.step_rehearsal import Rehearsal
from canvas.project.step_store import undo_bytes
from canvas.prompt_regions import PromptRegion
from canvas.routes import Route, Stretch
from canvas.selection import Selection
from canvas.steps import Step
from tests.canvas.naive import noise
from tests.canvas.project.conftest import paint
from tests.canvas.test_memory_model import fingerprint

Deed = Callable[[Document], object]
BENDS = ((0, 0), (400, -30), (500, 200))


def reopened(project: Project) -> Project:
    project.close()
    assert not project.complaints
    again = Project.open(project.path)
    assert not again.complaints
    return again


def layer_of(document: Document, name: str) -> Any:
    return next(layer for layer in document.tree.walk() if layer.name == name)


def first(document: Document) -> PaintLayer:
    return layer_of(document, "Layer 1")


def add_a_group_with_things(document: Document) -> None:
    with document.transaction("Add things"):
        group = GroupLayer("group")
        document.add_layer(group)
        inner = PaintLayer("inner")
        document.add_layer(inner, group)
        document.put_image(inner, -40, 300, noise(300, 60, 3))
        document.add_mask(inner, Selection.ellipse(Bounds(-30, 290, 200, 60)))
        document.add_layer(AdjustmentLayer("curves", Curves(red=((0.0, 0.1), (0.5, 0.7), (1.0, 1.0)))), group)
        document.add_layer(GroupLayer("empty"), group)


def drag(document: Document) -> None:
    for step in range(5):
        document.set_layer(first(document), merge=True, opacity=0.9 - step / 10)
    document.history.seal()
    for step in range(5):
        document.shift_layers([first(document)], step, 2, merge=True)
    for step in range(5):
        document.set_frame(Bounds(step, step, 300, 200), merge=True)


GENERATION = GenerationRecord("r1", "", "2026-01-01", "inpaint", "failed", {}, Bounds(0, 0, 9, 9), {})


def annotate(document: Document) -> None:
    document.annotate("r1", starred=True, note="“good” 好\n")


DEEDS: dict[str, list[Deed]] = {
    "strokes": [lambda d: paint(d, 0, 0, 1), lambda d: paint(d, 200, -90, 2), lambda d: paint(d, 0, 0, 3)],
    "clear": [lambda d: paint(d, 0, 0, 1), lambda d: d.clear(first(d), Selection.none())],
    "cut": [lambda d: paint(d, 0, 0), lambda d: d.clear(first(d), Selection.ellipse(Bounds(20, 30, 200, 99)))],
    "selections": [
        lambda d: d.set_selection(Selection.rectangle(Bounds(5, 5, 20, 20))),
        lambda d: d.set_selection(Selection.ellipse(Bounds(-50, -5, 400, 300)).feathered(9)),
        lambda d: d.set_selection(Selection.none()),
    ],
    "saved selections": [
        lambda d: d.save_selection("a", Selection.ellipse(Bounds(-50, -5, 400, 300))),
        lambda d: d.save_selection("nothing", Selection.none()),
        lambda d: d.save_selection("a", Selection.rectangle(Bounds(1, 1, 3, 3))),
        lambda d: d.save_selection("a", None),
    ],
    "layers": [
        add_a_group_with_things,
        lambda d: d.duplicate_layer(layer_of(d, "group")),
        lambda d: d.move_layer(first(d), layer_of(d, "group"), 1),
        lambda d: d.remove_layer(layer_of(d, "inner")),
        lambda d: d.remove_layer(layer_of(d, "group")),
        lambda d: d.remove_layer(layer_of(d, "group copy")),
    ],
    "masks": [
        lambda d: paint(d, 0, 0),
        lambda d: d.add_mask(first(d), Selection.ellipse(Bounds(0, 0, 90, 300))),
        lambda d: d.put_image(first(d).mask, 0, 0, noise(300, 60, 3)),  # type: ignore[arg-type]
        lambda d: d.set_layer(first(d).mask, enabled=False, hides_outside=False, offset=(3, 4)),  # type: ignore[arg-type]
        lambda d: d.remove_mask(first(d)),
        lambda d: d.add_mask(first(d)),
        lambda d: d.remove_layer(first(d)),
    ],
    "properties": [
        lambda d: d.set_layer(first(d), visible=False, opacity=0.25, blend_mode=BlendMode.HUE, alpha_locked=True),
        lambda d: d.set_layer(first(d), offset=Point(-7, 300), clipped=True, locked=True),
        lambda d: d.add_layer(AdjustmentLayer("x", Levels(black=0.25))),
        lambda d: d.set_layer(layer_of(d, "x"), adjustment=HueSaturation(hue=30, colorize=True)),
        lambda d: d.set_layer(layer_of(d, "x"), adjustment=Curves(blue=((0.0, 1.0), (1.0, 0.0)))),
        lambda d: d.set_layer(layer_of(d, "x"), name="名 \u2028 \"x\""),
    ],
    "drags": [drag],
    "frame and guides": [
        lambda d: d.set_frame(Bounds(-9, 4, 77, 1)),
        lambda d: d.set_marking(GUIDES, (Guide(True, -5), Guide(False, 90))),
        lambda d: d.set_marking(GUIDES, ()),
    ],
    "route": [
        lambda d: d.set_marking(ROUTE, Route(BENDS, True, 512, 25, (Stretch(0, "a"), Stretch(1, "山")))),
        lambda d: d.set_marking(ROUTE, Route(((0, 0), (4, 4)), seed=2**40, layer_id="x", painted=3)),
        lambda d: d.set_marking(ROUTE, None),
    ],
    "regions": [
        lambda d: d.set_marking(REGIONS, (PromptRegion("sky", "山 moon", 7, False), PromptRegion("sea"))),
        lambda d: d.set_marking(REGIONS, (PromptRegion("sea", "x" * 5000),)),
        lambda d: d.set_marking(REGIONS, ()),
    ],
    "log": [annotate],
}  # fmt: skip


def what(document: Document) -> Any:
    log = document.generations
    return fingerprint(document), log.annotation("r1") if log.count() else None


@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize("undone", [False, True])
def test_every_kind_of_step_comes_back(document, tmp_path, name, undone):
    project = Project.create(tmp_path / "a.scroll", document)
    if name == "log":
        document.generations.append(GENERATION)
    states = [what(document)]
    for deed in DEEDS[name]:
        before = document.history.steps_done
        deed(document)
        names = document.history.names
        project.flush().result(10)
        new = []
        while document.history.steps_done > before:
            new.append(what(document))
            document.undo()
        while document.history.can_redo:
            document.redo()
        assert document.history.names == names
        states += reversed(new)
    names = document.history.names
    while undone and document.undo() is not None:
        pass
    project = reopened(project)
    document = project.document
    found = document.history.redo_names if undone else document.history.names
    assert found == names
    for _ in range(2):  # the second time everything was written by this session
        if not undone:
            for state in reversed(states):
                assert what(document) == state
                document.undo()
        for state in states:
            assert what(document) == state
            document.redo()
        project = reopened(project)
        document = project.document
        undone = False
    project.close()


def test_steps_taken_back_and_forth_while_it_is_reopened(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    states = [fingerprint(document)]
    deeds = [*DEEDS["layers"][:4], *DEEDS["masks"][1:5]]
    for deed in deeds:
        deed(document)
        states.append(fingerprint(document))
    rng, at = np.random.default_rng(3), len(deeds)
    for _ in range(12):
        goal = int(rng.integers(0, len(states)))
        while at != goal:
            assert (document.undo() if goal < at else document.redo()) is not None
            at += 1 if goal > at else -1
        project = reopened(project)
        document = project.document
        assert fingerprint(document) == states[at]
        assert len(document.history.names) == at
    project.close()


def test_every_edit_class_has_a_row():
    """A new kind of edit needs a form in the file."""
    modules = (canvas.edits, canvas.pixel_edits, canvas.log_edits)
    classes = {
        one for module in modules for name, one in vars(module).items() if name.endswith("Edit") and name != "Edit"
    }
    assert classes == {kind.edit for kind in KINDS.values()}


def test_a_step_of_a_kind_without_a_form_ends_the_list(document, tmp_path):
    class Strange(canvas.edits.FrameEdit):
        """Some edit of a plug-in."""

    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0)
    document._record(Step("strange", [Strange(document.frame, document.frame)]))
    document.set_frame(Bounds(0, 0, 5, 5))
    project = reopened(project)
    assert project.document.history.names == ("Frame",)
    project.close()


def test_opening_reads_no_pixels_of_steps(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    for seed in range(5):
        paint(document, 0, 0, seed)
    document.remove_layer(first(document))
    project.close()
    connection = sqlite3.connect(project.path)
    connection.execute("UPDATE blob SET data = x'00' WHERE hash IN (SELECT hash FROM step_blob)")
    connection.commit()
    connection.close()
    again = Project.open(project.path)
    assert again.document.history.steps_done == 6
    assert not any("undo" in sentence for sentence in again.complaints)
    while again.document.undo() is not None:  # every one can be undone, with empty pixels in place of the lost ones
        fingerprint(again.document)
    assert any("undo history cannot be read" in sentence for sentence in again.complaints)
    again.abandon()


# How much there is


def blobs(project: Project) -> int:
    project.flush().result(10)
    return int(Project.inspect(project.path)["blobs"])


def test_the_file_keeps_so_many_generations_of_tiles_and_no_more(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    project.kept_steps = 20
    for seed in range(200):
        paint(document, 0, 0, seed, size=240)
        if seed % 7 == 0:
            project.flush().result(10)
    assert blobs(project) <= 21
    assert document.history.steps_done == 200  # the older ones are in memory
    project = reopened(project)
    project.kept_steps = 20
    for seed in range(200, 230):
        paint(project.document, 0, 0, seed, size=240)
    while project.document.undo() is not None:
        pass
    assert project.document.history.redo_names == ("Put image",) * 50
    project.close()
    assert Project.inspect(project.path)["blobs"] <= 21


def test_very_large_steps_leave_room_for_fewer(document, tmp_path, monkeypatch):
    monkeypatch.setattr(step_list, "MOST_TILES", 7)
    project = Project.create(tmp_path / "a.scroll", document)
    for seed in range(4):
        paint(document, 0, 0, seed, size=300)  # four tiles
    paint(document, 0, 0, 9, size=90)
    paint(document, 0, 0, 10, size=900)  # sixteen
    assert document.history.steps_done == 6
    project = reopened(project)
    assert project.document.history.steps_done == 1
    project.close()


def test_steps_beyond_the_limit_can_still_be_undone_after_reopening(document, tmp_path):
    """Their pixels stay for as long as the session."""
    project = Project.create(tmp_path / "a.scroll", document)
    states = [fingerprint(document)]
    for deed in (*DEEDS["strokes"], *DEEDS["layers"], *DEEDS["selections"], *DEEDS["saved selections"]):
        deed(document)
        states.append(fingerprint(document))
    project = reopened(project)
    document = project.document
    project.kept_steps = 2
    document.set_frame(Bounds(0, 0, 5, 5))
    project.flush().result(10)
    document.undo()
    for state in reversed(states):
        assert fingerprint(document) == state
        document.undo()
        project.flush().result(10)
    for state in states:
        assert fingerprint(document) == state
        document.redo()
    project = reopened(project)
    assert len(project.document.history.names) == 2
    project.close()


def test_none_are_kept_when_none_are_wanted_and_forgetting_frees_the_room(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    for seed in range(6):
        paint(document, 0, 0, seed, size=240)
    document.add_layer(PaintLayer("gone"))
    document.undo()
    assert blobs(project) == 6
    connection = sqlite3.connect(project.path)
    assert undo_bytes(connection) > 5 * 1000
    project.kept_steps = 0
    assert blobs(project) == 1
    project.kept_steps = 10
    assert blobs(project) == 6
    document.forget_steps()
    assert blobs(project) == 1
    assert undo_bytes(connection) == 0
    tables = ("step", "step_blob", "away_layer", "away_tile")
    assert [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables] == [0] * 4
    connection.close()
    project.close()


def test_a_gesture_taken_back_leaves_no_step_in_the_file(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    paint(document, 0, 0, 1)
    paint(document, 0, 0, 2)
    document.undo()
    mark = document.history.mark()
    document.add_layer(PaintLayer("x"))
    paint(document, 50, 50, 3)
    project.flush().result(10)
    document.roll_back(mark)
    project = reopened(project)
    assert project.document.history.names == ("Put image",)
    assert project.document.history.redo_names == ("Put image",)
    project.close()


def test_selecting_between_undone_steps_keeps_the_order(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    for seed in range(4):
        paint(document, 0, 0, seed)
    states = [fingerprint(document)]
    for _ in range(2):
        document.undo()
        states.append(fingerprint(document))
    for number in range(3):
        document.set_selection(Selection.rectangle(Bounds(number, 0, 5, 5)))
    project = reopened(project)
    document = project.document
    assert document.history.names == ("Put image", "Put image", "Select", "Select", "Select")
    document.redo()
    project = reopened(project)
    document = project.document
    assert document.history.names[-2:] == ("Select", "Put image")
    document.redo()
    document.set_selection(Selection.none())
    assert fingerprint(document) == states[0]
    project.close()


def test_a_document_with_a_past_takes_it_along_and_save_as_does(document, tmp_path):
    states = [fingerprint(document)]
    for deed in DEEDS["masks"]:
        deed(document)
        states.append(fingerprint(document))
    document.undo()
    project = Project.create(tmp_path / "a.scroll", document)
    project.flush().result(10)
    project.save_as(tmp_path / "b.scroll").result(10)
    paint(document, 5, 5, 8)
    document.undo()
    for path in ("a.scroll", "b.scroll"):
        if path == "b.scroll":
            project.close()
        again = Project.open(tmp_path / path)
        assert again.document.history.names == document.history.names
        for state in reversed(states[:-1]):
            assert fingerprint(again.document) == state
            again.document.undo()
        again.close()


def test_a_layer_that_came_and_went_before_it_was_written_leaves_nothing(document, tmp_path):
    project = Project.create(tmp_path / "a.scroll", document)
    document.add_mask(first(document), Selection.rectangle(Bounds(0, 0, 9, 9)))
    document.undo()
    project = reopened(project)
    assert Project.inspect(project.path)["tiles"] == 0
    assert project.document.redo() == "Add mask"
    project.close()


# Damage


def with_steps(path: Path) -> tuple[Document, list[Any]]:
    document = Document.new(Bounds(0, 0, 512, 512))
    project = Project.create(path, document)
    states = [fingerprint(document)]
    for deed in (*DEEDS["strokes"][:1], *DEEDS["layers"][:5]):
        deed(document)
        states.append(fingerprint(document))
    document.undo()
    document.undo()
    project.close()
    return document, states


def meddle(path: Path, statement: str, *values: Any) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement, values)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE step SET edits = '[' WHERE number = (SELECT min(number) FROM step)",
        'UPDATE step SET edits = \'{"blobs": [], "edits": [{"kind": "warp"}]}\'',
        "UPDATE step SET edits = x'ff00ff'",
        "UPDATE step SET name = x'ff'",
        "UPDATE step SET undone = 1 - undone",
        "UPDATE step SET edits = replace(edits, 'place', 'shift')",
        "UPDATE step SET number = -number",
        "DELETE FROM step WHERE number = (SELECT max(number) FROM step WHERE undone = 0)",
        "DELETE FROM away_layer",
        "UPDATE away_layer SET parent = id",
        "UPDATE away_layer SET kind = 'group'",
        "UPDATE away_layer SET id = 'root' WHERE parent = ''",
        "UPDATE away_layer SET extra = '{'",
        "UPDATE away_tile SET hash = 'x', tx = 1 << 60",
    ],
)
def test_damaged_rows_cost_steps_but_never_the_painting(qapp, tmp_path, statement):
    path = tmp_path / "a.scroll"
    document, _ = with_steps(path)
    present = fingerprint(document)
    meddle(path, statement)
    project = Project.open(path)
    document = project.document
    assert fingerprint(document) == present
    back = document.history.steps_done
    while document.undo() is not None:
        fingerprint(document)
    while document.redo() is not None:
        fingerprint(document)
    while document.history.steps_done > back:
        document.undo()
    assert fingerprint(document) == present
    paint_somewhere(document)
    project.close()
    again = Project.open(path)
    assert fingerprint(again.document) == present
    again.close()


def paint_somewhere(document: Document) -> None:
    layer = PaintLayer("new")
    document.add_layer(layer)
    document.put_image(layer, 0, 0, noise(50, 50, 1))
    document.undo()
    document.undo()


def test_steps_that_fit_are_kept_and_the_others_complained_about(qapp, tmp_path):
    path = tmp_path / "a.scroll"
    document, states = with_steps(path)
    names, redo = document.history.names, document.history.redo_names
    second = "(SELECT number FROM step ORDER BY number LIMIT 1 OFFSET 1)"
    meddle(path, f"UPDATE step SET edits = '' WHERE number = {second}")
    project = Project.open(path)
    assert project.document.history.names == names[2:]
    assert project.document.history.redo_names == redo
    assert any("nearest 2 of 4 steps can be undone" in sentence for sentence in project.complaints)
    while project.document.redo() is not None:
        pass
    assert fingerprint(project.document) == states[-1]
    project.close()  # with the damaged rows, which led to nothing
    project = Project.open(path)
    assert not project.complaints
    assert project.document.history.names == names[2:] + redo
    project.close()


@pytest.mark.slow
def test_mutated_steps_are_never_met(qapp, tmp_path):
    """Every value in the JSON replaced by others: it opens, and what can be undone can be undone."""
    path = tmp_path / "a.scroll"
    document, _ = with_steps(path)
    present = fingerprint(document)
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT number, edits FROM step ORDER BY number").fetchall()
    rng = np.random.default_rng(5)
    for _ in range(60):
        number, text = rows[int(rng.integers(len(rows)))]
        data = json.loads(text)
        spots = list(places(data["edits"]))
        holder, key = spots[int(rng.integers(len(spots)))]
        holder[key] = [None, -1, 1 << 40, 0.5, "root", [], {}, True, 1, "x"][int(rng.integers(10))]
        connection.execute("UPDATE step SET edits = ? WHERE number = ?", (json.dumps(data), number))
        connection.commit()
        project = Project.open(path)
        assert fingerprint(project.document) == present
        at = project.document.history.steps_done
        while project.document.undo() is not None:
            fingerprint(project.document)
        while project.document.history.steps_done < at:
            assert project.document.redo() is not None
        project.abandon()
        connection.execute("UPDATE step SET edits = ? WHERE number = ?", (text, number))
        connection.commit()
    connection.close()


def places(data: Any) -> Any:
    for key in range(len(data)) if isinstance(data, list) else list(data):
        yield data, key
        if isinstance(data[key], list | dict):
            yield from places(data[key])


def test_a_step_must_fit_the_painting(document):
    layer, other = first(document), PaintLayer("away")
    layers = {document.tree.root.id: document.tree.root, layer.id: layer, other.id: other}
    root, key = document.tree.root, (0, 0)
    good = [
        [PlaceEdit(other, None, (root, 1)), TilesEdit(other, {key: None}, {key: None})],
        [PlaceEdit(layer, (root, 0), None), PlaceEdit(other, None, (root, 0)), PlaceEdit(layer, None, (root, 1))],
    ]
    bad = [
        [TilesEdit(other, {key: None}, {key: None})],
        [PlaceEdit(other, None, (root, 2))],
        [PlaceEdit(layer, (root, 1), None)],
        [PlaceEdit(layer, None, (root, 0))],
        [PlaceEdit(layer, (root, 0), None), ShiftEdit((layer,), 1, 1)],
        [FrameEdit(Bounds(0, 0, 1, 1), Bounds(0, 0, 2, 2)), FrameEdit(Bounds(0, 0, 3, 3), Bounds(0, 0, 1, 1))],
        [MaskEdit(layer, LayerMask(layer), None)],
    ]
    for edits in good:
        Rehearsal(layers).redo(Step("x", list(edits)))
    for edits in bad:
        with pytest.raises(CanvasError):
            Rehearsal(layers).redo(Step("x", list(edits)))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("opacity", 0.5, [2, -1, "0.5", None, True, float("nan")]),
        ("visible", True, [1, "yes", None]),
        ("blend_mode", "hue", ["glow", 3, None]),
        ("offset", [1, -2], [[1], [1.5, 2], [1 << 31, 0], "ab", {}]),
        ("name", "n", [3, None, "x" * 1001]),
        ("surface", None, [None]),
        ("adjustment", None, [{"kind": "levels"}]),
    ],
)
def test_properties_are_checked(document, name, good, bad):
    layer = first(document)
    reading = Reading({layer.id: layer}, lambda *_: pytest.fail("no pixels here"))

    def read(value: object) -> Any:
        values = {name: value}
        return from_json({"kind": "properties", "layer": layer.id, "before": values, "after": values}, reading)

    if good is not None:
        pixels = PixelList()
        assert to_json(read(good), pixels)["after"] == {name: good}
        assert not pixels.boxes
    for value in bad:
        with pytest.raises(CanvasError):
            read(value)
