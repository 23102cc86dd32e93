"""Land: peaks painted back to front with texture strokes and misty feet, mist bands, shores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.starter.painter.scene import Scene
from pipelines.starter.painter.sheet import mix_paints
from pipelines.starter.painter.textures import FloatMap, noise_line, smooth_step, texture_bank


@dataclass(frozen=True)
class Peak:
    """One mountain of a ridge."""

    x: float
    """Middle, pixels."""
    base: float
    """y of its foot, pixels."""
    height: float
    """Pixels above the foot."""
    half_width: float
    """Pixels from the middle to the shoulder."""
    ink: float
    """Strength of the ink, 0..1; far ridges are pale."""
    far: bool
    """Far ridges have no texture strokes."""


@dataclass(frozen=True)
class Ridge:
    """The outline of a painted peak."""

    left: int
    """First column."""
    top: FloatMap
    """y per column, from `left` on."""

    def at(self, x: float) -> float:
        """Return the y of the outline at column `x`, clamped to the peak's width."""
        return float(self.top[int(min(max(x - self.left, 0), len(self.top) - 1))])


def paint_peak(scene: Scene, sheet: str, peak: Peak) -> Ridge | None:
    """Paint `peak` on the named sheet, raise the skyline and return the outline; None if it lies outside."""
    x0, x1 = int(max(0, peak.x - 2.3 * peak.half_width)), int(min(scene.width, peak.x + 2.3 * peak.half_width))
    y0 = int(max(0, peak.base - peak.height * 1.15 - 4))
    y1 = int(min(scene.height, peak.base + peak.height * 0.12 + 6))
    if x1 - x0 < 8 or y1 - y0 < 8:
        return None
    columns = np.arange(x0, x1, dtype=np.float32)
    form = _profile(scene, peak, columns)
    ridge = peak.base - peak.height * form
    rows = np.arange(y0, y1, dtype=np.float32)[:, None]
    depth = rows - ridge[None]
    share = np.maximum(depth / max(peak.height * 0.9, 1), 0)
    cloud = scene.texture("soft", y1 - y0, x1 - x0)
    foot = smooth_step(0.5, 1.0, (rows - (peak.base - peak.height)) / peak.height + (cloud - 0.5) * 0.5)
    cover = np.clip(depth + 0.5, 0, 1) * (1 - foot) * np.float32(0.85 if peak.far else 0.95)
    density = _slope_ink(scene, peak, columns, depth, share) + _first_wash(scene, share, cloud)
    density = np.clip(density * np.float32(peak.ink), 0, 0.96)
    colour = _slope_colour(scene, peak, share, cloud, density)
    scene.sheets[sheet].blend(x0, y0, colour, cover)
    scene.skyline[x0:x1] = np.minimum(scene.skyline[x0:x1], np.where(form > 0.25, ridge, scene.height))
    scene.forget_hidden(x0, y0, cover)
    return Ridge(x0, ridge)


def _profile(scene: Scene, peak: Peak, columns: FloatMap) -> FloatMap:
    """Return the height of the mountain per column, about 0..1: a dome, a crag or a long range."""
    rng = scene.rng
    skew = rng.uniform(0.72, 1.35)
    u = (columns - peak.x) / peak.half_width
    u = np.where(u < 0, u * skew, u / skew)
    kind = rng.random()
    rough = 0.10
    if kind < 0.55:
        form = np.exp(-(np.abs(u) ** rng.uniform(1.5, 2.6)) * rng.uniform(0.9, 1.3))
    elif kind < 0.8:
        form = 1 / (1 + np.abs(u * 1.15) ** rng.uniform(4, 7))
        rough = 0.16
    else:
        form = np.zeros_like(u)
        for _ in range(4):
            centre, size = rng.uniform(-0.8, 0.8), rng.uniform(0.5, 1.0)
            form = np.maximum(form, size * np.exp(-(np.abs((u - centre) / 0.55) ** 1.7)))
        form *= np.exp(-(np.abs(u / 1.7) ** 4))
    period = max(24 * scene.unit, peak.half_width * 0.8)
    form = form + rough * noise_line(rng, len(columns), period, 5, 0.6) * np.sqrt(form)
    return form.astype(np.float32)


def _slope_colour(
    scene: Scene, peak: Peak, share: FloatMap, cloud: FloatMap, ink: FloatMap
) -> NDArray[np.floating[Any]]:
    """Return the paint of the body, (h, w, 3): upper wash flowing into the lower one, thinning towards the foot."""
    palette = scene.palette
    if palette.slopes is None:
        return mix_paints((1 - ink, ink), (palette.body, palette.ink))
    turn = smooth_step(0.1, 0.7, share)
    amount = palette.strength * (0.5 + 0.5 * peak.ink) * np.exp(-share * 0.9) * (0.75 + 0.5 * cloud)
    washed = np.clip(amount, 0, 0.92).astype(np.float32) * (1 - ink)
    lower = washed * turn
    return mix_paints((1 - ink - washed, washed - lower, lower, ink), (palette.body, *palette.slopes, palette.ink))


def _first_wash(scene: Scene, share: FloatMap, cloud: FloatMap) -> FloatMap:
    snow = scene.palette.mood == "snow"
    coloured = scene.palette.slopes is not None
    return np.float32(0.12 if snow else 0.28 if coloured else 0.42) * np.exp(-share * 2.2) * (0.55 + 0.9 * cloud)


def _slope_ink(scene: Scene, peak: Peak, columns: FloatMap, depth: FloatMap, share: FloatMap) -> FloatMap:
    """Return the ink of contour and texture strokes that fall down both sides of the mountain."""
    rng, unit = scene.rng, scene.unit
    height, width = depth.shape
    grain = scene.texture("brush", height, width)
    pen = (1.3 + 1.6 * peak.ink) * unit
    contour = np.exp(-((np.maximum(depth - 0.8, 0) / pen) ** 2)) * (0.35 + 0.75 * smooth_step(0.3, 0.6, grain))
    if peak.far:
        return contour * np.float32(0.35)
    bank = texture_bank()["brush"][rng.randrange(2)]
    side = (columns - peak.x)[None]
    along = (side * 0.9 - np.sign(side) * 0.55 * depth) / unit
    fall, start = rng.uniform(0.26, 0.42), rng.randrange(900)
    down = (np.abs(depth * (fall / unit) + rng.randrange(100))).astype(np.int32) % bank.shape[0]
    across = (np.abs(along) + start).astype(np.int32) % bank.shape[1]
    strokes = smooth_step(0.54, 0.74, bank[down, across])
    strokes = strokes * np.exp(-share * 1.6) * smooth_step(0, 5 * unit, depth)
    ink = contour * np.float32(0.75) + strokes * np.float32(0.75)
    return ink + _moss(scene, peak, depth) if peak.ink > 0.6 else ink


def _moss(scene: Scene, peak: Peak, depth: FloatMap) -> FloatMap:
    """Return small dots of thick ink along the contour and on the slope."""
    rng = scene.rng
    height, width = depth.shape
    dots = np.zeros((height, width), np.uint8)
    top = np.argmax(depth > 0, axis=0)
    for _ in range(int(width / scene.unit * 0.35)):
        x = rng.randrange(width)
        y = float(top[x]) + abs(rng.gauss(0, 0.16)) * peak.height + rng.uniform(-1, 1)
        radius = rng.uniform(0.4, 1.15) * scene.unit
        cv2.circle(dots, (x * 16, int(y * 16)), int(radius * 16), rng.randrange(90, 230), -1, cv2.LINE_AA, 4)
    return dots.astype(np.float32) * np.float32(0.9 / 255)


def paint_mist(scene: Scene, sheet: str, middle: float, half_height: float, strength: float) -> None:
    """Lay a torn band of mist across the whole sheet; `middle` and `half_height` in pixels."""
    y0, y1 = int(max(0, middle - half_height * 2)), int(min(scene.height, middle + half_height * 2))
    if y1 - y0 < 2:
        return
    rows = np.arange(y0, y1, dtype=np.float32)[:, None]
    cloud = scene.texture("soft", y1 - y0, scene.width)
    shape = np.exp(-(((rows - middle - (cloud - 0.5) * half_height * 2) / half_height) ** 2))
    cover = shape * smooth_step(0.25, 0.6, cloud) * np.float32(min(1.0, strength))
    scene.sheets[sheet].blend(0, y0, scene.palette.mist, cover)


def paint_bank(scene: Scene, top: FloatMap, ink: float, thickness: float, lower: float | None = None) -> FloatMap:
    """Paint low land below the edge `top` (y per column; the height or more where there is none) on the near sheet.

    `lower` is where it sinks into the water again. Returns its coverage (H, W), 0..1.
    """
    cover = np.zeros((scene.height, scene.width), np.float32)
    y0 = int(max(0, float(top.min()) - 2))
    if y0 >= scene.height:
        return cover
    palette, unit = scene.palette, scene.unit
    rows = np.arange(y0, scene.height, dtype=np.float32)[:, None]
    depth = np.maximum(rows - top[None], -2)
    size = (scene.height - y0, scene.width)
    cloud, grain = scene.texture("soft", *size), scene.texture("brush", *size)
    inside = np.clip(depth + 0.5, 0, 1)
    if lower is not None:
        inside = inside * (1 - smooth_step(lower + unit, lower + 7 * unit, rows + (cloud - 0.5) * 6 * unit))
    below = np.maximum(depth, 0)
    edge = np.exp(-((np.maximum(depth - 1, 0) / (2.0 * unit)) ** 2)) * (0.3 + 0.8 * smooth_step(0.35, 0.6, grain))
    wash = (0.16 if palette.mood == "snow" else 0.4) * (0.3 + 0.7 * cloud) * np.exp(-below / (16 * thickness * unit))
    rough = 0.35 * smooth_step(0.56, 0.74, grain) * np.exp(-below / (26 * thickness * unit))
    density = np.clip((edge * 0.8 + wash + rough) * ink, 0, 0.95).astype(np.float32)
    washed = np.zeros(size, np.float32)
    middle = palette.body
    if palette.slopes is not None:
        middle = palette.slopes[1] * 0.6 + palette.slopes[0] * 0.4
        amount = palette.strength * 0.95 * (0.35 + 0.6 * cloud) * np.exp(-below / (44 * unit))
        washed = np.clip(amount, 0, 0.9).astype(np.float32) * (1 - density)
    colour = mix_paints((1 - density - washed, washed, density), (palette.body, middle, palette.ink))
    scene.sheets["near"].blend(0, y0, colour, inside)
    cover[y0:] = inside
    return cover
