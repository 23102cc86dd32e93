"""Control pictures beside transformers: FLUX, SD3, Qwen-Image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pipelines.contract.control import ControlKind
from pipelines.contract.events import Failed
from pipelines.contract.models import Family
from pipelines.contract.request import ControlImage, GenerationRequest, Pixels, ReferenceImage, Task
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import picture, sample
from tests.pipelines.studio import Studio

pytestmark = pytest.mark.slow

PIPELINES = {
    "flux": ("FluxPipeline", "FluxControlNetPipeline", {"guidance_scale": 3.0}),
    "sd3": ("StableDiffusion3Pipeline", "StableDiffusion3ControlNetPipeline", {"guidance_scale": 3.0}),
    "qwen-image": ("QwenImagePipeline", "QwenImageControlNetPipeline", {"true_cfg_scale": 1.0}),
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Three families with a ControlNet each, `FAMILY-control` as a folder and `FAMILY-file`."""
    from pipelines.miniatures.control import control_info, transformer_control_for, write_control
    from pipelines.miniatures.families import miniature_of
    from pipelines.miniatures.writing import info_of, write_folder

    root = tmp_path_factory.mktemp("control")
    infos = []
    for name in PIPELINES:
        family = Family(name)
        pipe = miniature_of(family).build()
        infos.append(info_of(write_folder(pipe, root / name), family))
        net = transformer_control_for(pipe.transformer)
        infos.append(control_info(write_control(net, root / f"{name}-control"), family))
        infos.append(control_info(write_control(net, root / f"{name}-file.safetensors"), family))
        if family is Family.FLUX:
            union = transformer_control_for(pipe.transformer, modes=6)
            infos.append(control_info(write_control(union, root / "flux-union"), family))
    kontext = write_folder(miniature_of(Family.FLUX, "kontext").build(), root / "flux-kontext")
    fill = write_folder(miniature_of(Family.FLUX, "fill").build(), root / "flux-fill")
    infos += [info_of(kontext, Family.FLUX, variant="kontext"), info_of(fill, Family.FLUX, variant="fill")]
    return Shelf(*infos)


@pytest.fixture(scope="module")
def studio(shelf: Shelf) -> Iterator[Studio]:
    made = Studio(shelf)
    yield made
    made.engine.close()


def colours(studio: Studio, asked: GenerationRequest) -> np.ndarray:
    return studio.paint(asked).patches[0][..., :3].astype(int)


def difference(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one - other).max())


def controlled(family: str, network: str = "", **changes: Any) -> GenerationRequest:
    control = ControlImage(network or f"{family}-control", picture(128, 128, seed=8), 0.7, 0.0, 0.75)
    guidance = 1.0 if family == "qwen-image" else 3.0
    return sample(**({"model": family, "controls": (control,), "guidance_scale": guidance} | changes))


def bare(shelf: Shelf, family: str) -> Pixels:
    """What diffusers paints by itself, shown the control picture without noise of the VAE's."""
    import diffusers
    import torch
    from PIL import Image

    plain, class_name, guidance = PIPELINES[family]
    pipe: Any = getattr(diffusers, plain).from_pretrained(shelf.resolve(family).path, dtype=torch.float32)
    kind: Any = diffusers.ModelMixin
    net_class = {"flux": "Flux", "sd3": "SD3", "qwen-image": "QwenImage"}[family] + "ControlNetModel"
    kind = getattr(diffusers, net_class)
    net = kind.from_pretrained(shelf.resolve(f"{family}-control").path)
    parts = {name: part for name, part in pipe.components.items() if name not in ("image_encoder", "feature_extractor")}
    pipe = getattr(diffusers, class_name)(**parts, controlnet=net)
    pipe.set_progress_bar_config(disable=True)
    encode = pipe.vae.encode
    pipe.vae.encode = lambda pixels: SimpleNamespace(latents=encode(pixels).latent_dist.mode())
    if family == "sd3":
        pipe.vae.encode = lambda pixels: SimpleNamespace(
            latent_dist=SimpleNamespace(sample=lambda: encode(pixels).latent_dist.mode())
        )
    made = pipe(
        prompt="a boat under the moon",
        control_image=Image.fromarray(picture(128, 128, seed=8)[..., :3]),
        controlnet_conditioning_scale=0.7,
        control_guidance_end=0.75,
        width=128,
        height=128,
        num_inference_steps=4,
        generator=torch.Generator().manual_seed(11),
        output_type="np",
        **guidance,
    )
    return np.rint(made.images[0] * 255.0).astype(int)


@pytest.mark.parametrize("family", list(PIPELINES))
def test_a_control_picture_steers_as_in_diffusers(studio: Studio, shelf: Shelf, family: str) -> None:
    asked = controlled(family)
    got = colours(studio, asked)
    assert difference(got, bare(shelf, family)) <= 1
    assert difference(got, colours(studio, replace(asked, controls=()))) > 3
    other = replace(asked.controls[0], image=picture(128, 128, seed=2))
    assert difference(got, colours(studio, replace(asked, controls=(other,)))) > 1, "the picture itself matters"
    assert difference(got, colours(studio, controlled(family, f"{family}-file"))) == 0


@pytest.mark.parametrize("family", list(PIPELINES))
def test_every_task_follows_and_halves_add_up(studio: Studio, family: str) -> None:
    half = replace(controlled(family).controls[0], weight=0.35)
    for task in (Task.IMAGE_TO_IMAGE, Task.INPAINT):
        asked = controlled(family, task=task, image=sample(task).image, mask=sample(task).mask, strength=0.9)
        got = colours(studio, asked)
        assert difference(got, colours(studio, replace(asked, controls=()))) > 1
        assert difference(got, colours(studio, replace(asked, controls=(half, half)))) <= 1


def test_a_flux_union_network_is_told_what_the_picture_shows(studio: Studio) -> None:
    asked = controlled("flux", "flux-union")
    end = studio.end_of(asked)
    assert isinstance(end, Failed)
    assert "Say what it shows" in end.sentence
    told = [replace(asked.controls[0], kind=kind) for kind in (ControlKind.DEPTH, ControlKind.POSE)]
    depth, pose = (colours(studio, replace(asked, controls=(control,))) for control in told)
    assert difference(depth, pose) > 0


@pytest.mark.parametrize("model", ["flux-kontext", "flux-fill"])
def test_models_that_see_more_than_the_picture_follow_too(studio: Studio, model: str) -> None:
    task = Task.INPAINT if model == "flux-fill" else Task.TEXT_TO_IMAGE
    changes: dict[str, Any] = {"task": task, "image": sample(task).image, "mask": sample(task).mask}
    if model == "flux-kontext":
        changes["references"] = (ReferenceImage(picture(64, 64)),)
    asked = controlled("flux", model=model, **changes)
    assert difference(colours(studio, asked), colours(studio, replace(asked, controls=()))) > 1


def test_windows_see_their_own_part(studio: Studio) -> None:
    left = picture(512, 128, seed=8)
    left[:, :448] = left[:, :1]
    right = left.copy()
    right[:, 448:] = 255 - right[:, 448:]
    right[..., 3] = 255
    asked = controlled(
        "flux", task=Task.IMAGE_TO_IMAGE, image=picture(512, 128), width=512, strength=0.5, num_inference_steps=6
    )
    one, other = (
        colours(studio, replace(asked, controls=(replace(asked.controls[0], image=image, weight=3.0, end=1.0),)))
        for image in (left, right)
    )
    drift = np.abs(one - other).mean(axis=(0, 2))
    assert drift[448:].mean() > 3 * drift[:128].mean(), "more than what the VAE makes of the whole picture"
    assert drift[448:].mean() > 0.2
