"""How pixels become bytes: vertical differences and zstd for pictures, four bytes for a plain colour."""

import threading
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import zstandard
from numpy.typing import NDArray

from canvas.errors import CanvasError
from canvas.generations import blob_hash

LEVEL = 1
BLOCK = 16
"Rows that are summed up together when differences are undone."
_OF_THREAD = threading.local()
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
    delta = np.empty_like(flat)
    delta[0] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=delta[1:])
    return Codec.DELTA_ZSTD, _compressor().compress(delta.data)


def decode(codec: int, data: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The pixels, a writable array of this shape. Raises CanvasError when the data do not fit."""
    size = int(np.prod(shape, dtype=np.int64))
    if not 0 < size <= MAX_BLOB_BYTES or min(shape) < 1 or not 2 <= len(shape) <= 3:
        raise CanvasError(f"Stored pixels claim the impossible size {shape}.")
    if codec == Codec.PLAIN:
        channels = shape[2] if len(shape) == 3 else 1
        if len(data) != channels:
            raise CanvasError("Stored pixels are damaged: a plain colour has the wrong length.")
        plain = np.empty(shape, np.uint8)
        plain.reshape(-1, channels)[:] = np.frombuffer(data, np.uint8)
        return plain
    if codec != Codec.DELTA_ZSTD:
        raise CanvasError(f"Stored pixels use the unknown coding {codec}; a newer Handscroll can read them.")
    return _undo_delta(_decompress(data, size), shape)


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


def _is_plain(flat: NDArray[np.uint8], channels: int) -> bool:
    """Whether every pixel is the same; looks at one row before it looks at all."""
    first = flat[0, :channels]
    if not (flat[0].reshape(-1, channels) == first).all():
        return False
    return len(flat) == 1 or bool((flat[1:] == flat[0]).all())


def _decompress(data: bytes, size: int) -> bytes:
    try:
        if zstandard.frame_content_size(data) != size:
            raise CanvasError("Stored pixels are damaged: their size is not what the file says.")
        return _decompressor().decompress(data, max_output_size=size)
    except zstandard.ZstdError as error:
        raise CanvasError(f"Stored pixels are damaged ({error}).") from error


def _undo_delta(data: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    rows = np.frombuffer(bytearray(data), np.uint8).reshape(shape[0], -1)
    whole = shape[0] // BLOCK * BLOCK
    blocks = rows[:whole].reshape(-1, BLOCK, rows.shape[1])
    # Row after row inside all blocks at once, then block after block: a tenth of the calls of a loop over rows.
    for row in range(1, BLOCK):
        blocks[:, row] += blocks[:, row - 1]
    for block in range(1, len(blocks)):
        blocks[block] += blocks[block - 1, -1]
    for row in range(max(whole, 1), shape[0]):
        rows[row] += rows[row - 1]
    return rows.reshape(shape)
