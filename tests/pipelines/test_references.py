"""Reference pictures through IP-Adapters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.contract.events import Failed
from pipelines.contract.models import Family
from pipelines.contract.request import GenerationRequest, ReferenceImage, RegionPrompt, Task
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import picture, sample
from tests.pipelines.studio import Studio


@pytest.fixture(scope="module")
def shelf(tiny_models: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The tiny models, adapters for them and what these see with."""
    from diffusers import UNet2DConditionModel

    from pipelines.miniatures.control import write_control
    from pipelines.miniatures.references import (
        encoder_info,
        image_encoder,
        ip_adapter_info,
        ip_adapter_keys,
        write_ip_adapter,
    )

    root = tmp_path_factory.mktemp("references")
    kind: Any = UNet2DConditionModel
    sd1 = kind.from_pretrained(f"{tiny_models.resolve('sd1').path}/unet")
    sdxl = kind.from_pretrained(f"{tiny_models.resolve('sdxl').path}/unet")
    encoder = image_encoder()
    encoder.save_pretrained(str(root / "image_encoder"))
    write_control(encoder, root / "vision.safetensors")
    files = {
        ("plain", Family.SD1): ip_adapter_keys(sd1),
        ("plus", Family.SD1): ip_adapter_keys(sd1, plus=True),
        ("xl", Family.SDXL): ip_adapter_keys(sdxl, seed=13),
    }
    made = {
        name: ip_adapter_info(write_ip_adapter(tensors, root / f"{name}.safetensors"), family)
        for (name, family), tensors in files.items()
    }
    return Shelf(*tiny_models.models(), *made.values(), encoder_info(root / "vision.safetensors"))


@pytest.fixture(scope="module")
def studio(shelf: Shelf) -> Iterator[Studio]:
    made = Studio(shelf)
    yield made
    made.engine.close()


def looking(adapter: str = "plain", /, **changes: Any) -> GenerationRequest:
    reference = ReferenceImage(picture(96, 64, seed=9), adapter, 0.7)
    return sample(**({"model": "sd1", "references": (reference,)} | changes))


def colours(studio: Studio, asked: GenerationRequest) -> np.ndarray:
    return studio.paint(asked).patches[0][..., :3].astype(int)


def difference(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one - other).max())


@pytest.mark.slow
@pytest.mark.parametrize(("adapter", "model"), [("plain", "sd1"), ("plus", "sd1"), ("xl", "sdxl")])
def test_a_reference_is_looked_at_as_in_diffusers(studio: Studio, shelf: Shelf, adapter: str, model: str) -> None:
    from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline
    from PIL import Image
    from transformers import CLIPVisionModelWithProjection

    from pipelines.engine.latents import generator_for
    from pipelines.miniatures.references import SIDE

    pipe_kind: Any = StableDiffusionPipeline if model == "sd1" else StableDiffusionXLPipeline
    vision: Any = CLIPVisionModelWithProjection
    root = Path(shelf.resolve(adapter).path).parent
    encoder = vision.from_pretrained(str(root / "image_encoder"))
    pipe = pipe_kind.from_pretrained(shelf.resolve(model).path, image_encoder=encoder)
    pipe.load_ip_adapter(str(root), subfolder="", weight_name=f"{adapter}.safetensors", image_encoder_folder=None)
    assert pipe.feature_extractor.size["shortest_edge"] == SIDE
    pipe.set_ip_adapter_scale(0.7)
    pipe.set_progress_bar_config(disable=True)
    wanted = pipe(
        "a boat under the moon",
        ip_adapter_image=Image.fromarray(picture(96, 64, seed=9)[..., :3]),
        num_inference_steps=4,
        guidance_scale=3.0,
        generator=generator_for(11),
        output_type="np",
        width=128,
        height=128,
    ).images[0]
    asked = looking(adapter, model=model)
    assert difference(colours(studio, asked), np.rint(wanted * 255).astype(int)) <= 1
    assert difference(colours(studio, asked), colours(studio, replace(asked, references=()))) > 3


def test_afterwards_the_model_is_as_it_was(studio: Studio) -> None:
    plain = looking(references=())
    before = colours(studio, plain)
    assert difference(before, colours(studio, looking())) > 3
    assert difference(before, colours(studio, plain)) == 0


@pytest.mark.slow
@pytest.mark.parametrize("task", [Task.IMAGE_TO_IMAGE, Task.INPAINT, Task.OUTPAINT])
def test_every_task_looks(studio: Studio, task: Task) -> None:
    asked = looking(task=task, image=sample(task).image, mask=sample(task).mask, model="sd1-inpaint", strength=0.9)
    assert difference(colours(studio, asked), colours(studio, replace(asked, references=()))) > 1


@pytest.mark.slow
def test_several_weights_and_ranges(studio: Studio) -> None:
    one, other = looking().references[0], replace(looking("plus").references[0], image=picture(64, 64, seed=4))
    alone = colours(studio, looking())
    assert difference(alone, colours(studio, looking(references=(one, replace(other, weight=0.0))))) == 0
    assert difference(alone, colours(studio, looking(references=(one, other)))) > 1
    never = replace(one, start=0.3, end=0.45)
    plain = colours(studio, looking(references=()))
    assert difference(plain, colours(studio, looking(references=(never,)))) == 0
    assert difference(plain, colours(studio, looking(references=(replace(one, end=0.5),)))) > 0


def test_a_batch_without_guidance_and_regions_look(studio: Studio) -> None:
    asked = looking(guidance_scale=1.0, num_images_per_prompt=2)
    both = studio.paint(asked).patches
    second = colours(studio, replace(asked, num_images_per_prompt=1, seed=asked.seed + 1))
    assert difference(both[1][..., :3].astype(int), second) == 0
    half = np.zeros((128, 128), np.uint8)
    half[:, 64:] = 255
    parted = looking(regions=(RegionPrompt("a red house", half),))
    assert difference(colours(studio, parted), colours(studio, replace(parted, references=()))) > 1


def test_what_does_not_fit_is_refused_with_a_sentence(studio: Studio, shelf: Shelf, tmp_path: Path) -> None:
    import torch

    from pipelines.miniatures.references import ip_adapter_info, write_ip_adapter

    for asked, word in ((looking("xl"), "sdxl"), (looking("sd1"), "cannot look"), (looking("lost"), "lost")):
        end = studio.end_of(asked)
        assert isinstance(end, Failed)
        assert word in end.sentence
    face = {"image_proj.perceiver_resampler.proj_in.weight": torch.zeros(4, 4)}
    path = write_ip_adapter(face, tmp_path / "face.safetensors")
    alone = Shelf(*shelf.models()[:2], shelf.resolve("plain"), ip_adapter_info(path, Family.SD1))
    (tmp_path / "blind").mkdir()
    moved = tmp_path / "blind" / "blind.safetensors"
    moved.write_bytes(Path(shelf.resolve("plain").path).read_bytes())
    blind = ip_adapter_info(moved, Family.SD1)
    mine = Studio(Shelf(*alone.models(), blind))
    try:
        for name, word in (("face", "FaceID"), ("blind", "vision network")):
            end = mine.end_of(looking(name))
            assert isinstance(end, Failed)
            assert word in end.sentence
    finally:
        mine.engine.close()
