"""Symmetry: every stroke is also painted mirrored, or turned around a centre."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from canvas.errors import CanvasError

KINDS = ("vertical", "horizontal", "both", "radial")


class Turn(NamedTuple):
    """One copy: mirrored top to bottom or not, then turned; both about the centre."""

    mirrored: bool
    degrees: float
    cos: float
    sin: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a position lands, both measured from the centre."""
        y = -y if self.mirrored else y
        return x * self.cos - y * self.sin, x * self.sin + y * self.cos

    def angle(self, degrees: float) -> float:
        """Which way a direction points afterwards."""
        return self.degrees - degrees if self.mirrored else self.degrees + degrees


def _turn(mirrored: bool, degrees: float) -> Turn:
    # Exact for quarter turns, so that copies of whole pixels are whole pixels.
    exact = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}
    turn = math.radians(degrees)
    cos, sin = exact.get(degrees % 360.0, (math.cos(turn), math.sin(turn)))
    return Turn(mirrored, degrees, cos, sin)


@dataclass(frozen=True)
class Symmetry:
    """What is repeated, and around where."""

    kind: str
    "vertical (left and right), horizontal (above and below), both, or radial."
    x: float
    "Canvas pixels: the centre, or where the axes cross."
    y: float
    count: int = 6
    "Copies of a radial symmetry, 2 to 32."

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise CanvasError(f"There is no symmetry '{self.kind}'. Choose one of: {', '.join(KINDS)}.")
        if not 2 <= self.count <= 32:
            raise CanvasError(f"A radial symmetry has 2 to 32 copies, not {self.count}.")

    def turns(self) -> tuple[Turn, ...]:
        """All copies, the first being the stroke itself."""
        itself, beside, below = _turn(False, 0.0), _turn(True, 180.0), _turn(True, 0.0)
        if self.kind == "radial":
            return tuple(_turn(False, 360.0 * n / self.count) for n in range(self.count))
        if self.kind == "both":
            return itself, beside, below, _turn(False, 180.0)
        return itself, beside if self.kind == "vertical" else below

    def places(self, x: float, y: float) -> list[tuple[float, float]]:
        """A canvas position and all its copies."""
        found = [turn.place(x - self.x, y - self.y) for turn in self.turns()]
        return [(self.x + dx, self.y + dy) for dx, dy in found]

    def axes(self) -> tuple[float, ...]:
        """Degrees clockwise from east of the lines from the centre outwards that show it."""
        if self.kind == "radial":
            return tuple(360.0 * n / self.count - 90.0 for n in range(self.count))
        across, down = (0.0, 180.0), (90.0, 270.0)
        return {"vertical": down, "horizontal": across, "both": across + down}[self.kind]
