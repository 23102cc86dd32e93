"""Reads hostile pictures in a process whose memory is bounded, and says how each of them ended.

Run as `python -m tests.canvas.formats.hostile_pictures SEED COUNT`; prints one JSON object per picture. A picture that
takes longer than PATIENCE seconds ends the process with its traceback.
"""

import contextlib
import faulthandler
import importlib
import json
import random
import resource
import struct
import sys
import time
import zlib
from collections.abc import Iterator
from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from canvas.errors import CanvasError
from canvas.formats.pictures import read_metadata, read_picture, read_texts
from tests.peak import peak_megabytes

PATIENCE = 20
"""Seconds until a picture counts as hanging; the test itself wants five."""
MEMORY = 3 << 30
"""Bytes of address space: a picture of 128 megapixels, some copies, and the libraries."""


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, body: bytes, extra: bytes = b"", kind: tuple[int, int] = (8, 6)) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, *kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def bases() -> dict[str, bytes]:
    """Good small pictures of every kind."""
    pixels = np.random.default_rng(4).integers(0, 256, (40, 60, 4), dtype=np.uint8)
    pixels[:, :30] = (90, 40, 10, 255)
    rgba = Image.fromarray(pixels)
    rgb, exif = rgba.convert("RGB"), Image.Exif()
    exif[0x010E], exif[0x0112] = "words", 6
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + "more".encode("utf-16-be")
    made: dict[str, bytes] = {}

    def add(name: str, image: Image.Image, kind: str, **options: object) -> None:
        buffer = BytesIO()
        image.save(buffer, kind, **options)
        made[name] = buffer.getvalue()

    add("png", rgba, "PNG", exif=exif)
    add("png-palette", rgb.convert("P"), "PNG", transparency=3)
    add("jpeg", rgb, "JPEG", exif=exif)
    add("jpeg-progressive", rgb, "JPEG", progressive=True)
    add("jpeg-cmyk", rgb.convert("CMYK"), "JPEG")
    add("webp", rgba, "WEBP", exif=exif, xmp=b"<x/>")
    add("webp-lossless", rgba, "WEBP", lossless=True)
    add("webp-moving", rgba, "WEBP", save_all=True, append_images=[rgba.rotate(90)])
    for pack in ("raw", "tiff_lzw", "tiff_deflate", "jpeg", "packbits", "tiff_ccitt"):
        source = rgb.convert("1") if pack == "tiff_ccitt" else rgb
        add(f"tiff-{pack}", source, "TIFF", compression="group4" if pack == "tiff_ccitt" else pack)
    add("tiff-lab", Image.merge("LAB", rgb.split()), "TIFF")
    add("bmp", rgb, "BMP")
    add("bmp-palette", rgb.convert("P"), "BMP")
    add("gif", rgb.convert("P"), "GIF", save_all=True, append_images=[rgb.convert("P").rotate(180)])
    add("avif", rgba, "AVIF", exif=exif)
    for kind in ("TGA", "PPM", "ICO", "QOI", "PCX", "MPO"):
        add(kind.lower(), rgb, kind)
    add("tga-packed", rgb, "TGA", compression="tga_rle")
    with contextlib.suppress(ImportError):  # a package that only some have
        importlib.import_module("pillow_heif").register_heif_opener()
        add("heic", rgba, "HEIF", exif=exif)
    deep = pixels.astype(np.uint16) * 257
    for name, suffix, values in (
        ("png-16", ".png", deep), ("tiff-16", ".tiff", deep), ("tiff-float", ".tiff", deep[..., :3].astype(np.float32)),
    ):  # fmt: skip
        made[name] = cv2.imencode(suffix, values)[1].tobytes()
    return made


def mutants(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Truncated, flipped and with large numbers in their headers; `count` of each base."""
    dice = random.Random(seed)
    for name, good in bases().items():
        for number in range(count):
            data = bytearray(good)
            how = number % 4
            if how == 0:
                data = data[: dice.randrange(1, len(data))]
            elif how == 1:
                for _ in range(dice.choice((1, 2, 8, 40))):
                    data[dice.randrange(len(data))] = dice.randrange(256)
            elif how == 2:
                at = dice.randrange(max(1, min(len(data) - 4, 600)))
                value = dice.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 60000, 0x10000, 16000, 0x80000000))
                data[at : at + 4] = struct.pack(dice.choice("<>") + "I", value)
            else:
                start = dice.randrange(len(data))
                data[start:start] = data[dice.randrange(len(data)) :][: dice.randrange(1, 400)]
            if name.startswith("png") and number % 8 < 6:
                data = mended(bytes(data))
            yield f"{name}/{number}", bytes(data)


def mended(data: bytes) -> bytes:
    """A PNG with right check sums, so that the damage reaches the decoder."""
    out, at = [data[:8]], 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        body = data[at + 8 : at + 8 + length]
        out.append(chunk(data[at + 4 : at + 8], body) if len(body) == length else data[at:])
        at += 12 + length
    return b"".join([*out, data[at:]])


def crafted() -> Iterator[tuple[str, bytes]]:
    """Pictures that somebody thought about."""
    rows = zlib.compress(bytes(30 * 121))
    zeros = zlib.compress(bytes(50 << 20), 9)
    yield "png 60000 x 60000", png(60000, 60000, b"x")
    yield "png 2^31 x 1", png(0x7FFFFFFF, 1, b"x")
    yield "png 16-bit 60000 x 60000", png(60000, 60000, b"x", kind=(16, 6))
    yield "png 16-bit 11000 x 11000, no rows", png(11000, 11000, b"x", kind=(16, 6))
    yield "png 11000 x 11000, no rows", png(11000, 11000, b"x")
    yield "png rows bomb", png(30, 30, zeros)
    yield "png zTXt bombs", png(30, 30, rows, chunk(b"zTXt", b"a\0\0" + zeros) * 200)
    yield "png iTXt bomb", png(30, 30, rows, chunk(b"iTXt", b"a\0\1\0\0\0" + zeros))
    yield "png iCCP bomb", png(30, 30, rows, chunk(b"iCCP", b"a\0\0" + zeros))
    yield "png long tEXt", png(30, 30, rows, chunk(b"tEXt", b"a\0" + b"x" * (20 << 20)))
    yield "png many tEXt", png(30, 30, rows, chunk(b"tEXt", b"a\0x") * 300_000)
    yield "png small zTXt bombs", png(30, 30, rows, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1 << 20), 9)) * 3000)
    yield "png many frames", png(30, 30, rows, chunk(b"acTL", struct.pack(">II", 0x7FFFFFFF, 0)))
    yield "jpeg thousands of scans", scans()
    yield "jpeg large exif", segments(b"\xff\xe1" + struct.pack(">H", 65535) + b"Exif\0\0" + b"\xff" * 65527)
    yield (
        "jpeg many segments",
        segments((b"\xff\xe2" + struct.pack(">H", 65535) + b"ICC_PROFILE\0" + bytes(65521)) * 60),
    )
    yield "jpeg exif loop", segments(exif_loop())
    for order in "<>":
        yield from tiffs(order)
    yield "gif many frames", frames(400_000)
    yield "gif 60000 x 60000", b"GIF89a" + struct.pack("<HHBBB", 60000, 60000, 0x80, 0, 0) + bytes(6) + frames(1)[19:]
    for width, height in ((0x7FFFFFFF, 0x7FFFFFFF), (30000, -30000), (-5, 5), (5, -0x80000000), (16000, 8000)):
        yield (
            f"bmp {width} x {height}",
            b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0),
        )
    yield (
        "bmp run lengths",
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 16000, 8000, 1, 8, 1, 0, 0, 0, 256, 0),
    )
    webp = bytearray(bases()["webp-moving"])
    webp[24:30] = b"\xff\xff\xff\xff\xff\xff"
    yield "webp canvas 16777216", bytes(webp)
    avif = bases()["avif"]
    for side in (60000, 0xFFFFFFFF, 16384):
        at = avif.index(b"ispe") + 8
        yield f"avif ispe {side}", avif[:at] + struct.pack(">II", side, side) + avif[at + 8 :]
    yield "ppm", b"P6 60000 60000 255 " + bytes(100)
    yield "ppm many digits", b"P6 " + b"9" * (5 << 20)
    yield "tga", struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, 65535, 65535, 32, 0)
    yield "qoi", b"qoif" + struct.pack(">IIBB", 60000, 60000, 4, 0)
    yield "pcx", b"\x0a\x05\x01\x08" + struct.pack("<HHHH", 0, 0, 65535, 65535) + bytes(116)
    yield "ico", b"\0\0\1\0\1\0" + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, 60, 22) + png(60000, 60000, b"x")
    yield (
        "ico 12000 x 12000",
        b"\0\0\1\0\1\0" + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, 60, 22) + png(12000, 12000, b"x"),
    )


def scans() -> bytes:
    """A progressive JPEG of 16 megapixels whose first pass comes again and again."""
    buffer = BytesIO()
    Image.new("RGB", (4096, 4096), (9, 80, 200)).save(buffer, "JPEG", progressive=True, quality=30)
    data = buffer.getvalue()
    first = data.index(b"\xff\xda")
    second = data.index(b"\xff\xda", first + 2)
    return data[:first] + data[first:second] * 4000 + data[second:]


def segments(extra: bytes) -> bytes:
    """A JPEG with more between its start and its picture."""
    good = bases()["jpeg"]
    return good[:2] + extra + good[2:]


def exif_loop() -> bytes:
    """EXIF whose sub-directory is the directory itself, with a thumbnail of four gigabytes."""
    body = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 3)
    body += struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<HHII", 0x0202, 4, 1, 0xFFFFFFFF)
    body += struct.pack("<HHII", 0x010E, 2, 0xFFFFFFF0, 8) + struct.pack("<I", 8)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 8) + b"Exif\0\0" + body


def tiffs(order: str) -> Iterator[tuple[str, bytes]]:
    """TIFF directories that lie."""
    start = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)

    def tiff(*tags: tuple[int, int, int, int], after: int = 0, rest: bytes = bytes(64)) -> bytes:
        body = struct.pack(order + "H", len(tags))
        for tag, kind, count, value in tags:
            words = "HHIHH" if kind == 3 and count == 1 else "HHII"
            body += struct.pack(order + words, tag, kind, count, value, *((0,) if len(words) == 5 else ()))
        return start + body + struct.pack(order + "I", after) + rest

    def picture(
        side: int, bits: int, strips: int, *more: tuple[int, int, int, int]
    ) -> tuple[tuple[int, int, int, int], ...]:
        return (
            (256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, bits), (259, 3, 1, 1), (262, 3, 1, 1),
            (273, 4, strips, 200),
            (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, strips, 200), *more,
        )  # fmt: skip

    yield f"tiff{order} 60000", tiff(*picture(60000, 8, 1))
    yield f"tiff{order} 60000, 16 bit", tiff(*picture(60000, 16, 1))
    yield f"tiff{order} 11000, no strips", tiff(*picture(11000, 16, 1))
    yield f"tiff{order} two thousand million strips", tiff(*picture(100, 8, 0x7FFFFFFF))
    yield f"tiff{order} two thousand million deep strips", tiff(*picture(100, 16, 0x7FFFFFFF))
    yield f"tiff{order} loop", tiff(*picture(10, 8, 1), after=8)
    yield f"tiff{order} tiles", tiff(*picture(100, 16, 1, (322, 4, 1, 0x7FFFFFF0), (323, 4, 1, 0x7FFFFFF0)))
    yield f"tiff{order} tiles of nothing", tiff(*picture(100, 8, 1, (322, 4, 1, 0), (323, 4, 1, 0)))
    yield f"tiff{order} many channels", tiff(*picture(1000, 16, 1, (277, 3, 1, 65535)))
    yield (
        f"tiff{order} 65535 tags",
        start + struct.pack(order + "H", 65535) + struct.pack(order + "HHII", 258, 3, 0xFFFFFF, 8) * 65535,
    )
    yield f"tiff{order} chain", start + chain(order, 100_000)


def chain(order: str, count: int) -> bytes:
    """Directories one after the other, each of one tag."""
    return b"".join(struct.pack(order + "HHHIII", 1, 256, 4, 1, 5, 8 + 18 * (number + 1)) for number in range(count))


def frames(count: int) -> bytes:
    """A GIF of frames of one pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0x80, 0, 0) + bytes(6)
    return head + (b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00") * count + b";"


def outcome(data: bytes) -> str:
    """`picture` or the sentence; anything else that is raised is the test's business."""
    read_texts(data)
    try:
        read_metadata(data)
        rgba = read_picture(data).rgba
    except CanvasError as error:
        return str(error)
    return "picture" if rgba.ndim == 3 and rgba.shape[2] == 4 and rgba.dtype == np.uint8 else f"wrong {rgba.shape}"


def main(seed: int, count: int) -> None:
    """All of them."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for make in (crafted(), mutants(seed, count)):
        for name, data in make:
            faulthandler.dump_traceback_later(PATIENCE, exit=True)
            began = time.perf_counter()
            said = outcome(data)
            seconds = time.perf_counter() - began
            faulthandler.cancel_dump_traceback_later()
            peak = peak_megabytes()
            print(json.dumps({"name": name, "said": said, "seconds": round(seconds, 3), "peak": peak}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
