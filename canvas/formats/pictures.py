"""Flat pictures in and out: any common format to straight RGBA, and back with our own parameters inside."""

import contextlib
import json
import os
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from canvas.errors import CanvasError

MAX_SIDE = 16384
MAX_PIXELS = 128_000_000
METADATA_KEY = "handscroll"
EXIF_DESCRIPTION = 0x010E
# Only formats that Pillow decodes by itself; never those that start another program.
READABLE = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "PPM", "TGA", "ICO", "QOI", "PCX")
WRITABLE = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
}
# What Pillow raises for files that are not what they seem.
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    ImageCms.PyCMSError,
)


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture that was read."""

    name: str
    "File name without suffix, or 'Picture'."
    rgba: NDArray[np.uint8]
    "(h, w, 4), straight alpha, sRGB."
    note: str
    "What had to be changed on the way, as a sentence; empty when nothing."


def read_picture(source: Path | bytes) -> Picture:
    """A picture from a file or from a file's bytes: upright, in sRGB, 8 bit.

    Raises CanvasError for what is missing, unreadable, or larger than 16384 px a side or 128 megapixels;
    the size is checked before anything is decoded. Works on any thread.
    """
    name = source.stem if isinstance(source, Path) else "Picture"
    label = source.name if isinstance(source, Path) else "The picture"
    with _opened(source, label) as image:
        _check_size(image.size, label)
        notes: list[str] = []
        try:
            rgba = _to_rgba(image, notes)
        except UNREADABLE as error:
            raise CanvasError(f"{label} is damaged or cut short and cannot be read ({_first_line(error)}).") from error
    return Picture(name, rgba, " ".join(notes))


def read_metadata(source: Path | bytes) -> dict[str, Any]:
    """The parameters that `write_picture` put into a picture; empty when there are none. Decodes no pixels."""
    label = source.name if isinstance(source, Path) else "The picture"
    with _opened(source, label) as image:
        try:
            found = image.info.get(METADATA_KEY) or image.getexif().get(EXIF_DESCRIPTION, "")
            data = json.loads(found) if isinstance(found, str) and found.startswith("{") else {}
        except UNREADABLE:
            return {}
    return data if isinstance(data, dict) else {}


def picture_size(source: Path) -> tuple[int, int, str]:
    """Width, height and format of a picture, from its header."""
    with _opened(source, source.name) as image:
        return image.width, image.height, image.format or ""


def write_picture(
    path: Path, rgba: NDArray[np.uint8], metadata: Mapping[str, Any] | None = None, quality: int = 95
) -> None:
    """Writes (h, w, 4) straight RGBA in the format of the suffix; an old file is replaced only when all went well.

    JPEG and BMP know no transparency: the picture is laid on white. `quality` 1..100 matters to JPEG and WebP, where
    100 makes WebP lossless. `metadata` goes in as JSON (not into BMP). Raises CanvasError. Works on any thread.
    """
    kind = WRITABLE.get(path.suffix.lower())
    if kind is None:
        raise CanvasError(f"Pictures cannot be written as '{path.suffix}'. Use one of {', '.join(sorted(WRITABLE))}.")
    image = Image.fromarray(np.ascontiguousarray(rgba))
    if kind in ("JPEG", "BMP"):
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    with replacing(path) as temporary:
        image.save(temporary, kind, **_options(kind, metadata, quality))


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
        raise CanvasError(f"{path} cannot be written ({_first_line(error)}).") from error
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _opened(source: Path | bytes, label: str) -> Iterator[Image.Image]:
    """The picture with only its header read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own size check speaks instead
            image = Image.open(BytesIO(source) if isinstance(source, bytes) else source, formats=_formats())
    except FileNotFoundError as error:
        raise CanvasError(f"There is no file {source}.") from error
    except Image.DecompressionBombError as error:
        raise CanvasError(f"{label} is far too large: at most {MAX_PIXELS // 10**6} megapixels can be read.") from error
    except UNREADABLE as error:
        raise CanvasError(f"{label} is not a picture that can be read here. Convert it to PNG or JPEG.") from error
    with image:
        yield image


def _formats() -> list[str]:
    """Those of READABLE that this Pillow was built with; it refuses to look at anything when one is unknown."""
    Image.init()
    return [name for name in READABLE if name in Image.OPEN]


def _check_size(size: tuple[int, int], label: str) -> None:
    width, height = size
    if max(size) > MAX_SIDE or width * height > MAX_PIXELS or min(size) < 1:
        raise CanvasError(
            f"{label} is {width} x {height} pixels. At most {MAX_SIDE} a side and {MAX_PIXELS // 10**6} megapixels "
            "can be read; make it smaller first."
        )


def _to_rgba(image: Image.Image, notes: list[str]) -> NDArray[np.uint8]:
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":
        notes.append(f"Only the first of its {frames} pictures was read.")
    image.load()
    _check_size(image.size, "The picture")  # some formats learn their true size only now
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("I", "F") or upright.mode.startswith("I;16"):
        upright = _to_8_bit(upright)
        notes.append("Its 16 or 32 bits per channel were reduced to 8.")
    if profile and not _is_srgb(profile):
        upright = _to_srgb(upright, profile, notes)
    elif upright.mode == "CMYK":
        notes.append("Its printing colours (CMYK) were converted without a profile and may look different.")
    return np.array(upright.convert("RGBA"))


def _to_8_bit(image: Image.Image) -> Image.Image:
    values = np.asarray(image, np.float32)
    # Floats come as 0..1 or as 0..255; nothing in the file says which.
    largest = 65535.0 if image.mode != "F" else 1.0 if float(np.nanmax(values, initial=0.0)) <= 1.0 else 255.0
    scale = 255.0 / largest
    return Image.fromarray(np.clip(np.nan_to_num(values) * scale + 0.5, 0, 255).astype(np.uint8))


def _is_srgb(profile: bytes) -> bool:
    try:
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile)))
    except (*UNREADABLE,):
        return False
    return "srgb" in name.lower()


def _to_srgb(image: Image.Image, profile: bytes, notes: list[str]) -> Image.Image:
    if image.mode in ("P", "1", "LA", "PA", "La"):
        image = image.convert("RGBA")
    mode = "RGBA" if image.mode in ("RGBA", "RGBa") else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (*UNREADABLE,):
        notes.append("Its colour profile could not be used; colours may look different.")
        return image
    notes.append("Its colours were converted to sRGB.")
    return image if converted is None else converted


def _options(kind: str, metadata: Mapping[str, Any] | None, quality: int) -> dict[str, Any]:
    """What Pillow is to be told for each format."""
    options: dict[str, Any] = {}
    if kind in ("JPEG", "WEBP"):
        options["quality"] = quality
    if kind == "JPEG":
        options["subsampling"] = 0 if quality >= 90 else 2
    if kind == "WEBP":
        options |= {"exact": True, "lossless": quality >= 100}
    if kind == "TIFF":
        options["compression"] = "tiff_deflate"
    if kind == "PNG":
        options["compress_level"] = 3
    if metadata:
        text = json.dumps(dict(metadata), default=str)
        if kind == "PNG":
            options["pnginfo"] = PngInfo()
            options["pnginfo"].add_itxt(METADATA_KEY, text)
        elif kind != "BMP":
            exif = Image.Exif()
            exif[EXIF_DESCRIPTION] = text
            options["exif"] = exif
    return options


def _first_line(error: BaseException) -> str:
    return str(error).split("\n", 1)[0] or type(error).__name__
