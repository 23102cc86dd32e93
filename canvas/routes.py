"""Routes: lines over the canvas along which a painting grows; part of the document, not of the picture."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from canvas.errors import CanvasError

Spot: TypeAlias = tuple[int, int]
"A canvas pixel."
Line: TypeAlias = tuple[tuple[float, float], ...]
"A polyline in canvas pixels."

MOST_POINTS, MOST_STRETCHES, LONGEST_PROMPT = 2000, 100, 20_000
WIDTHS = (32, 4096)
"Narrowest and widest band, canvas pixels."
OVERLAPS = (10, 80)
"Least and most overlap, per cent."
FARTHEST = 1 << 30
MOST_SEED = 2**63 - 1
ROUND = 12
"Pieces of a bend between two points."


@dataclass(frozen=True)
class Stretch:
    """A part of a route with words of its own; it ends where the next one begins."""

    first: int
    "Number of the point at which it begins, from 0."
    prompt: str
    "What is painted along it."


@dataclass(frozen=True)
class Route:
    """A line with a width, what is painted along it, and how far that has come."""

    points: tuple[Spot, ...]
    "At least two, in the order of the journey."
    curved: bool = False
    "Whether the line bends smoothly through its points; else it has corners."
    width: int = 256
    "Of the band that is painted, canvas pixels."
    overlap: int = 40
    "How much of every window is known before it is painted, per cent."
    stretches: tuple[Stretch, ...] = (Stretch(0, ""),)
    "In the order of the journey; the first begins at the first point."
    seed: int = 0
    "Of the noise that all windows share."
    layer_id: str = ""
    "The layer that its pictures lie on; empty before the first."
    painted: int = 0
    "How many windows were painted so far."

    def line(self) -> tuple[Line, tuple[int, ...]]:
        """The line as it is drawn, and where in it each of the points is."""
        if not self.curved or len(self.points) < 3:
            return tuple((float(x), float(y)) for x, y in self.points), tuple(range(len(self.points)))
        found: list[tuple[float, float]] = []
        places = [0]
        for number in range(len(self.points) - 1):
            found.extend(_bend(self.points, number))
            places.append(len(found))
        found.append((float(self.points[-1][0]), float(self.points[-1][1])))
        return tuple(found), tuple(places)

    def parts(self) -> tuple[Line, ...]:
        """The line of every stretch."""
        line, places = self.line()
        starts = [places[one.first] for one in self.stretches]
        ends = [*starts[1:], len(line) - 1]
        return tuple(line[start : end + 1] for start, end in zip(starts, ends, strict=True))

    def stretch_of(self, point: int) -> int:
        """Number of the stretch that leads on from a point."""
        return max(number for number, one in enumerate(self.stretches) if one.first <= point)

    def with_prompt(self, stretch: int, prompt: str) -> Route:
        """Other words for one stretch."""
        changed = tuple(
            replace(one, prompt=prompt[:LONGEST_PROMPT]) if number == stretch else one
            for number, one in enumerate(self.stretches)
        )
        return replace(self, stretches=changed)

    def with_point(self, number: int, spot: Spot) -> Route:
        """One point somewhere else."""
        return replace(self, points=(*self.points[:number], spot, *self.points[number + 1 :]))

    def without_point(self, number: int) -> Route:
        """One point fewer; a stretch that began there begins at the next one. Two points stay."""
        if len(self.points) <= 2:
            return self
        points = self.points[:number] + self.points[number + 1 :]
        moved = [replace(one, first=one.first - (one.first > number)) for one in self.stretches]
        kept = [
            one
            for one, following in zip(moved, [*moved[1:], Stretch(len(points) - 1, "")], strict=True)
            if one.first < following.first
        ]
        return replace(self, points=points, stretches=(replace(kept[0], first=0), *kept[1:]))

    def split_at(self, at: tuple[float, float]) -> Route:
        """A new stretch, with the words of the one before, from the place on the line that is nearest to `at`."""
        number, spot = self.nearest(at)
        if spot == self.points[number]:
            return self._split(number)
        if spot == self.points[number + 1]:
            return self._split(number + 1)
        points = (*self.points[: number + 1], spot, *self.points[number + 1 :])
        moved = tuple(replace(one, first=one.first + (one.first > number)) for one in self.stretches)
        return replace(self, points=points, stretches=moved)._split(number + 1)

    def _split(self, point: int) -> Route:
        if not 0 < point < len(self.points) - 1 or any(one.first == point for one in self.stretches):
            return self
        before = self.stretches[self.stretch_of(point)]
        stretches = sorted((*self.stretches, Stretch(point, before.prompt)), key=lambda one: one.first)
        return replace(self, stretches=tuple(stretches))

    def joined(self, stretch: int) -> Route:
        """One stretch becomes a part of the one before it; the first takes the second in."""
        gone = max(stretch, 1)
        return replace(self, stretches=self.stretches[:gone] + self.stretches[gone + 1 :])

    def nearest(self, at: tuple[float, float]) -> tuple[int, Spot]:
        """The place on the line that is nearest: the point before it, and the place itself."""
        line, places = self.line()
        best = (math.inf, 0, (0.0, 0.0))
        for number, (start, end) in enumerate(itertools.pairwise(line)):
            foot = nearest_between(start, end, at)
            best = min(best, (math.dist(foot, at), number, foot))
        before = max(place for place, index in enumerate(places[:-1]) if index <= best[1])
        return before, (round(best[2][0]), round(best[2][1]))

    def distance(self, at: tuple[float, float]) -> float:
        """Canvas pixels from a place to the line."""
        return math.dist(self.nearest(at)[1], at)


def nearest_between(
    start: tuple[float, float], end: tuple[float, float], at: tuple[float, float]
) -> tuple[float, float]:
    """The place between two others that is nearest to a third."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    part = 0.0 if length == 0 else ((at[0] - start[0]) * dx + (at[1] - start[1]) * dy) / length
    part = min(max(part, 0.0), 1.0)
    return start[0] + part * dx, start[1] + part * dy


def _bend(points: Sequence[Spot], number: int) -> list[tuple[float, float]]:
    """The bend from one point to the next, without its end: a Catmull-Rom spline that does not loop (centripetal)."""
    p1, p2 = points[number], points[number + 1]
    p0 = points[number - 1] if number else (2 * p1[0] - p2[0], 2 * p1[1] - p2[1])
    p3 = points[number + 2] if number + 2 < len(points) else (2 * p2[0] - p1[0], 2 * p2[1] - p1[1])
    knots = [0.0]
    for start, end in ((p0, p1), (p1, p2), (p2, p3)):
        knots.append(knots[-1] + max(math.dist(start, end), 1e-3) ** 0.5)
    found: list[tuple[float, float]] = []
    for step in range(ROUND):
        t = knots[1] + (knots[2] - knots[1]) * step / ROUND
        a1 = _mixed(p0, p1, (t - knots[0]) / (knots[1] - knots[0]))
        a2 = _mixed(p1, p2, (t - knots[1]) / (knots[2] - knots[1]))
        a3 = _mixed(p2, p3, (t - knots[2]) / (knots[3] - knots[2]))
        b1 = _mixed(a1, a2, (t - knots[0]) / (knots[2] - knots[0]))
        b2 = _mixed(a2, a3, (t - knots[1]) / (knots[3] - knots[1]))
        found.append(_mixed(b1, b2, (t - knots[1]) / (knots[2] - knots[1])))
    return found


def _mixed(start: tuple[float, float], end: tuple[float, float], part: float) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def route_to_json(route: Route | None) -> dict[str, Any] | None:
    """As stored in a project file; null for none."""
    if route is None:
        return None
    return {
        "points": [list(point) for point in route.points],
        "curved": route.curved,
        "width": route.width,
        "overlap": route.overlap,
        "stretches": [[one.first, one.prompt] for one in route.stretches],
        "seed": route.seed,
        "layer": route.layer_id,
        "painted": route.painted,
    }


def route_from_json(data: object) -> Route | None:
    """What `route_to_json` made. Raises CanvasError for whatever makes no sense."""
    if data is None:
        return None
    try:
        return _read(data)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise CanvasError(f"the route {str(data)[:80]!r} makes no sense here ({error})") from error


def _read(data: Any) -> Route:
    points = tuple((_whole(x, -FARTHEST, FARTHEST), _whole(y, -FARTHEST, FARTHEST)) for x, y in data["points"])
    stretches = tuple(Stretch(_whole(first, 0, len(points) - 2), _text(prompt)) for first, prompt in data["stretches"])
    firsts = [one.first for one in stretches]
    if not 2 <= len(points) <= MOST_POINTS or not 1 <= len(stretches) <= MOST_STRETCHES:
        raise ValueError("too many or too few points")
    if firsts[0] != 0 or firsts != sorted(set(firsts)):
        raise ValueError("its stretches are in no order")
    return Route(
        points,
        bool(data["curved"]),
        _whole(data["width"], *WIDTHS),
        _whole(data["overlap"], *OVERLAPS),
        stretches,
        _whole(data["seed"], 0, MOST_SEED),
        _text(data["layer"]),
        _whole(data["painted"], 0, FARTHEST),
    )


def _whole(value: object, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{value!r} is not a number from {low} to {high}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_PROMPT:
        raise TypeError(f"{str(value)[:20]!r} is not a text")
    return value
