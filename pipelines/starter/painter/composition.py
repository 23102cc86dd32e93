"""The grammar of a scroll: ridges from far to near, water, shores, and what stands, floats and flies there."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.starter.painter import buildings, figures, plants, sky, water
from pipelines.starter.painter.palette import as_colour
from pipelines.starter.painter.ridges import Peak, Ridge, paint_bank, paint_mist, paint_peak
from pipelines.starter.painter.scene import Drawing, Scene
from pipelines.starter.painter.sheet import Patch
from pipelines.starter.painter.textures import FloatMap, noise_line

# ink, spacing, heights (share of the scroll), half widths; far, middle, near
_RIDGES = (
    (0.26, 70, (0.22, 0.42), (34, 80)),
    (0.50, 85, (0.24, 0.62), (26, 62)),
    (0.85, 120, (0.22, 0.54), (26, 60)),
)


def compose(scene: Scene) -> NDArray[np.floating[Any]]:
    """Paint the whole scene and return the share of open water per column, 0..1."""
    rng, height = scene.rng, scene.height
    scene.water_line = height * rng.uniform(0.52, 0.86) if rng.random() < 0.86 else float(height)
    ground = min(scene.water_line, height * rng.uniform(0.8, 0.92))
    sky.paint_sky(scene)
    sky.paint_orb(scene)
    _clouds(scene)
    _ridges(scene, ground)
    water.paint_water(scene)
    shore = _shore_edge(scene, ground)
    lower = ground if scene.water_line < height else None
    paint_bank(scene, shore, 0.62, 0.5, lower)
    front = _front_edge(scene)
    land = paint_bank(scene, front, 0.95, 1.0)
    _middle_ground(scene, shore, ground, land)
    _bridges(scene, shore, ground, land)
    _foreground(scene, front)
    _in_the_air(scene)
    _veil(scene)
    sky.paint_weather(scene)
    _seal(scene)
    sky.grain_paper(scene)
    return water.water_share(scene, land)


def _ridges(scene: Scene, ground: float) -> None:
    rng, unit, width = scene.rng, scene.unit, scene.width
    room = min(1.0, ground / (0.72 * scene.height))
    rise = np.clip(noise_line(rng, width, 560 * unit, 3) * 1.6 + rng.uniform(0.35, 0.8), 0, 1)
    soft = 0.55 if scene.palette.mood == "mist" else 1.0
    for layer, (ink, spacing, heights, widths) in enumerate(_RIDGES):
        peaks: list[Peak] = []
        x = rng.uniform(-40, 40) * unit
        while x < width + 40 * unit:
            swell = float(rise[int(min(width - 1, max(0, x)))])
            if rng.random() < swell * (1.0 if layer < 2 else 0.75) + (0.12 if layer == 0 else 0):
                tall = scene.height * rng.uniform(*heights) * (0.45 + 0.55 * swell) * room
                base = ground * rng.uniform(0.82, 0.94) + layer * 5 * unit
                strength = ink * soft * rng.uniform(0.85, 1.1)
                peaks.append(Peak(x, base, tall, rng.uniform(*widths) * unit, strength, layer == 0))
            x += spacing * rng.uniform(0.4, 1.3) * unit
        rng.shuffle(peaks)
        peaks.sort(key=lambda peak: peak.base - peak.height * 0.3)
        sheet = "near" if layer == 2 else "far"
        for peak in peaks:
            ridge = paint_peak(scene, sheet, peak)
            if ridge is not None:
                _dress_peak(scene, sheet, peak, ridge)
        veil = rng.uniform(0.5, 0.9) * (1.2 if scene.palette.mood == "mist" else 0.85)
        paint_mist(scene, sheet, ground * rng.uniform(0.62, 0.88), scene.height * rng.uniform(0.05, 0.1), veil)


def _dress_peak(scene: Scene, sheet: str, peak: Peak, ridge: Ridge) -> None:
    """Give a peak its waterfall, pagoda or pines."""
    rng, unit = scene.rng, scene.unit
    ink = min(1.0, peak.ink)
    if sheet == "far":
        if not peak.far and rng.random() < 0.09:
            x = peak.x + peak.half_width * rng.choice((-0.5, 0.5))
            scene.put(sheet, buildings.pagoda(scene, rng.uniform(22, 30) * unit, 0.75), x, ridge.at(x) + 22 * unit)
        return
    if peak.height > scene.height * 0.26 and rng.random() < 0.28:
        start = ridge.at(peak.x) + peak.height * 0.12
        scene.put(sheet, water.waterfall(scene, peak.height * 0.58, ink), peak.x, start)
    if peak.height > scene.height * 0.22 and rng.random() < 0.55:
        for _ in range(rng.randint(1, 3)):
            x = peak.x + rng.uniform(-0.6, 0.6) * peak.half_width
            scene.put(sheet, plants.pine(scene, rng.uniform(14, 24) * unit, 0.8), x, ridge.at(x) + 5 * unit)


def _shore_edge(scene: Scene, ground: float) -> FloatMap:
    """Return the upper edge of the middle shore; it sinks below the water line where there is none."""
    rng, unit = scene.rng, scene.unit
    wave = noise_line(rng, scene.width, 300 * unit, 3)
    least = rng.uniform(-0.1, 0.3) if scene.water_line < scene.height else -1.0
    rise = 17 * np.tanh(np.maximum(wave - least, 0) * 46 / 17) * unit
    sunk = np.maximum(least - wave, 0) * 60 * unit
    edge = ground + 3 * unit - rise + sunk
    return (edge + noise_line(rng, scene.width, 40 * unit, 2) * 1.5 * unit).astype(np.float32)


def _front_edge(scene: Scene) -> FloatMap:
    rng, unit, height = scene.rng, scene.unit, scene.height
    wave = noise_line(rng, scene.width, 520 * unit, 3)
    least = rng.uniform(-0.05, 0.3)
    deep = min(0.2, max(0.1, 1.05 - scene.water_line / height)) * height
    uneven = 0.85 + 0.25 * noise_line(rng, scene.width, 150 * unit, 2)
    rise = deep * np.tanh(np.maximum(wave - least, 0) * 130 * unit / deep) * uneven
    edge = np.where(wave > least, height + 4 * unit - rise, height + 9 * unit)
    return (edge + noise_line(rng, scene.width, 50 * unit, 3) * 3 * unit).astype(np.float32)


def _any_tree(scene: Scene, size: float, ink: float) -> Drawing:
    """Draw a tree that suits the season."""
    rng, palette = scene.rng, scene.palette
    chance = rng.random()
    if chance < (0.2 if palette.wash in ("autumn", "spring") else 0.3):
        return plants.pine(scene, size, ink)
    if palette.mood == "snow":
        return plants.broad_tree(scene, size * 0.9, ink)
    coloured = palette.wash in ("autumn", "spring")
    if chance < (0.36 if coloured else 0.46):
        return plants.willow(scene, size * 0.9, ink)
    if chance < (0.40 if coloured else 0.58):
        return plants.broad_tree(scene, size * 0.9, ink)
    return plants.broad_tree(scene, size * 0.95, ink, palette.leaves())


def _building(scene: Scene, kind: str, size: float, ink: float) -> Drawing:
    draw: dict[str, Callable[[Scene, float, float], Drawing]] = {
        "hut": buildings.hut,
        "pavilion": buildings.pavilion,
        "pagoda": buildings.pagoda,
    }
    return draw[kind](scene, size, ink)


def _middle_ground(scene: Scene, shore: FloatMap, ground: float, land: FloatMap) -> None:
    """People the middle shore and the water before it."""
    rng, unit = scene.rng, scene.unit
    wet = scene.water_line < scene.height
    x = rng.uniform(0, 60) * unit
    while x < scene.width:
        y = float(shore[int(x)])
        if y < ground + 3 * unit:
            y = min(y + 2 * unit, ground + 3 * unit)
            chance = rng.random()
            if chance < 0.2:
                drawing = _building(scene, "hut", rng.uniform(15, 22) * unit, 0.85)
            elif chance < 0.32:
                drawing = _building(scene, "pavilion", rng.uniform(19, 26) * unit, 0.85)
            elif chance < 0.36:
                drawing = _building(scene, "pagoda", rng.uniform(30, 40) * unit, 0.85)
            elif chance < 0.44:
                drawing = figures.traveller(scene, rng.uniform(10, 14) * unit, 0.95)
            else:
                drawing = _any_tree(scene, rng.uniform(20, 36) * unit, 0.75)
            scene.put("objects", drawing, x, y, land)
        elif wet and rng.random() < 0.22:
            y = ground + rng.uniform(0.1, 0.55) * (scene.height - ground)
            scene.put("objects", figures.boat(scene, rng.uniform(20, 30) * unit, 0.85), x, y, land)
        elif wet and rng.random() < 0.12:
            y = ground + rng.uniform(6, 18) * unit
            scene.put("objects", figures.sail(scene, rng.uniform(20, 32) * unit, 0.8), x, y, land)
        x += rng.uniform(14, 64) * unit


def _bridges(scene: Scene, shore: FloatMap, ground: float, land: FloatMap) -> None:
    """Join two ends of the shore where the gap is narrow enough; sometimes somebody crosses."""
    rng, unit = scene.rng, scene.unit
    if scene.water_line >= scene.height:
        return
    dry = shore < ground + 3 * unit
    changes = np.flatnonzero(np.diff(dry.astype(np.int8)))
    for start, end in pairwise(changes):
        gap = float(end - start) / unit
        if dry[start] and 22 < gap < 120 and rng.random() < 0.5:
            middle, length = (float(start) + float(end)) / 2, (gap + 22) / 1.06 * unit
            y = ground + 6 * unit
            if rng.random() < 0.4:
                size = rng.uniform(10, 14) * unit
                scene.put("objects", figures.traveller(scene, size), middle, y - length * 0.28, land)
            scene.put("objects", buildings.bridge(scene, length, 0.9), middle, y, land)


def _foreground(scene: Scene, front: FloatMap) -> None:
    rng, unit, height = scene.rng, scene.unit, scene.height
    x = rng.uniform(0, 90) * unit
    while x < scene.width:
        around = front[max(0, int(x - 14 * unit)) : int(x + 14 * unit) + 1]
        low, high = float(around.max()), float(around.min())
        if low < height + 2 * unit and low - high < 9 * unit:
            drawing, drop = _front_thing(scene)
            scene.put("objects", drawing, x, 0.5 * (low + high) + 3 * unit + drop)
        elif scene.water_line < height and high >= height:
            _afloat(scene, x)
        x += rng.uniform(34, 130) * unit


def _afloat(scene: Scene, x: float) -> None:
    """Put something on the near water, or leave it open."""
    rng, unit, height = scene.rng, scene.unit, scene.height
    chance = rng.random()
    if chance < 0.2:
        scene.put("objects", figures.boat(scene, rng.uniform(34, 56) * unit), x, height - rng.uniform(8, 34) * unit)
    elif chance < 0.32:
        scene.put("objects", plants.rock(scene, rng.uniform(14, 34) * unit), x, height - rng.uniform(0, 16) * unit)
    elif chance < 0.44:
        scene.put("objects", plants.reeds(scene, rng.uniform(26, 48) * unit), x, height - rng.uniform(-4, 14) * unit)
    elif chance < 0.54 and scene.palette.mood != "snow":
        scene.put("objects", plants.lotus(scene, rng.uniform(44, 80) * unit), x, height - rng.uniform(6, 22) * unit)


def _front_thing(scene: Scene) -> tuple[Drawing, float]:
    """Draw something large for the near bank; also return how far it stands below the edge, in pixels."""
    rng, unit = scene.rng, scene.unit
    chance = rng.random()
    if chance < 0.24:
        return plants.rock(scene, rng.uniform(24, 48) * unit), 8 * unit
    if chance < 0.38:
        return plants.bamboo(scene, rng.uniform(60, 100) * unit), 2 * unit
    if chance < 0.48:
        kind = "hut" if rng.random() < 0.55 else "pavilion"
        return _building(scene, kind, rng.uniform(30, 46) * unit, 1.0), 3 * unit
    if chance < 0.60:
        return figures.traveller(scene, rng.uniform(20, 30) * unit), 4 * unit
    if chance < 0.66:
        return plants.reeds(scene, rng.uniform(28, 46) * unit), 3 * unit
    return _any_tree(scene, rng.uniform(56, 100) * unit, 1.0), 2 * unit


def _in_the_air(scene: Scene) -> None:
    rng, unit, width = scene.rng, scene.unit, scene.width
    for _ in range(max(1, round(width / unit / 420))):
        if rng.random() < 0.5 and scene.palette.mood != "rain":
            y = scene.height * rng.uniform(0.1, 0.4)
            scene.put("objects", sky.birds(scene, rng.uniform(22, 40) * unit), rng.uniform(0.02, 0.98) * width, y)


def _clouds(scene: Scene) -> None:
    rng, unit = scene.rng, scene.unit
    if scene.palette.mood in ("rain", "mist"):
        return
    for _ in range(max(1, round(scene.width / unit / 420))):
        if rng.random() < 0.32:
            y = scene.height * rng.uniform(0.1, 0.4)
            scene.put("far", sky.clouds(scene, rng.uniform(60, 120) * unit), rng.uniform(0.02, 0.98) * scene.width, y)


def _veil(scene: Scene) -> None:
    if scene.palette.mood in ("mist", "rain"):
        strength = 0.7 if scene.palette.mood == "mist" else 0.5
        for _ in range(2):
            middle = scene.height * scene.rng.uniform(0.25, 0.75)
            paint_mist(scene, "objects", middle, scene.height * 0.1, strength)


def _seal(scene: Scene) -> None:
    """Sometimes stamp the owner's red seal on the sky: an abstract mark, no writing."""
    rng, unit = scene.rng, scene.unit
    if rng.random() >= 0.3:
        return
    size = rng.uniform(13, 18) * unit
    patch = Patch(size, size, unit)
    patch.polygon([(1, 1), (size - 1, 1.5), (size - 1.5, size - 1), (1.5, size - 1.5)])
    patch.dry_ink(as_colour((186, 44, 34)), 0.92, 0.3, rng)
    for i in range(3):
        y = size * (0.25 + 0.25 * i)
        patch.line([(size * 0.2, y), (size * rng.uniform(0.5, 0.8), y)], size * 0.09)
        x = size * (0.25 + 0.25 * i)
        patch.line([(x, size * rng.uniform(0.2, 0.4)), (x, size * rng.uniform(0.6, 0.82))], size * 0.08)
    patch.ink(scene.palette.sky_top, 0.85)
    x = rng.uniform(0.03, 0.97) * scene.width
    scene.put("objects", Drawing(patch, (size / 2, size / 2), "seal"), x, scene.height * rng.uniform(0.08, 0.2))
