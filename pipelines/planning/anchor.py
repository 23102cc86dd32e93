"""Keeping the colours of a long painting where they began: a window is led back to the tone of its anchor, softly.

What a model adds to what is known differs a little in tone, and the next window continues that: over many windows the
little adds up. The colours are matched where old and new overlap, but that knows only the window before. Here the mean
of what is new is compared with an anchor far back, and a part of the difference is taken out again. The correction
grows from nothing where the new pixels join on, so that it makes no edge.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.contract.request import Pixels

Tone = NDArray[np.float32]
"""Mean CIELAB of many pixels: L 0..100, a, b."""
LEAST_PAINTED = 0.4
"""A place of which less is painted is no anchor."""
LEAST_NEW = 256
"""Fewer new pixels have no tone of their own."""
FREE = 1.0
"""Differences of tone up to this, in CIELAB units, are the picture's own business."""
PULL = np.array([0.7, 0.9, 0.9], np.float32)
"""How much of the rest is taken out, in L, a and b: lightness belongs to what is painted more than tint does."""
MOST = np.array([8.0, 6.0, 6.0], np.float32)
"""The most that is taken out of one window."""
REACH = 0.35
"""The correction is whole so far from what is known, as a part of the window's side."""


def tone_of(rgba: Pixels) -> Tone | None:
    """The tone of what is painted of a place, (h, w, 4); None where too little is."""
    painted = rgba[..., 3] == 255
    if painted.mean() < LEAST_PAINTED:
        return None
    return _lab(rgba)[painted].mean(axis=0)


def led_back(patch: Pixels, known: NDArray[np.bool_], anchor: Tone) -> Pixels:
    """A patch (h, w, 4) whose new part has come nearer to the anchor. `known`: (h, w), painted before."""
    new = ~known & (patch[..., 3] > 0)
    if int(new.sum()) < LEAST_NEW:
        return patch
    lab = _lab(patch)
    away = lab[new].mean(axis=0) - anchor
    size = float(np.linalg.norm(away))
    if size <= FREE:
        return patch
    taken = np.clip(away * (1 - FREE / size) * PULL, -MOST, MOST)
    lab -= _share(known)[..., None] * taken
    rgb = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
    found = patch.copy()
    found[..., :3] = np.rint(np.clip(rgb, 0.0, 1.0) * 255.0).astype(np.uint8)
    found[patch[..., 3] == 0] = 0
    return found


def _share(known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How much of the correction each pixel gets: 0 at what is known, 1 far from it, with no kink."""
    if not known.any():
        return np.ones(known.shape, np.float32)
    distance = cv2.distanceTransform((~known).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    part = np.clip(distance / (REACH * min(known.shape)), 0.0, 1.0).astype(np.float32)
    return part * part * (3.0 - 2.0 * part)


def _lab(picture: Pixels) -> NDArray[np.float32]:
    rgb = np.ascontiguousarray(picture[..., :3]).astype(np.float32) / 255.0
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)  # type: ignore[return-value]
