"""Denoising under a soft mask, with every scheduler: what is kept has the right noise whenever the network sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipelines.contract.models import SchedulerName
from tests.pipelines.conftest import Shelf

pytestmark = pytest.mark.slow
RANDOM = (SchedulerName.EULER_A, SchedulerName.DPMPP_SDE, SchedulerName.LCM)
"""These draw new noise on the way; what is free leaves the line between picture and first noise."""


@pytest.fixture(scope="module")
def pipe(tiny_models: Shelf) -> Any:
    import torch
    from diffusers import StableDiffusionImg2ImgPipeline

    folder = tiny_models.resolve("sd1").path
    made: Any = StableDiffusionImg2ImgPipeline.from_pretrained(folder, dtype=torch.float32, safety_checker=None)
    made.set_progress_bar_config(disable=True)
    return made


def run(pipe: Any, scheduler: Any, strength: float, steps: int, look: Callable[[Any, float, Any], None]) -> Any:
    """The final latents of a run whose network knows the original; `look(sample, timestep, background)` at every call.

    Columns of the soft mask: never free, 0.3, 0.8, free from the first step on.
    """
    import torch

    from pipelines.engine.network import predicting
    from pipelines.engine.soft_mask import Background, begin_with, lead_back

    generator = torch.Generator().manual_seed(2)
    original, noise = (torch.randn(1, 4, 8, 8, generator=generator) for _ in range(2))
    soft = torch.tensor([0.0, 0.0, 0.3, 0.3, 0.8, 0.8, 1.0, 1.0]).expand(1, 1, 8, 8)
    background = Background(original, noise, soft)
    pipe.scheduler = scheduler
    scale = scheduler.scale_model_input

    def oracle(_predict: Any) -> Any:
        def forward(sample: Any, timestep: Any, *_args: Any, **_more: Any) -> Any:
            look(sample, float(timestep), background)
            a = _signal(scheduler, float(timestep))
            return ((sample - a**0.5 * original) / (1 - a) ** 0.5,)

        return forward

    def after(pipe: Any, step: int, _timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        lead_back(pipe, step, tensors, background)
        return tensors

    begin_with(pipe, original, background)
    words = torch.zeros(1, 77, pipe.unet.config.cross_attention_dim)
    with predicting(pipe.unet, [oracle]):
        latents = pipe(
            prompt_embeds=words, image=original, strength=strength, num_inference_steps=steps, guidance_scale=1.0,
            generator=torch.Generator().manual_seed(5), output_type="latent", callback_on_step_end=after,
        ).images  # fmt: skip
    assert scheduler.scale_model_input == scale
    return latents, original


def _signal(scheduler: Any, timestep: float) -> float:
    """Share of the clean picture's variance at a timestep that may lie between two whole ones."""
    alphas = scheduler.alphas_cumprod.double().numpy()
    return float(np.exp(np.interp(timestep, np.arange(len(alphas)), np.log(alphas))))


@pytest.mark.parametrize("strength", [1.0, 0.6, 0.3])
@pytest.mark.parametrize("name", [name for name in SchedulerName if "flow" not in name])
def test_what_is_kept_has_the_noise_that_the_network_expects(pipe: Any, name: SchedulerName, strength: float) -> None:
    from diffusers import DDIMScheduler

    from pipelines.engine.schedulers import make_scheduler

    own = DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False,
        steps_offset=1,
    )  # fmt: skip
    calls = 0

    def look(sample: Any, timestep: float, background: Any) -> None:
        nonlocal calls
        calls += 1
        a = _signal(own, timestep)
        expected = a**0.5 * background.original + (1 - a) ** 0.5 * background.noise
        columns = slice(0, 2) if name in RANDOM else slice(0, 8)
        apart = (sample - expected)[..., columns].abs().max()
        assert float(apart) < 0.06, f"call {calls} at {timestep}"

    latents, original = run(pipe, make_scheduler(own, name), strength, 10, look)
    assert calls >= 3
    assert bool((latents[..., :2] == original[..., :2]).all()), "what is never free is not the original"
    assert float((latents - original).abs().max()) < 0.1
