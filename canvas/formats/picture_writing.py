"""Flat pictures out: straight RGBA into a file of any common format, with profile, resolution and provenance."""

import contextlib
import io
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from canvas.errors import CanvasError
from canvas.formats.picture_opening import first_line
from canvas.formats.picture_provenance import Provenance, save_options

WRITABLE = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".avif": "AVIF",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
}
OPAQUE = ("JPEG", "BMP")
"""Formats without transparency."""
LOSSY = ("JPEG", "WEBP", "AVIF")
"""Formats to which the quality matters."""
LIMITS = {"JPEG": 65500, "WEBP": 16383, "AVIF": 65535}
"""The longest side that a format can hold."""
_WRITE_STEP = 1 << 18
PREDICTOR = 317

Written = Callable[[int], None]
"""Is told how many bytes are written; whatever it raises ends the writing, and no file is left."""


@dataclass(frozen=True)
class Writing:
    """How a picture is encoded."""

    quality: int = 95
    "1..100, for JPEG, WebP and AVIF."
    lossless: bool = False
    "For WebP: bit for bit; the quality is then the effort."
    dpi: int = 0
    "Pixels per inch that are noted for printing; 0 notes nothing."
    profile: bool = True
    "Whether the sRGB profile is put in (about 600 bytes); BMP never has one."


DEFAULT = Writing()


def write_picture(
    path: Path,
    rgba: NDArray[np.uint8],
    how: Writing = DEFAULT,
    provenance: Provenance | None = None,
    written: Written | None = None,
) -> None:
    """Writes (h, w, 4) straight RGBA in the format of the suffix; an old file is replaced only when all went well.

    JPEG and BMP know no transparency: the picture is laid on white. Without `provenance` the file says nothing about
    how it was made. Raises CanvasError. Works on any thread.
    """
    kind = kind_of(path)
    check_limits(kind, rgba.shape[1], rgba.shape[0])
    with replacing(path) as temporary, temporary.open("wb") as file:
        _save(_Sink(file, written) if written is not None else file, rgba, kind, (how, provenance))


def encoded(rgba: NDArray[np.uint8], suffix: str, how: Writing = DEFAULT) -> bytes:
    """The bytes that `write_picture` would write, without provenance. Raises CanvasError."""
    buffer = io.BytesIO()
    try:
        _save(buffer, rgba, kind_of(Path(f"picture{suffix}")), (how, None))
    except (OSError, ValueError, struct.error) as error:
        raise CanvasError(f"The picture cannot be written as '{suffix}' ({first_line(error)}).") from error
    return buffer.getvalue()


def kind_of(path: Path) -> str:
    """Pillow's name for the format of a suffix. Raises CanvasError for one that cannot be written."""
    kind = WRITABLE.get(path.suffix.lower())
    if kind is None:
        raise CanvasError(f"Pictures cannot be written as '{path.suffix}'. Use one of {', '.join(sorted(WRITABLE))}.")
    return kind


def check_limits(kind: str, width: int, height: int) -> None:
    """Raises CanvasError for a picture that is larger than the format can hold."""
    limit = LIMITS.get(kind, 1 << 31)
    if max(width, height) > limit:
        raise CanvasError(
            f"The picture cannot be written: {kind} holds at most {limit} pixels a side, and this is "
            f"{width} x {height} pixels. Choose PNG or a smaller size."
        )


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside `path` that takes its place when the block ends well. OSError becomes CanvasError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, ValueError, struct.error) as error:
        raise CanvasError(f"{path} cannot be written ({first_line(error)}).") from error
    finally:
        temporary.unlink(missing_ok=True)


@cache
def srgb_profile() -> bytes:
    """The sRGB profile that Little CMS makes, a few hundred bytes."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


class _Sink(io.RawIOBase):
    """A file that tells how much is written, in small steps; it hides its descriptor, so that all goes through here."""

    def __init__(self, file: io.BufferedWriter, written: Written) -> None:
        super().__init__()
        self._file, self._tell = file, written

    def write(self, data: Any, /) -> int:
        """Writes and tells."""
        whole = memoryview(data).cast("B")
        for start in range(0, len(whole), _WRITE_STEP):
            self._tell(self._file.tell())
            self._file.write(whole[start : start + _WRITE_STEP])
        return len(whole)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As the file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As the file."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Always."""
        return True

    def writable(self) -> bool:
        """Always."""
        return True


def _save(file: Any, rgba: NDArray[np.uint8], kind: str, how: tuple[Writing, Provenance | None]) -> None:
    image = Image.fromarray(np.ascontiguousarray(rgba))
    if kind in OPAQUE:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    elif int(rgba[..., 3].min(initial=255)) == 255:
        image = image.convert("RGB")
    options = _options(kind, how[0]) | (save_options(kind, how[1]) if how[1] is not None else {})
    if kind == "TIFF":
        options["tiffinfo"] = {PREDICTOR: 2} | options.get("tiffinfo", {})  # differences pack better than pixels
    if kind == "JPEG":
        file.write(_jpeg(image, options))
    else:
        image.save(file, kind, **options)


def _jpeg(image: Image.Image, options: dict[str, Any]) -> bytes:
    """Progressive, which is smaller; Pillow's buffer for that is too small for pictures of pure noise."""
    buffer = io.BytesIO()
    try:
        image.save(buffer, "JPEG", **options, progressive=True, optimize=True)
    except OSError:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def _options(kind: str, how: Writing) -> dict[str, Any]:
    """What Pillow is to be told for each format."""
    options: dict[str, Any] = {"icc_profile": srgb_profile()} if how.profile and kind != "BMP" else {}
    if how.dpi and kind in ("PNG", "JPEG", "TIFF", "BMP"):
        options["dpi"] = (how.dpi, how.dpi)
    if kind in LOSSY:
        options["quality"] = how.quality
    if kind == "JPEG":
        options["subsampling"] = 0 if how.quality >= 90 else 2
    if kind == "WEBP":
        options |= {"exact": how.lossless, "lossless": how.lossless, "method": 4}
    if kind == "AVIF":
        options |= {"speed": 8, "subsampling": "4:4:4" if how.quality >= 90 else "4:2:0"}
    if kind == "TIFF":
        options["compression"] = "tiff_deflate"
    if kind == "PNG":
        options["compress_level"] = 3
    return options
