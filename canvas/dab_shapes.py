"""From dabs of the path to shaped dabs: what dynamics, chance and the paper make of each."""

import math
import random
from dataclasses import dataclass
from typing import NamedTuple

from canvas.brush import BrushSettings, DabCache, FloatMask, phases_of, size_bucket
from canvas.grains import caught, grain_window
from canvas.stroke_path import Dab
from canvas.symmetry import Turn
from canvas.tips import shaped_dab, shaped_side

ANGLES = 128  # of a whole turn
STEPS = 32  # of hardness and roundness

Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class ShapedDab:
    """One dab with everything decided."""

    x: float
    "Layer pixels."
    y: float
    "Layer pixels."
    size: float
    "Diameter, pixels."
    hardness: float
    "0 to 1."
    roundness: float
    "0.05 to 1; negative for a dab that is mirrored."
    angle: float
    "Degrees clockwise."
    strength: float
    "What it covers in its middle, 0 to 1."
    grain: float
    "How deep the paper is, 0 to 1."
    color: Rgb
    "Red, green, blue, 0 to 1."

    def moved(self, turn: Turn, center: tuple[float, float]) -> "ShapedDab":
        """The copy that a symmetry around a centre (layer pixels) asks for."""
        dx, dy = turn.place(self.x - center[0], self.y - center[1])
        roundness = -self.roundness if turn.mirrored else self.roundness
        return ShapedDab(
            center[0] + dx,
            center[1] + dy,
            self.size,
            self.hardness,
            roundness,
            turn.angle(self.angle),
            self.strength,
            self.grain,
            self.color,
        )


class Stamp(NamedTuple):
    """Pixels of one dab and where they go."""

    factor: FloatMask
    "(n, n) of what is left of the transmittance."
    left: int
    "Layer pixels."
    top: int
    "Layer pixels."
    color: Rgb
    "Red, green, blue, 0 to 1."


class DabShapes:
    """Decides and draws the dabs of one stroke; the same seed gives the same stroke."""

    def __init__(self, settings: BrushSettings, color: Rgb, seed: int, cache: DabCache) -> None:
        self._settings = settings
        self._color = color
        import colorsys  # with the first stroke

        self._hsv = colorsys.rgb_to_hsv(*color)
        self._to_rgb = colorsys.hsv_to_rgb
        self._chance = random.Random(seed)  # noqa: S311  # nothing secret
        self._cache = cache

    def decide(self, dab: Dab) -> list[ShapedDab]:
        """One dab of the path as it will be painted: scattered, several, each with its own look."""
        return [self._decided(dab) for _ in range(self._settings.count)]

    def stamp(self, dab: ShapedDab, origin: tuple[int, int]) -> Stamp:
        """Draw a dab; `origin` is the layer's place on the canvas, where the paper lies still."""
        settings = self._settings
        side = shaped_side(dab.size)
        phases = phases_of(dab.size)
        x, y = dab.x + 0.5 - side / 2, dab.y + 0.5 - side / 2
        left, top = math.floor(x), math.floor(y)
        phase = (int((x - left) * phases), int((y - top) * phases))
        coverage = self._coverage(dab, phase, phases)
        if dab.grain > 0:
            window = grain_window(settings.grain, settings.grain_scale, left + origin[0], top + origin[1], side)
            coverage = caught(coverage, window, dab.grain)
        factor = coverage * -dab.strength
        factor += 1.0
        return Stamp(factor, left, top, dab.color)

    def _coverage(self, dab: ShapedDab, phase: tuple[int, int], phases: int) -> FloatMask:
        step = round(dab.angle * ANGLES / 360) % ANGLES
        key = (self._settings.tip, dab.size, dab.hardness, dab.roundness, step, phase)
        found = self._cache.find(key)
        if found is not None:
            return found
        middle = tuple((part + 0.5) / phases - 0.5 for part in phase)
        shape = (dab.roundness, step * 360 / ANGLES)
        made = shaped_dab(self._settings.tip, dab.size, dab.hardness, shape, (middle[0], middle[1]))
        return self._cache.keep(key, made)

    def _decided(self, dab: Dab) -> ShapedDab:
        settings, response, chance = self._settings, self._settings.response, self._chance
        around = dab.direction % 360 / 360
        inputs = (dab.pressure, dab.tilt, dab.speed, dab.length, chance.random(), around)
        size = max(1.0, settings.size * response.factor("size", inputs))
        scatter = settings.scatter * response.factor("scatter", inputs)
        x, y = dab.x, dab.y
        if scatter > 0:
            turn, away = chance.uniform(0, 2 * math.pi), math.sqrt(chance.random()) * scatter * size
            x, y = x + math.cos(turn) * away, y + math.sin(turn) * away
        roundness = settings.roundness * response.factor("roundness", inputs)
        strength = settings.flow * response.factor("flow", inputs) * response.factor("opacity", inputs)
        grain = settings.grain_strength * response.factor("grain", inputs) if settings.grain else 0.0
        return ShapedDab(
            x,
            y,
            size_bucket(size),
            round(settings.hardness * response.factor("hardness", inputs) * STEPS) / STEPS,
            max(0.05, round(roundness * STEPS) / STEPS),
            settings.angle + self._followed(dab) + response.turn(inputs),
            strength,
            grain,
            self._jittered() if settings.jitters else self._color,
        )

    def _followed(self, dab: Dab) -> float:
        follows = self._settings.angle_follows
        if follows == "direction":
            return dab.direction
        if follows == "tilt":
            return dab.tilt_direction
        return dab.rotation if follows == "rotation" else 0.0

    def _jittered(self) -> Rgb:
        settings, chance = self._settings, self._chance
        hue, saturation, value = self._hsv
        hue = (hue + (chance.random() - 0.5) * settings.hue_jitter) % 1.0
        saturation *= 1 + (2 * chance.random() - 1) * settings.saturation_jitter
        value += (2 * chance.random() - 1) * settings.value_jitter
        return self._to_rgb(hue, min(saturation, 1.0), min(max(value, 0.0), 1.0))
