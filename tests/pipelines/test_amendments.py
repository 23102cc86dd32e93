"""Painting into a picture that is being painted."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
import pytest

from pipelines.contract.events import EngineEvent, Finished, Progress, Queued
from pipelines.contract.request import GenerationRequest, Pixels, Task
from pipelines.planning.amended import only_new, paint_over
from tests.pipelines.sample_requests import picture, sample
from tests.pipelines.studio import Studio

Stroke = tuple[int, int, Pixels]
RED = (210, 30, 30)


def disc(side: int, colour: tuple[int, int, int] = RED) -> Pixels:
    rows, columns = np.mgrid[:side, :side]
    pixels = np.zeros((side, side, 4), np.uint8)
    pixels[(rows - side / 2) ** 2 + (columns - side / 2) ** 2 < (side * 0.45) ** 2] = (*colour, 255)
    return pixels


def redness(rgb: Pixels) -> float:
    return float((rgb[..., 0].astype(float) - rgb[..., 1:3].mean(axis=-1)).mean())


def paint(studio: Studio, asked: GenerationRequest, strokes: Sequence[Stroke], step: int) -> Finished:
    """Paints, and gives the strokes right after step number `step`; 0: before the first."""

    def give(event: EngineEvent) -> None:
        if (isinstance(event, Progress) and event.step == step) or (isinstance(event, Queued) and step == 0):
            for stroke in strokes:
                studio.engine.amend(event.job_id, *stroke)

    studio.listen = give
    try:
        return studio.paint(asked)
    finally:
        studio.listen = lambda _event: None


def test_painting_over_is_alpha_compositing_and_stays_inside() -> None:
    image = np.zeros((8, 8, 4), np.uint8)
    image[:, 4:] = (100, 100, 100, 255)
    half = np.full((4, 8, 4), (200, 0, 0, 128), np.uint8)
    paint_over(image, 2, 6, half)
    assert (image[:6, :4] == 0).all()
    assert tuple(image[7, 3]) == (200, 0, 0, 128)
    assert tuple(image[7, 6]) == (150, 50, 50, 255)
    before = image.copy()
    paint_over(image, 20, 20, half)
    paint_over(image, -9, 0, half)
    assert (image == before).all()


def test_what_looks_as_before_is_not_new() -> None:
    image = picture(16, 16)
    pixels = image[4:12, 4:12].copy()
    pixels[2:4, 3:5, :3] = 255 - pixels[2:4, 3:5, :3] // 2
    fresh = only_new(image, 4, 4, pixels)
    assert set(zip(*np.nonzero(fresh[..., 3]), strict=True)) == {(2, 3), (2, 4), (3, 3), (3, 4)}
    assert (pixels[..., 3] == 255).all()
    outside = only_new(image, 12, 12, pixels)
    assert (outside[4:, 4:, 3] == 255).all()


def test_a_waiting_job_begins_with_what_was_painted() -> None:
    from pipelines.engine.amendments import with_amendments
    from pipelines.engine.job_queue import Amendment

    asked = sample(Task.IMAGE_TO_IMAGE, 64, 64)
    assert asked.image is not None
    before = asked.image.copy()
    red = np.full((8, 8, 4), (*RED, 255), np.uint8)
    amended = with_amendments(asked, deque([Amendment(4, 4, red)]))
    assert amended.image is not None
    assert (amended.image[4:12, 4:12] == red).all()
    assert (asked.image == before).all()
    assert with_amendments(asked, deque()) is asked
    words = sample()
    assert with_amendments(words, deque([Amendment(4, 4, red)])) is words


@pytest.mark.slow
@pytest.mark.parametrize("task", [Task.TEXT_TO_IMAGE, Task.IMAGE_TO_IMAGE, Task.INPAINT])
def test_a_disc_painted_in_the_middle_of_a_run_is_taken_in(starter_studio: Studio, task: Task) -> None:
    asked = sample(task, 256, 256, prompt="mist, mountains", num_inference_steps=12, guidance_scale=2.0, strength=0.8)
    if asked.mask is not None:
        asked.mask[...] = 0
        asked.mask[64:224, 64:224] = 255
    place = slice(112, 144), slice(112, 144)
    plain = starter_studio.paint(asked)
    finished = paint(starter_studio, asked, [(104, 104, disc(48))], step=3)
    assert plain.facts["amended"] == []
    assert finished.facts["amended"] == [{"step": 4, "box": [104, 104, 48, 48]}]
    before, now = plain.patches[0], finished.patches[0]
    assert redness(now[place]) > redness(before[place]) + 60
    assert (now[..., 3] == before[..., 3]).all()
    assert (now[now[..., 3] == 0] == 0).all()
    if task is Task.INPAINT:
        again = paint(starter_studio, asked, [(104, 104, disc(48))], step=3)
        assert (again.patches[0] == now).all()


@pytest.mark.slow
def test_strokes_count_whenever_they_come(tiny_studio: Studio) -> None:
    base = sample(Task.IMAGE_TO_IMAGE, model="sd1", strength=1.0, num_inference_steps=6, num_images_per_prompt=2)
    plain = tiny_studio.paint(base).patches
    strokes = [(30, 40, disc(40))]
    for step in (0, 2, 6, 8, 12):
        finished = paint(tiny_studio, base, strokes, step)
        changed = [bool((now != before).any()) for now, before in zip(finished.patches, plain, strict=True)]
        assert changed == [step < 6, step < 12], step
        told = [entry["step"] for entry in finished.facts["amended"]]
        assert told == ([step + 1] if step < 12 else [])


@pytest.mark.slow
def test_only_what_changed_is_a_stroke(tiny_studio: Studio) -> None:
    """A box that mostly shows the old picture must not bring that back into the new one."""
    base = sample(Task.IMAGE_TO_IMAGE, model="sd1", num_inference_steps=6)
    assert base.image is not None
    nothing_new = base.image[20:90, 20:90].copy()
    finished = paint(tiny_studio, base, [(20, 20, nothing_new)], step=2)
    assert (finished.patches[0] == tiny_studio.paint(base).patches[0]).all()
    assert finished.facts["amended"] == []
    boxed = nothing_new.copy()
    boxed[20:40, 20:40, :3] = RED
    alone = np.ascontiguousarray(boxed[20:40, 20:40])
    finished = [paint(tiny_studio, base, [stroke], 2).patches[0] for stroke in ((20, 20, boxed), (40, 40, alone))]
    assert np.abs(finished[0].astype(int) - finished[1]).max() <= 3


@pytest.mark.slow
def test_every_scheduler_and_size_stands_amendments(tiny_studio: Studio) -> None:
    from pipelines.contract.models import SchedulerName

    strokes = [(-8, 60, disc(30)), (130, 100, disc(60)), (900, 900, disc(10)), (75, 55, disc(2))]
    for scheduler in (name for name in SchedulerName if "flow" not in name):
        base = sample(Task.INPAINT, 150, 110, model="sd1", scheduler=scheduler, num_inference_steps=6)
        finished = paint(tiny_studio, base, strokes, step=2)
        boxes = [entry["box"] for entry in finished.facts["amended"]]
        assert [75, 55, 2, 2] in boxes
        assert [900, 900, 10, 10] not in boxes
        assert np.isfinite(finished.patches[0]).all()
        assert (finished.patches[0] != tiny_studio.paint(base).patches[0]).any(), scheduler


@pytest.mark.slow
def test_the_rim_goes_back_to_what_was_painted_there(tiny_studio: Studio) -> None:
    """Where the soft mask holds the old picture, that picture is the one with the stroke."""
    base = sample(Task.INPAINT, model="sd1", num_inference_steps=6, mask_grow=0, mask_feather=40, mask_blend=40)
    plain = tiny_studio.paint(base).patches[0]
    finished = paint(tiny_studio, base, [(0, 0, np.full((128, 128, 4), (*RED, 255), np.uint8))], step=1).patches[0]
    assert (finished[..., 3] == plain[..., 3]).all()
    rim = (plain[..., 3] > 0) & (plain[..., 3] < 100)
    assert (finished[rim] != plain[rim]).any()
