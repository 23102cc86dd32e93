"""Files that the real Krita and GIMP wrote are read as those programs show them, and ours are shown there as here."""

import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from canvas.formats import kra, psd_reading
from canvas.formats.layered import Stopped, StopSign
from canvas.formats.psd_writing import write_psd
from canvas.layers import BlendMode, GroupLayer, Layer, PaintLayer
from tests.canvas.formats import programs
from tests.canvas.formats.painted import Rgba, blob, difference, group, look, masked, painted, paper, picture

pytestmark = pytest.mark.usefixtures("qapp")
REFERENCE = Path(__file__).parents[2] / "reference" / "formats"


def merged_of(path: Path) -> Rgba:
    """What the program that wrote a file shows."""
    if path.suffix == ".kra":
        with zipfile.ZipFile(path) as archive:
            image = Image.open(BytesIO(archive.read("mergedimage.png"))).convert("RGBA")
    else:
        with Image.open(path) as flat:
            image = flat.convert("RGBA")
    return np.asarray(image)


def test_layers_of_krita():
    found = kra.read(REFERENCE / "krita-layers.kra")
    assert found.note == ""
    assert [layer.name for layer in found.layers] == ["Paper", "红 ink", "组", "hidden"]
    _, ink, inside, hidden = found.layers
    assert isinstance(inside, GroupLayer)
    assert [layer.name for layer in inside.children] == ["in", "screen"]
    assert ink.blend_mode is BlendMode.MULTIPLY
    assert inside.children[1].blend_mode is BlendMode.SCREEN
    assert ink.opacity == pytest.approx(0.5, abs=0.003)
    assert inside.opacity == pytest.approx(0.7, abs=0.003)
    assert (ink.locked, hidden.visible) == (True, False)
    mean, most = difference(look(found), merged_of(REFERENCE / "krita-layers.kra"))
    assert mean < 0.6
    assert most <= 4


def test_masks_of_krita():
    found = kra.read(REFERENCE / "krita-masks.kra")
    assert found.note == ""
    by_name = {layer.name: layer for layer in found.walk()}
    for name in ("masked", "faded"):
        mask = by_name[name].mask
        assert mask is not None
        assert mask.enabled
    mean, most = difference(look(found), merged_of(REFERENCE / "krita-masks.kra"))
    assert mean < 0.6
    assert most <= 6


def test_other_depths_give_the_merged_picture():
    found = kra.read(REFERENCE / "krita-16-bit.kra")
    assert "8 bit RGBA" in found.note
    assert len(found.layers) == 1
    assert difference(look(found), merged_of(REFERENCE / "krita-16-bit.kra"))[1] <= 1


def test_reading_can_be_stopped():
    sign = StopSign()
    sign.stop()
    with pytest.raises(Stopped):
        kra.read(REFERENCE / "krita-layers.kra", sign)


@pytest.mark.parametrize(("name", "masks"), [("gimp.psd", 2), ("krita.psd", 0)])
def test_photoshop_files_of_others(name, masks):
    found = psd_reading.read(REFERENCE / name)
    names = [layer.name for layer in found.walk()]
    assert {"Paper", "红 ink", "组", "in", "screen", "hidden"} <= set(names)
    assert sum(layer.mask is not None for layer in found.walk() if isinstance(layer, PaintLayer)) == masks
    mean, most = difference(look(found), merged_of(REFERENCE / name))
    assert mean < 0.6
    assert most <= 6


# Ours in theirs


def modes() -> list[Layer]:
    layers: list[Layer] = [painted("Paper", paper())]
    wanted = (BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.SCREEN, BlendMode.OVERLAY, BlendMode.DARKEN)
    for number, mode in enumerate(wanted):
        place = (5 + 22 * number, 20 + 8 * number)
        layers.append(painted(mode, blob(60, 60, number), place, blend_mode=mode, opacity=0.8))
    return layers


def groups() -> list[Layer]:
    inside: list[Layer] = [painted("a", blob(70, 70, 1), (20, 20)), painted("b", blob(60, 60, 2), (50, 30))]
    return [painted("Paper", paper()), group("faded", inside, opacity=0.6)]


def masks() -> list[Layer]:
    return [
        painted("Paper", paper()),
        masked(painted("one", blob(100, 100, 5), (20, 10))),
        masked(painted("other", blob(50, 60, 8), (80, 60)), hides_outside=False),
    ]


def clipping() -> list[Layer]:
    base = painted("base", blob(70, 90, 1), (20, 20), opacity=0.7)
    clip = painted("clip", blob(60, 60, 2), (60, 30), clipped=True, blend_mode=BlendMode.MULTIPLY)
    return [painted("Paper", paper()), base, clip]


def apart(layers: list[Layer], shown: Path) -> tuple[float, float]:
    """Mean difference to our own look, and the share of pixels that differ by more than six steps."""
    ours, theirs = look(picture(layers)), np.asarray(Image.open(shown).convert("RGBA"))
    far = np.abs(ours[..., :3].astype(int) - theirs[..., :3]).max(axis=-1) > 6
    return difference(ours, theirs)[0], float(far.mean())


@pytest.mark.slow
@pytest.mark.skipif(not programs.has_gimp(), reason="GIMP is not installed")
def test_gimp_shows_ours_as_we_do(tmp_path):
    def layers() -> list[Layer]:
        return modes() + groups()[1:] + masks()[1:] + clipping()[1:]

    write_psd(tmp_path / "a.psd", picture(layers()))
    programs.gimp_converted(tmp_path / "a.psd", tmp_path / "a.png")
    mean, far = apart(layers(), tmp_path / "a.png")
    assert mean < 0.6
    assert far < 0.005


@pytest.mark.slow
@pytest.mark.skipif(not programs.has_krita(), reason="Krita is not installed")
def test_krita_shows_ours_as_we_do(tmp_path):
    """Krita 5.1 opens groups of Photoshop files without their opacity, and does not clip; nothing in the file helps."""

    def layers() -> list[Layer]:
        made = groups()[1]
        made.opacity = 1.0
        return [*modes(), made, *masks()[1:]]

    write_psd(tmp_path / "a.psd", picture(layers()))
    programs.krita(tmp_path / "a.psd", tmp_path / "a.png")
    mean, far = apart(layers(), tmp_path / "a.png")
    assert mean < 0.8
    assert far < 0.01
