"""Windows around real networks: what is blended, what stays whole, what a job of several passes tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from pipelines.contract.events import Cancelled, EngineEvent, Finished, Preview, Progress, Started
from pipelines.contract.request import GenerationRequest, RegionPrompt, Task
from tests.pipelines.conftest import STARTER, Shelf, starter_info
from tests.pipelines.sample_requests import picture, sample
from tests.pipelines.studio import Studio

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def studio(tiny_models: Shelf) -> Iterator[Studio]:
    models = Shelf(*(info for info in tiny_models.models() if info.id != "starter"), starter_info())
    studio = Studio(models)
    yield studio
    studio.engine.close()


def test_a_network_without_surroundings_answers_the_same_in_windows_as_at_once() -> None:
    import torch
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionOutput

    from pipelines.engine.network import predicting
    from pipelines.engine.windows import windowed
    from pipelines.planning.windows import windows_of

    class Pointwise(torch.nn.Module):
        seen: list[tuple[int, ...]]

        def __init__(self) -> None:
            super().__init__()
            self.mix, self.seen = torch.nn.Conv2d(4, 4, 1), []

        def forward(self, sample: Any, timestep: Any, words: Any, return_dict: bool = True, **_more: Any) -> Any:
            self.seen.append(tuple(sample.shape))
            answer = self.mix(sample) * timestep + words
            return UNet2DConditionOutput(sample=answer) if return_dict else (answer,)

    network, done = Pointwise(), []
    latents = torch.randn(2, 4, 40, 72)
    windows = windows_of(576, 320, 128, 32)
    with torch.inference_mode():
        plain = network(latents, 3.0, 0.5).sample
        network.seen.clear()
        with predicting(network, [windowed(windows, (576, 320), 32, lambda: done.append(1))]):
            blended = network(latents, 3.0, words=0.5, added_cond_kwargs={"time_ids": torch.zeros(2, 6)})
            as_tuple = network(latents, 3.0, 0.5, return_dict=False)
    torch.testing.assert_close(blended.sample, plain)
    torch.testing.assert_close(as_tuple[0], plain)
    assert len(done) == 2 * len(windows)
    assert {shape[-2:] for shape in network.seen} == {(16, 16)}, "never more than a window"


@pytest.mark.parametrize("model", ["sd1", "starter"])
def test_a_vae_in_windows_is_as_before_and_shows_no_seams(
    tiny_models: Shelf, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from pipelines.engine import windows
    from pipelines.engine.latents import encode_picture
    from pipelines.engine.loader import load_model
    from pipelines.engine.memory import choose_device

    info = starter_info() if model == "starter" else tiny_models.resolve(model)
    loaded = load_model(info, choose_device(), STARTER, lambda: None)
    rgb = picture(416, 288)[..., :3]
    monkeypatch.setattr(windows, "VAE_SIDE", 192)
    monkeypatch.setattr(windows, "_VAE_OVERLAP", 64)
    with torch.inference_mode():
        whole = encode_picture(loaded, rgb)
        decoded = loaded.vae.decode(whole, return_dict=False)[0]
        with windows.vae_in_windows(loaded.vae, (416, 288)):
            parts = encode_picture(loaded, rgb)
            pieces = loaded.vae.decode(whole, return_dict=False, generator=None)[0]
        again = loaded.vae.decode(whole).sample
    assert (again == decoded).all(), "it must be as before afterwards"
    assert parts.shape == whole.shape
    assert pieces.shape == decoded.shape
    if model != "starter":
        return  # random weights between normalisations say nothing about likeness
    assert float((parts - whole).float().abs().mean()) < 0.1 * float(whole.float().std())
    error = (pieces - decoded).float().abs().mean(dim=(0, 1))
    assert float(error.mean()) < 0.05
    assert float(error.diff(dim=1).abs().mean(dim=0).max()) < 0.05, "a seam between windows"


@pytest.mark.parametrize("model", ["sd1", "sd1-inpaint", "sdxl"])
def test_every_family_paints_large_pictures_in_passes(studio: Studio, model: str) -> None:
    for task in (Task.TEXT_TO_IMAGE, Task.IMAGE_TO_IMAGE):
        asked = sample(task, 330, 250, model=model, strength=0.8, num_images_per_prompt=2, num_inference_steps=3)
        events = list(studio.events_of(studio.submit(asked)))
        finished = events[-1]
        assert isinstance(finished, Finished), finished
        assert [patch.shape for patch in finished.patches] == [(250, 330, 4)] * 2
        assert (finished.patches[0] != finished.patches[1]).any()
        assert (finished.facts["run_width"], finished.facts["run_height"]) == (336, 256)
        (started,) = [event for event in events if isinstance(event, Started)]
        told = [event.step for event in events if isinstance(event, Progress)]
        assert told == list(range(1, started.steps + 1)), "every window of every pass is a step of the whole"
        assert any(isinstance(event, Preview) for event in events)
    again = studio.paint(asked).patches[1]
    assert (again == finished.patches[1]).all(), "the same seed must repeat bit for bit"


def test_low_strength_paints_a_large_picture_at_its_own_size_at_once(studio: Studio) -> None:
    asked = sample(Task.IMAGE_TO_IMAGE, 448, 400, model="starter", strength=0.2)
    finished = studio.paint(asked)
    assert (finished.facts["run_width"], finished.facts["run_height"]) == (448, 400)
    assert finished.facts["steps_run"] == 4 * 4, "four steps in four windows, and no pass at a reduced size"
    assert asked.image is not None
    assert np.abs(finished.patches[0].astype(int) - asked.image).mean() < 20


def test_regions_and_canvas_noise_reach_every_pass(studio: Studio) -> None:
    mask = np.zeros((256, 512), np.uint8)
    mask[:, 256:] = 255
    plain = sample(width=512, height=256, model="sd1", guidance_scale=5.0)
    parts = sample(
        width=512, height=256, model="sd1", guidance_scale=5.0, regions=(RegionPrompt("a red wall of bricks", mask),)
    )
    one, other = (studio.paint(asked).patches[0].astype(int) for asked in (plain, parts))
    assert np.abs(one - other)[:, 384:].mean() > np.abs(one - other)[:, :128].mean()
    noisy = sample(width=512, height=256, model="sd1", canvas_noise=True)
    assert (studio.paint(noisy).patches[0] != one).any()


def test_the_starters_windows_leave_no_seams(studio: Studio) -> None:
    from tests.benchmarks.bench_large import seam_ratio

    asked = GenerationRequest(
        task=Task.TEXT_TO_IMAGE, model="starter", prompt="autumn, mountains, river", num_inference_steps=6,
        guidance_scale=2.0, seed=4, width=560, height=560,
    )  # fmt: skip
    patch = studio.paint(asked).patches[0]
    assert patch[..., :3].std() > 10
    assert seam_ratio(patch, "starter") < 1.3


def test_cancel_takes_effect_between_windows(studio: Studio) -> None:
    job = studio.submit(sample(width=2048, height=1024, model="sd1", num_inference_steps=30))
    heard: list[EngineEvent] = []
    for event in studio.events_of(job):
        heard.append(event)
        if isinstance(event, Progress) and event.step == 35:
            studio.engine.cancel(job)
    assert isinstance(heard[-1], Cancelled)
    assert sum(isinstance(event, Progress) for event in heard) < 70
