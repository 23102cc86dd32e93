"""One job while it is painted: its clock, progress, previews, its way out, and the one call of a diffusers pipeline."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

from pipelines.contract.errors import JobCancelled
from pipelines.contract.events import EngineEvent, Preview, Progress, Started
from pipelines.contract.request import Pixels, Task
from pipelines.engine.amendments import Amending, Canvas
from pipelines.engine.flow.regions import flow_regions
from pipelines.engine.flow.sight import Sight
from pipelines.engine.job_queue import Amendment, Job
from pipelines.engine.latents import generator_for, to_rgb
from pipelines.engine.layouts import CELL
from pipelines.engine.loader import LoadedModel
from pipelines.engine.memory import is_out_of_memory
from pipelines.engine.network import Wrapper, predicting
from pipelines.engine.preview import CleanEstimate, paint_preview
from pipelines.engine.prompts import encode_prompts
from pipelines.engine.regions import region_wrappers
from pipelines.engine.schedulers import make_scheduler
from pipelines.engine.thrift import Thrift
from pipelines.engine.windows import Viewport
from pipelines.planning.box import Box
from pipelines.planning.sizes import RunLimits, limits_of

PREVIEW_INTERVAL = 0.125
"""Seconds between previews at least."""

StepHook = Callable[[Any, int, dict[str, Any]], None]
"""(pipeline, index of the step just done, its tensors); may replace `latents` in them."""
Arguments = dict[str, Any] | Callable[[int], dict[str, Any]]
"""What the pipeline is called with, the same for every picture of the batch or of picture `index`."""
FramePreview = Callable[[Pixels], Pixels]
"""RGB of the painted part -> RGBA of the request's whole region."""


@dataclass(eq=False)
class Run:
    """The state of one job in the engine's thread."""

    job: Job
    model: LoadedModel
    emit: Callable[[EngineEvent], None]
    frame_preview: FramePreview
    times: dict[str, float] = field(default_factory=lambda: {"encode_s": 0.0, "denoise_s": 0.0, "decode_s": 0.0})
    steps_done: int = 0
    size: tuple[int, int] = (0, 0)
    """Width and height at which the model really painted, pixels."""
    index: int = 0
    """The picture of the batch that is being painted."""
    step: int = 0
    """Steps of this picture's pass that are done."""
    thrift: Thrift | None = None
    """Guards the job's large calls against running out of memory."""
    wrappers: list[Wrapper] = field(default_factory=list)
    """What a task puts around the network's forward before `paint_each`, outermost first."""
    view: Viewport = field(default_factory=Viewport)
    """Which of its windows the network is shown."""
    sight: Sight | None = None
    """What the network is shown beside the picture."""
    pipe: Any = None
    """The pipeline at work."""
    strength: float = 1.0
    """Of the pass that is painted; later ones are weaker than the first and only add detail."""
    before_pass: list[Callable[[Run], None]] = field(default_factory=list)
    """What add-ons do before the steps of each pass begin."""
    outer: list[Wrapper] = field(default_factory=list)
    """What add-ons put around the network's forward, outside of everything else."""
    crop: Box | None = None
    """The part of the region that a task paints at `size`, region pixels; None: all of it."""
    original: torch.Tensor | None = None
    """Clean latents that a task leads kept places back to; what is painted into the running picture is put there."""
    look: Pixels | None = None
    """The request's image before any amendment; what an amendment does not change of it is no stroke."""
    amended: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What was taken in of the job's amendments, by their number: the step after which, and the box in the region."""
    enlarged: Pixels | None = None
    """Upscale only: RGBA of the result's size, to be painted over."""
    notes: list[str] = field(default_factory=list)
    """Sentences about what was done otherwise than asked, for the person."""
    parts: int = 1
    """In how many windows each step is done; every one counts as a step in the progress."""
    later_steps: int = 0
    """Steps of one picture that passes after the first call of `paint_each` will add."""
    _steps: int = 0
    _parts_done: int = 0
    _last_mark: float = 0.0
    _last_preview: float = -math.inf
    _step_seconds: float = 0.0
    _in_loop: bool = False

    @property
    def limits(self) -> RunLimits:
        """The sizes this model paints well."""
        return limits_of(self.model.info)

    def check(self) -> None:
        """Raises JobCancelled when the job was taken back."""
        if self.job.cancelled.is_set():
            raise JobCancelled(f"Job {self.job.id} was cancelled.")

    def pipeline(self, class_name: str) -> Any:
        """A pipeline around the model's weights with a fresh scheduler as the request wants it."""
        scheduler = make_scheduler(self.model.components["scheduler"], self.job.request.scheduler)
        if self.thrift is not None:
            self.thrift.watch_step(scheduler)
        return self.model.pipeline(class_name, scheduler)

    def paint_each(self, pipe: Any, arguments: Arguments, hook_for: Callable[[int], StepHook | None]) -> list[Pixels]:
        """Calls the pipeline once per picture of the batch; RGB at the run's size each.

        `hook_for(index)` gives what replaces latents after each step of that picture. Raises JobCancelled.
        """
        request, self.pipe = self.job.request, pipe
        start = time.perf_counter()
        prompts = encode_prompts(self.model, pipe, request)
        for make_ready in self.before_pass:
            make_ready(self)
        self.times["encode_s"] += time.perf_counter() - start
        estimate = CleanEstimate(pipe.scheduler, self._to_maps)
        amendments = self.job.amendments if request.task is not Task.ANIMATE else deque[Amendment]()
        crop = self.crop or Box(0, 0, request.width, request.height)
        canvas = Canvas(self.model, crop, self.size, self.look, self.original)
        regional = flow_regions if self.model.architecture.flow else region_wrappers
        wrappers = [*self.outer, *regional(self.model, pipe, request, crop), *self.wrappers]
        guidance = self.model.architecture.speech.guidance(self.model.network, request.guidance_scale)
        pictures: list[Pixels] = []
        first_pass = self.model.network.register_forward_pre_hook(lambda *_: self._mark_first_pass(pipe))
        try:
            for index in range(request.num_images_per_prompt):
                self.check()
                self.index, self.step = index, 0
                self._last_mark, self._in_loop = time.perf_counter(), False
                hook = self._amended_hook(Amending(amendments, canvas, estimate), hook_for(index))
                given = arguments(index) if callable(arguments) else arguments
                with predicting(self.model.network, wrappers):
                    output = pipe(
                        **prompts,
                        **given,
                        **guidance,
                        generator=generator_for(request.seed_of(index)),
                        output_type="np",
                        callback_on_step_end=self._step_callback(index, estimate, hook),
                    )
                self._add("decode_s")
                pictures += map(to_rgb, self.model.architecture.layout.pictures(output))
        finally:
            first_pass.remove()
        return pictures

    def go_on(self, done: int, steps: int, seconds: float) -> None:
        """So many steps of all that the job has were done, and told, before this run began."""
        self.steps_done, self._steps, self._step_seconds = done, steps, seconds

    def restart(self) -> None:
        """Forgets what a first attempt has done; it ran out of memory and a second one follows."""
        self.steps_done, self._steps, self._step_seconds, self._parts_done = 0, 0, 0.0, 0
        self.times = dict.fromkeys(self.times, 0.0)

    def _mark_first_pass(self, pipe: Any) -> None:
        """What comes before the first pass through the network is encoding; then the number of steps is known, too."""
        if self._in_loop:
            return
        self._in_loop = True
        self._add("encode_s")
        if self._steps == 0:
            each = pipe.num_timesteps * self.parts + self.later_steps
            self._steps = each * self.job.request.num_images_per_prompt
            self.emit(Started(self.job.id, steps=self._steps))

    def _amended_hook(self, amending: Amending, hook: StepHook | None) -> StepHook:
        """Takes amendments in before `hook`, which may lead some places back to the original."""

        def after(pipe: Any, step: int, tensors: dict[str, Any]) -> None:
            for number, box in amending.after_step(pipe, step, tensors):
                facts = {"step": self.steps_done + 1, "box": [box.left, box.top, box.width, box.height]}
                self.amended.setdefault(number, facts)
            if hook is not None:
                hook(pipe, step, tensors)

        return after

    def _step_callback(self, index: int, estimate: CleanEstimate, hook: StepHook) -> Callable[..., dict[str, Any]]:
        def after(pipe: Any, step: int, _timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            self.check()
            self.step = step + 1
            latents = tensors["latents"]
            tensors["latents"] = maps = self._to_maps(latents)
            hook(pipe, step, tensors)
            unchanged = tensors["latents"] is maps
            tensors["latents"] = latents if unchanged else self.model.architecture.layout.pack(tensors["latents"])
            self._tell_progress(self.parts - self._parts_done)
            self._parts_done = 0
            self._tell_preview(index, estimate)
            return tensors

        return after

    @property
    def part_of_steps(self) -> float:
        """How much of the steps of the picture that is being painted is done, 0..1."""
        return self.step / max(1, self.pipe.num_timesteps)

    def _to_maps(self, latents: torch.Tensor) -> torch.Tensor:
        """What a pipeline has between two steps, as a map."""
        return self.model.architecture.layout.unpack(latents, (self.size[1] // CELL, self.size[0] // CELL))

    def part_done(self) -> None:
        """A window of a step is done; the last one is counted with the step itself. Raises JobCancelled."""
        self.check()
        if self._parts_done + 1 < self.parts:
            self._parts_done += 1
            self._tell_progress(1)

    def _tell_progress(self, steps: int) -> None:
        self._step_seconds += self._add("denoise_s")
        self.steps_done += steps
        left = self._step_seconds / self.steps_done * max(0, self._steps - self.steps_done)
        self.emit(Progress(self.job.id, step=self.steps_done, steps=self._steps, seconds_left=left))

    def _tell_preview(self, index: int, estimate: CleanEstimate) -> None:
        now = time.perf_counter()
        if now - self._last_preview < PREVIEW_INTERVAL:
            return
        try:
            latents = estimate.latents()
            if latents is None:
                return
            picture = self.frame_preview(paint_preview(self.model, latents))
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            return  # a picture less to look at on the way
        self._last_preview = now
        self.emit(Preview(self.job.id, step=self.steps_done, index=index, image=picture))

    def _add(self, name: str) -> float:
        now = time.perf_counter()
        passed = now - self._last_mark
        self.times[name] += passed
        self._last_mark = now
        return passed


def as_tensor(rgb: Pixels) -> torch.Tensor:
    """(1, 3, h, w) float32 in 0..1, as pipelines take pictures."""
    return torch.from_numpy(rgb.astype("float32")).permute(2, 0, 1)[None] / 255.0
