"""People and boats."""

from __future__ import annotations

import math

from pipelines.starter.painter.palette import Colour, as_colour, mix
from pipelines.starter.painter.scene import Drawing, Scene
from pipelines.starter.painter.sheet import Patch

_ROBES = ((222, 214, 196), (150, 166, 172), (176, 120, 92), (120, 132, 108))


def _person(scene: Scene, patch: Patch, place: tuple[float, float], size: float, ink: float) -> None:
    """Draw a robed figure `size` pixels high standing at `place`, with a straw hat or a topknot."""
    rng, unit, palette = scene.rng, scene.unit, scene.palette
    x, ground = place
    lean = rng.choice((-1, 1)) * size * 0.06
    colour: Colour = palette.faded(ink)
    robe = [(x - size * 0.2, ground), (x - size * 0.13 + lean, ground - size * 0.66)]
    robe += [(x + size * 0.13 + lean, ground - size * 0.66), (x + size * 0.22, ground)]
    patch.polygon(robe)
    patch.ink(palette.under_light(rng.choice(_ROBES)), 0.97)
    patch.line([*robe, robe[0]], 0.6 * unit, 220)
    patch.hair([(x + lean * 0.5, ground - size * 0.55), (x - size * 0.04, ground - size * 0.05)], 170)
    patch.ink(colour, 0.85 * ink)
    head = (x + lean * 1.3, ground - size * 0.78)
    patch.dot(head, size * 0.1)
    patch.ink(palette.under_light((226, 184, 150)), 1.0)
    if rng.random() < 0.55:
        brim = head[1] - size * 0.03
        patch.polygon([(head[0] - size * 0.22, brim), (head[0], head[1] - size * 0.2), (head[0] + size * 0.22, brim)])
        patch.ink(mix(palette.under_light((176, 142, 86)), colour, 0.25), 0.97)
    else:
        patch.ellipse((head[0], head[1] - size * 0.06), (size * 0.1, size * 0.07))
        patch.dot((head[0], head[1] - size * 0.15), size * 0.05)
        patch.ink(colour, 0.95 * ink)


def traveller(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw one or two people on foot, `size` pixels high, the first with a staff."""
    rng, unit = scene.rng, scene.unit
    count = rng.choice((1, 1, 2))
    patch = Patch(size * (0.8 + 0.5 * (count - 1)), size * 1.1, unit)
    ground = patch.height - 1.0
    staff = size * 0.62
    patch.line([(staff, ground), (staff - size * 0.03, ground - size * 0.72)], 0.7 * unit, 230)
    patch.ink(scene.palette.faded(ink), 0.9)
    for i in range(count):
        _person(scene, patch, (size * (0.38 + 0.5 * i), ground), size * (1 - 0.12 * i), ink)
    return Drawing(patch, (patch.width / 2, ground), "person")


def boat(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw a small boat `size` pixels long with a boatman, often with a mat roof."""
    rng, unit, palette = scene.rng, scene.unit, scene.palette
    patch = Patch(size * 1.25, size * 0.75, unit)
    x, water, colour = patch.width / 2, patch.height * 0.86, palette.faded(ink)
    flip = rng.choice((-1, 1))
    hull = [(x - size * 0.52, water - size * 0.10), (x - size * 0.34, water), (x + size * 0.34, water)]
    hull += [(x + size * 0.54, water - size * 0.12), (x + size * 0.3, water - size * 0.055)]
    hull.append((x - size * 0.3, water - size * 0.05))
    _person(scene, patch, (x + flip * size * 0.3, water - size * 0.04), size * 0.4, ink)
    pole = x + flip * size * 0.42
    patch.line([(pole + flip * size * 0.12, water - size * 0.44), (pole, water + size * 0.06)], 0.6 * unit, 220)
    patch.ink(colour, 0.85 * ink)
    if rng.random() < 0.7:
        middle, foot = x - flip * size * 0.08, water - size * 0.05
        turns = (0.0, 0.5, 1.1, 1.57, 2.0, 2.6, 3.14)
        arch = [(middle + size * 0.2 * math.cos(a), foot - size * 0.2 * math.sin(a)) for a in turns]
        patch.polygon(arch)
        patch.ink(mix(palette.under_light((150, 118, 78)), colour, 0.3), 0.97)
        patch.line(arch, 0.7 * unit, 220)
        patch.ink(colour, 0.85 * ink)
    patch.polygon(hull)
    patch.ink(mix(palette.under_light((86, 64, 50)), colour, 0.45), 0.95)
    for i in range(3):
        reach = size * (0.4 - 0.1 * i)
        patch.hair([(x - reach, water + size * (0.04 + 0.03 * i)), (x + reach, water + size * (0.04 + 0.03 * i))], 110)
    patch.ink(colour, 0.6 * ink)
    return Drawing(patch, (x, water), "boat")


def sail(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw a sailing boat `size` pixels high with a battened sail."""
    rng, unit, palette = scene.rng, scene.unit, scene.palette
    patch = Patch(size * 1.0, size * 1.15, unit)
    x, water, colour = patch.width / 2, patch.height * 0.92, palette.faded(ink)
    side = rng.choice((-1, 1))
    cloth = [(x, water - size * 0.12), (x, water - size * 0.98)]
    cloth += [(x + side * size * 0.2, water - size * 0.86), (x + side * size * 0.34, water - size * 0.16)]
    patch.polygon(cloth)
    light = mix(palette.body, as_colour((255, 250, 238)), 0.5) if palette.mood != "night" else palette.body
    patch.ink(mix(light, palette.under_light((206, 176, 132)), 0.3), 0.97)
    for i in range(1, 6):
        y = water - size * (0.12 + 0.14 * i)
        patch.hair([(x, y), (x + side * size * (0.36 - 0.035 * i), y - size * 0.01)], 170)
    patch.line([*cloth, cloth[0]], 0.6 * unit, 220)
    patch.line([(x, water - size * 0.08), (x, water - size * 1.05)], 0.9 * unit)
    patch.ink(colour, 0.85 * ink)
    hull = [(x - size * 0.4, water - size * 0.11), (x - size * 0.26, water), (x + size * 0.26, water)]
    hull += [(x + size * 0.42, water - size * 0.12), (x, water - size * 0.06)]
    patch.polygon(hull)
    patch.ink(mix(palette.under_light((84, 62, 48)), colour, 0.45), 0.95)
    return Drawing(patch, (x, water), "sail")
