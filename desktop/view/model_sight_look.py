"""What the overlay of the model's sight shows: which layers, in which colours, and where its grips stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from canvas.geometry import Bounds
from canvas.pixels import from_rgba
from desktop.generation.foresight import Sight
from pipelines.planning.masks import FloatMask

MASK_STRENGTH, WHOLE_STRENGTH = 0.45, 0.16
"""How much of the mask's colour lies over a wholly denoised pixel; less where all of it is."""
MOST_POINTS = 3000
"""Of the lines around one mask in all; more are left out evenly."""
FINE_LINES, FINE_SIDE = 4, 2048
"""Masks are enlarged so many times, to that many pixels at most, before lines are drawn around them."""


class SightLayer(StrEnum):
    """What can be switched on and off."""

    CROP = "crop"
    FILL = "fill"
    MASK = "mask"
    RIM = "rim"


COLOURS = {
    SightLayer.CROP: QColor(250, 250, 250),
    SightLayer.FILL: QColor(46, 178, 160),
    SightLayer.MASK: QColor(146, 104, 255),
    SightLayer.RIM: QColor(255, 176, 32),
}
ALL = frozenset(SightLayer)


class RimPart(StrEnum):
    """The three numbers of a rim."""

    GROW = "grow"
    FEATHER = "feather"
    BLEND = "blend"


Lines = tuple[NDArray[np.float64], ...]
"""Each (points, 2) of x and y in canvas pixels; where one is closed its last point is its first."""


@dataclass(frozen=True)
class Ray:
    """A straight way out of the selection along which one number of the rim is measured."""

    start: tuple[float, float]
    """On the selection's edge, canvas pixels."""
    direction: tuple[float, float]
    """Of length 1."""

    def at(self, distance: float) -> tuple[float, float]:
        """The point so many canvas pixels from the edge."""
        return self.start[0] + distance * self.direction[0], self.start[1] + distance * self.direction[1]

    def distance(self, x: float, y: float) -> float:
        """How far out a canvas point is, measured along the ray; negative inside."""
        return (x - self.start[0]) * self.direction[0] + (y - self.start[1]) * self.direction[1]


Rays = dict[RimPart, Ray]


def sight_image(sight: Sight, layers: frozenset[SightLayer]) -> QImage:
    """What stands there before the first step, under the mask's colour: premultiplied. Any thread."""
    height, width = sight.masks.denoise.shape
    rgb: NDArray[np.floating] = np.zeros((height, width, 3), np.float32)
    alpha: NDArray[np.floating] = np.zeros((height, width, 1), np.float32)
    if SightLayer.FILL in layers:
        alpha = sight.fresh[..., None]
        rgb = sight.filled.astype(np.float32) * alpha
    if SightLayer.MASK in layers:
        strength = MASK_STRENGTH if (sight.selected < 255).any() else WHOLE_STRENGTH
        over = (sight.masks.denoise * strength)[..., None]
        tint = COLOURS[SightLayer.MASK]
        colour = np.array((tint.red(), tint.green(), tint.blue()), np.float32)
        rgb, alpha = colour * over + rgb * (1.0 - over), over + alpha * (1.0 - over)
    straight = rgb / np.maximum(alpha, 1e-6)
    return from_rgba(np.rint(np.dstack([straight, alpha * 255.0])).clip(0, 255).astype(np.uint8))


def outlines(mask: FloatMask, bounds: Bounds) -> Lines:
    """Where a mask (0..1) that covers `bounds` is a half."""
    fine = max(1, min(FINE_LINES, FINE_SIDE // max(mask.shape)))
    # A margin, so that what touches the region's edge has a line there too.
    padded = np.pad(mask, 1)
    if fine > 1:  # lines between the pixels, not along their sides
        height, width = padded.shape
        padded = cv2.resize(padded, (width * fine, height * fine), interpolation=cv2.INTER_LINEAR)
    scale = bounds.width / (mask.shape[1] * fine)
    found, _ = cv2.findContours((padded >= 0.5).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    smooth = [cv2.approxPolyDP(line, 0.75, closed=True)[:, 0, :] for line in found]
    points = sum(len(line) for line in smooth)
    step = max(1, -(-points // MOST_POINTS))
    lines: list[NDArray[np.float64]] = []
    for line in smooth:
        kept = line[::step]
        if len(kept) > 2:
            places = (kept.astype(np.float64) + 0.5 - fine) * scale + (bounds.x, bounds.y)
            lines.extend(_inside(np.vstack([places, places[:1]]), bounds, 1.5 * scale * step))
    return tuple(lines)


def _inside(line: NDArray[np.float64], bounds: Bounds, reach: float) -> Iterator[NDArray[np.float64]]:
    """The parts of a line that do not run along the edges of the region: there nothing ends but what is looked at."""
    sides = ((0, bounds.x), (0, bounds.right), (1, bounds.y), (1, bounds.bottom))
    near = np.stack([np.abs(line[:, axis] - place) <= reach for axis, place in sides])
    along: NDArray[np.bool_] = np.any(near[:, :-1] & near[:, 1:], axis=0)  # of each piece between two points
    starts = np.flatnonzero(~along & np.r_[True, along[:-1]])
    ends = np.flatnonzero(~along & np.r_[along[1:], True])
    for start, end in zip(starts, ends, strict=True):
        yield line[start : end + 2]


def rays_of(mask: NDArray[np.uint8], bounds: Bounds) -> tuple[Rays, ...]:
    """Ways out of what a mask (uint8, covering `bounds`) selects, three for each side that has an outside.

    Along each the distance to the selection is the distance along the ray: it starts at the selection's farthest point
    in its direction. Where the selection reaches the region's edges, as an outpainted side does, rays go straight
    from its inner edge into what is kept.
    """
    inside = mask >= 250
    if not inside.any() or inside.all():
        return ()
    scale = bounds.width / mask.shape[1]
    rows, columns = np.nonzero(inside & ~_eroded(inside))
    alone = not any(edge.any() for edge in (inside[:, -1], inside[:, 0], inside[-1], inside[0]))
    found: list[Rays] = []
    for side in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        if alone:
            found.append(_outer_rays(columns, rows, side, (bounds, scale)))
        else:
            found.append(_inner_rays(inside, side, (bounds, scale)))
    return tuple(rays for rays in found if rays)


def _eroded(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    kernel = np.ones((3, 3), np.uint8)
    return cv2.erode(inside.astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0


Frame = tuple[Bounds, float]


def _outer_rays(columns: NDArray[np.intp], rows: NDArray[np.intp], side: tuple[int, int], frame: Frame) -> Rays:
    """From the farthest points in three directions, fanned out around a side."""
    rays: Rays = {}
    for part, turn in ((RimPart.GROW, -0.6), (RimPart.FEATHER, 0.0), (RimPart.BLEND, 0.6)):
        cosine, sine = float(np.cos(turn)), float(np.sin(turn))
        across, down = side[0] * cosine - side[1] * sine, side[0] * sine + side[1] * cosine
        far = columns * across + rows * down
        best = np.flatnonzero(far >= far.max() - 0.5)
        place = best[len(best) // 2]
        # The far corner of the pixel in this direction.
        x = columns[place] + 0.5 + 0.5 * np.sign(round(across, 3))
        y = rows[place] + 0.5 + 0.5 * np.sign(round(down, 3))
        rays[part] = Ray(_on_canvas(float(x), float(y), frame), (across, down))
    return rays


def _inner_rays(inside: NDArray[np.bool_], side: tuple[int, int], frame: Frame) -> Rays:
    """Straight from the edge between selected and kept into the kept part; none where there is no such edge."""
    across, down = side
    kept = np.roll(~inside, (-down, -across), (0, 1))
    if across:
        kept[:, -1 if across > 0 else 0] = False
    else:
        kept[-1 if down > 0 else 0] = False
    rows, columns = np.nonzero(inside & kept)
    if rows.size < 3:
        return {}
    order = np.argsort(rows if across else columns)
    rays: Rays = {}
    for part, share in ((RimPart.GROW, 0.3), (RimPart.FEATHER, 0.5), (RimPart.BLEND, 0.7)):
        place = order[int(share * (len(order) - 1))]
        x, y = columns[place] + 0.5 + 0.5 * across, rows[place] + 0.5 + 0.5 * down
        rays[part] = Ray(_on_canvas(float(x), float(y), frame), (float(across), float(down)))
    return rays


def _on_canvas(x: float, y: float, frame: Frame) -> tuple[float, float]:
    bounds, scale = frame
    return float(bounds.x + x * scale), float(bounds.y + y * scale)
