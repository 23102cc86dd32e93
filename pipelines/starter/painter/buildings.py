"""Huts, pavilions, pagodas and bridges."""

from __future__ import annotations

import math

from pipelines.starter.painter.palette import Colour, as_colour, mix
from pipelines.starter.painter.scene import Drawing, Scene
from pipelines.starter.painter.sheet import Patch, Point

Paint = tuple[Colour, Colour, float]
"""Colour of the tiles, ink of the lines and its strength."""


def _box(patch: Patch, x: float, ground: float, half_width: float, height: float, value: int = 255) -> None:
    """Fill an upright rectangle that stands on `ground` around `x`."""
    sides = (x - half_width, x + half_width)
    patch.polygon(
        [(sides[0], ground), (sides[0], ground - height), (sides[1], ground - height), (sides[1], ground)], value
    )


def _roof(scene: Scene, patch: Patch, eaves: tuple[float, float, float], rise: float, paint: Paint) -> None:
    """Draw a hipped roof; `eaves` is middle x, y and width, `paint` is tile colour, line ink and strength."""
    x, y, width = eaves
    tile, line, ink = paint
    half, lift = width / 2, rise * 0.16
    shape: list[Point] = [
        (x - half * 1.05, y - lift),
        (x - half * 0.62, y - rise * 0.35),
        (x - half * 0.34, y - rise),
        (x + half * 0.34, y - rise),
        (x + half * 0.62, y - rise * 0.35),
        (x + half * 1.05, y - lift),
        (x + half * 0.9, y + rise * 0.06),
        (x - half * 0.9, y + rise * 0.06),
    ]
    patch.polygon(shape)
    patch.ink(tile, 0.95)
    for i in range(-3, 4):
        patch.hair([(x + i * half * 0.1, y - rise * 0.95), (x + i * half * 0.27, y)], 130)
    patch.line([shape[0], *shape[6:], shape[5]], 0.9 * scene.unit, 235)
    patch.line(shape[2:4], 1.0 * scene.unit)
    patch.ink(line, 0.9 * ink)
    if scene.palette.mood == "snow":
        patch.polygon([shape[1], shape[2], shape[3], shape[4], (x, y - rise * 0.42)])
        patch.ink(as_colour((253, 253, 254)), 0.92, 0.2 * scene.unit)


def _tile(scene: Scene, ink: Colour) -> Colour:
    base = {"autumn": (140, 84, 62), "bluegreen": (84, 100, 104), "spring": (110, 98, 92)}.get(
        scene.palette.wash, (104, 92, 82)
    )
    return mix(scene.palette.under_light(base), ink, 0.25)


def _window_light(scene: Scene, patch: Patch, place: Point, size: float) -> None:
    if scene.palette.mood == "night":
        patch.dot(place, size * 0.10)
        patch.ink(as_colour((255, 206, 110)), 1.0, 0.5 * scene.unit)


def hut(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw a thatched hut `size` pixels high."""
    unit, palette = scene.unit, scene.palette
    patch = Patch(size * 1.5, size * 0.95, unit)
    x, ground, colour = patch.width / 2, patch.height - 1.0, palette.faded(ink)
    wall = [(x - size * 0.46, ground), (x - size * 0.46, ground - size * 0.4)]
    wall += [(x + size * 0.46, ground - size * 0.4), (x + size * 0.46, ground)]
    patch.polygon(wall)
    patch.ink(mix(palette.body, as_colour((255, 252, 244)), 0.2 if palette.mood != "night" else 0.0), 0.97)
    patch.line(wall, 0.7 * unit, 220)
    _box(patch, x, ground, size * 0.1, size * 0.27, 200)
    for side in (-0.3, 0.3):
        middle, sill = x + side * size, ground - size * 0.2
        patch.line([(middle - size * 0.07, sill), (middle + size * 0.07, sill)], 1.6 * unit, 150)
    patch.ink(colour, 0.8 * ink)
    _roof(scene, patch, (x, ground - size * 0.36, size * 1.2), size * 0.46, (_tile(scene, colour), colour, ink))
    _window_light(scene, patch, (x, ground - size * 0.13), size)
    return Drawing(patch, (x, ground), "hut")


def pavilion(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw an open pavilion `size` pixels high on four posts, sometimes with two roofs."""
    unit, palette = scene.unit, scene.palette
    patch = Patch(size * 1.45, size * 1.3, unit)
    x, ground, colour = patch.width / 2, patch.height - 1.0, palette.faded(ink)
    _box(patch, x, ground, size * 0.47, size * 0.08)
    patch.ink(mix(palette.body, colour, 0.35), 0.95)
    for i in range(4):
        post = x - size * 0.36 + size * 0.24 * i
        patch.line([(post, ground - size * 0.05), (post, ground - size * 0.55)], size * 0.035 + 0.3 * unit)
    patch.line([(x - size * 0.4, ground - size * 0.2), (x + size * 0.4, ground - size * 0.2)], 0.5 * unit, 190)
    red = mix(palette.under_light((150, 62, 44)), colour, 0.35)
    patch.ink(red, 0.92 * ink)
    paint = (_tile(scene, colour), colour, ink)
    _roof(scene, patch, (x, ground - size * 0.48, size * 1.25), size * 0.36, paint)
    top = ground - size * 0.82
    if scene.rng.random() < 0.55:
        _roof(scene, patch, (x, ground - size * 0.76, size * 0.8), size * 0.34, paint)
        top = ground - size * 1.08
    patch.line([(x, top), (x, top - size * 0.13)], size * 0.03 + 0.3 * unit)
    patch.ink(colour, 0.9 * ink)
    _window_light(scene, patch, (x, ground - size * 0.28), size)
    return Drawing(patch, (x, ground), "pavilion")


def pagoda(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw a pagoda of four to six storeys, about 1.5 times `size` pixels high."""
    unit, palette = scene.unit, scene.palette
    storeys = scene.rng.choice((4, 5, 6))
    patch = Patch(size * 0.75, size * 1.7, unit)
    x, y, colour = patch.width / 2, patch.height - 1.0, palette.faded(ink)
    paint = (_tile(scene, colour), colour, ink)
    for i in range(storeys):
        width, height = size * (0.44 - 0.045 * i), size * 1.3 / storeys
        _box(patch, x, y, width * 0.38, height)
        patch.ink(mix(palette.body, colour, 0.3), 0.95 * ink)
        _box(patch, x, y, width * 0.1, height * 0.5, 190)
        patch.ink(colour, 0.7 * ink)
        y -= height * 0.72
        _roof(scene, patch, (x, y, width * 1.25), height * 0.5, paint)
        y -= height * 0.28
    patch.line([(x, y), (x, y - size * 0.16)], size * 0.025 + 0.3 * unit)
    patch.ink(colour, 0.9 * ink)
    _window_light(scene, patch, (x, patch.height - size * 0.15), size * 0.7)
    return Drawing(patch, (x, patch.height - 1.0), "pagoda")


def bridge(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw an arched stone bridge `size` pixels long, foot in the middle of its lower edge."""
    unit, palette = scene.unit, scene.palette
    patch = Patch(size * 1.1, size * 0.5, unit)
    ground, steps = patch.height - 2.0, 20
    deck: list[Point] = [
        (patch.width * (0.02 + 0.96 * i / steps), ground - math.sin(math.pi * i / steps) * size * 0.3)
        for i in range(steps + 1)
    ]
    under = [(x, min(ground, y + size * 0.13)) for x, y in deck]
    patch.polygon(deck + under[::-1])
    patch.ink(mix(palette.body, palette.under_light((170, 150, 126)), 0.55), 0.97)
    patch.line(deck, size * 0.014 + 0.5 * unit)
    patch.line(under, size * 0.012 + 0.4 * unit)
    rail = [(x, y - size * 0.07) for x, y in deck[2:-2]]
    patch.hair(rail, 200)
    for x, y in deck[2:-2:2]:
        patch.hair([(x, y), (x, y - size * 0.08)])
    patch.ink(palette.faded(ink), 0.9 * ink)
    return Drawing(patch, (patch.width / 2, ground), "bridge")
