"""From pen events to dabs: the hand calmed, a smooth curve through the points, even spacing along it."""

import math
from typing import NamedTuple

from canvas.brush import BrushSettings
from canvas.stabiliser import USUAL_SECONDS, stabiliser_for

STEP = 4.0  # length of the straight pieces that a curve is drawn with, in pixels
FULL_SPEED = 3000.0  # pixels a second
FULL_LENGTH = 20.0  # diameters
SPEED_SECONDS = 0.04  # speed is averaged over about this time


class Pose(NamedTuple):
    """How the pen is held."""

    tilt: float = 0.0
    "0 upright, 1 flat on the tablet."
    tilt_direction: float = 0.0
    "Degrees clockwise from east towards which it leans."
    rotation: float = 0.0
    "Degrees clockwise that its barrel is turned."


UPRIGHT = Pose()


class Dab(NamedTuple):
    """Where one dab goes, and how the pen was there."""

    x: float
    y: float
    pressure: float = 1.0
    tilt: float = 0.0
    tilt_direction: float = 0.0
    rotation: float = 0.0
    speed: float = 0.0
    "0 to 1."
    length: float = 0.0
    "Of the stroke up to here, 0 to 1."
    direction: float = 0.0
    "Degrees clockwise from east in which the line goes."


class StrokePath:
    """One gesture. The curve runs one event behind the pen, and `finish` brings it to the end."""

    def __init__(self, settings: BrushSettings) -> None:
        self._settings = settings
        self._stabiliser = stabiliser_for(settings)
        self._rich = not settings.is_plain  # plain dabs need no more than pressure
        follows = settings.angle_follows == "direction" or any(d.input == "direction" for d in settings.dynamics)
        self._waits = self._rich and follows  # for a second point, which says where the line goes
        self._points: list[Dab] = []
        self._pen: Dab | None = None
        self._time = 0.0
        self._speed = 0.0
        self._to_next = 0.0
        self._length = 0.0

    @property
    def brush_at(self) -> tuple[float, float] | None:
        """Where the brush is, which may be behind the pen; None before the first event."""
        return self._points[-1][:2] if self._points else None

    def add(self, x: float, y: float, pressure: float, seconds: float, pose: Pose = UPRIGHT) -> list[Dab]:
        """The dabs that a pen event makes certain; the first one at once."""
        pen = self._pen = Dab(x, y, min(max(pressure, 0.0), 1.0), *pose)
        if self._stabiliser is not None:
            x, y = self._stabiliser.follow(x, y, seconds)
        if self._rich:
            self._pen = pen = pen._replace(speed=self._measured(x, y, seconds))
        self._time = seconds
        return self._reach(pen._replace(x=x, y=y))

    def line_to(self, x: float, y: float, pressure: float, seconds: float, pose: Pose = UPRIGHT) -> list[Dab]:
        """The dabs of a straight line from where the brush is; the stroke goes on from its end."""
        if not self._points:
            return self.add(x, y, pressure, seconds, pose)
        dabs = self._rest()
        here = self._pen = Dab(x, y, min(max(pressure, 0.0), 1.0), *pose)
        self._walk(self._points[-1], here, dabs)
        self._points = [here]
        self._time = seconds
        if self._stabiliser is not None:
            self._stabiliser.jump(x, y, seconds)
        return dabs

    def finish(self) -> list[Dab]:
        """The rest of the curve; with most stabilisers up to where the pen really was."""
        if self._pen is None:
            return []
        dabs: list[Dab] = []
        stays = self._stabiliser is not None and not self._stabiliser.catches_up
        if not stays and self._pen[:2] != self._points[-1][:2]:
            dabs = self._reach(self._pen)
        dabs += self._rest()
        if self._waits and self._length == 0 and not dabs:
            return self._points[-1:]
        return dabs

    def _rest(self) -> list[Dab]:
        if len(self._points) < 2:
            return []
        return self._curve(self._points[-2], self._points[-1], self._points[-1])

    def _measured(self, x: float, y: float, seconds: float) -> float:
        """The speed now, 0 to 1."""
        if not self._points:
            return 0.0
        passed = seconds - self._time
        passed = passed if 0 < passed < 1 else USUAL_SECONDS
        now = math.hypot(x - self._points[-1].x, y - self._points[-1].y) / passed
        self._speed += (now - self._speed) * (1 - math.exp(-passed / SPEED_SECONDS))
        return min(self._speed / FULL_SPEED, 1.0)

    def _reach(self, point: Dab) -> list[Dab]:
        points = self._points
        if not points:
            points.append(point)
            if self._waits:
                return []
            self._to_next = self._gap(point.pressure)
            return [point]
        if point[:2] == points[-1][:2]:
            points[-1] = points[-1]._replace(pressure=max(point.pressure, points[-1].pressure))
            return []
        points.append(point)
        if len(points) == 2:
            return []
        dabs = self._curve(points[-3], points[-2], points[-1])
        if len(points) > 3:
            del points[0]
        return dabs

    def _curve(self, start: Dab, end: Dab, after: Dab) -> list[Dab]:
        """Dabs along the Catmull-Rom piece from start to end."""
        index = len(self._points) - (2 if after is end else 3)
        before = self._points[index - 1] if index > 0 else start
        pieces = max(1, min(256, math.ceil(math.hypot(end.x - start.x, end.y - start.y) / STEP)))
        dabs: list[Dab] = []
        last = start
        for step in range(1, pieces + 1):
            here = _catmull_rom(before, start, end, after, step / pieces) if step < pieces else end
            if self._rich and step < pieces:
                here = _mixed(start, end, step / pieces, here)
            self._walk(last, here, dabs)
            last = here
        return dabs

    def _walk(self, start: Dab, end: Dab, dabs: list[Dab]) -> None:
        """Dabs along a straight piece; the distance left over carries on into the next one."""
        dx, dy = end.x - start.x, end.y - start.y
        length = math.hypot(dx, dy)
        at = self._to_next
        if length == 0:
            return
        direction = math.degrees(math.atan2(dy, dx)) if self._rich else 0.0
        pressing = end.pressure - start.pressure
        while at <= length:
            part = at / length
            pressure = start.pressure + pressing * part
            dab = Dab(start.x + dx * part, start.y + dy * part, pressure)
            if self._rich:
                gone = min((self._length + at) / (FULL_LENGTH * self._settings.size), 1.0)
                dab = _mixed(start, end, part, dab)._replace(length=gone, direction=direction)
            dabs.append(dab)
            at += self._gap(pressure)
        self._to_next = at - length
        self._length += length

    def _gap(self, pressure: float) -> float:
        return max(0.5, self._settings.spacing * self._settings.size_at(pressure))


def _mixed(start: Dab, end: Dab, part: float, place: Dab) -> Dab:
    """The dab with the pose between two others."""
    return Dab(
        place.x,
        place.y,
        place.pressure,
        start.tilt + (end.tilt - start.tilt) * part,
        _turned(start.tilt_direction, end.tilt_direction, part),
        _turned(start.rotation, end.rotation, part),
        start.speed + (end.speed - start.speed) * part,
    )


def _turned(start: float, end: float, part: float) -> float:
    """Between two angles, the short way round."""
    return start + ((end - start + 180.0) % 360.0 - 180.0) * part


def _catmull_rom(p0: Dab, p1: Dab, p2: Dab, p3: Dab, t: float) -> Dab:
    t2, t3 = t * t, t * t * t
    w0, w1 = -t3 + 2 * t2 - t, 3 * t3 - 5 * t2 + 2
    w2, w3 = -3 * t3 + 4 * t2 + t, t3 - t2
    return Dab(
        (w0 * p0.x + w1 * p1.x + w2 * p2.x + w3 * p3.x) / 2,
        (w0 * p0.y + w1 * p1.y + w2 * p2.y + w3 * p3.y) / 2,
        p1.pressure + (p2.pressure - p1.pressure) * t,
    )
