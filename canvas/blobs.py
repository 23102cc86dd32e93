"""Pixels kept by their content: results of generations and what went into them. No Qt."""

import hashlib
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from canvas.errors import CanvasError

REMOVED = (
    "This picture was removed on purpose, to make the file smaller. What made it is still in the log: make it again."
)
"Why a candidate without a hash has no pixels."


class BlobStore(Protocol):
    """Pixels by content."""

    def put(self, pixels: NDArray[np.uint8]) -> str:
        """Keep the pixels; returns their hash."""
        ...

    def get(self, digest: str) -> NDArray[np.uint8]:
        """The pixels of a hash; CanvasError if they are not here."""
        ...


def blob_hash(pixels: NDArray[np.uint8]) -> str:
    """SHA-256, in hex, of the shape and the bytes."""
    digest = hashlib.sha256(repr(tuple(int(n) for n in pixels.shape)).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


class MemoryBlobs:
    """Blobs that live as long as the program."""

    def __init__(self) -> None:
        self._kept: dict[str, NDArray[np.uint8]] = {}

    def put(self, pixels: NDArray[np.uint8]) -> str:
        """Keep a read-only copy; the same pixels are kept once."""
        digest = blob_hash(pixels)
        if digest not in self._kept:
            kept = pixels.copy()
            kept.flags.writeable = False
            self._kept[digest] = kept
        return digest

    def get(self, digest: str) -> NDArray[np.uint8]:
        """The pixels, read-only."""
        if not digest:
            raise CanvasError(REMOVED)
        if digest not in self._kept:
            raise CanvasError(f"The pixels {digest[:12]}... are not in this document.")
        return self._kept[digest]
