"""Control pictures beside transformers: FLUX, SD3, Qwen-Image, Z-Image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
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
    "z-image": ("ZImagePipeline", "ZImageControlNetPipeline", {"guidance_scale": 2.0}),
}


ENDS = {"z-image": 1.0}
"""Families whose own pipeline always follows to the end."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Four families with a ControlNet each, `FAMILY-control` as a folder and `FAMILY-file`."""
    import torch
    from safetensors.torch import save_file

    from pipelines.miniatures.control import (
        control_info,
        transformer_control_for,
        write_control,
        z_image_control_for,
    )
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
        if family is Family.Z_IMAGE:
            for refines in ("control_layers", "control_noise_refiner"):
                later = z_image_control_for(pipe.transformer, refines, channels=33)
                infos.append(control_info(write_control(later, root / f"z-image-{refines}"), family))
                file = write_control(later, root / f"z-image-{refines}-file.safetensors")
                if refines == "control_layers":
                    add_unused_refiner(file, pipe.transformer)
                infos.append(control_info(file, family))
    kontext = write_folder(miniature_of(Family.FLUX, "kontext").build(), root / "flux-kontext")
    fill = write_folder(miniature_of(Family.FLUX, "fill").build(), root / "flux-fill")
    klein = write_folder(miniature_of(Family.FLUX2, "klein").build(), root / "flux2-klein")
    infos += [info_of(kontext, Family.FLUX, variant="kontext"), info_of(fill, Family.FLUX, variant="fill")]
    foreign = root / "flux2-control.safetensors"
    save_file({"control_img_in.weight": torch.zeros(4, 4)}, str(foreign))  # alibaba-pai's for FLUX.2
    infos += [info_of(klein, Family.FLUX2, variant="klein"), control_info(foreign, Family.FLUX2)]
    return Shelf(*infos)


def add_unused_refiner(file: Path, transformer: Any) -> None:
    """What the second release of the Z-Image control networks has in its file and does not use."""
    from safetensors.torch import load_file, save_file

    from pipelines.miniatures.control import z_image_control_for

    whole = z_image_control_for(transformer, "control_noise_refiner", channels=33).state_dict()
    unused = {name: value for name, value in whole.items() if name.startswith("control_noise_refiner.")}
    unused["control_noise_refiner.0.before_proj.weight"].zero_()
    save_file(load_file(str(file)) | {name: value.clone() for name, value in unused.items()}, str(file))


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
    control = ControlImage(network or f"{family}-control", picture(128, 128, seed=8), 0.7, 0.0, ENDS.get(family, 0.75))
    guidance = 1.0 if family == "qwen-image" else 3.0
    return sample(**({"model": family, "controls": (control,), "guidance_scale": guidance} | changes))


def bare(shelf: Shelf, family: str, network: str = "") -> Pixels:
    """What diffusers paints by itself, shown the control picture without noise of the VAE's."""
    import diffusers
    import torch
    from PIL import Image

    plain, class_name, guidance = PIPELINES[family]
    pipe: Any = getattr(diffusers, plain).from_pretrained(shelf.resolve(family).path, dtype=torch.float32)
    kind: Any = diffusers.ModelMixin
    prefix = {"flux": "Flux", "sd3": "SD3", "qwen-image": "QwenImage", "z-image": "ZImage"}[family]
    kind = getattr(diffusers, f"{prefix}ControlNetModel")
    net = kind.from_pretrained(shelf.resolve(network or f"{family}-control").path)
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
        width=128,
        height=128,
        num_inference_steps=4,
        generator=torch.Generator().manual_seed(11),
        output_type="np",
        **guidance,
        **({} if family in ENDS else {"control_guidance_end": 0.75}),
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


@pytest.mark.parametrize("refines", ["control_layers", "control_noise_refiner"])
def test_later_z_image_networks_refine_as_in_diffusers(studio: Studio, shelf: Shelf, refines: str) -> None:
    asked = controlled("z-image", f"z-image-{refines}")
    got = colours(studio, asked)
    assert difference(got, bare(shelf, "z-image", f"z-image-{refines}")) <= 1
    assert difference(got, colours(studio, replace(asked, controls=()))) > 3
    assert difference(got, colours(studio, controlled("z-image", f"z-image-{refines}-file"))) == 0


def test_families_without_control_networks_say_so(studio: Studio) -> None:
    end = studio.end_of(sample(model="flux2-klein", controls=controlled("flux").controls))
    assert isinstance(end, Failed)
    assert "of the family flux, and 'flux2-klein' of flux2" in end.sentence
    network = ControlImage("flux2-control", picture(128, 128))
    end = studio.end_of(sample(model="flux2-klein", controls=(network,)))
    assert isinstance(end, Failed)
    assert "is no ControlNet for flux2 that this version knows" in end.sentence


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
