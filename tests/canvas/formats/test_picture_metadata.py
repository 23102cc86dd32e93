"""What a file says about how it was made: all of it in every format, and not a word when that is not wanted."""

import json
import struct
import zlib
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from canvas.formats.pictures import (
    Provenance,
    SourceType,
    Writing,
    read_metadata,
    read_picture,
    read_texts,
    write_picture,
)
from tests.canvas.formats.hostile_pictures import chunk, png

PIXELS = np.random.default_rng(2).integers(0, 256, (24, 36, 4), dtype=np.uint8)
PARAMETERS = "a lantern <over> & 夜の山\nNegative prompt: fog\nSteps: 20, Sampler: Euler, Seed: 5, Size: 36x24"
REQUEST = {"prompt": 'a lantern <over> & "夜"', "seed": 5}
TOLD = Provenance(
    PARAMETERS, {"software": "Handscroll", "request": REQUEST, "generations": [{"id": "1"}]}, SourceType.COMPOSITE
)
KINDS = [".png", ".jpg", ".webp", ".avif", ".tiff"]
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"


@pytest.mark.parametrize("suffix", KINDS)
def test_everything_comes_back(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write_picture(path, PIXELS, provenance=TOLD)
    texts = read_texts(path)
    assert read_texts(path.read_bytes()) == texts
    key = {".png": "parameters", ".tiff": "ImageDescription"}.get(suffix, "UserComment")
    assert texts[key] == PARAMETERS
    assert texts["Software"] == "Handscroll"
    assert json.loads(texts["handscroll"]) == TOLD.recipe
    assert read_metadata(path) == TOLD.recipe
    root = ElementTree.fromstring(texts["xmp"].partition("?>")[2].rpartition("<?")[0])
    (kind,) = root.iter(IPTC)
    assert kind.text == "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
    assert read_picture(path).note == ""


@pytest.mark.parametrize("suffix", [*KINDS, ".bmp"])
def test_without_it_the_file_says_nothing(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write_picture(path, PIXELS)
    data = path.read_bytes()
    for word in ("lantern", "Handscroll", "handscroll", "DigitalSource", "parameters", "xmp"):
        assert word.encode() not in data
        assert word.encode("utf-16-be") not in data
    assert read_texts(path) == {}
    assert read_metadata(path) == {}


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tiff"])
def test_the_words_do_not_touch_the_pixels(tmp_path, suffix):
    write_picture(tmp_path / f"a{suffix}", PIXELS, Writing(lossless=True, dpi=300), TOLD)
    assert (read_picture(tmp_path / f"a{suffix}").rgba == PIXELS).all()


def test_profile_and_resolution_are_in_the_file(tmp_path):
    for suffix in (".png", ".jpg", ".tiff"):
        path = tmp_path / f"a{suffix}"
        write_picture(path, PIXELS, Writing(dpi=300))
        with Image.open(path) as image:
            assert 200 < len(image.info["icc_profile"]) < 4096
            assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_too_many_generations_for_a_jpeg_leave_the_oldest_out(tmp_path):
    many = [{"id": str(number), "prompt": "<" * 900} for number in range(100)]
    path = tmp_path / "a.jpg"
    write_picture(path, PIXELS, provenance=Provenance("p" * 100_000, {"generations": many}, SourceType.GENERATED))
    found = read_metadata(path)
    kept = [one["id"] for one in found["generations"]]
    assert kept == [str(number) for number in range(len(kept))]
    assert 5 <= len(kept) == 100 - found["left_out"]
    assert len(read_texts(path)["UserComment"]) > 30_000


def of_png(*chunks: bytes) -> dict[str, str]:
    return read_texts(png(1, 1, zlib.compress(bytes(5)), b"".join(chunks)))


def test_texts_of_png():
    packed = zlib.compress("夜".encode())
    assert of_png(
        chunk(b"tEXt", b"parameters\0caf\xe9"),
        chunk(b"tEXt", b"prompt\0" + "{夜}".encode()),  # UTF-8 where Latin-1 belongs, as many programs do
        chunk(b"zTXt", b"workflow\0\0" + packed),
        chunk(b"iTXt", b"a\0\1\0zh\0key\0" + packed),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"),
        chunk(b"zTXt", b"broken\0\0nonsense"),
        chunk(b"tEXt", b"last\0one"),
    ) == {"parameters": "café", "prompt": "{夜}", "workflow": "夜", "a": "夜", "xmp": "<x/>", "last": "one"}


def test_texts_are_bounded():
    mega = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 900_000))
    assert set(of_png(mega, mega.replace(b"zTXta", b"zTXtb"), chunk(b"tEXt", b"c\0d"))) == {"a", "c"}
    assert of_png(chunk(b"tEXt", b"a\0" + b"x" * 2_000_000), chunk(b"tEXt", b"c\0d")) == {"c": "d"}


@pytest.mark.parametrize(("tag", "value", "name", "text"), [
    (0x9286, b"UNICODE\0" + "夜 cat".encode("utf-16-be"), "UserComment", "夜 cat"),
    (0x9286, b"UNICODE\0" + "夜 cat".encode("utf-16-le"), "UserComment", "夜 cat"),
    (0x9286, b"UNICODE\0" + "夜 cat".encode("utf-16"), "UserComment", "夜 cat"),
    (0x9286, b"ASCII\0\0\0a cat", "UserComment", "a cat"),
    (0x9286, bytes(8) + "夜".encode(), "UserComment", "夜"),
    (0x9286, b"{bare}", "UserComment", "{bare}"),
    (0x010E, "caf\xe9 夜".encode(), "ImageDescription", "café 夜"),
    (0x010F, b"workflow:{}", "Make", "workflow:{}"),
    (0x9C9C, "夜 cat\0".encode("utf-16-le"), "XPComment", "夜 cat"),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "AVIF"])
def test_texts_of_exif(tag, value, name, text, kind):
    exif = Image.Exif()
    exif[0x0131] = "x"  # Pillow writes no EXIF that has nothing but its second part
    (exif.get_ifd(0x8769) if tag == 0x9286 else exif)[tag] = value
    buffer = BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, kind, exif=exif)
    assert read_texts(buffer.getvalue()) == {name: text, "Software": "x"}


def test_comments_of_jpeg_and_gif():
    for kind in ("JPEG", "GIF"):
        buffer = BytesIO()
        Image.new("RGB", (9, 9)).save(buffer, kind, comment="夜 cat".encode())
        assert read_texts(buffer.getvalue()) == {"comment": "夜 cat"}


def test_no_file_no_picture_no_texts(tmp_path):
    assert read_texts(tmp_path / "none.png") == {}
    assert read_texts(tmp_path) == {}
    assert read_texts(b"") == {}
    assert read_texts(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 0xFFFFFFFF, b"tEXt") + b"a\0b") == {}


def test_our_words_in_foreign_hands_are_no_harm():
    info = PngImagePlugin.PngInfo()
    info.add_itxt("handscroll", "[" * 100_000)
    buffer = BytesIO()
    Image.new("RGB", (9, 9)).save(buffer, "PNG", pnginfo=info)
    assert read_metadata(buffer.getvalue()) == {}
    info = PngImagePlugin.PngInfo()
    info.add_itxt("handscroll", '{"a":' * 100_000)
    buffer = BytesIO()
    Image.new("RGB", (9, 9)).save(buffer, "PNG", pnginfo=info)
    assert read_metadata(buffer.getvalue()) == {}
