"""A comparison from beginning to end: loads pictures, computes differences, keeps overlay and bar in step."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal

from canvas.changes import ChangeKind, DocumentChange
from canvas.geometry import Bounds
from canvas.pixels import from_rgba, put_on_paper
from desktop.gathering import gather
from desktop.generation.clip_records import seed_shown
from desktop.generation.record_pictures import Pick, RecordPictures
from desktop.naming import named
from desktop.session import Session
from desktop.slots import Slots
from desktop.view.canvas_view import CanvasView
from desktop.view.compare_look import CompareLook, CompareMode, Side

if TYPE_CHECKING:
    from desktop.view.compare_bar import CompareBar
    from desktop.view.comparing import CompareOverlay
    from desktop.view.differences import Difference

SETTLE_MS = 120
"""Differences are computed this long after the last change."""
NAME_LETTERS = 40


class Comparison(QObject):
    """At most one at a time; when there is none, nothing of it is on the canvas."""

    changed = Signal()
    "It began, ended, or shows another picture."
    applied = Signal(object)
    "The Pick that the painter wants as a layer."

    def __init__(self, session: Session, view: CanvasView, pictures: RecordPictures, slots: Slots) -> None:
        super().__init__(view)
        self.setObjectName("comparison")
        self._session, self._view, self._pictures, self._slots = session, view, pictures, slots
        self._look = CompareLook()
        self._overlay: CompareOverlay | None = None
        self._bar: CompareBar | None = None
        self._picks: tuple[Pick | None, Pick | None] = (None, None)
        self._pixels: dict[str, NDArray[np.uint8]] = {}
        self._number = 0
        self._settle = named(QTimer(self), "differenceTimer", interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(slots.wrap(self._compute))
        self._disconnect = session.document.changed.connect(self._document_changed)

    @property
    def overlay(self) -> CompareOverlay | None:
        """What lies over the canvas now."""
        return self._overlay

    @property
    def bar(self) -> CompareBar | None:
        """What stands beside it."""
        return self._bar

    @property
    def mode(self) -> CompareMode | None:
        """How it is compared at the moment; None when nothing is."""
        return self._overlay.look.mode if self._overlay is not None else None

    @property
    def pick(self) -> Pick | None:
        """The picture that Enter would apply."""
        return self._picks[1]

    @property
    def picks(self) -> tuple[Pick | None, Pick | None]:
        """Both pictures; None is the canvas as it is."""
        return self._picks

    async def start(self, mode: CompareMode, pick: Pick, against: Pick | None = None) -> None:
        """Compares a logged picture with the canvas as it is, or with another one. CanvasError when one is lost."""
        if (against, pick) == self._picks and self._overlay is not None:
            self._overlay.set_look(mode=mode, running=True)
            return
        if self._overlay is None:
            self._look = CompareLook(mode, gain=self._look.gain, rate=self._look.rate, across=self._look.across)
        await self._show(against, pick)

    async def step(self, steps: int) -> None:
        """Another candidate of the same record."""
        against, pick = self._picks
        if pick is not None and len(pick.record.candidates) > 1:
            await self._show(against, Pick(pick.record, (pick.index + steps) % len(pick.record.candidates)))

    async def _show(self, against: Pick | None, pick: Pick) -> None:
        self._number += 1
        number = self._number
        loaded = {one.digest: await self._pictures.pixels(one) for one in (against, pick) if one is not None}
        if number != self._number:
            return  # another one was asked for meanwhile
        self._pixels, self._picks = loaded, (against, pick)
        if self._overlay is None:
            self._open()
        overlay, bar = self._overlay, self._bar
        assert overlay is not None and bar is not None  # noqa: S101, PT018 - _open has just made them
        overlay.show_pair(self._side(against, pick.record.bounds), self._side(pick, pick.record.bounds))
        bar.show_count(pick.index, len(pick.record.candidates), name_of(pick))
        bar.follow()
        self._look_changed()
        self.changed.emit()

    def _side(self, pick: Pick | None, bounds: Bounds) -> Side:
        if pick is None:
            return Side(QCoreApplication.translate("compare", "Canvas"), bounds)
        return Side(name_of(pick), pick.record.bounds, from_rgba(self._pixels[pick.digest]))

    def _open(self) -> None:
        from desktop.view.compare_bar import CompareBar  # here and below: the first paint need not wait for them
        from desktop.view.comparing import CompareOverlay

        overlay = self._overlay = CompareOverlay(self._view, self._look)
        bar = self._bar = CompareBar(self._view, overlay)
        step = self._slots.wrap(self.step)
        for one in (overlay, bar):
            one.stepped.connect(step)
            one.applied.connect(self._apply)
            one.ended.connect(self.end)
        overlay.lookChanged.connect(self._look_changed)
        overlay.show()
        bar.show()
        overlay.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_changed(self) -> None:
        if self._overlay is None:
            return
        before, self._look = self._look, self._overlay.look
        if self._look.mode is CompareMode.DIFFERENCE:
            self._settle.start(0)
        if before.mode is not self._look.mode:
            self.changed.emit()

    def _document_changed(self, change: DocumentChange) -> None:
        if self._overlay is None or change.kind in (ChangeKind.ACTIVE, ChangeKind.HISTORY, ChangeKind.GENERATIONS):
            return
        if self._look.mode is CompareMode.DIFFERENCE:
            self._settle.start(SETTLE_MS)

    async def _compute(self) -> None:
        """What differs, from the canvas as it is at this moment."""
        overlay, number = self._overlay, self._number
        if overlay is None:
            return
        region, look = overlay.region, overlay.look
        base = await gather(self._session.document, self._session.compositor, region)
        paper = self._session.compositor.paper
        sides = [(pick.record.bounds, self._pixels[pick.digest]) if pick else None for pick in self._picks]
        rgb = (paper.red(), paper.green(), paper.blue())
        found = await asyncio.to_thread(_difference, base, rgb, region, sides, look.gain)
        if self._overlay is overlay and number == self._number and overlay.look.gain == look.gain:
            overlay.show_difference(found)

    def _apply(self) -> None:
        pick = self._picks[1]
        self.end()
        if pick is not None:
            self.applied.emit(pick)

    def end(self) -> None:
        """Takes the comparison off the canvas."""
        self._number += 1
        self._settle.stop()
        overlay, bar = self._overlay, self._bar
        self._overlay = self._bar = None
        self._picks, self._pixels = (None, None), {}
        if overlay is not None and bar is not None:
            had_keys = overlay.hasFocus()
            bar.finish()
            overlay.finish()
            if had_keys:
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            self.changed.emit()

    def release_document(self) -> None:
        """Stop listening; the window is about to go."""
        self.end()
        self._disconnect()


def name_of(pick: Pick) -> str:
    """What a picture is called on the canvas: the beginning of its prompt, and its seed."""
    prompt = str(pick.record.request.get("prompt", "")).strip()
    head = prompt if len(prompt) <= NAME_LETTERS else prompt[: NAME_LETTERS - 1].rstrip() + "…"
    seed = seed_shown(pick.record, pick.index)
    return " · ".join(part for part in (head, "" if seed is None else str(seed)) if part)


def _difference(
    base: NDArray[np.uint8],
    paper: tuple[int, int, int],
    region: Bounds,
    sides: list[tuple[Bounds, NDArray[np.uint8]] | None],
    gain: int,
) -> Difference:
    from desktop.view.differences import difference_of, laid_over

    put_on_paper(base, paper)
    under = np.ascontiguousarray(base[..., :3])
    first, second = (laid_over(under, region, side[1], side[0]) if side else under for side in sides)
    return difference_of(first, second, gain)
