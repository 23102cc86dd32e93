"""What fill, gradient and shapes share: a coat of paint on the active layer, and longer work with its progress."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QColor, QPainter

from canvas.coat import Coat, CoatSettings, Source
from canvas.geometry import TILE, Bounds
from canvas.layers import BlendMode, PaintLayer
from canvas.pixels import view
from canvas.stroke import why_not_paintable
from desktop.pieces import pieces
from desktop.view.overlays import draw_label
from desktop.view.tools.base import Tool, ToolEvent, ToolHost, layer_problem

SLICE_SECONDS = 0.005
"""How long pixels are worked on before the window gets its turn."""
SHOW_AFTER = 0.4
"""Seconds after which work shows how far it is."""
SHOW_EVERY = 0.2
"""Seconds between two showings: each costs a repaint."""
Progress = Callable[[float], None]
"""Takes 0..1."""


class LayingTool(Tool):
    """A tool that lays a coat of paint, if need be in slices between the window's events."""

    step_name = "Paint"
    "The name of its undo step."

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._coat: Coat | None = None
        self._job: object | None = None
        self._task: asyncio.Task[None] | None = None
        self._began = 0.0
        self._share = self._shown = 0.0
        self._label_at = (0.0, 0.0)

    @property
    def busy(self) -> bool:
        """Whether a drag or its work is unfinished."""
        return self._coat is not None or self._job is not None

    @property
    def working(self) -> bool:
        """Whether work runs that a press must not disturb."""
        return self._job is not None

    def paintable(self) -> PaintLayer | None:
        """The active layer if paint can be laid on it; otherwise the reason is said."""
        layer = self.host.document.active
        problem = why_not_paintable(layer)
        if problem or not isinstance(layer, PaintLayer):
            self.host.say(layer_problem(problem or "none"))
            return None
        return layer

    def region(self) -> Bounds:
        """What a coat without an outline of its own covers: the selection, else the frame."""
        document = self.host.document
        return document.frame if document.selection.is_empty else document.selection.bounds

    def coat_settings(self) -> CoatSettings:
        """Opacity and mode as they are set."""
        return CoatSettings(float(self.option("opacity")) / 100, BlendMode(str(self.option("mode"))))

    def begin(self, work: Callable[[object], Coroutine[Any, Any, None]], at: tuple[float, float]) -> None:
        """Start work; its progress shows at a canvas position. It must end with `lay` or `finish`."""
        self._began, self._share, self._label_at = time.monotonic(), 0.0, at
        job = self._job = object()
        task = self.host.start(self._run(work, job))
        if self._job is job:
            self._task = task

    async def _run(self, work: Callable[[object], Coroutine[Any, Any, None]], job: object) -> None:
        try:
            await work(job)
        finally:
            if self._job is job:
                self._job = self._task = None
                self._show(None)

    def _show(self, coat: Coat | None) -> None:
        if self._coat is not None or coat is not None:
            self._coat = coat
            self.host.compositor.set_live(coat)
        self.host.refresh_overlay()

    async def lay(self, coat: Coat) -> None:
        """Put a coat into the document in slices: one undo step."""
        clock = time.perf_counter()
        for share in coat.commit_slowly(self.host.document, self.step_name):
            if time.perf_counter() - clock > SLICE_SECONDS and share < 1:
                self.progress(share)
                await asyncio.sleep(0)
                clock = time.perf_counter()

    def progress(self, share: float) -> None:
        """How far the work is, 0..1."""
        self._share, now = share, time.monotonic()
        if now - self._began > SHOW_AFTER and now - self._shown > SHOW_EVERY:
            self._shown = now
            self.host.refresh_overlay()

    def cancel(self) -> None:
        """Leave the document as it was."""
        task, self._task, self._job = self._task, None, None
        if task is not None:
            task.cancel()
        self._show(None)

    def paint_progress(self, painter: QPainter) -> None:
        """How far longer work is."""
        if self._job is None or time.monotonic() - self._began < SHOW_AFTER:
            return
        x, y = self.host.camera.to_view(*self._label_at)
        text = QCoreApplication.translate("tools", "{percent} % – Esc stops").format(percent=round(self._share * 100))
        draw_label(painter, QPointF(x, y + 18), text)

    def paint_overlay(self, painter: QPainter) -> None:
        """How far longer work is."""
        self.paint_progress(painter)


class DrawnTool(LayingTool):
    """A coat that is drawn from one point to another and seen meanwhile."""

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._start = self._end = (0.0, 0.0)
        self._drawn = False

    def show_drawn(self, coat: Coat, source: Source, region: Bounds) -> None:
        """The coat as it is now that its end has moved."""
        first, self._drawn = not self._drawn, True
        changed = coat.renew(source, region)
        if first:
            self.host.compositor.set_live(coat)
        else:
            self.host.compositor.invalidate(changed)
        self.host.refresh_overlay()

    def release(self, event: ToolEvent) -> None:
        """Lay it: one undo step. A mere click lays nothing."""
        self.move(event)
        coat = self._coat
        if coat is None or self.working:
            return
        if not self._drawn:
            self.cancel()
            return
        self.begin(lambda _: self.lay(coat), self._end)


async def sample(host: ToolHost, bounds: Bounds, layer: PaintLayer | None, progress: Progress) -> NDArray[np.uint8]:
    """(h, w, 4) premultiplied BGRA of a region, flattened over all layers or of one layer, gathered in slices."""
    out = np.empty((bounds.height, bounds.width, 4), np.uint8)
    total, done, clock = bounds.width * bounds.height, 0, time.perf_counter()
    for piece in pieces(bounds, TILE):
        image = host.compositor.flatten(piece, layer)
        top, left = piece.y - bounds.y, piece.x - bounds.x
        out[top : top + piece.height, left : left + piece.width] = view(image)
        done += piece.width * piece.height
        if time.perf_counter() - clock > SLICE_SECONDS:
            progress(done / total)
            await asyncio.sleep(0)
            clock = time.perf_counter()
    return out


def rgb(color: QColor) -> tuple[int, int, int]:
    """0..255 each."""
    return color.red(), color.green(), color.blue()
