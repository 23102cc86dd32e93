"""3x3 matrices in canvas coordinates: moves, turns, scalings, flips and perspectives."""

import math

import numpy as np

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.resample import Corners, Matrix

SMALLEST = 0.5
"Canvas pixels: nothing can be made smaller than this."


def identity() -> Matrix:
    """Leaves everything where it is."""
    return np.eye(3)


def translation(dx: float, dy: float) -> Matrix:
    """Moves by canvas pixels."""
    return np.array([[1, 0, dx], [0, 1, dy], [0, 0, 1]], np.float64)


def rotation(degrees: float) -> Matrix:
    """Turns clockwise about the origin; quarter turns are exact."""
    quarter = {0.0: (1, 0), 90.0: (0, 1), 180.0: (-1, 0), 270.0: (0, -1)}.get(degrees % 360)
    c, s = quarter or (math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]], np.float64)


def scaling(sx: float, sy: float, shear: float = 0.0) -> Matrix:
    """Scales about the origin; `shear` moves x by that share of y first."""
    return np.array([[sx, sx * shear, 0], [0, sy, 0], [0, 0, 1]], np.float64)


def about(matrix: Matrix, x: float, y: float) -> Matrix:
    """The same about another fixed point."""
    return translation(x, y) @ matrix @ translation(-x, -y)


def quarter_turn(degrees: float, bounds: Bounds) -> Matrix:
    """A turn by 90, 180 or 270 degrees about the middle of the bounds, moved so that pixels land on pixels."""
    turned = about(rotation(degrees), *bounds.center)
    turned[:2, 2] = np.floor(turned[:2, 2])
    return turned


def flip(bounds: Bounds, horizontal: bool) -> Matrix:
    """Left and right (or top and bottom) of the bounds change places."""
    middle = bounds.center
    return about(scaling(-1, 1) if horizontal else scaling(1, -1), middle.x, middle.y)


def onto(source: Corners, target: Corners) -> Matrix:
    """The perspective that takes four corners to four others. CanvasError where no such view exists.

    Both go round the same way; the target must be convex: a corner pulled across an edge has no perspective.
    """
    turns = [_turn(target[i - 2], target[i - 1], target[i]) for i in range(4)]
    if not (min(turns) > SMALLEST or max(turns) < -SMALLEST):
        raise CanvasError("The corners must not cross or lie on one line. Pull this corner further out.")
    rows: list[list[float]] = []
    values: list[float] = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        values.extend((u, v))
    found = np.linalg.solve(np.array(rows, np.float64), np.array(values, np.float64))
    return np.append(found, 1.0).reshape(3, 3)


def cross(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Twice the area of the triangle of the origin and two points, with its sign."""
    return a[0] * b[1] - a[1] * b[0]


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
