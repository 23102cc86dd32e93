"""What the edits are tried on: pictures drawn by code that no model was trained on, and masks of every kind.

The algorithm's numbers were chosen on the cases of the set "tuned"; "held-out" (see `held_out_cases.py`) tells whether
they are good elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.benchmarks import held_out_cases

Picture = NDArray[np.uint8]
SIDE = 256
STRENGTHS = (1.0, 0.6, 0.3)


@dataclass(frozen=True, eq=False)
class Case:
    """One repaint."""

    name: str
    picture: Picture
    """RGB (256, 256, 3)."""
    mask: Picture
    """Coverage (256, 256)."""
    painted: NDArray[np.bool_]
    """Where there is a picture at all; elsewhere the canvas is empty."""
    strength: float
    seed: int
    feathered: bool = True
    """False: the selection is followed exactly."""


@dataclass(frozen=True)
class CaseSet:
    """Where a set of cases comes from."""

    pictures: Callable[[], dict[str, Picture]]
    masks: Callable[[], dict[str, Picture]]
    each: int
    """Masks for every picture at every strength."""
    first_seed: int
    painted: int
    """Columns with anything in them where the mask is "edge"."""


def case_sets() -> dict[str, CaseSet]:
    """All sets by name."""
    return {
        "tuned": CaseSet(pictures, masks, 2, 0, 150),
        "held-out": CaseSet(held_out_cases.pictures, held_out_cases.masks, 1, 9000, 170),
    }


def cases(name: str = "tuned") -> Iterator[Case]:
    """The cases of a set: every picture at every strength with masks that rotate through all kinds."""
    chosen = case_sets()[name]
    kinds = list(chosen.masks().items())
    everywhere, part = np.ones((SIDE, SIDE), bool), np.zeros((SIDE, SIDE), bool)
    part[:, : chosen.painted] = True
    count = 0
    for drawn, picture in chosen.pictures().items():
        for strength in STRENGTHS:
            for _ in range(chosen.each):
                kind, mask = kinds[count % len(kinds)]
                painted = part if kind == "edge" else everywhere
                seed = chosen.first_seed + count
                yield Case(f"{drawn}-{kind}-{strength}", picture, mask, painted, strength, seed, kind != "exact")
                count += 1


def pictures() -> dict[str, Picture]:
    """RGB (256, 256, 3) by name: photographs drawn by code, gradients, noise, textures, line art, flat fields."""
    named: dict[str, Callable[[], NDArray[np.floating] | Picture]] = {
        "sphere": _sphere, "sky": _sky, "room": _room, "petals": _petals, "gradient": _gradient, "noise": _noise,
        "stone": _stone, "weave": _weave, "lines": _lines, "poster": _poster, "flat": _flat,
    }  # fmt: skip
    return {name: np.clip(np.rint(draw()), 0, 255).astype(np.uint8) for name, draw in named.items()}


def masks() -> dict[str, Picture]:
    """Coverage (256, 256) by name."""
    named = {name: np.zeros((SIDE, SIDE), np.uint8) for name in ("blob", "box", "holes", "parts", "thin", "small")}
    points = np.array([[90, 70], [170, 60], [200, 130], [160, 190], [80, 180], [60, 120]])
    cv2.fillPoly(named["blob"], [points], 255, cv2.LINE_AA)
    named["box"][80:180, 70:190] = 255
    cv2.circle(named["holes"], (128, 128), 84, 255, -1, cv2.LINE_AA)
    cv2.circle(named["holes"], (128, 128), 36, 0, -1, cv2.LINE_AA)
    for centre in ((74, 84), (180, 92), (120, 186)):
        cv2.circle(named["parts"], centre, 24, 255, -1, cv2.LINE_AA)
    cv2.polylines(named["thin"], [np.array([[50, 190], [110, 100], [205, 70]])], False, 255, 9, cv2.LINE_AA)
    named["small"][116:132, 120:136] = 255
    named["soft"] = cv2.GaussianBlur(named["blob"], (0, 0), 12).astype(np.uint8)
    named["edge"] = np.zeros((SIDE, SIDE), np.uint8)
    named["edge"][90:180, 100:150] = 255
    named["exact"] = named["blob"].copy()
    return named


def _grid() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    return x, y


def _clouds(seed: int, coarse: int = 4, octaves: int = 6) -> NDArray[np.float32]:
    """Fractal noise, about 0..1."""
    rng, total = np.random.default_rng(seed), np.zeros((SIDE, SIDE), np.float32)
    for octave in range(octaves):
        side = min(SIDE, coarse * 2**octave)
        grid = rng.random((side, side), np.float32)
        total += np.asarray(cv2.resize(grid, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)) * 0.5**octave
    return total / 2.0


def _grain(seed: int, spread: float) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(0, spread, (SIDE, SIDE, 1))


def _sphere() -> NDArray[np.floating]:
    """A lit ball on a table, with its shadow and film grain."""
    x, y = _grid()
    wall = np.stack([170 - y * 0.3, 160 - y * 0.25, 150 - y * 0.15], -1)
    table = np.stack([120 + y * 0.2, 90 + y * 0.15, 60 + y * 0.1], -1)
    scene = np.where((y > 170)[..., None], table, wall)
    shadow = np.exp(-(((x - 150) / 60) ** 2 + ((y - 205) / 16) ** 2))
    scene = scene * (1 - 0.6 * shadow[..., None])
    distance = np.hypot(x - 120, y - 135)
    normal = np.sqrt(np.clip(1 - (distance / 70) ** 2, 0, 1))
    light = np.clip(((x - 120) * -0.5 + (y - 135) * -0.6) / 70 + normal * 0.7, 0.08, 1)
    ball = light[..., None] * np.array([220, 90, 60]) + (light[..., None] ** 20) * 120
    edge = np.clip(70 - distance, 0, 1)[..., None]
    return scene * (1 - edge) + ball * edge + _grain(1, 3)


def _sky() -> NDArray[np.floating]:
    """Clouds over hills."""
    x, y = _grid()
    cloud = np.clip((_clouds(2) - 0.45) * 4, 0, 1)[..., None]
    blue = np.stack([90 + y * 0.4, 140 + y * 0.3, 215 - y * 0.05], -1)
    scene = blue * (1 - cloud) + np.array([245, 242, 238]) * cloud
    for place, (height, shade) in enumerate(((150, 150), (180, 105), (210, 60))):
        ridge = height + 18 * np.sin(x / (17 + 9 * place) + place * 2) + 9 * np.sin(x / 7 + place)
        hill = np.clip(y - ridge, 0, 1)[..., None]
        scene = scene * (1 - hill) + np.array([shade * 0.7, shade, shade * 0.75]) * hill
    return scene + _grain(3, 4)


def _room() -> NDArray[np.floating]:
    """Two walls and a floor with a window's light."""
    x, y = _grid()
    scene = np.where((x < 110 + 0 * y)[..., None], np.array([190, 180, 165]), np.array([150, 142, 132])) * 1.0
    floor = y > 150 + np.abs(x - 110) * 0.35
    planks = 12 * (((x - 110) / np.maximum(y - 90, 1) * 12) % 1 < 0.08)
    scene[floor] = (np.stack([130 - planks, 95 - planks, 65 - planks], -1))[floor]
    light = cv2.GaussianBlur(((x + y * 0.5) % 256 > 150).astype(np.float32) * (y > 60), (0, 0), 6)
    return scene * (0.75 + 0.35 * light[..., None]) + _grain(4, 3)


def _petals() -> NDArray[np.floating]:
    """Soft coloured shapes out of focus with one sharp one before them."""
    x, y = _grid()
    scene = np.full((SIDE, SIDE, 3), (70, 95, 60), np.float32) + 40 * (_clouds(5)[..., None] - 0.5)
    for angle in range(0, 360, 45):
        cx, cy = 128 + 55 * np.cos(np.radians(angle)), 128 + 55 * np.sin(np.radians(angle))
        petal = np.exp(-((((x - cx) / 34) ** 2 + ((y - cy) / 34) ** 2) ** 2))[..., None]
        scene = scene * (1 - petal) + np.array([225 - angle * 0.1, 90 + angle * 0.15, 130]) * petal
    heart = np.clip(26 - np.hypot(x - 128, y - 128), 0, 1)[..., None]
    return scene * (1 - heart) + np.array([235, 200, 60]) * heart + _grain(6, 3)


def _gradient() -> NDArray[np.floating]:
    x, y = _grid()
    return np.stack([x, y, 255 - x], -1)


def _noise() -> NDArray[np.floating]:
    rough = np.random.default_rng(5).normal(128, 90, (SIDE, SIDE, 3)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(rough, (0, 0), 2), np.float32)


def _stone() -> NDArray[np.floating]:
    return np.stack([_clouds(7, 16), _clouds(7, 16), _clouds(8, 16)], -1) * np.array([190, 180, 165]) + 20


def _weave() -> NDArray[np.floating]:
    x, y = _grid()
    over = (np.sin(x * 2 * np.pi / 16) * np.sin(y * 2 * np.pi / 16) > 0).astype(np.float32)[..., None]
    colours = np.array([120, 85, 60]) + over * np.array([60, 55, 30])
    return colours + 20 * np.sin((x + y) * 2 * np.pi / 8)[..., None]


def _lines() -> Picture:
    lines = np.full((SIDE, SIDE, 3), 245, np.uint8)
    for i in range(0, SIDE, 24):
        cv2.line(lines, (i, 0), (SIDE - i, SIDE), (30, 30, 40), 2, cv2.LINE_AA)
    return lines


def _poster() -> Picture:
    poster = np.full((SIDE, SIDE, 3), (240, 215, 150), np.uint8)
    cv2.circle(poster, (170, 80), 44, (215, 70, 50), -1, cv2.LINE_AA)
    cv2.fillPoly(poster, [np.array([[0, 256], [90, 110], [180, 256]])], (40, 80, 110), cv2.LINE_AA)
    cv2.fillPoly(poster, [np.array([[100, 256], [190, 150], [256, 256]])], (70, 120, 130), cv2.LINE_AA)
    return poster


def _flat() -> NDArray[np.floating]:
    return np.full((SIDE, SIDE, 3), 128.0)
