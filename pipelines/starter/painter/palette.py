"""Colours: seven moods of light and weather, five washes, and how they mix."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.floating[Any]]
"""A float32 array (3,): red, green, blue in 0..255."""

MOODS: Final = ("clear", "mist", "rain", "dawn", "dusk", "night", "snow")
WASHES: Final = ("mono", "bluegreen", "ochre", "autumn", "spring")

_MOOD_WEIGHTS = (3.0, 1.5, 1.2, 1.4, 1.5, 1.6, 1.3)
_WASH_WEIGHTS = (1.8, 1.8, 1.1, 1.6, 1.4)

# sky above, sky at the horizon, body of the land, ink, water
_MOOD_COLOURS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "clear": ((232, 222, 198), (244, 236, 216), (242, 234, 214), (38, 36, 36), (233, 226, 206)),
    "mist": ((226, 221, 209), (241, 237, 227), (241, 237, 227), (72, 72, 76), (231, 227, 215)),
    "rain": ((170, 173, 171), (206, 207, 202), (208, 209, 204), (38, 42, 48), (192, 195, 193)),
    "dawn": ((226, 212, 208), (252, 208, 178), (247, 228, 211), (58, 46, 54), (247, 217, 196)),
    "dusk": ((196, 164, 146), (242, 182, 130), (234, 202, 170), (50, 34, 36), (228, 182, 142)),
    "night": ((32, 42, 72), (74, 90, 124), (86, 100, 130), (12, 15, 27), (56, 70, 104)),
    "snow": ((172, 178, 186), (208, 211, 214), (248, 248, 249), (42, 44, 50), (190, 198, 206)),
}
# upper slope, lower slope
_WASH_COLOURS: dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    "bluegreen": ((44, 112, 128), (120, 150, 96)),
    "ochre": ((176, 116, 62), (212, 168, 108)),
    "autumn": ((176, 92, 56), (214, 142, 70)),
    "spring": ((112, 158, 104), (196, 184, 136)),
}
_WASH_TINTS: dict[str, tuple[int, int, int]] = {
    "bluegreen": (150, 190, 182),
    "ochre": (206, 164, 112),
    "autumn": (226, 158, 96),
    "spring": (212, 206, 168),
}
_LEAVES: dict[str, tuple[tuple[int, int, int], ...]] = {
    "mono": ((58, 58, 58), (84, 84, 82)),
    "bluegreen": ((38, 96, 84), (58, 114, 92)),
    "ochre": ((124, 102, 60), (98, 90, 60)),
    "autumn": ((198, 52, 32), (222, 118, 38), (206, 82, 34)),
    "spring": ((236, 138, 156), (246, 178, 188), (228, 116, 140)),
}


@dataclass(frozen=True)
class Palette:
    """The colours of one scroll."""

    mood: str
    """One of `MOODS`."""
    wash: str
    """One of `WASHES`; snow is always "mono"."""
    sky_top: Colour
    """The sky at the upper rim."""
    sky_low: Colour
    """The sky at the horizon."""
    body: Colour
    """Unpainted land."""
    ink: Colour
    """The darkest ink of this light."""
    water: Colour
    """Still water."""
    mist: Colour
    """Mist between the ridges."""
    slopes: tuple[Colour, Colour] | None
    """Wash of the upper and the lower slopes, None for plain ink."""
    strength: float
    """How much wash lies on the land, 0..1."""

    def under_light(self, colour: Colour | tuple[int, int, int]) -> Colour:
        """Return a local colour as this mood shows it: blue at night, pale in mist, grey in rain."""
        base = as_colour(colour)
        if self.mood == "night":
            return base * as_colour((0.40, 0.46, 0.60))
        if self.mood == "mist":
            return mix(base, self.body, 0.22)
        if self.mood == "rain":
            return mix(base, as_colour((150, 156, 158)), 0.16)
        return base

    def faded(self, strength: float) -> Colour:
        """Return the ink thinned with water: 1 full ink, 0 the colour of the land."""
        return mix(self.ink, self.body, 1 - strength)

    def leaves(self) -> list[Colour]:
        """Return the foliage colours of this wash under this light."""
        return [self.under_light(c) for c in _LEAVES[self.wash]]


def as_colour(values: Colour | tuple[float, float, float]) -> Colour:
    """Return `values` as a float32 colour."""
    return np.asarray(values, np.float32)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return `first` with `share` (0..1) of `second`."""
    return first + (second - first) * np.float32(share)


def choose_palette(rng: random.Random, mood: str | None = None, wash: str | None = None) -> Palette:
    """Draw a palette; `mood` and `wash` fix it where given. Raises ValueError for an unknown name."""
    if mood is not None and mood not in MOODS:
        raise ValueError(f"The painter knows no mood {mood!r}; it knows {', '.join(MOODS)}.")
    if wash is not None and wash not in WASHES:
        raise ValueError(f"The painter knows no wash {wash!r}; it knows {', '.join(WASHES)}.")
    mood = mood or rng.choices(MOODS, _MOOD_WEIGHTS)[0]
    wash = wash or rng.choices(WASHES, _WASH_WEIGHTS)[0]
    if mood == "snow":
        wash = "mono"
    shift = [rng.uniform(-5, 5) for _ in range(3)]
    sky_top, sky_low, body, ink, water = (
        as_colour((c[0] + shift[0], c[1] + shift[1], c[2] + shift[2])) for c in _MOOD_COLOURS[mood]
    )
    slopes = None
    strength = rng.uniform(0.68, 0.92)
    if wash in _WASH_COLOURS:
        upper, lower = (_shown(c, mood, rng) for c in _WASH_COLOURS[wash])
        slopes = (upper, lower)
        tint = _shown(_WASH_TINTS[wash], mood, rng)
        amount = {"mist": 0.26, "rain": 0.26, "night": 0.16}.get(mood, 0.15)
        sky_top, sky_low, body, water = (
            mix(c, tint, amount * w) for c, w in ((sky_top, 0.9), (sky_low, 0.7), (body, 0.9), (water, 1.5))
        )
    return Palette(mood, wash, sky_top, sky_low, body, ink, water, mix(body, sky_low, 0.4), slopes, strength)


def _shown(colour: tuple[int, int, int], mood: str, rng: random.Random) -> Colour:
    """Return a wash colour under the light of `mood`, slightly varied."""
    varied = as_colour(colour) + as_colour((rng.uniform(-8, 8), rng.uniform(-8, 8), rng.uniform(-8, 8)))
    if mood == "night":
        return varied * as_colour((0.42, 0.50, 0.64))
    if mood == "rain":
        return mix(varied, as_colour((128, 134, 138)), 0.12)
    return np.clip(varied, 0, 255)
