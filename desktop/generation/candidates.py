"""Finished pictures over the canvas that wait for a decision: several places may wait at once, one is in hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from canvas.pixels import from_rgba
from desktop.generation.capture import Capture

WAITING_BYTES = 512 << 20
"""What candidates that wait beside those in hand may take; the oldest of more are in the log only."""

ShowPreview = Callable[..., None]
"""`CanvasView.set_preview`."""


@dataclass
class Candidates:
    """Finished pictures of one job that wait for a decision."""

    record: GenerationRecord
    captured: Capture
    patches: tuple[NDArray[np.uint8], ...]
    index: int = 0
    images: dict[int, QImage] = field(default_factory=dict)

    @property
    def held_bytes(self) -> int:
        """Memory of the pictures and of what the job was given."""
        given = self.captured.request.pictures.values()
        return sum(picture.nbytes for picture in (*self.patches, *given))

    @property
    def place(self) -> Bounds:
        """Where something is new, about: the bounds of the mask, else of all; canvas pixels."""
        mask, bounds = self.captured.request.mask, self.record.bounds
        if mask is None:
            return bounds
        x, y, width, height = cv2.boundingRect(mask)
        return Bounds(bounds.x + x, bounds.y + y, width, height)

    @property
    def patch(self) -> NDArray[np.uint8]:
        """The chosen picture, (h, w, 4) straight RGBA."""
        return self.patches[self.index]

    def image(self) -> QImage:
        """The chosen picture, ready to draw."""
        if self.index not in self.images:
            self.images[self.index] = from_rgba(self.patch)
        return self.images[self.index]


class CandidateStack(QObject):
    """All candidates of one painting. Those that came last are in hand; what they do not cover is seen as well."""

    changed = Signal()

    def __init__(self, show: ShowPreview, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show = show
        self._stack: list[Candidates] = []
        self._hidden: set[str] = set()

    def __len__(self) -> int:
        return len(self._stack)

    @property
    def current(self) -> Candidates | None:
        """Those in hand."""
        return self._stack[-1] if self._stack else None

    @property
    def all(self) -> tuple[Candidates, ...]:
        """Every one that waits, those in hand last."""
        return tuple(self._stack)

    def add(self, candidates: Candidates) -> None:
        """New ones are taken in hand."""
        self._stack.append(candidates)
        self._draw()
        while sum(waiting.held_bytes for waiting in self._stack[:-1]) > WAITING_BYTES:
            self._erase(self._stack.pop(0))

    def flip(self, step: int) -> None:
        """Shows another picture of those in hand."""
        current = self.current
        if current is not None:
            current.index = (current.index + step) % len(current.patches)
            self._draw()

    def take_other(self, record_id: str = "") -> None:
        """Takes the candidates of this record in hand; without one those that have waited longest."""
        place = next((i for i, one in enumerate(self._stack) if one.record.id == record_id), 0)
        if self._stack:
            self._stack.append(self._stack.pop(place))
            self._draw()

    def hide(self, hidden: bool, reason: str = "") -> None:
        """Shows the canvas without any, as long as one reason for it holds."""
        before = bool(self._hidden)
        (self._hidden.add if hidden else self._hidden.discard)(reason)
        if bool(self._hidden) != before:
            self._draw()

    def take(self) -> Candidates | None:
        """Those in hand, off the canvas; the ones before them are in hand now."""
        if not self._stack:
            return None
        gone = self._stack.pop()
        self._erase(gone)
        self._draw()
        return gone

    def _erase(self, gone: Candidates) -> None:
        self._show(gone.record.bounds, None, key=gone.record.id)

    def _draw(self) -> None:
        """Those in hand, and of the others what lies elsewhere."""
        covered = []
        for one in reversed(self._stack):
            bounds = one.record.bounds
            free = all(bounds.intersected(other).is_empty for other in covered)
            if free:
                covered.append(bounds)
            else:
                one.images.clear()  # made again when its turn comes
            self._show(bounds, one.image() if free and not self._hidden else None, key=one.record.id)
        self.changed.emit()
