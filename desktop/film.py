"""Keeps the film of a painting: every few seconds a small picture of what changed since the last one."""

from __future__ import annotations

import asyncio
import time
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer

from canvas.changes import ChangeKind, DocumentChange
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, TILE, Bounds
from canvas.pixels import to_rgba
from canvas.project.batch import FilmPatch, now
from desktop.gathering import SLICE_SECONDS
from desktop.pieces import pieces
from desktop.session import Session
from desktop.settings import Settings
from desktop.view.canvas_view import CanvasView

PAUSE_MS = 3000
"""Between a change and its picture; what changes meanwhile is in the same picture."""
SHRINK = 4
"""Canvas pixels for one pixel of the film."""
MOST_PIECES = 1024
"""Tiles in one picture; of larger changes only what the window shows is taken."""
QUALITY = 82
SEEN = frozenset(
    {ChangeKind.TILES, ChangeKind.LAYER_ADDED, ChangeKind.LAYER_REMOVED, ChangeKind.LAYER_MOVED, ChangeKind.LAYER_SET}
)


class FilmRecorder(QObject):
    """Watches one painting. Costs what changed, in slices between the window's turns; the pictures are packed in a
    thread and go into the project file."""

    def __init__(self, session: Session, view: CanvasView, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._view, self._settings = session, view, settings
        self._changed = NOTHING
        self._begun = False
        self._task: asyncio.Task[None] | None = None
        self._timer = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._timer.timeout.connect(self._take_soon)
        self.release_document = session.document.changed.connect(self._listen)
        """Looks no longer."""

    def _listen(self, change: DocumentChange) -> None:
        if change.kind in SEEN and not change.bounds.is_empty and self._settings.preferences.keep_film:
            self._changed = self._changed.united(change.bounds)
            if not self._timer.isActive():
                self._timer.start()

    def _take_soon(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # the program is ending: the timer was the last to hear of it
            return
        if self._task is None or self._task.done():
            self._task = loop.create_task(self.take(), name="film")
        else:
            self._timer.start()

    async def take(self) -> None:
        """Takes the picture that is due now; of a painting without a film, everything at first."""
        if not self._settings.preferences.keep_film:
            return
        changed, self._changed = self._changed, NOTHING
        project = self._session.project
        try:
            if not self._begun and not (await asyncio.to_thread(project.film.size))[0]:
                changed = changed.united(self._session.document.tree.root.tile_extent())
            self._begun = True
            bounds = self._bounded(changed)
            if bounds.is_empty:
                return
            data = await asyncio.to_thread(packed, await self._gather(bounds))
            project.film.add(FilmPatch(now(), bounds, data))
        except CanvasError:  # the file says itself what is wrong with it; a film with a gap is still a film
            return

    def _bounded(self, changed: Bounds) -> Bounds:
        """In whole tiles, and no more of them than can be looked at in passing."""
        whole = on_tiles(changed)
        if whole.width * whole.height <= MOST_PIECES * TILE * TILE:
            return whole
        shown = on_tiles(whole.intersected(self._view.visible_bounds()))
        return shown if shown.width * shown.height <= MOST_PIECES * TILE * TILE else NOTHING

    async def _gather(self, bounds: Bounds) -> NDArray[np.uint8]:
        side = TILE // SHRINK
        rgba = np.zeros((bounds.height // SHRINK, bounds.width // SHRINK, 4), np.uint8)
        began = time.perf_counter()
        for piece in pieces(bounds, TILE):
            top, left = (piece.y - bounds.y) // SHRINK, (piece.x - bounds.x) // SHRINK
            small = self._session.compositor.flatten(piece, scale=1 / SHRINK)
            rgba[top : top + side, left : left + side] = to_rgba(small)
            if time.perf_counter() - began > SLICE_SECONDS:
                await asyncio.sleep(0)
                began = time.perf_counter()
        return rgba

    async def finish(self) -> None:
        """Before the file is closed: what changed last is in the film as well."""
        self._timer.stop()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        if not self._changed.is_empty:
            await self.take()


def on_tiles(bounds: Bounds) -> Bounds:
    """The region and as much around it as makes whole tiles."""
    if bounds.is_empty:
        return NOTHING
    left, top = bounds.x // TILE * TILE, bounds.y // TILE * TILE
    return Bounds(left, top, -(-bounds.right // TILE) * TILE - left, -(-bounds.bottom // TILE) * TILE - top)


def packed(rgba: NDArray[np.uint8]) -> bytes:
    """WebP of (h, w, 4) straight RGBA; any thread."""
    from PIL import Image  # not for every start

    buffer = BytesIO()
    Image.fromarray(rgba).save(buffer, "WEBP", quality=QUALITY, method=2)
    return buffer.getvalue()
