"""From pen events to dabs: the hand calmed, a smooth curve through the points, even spacing along it."""

import math
from typing import NamedTuple

from canvas.brush import BrushSettings

STEP = 4.0  # length of the straight pieces that a curve is drawn with, in pixels
USUAL_SECONDS = 1 / 120


class Dab(NamedTuple):
    """Where one dab goes."""

    x: float
    y: float
    pressure: float


class _OneEuro:
    """A low-pass filter that lets fast movement through (Casiez, Roussel, Vogel 2012)."""

    def __init__(self, cutoff: float, slope: float) -> None:
        self._cutoff = cutoff
        self._slope = slope
        self._value: float | None = None
        self._speed = 0.0

    def step(self, value: float, seconds: float) -> float:
        if self._value is None:
            self._value = value
            return value
        self._speed += _share(1.0, seconds) * ((value - self._value) / seconds - self._speed)
        cutoff = self._cutoff + self._slope * abs(self._speed)
        self._value += _share(cutoff, seconds) * (value - self._value)
        return self._value


def _share(cutoff: float, seconds: float) -> float:
    return 1.0 / (1.0 + 1.0 / (2 * math.pi * cutoff * seconds))


class StrokePath:
    """One gesture. The curve runs one event behind the pen, and `finish` brings it to the end."""

    def __init__(self, settings: BrushSettings) -> None:
        self._settings = settings
        calm = settings.smoothing
        self._filters: tuple[_OneEuro, _OneEuro] | None = None
        if calm > 0:
            cutoff, slope = 12.0 * (1.0 - calm) ** 2 + 0.4, 0.03 * (1.0 - 0.8 * calm)
            self._filters = (_OneEuro(cutoff, slope), _OneEuro(cutoff, slope))
        self._points: list[Dab] = []
        self._pen: Dab | None = None
        self._time = 0.0
        self._to_next = 0.0

    def add(self, x: float, y: float, pressure: float, seconds: float) -> list[Dab]:
        """The dabs that a pen event makes certain; the first one at once."""
        pressure = min(max(pressure, 0.0), 1.0)
        self._pen = Dab(x, y, pressure)
        if self._filters is not None:
            passed = seconds - self._time
            passed = passed if 0 < passed < 1 else USUAL_SECONDS
            x, y = self._filters[0].step(x, passed), self._filters[1].step(y, passed)
        self._time = seconds
        return self._reach(Dab(x, y, pressure))

    def finish(self) -> list[Dab]:
        """The rest of the curve, up to where the pen really was."""
        if self._pen is None:
            return []
        dabs = self._reach(self._pen) if self._pen[:2] != self._points[-1][:2] else []
        if len(self._points) > 1:
            dabs += self._curve(self._points[-2], self._points[-1], self._points[-1])
        return dabs

    def _reach(self, point: Dab) -> list[Dab]:
        points = self._points
        if not points:
            points.append(point)
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
        pressing = end.pressure - start.pressure
        while at <= length:
            part = at / length
            pressure = start.pressure + pressing * part
            dabs.append(Dab(start.x + dx * part, start.y + dy * part, pressure))
            at += self._gap(pressure)
        self._to_next = at - length

    def _gap(self, pressure: float) -> float:
        return max(0.5, self._settings.spacing * self._settings.size_at(pressure))


def _catmull_rom(p0: Dab, p1: Dab, p2: Dab, p3: Dab, t: float) -> Dab:
    t2, t3 = t * t, t * t * t
    w0, w1 = -t3 + 2 * t2 - t, 3 * t3 - 5 * t2 + 2
    w2, w3 = -3 * t3 + 4 * t2 + t, t3 - t2
    return Dab(
        (w0 * p0.x + w1 * p1.x + w2 * p2.x + w3 * p3.x) / 2,
        (w0 * p0.y + w1 * p1.y + w2 * p2.y + w3 * p3.y) / 2,
        p1.pressure + (p2.pressure - p1.pressure) * t,
    )
