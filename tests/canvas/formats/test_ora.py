"""OpenRaster keeps layers, groups, names, modes, opacity and pixels; masks, clipping and adjustments come back, too."""

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor

from canvas.adjustments import Levels
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.formats import ora
from canvas.formats.layered import (
    LayeredPicture,
    Stopped,
    StopSign,
    from_document,
    put_pixels,
    rgba_of,
    to_document,
)
from canvas.formats.ora_expression import Expression
from canvas.formats.ora_reading import read_ora
from canvas.formats.ora_writing import ora_from_document, write_ora
from canvas.formats.pictures import read_picture
from canvas.geometry import Bounds, Point
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, PaintLayer
from canvas.pixels import from_rgba, to_rgba
from canvas.selection import Selection


def noise(height, width, seed=0, alpha=None):
    rgba = np.random.default_rng(seed).integers(1, 256, (height, width, 4), dtype=np.uint8)
    if alpha is not None:
        rgba[..., 3] = alpha
    return rgba


@pytest.fixture
def document(qapp) -> Document:
    document = Document.new(Bounds(-20, 10, 200, 100))
    base = document.active
    assert isinstance(base, PaintLayer)
    document.put_image(base, -100, -50, from_rgba(noise(120, 300, alpha=255)))
    group = GroupLayer('Gruppe <&" 群\x07')
    document.add_layer(group)
    inner = GroupLayer("inner")
    document.add_layer(inner, group)
    layer = PaintLayer("leaf")
    document.add_layer(layer, inner)
    document.put_image(layer, 40, 20, from_rgba(noise(30, 40, 1)))
    document.set_layer(layer, offset=Point(-7, 300), opacity=0.3, blend_mode=BlendMode.OVERLAY, alpha_locked=True)
    document.set_layer(group, opacity=0.7, visible=False, locked=True)
    document.add_layer(PaintLayer("empty"))
    return document


@pytest.fixture
def rich(document) -> Document:
    """The same with masks, clipping and adjustments, all of them seen."""
    base, leaf = (next(one for one in document.tree.paint_layers() if one.name == name) for name in ("Layer 1", "leaf"))
    document.add_mask(base, Selection.rectangle(Bounds(-60, -20, 100, 40)))
    document.add_mask(leaf)
    top = PaintLayer("top")
    document.add_layer(top)
    document.set_layer(top, clipped=True, locked=True, opacity=0.6, blend_mode=BlendMode.MULTIPLY)
    document.put_image(top, -30, -10, from_rgba(noise(90, 90, 3)))
    document.move_layer(top, None, 1)
    levels = AdjustmentLayer("levels", Levels(gamma=2.0))
    document.add_layer(levels)
    document.add_mask(levels, Selection.rectangle(Bounds(-80, -40, 90, 60)))
    document.set_layer(levels, opacity=0.8)
    document.set_layer(document.tree.root.children[2], visible=True)
    return document


def flat(document: Document, bounds: Bounds) -> np.ndarray:
    compositor = Compositor(document, QColor("white"))
    try:
        return to_rgba(compositor.flatten(bounds))
    finally:
        compositor.close()


def written(document: Document, path: Path) -> Expression:
    expression = ora_from_document(document)
    write_ora(path, expression)
    return expression


def pixels_of(layer: PaintLayer) -> tuple:
    place = layer.content_bounds()
    return (place, rgba_of(layer, place).tobytes() if not place.is_empty else b"")


def described(layers: list[Layer]) -> list:
    """All that a file is to keep."""
    found = []
    for layer in layers:
        one = [layer.name.replace("\x07", ""), layer.opacity, layer.visible, layer.locked, layer.clipped]
        one.append(layer.blend_mode)
        if layer.mask is not None:
            one += [pixels_of(layer.mask), layer.mask.hides_outside, layer.mask.enabled]
        if isinstance(layer, PaintLayer):
            one += [layer.alpha_locked, pixels_of(layer)]
        elif isinstance(layer, GroupLayer):
            one.append(described(layer.children))
        elif isinstance(layer, AdjustmentLayer):
            one.append(layer.adjustment)
        found.append(one)
    return found


def whole(document: Document) -> Bounds:
    return document.content_bounds().united(document.frame)


@pytest.mark.parametrize("name", ["document", "rich"])
def test_round_trip(request, name, tmp_path):
    document = request.getfixturevalue(name)
    path = tmp_path / "a.ora"
    area, picture = whole(document), from_document(document, whole(document))
    written(document, path)
    found = read_ora(path)
    assert (found.width, found.height, found.note) == (area.width, area.height, "")
    assert described(found.layers) == described(picture.layers)
    again = to_document(found)
    assert again.frame == Bounds(0, 0, area.width, area.height)
    assert (flat(document, area) == flat(again, again.frame)).all()
    write_ora(tmp_path / "b.ora", ora_from_document(again))
    assert described(read_ora(tmp_path / "b.ora").layers) == described(picture.layers)


def test_the_topmost_layer_that_is_seen_is_the_active_one(qapp):
    low, high = PaintLayer("low"), PaintLayer("high")
    high.visible = False
    assert to_document(LayeredPicture(8, 8, [low, high])).active is low
    low, high = PaintLayer("low"), PaintLayer("high")
    low.visible = high.visible = False
    assert to_document(LayeredPicture(8, 8, [low, high])).active is high


def test_the_archive_is_as_the_standard_says(document, tmp_path):
    path = tmp_path / "a.ora"
    written(document, path)
    assert path.read_bytes()[30:54] == b"mimetypeimage/openraster"
    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        merged = read_picture(archive.read("mergedimage.png")).rgba
        assert (merged == flat(document, whole(document))).all()
        thumbnail = read_picture(archive.read("Thumbnails/thumbnail.png")).rgba
        assert max(thumbnail.shape[:2]) == 256
        assert np.abs(thumbnail.mean((0, 1)) - merged.mean((0, 1))).max() < 3
        root = ElementTree.fromstring(archive.read("stack.xml"))
        names = [element.get("name") for element in root.iter("layer")]
        assert names == ["empty", "leaf", "Layer 1"]  # the topmost first
        for element in root.iter("layer"):
            assert element.get("src") in archive.namelist()
        isolation = [element.get("isolation") for element in root.iter("stack")]
        assert isolation == ["isolate", "isolate", "auto"]


@pytest.mark.parametrize("mode", list(BlendMode))
def test_every_blend_mode_has_a_name_and_comes_back(mode):
    assert ora.mode_of(ora.operator_of(mode)) is mode


def test_names_that_others_write():
    assert ora.mode_of("svg:add") is BlendMode.PLUS
    assert ora.mode_of("krita:vivid_light") is None


def as_others_see(path: Path) -> Document:
    """Only what the standard knows."""
    bare = path.with_name("bare.ora")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(bare, "w") as copy:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "stack.xml":
                root = ElementTree.fromstring(data)
                for element in root.iter():
                    for key in [key for key in element.attrib if ora.NAMESPACE in key]:
                        del element.attrib[key]
                data = ElementTree.tostring(root)
            copy.writestr(name, data)
    return to_document(read_ora(bare))


def test_others_see_the_same_without_what_only_we_know(rich, tmp_path):
    area = whole(rich)
    before = flat(rich, area)
    expression = ora_from_document(rich)
    note = write_ora(tmp_path / "a.ora", expression)
    assert "masks and clipping are applied" in note
    assert "adjustments are pictures" in note
    seen = as_others_see(tmp_path / "a.ora")
    assert [layer.name for layer in seen.tree.root.children] == ["Layer 1", 'Gruppe <&" 群', "empty", "levels"]
    assert seen.tree.root.children[-1].blend_mode is BlendMode.ATOP
    assert np.abs(flat(seen, Bounds(0, 0, area.width, area.height)).astype(int) - before).max() <= 2


def test_what_another_program_changed_is_believed(rich, tmp_path):
    written(rich, tmp_path / "a.ora")
    with zipfile.ZipFile(tmp_path / "a.ora") as archive, zipfile.ZipFile(tmp_path / "b.ora", "w") as copy:
        for name in archive.namelist():
            data = archive.read(name)
            copy.writestr(name, data if name != "data/layer000.png" else archive.read("data/layer001.png"))
    kinds = [type(layer) for layer in read_ora(tmp_path / "b.ora").layers]
    assert kinds == [PaintLayer, PaintLayer, GroupLayer, PaintLayer, PaintLayer]  # the adjustment is its picture now
    assert AdjustmentLayer in [type(layer) for layer in read_ora(tmp_path / "a.ora").layers]


def test_a_hidden_adjustment_and_one_over_nothing(qapp, tmp_path):
    document = Document.new(Bounds(0, 0, 50, 50))
    document.add_layer(AdjustmentLayer("first", Levels(gamma=2.0)))
    document.add_layer(AdjustmentLayer("second", Levels(gamma=3.0)))
    document.set_layer(document.tree.root.children[-1], visible=False)
    written(document, tmp_path / "a.ora")
    found = read_ora(tmp_path / "a.ora").layers
    assert [(layer.name, layer.visible) for layer in found] == [("Layer 1", True), ("first", True), ("second", False)]
    assert as_others_see(tmp_path / "a.ora").content_bounds().is_empty


def test_a_picture_of_a_part_keeps_what_reaches_beyond(document, tmp_path):
    write_ora(tmp_path / "a.ora", ora_from_document(document, document.frame))
    found = read_ora(tmp_path / "a.ora")
    assert (found.width, found.height) == (200, 100)
    assert found.layers[0].content_bounds() == Bounds(-80, -60, 300, 120)
    with zipfile.ZipFile(tmp_path / "a.ora") as archive:
        merged = read_picture(archive.read("mergedimage.png")).rgba
    assert (merged == flat(document, document.frame)).all()


def test_writing_and_reading_can_be_stopped(document, tmp_path):
    seen: list[float] = []
    path = tmp_path / "a.ora"
    write_ora(path, ora_from_document(document), seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    before = path.read_bytes()
    sign = StopSign()
    sign.stop()
    with pytest.raises(Stopped):
        write_ora(path, ora_from_document(document), sign)
    with pytest.raises(Stopped):
        read_ora(path, sign)
    assert [one.name for one in tmp_path.iterdir()] == ["a.ora"]
    assert path.read_bytes() == before


def test_a_painting_that_is_too_large_is_refused(qapp):
    document = Document.new(Bounds(0, 0, 40_000, 50))
    with pytest.raises(CanvasError, match="Export the frame instead"):
        ora_from_document(document)


def test_pixels_of_every_alpha_are_kept_once_they_were_ours(qapp, tmp_path):
    layer = PaintLayer("all")
    rgba = np.random.default_rng(5).integers(0, 256, (300, 520, 4), dtype=np.uint8)
    put_pixels(layer.surface, rgba, -13, 250)
    assert (rgba_of(layer, Bounds(-13, 250, 520, 300)) == to_rgba(from_rgba(rgba))).all()
    picture = LayeredPicture(520, 600, [layer])
    expression = Expression(picture)
    expression.advance()
    write_ora(tmp_path / "a.ora", expression)
    assert described(read_ora(tmp_path / "a.ora").layers) == described([layer])


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_layers_that_nobody_changed_keep_their_very_bytes(qapp, tmp_path):
    bytes_of = {}
    for number, name in enumerate(("low", "high")):
        buffer = io.BytesIO()
        Image.fromarray(noise(300, 290, number)).save(buffer, "PNG")  # soft pixels, which tiles keep only nearly
        bytes_of[name] = buffer.getvalue()
    with zipfile.ZipFile(tmp_path / "a.ora", "w") as archive:
        archive.writestr("mimetype", ora.MIMETYPE)
        inner = '<layer name="high" src="high.png" x="-7" y="9"/><layer name="low" src="low.png"/>'
        archive.writestr("stack.xml", f'<image w="300" h="310"><stack>{inner}</stack></image>')
        for name, data in bytes_of.items():
            archive.writestr(f"{name}.png", data)
    document = to_document(read_ora(tmp_path / "a.ora"))
    low, high = document.tree.paint_layers()
    document.set_layer(high, offset=Point(20, 0), opacity=0.5)
    write_ora(tmp_path / "b.ora", ora_from_document(document))
    assert set(bytes_of.values()) <= set(members(tmp_path / "b.ora").values())
    assert read_ora(tmp_path / "b.ora").layers[1].content_bounds() == Bounds(13, 9, 290, 300)
    (tmp_path / "a.ora").unlink()
    assert isinstance(low, PaintLayer)
    document.put_image(low, 5, 5, from_rgba(noise(3, 3, alpha=255)))
    write_ora(tmp_path / "b.ora", ora_from_document(document))  # over the one from which it copies
    found = set(members(tmp_path / "b.ora").values())
    assert bytes_of["high"] in found
    assert bytes_of["low"] not in found
    document.undo()
    written(document, tmp_path / "c.ora")
    assert described(read_ora(tmp_path / "c.ora").layers) == described(from_document(document, whole(document)).layers)


def test_a_copy_that_is_another_now_is_not_used(document, tmp_path):
    written(document, tmp_path / "a.ora")
    expected = members(tmp_path / "a.ora")
    for spoiled in (b"", b"no archive", (tmp_path / "a.ora").read_bytes()[:-100]):
        (tmp_path / "a.ora").write_bytes(spoiled)
        written(document, tmp_path / "b.ora")
        assert members(tmp_path / "b.ora") == expected
        (tmp_path / "b.ora").replace(tmp_path / "a.ora")
