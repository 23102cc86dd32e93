"""OpenRaster keeps layers, groups, names, modes, opacity and pixels; hostile archives get a sentence."""

import dataclasses
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QColor

from canvas.adjustments import Levels
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.formats import ora
from canvas.formats.pictures import read_picture
from canvas.geometry import Bounds, Point
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, PaintLayer
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
    document.put_image(layer, 40, 20, from_rgba(noise(30, 40, 1, 255)))
    document.set_layer(layer, offset=Point(-7, 300), opacity=0.3, blend_mode=BlendMode.OVERLAY)
    document.set_layer(group, opacity=0.7, visible=False, locked=True)
    document.add_layer(PaintLayer("empty"))
    return document


def flat(document: Document, bounds: Bounds) -> np.ndarray:
    compositor = Compositor(document, QColor("white"))
    try:
        return to_rgba(compositor.flatten(bounds))
    finally:
        compositor.close()


def written(document: Document, path) -> ora.OraDocument:
    compositor = Compositor(document, QColor("white"))
    gathered = ora.document_to_ora(document, compositor.flatten)
    compositor.close()
    ora.write(path, gathered)
    return gathered


def described(layers: list[ora.OraLayer]) -> list:
    return [
        (layer.name.replace("\x07", ""), layer.opacity, layer.visible, layer.locked, layer.blend_mode,
         None if layer.rgba is None else (layer.x, layer.y, layer.rgba.tobytes()),
         None if layer.children is None else described(layer.children))
        for layer in layers
    ]  # fmt: skip


def test_round_trip(document, tmp_path):
    path = tmp_path / "a.ora"
    gathered = written(document, path)
    found = ora.read(path)
    assert (found.width, found.height, found.note) == (gathered.width, gathered.height, "")
    assert described(found.layers) == described(gathered.layers)
    again = ora.ora_to_document(found)
    area = document.content_bounds().united(document.frame)
    assert again.frame == Bounds(0, 0, area.width, area.height)
    for layer in document.tree.walk():
        if isinstance(layer, GroupLayer):
            document.set_layer(layer, visible=True)
    for layer in again.tree.walk():
        if isinstance(layer, GroupLayer):
            again.set_layer(layer, visible=True)
    assert (flat(document, area) == flat(again, again.frame)).all()


def test_the_archive_is_as_the_standard_says(document, tmp_path):
    path = tmp_path / "a.ora"
    gathered = written(document, path)
    assert path.read_bytes()[30:54] == b"mimetypeimage/openraster"
    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        merged = read_picture(archive.read("mergedimage.png")).rgba
        assert (merged == gathered.merged).all()
        assert max(read_picture(archive.read("Thumbnails/thumbnail.png")).rgba.shape[:2]) <= 256
        root = ElementTree.fromstring(archive.read("stack.xml"))
        names = [element.get("name") for element in root.iter("layer")]
        assert names == ["empty", "leaf", "Layer 1"]  # the topmost first
        for element in root.iter("layer"):
            assert element.get("src") in archive.namelist()


@pytest.mark.parametrize("mode", list(BlendMode))
def test_every_blend_mode_has_a_name_and_comes_back(mode):
    assert ora.mode_of(ora.operator_of(mode)) is mode


def test_names_that_others_write():
    assert ora.mode_of("svg:add") is BlendMode.PLUS
    assert ora.mode_of("krita:vivid_light") is None


def archive(path, stack: bytes, members: dict[str, bytes] | None = None, mimetype: bytes = b"image/openraster"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", mimetype)
        made.writestr("stack.xml", stack)
        for name, data in (members or {}).items():
            made.writestr(name, data)
    return path


def stack(inner: str) -> bytes:
    return f'<image w="20" h="20"><stack>{inner}</stack></image>'.encode()


HOSTILE = {
    "outside": stack('<layer src="../../etc/passwd"/>'),
    "absolute": stack('<layer src="/etc/passwd"/>'),
    "windows": stack('<layer src="C:\\boot.ini"/>'),
    "missing": stack('<layer src="data/nothing.png"/>'),
    "no source": stack("<layer/>"),
    "too many": stack('<layer src="a"/>' * 2001),
    "too deep": stack("<stack>" * 400 + "</stack>" * 400),
    "entities": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><image><stack name="&b;"/></image>',
    "not xml": b"hello",
    "no stack": b"<image/>",
    "not a picture": stack('<layer src="stack.xml"/>'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_layer_lists_get_a_sentence(tmp_path, name):
    with pytest.raises(CanvasError) as refused:
        ora.read(archive(tmp_path / "a.ora", HOSTILE[name]))
    assert str(refused.value)[-1] == "."
    assert [p.name for p in tmp_path.iterdir()] == ["a.ora"]


def test_bombs_are_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(ora, "MAX_MEMBER_BYTES", 1 << 20)
    path = archive(tmp_path / "a.ora", stack('<layer src="b.png"/>'), {"b.png": bytes(50 << 20)})
    with pytest.raises(CanvasError, match="too large"):
        ora.read(path)
    path = archive(tmp_path / "a.ora", stack(" " * (ora.MAX_STACK_BYTES + 1)))
    with pytest.raises(CanvasError, match="too large"):
        ora.read(path)


def test_all_layers_together_are_bounded(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr(ora, "MAX_TOTAL_PIXELS", 1500)
    layers = [ora.OraLayer(f"l{i}", rgba=noise(20, 40, i, 255)) for i in range(2)]
    ora.write(tmp_path / "a.ora", ora.OraDocument(40, 20, layers))
    with pytest.raises(CanvasError, match="more than can be opened"):
        ora.read(tmp_path / "a.ora")


def test_broken_files_get_a_sentence(document, tmp_path):
    path = tmp_path / "a.ora"
    written(document, path)
    data = path.read_bytes()
    with pytest.raises(CanvasError, match="no file"):
        ora.read(tmp_path / "b.ora")
    for end in range(0, len(data) - 1, len(data) // 20):
        path.write_bytes(data[:end])
        with pytest.raises(CanvasError):
            ora.read(path)
    rng = np.random.default_rng(0)
    for _ in range(40):
        broken = bytearray(data)
        broken[rng.integers(len(data))] ^= 1 << rng.integers(8)
        path.write_bytes(broken)
        try:
            ora.read(path)
        except CanvasError:
            continue


def test_wild_numbers_and_unknown_modes_are_survived(qapp, tmp_path):
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(noise(5, 6, 0, 255)).save(buffer, "PNG")
    inner = '<layer src="a.png" x="1e400" y="nan" opacity="7" composite-op="svg:fancy" name="n" visibility="x"/>'
    path = archive(tmp_path / "a.ora", stack(inner), {"a.png": buffer.getvalue()})
    found = ora.read(path)
    assert "svg:fancy" in found.note
    layer = found.layers[0]
    assert layer.rgba is not None
    assert dataclasses.replace(layer, rgba=None) == ora.OraLayer("n")
    assert len(list(ora.ora_to_document(found).tree.paint_layers())) == 1
    assert len(list(ora.ora_to_document(ora.OraDocument(9, 9)).tree.paint_layers())) == 1


def test_masks_and_clipping_are_applied_and_adjustments_named(document, tmp_path):
    base, leaf = (next(one for one in document.tree.paint_layers() if one.name == name) for name in ("Layer 1", "leaf"))
    document.add_mask(base, Selection.rectangle(Bounds(-60, -20, 100, 40)))
    document.add_mask(leaf)
    top = PaintLayer("top")
    document.add_layer(top)
    document.set_layer(top, clipped=True)
    document.put_image(top, -30, -10, from_rgba(noise(90, 90, 3, 255)))
    document.move_layer(top, None, 1)
    document.add_layer(AdjustmentLayer("levels", Levels(gamma=2.0)))
    document.set_layer(document.tree.root.children[-1], visible=False)
    area = document.content_bounds().united(document.frame)
    before = flat(document, area)
    gathered = written(document, tmp_path / "a.ora")
    assert "masks and clipping, which were applied" in gathered.note
    assert "adjustment layers, which were left out" in gathered.note
    back = ora.ora_to_document(ora.read(tmp_path / "a.ora"))
    assert np.abs(flat(back, Bounds(0, 0, area.width, area.height)).astype(int) - before).max() <= 1
    assert next(layer.name for layer in back.tree.root.children) == "Layer 1"
