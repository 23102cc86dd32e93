"""Families that match flows, through the engine: what diffusers' own pipelines paint, and all four tasks."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pipelines.contract.events import Cancelled, Failed, FailureKind, Finished, Preview, Progress
from pipelines.contract.models import Family, SchedulerName
from pipelines.contract.request import Pixels, ReferenceImage, RegionPrompt, Task
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import picture, sample
from tests.pipelines.studio import Studio

pytestmark = pytest.mark.slow

KEPT = (Task.INPAINT, Task.OUTPAINT)
BARE: dict[str, dict[str, Any]] = {
    "sd3": {"guidance_scale": 3.0},
    "flux": {"guidance_scale": 3.0},
    "flux-schnell": {"true_cfg_scale": 3.0},
    "z-image": {"guidance_scale": 2.0},
    "flux2": {"guidance_scale": 3.0, "text_encoder_out_layers": (1, 2, 3)},
    "flux2-klein": {"guidance_scale": 3.0, "text_encoder_out_layers": (1, 2, 3)},
    "qwen-image": {"true_cfg_scale": 3.0},
    "flux-kontext": {"guidance_scale": 3.0},
    "flux-fill": {"guidance_scale": 3.0},
}
"""What guidance 3 is called in each family's own pipeline."""
WITH_NEGATIVE = ("sd3", "flux-schnell", "z-image", "qwen-image")
FAMILIES = ("sd3", "flux", "flux-schnell", "z-image", "flux2", "flux2-klein", "qwen-image")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Every flow-matching miniature, as `family` or `family-variant`."""
    from pipelines.engine.architectures import ARCHITECTURES
    from pipelines.miniatures.families import MINIATURES
    from pipelines.miniatures.writing import info_of, write_folder

    flows = {row.family for row in ARCHITECTURES if row.flow is not None}
    root = tmp_path_factory.mktemp("flow")
    infos = []
    for one in MINIATURES:
        if one.family in flows:
            name = "-".join(filter(None, (one.family, one.variant)))
            infos.append(info_of(write_folder(one.build(), root / name), one.family, name, one.variant))
    return Shelf(*infos)


@pytest.fixture(scope="module")
def studio(shelf: Shelf) -> Iterator[Studio]:
    studio = Studio(shelf)
    yield studio
    studio.engine.close()


def bare(model: str, shelf: Shelf, class_name: str = "", **arguments: Any) -> Pixels:
    """What diffusers paints by itself."""
    import diffusers
    import torch
    import transformers

    folder = shelf.resolve(model).path
    known: dict[str, Any] = {"tokenizer": None} if model == "flux2" else {}
    pipe: Any = diffusers.DiffusionPipeline.from_pretrained(folder, dtype=torch.float32, **known)
    if known:  # transformers' own reader of words and pictures needs torchvision
        pipe.tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(str(Path(folder) / "tokenizer"))
    if class_name:
        pipe = getattr(diffusers, class_name).from_pipe(pipe)
    pipe.set_progress_bar_config(disable=True)
    if model in WITH_NEGATIVE:
        arguments["negative_prompt"] = "a road"
    made = pipe(
        prompt="a boat under the moon",
        width=128,
        height=128,
        generator=torch.Generator().manual_seed(11),
        output_type="np",
        **BARE[model],
        **arguments,
    )
    return np.rint(made.images[0] * 255.0).astype(np.uint8)


def apart(patch: Pixels, wanted: Pixels) -> int:
    return int(np.abs(patch[..., :3].astype(int) - wanted[..., :3]).max())


@pytest.mark.parametrize("model", FAMILIES)
def test_words_give_the_picture_of_the_bare_pipeline(studio: Studio, shelf: Shelf, model: str) -> None:
    patch = studio.paint(sample(model=model, negative_prompt="a road")).patches[0]
    assert apart(patch, bare(model, shelf, num_inference_steps=4)) <= 1


@pytest.mark.parametrize(
    ("model", "class_name"),
    [
        ("sd3", "StableDiffusion3Img2ImgPipeline"),
        ("flux", "FluxImg2ImgPipeline"),
        ("z-image", "ZImageImg2ImgPipeline"),
    ],
)
def test_a_picture_gives_what_the_familys_own_pipeline_makes_of_it(
    studio: Studio, shelf: Shelf, model: str, class_name: str
) -> None:
    """It is given our latents: of its own it draws them from the VAE's distribution."""
    asked = sample(Task.IMAGE_TO_IMAGE, model=model, negative_prompt="a road", num_inference_steps=8, strength=0.5)
    patch = studio.paint(asked).patches[0]
    latents = encoded(shelf, model, asked.image)
    wanted = bare(model, shelf, class_name, image=latents, strength=0.5, num_inference_steps=8)
    assert apart(patch, wanted) <= 1


def encoded(shelf: Shelf, model: str, image: Pixels | None) -> Any:
    """The map of a picture, by the engine's own VAE."""
    from pipelines.engine.latents import encode_picture

    assert image is not None
    return encode_picture(loaded(shelf, model), np.ascontiguousarray(image[..., :3]))


def loaded(shelf: Shelf, model: str) -> Any:
    from pipelines.engine import memory
    from pipelines.engine.loader import load_model

    return load_model(shelf.resolve(model), memory.choose_device(), Path(), lambda: None)


def test_kontext_sees_the_picture_as_its_own_pipeline_shows_it(studio: Studio, shelf: Shelf) -> None:
    asked = sample(Task.IMAGE_TO_IMAGE, model="flux-kontext", strength=1.0)
    latents = encoded(shelf, "flux-kontext", asked.image)
    how = {"max_area": 128 * 128, "_auto_resize": False, "num_inference_steps": 4}
    assert apart(studio.paint(asked).patches[0], bare("flux-kontext", shelf, image=latents, **how)) <= 1


def test_flux2_sees_pictures_as_its_own_pipeline_shows_them(studio: Studio, shelf: Shelf) -> None:
    other = picture(96, 64, seed=8)
    asked = sample(Task.IMAGE_TO_IMAGE, model="flux2-klein", strength=1.0, references=(ReferenceImage(other),))
    shown = [Image.fromarray(one).convert("RGB") for one in (asked.image, other) if one is not None]
    wanted = bare("flux2-klein", shelf, image=shown, num_inference_steps=4)
    assert apart(studio.paint(asked).patches[0], wanted) <= 1


def test_fill_sees_the_masked_picture_as_its_own_pipeline_shows_it(
    studio: Studio, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole picture anew: where a part is kept, the engine leads it back."""
    from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution

    asked = sample(Task.IMAGE_TO_IMAGE, model="flux-fill", strength=1.0)
    patch = studio.paint(asked).patches[0]
    monkeypatch.setattr(DiagonalGaussianDistribution, "sample", lambda self, generator=None: self.mode())
    shown, everywhere = Image.fromarray(picture(128, 128)).convert("RGB"), Image.new("L", (128, 128), 255)
    assert apart(patch, bare("flux-fill", shelf, image=shown, mask_image=everywhere, num_inference_steps=4)) <= 2


@pytest.mark.parametrize("model", [*FAMILIES, "flux-kontext", "qwen-image-edit-plus"])
def test_a_region_everywhere_is_its_prompts_picture(studio: Studio, model: str) -> None:
    plain = sample(model=model, width=64, height=64, negative_prompt="a road", num_inference_steps=2)
    whole = np.full((64, 64), 255, np.uint8)
    same = replace(plain, prompt="grass", regions=(RegionPrompt(plain.prompt, whole),))
    wanted = studio.paint(plain).patches[0]
    assert apart(studio.paint(same).patches[0], wanted) <= 1
    half = whole.copy()
    half[:, 32:] = 0
    other = studio.paint(replace(plain, regions=(RegionPrompt("a red house", half),))).patches[0]
    assert apart(other, wanted) > 0


@pytest.mark.parametrize("model", [*FAMILIES, "flux-fill", "flux-kontext", "qwen-image-edit", "qwen-image-edit-plus"])
def test_every_family_paints_into_a_picture_and_keeps_what_is_around(studio: Studio, model: str) -> None:
    for task in KEPT[:1] if model == "qwen-image-edit" else KEPT:  # it reads a million pixels each time
        asked = sample(task, 96, 80, model=model, num_inference_steps=2)
        assert asked.mask is not None
        patch = studio.paint(asked).patches[0]
        assert patch.shape == (80, 96, 4)
        inside = asked.mask > 0
        assert (patch[inside][:, 3] > 0).all()
        assert patch[inside][:, :3].std() > 0
        assert (patch[~inside][:, 3] == 0).any()
        assert (patch[patch[..., 3] == 0] == 0).all()


def test_qwen_edit_plus_reads_and_sees_pictures_as_its_own_pipeline_does(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from diffusers.pipelines.qwenimage import pipeline_qwenimage_edit_plus as own

    from pipelines.miniatures.families import miniature_of

    other = picture(96, 64, seed=8)
    asked = sample(
        Task.IMAGE_TO_IMAGE, model="qwen-image-edit-plus", strength=1.0, num_inference_steps=2,
        references=(ReferenceImage(other),),
    )  # fmt: skip
    shown = [Image.fromarray(one).convert("RGB") for one in (asked.image, other) if one is not None]
    sizes = {1.0: (128, 128), 1.5: (96, 64)}
    plain = own.calculate_dimensions

    def as_large_as_here(area: int, ratio: float) -> Any:
        """The pipeline would enlarge what the VAE sees to a million pixels."""
        return sizes[ratio] if area == own.VAE_IMAGE_SIZE else plain(area, ratio)

    monkeypatch.setattr(own, "calculate_dimensions", as_large_as_here)
    pipe = miniature_of(Family.QWEN_IMAGE, "edit-plus").build()
    pipe.set_progress_bar_config(disable=True)
    generator = torch.Generator().manual_seed(11)
    how = {"width": 128, "height": 128, "num_inference_steps": 2, "true_cfg_scale": 3.0, "negative_prompt": " "}
    made = pipe(image=shown, prompt=asked.prompt, generator=generator, output_type="np", **how)
    wanted = np.rint(made.images[0] * 255.0).astype(np.uint8)
    assert apart(studio.paint(asked).patches[0], wanted) <= 1


@pytest.mark.parametrize("model", ["sd3", "flux", "z-image", "flux2-klein", "qwen-image", "flux-kontext", "flux-fill"])
def test_a_large_picture_is_painted_in_windows(studio: Studio, model: str) -> None:
    asked = sample(Task.IMAGE_TO_IMAGE, 288, 160, model=model, strength=0.5, num_inference_steps=4)
    *events, end = studio.events_of(studio.submit(asked))
    assert isinstance(end, Finished), end
    assert (end.facts["run_width"], end.facts["run_height"]) == (288, 160)
    assert end.facts["steps_run"] >= 4 * 2, "every window counts as a step"
    assert [event.step for event in events if isinstance(event, Progress)][-1] == end.facts["steps_run"]


@pytest.mark.parametrize("model", ["flux", "flux2-klein", "z-image"])
def test_seeds_variations_and_noise_of_the_canvas(studio: Studio, model: str) -> None:
    one = sample(model=model, width=64, height=64, num_inference_steps=2)
    both = studio.paint(replace(one, num_images_per_prompt=2)).patches
    assert (studio.paint(replace(one, seed=12)).patches[0] == both[1]).all()
    assert apart(both[0], both[1]) > 0
    varied = replace(one, variation_seed=12, variation_strength=1.0)
    assert (studio.paint(varied).patches[0] == both[1]).all()
    half = studio.paint(replace(varied, variation_strength=0.5)).patches[0]
    assert apart(half, both[0]) > 0
    assert apart(half, both[1]) > 0
    assert apart(studio.paint(replace(one, canvas_noise=True)).patches[0], both[0]) > 0


def test_noise_of_the_canvas_belongs_to_its_place_in_every_layout(studio: Studio, shelf: Shelf) -> None:
    """Two runs that overlap begin with the same noise where they do."""
    import torch

    from pipelines.engine.layouts import PATCHES
    from pipelines.engine.noise import NoisePlace, first_noise

    asked = sample(canvas_noise=True)
    cpu, shape = torch.device("cpu"), (1, 32, 8, 8)
    one, other = (first_noise(asked, 0, shape, cpu, torch.float32, NoisePlace(left, 0)) for left in (0, 3))
    assert torch.equal(one[..., 3:], other[..., :-3])
    assert not torch.equal(PATCHES.drawn(one), one)


def test_it_stops_within_a_step_and_shows_where_it_is(studio: Studio) -> None:
    job = ""

    def stop(event: Any) -> None:
        if isinstance(event, Progress) and event.step == 2:
            studio.engine.cancel(event.job_id)

    studio.listen = stop
    try:
        job = studio.submit(sample(model="flux", num_inference_steps=20))
        events = list(studio.events_of(job))
    finally:
        studio.listen = lambda _event: None
    assert isinstance(events[-1], Cancelled)
    assert max(event.step for event in events if isinstance(event, Progress)) <= 3
    previews = [event.image for event in events if isinstance(event, Preview)]
    assert previews
    assert previews[0][..., :3].std() > 0


@pytest.mark.parametrize("model", ["flux", "z-image"])
def test_what_is_painted_meanwhile_is_taken_in(studio: Studio, model: str) -> None:
    asked = sample(Task.IMAGE_TO_IMAGE, model=model, num_inference_steps=8, strength=1.0)
    red = np.full((48, 48, 4), (230, 20, 20, 255), np.uint8)

    def give(event: Any) -> None:
        if isinstance(event, Progress) and event.step == 3:
            studio.engine.amend(event.job_id, 40, 40, red)

    plain = studio.paint(asked).patches[0]
    studio.listen = give
    try:
        finished = studio.paint(asked)
    finally:
        studio.listen = lambda _event: None
    assert finished.facts["amended"] == [{"step": 4, "box": [40, 40, 48, 48]}]
    changed = np.abs(finished.patches[0][..., :3].astype(int) - plain[..., :3]).mean(axis=-1)
    assert changed[48:80, 48:80].mean() > 2 * changed[:24, :24].mean() + 1


@pytest.mark.parametrize("model", ["sd3", "flux", "qwen-image"])
def test_heun_paints_every_task(studio: Studio, model: str) -> None:
    for task, strength in ((Task.TEXT_TO_IMAGE, 1.0), (Task.IMAGE_TO_IMAGE, 0.5), (Task.INPAINT, 1.0)):
        asked = sample(task, 64, 64, model=model, scheduler=SchedulerName.HEUN_FLOW, strength=strength)
        finished = studio.paint(replace(asked, num_inference_steps=6))
        assert finished.patches[0][..., :3].std() > 0
        assert finished.facts["scheduler"]["class"] == "FlowMatchHeunDiscreteScheduler"


def test_a_model_that_looks_at_no_pictures_says_so(studio: Studio) -> None:
    asked = sample(model="flux", references=(ReferenceImage(picture(64, 64)),))
    end = studio.end_of(asked)
    assert isinstance(end, Failed)
    assert end.kind is FailureKind.INVALID_REQUEST
    assert "does not look at pictures" in end.sentence
    weak = replace(asked, model="flux-kontext", references=(ReferenceImage(picture(64, 64), weight=0.5),))
    end = studio.end_of(weak)
    assert isinstance(end, Failed)
    assert "set its weight to 1 or 0" in end.sentence


def test_a_folder_in_shards_or_in_half_precision_paints_the_same(
    studio: Studio, shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    import torch

    from pipelines.miniatures.families import miniature_of
    from pipelines.miniatures.writing import info_of

    caplog.set_level("ERROR")
    pipe = miniature_of(Family.FLUX).build()
    pipe.save_pretrained(str(tmp_path / "shards"), max_shard_size="100KB")
    assert len(list((tmp_path / "shards" / "transformer").glob("*-of-*.safetensors"))) > 1
    pipe.to(torch.float16).save_pretrained(str(tmp_path / "half"), variant="fp16")
    assert list((tmp_path / "half" / "transformer").glob("*.fp16.safetensors"))
    asked = sample(model="flux", width=64, height=64, num_inference_steps=2)
    wanted = studio.paint(asked).patches[0]
    others = Studio(Shelf(*(info_of(tmp_path / name, Family.FLUX, name) for name in ("shards", "half"))))
    try:
        assert (others.paint(replace(asked, model="shards")).patches[0] == wanted).all()
        assert apart(others.paint(replace(asked, model="half")).patches[0], wanted) <= 4
    finally:
        others.engine.close()


def test_a_distilled_klein_is_never_guided(studio: Studio, shelf: Shelf, tmp_path: Path) -> None:
    """Its folder says so; a second call would only cost time."""
    import json
    import shutil

    folder = tmp_path / "klein"
    shutil.copytree(shelf.resolve("flux2-klein").path, folder)
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps(index | {"is_distilled": True}))
    asked = sample(model="flux2-klein", width=64, height=64, num_inference_steps=2)
    free = studio.paint(replace(asked, guidance_scale=1.0)).patches[0]
    distilled = Studio(Shelf(replace(shelf.resolve("flux2-klein"), path=str(folder))))
    try:
        assert (distilled.paint(asked).patches[0] == free).all()
    finally:
        distilled.engine.close()
    assert apart(studio.paint(asked).patches[0], free) > 0


@pytest.mark.parametrize("model", ["flux", "sd3"])
def test_a_picture_that_does_not_fit_is_finished_in_windows(
    shelf: Shelf, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network runs out of memory for more than 150 tokens; a third of the picture's 256 has to wait its turn."""
    import diffusers
    import torch

    kind: Any = {"flux": diffusers.FluxTransformer2DModel, "sd3": diffusers.SD3Transformer2DModel}[model]
    plain = kind.forward

    def small(self: Any, *args: Any, **kwargs: Any) -> Any:
        shown = kwargs["hidden_states"]
        if (shown.shape[1] if shown.ndim == 3 else shown.shape[-1] * shown.shape[-2] // 4) > 150:
            raise torch.OutOfMemoryError("Out of memory.")
        return plain(self, *args, **kwargs)

    monkeypatch.setattr(kind, "forward", functools.wraps(plain)(small))
    info = shelf.resolve(model)
    large = Studio(Shelf(replace(info, defaults=replace(info.defaults, native_size=256))))
    try:
        finished = large.paint(sample(model=model, width=256, height=256, num_inference_steps=2))
    finally:
        large.engine.close()
    assert finished.patches[0][..., :3].std() > 0
    assert [measure["rung"] for measure in finished.facts["thrift"]][-1] == "smaller-window"


def test_sd3_paints_without_t5(tmp_path: Path) -> None:
    from pipelines.miniatures.families import miniature_of
    from pipelines.miniatures.writing import info_of, write_folder

    pipe = miniature_of(Family.SD3).build()
    pipe.register_modules(text_encoder_3=None, tokenizer_3=None)
    short = Studio(Shelf(info_of(write_folder(pipe, tmp_path / "short"), Family.SD3, "short")))
    try:
        patch = short.paint(sample(model="short", width=64, height=64, num_inference_steps=2)).patches[0]
    finally:
        short.engine.close()
    assert patch[..., :3].std() > 0
