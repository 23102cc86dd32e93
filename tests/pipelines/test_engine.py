"""The engine with real diffusers pipelines: tiny ones of each family, and the starter."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.commands.matrix import TASKS
from pipelines.contract.events import (
    Cancelled,
    Failed,
    FailureKind,
    Finished,
    Preview,
    Progress,
    Started,
)
from pipelines.contract.models import Family, SchedulerName
from pipelines.contract.request import Fill, LoraWeight, Pixels, Task
from tests.pipelines.conftest import STARTER, Shelf, starter_info
from tests.pipelines.sample_requests import sample
from tests.pipelines.studio import Studio

pytestmark = pytest.mark.slow
FAMILIES = ("sd1", "sd1-inpaint", "sdxl")
STILL = tuple(task for task in TASKS if task is not Task.ANIMATE)
"""What painters of pictures do; clips are another model's."""


@pytest.fixture(scope="module")
def studio(tiny_models: Shelf) -> Iterator[Studio]:
    models = Shelf(*(info for info in tiny_models.models() if info.id != "starter"), starter_info())
    studio = Studio(models)
    yield studio
    studio.engine.close()


@pytest.mark.parametrize("task", STILL)
@pytest.mark.parametrize("model", FAMILIES)
def test_every_family_paints_every_task(studio: Studio, model: str, task: Task) -> None:
    asked = sample(task, width=150, height=110, model=model, strength=0.8)
    patch = studio.paint(asked).patches[0]
    assert patch.shape == (110, 150, 4)
    again = studio.paint(asked).patches[0]
    assert (patch == again).all(), "the same seed must repeat bit for bit"
    assert patch[..., :3].std() > 0
    if task in (Task.TEXT_TO_IMAGE, Task.IMAGE_TO_IMAGE):
        assert (patch[..., 3] == 255).all()
    else:
        assert asked.mask is not None
        assert (patch[asked.mask == 255][:, 3] == 255).all()
        far = np.ones((110, 150), bool)
        rows, columns = np.nonzero(asked.mask)
        reach = asked.mask_grow + asked.mask_feather
        near_rows = slice(max(0, rows.min() - reach), rows.max() + reach + 1)
        far[near_rows, max(0, columns.min() - reach) : columns.max() + reach + 1] = False
        assert far.any()
        assert (patch[far] == 0).all()


@pytest.mark.parametrize("model", ["sd1", "sdxl"])
def test_text_to_image_is_the_bare_diffusers_call(studio: Studio, tiny_models: Shelf, model: str) -> None:
    import torch
    from diffusers import DiffusionPipeline

    painted = studio.paint(sample(model=model, num_images_per_prompt=2)).patches
    pipe: Any = DiffusionPipeline.from_pretrained(tiny_models.resolve(model).path, dtype=torch.float32)
    pipe.set_progress_bar_config(disable=True)
    for index, patch in enumerate(painted):
        bare = pipe(
            "a boat under the moon",
            width=128,
            height=128,
            num_inference_steps=4,
            guidance_scale=3.0,
            generator=torch.Generator("cpu").manual_seed(11 + index),
        ).images[0]
        # Not bit for bit: the VAE adds the same products in another order.
        assert np.abs(patch[..., :3].astype(int) - np.asarray(bare)).max() <= 1


_FLOW = (SchedulerName.EULER_FLOW, SchedulerName.HEUN_FLOW)


@pytest.mark.parametrize("scheduler", [name for name in SchedulerName if name not in _FLOW])
@pytest.mark.parametrize("task", [Task.TEXT_TO_IMAGE, Task.INPAINT])
def test_every_scheduler_paints(studio: Studio, scheduler: SchedulerName, task: Task) -> None:
    asked = sample(task, model="sd1", scheduler=scheduler, num_inference_steps=6)
    finished = studio.paint(asked)
    rgb = finished.patches[0][..., :3]
    assert rgb.std() > 0
    if scheduler is SchedulerName.DEFAULT:
        assert (rgb == studio.paint(sample(task, model="sd1", num_inference_steps=6)).patches[0][..., :3]).all()


def test_schedulers_follow_the_starters_noise_schedule(studio: Studio) -> None:
    from diffusers import DDIMScheduler

    from pipelines.engine.schedulers import fitting_schedulers, make_scheduler

    own: Any = DDIMScheduler.from_pretrained(str(STARTER / "scheduler"))
    fitting = fitting_schedulers(own)
    assert SchedulerName.HEUN not in fitting
    for name in fitting:
        config = make_scheduler(own, name).config
        assert config["prediction_type"] == "v_prediction"
        assert config["rescale_betas_zero_snr"] or name is SchedulerName.DEFAULT
        assert config["timestep_spacing"] == "trailing"
    end = studio.end_of(sample(model="starter", scheduler=SchedulerName.HEUN))
    assert isinstance(end, Failed)
    assert end.kind is FailureKind.INVALID_REQUEST
    assert "euler" in end.sentence


@pytest.mark.parametrize("task", STILL)
def test_the_starter_paints_every_task(studio: Studio, task: Task) -> None:
    asked = sample(task, width=320, height=240, prompt="dusk, mountains, water", guidance_scale=2.0)
    finished = studio.paint(asked)
    assert finished.patches[0].shape == (240, 320, 4)
    for name in ("load_s", "encode_s", "denoise_s", "decode_s", "total_s", "queue_s", "peak_memory_bytes"):
        assert finished.facts[name] >= 0
    assert finished.facts["device"] == "cpu"
    assert len(finished.facts["model_hash"]) == 64
    assert set(finished.facts["files"]["starter"]) == {"sha256", "size_bytes", "modified_ns"}
    assert finished.facts["steps_run"] == 4


def test_an_inpainted_hole_takes_its_surroundings_colour(studio: Studio) -> None:
    """The starter, on plain warm paper: what it paints into a hole must not jump at the rim."""
    image = np.full((256, 256, 4), 255, np.uint8)
    image[..., :3] = (222, 206, 180)
    mask = np.zeros((256, 256), np.uint8)
    mask[96:160, 96:160] = 255
    asked = sample(
        Task.INPAINT, 256, 256, image=image, mask=mask, prompt="mist", num_inference_steps=10, guidance_scale=2.0
    )
    patch = studio.paint(asked).patches[0].astype(float)
    alpha = patch[..., 3:] / 255
    shown = patch[..., :3] * alpha + image[..., :3] * (1 - alpha)
    rim = (alpha[..., 0] > 0) & (alpha[..., 0] < 0.5)
    assert np.abs(shown - image[..., :3])[rim].mean() < 12


@pytest.mark.parametrize("fill", list(Fill))
def test_every_fill_paints(studio: Studio, fill: Fill) -> None:
    studio.paint(sample(Task.INPAINT, fill=fill, model="sd1"))


def test_low_strength_still_runs_enough_steps(studio: Studio) -> None:
    asked = sample(Task.IMAGE_TO_IMAGE, model="sd1", strength=0.1, num_inference_steps=10)
    events = list(studio.events_of(studio.submit(asked)))
    assert next(event for event in events if isinstance(event, Started)).steps == 4
    untouched = sample(Task.IMAGE_TO_IMAGE, model="sd1", strength=0.0)
    assert (studio.paint(untouched).patches[0] == untouched.image).all()


def test_a_small_mask_in_a_large_picture_comes_back_at_the_right_place(studio: Studio) -> None:
    mask = np.zeros((600, 900), np.uint8)
    mask[400:450, 700:760] = 255
    asked = sample(Task.INPAINT, 900, 600, mask=mask, model="sd1")
    events = list(studio.events_of(studio.submit(asked)))
    finished = events[-1]
    assert isinstance(finished, Finished)
    rows, columns = np.nonzero(finished.patches[0][..., 3])
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == pytest.approx((391, 458, 691, 768), abs=2)
    assert finished.facts["run_width"] < 400, "the whole picture was painted for a small mask"
    preview = next(event for event in events if isinstance(event, Preview)).image
    assert preview.shape[1] / preview.shape[0] == pytest.approx(1.5, abs=0.02)
    assert preview[..., 3][: preview.shape[0] // 2].max() == 0


def test_outpaint_paints_what_is_empty_even_where_the_mask_forgot_it(studio: Studio) -> None:
    asked = sample(Task.OUTPAINT, model="sd1")
    assert asked.mask is not None
    assert asked.image is not None
    asked.mask[:40] = 0
    patch = studio.paint(asked).patches[0]
    assert (patch[asked.image[..., 3] == 0][:, 3] == 255).all()


def test_cancel_ends_within_one_step_and_even_inside_one(studio: Studio) -> None:
    job = studio.submit(sample(model="sd1", num_inference_steps=200))
    events = studio.events_of(job)
    steps = 0
    while steps < 3:
        steps += isinstance(next(events), Progress)
    studio.engine.cancel(job)
    rest = list(events)
    assert isinstance(rest[-1], Cancelled)
    # Those that were on their way already count as well, so a little more than one step may be heard.
    assert sum(isinstance(event, Progress) for event in rest) < 20


def test_a_cancelled_network_is_left_in_the_middle_of_a_step(tiny_models: Shelf) -> None:
    from pipelines.contract.errors import JobCancelled
    from pipelines.engine.loader import load_model
    from pipelines.engine.memory import choose_device

    calls = 0

    def interrupt() -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise JobCancelled("now")

    import torch

    with pytest.raises(JobCancelled):
        load_model(tiny_models.resolve("sd1"), choose_device(), Path("/nowhere"), interrupt)
    assert calls == 5, "loading does not look whether its job was cancelled"
    model = load_model(tiny_models.resolve("sd1"), choose_device(), Path("/nowhere"), interrupt)
    calls = 0
    with pytest.raises(JobCancelled), torch.inference_mode():
        model.unet(torch.zeros(1, 4, 16, 16), 3, torch.zeros(1, 77, 32))
    assert calls == 5


def test_previews_of_the_starter_show_the_picture_that_comes(studio: Studio) -> None:
    asked = sample(width=256, height=256, prompt="night, moon", num_inference_steps=12, guidance_scale=2.0)
    events = list(studio.events_of(studio.submit(asked)))
    previews = [event for event in events if isinstance(event, Preview)]
    finished = events[-1]
    assert isinstance(finished, Finished)
    last = previews[-1].image[..., :3].astype(float)
    small = _shrink(finished.patches[0], last.shape[1], last.shape[0])
    assert np.abs(last - small).mean() < 25


def test_models_that_cannot_be_used_say_so(tiny_models: Shelf, tmp_path: Path) -> None:
    from pipelines.miniatures.writing import info_of

    broken = tmp_path / "broken"
    shutil.copytree(tiny_models.resolve("sd1").path, broken)
    (broken / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(b"nonsense")
    wordless = tmp_path / "wordless"
    shutil.copytree(tiny_models.resolve("sd1").path, wordless)
    (wordless / "tokenizer" / "tokenizer.json").unlink()
    pickled = tmp_path / "old.ckpt"
    pickled.write_bytes(b"x")
    studio = Studio(
        Shelf(
            info_of(broken, Family.SD1),
            info_of(wordless, Family.SD1),
            info_of(tmp_path / "gone.safetensors", Family.SD1),
            info_of(pickled, Family.SD1),
        )
    )
    wanted = {"broken": "cannot be read", "wordless": "vocabulary", "gone": "no longer at", "old": "foreign code"}
    try:
        for model, words in wanted.items():
            end = studio.end_of(sample(model=model))
            assert isinstance(end, Failed), model
            assert end.kind in (FailureKind.MODEL_UNUSABLE, FailureKind.MODEL_MISSING)
            assert words in end.sentence, end.sentence
    finally:
        studio.engine.close()


@pytest.mark.parametrize(
    ("name", "value", "words"), [("DTYPE", "fp16", "hundreds of times"), ("DEVICE", "tpu", "offers only")]
)
def test_an_engine_that_cannot_start_tells_every_job_why(
    tiny_models: Shelf, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"HANDSCROLL_{name}", value)
    studio = Studio(tiny_models)
    try:
        for _ in range(2):
            end = studio.end_of(sample(model="sd1"))
            assert isinstance(end, Failed)
            assert words in end.sentence
    finally:
        studio.engine.close()


def test_the_device_is_chosen_by_what_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.engine.memory import choose_device

    monkeypatch.setenv("HANDSCROLL_DTYPE", "auto")
    assert choose_device().dtype_name in ("bf16", "fp32")
    assert choose_device().memory_bytes > 2**28
    monkeypatch.setenv("HANDSCROLL_DTYPE", "bf16")
    studio = Studio(Shelf(starter_info()))
    try:
        finished = studio.paint(sample(width=256, height=256, num_inference_steps=8, guidance_scale=2.0))
    finally:
        studio.engine.close()
    assert finished.facts["dtype"] == "bf16"
    assert finished.patches[0].std() > 5


def test_models_stay_while_they_fit_and_the_oldest_goes_first(tiny_models: Shelf) -> None:
    from dataclasses import replace

    from pipelines.engine.memory import choose_device
    from pipelines.engine.model_cache import ModelCache

    loads: list[str] = []
    roomy = choose_device()

    def use(cache: ModelCache, *names: str) -> list[str]:
        loads.clear()
        for name in names:
            cache.acquire(tiny_models.resolve(name), lambda name=name: loads.append(name))
        return list(loads)

    everything = ModelCache(roomy, Path(), lambda: None)
    assert use(everything, "sd1", "sdxl", "sd1", "sdxl") == ["sd1", "sdxl"]
    info = tiny_models.resolve("sd1-inpaint")
    sizes = [everything.acquire(tiny_models.resolve(name), lambda: None).size_bytes for name in ("sd1", "sdxl")]
    # Half of it is for models: one byte too little for a third beside the first two.
    narrow = replace(roomy, memory_bytes=2 * (sum(sizes) + info.size_bytes - 1))
    assert use(ModelCache(narrow, Path(), lambda: None), "sd1", "sdxl", "sd1-inpaint", "sdxl", "sd1") == [
        *("sd1", "sdxl", "sd1-inpaint"),
        "sd1",
    ]


def test_a_lora_that_is_not_there_is_refused_not_left_out(studio: Studio) -> None:
    end = studio.end_of(sample(model="sd1", loras=(LoraWeight("ink"),)))
    assert isinstance(end, Failed)
    assert end.kind is FailureKind.MODEL_UNUSABLE
    assert "'ink'" in end.sentence


@pytest.mark.parametrize(("width", "height"), [(16, 700), (900, 40), (16, 16)])
def test_odd_shapes_come_back_at_their_size(studio: Studio, width: int, height: int) -> None:
    for task in STILL:
        assert studio.paint(sample(task, width, height, model="sd1")).patches[0].shape == (height, width, 4)


def _shrink(patch: Pixels, width: int, height: int) -> np.ndarray:
    import cv2

    return cv2.resize(patch, (width, height), interpolation=cv2.INTER_AREA)[..., :3].astype(float)
