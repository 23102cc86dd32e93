"""Live painting: the frame is painted anew while one works on it. The newest input wins, and nothing queues up."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from canvas.changes import ChangeKind, DocumentChange
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds
from canvas.pixels import from_rgba
from desktop.generation.apply import keep_candidate
from desktop.generation.capture import Capture, draw_seed, parent_of
from desktop.generation.controls import concerns_guides
from desktop.generation.errand import log_painted
from desktop.generation.failures import failure_sentence
from desktop.generation.fitting import fitted
from desktop.generation.form import GenerationForm
from desktop.generation.jobs import JobRouter
from desktop.generation.live_capture import LIVE_PRIORITY, Shot, Wish, shoot
from desktop.generation.live_settings import LiveSettings
from desktop.generation.regions import noted
from desktop.session import Session
from desktop.spoken import spoken
from desktop.view.canvas_view import CanvasView
from desktop.view.live_display import LiveDisplay
from pipelines.contract.errors import PipelineError
from pipelines.contract.events import TERMINAL, EngineEvent, Failed, FailureKind, Finished
from pipelines.contract.request import GenerationRequest

SETTLE_SECONDS = 0.02
"""A change waits this long for others of the same moment."""
SLOW_SECONDS, SLOW_SETTLE = 1.5, 0.25
"""Where pictures take longer than this, a change waits longer: an early start would cost more than it gains."""
RATE_SECONDS = 4.0
CLOSE_SECONDS = 2.0
PLACE_KINDS = frozenset(
    {ChangeKind.FRAME, ChangeKind.SELECTION, ChangeKind.REGIONS, ChangeKind.SAVED_SELECTIONS, ChangeKind.LOADED}
)
FORM_FIELDS = frozenset({"prompt", "negative_prompt", "model", "guidance_scale", "mask_grow", "mask_feather"})
"""Fields of the form that live pictures depend on."""


class LiveState(StrEnum):
    """What live painting does at this moment."""

    OFF = "off"
    RESTING = "resting"
    """The picture is up to date."""
    PAINTING = "painting"
    WAITING = "waiting"
    """Jobs that a painter asked for run first."""
    LOST = "lost"
    """The engine is on its way back."""
    ELSEWHERE = "elsewhere"
    """Another window is being worked in."""


@dataclass(frozen=True, eq=False)
class LivePicture:
    """The picture on show."""

    shot: Shot
    event: Finished
    pixels: NDArray[np.uint8]
    """(h, w, 4) straight RGBA, as large as the frame."""
    image: QImage
    seconds: float
    """From the change that led to it until it was shown."""


@dataclass(eq=False)
class _Open:
    """The one job that may be open."""

    shot: Shot
    over: asyncio.Future[EngineEvent]
    id: str = ""
    taken_back: bool = False


@dataclass
class _Pace:
    """How quickly pictures come."""

    took: deque[float] = field(default_factory=lambda: deque(maxlen=5))
    shown_at: deque[float] = field(default_factory=lambda: deque(maxlen=32))

    def settle(self) -> float:
        """Seconds that a change waits for others."""
        slow = bool(self.took) and float(np.median(self.took)) > SLOW_SECONDS
        return SLOW_SETTLE if slow else SETTLE_SECONDS

    def rate(self) -> float:
        """Pictures a second, lately."""
        recent = [at for at in self.shown_at if at > time.monotonic() - RATE_SECONDS]
        return (len(recent) - 1) / (recent[-1] - recent[0]) if len(recent) > 1 else 0.0


class LivePainting(QObject):
    """Watches one painting and keeps one picture of its frame up to date while it is on."""

    changed = Signal()
    """State, picture or settings are different."""
    settings_changed = Signal()
    message = Signal(str)
    """A sentence for the banner."""

    def __init__(
        self, session: Session, view: CanvasView, form: GenerationForm, router: JobRouter, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.settings = LiveSettings()
        self.picture: LivePicture | None = None
        self.state = LiveState.OFF
        self.jobs_begun = 0
        """How many pictures were asked for since the window opened."""
        self._session, self._form, self._router = session, form, router
        self._on = self._lost = self._busy = False
        self._active = True
        self._open: _Open | None = None
        self._wanted_since: float | None = None
        self._since_shot = NOTHING  # what changed since the newest input was taken
        self._digest = ""
        self._pace = _Pace()
        self._wake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._display = LiveDisplay(view, self)
        self._disconnects = [
            session.compositor.updated.connect(self._pixels_changed),
            session.document.changed.connect(self._document_changed),
        ]
        form.changed.connect(self._form_changed)
        router.changed.connect(self._jobs_changed)
        router.engine_lost.connect(self._engine_lost)
        router.engine_ready.connect(self._engine_ready)

    # --- what a painter asks for

    @property
    def on(self) -> bool:
        """Whether it watches."""
        return self._on

    @property
    def rate(self) -> float:
        """Pictures a second, lately; 0 when it rests."""
        return self._pace.rate()

    @property
    def peeking(self) -> bool:
        """Whether the picture is hidden, so that the canvas is seen as it is."""
        return self._display.peeking

    def turn(self, on: bool) -> None:
        """Begins or ends. What is on show goes with the end; nothing of it is in the painting unless it was kept."""
        if on == self._on:
            return
        self._on = on
        if on:
            self._active = True
            self._want()
            if self._worker is None or self._worker.done():
                self._worker = self._spawn(self._work())
        else:
            self._wanted_since = None
            self._take_back()
            self._drop_picture()
            self._wake.set()
        self._tell()

    def set_active(self, active: bool) -> None:
        """Only the window that is worked in paints live; what the others show stays as it is."""
        if active != self._active:
            self._active = active
            if not active:
                self._take_back()
            self._wake.set()
            self._tell()

    def set(self, **changes: Any) -> None:
        """Other settings; those that matter to the picture lead to a new one."""
        before, self.settings = self.settings, replace(self.settings, **changes)
        if self.settings == before:
            return
        seen = replace(before, place=self.settings.place, opacity=self.settings.opacity)
        if seen != self.settings:
            self._want()
        self._display.refresh(self.settings)
        self.settings_changed.emit()
        self._tell()

    def new_seed(self) -> None:
        """Other noise, and so another picture of the same strokes."""
        self.set(seed=draw_seed())

    def peek(self, on: bool) -> None:
        """Hides the picture while a key is held."""
        if on != self.peeking:
            self._display.peek(on, self.settings)
            self._tell()

    async def keep(self) -> None:
        """Logs exactly the picture on show, with its request, and makes it a layer: one undo step.

        Raises CanvasError when the log cannot be written.
        """
        picture = self.picture
        if picture is None:
            return
        document, request, bounds = self._session.document, picture.shot.request, picture.shot.bounds
        parent = await asyncio.to_thread(parent_of, document.generations, bounds)
        form = replace(self._form.settings, seed=request.seed, random_seed=False).to_dict() | noted(picture.shot.placed)
        facts = {**picture.event.facts, "live": True}
        kept = Finished(picture.event.job_id, (picture.pixels,), facts)
        record = await log_painted(self._session, Capture(request, bounds, parent, form), kept)
        keep_candidate(document, record, 0, picture.pixels)

    # --- what happens around it

    def _pixels_changed(self, bounds: Bounds) -> None:
        if not self._on or bounds.intersected(self._session.document.frame).is_empty:
            return
        self._display.touch(bounds)
        self._since_shot = self._since_shot.united(bounds)
        self._want()

    def _document_changed(self, change: DocumentChange) -> None:
        if not self._on or not (change.kind in PLACE_KINDS or concerns_guides(change)):
            return
        if change.kind in (ChangeKind.FRAME, ChangeKind.LOADED):
            self._take_back()  # its picture would stand at the wrong place
            self._drop_picture()
        self._want()

    def _form_changed(self, names: set[str]) -> None:
        if self._on and names & FORM_FIELDS:
            self._want()

    def _jobs_changed(self) -> None:
        if self._on and self._others_open():
            self._take_back()  # an explicit job need not wait for a picture nobody asked for
        if self._wanted_since is not None or self._others_open() != (self.state is LiveState.WAITING):
            self._wake.set()

    def _engine_lost(self) -> None:
        self._lost = True
        self._tell()

    def _engine_ready(self) -> None:
        self._lost = False
        self._wake.set()
        self._tell()

    def _others_open(self) -> bool:
        return any(job.request.priority > LIVE_PRIORITY for job in self._router.jobs.values())

    def _want(self) -> None:
        if self._on and self._wanted_since is None:
            self._wanted_since = time.monotonic()
            self._wake.set()
            self._tell()

    def _take_back(self) -> None:
        job = self._open
        if job is not None and not job.taken_back:
            job.taken_back = True
            self._wanted_since = self._wanted_since or time.monotonic()
            if job.id:
                self._spawn(self._router.cancel(job.id))

    # --- the one loop

    async def _work(self) -> None:
        while self._on:
            await self._wake.wait()
            self._wake.clear()
            self._tell()
            if self._wanted_since is None or self._held_back() is not None:
                continue
            await asyncio.sleep(self._pace.settle())
            if not self._on or self._held_back() is not None:
                self._wake.set()
                continue
            self._busy = True
            try:
                await self._paint_once()
            except (CanvasError, PipelineError) as error:
                self._fail(spoken(str(error)))
            finally:
                self._busy = False
            self._tell()

    def _held_back(self) -> LiveState | None:
        if not self._active:
            return LiveState.ELSEWHERE
        if self._lost:
            return LiveState.LOST
        return LiveState.WAITING if self._others_open() else None

    async def _paint_once(self) -> None:
        """One picture, unless it would be the one on show. Raises CanvasError and PipelineError."""
        began, self._wanted_since, self._since_shot = self._wanted_since, None, NOTHING
        wish = Wish(self._form.settings, self.settings, self._form.model_info(), self._form.wording)
        shot = await shoot(self._session.document, self._session.compositor, wish)
        if shot.digest == self._digest or not self._on:
            return
        job = self._open = _Open(shot, asyncio.get_running_loop().create_future())
        self._tell()
        started = time.monotonic()
        try:
            await self._submit(job, shot.request)
            event = await job.over
            self._pace.took.append(time.monotonic() - started)
            await self._finish(job, event, began or started)
        finally:
            self._open = None
            self._wake.set()

    async def _submit(self, job: _Open, request: GenerationRequest) -> None:
        def hear(event: EngineEvent) -> None:
            if isinstance(event, TERMINAL) and not job.over.done():
                job.over.set_result(event)

        self.jobs_begun += 1
        job.id = await self._router.submit(request, self.tr("Live: {0}").format(self._session.title), hear)
        if job.taken_back:
            await self._router.cancel(job.id)

    async def _finish(self, job: _Open, event: EngineEvent, began: float) -> None:
        if isinstance(event, Finished) and self._on and job.shot.bounds == self._session.document.frame:
            bounds = job.shot.bounds
            pixels = await asyncio.to_thread(fitted, event.patches[0], bounds.width, bounds.height)
            image = await asyncio.to_thread(from_rgba, pixels)
            if not self._on or bounds != self._session.document.frame:
                return
            now = time.monotonic()
            self._digest = job.shot.digest
            self._pace.shown_at.append(now)
            self.picture = LivePicture(job.shot, event, pixels, image, now - began)
            self._display.show(job.shot, image, self._since_shot, self.settings)
        elif isinstance(event, Failed) and event.kind is FailureKind.ENGINE_LOST:
            self._wanted_since = self._wanted_since or time.monotonic()  # the router says when it is back
        elif isinstance(event, Failed):
            self._fail(failure_sentence(event))

    def _fail(self, sentence: str) -> None:
        """What does not work now would not work with the next stroke either."""
        self.turn(False)
        self.message.emit(self.tr("Live painting stopped: {0}").format(sentence))

    def _drop_picture(self) -> None:
        self._display.clear()
        self.picture, self._digest = None, ""

    def _tell(self) -> None:
        if not self._on:
            self.state = LiveState.OFF
        else:
            at_work = self._busy or self._wanted_since is not None
            self.state = self._held_back() or (LiveState.PAINTING if at_work else LiveState.RESTING)
        self.changed.emit()

    # --- life

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def release_document(self) -> None:
        """Listens to the document no longer."""
        for disconnect in self._disconnects:
            disconnect()

    async def finish(self) -> None:
        """Ends it and waits a little until its job is gone."""
        self.turn(False)
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=CLOSE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
