"""One job from request to pictures through an engine client, with a bar on the terminal and a clean way out."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from tqdm import tqdm

from pipelines.client.child import ChildSettings
from pipelines.client.process import ProcessClient
from pipelines.commands.errors import InputError, JobFailedError
from pipelines.contract.engine import EngineClient
from pipelines.contract.events import (
    TERMINAL,
    Cancelled,
    Described,
    EngineEvent,
    Failed,
    FailureKind,
    Finished,
    Loading,
    Progress,
    Started,
)
from pipelines.contract.looking import DescriptionRequest
from pipelines.contract.request import GenerationRequest
from pipelines.contract.sources import ModelSource

Ending = TypeVar("Ending", Finished, Described)
_PERSONS_FAULT = (FailureKind.INVALID_REQUEST, FailureKind.MODEL_MISSING)


@dataclass(frozen=True)
class EngineChoice:
    """What the person wants the engine to run on; empty strings leave it to the engine."""

    device: str = ""
    dtype: str = ""

    def environment(self) -> dict[str, str]:
        """As the engine's process reads it."""
        named = {"HANDSCROLL_DEVICE": self.device, "HANDSCROLL_DTYPE": self.dtype}
        return {name: value for name, value in named.items() if value}


def open_engine(library: ModelSource, choice: EngineChoice) -> ProcessClient:
    """The same engine the window has: a child process, started with the first job."""
    return ProcessClient(library, ChildSettings(environment=choice.environment()))


def run_request(request: GenerationRequest, client: EngineClient) -> Finished:
    """Runs one request to its end and closes the client.

    Raises InputError, JobFailedError, and KeyboardInterrupt after a clean cancel.
    """
    return asyncio.run(_run_and_close(request, client))


async def _run_and_close(request: GenerationRequest, client: EngineClient) -> Finished:
    try:
        return await finish(request, client, ProgressBar().show)
    finally:
        await client.close()


async def finish(request: GenerationRequest, client: EngineClient, show: Callable[[EngineEvent], None]) -> Finished:
    """Submits the request and waits for its pictures; every event of the job goes to `show`, too.

    Raises InputError or JobFailedError with the engine's sentence. When the task is cancelled, so is the job.
    """
    return await _end_of(await client.submit(request), Finished, client, show)


async def describe(request: DescriptionRequest, client: EngineClient, show: Callable[[EngineEvent], None]) -> Described:
    """The same for a picture that is to be put into words."""
    return await _end_of(await client.look(request), Described, client, show)


async def _end_of(job_id: str, kind: type[Ending], client: EngineClient, show: Callable[[EngineEvent], None]) -> Ending:
    try:
        async for event in client.events():
            if event.job_id == job_id:
                show(event)
                if isinstance(event, kind):
                    return event
                if isinstance(event, Failed):
                    raise (InputError if event.kind in _PERSONS_FAULT else JobFailedError)(event.sentence)
                if isinstance(event, Cancelled):
                    raise JobFailedError("The job was cancelled.")
    except asyncio.CancelledError:
        await client.cancel(job_id)
        raise
    raise JobFailedError("The engine was closed before the job was done.")


class ProgressBar:
    """Shows a job's events as one bar on the terminal; silent where stderr is none."""

    def __init__(self, words: str = "Painting") -> None:
        self._words = words
        self._bar: tqdm[NoReturn] | None = None
        self._on_terminal = sys.stderr.isatty()

    def show(self, event: EngineEvent) -> None:
        """Draws what the event changes; a final event takes the bar away."""
        if not self._on_terminal:
            return
        if isinstance(event, Loading):
            sys.stderr.write(f"Loading {event.model} ...\n")
        elif isinstance(event, Started):
            self._bar = tqdm(total=event.steps, desc=self._words, unit="step", file=sys.stderr)
        elif isinstance(event, Progress) and self._bar is not None:
            self._bar.update(event.step - self._bar.n)
        elif isinstance(event, TERMINAL) and self._bar is not None:
            self._bar.close()
