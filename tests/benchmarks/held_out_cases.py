"""Pictures and masks that nothing was ever tuned on: a second look at what `edit_cases.py` measures.

Whoever changes the algorithm tries it on the cases there and looks here afterwards, once. A figure that is good there
and bad here was fitted to the cases.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Drawn = NDArray[np.floating] | Picture
_SIDE = 256


def pictures() -> dict[str, Picture]:
    """RGB (256, 256, 3) by name: seas, towns, trunks, walls, writing, faces, marble, fire, grass, a chart."""
    named: dict[str, Callable[[], Drawn]] = {
        "sea": _sea, "town": _town, "trunks": _trunks, "bricks": _bricks, "writing": _writing,
        "face": _face, "marble": _marble, "glow": _glow, "grass": _grass, "chart": _chart,
    }  # fmt: skip
    return {name: np.clip(np.rint(draw()), 0, 255).astype(np.uint8) for name, draw in named.items()}


def masks() -> dict[str, Picture]:
    """Coverage (256, 256) by name; "edge" is for a picture with empty canvas right of it."""
    names = ("star", "ellipse", "crescent", "scatter", "band", "dot", "corner", "edge")
    named = {name: np.zeros((_SIDE, _SIDE), np.uint8) for name in names}
    turns = np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2 == 0, 82, 40)
    star = np.stack([140 + reach * np.sin(turns), 122 - reach * np.cos(turns)], -1)
    cv2.fillPoly(named["star"], [np.rint(star).astype(np.int32)], 255, cv2.LINE_AA)
    cv2.ellipse(named["ellipse"], (105, 150), (78, 46), 25, 0, 360, 255, -1, cv2.LINE_AA)
    cv2.circle(named["crescent"], (125, 125), 80, 255, -1, cv2.LINE_AA)
    cv2.circle(named["crescent"], (155, 105), 66, 0, -1, cv2.LINE_AA)
    for x, y, radius in ((60, 200, 34), (110, 70, 18), (196, 150, 26), (170, 40, 10)):
        cv2.circle(named["scatter"], (x, y), radius, 255, -1, cv2.LINE_AA)
    named["band"][104:156, 30:226] = 255
    cv2.circle(named["dot"], (90, 140), 11, 255, -1, cv2.LINE_AA)
    cv2.fillPoly(named["corner"], [np.array([[0, 120], [90, 150], [130, 256], [0, 256]])], 255, cv2.LINE_AA)
    named["edge"][60:200, 110:170] = 255
    named["veil"] = cv2.GaussianBlur(named["ellipse"], (0, 0), 9).astype(np.uint8)
    named["exact"] = named["star"].copy()
    named["keyhole"] = np.maximum(named["dot"], named["band"])
    return named


def _grid() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    y, x = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float32)
    return x, y


def _rough(seed: int, sigma: float) -> NDArray[np.float32]:
    """Blurred noise of mean 0 and spread 1."""
    raw = np.random.default_rng(seed).normal(0, 1, (_SIDE, _SIDE)).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(raw, (0, 0), sigma), np.float32)
    return soft / max(float(soft.std()), 1e-6)


def _grain(seed: int, spread: float) -> NDArray[np.float64]:
    return np.random.default_rng(9100 + seed).normal(0, spread, (_SIDE, _SIDE, 1))


def _sea() -> Drawn:
    """A straight horizon, waves that grow towards the viewer, a low sun."""
    x, y = _grid()
    sky = np.stack([235 - y * 0.4, 170 + y * 0.2, 130 + y * 0.5], -1)
    near = np.clip((y - 118) / 138, 0.01, 1)
    waves = np.sin(9 / near + x * 0.05 / near + 2 * _rough(9001, 12)) * 22
    sea = np.stack([40 + waves, 80 + waves + near * 30, 105 + waves + near * 20], -1)
    sun = np.exp(-(((x - 180) ** 2 + (y - 84) ** 2) / 320))[..., None]
    return np.where((y > 118)[..., None], sea, sky + sun * 90) + _grain(1, 3)


def _town() -> Drawn:
    """Dark houses with lit windows before a night sky."""
    rng, scene = np.random.default_rng(9002), np.full((_SIDE, _SIDE, 3), (24, 28, 52), np.uint8)
    for left in range(0, _SIDE, 34):
        top = int(rng.integers(40, 150))
        shade = tuple(int(v) for v in rng.integers(35, 70, 3))
        cv2.rectangle(scene, (left, top), (left + 30, _SIDE), shade, -1)
        for wy in range(top + 8, _SIDE, 18):
            for wx in range(left + 5, left + 26, 9):
                if rng.random() < 0.55:
                    cv2.rectangle(scene, (wx, wy), (wx + 4, wy + 8), (250, 215, 130), -1)
    return scene


def _trunks() -> Drawn:
    """Birches: bright upright stems before dim green."""
    x, y = _grid()
    scene = np.stack([60 + 20 * _rough(9003, 9), 85 + 22 * _rough(9004, 9), 55 + 15 * _rough(9005, 9)], -1)
    for place, (at, wide) in enumerate(((30, 7), (78, 12), (120, 5), (171, 14), (226, 8))):
        away = x - at - 6 * np.sin(y / 70 + place)
        stem = np.clip(wide - np.abs(away), 0, 1)[..., None]
        light = (205 - away * 5)[..., None] + (-110 * (_rough(9006 + place, 2) > 1.3))[..., None]
        scene = scene * (1 - stem) + light * np.array([1, 0.98, 0.93]) * stem
    return scene + _grain(3, 4)


def _bricks() -> Drawn:
    """A wall seen at an angle, half in shadow."""
    x, y = _grid()
    v = y * (1 + x / 500)
    row = np.floor(v / 18)
    u = (x * (1 + x / 700) + (row % 2) * 20) % 40
    joint = (u < 2) | (v % 18 < 2)
    tone = np.random.default_rng(9010).normal(0, 12, 64)[(row.astype(int) * 7 + (x // 40).astype(int)) % 64]
    wall = np.stack([165 + tone, 92 + tone, 72 + tone], -1)
    wall[joint] = (190, 182, 170)
    return wall * np.where(x + y > 250, 0.62, 1.0)[..., None] + _grain(4, 5)


def _writing() -> Drawn:
    """A page of print on cream paper."""
    page = np.full((_SIDE, _SIDE, 3), (246, 240, 222), np.uint8)
    words = (
        "Whoever draws a line",
        "has already begun to",
        "walk along the river,",
        "and every bend of it",
        "is a word not said.",
    )
    for place, text in enumerate(words):
        cv2.putText(page, text, (12, 44 + 44 * place), cv2.FONT_HERSHEY_COMPLEX, 0.6, (52, 40, 46), 1, cv2.LINE_AA)
    return page


def _face() -> Drawn:
    """A drawn face: smooth skin, sharp eyes, dark hair."""
    face = np.full((_SIDE, _SIDE, 3), (120, 140, 150), np.uint8)
    cv2.ellipse(face, (128, 120), (92, 104), 0, 0, 360, (50, 34, 28), -1, cv2.LINE_AA)
    cv2.ellipse(face, (128, 140), (66, 84), 0, 0, 360, (226, 180, 152), -1, cv2.LINE_AA)
    face = np.asarray(cv2.GaussianBlur(face, (0, 0), 1.6), np.uint8)
    for at in (102, 154):
        cv2.ellipse(face, (at, 128), (14, 7), 0, 0, 360, (250, 248, 244), -1, cv2.LINE_AA)
        cv2.circle(face, (at, 128), 6, (60, 70, 40), -1, cv2.LINE_AA)
    cv2.ellipse(face, (128, 188), (24, 7), 0, 0, 180, (170, 70, 70), -1, cv2.LINE_AA)
    x, y = _grid()
    return face * (1.12 - 0.35 * np.hypot(x - 90, y - 90) / 256)[..., None] + _grain(6, 3)


def _marble() -> Drawn:
    x, y = _grid()
    veins = np.abs(np.sin((x + 1.7 * y) / 31 + 2.3 * _rough(9020, 14) + 0.6 * _rough(9021, 4)))
    return (228 - 120 * (1 - veins[..., None]) ** 3) * np.array([1.0, 0.97, 0.94]) + _grain(7, 2)


def _glow() -> Drawn:
    """Fire on black: smooth, saturated, of the widest range."""
    x, y = _grid()
    flame = np.exp(-((x - 128 - 14 * _rough(9030, 16)) ** 2) / (900 + 12 * y)) * np.clip((y - 20) / 200, 0, 1)
    heat = np.clip(flame * (1.15 + 0.2 * _rough(9031, 7)), 0, 1)
    return np.stack([255 * heat**0.6, 210 * heat**1.5, 150 * heat**4], -1) + 6


def _grass() -> Drawn:
    """Fine upright strokes, as many as there is room for."""
    rng, scene = np.random.default_rng(9040), np.full((_SIDE, _SIDE, 3), (46, 70, 34), np.uint8)
    for root in np.sort(rng.integers(0, _SIDE + 40, 2600)):
        at, lean, tall = int(rng.integers(0, _SIDE)), int(rng.integers(-9, 10)), int(rng.integers(14, 42))
        tone = (int(rng.integers(60, 150)), int(rng.integers(110, 200)), int(rng.integers(40, 90)))
        cv2.line(scene, (at, int(root)), (at + lean, int(root) - tall), tone, 1, cv2.LINE_AA)
    return scene


def _chart() -> Drawn:
    """Flat saturated colours side by side, with rules between them: any tint shows."""
    colours = np.random.default_rng(9050).integers(20, 236, (4, 4, 3)).astype(np.uint8)
    chart = np.asarray(cv2.resize(colours, (_SIDE, _SIDE), interpolation=cv2.INTER_NEAREST), np.uint8).copy()
    for line in range(64, _SIDE, 64):
        chart[line - 2 : line + 2] = chart[:, line - 2 : line + 2] = 250
    return chart
