"""Pictures in and out of files, and the paste that leaves every kept pixel as it was, bit for bit."""

from __future__ import annotations

import contextlib
import io
import json
import os
import struct
import warnings
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageFilter, ImageOps
from PIL.PngImagePlugin import PngInfo

from pipelines.commands.errors import InputError
from pipelines.contract.request import MAX_SIDE, Pixels
from pipelines.planning.box import Box
from pipelines.planning.context import bounds_of, context_box
from pipelines.planning.masks import Rim
from pipelines.planning.sizes import RunLimits

MAX_PIXELS = 128_000_000
"""Pictures with more pixels are refused before they are decoded."""
METADATA_KEY = "handscroll"
"""Name of the PNG text chunk that holds the parameters as JSON."""
RIM = 4.0
"""Width in pixels over which a patch fades in, on the inner side of what may change."""
_BAND = 3
"""Width in pixels of the strip outside the mask where old and new colours are compared."""
_JOIN = 12.0
"""How far colours are led, pixels."""
_STRIP = 256
"""Rows pasted at a time, so that huge pictures need little memory."""
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
_DEEP_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_DECODING_FAULTS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture read from a file."""

    rgba: Pixels
    """(height, width, 4), straight alpha."""
    has_alpha: bool
    icc_profile: bytes | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.rgba.shape[1], self.rgba.shape[0]


def read_picture(path: Path) -> Picture:
    """The picture the right way up (EXIF), its transparency kept. Raises InputError."""
    image = _open(path)
    has_alpha = image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info
    keeps_profile = image.mode in ("RGB", "RGBA", "P")
    profile = image.info.get("icc_profile") if keeps_profile else None
    return Picture(np.asarray(image.convert("RGBA")).copy(), has_alpha, profile)


def read_mask(path: Path, size: tuple[int, int]) -> Pixels:
    """(height, width) coverage, 255 = repaint; transparent parts count as black.

    Raises InputError when it cannot be read, is of another size than `size` (width, height) or is all black.
    """
    image = _open(path)
    if image.size != size:
        raise InputError(
            f"The mask {path.name} is {image.width} x {image.height} pixels, but the picture is {size[0]} x {size[1]}; "
            "both must be of the same size."
        )
    rgba = image.convert("RGBA")
    black = Image.new("RGBA", rgba.size, (0, 0, 0, 255))
    mask = np.asarray(Image.alpha_composite(black, rgba).convert("L")).copy()
    if not mask.any():
        raise InputError(f"The mask {path.name} is all black: nothing is to be repainted. White means repaint.")
    return mask


def _open(path: Path) -> Image.Image:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"The picture {path} cannot be read: {error.strerror or error}.") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns about sizes that are refused below anyway
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
            _refuse_unsuitable(path, image)
            image.load()
            return ImageOps.exif_transpose(image)
    except Image.DecompressionBombError as error:
        raise InputError(f"The picture {path.name} has more than {MAX_PIXELS // 1_000_000} million pixels.") from error
    except _DECODING_FAULTS as error:
        raise InputError(f"{path.name} is not a picture that can be read, or it is damaged.") from error


def _refuse_unsuitable(path: Path, image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise InputError(
            f"The picture {path.name} is {image.width} x {image.height} pixels; "
            f"at most {MAX_PIXELS // 1_000_000} million pixels can be worked on."
        )
    if image.mode in _DEEP_MODES:
        raise InputError(f"The picture {path.name} has more than 8 bits a channel. Convert it to 8 bits first.")


def region_around(mask: Pixels, rim: Rim, limits: RunLimits, strength: float) -> Box:
    """The part of a picture to send to the engine: what is over 0 in `mask` (h, w) and its context, as the window
    chooses it, as far as there is a picture.

    Raises InputError when the masked part alone is larger than a request may be.
    """
    selected = bounds_of(mask)
    if selected is None:
        raise InputError("The mask is all black: nothing is to be repainted. White means repaint.")
    longest = max(selected.width, selected.height)
    if longest > MAX_SIDE:
        raise InputError(f"The part to be painted is {longest} pixels long; at most {MAX_SIDE} can be painted at once.")
    wanted, (height, width) = context_box(selected, rim, limits, strength), mask.shape
    left, top = max(0, wanted.left), max(0, wanted.top)
    return Box(left, top, min(wanted.right, width) - left, min(wanted.bottom, height) - top)


def fade_in(mask: Pixels) -> Pixels:
    """(height, width) weight: 0 where `mask` is 0, rising to 255 over RIM pixels inside it."""
    inside = np.where(mask > 0, 255, 0).astype(np.uint8)
    blurred = np.asarray(Image.fromarray(inside).filter(ImageFilter.GaussianBlur(RIM / 2))).astype(np.int16)
    ramp = np.clip(blurred * 2 - 255, 0, 255).astype(np.uint8)
    # What is narrower than two rims never reaches 255; there the ramp is lifted, or slivers would not change at all.
    peak = np.asarray(Image.fromarray(ramp).filter(ImageFilter.MaxFilter(2 * int(RIM) + 1))).astype(np.uint16)
    lifted = np.where(peak > 0, ramp.astype(np.uint16) * 255 // np.maximum(peak, 1), 255)
    return np.where(inside > 0, lifted, 0).astype(np.uint8)


def join_colours(old: Pixels, patch: Pixels, mask: Pixels) -> Pixels:
    """`patch` with its colours led to those of `old` (both (h, w, 4)) at the rim of `mask`, so that no seam shows.

    What the engine painted just outside the mask tells how far the colours are apart there; the difference fades out
    inwards. The engine's own soft rim lies outside the mask, where nothing may change here: what it leads over there is
    not seen, and measured without this the seam is twice (at the edge of an old picture three times) as strong.
    """
    outside = mask == 0
    near = cv2.dilate((mask > 0).astype(np.uint8), np.ones((2 * _BAND + 1, 2 * _BAND + 1), np.uint8)) > 0
    known = (outside & near & (patch[..., 3] > 0) & (old[..., 3] == 255)).astype(np.float32)
    weight = cv2.GaussianBlur(known, (0, 0), _JOIN)[..., None]
    step = (old[..., :3].astype(np.float32) - patch[..., :3]) * known[..., None]
    local = cv2.GaussianBlur(step, (0, 0), _JOIN) / np.maximum(weight, 1e-6)
    fade = np.minimum(2.0 * cv2.GaussianBlur(outside.astype(np.float32), (0, 0), 2 * _JOIN), 1.0)[..., None]
    shift = np.where(weight > 1e-4, local * fade, 0.0)
    colour = np.clip(np.rint(patch[..., :3] + shift), 0, 255).astype(np.uint8)
    return np.concatenate([colour, patch[..., 3:]], axis=2)


def paste(base: Pixels, patch: Pixels, weight: Pixels, box: Box) -> Pixels:
    """`base` (h, w, 4) with `patch` laid over it at `box` by the smaller of its alpha and `weight` (both 0..255).

    Straight alpha; pixels with weight 0 stay bit for bit.
    """
    result = base.copy()
    region = result[box.slices]
    for start in range(0, box.height, _STRIP):
        strip = slice(start, start + _STRIP)
        _lay_over(region[strip], patch[strip], np.minimum(patch[strip, :, 3], weight[strip]))
    return result


def _lay_over(old: Pixels, new: Pixels, alpha: Pixels) -> None:
    """Changes `old` in place: `new`'s colour over it by `alpha`; straight alpha, rounded to nearest."""
    top = alpha.astype(np.uint32) * 255
    under = old[..., 3].astype(np.uint32) * (255 - alpha)
    total = top + under
    divisor = np.maximum(total, 1)[..., None]
    colour = (new[..., :3] * top[..., None] + old[..., :3] * under[..., None] + divisor // 2) // divisor
    touched = alpha > 0
    old[touched, :3] = colour[touched]
    old[touched, 3] = ((total + 127) // 255)[touched]


def check_output(path: Path) -> None:
    """Raises InputError when a PNG could not be written there; better before the work than after it."""
    if path.suffix.lower() != ".png":
        raise InputError(f"The output must be a .png file, but --out says {path.name!r}.")
    if path.is_dir():
        raise InputError(f"{path} is a folder; give --out the name of a file.")
    if not path.absolute().parent.is_dir():
        raise InputError(f"There is no folder {path.parent} to write {path.name} into. Make it first.")
    if not os.access(path.absolute().parent, os.W_OK):
        raise InputError(f"The folder {path.absolute().parent} cannot be written into.")


def output_paths(path: Path, count: int) -> list[Path]:
    """`path` itself for one picture, else numbered: out-1.png, out-2.png."""
    if count == 1:
        return [path]
    width = len(str(count))
    return [path.with_name(f"{path.stem}-{number:0{width}d}{path.suffix}") for number in range(1, count + 1)]


def write_pictures(paths: Sequence[Path], pictures: Sequence[Picture], parameters: Sequence[Mapping[str, Any]]) -> None:
    """Writes each picture as PNG with its parameters inside: all or none, never half a file. Raises OSError."""
    waiting: list[tuple[Path, Path]] = []
    try:
        for path, picture, facts in zip(paths, pictures, parameters, strict=True):
            temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
            waiting.append((temporary, path))
            with temporary.open("wb") as file:
                _write_png(file, picture, facts)
        while waiting:
            waiting[0][0].replace(waiting[0][1])
            waiting.pop(0)
    finally:
        for temporary, _path in waiting:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _write_png(file: io.BufferedWriter, picture: Picture, facts: Mapping[str, Any]) -> None:
    text = PngInfo()
    text.add_itxt(METADATA_KEY, json.dumps(facts, ensure_ascii=False))
    image = Image.fromarray(picture.rgba)
    if not picture.has_alpha:
        image = image.convert("RGB")
    image.save(file, "PNG", pnginfo=text, icc_profile=picture.icc_profile)
