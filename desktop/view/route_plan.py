"""What is still to be painted along the document's route: looked up when route or picture change, in slices."""

from __future__ import annotations

import asyncio
import itertools
import math
import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from canvas.routes import Line, Route
from desktop.naming import named
from pipelines.planning.box import Box
from pipelines.planning.route import CELL, ground_box, ground_of, plan_route

SETTLE_MS = 120
"""The plan is made this long after the last change: strokes and drags never wait for it."""
PIECE = 256
SLICE_SECONDS = 0.005
BLIND = (
    ChangeKind.ACTIVE,
    ChangeKind.CHOSEN,
    ChangeKind.GENERATIONS,
    ChangeKind.GUIDES,
    ChangeKind.SELECTION,
    ChangeKind.SAVED_SELECTIONS,
    ChangeKind.FRAME,
    ChangeKind.HISTORY,
)
"""Changes after which nothing else is to be painted."""


class RoutePlan(QObject):
    """The windows that are left, in order. Always of the picture as it is, so that undo and brush count."""

    changed = Signal()

    def __init__(self, document: Document, compositor: Compositor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._compositor = document, compositor
        self.windows: tuple[Box, ...] = ()
        """What is left of the route when it was looked at last."""
        self._look: asyncio.Task[None] | None = None
        self._settle = named(QTimer(self), "routePlanSettle", interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._refresh)
        self._disconnect = document.changed.connect(self._document_changed)
        if document.route is not None:
            self._settle.start()

    async def fresh(self, route: Route) -> tuple[Box, ...]:
        """The windows that are left of a route now. The picture may change meanwhile; it is then looked at again."""
        line, _ = route.line()
        box = ground_box(line, route.width)
        alpha = np.zeros((box.height // CELL, box.width // CELL), np.uint8)
        began = time.perf_counter()
        for piece in _pieces_along(line, box, route.width):
            self._look_at(piece, box, alpha)
            if time.perf_counter() - began > SLICE_SECONDS:
                await asyncio.sleep(0)
                began = time.perf_counter()
        return await asyncio.to_thread(_planned, route, line, box, alpha)

    def look(self) -> tuple[Box, ...]:
        """As `fresh`, in one go, of the document's route; for short routes and scripts."""
        route = self._document.route
        if route is None:
            return ()
        line, _ = route.line()
        box = ground_box(line, route.width)
        alpha = np.zeros((box.height // CELL, box.width // CELL), np.uint8)
        for piece in _pieces_along(line, box, route.width):
            self._look_at(piece, box, alpha)
        return _planned(route, line, box, alpha)

    def _look_at(self, piece: Bounds, box: Box, alpha: NDArray[np.uint8]) -> None:
        small = to_rgba(self._compositor.flatten(piece, scale=1 / CELL))[..., 3]
        top, left = (piece.y - box.top) // CELL, (piece.x - box.left) // CELL
        alpha[top : top + small.shape[0], left : left + small.shape[1]] = small

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind is ChangeKind.ROUTE and self._document.route is None:
            self.take(())
        elif self._document.route is not None and change.kind not in BLIND:
            self._settle.start()

    def _refresh(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.take(self.look())
            return
        if self._look is not None:
            self._look.cancel()
        self._look = loop.create_task(self._refresh_in_slices())

    async def _refresh_in_slices(self) -> None:
        route = self._document.route
        self.take(() if route is None else await self.fresh(route))

    def take(self, windows: tuple[Box, ...]) -> None:
        """What is left, from whoever has just looked."""
        self.windows = windows
        self.changed.emit()

    def release_document(self) -> None:
        """Listen no longer."""
        self._settle.stop()
        if self._look is not None:
            self._look.cancel()
        self._disconnect()


def _planned(route: Route, line: Line, box: Box, alpha: NDArray[np.uint8]) -> tuple[Box, ...]:
    return plan_route(line, route.width, route.overlap / 100, ground_of(box, alpha))


def _pieces_along(line: Line, box: Box, width: int) -> Iterator[Bounds]:
    """The pieces of a box in which windows along a line can lie, each once."""
    reach = 2 * width
    seen: set[tuple[int, int]] = set()
    for (x1, y1), (x2, y2) in itertools.pairwise(line):
        count = max(1, math.ceil(math.hypot(x2 - x1, y2 - y1) / PIECE))
        for n in range(count + 1):
            x, y = x1 + (x2 - x1) * n / count - box.left, y1 + (y2 - y1) * n / count - box.top
            columns = range(math.floor((x - reach) / PIECE), math.floor((x + reach) / PIECE) + 1)
            rows = range(math.floor((y - reach) / PIECE), math.floor((y + reach) / PIECE) + 1)
            seen.update((column, row) for row in rows for column in columns)
    for column, row in sorted(seen):
        left, top = max(column, 0) * PIECE, max(row, 0) * PIECE
        right, bottom = min((column + 1) * PIECE, box.width), min((row + 1) * PIECE, box.height)
        if right > left and bottom > top:
            yield Bounds(box.left + left, box.top + top, right - left, bottom - top)
