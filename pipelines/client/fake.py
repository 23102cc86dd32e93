"""An engine that only pretends: paints plain test pictures at once, without torch. For the window's own tests."""

from __future__ import annotations

import asyncio
import time
import uuid
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipelines.client.event_stream import EventStream
from pipelines.contract.errors import EngineLostError, ModelError
from pipelines.contract.events import (
    Cancelled,
    EngineEvent,
    EngineLost,
    EngineReady,
    Failed,
    FailureKind,
    Finished,
    Loading,
    Preview,
    Progress,
    Queued,
    Started,
)
from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind
from pipelines.contract.request import GenerationRequest, Pixels, Task
from pipelines.contract.sources import ModelSource

_PREVIEW_SIDE = 64


@dataclass
class FakeScript:
    """How the fake behaves; may be changed between jobs."""

    step_seconds: float = 0.0
    """How long each step takes."""
    load_seconds: float = 0.0
    previews: bool = True
    failures: dict[int, FailureKind] = field(default_factory=dict)
    """Number of the job in order of submission, from 0 -> how it fails, in the middle of its steps."""
    hold: asyncio.Event | None = None
    """When given, every job waits for it before its last step."""


class FakeLibrary:
    """A library with one model that needs no files."""

    def resolve(self, model_id: str) -> ModelInfo:
        """The one model. Raises ModelError for any other id."""
        if model_id != "starter":
            raise ModelError(f"There is no model '{model_id}' in the library.")
        defaults = ModelDefaults(num_inference_steps=4, guidance_scale=2.0, native_size=256, min_size=256)
        return ModelInfo("starter", "Starter", "", ModelKind.DIFFUSERS, Family.STARTER, defaults=defaults)

    def models(self) -> Sequence[ModelInfo]:
        """The one model."""
        return [self.resolve("starter")]


@dataclass(eq=False)
class _FakeJob:
    id: str
    number: int
    request: GenerationRequest
    cancelled: bool = False


class FakeClient:
    """The five verbs, painted. The same request always gives the same pixels; the order of events is the engine's."""

    def __init__(self, library: ModelSource | None = None, script: FakeScript | None = None) -> None:
        self.script = script or FakeScript()
        self.submitted = 0
        """How many requests came so far; they are not kept, pictures are large."""
        self._library = library or FakeLibrary()
        self._stream = EventStream()
        self._waiting: list[_FakeJob] = []
        self._running: _FakeJob | None = None
        self._worker: asyncio.Task[None] | None = None
        self._ready = False
        self._closed = False

    @property
    def pid(self) -> int | None:
        """There is no process."""
        return None

    async def start(self) -> None:
        """Says EngineReady."""
        if not self._ready:
            self._ready = True
            self._stream.put(EngineReady("", device="fake", dtype="uint8", memory_bytes=0))

    async def submit(self, request: GenerationRequest) -> str:
        """Queues the request and returns its job id. Raises InvalidRequestError, EngineLostError after `close`."""
        if self._closed:
            raise EngineLostError("The engine has been closed; no more jobs can be queued.")
        request.check()
        await self.start()
        job = _FakeJob(uuid.uuid4().hex, self.submitted, request)
        self.submitted += 1
        self._waiting.append(job)
        self._waiting.sort(key=lambda one: (-one.request.priority, one.number))
        self._stream.put(Queued(job.id, position=self._waiting.index(job) + (self._running is not None)))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.ensure_future(self._work())
        return job.id

    def events(self) -> AsyncIterator[EngineEvent]:
        """All events of all jobs until `close`. One consumer."""
        return self._stream.events()

    async def cancel(self, job_id: str) -> None:
        """Takes a job back; unknown ids are ignored."""
        for job in list(self._waiting):
            if job.id == job_id:
                self._waiting.remove(job)
                self._stream.put(Cancelled(job.id))
        if self._running is not None and self._running.id == job_id:
            self._running.cancelled = True

    async def models(self) -> Sequence[ModelInfo]:
        """What the library offers."""
        return list(self._library.models())

    async def close(self) -> None:
        """Ends it; open jobs are cancelled. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        for job in ([self._running] if self._running else []) + self._waiting:
            self._stream.put(Cancelled(job.id))
        self._running, self._waiting = None, []
        self._stream.close()

    def lose_engine(self) -> None:
        """What a killed engine looks like: open jobs fail, the engine comes back."""
        sentence = "The engine was stopped from outside (SIGKILL). The painting is untouched."
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None
        self._stream.put(EngineLost("", sentence))
        for job in ([self._running] if self._running else []) + self._waiting:
            self._stream.put(Failed(job.id, FailureKind.ENGINE_LOST, sentence))
        self._running, self._waiting = None, []
        self._stream.put(EngineReady("", device="fake", dtype="uint8", memory_bytes=0))

    async def _work(self) -> None:
        while self._waiting:
            job = self._running = self._waiting.pop(0)
            event = await self._paint(job)
            self._stream.put(event)
            self._running = None

    async def _paint(self, job: _FakeJob) -> EngineEvent:
        start, request, script = time.perf_counter(), job.request, self.script
        try:
            info = self._library.resolve(request.model)
        except ModelError as error:
            return Failed(job.id, FailureKind.MODEL_MISSING, str(error))
        self._stream.put(Loading(job.id, model=info.name))
        await asyncio.sleep(script.load_seconds)
        patches = [paint(request, index) for index in range(request.num_images_per_prompt)]
        steps = request.num_inference_steps * len(patches)
        self._stream.put(Started(job.id, steps=steps))
        for step in range(1, steps + 1):
            if step == steps and script.hold is not None:
                await script.hold.wait()
            await asyncio.sleep(script.step_seconds)
            if job.cancelled:
                return Cancelled(job.id)
            if job.number in script.failures and step > steps // 2:
                kind = script.failures[job.number]
                return Failed(job.id, kind, f"The fake engine was told to fail with {kind.value}.")
            self._stream.put(Progress(job.id, step, steps, seconds_left=(steps - step) * script.step_seconds))
            if script.previews:
                index = (step - 1) // request.num_inference_steps
                self._stream.put(Preview(job.id, step, index, _shrink(patches[index])))
        facts = {"device": "fake", "total_s": time.perf_counter() - start, "steps_run": steps}
        return Finished(job.id, tuple(patches), facts)


def paint(request: GenerationRequest, index: int) -> Pixels:
    """The fake's picture `index` of a request, (height, width, 4): a gradient in the colours of its words and seed.

    Alpha is the mask where there is one (for outpaint united with what is empty), else 255.
    """
    words = zlib.crc32(f"{request.prompt}|{request.negative_prompt}|{request.model}".encode())
    rng = np.random.default_rng([words, request.seed % 2**32, index])
    first, second = rng.integers(32, 224, (2, 3)).astype(np.float32)
    down = np.linspace(0.0, 1.0, request.height, dtype=np.float32)[:, None, None]
    across = np.linspace(0.0, 1.0, request.width, dtype=np.float32)[None, :, None]
    mix = (down + across) / 2
    rgb = (first * (1 - mix) + second * mix).astype(np.uint8)
    alpha = np.full((request.height, request.width), 255, np.uint8)
    if request.mask is not None and request.task in (Task.INPAINT, Task.OUTPAINT):
        alpha = request.mask
        if request.task is Task.OUTPAINT and request.image is not None:
            alpha = np.maximum(alpha, 255 - request.image[..., 3])
    patch = np.dstack([rgb, alpha])
    patch[alpha == 0] = 0
    return patch


def _shrink(patch: Pixels) -> Pixels:
    rows = np.linspace(0, patch.shape[0] - 1, min(_PREVIEW_SIDE, patch.shape[0])).astype(int)
    columns = np.linspace(0, patch.shape[1] - 1, min(_PREVIEW_SIDE, patch.shape[1])).astype(int)
    return np.ascontiguousarray(patch[rows][:, columns])
