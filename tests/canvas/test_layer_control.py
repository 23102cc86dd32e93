"""Control layers in the document: undo, copies, what is part of the picture, the project file, the clipboard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.layer_control import LayerControl, Source, control_from_json, control_to_json
from canvas.layer_packet import pack, unpack
from canvas.layers import AdjustmentLayer, GroupLayer, PaintLayer
from canvas.merging import merge_layers
from canvas.project.project import Project
from canvas.tile import FORMAT

AREA = Bounds(0, 0, 64, 64)
CONTROL = LayerControl("canny", "/m/canny", 0.7, 0.1, 0.8, True, True, Source.DRAWN, 0.3, 0.6, "/m/eyes")


def filled(colour: str) -> QImage:
    image = QImage(64, 64, FORMAT)
    image.fill(QColor(colour))
    return image


@pytest.fixture
def document() -> Document:
    made = Document.new(AREA)
    assert isinstance(made.active, PaintLayer)
    made.put_image(made.active, 0, 0, filled("red"))
    return made


def add(document: Document, colour: str = "blue") -> PaintLayer:
    layer = PaintLayer("Lines")
    document.add_layer(layer)
    document.put_image(layer, 0, 0, filled(colour))
    return layer


def colour(image: QImage) -> str:
    return image.pixelColor(32, 32).name()


def test_it_is_seen_and_is_no_part_of_the_picture(document: Document) -> None:
    layer, compositor = add(document), Compositor(document, QColor("white"))
    document.set_layer(layer, control=CONTROL)
    tile = compositor.tile((0, 0))
    assert tile is not None
    assert colour(tile) == "#0000ff"
    assert colour(compositor.flatten(AREA)) == "#ff0000"
    assert colour(compositor.picture(AREA)) == "#ff0000"
    assert colour(compositor.flatten(AREA, layer)) == "#0000ff"
    document.set_layer(layer, control=replace(CONTROL, apart=False))
    assert colour(compositor.flatten(AREA)) == "#0000ff"


def test_a_group_of_the_picture_may_hold_one(document: Document) -> None:
    group, layer = GroupLayer("Group"), add(document)
    document.add_layer(group)
    document.move_layer(layer, group, 0)
    document.set_layer(group, opacity=0.999)
    document.set_layer(layer, control=CONTROL)
    compositor = Compositor(document, QColor("white"))
    assert colour(compositor.flatten(AREA)) == "#ff0000"
    document.set_layer(group, control=CONTROL)
    document.set_layer(layer, control=None)
    assert colour(compositor.flatten(AREA)) == "#ff0000"
    assert compositor.shows_apart


def test_how_far_the_picture_reaches(document: Document) -> None:
    group, layer = GroupLayer("Group"), add(document)
    document.add_layer(group)
    document.move_layer(layer, group, 0)
    document.shift_layers([layer], 500, 0)
    assert document.picture_bounds() == document.content_bounds() == Bounds(0, 0, 564, 64)
    document.set_layer(layer, control=CONTROL)
    assert document.picture_bounds() == AREA
    assert document.content_bounds() == Bounds(0, 0, 564, 64)


def test_steps_copies_and_merging(document: Document) -> None:
    layer = add(document)
    document.set_layer(layer, control=CONTROL)
    assert document.duplicate_layer(layer).control == CONTROL
    document.undo()
    assert document.undo() == "Change control"
    assert layer.control is None
    document.redo()
    assert layer.control == CONTROL
    made = merge_layers(document, document.tree.root.children[:], "One")
    assert made.control is None
    assert colour(Compositor(document, QColor("white")).flatten(AREA)) == "#0000ff"


def test_a_weight_that_is_dragged_draws_nothing_anew(document: Document) -> None:
    layer, changed = add(document), list[bool]()
    document.set_layer(layer, control=CONTROL)
    document.changed.connect(lambda change: changed.append(change.bounds.is_empty))
    document.set_layer(layer, control=replace(CONTROL, weight=0.2))
    assert all(changed)
    document.set_layer(layer, control=replace(CONTROL, apart=False))
    assert not all(changed)


def test_the_file_has_it_and_its_steps(document: Document, tmp_path: Path) -> None:
    layer, path = add(document), tmp_path / "a.scroll"
    project = Project.create(path, document)
    document.set_layer(layer, control=CONTROL)
    document.set_layer(layer, control=replace(CONTROL, weight=1.5))
    project.close()
    again = Project.open(path)
    found = again.document.tree.find(layer.id)
    assert found.control == replace(CONTROL, weight=1.5)
    again.document.undo()
    assert found.control == CONTROL
    again.document.undo()
    assert found.control is None
    again.close()


def test_the_clipboard_has_it(document: Document) -> None:
    layer = add(document)
    document.set_layer(layer, control=CONTROL)
    (found,) = unpack(pack([layer]))
    assert found.control == CONTROL


@pytest.mark.parametrize(
    "wrong",
    [
        {"weight": 3.0}, {"weight": float("nan")}, {"start": 0.9, "end": 0.1}, {"kind": ""}, {"detail": -0.1},
        {"kind": "x" * 50},
    ],
)  # fmt: skip
def test_nonsense_is_refused(document: Document, wrong: dict[str, object]) -> None:
    layer = add(document)
    with pytest.raises(CanvasError):
        document.set_layer(layer, control=replace(CONTROL, **wrong))  # type: ignore[arg-type]
    assert layer.control is None


def test_masks_and_adjustments_are_none(document: Document) -> None:
    from canvas.adjustments import Levels

    layer, adjustment = add(document), AdjustmentLayer("Levels", Levels())
    document.add_layer(adjustment)
    for one in (document.add_mask(layer), adjustment):
        with pytest.raises(CanvasError, match="Only layers with pixels"):
            document.set_layer(one, control=CONTROL)


def test_json_there_and_back() -> None:
    assert control_from_json(control_to_json(CONTROL)) == CONTROL
    assert control_from_json({"kind": "of-tomorrow", "later": 3}) == LayerControl("of-tomorrow")
    for damaged in ([], {"weight": 1.0}, {"kind": 4}, {"kind": "canny", "on": 1}, {"kind": "canny", "source": "x"}):
        with pytest.raises(CanvasError):
            control_from_json(damaged)
