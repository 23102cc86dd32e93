"""Damaged and hostile files of Photoshop and Krita: a clear sentence or what can be read, in bounded memory."""

import json
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from canvas.errors import CanvasError
from canvas.formats import kra, psd_reading
from canvas.formats.kra_tiles import read_tiles, unpack_lzf
from canvas.formats.psd_writing import write_psd
from canvas.layers import Layer
from tests.canvas.formats.painted import difference, everything, group, look, painted, paper, picture

pytestmark = pytest.mark.usefixtures("qapp")
REFERENCE = Path(__file__).parents[2] / "reference" / "formats"
HEAD = struct.Struct(">4sH6xHIIHH")


def flat_psd(folder: Path, head: tuple[object, ...], body: bytes) -> Path:
    path = folder / "a.psd"
    path.write_bytes(HEAD.pack(b"8BPS", *head) + body)
    return path


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ((1, 3, 60_000, 60_000, 8, 3), "60000 x 60000"),
        ((2, 3, 400_000, 10, 8, 3), "400000"),
        ((1, 3, 0, 10, 8, 3), "10 x 0"),
        ((3, 3, 10, 10, 8, 3), "header"),
        ((1, 99, 10, 10, 8, 3), "header"),
        ((1, 3, 10, 10, 8, 6), "header"),
        ((1, 1, 10, 10, 1, 0), "1 bits"),
        ((1, 3, 10, 10, 8, 7), "multichannel"),
        ((1, 3, 10, 10, 8, 3), "cut short"),
    ],
)
def test_headers_that_lie_are_refused(head, words, tmp_path):
    body = bytes(12) + struct.pack(">H", 0) + bytes(20)
    with pytest.raises(CanvasError, match=words):
        psd_reading.read(flat_psd(tmp_path, head, body))


def test_no_such_file_and_no_such_format(tmp_path):
    for read in (psd_reading.read, kra.read):
        with pytest.raises(CanvasError, match="There is no file"):
            read(tmp_path / "none")
        (tmp_path / "text").write_text("This is no picture at all, only some text.")
        with pytest.raises(CanvasError, match=r"is not a|damaged"):
            read(tmp_path / "text")


def test_a_part_longer_than_the_file_is_refused(tmp_path):
    path = flat_psd(tmp_path, (1, 3, 10, 10, 8, 3), struct.pack(">I", 0xFFFFFFF0) + bytes(100))
    with pytest.raises(CanvasError, match="longer than the file"):
        psd_reading.read(path)


@pytest.mark.parametrize("packing", [0, 1, 2, 3])
def test_a_layer_that_claims_more_than_it_holds_stays_empty(packing, tmp_path):
    write_psd(tmp_path / "a.psd", picture([painted("Paper", paper()), painted("bomb", paper())]))
    data = bytearray((tmp_path / "a.psd").read_bytes())
    at = data.index(b"8BIMnorm", data.index(b"8BIMnorm") + 1) - 4 * 6 - 2 - 16
    data[at : at + 16] = struct.pack(">4i", 0, 0, 30_000, 30_000)
    channels = data.index(b"\0\1", data.rindex(b"luni") + 20)
    data[channels : channels + 2] = bytes([0, packing])
    (tmp_path / "a.psd").write_bytes(data)
    back = psd_reading.read(tmp_path / "a.psd")
    assert "'bomb' are missing" in back.note
    assert back.layers[1].content_bounds().is_empty


def test_too_many_layers_and_too_deep_groups_are_refused(tmp_path):
    write_psd(tmp_path / "many.psd", picture([painted("x", paper())]))
    data = bytearray((tmp_path / "many.psd").read_bytes())
    count_at = 34 + int.from_bytes(data[30:34], "big") + 8
    assert data[count_at : count_at + 2] == struct.pack(">h", -1)
    data[count_at : count_at + 2] = struct.pack(">h", -2001)
    (tmp_path / "many.psd").write_bytes(data)
    with pytest.raises(CanvasError, match="more than 2000 layers"):
        psd_reading.read(tmp_path / "many.psd")
    layers: list[Layer] = [painted("x", paper())]
    for _ in range(60):
        layers = [group("g", layers)]
    write_psd(tmp_path / "deep.psd", picture(layers))
    with pytest.raises(CanvasError, match="more than 50 deep"):
        psd_reading.read(tmp_path / "deep.psd")


def test_damaged_layers_give_way_to_the_merged_picture(tmp_path):
    write_psd(tmp_path / "a.psd", picture(everything()))
    data = (tmp_path / "a.psd").read_bytes()
    (tmp_path / "b.psd").write_bytes(data.replace(b"8BIMover", b"8BIMabcd", 1))
    back = psd_reading.read(tmp_path / "b.psd")
    assert "merged picture" in back.note
    assert len(back.layers) == 1
    assert difference(look(back), look(picture(everything())))[1] <= 1


# Krita


def archive(path: Path, **members: bytes | str) -> Path:
    defaults = {"mimetype": "application/x-krita", "maindoc": document('<layer nodetype="paintlayer" filename="l"/>')}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in (defaults | members).items():
            made.writestr({"maindoc": "maindoc.xml", "tiles": "a/layers/l"}.get(name, name), body)
    return path


def document(layers: str, size: str = 'width="64" height="64"', before: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{before}<DOC xmlns="http://www.calligra.org/DTD/krita">'
        f'<IMAGE name="a" colorspacename="RGBA" {size}><layers>{layers}</layers></IMAGE></DOC>'
    )


def tile_file(tiles: list[tuple[str, bytes]], pixel_bytes: int = 4) -> bytes:
    head = f"VERSION 2\nTILEWIDTH 64\nTILEHEIGHT 64\nPIXELSIZE {pixel_bytes}\nDATA {len(tiles)}\n".encode()
    return head + b"".join(f"{place},LZF,{len(body)}\n".encode() + body for place, body in tiles)


RAW = b"\0" + bytes(range(256)) * 64
MERGED_LINE = "Only the merged picture"


def merged_png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + b"\x10\x20\x30\xff" * 64) * 64
    head = struct.pack(">IIBBBBB", 64, 64, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_a_plain_tile_is_read(tmp_path):
    back = kra.read(archive(tmp_path / "a.kra", tiles=tile_file([("0,0", RAW)])))
    assert back.note == ""
    assert back.layers[0].content_bounds().width == 64


@pytest.mark.parametrize(
    "tiles",
    [
        b"VERSION 3\nDATA 0\n",
        b"VERSION 2\nTILEWIDTH 64\nTILEHEIGHT 64\nPIXELSIZE 8\nDATA 0\n",
        b"x" * 1000,
        tile_file([("0,0", RAW[:100])]),
        tile_file([("0,0", b"\1\xff\xff\xff")]),
        tile_file([("0,0", b"\1" + bytes([31] * 40))]),
        tile_file([("0,0", b"\7" + RAW)]),
        tile_file([("0,0", RAW)])[:-5],
        tile_file([("3,0", RAW)]),
        tile_file([("0,0", RAW), ("16777152,16777152", RAW)]),
        tile_file([("0,0", RAW), ("1677721600,0", RAW)]),
        tile_file([]).replace(b"DATA 0", b"DATA 99999999"),
    ],
)
def test_tiles_that_cannot_be_read_give_way_to_the_merged_picture(tiles, tmp_path):
    back = kra.read(archive(tmp_path / "a.kra", tiles=tiles, **{"mergedimage.png": merged_png()}))
    assert MERGED_LINE in back.note
    assert look(back)[5, 5].tolist() == [16, 32, 48, 255]
    with pytest.raises(CanvasError, match=r"mergedimage\.png"):
        kra.read(archive(tmp_path / "b.kra", tiles=tiles))


@pytest.mark.parametrize(
    ("maindoc", "words"),
    [
        (document("", before='<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'), "declarations"),
        (document("", before='<!DOCTYPE x SYSTEM "file:///etc/passwd">'), "declarations"),
        (document("", 'width="100000" height="64"'), "100000 x 64"),
        (document("", 'width="nan" height="64"'), "0 x 64"),
        (document("<layer>"), "damaged"),
        ("<DOC/>", "lists no picture"),
        (document("<layer/>" * 2001), "more than 2000"),
        (document('<layer nodetype="grouplayer"><layers>' * 60 + "</layers></layer>" * 60), "50 deep"),
    ],
)
def test_lists_of_layers_that_are_hostile_are_refused(maindoc, words, tmp_path):
    with pytest.raises(CanvasError, match=words):
        kra.read(archive(tmp_path / "a.kra", maindoc=maindoc))


def test_nothing_outside_of_the_archive_is_read(tmp_path):
    (tmp_path / "secret").write_bytes(tile_file([("0,0", RAW)]))
    slip = document('<layer nodetype="paintlayer" filename="../../../secret"/>')
    members = {"mergedimage.png": merged_png(), "../secret": b"x"}
    back = kra.read(archive(tmp_path / "a.kra", maindoc=slip, tiles=b"", **members))
    assert MERGED_LINE in back.note
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.kra", "secret"]


def test_a_member_that_swells_is_not_swallowed(tmp_path, monkeypatch):
    monkeypatch.setattr(kra, "MAX_MEMBER_BYTES", 1 << 20)
    with pytest.raises(CanvasError, match="too large"):
        kra.read(archive(tmp_path / "a.kra", tiles=bytes(50 << 20), **{"mergedimage.png": bytes(50 << 20)}))
    with pytest.raises(CanvasError, match="too large"):
        kra.read(archive(tmp_path / "b.kra", maindoc=document("") + " " * (9 << 20)))


def test_lzf_that_feeds_on_itself_and_lzf_that_lies():
    assert unpack_lzf(b"\0a" + bytes([0b0110_0000, 0]), 100) == b"aaaaaa"
    assert unpack_lzf(b"\1ab" + bytes([0b1110_0000, 4, 1]), 100) == b"ab" + b"ababababababa"
    assert unpack_lzf(b"\2abc" + bytes([0b0010_0000, 2]), 100) == b"abcabc"
    for wrong in (bytes([0b0010_0000, 5]), b"\0a" + bytes([0b1110_0000]), b"\0a" + bytes([0b1110_0000, 255, 0]) * 100):
        with pytest.raises(CanvasError):
            unpack_lzf(wrong, 1000)
    tiles = read_tiles(tile_file([("-64,0", RAW), ("0,64", RAW)]), 4)
    assert tiles.bounds == (-64, 0, 128, 128)
    assert np.array_equal(tiles.unpack(b"\1\2\3\4")[0, 100], [1, 2, 3, 4])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "count"), [("ours.psd", 200), ("gimp.psd", 100), ("krita-masks.kra", 60)])
def test_mutants_neither_crash_nor_hang_nor_swell(name, count, tmp_path):
    path = REFERENCE / name
    if name == "ours.psd":
        path = tmp_path / name
        write_psd(path, picture(everything()))
    command = [sys.executable, "-m", "tests.canvas.formats.mutants_to_open", str(path), str(count), "7"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False, cwd=Path(__file__).parents[3])
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    answer = json.loads(done.stdout)
    assert answer["problems"] == []
    assert answer["opened"] + answer["refused"] == count
    assert answer["opened"] > count // 10
    assert answer["refused"] > 5
    assert answer["peak"] < 1500
