"""The calm hand: two ways to take the tremor out of a line, both without any wait."""

import math
from typing import Protocol

from canvas.brush import BrushSettings

USUAL_SECONDS = 1 / 120


class Stabiliser(Protocol):
    """Says where the brush is when the pen is somewhere."""

    @property
    def catches_up(self) -> bool:
        """Whether the stroke ends where the pen was lifted."""
        ...

    def follow(self, x: float, y: float, seconds: float) -> tuple[float, float]:
        """The brush's position for a pen event; `seconds` is a clock that only goes forward."""
        ...

    def jump(self, x: float, y: float, seconds: float) -> None:
        """Begin anew from here."""
        ...


class _OneEuro:
    """A low-pass filter that lets fast movement through (Casiez, Roussel, Vogel 2012)."""

    def __init__(self, cutoff: float, slope: float) -> None:
        self._cutoff = cutoff
        self._slope = slope
        self._value: float | None = None
        self._speed = 0.0

    def reset(self, value: float) -> None:
        self._value, self._speed = value, 0.0

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


class Smooth:
    """Slow movement is calmed much, fast movement hardly."""

    catches_up = True

    def __init__(self, calm: float) -> None:
        """`calm` 0 to 1."""
        cutoff, slope = 12.0 * (1.0 - calm) ** 2 + 0.4, 0.03 * (1.0 - 0.8 * calm)
        self._across, self._down = _OneEuro(cutoff, slope), _OneEuro(cutoff, slope)
        self._time = 0.0

    def follow(self, x: float, y: float, seconds: float) -> tuple[float, float]:
        """The calmed position."""
        passed = seconds - self._time
        passed = passed if 0 < passed < 1 else USUAL_SECONDS
        self._time = seconds
        return self._across.step(x, passed), self._down.step(y, passed)

    def jump(self, x: float, y: float, seconds: float) -> None:
        """Begin anew from here."""
        self._across.reset(x)
        self._down.reset(y)
        self._time = seconds


class PulledString:
    """The brush hangs on a string: it moves only while the string is tight, and then straight to the pen."""

    catches_up = False

    def __init__(self, length: float) -> None:
        """`length` in canvas pixels."""
        self._length = length
        self._at: tuple[float, float] | None = None

    def follow(self, x: float, y: float, seconds: float) -> tuple[float, float]:
        """Where the string's end was drawn to."""
        del seconds
        if self._at is None:
            self._at = (x, y)
        dx, dy = x - self._at[0], y - self._at[1]
        away = math.hypot(dx, dy)
        if away > self._length:
            part = (away - self._length) / away
            self._at = (self._at[0] + dx * part, self._at[1] + dy * part)
        return self._at

    def jump(self, x: float, y: float, seconds: float) -> None:
        """Begin anew from here."""
        del seconds
        self._at = (x, y)


def stabiliser_for(settings: BrushSettings) -> Stabiliser | None:
    """The one that a brush asks for; None when the brush is exactly at the pen."""
    if settings.stabiliser == "string" and settings.string_length > 0:
        return PulledString(settings.string_length)
    if settings.stabiliser == "smooth" and settings.smoothing > 0:
        return Smooth(settings.smoothing)
    return None
