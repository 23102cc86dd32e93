"""Reading, pasting and writing pictures for the commands without a window."""

from __future__ import annotations

import json
import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipelines.commands.errors import InputError
from pipelines.commands.pictures import (
    RIM,
    Box,
    Picture,
    check_output,
    fade_in,
    join_colours,
    output_paths,
    paste,
    read_mask,
    read_picture,
    region_around,
    write_pictures,
)
from pipelines.planning.masks import rim_for
from pipelines.planning.sizes import RunLimits


def _noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)


def test_alpha_and_orientation_are_respected(tmp_path: Path) -> None:
    rgba = _noise(3, 5)
    Image.fromarray(rgba).save(tmp_path / "a.png")
    picture = read_picture(tmp_path / "a.png")
    assert picture.has_alpha
    assert (picture.rgba == rgba).all()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter to the right when shown
    Image.fromarray(rgba[..., :3]).save(tmp_path / "b.png", exif=exif)
    turned = read_picture(tmp_path / "b.png")
    assert turned.size == (3, 5)
    assert not turned.has_alpha
    assert (turned.rgba[..., :3] == np.rot90(rgba[..., :3], -1)).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_usual_modes_are_read(tmp_path: Path, mode: str) -> None:
    image = Image.fromarray(_noise(4, 4)).convert("RGB").convert(mode)
    path = tmp_path / ("a.tiff" if mode == "CMYK" else "a.png")
    image.save(path)
    picture = read_picture(path)
    assert (picture.rgba == np.asarray(image.convert("RGBA"))).all()
    assert picture.has_alpha == (mode in ("LA", "RGBA"))


def _truncated_png() -> bytes:
    file = BytesIO()
    Image.fromarray(_noise(50, 50)).save(file, "PNG")
    return file.getvalue()[:2000]


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", _truncated_png(), b"II*\0" + b"\xff" * 40])
def test_damaged_pictures_get_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.png is not a picture"):
        read_picture(tmp_path / "a.png")


def test_what_is_missing_huge_or_deep_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_picture(tmp_path / "none.png")
    for side in (12_000, 30_000):  # beyond our bound, and beyond Pillow's own
        header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
        (tmp_path / "huge.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + _truncated_png()[33:])
        with pytest.raises(InputError, match="million pixels"):
            read_picture(tmp_path / "huge.png")
    Image.fromarray(np.zeros((4, 4), np.uint16)).save(tmp_path / "deep.png")
    with pytest.raises(InputError, match="8 bits"):
        read_picture(tmp_path / "deep.png")


def test_masks(tmp_path: Path) -> None:
    coverage = np.arange(12, dtype=np.uint8).reshape(3, 4)
    Image.fromarray(coverage).save(tmp_path / "m.png")
    assert (read_mask(tmp_path / "m.png", (4, 3)) == coverage).all()
    with pytest.raises(InputError, match="4 x 3 pixels, but the picture is 3 x 4"):
        read_mask(tmp_path / "m.png", (3, 4))
    clear = np.full((3, 4, 4), 255, np.uint8)
    clear[1:, :, 3] = 0  # white but transparent
    Image.fromarray(clear).save(tmp_path / "t.png")
    assert read_mask(tmp_path / "t.png", (4, 3)).sum() == 4 * 255
    Image.new("L", (4, 3)).save(tmp_path / "black.png")
    with pytest.raises(InputError, match="all black"):
        read_mask(tmp_path / "black.png", (4, 3))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 30), st.integers(1, 30))
def test_paste_keeps_every_pixel_under_black(seed: int, height: int, width: int) -> None:
    chance = np.random.default_rng(seed)
    base = chance.integers(0, 256, (height + 7, width + 5, 4), np.uint8)
    mask = np.where(chance.random((height, width)) < 0.4, chance.integers(0, 256, (height, width)), 0).astype(np.uint8)
    patch = chance.integers(0, 256, (height, width, 4), np.uint8)
    box = Box(2, 3, width, height)
    result = paste(base, patch, fade_in(mask), box)
    outside = np.ones(base.shape[:2], bool)
    outside[box.slices] = mask == 0
    assert (result[outside] == base[outside]).all()
    assert (paste(base, patch, np.zeros_like(mask), box) == base).all()


def test_paste_is_plain_over() -> None:
    base = np.full((1, 3, 4), (0, 100, 200, 255), np.uint8)
    base[0, 2] = (9, 9, 9, 0)
    patch = np.full((1, 3, 4), (200, 100, 0, 255), np.uint8)
    patch[0, 2, 3] = 100
    result = paste(base, patch, np.array([[255, 51, 255]], np.uint8), Box(0, 0, 3, 1))
    assert result[0].tolist() == [[200, 100, 0, 255], [40, 100, 160, 255], [200, 100, 0, 100]]


def test_the_rim_lies_inside_and_slivers_still_change() -> None:
    mask = np.zeros((60, 60), np.uint8)
    mask[20:40, 20:40] = 255
    mask[5, :] = 255
    weight = fade_in(mask)
    assert (weight[mask == 0] == 0).all()
    assert (weight[5] > 0).all()
    assert weight[30, 20] < 120
    assert (weight[20 + int(RIM) + 1 : 39 - int(RIM), 20 + int(RIM) + 1 : 39 - int(RIM)] == 255).all()
    assert (fade_in(np.full((8, 8), 255, np.uint8)) == 255).all()


def test_colours_join_at_the_rim_and_stay_further_in() -> None:
    old = np.full((40, 400, 4), (100, 120, 140, 255), np.uint8)
    patch = np.full((40, 400, 4), (140, 120, 90, 255), np.uint8)
    mask = np.zeros((40, 400), np.uint8)
    mask[:, 100:] = 255
    joined = join_colours(old, patch, mask).astype(int)
    assert np.abs(joined[20, 101, :3] - (100, 120, 140)).max() <= 4
    assert (joined[20, 250:, :3] == (140, 120, 90)).all()
    assert (np.diff(joined[20, 100:200, 0]) >= 0).all()
    assert (join_colours(old * 0, patch, mask) == patch).all()  # nothing opaque to join to


def test_the_region_holds_mask_and_context_within_bounds() -> None:
    mask, limits = np.zeros((200, 20_000), np.uint8), RunLimits(512, 1.0, 1.5, 1.25)
    mask[90:110, 10_000:10_050] = 1
    rim = rim_for(54, 1.0)
    box = region_around(mask, rim, limits, 1.0)
    assert (box.top, box.height) == (0, 200), "no further than the picture"
    assert box.left + rim.reach < 10_000
    assert box.right - rim.reach > 10_050
    assert box.width <= 320
    assert region_around(mask, rim, limits, 0.2).width <= box.width
    mask[90, 100] = 1
    with pytest.raises(InputError, match="9950 pixels long"):
        region_around(mask, rim, limits, 1.0)
    with pytest.raises(InputError, match="all black"):
        region_around(mask * 0, rim, limits, 1.0)


def test_writing_is_all_or_nothing(tmp_path: Path) -> None:
    rgba = _noise(4, 4)
    paths = output_paths(tmp_path / "out.png", 2)
    assert [path.name for path in paths] == ["out-1.png", "out-2.png"]
    write_pictures(paths, [Picture(rgba, has_alpha=True), Picture(rgba, has_alpha=False)], [{"seed": 1}, {"墨": 2}])
    first, second = Image.open(paths[0]), Image.open(paths[1])
    assert (np.asarray(first) == rgba).all()
    assert second.mode == "RGB"
    assert json.loads(second.info["handscroll"]) == {"墨": 2}
    with pytest.raises(TypeError):  # the second cannot be written: its parameters are no JSON
        write_pictures(
            [tmp_path / "a.png", tmp_path / "b.png"], [Picture(rgba, has_alpha=True)] * 2, [{}, {"a": object()}]
        )
    assert {path.name for path in tmp_path.iterdir()} == {"out-1.png", "out-2.png"}


def test_a_bad_output_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    for name, sentence in (("a.gif", r"must be a \.png"), ("folder.png", "is a folder"), ("none/a.png", "no folder")):
        with pytest.raises(InputError, match=sentence):
            check_output(tmp_path / name)
