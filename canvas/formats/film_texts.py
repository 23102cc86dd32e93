"""The XMP packet of a film: a box of its own at the end of an MP4 (Adobe's XMP specification, part 3). Any thread."""

import struct
from pathlib import Path
from typing import BinaryIO

SUFFIXES = (".mp4", ".m4v", ".mov")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"Says of a box that it holds XMP."
_HEAD = 8
_MOST_BOXES = 4096
_PICTURES = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")
"Kinds of such files that hold pictures; those are read by Pillow."


def is_film(head: bytes) -> bool:
    """Whether a file that begins with these bytes, 12 at least, is an MP4 or one of its kind."""
    return head[4:8] == b"ftyp" and head[8:12] not in _PICTURES


def append_packet(path: Path, packet: bytes) -> None:
    """Adds an XMP packet, UTF-8, to a film that has none; players pass over it. Raises OSError."""
    with path.open("ab") as file:
        file.write(struct.pack(">I4s", _HEAD + len(_XMP) + len(packet), b"uuid") + _XMP + packet)


def packet_in(file: BinaryIO, most: int) -> str:
    """The packet of a film that is open at its beginning; empty where there is none of at most so many bytes.

    Raises OSError.
    """
    for _ in range(_MOST_BOXES):
        head = file.read(_HEAD)
        if len(head) < _HEAD:
            return ""
        size, kind = struct.unpack(">I4s", head)
        rest = size - _HEAD
        if size == 1:  # the size follows in eight bytes
            wide = file.read(8)
            rest = struct.unpack(">Q", wide)[0] - 2 * _HEAD if len(wide) == 8 else -1
        if rest < 0:  # damaged, or the last box, which goes on to the end
            return ""
        if kind == b"uuid" and len(_XMP) <= rest <= most + len(_XMP):
            if file.read(len(_XMP)) == _XMP:
                return file.read(rest - len(_XMP)).decode("utf-8", "replace")
            rest -= len(_XMP)
        file.seek(rest, 1)
    return ""
