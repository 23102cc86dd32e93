"""Samples of brushes: one really painted stroke each, made a few milliseconds at a time so that nothing waits."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from canvas.brush import BrushSettings
from canvas.geometry import TILE
from canvas.grains import grain_window
from canvas.layers import PaintLayer
from canvas.selection import Selection
from canvas.stroke import Stroke
from canvas.tips import shaped_dab
from desktop.naming import named

TURN_SECONDS = 0.003
"""What one turn of the event loop may spend."""
WAIT_MS = 3
POINTS = 48
MOST_KEPT = 600


@dataclass(frozen=True)
class SampleSpec:
    """Which sample: equal ones are painted once."""

    settings: BrushSettings
    width: int
    "Device pixels."
    height: int
    "Device pixels."
    ink: int
    "Colour, 0xAARRGGBB."
    ratio: float = 1.0
    "Device pixels per logical pixel."
    zoom: float = 1.0
    "Sample pixels per pixel of the brush."

    def shown(self) -> BrushSettings:
        """The brush as the sample shows it: not too large, painting (an eraser's sample is its shape), not steadied."""
        largest = max(1.0, min(self.height * 0.42, self.width * 0.3))
        size = min(max(1.0, self.settings.size * self.zoom * self.ratio), largest)
        return replace(self.settings, size=size, eraser=False, stabiliser="none")


class StrokeSample:
    """A wave pressed lightly at its ends, growing with every call of `advance`."""

    def __init__(self, spec: SampleSpec) -> None:
        self._spec = spec
        self._step = 0
        settings = spec.shown()
        self._size = settings.size
        ink = QColor.fromRgba(spec.ink)
        self._stroke = Stroke(PaintLayer(""), settings, (ink.red(), ink.green(), ink.blue()), Selection.none())

    @property
    def done(self) -> bool:
        """Whether the stroke is whole."""
        return self._step > POINTS

    def advance(self, seconds: float) -> bool:
        """Paint on for about this long, at least one point; whether it is done."""
        end = time.perf_counter() + seconds
        while not self.done:
            self._add_point()
            if time.perf_counter() >= end:
                break
        return self.done

    def _add_point(self) -> None:
        spec, t = self._spec, self._step / POINTS
        inset = 8 * spec.ratio + self._size * 0.35
        x = inset + (spec.width - 2 * inset) * t
        wave = max(spec.height * 0.06, min(spec.height * 0.4 - self._size / 2, spec.width * 0.2))
        y = spec.height / 2 + math.sin(t * 2 * math.pi) * wave
        self._stroke.add(x, y, 0.06 + 0.94 * math.sin(t * math.pi), t * 0.7)
        self._step += 1

    def image(self) -> QImage:
        """What is painted so far, on nothing."""
        spec = self._spec
        made = QImage(spec.width, spec.height, QImage.Format.Format_ARGB32_Premultiplied)
        made.fill(0)
        with QPainter(made) as painter:
            for key in self._stroke.keys():  # noqa: SIM118 - a method of the stroke, not a dict
                tile = self._stroke.tile(key)
                if tile is not None:
                    painter.drawImage(QPointF(key[0] * TILE, key[1] * TILE), tile)
        made.setDevicePixelRatio(spec.ratio)
        return made


def prepare(settings: BrushSettings) -> None:
    """Draw the brush's tip and grain into the engine's caches: tens of milliseconds the first time, any thread."""
    if settings.tip != "round":
        shaped_dab(settings.tip, settings.size, settings.hardness, (1.0, 0.0), (0.0, 0.0))
    if settings.grain and settings.grain_strength > 0:
        grain_window(settings.grain, settings.grain_scale, 0, 0, 1)


class SamplePainter(QObject):
    """Paints samples in the gaps of the event loop and keeps them; tips and grains are drawn in a thread before."""

    ready = Signal(object)
    """A SampleSpec whose picture is there now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[SampleSpec, QImage] = OrderedDict()
        self._waiting: OrderedDict[SampleSpec, None] = OrderedDict()
        self._now: tuple[SampleSpec, StrokeSample] | None = None
        self._next: tuple[SampleSpec, Future[None]] | None = None
        self._threads = ThreadPoolExecutor(1, "brush-samples")
        self._prepared: tuple[object, ...] = ()
        self._timer = named(QTimer(self), "timer", interval=0)
        self._timer.timeout.connect(self._turn)

    @property
    def busy(self) -> bool:
        """Whether samples are still to be painted."""
        return self._timer.isActive()

    def picture(self, spec: SampleSpec) -> QImage | None:
        """The sample if it is painted; else None, and `ready` will tell."""
        found = self._kept.get(spec)
        if found is None:
            if not any(begun is not None and begun[0] == spec for begun in (self._now, self._next)):
                self._waiting[spec] = None
            self._timer.start()
            return None
        self._kept.move_to_end(spec)
        return QImage(found)

    def forget_waiting(self) -> None:
        """Nobody looks at what was asked for: leave it."""
        self._waiting.clear()

    def prepare(self, settings: BrushSettings) -> None:
        """The hand holds this brush now: have its tip and grain ready before the pen comes down."""
        wanted = (settings.tip, settings.grain, settings.grain_scale)
        if wanted != self._prepared:
            self._prepared = wanted
            self._threads.submit(prepare, settings)

    def _turn(self) -> None:
        if self._now is None:
            self._begin()
            return
        spec, sample = self._now
        if not sample.advance(TURN_SECONDS):
            return
        self._now = None
        self._kept[spec] = sample.image()
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        self.ready.emit(spec)

    def _begin(self) -> None:
        """The next sample, as soon as its tip and grain are there."""
        if self._next is None:
            if not self._waiting:
                self._timer.stop()
                return
            spec, _ = self._waiting.popitem(last=False)
            self._next = (spec, self._threads.submit(prepare, spec.shown()))
        spec, drawn = self._next
        if drawn.done():
            drawn.result()
            self._now, self._next = (spec, StrokeSample(spec)), None
        self._timer.setInterval(0 if drawn.done() else WAIT_MS)
