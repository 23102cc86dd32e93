"""An engine that only pretends: paints plain test pictures at once, without torch. For the window's own tests."""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.client.event_stream import EventStream
from pipelines.contract.errors import EngineLostError, ModelError
from pipelines.contract.events import (
    Annotated,
    Cancelled,
    Described,
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
    Released,
    Started,
)
from pipelines.contract.looking import AnnotationRequest, LookRequest
from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind
from pipelines.contract.request import GenerationRequest, NoiseTurn, Pixels, Task
from pipelines.contract.sources import ModelSource
from pipelines.planning.amended import paint_over

_PREVIEW_SIDE = 64
_TOKENS = 8
"""Steps of a look at a picture."""


@dataclass
class FakeScript:
    """How the fake behaves; may be changed between jobs."""

    step_seconds: float = 0.0
    """How long each step takes."""
    load_seconds: float = 0.0
    previews: bool = True
    failures: dict[int, FailureKind] = field(default_factory=dict)
    """Number of the job in order of submission, from 0 -> how it fails, in the middle of its steps."""
    thrift: tuple[tuple[str, str], ...] = ()
    """(stage, rung) of what every job says that it did to save memory."""
    hold: asyncio.Event | None = None
    """When given, every job waits for it before its last step."""
    description: str = "a boat under the moon, ink wash"
    """What every picture shows."""


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
    request: GenerationRequest | LookRequest
    cancelled: bool = False
    step: int = 0
    """Steps done."""
    amendments: list[tuple[int, int, int, Pixels]] = field(default_factory=list)
    """(step after which it counts, x, y, RGBA)."""


class FakeClient:
    """The nine verbs, painted. The same request always gives the same pixels; the order of events is the engine's."""

    def __init__(self, library: ModelSource | None = None, script: FakeScript | None = None) -> None:
        self.script = script or FakeScript()
        self.submitted = 0
        """How many requests came so far; they are not kept, pictures are large."""
        self.amended = 0
        """How many amendments reached an open job."""
        self.prepared: list[str] = []
        """Ids of the models that were to be read ahead, in the order they were asked for."""
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
        return await self._queue(request)

    async def look(self, request: LookRequest) -> str:
        """Queues it; what every picture shows is in the script, what is seen in it is its negative. Raises as
        `submit`."""
        return await self._queue(request)

    async def _queue(self, request: GenerationRequest | LookRequest) -> str:
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

    async def amend(self, job_id: str, x: int, y: int, pixels: Pixels) -> None:
        """The pixels shine through what the job paints; unknown ids are ignored."""
        jobs = [*self._waiting, *([self._running] if self._running else [])]
        for job in jobs:
            if job.id == job_id:
                job.amendments.append((job.step + 1, x, y, pixels))
                self.amended += 1

    async def prepare(self, model_id: str) -> None:
        """Notes it, where there is such a model and an engine; every job says Loading all the same."""
        if self._closed or not self._ready:
            return
        with contextlib.suppress(ModelError):
            self.prepared.append(self._library.resolve(model_id).id)

    async def release(self) -> None:
        """Has one model to let go of, a gigabyte."""
        self._stream.put(Released("", models=1, freed_bytes=10**9))

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
            event = await self._do(job)
            self._stream.put(event)
            self._running = None

    async def _do(self, job: _FakeJob) -> EngineEvent:
        start, request, script = time.perf_counter(), job.request, self.script
        try:
            info = self._library.resolve(request.model)
        except ModelError as error:
            return Failed(job.id, FailureKind.MODEL_MISSING, str(error))
        self._stream.put(Loading(job.id, model=info.name))
        await asyncio.sleep(script.load_seconds)
        if isinstance(request, LookRequest):
            ended = await self._step(job, _TOKENS, lambda _step: None)
            return ended or self._answer(job.id, request, {"total_s": time.perf_counter() - start})
        return await self._paint(job, request, start)

    def _answer(self, job_id: str, request: LookRequest, facts: dict[str, Any]) -> EngineEvent:
        if isinstance(request, AnnotationRequest):
            return Annotated(job_id, np.dstack([255 - request.image[..., :3], request.image[..., 3]]), facts)
        return Described(job_id, self.script.description, facts)

    async def _paint(self, job: _FakeJob, request: GenerationRequest, start: float) -> EngineEvent:
        clip = request.task is Task.ANIMATE
        patches = [paint(request, index) for index in range(1 if clip else request.num_images_per_prompt)]
        steps = request.num_inference_steps * len(patches)

        def show(step: int) -> None:
            index = (step - 1) // request.num_inference_steps
            if self.script.previews:
                self._stream.put(Preview(job.id, step, index, _shrink(_shining(patches[index], job))))

        if (ended := await self._step(job, steps, show)) is not None:
            return ended
        facts: dict[str, Any] = {"device": "fake", "total_s": time.perf_counter() - start, "steps_run": steps}
        facts["thrift"] = [{"stage": stage, "rung": rung, "step": 1} for stage, rung in self.script.thrift]
        facts["amended"] = [
            {"step": step, "box": [x, y, pixels.shape[1], pixels.shape[0]]} for step, x, y, pixels in job.amendments
        ]
        if clip:
            return Finished(job.id, tuple(_moving(patches[0], request.frames)), facts)
        return Finished(job.id, tuple(_shining(patch, job) for patch in patches), facts)

    async def _step(self, job: _FakeJob, steps: int, show: Callable[[int], None]) -> EngineEvent | None:
        """Goes through all steps; an event when that ended the job before."""
        script = self.script
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
            job.step = step
            self._stream.put(Progress(job.id, step, steps, seconds_left=(steps - step) * script.step_seconds))
            show(step)
        return None


def paint(request: GenerationRequest, index: int) -> Pixels:
    """The fake's picture `index` of a request, (height, width, 4): a gradient in the colours of its words and seed.

    A variation leads the colours towards those of the other seed; a region is flat in the colour of its own words.
    Alpha is the mask where there is one (for outpaint united with what is empty), else 255.
    """
    words = zlib.crc32(f"{request.prompt}|{request.negative_prompt}|{request.model}".encode())
    first, second = _colours(words, request.seed_of(index))
    turns = [*request.variation_path, NoiseTurn(request.variation_seed + index, request.variation_strength)]
    for turn in (one for one in turns if one.strength > 0):
        others = _colours(words, turn.seed)
        first += (others[0] - first) * turn.strength
        second += (others[1] - second) * turn.strength
    width, height = request.result_size
    down = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None, None]
    across = np.linspace(0.0, 1.0, width, dtype=np.float32)[None, :, None]
    mix = (down + across) / 2
    rgb = first * (1 - mix) + second * mix
    for region in request.regions:
        weight = _fitted(region.mask, width, height)[..., None].astype(np.float32) / 255.0
        rgb += (_colours(zlib.crc32(region.prompt.encode()), request.seed_of(index))[0] - rgb) * weight
    rgb = rgb.astype(np.uint8)
    alpha = np.full((height, width), 255, np.uint8)
    if request.mask is not None and request.task in (Task.INPAINT, Task.OUTPAINT):
        alpha = request.mask
        if request.task is Task.OUTPAINT and request.image is not None:
            alpha = np.maximum(alpha, 255 - request.image[..., 3])
    patch = np.dstack([rgb, alpha])
    patch[alpha == 0] = 0
    return patch


def _moving(patch: Pixels, frames: int) -> list[Pixels]:
    """A clip in which the picture goes round once, to the left."""
    width = patch.shape[1]
    return [np.roll(patch, -round(width * number / frames), axis=1) for number in range(frames)]


def _colours(words: int, seed: int) -> NDArray[np.float32]:
    """(2, 3): two colours of words and seed."""
    return np.random.default_rng([words, seed % 2**32]).integers(32, 224, (2, 3)).astype(np.float32)


def _shining(patch: Pixels, job: _FakeJob) -> Pixels:
    """The patch with the job's amendments over its colours; its alpha stays."""
    if not job.amendments:
        return patch
    shown = patch.copy()
    shown[..., 3] = 255
    for _, x, y, pixels in job.amendments:
        paint_over(shown, x, y, pixels)
    shown[..., 3] = patch[..., 3]
    shown[patch[..., 3] == 0] = 0
    return shown


def _fitted(mask: Pixels, width: int, height: int) -> Pixels:
    rows = np.linspace(0, mask.shape[0] - 1, height).astype(int)
    columns = np.linspace(0, mask.shape[1] - 1, width).astype(int)
    return mask[rows][:, columns]


def _shrink(patch: Pixels) -> Pixels:
    rows = np.linspace(0, patch.shape[0] - 1, min(_PREVIEW_SIDE, patch.shape[0])).astype(int)
    columns = np.linspace(0, patch.shape[1] - 1, min(_PREVIEW_SIDE, patch.shape[1])).astype(int)
    return np.ascontiguousarray(patch[rows][:, columns])
