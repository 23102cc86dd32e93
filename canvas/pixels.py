"""Between Qt images and numpy arrays."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.errors import CanvasError
from canvas.tile import FORMAT

STRIP = 256  # rows that are blended at a time


def to_rgba(image: QImage) -> NDArray[np.uint8]:
    """(h, w, 4) straight RGBA, a copy; lossless where alpha is 255, and back again everywhere."""
    straight = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return view(straight).copy()


def from_rgba(rgba: NDArray[np.uint8]) -> QImage:
    """A premultiplied image of its own memory from (h, w, 4) straight RGBA."""
    if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.dtype != np.uint8 or 0 in rgba.shape:
        raise CanvasError(f"A picture must be height x width x 4 bytes, not {rgba.shape} of {rgba.dtype}.")
    height, width = rgba.shape[:2]
    packed = np.ascontiguousarray(rgba)
    if not packed.flags.writeable:
        packed = packed.copy()
    wrapped = QImage(packed.data, width, height, width * 4, QImage.Format.Format_RGBA8888)
    return wrapped.convertToFormat(FORMAT)


def premultiplied(image: QImage) -> QImage:
    """The image in the tiles' own format; the same pixels when it already is."""
    return image if image.format() == FORMAT else image.convertToFormat(FORMAT)


def view(image: QImage) -> NDArray[np.uint8]:
    """A read-only (h, w, 4) view of a 32-bit image in its own byte order; keep the image beside it."""
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : image.width() * 4].reshape(image.height(), image.width(), 4)


def writable_view(image: QImage) -> NDArray[np.uint8]:
    """A fresh writable (h, w, 4) view of a 32-bit image; use at once and keep the image beside it."""
    flat = np.frombuffer(image.bits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : image.width() * 4].reshape(image.height(), image.width(), 4)


def alpha_image(coverage: NDArray[np.uint8]) -> QImage:
    """A black premultiplied image whose alpha is an (h, w) coverage."""
    height, width = coverage.shape
    image = QImage(width, height, FORMAT)
    flat = np.frombuffer(image.bits(), np.uint32).reshape(height, width)
    flat[:] = coverage.astype(np.uint32) << 24
    return image


def put_on_paper(rgba: NDArray[np.uint8], paper: tuple[int, int, int]) -> None:
    """Blends (h, w, 4) straight RGBA over an RGB colour, in place, strip by strip; any thread."""
    colour = np.array(paper, np.uint16)
    for top in range(0, rgba.shape[0], STRIP):
        strip = rgba[top : top + STRIP]
        alpha = strip[..., 3:].astype(np.uint16)
        mixed = strip[..., :3] * alpha + colour * (255 - alpha)
        strip[..., :3] = (mixed + 127) // 255
        strip[..., 3] = 255
