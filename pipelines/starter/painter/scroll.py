"""Paints a whole scroll from a seed, flat for training or in layers for the canvas.

`paint_scroll(7, 2048, 512)` gives the layers paper, far, near and objects; laid over one another they are the picture.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.starter.painter.captions import (
    COLUMN_STEP,
    ScrollFacts,
    Window,
    look_at,
    plain_caption,
)
from pipelines.starter.painter.composition import compose
from pipelines.starter.painter.exposure import Exposure
from pipelines.starter.painter.palette import choose_palette
from pipelines.starter.painter.scene import PlacedObject, Scene
from pipelines.starter.painter.sheet import Sheet
from pipelines.starter.painter.words import name_of

LAYER_NAMES = ("paper", "far", "near", "objects")
"""The layers of a scroll, the lowest first."""
SMALLEST, LARGEST_HEIGHT = 64, 2048


@dataclass(frozen=True)
class NamedObject:
    """Something painted on the objects or ridge layers, with its names."""

    place: PlacedObject
    """Kind and box in scroll pixels."""
    english: str
    """Its plain English name."""
    chinese: str
    """Its plain Chinese name."""


@dataclass(frozen=True)
class FlatScroll:
    """A painted scroll in one piece."""

    rgb: NDArray[np.uint8]
    """(height, width, 3)."""
    facts: ScrollFacts
    """What is in it."""

    def caption(self, window: Window, language: str = "en") -> str:
        """Return the plain caption of `window` ("en" or "zh")."""
        return plain_caption(look_at(self.facts, window), "zh" if language == "zh" else "en")


@dataclass(frozen=True)
class ScrollPicture:
    """A painted scroll in layers."""

    width: int
    """Pixels."""
    height: int
    """Pixels."""
    layers: dict[str, NDArray[np.uint8]]
    """By `LAYER_NAMES`, the lowest first: straight RGBA, (height, width, 4)."""
    facts: ScrollFacts
    """What is in it."""
    objects: tuple[NamedObject, ...]
    """Everything that has a name, in painting order."""

    def caption(self, window: Window | None = None, language: str = "en") -> str:
        """Return the plain caption of `window`, or of the whole scroll."""
        window = window or Window(0, 0, self.width, self.height)
        return plain_caption(look_at(self.facts, window), "zh" if language == "zh" else "en")

    def flattened(self) -> NDArray[np.uint8]:
        """Return the layers laid over one another, RGB (height, width, 3)."""
        out = self.layers["paper"][..., :3].astype(np.float32)
        for name in LAYER_NAMES[1:]:
            layer = self.layers[name].astype(np.float32)
            out += (layer[..., :3] - out) * (layer[..., 3:] / 255)
        return np.clip(out + 0.5, 0, 255).astype(np.uint8)


def paint_scroll(seed: int, width: int, height: int, mood: str | None = None, wash: str | None = None) -> ScrollPicture:
    """Paint the scroll number `seed` in layers.

    `width` and `height` in pixels (at least 64, height at most 2048); `mood` and `wash` as in `palette`, drawn from the
    seed where not given. The same arguments give the same picture. Raises ValueError for a size or name out of range.
    """
    _check_size(width, height)
    exposure = Exposure(height, width)
    sheets = {name: Sheet(height, width, name == "paper", exposure) for name in LAYER_NAMES}
    facts = _paint(seed, sheets, mood, wash)
    objects = tuple(NamedObject(o, name_of(o.kind, "en"), name_of(o.kind, "zh")) for o in facts.objects)
    return ScrollPicture(width, height, {n: s.rgba() for n, s in sheets.items()}, facts, objects)


def paint_flat(seed: int, width: int, height: int, mood: str | None = None, wash: str | None = None) -> FlatScroll:
    """Paint the scroll number `seed` in one piece, faster than in layers; arguments and errors as `paint_scroll`."""
    _check_size(width, height)
    sheet = Sheet(height, width, True, Exposure(height, width))
    facts = _paint(seed, dict.fromkeys(LAYER_NAMES, sheet), mood, wash)
    return FlatScroll(np.clip(sheet.rgb + 0.5, 0, 255).astype(np.uint8), facts)


def _check_size(width: int, height: int) -> None:
    if width < SMALLEST or not SMALLEST <= height <= LARGEST_HEIGHT:
        raise ValueError(
            f"A scroll of {width} x {height} pixels cannot be painted: "
            f"it needs a width of at least {SMALLEST} and a height from {SMALLEST} to {LARGEST_HEIGHT}."
        )


def _paint(seed: int, sheets: dict[str, Sheet], mood: str | None, wash: str | None) -> ScrollFacts:
    cv2.setNumThreads(1)
    rng = random.Random(seed)
    height, width = sheets["paper"].rgb.shape[:2]
    palette = choose_palette(rng, mood, wash)
    skyline = np.full(width, float(height), np.float32)
    scene = Scene(width, height, palette, rng, sheets, float(height), skyline)
    water = compose(scene)
    return ScrollFacts(
        palette.mood,
        palette.wash,
        width,
        height,
        scene.water_line,
        scene.skyline[::COLUMN_STEP].copy(),
        water[::COLUMN_STEP].copy(),
        scene.shown(),
    )
