"""Wan through the engine: what diffusers' own pipelines make, clips and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pipelines.contract.events import Cancelled, EngineEvent, Failed, FailureKind, Loading, Preview, Progress, Started
from pipelines.contract.models import Family, SchedulerName
from pipelines.contract.request import GenerationRequest, LoraWeight, Pixels, Task
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import picture, sample
from tests.pipelines.studio import Studio
from tests.pipelines.worktop import Worktop, weights_hash

pytestmark = pytest.mark.slow

SIDE = 64
NAMES = ("wan", "wan-i2v", "wan-ti2v")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    from pipelines.miniatures.families import MINIATURES
    from pipelines.miniatures.writing import info_of, write_folder

    root = tmp_path_factory.mktemp("wan")
    wans = [one for one in MINIATURES if one.family is Family.WAN]
    infos = [info_of(write_folder(one.build(), root / one.name), Family.WAN, one.name, one.variant) for one in wans]
    # What is so small is made at the very size that is asked for.
    defaults = replace(infos[0].defaults, native_size=SIDE)
    return Shelf(*(replace(info, defaults=defaults) for info in infos), replace(infos[0], id="sd1", family=Family.SD1))


@pytest.fixture(scope="module")
def studio(shelf: Shelf) -> Iterator[Studio]:
    studio = Studio(shelf)
    yield studio
    studio.engine.close()


def clip(model: str, image: Pixels | None = None, **changes: Any) -> GenerationRequest:
    asked = sample(Task.TEXT_TO_IMAGE, model=model, width=SIDE, height=SIDE, negative_prompt="a road")
    return replace(asked, task=Task.ANIMATE, image=image, frames=5, num_inference_steps=3, **changes)


def bare(shelf: Shelf, model: str, class_name: str, *, shift: float = 0.0, **arguments: Any) -> Pixels:
    """(frames, h, w, 3) of what diffusers makes by itself; `shift`: with the scheduler of straight steps."""
    import diffusers
    import torch

    pipe: Any = getattr(diffusers, class_name).from_pretrained(shelf.resolve(model).path, dtype=torch.float32)
    if shift:
        pipe.scheduler = diffusers.FlowMatchEulerDiscreteScheduler(shift=shift)
    pipe.set_progress_bar_config(disable=True)
    made = pipe(
        prompt="a boat under the moon",
        negative_prompt="a road",
        width=SIDE,
        height=SIDE,
        generator=torch.Generator().manual_seed(11),
        output_type="np",
        **{"guidance_scale": 3.0, "num_inference_steps": 3} | arguments,
    )
    return np.rint(made.frames[0] * 255.0).astype(np.uint8)


def apart(frames: tuple[Pixels, ...], wanted: Pixels) -> int:
    mine = np.stack(frames)[..., :3].astype(int)
    assert mine.shape == wanted.shape
    return int(np.abs(mine - wanted).max())


@pytest.mark.parametrize("model", ["wan", "wan-ti2v"])
def test_words_make_the_clip_of_the_bare_pipeline(studio: Studio, shelf: Shelf, model: str) -> None:
    made = studio.paint(clip(model)).patches
    assert made[0].shape == (SIDE, SIDE, 4)
    assert apart(made, bare(shelf, model, "WanPipeline", num_frames=5)) <= 2


@pytest.mark.parametrize("model", ["wan-i2v", "wan-ti2v"])
def test_a_picture_moves_as_in_the_bare_pipeline(studio: Studio, shelf: Shelf, model: str) -> None:
    image = picture(SIDE, SIDE)
    shown = Image.fromarray(image).convert("RGB")
    wanted = bare(shelf, model, "WanImageToVideoPipeline", num_frames=5, image=shown)
    assert apart(studio.paint(clip(model, image)).patches, wanted) <= 2


@pytest.mark.parametrize("scheduler", [SchedulerName.DEFAULT, SchedulerName.EULER_FLOW])
def test_a_picture_is_painted_over_as_in_the_video_pipeline(
    studio: Studio, shelf: Shelf, scheduler: SchedulerName
) -> None:
    image = picture(SIDE, SIDE)
    still = [Image.fromarray(image).convert("RGB")] * 5
    how = {"num_inference_steps": 8, "strength": 0.5}
    shift = 3.0 if scheduler is SchedulerName.EULER_FLOW else 0.0
    wanted = bare(shelf, "wan", "WanVideoToVideoPipeline", shift=shift, video=still, **how)
    asked = replace(clip("wan", image), scheduler=scheduler, **how)
    assert apart(studio.paint(asked).patches, wanted) <= 2


def test_a_single_frame_is_a_picture(studio: Studio, shelf: Shelf) -> None:
    asked = sample(model="wan", width=SIDE, height=SIDE, negative_prompt="a road", num_inference_steps=3)
    assert apart(studio.paint(asked).patches, bare(shelf, "wan", "WanPipeline", num_frames=1)) <= 1


@pytest.mark.parametrize("task", [Task.IMAGE_TO_IMAGE, Task.INPAINT, Task.OUTPAINT])
def test_pictures_are_painted_in_every_task(studio: Studio, task: Task) -> None:
    asked = sample(task, model="wan", width=SIDE, height=SIDE, strength=0.75 if task is Task.IMAGE_TO_IMAGE else 1.0)
    other = replace(asked, prompt="a mountain")
    one, two = (studio.paint(each).patches[0] for each in (asked, other))
    assert one.shape == (SIDE, SIDE, 4)
    assert np.ptp(one[..., :3]) > 0
    assert not np.array_equal(one, two)
    if task is Task.INPAINT:
        assert not one[0, 0].any()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (sample(model="wan-i2v"), "is made for clips"),
        (sample(Task.INPAINT, model="wan-ti2v"), "paints none that stand still"),
        (clip("wan-i2v"), "needs one"),
        (clip("sd1"), "choose a Wan model"),
    ],
)
def test_what_a_model_is_not_made_for_gets_a_sentence_before_it_is_loaded(
    studio: Studio, asked: GenerationRequest, said: str
) -> None:
    heard = list(studio.events_of(studio.submit(asked)))
    end = heard[-1]
    assert isinstance(end, Failed)
    assert end.kind is FailureKind.INVALID_REQUEST
    assert said in end.sentence
    assert not any(isinstance(event, Loading) for event in heard)


def test_progress_and_previews_come_with_every_step(studio: Studio) -> None:
    heard = list(studio.events_of(studio.submit(clip("wan-i2v", picture(SIDE, SIDE)))))
    steps = [event.step for event in heard if isinstance(event, Progress)]
    assert steps == [1, 2, 3]
    assert next(event.steps for event in heard if isinstance(event, Started)) == 3
    shown = [event.image for event in heard if isinstance(event, Preview)]
    assert shown
    assert all(image.ndim == 3 and image.shape[2] == 4 for image in shown)


@pytest.mark.parametrize("moment", ["step", "decode"])
def test_a_clip_is_cancelled_between_steps_and_while_it_is_decoded(studio: Studio, moment: str) -> None:
    from diffusers.models.autoencoders.autoencoder_kl_wan import WanDecoder3d

    plain, decoded = WanDecoder3d.forward, []

    def decoding(*args: Any, **more: Any) -> Any:
        decoded.append(1)
        if moment == "decode" and len(decoded) == 1:
            studio.engine.cancel(job)
        return plain(*args, **more)

    def listen(event: EngineEvent) -> None:
        if moment == "step" and isinstance(event, Progress):
            studio.engine.cancel(event.job_id)

    studio.listen = listen
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WanDecoder3d, "forward", decoding)
        job = str(studio._jobs + 1)
        heard = list(studio.events_of(studio.submit(replace(clip("wan"), frames=9))))
    studio.listen = lambda _event: None
    assert isinstance(heard[-1], Cancelled)
    assert sum(isinstance(event, Progress) for event in heard) == (1 if moment == "step" else 3)
    assert len(decoded) == (0 if moment == "step" else 1)  # of three moments


def test_a_picture_that_is_not_to_change_stands_still(studio: Studio) -> None:
    image = picture(SIDE, SIDE)
    frames = studio.paint(clip("wan", image, strength=0.0)).patches
    assert len(frames) == 5
    assert all(np.array_equal(frame, image) for frame in frames)


def test_seed_variation_and_shape_of_a_clip(studio: Studio) -> None:
    plain = studio.paint(clip("wan")).patches
    assert np.array_equal(plain[2], studio.paint(clip("wan")).patches[2])
    varied = studio.paint(clip("wan", variation_seed=3, variation_strength=0.3)).patches
    assert not np.array_equal(plain[2], varied[2])
    anchored = studio.paint(clip("wan", canvas_noise=True)).patches
    assert not np.array_equal(plain[2], anchored[2])
    # A larger frame comes back in its own shape, as large as it was painted.
    wide = replace(clip("wan", picture(150, 100)), width=150, height=100, strength=0.5)
    frame = studio.paint(wide).patches[0]
    assert frame.shape[0] * frame.shape[1] <= SIDE * SIDE
    assert frame.shape[1] / frame.shape[0] == pytest.approx(1.5, abs=0.03)


def test_memory_that_runs_out_is_saved_in_clips_as_well(shelf: Shelf) -> None:
    """The network sees the clip in windows, the VAE decodes it in tiles."""
    side, least = 176, 16
    defaults = replace(shelf.resolve("wan").defaults, native_size=side)
    worktop = Worktop(replace(shelf.resolve("wan"), defaults=defaults))
    asked = replace(clip("wan"), width=side, height=side, num_inference_steps=1)
    plain = worktop.finish(asked).patches
    loaded = worktop.model("wan")
    parts = (loaded.network.patch_embedding, loaded.vae.decoder)
    hooks = [part.register_forward_pre_hook(_too_large(least)) for part in parts]
    spared = worktop.finish(asked)
    for hook in hooks:
        hook.remove()
    assert {"vae-tiles", "smaller-window"} <= {measure["rung"] for measure in spared.facts["thrift"]}
    assert not loaded.vae.use_tiling
    assert np.abs(np.stack(plain).astype(int) - np.stack(spared.patches)).mean() < 12


def _too_large(side: int) -> Any:
    def before(_module: Any, inputs: Any) -> None:
        if inputs[0].shape[-1] > side:
            raise MemoryError

    return before


def test_a_lora_comes_and_goes_bit_for_bit(shelf: Shelf, tmp_path: Path) -> None:
    from pipelines.contract.models import ModelKind
    from pipelines.miniatures.addons import Naming, addon_info, lora_tensors, write_lora
    from pipelines.miniatures.families import miniature_of

    pipe = miniature_of(Family.WAN, "ti2v").build()
    path = write_lora(lora_tensors(pipe, Naming.DIFFUSERS, words=False), tmp_path / "lora.safetensors")
    lora = addon_info(path, ModelKind.LORA, Family.WAN, "lora")
    worktop = Worktop(*shelf.models(), lora)
    asked = clip("wan-ti2v", picture(SIDE, SIDE))
    plain = worktop.finish(asked).patches
    before = weights_hash(worktop.model("wan-ti2v"))
    worn = worktop.finish(replace(asked, loras=(LoraWeight("lora", 0.8),))).patches
    assert not np.array_equal(worn[-1], plain[-1])
    again = worktop.finish(asked).patches
    assert all(np.array_equal(one, other) for one, other in zip(plain, again, strict=True))
    assert weights_hash(worktop.model("wan-ti2v")) == before
