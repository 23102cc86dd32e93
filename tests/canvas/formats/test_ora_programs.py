"""OpenRaster and the real Krita and MyPaint: their files look here as they look there, and ours there as here.

What they wrote lies in tests/reference/formats (`tools/reference_files.py` makes it); they themselves are asked only
where they are installed.
"""

from pathlib import Path

import numpy as np
import pytest

from canvas.document import Document
from canvas.formats.layered import Flattening, rgba_of
from canvas.formats.ora_reading import read_ora
from canvas.formats.ora_writing import ora_from_document, write_ora
from canvas.geometry import Bounds
from canvas.layers import BlendMode, GroupLayer, Layer, PaintLayer
from tests.canvas.formats import samples
from tests.canvas.formats.programs import difference, has_krita, has_mypaint, krita, mypaint, picture

REFERENCE = Path(__file__).parents[2] / "reference" / "formats"
UNKNOWN_TO_MYPAINT = {BlendMode.EXCLUSION, BlendMode.BEHIND}
SAMPLES = {"modes": samples.modes, "groups": samples.groups, "masks": samples.masks}


def look(layers: list[Layer]) -> np.ndarray:
    drawn = Flattening(layers, samples.FRAME)
    drawn.advance()
    return rgba_of(PaintLayer("", drawn.surface), samples.FRAME)


def described(layers: list[Layer]) -> list:
    return [
        (layer.name, layer.visible, layer.blend_mode, round(layer.opacity, 2))
        + ((described(layer.children),) if isinstance(layer, GroupLayer) else ())
        for layer in layers
    ]


def assert_alike(ours: np.ndarray, theirs: np.ndarray, most: float = 4, mean: float = 1) -> None:
    far = difference(ours, theirs)
    assert (far.max(), far.mean()) <= (most, mean)
    assert far.mean() <= mean


def masked_out(rgba: np.ndarray, modes: set[BlendMode]) -> np.ndarray:
    """Without the fields of these modes, in a picture of the sample `modes`."""
    rest = rgba.copy()
    for number, mode in enumerate(BlendMode):
        if mode in modes:
            x, y, width, height = samples.field_of(number)
            rest[y : y + height, x : x + width] = 0
    return rest


@pytest.mark.parametrize("name", ["krita-modes", "krita-groups", "mypaint-groups"])
def test_files_of_other_programs_look_as_they_do_there(qapp, name):
    found = read_ora(REFERENCE / f"{name}.ora")
    assert (found.width, found.height, found.note) == (samples.WIDTH, samples.HEIGHT, "")
    layers = [layer for layer in found.layers if layer.name != "background"]
    sample = SAMPLES[name.split("-")[1]]().tree.root.children
    assert described(layers) == described(sample)
    assert_alike(look(layers), picture(REFERENCE / f"{name}.png"))


def test_linear_light_is_named(qapp):
    assert "linear light" in read_ora(REFERENCE / "mypaint-linear.ora").note


def test_what_others_do_not_know_is_named(qapp):
    document = samples.new_sample()
    layer = samples.put(document, "behind", Bounds(0, 0, 9, 9), 1)
    assert ora_from_document(document).entries
    document.set_layer(layer, blend_mode=BlendMode.BEHIND)
    expression = ora_from_document(document)
    assert "exclusion and behind" in note_of(expression)


def note_of(expression) -> str:
    from canvas.formats.ora_writing import lost_by

    return lost_by(expression)


def ours(document: Document, path: Path) -> np.ndarray:
    expression = ora_from_document(document, samples.FRAME)
    write_ora(path, expression)
    return look(expression.picture.layers)


@pytest.mark.slow
@pytest.mark.skipif(not has_krita(), reason="Krita is not installed")
def test_krita_shows_what_we_show(qapp, tmp_path):
    seen = ours(samples.masks(), tmp_path / "a.ora")  # the other samples are what its reference files were made of
    krita(tmp_path / "a.ora", tmp_path / "a.png")
    assert_alike(seen, picture(tmp_path / "a.png"))


@pytest.mark.slow
@pytest.mark.skipif(not has_mypaint(), reason="MyPaint is not installed")
@pytest.mark.parametrize("name", SAMPLES)
def test_mypaint_shows_what_we_show(qapp, tmp_path, name):
    seen = ours(SAMPLES[name](), tmp_path / "a.ora")
    mypaint(tmp_path / "a.ora", tmp_path / "a.png")
    theirs = picture(tmp_path / "a.png")
    if name == "modes":
        # its Plus weighs opacity before the sum is cut off at white; Krita, Photoshop and we do it afterwards
        left_out = {*UNKNOWN_TO_MYPAINT, BlendMode.PLUS}
        seen, theirs = masked_out(seen, left_out), masked_out(theirs, left_out)
    assert_alike(seen, theirs)
