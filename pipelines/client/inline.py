"""The engine in this process: for tests, scripts and the command line. Its one thread is the engine's own."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

from pipelines.client.event_stream import EventStream
from pipelines.contract.errors import EngineLostError
from pipelines.contract.events import EngineEvent, Released
from pipelines.contract.looking import LookRequest
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import GenerationRequest, Pixels
from pipelines.contract.sources import ModelSource


class EngineVerbs(Protocol):
    """What this client needs of an engine; `pipelines.engine.engine.Engine` has it."""

    def submit(self, job_id: str, request: GenerationRequest) -> None:
        """Queues a request."""
        ...

    def look(self, job_id: str, request: LookRequest) -> None:
        """Queues a picture to be looked at."""
        ...

    def cancel(self, job_id: str) -> None:
        """Takes a job back."""
        ...

    def amend(self, job_id: str, x: int, y: int, pixels: Pixels) -> None:
        """Tells a job what a part of its region looks like now."""
        ...

    def prepare(self, model_id: str) -> None:
        """Reads a model ahead while nothing else waits."""
        ...

    def release(self) -> None:
        """Takes every model out of memory."""
        ...

    def close(self) -> None:
        """Cancels everything and waits for the engine's thread."""
        ...


EngineFactory = Callable[[Callable[[EngineEvent], None], ModelSource], EngineVerbs]
"""(emit, library) -> engine; the class `Engine` itself fits. Handed in, because clients know no torch."""


class InlineClient:
    """The nine verbs around an engine that lives in this process and starts with the first job or by `start`."""

    def __init__(self, library: ModelSource, make_engine: EngineFactory) -> None:
        self._library = library
        self._make_engine = make_engine
        self._stream = EventStream()
        self._engine: EngineVerbs | None = None
        self._closed = False

    async def start(self) -> None:
        """Starts the engine ahead of the first job; EngineReady follows."""
        self._ensure_engine()

    async def submit(self, request: GenerationRequest) -> str:
        """Queues the request and returns its job id. Raises InvalidRequestError, EngineLostError after `close`."""
        if self._closed:
            raise EngineLostError("The engine has been closed; no more jobs can be queued.")
        request.check()
        job_id = uuid.uuid4().hex
        self._ensure_engine().submit(job_id, request)
        return job_id

    async def look(self, request: LookRequest) -> str:
        """Queues a picture to be looked at. Raises InvalidRequestError, EngineLostError after `close`."""
        if self._closed:
            raise EngineLostError("The engine has been closed; no more jobs can be queued.")
        request.check()
        job_id = uuid.uuid4().hex
        self._ensure_engine().look(job_id, request)
        return job_id

    def events(self) -> AsyncIterator[EngineEvent]:
        """All events of all jobs until `close`. One consumer."""
        return self._stream.events()

    async def cancel(self, job_id: str) -> None:
        """Takes a job back; unknown ids are ignored."""
        if self._engine is not None:
            self._engine.cancel(job_id)

    async def amend(self, job_id: str, x: int, y: int, pixels: Pixels) -> None:
        """Tells a job what a part of its region looks like now; unknown ids are ignored."""
        if self._engine is not None:
            self._engine.amend(job_id, x, y, pixels)

    async def prepare(self, model_id: str) -> None:
        """Has a running engine read a model ahead; says nothing if it cannot."""
        if self._engine is not None:
            self._engine.prepare(model_id)

    async def release(self) -> None:
        """Takes every model out of memory; `Released` tells what it gave."""
        if self._engine is not None:
            self._engine.release()
        else:
            self._stream.put(Released("", models=0, freed_bytes=0))

    async def models(self) -> Sequence[ModelInfo]:
        """What the library offers."""
        return list(await asyncio.get_running_loop().run_in_executor(None, self._library.models))

    async def close(self) -> None:
        """Ends the engine; open jobs are cancelled. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        engine, self._engine = self._engine, None
        if engine is not None:
            await asyncio.get_running_loop().run_in_executor(None, engine.close)
            await asyncio.sleep(0)  # what the engine's thread said last is still on its way through the loop
        self._stream.close()

    def _ensure_engine(self) -> EngineVerbs:
        if self._engine is None:
            loop = asyncio.get_running_loop()
            self._engine = self._make_engine(lambda event: self._stream.put_from_thread(loop, event), self._library)
        return self._engine
