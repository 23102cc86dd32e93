"""How alike two pictures of one recipe are: bit for bit, to the eye, or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

MEAN_LIMIT = 2.3
"""ΔE*ab (CIE 1976) of two colours that a person just tells apart, after Mahy, Van Eycken and Oosterlinck (1994)."""
P99_LIMIT = 10.0
"""ΔE*ab that one pixel in a hundred may exceed before the picture shows something else."""
_STRIP = 512
_BINS = 4000
_BIN = 0.1
"""Colours differ by less than 400; the p99 is exact to this."""


class Verdict(StrEnum):
    """The outcome of a reproduction."""

    IDENTICAL = "identical"
    ALIKE = "alike"
    """Not the same bits, the same picture to the eye."""
    DIFFERENT = "different"


@dataclass(frozen=True)
class Likeness:
    """What differs between two pictures where either of them paints."""

    verdict: Verdict
    mean: float = 0.0
    """Mean ΔE*ab."""
    p99: float = 0.0
    """The ΔE*ab that 99 of 100 pixels stay below."""
    largest: float = 0.0


def compare(before: NDArray[np.uint8], now: NDArray[np.uint8]) -> Likeness:
    """How alike two (h, w, 4) straight RGBA pictures are. Any thread.

    ΔE*ab (CIE 1976) over the composite mask, that is where either picture has any alpha; a difference in alpha counts
    like a difference in lightness (255 = 100). Pictures of different sizes are different.
    """
    if before.shape != now.shape:
        return Likeness(Verdict.DIFFERENT, float("inf"), float("inf"), float("inf"))
    if np.array_equal(before, now):
        return Likeness(Verdict.IDENTICAL)
    counts, total, largest = np.zeros(_BINS, np.int64), 0.0, 0.0
    for top in range(0, before.shape[0], _STRIP):
        distances = _distances(before[top : top + _STRIP], now[top : top + _STRIP])
        if distances.size:
            total += float(distances.sum(dtype=np.float64))
            largest = max(largest, float(distances.max()))
            places = np.minimum((distances / _BIN).astype(np.int64), _BINS - 1)
            counts += np.bincount(places, minlength=_BINS)
    number = int(counts.sum())
    if number == 0:
        return Likeness(Verdict.ALIKE)  # they differ only where neither paints
    mean = total / number
    p99 = float(np.searchsorted(np.cumsum(counts), 0.99 * number) + 1) * _BIN
    verdict = Verdict.ALIKE if mean <= MEAN_LIMIT and p99 <= P99_LIMIT else Verdict.DIFFERENT
    return Likeness(verdict, mean, min(p99, largest), largest)


def worst(likenesses: Sequence[Likeness]) -> Likeness:
    """The one that decides about a whole batch: the least alike."""
    order = tuple(Verdict)
    return max(likenesses, key=lambda one: (order.index(one.verdict), one.mean))


def _distances(before: NDArray[np.uint8], now: NDArray[np.uint8]) -> NDArray[np.float32]:
    """ΔE*ab of every pixel that either picture paints, flat."""
    painted = (before[..., 3] > 0) | (now[..., 3] > 0)
    lab = [_lab(picture)[painted] for picture in (before, now)]
    alpha = [picture[..., 3][painted].astype(np.float32) * (100 / 255) for picture in (before, now)]
    squares = ((lab[0] - lab[1]) ** 2).sum(axis=1)
    return np.sqrt(squares + (alpha[0] - alpha[1]) ** 2)


def _lab(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    """CIE L*a*b* (D65) of sRGB: L 0..100."""
    rgb = np.ascontiguousarray(rgba[..., :3]).astype(np.float32) / 255.0
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab), np.float32)
