"""OpenRaster files that are damaged, wrong or meant to harm: each gets a sentence, and costs little."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from canvas.errors import CanvasError
from canvas.formats import ora, ora_reading
from canvas.formats.layered import LayeredPicture, put_pixels, to_document
from canvas.formats.ora_expression import Expression
from canvas.formats.ora_reading import read_ora
from canvas.formats.ora_writing import write_ora
from canvas.geometry import Bounds
from canvas.layers import LayerMask, PaintLayer


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(1, 256, (height, width, 4), dtype=np.uint8)


def png(width, height, seed=0) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(noise(height, width, seed)).save(buffer, "PNG")
    return buffer.getvalue()


def painted(count: int = 2, width: int = 40, height: int = 20) -> LayeredPicture:
    layers = []
    for number in range(count):
        layer = PaintLayer(f"l{number}")
        put_pixels(layer.surface, noise(height, width, number), number * 5, 0)
        layers.append(layer)
    return LayeredPicture(width, height, layers)


def saved(path: Path, picture: LayeredPicture) -> Path:
    expression = Expression(picture)
    expression.advance()
    write_ora(path, expression)
    return path


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
    "too many groups": stack("<stack/>" * 2001),
    "too deep": stack("<stack>" * 400 + "</stack>" * 400),
    "entities": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><image><stack name="&b;"/></image>',
    "not xml": b"hello",
    "no stack": b"<image/>",
    "not a picture": stack('<layer src="stack.xml"/>'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_layer_lists_get_a_sentence(tmp_path, name):
    with pytest.raises(CanvasError) as refused:
        read_ora(archive(tmp_path / "a.ora", HOSTILE[name]))
    assert str(refused.value)[-1] == "."
    assert [p.name for p in tmp_path.iterdir()] == ["a.ora"]


def test_bombs_are_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(ora_reading, "MAX_MEMBER_BYTES", 1 << 20)
    path = archive(tmp_path / "a.ora", stack('<layer src="b.png"/>'), {"b.png": bytes(50 << 20)})
    with pytest.raises(CanvasError, match="too large"):
        read_ora(path)
    path = archive(tmp_path / "a.ora", stack(" " * (ora_reading.MAX_STACK_BYTES + 1)))
    with pytest.raises(CanvasError, match="too large"):
        read_ora(path)


def test_a_header_of_60000_x_60000_is_refused_before_it_is_decoded(tmp_path):
    data = bytearray(png(8, 8))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(CanvasError, match="cannot be read"):
        read_ora(archive(tmp_path / "a.ora", stack('<layer name="big" src="b.png"/>'), {"b.png": bytes(data)}))


def test_all_layers_together_are_bounded(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr(ora_reading, "MAX_TILES", 3)
    assert len(read_ora(saved(tmp_path / "a.ora", painted(3))).layers) == 3
    with pytest.raises(CanvasError, match="more than can be opened"):
        read_ora(saved(tmp_path / "a.ora", painted(4)))
    # one row of pixels costs as much memory as the tiles that it lies on
    with pytest.raises(CanvasError, match="more than can be opened"):
        read_ora(saved(tmp_path / "a.ora", painted(1, 1200, 1)))


def test_originals_are_bounded_as_well(qapp, tmp_path, monkeypatch):
    picture = painted(1, 700, 700)
    layer = picture.layers[0]
    layer.mask = LayerMask(layer)
    put_pixels(layer.mask.surface, noise(300, 300), 0, 0)
    path = saved(tmp_path / "a.ora", picture)
    assert read_ora(path).layers[0].mask is not None
    monkeypatch.setattr(ora_reading, "MAX_TILES", 10)
    found = read_ora(path)
    assert found.layers[0].mask is None
    assert "could not be read; they are applied" in found.note


def test_damaged_originals_leave_the_pixels(qapp, tmp_path):
    picture = painted(1)
    layer = picture.layers[0]
    layer.mask = LayerMask(layer)
    put_pixels(layer.mask.surface, noise(10, 10), 3, 3)
    path = saved(tmp_path / "a.ora", picture)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.ora", "w") as copy:
        for name in old.namelist():
            copy.writestr(name, old.read(name)[:100] if name.endswith(".layers") else old.read(name))
    found = read_ora(tmp_path / "b.ora")
    assert "'l0'" in found.note
    assert not found.layers[0].content_bounds().is_empty


def test_broken_files_get_a_sentence(qapp, tmp_path):
    path = saved(tmp_path / "a.ora", painted())
    data = path.read_bytes()
    with pytest.raises(CanvasError, match="no file"):
        read_ora(tmp_path / "b.ora")
    for end in range(0, len(data) - 1, len(data) // 20):
        path.write_bytes(data[:end])
        with pytest.raises(CanvasError):
            read_ora(path)


def test_a_picture_that_ends_early_inside_a_sound_archive(tmp_path, capfd):
    data = png(90, 90)
    with pytest.raises(CanvasError, match="damaged or cut short"):
        read_ora(archive(tmp_path / "a.ora", stack('<layer src="b.png"/>'), {"b.png": data[: len(data) // 2]}))


def test_wild_numbers_and_unknown_modes_are_survived(qapp, tmp_path):
    inner = '<layer src="a.png" x="1e400" y="nan" opacity="7" composite-op="svg:fancy" name="n" visibility="x"/>'
    found = read_ora(archive(tmp_path / "a.ora", stack(inner), {"a.png": png(6, 5)}))
    assert "svg:fancy" in found.note
    (layer,) = found.layers
    assert (layer.name, layer.opacity, layer.visible, layer.locked) == ("n", 1.0, True, False)
    assert layer.content_bounds() == Bounds(0, 0, 6, 5)
    assert len(list(to_document(found).tree.paint_layers())) == 1
    assert len(list(to_document(LayeredPicture(9, 9)).tree.paint_layers())) == 1


def test_layers_that_lie_far_away_are_kept_where_they_are(qapp, tmp_path):
    inner = '<layer src="a.png" x="-70000" y="900000000"/>'
    found = read_ora(archive(tmp_path / "a.ora", stack(inner), {"a.png": png(6, 5)}))
    assert found.layers[0].content_bounds() == Bounds(-70000, 900_000_000, 6, 5)


def test_the_private_words_of_others_are_not_ours(qapp, tmp_path):
    inner = '<layer src="a.png" originals="../../etc/passwd" name="n"/>'
    assert read_ora(archive(tmp_path / "a.ora", stack(inner), {"a.png": png(6, 5)})).layers[0].name == "n"
    assert ora.NAMESPACE.startswith("urn:")
