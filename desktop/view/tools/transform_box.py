"""The box of the transform tool: what its handles, a turn and typed numbers make of the matrix. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.matrices import about, identity, onto, rotation, scaling, translation
from canvas.resample import Matrix, corners, is_affine, mapped

Spot = tuple[float, float]
TURN_STEP = 15.0
"""Degrees between the directions that Shift allows."""
SMALLEST = 1.0
"""Canvas pixels: no side gets shorter by a handle."""
RING = ((-1, -1), (1, -1), (1, 1), (-1, 1))
"""The corners as in `canvas.resample.corners`."""


class Mode(StrEnum):
    """What the corners do."""

    FREE = "free"
    PERSPECTIVE = "perspective"
    DISTORT = "distort"


class Grip(StrEnum):
    """What the pointer took."""

    MOVE = "move"
    HANDLE = "handle"
    TURN = "turn"
    PIVOT = "pivot"


@dataclass(frozen=True)
class Keys:
    """What is held while dragging."""

    shift: bool = False
    """Keep the proportions; turn by 15 degrees; move along one axis."""
    control: bool = False
    """A corner is pulled freely, a side is sheared."""
    alt: bool = False
    """About the pivot instead of the opposite side."""


@dataclass(frozen=True)
class Numbers:
    """An affine matrix in numbers a person can type."""

    x: float
    """Canvas pixels: where the pivot is."""
    y: float
    width: float
    """Per cent; negative is mirrored."""
    height: float
    angle: float
    """Degrees clockwise."""
    shear: float
    """Degrees."""


@dataclass(frozen=True)
class Box:
    """Something rectangular under a matrix."""

    bounds: Bounds
    """Canvas pixels around what is transformed, as it was."""
    matrix: Matrix
    """Canvas to canvas."""
    pivot: Spot
    """What turns stay about, in canvas pixels before the matrix."""

    @staticmethod
    def around(bounds: Bounds) -> Box:
        """A box that does nothing yet, its pivot in the middle."""
        return Box(bounds, identity(), tuple(bounds.center))  # type: ignore[arg-type]  # a PointF is two floats

    @property
    def corners(self) -> list[Spot]:
        """Where the corners are now, clockwise from what was top left."""
        return mapped(self.matrix, corners(self.bounds))

    @property
    def pivot_now(self) -> Spot:
        """Where the pivot is now."""
        return mapped(self.matrix, [self.pivot])[0]

    @property
    def handles(self) -> Mapping[tuple[int, int], Spot]:
        """The eight handles by the sides they pull (-1, 0, 1 for x and y), corners first."""
        places = [*RING, (0, -1), (1, 0), (0, 1), (-1, 0)]
        return dict(zip(places, mapped(self.matrix, [self.place(side) for side in places]), strict=True))

    def place(self, side: tuple[int, int]) -> Spot:
        """A handle before the matrix."""
        middle, box = self.bounds.center, self.bounds
        return middle.x + side[0] * box.width / 2, middle.y + side[1] * box.height / 2

    def then(self, matrix: Matrix) -> Box:
        """Followed by another transformation, in canvas coordinates."""
        return replace(self, matrix=matrix @ self.matrix)

    def contains(self, x: float, y: float) -> bool:
        """Whether a canvas point lies inside."""
        back = self._back(x, y)
        box = self.bounds
        return back is not None and box.x <= back[0] < box.right and box.y <= back[1] < box.bottom

    def flipped(self, horizontal: bool) -> Box:
        """Mirrored about the pivot as it is seen."""
        return self.then(about(scaling(-1, 1) if horizontal else scaling(1, -1), *self._whole_pivot()))

    def turned(self, degrees: float) -> Box:
        """Turned about the pivot as it is seen; quarter turns keep pixels on pixels."""
        turned = about(rotation(degrees), *self.pivot_now)
        if degrees % 90 == 0:
            turned[:2, 2] = np.floor(turned[:2, 2] + 1e-6)
        return self.then(turned)

    def numbers(self) -> Numbers | None:
        """In numbers; None while there is perspective."""
        if not is_affine(self.matrix):
            return None
        linear = self.matrix[:2, :2] / self.matrix[2, 2]
        (a, b), (c, d) = linear.tolist()
        sx, determinant = math.hypot(a, c), a * d - b * c
        if sx == 0 or determinant == 0:
            return None
        angle, sy, shear = math.degrees(math.atan2(c, a)), determinant / sx, (a * b + c * d) / (sx * sx)
        if determinant < 0 and abs(angle) > 90:  # a mirrored width reads better than an upside-down height
            angle, sx, sy = angle - math.copysign(180, angle), -sx, -sy
        x, y = self.pivot_now
        return Numbers(x, y, sx * 100, sy * 100, angle, math.degrees(math.atan(shear)))

    def with_numbers(self, numbers: Numbers) -> Box:
        """As typed; what was perspective is dropped."""
        shear = math.tan(math.radians(numbers.shear))
        linear = rotation(numbers.angle) @ scaling(numbers.width / 100, numbers.height / 100, shear)
        x, y = self.pivot
        return replace(self, matrix=translation(numbers.x, numbers.y) @ linear @ translation(-x, -y))

    def _whole_pivot(self) -> Spot:
        """The pivot on the nearest half pixel, where a mirror keeps pixels on pixels."""
        x, y = self.pivot_now
        return round(x * 2) / 2, round(y * 2) / 2

    def _back(self, x: float, y: float) -> Spot | None:
        """A canvas point before the matrix; None where it comes from beyond the horizon."""
        inverse = np.linalg.inv(self.matrix)
        u, v, w = (float(value) for value in inverse @ np.array([x, y, 1.0]))
        if abs(w) < 1e-12:
            return None
        spot = (u / w, v / w)
        return spot if float(self.matrix[2] @ np.array([*spot, 1.0])) > 0 else None


@dataclass(frozen=True)
class Drag:
    """A part of the box under the pointer."""

    box: Box
    """The box when it was taken."""
    grip: Grip
    side: tuple[int, int]
    """Which handle; (0, 0) for the other grips."""
    start: Spot
    """Where it was taken, canvas pixels."""

    def to(self, x: float, y: float, keys: Keys, mode: Mode = Mode.FREE) -> Box:
        """The box when what was taken is now at (x, y). CanvasError where no such shape exists."""
        if self.grip is Grip.MOVE:
            return self._moved(x, y, keys)
        if self.grip is Grip.TURN:
            return self._turned(x, y, keys)
        if self.grip is Grip.PIVOT:
            back = self.box._back(x, y)
            return self.box if back is None else replace(self.box, pivot=self._caught(back))
        corner = 0 not in self.side
        if mode is Mode.DISTORT or (keys.control and corner):
            return self._pulled(x, y, mirrored=False)
        if mode is Mode.PERSPECTIVE and corner:
            return self._pulled(x, y, mirrored=True)
        return self._sheared(x, y, keys) if keys.control else self._scaled(x, y, keys)

    def _moved(self, x: float, y: float, keys: Keys) -> Box:
        dx, dy = x - self.start[0], y - self.start[1]
        if keys.shift:
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        return self.box.then(translation(round(dx), round(dy)))

    def _turned(self, x: float, y: float, keys: Keys) -> Box:
        px, py = self.box.pivot_now
        before = math.atan2(self.start[1] - py, self.start[0] - px)
        angle = math.degrees(math.atan2(y - py, x - px) - before)
        if keys.shift:
            numbers = self.box.numbers()
            stood = numbers.angle if numbers is not None else 0.0
            angle = round((stood + angle) / TURN_STEP) * TURN_STEP - stood
        return self.box.then(about(rotation(angle), px, py))

    def _caught(self, spot: Spot) -> Spot:
        """The pivot catches the middle and the handles when it comes near them."""
        near = 0.02 * max(self.box.bounds.width, self.box.bounds.height)
        for sx in (-1, 0, 1):
            for sy in (-1, 0, 1):
                place = self.box.place((sx, sy))
                if math.hypot(place[0] - spot[0], place[1] - spot[1]) <= near:
                    return place
        return spot

    def _target(self, x: float, y: float) -> Spot:
        """Where the handle itself would be: the pointer took it a little beside its middle."""
        held = self.box.handles[self.side]
        x, y = held[0] + x - self.start[0], held[1] + y - self.start[1]
        upright = is_affine(self.box.matrix) and abs(self.box.matrix[0, 1]) + abs(self.box.matrix[1, 0]) < 1e-9
        return (round(x), round(y)) if upright else (x, y)

    def _scaled(self, x: float, y: float, keys: Keys) -> Box:
        box, (side_x, side_y) = self.box, self.side
        spot = box._back(*self._target(x, y))
        if spot is None:
            return box
        fixed = box.pivot if keys.alt else box.place((-side_x, -side_y))
        held = box.place(self.side)
        reach = (held[0] - fixed[0], held[1] - fixed[1])
        pull = (spot[0] - fixed[0], spot[1] - fixed[1])
        sx = pull[0] / reach[0] if side_x and reach[0] else 1.0
        sy = pull[1] / reach[1] if side_y and reach[1] else 1.0
        if keys.shift:
            if side_x and side_y:
                length = reach[0] ** 2 + reach[1] ** 2
                sx = sy = (reach[0] * pull[0] + reach[1] * pull[1]) / length if length else 1.0
            else:
                sx = sy = sx if side_x else sy
        sx, sy = _kept(sx, box.bounds.width), _kept(sy, box.bounds.height)
        return replace(box, matrix=box.matrix @ about(scaling(sx, sy), *fixed))

    def _sheared(self, x: float, y: float, keys: Keys) -> Box:
        """A side slides along itself; the opposite side, or with Alt the pivot, stays."""
        box, (side_x, side_y) = self.box, self.side
        spot, held = box._back(*self._target(x, y)), box.place(self.side)
        if spot is None:
            return box
        fixed = box.pivot if keys.alt else box.place((-side_x, -side_y))
        slide = identity()
        if side_y:
            slide[0, 1] = (spot[0] - held[0]) / ((held[1] - fixed[1]) or 1.0)
        else:
            slide[1, 0] = (spot[1] - held[1]) / ((held[0] - fixed[0]) or 1.0)
        return replace(box, matrix=box.matrix @ about(slide, *fixed))

    def _pulled(self, x: float, y: float, mirrored: bool) -> Box:
        """Corners go where the pointer is; `mirrored` moves the neighbour along the pull the other way."""
        spots = list(self.box.corners)
        dx, dy = x - self.start[0], y - self.start[1]
        moving = [index for index, (cx, cy) in enumerate(RING) if self.side[0] in (0, cx) and self.side[1] in (0, cy)]
        for index in moving:
            spots[index] = (spots[index][0] + dx, spots[index][1] + dy)
        if mirrored and len(moving) == 1:
            other, along = self._partner(moving[0], (dx, dy))
            spots[moving[0]] = _plus(self.box.corners[moving[0]], along)
            spots[other] = _plus(self.box.corners[other], (-along[0], -along[1]))
        return replace(self.box, matrix=onto(corners(self.box.bounds), spots))

    def _partner(self, corner: int, pull: Spot) -> tuple[int, Spot]:
        """The neighbour on that side along which the pull goes further, and the pull along that side."""
        spots = self.box.corners
        best: tuple[float, int, Spot] = (-1.0, (corner + 1) % 4, (0.0, 0.0))
        for other in ((corner + 1) % 4, (corner - 1) % 4):
            ex, ey = spots[other][0] - spots[corner][0], spots[other][1] - spots[corner][1]
            length = math.hypot(ex, ey) or 1.0
            share = (pull[0] * ex + pull[1] * ey) / (length * length)
            if abs(share) * length > best[0]:
                best = (abs(share) * length, other, (share * ex, share * ey))
        return best[1], best[2]


def _kept(scale: float, side: int) -> float:
    """A scale under which a side keeps at least a pixel."""
    least = SMALLEST / max(side, 1)
    return scale if abs(scale) >= least else math.copysign(least, scale)


def _plus(spot: Spot, by: Spot) -> Spot:
    return spot[0] + by[0], spot[1] + by[1]


def is_possible(box: Box) -> bool:
    """Whether the whole box lies in front of the horizon."""
    try:
        return all(math.isfinite(value) for spot in box.corners for value in spot)
    except (ValueError, CanvasError):
        return False
