"""Pictures of every common kind come in upright and in sRGB; hostile ones get a sentence."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from canvas.errors import CanvasError
from canvas.formats.pictures import (
    Provenance,
    Writing,
    picture_size,
    read_metadata,
    read_picture,
    read_texts,
    write_picture,
)


def noise(height=40, width=60, alpha=True):
    rgba = np.random.default_rng(4).integers(0, 256, (height, width, 4), dtype=np.uint8)
    if not alpha:
        rgba[..., 3] = 255
    return rgba


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, body: bytes, extra: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("suffix", [".png", ".tiff", ".webp"])
def test_lossless_round_trip(tmp_path, suffix):
    path = tmp_path / f"ein Bild{suffix}"
    rgba = noise()
    write_picture(path, rgba, Writing(lossless=True), Provenance(recipe={"prompt": "夜、山", "seed": 5}))
    picture = read_picture(path)
    assert (picture.rgba == rgba).all()
    assert (picture.name, picture.note) == ("ein Bild", "")
    assert read_metadata(path) == {"prompt": "夜、山", "seed": 5}
    assert (read_picture(path.read_bytes()).rgba == rgba).all()
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".jpg", ".bmp"])
def test_formats_without_transparency_are_laid_on_white(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    rgba = np.zeros((32, 32, 4), np.uint8)
    rgba[:, 16:] = (200, 30, 60, 255)
    write_picture(path, rgba, provenance=Provenance(recipe={"seed": 1}))
    found = read_picture(path).rgba.astype(int)
    assert np.abs(found[:, :8] - 255).max() <= 3
    assert np.abs(found[:, 24:] - (200, 30, 60, 255)).max() <= 6
    assert read_metadata(path) == ({"seed": 1} if suffix == ".jpg" else {})


def test_an_unknown_suffix_and_a_missing_folder_get_a_sentence(tmp_path):
    with pytest.raises(CanvasError, match=r"\.xcf"):
        write_picture(tmp_path / "a.xcf", noise())
    with pytest.raises(CanvasError, match="cannot be written"):
        write_picture(tmp_path / "no" / "a.png", noise())


def test_an_old_file_stays_when_writing_fails(tmp_path):
    path = tmp_path / "a.jpg"
    write_picture(path, noise())
    before = path.read_bytes()
    with pytest.raises(CanvasError):
        write_picture(path, np.zeros((8, 70000, 4), np.uint8))  # more than JPEG can hold
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.jpg"]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_come_in_upright(orientation):
    upright = Image.fromarray(noise(alpha=False)).convert("RGB").resize((90, 60)).resize((9, 6))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(back[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = BytesIO()
    stored.save(buffer, "PNG", exif=exif)
    assert (read_picture(buffer.getvalue()).rgba == np.asarray(upright.convert("RGBA"))).all()


def test_other_pixel_kinds_are_converted_and_say_so():
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(4, 0)
    buffer = BytesIO()
    Image.fromarray(ramp).save(buffer, "PNG")
    found = read_picture(buffer.getvalue())
    assert "reduced to 8" in found.note
    assert (np.abs(found.rgba[0, :, 0].astype(int) - np.arange(256)) <= 1).all()

    buffer = BytesIO()
    Image.new("CMYK", (5, 5), (0, 255, 255, 0)).save(buffer, "JPEG")
    found = read_picture(buffer.getvalue())
    assert "CMYK" in found.note
    assert found.rgba[2, 2, 0] > 200
    assert found.rgba[2, 2, 1] < 80

    buffer = BytesIO()
    frames = [Image.new("RGB", (5, 5), (number * 90, 0, 0)) for number in range(3)]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    assert "first" in read_picture(buffer.getvalue()).note


def test_colour_profiles_are_honoured():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    buffer = BytesIO()
    grey = Image.new("RGB", (4, 4), (10, 200, 90))
    grey.save(buffer, "PNG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    same = read_picture(buffer.getvalue())
    assert (same.note, tuple(same.rgba[0, 0])) == ("", (10, 200, 90, 255))
    buffer = BytesIO()
    grey.save(buffer, "PNG", icc_profile=lab.tobytes())
    assert "profile could not be used" in read_picture(buffer.getvalue()).note
    buffer = BytesIO()
    grey.save(buffer, "PNG", icc_profile=b"nonsense")
    assert "profile could not be used" in read_picture(buffer.getvalue()).note


@pytest.mark.parametrize("data", [
    b"", b"hello", b"\x89PNG\r\n\x1a\n", png(60000, 60000, b"x"), png(20000, 100, b"x"), png(16000, 9000, b"x"),
    png(30, 30, b"x"), png(0, 0, b""), b"GIF89a" + bytes(40), b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
])  # fmt: skip
def test_hostile_and_broken_pictures_get_a_sentence(data):
    with pytest.raises(CanvasError) as refused:
        read_picture(data)
    assert str(refused.value).endswith(".")


def test_a_missing_file_gets_a_sentence(tmp_path):
    for reader in (read_picture, read_metadata, picture_size):
        with pytest.raises(CanvasError, match="no file"):
            reader(tmp_path / "a.png")


def test_every_truncation_gets_a_sentence_or_a_picture():
    for kind in ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP"):
        buffer = BytesIO()
        Image.fromarray(noise(alpha=False)).convert("RGB").save(buffer, kind)
        data = buffer.getvalue()
        for end in range(0, len(data) - 1, max(1, len(data) // 25)):
            try:
                assert read_picture(data[:end]).rgba.shape == (40, 60, 4)
            except CanvasError:
                continue


def test_a_text_bomb_is_not_unpacked_and_the_picture_is_still_read():
    bomb = zlib.compress(bytes(PngImagePlugin.MAX_TEXT_CHUNK + 1000), 9)
    rows = zlib.compress(bytes(30 * (1 + 30 * 4)))
    data = png(30, 30, rows, chunk(b"zTXt", b"handscroll\0\0" + bomb))
    assert read_texts(data) == {}
    assert read_picture(data).rgba.shape == (30, 30, 4)
    assert read_metadata(data) == {}
