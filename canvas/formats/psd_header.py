"""What the first bytes of a Photoshop file claim, checked before anything is believed."""

import struct
from dataclasses import dataclass
from pathlib import Path

from psd_tools.constants import ColorMode

from canvas.errors import CanvasError
from canvas.formats.psd_channels import DEPTHS

MAX_SIDE = {1: 30_000, 2: 300_000}
"Of a .psd and of a .psb."
MAX_FILE_BYTES = 2 << 30
MAX_LAYERS = 2000


@dataclass(frozen=True)
class Header:
    """The first 26 bytes."""

    version: int
    "1 for .psd, 2 for .psb."
    channels: int
    height: int
    width: int
    depth: int
    "Bits of a sample."
    mode: ColorMode


def read_header(path: Path) -> Header:
    """The header of a file, checked. Raises CanvasError."""
    try:
        with path.open("rb") as file:
            head, size = file.read(26), path.stat().st_size
    except FileNotFoundError as error:
        raise CanvasError(f"There is no file {path}.") from error
    except OSError as error:
        raise CanvasError(f"{path.name} cannot be read ({error.strerror or error}).") from error
    if len(head) < 26 or head[:4] != b"8BPS":
        raise CanvasError(f"{path.name} is not a Photoshop file.")
    version, channels, height, width, depth, mode = struct.unpack(">H6xHIIHH", head[4:])
    if version not in MAX_SIDE or not 1 <= channels <= 56 or mode not in list(ColorMode):
        raise CanvasError(f"{path.name} is damaged: its header makes no sense.")
    if not 1 <= width <= MAX_SIDE[version] or not 1 <= height <= MAX_SIDE[version]:
        raise CanvasError(
            f"{path.name} claims to be {width} x {height} pixels; it is damaged or not meant to be opened."
        )
    if depth not in DEPTHS:
        raise CanvasError(f"{path.name} has {depth} bits per channel; 8, 16 and 32 can be opened.")
    if size > MAX_FILE_BYTES:
        raise CanvasError(f"{path.name} has {size >> 20} MB; at most {MAX_FILE_BYTES >> 20} MB can be opened.")
    return Header(version, channels, height, width, depth, ColorMode(mode))


def check_sections(path: Path, header: Header) -> int:
    """Where the merged picture begins. Refuses a file whose parts claim to be longer, or that lists too many layers."""
    size, wide = path.stat().st_size, header.version == 2
    with path.open("rb") as file:
        position = 26
        for length_bytes in (4, 4, 8 if wide else 4):
            file.seek(position)
            raw = file.read(length_bytes)
            length = int.from_bytes(raw, "big")
            position += length_bytes + length
            if len(raw) < length_bytes or position > size:
                raise CanvasError(f"{path.name} is cut short or damaged: a part of it is longer than the file.")
        file.seek(position - length)
        start = file.read((8 if wide else 4) + 2)
    if length >= len(start) > 2 and abs(int.from_bytes(start[-2:], "big", signed=True)) > MAX_LAYERS:
        raise CanvasError(f"{path.name} has more than {MAX_LAYERS} layers, which is more than can be opened.")
    return position
