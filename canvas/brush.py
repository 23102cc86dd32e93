"""What a brush is, and the cache of its dabs: round spots of coverage at every size and sub-pixel place."""

import math
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from canvas.errors import CanvasError

FloatMask = NDArray[np.float32]
CACHE_BYTES = 96 << 20
FINE_SIZE = 64.0  # up to this diameter a dab is drawn at quarter pixels; above, nobody can see them
SIZE_STEP = math.log(1.02)


@dataclass(frozen=True)
class BrushSettings:
    """A soft round brush or eraser."""

    size: float = 24.0
    "Diameter in canvas pixels, 1 to 1000."
    hardness: float = 0.8
    "0 fades from the middle, 1 has only a smooth edge of one pixel."
    opacity: float = 1.0
    "The most that one stroke can cover, 0 to 1."
    flow: float = 1.0
    "What one dab covers, 0 to 1."
    spacing: float = 0.1
    "Distance between dabs as a part of the diameter, 0.02 to 2."
    eraser: bool = False
    "Take away instead of putting on."
    build_up: bool = False
    "Dabs of a stroke add up; otherwise the strongest one counts (wash)."
    pressure_size: bool = True
    "A light touch is thin."
    pressure_opacity: bool = False
    "A light touch covers less."
    pressure_flow: bool = False
    "A light touch lets less flow."
    smoothing: float = 0.3
    "How much the hand's tremor is calmed, 0 to 1."

    def __post_init__(self) -> None:
        limits = {
            "size": (1.0, 1000.0),
            "hardness": (0.0, 1.0),
            "opacity": (0.0, 1.0),
            "flow": (0.0, 1.0),
            "spacing": (0.02, 2.0),
            "smoothing": (0.0, 1.0),
        }
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise CanvasError(f"The brush's {name} must be between {low:g} and {high:g}, not {value:g}.")

    def size_at(self, pressure: float) -> float:
        """The diameter at a pressure of 0 to 1."""
        return max(1.0, self.size * pressure) if self.pressure_size else self.size

    def strength_at(self, pressure: float) -> float:
        """What one dab covers in its middle at a pressure of 0 to 1."""
        strength = self.flow
        if self.pressure_flow:
            strength *= pressure
        return strength * pressure if self.pressure_opacity else strength


def round_dab(size: float, hardness: float, dx: float = 0.0, dy: float = 0.0) -> FloatMask:
    """Coverage 0..1 of one dab, (n, n), its middle (dx, dy) pixels (at most a half) off the array's."""
    fade, outer = _edge(size, hardness)
    side = dab_side(size, hardness)
    steps = np.arange(side, dtype=np.float32) + np.float32(0.5 - side / 2)
    away = np.sqrt((steps - dx)[None, :] ** 2 + (steps - dy)[:, None] ** 2)
    rise = np.clip((outer - away) / fade, 0.0, 1.0)
    smooth = rise * rise * (3.0 - 2.0 * rise)
    weight = min(1.0, fade - 1.0)  # a one pixel edge is straight, wider ones are rounded
    return (rise + (smooth - rise) * weight).astype(np.float32)


def dab_side(size: float, hardness: float) -> int:
    """How many pixels wide and high the array of a dab is."""
    return math.ceil(2 * _edge(size, hardness)[1]) + 1


def _edge(size: float, hardness: float) -> tuple[float, float]:
    """How wide the fading rim is, and where it ends."""
    fade = max(size / 2 * (1.0 - hardness), 1.0)
    return fade, size / 2 + 0.5 / fade


class DabCache:
    """What a dab leaves of the transmittance, `1 - strength * coverage`, least recently used dropped."""

    def __init__(self, budget_bytes: int = CACHE_BYTES) -> None:
        self._dabs: OrderedDict[tuple[float, float, float, int, int], FloatMask] = OrderedDict()
        self._bytes = 0
        self._budget = budget_bytes

    def __len__(self) -> int:
        return len(self._dabs)

    def dab(self, size: float, hardness: float, strength: float, phase_x: int = 0, phase_y: int = 0) -> FloatMask:
        """(n, n) factors for one dab; read-only. The phases count quarters of a pixel where size is fine."""
        key = (size, hardness, strength, phase_x, phase_y)
        found = self._dabs.get(key)
        if found is not None:
            self._dabs.move_to_end(key)
            return found
        phases = phases_of(size)
        dx, dy = ((phase + 0.5) / phases - 0.5 for phase in (phase_x, phase_y))
        made = 1.0 - np.float32(strength) * round_dab(size, hardness, dx, dy)
        made.flags.writeable = False
        self._dabs[key] = made
        self._bytes += made.nbytes
        while self._bytes > self._budget and len(self._dabs) > 1:
            self._bytes -= self._dabs.popitem(last=False)[1].nbytes
        return made


def phases_of(size: float) -> int:
    """Into how many sub-pixel places a pixel is divided for a dab of this diameter."""
    return 4 if size <= FINE_SIZE else 1


def size_bucket(size: float) -> float:
    """The nearest diameter in steps of 2 %, so that changing pressure finds dabs in the cache."""
    return math.exp(round(math.log(size) / SIZE_STEP) * SIZE_STEP)
