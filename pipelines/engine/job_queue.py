"""The queue between the threads that ask and the one thread that paints: priority first, then arrival."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pipelines.contract.looking import LookRequest
from pipelines.contract.request import GenerationRequest, Pixels


@dataclass(frozen=True, eq=False)
class Amendment:
    """A part of a job's region looks different now."""

    x: int
    """Left edge in the region, pixels."""
    y: int
    """Top edge in the region, pixels."""
    pixels: Pixels
    """(h, w, 4) straight RGBA."""


Asked = TypeVar("Asked", GenerationRequest, LookRequest)


@dataclass(eq=False)
class Waiting(Generic[Asked]):
    """One request on its way through the engine."""

    id: str
    request: Asked
    arrival: int
    cancelled: threading.Event = field(default_factory=threading.Event)
    """Set from any thread; the painting thread looks at it between blocks of the network."""
    amendments: deque[Amendment] = field(default_factory=deque)
    """Appended from any thread; the painting thread takes them from the left. Only pictures are amended."""
    queued_at: float = field(default_factory=time.perf_counter)

    @property
    def rank(self) -> tuple[int, int]:
        """Smaller runs earlier."""
        return (-self.request.priority, self.arrival)


class Job(Waiting[GenerationRequest]):
    """A picture to be painted."""


class LookingJob(Waiting[LookRequest]):
    """A picture to be looked at."""


AnyJob = Job | LookingJob


@dataclass(eq=False)
class Reading:
    """A model that is read ahead of the jobs that may want it."""

    model_id: str
    given_up: threading.Event = field(default_factory=threading.Event)
    """Set from any thread once something else is more urgent; the painting thread looks at it while it reads."""


class JobQueue:
    """Thread-safe. `tell_position(job_id, jobs_before)` is called under the lock: it always precedes the start."""

    def __init__(self, tell_position: Callable[[str, int], None]) -> None:
        self._tell_position = tell_position
        self._changed = threading.Condition()
        self._waiting: list[AnyJob] = []
        self._running: AnyJob | None = None
        self._ahead: Reading | None = None
        self._reading: Reading | None = None
        self._arrivals = 0
        self._closed = False
        self._release = False

    def put(self, job_id: str, request: GenerationRequest | LookRequest) -> bool:
        """Adds a job; False when the queue is closed. Raises ValueError for an id that is still open."""
        with self._changed:
            if self._closed:
                return False
            if any(job.id == job_id for job in self._open()):
                raise ValueError(f"The job id {job_id} is already in use.")
            before = {job.id: place for place, job in enumerate(self._waiting)}
            if isinstance(request, LookRequest):
                self._waiting.append(LookingJob(job_id, request, self._arrivals))
            else:
                self._waiting.append(Job(job_id, request, self._arrivals))
            self._arrivals += 1
            self._waiting.sort(key=lambda job: job.rank)
            self._tell_moved(before)
            if self._reading is not None and self._reading.model_id != request.model:
                self._reading.given_up.set()  # what the job wants itself is read on
            self._changed.notify()
            return True

    def prepare(self, model_id: str) -> None:
        """Has a model read once no job waits. At most one waits to be read, the newest; what is read already is kept
        or, for another one, given up."""
        with self._changed:
            if self._closed:
                return
            self._ahead = None
            if self._reading is not None and self._reading.model_id == model_id:
                return
            if self._reading is not None:
                self._reading.given_up.set()
            self._ahead = Reading(model_id)
            self._changed.notify()

    def release(self) -> None:
        """Has the painting thread let go of what it holds before it takes the next job."""
        with self._changed:
            self._release = True
            if self._reading is not None:
                self._reading.given_up.set()
            self._ahead = None
            self._changed.notify()

    def take(
        self,
        patience_s: float | None = None,
        on_idle: Callable[[], None] = lambda: None,
        read_ahead: Callable[[Reading], None] = lambda _reading: None,
        on_release: Callable[[], None] = lambda: None,
    ) -> AnyJob | None:
        """Waits for the next job and marks it as running; None once the queue is closed.

        All are called in this thread and outside of the lock: `on_idle` once nothing came for `patience_s` seconds,
        `read_ahead` with every model that is to be read while no job waits, `on_release` after `release`.
        """
        patience = patience_s
        while True:
            if not self._wait(patience):
                on_idle()
                patience = None
                continue
            if self._take_release():
                on_release()
                continue
            with self._changed:
                if self._closed:
                    return None
                if self._waiting:
                    self._running = self._waiting.pop(0)
                    return self._running
                self._reading, self._ahead = self._ahead, None
                reading = self._reading
            if reading is not None:
                read_ahead(reading)
                patience = patience_s
            with self._changed:
                self._reading = None

    def _take_release(self) -> bool:
        with self._changed:
            asked, self._release = self._release, False
            return asked and not self._closed

    def _wait(self, patience_s: float | None) -> bool:
        """Whether there is something to do, or no more will come; False when patience ran out first."""
        with self._changed:
            self._running = None
            return bool(self._changed.wait_for(self._has_work, patience_s))

    def _has_work(self) -> bool:
        return bool(self._waiting or self._ahead or self._release or self._closed)

    def done(self) -> None:
        """The running job has ended; those behind it move up."""
        with self._changed:
            self._running = None
            # The next take follows at once, so the places that are worth telling are those after it.
            for place, job in enumerate(self._waiting[1:], start=1):
                self._tell_position(job.id, place)

    def cancel(self, job_id: str) -> bool:
        """Takes a waiting job out (True: it is gone) or marks the running one (False: its thread will end it)."""
        with self._changed:
            for place, job in enumerate(self._waiting):
                if job.id == job_id:
                    before = {other.id: index for index, other in enumerate(self._waiting)}
                    del self._waiting[place]
                    self._tell_moved(before)
                    return True
            if self._running is not None and self._running.id == job_id:
                self._running.cancelled.set()
            return False

    def amend(self, job_id: str, amendment: Amendment) -> None:
        """Hands an amendment to an open job; unknown ids are ignored."""
        with self._changed:
            for job in self._open():
                if job.id == job_id:
                    job.amendments.append(amendment)

    def close(self) -> list[AnyJob]:
        """Lets `take` return None, marks the running job as cancelled and returns those that never ran."""
        with self._changed:
            self._closed = True
            left, self._waiting = self._waiting, []
            if self._running is not None:
                self._running.cancelled.set()
            if self._reading is not None:
                self._reading.given_up.set()
            self._changed.notify_all()
            return left

    def _open(self) -> list[AnyJob]:
        return [*self._waiting, *([self._running] if self._running else [])]

    def _tell_moved(self, before: dict[str, int]) -> None:
        ahead = 1 if self._running else 0
        for place, job in enumerate(self._waiting):
            if before.get(job.id) != place:
                self._tell_position(job.id, place + ahead)
