"""Pictures as networks of transformers want them: resized, cut, scaled and normalised by preprocessor_config.json.

transformers' own processors ask for torchvision; what a still picture needs of them is done here with Pillow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipelines.contract.request import Pixels

FILE = "preprocessor_config.json"
_CLIP_MEAN, _CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


def preparation_in(folder: Path) -> Mapping[str, Any]:
    """What a folder says about it; nothing where it does not. Raises OSError, ValueError."""
    return json.loads((folder / FILE).read_text("utf-8")) if (folder / FILE).is_file() else {}


def on_white(rgba: Pixels) -> Pixels:
    """RGB (h, w, 3) of a straight RGBA picture on white paper."""
    alpha = rgba[..., 3:].astype(np.float32) / 255.0
    return (rgba[..., :3] * alpha + 255.0 * (1.0 - alpha)).round().astype(np.uint8)


def prepared(rgb: Pixels, said: Mapping[str, Any], side: int = 384) -> NDArray[np.float32]:
    """(3, h, w): an RGB picture as preprocessor_config.json wants it: resized, cut, scaled, normalised.

    `side` is what a file that names no size means. Every step is done as transformers' own processor does it with
    Pillow; the picture is not kept in its proportions where the file says a fixed width and height.
    """
    picture = Image.fromarray(np.ascontiguousarray(rgb))
    if said.get("do_resize", True):
        size = _size(said, picture.size, side)
        picture = picture.resize(size, Image.Resampling(int(said.get("resample", Image.Resampling.BICUBIC))))
    if said.get("do_center_crop") and (crop := said.get("crop_size")):
        width, height = (crop, crop) if isinstance(crop, int) else (int(crop["width"]), int(crop["height"]))
        left, top = (picture.width - width) // 2, (picture.height - height) // 2
        picture = picture.crop((left, top, left + width, top + height))
    return scaled(np.asarray(picture, np.float32), said)


def scaled(values: NDArray[np.float32], said: Mapping[str, Any]) -> NDArray[np.float32]:
    """(3, h, w): the values 0..255 of an RGB picture (h, w, 3), scaled and normalised."""
    if said.get("do_rescale", True):
        values = values * np.float32(said.get("rescale_factor", 1 / 255))
    if said.get("do_normalize", True):
        mean, std = said.get("image_mean", _CLIP_MEAN), said.get("image_std", _CLIP_STD)
        values = (values - np.asarray(mean, np.float32)) / np.asarray(std, np.float32)
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def _size(said: Mapping[str, Any], picture: tuple[int, int], side: int) -> tuple[int, int]:
    """Width and height to be resized to."""
    size = said.get("size")
    if isinstance(size, int):
        return size, size
    if isinstance(size, Mapping) and "height" in size:
        wanted = int(size["width"]), int(size["height"])
        return _stepped(said, picture, wanted) if "ensure_multiple_of" in said else wanted
    if isinstance(size, Mapping) and "shortest_edge" in size:
        factor = int(size["shortest_edge"]) / min(picture)
        return int(picture[0] * factor), int(picture[1] * factor)
    return side, side


def _stepped(said: Mapping[str, Any], picture: tuple[int, int], wanted: tuple[int, int]) -> tuple[int, int]:
    """Sides in whole patches; in the picture's proportions, where they are kept, by what changes its size least."""
    factors = [want / have for want, have in zip(wanted, picture, strict=True)]
    if said.get("keep_aspect_ratio"):
        factors = [min(reversed(factors), key=lambda factor: abs(1 - factor))] * 2
    step = int(said["ensure_multiple_of"])
    # A long and narrow picture would have less than one patch.
    width, height = (
        max(step, round(side * factor / step) * step) for side, factor in zip(picture, factors, strict=True)
    )
    return width, height
