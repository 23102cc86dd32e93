"""How a flow-matching family paints: its text-to-image pipeline, begun with latents of ours, serves every task.

A picture that is only partly forgotten begins further down the same schedule, with its latents under as much noise as
the first step expects: what diffusers' image-to-image pipelines do. Noise is drawn as maps, so that seeds, variations
and noise of the canvas mean the same in every family.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from pipelines.contract.request import Pixels
from pipelines.engine.flow.schedule import set_out
from pipelines.engine.flow.sight import Scenery, sight_of
from pipelines.engine.latents import generator_for
from pipelines.engine.layouts import CELL
from pipelines.engine.noise import first_noise, noise_place
from pipelines.engine.run import Run
from pipelines.engine.soft_mask import Background, lead_back
from pipelines.planning.box import Box
from pipelines.planning.passes import Pass
from pipelines.planning.steps import steps_for, steps_run

CleanStart = Callable[[int], torch.Tensor | None]
"""The map that picture `index` of the batch begins with; None: noise alone."""


@dataclass(frozen=True, eq=False)
class Begin:
    """What a pass begins with, and what is there."""

    start: CleanStart = lambda _index: None
    kept: tuple[torch.Tensor, torch.Tensor] | None = None
    """What it is led back to: a map, and (1, 1, rows, columns) in 0..1, how early each cell is free."""
    scenery: Scenery | None = None
    """What a model that looks at pictures is shown."""


def paint_flow(run: Run, pass_: Pass, begin: Begin) -> list[Pixels]:
    """Pictures (RGB, of the pass's size). To be called within `painting`. Raises JobCancelled."""
    run.sight = sight_of(run.model, run.job.request, begin.scenery, (pass_.width, pass_.height))
    run.model.shown = () if run.sight is None else run.sight.shown
    try:
        return _paint(run, pass_, begin)
    finally:
        run.sight, run.model.shown = None, ()


def _paint(run: Run, pass_: Pass, begin: Begin) -> list[Pixels]:
    request, row = run.job.request, run.model.architecture
    assert row.flow is not None  # noqa: S101 - only such families come here
    pipe = run.pipeline(row.text_to_image)
    row.speech.prepare(pipe)
    steps = request.num_inference_steps
    tokens = (pass_.width // CELL // 2) * (pass_.height // CELL // 2)
    asked = _steps(steps, pass_.strength)
    begun = set_out(pipe.scheduler, run.model.components["scheduler"], row.flow, tokens, asked)
    noise, drawing = _Noise(run, pass_), _Drawing(pipe.scheduler)

    def arguments(index: int) -> dict[str, Any]:
        maps, clean = noise.of(index), begin.start(index)
        drawing.begin(request.seed_of(index), maps)
        if clean is not None:
            maps = begun.sigma * maps + (1.0 - begun.sigma) * clean.to(maps)
        size = {"width": pass_.width, "height": pass_.height, "num_inference_steps": begun.steps}
        return {**size, "latents": row.layout.begin(maps)}

    def hook_for(index: int) -> Any:
        if begin.kept is None:
            return None
        original, soft = begin.kept
        background = Background(original, noise.of(index), soft)
        return lambda pipe, step, tensors: lead_back(pipe, step, tensors, background)

    return run.paint_each(pipe, arguments, hook_for)


def _steps(steps: int, strength: float) -> tuple[int, int]:
    """Steps of the whole schedule, and how many of its last are run."""
    return steps_for(steps, strength), max(1, steps_run(steps, strength))


class _Drawing:
    """Seeds what a scheduler draws on the way: pipelines of these families leave that to chance."""

    def __init__(self, scheduler: Any) -> None:
        self._generator: torch.Generator | None = None
        if not scheduler.config.get("stochastic_sampling"):
            return
        plain = scheduler.step

        @functools.wraps(plain)
        def step(*args: Any, **more: Any) -> Any:
            return plain(*args, **more, generator=self._generator)

        scheduler.step = step

    def begin(self, seed: int, first: torch.Tensor) -> None:
        """A picture begins, with that first noise."""
        self._generator = generator_for(seed)
        torch.randn(first.shape, generator=self._generator)  # what is drawn later must be other noise


class _Noise:
    """The first noise of each picture of the batch, as maps."""

    def __init__(self, run: Run, pass_: Pass) -> None:
        request = run.job.request
        crop = run.crop or Box(0, 0, request.width, request.height)
        self._run, self._place = run, noise_place(request, crop, (pass_.width, pass_.height))
        self._shape = (1, run.model.latent_channels, pass_.height // CELL, pass_.width // CELL)
        self._drawn: tuple[int, torch.Tensor] | None = None

    def of(self, index: int) -> torch.Tensor:
        """(1, channels, rows, columns)."""
        if self._drawn is None or self._drawn[0] != index:
            self._drawn = index, self._draw(index)
        return self._drawn[1]

    def _draw(self, index: int) -> torch.Tensor:
        run, layout = self._run, self._run.model.architecture.layout
        dtype = torch.float32 if layout.full_precision else run.model.network.dtype
        request = run.job.request
        noise = first_noise(request, index, self._shape, run.model.device, dtype, self._place)
        return noise if request.canvas_noise else layout.drawn(noise)
