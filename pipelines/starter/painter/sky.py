"""Sky and weather: graded paper, sun or moon with its glow, clouds, rain, snow, birds, and the grain of the paper."""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.starter.painter.palette import as_colour
from pipelines.starter.painter.scene import Drawing, Scene
from pipelines.starter.painter.sheet import Patch, mix_paints
from pipelines.starter.painter.textures import smooth_step

_ORB_CHANCE = {"clear": 0.4, "mist": 0.2, "rain": 0.0, "dawn": 0.85, "dusk": 0.85, "night": 0.9, "snow": 0.15}


def paint_sky(scene: Scene) -> None:
    """Fill the paper sheet with the sky, from the upper colour to that of the horizon."""
    rows = np.arange(scene.height, dtype=np.float32)
    horizon = min(scene.water_line, scene.height * 0.85)
    ramp = smooth_step(0, horizon, rows)[:, None]
    cloud = scene.texture("soft", scene.height, scene.width)
    ramp = np.clip(ramp + (cloud - 0.5) * 0.5, 0, 1)
    scene.sheets["paper"].rgb[:] = mix_paints((1 - ramp, ramp), (scene.palette.sky_top, scene.palette.sky_low))


def paint_orb(scene: Scene) -> None:
    """Paint at most one sun or moon, on the paper sheet, as the mood allows."""
    rng, unit, palette = scene.rng, scene.unit, scene.palette
    if rng.random() >= _ORB_CHANCE[palette.mood]:
        return
    radius = rng.uniform(8, 14) * unit
    x, y = rng.uniform(radius, scene.width - radius), scene.height * rng.uniform(0.09, 0.32)
    reach = 90 * unit
    x0, x1 = int(max(0, x - reach)), int(min(scene.width, x + reach))
    y1 = int(min(scene.height, y + reach))
    rows, columns = np.mgrid[0:y1, x0:x1].astype(np.float32)
    distance = np.hypot(rows - y, columns - x)
    moon = palette.mood in ("night", "mist", "snow")
    glow_strength = 0.5 if palette.mood in ("night", "dawn", "dusk") else 0.18
    glow = glow_strength * np.exp(-((distance / (34 * unit)) ** 2))
    sheet = scene.sheets["paper"]
    sheet.blend(x0, 0, as_colour((150, 164, 190) if moon else (246, 190, 150)), glow.astype(np.float32))
    disc = np.clip(radius - distance + 0.5, 0, 1) * np.float32(0.94)
    with scene.naming("moon" if moon else "sun", (x - radius, y - radius, x + radius, y + radius)):
        sheet.blend(x0, 0, as_colour((250, 244, 216) if moon else (206, 60, 38)), disc)


def clouds(scene: Scene, size: float) -> Drawing:
    """Draw a bank of curled cloud about `size` pixels wide."""
    rng, unit = scene.rng, scene.unit
    patch = Patch(size * 1.25, size * 0.5, unit)
    base = patch.height * 0.72
    lobes: list[tuple[float, float, float]] = []
    for _ in range(7):
        along = rng.uniform(0.16, 0.84)
        lobe = size * rng.uniform(0.06, 0.13) * (1.3 - abs(along - 0.5) * 1.6)
        lobes.append((patch.width * along, base - lobe * rng.uniform(0.3, 1.2), lobe))
    for x, y, lobe in lobes:
        patch.ellipse((x, y), (lobe * 1.7, lobe * 0.9), 220)
    patch.ellipse((patch.width / 2, base), (patch.width * 0.44, size * 0.05), 220)
    light = scene.palette.mist if scene.palette.mood != "night" else as_colour((112, 126, 156))
    patch.ink(light * 0.75 + 255 * 0.25 if scene.palette.mood != "night" else light, 0.85, 1.6 * unit)
    for x, y, lobe in lobes:
        arc = [
            (x + np.cos(a) * lobe * 1.6, y + np.sin(a) * lobe * 0.85) for a in np.linspace(np.pi * 1.05, np.pi * 1.9, 9)
        ]
        patch.hair([(float(px), float(py)) for px, py in arc], 130)
    patch.ink(scene.palette.ink, 0.4)
    return Drawing(patch, (patch.width / 2, patch.height / 2), "clouds")


def birds(scene: Scene, size: float) -> Drawing:
    """Draw a loose flock about `size` pixels high."""
    rng, unit = scene.rng, scene.unit
    patch = Patch(size * 2, size * 1.2, unit)
    for _ in range(rng.randint(4, 8)):
        x, y = rng.uniform(0.12, 0.88) * patch.width, rng.uniform(0.15, 0.85) * patch.height
        wing, tilt = size * rng.uniform(0.10, 0.16), rng.uniform(-0.3, 0.3)
        shape = [
            (x - wing, y - wing * (0.5 + tilt)),
            (x - wing * 0.35, y - wing * 0.55),
            (x, y),
            (x + wing * 0.35, y - wing * 0.55),
            (x + wing, y - wing * (0.5 - tilt)),
        ]
        patch.line(shape, 1.0 * unit)
    night = scene.palette.mood == "night"
    patch.ink(as_colour((158, 168, 192)) if night else scene.palette.ink, 0.88)
    return Drawing(patch, (patch.width / 2, patch.height / 2), "birds")


def paint_weather(scene: Scene) -> None:
    """Let rain or snow fall over everything, on the objects sheet."""
    rng, unit, mood = scene.rng, scene.unit, scene.palette.mood
    if mood not in ("rain", "snow"):
        return
    mask = np.zeros((scene.height, scene.width), np.uint8)
    count = int(scene.width * scene.height / (unit * unit) / 1024)
    pen = max(1, round(unit * 0.8))
    slant = rng.uniform(-0.4, 0.4)
    for _ in range(count):
        x, y = rng.uniform(0, scene.width), rng.uniform(-20 * unit, scene.height)
        if mood == "rain":
            length = rng.uniform(10, 28) * unit
            end = (int((x + slant * length) * 16), int((y + length) * 16))
            cv2.line(mask, (int(x * 16), int(y * 16)), end, rng.randrange(40, 130), pen, cv2.LINE_AA, 4)
        else:
            radius = int(rng.uniform(0.5, 1.6) * unit * 16)
            cv2.circle(mask, (int(x * 16), int(y * 16)), radius, rng.randrange(120, 255), -1, cv2.LINE_AA, 4)
    light = as_colour((232, 234, 232)) if mood == "rain" else as_colour((255, 255, 255))
    strength = 0.8 if mood == "rain" else 1.0
    scene.sheets["objects"].blend(0, 0, light, mask.astype(np.float32) * np.float32(strength / 255))


def grain_paper(scene: Scene) -> None:
    """Give every sheet the fibre of the paper."""
    fibre = 1 + (scene.texture("fibre", scene.height, scene.width) - 0.5) * 0.05
    for sheet in {id(s): s for s in scene.sheets.values()}.values():
        sheet.rgb *= fibre[..., None]
