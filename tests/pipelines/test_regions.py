"""Several prompts in one picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipelines.contract.request import GenerationRequest, Pixels, RegionPrompt, Task
from pipelines.planning.box import Box
from tests.pipelines.sample_requests import sample
from tests.pipelines.studio import Studio


def half(width: int, height: int, *, left: bool) -> Pixels:
    mask = np.zeros((height, width), np.uint8)
    mask[:, : width // 2] = 255
    return mask if left else 255 - mask


def everywhere(width: int, height: int) -> Pixels:
    return np.full((height, width), 255, np.uint8)


def weights(*masks: Pixels, crop: Box | None = None, cells: tuple[int, int] = (32, 32)) -> Any:
    from pipelines.engine.regions import region_weights

    regions = [RegionPrompt("", mask) for mask in masks]
    return region_weights(regions, crop or Box(0, 0, masks[0].shape[1], masks[0].shape[0]), *cells)


def test_shares_add_up_to_one_and_leave_the_rest_to_the_own_prompt() -> None:
    left, right, both = half(256, 256, left=True), half(256, 256, left=False), everywhere(256, 256)
    for masks in ((left,), (left, right), (left, both), (both, both), (np.zeros_like(left),)):
        shares = weights(*masks)
        assert shares.shape == (1 + len(masks), 32, 32)
        assert (shares >= 0).all()
        assert np.allclose(shares.sum(axis=0), 1.0, atol=1e-5)
    assert (weights(both)[1] == 1).all()
    assert (weights(np.zeros_like(both))[0] == 1).all()
    own, first = weights(left)
    assert first[:, 0].min() > 0.99
    assert own[:, -1].min() > 0.99
    assert (np.diff(first[16]) <= 1e-6).all()
    assert np.abs(np.diff(first[16])).max() < 0.25, "the edge of a region must be soft"
    overlapping = weights(left, both)
    assert overlapping[1, 16, 2] == pytest.approx(0.5, abs=0.01)


def test_shares_follow_the_painted_part() -> None:
    left = half(512, 256, left=True)
    assert (weights(left, crop=Box(0, 0, 128, 256), cells=(16, 32))[1] == 1).all()
    assert (weights(left, crop=Box(384, 0, 128, 256), cells=(16, 32))[0] == 1).all()
    small = np.zeros((256, 256), np.uint8)
    small[100:140, 100:140] = 255
    assert weights(small)[1].max() > 0.8, "a small region must not be blurred away"


@pytest.mark.slow
@pytest.mark.parametrize("guidance_scale", [3.0, 1.0])
@pytest.mark.parametrize("model", ["sd1", "sd1-inpaint", "sdxl"])
def test_a_region_everywhere_is_its_prompts_picture(tiny_studio: Studio, model: str, guidance_scale: float) -> None:
    plain = sample(model=model, guidance_scale=guidance_scale, negative_prompt="a road")
    same = replace(plain, prompt="grass", regions=(RegionPrompt(plain.prompt, everywhere(128, 128)),))
    other = replace(plain, regions=(RegionPrompt("a red house", half(128, 128, left=True)),))
    wanted = tiny_studio.paint(plain).patches[0].astype(int)
    assert np.abs(tiny_studio.paint(same).patches[0] - wanted).max() <= 1
    changed = tiny_studio.paint(other).patches[0]
    assert (changed != wanted).any()
    assert (tiny_studio.paint(other).patches[0] == changed).all()


@pytest.mark.slow
def test_every_task_and_scheduler_takes_regions(tiny_studio: Studio) -> None:
    from pipelines.contract.models import SchedulerName

    regions = (RegionPrompt("a", half(160, 128, left=True)), RegionPrompt("b", half(160, 128, left=False)))
    for number, scheduler in enumerate(name for name in SchedulerName if "flow" not in name):
        task = (Task.TEXT_TO_IMAGE, Task.IMAGE_TO_IMAGE, Task.INPAINT, Task.OUTPAINT)[number % 4]
        asked = sample(task, 160, 128, model="sd1", scheduler=scheduler, regions=regions, strength=0.9)
        assert tiny_studio.paint(asked).patches[0][..., :3].std() > 0


@pytest.mark.slow
def test_a_pass_holds_one_row_for_each_prompt_and_one_for_the_negative(tiny_studio: Studio) -> None:
    """Cost: (1 + prompts) / 2 of a plain guided step."""
    rows = rows_through_the_network(tiny_studio, sample(model="sd1"))
    assert rows == [2] * 4
    left, right = (RegionPrompt(word, half(128, 128, left=word == "a")) for word in "ab")
    assert rows_through_the_network(tiny_studio, sample(model="sd1", regions=(left, right))) == [3] * 4
    assert rows_through_the_network(tiny_studio, sample(model="sd1", regions=(left,))) == [3] * 4
    nowhere = RegionPrompt("c", np.zeros((128, 128), np.uint8))
    assert rows_through_the_network(tiny_studio, sample(model="sd1", regions=(nowhere,))) == [2] * 4


def rows_through_the_network(studio: Studio, asked: GenerationRequest) -> list[int]:
    from diffusers import UNet2DConditionModel

    plain: Any = UNet2DConditionModel.forward
    rows: list[int] = []

    def counting(self: Any, sample: Any, *args: Any, **kwargs: Any) -> Any:
        rows.append(len(sample))
        return plain(self, sample, *args, **kwargs)

    UNet2DConditionModel.forward = counting
    try:
        studio.paint(asked)
    finally:
        UNet2DConditionModel.forward = plain
    return rows


@pytest.mark.slow
def test_night_on_the_left_and_day_on_the_right(starter_studio: Studio) -> None:
    regions = (
        RegionPrompt("night, moon", half(256, 256, left=True)),
        RegionPrompt("dawn, bright day", half(256, 256, left=False)),
    )
    asked = sample(
        width=256, height=256, prompt="mountains", num_inference_steps=10, guidance_scale=2.0, regions=regions
    )
    light = starter_studio.paint(asked).patches[0][..., :3].mean(axis=-1)
    assert light[:, :96].mean() + 40 < light[:, 160:].mean()

    image = np.full((256, 256, 4), (222, 206, 180, 255), np.uint8)
    mask = np.zeros((256, 256), np.uint8)
    mask[64:192, 32:224] = 255
    patch = starter_studio.paint(replace(asked, task=Task.INPAINT, image=image, mask=mask)).patches[0]
    light = patch[..., :3].mean(axis=-1)
    assert light[80:176, 48:100].mean() + 20 < light[80:176, 156:208].mean()
    far = np.ones((256, 256), bool)
    far[40:216, 8:248] = False
    assert (patch[far] == 0).all()
