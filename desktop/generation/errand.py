"""A generation beside the candidates: painted, logged before anybody sees it, and handed to whoever asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from canvas.generations import GenerationRecord
from canvas.project.batch import NotStoredError
from desktop.generation.apply import make_record
from desktop.generation.capture import Capture
from desktop.generation.course import Course
from desktop.generation.failures import failure_sentence
from desktop.generation.jobs import JobRouter
from desktop.generation.savings import job_notes
from desktop.session import Session
from pipelines.contract.errors import JobCancelled, PipelineError
from pipelines.contract.events import TERMINAL, EngineEvent, Failed, Finished, Preview, Progress

Finish = Callable[[GenerationRecord, EngineEvent], GenerationRecord]
"""Adds what only the asker knows to a record before it is stored; called in a thread."""


@dataclass(frozen=True, eq=False)
class Painted:
    """What came of an errand."""

    record: GenerationRecord
    event: Finished

    @property
    def patches(self) -> tuple[NDArray[np.uint8], ...]:
        """Each (h, w, 4) straight RGBA."""
        return self.event.patches


class Errand(QObject):
    """One job at a time for one painting. Used again and again by what needs many."""

    progressed = Signal(float)
    """0..1 of the running job."""
    previewed = Signal(object)
    """The Preview of the running job."""
    noted = Signal(str)
    """A sentence about what a finished job did otherwise than asked."""

    def __init__(self, session: Session, router: JobRouter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._router = session, router
        self._job = ""
        self._course = Course()
        self._over: asyncio.Future[EngineEvent] | None = None
        self._cancelled = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def job_id(self) -> str:
        """The engine's id of the running job; empty before it has one."""
        return self._job

    async def paint(self, captured: Capture, title: str = "", finish: Finish | None = None) -> Painted:
        """Has it painted and logged. Raises PipelineError with a sentence when it failed, JobCancelled when it was
        taken back; both are in the log, too."""
        self._over = asyncio.get_running_loop().create_future()
        self._course, self._cancelled = Course(), False
        self._job = await self._router.submit(captured.request, title or self._session.title, self._on_event)
        if self._cancelled:
            await self._router.cancel(self._job)
        try:
            event = await self._over
        except asyncio.CancelledError:  # the window closes
            self.cancel()
            raise
        self._job = ""
        record = await log_painted(self._session, captured, event, self._course, finish)
        if isinstance(event, Failed):
            raise PipelineError(failure_sentence(event))
        if not isinstance(event, Finished):
            raise JobCancelled(self.tr("Cancelled."))
        if noted := job_notes(event.facts):
            self.noted.emit(noted)
        return Painted(record, event)

    def cancel(self) -> None:
        """Takes the running job back; `paint` ends soon after."""
        self._cancelled = True
        if self._job:
            task = asyncio.get_running_loop().create_task(self._router.cancel(self._job))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _on_event(self, event: EngineEvent) -> None:
        self._course.hear(event)
        if isinstance(event, Progress):
            self.progressed.emit(event.step / max(event.steps, 1))
        elif isinstance(event, Preview):
            self.previewed.emit(event)
        elif isinstance(event, TERMINAL) and self._over is not None and not self._over.done():
            self._over.set_result(event)


async def log_painted(
    session: Session,
    captured: Capture,
    event: EngineEvent,
    course: Course | None = None,
    finish: Finish | None = None,
) -> GenerationRecord:
    """Writes how a job ended into file and log, before anything of it is shown."""
    # In a thread: the thumbnail of a large picture takes a while.
    record = await asyncio.to_thread(make_record, captured, event, course)
    if finish is not None:
        record = await asyncio.to_thread(finish, record, event)
    patches = event.patches if isinstance(event, Finished) else ()
    # Hashing the frames of a clip takes a while, too.
    future = await asyncio.to_thread(session.project.store_generation, record, patches, captured.request.pictures)
    try:
        record = await asyncio.wrap_future(future)
    except NotStoredError as error:  # kept and tried again by the project
        record = error.record
    session.document.generations.append(record)
    return record
