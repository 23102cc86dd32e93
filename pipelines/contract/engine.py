"""The nine verbs, the same for every home of the engine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from pipelines.contract.events import EngineEvent
from pipelines.contract.looking import LookRequest
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import GenerationRequest, Pixels


class EngineClient(Protocol):
    """An engine somewhere: in a child process, in this process, or painted by a fake."""

    async def submit(self, request: GenerationRequest) -> str:
        """Queues the request and returns its job id. Raises InvalidRequestError before anything leaves."""
        ...

    async def look(self, request: LookRequest) -> str:
        """Queues a picture to be looked at, in the same queue, and returns its job id; its last event is `Described`
        or `Annotated`, as the request is one for words or for a picture. Raises InvalidRequestError before anything
        leaves."""
        ...

    def events(self) -> AsyncIterator[EngineEvent]:
        """All events of all jobs, in order, until `close`. One consumer."""
        ...

    async def cancel(self, job_id: str) -> None:
        """Takes a waiting job back at once, a running one within one step. Unknown ids are ignored."""
        ...

    async def amend(self, job_id: str, x: int, y: int, pixels: Pixels) -> None:
        """Tells a job that a part of its region looks different now: (h, w, 4) straight RGBA at (x, y) of the region.

        A running job takes it in with its next step, a waiting one begins with it; unknown ids are ignored.
        """
        ...

    async def prepare(self, model_id: str) -> None:
        """Reads a model ahead while nothing else waits; says nothing if it cannot.

        Only a running engine does so, only one model at a time (the newest wish wins), and any job comes first.
        """
        ...

    async def release(self) -> None:
        """Takes every model out of memory, after the job that runs; `Released` tells what it gave. An engine that is
        not up has nothing to give and says so at once."""
        ...

    async def models(self) -> Sequence[ModelInfo]:
        """What the engine's library offers, the starter first."""
        ...

    async def close(self) -> None:
        """Ends the engine; `events` ends after it. Safe to call twice."""
        ...
