"""The engine: a queue, and one thread that makes every call to torch, imports, loads and unloads included."""

from __future__ import annotations

import functools
import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.contract.errors import InvalidRequestError, JobCancelled, ModelError, PipelineError
from pipelines.contract.events import Cancelled, EngineEvent, Failed, FailureKind, Queued, Released
from pipelines.contract.looking import AnnotationRequest, LookRequest
from pipelines.contract.request import GenerationRequest, Pixels
from pipelines.contract.sources import ModelSource
from pipelines.engine.job_queue import Amendment, AnyJob, JobQueue, LookingJob, Reading

if TYPE_CHECKING:
    from pipelines.engine.studio import Studio

log = logging.getLogger(__name__)
_CONFIG_DIR = Path(__file__).resolve().parents[2] / "resources" / "configs"


@dataclass(frozen=True)
class EngineSettings:
    """What an engine may be told at its start; device and number format come from the environment (`memory.py`)."""

    config_dir: Path = _CONFIG_DIR
    """Configurations and vocabularies for single files, one folder per family."""


class Engine:
    """Plain Python. Any thread may call its verbs; `emit` is called from several threads and must be quick.

    Only `_work` and what it calls touch torch.
    """

    def __init__(
        self, emit: Callable[[EngineEvent], None], library: ModelSource, settings: EngineSettings | None = None
    ) -> None:
        self._emit = emit
        self._library = library
        self._settings = settings or EngineSettings()
        self._queue = JobQueue(lambda job_id, before: emit(Queued(job_id, position=before)))
        self._running: AnyJob | None = None
        self._reading: Reading | None = None
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)
        self._thread.start()

    def submit(self, job_id: str, request: GenerationRequest) -> None:
        """Queues a request. Raises InvalidRequestError for one that must not run; a closed engine cancels at once."""
        request.check()
        if not self._queue.put(job_id, request):
            self._emit(Cancelled(job_id))

    def look(self, job_id: str, request: LookRequest) -> None:
        """Queues a picture to be looked at, among those that are painted. Raises as `submit`."""
        request.check()
        if not self._queue.put(job_id, request):
            self._emit(Cancelled(job_id))

    def cancel(self, job_id: str) -> None:
        """A waiting job is gone at once, the running one within one step. Unknown ids are ignored."""
        if self._queue.cancel(job_id):
            self._emit(Cancelled(job_id))

    def amend(self, job_id: str, x: int, y: int, pixels: Pixels) -> None:
        """A part of the job's region, (h, w, 4) RGBA at (x, y), looks different now. Unknown ids are ignored."""
        self._queue.amend(job_id, Amendment(x, y, pixels))

    def prepare(self, model_id: str) -> None:
        """Reads a model ahead while no job waits. No event tells of it; what is wrong with it the first job says."""
        self._queue.prepare(model_id)

    def release(self) -> None:
        """Takes every model out of memory, after the job that runs; `Released` tells what it gave."""
        self._queue.release()

    def close(self, timeout: float = 30.0) -> None:
        """Cancels everything, waits for the thread at most `timeout` seconds. Safe to call twice."""
        for job in self._queue.close():
            self._emit(Cancelled(job.id))
        self._thread.join(timeout)

    def _work(self) -> None:
        studio: Studio | None = None
        sentence = trace = ""
        try:
            studio = self._open_studio()
        except Exception as error:  # noqa: BLE001 - the job loop's border: an engine that cannot start must say so
            sentence = str(error) if isinstance(error, PipelineError) else f"The engine could not start: {error}."
            trace = traceback.format_exc()
        patience, rest = (studio.patience_s, studio.rest) if studio is not None else (None, lambda: None)
        ahead = functools.partial(self._read_ahead, studio)
        release = functools.partial(self._release, studio)
        while (job := self._queue.take(patience, rest, ahead, release)) is not None:
            if studio is None:
                self._emit(Failed(job.id, FailureKind.ENGINE_ERROR, sentence, trace))
            else:
                self._emit(self._do(studio, job))
                studio.tidy()
            self._queue.done()

    def _release(self, studio: Studio | None) -> None:
        self._emit(studio.release() if studio is not None else Released("", models=0, freed_bytes=0))

    def _open_studio(self) -> Studio:
        from pipelines.engine.studio import Studio

        studio = Studio(self._emit, self._library, self._settings.config_dir, self._interrupt)
        self._emit(studio.ready_event())
        studio.warm_up()
        return studio

    def _interrupt(self) -> None:
        if self._running is not None and self._running.cancelled.is_set():
            raise JobCancelled(f"Job {self._running.id} was cancelled.")
        if self._reading is not None and self._reading.given_up.is_set():
            raise JobCancelled(f"{self._reading.model_id} is not read ahead: something else is more urgent.")

    def _read_ahead(self, studio: Studio | None, reading: Reading) -> None:
        """A border, too: whatever happens, nobody hears of it and the next job runs."""
        if studio is None:
            return
        self._reading = reading
        try:
            self._interrupt()
            studio.prepare(self._library.resolve(reading.model_id))
        except Exception as error:  # noqa: BLE001 - see above
            log.debug("%s was not read ahead: %s", reading.model_id, error)
        finally:
            self._reading = None
        studio.tidy()

    def _do(self, studio: Studio, job: AnyJob) -> EngineEvent:
        """The one border of the job loop: whatever happens, the job ends with one event."""
        self._running = job
        try:
            self._interrupt()
            return studio.look(job) if isinstance(job, LookingJob) else studio.paint(job)
        except JobCancelled:
            return Cancelled(job.id)
        except Exception as error:  # noqa: BLE001 - see above
            if isinstance(error, ModelError):
                return Failed(job.id, self._model_fault(job.request.model), str(error), _trace(error))
            return _failure(job, error, out_of_memory=studio.is_out_of_memory(error))
        finally:
            self._running = None

    def _model_fault(self, model_id: str) -> FailureKind:
        try:
            path = self._library.resolve(model_id).path
        except ModelError:
            path = model_id
        return FailureKind.MODEL_UNUSABLE if Path(path).exists() else FailureKind.MODEL_MISSING


def _too_large(job: AnyJob) -> str:
    if isinstance(job, LookingJob) and isinstance(job.request, AnnotationRequest):
        return "Memory ran out while looking at the picture. Choose a smaller frame or close other programs."
    if isinstance(job, LookingJob):
        return "Memory ran out while describing the picture. Choose a smaller captioning model or close other programs."
    return (
        f"Memory ran out while painting {job.request.width} x {job.request.height} pixels. "
        "Choose a smaller frame or a smaller model, or close other programs."
    )


def _trace(error: Exception) -> str:
    return "".join(traceback.format_exception(error))


def _failure(job: AnyJob, error: Exception, *, out_of_memory: bool) -> Failed:
    detail = _trace(error)
    if isinstance(error, InvalidRequestError):
        return Failed(job.id, FailureKind.INVALID_REQUEST, str(error), detail)
    if out_of_memory:
        sentence = _too_large(job)
        return Failed(job.id, FailureKind.OUT_OF_MEMORY, sentence, detail)
    first = (str(error).strip().splitlines() or [""])[0]
    sentence = f"The engine stumbled over this job ({type(error).__name__}: {first}). The next job can run as usual."
    return Failed(job.id, FailureKind.ENGINE_ERROR, sentence, detail)
