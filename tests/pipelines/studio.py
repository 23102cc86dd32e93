"""A real engine whose events a test reads, and that a test may answer while a job runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Queue
from typing import Any

from pipelines.contract.events import TERMINAL, EngineEvent, Finished
from pipelines.contract.request import GenerationRequest
from tests.pipelines.conftest import Shelf


class Studio:
    """One engine for many jobs."""

    def __init__(self, models: Shelf, **settings: Any) -> None:
        from pipelines.engine.engine import Engine, EngineSettings

        self._events: Queue[EngineEvent] = Queue()
        self.listen: Callable[[EngineEvent], None] = lambda _event: None
        """Hears every event in the engine's own thread, at the moment it happens."""
        self.engine = Engine(self._hear, models, EngineSettings(**settings))
        self._jobs = 0

    def _hear(self, event: EngineEvent) -> None:
        self._events.put(event)
        self.listen(event)

    def submit(self, asked: GenerationRequest) -> str:
        self._jobs += 1
        self.engine.submit(str(self._jobs), asked)
        return str(self._jobs)

    def events_of(self, job: str) -> Iterator[EngineEvent]:
        """Events of one job to its end."""
        while True:
            event = self._events.get(timeout=120)
            if event.job_id == job:
                yield event
                if isinstance(event, TERMINAL):
                    return

    def end_of(self, asked: GenerationRequest) -> EngineEvent:
        return list(self.events_of(self.submit(asked)))[-1]

    def paint(self, asked: GenerationRequest) -> Finished:
        end = self.end_of(asked)
        assert isinstance(end, Finished), f"{end}"
        return end
