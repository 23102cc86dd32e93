"""Adjustments: non-destructive changes of colour, each a small frozen value that maps pixels to pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, ClassVar, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.errors import CanvasError

Pixels = NDArray[np.uint8]
Table = NDArray[np.uint8]
CurvePoints: TypeAlias = tuple[tuple[float, float], ...]
STRAIGHT: CurvePoints = ((0.0, 0.0), (1.0, 1.0))


@dataclass(frozen=True)
class Levels:
    """Black point, white point and the middle grey between them, the same for red, green and blue."""

    kind: ClassVar[str] = "levels"
    black: float = 0.0
    "Input that becomes black, 0 to 1, below `white`."
    white: float = 1.0
    "Input that becomes white, 0 to 1."
    gamma: float = 1.0
    "Above 1 lightens the middle, below 1 darkens it; 0.1 to 10."
    out_black: float = 0.0
    "What black becomes, 0 to 1."
    out_white: float = 1.0
    "What white becomes, 0 to 1."

    def apply(self, pixels: Pixels) -> Pixels:
        """(h, w, 4) straight BGRA to the same; alpha stays."""
        return _looked_up(pixels, _levels_table(self))


@dataclass(frozen=True)
class Curves:
    """A curve for all channels, and one more for each, as points from (0, 0) to (1, 1)."""

    kind: ClassVar[str] = "curves"
    all: CurvePoints = STRAIGHT
    "Applied first, to red, green and blue alike; x rises from point to point."
    red: CurvePoints = STRAIGHT
    green: CurvePoints = STRAIGHT
    blue: CurvePoints = STRAIGHT

    def apply(self, pixels: Pixels) -> Pixels:
        """(h, w, 4) straight BGRA to the same; alpha stays."""
        return _looked_up(pixels, _curves_table(self))


@dataclass(frozen=True)
class HueSaturation:
    """Turns hues, and strengthens or weakens colour and lightness."""

    kind: ClassVar[str] = "hue-saturation"
    hue: float = 0.0
    "Degrees, -180 to 180."
    saturation: float = 0.0
    "-1 takes all colour away, 1 doubles it."
    lightness: float = 0.0
    "-1 is black, 1 is white."
    colorize: bool = False
    "Everything gets the one hue that `hue` names, as strongly as `saturation` says."

    def apply(self, pixels: Pixels) -> Pixels:
        """(h, w, 4) straight BGRA to the same; alpha stays."""
        hls = cv2.cvtColor(pixels[..., :3].astype(np.float32) / 255, cv2.COLOR_BGR2HLS)
        if self.colorize:
            hls[..., 0] = self.hue % 360
            hls[..., 2] = (self.saturation + 1) / 2
        else:
            hls[..., 0] = (hls[..., 0] + self.hue) % 360
            hls[..., 2] = np.clip(hls[..., 2] * (1 + self.saturation), 0, 1)
        light = hls[..., 1]
        light += self.lightness * ((1 - light) if self.lightness > 0 else light)
        out = pixels.copy()
        out[..., :3] = np.clip(cv2.cvtColor(hls, cv2.COLOR_HLS2BGR) * 255 + 0.5, 0, 255).astype(np.uint8)
        return out


@dataclass(frozen=True)
class BrightnessContrast:
    """Lighter or darker, and more or less apart from middle grey."""

    kind: ClassVar[str] = "brightness-contrast"
    brightness: float = 0.0
    "-1 to 1."
    contrast: float = 0.0
    "-1 is all grey, 1 is only black and white."

    def apply(self, pixels: Pixels) -> Pixels:
        """(h, w, 4) straight BGRA to the same; alpha stays."""
        return _looked_up(pixels, _contrast_table(self))


Adjustment: TypeAlias = Levels | Curves | HueSaturation | BrightnessContrast
LARGEST = 1e6
"No value of an adjustment is larger; what a file claims is checked by it."
LEAST_GAMMA = 0.01
KINDS: dict[str, type[Levels] | type[Curves] | type[HueSaturation] | type[BrightnessContrast]] = {
    made.kind: made for made in (Levels, Curves, HueSaturation, BrightnessContrast)
}


def to_dict(adjustment: Adjustment) -> dict[str, Any]:
    """JSON-ready; `from_dict` reads it."""
    return {"kind": adjustment.kind, **asdict(adjustment)}


def from_dict(data: Mapping[str, Any]) -> Adjustment:
    """The adjustment that was stored. Raises CanvasError for one that this version does not know or that is damaged."""
    made = KINDS.get(str(data.get("kind")))
    if made is None:
        raise CanvasError(f"The adjustment '{data.get('kind')}' is not known to this version.")
    values: dict[str, Any] = {name: value for name, value in data.items() if name != "kind"}
    try:
        if made is Curves:
            values = {name: tuple((_number(x), _number(y)) for x, y in points) for name, points in values.items()}
        else:
            values = {name: value is True if name == "colorize" else _number(value) for name, value in values.items()}
        if () in values.values() or values.get("gamma", 1.0) < LEAST_GAMMA:
            raise ValueError("a value is out of its range")
        return made(**values)
    except (TypeError, ValueError) as error:
        raise CanvasError(f"The adjustment '{made.kind}' cannot be read: {error}.") from error


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not abs(value) <= LARGEST:
        raise ValueError(f"{str(value)[:40]!r} is not a number that it can have")
    return value


def curve_table(points: CurvePoints) -> NDArray[np.float64]:
    """(256,) of 0..1: a smooth curve through the points that never overshoots (Fritsch, Carlson 1980)."""
    xs, ys = np.array(points, np.float64).reshape(-1, 2).T
    at = np.linspace(0, 1, 256)
    if len(xs) < 3:
        return np.clip(np.interp(at, xs, ys), 0, 1)
    steps, slopes = np.diff(xs), np.diff(ys) / np.maximum(np.diff(xs), 1e-6)
    tangents = np.concatenate([[slopes[0]], (slopes[:-1] + slopes[1:]) / 2, [slopes[-1]]])
    turns = np.concatenate([[False], slopes[:-1] * slopes[1:] <= 0, [False]])
    tangents[turns] = 0
    most = 3 * np.minimum(np.abs(np.append(slopes, np.inf)), np.abs(np.insert(slopes, 0, np.inf)))
    tangents = np.clip(tangents, -most, most)
    piece = np.clip(np.searchsorted(xs, at, side="right") - 1, 0, len(xs) - 2)
    step = np.maximum(steps[piece], 1e-6)
    t = np.clip((at - xs[piece]) / step, 0, 1)
    t2, t3 = t * t, t * t * t
    smooth = (
        (2 * t3 - 3 * t2 + 1) * ys[piece]
        + (t3 - 2 * t2 + t) * step * tangents[piece]
        + (3 * t2 - 2 * t3) * ys[piece + 1]
        + (t3 - t2) * step * tangents[piece + 1]
    )
    return np.clip(smooth, 0, 1)


def _looked_up(pixels: Pixels, table: Table) -> Pixels:
    return cv2.LUT(pixels, table).astype(np.uint8, copy=False)


def _table(*channels: NDArray[np.float64]) -> Table:
    """(256, 1, 4) for BGRA from one curve for all or three for blue, green and red, each 0..1."""
    colours = channels if len(channels) == 3 else channels * 3
    bytes_of = [np.clip(curve * 255 + 0.5, 0, 255).astype(np.uint8) for curve in colours]
    return np.stack([*bytes_of, np.arange(256, dtype=np.uint8)], axis=-1)[:, None, :]


@lru_cache(maxsize=64)
def _levels_table(levels: Levels) -> Table:
    at = np.linspace(0, 1, 256)
    spread = np.clip((at - levels.black) / max(levels.white - levels.black, 1e-6), 0, 1)
    return _table(levels.out_black + spread ** (1 / levels.gamma) * (levels.out_white - levels.out_black))


@lru_cache(maxsize=64)
def _curves_table(curves: Curves) -> Table:
    every = curve_table(curves.all)
    at = np.linspace(0, 1, 256)
    own = [np.interp(every, at, curve_table(points)) for points in (curves.blue, curves.green, curves.red)]
    return _table(*own)


@lru_cache(maxsize=64)
def _contrast_table(values: BrightnessContrast) -> Table:
    at = np.linspace(0, 1, 256)
    slope = np.tan((min(values.contrast, 0.998) + 1) * np.pi / 4)
    return _table(np.clip((at - 0.5) * slope + 0.5 + values.brightness, 0, 1))
