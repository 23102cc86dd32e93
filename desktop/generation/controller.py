"""The main trip of one document: capture, submit, preview, store, show, keep."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

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
from canvas.selection import Selection
from desktop.generation.apply import keep_candidate, keep_in_layer, make_record, why_not_into
from desktop.generation.candidates import Candidates, CandidateStack
from desktop.generation.capture import Capture, Terms, capture_in_slices, draw_seed
from desktop.generation.course import Course
from desktop.generation.detection import detect_mode, detect_mode_in_slices, look_at
from desktop.generation.form import GenerationForm, GenerationSettings
from desktop.generation.jobs import JobRouter
from desktop.generation.modes import ONCE_MODES, Mode
from desktop.session import Session
from desktop.spoken import spoken
from desktop.view.canvas_view import CanvasView
from pipelines.contract.errors import PipelineError
from pipelines.contract.events import TERMINAL, Cancelled, EngineEvent, Failed, Finished, Preview
from pipelines.contract.request import MAX_SEED, Task
from pipelines.planning.sizes import limits_of

T = TypeVar("T")
Patches = tuple[NDArray[np.uint8], ...]

CLOSE_SECONDS = 5
MODE_SETTLE_MS = 150
"""The mode is looked up this long after the last change, so that strokes never wait for it."""


class GenerationController(QObject):
    """Ties one session, its view and the form to the engine."""

    mode_changed = Signal(object)
    """The Mode that Enter would run now."""
    candidates_changed = Signal()
    started = Signal(str)
    """Job id, once the engine has it."""
    ended = Signal(str, object)
    """Job id and its last event, once it is in the log and, where it was painted to its end, on show."""
    context_changed = Signal()
    """Another context was chosen by hand, or none any more."""
    message = Signal(str)
    """A sentence for the banner."""

    def __init__(
        self, session: Session, view: CanvasView, form: GenerationForm, router: JobRouter, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self.view, self.form, self.router = session, view, form, router
        self.mode = Mode.GENERATE
        self.candidates = CandidateStack(view.set_preview, self)
        self.candidates.changed.connect(self.candidates_changed)
        self.context_override: Bounds | None = None
        self.finishing: Callable[[Capture, Patches], Awaitable[Patches]] = _as_painted
        """What is still done to pictures before they are shown; the log keeps them as they were painted."""
        self._suggested: Mode | None = None
        self._captures: dict[str, Capture] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._courses: dict[str, Course] = {}
        self._source = ""  # the record whose settings were taken over last
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
        chosen = self.form.settings.mode or self._suggested
        if chosen is not None:
            self._take_mode(chosen)
        elif look_at(self.session.document).is_quick:
            self._take_mode(detect_mode(self.session.document, self.session.compositor))
        else:
            self._look = self._spawn(self._look_in_slices())

    async def _look_in_slices(self) -> None:
        self._take_mode(await detect_mode_in_slices(self.session.document, self.session.compositor))

    def _take_mode(self, found: Mode) -> None:
        if found is not self.mode:
            self.mode = found
            self.mode_changed.emit(found)

    def set_mode(self, mode: Mode | None) -> None:
        """Insists on a mode; None gives the decision back to the picture."""
        self.form.set(mode=mode)

    def suggest_mode(self, mode: Mode) -> None:
        """What is done next, until selection, frame or pixels change; a mode that was insisted on is given up."""
        self._suggested = mode
        self.form.set(mode=None)
        self.refresh_mode()

    def set_context(self, bounds: Bounds | None) -> None:
        """The region that is sent along with the present selection, canvas pixels; None decides it as the form says."""
        if bounds != self.context_override:
            self.context_override = bounds
            self.context_changed.emit()

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind in (ChangeKind.SELECTION, ChangeKind.LOADED):
            self.set_context(None)
        if change.kind not in (ChangeKind.ACTIVE, ChangeKind.GENERATIONS, ChangeKind.HISTORY):
            self._suggested = None
            self._settle.start()

    def _form_changed(self, names: set[str]) -> None:
        if "mode" in names:
            self.refresh_mode()

    # --- jobs

    @property
    def jobs(self) -> tuple[str, ...]:
        """Ids of this document's open jobs."""
        return tuple(self._captures)

    def capture_of(self, job_id: str) -> Capture | None:
        """What an open job of this document was made of; None for others."""
        return self._captures.get(job_id)

    def generate(
        self,
        settings: GenerationSettings | None = None,
        parent: str = "",
        selection: Selection | None = None,
        context: Bounds | None = None,
        frame: Bounds | None = None,
    ) -> asyncio.Task[str]:
        """Runs what the button says. Never blocks; a refusal comes as a message. The task gives the job's id as soon
        as the engine has it, "" when it was refused.

        `parent`: the record that the new one grows out of if it covers the same place; without it the one whose
        settings were taken over last. `selection`, `context`, `frame`: instead of those of the document.
        """
        chosen = settings or self.form.settings
        if settings is None and self._suggested is not None and chosen.mode is None:
            chosen = replace(chosen, mode=self._suggested)
        context = context or (self.context_override if selection is None else None)
        source, wording = parent or self._source, self.form.wording
        terms = Terms(source=source, selection=selection, context=context, frame=frame, wording=wording)
        info = self.form.model_info()
        return self._spawn(self._capture_and_submit(chosen, replace(terms, limits=limits_of(info)) if info else terms))

    def generate_as(self, mode: Mode) -> None:
        """Runs another mode than the button says, this once."""
        self.generate(replace(self.form.settings, mode=mode))

    async def _capture_and_submit(self, chosen: GenerationSettings, terms: Terms) -> str:
        document, compositor = self.session.document, self.session.compositor
        try:
            captured = await capture_in_slices(document, compositor, chosen, terms)
        except (PipelineError, CanvasError) as error:
            self.message.emit(spoken(str(error)))
            return ""
        if chosen.random_seed:
            self.form.set(seed=captured.request.seed)
        elif chosen.seed_advances and chosen.seed == self.form.settings.seed:
            self.form.set(seed=(chosen.seed + chosen.num_images_per_prompt) % (MAX_SEED + 1))
        if self.form.settings.mode in ONCE_MODES and self.form.settings.mode is chosen.mode:
            self.form.set(mode=None)
        return await self._submit(captured)

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

    def paint(self, captured: Capture) -> None:
        """Runs a request that was made elsewhere; its pictures come as candidates."""
        self._spawn(self._submit(captured))

    async def _submit(self, captured: Capture) -> str:
        try:
            job_id = await self.router.submit(captured.request, self.session.title, self._on_event)
        except PipelineError as error:
            self.message.emit(spoken(str(error)))
            return ""
        self._captures[job_id] = captured
        self._courses.setdefault(job_id, Course())
        self.started.emit(job_id)
        return job_id

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
            self.message.emit(spoken(str(error)))
            record = error.record
        self._captures.pop(event.job_id, None)
        if not self._captures:
            self._idle.set()
        self.view.set_preview(captured.bounds, None, key=event.job_id)
        self.session.document.generations.append(record)
        if isinstance(event, Finished):
            patches = await self.finishing(captured, event.patches)
            self.candidates.add(Candidates(record, captured, patches))
            from desktop.generation.savings import job_notes  # a start does without

            if noted := job_notes(event.facts):
                self.message.emit(noted)
        elif isinstance(event, Failed):
            from desktop.generation.failures import failure_sentence  # a start does without

            self.message.emit(failure_sentence(event))
        elif isinstance(event, Cancelled):
            self.message.emit(self.tr("Cancelled."))
        self.ended.emit(event.job_id, event)

    async def _store(self, captured: Capture, event: EngineEvent, course: Course) -> GenerationRecord:
        inputs = captured.request.pictures
        patches = event.patches if isinstance(event, Finished) else ()
        # In a thread: the thumbnail of a large picture takes a while.
        record = await asyncio.to_thread(make_record, captured, event, course)
        future = self.session.project.store_generation(record, patches, inputs)
        return await asyncio.wrap_future(future)

    # --- candidates

    @property
    def current(self) -> Candidates | None:
        """The candidates in hand: those that came last, or were taken."""
        return self.candidates.current

    def next_candidate(self, step: int = 1) -> None:
        """Flips to another picture of the batch."""
        self.candidates.flip(step)

    def previous_candidate(self) -> None:
        """Flips back."""
        self.candidates.flip(-1)

    def hide_candidate(self, hidden: bool, reason: str = "") -> None:
        """Shows the original, as while a key is held."""
        self.candidates.hide(hidden, reason)

    def accept(self, into_layer: bool | None = None) -> None:
        """Keeps the shown candidate as a new layer or in the active one (None: as the form says): one undo step,
        marked in the log. A layer that cannot take it is named, and a new one takes it."""
        document = self.session.document
        into = self.form.settings.keep_into_layer if into_layer is None else into_layer
        problem = why_not_into(document) if into else ""
        current = self.candidates.take()
        if current is None:
            return
        self._source = ""  # what comes next grows out of this picture
        if into and not problem:
            keep_in_layer(document, current.record, current.index, current.patch)
            return
        keep_candidate(document, current.record, current.index, current.patch)
        if problem:
            self.message.emit(self.tr("Kept as a new layer. {reason}").format(reason=problem))

    def discard(self) -> None:
        """Takes the candidates off the canvas; the log keeps them."""
        self.candidates.take()

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
            self.message.emit(spoken(str(error)))
            return None

    async def _load(self, record: GenerationRecord, index: int) -> NDArray[np.uint8] | None:
        if index >= len(record.candidates):
            reason = spoken(record.sentence) or record.status
            self.message.emit(self.tr("This generation made no picture: {0}").format(reason))
            return None
        try:
            return await asyncio.wrap_future(self.session.project.load_blob(record.candidates[index]))
        except CanvasError as error:
            self.message.emit(spoken(str(error)))
            return None

    def reuse(self, record_id: str) -> None:
        """Restores every setting of a logged generation, its seed and its place included; what is made with them
        there grows out of it."""
        record = self._record(record_id)
        if record is not None:
            self._spawn(self._reuse(record))

    async def _reuse(self, record: GenerationRecord) -> None:
        from desktop.generation.reuse import restore

        for complaint in await restore(record, self.session, self.form):
            self.message.emit(complaint)
        self._source = record.id
        if record.task == Task.INPAINT:
            self.set_context(record.bounds)

    # --- life

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
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


async def _as_painted(_captured: Capture, patches: Patches) -> Patches:
    return patches


def preview_image(small: NDArray[np.uint8], captured: Capture) -> QImage:
    """An (h, w, 4) preview in the region's proportions, clipped by the mask. Small: the view scales it."""
    shown = small.copy()
    if captured.request.mask is not None:
        size = (small.shape[1], small.shape[0])
        shown[..., 3] = cv2.resize(captured.request.mask, size, interpolation=cv2.INTER_AREA)
    return from_rgba(shown)
