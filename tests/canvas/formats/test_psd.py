"""Photoshop files keep layers, groups, names, modes, masks, clipping, adjustments, and say what they cannot."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from psd_tools import PSDImage
from psd_tools.constants import Compression, Resource, Tag
from psd_tools.psd.descriptor import Descriptor, DescriptorBlock, Double
from psd_tools.psd.image_resources import ImageResource
from psd_tools.psd.tagged_blocks import TaggedBlock
from psd_tools.psd.vector import ClosedKnotUnlinked, ClosedPath, InitialFillRule, PathFillRule
from psd_tools.psd.vector import Path as VectorPath

from canvas.adjustments import Adjustment, BrightnessContrast, Curves, HueSaturation, Levels
from canvas.errors import CanvasError
from canvas.formats.layered import LayeredPicture, Stopped, StopSign, coverage_of, rgba_of
from canvas.formats.psd_names import TO_PHOTOSHOP
from canvas.formats.psd_reading import read
from canvas.formats.psd_writing import write_psd
from canvas.geometry import Bounds
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, PaintLayer
from tests.canvas.formats.painted import (
    HEIGHT,
    WIDTH,
    blob,
    difference,
    dressed,
    everything,
    group,
    look,
    masked,
    painted,
    paper,
    picture,
)

pytestmark = pytest.mark.usefixtures("qapp")


def there_and_back(layers: list[Layer], folder: Path) -> tuple[LayeredPicture, str]:
    note = write_psd(folder / "a.psd", picture(layers))
    return read(folder / "a.psd"), note


def test_everything_comes_back_as_it_was(tmp_path):
    before = picture(everything())
    back, note = there_and_back(everything(), tmp_path)
    assert (note, back.note) == ("", "")
    assert (back.width, back.height) == (WIDTH, HEIGHT)
    pairs = list(zip(before.walk(), back.walk(), strict=True))
    assert len(pairs) == 11
    for old, new in pairs:
        assert type(old) is type(new)
        for name in ("name", "visible", "locked", "blend_mode", "clipped"):
            assert getattr(old, name) == getattr(new, name), (old.name, name)
        assert new.opacity == pytest.approx(old.opacity, abs=0.002)
        assert old.content_bounds() == new.content_bounds()
        if isinstance(old, PaintLayer) and isinstance(new, PaintLayer):
            assert old.alpha_locked == new.alpha_locked or old.locked
            assert np.array_equal(rgba_of(old, old.content_bounds()), rgba_of(new, old.content_bounds()))
        assert (old.mask is None) == (new.mask is None)
        if old.mask is not None and new.mask is not None:
            assert old.mask.hides_outside == new.mask.hides_outside
            assert np.array_equal(coverage_of(old.mask, before.bounds), coverage_of(new.mask, before.bounds))
    assert difference(look(before), look(back))[1] <= 2  # opacity has 256 steps there


def test_other_readers_find_the_same_layers(tmp_path):
    write_psd(tmp_path / "a.psd", picture(everything()))
    psd = PSDImage.open(tmp_path / "a.psd")
    names = [layer.name for layer in psd]
    assert names == ["Paper", "红 ink", "组", "hidden", "masked", "faded", "base", "clip", "empty"]
    assert [layer.name for layer in psd[2]] == ["in", "screen"]  # pyright: ignore[reportGeneralTypeIssues]
    assert psd[7].clipping
    assert psd[4].mask is not None
    assert psd[1].blend_mode == b"mul "
    with Image.open(tmp_path / "a.psd") as flat:
        assert difference(np.asarray(flat.convert("RGBA")), look(picture(everything())))[1] <= 1


@pytest.mark.parametrize("mode", sorted(TO_PHOTOSHOP))
def test_every_blend_mode_comes_back(mode, tmp_path):
    layers: list[Layer] = [painted("below", paper()), painted("above", blob(60, 60, 1), (20, 20), blend_mode=mode)]
    back, _ = there_and_back(layers, tmp_path)
    assert back.layers[1].blend_mode is mode
    assert back.note == ""


def erased() -> list[Layer]:
    hole = blob(60, 60, 2)
    return [
        painted("below", paper()),
        painted("ink", blob(80, 80, 1), (10, 10)),
        painted("hole", hole, (40, 30), blend_mode=BlendMode.ERASE, opacity=0.8),
        painted("above", blob(40, 40, 3), (60, 40)),
    ]


def atop() -> list[Layer]:
    one = painted("one", blob(60, 60, 1), (10, 10))
    two = painted("two", blob(60, 60, 2), (70, 40))
    return [one, two, painted("atop", paper(), blend_mode=BlendMode.ATOP, opacity=0.6)]


def behind() -> list[Layer]:
    return [
        painted("one", blob(60, 60, 1), (10, 10)),
        painted("behind", blob(90, 90, 2), (30, 20), blend_mode=BlendMode.BEHIND),
    ]


@pytest.mark.parametrize("layers", [erased, atop, behind])
def test_modes_that_photoshop_lacks_look_the_same(layers, tmp_path):
    back, note = there_and_back(layers(), tmp_path)
    assert "erase, atop and behind" in note
    mean, most = difference(look(picture(layers())), look(back))
    assert mean < 0.2
    assert most <= 3


ADJUSTMENTS = [
    (Levels(0.1, 0.8, 1.5, 0.05, 0.9), True, 2),
    (BrightnessContrast(0.2, -0.4), True, 3),
    (BrightnessContrast(-0.1, 0.5), True, 4),
    (Curves(all=((0.0, 0.1), (0.4, 0.6), (1.0, 0.9)), blue=((0.0, 1.0), (1.0, 0.0))), False, 2),
    (HueSaturation(-40, 0.3, -0.2), False, 2),
    (HueSaturation(120, 0.2, 0.1, colorize=True), False, 3),
]


@pytest.mark.parametrize(("adjustment", "exact", "apart"), ADJUSTMENTS)
def test_adjustments_are_real_ones(adjustment: Adjustment, exact: bool, apart: int, tmp_path):
    def layers() -> list[Layer]:
        top = masked(dressed(AdjustmentLayer("change", adjustment), opacity=0.8))
        return [painted("below", paper()), top]

    back, note = there_and_back(layers(), tmp_path)
    assert isinstance(back.layers[1], AdjustmentLayer)
    assert (note == "") is exact
    assert difference(look(picture(layers())), look(back))[1] <= apart
    assert PSDImage.open(tmp_path / "a.psd")[1].kind in ("levels", "curves", "huesaturation")


def test_groups_that_are_blended_by_themselves_stay_so(tmp_path):
    def layers(alone: bool) -> list[Layer]:
        screen = painted("screen", blob(60, 60, 1), (20, 20), blend_mode=BlendMode.SCREEN)
        made = group("group", [screen])
        if alone:
            made.opacity = 0.996
        return [painted("below", paper()), made]

    passing, _ = there_and_back(layers(False), tmp_path)
    assert isinstance(passing.layers[1], GroupLayer)
    assert not passing.layers[1].isolated
    alone, _ = there_and_back(layers(True), tmp_path)
    assert difference(look(picture(layers(True))), look(alone))[1] <= 2
    psd = PSDImage.open(tmp_path / "a.psd")
    psd[1].opacity = 255
    psd.save(tmp_path / "b.psd")
    kept = read(tmp_path / "b.psd")
    assert isinstance(kept.layers[1], GroupLayer)
    assert kept.layers[1].isolated
    assert kept.layers[1].opacity == 1.0


def test_layers_beyond_the_picture_keep_all_their_pixels(tmp_path):
    far = painted("far", blob(600, 700, 1), (-300, -250))
    back, _ = there_and_back([far], tmp_path)
    assert isinstance(back.layers[0], PaintLayer)
    assert np.array_equal(rgba_of(far, far.content_bounds()), rgba_of(back.layers[0], far.content_bounds()))


def test_too_large_a_picture_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(CanvasError, match="30000"):
        write_psd(tmp_path / "a.psd", LayeredPicture(30_001, 10))
    assert list(tmp_path.iterdir()) == []


def test_stopping_leaves_no_file_and_says_how_far_it_was(tmp_path):
    parts: list[float] = []

    def watch(part: float) -> None:
        parts.append(part)
        if part > 0.4:
            sign.stop()

    sign = StopSign(watch)
    with pytest.raises(Stopped):
        write_psd(tmp_path / "a.psd", picture(everything()), sign)
    assert list(tmp_path.iterdir()) == []
    assert parts == sorted(parts)
    write_psd(tmp_path / "a.psd", picture(everything()))
    sign = StopSign(watch)
    with pytest.raises(Stopped):
        read(tmp_path / "a.psd", sign)


# Files of other depths and colours, written by psd-tools


@pytest.mark.parametrize(
    ("mode", "colour", "expected", "note"),
    [
        ("L", 100, (100, 100, 100), ""),
        ("RGB", (200, 60, 20), (200, 60, 20), ""),
        ("CMYK", (255, 0, 0, 255), (255, 0, 0), "printing"),  # Photoshop keeps ink as 0
    ],
)
def test_flat_pictures_of_other_colours(mode, colour, expected, note, tmp_path):
    PSDImage.frompil(Image.new(mode, (30, 20), colour)).save(tmp_path / "a.psd")
    back = read(tmp_path / "a.psd")
    assert note in back.note
    assert back.layers[0].name == "a"
    assert np.abs(look(back)[..., :3].astype(int) - expected).max() <= 12
    assert (look(back)[..., 3] == 255).all()


@pytest.mark.parametrize("depth", [16, 32])
def test_deep_pictures_are_reduced_and_say_so(depth, tmp_path):
    def samples(values: list[float]) -> bytes:
        return struct.pack(f">{len(values)}{'f' if depth == 32 else 'H'}", *values)

    top = 1.0 if depth == 32 else 65535
    planes = [samples([0 if depth == 16 else 0.0, top, top]) + samples([top, top, top]) for _ in range(3)]
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, 2, 3, depth, 3)
    (tmp_path / "a.psd").write_bytes(head + bytes(12) + struct.pack(">H", 0) + b"".join(planes))
    back = read(tmp_path / "a.psd")
    assert f"{depth} bits" in back.note
    assert look(back)[0, :, 0].tolist() == [0, 255, 255]
    assert look(back)[1, :, 2].tolist() == [255, 255, 255]


def test_another_colour_profile_becomes_srgb(tmp_path):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    psd = PSDImage.frompil(Image.new("RGB", (8, 8), (200, 60, 20)))
    assert (
        read(saved(psd, tmp_path, b"no profile")).note
        == "Its colour profile could not be used; colours may look different."
    )
    assert "could not be used" in read(saved(psd, tmp_path, lab.tobytes())).note
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert read(saved(psd, tmp_path, plain)).note == ""
    other = plain.replace("sRGB".encode("utf-16-be"), "xRGB".encode("utf-16-be"))
    back = read(saved(psd, tmp_path, other))
    assert back.note == "Its colours were converted to sRGB."
    assert np.abs(look(back)[0, 0, :3].astype(int) - (200, 60, 20)).max() <= 2


def saved(psd: PSDImage, folder: Path, profile: bytes) -> Path:
    psd.image_resources[Resource.ICC_PROFILE] = ImageResource(key=Resource.ICC_PROFILE, data=profile)
    psd.save(folder / "icc.psd")
    return folder / "icc.psd"


def test_an_unknown_mode_and_lost_pixels_are_said(tmp_path):
    write_psd(tmp_path / "a.psd", picture(everything()))
    data = (tmp_path / "a.psd").read_bytes()
    (tmp_path / "b.psd").write_bytes(data.replace(b"8BIMmul ", b"8BIMvLit"))
    back = read(tmp_path / "b.psd")
    assert "vivid light" in back.note
    assert "'红 ink'" in back.note
    assert back.layers[1].blend_mode is BlendMode.NORMAL
    psd = PSDImage.open(tmp_path / "a.psd")._record
    info = psd.layer_and_mask_information.layer_info
    assert info is not None
    info.channel_image_data[0][1].data = b"\0\0"
    with (tmp_path / "c.psd").open("wb") as file:
        psd.write(file)
    back = read(tmp_path / "c.psd")
    assert "The pixels of the layer 'Paper' are missing" in back.note
    assert back.layers[0].name == "Paper"
    assert back.layers[0].content_bounds().is_empty
    assert not back.layers[1].content_bounds().is_empty


def test_big_files_and_packed_ones_are_read_too(tmp_path):
    write_psd(tmp_path / "a.psd", picture(everything()))
    psd = PSDImage.open(tmp_path / "a.psd")._record
    info = psd.layer_and_mask_information.layer_info
    assert info is not None
    packings = [Compression.ZIP, Compression.ZIP_WITH_PREDICTION, Compression.RAW, Compression.RLE] * 3
    for record, channels, packing in zip(info.layer_records, info.channel_image_data, packings, strict=True):
        for (width, height), channel in zip(record.channel_sizes, channels, strict=True):
            if width:
                raw = channel.get_data(width, height, 8)
                channel.compression = packing
                channel.set_data(raw, width, height, 8, 2)
    planes = psd.image_data.get_data(psd.header)
    assert isinstance(planes, list)
    psd.header.version = 2
    psd.image_data.set_data(planes, psd.header)
    with (tmp_path / "b.psb").open("wb") as file:
        psd.write(file)
    back = read(tmp_path / "b.psb")
    assert back.note == ""
    assert difference(look(picture(everything())), look(back))[1] <= 2


def difference_of_bounds(one: Bounds, other: Bounds) -> int:
    edges = zip((one.x, one.y, one.right, one.bottom), (other.x, other.y, other.right, other.bottom), strict=True)
    return max(abs(a - b) for a, b in edges)


def test_a_shape_without_pixels_is_drawn_from_its_outline(tmp_path):
    write_psd(tmp_path / "a.psd", picture([painted("Paper", paper()), PaintLayer("shape")]))
    psd = PSDImage.open(tmp_path / "a.psd")._record
    info = psd.layer_and_mask_information.layer_info
    assert info is not None
    corners = [(0.25, 0.25), (0.25, 0.75), (0.75, 0.75), (0.75, 0.25)]
    outline = ClosedPath([ClosedKnotUnlinked(one, one, one) for one in corners])
    hole = ClosedPath([ClosedKnotUnlinked(one, one, one) for one in [(0.4, 0.4), (0.4, 0.6), (0.6, 0.6), (0.6, 0.4)]])
    hole.operation = 2
    blocks = info.layer_records[1].tagged_blocks
    blocks.set_data(Tag.VECTOR_MASK_SETTING1, 3, 0, VectorPath([PathFillRule(), InitialFillRule(0), outline, hole]))
    parts = {key: Double(value) for key, value in ((b"Rd  ", 200.0), (b"Grn ", 40.0), (b"Bl  ", 90.0))}
    colour = Descriptor(classID=b"RGBC")
    colour.update(parts)
    setting = DescriptorBlock(version=16, classID=b"null")
    setting[b"Clr "] = colour
    block = TaggedBlock(key=Tag.SOLID_COLOR_SHEET_SETTING)
    block.data = setting  # pyright: ignore[reportAttributeAccessIssue]
    blocks[Tag.SOLID_COLOR_SHEET_SETTING] = block
    with (tmp_path / "b.psd").open("wb") as file:
        psd.write(file)
    back = read(tmp_path / "b.psd")
    assert back.note == ""
    mask = back.layers[1].mask
    assert mask is not None
    assert difference_of_bounds(mask.content_bounds(), Bounds(40, 30, 80, 60)) <= 1
    shown = look(back)
    assert shown[35, 60].tolist() == [200, 40, 90, 255]
    assert shown[60, 80].tolist() == paper()[60, 80].tolist()
    assert shown[10, 10].tolist() == paper()[10, 10].tolist()
