"""Pictures with more than eight bits a channel, and with colours that are not sRGB, come in as near as 8 bits allow."""

import sys
import zlib
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from canvas.errors import CanvasError
from canvas.formats.pictures import Change, picture_size, read_picture, read_texts
from tests.canvas.formats.hostile_pictures import chunk, png

NOISE = np.random.default_rng(3).integers(0, 65536, (37, 53, 4), dtype=np.uint16)


def coded(suffix: str, values: np.ndarray, *options: int) -> bytes:
    """A file of OpenCV's; colours in its own order, blue first."""
    return cv2.imencode(suffix, values, list(options))[1].tobytes()


def farthest(found: np.ndarray, truth: np.ndarray) -> float:
    """The largest difference, in steps of 1/255; `truth` is 0..1."""
    return float(np.abs(found.astype(np.float64) - truth * 255).max())


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_are_rounded_to_the_nearest_step(suffix, channels):
    values = NOISE[..., :channels].squeeze()
    picture = read_picture(coded(suffix, values))
    assert picture.changes == (Change.REDUCED,)
    truth = np.dstack([values] * 3) if channels == 1 else values[..., [2, 1, 0]]
    assert farthest(picture.rgba[..., :3], truth / 65535) <= 0.5 + 1e-3
    if channels == 4:
        assert farthest(picture.rgba[..., 3], values[..., 3] / 65535) <= 0.5 + 1e-3
    else:
        assert (picture.rgba[..., 3] == 255).all()


def test_grey_with_alpha_and_a_transparent_colour_of_sixteen_bits():
    pairs = NOISE[:5, :7, :2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pairs)
    found = read_picture(png(7, 5, zlib.compress(rows), kind=(16, 4))).rgba
    assert farthest(found[..., 0], pairs[..., 0] / 65535) <= 0.501
    assert farthest(found[..., 3], pairs[..., 1] / 65535) <= 0.501
    colours = NOISE[:5, :7, :3].copy()
    colours[2, 3] = (1000, 2000, 3000)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in colours)
    clear = chunk(b"tRNS", bytes((3, 232, 7, 208, 11, 184)))
    found = read_picture(png(7, 5, zlib.compress(rows), clear, (16, 2))).rgba
    assert found[2, 3, 3] == 0
    assert (np.delete(found[..., 3].ravel(), 2 * 7 + 3) == 255).all()


@pytest.mark.parametrize(("dtype", "top"), [(np.float32, 1.0), (np.float64, 1.0), (np.float32, 255.0)])
def test_floats_keep_their_range(dtype, top):
    values = (NOISE[..., :3] / 65535 * top).astype(dtype)
    values[0, 0] = top
    found = read_picture(coded(".tiff", values)).rgba
    assert farthest(found[..., :3], values[..., ::-1] / top) <= 0.51


def test_highlights_and_nonsense_in_floats_are_cut_off():
    values = np.full((8, 8, 3), 0.5, np.float32)
    values[0, 0], values[1, 1], values[2, 2] = 3.0, np.nan, -4.0
    found = read_picture(coded(".tiff", values)).rgba
    assert [int(found[n, n, 0]) for n in (0, 1, 2, 5)] == [255, 0, 0, 128]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_deep_pictures_come_in_upright(orientation):
    values = NOISE[:6, :9, :3]
    plain = Image.fromarray((values[..., ::-1] / 257 + 0.5).astype(np.uint8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = BytesIO()
    plain.save(buffer, "PNG", exif=exif)
    expected = read_picture(buffer.getvalue()).rgba
    data = coded(".png", values)
    block = exif.tobytes().removeprefix(b"Exif\0\0")
    found = read_picture(data[:33] + chunk(b"eXIf", block) + data[33:]).rgba
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).max() <= 1


def test_deep_headers_are_checked_before_anything_is_decoded(tmp_path):
    path = tmp_path / "deep.tiff"
    path.write_bytes(coded(".tiff", NOISE[..., :3].astype(np.float32)))
    assert picture_size(path) == (53, 37, "TIFF")
    with pytest.raises(CanvasError, match="60000 x 60000"):
        read_picture(png(60000, 60000, b"x", kind=(16, 6)))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(CanvasError, match=r"deep\.tiff is .*damaged"):
        read_picture(path)


def test_lab_and_profiles_of_other_gamuts_become_srgb():
    buffer = BytesIO()
    lab = Image.merge("LAB", [Image.new("L", (6, 6), value) for value in (135, 208, 195)])  # L 53, a 80, b 67
    lab.save(buffer, "TIFF")
    picture = read_picture(buffer.getvalue())
    assert Change.CONVERTED in picture.changes
    assert np.abs(picture.rgba[3, 3].astype(int) - (255, 0, 0, 255)).max() <= 12
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = swapped_primaries(grey)
    buffer = BytesIO()
    pixels = Image.new("RGBA", (6, 6), (200, 30, 60, 90))
    pixels.save(buffer, "PNG", icc_profile=swapped)
    picture = read_picture(buffer.getvalue())
    assert picture.changes == (Change.CONVERTED,)
    assert np.abs(picture.rgba[2, 2].astype(int) - (60, 30, 200, 90)).max() <= 3
    deep = coded(".png", np.full((6, 6, 3), (60 * 257, 30 * 257, 200 * 257), np.uint16))
    buffer = BytesIO()
    Image.new("RGB", (1, 1)).save(buffer, "PNG", icc_profile=swapped)
    block = buffer.getvalue()[33:]
    block = block[: 12 + int.from_bytes(block[:4], "big")]
    picture = read_picture(deep[:33] + block + deep[33:])
    assert picture.changes == (Change.REDUCED, Change.CONVERTED)
    assert np.abs(picture.rgba[2, 2].astype(int) - (60, 30, 200, 255)).max() <= 3


def swapped_primaries(profile: bytes) -> bytes:
    """sRGB with red and blue exchanged, and another name, so that it counts as another space."""
    data = bytearray(profile)
    count = int.from_bytes(data[128:132], "big")
    entries = {bytes(data[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(count)}
    red, blue = entries[b"rXYZ"], entries[b"bXYZ"]
    data[red + 4 : red + 12], data[blue + 4 : blue + 12] = data[blue + 4 : blue + 12], data[red + 4 : red + 12]
    return bytes(data).replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be")).replace(b"sRGB", b"test")


def test_heic_is_read_where_its_package_is(tmp_path, monkeypatch):
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    path = tmp_path / "photo.heic"
    exif = Image.Exif()
    exif[0x0131] = "camera"
    picture = Image.new("RGB", (64, 32), (200, 30, 60))
    picture.paste((10, 200, 90), (0, 0, 16, 16))
    picture.save(path, quality=95, exif=exif)
    found = read_picture(path)
    assert found.rgba.shape == (32, 64, 4)
    assert np.abs(found.rgba[8, 8].astype(int) - (10, 200, 90, 255)).max() <= 12
    assert read_texts(path) == {"Software": "camera"}
    for name in ("OPEN", "MIME"):
        monkeypatch.setattr(Image, name, {k: v for k, v in getattr(Image, name).items() if k != "HEIF"})
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(CanvasError, match=r"photo\.heic is an HEIC picture.*pip install pillow-heif"):
        read_picture(path)
    with pytest.raises(CanvasError, match=r"JPEG XL.*pillow-jxl-plugin"):
        read_picture(b"\xff\x0a" + bytes(60))


def test_grey_with_a_grey_profile_keeps_its_transparency():
    grey = np.full((5, 5), 128, np.uint8)
    image = Image.merge("LA", [Image.fromarray(grey), Image.new("L", (5, 5), 77)])
    buffer = BytesIO()
    image.save(buffer, "PNG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    found = read_picture(buffer.getvalue()).rgba
    assert tuple(found[0, 0]) == (128, 128, 128, 77)
