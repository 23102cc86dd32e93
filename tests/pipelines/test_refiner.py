"""The refiner of SDXL through the engine: what diffusers' own pipeline makes of a picture, and what it is not for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.contract.events import Failed
from pipelines.contract.models import Family
from pipelines.contract.request import Pixels, Task
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import sample
from tests.pipelines.studio import Studio

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    from pipelines.miniatures.families import miniature_of
    from pipelines.miniatures.writing import info_of, write_folder

    folder = write_folder(miniature_of(Family.SDXL, "refiner").build(), tmp_path_factory.mktemp("refiner") / "refiner")
    return Shelf(info_of(folder, Family.SDXL, "refiner", "refiner"))


@pytest.fixture(scope="module")
def studio(shelf: Shelf) -> Iterator[Studio]:
    studio = Studio(shelf)
    yield studio
    studio.engine.close()


def bare(shelf: Shelf, image: Pixels, **arguments: Any) -> Pixels:
    """What diffusers' own pipeline makes of our latents of the picture."""
    import torch
    from diffusers import DiffusionPipeline

    from pipelines.engine import memory
    from pipelines.engine.latents import encode_picture
    from pipelines.engine.loader import load_model

    info = shelf.resolve("refiner")
    model = load_model(info, memory.choose_device(), Path(), lambda: None)
    pipe: Any = DiffusionPipeline.from_pretrained(info.path, dtype=torch.float32)
    assert pipe.config.requires_aesthetics_score
    pipe.set_progress_bar_config(disable=True)
    latents = encode_picture(model, np.ascontiguousarray(image[..., :3]))
    made = pipe(
        "a boat under the moon",
        image=latents,
        guidance_scale=3.0,
        generator=torch.Generator().manual_seed(11),
        output_type="np",
        **arguments,
    )
    return np.rint(made.images[0] * 255.0).astype(np.uint8)


def test_a_picture_is_finished_as_its_own_pipeline_finishes_it(studio: Studio, shelf: Shelf) -> None:
    for negative in ("", "a road"):
        asked = sample(
            Task.IMAGE_TO_IMAGE, model="refiner", strength=0.5, num_inference_steps=8, negative_prompt=negative
        )
        assert asked.image is not None
        wanted = bare(shelf, asked.image, strength=0.5, num_inference_steps=8, negative_prompt=negative or None)
        patch = studio.paint(asked).patches[0]
        assert np.abs(patch[..., :3].astype(int) - wanted).max() <= 1


def test_a_selection_is_finished_and_what_is_around_it_kept(studio: Studio) -> None:
    asked = sample(Task.INPAINT, model="refiner", strength=0.5, num_inference_steps=8)
    patch = studio.paint(asked).patches[0]
    assert asked.mask is not None
    assert (patch[asked.mask == 255][:, 3] == 255).all()
    assert (patch[:8, :, 3] == 0).all()
    assert patch[..., :3].std() > 0


def test_weights_and_long_prompts_are_read_with_its_one_text_encoder(studio: Studio) -> None:
    plain = sample(Task.IMAGE_TO_IMAGE, model="refiner", strength=0.8)
    prompts = (plain.prompt, f"({plain.prompt}:1.4)", plain.prompt + ", water" * 60)
    painted = [
        studio.paint(sample(Task.IMAGE_TO_IMAGE, model="refiner", strength=0.8, prompt=prompt)).patches[0]
        for prompt in prompts
    ]
    assert (painted[0] != painted[1]).any()
    assert (painted[0] != painted[2]).any()


def test_from_words_alone_it_says_what_it_is_for(studio: Studio) -> None:
    end = studio.end_of(sample(model="refiner"))
    assert isinstance(end, Failed)
    assert "is a refiner: it finishes what another model began" in end.sentence
    assert "image to image" in end.sentence
