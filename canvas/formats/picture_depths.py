"""PNG and TIFF with more than eight bits a channel, which Pillow would cut off or refuse: read whole, then rounded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from canvas.errors import CanvasError
from canvas.formats.picture_opening import PNG_SIGNATURE, UNREADABLE, first_line

STRIP = 256
"""Rows that are converted at a time."""
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_WIDTH, _HEIGHT, _BITS, _PHOTOMETRIC, _ORIENTATION, _EXTRA, _KIND, _PROFILE = 256, 257, 258, 262, 274, 338, 339, 34675
_PLAIN_COLOURS = (0, 1, 2)  # white is zero, black is zero, RGB
_SIGNED = 2
HIGHLIGHTS = 32.0
"""Floats whose largest is not above it count as 0..1 with highlights over white; larger ones as 0..255 or 0..65535."""


@dataclass(frozen=True)
class DeepHeader:
    """What is known of a picture with deep channels before its pixels are read."""

    size: tuple[int, int]
    kind: str
    "PNG or TIFF."
    orientation: int = 1
    "As in EXIF, 1..8."
    profile: bytes = b""
    "ICC, or empty."
    is_inverted: bool = False
    "Zero is white."
    has_premultiplied: bool = False
    "Its colours are multiplied with its alpha."


def deep_header(source: Path | bytes) -> DeepHeader | None:
    """The header of a PNG with 16 bits or a grey or RGB TIFF with more than 8; None for any other file."""
    try:
        with _stream(source) as file:
            head = file.read(32)
            if head.startswith(PNG_SIGNATURE) and head[12:16] == b"IHDR" and head[24:25] == b"\x10":
                return DeepHeader((int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")), "PNG")
            return _tiff_header(file, head) if head.startswith(_TIFF_STARTS) else None
    except UNREADABLE:
        return None


def _tiff_header(file: BinaryIO, head: bytes) -> DeepHeader | None:
    is_big = 43 in head[2:4]
    tags = ImageFileDirectory_v2(head[: 16 if is_big else 8])
    file.seek(tags.next)
    tags.load(file)
    bits, kinds = tags.get(_BITS, (1,)), tags.get(_KIND, (1,))
    if max(bits) <= 8 or tags.get(_PHOTOMETRIC) not in _PLAIN_COLOURS or _SIGNED in kinds:
        return None
    return DeepHeader(
        (int(tags[_WIDTH]), int(tags[_HEIGHT])),
        "TIFF",
        int(tags.get(_ORIENTATION, 1)),
        bytes(tags.get(_PROFILE, b"")),
        tags.get(_PHOTOMETRIC) == 0,
        1 in tags.get(_EXTRA, ()),
    )


def read_deep(source: Path | bytes, header: DeepHeader, label: str) -> NDArray[np.uint8]:
    """(h, w, 4) straight RGBA, not yet upright; every channel is rounded to the nearest of 256 steps, without dither,
    so that even areas stay even. The size in the header is checked by the caller. Raises CanvasError.
    """
    try:
        with _stream(source) as file:
            data = np.frombuffer(file.read(), np.uint8)
        values = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    except (*UNREADABLE, cv2.error) as error:
        raise CanvasError(f"{label} is damaged or cut short and cannot be read ({first_line(error)}).") from error
    if values is None or values.dtype == np.uint8 or values.shape[:2] != header.size[::-1]:
        raise CanvasError(
            f"{label} is damaged, or a kind with {header.kind} channels that cannot be read here. Save it with 8 bits."
        )
    return _as_rgba(_to_8_bit(values, header))


def upright(rgba: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turned and mirrored as EXIF's orientation 1..8 asks; the same pixels for any other number."""
    turns = {2: (0, True), 3: (2, False), 4: (2, True), 5: (1, True), 6: (3, False), 7: (3, True), 8: (1, False)}
    quarter, is_mirrored = turns.get(orientation, (0, False))
    turned = np.rot90(rgba, quarter) if quarter else rgba
    if is_mirrored:
        turned = turned[:, ::-1] if orientation in (2, 4) else turned[::-1]
    return np.ascontiguousarray(turned)


def reduced(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Any channel values as 0..255: whole numbers of 16 or 32 bits by their range, floats by `HIGHLIGHTS`."""
    scale = _scale(values)
    out = np.empty(values.shape, np.uint8)
    for top in range(0, values.shape[0], STRIP):
        part = values[top : top + STRIP].astype(np.float32)
        np.nan_to_num(part, copy=False, nan=0.0, posinf=3e38, neginf=0.0)
        out[top : top + STRIP] = np.clip(part * scale + 0.5, 0, 255)
    return out


def _scale(values: NDArray[np.generic]) -> float:
    """What makes 255 of the largest value that the picture can hold."""
    if values.dtype == np.uint16:
        return 255.0 / 65535.0
    largest = max((_largest(values[top : top + STRIP]) for top in range(0, values.shape[0], STRIP)), default=0.0)
    if values.dtype.kind in "iu":
        return 255.0 / (
            65535.0 if largest <= 65535 else 2.0 ** (8 * values.dtype.itemsize - (values.dtype.kind == "i"))
        )
    return 255.0 / (1.0 if largest <= HIGHLIGHTS else 255.0 if largest <= 255.0 else 65535.0)


def _largest(part: NDArray[np.generic]) -> float:
    finite = part[np.isfinite(part.astype(np.float64))]
    return float(finite.max()) if finite.size else 0.0


def _to_8_bit(values: NDArray[np.generic], header: DeepHeader) -> NDArray[np.uint8]:
    if values.ndim == 3 and values.shape[2] in (2, 4) and header.has_premultiplied:
        values = _straight(values)
    out = reduced(values)
    return 255 - out if header.is_inverted and out.ndim == 2 else out


def _straight(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Colours divided by their alpha, in the picture's own range."""
    full = 65535.0 if values.dtype == np.uint16 else 1.0
    out = np.empty_like(values)
    for top in range(0, values.shape[0], STRIP):
        part = values[top : top + STRIP].astype(np.float32)
        alpha = part[..., -1:]
        with np.errstate(divide="ignore", invalid="ignore"):
            colours = np.nan_to_num(part[..., :-1] * full / alpha, nan=0.0, posinf=0.0)
        part[..., :-1] = np.clip(colours, 0, full) if values.dtype == np.uint16 else colours
        out[top : top + STRIP] = part
    return out


def _as_rgba(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if pixels.ndim == 2:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGBA), np.uint8)
    if pixels.shape[2] == 2:
        grey = np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels[..., 0]), cv2.COLOR_GRAY2RGBA), np.uint8)
        grey[..., 3] = pixels[..., 1]
        return grey
    code = cv2.COLOR_BGRA2RGBA if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGBA
    return np.asarray(cv2.cvtColor(pixels, code), np.uint8)


@contextmanager
def _stream(source: Path | bytes) -> Iterator[BinaryIO]:
    with BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        yield file
