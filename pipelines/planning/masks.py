"""From one selection to three masks.

From the selection come three masks, each reaching less far than the one before it:

- *denoise*: where the model may paint; 1 near the selection, falling softly to 0, one threshold per step;
- *composite*: what is shown of the result; full inside the selection and always inside the denoise mask, so that the
  rim of a patch consists of pixels the model has already led back to the original;
- *fill*: where the old pixels are forgotten before the first step.

Numpy and cv2 only; masks are float32 in 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.contract.request import Pixels

FloatMask = NDArray[np.float32]
_FULL = 250
"""Coverage that counts as wholly selected."""
_FEATHER_SHARE, _FEATHER_LEAST, _FEATHER_MOST = 0.12, 20.0, 384.0
"""The soft rim as a part of the selection's diagonal, and its bounds in canvas pixels, at full strength."""
_BLEND_MOST = 25
"""Widest soft rim of what is shown, canvas pixels."""


@dataclass(frozen=True)
class Rim:
    """How far a patch reaches beyond its selection, canvas pixels."""

    grow: int
    """Wholly denoised so far around the selection."""
    feather: int
    """Width of the soft part behind that; 0 with `grow` 0 = everything follows the selection exactly."""
    blend: int
    """Widest soft rim of the composite mask; at most grow + feather."""

    @property
    def reach(self) -> int:
        """How far the denoised area reaches past the selection."""
        return self.grow + self.feather


def rim_for(diagonal: float, strength: float) -> Rim:
    """The rim that suits a selection whose bounding box has this diagonal (canvas pixels), at this strength (0..1).

    An eighth of the diagonal within bounds, less the weaker the repaint is: what hardly changes needs little room to
    be led back. Measured: narrower rims show, wider ones only take more of what was not selected.
    """
    least = min(_FEATHER_LEAST, 8.0 + 0.25 * max(diagonal, 0.0))
    feather = round(min(max(_FEATHER_SHARE * diagonal, least), _FEATHER_MOST) * min(max(strength, 0.0), 1.0))
    grow = 4 + feather // 3
    return Rim(grow=grow, feather=feather, blend=min(_BLEND_MOST, grow + feather // 2))


@dataclass(frozen=True, eq=False)
class Masks:
    """The three masks of one selection, (height, width) float32 in 0..1, canvas pixels."""

    denoise: FloatMask
    fill: FloatMask
    composite: FloatMask


def make_masks(selection: Pixels, rim: Rim) -> Masks:
    """The three masks of `selection` (height, width uint8).

    With a reach of 0 all three follow the selection exactly.
    """
    soft = selection.astype(np.float32) / 255.0
    if rim.reach == 0:
        return Masks(denoise=soft, fill=(soft > 0).astype(np.float32), composite=soft)
    grow, feather, reach = rim.grow, rim.feather, float(rim.reach)
    distance = _distance_from(selection >= _FULL)
    if feather == 0:
        core = np.maximum((distance <= grow).astype(np.float32), soft)
        return Masks(denoise=core, fill=_fill_mask(distance, soft, grow), composite=core)
    blend = min(float(rim.blend), reach)
    denoise = np.maximum(_ramp(distance, grow, reach), soft)
    composite = np.maximum(_smooth(_ramp(distance, reach - blend, reach)), np.minimum(soft * 2.0, 1.0))
    return Masks(denoise=denoise, fill=_fill_mask(distance, soft, grow), composite=composite)


def _distance_from(full: NDArray[np.bool_]) -> FloatMask:
    """Distance in pixels to the nearest true pixel; 0 on it, infinity when there is none."""
    if not full.any():
        return np.full(full.shape, np.inf, np.float32)
    if full.all():
        return np.zeros(full.shape, np.float32)
    return cv2.distanceTransform((~full).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)  # type: ignore[return-value]


def _fill_mask(distance: FloatMask, soft: FloatMask, grow: int) -> FloatMask:
    """Everything selected at all: the soft pixels around an object hold some of it, and the rim is led back anyway."""
    return ((distance <= grow) | (soft > 0)).astype(np.float32)


def _ramp(distance: FloatMask, start: float, end: float) -> FloatMask:
    """1 up to `start` pixels away, 0 from `end` on."""
    return np.clip((end - distance) / max(end - start, 1e-6), 0.0, 1.0).astype(np.float32)


def _smooth(value: FloatMask) -> FloatMask:
    return (value * value * (3.0 - 2.0 * value)).astype(np.float32)
