"""Animate: a picture, or words alone, made into a clip.

A model that is shown the first frame gets it from its own pipeline. One that knows words only begins with the picture
standing still, under as much noise as the strength says: what diffusers' video-to-video pipeline does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from PIL import Image

from pipelines.contract.request import Pixels
from pipelines.engine.flow.schedule import set_out
from pipelines.engine.layouts import CELL, Clips
from pipelines.engine.loader import LoadedModel
from pipelines.engine.noise import first_noise, noise_place
from pipelines.engine.run import Run
from pipelines.engine.text_to_image import opaque
from pipelines.planning.box import Box
from pipelines.planning.fills import on_paper
from pipelines.planning.patch import resize
from pipelines.planning.sizes import clip_size, run_size
from pipelines.planning.steps import steps_for, steps_run


def animate(run: Run) -> list[Pixels]:
    """The frames of a clip in their order, (h, w, 4) of `clip_size` each and wholly opaque; what is transparent in the
    picture counts as paper. Raises JobCancelled."""
    request, clips = run.job.request, run.model.architecture.clips
    assert clips is not None  # noqa: S101 - `check_task` has refused the request otherwise
    run.size = run_size(request.width, request.height, run.limits)
    still = None if request.image is None else resize(on_paper(request.image), *run.size)
    try:
        if still is not None and clips.from_picture:
            frames = _shown(run, clips.from_picture, still)
        else:
            frames = _from_words(run, clips.from_words, still)
    finally:
        _let_go(run.model.vae)
    size = clip_size(request.width, request.height, run.limits)
    return [opaque(frame, *size) for frame in frames]


def _shown(run: Run, class_name: str, still: Pixels) -> list[Pixels]:
    """The pipeline is shown the first frame."""
    pipe = run.pipeline(class_name)
    begun = _set_out(run, pipe, 1.0)
    arguments = {**_arguments(run, begun.steps, _noise(run)), "image": Image.fromarray(still)}
    return run.paint_each(pipe, arguments, lambda _index: None)


def _from_words(run: Run, class_name: str, still: Pixels | None) -> list[Pixels]:
    """Begun with noise alone, or with a picture that stands still under it."""
    request = run.job.request
    strength = 1.0 if still is None else request.strength
    if still is not None and steps_for(request.num_inference_steps, strength) == 0:
        return [still] * request.frames
    pipe = run.pipeline(class_name)
    begun = _set_out(run, pipe, strength)
    latents = _noise(run)
    if still is not None and begun.sigma < 1.0:
        clean = encode_still(run.model, still, request.frames).to(latents)
        latents = begun.sigma * latents + (1.0 - begun.sigma) * clean
    return run.paint_each(pipe, _arguments(run, begun.steps, latents), lambda _index: None)


def _arguments(run: Run, steps: int, latents: torch.Tensor) -> dict[str, Any]:
    width, height = run.size
    size = {"width": width, "height": height, "num_frames": run.job.request.frames}
    return {**size, "num_inference_steps": steps, "latents": latents}


def _set_out(run: Run, pipe: Any, strength: float) -> Any:
    steps, flow = run.job.request.num_inference_steps, run.model.architecture.flow
    assert flow is not None  # noqa: S101 - every family that makes clips matches flows
    tokens = run.size[0] * run.size[1] * run.job.request.moments // (2 * CELL) ** 2
    asked = steps_for(steps, strength), max(1, steps_run(steps, strength))
    return set_out(pipe.scheduler, run.model.components["scheduler"], flow, tokens, asked)


def _noise(run: Run) -> torch.Tensor:
    """(1, channels, moments, rows, columns) in float32."""
    request, (width, height) = run.job.request, run.size
    cell = int(run.model.vae.spatial_compression_ratio)
    shape = (run.model.latent_channels, request.moments)
    place = noise_place(request, Box(0, 0, request.width, request.height), run.size, cell)
    flat = (1, shape[0] * shape[1], height // cell, width // cell)
    return first_noise(request, 0, flat, run.model.device, torch.float32, place).unflatten(1, shape)


@torch.inference_mode()
def encode_still(model: LoadedModel, rgb: Pixels, frames: int) -> torch.Tensor:
    """(1, channels, moments, rows, columns) of a clip of so many frames in which nothing moves."""
    layout = model.architecture.layout
    assert isinstance(layout, Clips)  # noqa: S101 - the row says so of every family that makes clips
    pixels = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1)[None].to(model.vae.device, model.vae.dtype)
    clip = layout.pixels(pixels / 127.5 - 1.0).expand(-1, -1, frames, -1, -1)
    return layout.moving(model.vae.encode(clip).latent_dist.mode(), model.vae)


def _let_go(vae: Any) -> None:
    """What a VAE of clips keeps from one frame to the next; when it was stopped in between it would stay."""
    if hasattr(vae, "clear_cache"):
        vae.clear_cache()
