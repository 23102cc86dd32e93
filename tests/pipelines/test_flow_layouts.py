"""Layouts, noise levels and soft masks of flow-matching families, without a model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipelines.contract.models import SchedulerName
from pipelines.planning.box import Box

pytestmark = pytest.mark.slow  # because of what it imports
ROWS, COLUMNS = 8, 12


def maps(channels: int = 16) -> Any:
    import torch

    return torch.randn(1, channels, ROWS, COLUMNS, generator=torch.Generator().manual_seed(4))


def test_tokens_lie_as_diffusers_packs_them() -> None:
    import torch
    from diffusers import Flux2KleinPipeline, FluxPipeline

    from pipelines.engine.layouts import PATCHES, TOKENS

    one, packing = maps(), FluxPipeline
    packed = packing._pack_latents(one, 1, 16, ROWS, COLUMNS)
    assert torch.equal(TOKENS.pack(one), packed)
    assert torch.equal(TOKENS.unpack(packed, (ROWS, COLUMNS)), one)
    patches = Flux2KleinPipeline._patchify_latents(maps(32))
    assert torch.equal(PATCHES.begin(maps(32)), patches)
    assert torch.equal(PATCHES.pack(maps(32)), Flux2KleinPipeline._pack_latents(patches))


def call_of(name: str, one: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
    """A layout, and the arguments with which its family's pipeline calls the network for a map."""
    from diffusers import Flux2KleinPipeline, FluxPipeline

    from pipelines.engine import layouts

    if name == "maps":
        return layouts.MAPS, (one, 5), {"encoder_hidden_states": None}
    if name == "sd3":
        return layouts.MAPS_16, (), {"hidden_states": one}
    if name == "z-image":
        return layouts.FRAMES, (list(one.unsqueeze(2).unbind(0)), 5, []), {}
    if name == "flux":
        ids = FluxPipeline._prepare_latent_image_ids(1, one.shape[-2] // 2, one.shape[-1] // 2, "cpu", one.dtype)
        return layouts.TOKENS, (), {"hidden_states": layouts.TOKENS.pack(one), "img_ids": ids}
    if name == "flux2":
        ids = Flux2KleinPipeline._prepare_latent_ids(layouts.PATCHES.begin(one))
        return layouts.PATCHES, (), {"hidden_states": layouts.PATCHES.pack(one), "img_ids": ids}
    shapes = [[(1, one.shape[-2] // 2, one.shape[-1] // 2)]]
    return layouts.VIDEO_TOKENS, (), {"hidden_states": layouts.TOKENS.pack(one), "img_shapes": shapes}


def alike(one: Any, other: Any) -> bool:
    import torch

    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    return bool(one == other)


@pytest.mark.parametrize("name", ["maps", "sd3", "z-image", "flux", "flux2", "qwen-image"])
def test_a_windows_call_is_the_call_for_a_picture_of_that_size(name: str) -> None:
    one, place = maps(32), Box(4, 2, 6, 4)
    layout, args, kwargs = call_of(name, one)
    assert layout.grid(args, kwargs) == (ROWS, COLUMNS)
    _, wanted_args, wanted_kwargs = call_of(name, one[(..., *place.slices)])
    assert alike(layout.cut(args, kwargs, place), (wanted_args, wanted_kwargs))


@pytest.mark.parametrize("name", ["maps", "sd3", "z-image", "flux", "flux2", "qwen-image"])
def test_windows_that_agree_make_the_whole(name: str) -> None:
    """A network that answers with what it is shown, twice as strong: seams would be seen."""
    import torch

    from pipelines.engine.windows import windowed
    from pipelines.planning.windows import windows_of

    one = maps(32)
    layout, args, kwargs = call_of(name, one)

    def twice(*given: Any, **more: Any) -> Any:
        shown = given[0] if given else more["hidden_states"]
        return ([2 * part for part in shown],) if isinstance(shown, list) else (2 * shown,)

    windows = windows_of(COLUMNS * 8, ROWS * 8, 48, 16, 16)
    assert len(windows) > 2
    answer = windowed(windows, (COLUMNS * 8, ROWS * 8), 16, lambda: None, None, layout)(twice)(*args, **kwargs)
    assert torch.allclose(layout.prediction(answer, (ROWS, COLUMNS)), 2 * one, atol=1e-5)


def flow_scheduler(name: SchedulerName, *, dynamic: bool) -> tuple[Any, Any]:
    from diffusers import FlowMatchEulerDiscreteScheduler

    from pipelines.engine.schedulers import make_scheduler

    own = FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=dynamic)
    return own, make_scheduler(own, name)


@pytest.mark.parametrize("dynamic", [True, False])
@pytest.mark.parametrize("run", [10, 6, 3])
@pytest.mark.parametrize("name", [SchedulerName.EULER_FLOW, SchedulerName.HEUN_FLOW])
def test_what_is_kept_has_the_noise_that_the_network_expects(name: SchedulerName, run: int, dynamic: bool) -> None:
    import torch

    from pipelines.engine.flow.schedule import FlowSchedule, linear_shift, set_out
    from pipelines.engine.soft_mask import Background, lead_back

    class Pipe:
        """What `lead_back` asks of a pipeline."""

        def __init__(self, scheduler: Any) -> None:
            self.scheduler, self.num_timesteps = scheduler, 0

    own, scheduler = flow_scheduler(name, dynamic=dynamic)
    begun = set_out(scheduler, own, FlowSchedule(linear_shift()), 1024, (10, run))
    assert begun.steps == run
    assert (begun.sigma == 1.0) == (run == 10)
    original, noise = maps(), maps().flip(-1)
    soft = torch.linspace(0, 1, COLUMNS).expand(1, 1, ROWS, COLUMNS)
    background, pipe = Background(original, noise, soft), Pipe(scheduler)
    scheduler.set_timesteps(begun.steps, device="cpu", mu=1.0)
    pipe.num_timesteps = len(scheduler.timesteps)
    latents = begun.sigma * noise + (1 - begun.sigma) * original
    for step, timestep in enumerate(scheduler.timesteps):
        sigma = float(timestep) / 1000
        assert torch.allclose(latents, sigma * noise + (1 - sigma) * original, atol=1e-4), f"step {step}"
        latents = scheduler.step(noise - original, timestep, latents, return_dict=False)[0]
        tensors = {"latents": latents}
        lead_back(pipe, step, tensors, background)
        latents = tensors["latents"]
    assert bool((latents[..., 0] == original[..., 0]).all()), "what is never free is not the original"
    assert torch.allclose(latents, original, atol=1e-4)


def test_flux2s_shift_belongs_to_the_whole_schedule() -> None:
    """Its shift depends on the number of steps: a tail must be shifted as the whole was."""
    from pipelines.engine.flow.schedule import FlowSchedule, measured_shift, set_out

    levels = []
    for run in (20, 8):
        own, scheduler = flow_scheduler(SchedulerName.DEFAULT, dynamic=True)
        begun = set_out(scheduler, own, FlowSchedule(measured_shift), 4096, (20, run))
        scheduler.set_timesteps(begun.steps)
        levels.append(scheduler.sigmas.numpy())
    assert np.array_equal(levels[0][-9:], levels[1])
