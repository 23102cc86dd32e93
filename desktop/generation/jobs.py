"""Every job of every window: one consumer of the engine's events, routed by job id to whoever asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.spoken import spoken
from pipelines.contract.engine import EngineClient
from pipelines.contract.events import (
    TERMINAL,
    EngineEvent,
    EngineLost,
    EngineReady,
    Finished,
    Loading,
    Progress,
    Queued,
    Released,
    Started,
)
from pipelines.contract.looking import LookRequest
from pipelines.contract.request import GenerationRequest, Pixels

Sink = Callable[[EngineEvent], None]


@dataclass
class Job:
    """One job as the queue panel shows it."""

    id: str
    request: GenerationRequest | LookRequest
    title: str
    """Whose picture it is for."""
    state: str = "waiting"
    """waiting, loading, running, finishing."""
    step: int = 0
    steps: int = 0
    seconds_left: float = 0.0
    position: int = 0

    @property
    def fraction(self) -> float:
        """0..1 of the steps done."""
        return self.step / self.steps if self.steps else 0.0


class JobRouter(QObject):
    """Hands requests to the engine and its events back to the askers."""

    changed = Signal()
    """Some job's state is different."""
    engine_ready = Signal(str, str)
    """Device and dtype."""
    engine_released = Signal(int, float)
    """Models that left memory because somebody asked for it, and bytes that this gave back."""
    engine_lost = Signal(str)
    """A sentence; the engine comes back by itself."""
    finished = Signal(object, object)
    """A request that was painted to its end, and the facts of its run."""

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.client = client
        self.engine: EngineReady | None = None
        """What the engine said of itself when it came up last."""
        self.jobs: dict[str, Job] = {}
        self._sinks: dict[str, Sink] = {}
        self._early: dict[str, list[EngineEvent]] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to listen. Needs the running event loop."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._listen(), name="engine events")

    async def stop(self) -> None:
        """Stops listening; the client is closed by whoever made it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def submit(self, request: GenerationRequest, title: str, sink: Sink) -> str:
        """Queues a request; `sink` gets every event of the job, the last one of a TERMINAL kind."""
        return self._follow(await self.client.submit(request), request, title, sink)

    async def look(self, request: LookRequest, title: str, sink: Sink) -> str:
        """Queues a picture to be looked at; `sink` gets every event of the job as of `submit`."""
        return self._follow(await self.client.look(request), request, title, sink)

    def _follow(self, job_id: str, request: GenerationRequest | LookRequest, title: str, sink: Sink) -> str:
        self.jobs[job_id] = Job(job_id, request, title)
        self._sinks[job_id] = sink
        for event in self._early.pop(job_id, ()):  # the engine may be quicker than our own await
            self._deliver(event)
        self.changed.emit()
        return job_id

    async def amend(self, job_id: str, x: int, y: int, pixels: Pixels) -> None:
        """Tells a job what a part of its region looks like now: (h, w, 4) straight RGBA at (x, y) of the region."""
        await self.client.amend(job_id, x, y, pixels)

    async def cancel(self, job_id: str) -> None:
        """Takes one job back."""
        await self.client.cancel(job_id)

    async def cancel_all(self) -> None:
        """Takes every job back, the waiting ones first so that none starts meanwhile."""
        for job in sorted(self.jobs.values(), key=lambda j: j.state == "running"):
            await self.client.cancel(job.id)

    async def release(self) -> None:
        """Takes every model out of memory; `engine_released` tells what it gave."""
        await self.client.release()

    async def _listen(self) -> None:
        async for event in self.client.events():
            if isinstance(event, EngineReady):
                self.engine = event
                self.engine_ready.emit(event.device, event.dtype)
            elif isinstance(event, Released):
                self.engine_released.emit(event.models, float(event.freed_bytes))
            elif isinstance(event, EngineLost):
                self.engine_lost.emit(spoken(event.sentence))
            elif event.job_id in self.jobs:
                self._deliver(event)
            else:
                self._early.setdefault(event.job_id, []).append(event)
            del event  # its pictures would stay until the next job's first event

    def _deliver(self, event: EngineEvent) -> None:
        job = self.jobs[event.job_id]
        match event:
            case Queued(position=position):
                job.state, job.position = "waiting", position
            case Loading():
                job.state = "loading"
            case Started(steps=steps):
                job.state, job.steps = "running", steps
            case Progress(step=step, steps=steps, seconds_left=left):
                job.state = "running" if step < steps else "finishing"
                job.step, job.steps, job.seconds_left = step, steps, left
            case _:
                pass
        sink = self._sinks[event.job_id]
        if isinstance(event, TERMINAL):
            del self.jobs[event.job_id], self._sinks[event.job_id]
        if isinstance(event, Finished):
            self.finished.emit(job.request, event.facts)
        sink(event)
        self.changed.emit()
