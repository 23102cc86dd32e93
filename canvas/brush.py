"""What a brush is, and the cache of its round dabs at every size and sub-pixel place."""

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from canvas.dynamics import Dynamic, Response
from canvas.errors import CanvasError
from canvas.grains import GRAINS
from canvas.layers import BlendMode
from canvas.tips import TIPS

FloatMask = NDArray[np.float32]
CACHE_BYTES = 96 << 20
FINE_SIZE = 64.0  # up to this diameter a dab is drawn at quarter pixels; above, nobody can see them
SIZE_STEP = math.log(1.02)
STABILISERS = ("none", "smooth", "string")
FOLLOWS = ("none", "direction", "tilt", "rotation")
LIMITS: dict[str, tuple[float, float]] = {
    "size": (1.0, 1000.0),
    "hardness": (0.0, 1.0),
    "opacity": (0.0, 1.0),
    "flow": (0.0, 1.0),
    "spacing": (0.02, 2.0),
    "smoothing": (0.0, 1.0),
    "string_length": (0.0, 500.0),
    "roundness": (0.05, 1.0),
    "angle": (-360.0, 360.0),
    "scatter": (0.0, 3.0),
    "count": (1, 8),
    "grain_strength": (0.0, 1.0),
    "grain_scale": (0.25, 4.0),
    "hue_jitter": (0.0, 1.0),
    "saturation_jitter": (0.0, 1.0),
    "value_jitter": (0.0, 1.0),
    "wet_edge": (0.0, 1.0),
}
BRUSH_MODES = tuple(mode for mode in BlendMode if not mode.mixes_channels)


@dataclass(frozen=True)
class BrushSettings:
    """A brush or eraser: the shape of its dabs, where they fall, and how they meet the layer."""

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
    smoothing: float = 0.3
    "How much the hand's tremor is calmed by the stabiliser 'smooth', 0 to 1."
    stabiliser: str = "smooth"
    "none, smooth, or string: the brush is pulled behind the pen on a string."
    string_length: float = 40.0
    "Canvas pixels of the string, 0 to 500."
    tip: str = "round"
    "A key of `canvas.tips.TIPS`."
    roundness: float = 1.0
    "Height of a dab as a part of its width, 0.05 to 1."
    angle: float = 0.0
    "Degrees clockwise that dabs are turned."
    angle_follows: str = "none"
    "What turns dabs further: none, direction, tilt or rotation (of the pen)."
    scatter: float = 0.0
    "How far dabs fall from the line, in diameters, 0 to 3."
    count: int = 1
    "Dabs at every step, 1 to 8."
    grain: str = ""
    "A key of `canvas.grains.GRAINS`; empty is smooth paper."
    grain_strength: float = 0.5
    "How deep the paper's valleys are, 0 to 1."
    grain_scale: float = 1.0
    "0.25 to 4; the grain lies still on the canvas."
    hue_jitter: float = 0.0
    "How far every dab's hue differs by chance, 0 to 1 (all hues)."
    saturation_jitter: float = 0.0
    "The same for the saturation."
    value_jitter: float = 0.0
    "The same for the brightness."
    wet_edge: float = 0.0
    "How far paint runs to the rim of the stroke, 0 to 1; shows where the edge is not fully hard."
    mode: BlendMode = BlendMode.NORMAL
    "How the stroke meets the layer; those that mix channels are for layers only."
    dynamics: tuple[Dynamic, ...] = (Dynamic("pressure", "size"),)
    "What pressure, tilt, speed and chance change."

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise CanvasError(f"The brush's {name} must be between {low:g} and {high:g}, not {value:g}.")
        choices = {
            "stabiliser": STABILISERS,
            "angle_follows": FOLLOWS,
            "tip": tuple(TIPS),
            "grain": ("", *GRAINS),
            "mode": BRUSH_MODES,
        }
        for name, known in choices.items():
            if getattr(self, name) not in known:
                listed = ", ".join(choice or "''" for choice in known)
                raise CanvasError(f"The brush's {name} '{getattr(self, name)}' is not known. Choose one of: {listed}.")

    @property
    def erases(self) -> bool:
        """Whether strokes take paint away."""
        return self.eraser or self.mode is BlendMode.ERASE

    @property
    def pressure_size(self) -> bool:
        """Whether a light touch is thin."""
        return self._follows_pressure("size")

    @property
    def pressure_opacity(self) -> bool:
        """Whether a light touch covers less."""
        return self._follows_pressure("opacity")

    @property
    def pressure_flow(self) -> bool:
        """Whether a light touch lets less flow."""
        return self._follows_pressure("flow")

    def with_pressure(
        self, size: bool | None = None, opacity: bool | None = None, flow: bool | None = None
    ) -> "BrushSettings":
        """The same brush with pressure changing these or not; None leaves one, and its curve, as it is."""
        dynamics = self.dynamics
        for target, wanted in (("size", size), ("opacity", opacity), ("flow", flow)):
            if wanted is None or wanted == self._follows_pressure(target):
                continue
            if wanted:
                dynamics = (*dynamics, Dynamic("pressure", target))
            else:
                dynamics = tuple(d for d in dynamics if (d.input, d.target) != ("pressure", target))
        return replace(self, dynamics=dynamics)

    @cached_property
    def response(self) -> Response:
        """The dynamics, ready to be asked."""
        return Response(self.dynamics)

    @cached_property
    def jitters(self) -> bool:
        """Whether dabs differ in colour."""
        return self.hue_jitter > 0 or self.saturation_jitter > 0 or self.value_jitter > 0

    @cached_property
    def is_plain(self) -> bool:
        """Whether dabs are round, in one colour, on the line, and follow nothing but pressure: the fast way."""
        shaped = self.tip != "round" or self.roundness < 1 or (self.grain != "" and self.grain_strength > 0)
        moved = self.scatter > 0 or self.count > 1
        simple = all(d.input == "pressure" and d.target in ("size", "opacity", "flow") for d in self.dynamics)
        return simple and not (shaped or moved or self.jitters)

    def size_at(self, pressure: float) -> float:
        """The diameter at a pressure of 0 to 1, the other inputs being in the middle."""
        if not self.dynamics:
            return self.size
        return max(1.0, self.size * self.response.factor("size", (pressure, 0.5, 0.5, 0.5, 0.5, 0.5)))

    def strength_at(self, pressure: float) -> float:
        """What one dab covers in its middle at a pressure of 0 to 1."""
        inputs = (pressure, 0.5, 0.5, 0.5, 0.5, 0.5)
        return self.flow * self.response.factor("flow", inputs) * self.response.factor("opacity", inputs)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it."""
        found = asdict(self)
        return {**found, "mode": self.mode.value, "dynamics": [dynamic.to_dict() for dynamic in self.dynamics]}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> "BrushSettings":
        """The brush that was stored; what is missing has its default, names that are not known are passed over.

        Raises CanvasError for values that make no sense.
        """
        values: dict[str, Any] = {}
        for field in fields(BrushSettings):
            if field.name in data:
                values[field.name] = _fitting(field.name, data[field.name], field.default)
        return BrushSettings(**values)

    def _follows_pressure(self, target: str) -> bool:
        return any(dynamic.input == "pressure" and dynamic.target == target for dynamic in self.dynamics)


def _fitting(name: str, value: object, default: object) -> object:
    """A stored value in the type of its field."""
    refusal = f"The brush's {name} cannot be {value!r}."
    if name == "dynamics":
        if not isinstance(value, (list, tuple)) or not all(isinstance(entry, Mapping) for entry in value):
            raise CanvasError(refusal)
        return tuple(Dynamic.from_dict(entry) for entry in value)
    if name == "mode":
        if value not in [mode.value for mode in BlendMode]:
            raise CanvasError(refusal)
        return BlendMode(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        if isinstance(default, float):
            return float(value)
        if isinstance(default, int) and not isinstance(default, bool) and value == int(value):
            return int(value)
    if type(value) is not type(default):
        raise CanvasError(refusal)
    return value


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
        self._dabs: OrderedDict[tuple[object, ...], FloatMask] = OrderedDict()
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
        return self.keep(key, 1.0 - np.float32(strength) * round_dab(size, hardness, dx, dy))

    def find(self, key: tuple[object, ...]) -> FloatMask | None:
        """What was kept under a key, if it still is."""
        found = self._dabs.get(key)
        if found is not None:
            self._dabs.move_to_end(key)
        return found

    def keep(self, key: tuple[object, ...], made: FloatMask) -> FloatMask:
        """Keep an array under a key; it is read-only from now on."""
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
