"""One job while it is painted: its clock, progress, previews, its way out, and the one call of a diffusers pipeline."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

from pipelines.contract.errors import JobCancelled
from pipelines.contract.events import EngineEvent, Preview, Progress, Started
from pipelines.contract.request import Pixels
from pipelines.engine.job_queue import Job
from pipelines.engine.latents import generator_for, to_rgb
from pipelines.engine.loader import LoadedModel
from pipelines.engine.masks import RunLimits
from pipelines.engine.preview import CleanEstimate, paint_preview
from pipelines.engine.prompts import encode_prompts
from pipelines.engine.schedulers import make_scheduler

PREVIEW_INTERVAL = 0.125
"""Seconds between previews at least."""
MIN_STEPS = 4
"""Fewer really-run steps than this leave noise in the picture."""

StepHook = Callable[[Any, int, dict[str, Any]], None]
"""(pipeline, index of the step just done, its tensors); may replace `latents` in them."""
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
    _steps: int = 0
    _last_mark: float = 0.0
    _last_preview: float = -math.inf
    _step_seconds: float = 0.0
    _in_loop: bool = False

    @property
    def limits(self) -> RunLimits:
        """The sizes this model paints well."""
        return self.model.architecture.limits(self.model.info.defaults.native_size)

    def check(self) -> None:
        """Raises JobCancelled when the job was taken back."""
        if self.job.cancelled.is_set():
            raise JobCancelled(f"Job {self.job.id} was cancelled.")

    def pipeline(self, class_name: str) -> Any:
        """A pipeline around the model's weights with a fresh scheduler as the request wants it."""
        own = self.model.components["scheduler"]
        return self.model.pipeline(class_name, make_scheduler(own, self.job.request.scheduler))

    def paint_each(
        self, pipe: Any, arguments: dict[str, Any], hook_for: Callable[[int], StepHook | None]
    ) -> list[Pixels]:
        """Calls the pipeline once per picture of the batch; RGB at the run's size each.

        `hook_for(index)` gives what replaces latents after each step of that picture. Raises JobCancelled.
        """
        request = self.job.request
        start = time.perf_counter()
        prompts = encode_prompts(self.model, pipe, request)
        self.times["encode_s"] += time.perf_counter() - start
        estimate = CleanEstimate(pipe.scheduler)
        pictures: list[Pixels] = []
        first_pass = self.model.unet.register_forward_pre_hook(lambda *_: self._mark_first_pass(pipe))
        try:
            for index in range(request.num_images_per_prompt):
                self.check()
                self._last_mark, self._in_loop = time.perf_counter(), False
                output = pipe(
                    **prompts,
                    **arguments,
                    guidance_scale=request.guidance_scale,
                    generator=generator_for(request.seed, index),
                    output_type="np",
                    callback_on_step_end=self._step_callback(index, estimate, hook_for(index)),
                )
                self._add("decode_s")
                pictures.append(to_rgb(output.images[0]))
        finally:
            first_pass.remove()
        return pictures

    def restart(self) -> None:
        """Forgets what a first attempt has done; it ran out of memory and a second one follows."""
        self.steps_done, self._steps, self._step_seconds = 0, 0, 0.0
        self.times = dict.fromkeys(self.times, 0.0)

    def _mark_first_pass(self, pipe: Any) -> None:
        """What comes before the first pass through the UNet is encoding; then the number of steps is known, too."""
        if self._in_loop:
            return
        self._in_loop = True
        self._add("encode_s")
        if self._steps == 0:
            self._steps = pipe.num_timesteps * self.job.request.num_images_per_prompt
            self.emit(Started(self.job.id, steps=self._steps))

    def _step_callback(
        self, index: int, estimate: CleanEstimate, hook: StepHook | None
    ) -> Callable[..., dict[str, Any]]:
        def after(pipe: Any, step: int, _timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            self.check()
            if hook is not None:
                hook(pipe, step, tensors)
            self._tell_progress()
            self._tell_preview(index, estimate)
            return tensors

        return after

    def _tell_progress(self) -> None:
        self._step_seconds += self._add("denoise_s")
        self.steps_done += 1
        left = self._step_seconds / self.steps_done * (self._steps - self.steps_done)
        self.emit(Progress(self.job.id, step=self.steps_done, steps=self._steps, seconds_left=left))

    def _tell_preview(self, index: int, estimate: CleanEstimate) -> None:
        now = time.perf_counter()
        if now - self._last_preview < PREVIEW_INTERVAL:
            return
        latents = estimate.latents()
        if latents is not None:
            self._last_preview = now
            picture = self.frame_preview(paint_preview(self.model, latents))
            self.emit(Preview(self.job.id, step=self.steps_done, index=index, image=picture))

    def _add(self, name: str) -> float:
        now = time.perf_counter()
        passed = now - self._last_mark
        self.times[name] += passed
        self._last_mark = now
        return passed


def steps_for(steps: int, strength: float) -> int:
    """The step count to ask of an image-to-image pipeline so that at least MIN_STEPS really run.

    Fewer run only if `steps` itself is smaller. 0 when the strength is so low that nothing would run at all:
    the picture stays as it is.
    """
    wanted = min(MIN_STEPS, steps)
    total = steps
    if int(total * strength) < wanted and strength > 0:
        total = math.ceil(wanted / strength)
        total += int(total * strength) < wanted  # rounding
    return total if strength > 0 and total < 1000 else 0


def as_tensor(rgb: Pixels) -> torch.Tensor:
    """(1, 3, h, w) float32 in 0..1, as pipelines take pictures."""
    return torch.from_numpy(rgb.astype("float32")).permute(2, 0, 1)[None] / 255.0
