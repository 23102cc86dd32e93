"""Flat pictures in: any common format to straight 8-bit sRGB, upright, with a note of what was changed on the way."""

import json
import mmap
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from canvas.errors import CanvasError
from canvas.formats.film_texts import is_film
from canvas.formats.picture_depths import DeepHeader, deep_header, read_deep, reduced, upright
from canvas.formats.picture_opening import (
    PNG_SIGNATURE,
    UNREADABLE,
    bare_png,
    check_file,
    check_size,
    first_line,
    head_of,
    opened,
)
from canvas.formats.picture_texts import OURS, read_texts

MAX_SCANS = 200
"""Passes of a progressive JPEG; those of cameras and programs are about ten."""
_PROFILE_CHANNELS = {b"GRAY": "L", b"RGB ": "RGB", b"CMYK": "CMYK"}


class Change(StrEnum):
    """What had to be changed in a picture that was read; the value is the sentence."""

    FIRST = "Only the first of its pictures was read."
    REDUCED = "Its 16 or 32 bits per channel were reduced to 8."
    CONVERTED = "Its colours were converted to sRGB."
    PRINTING = "Its printing colours (CMYK) were converted without a profile and may look different."
    NO_PROFILE = "Its colour profile could not be used; colours may look different."


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture that was read."""

    name: str
    "File name without suffix, or 'Picture'."
    rgba: NDArray[np.uint8]
    "(h, w, 4), straight alpha, sRGB."
    changes: tuple[Change, ...] = ()
    "What had to be changed on the way."

    @property
    def note(self) -> str:
        """The changes as sentences; empty when there were none."""
        return " ".join(self.changes)


def read_picture(source: Path | bytes) -> Picture:
    """A picture from a file or from a file's bytes: upright, in sRGB, 8 bit.

    Raises CanvasError for what is missing, unreadable, or larger than 16384 px a side or 128 megapixels;
    the size is checked before anything is decoded. Works on any thread.
    """
    name = source.stem if isinstance(source, Path) else "Picture"
    label = source.name if isinstance(source, Path) else "The picture"
    changes: list[Change] = []
    check_file(source, label)
    deep = deep_header(source)
    try:
        rgba = _deep(source, deep, label, changes) if deep is not None else _shallow(source, label, changes)
    except UNREADABLE as error:
        raise CanvasError(f"{label} is damaged or cut short and cannot be read ({first_line(error)}).") from error
    return Picture(name, rgba, tuple(dict.fromkeys(changes)))


def read_metadata(source: Path | bytes) -> dict[str, Any]:
    """What was noted in a picture or an MP4 about its making; empty when nothing. Decodes no pixels.

    Raises CanvasError when there is no such file or it is no picture.
    """
    label = source.name if isinstance(source, Path) else "The picture"
    check_file(source, label)
    head = head_of(source)
    if not head.startswith(PNG_SIGNATURE) and not is_film(head) and deep_header(source) is None:
        with opened(source, label):
            pass
    texts = read_texts(source)
    found = texts.get(OURS) or texts.get("ImageDescription", "")
    try:
        data = json.loads(found) if found.startswith("{") else {}
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def picture_size(source: Path) -> tuple[int, int, str]:
    """Width, height and format of a picture, from its header."""
    deep = deep_header(source)
    if deep is not None:
        return *deep.size, deep.kind
    with opened(source, source.name) as image:
        return image.width, image.height, image.format or ""


def _deep(source: Path | bytes, header: DeepHeader, label: str, changes: list[Change]) -> NDArray[np.uint8]:
    check_size(header.size, label)
    orientation, profile = header.orientation, header.profile
    if header.kind == "PNG":
        with opened(source, label) as image:
            orientation, profile = image.getexif().get(0x0112, 1), image.info.get("icc_profile", b"")
    rgba = upright(read_deep(source, header, label), orientation)
    changes.append(Change.REDUCED)
    if not profile or is_srgb(profile):
        return rgba
    return np.asarray(_to_srgb(Image.fromarray(rgba), profile, changes).convert("RGBA"))


def _shallow(source: Path | bytes, label: str, changes: list[Change]) -> NDArray[np.uint8]:
    try:
        return _decoded(source, label, changes)
    except (*UNREADABLE, CanvasError):
        bare = bare_png(source)
        if bare is None:
            raise
        return _decoded(bare, label, changes)


def _decoded(source: Path | bytes, label: str, changes: list[Change]) -> NDArray[np.uint8]:
    with opened(source, label) as image:
        check_size(image.size, label)
        if image.format in ("JPEG", "MPO"):
            _check_scans(source, label)
        if image.format != "MPO" and _has_more(image):
            changes.append(Change.FIRST)
        image.load()
        check_size(image.size, label)  # some formats learn their true size only now
        profile = image.info.get("icc_profile")
        right = ImageOps.exif_transpose(image)
        if right.mode in ("I", "F") or right.mode.startswith("I;16"):
            right = Image.fromarray(reduced(np.asarray(right)))
            changes.append(Change.REDUCED)
        if right.mode == "LAB":
            right = _from_lab(right)
            changes.append(Change.CONVERTED)
        elif profile and not is_srgb(profile):
            right = _to_srgb(right, profile, changes)
        elif right.mode == "CMYK":
            changes.append(Change.PRINTING)
        return np.array(right if right.mode == "RGBA" else right.convert("RGBA"))


def _has_more(image: Image.Image) -> bool:
    """Whether there are more pictures than one; counting those of a GIF would read the whole file."""
    if image.format in ("GIF", "TIFF"):
        return bool(getattr(image, "is_animated", False))
    return getattr(image, "n_frames", 1) > 1


def _check_scans(source: Path | bytes, label: str) -> None:
    """A progressive JPEG may hold thousands of passes over the whole picture, each of a few bytes."""
    if isinstance(source, bytes):
        scans = source.count(b"\xff\xda")
    else:
        with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            scans, at = 0, data.find(b"\xff\xda")
            while at >= 0 and scans <= MAX_SCANS:
                scans, at = scans + 1, data.find(b"\xff\xda", at + 2)
    if scans > MAX_SCANS:
        raise CanvasError(f"{label} is damaged: it holds its picture in more than {MAX_SCANS} passes.")


def is_srgb(profile: bytes) -> bool:
    """Whether an ICC profile is sRGB by its own name; a linear one is not."""
    try:
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile))).lower()
    except UNREADABLE:
        return False
    return "srgb" in name and "linear" not in name


def _from_lab(image: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.applyTransform(image, ImageCms.buildTransform(lab, srgb, "LAB", "RGB")) or image


def _to_srgb(image: Image.Image, profile: bytes, changes: list[Change]) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        mode = _PROFILE_CHANNELS[profile[16:20]]
        alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
        if (mode == "CMYK") != (image.mode == "CMYK"):
            raise ValueError("a profile of another colour space")
        plain = image if image.mode == mode else image.convert("RGB").convert(mode)
        converted = ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except UNREADABLE:
        changes.append(Change.NO_PROFILE)
        return image
    if converted is None:
        return image
    if alpha is not None:
        converted.putalpha(alpha)
    changes.append(Change.CONVERTED)
    return converted
