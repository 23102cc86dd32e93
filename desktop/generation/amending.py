"""Paint during denoise: what is painted inside the region of a running job reaches the job with its next step.

The stroke itself stays on its layer, under the patch that comes; what was asked for stays what the log says.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer

from canvas.changes import ChangeKind, DocumentChange
from canvas.geometry import NOTHING, Bounds
from canvas.pixels import put_on_paper
from desktop.gathering import gather
from desktop.generation.capture import Capture
from desktop.generation.controller import GenerationController
from desktop.naming import named
from desktop.view.fresh_strokes import FreshStrokes

OPAQUE = 255
GATHER_MS = 100
"""Changes of this long go to the engine together."""
RECENT_SECONDS = 2.0
"""How far back changes are looked at when a job begins: its picture was taken a little before."""
STROKES_LAYER = 1
"""Above the previews of jobs."""
SETTLED_STEPS = 2
"""After this many steps the preview itself shows what was taken in."""
Pixels = NDArray[np.uint8]


@dataclass(eq=False)
class _Watched:
    """A job whose region is listened to."""

    capture: Capture
    strokes: FreshStrokes
    known: Pixels
    """(h, w, 4) straight RGBA: the region as the engine knows it."""
    changed: Bounds = NOTHING
    """What may differ from that, canvas pixels."""
    sent: list[tuple[int, Bounds]] = field(default_factory=list)
    """Step at which a box was sent, and the box, while the strokes still lie over the preview."""


class Amending(QObject):
    """Sends what is painted inside running jobs of one document to them, and keeps it in sight meanwhile."""

    def __init__(self, controller: GenerationController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on = True
        """Whether strokes are taken in; they are seen above previews either way."""
        self._controller, self._router = controller, controller.router
        self._session, self._view = controller.session, controller.view
        self._watched: dict[str, _Watched] = {}
        self._recent: deque[tuple[float, Bounds]] = deque(maxlen=64)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._timer = named(QTimer(self), "amendTimer", singleShot=True, interval=GATHER_MS)
        self._timer.timeout.connect(self._send_soon)
        self._disconnects = [
            self._session.document.changed.connect(self._document_changed),
            self._session.compositor.updated.connect(self._seen_changed),
        ]
        controller.started.connect(self._watch)
        self._router.changed.connect(self._jobs_changed)

    # --- which jobs

    def _watch(self, job_id: str) -> None:
        capture = self._controller.capture_of(job_id)
        if capture is None or capture.request.image is None or job_id not in self._router.jobs:
            return
        image, bounds = capture.request.image, capture.bounds
        if image.shape[:2] != (bounds.height, bounds.width):
            return
        strokes = FreshStrokes(self._view, f"strokes in {job_id}", STROKES_LAYER, self)
        watched = self._watched[job_id] = _Watched(capture, strokes, image.copy())
        strokes.begin(bounds, self._on_paper(image))
        for at, changed in self._recent:
            if at > time.monotonic() - RECENT_SECONDS:
                self._note(watched, changed)

    def _jobs_changed(self) -> None:
        for job_id in list(self._watched):
            job = self._router.jobs.get(job_id)
            if job is None:
                self._forget(job_id)
                continue
            watched = self._watched[job_id]
            while watched.sent and job.step >= watched.sent[0][0] + SETTLED_STEPS:
                self._settle(watched, watched.sent.pop(0)[1])

    def _settle(self, watched: _Watched, box: Bounds) -> None:
        """The preview shows a stroke by now: it need not lie above it any longer."""
        watched.strokes.rebase(box, self._on_paper(_cut(watched, box)))

    def _forget(self, job_id: str) -> None:
        watched = self._watched.pop(job_id)
        watched.strokes.end()
        watched.strokes.deleteLater()

    # --- what changes

    def _seen_changed(self, bounds: Bounds) -> None:
        """Also while the pen is down."""
        for watched in self._watched.values():
            watched.strokes.touch(bounds)

    def _document_changed(self, change: DocumentChange) -> None:
        if change.bounds.is_empty or change.kind is ChangeKind.SELECTION or change.kind is ChangeKind.FRAME:
            return
        self._recent.append((time.monotonic(), change.bounds))
        for watched in self._watched.values():
            self._note(watched, change.bounds)

    def _note(self, watched: _Watched, bounds: Bounds) -> None:
        inside = bounds.intersected(watched.capture.bounds)
        if self.on and not inside.is_empty:
            watched.changed = watched.changed.united(inside)
            if not self._timer.isActive():
                self._timer.start()

    # --- on its way

    def _send_soon(self) -> None:
        for job_id, watched in list(self._watched.items()):
            if not watched.changed.is_empty:
                self._spawn(job_id, watched)

    def _spawn(self, job_id: str, watched: _Watched) -> None:
        box, watched.changed = watched.changed, NOTHING
        task = asyncio.get_running_loop().create_task(self._send(job_id, watched, box))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, job_id: str, watched: _Watched, box: Bounds) -> None:
        pixels = await gather(self._session.document, self._session.compositor, box)
        given = watched.capture.request.image
        if given is not None and given[..., 3].min() == OPAQUE:
            put_on_paper(pixels, self._paper())  # as it was when the picture was taken
        differs = (pixels != _cut(watched, box)).any(axis=2)
        mask = watched.capture.request.mask
        if mask is not None:
            differs &= _part(mask, watched, box) > 0  # what the mask keeps does not concern the job
        job = self._router.jobs.get(job_id)
        if job is None or not differs.any():
            return
        rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
        top, left = int(rows[0]), int(columns[0])
        pixels = np.ascontiguousarray(pixels[top : rows[-1] + 1, left : columns[-1] + 1])
        box = Bounds(box.x + left, box.y + top, pixels.shape[1], pixels.shape[0])
        _cut(watched, box)[:] = pixels
        watched.sent.append((job.step, box))
        region = watched.capture.bounds
        await self._router.amend(job_id, box.x - region.x, box.y - region.y, pixels)

    def _paper(self) -> tuple[int, int, int]:
        paper = self._session.compositor.paper
        return paper.red(), paper.green(), paper.blue()

    def _on_paper(self, rgba: Pixels) -> Pixels:
        seen = rgba.copy()
        put_on_paper(seen, self._paper())
        return np.ascontiguousarray(seen[..., :3])

    # --- life

    def release_document(self) -> None:
        """Listens to the document no longer."""
        self._timer.stop()
        for disconnect in self._disconnects:
            disconnect()
        for job_id in list(self._watched):
            self._forget(job_id)


def _cut(watched: _Watched, box: Bounds) -> Pixels:
    """A part of the region as the engine knows it, to read or to write."""
    return _part(watched.known, watched, box)


def _part(array: Pixels, watched: _Watched, box: Bounds) -> Pixels:
    region = watched.capture.bounds
    return array[box.y - region.y : box.bottom - region.y, box.x - region.x : box.right - region.x]
