"""Flood fill: which pixels of a picture belong to the area around one pixel.

Pure functions on arrays; they let go of the interpreter for nearly all of their time and may run in any thread.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.errors import CanvasError
from canvas.wand import alike, antialiased, connected

Mask = NDArray[np.uint8]
CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
SQUARE = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))


@dataclass(frozen=True)
class FloodSettings:
    """How far a flood goes."""

    tolerance: int = 32
    """0..255: the most that any channel of a pixel may differ from the first one."""
    contiguous: bool = True
    """Only what hangs together with the first pixel; otherwise every similar pixel of the picture."""
    gap: int = 0
    """Holes in an outline up to so many pixels wide count as closed (0: none)."""
    grow: int = 0
    """Pixels by which the area is made larger afterwards, smaller when negative."""
    soft: bool = True
    """Whether the edge is smoothed over about a pixel to either side."""


def flood(
    picture: NDArray[np.uint8], seed: tuple[int, int], settings: FloodSettings, inside: Mask | None = None
) -> Mask:
    """(h, w) coverage 0..255 of the area around `seed` (x, y) of an (h, w, 4) picture, grown and smoothed.

    See `flood_mask`.
    """
    mask = flood_mask(picture, seed, settings.tolerance, settings.contiguous, settings.gap, inside)
    if settings.grow:
        mask = grown_mask(mask, settings.grow)
    if settings.soft:
        mask = antialiased(mask)
    return mask


def flood_mask(
    picture: NDArray[np.uint8],
    seed: tuple[int, int],
    tolerance: int,
    contiguous: bool = True,
    gap: int = 0,
    inside: Mask | None = None,
) -> Mask:
    """(h, w) of 255 where pixels are like the one at `seed` (x, y), else 0.

    `picture` is (h, w, 4) of any channel order; compare premultiplied pixels, so that all empty ones are alike.
    `tolerance` 0..255 holds for each channel by itself. With a gap (pixels), holes in an outline up to that
    width are closed; see `close_gaps`. Where `inside` (h, w) is 0 the flood does not come.
    CanvasError for a seed outside the picture.
    """
    height, width = picture.shape[:2]
    x, y = seed
    if not (0 <= x < width and 0 <= y < height):
        raise CanvasError(f"The point {x}, {y} lies outside the picture of {width} x {height} pixels.")
    red, green, blue, alpha = (int(part) for part in picture[y, x])
    region = alike(picture, (red, green, blue, alpha), tolerance)
    if inside is not None:
        region[inside == 0] = 0
    if not contiguous:
        return region
    return close_gaps(region, seed, gap) if gap > 0 else connected(region, seed)


def close_gaps(region: Mask, seed: tuple[int, int], gap: int) -> Mask:
    """The area around the seed when holes up to `gap` pixels wide in its outline count as closed.

    The outline (everything outside `region`) is thickened by half the gap, which closes the holes; the flood
    then runs over what is left. From there it grows back over the true region, and so do all areas that it did
    not reach: all by one pixel at a time, so that they meet in the middle of each hole, and the corners that the
    thick outline had cut off are filled again.
    """
    reached = connected(region, seed)  # no more than this can be filled, so nothing else is looked at
    left, top, width, height = cv2.boundingRect(reached)
    if not width:
        return reached
    part = np.s_[top : top + height, left : left + width]
    reached[part] = _closed(np.ascontiguousarray(reached[part]), (seed[0] - left, seed[1] - top), (gap + 1) // 2)
    return reached


def _closed(region: Mask, seed: tuple[int, int], radius: int) -> Mask:
    """`close_gaps` on a picture that is no larger than need be."""
    room = cv2.distanceTransform(region, cv2.DIST_L2, cv2.DIST_MASK_5).astype(np.float32, copy=False)
    open_sea = (room > radius).view(np.uint8) * np.uint8(255)
    start = _nearest(open_sea, room, region, seed)
    if start is None:
        return region  # too narrow everywhere for holes to matter
    mine = connected(open_sea, start)
    others = cv2.subtract(open_sea, mine)
    return _grow_back(region, mine, others.astype(np.uint8, copy=False), 2 * radius + 2)


def _nearest(sea: Mask, room: NDArray[np.floating], region: Mask, seed: tuple[int, int]) -> tuple[int, int] | None:
    """The pixel of the sea that is reached from the seed by always walking away from the outline."""
    x, y = seed
    if not region[y, x]:
        return None
    height, width = region.shape
    while not sea[y, x]:
        left, top = max(x - 1, 0), max(y - 1, 0)
        near = room[top : min(y + 2, height), left : min(x + 2, width)]
        down, along = np.unravel_index(int(np.argmax(near)), near.shape)
        higher = (left + int(along), top + int(down))
        if room[higher[1], higher[0]] <= room[y, x]:
            return None
        x, y = higher
    return x, y


def _grow_back(region: Mask, mine: Mask, others: Mask, steps: int) -> Mask:
    x, y, width, height = cv2.boundingRect(mine)
    top, left = max(y - steps - 1, 0), max(x - steps - 1, 0)
    part = np.s_[top : y + height + steps + 1, left : x + width + steps + 1]
    land, own, rest = np.ascontiguousarray(region[part]), mine[part].copy(), others[part].copy()
    for step in range(steps):
        shape = CROSS if step % 2 == 0 else SQUARE  # in turns: nearly a circle
        wider, rest_wider = cv2.dilate(own, shape), cv2.dilate(rest, shape)
        cv2.bitwise_and(wider, land, wider)
        cv2.bitwise_and(rest_wider, land, rest_wider)
        cv2.subtract(wider, rest, wider)
        cv2.subtract(rest_wider, wider, rest_wider)
        own, rest = wider.astype(np.uint8, copy=False), rest_wider.astype(np.uint8, copy=False)
    out = np.zeros_like(region)
    out[part] = own
    return out


def grown_mask(mask: Mask, pixels: int) -> Mask:
    """A mask (0 or 255) made larger all around, round at corners; smaller when negative. The size stays."""
    left, top, width, height = cv2.boundingRect(mask)
    if not pixels or not width:
        return mask
    margin = max(pixels, 0) + 2
    rows = slice(max(top - margin, 0), top + height + margin)
    columns = slice(max(left - margin, 0), left + width + margin)
    out = np.zeros_like(mask)
    out[rows, columns] = _grown(np.ascontiguousarray(mask[rows, columns]), pixels)
    return out


def _grown(mask: Mask, pixels: int) -> Mask:
    if pixels > 0:
        if mask.all():
            return mask
        away = cv2.distanceTransform(cv2.bitwise_not(mask), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        return np.clip((pixels + 1 - away) * 255, 0, 255).astype(np.uint8)
    # Beyond the picture's edge there is nothing: the area shrinks from there, too.
    walled = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=[0])
    deep = cv2.distanceTransform(walled, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    return np.clip((deep + pixels) * 255, 0, 255).astype(np.uint8)


def reaches_rim(mask: Mask) -> bool:
    """Whether the area touches the edge of the picture: nothing held it back there."""
    return bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())
