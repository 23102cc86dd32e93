"""Clips into files: animated WebP, PNG and GIF through Pillow, MP4 through OpenCV."""

from __future__ import annotations

import contextlib
import json
import os
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import cv2
import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pipelines.commands.errors import InputError, JobFailedError
from pipelines.commands.pictures import METADATA_KEY
from pipelines.contract.request import Pixels

FORMATS = {".webp": "WEBP", ".apng": "PNG", ".png": "PNG", ".gif": "GIF", ".mp4": "MP4"}
SOFTWARE = "Handscroll"
_XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""What says of a box in an MP4 that it holds XMP (Adobe's XMP specification, part 3)."""
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:handscroll="urn:handscroll:1.0:">
<handscroll:recipe>{}</handscroll:recipe>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
FASTEST = 60
"""Pictures a second."""


def check_clip_output(path: Path) -> None:
    """Raises InputError when no clip could be written there; better before the work than after it."""
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"The output must be a file of the kind {', '.join(FORMATS)}, but --out says {path.name!r}.")
    if path.is_dir():
        raise InputError(f"{path} is a folder; give --out the name of a file.")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise InputError(f"There is no folder {path.parent} to write {path.name} into. Make it first.")
    if not os.access(folder, os.W_OK):
        raise InputError(f"The folder {folder} cannot be written into.")


def write_clip(path: Path, frames: Sequence[Pixels], fps: float, parameters: Mapping[str, Any]) -> None:
    """Writes frames (h, w, 4), wholly opaque, as the suffix says, never half a file; it plays over and over, with the
    parameters inside. Raises OSError, and JobFailedError where this computer cannot write MP4."""
    kind = FORMATS[path.suffix.lower()]
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")  # OpenCV goes by the suffix
    try:
        if kind == "MP4":
            _write_film(temporary, frames, fps)
            with temporary.open("ab") as file:
                packet = _packet(parameters)
                file.write(struct.pack(">I4s", 24 + len(packet), b"uuid") + _XMP_BOX + packet)
        else:
            _write_pictures(temporary, kind, frames, fps, parameters)
        temporary.replace(path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_pictures(path: Path, kind: str, frames: Sequence[Pixels], fps: float, parameters: Mapping[str, Any]) -> None:
    first, *others = (Image.fromarray(np.ascontiguousarray(frame[..., :3])) for frame in frames)
    options: dict[str, Any] = {"quality": 90, "method": 4} if kind == "WEBP" else {}
    if kind == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_itxt(METADATA_KEY, json.dumps(parameters, ensure_ascii=False))
    elif kind == "WEBP":
        options["xmp"] = _packet(parameters)
    else:
        options["comment"] = json.dumps({"software": SOFTWARE, **parameters}, ensure_ascii=False).encode()
    with path.open("wb") as file:
        first.save(file, kind, save_all=True, append_images=others, duration=round(1000 / fps), loop=0, **options)


def _packet(parameters: Mapping[str, Any]) -> bytes:
    """XMP with the parameters as they stand in a PNG."""
    return _PACKET.format(escape(json.dumps(parameters, ensure_ascii=False))).encode()


def _write_film(path: Path, frames: Sequence[Pixels], fps: float) -> None:
    height, width = (side // 2 * 2 for side in frames[0].shape[:2])  # what film codecs want
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, (width, height))
    try:
        if not writer.isOpened():
            raise JobFailedError("This computer's OpenCV cannot write MP4. Give --out a name that ends in .webp.")
        for frame in frames:
            writer.write(np.ascontiguousarray(frame[:height, :width, 2::-1]))
    finally:
        writer.release()
