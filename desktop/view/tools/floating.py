"""Pixels that float over their layers while a tool leads them: shown at once, coarse where there is much to
show, finished while the pointer rests, and put into the document in short slices."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer

from canvas.changes import ChangeKind, DocumentChange
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, TILE, Bounds, TileKey, tile_bounds, tiles_covering
from canvas.live import LiveSet
from canvas.matrices import identity
from canvas.resample import Filter, Matrix
from canvas.selection import Selection
from canvas.transform import Transformation, Warped
from desktop.spoken import spoken
from desktop.view.tools.base import ToolHost

SLICE_SECONDS = 0.005
"""How long one slice of work keeps the window."""
REST_MS = 140
"""How long the pointer rests before coarse tiles are finished."""
FULL_TILES, HALF_TILES, QUARTER_TILES = 12, 48, 200
"""Tiles in sight up to which every pixel, every second, every fourth is computed while dragging."""
MOST_FINISHED = 400
"""With more tiles in sight they stay coarse until the end."""


@dataclass
class Watch:
    """What the owner of floating pixels is told."""

    progressed: Callable[[float], None]
    """While they are put into the document: the share that is done, 0..1."""
    ended: Callable[[bool], None]
    """They float no more; whether they are in the document now."""


class Floating:
    """One floating session of a tool over a `Transformation`."""

    def __init__(self, host: ToolHost, transformation: Transformation, watch: Watch) -> None:
        self.transformation = transformation
        self.matrix: Matrix = identity()
        self.how = Filter.BICUBIC
        self._host, self._watch = host, watch
        self._warped = transformation.warped(self.matrix, Filter.BILINEAR)
        self._waiting: list[tuple[Warped, TileKey]] = []
        self._rest = QTimer(singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._begin_finishing)
        self._finish = QTimer(interval=0)
        self._finish.timeout.connect(self._finish_some)
        self._task: asyncio.Task[None] | None = None
        self._own_change = self._over = False
        self._places = [(lift, lift.layer.offset) for lift in transformation.lifts]
        self.applying = False
        self._shown = False
        self._disconnect = host.document.changed.connect(self._document_changed)

    def show(self, matrix: Matrix) -> None:
        """Let them be seen under this matrix. CanvasError when it is not possible; then nothing changes."""
        self.transformation.check(matrix)
        before = self._reach()
        self.matrix = matrix
        step = self._step()
        quick = Filter.NEAREST if self.how is Filter.NEAREST else Filter.BILINEAR
        for warped in self._warped:
            warped.how, warped.step, warped.matrix = quick, step, matrix
        if not self._shown:
            self._shown = True
            self._host.compositor.set_live(LiveSet(self._warped))
        self._host.compositor.invalidate(before.united(self._reach()))
        self._show_selection(matrix)
        self._finish.stop()
        self._rest.start()

    def apply(self, name: str) -> None:
        """Put them into the document: one undo step, in slices beside the events."""
        self._rest.stop()
        self._finish.stop()
        self.applying = True
        self._task = self._host.start(self._work(name))

    def finish(self, how: Filter, name: str) -> None:
        """Put them into the document before this returns."""
        self.how = how
        self._rest.stop()
        self._finish.stop()
        self._own_change = True
        try:
            for _ in self.transformation.work(self.matrix, how, name):
                pass
        except CanvasError as error:
            self._host.say(spoken(str(error)))
        self._end(done=True)

    def drop(self) -> None:
        """As if nothing had been lifted."""
        if self._over:
            return
        task, self._task = self._task, None
        self._end(done=False)
        if task is not None:
            task.cancel()

    async def _work(self, name: str) -> None:
        work = self.transformation.work(self.matrix, self.how, name)
        began = time.perf_counter()
        try:
            with contextlib.closing(work):
                while True:
                    self._own_change = True
                    share = next(work, None)
                    self._own_change = False
                    if share is None or self._over:
                        break
                    if time.perf_counter() - began > SLICE_SECONDS:
                        self._watch.progressed(share)
                        await asyncio.sleep(0)
                        began = time.perf_counter()
                        if self._over:
                            break
        except CanvasError as error:
            self._end(done=False)
            self._host.say(spoken(str(error)))
            return
        self._end(done=True)

    def _end(self, done: bool) -> None:
        if self._over:
            return
        self._over, self.applying = True, False
        self._disconnect()
        self._rest.stop()
        self._finish.stop()
        if self._shown:
            self._host.compositor.set_live(None)
        self._host.selection_overlay.set_preview(None)
        self._watch.ended(done)

    def _document_changed(self, change: DocumentChange) -> None:
        """Whatever else changes the lifted layers or the selection ends the session: its pixels are old."""
        if self._own_change or self._over:
            return
        mine = {lift.layer.id for lift in self.transformation.lifts}
        gone = change.kind is ChangeKind.LAYER_REMOVED and any(
            layer not in self._host.document.tree for layer in self.transformation.layers
        )
        touched = change.layer_id in mine and change.kind is ChangeKind.TILES
        if change.layer_id in mine and change.kind is ChangeKind.LAYER_SET:
            touched = any(lift.layer.offset != place for lift, place in self._places)
        if gone or touched or change.kind in (ChangeKind.SELECTION, ChangeKind.LOADED):
            self.drop()

    def _reach(self) -> Bounds:
        found = NOTHING
        for warped in self._warped:
            found = found.united(warped.bounds)
        return found

    def _seen(self) -> Bounds:
        return self._host.camera.visible_bounds()

    def _step(self) -> int:
        area = 0
        for warped in self._warped:
            both = warped.bounds.intersected(self._seen())
            area += both.width * both.height
        tiles = area / (TILE * TILE)
        return next((step for step, most in ((1, FULL_TILES), (2, HALF_TILES), (4, QUARTER_TILES)) if tiles <= most), 8)

    def _show_selection(self, matrix: Matrix) -> None:
        chosen = self.transformation.selection
        if chosen.is_empty:
            return
        dx, dy = float(matrix[0, 2]), float(matrix[1, 2])
        moved = Selection.none()  # under anything but a move the box shows where it is
        if (matrix[:2, :2] == identity()[:2, :2]).all() and not matrix[2, :2].any():
            moved = chosen.translated(round(dx), round(dy))
        self._host.selection_overlay.set_preview(moved)

    def _begin_finishing(self) -> None:
        waiting: list[tuple[Warped, TileKey]] = []
        for warped in self._warped:
            x, y = warped.layer.offset
            area = warped.target.intersected(self._seen()).translated(-x, -y)
            waiting.extend((warped, key) for key in tiles_covering(area))
        exact = self.how is Filter.BILINEAR or self.how is Filter.NEAREST
        if len(waiting) <= MOST_FINISHED and not (exact and self._step() == 1):
            self._waiting = waiting
            self._finish.start()

    def _finish_some(self) -> None:
        began = time.perf_counter()
        while self._waiting and time.perf_counter() - began < SLICE_SECONDS:
            warped, key = self._waiting.pop()
            if warped.sharpen(key, self.how):
                self._host.compositor.invalidate(tile_bounds(key).translated(*warped.layer.offset))
        if not self._waiting:
            self._finish.stop()
