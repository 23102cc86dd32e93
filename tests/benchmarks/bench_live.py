"""Live painting, from the stroke to the picture: `python -m tests.benchmarks.bench_live [--json]`.

A real view, a real project file and the engine in its own process; the starter model, a frame of 256 x 256.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil
import qasync
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from canvas.brush import BrushSettings
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.stroke import Stroke
from desktop.generation.form import GenerationForm
from desktop.generation.jobs import JobRouter
from desktop.generation.live import LivePainting, LiveState
from desktop.session import Session
from desktop.view.canvas_view import CanvasView
from pipelines.client.process import ProcessClient
from pipelines.library.registry import Library
from tests.benchmarks.rows import Row, median, report
from tests.benchmarks.window_lateness import Lateness

FRAME = Bounds(0, 0, 256, 256)
STROKES = 7
STROKE_SECONDS, STROKE_PICTURES = 5.0, 4
"""The long stroke lasts so long, or as long as so many pictures take on a busy machine."""
QUICK = 5
QUICK_GAP = 0.05
REST_SECONDS = 2.0


class _Painter:
    """A window without its frame, in which somebody paints."""

    def __init__(self, home: Path) -> None:
        library = Library()
        self.client = ProcessClient(library)
        self.router = JobRouter(self.client)
        self.session = Session.new(home)
        self.document = self.session.document
        self.document.set_frame(FRAME)
        self.view = CanvasView(self.document, self.session.compositor)
        self.view.resize(900, 700)
        self.view.show()
        form = GenerationForm(library.models())
        form.set(prompt="misty mountains, a lake")
        self.live = LivePainting(self.session, self.view, form, self.router)
        self.shown: list[float] = []
        """When each picture was shown."""
        self._last: object = None
        self.live.changed.connect(self._look)

    def _look(self) -> None:
        if self.live.picture is not None and self.live.picture is not self._last:
            self._last = self.live.picture
            self.shown.append(time.perf_counter())

    def paint(self, number: int) -> None:
        """Puts a spot somewhere."""
        image = QImage(40, 40, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor.fromHsv(number * 47 % 360, 120, 120))
        layer = self.document.active
        assert isinstance(layer, PaintLayer)
        self.document.put_image(layer, number * 31 % 200, number * 53 % 200, image)

    async def rest(self) -> None:
        """Until the picture is up to date."""
        while self.live.state is not LiveState.RESTING:
            await asyncio.sleep(0.002)

    def cpu_seconds(self) -> float:
        """Used by window and engine so far."""
        return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in (None, self.client.pid))

    async def close(self) -> None:
        await self.live.finish()
        self.live.release_document()
        await self.router.stop()
        await self.client.close()
        await self.session.close()


def measure() -> Sequence[Row]:
    """All rows; less than a minute."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder, qasync.QEventLoop(app) as loop:
        return loop.run_until_complete(_measure(Path(folder)))


async def _measure(home: Path) -> list[Row]:
    painter = _Painter(home)
    painter.router.start()
    try:
        painter.live.turn(True)
        await painter.rest()  # the model is loaded now
        single = await _single_strokes(painter)
        seconds = max(STROKE_SECONDS, STROKE_PICTURES * single[0].value)
        return [*single, *await _long_stroke(painter, seconds), *await _quick_and_idle(painter)]
    finally:
        await painter.close()


async def _single_strokes(painter: _Painter) -> list[Row]:
    waits, outside, cpu = [], [], []
    for number in range(STROKES):
        began, used = time.perf_counter(), painter.cpu_seconds()
        painter.paint(number)
        await painter.rest()
        waits.append(painter.shown[-1] - began)
        cpu.append(painter.cpu_seconds() - used)
        assert painter.live.picture is not None
        outside.append(waits[-1] - painter.live.picture.event.facts["total_s"])
    note = f"starter, 256 x 256, 4 steps, median of {STROKES}"
    return [
        Row("live: stroke to picture", median(waits), "s", None, f"{note}; the engine at low priority"),
        Row("live: of it outside the engine", median(outside), "s", None, "capture, pipe both ways, showing"),
        Row("live: CPU of one picture", median(cpu), "s", None, "window and engine together"),
    ]


async def _long_stroke(painter: _Painter, seconds: float) -> list[Row]:
    """The pen goes on without a break: pictures must come all the same, and the window must not be late."""
    lateness, before, begun = Lateness(), len(painter.shown), painter.live.jobs_begun
    layer = painter.document.active
    assert isinstance(layer, PaintLayer)
    stroke = Stroke(layer, BrushSettings(size=18), (48, 72, 90), painter.document.selection)
    painter.session.compositor.set_live(stroke)
    lateness.start()
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        x, y = 128 + 100 * np.cos(passed * 2.1), 128 + 100 * np.sin(passed * 3.7)
        painter.session.compositor.invalidate(stroke.add(x, y, 1.0, passed))
        await asyncio.sleep(0.008)
    p95, worst = lateness.stop()
    came = len(painter.shown) - before
    stroke.finish(painter.document)
    painter.session.compositor.set_live(None)
    await painter.rest()
    return [
        Row("live: pictures while the pen is down", came / seconds, "1/s", None,
            f"{painter.live.jobs_begun - begun} jobs for {came} pictures in {seconds:.1f} s"),
        Row("live: window lateness p95 meanwhile", p95, "ms", 16.0, f"worst {worst:.1f} ms; 16 ms timer"),
    ]  # fmt: skip


async def _quick_and_idle(painter: _Painter) -> list[Row]:
    begun = painter.live.jobs_begun
    for number in range(QUICK):
        painter.paint(40 + number)
        await asyncio.sleep(QUICK_GAP)
    await painter.rest()
    jobs = painter.live.jobs_begun - begun
    before = painter.cpu_seconds()
    await asyncio.sleep(REST_SECONDS)
    used = painter.cpu_seconds() - before
    return [
        Row("live: jobs for five quick changes", jobs, "jobs", 3, f"{QUICK_GAP * 1000:.0f} ms apart"),
        Row("live: CPU while nothing changes", used / REST_SECONDS, "cores", 0.05, "window and engine together"),
    ]


if __name__ == "__main__":
    report(__doc__ or "", measure)
