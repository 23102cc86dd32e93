"""How pixels become bytes: vertical differences and zstd for pictures, four bytes for a plain colour."""

import math
import threading
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import zstandard
from numpy.typing import NDArray

from canvas.errors import CanvasError
from canvas.generations import blob_hash

LEVEL = 1
BLOCK = 256
"Rows that are summed up together when differences are undone: as many as stay in the processor's cache."
_OF_THREAD = threading.local()
SCRATCH_BYTES = 1 << 18
"A tile."
MAX_BLOB_BYTES = 1 << 30
"Nothing larger is ever decoded, whatever a file claims."


class Codec(IntEnum):
    """How the data of a blob are to be read; the numbers are part of the file format."""

    PLAIN = 1
    "One pixel: the whole blob has this colour."
    DELTA_ZSTD = 2
    "Each row minus the row above (modulo 256), the first row as it is; then one zstd frame with checksum."


@dataclass(frozen=True, slots=True)
class Packed:
    """Pixels as bytes, ready for the file."""

    digest: str
    "Their hash."
    codec: Codec
    "How to read the data."
    data: bytes
    shape: tuple[int, ...]
    "(height, width, channels) or (height, width)."

    def pixels(self) -> NDArray[np.uint8]:
        """The pixels, a new array."""
        return decode(self.codec, self.data, self.shape)


def pack(pixels: NDArray[np.uint8]) -> Packed:
    """Any array that `encode` takes, with its hash."""
    return Packed(blob_hash(pixels), *encode(pixels), shape=pixels.shape)


def encode(pixels: NDArray[np.uint8]) -> tuple[Codec, bytes]:
    """The data of a (height, width, channels) or (height, width) array of bytes, and how to read them."""
    flat = np.ascontiguousarray(pixels).reshape(pixels.shape[0], -1)
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    if _is_plain(flat, channels):
        return Codec.PLAIN, flat[0, :channels].tobytes()
    delta = _scratch(flat.shape)
    delta[0] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=delta[1:])
    return Codec.DELTA_ZSTD, _compressor().compress(delta.data)


def decode(codec: int, data: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The pixels, a writable array of this shape. Raises CanvasError when the data do not fit."""
    size = math.prod(shape)
    if not 0 < size <= MAX_BLOB_BYTES or min(shape) < 1 or not 2 <= len(shape) <= 3:
        raise CanvasError(f"Stored pixels claim the impossible size {shape}.")
    _check_size(codec, data, size)  # before there is memory for it
    pixels = np.empty(shape, np.uint8)
    decode_into(codec, data, pixels)
    return pixels


def decode_into(codec: int, data: bytes, pixels: NDArray[np.uint8]) -> None:
    """As `decode`, into a contiguous array, whose pixels mean nothing when this raises CanvasError."""
    if codec == Codec.PLAIN:
        channels = pixels.shape[2] if pixels.ndim == 3 else 1
        if len(data) != channels:
            raise CanvasError("Stored pixels are damaged: a plain colour has the wrong length.")
        pixels.reshape(-1, channels)[:] = np.frombuffer(data, np.uint8)
        return
    if codec != Codec.DELTA_ZSTD:
        raise CanvasError(f"Stored pixels use the unknown coding {codec}; a newer Handscroll can read them.")
    _decompress(data, pixels)
    _undo_delta(pixels.reshape(len(pixels), -1))


def _compressor() -> zstandard.ZstdCompressor:
    """This thread's own: making one takes a tenth of the time that a tile takes."""
    found = getattr(_OF_THREAD, "compressor", None)
    if found is None:
        found = _OF_THREAD.compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    return found


def _decompressor() -> zstandard.ZstdDecompressor:
    found = getattr(_OF_THREAD, "decompressor", None)
    if found is None:
        found = _OF_THREAD.decompressor = zstandard.ZstdDecompressor()
    return found


def _scratch(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """An array of this thread's own for a tile's differences: fresh memory takes longer than to work them out."""
    size = math.prod(shape)
    if size > SCRATCH_BYTES:
        return np.empty(shape, np.uint8)
    found = getattr(_OF_THREAD, "scratch", None)
    if found is None:
        found = _OF_THREAD.scratch = np.empty(SCRATCH_BYTES, np.uint8)
    return found[:size].reshape(shape)


def _is_plain(flat: NDArray[np.uint8], channels: int) -> bool:
    """Whether every pixel is the same; looks at one row before it looks at all."""
    first = flat[0, :channels]
    if not (flat[0].reshape(-1, channels) == first).all():
        return False
    return len(flat) == 1 or bool((flat[1:] == flat[0]).all())


def _check_size(codec: int, data: bytes, size: int) -> None:
    if codec == Codec.DELTA_ZSTD:
        try:
            if zstandard.frame_content_size(data) != size:
                raise CanvasError("Stored pixels are damaged: their size is not what the file says.")
        except zstandard.ZstdError as error:
            raise CanvasError(f"Stored pixels are damaged ({error}).") from error


def _decompress(data: bytes, pixels: NDArray[np.uint8]) -> None:
    _check_size(Codec.DELTA_ZSTD, data, pixels.nbytes)
    try:
        with _decompressor().stream_reader(data) as frame:
            # One more byte is asked for: there is none, and the end of the frame with its checksum was seen.
            if frame.readinto(pixels.reshape(-1).data) != pixels.nbytes or frame.read(1):
                raise CanvasError("Stored pixels are damaged: some are missing.")
    except zstandard.ZstdError as error:
        raise CanvasError(f"Stored pixels are damaged ({error}).") from error


def _undo_delta(rows: NDArray[np.uint8]) -> None:
    """Adds rows of bytes up in place, each to the one below it."""
    for start in range(0, len(rows), BLOCK):
        if start:
            np.add(rows[start], rows[start - 1], out=rows[start])
        _add_up(rows[start : start + BLOCK])


def _add_up(rows: NDArray[np.uint8]) -> None:
    """Sums of 2 rows, then of 4, 8, …: every call of numpy lets other threads in, and 255 of them take their time."""
    count, known = len(rows), 1
    while known < count:
        both = 2 * known
        whole = count // both * both
        blocks = rows[:whole].reshape(-1, both, rows.shape[1])
        np.add(blocks[:, known:], blocks[:, known - 1 : known], out=blocks[:, known:])
        if count - whole > known:
            np.add(rows[whole + known :], rows[whole + known - 1], out=rows[whole + known :])
        known = both
