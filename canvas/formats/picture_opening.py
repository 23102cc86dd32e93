"""Opening picture files from outside: which formats, how large, and what is said about those that cannot be read."""

import contextlib
import importlib
import stat
import struct
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms

from canvas.errors import CanvasError

MAX_SIDE = 16384
MAX_PIXELS = 128_000_000
MAX_BYTES = 3 << 30
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Only formats that Pillow decodes by itself; never those that start another program.
READABLE = ("PNG", "JPEG", "MPO", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "PPM", "TGA", "ICO", "QOI", "PCX")
OPTIONAL = {"HEIF": "pillow_heif", "JXL": "pillow_jxl"}
"""Formats that a package brings where the person has installed it: Pillow's name -> module."""
# What Pillow raises for files that are not what they seem.
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
    OverflowError,
    RuntimeError,
    ZeroDivisionError,
    AssertionError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    ImageCms.PyCMSError,
)
_BARE_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_JXL_STARTS = (b"\xff\x0a", b"\x00\x00\x00\x0cJXL \r\n\x87\n")


@contextlib.contextmanager
def opened(source: Path | bytes, label: str) -> Iterator[Image.Image]:
    """The picture with only its header read. Raises CanvasError, with what to install for a format that needs it."""
    check_file(source, label)
    head = head_of(source)
    register_plugins(head)
    try:
        image = _open(source)
    except Image.DecompressionBombError as error:
        raise CanvasError(f"{label} is far too large: at most {MAX_PIXELS // 10**6} megapixels can be read.") from error
    except UNREADABLE as error:
        bare = bare_png(source)
        if bare is None:
            raise CanvasError(_refusal(label, head)) from error
        try:
            image = _open(bare)
        except UNREADABLE:
            raise CanvasError(_refusal(label, head)) from error
    with image:
        yield image


def _open(source: Path | bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our own size check speaks instead
        return Image.open(BytesIO(source) if isinstance(source, bytes) else source, formats=formats())


def check_file(source: Path | bytes, label: str) -> None:
    """Raises CanvasError for a path that is no ordinary file, cannot be read, or is too large to be a picture."""
    if isinstance(source, bytes):
        return
    try:
        status = source.stat()
        if not stat.S_ISREG(status.st_mode):
            raise CanvasError(f"{label} is a folder or a device, not a picture file.")
        with source.open("rb"):
            pass
    except FileNotFoundError as error:
        raise CanvasError(f"There is no file {source}.") from error
    except OSError as error:
        raise CanvasError(f"{label} cannot be read: {error.strerror or error}.") from error
    if status.st_size > MAX_BYTES:
        raise CanvasError(f"{label} is larger than {MAX_BYTES >> 30} GB, too large for a picture.")


def bare_png(source: Path | bytes) -> bytes | None:
    """A PNG with nothing but its pixels, for one whose texts Pillow refuses; None for no PNG or one without more."""
    if not head_of(source).startswith(PNG_SIGNATURE):
        return None
    data = source if isinstance(source, bytes) else source.read_bytes()
    kept, at = [PNG_SIGNATURE], len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] in _BARE_CHUNKS:
            kept.append(data[at:end])
        at = end
    bare = b"".join(kept)
    return bare if len(bare) < len(data) else None


def check_size(size: tuple[int, int], label: str) -> None:
    """Raises CanvasError for a picture that is empty or larger than what can be read."""
    width, height = size
    if max(size) > MAX_SIDE or width * height > MAX_PIXELS or min(size) < 1:
        raise CanvasError(
            f"{label} is {width} x {height} pixels. At most {MAX_SIDE} a side and {MAX_PIXELS // 10**6} megapixels "
            "can be read; make it smaller first."
        )


def formats() -> list[str]:
    """Those of READABLE that this Pillow was built with; it refuses to look at anything when one is unknown."""
    Image.init()
    return [name for name in (*READABLE, *OPTIONAL) if name in Image.OPEN]


def register_plugins(head: bytes = b"") -> None:
    """Brings in the installed package that this file's first bytes ask for, if any."""
    module = OPTIONAL.get(_asks_for(head), "")
    if not module:
        return
    try:
        plugin = importlib.import_module(module)
    except ImportError:
        return
    register = getattr(plugin, "register_heif_opener", None)
    if register is not None:
        register(thumbnails=False, decode_threads=2)


def head_of(source: Path | bytes) -> bytes:
    """The first 32 bytes; none of a file that cannot be read."""
    if isinstance(source, bytes):
        return source[:32]
    try:
        with source.open("rb") as file:
            return file.read(32)
    except OSError:
        return b""


def first_line(error: BaseException) -> str:
    """What an exception says, in one line."""
    return str(error).split("\n", 1)[0] or type(error).__name__


def _asks_for(head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "HEIF"
    return "JXL" if head.startswith(_JXL_STARTS) else ""


def _refusal(label: str, head: bytes) -> str:
    kind = _asks_for(head)
    missing = {
        "HEIF": f"{label} is an HEIC picture. Install the package pillow-heif (pip install pillow-heif) to read it, "
        "or convert it to JPEG or PNG.",
        "JXL": f"{label} is a JPEG XL picture. Install the package pillow-jxl-plugin (pip install pillow-jxl-plugin) "
        "to read it, or convert it to PNG.",
    }
    if kind and kind not in Image.OPEN:
        return missing[kind]
    return f"{label} is not a picture that can be read here, or it is damaged. Convert it to PNG or JPEG."
