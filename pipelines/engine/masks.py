"""From one selection to a patch: three masks, the fit to the model's size, the fill, the paste back. No torch here.

From the selection come three masks, each reaching less far than the one before it:

- *denoise*: where the model may paint; 1 near the selection, falling softly to 0, one threshold per step;
- *composite*: what is shown of the result; full inside the selection and always inside the denoise mask, so that the
  rim of a patch consists of pixels the model has already led back to the original;
- *fill*: where the old pixels are forgotten before the first step.

Numpy and cv2 only. Pictures are uint8 (height, width, 3 or 4); masks inside this module are float32 in 0..1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.contract.request import Fill, Pixels

FloatMask = NDArray[np.float32]
PAPER = (238, 234, 224)
"""What transparent pixels look like to the model when the whole picture is repainted: plain paper."""
MAX_BLEND = 25.0
"""Widest rim of the composite mask, canvas pixels; a wider one would show both pictures at once."""
_SHRINK = 1.5
"""How much a region may be reduced before only the part around its mask is painted instead."""
_FULL = 250
"""Coverage that counts as wholly selected."""


@dataclass(frozen=True, eq=False)
class Masks:
    """The three masks of one selection, (height, width) float32 in 0..1, canvas pixels."""

    denoise: FloatMask
    fill: FloatMask
    composite: FloatMask


@dataclass(frozen=True)
class RunLimits:
    """What sizes a model paints well."""

    native: int
    """Side of the square it was trained on, pixels."""
    min_area: float
    """Smallest area as a part of native x native."""
    max_area: float
    """Largest area as a part of native x native."""
    max_short_side: float
    """Longest short side as a part of native: beyond it compositions double."""
    multiple: int = 8
    """Both sides are multiples of this many pixels."""


@dataclass(frozen=True)
class Crop:
    """A part of the region, pixels; slices of numpy arrays."""

    left: int
    top: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows, columns."""
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)


def make_masks(selection: Pixels, grow: int, feather: int) -> Masks:
    """The three masks of `selection` (height, width uint8); `grow` and `feather` in canvas pixels.

    With `grow` and `feather` 0 all three follow the selection exactly.
    """
    soft = selection.astype(np.float32) / 255.0
    if grow == 0 and feather == 0:
        return Masks(denoise=soft, fill=(soft >= 0.5).astype(np.float32), composite=soft)
    reach = float(grow + feather)
    distance = _distance_from(selection >= _FULL)
    if feather == 0:
        core = np.maximum((distance <= grow).astype(np.float32), soft)
        return Masks(denoise=core, fill=_fill_mask(distance, soft, grow), composite=core)
    blend = min(MAX_BLEND, reach)
    denoise = np.maximum(_ramp(distance, grow, reach), soft)
    composite = np.maximum(_smooth(_ramp(distance, reach - blend, reach)), np.minimum(soft * 2.0, 1.0))
    return Masks(denoise=denoise, fill=_fill_mask(distance, soft, grow), composite=composite)


def run_size(width: int, height: int, limits: RunLimits) -> tuple[int, int]:
    """The size (width, height) in pixels at which a region of `width` x `height` is painted.

    Small regions are enlarged, large ones reduced; the shape is kept as far as the multiple allows.
    """
    area, square = float(width * height), float(limits.native**2)
    scale = 1.0
    if area * scale**2 < limits.min_area * square:
        scale = math.sqrt(limits.min_area * square / area)
    if area * scale**2 > limits.max_area * square:
        scale = math.sqrt(limits.max_area * square / area)
    scale = min(scale, limits.max_short_side * limits.native / min(width, height))
    return _round_to(width * scale, limits.multiple), _round_to(height * scale, limits.multiple)


def focus(masks: Masks, limits: RunLimits) -> Crop:
    """The part of the region worth painting: everything, unless the region would have to shrink much for it.

    Around the mask stays a context of at least a quarter of its longer side and, where it fits, one native square.
    """
    height, width = masks.denoise.shape
    whole = Crop(0, 0, width, height)
    if run_size(width, height, limits)[0] * _SHRINK >= width:
        return whole
    rows, columns = np.flatnonzero(masks.denoise.any(axis=1)), np.flatnonzero(masks.denoise.any(axis=0))
    if rows.size == 0:
        return whole
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    context = max(32, max(bottom - top, right - left) // 4)
    left, crop_width = _widen(left - context, right + context, limits.native, width)
    top, crop_height = _widen(top - context, bottom + context, limits.native, height)
    return Crop(left, top, crop_width, crop_height)


def resize(picture: NDArray[np.uint8] | FloatMask, width: int, height: int) -> NDArray[np.uint8]:
    """The picture or mask at another size: area mean when it shrinks, Lanczos (masks: linear) when it grows."""
    old_height, old_width = picture.shape[:2]
    if (old_width, old_height) == (width, height):
        return picture  # type: ignore[return-value]
    shrinks = width <= old_width and height <= old_height
    smooth = cv2.INTER_LANCZOS4 if picture.ndim == 3 else cv2.INTER_LINEAR
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if shrinks else smooth)  # type: ignore[return-value]


def on_paper(image: Pixels) -> Pixels:
    """Straight RGBA -> RGB with paper behind everything transparent."""
    alpha = image[..., 3:].astype(np.float32) / 255.0
    paper = np.array(PAPER, np.float32)
    return np.rint(image[..., :3] * alpha + paper * (1.0 - alpha)).astype(np.uint8)


def fill_under(rgb: Pixels, unknown: FloatMask, how: Fill, seed: int) -> Pixels:
    """RGB with the pixels under `unknown` (height, width) replaced; partly unknown pixels are mixed.

    `how` must not be ORIGINAL. Deterministic in `seed`, which only NOISE uses.
    """
    if not unknown.any():
        return rgb
    hole = unknown > 0.5
    if how is Fill.NEUTRAL or hole.all():
        fresh = np.full_like(rgb, 128)
    elif how is Fill.BORDER:
        fresh = _continue_border(rgb, hole)
    else:
        fresh = _spread(rgb, hole)
    if how is Fill.NOISE:
        noise = np.random.default_rng(seed).normal(0.0, 48.0, rgb.shape)
        fresh = np.clip(fresh + noise, 0, 255).astype(np.uint8)
    weight = unknown[..., None]
    return np.rint(rgb * (1.0 - weight) + fresh * weight).astype(np.uint8)


def match_colours(result: Pixels, original: Pixels, outside: NDArray[np.bool_]) -> Pixels:
    """RGB `result` with its LAB mean and spread moved to those of `original`, both measured where `outside` is true.

    Unchanged when there is too little outside to measure. The correction is bounded: it mends a tint, not a picture.
    """
    if int(outside.sum()) < max(256, outside.size // 50):
        return result
    lab = cv2.cvtColor(result, cv2.COLOR_RGB2LAB).astype(np.float32)
    wanted = cv2.cvtColor(original, cv2.COLOR_RGB2LAB).astype(np.float32)[outside]
    got = lab[outside]
    gain = np.clip((wanted.std(axis=0) + 1.0) / (got.std(axis=0) + 1.0), 0.85, 1.15)
    shift = np.clip(wanted.mean(axis=0) - got.mean(axis=0), -12.0, 12.0)
    moved = (lab - got.mean(axis=0)) * gain + got.mean(axis=0) + shift
    return cv2.cvtColor(np.clip(np.rint(moved), 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)  # type: ignore[return-value]


def to_patch(rgb: Pixels, composite: FloatMask) -> Pixels:
    """RGBA whose alpha is the composite mask; colour is zero wherever alpha is."""
    alpha = np.rint(composite * 255.0).astype(np.uint8)
    patch = np.dstack([rgb, alpha])
    patch[alpha == 0] = 0
    return patch


def _distance_from(full: NDArray[np.bool_]) -> FloatMask:
    """Distance in pixels to the nearest true pixel; 0 on it, infinity when there is none."""
    if not full.any():
        return np.full(full.shape, np.inf, np.float32)
    if full.all():
        return np.zeros(full.shape, np.float32)
    return cv2.distanceTransform((~full).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)  # type: ignore[return-value]


def _fill_mask(distance: FloatMask, soft: FloatMask, grow: int) -> FloatMask:
    return ((distance <= grow) | (soft >= 0.5)).astype(np.float32)


def _ramp(distance: FloatMask, start: float, end: float) -> FloatMask:
    """1 up to `start` pixels away, 0 from `end` on."""
    return np.clip((end - distance) / max(end - start, 1e-6), 0.0, 1.0).astype(np.float32)


def _smooth(value: FloatMask) -> FloatMask:
    return (value * value * (3.0 - 2.0 * value)).astype(np.float32)


def _round_to(value: float, multiple: int) -> int:
    return max(multiple, int(value / multiple + 0.5) * multiple)


def _widen(low: int, high: int, wanted: int, limit: int) -> tuple[int, int]:
    """(start, length) of low..high made at least `wanted` long where 0..limit has room."""
    low, high = max(0, low), min(limit, high)
    missing = min(wanted, limit) - (high - low)
    if missing > 0:
        low = max(0, min(low - missing // 2, limit - min(wanted, limit)))
        high = low + min(wanted, limit)
    return low, high - low


def _continue_border(rgb: Pixels, hole: NDArray[np.bool_]) -> Pixels:
    """Lets what touches the hole run on into it: Navier-Stokes at a reduced size, then softened."""
    height, width = hole.shape
    scale = min(1.0, 192.0 / max(height, width))
    small = (max(8, round(width * scale)), max(8, round(height * scale)))
    picture = cv2.resize(_spread(rgb, hole), small, interpolation=cv2.INTER_AREA)
    mask = (cv2.resize(hole.astype(np.float32), small, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    if mask.all():
        return _spread(rgb, hole)
    filled = cv2.inpaint(picture, mask, 3, cv2.INPAINT_NS)
    blurred = cv2.GaussianBlur(filled, (0, 0), 3.0)
    return cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def _spread(rgb: Pixels, hole: NDArray[np.bool_]) -> Pixels:
    """Fills the hole with ever wider means of what is known: a pyramid down, then back up."""
    colour, weight = rgb.astype(np.float32) * ~hole[..., None], (~hole).astype(np.float32)
    levels = [(colour, weight)]
    while min(weight.shape) > 1 and weight.min() == 0.0:
        size = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        colour = cv2.resize(colour, size, interpolation=cv2.INTER_AREA)
        weight = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
        levels.append((colour, weight))  # type: ignore[arg-type]
    known = _divide(*levels.pop())
    for colour, weight in reversed(levels):
        wider = cv2.resize(known, (weight.shape[1], weight.shape[0]), interpolation=cv2.INTER_LINEAR)
        here = weight[..., None]
        known = np.where(here > 0, _divide(colour, weight) * here + wider * (1.0 - here), wider)
    return np.clip(np.rint(known), 0, 255).astype(np.uint8)


def _divide(colour: NDArray[np.float32], weight: FloatMask) -> NDArray[np.float32]:
    total = weight[..., None]
    middle = colour.reshape(-1, 3).sum(axis=0) / max(float(weight.sum()), 1e-6)
    return np.where(total > 1e-6, colour / np.maximum(total, 1e-6), middle).astype(np.float32)
