"""Water: a still surface that mirrors the ridges, the path of sun or moon on it, ripples, a waterfall."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.starter.painter.palette import as_colour, mix
from pipelines.starter.painter.scene import Drawing, Scene
from pipelines.starter.painter.sheet import Patch
from pipelines.starter.painter.textures import smooth_step


def paint_water(scene: Scene) -> None:
    """Paint the surface from the scene's water line to the lower rim on the near sheet; nothing where there is none."""
    top = int(scene.water_line * 0.985)
    depth = scene.height - top
    if depth < 6:
        return
    unit, palette, sheet = scene.unit, scene.palette, scene.sheets["near"]
    rows = np.arange(depth, dtype=np.float32)[:, None]
    cloud = scene.texture("soft", depth, scene.width)
    shape = smooth_step(0, 22 * unit, rows + (scene.texture("soft", depth, scene.width) - 0.5) * 14 * unit)
    mirrored = _mirror(scene, top, depth)
    shade = palette.water * (1 - 0.14 * cloud[..., None])
    fade = (0.34 * np.exp(-rows / (46 * unit)) * (0.4 + 0.9 * cloud)).astype(np.float32)
    shade += (mirrored - shade) * fade[..., None]
    sheet.blend(0, top, shade, shape * np.float32(0.95))
    _light_path(scene, top, depth)
    _ripples(scene, top, depth)


def _mirror(scene: Scene, top: int, depth: int) -> NDArray[np.floating[Any]]:
    """Return what stands above the water line upside down and blurred along the water, (depth, W, 3)."""
    above = min(top, depth)
    merged = scene.sheets["paper"].rgb[top - above : top].copy()
    if scene.sheets["far"] is not scene.sheets["paper"]:
        for name in ("far", "near"):
            sheet = scene.sheets[name]
            if sheet.alpha is not None:
                part = slice(top - above, top)
                merged = merged * (1 - sheet.alpha[part][..., None]) + sheet.rgb[part]
    small = cv2.resize(merged[::-1], (scene.width // 2, max(1, above // 6)), interpolation=cv2.INTER_AREA)
    flipped = cv2.resize(small, (scene.width, above), interpolation=cv2.INTER_LINEAR)
    if above < depth:
        flipped = np.concatenate([flipped, np.repeat(flipped[-1:], depth - above, 0)])
    return np.asarray(flipped, np.float32)


def _light_path(scene: Scene, top: int, depth: int) -> None:
    if scene.palette.mood not in ("dawn", "dusk", "night"):
        return
    for thing, _ in scene.placed:
        if thing.kind in ("sun", "moon"):
            x = (thing.left + thing.right) / 2
            columns = np.arange(scene.width, dtype=np.float32)[None]
            glint = smooth_step(0.5, 0.75, scene.texture("fibre", depth, scene.width))
            cover = 0.45 * np.exp(-(((columns - x) / (24 * scene.unit)) ** 2)) * glint
            light = (246, 236, 206) if thing.kind == "moon" else (240, 130, 84)
            scene.sheets["near"].blend(0, top, as_colour(light), cover.astype(np.float32))


def _ripples(scene: Scene, top: int, depth: int) -> None:
    rng, unit = scene.rng, scene.unit
    lines = np.zeros((depth, scene.width), np.uint8)
    for _ in range(int(scene.width / unit * 0.05)):
        x, y = rng.uniform(0, scene.width), (depth - 1) * rng.random() ** 0.8
        length = rng.uniform(6, 26) * (0.5 + y / depth) * unit
        height = rng.uniform(0.3, 1.1) * unit
        wave = [(x + length * i / 6, y + height * math.sin(i * 1.3)) for i in range(7)]
        pen = max(1, round(unit * 0.7))
        points = (np.array(wave) * 16).astype(np.int32)
        cv2.polylines(lines, [points], False, rng.randrange(60, 170), pen, cv2.LINE_AA, 4)
    scene.sheets["near"].blend(0, top, scene.palette.ink, lines.astype(np.float32) * np.float32(0.7 / 255))


def waterfall(scene: Scene, height: float, ink: float) -> Drawing:
    """Draw falling water `height` pixels high."""
    rng, unit = scene.rng, scene.unit
    width = rng.uniform(5, 9) * unit
    patch = Patch(40 * unit, height + 12 * unit, unit)
    middle = patch.width / 2
    bends = [rng.uniform(-1.2, 1.2) * unit for _ in range(5)]
    path = [(middle + bends[i] * i * 0.5, 4 * unit + height * i / 4) for i in range(5)]
    left = [(x - width * (0.38 + 0.09 * i), y) for i, (x, y) in enumerate(path)]
    right = [(x + width * (0.38 + 0.09 * i), y) for i, (x, y) in enumerate(path)]
    patch.polygon(left + right[::-1])
    night = scene.palette.mood == "night"
    foam = mix(scene.palette.body, as_colour((255, 255, 252)), 0.3 if night else 0.65)
    patch.ink(foam, 0.97, 0.6 * unit)
    patch.line(left, 0.8 * unit, 150)
    patch.line(right, 0.8 * unit, 150)
    for share in (-0.2, 0.05, 0.25):
        first = rng.randrange(3)
        patch.hair([(x + share * width, y) for x, y in path[first : first + 3]], 110)
    patch.ink(scene.palette.ink, 0.5 * ink)
    foot = path[-1]
    for _ in range(7):
        spray = (foot[0] + rng.uniform(-1.3, 1.3) * width, foot[1] + rng.uniform(-2, 3) * unit)
        patch.ellipse(spray, (width * 0.8, width * 0.35), 150)
    patch.ink(scene.palette.mist, 0.85, 1.5 * unit)
    return Drawing(patch, (middle, 4 * unit), "fall")


def water_share(scene: Scene, land: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Return per column how much of the lower part of the scroll is open water, 0..1, given the foreground's cover."""
    top = int(min(scene.height - 1, scene.water_line))
    if scene.height - top < 6:
        return np.zeros(scene.width, np.float32)
    return (1 - land[top:].mean(0)).astype(np.float32)
