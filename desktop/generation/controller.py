"""The main trip of one document: capture, submit, preview, store, show, keep."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from canvas.changes import ChangeKind, DocumentChange
from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from canvas.geometry import Bounds
from canvas.pixels import from_rgba
from canvas.project.batch import NotStoredError
from desktop.generation.apply import keep_candidate, make_record
from desktop.generation.capture import Capture, capture_in_slices, detect_task, detect_task_in_slices, draw_seed
from desktop.generation.course import Course
from desktop.generation.failures import failure_sentence
from desktop.generation.form import GenerationForm, GenerationSettings
from desktop.generation.jobs import JobRouter
from desktop.generation.reuse import restore
from desktop.session import Session
from desktop.view.canvas_view import CanvasView
from pipelines.contract.errors import PipelineError
from pipelines.contract.events import TERMINAL, Cancelled, EngineEvent, Failed, Finished, Preview
from pipelines.contract.request import Task

CLOSE_SECONDS = 5
QUICK_LOOK_PIXELS = 1024 * 1024
"""Frames up to this size are looked at in one go, a few milliseconds; larger ones in slices."""
WAITING_BYTES = 512 << 20
"""What candidates that wait under the newest ones may take; the oldest of more are in the log only."""
MODE_SETTLE_MS = 150
"""The mode is looked up this long after the last change, so that strokes never wait for it."""


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
        request = self.captured.request
        given = [picture for picture in (request.image, request.mask) if picture is not None]
        return sum(picture.nbytes for picture in (*self.patches, *given))

    def image(self) -> QImage:
        """The chosen picture, ready to draw."""
        if self.index not in self.images:
            self.images[self.index] = from_rgba(self.patches[self.index])
        return self.images[self.index]


class GenerationController(QObject):
    """Ties one session, its view and the form to the engine."""

    mode_changed = Signal(object)
    """The Task that Enter would run now."""
    candidates_changed = Signal()
    started = Signal(str)
    """Job id, once the engine has it."""
    message = Signal(str)
    """A sentence for the banner."""

    def __init__(
        self, session: Session, view: CanvasView, form: GenerationForm, router: JobRouter, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self.view, self.form, self.router = session, view, form, router
        self.mode = Task.TEXT_TO_IMAGE
        self._stack: list[Candidates] = []
        self._captures: dict[str, Capture] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._courses: dict[str, Course] = {}
        self._source = ""  # the record whose settings were taken over last
        self._hidden = False
        self._idle = asyncio.Event()
        self._look: asyncio.Task[None] | None = None
        self._settle = QTimer(self, interval=MODE_SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self.refresh_mode)
        self._disconnect = session.document.changed.connect(self._document_changed)
        form.changed.connect(self._form_changed)
        self.refresh_mode()

    # --- mode

    def refresh_mode(self) -> None:
        """Looks what the frame or selection holds and tells the button."""
        if self._look is not None:
            self._look.cancel()
            self._look = None
        document, chosen = self.session.document, self.form.settings.mode
        large = document.frame.width * document.frame.height > QUICK_LOOK_PIXELS
        if large and chosen is None and document.selection.is_empty:
            self._look = self._spawn(self._look_at_large_frame())
        else:
            self._take_mode(chosen or detect_task(document, self.session.compositor))

    async def _look_at_large_frame(self) -> None:
        self._take_mode(await detect_task_in_slices(self.session.document, self.session.compositor))

    def _take_mode(self, found: Task) -> None:
        if found is not self.mode:
            self.mode = found
            self.mode_changed.emit(found)

    def set_mode(self, mode: Task | None) -> None:
        """Insists on a mode; None gives the decision back to the picture."""
        self.form.set(mode=mode)

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind not in (ChangeKind.ACTIVE, ChangeKind.GENERATIONS, ChangeKind.HISTORY):
            self._settle.start()

    def _form_changed(self, names: set[str]) -> None:
        if "mode" in names:
            self.refresh_mode()

    # --- jobs

    @property
    def jobs(self) -> tuple[str, ...]:
        """Ids of this document's open jobs."""
        return tuple(self._captures)

    def generate(self, settings: GenerationSettings | None = None, parent: str = "") -> None:
        """Runs what the button says. Never blocks; a refusal comes as a message.

        `parent`: the record that the new one grows out of if it covers the same place; without it the one whose
        settings were taken over last.
        """
        chosen = settings or self.form.settings
        info = self.form.model_info()
        native = info.defaults.native_size if info else 512
        self._spawn(self._capture_and_submit(chosen, native, parent or self._source))

    async def _capture_and_submit(self, chosen: GenerationSettings, native: int, source: str) -> None:
        document, compositor = self.session.document, self.session.compositor
        try:
            captured = await capture_in_slices(document, compositor, chosen, native, source)
        except (PipelineError, CanvasError) as error:
            self.message.emit(str(error))
            return
        if chosen.random_seed:
            self.form.set(seed=captured.request.seed)
        await self._submit(captured)

    def again(self) -> None:
        """Another batch of the same request with a new seed; the shown one leaves the canvas, the log keeps it."""
        current = self.current
        if current is None:
            self.generate()
            return
        self.discard()
        request = current.captured.request.with_seed(draw_seed())
        captured = replace(current.captured, request=request, parent_id=current.record.id)
        self._spawn(self._submit(captured))

    async def _submit(self, captured: Capture) -> None:
        try:
            job_id = await self.router.submit(captured.request, self.session.title, self._on_event)
        except PipelineError as error:
            self.message.emit(str(error))
            return
        self._captures[job_id] = captured
        self._courses.setdefault(job_id, Course())
        self.started.emit(job_id)

    def cancel(self, job_id: str | None = None) -> None:
        """Takes one job back, or the newest of this document."""
        chosen = job_id or next(reversed(self._captures), None)
        if chosen:
            self._spawn(self.router.cancel(chosen))

    def cancel_all(self) -> None:
        """Takes every job of every painting back."""
        self._spawn(self.router.cancel_all())

    def _on_event(self, event: EngineEvent) -> None:
        self._courses.setdefault(event.job_id, Course()).hear(event)
        if isinstance(event, Preview):
            self._show_preview(event)
        elif isinstance(event, TERMINAL):
            self._spawn(self._finish(event))

    def _show_preview(self, event: Preview) -> None:
        captured = self._captures.get(event.job_id)
        if captured is not None:
            self.view.set_preview(captured.bounds, preview_image(event.image, captured), key=event.job_id)

    async def _finish(self, event: EngineEvent) -> None:
        """Stores first, then shows: a result is on disk before anybody sees it."""
        captured = self._captures[event.job_id]
        try:
            record = await self._store(captured, event, self._courses.pop(event.job_id, Course()))
        except NotStoredError as error:  # the project goes on trying; the pictures are in memory meanwhile
            self.message.emit(str(error))
            record = error.record
        self._captures.pop(event.job_id, None)
        if not self._captures:
            self._idle.set()
        self.view.set_preview(captured.bounds, None, key=event.job_id)
        self.session.document.generations.append(record)
        if isinstance(event, Finished):
            self._stack.append(Candidates(record, captured, event.patches))
            self._show_current()
            while sum(waiting.held_bytes for waiting in self._stack[:-1]) > WAITING_BYTES:
                del self._stack[0]
        elif isinstance(event, Failed):
            self.message.emit(failure_sentence(event))
        elif isinstance(event, Cancelled):
            self.message.emit(self.tr("Cancelled."))

    async def _store(self, captured: Capture, event: EngineEvent, course: Course) -> GenerationRecord:
        request = captured.request
        inputs = {k: v for k, v in (("image", request.image), ("mask", request.mask)) if v is not None}
        patches = event.patches if isinstance(event, Finished) else ()
        # In a thread: the thumbnail of a large picture takes a while.
        record = await asyncio.to_thread(make_record, captured, event, course)
        future = self.session.project.store_generation(record, patches, inputs)
        return await asyncio.wrap_future(future)

    # --- candidates

    @property
    def current(self) -> Candidates | None:
        """The candidates on show: those that came last."""
        return self._stack[-1] if self._stack else None

    def next_candidate(self, step: int = 1) -> None:
        """Flips to another picture of the batch."""
        current = self.current
        if current is not None:
            current.index = (current.index + step) % len(current.patches)
            self._show_current()

    def previous_candidate(self) -> None:
        """Flips back."""
        self.next_candidate(-1)

    def hide_candidate(self, hidden: bool) -> None:
        """Shows the original while a key is held."""
        if hidden != self._hidden:
            self._hidden = hidden
            self._show_current()

    def accept(self) -> None:
        """Keeps the shown candidate as a new layer: one undo step, marked in the log."""
        current = self.current
        if current is None:
            return
        self._drop_current()
        self._source = ""  # what comes next grows out of this picture
        keep_candidate(self.session.document, current.record, current.index, current.patches[current.index])

    def discard(self) -> None:
        """Takes the candidates off the canvas; the log keeps them."""
        if self.current is not None:
            self._drop_current()

    def _drop_current(self) -> None:
        gone = self._stack.pop()
        self.view.set_preview(gone.record.bounds, None, key=gone.record.id)
        self._show_current()

    def _show_current(self) -> None:
        for waiting in self._stack[:-1]:
            waiting.images.clear()  # made again when its turn comes
            self.view.set_preview(waiting.record.bounds, None, key=waiting.record.id)
        current = self.current
        if current is not None:
            image = None if self._hidden else current.image()
            self.view.set_preview(current.record.bounds, image, key=current.record.id)
        self.candidates_changed.emit()

    # --- the log

    def apply_record(self, record_id: str, index: int = 0, at: Bounds | None = None) -> None:
        """Puts a logged picture on the canvas again as a new layer: at its old place, or in the middle of `at`."""
        self._spawn(self._apply_record(record_id, index, at))

    async def _apply_record(self, record_id: str, index: int, at: Bounds | None) -> None:
        record = self._record(record_id)
        patch = None if record is None else await self._load(record, index)
        if record is not None and patch is not None:
            keep_candidate(self.session.document, record, index, patch, at)

    def _record(self, record_id: str) -> GenerationRecord | None:
        """A logged record; a message where it cannot be read."""
        try:
            return self.session.document.generations.get(record_id)
        except CanvasError as error:
            self.message.emit(str(error))
            return None

    async def _load(self, record: GenerationRecord, index: int) -> NDArray[np.uint8] | None:
        if index >= len(record.candidates):
            self.message.emit(self.tr("This generation made no picture: {0}").format(record.sentence or record.status))
            return None
        try:
            return await asyncio.wrap_future(self.session.project.load_blob(record.candidates[index]))
        except CanvasError as error:
            self.message.emit(str(error))
            return None

    def reuse(self, record_id: str) -> None:
        """Restores every setting of a logged generation, its seed and its place included; what is made with them
        there grows out of it."""
        record = self._record(record_id)
        if record is not None:
            self._spawn(self._reuse(record))

    async def _reuse(self, record: GenerationRecord) -> None:
        for complaint in await restore(record, self.session, self.form):
            self.message.emit(complaint)
        self._source = record.id

    # --- life

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def release_document(self) -> None:
        """Listens to the document no longer."""
        self._settle.stop()
        if self._look is not None:
            self._look.cancel()
        self._disconnect()

    async def close(self) -> None:
        """Takes this document's jobs back and waits, a little, until their log entries are written."""
        for job_id in self.jobs:
            await self.router.cancel(job_id)
        if self._captures:
            self._idle.clear()
            with contextlib.suppress(TimeoutError):  # an engine that does not answer must not keep the window open
                await asyncio.wait_for(self._idle.wait(), CLOSE_SECONDS)


def preview_image(small: NDArray[np.uint8], captured: Capture) -> QImage:
    """An (h, w, 4) preview in the region's proportions, clipped by the mask. Small: the view scales it."""
    shown = small.copy()
    if captured.request.mask is not None:
        size = (small.shape[1], small.shape[0])
        shown[..., 3] = cv2.resize(captured.request.mask, size, interpolation=cv2.INTER_AREA)
    return from_rgba(shown)
