"""Dynamics: what pressure, tilt, speed and chance do to a brush, each along a curve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from canvas.adjustments import STRAIGHT, CurvePoints, curve_table
from canvas.errors import CanvasError

INPUTS = ("pressure", "tilt", "speed", "length", "random", "direction")
TARGETS = ("size", "opacity", "flow", "hardness", "angle", "roundness", "scatter", "grain")
Factors: TypeAlias = tuple[float, ...]
MAX_POINTS = 32


@dataclass(frozen=True)
class Dynamic:
    """One input that changes one property of every dab: the property times what the curve says.

    The angle is turned instead, by the curve's value times 360 degrees.
    """

    input: str = "pressure"
    "pressure, tilt (0 upright), speed (1 is 3000 pixels a second), length (1 after 20 diameters), random, direction."
    target: str = "size"
    "size, opacity, flow, hardness, angle, roundness, scatter or grain."
    curve: CurvePoints = STRAIGHT
    "Points (input, factor), each 0 to 1, input rising; smooth between them, level outside."

    def __post_init__(self) -> None:
        if self.input not in INPUTS:
            raise CanvasError(f"A brush cannot follow '{self.input}'. Choose one of: {', '.join(INPUTS)}.")
        if self.target not in TARGETS:
            raise CanvasError(f"A brush has no '{self.target}' to change. Choose one of: {', '.join(TARGETS)}.")
        check_curve(self.curve)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it."""
        return {"input": self.input, "target": self.target, "curve": [list(point) for point in self.curve]}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Dynamic:
        """The dynamic that was stored. Raises CanvasError for one that makes no sense."""
        try:
            curve = tuple((float(x), float(y)) for x, y in data.get("curve", STRAIGHT))
            return Dynamic(str(data["input"]), str(data["target"]), curve)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CanvasError(f"A dynamic of a brush cannot be read: {error!r}.") from error


def check_curve(curve: CurvePoints) -> None:
    """CanvasError unless there are 2 to 32 points inside 0..1 whose x rises."""
    if not 2 <= len(curve) <= MAX_POINTS:
        raise CanvasError(f"A curve needs 2 to {MAX_POINTS} points, not {len(curve)}.")
    if not all(0 <= value <= 1 for point in curve for value in point):
        raise CanvasError("The points of a curve must lie between 0 and 1.")
    if any(left[0] >= right[0] for left, right in pairwise(curve)):
        raise CanvasError("The points of a curve must follow each other from left to right.")


@lru_cache(maxsize=256)
def factors(curve: CurvePoints) -> Factors:
    """The curve at 256 inputs from 0 to 1."""
    table = curve_table(curve)
    at = np.linspace(0, 1, 256)
    table[at < curve[0][0]] = curve[0][1]
    table[at > curve[-1][0]] = curve[-1][1]
    return tuple(float(value) for value in table)


class Response:
    """All dynamics of a brush, looked up by target."""

    def __init__(self, dynamics: Iterable[Dynamic]) -> None:
        self._of: dict[str, list[tuple[int, Factors]]] = {}
        for dynamic in dynamics:
            entry = (INPUTS.index(dynamic.input), factors(dynamic.curve))
            self._of.setdefault(dynamic.target, []).append(entry)

    def __contains__(self, target: str) -> bool:
        return target in self._of

    @property
    def targets(self) -> frozenset[str]:
        """What is changed at all."""
        return frozenset(self._of)

    def factor(self, target: str, inputs: tuple[float, ...]) -> float:
        """The product of all curves of a target; `inputs` are 0..1 in the order of INPUTS."""
        value = 1.0
        for index, table in self._of.get(target, ()):
            value *= table[int(inputs[index] * 255 + 0.5)]
        return value

    def turn(self, inputs: tuple[float, ...]) -> float:
        """Degrees that the curves of the angle add up to."""
        return 360.0 * sum(table[int(inputs[index] * 255 + 0.5)] for index, table in self._of.get("angle", ()))
