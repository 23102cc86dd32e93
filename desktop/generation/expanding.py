"""The picture grows: by a step of the frame to one side, or where a stroke left it.

Steps in a row are kept to the tone of the picture that the first one began at: what a model adds differs a little in
tone from what it continues, and the next step would continue that.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject

from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from canvas.selection import Selection
from desktop.gathering import gather
from desktop.generation.capture import Capture
from desktop.generation.controller import GenerationController, Patches
from desktop.generation.detection import Look, detect_mode_in_slices
from desktop.generation.modes import Mode
from pipelines.contract.events import EngineEvent, Finished
from pipelines.contract.request import MAX_SIDE, Task
from pipelines.planning.anchor import Tone, led_back, tone_of
from pipelines.planning.masks import rim_for

GRID = 8
"""The frame's edges lie on multiples of so many canvas pixels."""
TONE_SIDE = 256
"""A picture is looked at so large, at most, to know its tone."""
LEAST_JOIN = 64
"""So much of the picture beyond the soft rim is shown to the model, at least, canvas pixels."""


class Expander(QObject):
    """Moves the frame of one painting and has what is empty in it painted at once."""

    def __init__(self, controller: GenerationController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._document, self._view = controller.session.document, controller.view
        self._line: list[tuple[Bounds, Bounds | None]] = []  # frames that wait for the picture they grow from
        self._last: Bounds | None = None  # the frame of the last step
        self._anchor: Tone | None = None
        self._row: set[tuple[int, int]] = set()  # corners of the frames that are kept to it
        self._busy = False
        self._ends: dict[str, EngineEvent] = {}  # of jobs that ended while there was a line
        self._ended = asyncio.Event()
        controller.ended.connect(self._job_ended)
        controller.finishing = self._in_tone

    async def step(self, across: int, down: int, share: float) -> None:
        """Moves the frame by a share (0..1) of its side to the left (-1) or right (+1), up (-1) or down (+1), and has
        its empty part painted. Candidates that the frame still lies on are kept: the picture goes on from them. A step
        taken while the one before is being painted waits for it, and goes on from its picture."""
        old = self._document.frame
        frame = stepped_frame(old, across, down, share)
        self._document.set_frame(frame)
        self._follow(old, frame)
        self._line.append((frame, None if old == self._last else old))
        self._last = frame
        if self._busy:
            return
        self._busy = True
        try:
            while self._line:
                if not await self._grow(*self._line.pop(0)):
                    self._line.clear()  # there is no picture to go on from
                    self._last = None
        finally:
            self._busy = False
            self._line.clear()
            self._ends.clear()

    async def _grow(self, frame: Bounds, first: Bounds | None) -> bool:
        """Has what is empty in a frame painted; False when there came no picture of it. `first` is the frame before
        when this step is the first of a row."""
        self._keep_what_it_grows_from(frame)
        if first is not None:
            self._anchor, self._row = await self._tone(first), set()
        self._row.add((frame.x, frame.y))
        nothing, compositor = Selection.none(), self._controller.session.compositor
        found = await detect_mode_in_slices(self._document, compositor, Look(frame, nothing))
        mode = Mode.GENERATE if found is Mode.GENERATE else Mode.EXPAND
        settings = replace(self._controller.form.settings, mode=mode)
        job_id = await self._controller.generate(settings, selection=nothing, frame=frame)
        while job_id and job_id not in self._ends:
            self._ended.clear()
            await self._ended.wait()
        return isinstance(self._ends.pop(job_id, None), Finished)

    async def _tone(self, place: Bounds) -> Tone | None:
        compositor, longest = self._controller.session.compositor, max(place.width, place.height)
        small = to_rgba(compositor.flatten(place, scale=min(1.0, TONE_SIDE / longest)))
        return await asyncio.to_thread(tone_of, small)

    async def _in_tone(self, captured: Capture, patches: Patches) -> Patches:
        request = captured.request
        in_row = (captured.bounds.x, captured.bounds.y) in self._row
        if self._anchor is None or not in_row or request.task is not Task.OUTPAINT:
            return patches
        assert request.image is not None  # noqa: S101 - it was checked when it was asked for
        known, anchor = request.image[..., 3] == 255, self._anchor
        return await asyncio.to_thread(lambda: tuple(led_back(patch, known, anchor) for patch in patches))

    def _job_ended(self, job_id: str, event: EngineEvent) -> None:
        if self._busy:
            self._ends[job_id] = event
            self._ended.set()

    async def extend(self, stroke: Selection) -> None:
        """Has the empty part under a stroke painted; the frame goes around it and what it joins on to: one step."""
        compositor = self._controller.session.compositor
        if max(stroke.bounds.width, stroke.bounds.height) > MAX_SIDE:
            sentence = self.tr("The stroke is longer than {most} pixels. Draw it in several parts, or lay a route.")
            self._controller.message.emit(sentence.format(most=MAX_SIDE))
            return
        info = self._controller.form.model_info()
        native = info.defaults.native_size if info else 512
        area = stroke.bounds.expanded(max(LEAST_JOIN, native // 4))
        alpha = (await gather(self._document, compositor, area))[..., 3]
        empty = await asyncio.to_thread(empty_part, stroke, area, alpha)
        if empty.is_empty:
            sentence = self.tr("The stroke lies on the picture. Draw it past the edge, over empty canvas.")
            self._controller.message.emit(sentence)
            return
        rim = rim_for(math.hypot(empty.bounds.width, empty.bounds.height), 1.0)
        join = rim.reach + max(LEAST_JOIN, native // 4)
        frame = frame_around(empty.bounds, painted_middle(area, alpha), native, join)
        if max(frame.width, frame.height) > MAX_SIDE:
            frame = empty.bounds
        self._keep_what_it_grows_from(frame)
        self._document.set_frame(frame)
        settings = replace(self._controller.form.settings, mode=Mode.EXPAND)
        self._controller.generate(settings, selection=empty, context=frame)

    def _keep_what_it_grows_from(self, frame: Bounds) -> None:
        current = self._controller.current
        if current is not None and not current.record.bounds.intersected(frame).is_empty:
            self._controller.accept()

    def _follow(self, old: Bounds, new: Bounds) -> None:
        """The view goes along when the frame leaves it."""
        view = self._view
        if not view.visible_bounds().contains(new):
            (ax, ay), (bx, by) = view.camera.to_view(*old.center), view.camera.to_view(*new.center)
            view.pan(ax - bx, ay - by)


def stepped_frame(frame: Bounds, across: int, down: int, share: float) -> Bounds:
    """The frame moved by a share of its side, at least by 8 pixels and never off itself."""
    right = max(GRID, round(frame.width * min(max(share, 0.0), 1.0) / GRID) * GRID)
    lower = max(GRID, round(frame.height * min(max(share, 0.0), 1.0) / GRID) * GRID)
    return frame.translated(across * right, down * lower)


def empty_part(stroke: Selection, area: Bounds, alpha: np.ndarray) -> Selection:
    """What of a stroke lies over empty canvas, as far as that is empty; `alpha` (h, w) of the area around it."""
    covered = stroke.coverage(area)
    return Selection.from_mask(area, np.minimum(covered, 255 - alpha))


def painted_middle(area: Bounds, alpha: np.ndarray) -> tuple[float, float] | None:
    """The middle of what is painted in an area, canvas pixels; None where nothing is."""
    rows, columns = (alpha.sum(axis=axis, dtype=np.float64) for axis in (1, 0))
    total = rows.sum()
    if total == 0:
        return None
    x, y = (columns * np.arange(area.width)).sum() / total, (rows * np.arange(area.height)).sum() / total
    return area.x + float(x), area.y + float(y)


def frame_around(empty: Bounds, painted: tuple[float, float] | None, native: int, join: int) -> Bounds:
    """The frame for an empty place: with `join` pixels around it, at least the model's native side, and what is
    missing to that is added on the side of the picture."""
    middle = empty.center
    towards = painted or tuple(middle)
    left, width = _reach(empty.x - join, empty.width + 2 * join, native, towards[0] - middle.x)
    top, height = _reach(empty.y - join, empty.height + 2 * join, native, towards[1] - middle.y)
    return Bounds(left, top, width, height)


def _reach(start: int, length: int, native: int, towards: float) -> tuple[int, int]:
    """(start, length) on the grid, at least `native` long; what is missing is added on the side of `towards`."""
    missing = max(0, native - length)
    share = 0.5 if abs(towards) < length / 8 else float(towards < 0)
    low = (start - round(missing * share)) // GRID * GRID
    end = start - round(missing * share) + length + missing
    return low, -(-(end - low) // GRID) * GRID
