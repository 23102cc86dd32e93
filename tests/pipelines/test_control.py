"""Control pictures: ControlNets and T2I-Adapters steer every task, each part of the picture by its own part of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from pipelines.contract.control import ControlKind
from pipelines.contract.events import Failed
from pipelines.contract.models import Family, ModelKind
from pipelines.contract.request import ControlImage, GenerationRequest, Pixels, RegionPrompt, Task
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import sample
from tests.pipelines.studio import Studio


def drawing(width: int = 128, height: int = 128) -> Pixels:
    """White lines on black."""
    picture = np.zeros((height, width, 4), np.uint8)
    picture[..., 3] = 255
    cv2.circle(picture, (width // 2, height // 2), min(width, height) // 3, (255, 255, 255, 255), 5)
    cv2.line(picture, (0, height // 4), (width, height // 2), (255, 255, 255, 255), 3)
    return picture


@pytest.fixture(scope="module")
def shelf(tiny_models: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The tiny models and control networks for them."""
    from diffusers import UNet2DConditionModel

    from pipelines.miniatures.control import adapter_for, control_info, controlnet_for, union_for, write_control

    root = tmp_path_factory.mktemp("control")
    kind: Any = UNet2DConditionModel
    sd1 = kind.from_pretrained(f"{tiny_models.resolve('sd1').path}/unet")
    sdxl = kind.from_pretrained(f"{tiny_models.resolve('sdxl').path}/unet")
    net, net_xl = controlnet_for(sd1), controlnet_for(sdxl)
    adapter_xl = adapter_for(sdxl, "full_adapter_xl")
    adapters = {"sketch": adapter_for(sd1, in_channels=1), "adapter": adapter_for(sd1)}
    infos = [
        control_info(write_control(net, root / "canny"), Family.SD1),
        control_info(write_control(net, root / "canny-file.safetensors"), Family.UNKNOWN),
        control_info(write_control(net, root / "canny-original.safetensors", original=True), Family.SD1),
        control_info(write_control(net_xl, root / "xl-file.safetensors"), Family.SDXL),
        control_info(write_control(net_xl, root / "xl-original.safetensors", original=True), Family.SDXL),
        control_info(write_control(controlnet_for(sd1, seed=5), root / "depth"), Family.SD1),
        control_info(write_control(union_for(sdxl), root / "union"), Family.SDXL),
        control_info(write_control(union_for(sdxl), root / "union-file.safetensors"), Family.SDXL),
        *(
            control_info(write_control(one, root / name), Family.SD1, ModelKind.T2I_ADAPTER)
            for name, one in adapters.items()
        ),
        control_info(
            write_control(adapter_for(sd1), root / "adapter-file.safetensors"), Family.SD1, ModelKind.T2I_ADAPTER
        ),
        *(
            control_info(write_control(adapter_xl, root / name), Family.SDXL, ModelKind.T2I_ADAPTER)
            for name in ("xl-adapter", "xl-adapter-file.safetensors")
        ),
    ]
    return Shelf(*tiny_models.models(), *infos)


@pytest.fixture(scope="module")
def studio(shelf: Shelf) -> Iterator[Studio]:
    made = Studio(shelf)
    yield made
    made.engine.close()


def controlled(network: str = "canny", /, **changes: Any) -> GenerationRequest:
    control = ControlImage(network, drawing(), weight=0.8)
    return sample(**({"model": "sd1", "controls": (control,)} | changes))


def colours(studio: Studio, asked: GenerationRequest) -> np.ndarray:
    return studio.paint(asked).patches[0][..., :3].astype(int)


def test_a_control_picture_steers_as_in_diffusers(studio: Studio, shelf: Shelf) -> None:
    from diffusers import ControlNetModel, StableDiffusionControlNetPipeline
    from PIL import Image

    from pipelines.engine.latents import generator_for

    kind: Any = ControlNetModel
    net = kind.from_pretrained(shelf.resolve("canny").path)
    pipe_kind: Any = StableDiffusionControlNetPipeline
    pipe = pipe_kind.from_pretrained(shelf.resolve("sd1").path, controlnet=net, safety_checker=None)
    pipe.set_progress_bar_config(disable=True)
    wanted = pipe(
        "a boat under the moon",
        image=Image.fromarray(drawing()[..., :3]),
        num_inference_steps=4,
        guidance_scale=3.0,
        generator=generator_for(11),
        controlnet_conditioning_scale=0.8,
        control_guidance_start=0.25,
        control_guidance_end=0.75,
        output_type="np",
        width=128,
        height=128,
    ).images[0]
    asked = controlled(controls=(ControlImage("canny", drawing(), 0.8, 0.25, 0.75),))
    got = colours(studio, asked)
    assert np.abs(got - np.rint(wanted * 255)).max() <= 1
    assert np.abs(got - colours(studio, replace(asked, controls=()))).max() > 8


def difference(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one - other).max())


@pytest.mark.slow
def test_files_without_a_configuration_are_the_folder(studio: Studio) -> None:
    folder = colours(studio, controlled())
    assert difference(folder, colours(studio, controlled("canny-file"))) == 0
    assert difference(folder, colours(studio, controlled("canny-original"))) == 0
    xl = colours(studio, controlled("xl-file", model="sdxl"))
    assert difference(xl, colours(studio, controlled("xl-original", model="sdxl"))) == 0
    assert difference(xl, colours(studio, sample(model="sdxl"))) > 8


def test_afterwards_the_model_is_as_it_was(studio: Studio) -> None:
    plain = sample(model="sd1")
    before = colours(studio, plain)
    assert difference(before, colours(studio, controlled())) > 8
    assert difference(before, colours(studio, plain)) == 0
    end = studio.end_of(controlled("nothing-like-it"))
    assert isinstance(end, Failed)
    assert difference(before, colours(studio, plain)) == 0


@pytest.mark.slow
@pytest.mark.parametrize("model", ["sd1", "sd1-inpaint"])
@pytest.mark.parametrize("task", [Task.IMAGE_TO_IMAGE, Task.INPAINT, Task.OUTPAINT])
def test_every_task_follows(studio: Studio, model: str, task: Task) -> None:
    asked = sample(task, model=model, strength=0.9, controls=(ControlImage("canny", drawing()),))
    steered, plain = studio.paint(asked).patches[0], studio.paint(replace(asked, controls=())).patches[0]
    assert difference(steered[..., :3].astype(int), plain[..., :3].astype(int)) > 8
    assert (steered[..., 3] == plain[..., 3]).all(), "what is outside the mask is never touched"


def test_a_batch_without_guidance_follows(studio: Studio) -> None:
    asked = controlled(guidance_scale=1.0, num_images_per_prompt=2)
    both = studio.paint(asked).patches
    second = colours(studio, replace(asked, num_images_per_prompt=1, seed=asked.seed + 1))
    assert difference(both[1][..., :3].astype(int), second) == 0


@pytest.mark.slow
def test_several_networks_add_up_and_one_without_weight_says_nothing(studio: Studio) -> None:
    one = ControlImage("canny", drawing(), 0.8)
    other = ControlImage("depth", drawing(), 0.8)
    alone = colours(studio, controlled(controls=(one,)))
    assert difference(alone, colours(studio, controlled(controls=(one, replace(other, weight=0.0))))) == 0
    assert difference(alone, colours(studio, controlled(controls=(one, other)))) > 8
    twice = colours(studio, controlled(controls=(replace(one, weight=0.4), replace(one, weight=0.4))))
    assert difference(alone, twice) <= 1, "two halves are a whole"


def test_a_range_without_a_step_says_nothing(studio: Studio) -> None:
    plain = colours(studio, controlled(controls=()))
    never = ControlImage("canny", drawing(), 1.0, 0.3, 0.45)
    assert difference(plain, colours(studio, controlled(controls=(never,)))) == 0
    late = colours(studio, controlled(controls=(ControlImage("canny", drawing(), 1.0, 0.75, 1.0),)))
    assert difference(plain, late) > 0


@pytest.mark.slow
def test_a_later_pass_counts_as_the_end_of_the_steps(studio: Studio) -> None:
    """Text to image at three times the native side: a first pass, then detail at a strength of 0.4."""
    early = ControlImage("canny", drawing(384, 128), 1.0, 0.0, 0.5)
    asked = sample(model="sd1", width=384, height=128, num_inference_steps=5)
    calls = calls_of(studio, replace(asked, controls=(early,)))
    assert calls == 2, "of five steps the first two lie within the first half, and none of the second pass"
    assert calls_of(studio, replace(asked, controls=(replace(early, start=0.5, end=1.0),))) > 2


def calls_of(studio: Studio, asked: GenerationRequest) -> int:
    """How often the control network was asked."""
    from torch.nn.modules.module import register_module_forward_pre_hook

    names: list[str] = []
    hook = register_module_forward_pre_hook(lambda module, _inputs: names.append(type(module).__name__))
    try:
        studio.paint(asked)
    finally:
        hook.remove()
    return names.count("ControlNetModel") + names.count("T2IAdapter")


@pytest.mark.slow
def test_windows_see_their_own_part(studio: Studio) -> None:
    """Three steps in five windows: what is drawn at the right end cannot reach the left end."""
    asked = sample(Task.IMAGE_TO_IMAGE, 512, 128, model="sd1", strength=0.5, num_inference_steps=6)
    black = np.zeros((128, 512, 4), np.uint8)
    black[..., 3] = 255
    right = black.copy()
    right[::12, 448:, :3] = 255
    nothing = colours(studio, replace(asked, controls=(ControlImage("canny", black, 3.0),)))
    drawn = colours(studio, replace(asked, controls=(ControlImage("canny", right, 3.0),)))
    assert difference(nothing[:, :128], drawn[:, :128]) <= 2, "only what the VAE makes of the whole picture"
    assert np.abs(nothing[:, 448:] - drawn[:, 448:]).mean() > 10 * np.abs(nothing[:, :128] - drawn[:, :128]).mean()
    assert difference(nothing[:, 448:], drawn[:, 448:]) > 4


def test_short_memory_makes_windows_that_see_their_own_part() -> None:
    """Windows within windows add up."""
    import torch

    from pipelines.engine.thrifty_calls import in_windows
    from pipelines.engine.windows import Viewport, windowed
    from pipelines.planning.box import Box

    view, seen = Viewport(), torch.arange(64.0).repeat(24, 1)[None, None]

    def network(sample: torch.Tensor) -> torch.Tensor:
        rows, columns = sample.shape[-2:]
        assert (sample == seen[..., view.top : view.top + rows, view.left : view.left + columns]).all()
        return sample

    outer = windowed([Box(0, 0, 40, 24), Box(24, 0, 40, 24)], (64, 24), 8, lambda: None, view)
    answer = outer(in_windows(network, 16, view))(seen)
    assert torch.allclose(answer, seen, atol=1e-4)
    assert (view.left, view.top) == (0, 0)


def test_regions_follow_as_well(studio: Studio) -> None:
    half = np.zeros((128, 128), np.uint8)
    half[:, 64:] = 255
    asked = controlled(regions=(RegionPrompt("a red house", half),), guidance_scale=4.0)
    assert difference(colours(studio, asked), colours(studio, replace(asked, controls=()))) > 8


@pytest.mark.parametrize("name", ["adapter", "adapter-file", "sketch"])
def test_an_adapter_steers_as_in_diffusers(studio: Studio, shelf: Shelf, name: str) -> None:
    from diffusers import StableDiffusionAdapterPipeline, T2IAdapter
    from PIL import Image

    from pipelines.engine.latents import generator_for

    kind: Any = T2IAdapter
    adapter = kind.from_pretrained(shelf.resolve(name.removesuffix("-file")).path)
    pipe_kind: Any = StableDiffusionAdapterPipeline
    pipe = pipe_kind.from_pretrained(shelf.resolve("sd1").path, adapter=adapter, safety_checker=None)
    pipe.set_progress_bar_config(disable=True)
    picture = Image.fromarray(drawing()[..., :3])
    wanted = pipe(
        "a boat under the moon",
        image=picture.convert("L") if name == "sketch" else picture,
        num_inference_steps=4,
        guidance_scale=3.0,
        generator=generator_for(11),
        adapter_conditioning_scale=0.7,
        output_type="np",
        width=128,
        height=128,
    ).images[0]
    asked = controlled(controls=(ControlImage(name, drawing(), 0.7),))
    assert difference(colours(studio, asked), np.rint(wanted * 255).astype(int)) <= 1


@pytest.mark.slow
def test_an_adapter_of_sdxl_steers_as_in_diffusers(studio: Studio, shelf: Shelf) -> None:
    from diffusers import StableDiffusionXLAdapterPipeline, T2IAdapter
    from PIL import Image

    from pipelines.engine.latents import generator_for

    kind: Any = T2IAdapter
    pipe_kind: Any = StableDiffusionXLAdapterPipeline
    adapter = kind.from_pretrained(shelf.resolve("xl-adapter").path)
    pipe = pipe_kind.from_pretrained(shelf.resolve("sdxl").path, adapter=adapter)
    pipe.set_progress_bar_config(disable=True)
    wanted = pipe(
        "a boat under the moon",
        image=Image.fromarray(drawing()[..., :3]),
        num_inference_steps=4,
        guidance_scale=3.0,
        generator=generator_for(11),
        adapter_conditioning_scale=0.7,
        output_type="np",
        width=128,
        height=128,
    ).images[0]
    for name in ("xl-adapter", "xl-adapter-file"):
        asked = controlled(model="sdxl", controls=(ControlImage(name, drawing(), 0.7),))
        assert difference(colours(studio, asked), np.rint(wanted * 255).astype(int)) <= 1


@pytest.mark.slow
def test_an_adapter_looks_once_and_a_net_at_every_step(studio: Studio) -> None:
    asked = controlled("adapter")
    studio.paint(asked)
    assert calls_of(studio, asked) == 1
    assert calls_of(studio, controlled()) == asked.num_inference_steps


@pytest.mark.slow
@pytest.mark.parametrize("name", ["union", "union-file"])
def test_a_union_network_is_told_what_the_picture_shows(studio: Studio, shelf: Shelf, name: str) -> None:
    from diffusers import ControlNetUnionModel, StableDiffusionXLControlNetUnionPipeline
    from PIL import Image

    from pipelines.engine.latents import generator_for

    kind: Any = ControlNetUnionModel
    net = kind.from_pretrained(shelf.resolve("union").path)
    pipe_kind: Any = StableDiffusionXLControlNetUnionPipeline
    pipe = pipe_kind.from_pretrained(shelf.resolve("sdxl").path, controlnet=net)
    pipe.set_progress_bar_config(disable=True)
    wanted = pipe(
        "a boat under the moon",
        control_image=[Image.fromarray(drawing()[..., :3])],
        control_mode=[1],
        num_inference_steps=4,
        guidance_scale=3.0,
        generator=generator_for(11),
        output_type="np",
        width=128,
        height=128,
    ).images[0]
    depth = ControlImage(name, drawing(), kind=ControlKind.DEPTH)
    asked = controlled(model="sdxl", controls=(depth,))
    assert difference(colours(studio, asked), np.rint(wanted * 255).astype(int)) <= 1
    end = studio.end_of(replace(asked, controls=(replace(depth, kind=ControlKind.UNKNOWN),)))
    assert isinstance(end, Failed)
    assert "Say what it shows" in end.sentence
    too_new = studio.end_of(replace(asked, controls=(replace(depth, kind=ControlKind.TILE),)))
    assert isinstance(too_new, Failed)


def test_what_does_not_fit_is_refused_with_a_sentence(studio: Studio, shelf: Shelf, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    from pipelines.miniatures.control import control_info

    other = studio.end_of(controlled("xl-file"))
    assert isinstance(other, Failed)
    assert "sdxl" in other.sentence
    whole = studio.end_of(controlled("sdxl"))
    assert isinstance(whole, Failed)
    assert "not a control model" in whole.sentence
    files = {
        "lora": {"lora_controlnet": torch.zeros(1), "input_blocks.0.0.up": torch.zeros(1)},
        "lllite": {"lllite_unet_input_blocks_4_1.down.0.weight": torch.zeros(4, 4)},
        "other": {"a.weight": torch.zeros(1)},
    }
    for name, tensors in files.items():
        save_file(tensors, str(tmp_path / f"{name}.safetensors"))
    (tmp_path / "broken.safetensors").write_bytes(b"\x00" * 40)
    infos = [control_info(tmp_path / f"{name}.safetensors", Family.SD1) for name in (*files, "broken")]
    mine = Studio(Shelf(*shelf.models(), *infos))
    try:
        for name, word in (
            ("lora", "Control-LoRA"),
            ("lllite", "LLLite"),
            ("other", "no ControlNet"),
            ("broken", "read"),
        ):
            end = mine.end_of(controlled(name))
            assert isinstance(end, Failed)
            assert word in end.sentence, end.sentence
            assert name in end.sentence
    finally:
        mine.engine.close()


def test_the_kind_travels_with_the_request() -> None:
    asked = controlled(controls=(ControlImage("canny", drawing(), kind=ControlKind.DEPTH),))
    data = asked.to_dict()
    assert data["controls"][0]["kind"] == "depth"
    again = GenerationRequest.from_dict(data, asked.pictures)
    assert again.controls[0].kind is ControlKind.DEPTH
    del data["controls"][0]["kind"]
    older = GenerationRequest.from_dict(data, asked.pictures)
    assert older.controls[0].kind is ControlKind.UNKNOWN


def test_removed_places_are_shown_to_an_inpainting_network(studio: Studio) -> None:
    holed = drawing()
    holed[32:96, 32:96, 3] = 0
    told = [ControlImage("canny", holed, kind=kind) for kind in (ControlKind.INPAINT, ControlKind.CANNY)]
    removed, black = (colours(studio, controlled(controls=(control,))) for control in told)
    assert difference(removed, black) > 1
