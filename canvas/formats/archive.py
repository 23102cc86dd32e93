"""Zip files with a picture inside (OpenRaster, Krita): opened and read with bounds, nothing unpacked to disk."""

import contextlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from canvas.errors import CanvasError

UNREADABLE = (OSError, ValueError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error)
"What `zipfile` raises for files that are not what they seem."
FARTHEST = 1 << 30


@contextlib.contextmanager
def unpacked(path: Path, mimetype: str, kind: str) -> Iterator[zipfile.ZipFile]:
    """The archive, if its member `mimetype` says so; `kind` names the format in sentences. Raises CanvasError."""
    try:
        with zipfile.ZipFile(path) as archive:
            if read_member(archive, "mimetype", 100, path).strip() != mimetype.encode():
                raise CanvasError(f"{path.name} is not {kind} file.")
            yield archive
    except FileNotFoundError as error:
        raise CanvasError(f"There is no file {path}.") from error
    except UNREADABLE as error:
        raise CanvasError(f"{path.name} is damaged or not {kind} file ({error}).") from error


def read_member(archive: zipfile.ZipFile, name: str, limit: int, path: Path) -> bytes:
    """The bytes of one member, never more than the limit, whatever its header claims. Raises CanvasError."""
    try:
        with archive.open(name) as file:
            data = file.read(limit + 1)
    except KeyError as error:
        raise CanvasError(f"{path.name} is incomplete: '{name[:60]}' is missing.") from error
    if len(data) > limit:
        raise CanvasError(f"{path.name} holds a part that is too large ('{name[:60]}').")
    return data


def number(text: str | None, most: int = FARTHEST) -> float:
    """A number of an attribute; 0 for what is none, or is `most` or more."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if abs(value) < most else 0.0  # also refuses NaN


def whole(text: str | None, most: int = FARTHEST) -> int:
    """As `number`, rounded."""
    return round(number(text, most))
