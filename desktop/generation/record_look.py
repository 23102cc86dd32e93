"""A logged picture shown in its place for a moment: while the pointer is on it, or while a place is scrubbed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from canvas.errors import CanvasError
from canvas.geometry import NOTHING
from desktop.generation.record_pictures import Pick, RecordPictures
from desktop.naming import named
from desktop.slots import Slots
from desktop.spoken import spoken
from desktop.view.canvas_view import CanvasView

FIRST_MS = 120
NEXT_MS = 25
"""The next one comes sooner: whoever looks at one already wants to see the others."""
KEY = "history"


class RecordLook(QObject):
    """Shows one picture over the canvas; the old one stays until the new one is there, so that nothing flickers."""

    problem = Signal(str)
    shown = Signal()
    "Another picture, or none, is in place now."

    def __init__(self, view: CanvasView, pictures: RecordPictures, slots: Slots) -> None:
        super().__init__(view)
        self.setObjectName("recordLook")
        self._view, self._pictures = view, pictures
        self._wanted: Pick | None = None
        self._pick: Pick | None = None
        self._number = 0
        self._rests = False
        self._timer = named(QTimer(self), "timer", singleShot=True)
        self._timer.timeout.connect(slots.wrap(self._load))

    @property
    def pick(self) -> Pick | None:
        """What is in place now."""
        return self._pick

    def rest(self, on: bool) -> None:
        """While something else is shown on the canvas nothing is put over it."""
        self._rests = on
        if on:
            self._stop()

    def want(self, pick: Pick | None, at_once: bool = False) -> None:
        """Show this one soon; None takes what is shown away at once."""
        if pick is not None and (self._rests or not pick.record.candidates):
            pick = None
        if pick is None:
            self._stop()
            return
        if self._wanted == pick and not at_once:
            return
        self._wanted = pick
        self._number += 1
        kept = self._pictures.kept(pick)
        if kept is not None and (at_once or self._pick is not None):
            self._timer.stop()
            self._put(pick)
            return
        self._timer.start(0 if at_once else NEXT_MS if self._pick is not None else FIRST_MS)

    def _stop(self) -> None:
        self._timer.stop()
        self._number += 1
        self._wanted = None
        if self._pick is not None:
            self._view.set_preview(NOTHING, None, key=KEY)
            self._pick = None
            self.shown.emit()

    async def _load(self) -> None:
        pick, number = self._wanted, self._number
        if pick is None:
            return
        try:
            await self._pictures.small(pick)
        except CanvasError as error:
            if number == self._number:
                self.problem.emit(spoken(str(error)))
            return
        if number == self._number:
            self._put(pick)

    def _put(self, pick: Pick) -> None:
        image = self._pictures.kept(pick)
        if image is not None:
            self._view.set_preview(pick.record.bounds, image, key=KEY)
            self._pick = pick
            self.shown.emit()
