"""Models that see what lies around a hole: the network is shown it without noise, in every step and window."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pipelines.contract.models import ModelInfo, SchedulerName
from pipelines.contract.request import GenerationRequest, Task
from pipelines.planning.box import Box
from tests.pipelines.conftest import STARTER, Shelf
from tests.pipelines.sample_requests import sample
from tests.pipelines.studio import Studio

pytestmark = pytest.mark.slow


def marked(model: ModelInfo, name: str, folder: Path) -> ModelInfo:
    """The same model with the mark, as `name`."""
    shutil.copytree(model.path, folder)
    config = folder / "unet" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text("utf-8")) | {"_sees_surroundings": True}), "utf-8")
    return replace(model, id=name, path=str(folder))


@pytest.fixture(scope="module")
def models(tiny_models: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """`blind` and `wide` (nine channels), and the same with the mark: `seeing` and `seeing-wide`."""
    root = tmp_path_factory.mktemp("seeing")
    blind, wide = (
        replace(tiny_models.resolve("sd1"), id="blind"),
        replace(tiny_models.resolve("sd1-inpaint"), id="wide"),
    )
    copies = marked(blind, "seeing", root / "blind"), marked(wide, "seeing-wide", root / "wide")
    return Shelf(blind, wide, *copies)


@pytest.fixture(scope="module")
def studio(models: Shelf) -> Iterator[Studio]:
    studio = Studio(models)
    yield studio
    studio.engine.close()


def shown(studio: Studio, asked: GenerationRequest, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the network was shown of the picture in each of its calls."""
    from diffusers import UNet2DConditionModel

    plain: Any = UNet2DConditionModel.forward
    samples: list[Any] = []

    def looking(self: Any, sample: Any, *args: Any, **kwargs: Any) -> Any:
        samples.append(sample.detach().float().clone())
        return plain(self, sample, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(UNet2DConditionModel, "forward", looking)
        studio.paint(asked)
    return samples


def clean(models: Shelf, asked: GenerationRequest) -> Any:
    """The latents of the picture as it is."""
    from pipelines.engine.latents import encode_picture
    from pipelines.engine.loader import load_model
    from pipelines.engine.memory import choose_device

    assert asked.image is not None
    loaded = load_model(models.resolve(asked.model), choose_device(), STARTER, lambda: None)
    return encode_picture(loaded, np.ascontiguousarray(asked.image[..., :3])).float()


@pytest.mark.parametrize("strength", [1.0, 0.5])
def test_the_network_sees_what_is_kept_without_noise(
    studio: Studio, models: Shelf, monkeypatch: pytest.MonkeyPatch, strength: float
) -> None:
    for scheduler in (name for name in SchedulerName if "flow" not in name):
        asked = sample(Task.INPAINT, model="seeing", scheduler=scheduler, strength=strength, num_inference_steps=6)
        calls = shown(studio, asked, monkeypatch)
        picture = clean(models, asked)
        assert len(calls) >= 3
        for call in calls:
            assert call.shape == (2, 4, 16, 16)
            assert float((call[..., :2, :] - picture[..., :2, :]).abs().max()) < 0.02, scheduler
            assert float((call[..., 7:9, 7:9] - picture[..., 7:9, 7:9]).abs().max()) > 0.02, scheduler


def test_others_see_it_under_noise(studio: Studio, models: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = sample(Task.INPAINT, model="blind")
    first, *_ = shown(studio, asked, monkeypatch)
    assert float((first[..., :2, :] - clean(models, asked)[..., :2, :]).abs().mean()) > 0.3


def test_the_rim_is_seen_until_its_turn_comes(studio: Studio, models: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = sample(Task.INPAINT, model="seeing", num_inference_steps=8, mask_grow=0, mask_feather=40, mask_blend=20)
    calls, picture = shown(studio, asked, monkeypatch), clean(models, asked)
    seen = [int(((call[:1] - picture).abs().amax(1) < 0.02).sum()) for call in calls]
    assert seen == sorted(seen, reverse=True)
    assert seen[0] > seen[-1] + 40, "cells of the rim are seen at first and painted at last"


def test_what_is_kept_and_what_is_painted_both_stay_in_place(studio: Studio) -> None:
    asked = sample(Task.OUTPAINT, model="seeing", width=160)
    patch = studio.paint(asked).patches[0]
    assert (patch[:, :40] == 0).all()
    assert (patch[:, 80:, 3] == 255).all()


def test_windows_show_their_own_part() -> None:
    import torch

    from pipelines.engine.soft_mask import Background
    from pipelines.engine.surroundings import Surroundings
    from pipelines.engine.windows import Viewport

    original = torch.arange(64.0).reshape(1, 1, 8, 8)
    soft = torch.zeros(1, 1, 8, 8)
    soft[..., 5:] = 1.0
    view = Viewport()
    run: Any = SimpleNamespace(step=0, view=view, pipe=SimpleNamespace(num_timesteps=4))
    surroundings = Surroundings(run)
    surroundings.background = Background(original, torch.zeros(1, 1, 8, 8), soft)
    network = surroundings(lambda sample, *_args, **_more: (sample,))
    with view.at(Box(3, 2, 4, 5)):
        (answer,) = network(torch.full((2, 1, 5, 4), -1.0), 999)
    assert (answer[:, :, :, :2] == original[..., 2:7, 3:5]).all()
    assert (answer[:, :, :, 2:] == -1).all()


def test_a_model_of_nine_channels_paints_as_ever(studio: Studio) -> None:
    plain, marked = (studio.paint(sample(Task.INPAINT, model=name)).patches[0] for name in ("wide", "seeing-wide"))
    assert (plain == marked).all()


def test_the_mark_is_quiet_elsewhere(models: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    from diffusers import UNet2DConditionModel

    unet = UNet2DConditionModel.from_pretrained(Path(models.resolve("seeing").path) / "unet")
    assert unet.config["_sees_surroundings"] is True
    assert "_sees_surroundings" not in caplog.text
