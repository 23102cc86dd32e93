"""The noise levels of a flow-matching run, known before its pipeline is called.

A pipeline works out its schedule itself, too late for latents that begin somewhere on it. Here the same schedule is
made first, its tail is taken, and the pipeline is given a scheduler that has it already. Straight paths: Lipman et al.,
"Flow Matching for Generative Modeling" (2022); shifts by size: Esser et al., "Scaling Rectified Flow Transformers"
(2024).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from diffusers import FlowMatchEulerDiscreteScheduler

from pipelines.engine.schedulers import flow_match

Shift = Callable[[int, int, Any], float]
"""(tokens of the picture, steps, configuration of the scheduler) -> mu of a dynamic shift."""


@dataclass(frozen=True)
class FlowSchedule:
    """How a family's noise levels are laid out."""

    shift: Shift
    even: bool = True
    """Whether levels are evenly spread from 1 to 1 / steps before they are shifted; else as the scheduler has them."""


@dataclass(frozen=True)
class Begun:
    """Where a run begins."""

    steps: int
    """Calls of the scheduler, as pipelines count `num_inference_steps`."""
    sigma: float
    """Part of the first latents that is noise."""


def linear_shift(most: float = 1.15) -> Shift:
    """Grows with the number of tokens; `most` where the scheduler's configuration does not say it."""

    def shift(tokens: int, _steps: int, config: Any) -> float:
        low, high = config.get("base_image_seq_len", 256), config.get("max_image_seq_len", 4096)
        least, largest = config.get("base_shift", 0.5), config.get("max_shift", most)
        slope = (largest - least) / (high - low)
        return tokens * slope + (least - slope * low)

    return shift


def measured_shift(tokens: int, steps: int, _config: Any) -> float:
    """FLUX.2's, which depends on the number of steps as well."""
    from diffusers.pipelines.flux2.pipeline_flux2 import compute_empirical_mu

    return float(compute_empirical_mu(tokens, steps))


def set_out(scheduler: Any, own: Any, how: FlowSchedule, tokens: int, asked: tuple[int, int]) -> Begun:
    """Gives `scheduler` the schedule of a picture of so many tokens: of `asked` (steps, how many of the last run).

    From then on its `set_timesteps` sets this very schedule, whatever it is asked for. `own` is the model's scheduler.
    """
    steps, run = asked
    if scheduler.config.get("use_flow_sigmas"):
        return _hold_own(scheduler, steps, run)
    full = flow_match(FlowMatchEulerDiscreteScheduler, own)
    levels = np.linspace(1.0, 1 / steps, steps) if how.even else None
    mu = how.shift(tokens, steps, own.config) if full.config.use_dynamic_shifting else None
    full.set_timesteps(steps, sigmas=levels, mu=mu)
    sigmas, timesteps = full.sigmas[-run - 1 :], full.timesteps[-run:]
    if scheduler.order == 2:
        timesteps = torch.cat([timesteps[:1], timesteps[1:].repeat_interleave(2)])
        sigmas = torch.cat([sigmas[:1], sigmas[1:-1].repeat_interleave(2), sigmas[-1:]])
    _hold(scheduler, timesteps, sigmas, run)
    return Begun(run, float(sigmas[0]))


def _hold(scheduler: Any, moments: torch.Tensor, levels: torch.Tensor, steps: int) -> None:
    plain = scheduler.set_timesteps

    def set_timesteps(  # pipelines look at the names of its parameters
        num_inference_steps: int | None = None,
        device: Any = None,
        sigmas: Any = None,
        mu: float | None = None,
        timesteps: Any = None,
    ) -> None:
        del num_inference_steps, sigmas, mu, timesteps
        if scheduler.order == 2:
            plain(steps, device)  # empties what it keeps from step to step
        scheduler.num_inference_steps = steps
        scheduler.timesteps, scheduler.sigmas = moments.to(device), levels.to(device)
        scheduler._step_index = scheduler._begin_index = None

    scheduler.set_timesteps = set_timesteps


def _hold_own(scheduler: Any, steps: int, run: int) -> Begun:
    """The same for solvers of many steps that lay out levels along straight lines themselves (UniPC)."""
    plain = scheduler.set_timesteps

    def set_timesteps(num_inference_steps: int | None = None, device: Any = None) -> None:
        del num_inference_steps
        plain(steps, device=device)
        scheduler.num_inference_steps = run
        scheduler.timesteps, scheduler.sigmas = scheduler.timesteps[-run:], scheduler.sigmas[-run - 1 :]

    set_timesteps()
    scheduler.set_timesteps = set_timesteps
    return Begun(run, float(scheduler.sigmas[0]))
