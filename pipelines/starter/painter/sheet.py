"""What is painted on: float sheets that blend colour by coverage, and small finely drawn patches laid on them."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.starter.painter.exposure import Exposure
from pipelines.starter.painter.palette import Colour
from pipelines.starter.painter.textures import FloatMap, cut_texture, smooth_step

Point = tuple[float, float]
"""x, y in pixels, y downwards."""
_SUBPIXEL = 4


class Sheet:
    """One layer of paint: premultiplied colour (H, W, 3), 0..255, and coverage (H, W), 0..1; opaque ones have none."""

    def __init__(self, height: int, width: int, opaque: bool, exposure: Exposure) -> None:
        self.rgb = np.zeros((height, width, 3), np.float32)
        self.alpha: FloatMap | None = None if opaque else np.zeros((height, width), np.float32)
        self.exposure = exposure

    def blend(self, left: int, top: int, colour: Colour | NDArray[np.floating[Any]], cover: FloatMap) -> None:
        """Lay `colour`, (3,) or (h, w, 3), over the sheet with coverage (h, w); parts outside the sheet are dropped."""
        height, width = cover.shape
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(self.rgb.shape[1], left + width), min(self.rgb.shape[0], top + height)
        if x1 <= x0 or y1 <= y0:
            return
        inside = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
        part = cover[inside]
        self.exposure.cover(slice(y0, y1), slice(x0, x1), part)
        view = self.rgb[y0:y1, x0:x1]
        source = colour if colour.ndim == 1 else colour[inside]
        view += (source - view) * part[..., None]
        if self.alpha is not None:
            seen = self.alpha[y0:y1, x0:x1]
            seen += (1 - seen) * part

    def rgba(self) -> NDArray[np.uint8]:
        """Return the sheet as straight (not premultiplied) RGBA, uint8 (H, W, 4)."""
        out = np.empty((*self.rgb.shape[:2], 4), np.uint8)
        if self.alpha is None:
            out[..., :3] = np.clip(self.rgb + 0.5, 0, 255)
            out[..., 3] = 255
        else:
            alpha = np.maximum(self.alpha, 1e-4)[..., None]
            out[..., :3] = np.clip(self.rgb / alpha + 0.5, 0, 255)
            out[..., 3] = np.clip(self.alpha * 255 + 0.5, 0, 255)
        return out


def mix_paints(shares: Sequence[FloatMap], colours: Sequence[Colour]) -> NDArray[np.floating[Any]]:
    """Return the sum of `colours`, each times its share (h, w), as (h, w, 3); at most four paints."""
    weights = cv2.merge([np.ascontiguousarray(share, np.float32) for share in shares])
    return np.asarray(cv2.transform(weights, np.stack(colours, 1)), np.float32)


class Patch:
    """A small drawing in its own pixels, made of inked shapes that are drawn three times as large and averaged."""

    def __init__(self, width: float, height: float, unit: float) -> None:
        self.width, self.height = max(2, math.ceil(width)), max(2, math.ceil(height))
        self.unit = unit
        """One pixel of a 256-pixel-high scroll, in pixels of this one: hairlines keep their look at every size."""
        self.fine = 3 if unit < 1.6 else 2
        self.coats: list[tuple[FloatMap, Colour]] = []
        self._mask = self._blank()

    def _blank(self) -> NDArray[np.uint8]:
        return np.zeros((self.height * self.fine, self.width * self.fine), np.uint8)

    def _fixed(self, points: Sequence[Point]) -> NDArray[np.int32]:
        size = self.fine << _SUBPIXEL
        return np.array([(int(x * size), int(y * size)) for x, y in points], np.int32)

    def line(self, points: Sequence[Point], thickness: float, value: int = 255) -> None:
        """Draw an open line of `thickness` pixels."""
        pen = max(1, round(thickness * self.fine))
        cv2.polylines(self._mask, [self._fixed(points)], False, value, pen, cv2.LINE_AA, _SUBPIXEL)

    def hair(self, points: Sequence[Point], value: int = 210) -> None:
        """Draw the thinnest line of the brush."""
        self.line(points, 0.5 * self.unit, value)

    def polygon(self, points: Sequence[Point], value: int = 255) -> None:
        """Fill a polygon."""
        cv2.fillPoly(self._mask, [self._fixed(points)], value, cv2.LINE_AA, _SUBPIXEL)

    def ellipse(self, centre: Point, radii: Point, value: int = 255, angle: float = 0.0) -> None:
        """Fill an ellipse, turned by `angle` degrees."""
        size = self.fine << _SUBPIXEL
        middle = (int(centre[0] * size), int(centre[1] * size))
        axes = (max(1, int(radii[0] * size)), max(1, int(radii[1] * size)))
        cv2.ellipse(self._mask, middle, axes, angle, 0, 360, value, -1, cv2.LINE_AA, _SUBPIXEL)

    def dot(self, centre: Point, radius: float, value: int = 255) -> None:
        """Fill a circle."""
        self.ellipse(centre, (radius, radius), value)

    def ink(self, colour: Colour, cover: float = 1.0, blur: float = 0.0) -> None:
        """Turn what was drawn since the last coat into a coat of `colour`; `blur` in pixels lets it bleed."""
        self._lay(colour, cover, blur, None)

    def dry_ink(self, colour: Colour, cover: float, dryness: float, rng: random.Random) -> None:
        """Like `ink`, with the broken cover of a dry brush (`dryness` 0..1)."""
        grain = smooth_step(0.42, 0.62, cut_texture(rng, "brush", self.height, self.width, self.unit))
        self._lay(colour, cover, 0.0, 1 - dryness * grain)

    def _lay(self, colour: Colour, cover: float, blur: float, grain: FloatMap | None) -> None:
        mask = self._mask
        if blur:
            mask = cv2.GaussianBlur(mask, (0, 0), blur * self.fine)
        small = cv2.resize(mask, (self.width, self.height), interpolation=cv2.INTER_AREA)
        layer = small.astype(np.float32) * np.float32(cover / 255)
        self.coats.append((layer if grain is None else layer * grain, colour))
        self._mask = self._blank()

    def lay_on(self, sheet: Sheet, left: int, top: int, hidden: FloatMap | None = None) -> None:
        """Lay all coats on `sheet`; `hidden` (H, W of the sheet) is how much nearer land covers the drawing, 0..1."""
        for cover, colour in self.coats:
            sheet.blend(left, top, colour, cover if hidden is None else self._uncovered(cover, left, top, hidden))

    def _uncovered(self, cover: FloatMap, left: int, top: int, hidden: FloatMap) -> FloatMap:
        height, width = hidden.shape
        x0, y0, x1, y1 = max(0, left), max(0, top), min(width, left + self.width), min(height, top + self.height)
        if x1 <= x0 or y1 <= y0:
            return cover
        shown = cover.copy()
        shown[y0 - top : y1 - top, x0 - left : x1 - left] *= 1 - hidden[y0:y1, x0:x1]
        return shown
