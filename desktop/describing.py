"""Putting a picture into words: looking at it in slices, asking the engine, and the words' way into a prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPlainTextEdit

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import Layer
from canvas.pixels import to_rgba
from canvas.selection import Selection
from desktop.generation.controls import drawer_of
from desktop.generation.failures import failure_sentence
from desktop.generation.jobs import JobRouter
from desktop.generation.upscaling import cut_out, region_of
from desktop.pieces import pieces
from desktop.session import Session
from pipelines.contract.errors import InvalidRequestError, JobCancelled, PipelineError
from pipelines.contract.events import TERMINAL, Described, EngineEvent, Failed, Progress
from pipelines.contract.looking import DescriptionRequest
from pipelines.contract.models import DescriptionStyle
from pipelines.planning.description import MOST_SIDE, smaller, worth_describing
from pipelines.prompting.weights import escaped

LONGEST_SIDE = 2 * MOST_SIDE
"""Of what is gathered before its empty rim is cut off, pixels."""
_PIECE = 256
_BREAKS = ("\n", "BREAK")

Draw = Callable[[Bounds], QImage]


@dataclass(frozen=True)
class Subject:
    """What is looked at."""

    draw: Draw
    """Draws a part of it; the window's thread."""
    bounds: Bounds
    """On the canvas."""
    selection: Selection
    """Of it only what is selected; an empty one: all."""

    @classmethod
    def seen(cls, session: Session) -> Subject:
        """The selection, else the frame, as it looks."""
        document = session.document
        painted = region_of(document).intersected(document.content_bounds())
        return cls(session.compositor.flatten, painted, document.selection)

    @classmethod
    def alone(cls, document: Document, layer: Layer) -> Subject:
        """One layer by itself, or of it what is selected."""
        area, selection = layer.content_bounds(), document.selection
        within = area if selection.is_empty else area.intersected(selection.bounds)
        return cls(drawer_of(layer), within, selection)


async def look_at(subject: Subject) -> NDArray[np.uint8]:
    """(h, w, 4) straight RGBA of what is painted there, as small as it is described, gathered between the window's
    events; not empty only where something is painted."""
    bounds = subject.bounds
    step = max(1, -(-max(bounds.width, bounds.height) // LONGEST_SIDE))
    small = Bounds(0, 0, -(-bounds.width // step), -(-bounds.height // step))
    rgba = np.zeros((small.height, small.width, 4), np.uint8)
    for piece in pieces(small, max(32, _PIECE // step)):
        large = Bounds(
            bounds.x + piece.x * step, bounds.y + piece.y * step, piece.width * step, piece.height * step
        ).intersected(bounds)
        taken = cut_out(to_rgba(subject.draw(large)), subject.selection, large)
        if step > 1:
            taken = smaller(taken, piece.width, piece.height)
        rgba[piece.y : piece.bottom, piece.x : piece.right] = taken
        await asyncio.sleep(0)
    return await asyncio.to_thread(worth_describing, rgba)


class PictureDescriber(QObject):
    """Asks for one description at a time, for one painting."""

    changed = Signal()
    """It began, went on or ended."""

    def __init__(self, session: Session, router: JobRouter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._router = session, router
        self._over: asyncio.Future[EngineEvent] | None = None
        self._cancelled = False
        self.running = False
        self.job_id = ""
        """The engine's id of the running job; empty before it has one."""
        self.fraction = 0.0
        """0..1 of the words that may come."""

    async def describe(self, subject: Subject, model: str, style: DescriptionStyle) -> str:
        """What is seen there, in words. Raises PipelineError with a sentence when it failed, JobCancelled when it was
        taken back."""
        if self.running:
            raise InvalidRequestError("image", self.tr("A picture is being described. Wait for it, or stop it."))
        self._over = asyncio.get_running_loop().create_future()
        self.running, self._cancelled, self.fraction = True, False, 0.0
        self.changed.emit()
        try:
            if subject.bounds.is_empty:
                raise InvalidRequestError(
                    "image",
                    self.tr("Nothing of the picture is painted there. Select something, or move the frame."),
                )
            request = DescriptionRequest(model, await look_at(subject), style)
            if not self._cancelled:
                self.job_id = await self._router.look(request, self._session.title, self._on_event)
            if self._cancelled and self.job_id:
                await self._router.cancel(self.job_id)
            event = await self._over if self.job_id else None
        except asyncio.CancelledError:  # the window closes
            if self.job_id:
                await self._router.cancel(self.job_id)
            raise
        finally:
            self.running, self.job_id = False, ""
            self.changed.emit()
        if isinstance(event, Failed):
            raise PipelineError(failure_sentence(event))
        if not isinstance(event, Described):
            raise JobCancelled(self.tr("Cancelled."))
        return event.text

    async def cancel(self) -> None:
        """Takes it back; `describe` ends soon after."""
        if self.running:
            self._cancelled = True
            if self.job_id:
                await self._router.cancel(self.job_id)

    def _on_event(self, event: EngineEvent) -> None:
        if isinstance(event, Progress):
            self.fraction = event.step / max(event.steps, 1)
            self.changed.emit()
        elif isinstance(event, TERMINAL) and self._over is not None and not self._over.done():
            self._over.set_result(event)


def put_into(edit: QPlainTextEdit, text: str) -> None:
    """Writes words into a prompt field as one step of its undo: instead of what is selected there, else at the cursor,
    with commas to what stands around it."""
    cursor = edit.textCursor()
    whole = edit.toPlainText()
    before, after = whole[: cursor.selectionStart()].rstrip(" "), whole[cursor.selectionEnd() :].lstrip(" ")
    words = escaped(text)
    if before and not before.endswith((",", *_BREAKS)):
        words = f", {words}"
    elif before.endswith(",") and whole[: cursor.selectionStart()].endswith(","):
        words = f" {words}"
    if after and not after.startswith((",", ".", *_BREAKS)):
        words = f"{words}, "
    cursor.beginEditBlock()
    cursor.insertText(words)
    cursor.endEditBlock()
    edit.setTextCursor(cursor)
