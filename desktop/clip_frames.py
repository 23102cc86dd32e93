"""The frames of a logged clip for being played: read a few ahead, off the window's thread, and let go of again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from canvas.errors import CanvasError
from canvas.pixels import from_rgba
from canvas.project.project import Project
from desktop.spoken import spoken

AHEAD = 6
"""Frames that are read before they are wanted."""
KEPT_BYTES = 192 << 20
"""Frames that stay in memory, so that a short clip is read once."""


class ClipFrames(QObject):
    """Gives frames that are at hand, and fetches those that come next."""

    ready = Signal(int)
    """A frame came that had been asked for."""
    problem = Signal(str)
    """A sentence: a frame cannot be read. Said once."""

    def __init__(self, project: Project, digests: Sequence[str], parent: QObject | None = None) -> None:
        """`digests`: hashes of (h, w, 4) pictures in the project's log, in the order of the clip."""
        super().__init__(parent)
        self._project, self._digests = project, tuple(digests)
        self._kept: dict[int, QImage] = {}
        self._missing: set[int] = set()
        self._loading: dict[int, asyncio.Task[None]] = {}
        self._here = 0

    def __len__(self) -> int:
        """How many frames the clip has."""
        return len(self._digests)

    @property
    def kept(self) -> int:
        """How many are in memory now."""
        return len(self._kept)

    def image(self, number: int) -> QImage | None:
        """A frame that is at hand, premultiplied."""
        return self._kept.get(number)

    def is_settled(self, number: int) -> bool:
        """Whether there is nothing to wait for: it is at hand, or it cannot be had."""
        return number in self._kept or number in self._missing

    def want(self, number: int) -> None:
        """This one is to be shown; those behind it will be soon. Needs the running event loop."""
        self._here = number
        soon = [(number + step) % len(self) for step in range(min(AHEAD, len(self)))]
        for other in [one for one in self._loading if one not in soon]:
            self._loading.pop(other).cancel()
        for one in soon:
            if not self.is_settled(one) and one not in self._loading:
                self._loading[one] = asyncio.get_running_loop().create_task(self._load(one))

    async def _load(self, number: int) -> None:
        try:
            pixels = await asyncio.wrap_future(self._project.load_blob(self._digests[number]))
            image = await asyncio.to_thread(from_rgba, pixels)
        except CanvasError as error:
            first = not self._missing
            self._missing.add(number)
            if first:
                self.problem.emit(spoken(str(error)))
        else:
            self._kept[number] = image
            self._make_room(image.sizeInBytes())
        self._loading.pop(number, None)
        self.ready.emit(number)

    def _make_room(self, frame_bytes: int) -> None:
        """The frame whose turn is furthest goes first."""
        most = max(AHEAD + 1, KEPT_BYTES // max(frame_bytes, 1))
        while len(self._kept) > most:
            del self._kept[max(self._kept, key=lambda one: (one - self._here) % len(self))]

    def close(self) -> None:
        """What is under way is dropped, and so is what was kept."""
        for task in self._loading.values():
            task.cancel()
        self._loading.clear()
        self._kept.clear()
