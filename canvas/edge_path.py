"""Live-wire: the way between two points that keeps to the edges of a picture.

After Mortensen & Barrett, "Intelligent scissors for image composition", SIGGRAPH 1995: each pixel costs little on
a strong gradient and much off it, and the cheapest way from the pointer back to the anchor is shown while the
pointer moves. All distances from one anchor are found at once; each way is then a walk downhill. In place of
Dijkstra's queue, whole rows are relaxed together, outwards and inwards in turns: milliseconds with numpy.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Cell = tuple[int, int]
CHEAPEST = 0.02
DIAGONAL = math.sqrt(2.0)
FAINTEST = 24.0
"""A gradient below this (0..1020 per channel) is grain, even where nothing stronger is near."""
SWEEPS = 2
FAR = np.float32(1e9)
STEPS = np.array([[DIAGONAL, 1, DIAGONAL], [1, np.inf, 1], [DIAGONAL, 1, DIAGONAL]], np.float32)


def edge_costs(pixels: Pixels) -> Costs:
    """What a step onto each cell costs, (h, w) in 0.02..1.02: the stronger the gradient, the less.

    `pixels` is (h, w, channels); the channel with the strongest gradient counts.
    """
    strength = np.zeros(pixels.shape[:2], np.float32)
    for channel in range(min(pixels.shape[2], 3)):
        plane = np.ascontiguousarray(pixels[..., channel])
        across = cv2.Sobel(plane, cv2.CV_32F, 1, 0, borderType=cv2.BORDER_REPLICATE)
        down = cv2.Sobel(plane, cv2.CV_32F, 0, 1, borderType=cv2.BORDER_REPLICATE)
        np.maximum(strength, cv2.magnitude(across, down), out=strength)
    # Faint edges matter where nothing stronger is near, so strength counts against the surroundings.
    around = cv2.blur(cv2.dilate(strength, np.ones((15, 15), np.uint8)), (31, 31), borderType=cv2.BORDER_REPLICATE)
    share = np.clip(strength / np.maximum(around, FAINTEST), 0, 1)
    return (CHEAPEST + (1 - share) ** 2).astype(np.float32)


class EdgePaths:
    """All cheapest ways from the middle of a window of costs, with an odd number of rows and columns."""

    def __init__(self, costs: Costs) -> None:
        self.anchor = (costs.shape[1] // 2, costs.shape[0] // 2)
        self._costs = costs
        self._distance = _distances(costs)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the window in cells."""
        return self._costs.shape[1], self._costs.shape[0]

    def path_to(self, cell: Cell) -> list[Cell]:
        """The cells from the anchor to a cell (clamped into the window), each touching the next."""
        width, height = self.size
        x, y = min(max(cell[0], 0), width - 1), min(max(cell[1], 0), height - 1)
        way = [(x, y)]
        distance = self._distance
        while (x, y) != self.anchor:
            left, top = max(x - 1, 0), max(y - 1, 0)
            near = distance[top : y + 2, left : x + 2]
            steps = STEPS[top - y + 1 : top - y + 1 + near.shape[0], left - x + 1 : left - x + 1 + near.shape[1]]
            row, column = divmod(int((near + steps * self._costs[y, x]).argmin()), near.shape[1])
            if near[row, column] >= distance[y, x]:  # rounding, at most
                way.append(self.anchor)
                break
            x, y = left + column, top + row
            way.append((x, y))
        way.reverse()
        return way


def strongest_near(costs: Costs, cell: Cell, reach: int) -> Cell:
    """The cheapest cell within `reach` cells of one, the nearest of equals: where an anchor snaps to."""
    height, width = costs.shape
    x, y = min(max(cell[0], 0), width - 1), min(max(cell[1], 0), height - 1)
    left, top = max(x - reach, 0), max(y - reach, 0)
    part = costs[top : y + reach + 1, left : x + reach + 1]
    rows, columns = np.indices(part.shape)
    away = np.hypot(rows + top - y, columns + left - x)
    score = part + (away / max(reach, 1)) * 0.2
    score[away > reach] = np.inf
    row, column = divmod(int(score.argmin()), part.shape[1])
    return (left + column, top + row) if part[row, column] < costs[y, x] - 0.1 else (x, y)


def smoothed_path(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A path without the stairs of its cells: each inner point in the middle of its neighbours and itself."""
    if len(points) < 3:
        return points
    line = np.array(points)
    line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    return [(float(x), float(y)) for x, y in line]


def _distances(costs: Costs) -> Costs:
    """Cheapest sums from the middle cell. Rows at the same distance from the middle row are relaxed together."""
    middle = costs.shape[0] // 2
    folded = _Folded(np.stack([costs[middle:], costs[middle::-1]], axis=1))
    folded.distance[0, :, costs.shape[1] // 2] = 0
    folded.along(0)
    outwards, inwards = range(1, middle + 1), range(middle - 1, -1, -1)
    for _ in range(SWEEPS):
        for k in outwards:
            folded.across(k, k - 1)
            folded.along(k)
        for k in inwards:
            folded.across(k, k + 1)
            folded.along(k)
    down, up = folded.distance[:, 0], folded.distance[:, 1]
    return np.concatenate([up[:0:-1], down])


class _Folded:
    """A window folded along its middle row: [k] holds the rows k below and k above it, (2, width)."""

    def __init__(self, costs: Costs) -> None:
        self._costs = costs
        self._slant = costs * np.float32(DIAGONAL)
        self._sums = np.cumsum(costs, axis=2)
        self._before = self._sums - costs
        self.distance = np.full(costs.shape, FAR, np.float32)

    def across(self, k: int, beside: int) -> None:
        """Relax two rows from their neighbours, straight and slanting."""
        row, other, slant = self.distance[k], self.distance[beside], self._slant[k]
        np.minimum(row, other + self._costs[k], out=row)
        np.minimum(row[:, 1:], other[:, :-1] + slant[:, 1:], out=row[:, 1:])
        np.minimum(row[:, :-1], other[:, 1:] + slant[:, :-1], out=row[:, :-1])
        if k == 0:
            row[:] = row.min(axis=0)

    def along(self, k: int) -> None:
        """Relax two rows in themselves, both ways: the least of d[j] + (costs from j to x) is a running minimum."""
        row, sums, before = self.distance[k], self._sums[k], self._before[k]
        np.minimum(row, np.minimum.accumulate(row - sums, axis=1) + sums, out=row)
        turned = np.minimum.accumulate((row + before)[:, ::-1], axis=1)[:, ::-1]
        np.minimum(row, turned - before, out=row)
