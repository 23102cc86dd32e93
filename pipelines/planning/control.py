"""Control pictures made from painted ones, without a network: edges, lines, and what is left when detail goes.

What only a network or a person can see (depth, normals, poses, segments) is passed on as it is: the layer is the
control picture then. Lines and edges come out white on black, as the control networks were trained.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.contract.control import ControlKind

Rgb = NDArray[np.uint8]
"""(height, width, 3)."""
Bytes = NDArray[np.uint8]
"""(height, width), or with channels."""

MADE = frozenset(
    {
        ControlKind.CANNY,
        ControlKind.LINEART,
        ControlKind.SOFTEDGE,
        ControlKind.SCRIBBLE,
        ControlKind.TILE,
        ControlKind.BLUR,
        ControlKind.GRAY,
    }
)
"""Kinds that `control_image` makes; the others are passed on."""

_NAMES: tuple[tuple[ControlKind, str], ...] = (
    (ControlKind.INPAINT, r"inpaint|repaint"),
    (ControlKind.SCRIBBLE, r"scribble|sketch|fake"),
    (ControlKind.SOFTEDGE, r"soft_?edge|hed|pidi|teed"),
    (ControlKind.LINEART, r"line_?art|lines?|mlsd|anime_?line|manga"),
    (ControlKind.CANNY, r"canny"),
    (ControlKind.DEPTH, r"depth|midas|zoe|leres"),
    (ControlKind.NORMAL, r"normal(bae|map)?|bae"),
    (ControlKind.POSE, r"(open_?|dw_?)?pose|body|keypoints?"),
    (ControlKind.SEGMENTATION, r"seg(mentation)?|ade20k|oneformer"),
    (ControlKind.TILE, r"tile|upscal(e|er)|detail"),
    (ControlKind.BLUR, r"blur"),
    (ControlKind.GRAY, r"gr[ae]y(scale)?|recolor|luminance|brightness"),
)


@dataclass(frozen=True)
class ControlSettings:
    """How much of the picture becomes a line."""

    detail: float = 0.5
    """0..1: how faint an edge may be to be drawn, and for tile and blur how much detail is left."""
    thickness: float = 0.5
    """0..1: of scribbled lines."""


_USUAL = ControlSettings()


def kind_of(name: str) -> ControlKind:
    """What a control model follows, by the words in its file's name: `control_v11p_sd15_canny` -> canny.

    UNKNOWN when no word says so, or when it is made for several kinds (`union`).
    """
    text = name.rpartition("/")[2].lower()
    if re.search(r"union|promax", text):
        return ControlKind.UNKNOWN
    words = [word for word in re.split(r"[^a-z0-9]+", text.removesuffix(".safetensors")) if word]
    joined = [*words, *("".join(pair) for pair in itertools.pairwise(words))]
    for kind, pattern in _NAMES:
        if any(re.fullmatch(rf"(?:{pattern})(?:v?\d+)?", word) for word in joined):
            return kind
    return ControlKind.UNKNOWN


def control_image(kind: ControlKind, rgb: Rgb, settings: ControlSettings = _USUAL) -> Rgb:
    """The control picture of that kind, of the same size; for kinds outside `MADE` a copy of the picture itself."""
    if kind not in MADE:
        return rgb.copy()
    made = {
        ControlKind.CANNY: _canny,
        ControlKind.LINEART: _lineart,
        ControlKind.SOFTEDGE: _softedge,
        ControlKind.SCRIBBLE: _scribble,
        ControlKind.TILE: _tile,
        ControlKind.BLUR: _blur,
        ControlKind.GRAY: _gray,
    }[kind](rgb, settings)
    return made if made.ndim == 3 else np.asarray(cv2.cvtColor(made, cv2.COLOR_GRAY2RGB), np.uint8)


def drawn_lines(rgba: Bytes) -> Rgb:
    """Lines drawn by hand (height, width, 4), in any colour on nothing or dark on light, as white on black."""
    alpha = rgba[..., 3]
    grey = np.asarray(cv2.cvtColor(rgba, cv2.COLOR_RGBA2GRAY), np.uint8)
    if alpha.mean() < 127.5:  # most of the layer is empty: whatever was painted is a line
        lines = alpha
    else:
        on_paper = np.where(alpha > 0, grey, 255).astype(np.uint8)
        lines = 255 - on_paper if on_paper.mean() > 127.5 else np.where(alpha > 0, grey, 0).astype(np.uint8)
    return np.asarray(cv2.cvtColor(lines, cv2.COLOR_GRAY2RGB), np.uint8)


def _canny(rgb: Rgb, settings: ControlSettings) -> Bytes:
    """In colour: red on green of the same brightness is an edge, too."""
    high = 320.0 - 240.0 * settings.detail
    return np.asarray(cv2.Canny(rgb, high / 2.0, high), np.uint8)


def _lineart(rgb: Rgb, settings: ControlSettings) -> Bytes:
    """Lines as bright as they are sure: what is darker than around it, ink and the dark side of an edge (a difference
    of Gaussians, softly cut off: XDoG, Winnemöller, Kyprianidis and Olsen 2012)."""
    unit = _unit(rgb)
    around, narrow = _soft(rgb, 4.0 * unit), _soft(rgb, 0.8 * unit)
    dark = _strongest(cv2.subtract(around, narrow))
    floor, full = 14.0 - 10.0 * settings.detail, 60.0 - 50.0 * settings.detail
    return _between(dark, floor, full)


def _softedge(rgb: Rgb, settings: ControlSettings) -> Bytes:
    """Wide soft edges at two scales, as a learned edge detector draws them."""
    unit = _unit(rgb)
    slopes = [_slope(_soft(rgb, spread * unit), spread * unit) for spread in (1.5, 3.5)]
    found = cv2.GaussianBlur(cv2.max(*slopes), (0, 0), 1.2 * unit)
    return _between(np.asarray(found, np.uint8), 12.0 - 8.0 * settings.detail, 150.0 - 110.0 * settings.detail)


def _scribble(rgb: Rgb, settings: ControlSettings) -> Bytes:
    """Few thick strokes, as a hand draws them."""
    unit = _unit(rgb)
    high = 90.0 - 80.0 * settings.detail
    edges = cv2.Canny(_soft(rgb, 3.0 * unit), high / 2.0, high)
    width = max(2, round(unit * (4.0 + 16.0 * settings.thickness)))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    thick = np.asarray(cv2.dilate(edges, brush), np.uint8)
    return np.asarray(cv2.threshold(_soft(thick, width / 3.0), 96, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _tile(rgb: Rgb, settings: ControlSettings) -> Rgb:
    """The picture with its finest detail gone: made small and large again."""
    height, width = rgb.shape[:2]
    factor = 8.0 - 6.0 * settings.detail
    small = (max(1, round(width / factor)), max(1, round(height / factor)))
    shrunk = cv2.resize(rgb, small, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(shrunk, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _blur(rgb: Rgb, settings: ControlSettings) -> Rgb:
    return _soft(rgb, max(1.0, _unit(rgb) * (24.0 - 20.0 * settings.detail)))


def _gray(rgb: Rgb, _settings: ControlSettings) -> Bytes:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def _unit(rgb: Rgb) -> float:
    """What is a pixel in a picture of 1024: lines of a large picture are wider."""
    return max(0.5, min(rgb.shape[:2]) / 1024.0)


def _soft(picture: Bytes, spread: float) -> Bytes:
    """Blurred by `spread` pixels; wide blurs are made at a reduced size, where nobody sees the difference."""
    height, width = picture.shape[:2]
    factor = int(spread / 2.0)
    if factor < 2 or min(height, width) < 4 * factor:
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), max(0.3, spread)), np.uint8)
    shrunk = cv2.resize(picture, (width // factor, height // factor), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(shrunk, (0, 0), spread / factor)
    return np.asarray(cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _slope(soft: Rgb, spread: float) -> Bytes:
    """How steep each place is in its steepest colour: 255 for a step from black to white that was blurred by that."""
    scale = spread * 2.5 / 32.0
    across = cv2.convertScaleAbs(cv2.Scharr(soft, cv2.CV_16S, 1, 0), alpha=scale)
    down = cv2.convertScaleAbs(cv2.Scharr(soft, cv2.CV_16S, 0, 1), alpha=scale)
    return _strongest(cv2.max(across, down))


def _strongest(rgb: Any) -> Bytes:
    first, second, third = cv2.split(rgb)
    return np.asarray(cv2.max(cv2.max(first, second), third), np.uint8)


def _between(values: Bytes, floor: float, full: float) -> Bytes:
    """0 up to `floor`, 255 from `full` on, even between."""
    table = np.clip((np.arange(256) - floor) * (255.0 / (full - floor)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(values, table), np.uint8)
