"""Pines, broad trees, willows, bamboo, reeds, lotus and rocks."""

from __future__ import annotations

import math
import random

from pipelines.starter.painter.palette import Colour, as_colour, mix
from pipelines.starter.painter.scene import Drawing, Scene
from pipelines.starter.painter.sheet import Patch, Point


def _trunk(rng: random.Random, foot: Point, height: float, lean: float, crook: float, joints: int) -> list[Point]:
    x, y = foot
    points = [foot]
    for i in range(1, joints + 1):
        bend = rng.uniform(-crook, crook) * height * 0.6
        points.append((x + lean * height * i / joints + bend, y - height * i / joints))
    return points


def _tapered(patch: Patch, points: list[Point], thickness: float, taper: float, least: float) -> None:
    for i in range(len(points) - 1):
        patch.line(points[i : i + 2], thickness * (1 - taper * i / len(points)) + least)


def pine(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw a pine `size` pixels high: a bent trunk, flat fans of needles."""
    rng, unit, palette = scene.rng, scene.unit, scene.palette
    patch = Patch(size * 1.5, size * 1.2, unit)
    stem = _trunk(rng, (patch.width / 2, patch.height - 1), size * 0.92, rng.uniform(-0.25, 0.25), 0.13, 6)
    colour = palette.faded(ink)
    _tapered(patch, stem, size * 0.055, 0.75, 0.5 * unit)
    fans: list[Point] = []
    for i in range(2, len(stem)):
        for side in (-1, 1):
            if rng.random() < 0.82:
                reach = size * rng.uniform(0.2, 0.46) * (1.2 - 0.55 * i / len(stem))
                x, y = stem[i]
                end = (x + side * reach, y + rng.uniform(-0.06, 0.05) * size)
                middle = ((x + end[0]) / 2, y + rng.uniform(-0.05, 0.02) * size)
                patch.line([(x, y), middle, end], size * 0.018 + 0.3 * unit)
                fans += [end, (x * 0.45 + end[0] * 0.55, (y + end[1]) / 2 - 0.02 * size)]
    fans.append(stem[-1])
    patch.ink(colour, 0.95, 0.15 * unit)
    for fan in fans:
        radius = size * rng.uniform(0.10, 0.17)
        patch.ellipse(fan, (radius * 1.25, radius * 0.5), 160)
    green = colour if palette.wash == "mono" else palette.under_light((36, 74, 58))
    patch.ink(green, 0.75 * ink, 0.5 * unit)
    for x, y in fans:
        radius = size * rng.uniform(0.11, 0.17)
        for j in range(11):
            angle = math.pi * (1 + (j + rng.uniform(-0.3, 0.3)) / 10)
            tip = (x + math.cos(angle) * radius * 1.25, y + radius * 0.25 + math.sin(angle) * radius * 0.75)
            patch.hair([(x, y + radius * 0.25), tip])
    patch.ink(colour, 0.9 * ink)
    if palette.mood == "snow":
        for x, y in fans:
            patch.ellipse((x, y - size * 0.05), (size * 0.13, size * 0.035))
        patch.ink(as_colour((252, 252, 253)), 0.92, 0.3 * unit)
    return Drawing(patch, (patch.width / 2, patch.height - 1), "pine")


def _grow(patch: Patch, rng: random.Random, limb: tuple[Point, float, float, float], level: int) -> list[Point]:
    """Draw a limb (foot, angle, length, thickness) and what grows from it; return the tips."""
    (x, y), angle, length, thickness = limb
    end = (x + math.cos(angle) * length, y - math.sin(angle) * length)
    bend = rng.uniform(-0.08, 0.08) * length
    patch.line([(x, y), ((x + end[0]) / 2 + bend, (y + end[1]) / 2 + bend), end], max(0.4 * patch.unit, thickness))
    if level == 0:
        return [end]
    tips = [end] if level <= 2 else []
    for _ in range(rng.choice((2, 2, 3))):
        turn = angle + rng.uniform(-0.75, 0.75)
        tips += _grow(patch, rng, (end, turn, length * rng.uniform(0.55, 0.82), thickness * 0.62), level - 1)
    return tips


def broad_tree(scene: Scene, size: float, ink: float = 1.0, leaves: list[Colour] | None = None) -> Drawing:
    """Draw a branching tree `size` pixels high; without leaves it stands bare, in snow laden."""
    rng, unit, palette = scene.rng, scene.unit, scene.palette
    patch = Patch(size * 1.7, size * 1.35, unit)
    foot = (patch.width / 2, patch.height - 1.0)
    level = 4 if size > 34 * unit else 3
    tips = _grow(patch, rng, (foot, math.pi / 2 + rng.uniform(-0.25, 0.25), size * 0.34, size * 0.06), level)
    patch.ink(palette.faded(ink), 0.92 * ink, 0.1 * unit)
    kind = "bare"
    if leaves:
        kind = {"autumn": "maple", "spring": "blossom"}.get(palette.wash, "tree")
        for _ in range(2):
            colour = rng.choice(leaves)
            for x, y in tips:
                for _ in range(4):
                    spot = (x + rng.gauss(0, size * 0.055), y + rng.gauss(0, size * 0.05))
                    radius = size * rng.uniform(0.012, 0.034) + 0.4 * unit
                    patch.ellipse(spot, (radius * 1.25, radius * 0.85), rng.randrange(110, 255), rng.uniform(0, 180))
            patch.ink(colour, 0.9 * ink, 0.12 * unit)
    elif palette.mood == "snow":
        for x, y in tips:
            patch.dot((x, y - size * 0.01), size * 0.028)
        patch.ink(as_colour((252, 252, 253)), 0.85, 0.2 * unit)
    return Drawing(patch, foot, kind)


def willow(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw a willow `size` pixels high with hanging twigs."""
    rng, unit, palette = scene.rng, scene.unit, scene.palette
    patch = Patch(size * 1.7, size * 1.2, unit)
    foot = (patch.width / 2, patch.height - 1.0)
    stem = _trunk(rng, foot, size * 0.7, rng.uniform(-0.3, 0.3), 0.08, 5)
    colour = palette.faded(ink)
    _tapered(patch, stem, size * 0.06, 0.6, 0.4 * unit)
    patch.ink(colour, 0.9 * ink, 0.1 * unit)
    for i in range(28):
        x, y = stem[-1] if i % 2 else stem[-2]
        swing, length = rng.uniform(-0.55, 0.55) * size, rng.uniform(0.35, 0.75) * size
        over = (x + swing * 0.6, y - size * 0.12 * rng.random())
        patch.hair([(x, y), over, (x + swing, y + size * 0.1), (x + swing * 1.08, y + length)])
    green = {"spring": (104, 146, 70), "bluegreen": (80, 130, 84), "autumn": (170, 130, 50), "ochre": (146, 124, 62)}
    twigs = colour if palette.wash == "mono" else palette.under_light(green[palette.wash])
    patch.ink(twigs, 0.85 * ink)
    return Drawing(patch, foot, "willow")


def bamboo(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw three to five bamboo canes `size` pixels high."""
    rng, unit, palette = scene.rng, scene.unit, scene.palette
    patch = Patch(size * 1.1, size * 1.15, unit)
    ground = patch.height - 1.0
    count = rng.randint(3, 5)
    knots: list[Point] = []
    for i in range(count):
        x = patch.width * (0.3 + 0.45 * i / count + rng.uniform(-0.06, 0.06))
        lean, height = rng.uniform(-0.14, 0.14) * size, size * rng.uniform(0.75, 1.08)
        for j in range(7):
            low, high = j / 7, (j + 0.9) / 7
            cane = [(x + lean * low * low, ground - height * low), (x + lean * high * high, ground - height * high)]
            patch.line(cane, size * 0.022 + 0.3 * unit, 225)
            if j >= 2:
                knots += [cane[1], cane[1]]
    green = palette.faded(ink) if palette.wash in ("mono", "ochre") else palette.under_light((54, 94, 58))
    patch.ink(green, 0.9 * ink)
    for x, y in knots:
        for _ in range(3):
            angle, side = rng.uniform(0.1, 0.9), rng.choice((-1, 1))
            length = size * rng.uniform(0.09, 0.16)
            tip = (x + side * math.cos(angle) * length, y + math.sin(angle) * length * 0.9)
            patch.polygon(_leaf((x, y), tip, 0.14), rng.randrange(150, 255))
    patch.ink(green, 0.92 * ink)
    return Drawing(patch, (patch.width / 2, ground), "bamboo")


def _leaf(start: Point, tip: Point, width: float) -> list[Point]:
    nx, ny = -(tip[1] - start[1]) * width, (tip[0] - start[0]) * width
    mx, my = (start[0] + tip[0]) / 2, (start[1] + tip[1]) / 2
    return [start, (mx + nx, my + ny), tip, (mx - nx, my - ny)]


def reeds(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw a clump of reeds `size` pixels high, bent by one wind."""
    rng, unit, palette = scene.rng, scene.unit, scene.palette
    patch = Patch(size * 1.5, size * 1.1, unit)
    ground, wind = patch.height - 1.0, rng.choice((-1, 1)) * rng.uniform(0.15, 0.4)
    heads: list[tuple[Point, Point]] = []
    for _ in range(rng.randint(9, 15)):
        x, height = patch.width * rng.uniform(0.25, 0.75), size * rng.uniform(0.5, 1.0)
        tip = (x + wind * height, ground - height)
        bend = (x + wind * height * 0.3, ground - height * 0.6)
        patch.line([(x, ground), bend, tip], 0.6 * unit, 215)
        if rng.random() < 0.6:
            heads.append((tip, (tip[0] + wind * size * 0.22, tip[1] + size * 0.02)))
    patch.ink(palette.faded(ink), 0.85 * ink)
    for start, end in heads:
        patch.polygon(_leaf(start, end, 0.3), 230)
    tuft = {"autumn": (206, 170, 120), "ochre": (196, 164, 112)}.get(palette.wash, (226, 216, 196))
    patch.ink(mix(palette.under_light(tuft), palette.ink, 0.2), 0.85)
    return Drawing(patch, (patch.width / 2, ground), "reeds")


def lotus(scene: Scene, size: float) -> Drawing:
    """Draw a patch of lotus leaves and flowers `size` pixels wide, floating."""
    rng, unit, palette = scene.rng, scene.unit, scene.palette
    patch = Patch(size, size * 0.45, unit)
    leaves = [(patch.width * rng.uniform(0.14, 0.86), patch.height * rng.uniform(0.4, 0.85)) for _ in range(9)]
    for x, y in leaves:
        radius = size * rng.uniform(0.06, 0.12)
        patch.ellipse((x, y), (radius, radius * 0.42), rng.randrange(150, 240))
    green = palette.faded(0.7) if palette.wash == "mono" else palette.under_light((56, 110, 84))
    patch.ink(green, 0.9, 0.25 * unit)
    for x, y in leaves[:4]:
        top = y - size * rng.uniform(0.1, 0.2)
        patch.hair([(x, y), (x, top)], 170)
        for turn in (-0.6, 0.0, 0.6):
            tip = (x + turn * size * 0.05, top - size * 0.055)
            patch.polygon(_leaf((x, top + size * 0.01), tip, 0.32))
    patch.ink(palette.under_light((238, 150, 166)), 0.95)
    return Drawing(patch, (patch.width / 2, patch.height * 0.6), "lotus")


def rock(scene: Scene, size: float, ink: float = 1.0) -> Drawing:
    """Draw a boulder `size` pixels high with a dark side and dry texture."""
    rng, unit, palette = scene.rng, scene.unit, scene.palette
    patch = Patch(size * 1.5, size, unit)
    middle, ground, count = patch.width / 2, patch.height - 1.0, 9
    top: list[Point] = []
    for i in range(count):
        lift = math.sin(math.pi * i / (count - 1)) ** 0.7 if 0 < i < count - 1 else 0.0
        x = middle + math.cos(math.pi * (1 - i / (count - 1))) * size * 0.68 + rng.uniform(-0.04, 0.04) * size
        top.append((x, ground - lift * size * rng.uniform(0.62, 0.9)))
    outline = [*top, (patch.width - 2, ground), (2, ground)]
    colour, snow = palette.faded(ink), palette.mood == "snow"
    patch.polygon(outline)
    tint = palette.slopes[1] if palette.slopes is not None else None
    ground_tone = mix(palette.body, tint, 0.5 * palette.strength) if tint is not None else None
    patch.ink(ground_tone if ground_tone is not None else mix(palette.body, colour, 0.1 if snow else 0.24), 0.97, 0.2)
    patch.polygon([top[-1], *top[count // 2 :], (patch.width - 2, ground), (middle + size * 0.05, ground)], 235)
    patch.dry_ink(colour, (0.16 if snow else 0.34) * ink, 0.9, rng)
    for _ in range(5):
        x = middle + rng.uniform(-0.45, 0.45) * size
        y = ground - size * rng.uniform(0.35, 0.6)
        slip = rng.uniform(0.05, 0.16) * size
        patch.line([(x, y), (x + slip, y + size * 0.18), (x + slip * 0.6, y + size * 0.36)], 0.8 * unit, 200)
    patch.dry_ink(colour, 0.65 * ink, 0.5, rng)
    patch.line(top, 1.5 * unit)
    patch.dry_ink(colour, 0.92 * ink, 0.35, rng)
    return Drawing(patch, (middle, ground), "rock")
