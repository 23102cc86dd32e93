"""Clips into files: animated WebP, PNG and GIF through Pillow, MP4 through OpenCV."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pipelines.commands.errors import InputError, JobFailedError
from pipelines.commands.pictures import METADATA_KEY
from pipelines.contract.request import Pixels

FORMATS = {".webp": "WEBP", ".apng": "PNG", ".png": "PNG", ".gif": "GIF", ".mp4": "MP4"}
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
    """Writes frames (h, w, 4), wholly opaque, as the suffix says, never half a file; it plays over and over. A PNG has
    the parameters inside. Raises OSError, and JobFailedError where this computer cannot write MP4."""
    kind = FORMATS[path.suffix.lower()]
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")  # OpenCV goes by the suffix
    try:
        if kind == "MP4":
            _write_film(temporary, frames, fps)
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
    with path.open("wb") as file:
        first.save(file, kind, save_all=True, append_images=others, duration=round(1000 / fps), loop=0, **options)


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
