"""The first noise: of a seed, turned towards another, of places on the canvas."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import GenerationRequest, NoiseTurn, Task
from pipelines.planning.box import Box
from tests.pipelines.sample_requests import sample
from tests.pipelines.studio import Studio

SHAPE = (1, 4, 24, 40)


def noise_of(request: GenerationRequest, index: int = 0, column: int = 0, row: int = 0) -> Any:
    import torch

    from pipelines.engine.noise import NoisePlace, first_noise

    return first_noise(request, index, SHAPE, torch.device("cpu"), torch.float32, NoisePlace(column, row))


def test_plain_noise_is_what_diffusers_draws() -> None:
    import torch

    for index in (0, 3):
        bare = torch.randn(SHAPE, generator=torch.Generator().manual_seed(11 + index))
        assert torch.equal(noise_of(sample(), index), bare)


def test_a_variation_turns_the_noise_and_keeps_its_spread() -> None:
    import torch

    base, other = sample(), sample(seed=77)
    assert torch.equal(noise_of(replace(base, variation_seed=77)), noise_of(base))
    assert torch.equal(noise_of(replace(base, variation_seed=77, variation_strength=1.0), 2), noise_of(other, 2))
    before = 1.0
    for strength in (0.1, 0.25, 0.5, 0.9):
        turned = noise_of(replace(base, variation_seed=77, variation_strength=strength))
        assert float(turned.std()) == pytest.approx(1.0, abs=0.03)
        likeness = float(torch.corrcoef(torch.stack([turned.flatten(), noise_of(base).flatten()]))[0, 1])
        assert likeness < before - 0.005
        before = likeness
    same = replace(base, variation_seed=base.seed, variation_strength=0.5)
    assert torch.equal(noise_of(same), noise_of(base))


@pytest.mark.parametrize(("column", "row"), [(0, 0), (7, 3), (-13, 5), (-3, -9)])
def test_canvas_noise_is_the_same_wherever_regions_overlap(column: int, row: int) -> None:
    base = sample(canvas_noise=True)
    first, second = noise_of(base)[0].numpy(), noise_of(base, column=column, row=row)[0].numpy()
    top, left = max(0, row), max(0, column)
    bottom, right = min(SHAPE[2], SHAPE[2] + row), min(SHAPE[3], SHAPE[3] + column)
    shared = second[:, top - row : bottom - row, left - column : right - column]
    assert (first[:, top:bottom, left:right] == shared).all()
    assert not (noise_of(base, 1)[0].numpy() == first).any()  # another picture of the batch
    assert not (noise_of(replace(base, seed=12))[0].numpy()[:, :8] == first[:, :8]).all()


def test_canvas_noise_is_white() -> None:
    from pipelines.engine.noise import NoisePlace, canvas_noise

    noise = canvas_noise(5, (1, 6, 256, 256), NoisePlace(-128, -128))[0]
    assert noise.shape == (6, 256, 256)
    assert noise.dtype == np.float32
    bound = 4.0 / 256  # four standard errors of a mean over 256 x 256 cells
    for channel in noise:
        assert abs(channel.mean()) < bound
        assert abs(channel.var() - 1.0) < bound * 2**0.5
        assert 3.5 < np.abs(channel).max() < 6.0
        for other in (np.roll(channel, 1, 0), np.roll(channel, 1, 1), np.roll(channel, 16, 1), channel.T):
            off_diagonal = ~np.eye(256, dtype=bool)
            assert abs((channel * other)[off_diagonal].mean()) < bound
    between = np.corrcoef(noise.reshape(6, -1))[~np.eye(6, dtype=bool)]
    assert np.abs(between).max() < bound
    spectrum = np.abs(np.fft.fft2(noise[0])) ** 2 / noise[0].size
    bands = [spectrum[:, start : start + 32].mean() for start in range(0, 256, 32)]
    assert max(bands) < 1.06
    assert min(bands) > 0.94


def test_places_are_cells_of_the_scaled_grid() -> None:
    from pipelines.engine.noise import NoisePlace, noise_place

    request = sample(Task.INPAINT, x=-64, y=24)
    assert noise_place(request, Box(0, 0, 128, 128), (128, 128)) == NoisePlace(-8, 3)
    assert noise_place(request, Box(16, 8, 64, 64), (128, 128)) == NoisePlace(-12, 8)
    assert noise_place(replace(request, x=3), Box(0, 0, 128, 128), (128, 128)) == NoisePlace(0, 3)


@pytest.mark.slow
@pytest.mark.parametrize("task", [Task.TEXT_TO_IMAGE, Task.IMAGE_TO_IMAGE, Task.INPAINT])
@pytest.mark.parametrize("model", ["sd1", "sd1-inpaint", "sdxl"])
def test_every_task_begins_with_it(tiny_studio: Studio, model: str, task: Task) -> None:
    base = sample(task, model=model, strength=0.8, num_images_per_prompt=2)
    plain = tiny_studio.paint(base).patches
    turned = tiny_studio.paint(replace(base, variation_seed=40, variation_strength=0.3)).patches
    other = tiny_studio.paint(replace(base, seed=40)).patches
    whole = tiny_studio.paint(replace(base, variation_seed=40, variation_strength=1.0)).patches
    placed = [tiny_studio.paint(replace(base, canvas_noise=True, x=x)).patches for x in (0, 0, 64)]
    second = tiny_studio.paint(replace(base, variation_path=(NoiseTurn(41, 0.3),), num_images_per_prompt=1)).patches
    assert (second[0] == turned[1]).all()
    for index in range(2):
        assert (turned[index] != plain[index]).any()
        assert (placed[0][index] == placed[1][index]).all()
        assert (placed[0][index] != placed[2][index]).any()
        if model != "sd1-inpaint":  # whose encoder draws from the generator of the seed as well
            assert (whole[index] == other[index]).all()


@pytest.mark.slow
def test_what_an_ancestral_scheduler_draws_later_is_other_noise(tiny_studio: Studio) -> None:
    """With a variation of strength 0 and canvas noise off nothing is steered; all else must draw in the same order."""
    from pipelines.contract.models import SchedulerName

    base = sample(model="sd1", scheduler=SchedulerName.EULER_A)
    itself = replace(base, variation_seed=base.seed, variation_strength=0.5)
    assert (tiny_studio.paint(base).patches[0] == tiny_studio.paint(itself).patches[0]).all()


def test_two_tiles_share_their_noise_with_a_scale() -> None:
    """Regions painted at another scale meet in the grid of that scale."""
    from pipelines.engine.noise import NoisePlace, canvas_noise, noise_place

    first = sample(Task.TEXT_TO_IMAGE, 64, 64)
    second = replace(first, x=32)
    places = [noise_place(one, Box(0, 0, 64, 64), (128, 128)) for one in (first, second)]
    assert places == [NoisePlace(0, 0), NoisePlace(8, 0)]
    noises = [canvas_noise(1, (1, 4, 16, 16), place) for place in places]
    assert (noises[0][..., 8:] == noises[1][..., :8]).all()


def test_a_variation_of_a_variation_begins_where_that_one_has_come_to() -> None:
    """At both ends of the last turn, and nearer to the variation than to the picture that it all began with."""
    import torch

    first = sample(variation_seed=77, variation_strength=0.4)
    second = replace(first, variation_path=(NoiseTurn(78, 0.4),), variation_seed=500)
    chosen = noise_of(first, 1)  # towards 78
    for index in range(2):
        assert torch.equal(noise_of(replace(second, variation_strength=0.0, seed=first.seed), 0), chosen)
        turned = noise_of(replace(second, variation_strength=0.2), index)
        assert abs(float(turned.std()) - 1) < 0.05
        near, far = (
            float(torch.corrcoef(torch.stack([turned.flatten(), other.flatten()]))[0, 1])
            for other in (chosen, noise_of(sample()))
        )
        assert near > 0.9 > far > 0.6
    assert torch.equal(noise_of(replace(second, variation_strength=1.0), 3), noise_of(sample(seed=503)))
    again = GenerationRequest.from_dict(json.loads(json.dumps(second.to_dict())))
    assert again.variation_path == second.variation_path
    older = {name: value for name, value in first.to_dict().items() if name != "variation_path"}
    assert GenerationRequest.from_dict(older).variation_path == ()
    for path, words in (((NoiseTurn(1, 1.5),), "1.5 of the way"), ((NoiseTurn(1, 0.5),) * 65, "65 variations")):
        with pytest.raises(InvalidRequestError, match=words):
            replace(second, variation_path=path).check()


def test_all_pictures_of_a_batch_of_variations_are_variations_of_one() -> None:
    import torch

    base = sample(variation_seed=77, variation_strength=0.1)
    first, second = noise_of(base, 0), noise_of(base, 1)
    assert not torch.equal(first, second)
    for turned in (first, second):
        likeness = float(torch.corrcoef(torch.stack([turned.flatten(), noise_of(sample()).flatten()]))[0, 1])
        assert likeness > 0.95
    assert torch.equal(second, noise_of(sample(variation_seed=78, variation_strength=0.1)))
