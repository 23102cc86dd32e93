"""Denoising under a soft mask: what is not free yet goes back to the original after every step.

A threshold falls from 1 to 0 over the steps, and a pixel is free once its mask is above it: the inside from the first
step on, the rim late, so that it grows out of its surroundings. After Levin and Fried, "Differential Diffusion: Giving
Each Pixel Its Strength" (2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from pipelines.engine.schedulers import noised


@dataclass(eq=False)
class Background:
    """What the rim is led back to. Read after every step: a hook may replace any of its fields while a run goes on."""

    original: torch.Tensor
    """(1, channels, h, w) clean latents of what is there."""
    noise: torch.Tensor
    """Of the same shape: the noise that the picture began with."""
    soft: torch.Tensor
    """(1, 1, h, w) in 0..1: how early each latent pixel is free, 0 = never."""


def begin_with(pipe: Any, start: torch.Tensor, background: Background) -> None:
    """Lets an image-to-image or inpaint pipeline of one job begin with `start` under the background's noise.

    At full strength a pipeline that begins with noise alone keeps doing so.
    """

    def prepare(*given: Any, **more: Any) -> Any:
        _draw(background.noise.shape, (*given, *more.values()))
        if "is_strength_max" not in more:  # image to image: (image, timestep, ...)
            return pipe.scheduler.add_noise(start, background.noise, given[1])
        if more["is_strength_max"]:
            begun = background.noise * pipe.scheduler.init_noise_sigma
        else:
            begun = pipe.scheduler.add_noise(start, background.noise, more["timestep"])
        outputs = (begun,)
        outputs += (background.noise,) if more.get("return_noise") else ()
        return outputs + ((start,) if more.get("return_image_latents") else ())

    pipe.prepare_latents = prepare


def _draw(shape: torch.Size, arguments: tuple[Any, ...]) -> None:
    """Takes the first noise from the pipeline's generator: what a scheduler draws later must be other noise."""
    for value in arguments:
        if isinstance(value, torch.Generator):
            torch.randn(shape, generator=value, device=value.device)


def lead_back(pipe: Any, step: int, tensors: dict[str, Any], background: Background) -> None:
    """Sets every pixel that is not free yet to the original, noised as the next step expects it."""
    if not getattr(pipe.scheduler, "state_in_first_order", True) and step + 1 < pipe.num_timesteps:
        return  # the second half of a Heun step builds on the first; it must find its own latents
    done, steps = step + 1, pipe.num_timesteps
    known = background.original
    if done < steps:
        following = pipe.scheduler.timesteps[-steps:][done : done + 1]
        known = noised(pipe.scheduler, known, background.noise, following)
    free = background.soft > 1.0 - done / steps
    tensors["latents"] = torch.where(free, tensors["latents"], known.to(tensors["latents"].dtype))
