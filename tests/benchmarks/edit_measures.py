"""How well a patch joins its surroundings, in figures: pure functions of pictures, shared by tests and benchmark.

Pictures are (h, w, 3) uint8 RGB; `inside` is (h, w) bool: where the patch is more than half shown. `painted` limits
what is looked at.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Area = NDArray[np.bool_]
BAND = 8
"""Distance of the lines beside the rim and width of the bands along it, pixels."""


class Step(NamedTuple):
    """Colour steps across a rim, mean CIEDE2000 along it between the bands on both sides."""

    result: float
    """In the result."""
    original: float
    """In the picture before: what was there without any patch."""
    added: float
    """Between the inner band and the colour it would have if the step to the outer band were the original's: what the
    patch has changed. 0 for an untouched picture, whatever edges it has."""


def keep_out(result: Picture, original: Picture, untouched: Area) -> int:
    """Largest change of any channel where `untouched`."""
    change = np.abs(result.astype(np.int16) - original)[untouched]
    return int(change.max()) if change.size else 0


def seam(result: Picture, inside: Area, painted: Area | None = None) -> float:
    """Gradient energy on the rim over that of the parallel lines BAND px inside and outside; 1 = no rim to be seen.

    NaN where there is no rim.
    """
    grey = cv2.cvtColor(result, cv2.COLOR_RGB2GRAY).astype(np.float32)
    energy = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    signed = signed_distance(inside)
    allowed = np.ones_like(inside) if painted is None else painted

    def along(distance: float) -> NDArray[np.float32]:
        return energy[(np.abs(signed - distance) <= 1.5) & allowed]

    beside = np.concatenate([along(BAND), along(-BAND)])
    if not along(0).size or not beside.size:
        return float("nan")
    return float((along(0).mean() + 1.0) / (beside.mean() + 1.0))


def colour_step(result: Picture, original: Picture, inside: Area, painted: Area | None = None) -> Step:
    """The steps between local means of the BAND px wide bands inside and outside the rim. NaNs where there is none."""
    allowed = np.ones_like(inside) if painted is None else painted
    signed = signed_distance(inside)
    rim = (np.abs(signed) <= 1.0) & allowed
    within, without = (signed > 0) & (signed <= BAND) & allowed, (signed < 0) & (signed >= -BAND) & allowed
    if not rim.any() or not within.any() or not without.any():
        return Step(*[float("nan")] * 3)
    means = [_local_mean(lab(picture), band)[rim] for picture in (result, original) for band in (within, without)]
    inner, outer, old_inner, old_outer = means
    return Step(
        float(delta_e(inner, outer).mean()),
        float(delta_e(old_inner, old_outer).mean()),
        float(delta_e(inner, outer + old_inner - old_outer).mean()),
    )


def signed_distance(inside: Area) -> NDArray[np.float32]:
    """Pixels to the rim, positive inside."""
    deep = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 5)
    far = cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, 5)
    return (deep - far - np.where(inside, 0.5, -0.5)).astype(np.float32)


def lab(picture: Picture) -> NDArray[np.float32]:
    """CIELAB (D65), L 0..100."""
    return cv2.cvtColor(picture.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)  # type: ignore[return-value]


def _local_mean(values: NDArray[np.float32], band: Area) -> NDArray[np.float32]:
    """Mean over what of `band` is near each pixel."""
    weight = band.astype(np.float32)
    total = cv2.GaussianBlur(values * weight[..., None], (0, 0), float(BAND))
    return np.asarray(total / np.maximum(cv2.GaussianBlur(weight, (0, 0), float(BAND)), 1e-6)[..., None], np.float32)


def delta_e(one: NDArray[np.floating], other: NDArray[np.floating]) -> NDArray[np.float64]:
    """CIEDE2000 of (..., 3) CIELAB colours. After Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula"
    (2005), whose names it keeps."""
    (l1, a1, b1), (l2, a2, b2) = (np.moveaxis(np.asarray(x, np.float64), -1, 0) for x in (one, other))
    c_bar = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(c_bar**7 / (c_bar**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    apart = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    d_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(apart / 2))
    h_bar = np.where(grey, h1 + h2, (h1 + apart / 2) % 360)
    l_bar, c_bar = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * np.cos(np.radians(h_bar - 30)) + 0.24 * np.cos(np.radians(2 * h_bar))
    t += 0.32 * np.cos(np.radians(3 * h_bar + 6)) - 0.20 * np.cos(np.radians(4 * h_bar - 63))
    s_l = 1 + 0.015 * (l_bar - 50) ** 2 / np.sqrt(20 + (l_bar - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_bar, 1 + 0.015 * c_bar * t
    turn = np.radians(60 * np.exp(-(((h_bar - 275) / 25) ** 2)))
    r_t = -2 * np.sqrt(c_bar**7 / (c_bar**7 + 25.0**7)) * np.sin(turn)
    x, y, z = (l2 - l1) / s_l, (c2 - c1) / s_c, d_h / s_h
    return np.sqrt(np.maximum(x**2 + y**2 + z**2 + r_t * y * z, 0.0))
