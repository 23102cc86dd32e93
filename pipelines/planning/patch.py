"""From the run's picture to a patch: scaled, its colours led over to the surroundings', under the composite mask."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.contract.request import Pixels
from pipelines.planning.masks import FloatMask
from pipelines.planning.membrane import spread

_CELL = 4
"""Pixels of the run a side that share one measurement of drift."""
_MOST_SHIFT = 12.0
"""Largest shift of the whole result, LAB units."""
_MOST_DRIFT = 20.0
"""Largest difference that is taken on into what was painted anew, levels of 255; more is another picture."""
_DETAIL = 6.0
"""Spread in pixels of the run of what counts as a colour at large; what is finer is detail and the model's own."""
_KEPT, _FREE = 0.3, 0.6
"""Up to this strength a pixel keeps its colour at large; from that on it is free."""
_FADE = 48.0
"""Distance in pixels of the run over which a local correction falls to a third."""


def resize(picture: NDArray[np.uint8] | FloatMask, width: int, height: int) -> NDArray[np.uint8]:
    """The picture or mask at another size: area mean when it shrinks, Lanczos (masks: linear) when it grows."""
    old_height, old_width = picture.shape[:2]
    if (old_width, old_height) == (width, height):
        return picture  # type: ignore[return-value]
    shrinks = width <= old_width and height <= old_height
    smooth = cv2.INTER_LANCZOS4 if picture.ndim == 3 else cv2.INTER_LINEAR
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if shrinks else smooth)  # type: ignore[return-value]


def match_surroundings(result: Pixels, start: Pixels, denoise: FloatMask, known: FloatMask, strength: float) -> Pixels:
    """RGB `result` of a pass with its colours led over to those of the surroundings.

    Where nothing was denoised, result and `start` (RGB the pass began with) differ by exactly what the model's encoder
    and decoder did to it. As a whole that is taken back by `match_colours`. What is left is measured there and, the
    less the later a pixel joined the denoising, on the rim: a pixel that was free for the last weak steps only may get
    new detail but no new colour. Inwards that spreads as a membrane and fades with the distance, so that the two sides
    of a rim meet at the same colour and what was painted anew keeps its own. `denoise` and `known` are (height, width)
    in 0..1; unchanged where too little can be measured.
    """
    held = _held(denoise * np.float32(strength)) * (known == 1)
    if not _enough(held > 0.5):
        return result
    matched, outside = result.astype(np.float32), (denoise == 0) & (known == 1)
    if _enough(outside):
        matched = match_colours(matched, start.astype(np.float32), outside)
    mended = matched + _drift(start - matched, held)
    return np.clip(np.rint(mended), 0, 255).astype(np.uint8)


def _held(strength: FloatMask) -> FloatMask:
    """How far a pixel denoised this strongly keeps its colour at large, 1..0."""
    value = np.clip((_FREE - strength) / (_FREE - _KEPT), 0.0, 1.0)
    return (value * value * (3.0 - 2.0 * value)).astype(np.float32)


def _enough(outside: NDArray[np.bool_]) -> bool:
    return int(outside.sum()) >= max(256, outside.size // 50)


def match_colours(
    result: NDArray[np.float32], original: NDArray[np.float32], outside: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """RGB 0..255 `result` with its LAB mean and spread moved to those of `original`, measured where `outside` is true.

    The correction is bounded: it mends a tint, not a picture. After Reinhard et al., "Color transfer between images"
    (2001).
    """
    lab = cv2.cvtColor(np.clip(result, 0, 255) / np.float32(255), cv2.COLOR_RGB2LAB)
    wanted = cv2.cvtColor(original / np.float32(255), cv2.COLOR_RGB2LAB)[outside]
    got = lab[outside]
    gain = np.clip((wanted.std(axis=0) + 1.0) / (got.std(axis=0) + 1.0), 0.85, 1.15)
    shift = np.clip(wanted.mean(axis=0) - got.mean(axis=0), -_MOST_SHIFT, _MOST_SHIFT)
    moved = ((lab - got.mean(axis=0)) * gain + got.mean(axis=0) + shift).astype(np.float32)
    return cv2.cvtColor(moved, cv2.COLOR_LAB2RGB) * np.float32(255)  # type: ignore[return-value]


def _drift(error: NDArray[np.float32], held: FloatMask) -> NDArray[np.float32]:
    """What to add to every pixel, (h, w, 3): the error without its detail where `held`, spread over the rest."""
    height, width = held.shape
    size = (max(2, -(-width // _CELL)), max(2, -(-height // _CELL)))
    weight, total = (_small(field, size) for field in (held, error * held[..., None]))
    coarse = spread((total / np.maximum(weight, 1e-6)[..., None]).astype(np.float32), weight)
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    within = cv2.distanceTransform((held < 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    fading = ((1.0 - held) * np.exp(-within / _FADE))[..., None]
    return (field * held[..., None] + np.clip(field, -_MOST_DRIFT, _MOST_DRIFT) * fading).astype(np.float32)


def _small(field: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """At the size of the cells and without what is finer than `_DETAIL`."""
    cells = cv2.resize(field.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(cells, (0, 0), _DETAIL / _CELL, borderType=cv2.BORDER_REPLICATE), np.float32)


def to_patch(rgb: Pixels, composite: FloatMask) -> Pixels:
    """RGBA whose alpha is the composite mask; colour is zero wherever alpha is."""
    alpha = np.rint(composite * 255.0).astype(np.uint8)
    patch = np.dstack([rgb, alpha])
    patch[alpha == 0] = 0
    return patch
