"""The default home of the engine: a child process, so that neither torch nor a crash ever reaches the window."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.client.child import Child, ChildSettings, Ending
from pipelines.client.event_stream import EventStream
from pipelines.client.wire import Amend, Cancel, Command, Look, Prepare, Release, Submit
from pipelines.contract.errors import EngineLostError, ModelError
from pipelines.contract.events import (
    TERMINAL,
    Cancelled,
    EngineEvent,
    EngineLost,
    Failed,
    FailureKind,
    Released,
)
from pipelines.contract.looking import LookRequest
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import LANCZOS, GenerationRequest, Pixels, Task

if TYPE_CHECKING:
    from pipelines.contract.sources import ModelSource

_BACK_OFF = (0.0, 1.0, 3.0, 10.0, 30.0)
"""Seconds before the engine is started again, by how often in a row it ended soon after its start."""
_SETTLE = 0.7
"""Seconds without a further change after which new settings count: numbers are typed digit by digit."""
_SOON = 20.0
"""An engine that lived longer than this, in seconds, and had come up, starts with a clean record."""


class ProcessClient:
    """The nine verbs, served by a child process that is started with the first job or by `start`.

    When the child ends, its open jobs fail with a sentence and it comes back by itself; nothing is repeated silently.
    All methods belong to one event loop, plain asyncio or Qt's, and none of them ever waits for the child.
    """

    def __init__(self, library: ModelSource, settings: ChildSettings | None = None) -> None:
        self._library = library
        self._settings = settings or ChildSettings()
        self._stream = EventStream()
        self._open_jobs: dict[str, None] = {}
        self._child: Child | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._restart: asyncio.TimerHandle | None = None
        self._started_at = 0.0
        self._quick_deaths = 0
        self._closed = False
        self._edition = 0
        self._outdated = False
        self._replacing: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the engine while it runs."""
        return self._child.pid if self._child else None

    async def start(self) -> None:
        """Starts the engine's process ahead of the first job; returns at once, EngineReady follows."""
        self._ensure_child()

    async def renew(self, settings: ChildSettings) -> None:
        """From now on the engine runs under other settings: it is started anew, `_SETTLE` seconds after the last change
        and, where jobs are open, after the last of them."""
        self._settings, self._edition = settings, self._edition + 1
        edition = self._edition
        await asyncio.sleep(_SETTLE)
        if edition == self._edition and self._child is not None and not self._closed:
            self._outdated = True
            await self._replace_outdated()

    async def submit(self, request: GenerationRequest) -> str:
        """Queues the request and returns its job id. Raises InvalidRequestError, EngineLostError after `close`."""
        if self._closed:
            raise EngineLostError("The engine has been closed; no more jobs can be queued.")
        request.check()

        def command(job_id: str) -> Command:
            return Submit(job_id, request, [self._library.resolve(name) for name in _models_of(request)])

        return self._send_job(command, request.model)

    async def look(self, request: LookRequest) -> str:
        """Queues a picture to be looked at. Raises InvalidRequestError, EngineLostError after `close`."""
        if self._closed:
            raise EngineLostError("The engine has been closed; no more jobs can be queued.")
        request.check()

        def command(job_id: str) -> Command:
            return Look(job_id, request, [self._library.resolve(name) for name in request.models])

        return self._send_job(command, request.model)

    def _send_job(self, command: Callable[[str], Command], model: str) -> str:
        """Opens a job; a model that the library does not know fails it at once."""
        job_id = uuid.uuid4().hex
        try:
            asked = command(job_id)
        except ModelError as error:
            self._stream.put(Failed(job_id, _model_fault(model), str(error)))
            return job_id
        child = self._ensure_child()
        self._open_jobs[job_id] = None
        child.send(asked)
        return job_id

    def events(self) -> AsyncIterator[EngineEvent]:
        """All events of all jobs until `close`. One consumer."""
        return self._stream.events()

    async def cancel(self, job_id: str) -> None:
        """Takes a job back; unknown ids are ignored."""
        if self._child is not None and job_id in self._open_jobs:
            self._child.send(Cancel(job_id))

    async def amend(self, job_id: str, x: int, y: int, pixels: Pixels) -> None:
        """Tells a job what a part of its region looks like now; unknown ids are ignored."""
        if self._child is not None and job_id in self._open_jobs:
            self._child.send(Amend(job_id, x, y, pixels))

    async def prepare(self, model_id: str) -> None:
        """Has a running engine read a model ahead; one that is not up, and a model that is not there, say nothing."""
        child = self._child
        if child is None:
            return
        with contextlib.suppress(ModelError):
            child.send(Prepare(self._library.resolve(model_id)))

    async def release(self) -> None:
        """Takes every model out of memory; `Released` tells what it gave."""
        if self._child is not None:
            self._child.send(Release())
        else:
            self._stream.put(Released("", models=0, freed_bytes=0))

    async def models(self) -> Sequence[ModelInfo]:
        """What the library offers, asked without the engine."""
        return list(await asyncio.get_running_loop().run_in_executor(None, self._library.models))

    async def close(self) -> None:
        """Ends the engine; open jobs are cancelled. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        if self._restart is not None:
            self._restart.cancel()
        child, self._child = self._child, None
        if child is not None:
            await asyncio.get_running_loop().run_in_executor(None, child.close)
        for job_id in self._open_jobs:
            self._stream.put(Cancelled(job_id))
        self._open_jobs.clear()
        self._stream.close()

    def _ensure_child(self) -> Child:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        if self._restart is not None:
            self._restart.cancel()
            self._restart = None
        if self._child is None:
            self._started_at = time.monotonic()
            self._child = Child(self._settings, self._hear, self._hear_end)
        return self._child

    async def _replace_outdated(self) -> None:
        """Ends the child that runs under settings of before and starts another, unless jobs are open."""
        child = self._child
        if self._open_jobs or child is None or not self._outdated:
            return
        self._outdated, self._child = False, None
        self._ensure_child()  # at once: whoever submits meanwhile finds it
        await asyncio.get_running_loop().run_in_executor(None, child.close)

    def _hear(self, child: Child, event: EngineEvent) -> None:
        self._call_soon(lambda: self._on_event(child, event))

    def _hear_end(self, child: Child, ending: Ending) -> None:
        self._call_soon(lambda: self._on_end(child, ending))

    def _on_event(self, child: Child, event: EngineEvent) -> None:
        if child is not self._child:
            return
        if isinstance(event, TERMINAL):
            self._open_jobs.pop(event.job_id, None)
            if self._outdated and not self._open_jobs and self._loop is not None:
                self._replacing = self._loop.create_task(self._replace_outdated())
        self._stream.put(event)

    def _on_end(self, child: Child, ending: Ending) -> None:
        if child is not self._child or self._closed:
            return
        self._child = None
        comes_back = self._plan_restart(ending)
        # One sentence for the engine and its jobs: whoever shows both says it once.
        sentence = f"{_why(ending)} {_what_now(comes_back, bool(self._open_jobs))}"
        self._stream.put(EngineLost("", sentence))
        for job_id in self._open_jobs:
            self._stream.put(Failed(job_id, FailureKind.ENGINE_LOST, sentence, ending.last_words))
        self._open_jobs.clear()

    def _plan_restart(self, ending: Ending) -> bool:
        """Has the engine started again, at once or later; False when it has failed too often in a row."""
        lived_well = ending.was_ready and time.monotonic() - self._started_at > _SOON
        self._quick_deaths = 0 if lived_well else self._quick_deaths + 1
        # The first loss of a running engine is mended at once; one that never comes up must not spin.
        place = self._quick_deaths - 1 if ending.was_ready else self._quick_deaths
        if self._loop is None or place >= len(_BACK_OFF) or ending.code is None:
            return False
        self._restart = self._loop.call_later(_BACK_OFF[max(place, 0)], self._start_again)
        return True

    def _start_again(self) -> None:
        self._restart = None
        if not self._closed:
            self._ensure_child()

    def _call_soon(self, work: Callable[[], None]) -> None:
        try:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(work)
        except RuntimeError:
            return  # the loop is closed: nobody is left to hear it


def _models_of(request: GenerationRequest) -> list[str]:
    upscalers = [request.upscaler] if request.task is Task.UPSCALE and request.upscaler != LANCZOS else []
    return [request.model, *request.addons, *upscalers]


def _model_fault(model_id: str) -> FailureKind:
    return FailureKind.MODEL_UNUSABLE if Path(model_id).exists() else FailureKind.MODEL_MISSING


def _what_now(comes_back: bool, lost_jobs: bool) -> str:
    if lost_jobs and comes_back:
        return "The painting is untouched; what the engine worked on is lost. Start it again when the engine is back."
    if lost_jobs:
        return "The painting is untouched; what the engine worked on is lost. The engine starts with the next job."
    if comes_back:
        return "The painting is untouched; the engine comes back by itself."
    return "The painting is untouched; the engine starts again with the next job."


def _why(ending: Ending) -> str:
    if ending.code is None:
        return f"The engine could not be started: {ending.last_words.rstrip('.')}."
    if ending.code < 0:
        names = {number.value: number.name for number in signal.Signals}
        return f"The engine was stopped from outside ({names.get(-ending.code, -ending.code)})."
    return f"The engine ended unexpectedly (exit code {ending.code})."
