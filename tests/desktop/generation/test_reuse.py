"""Using a record's settings again asks for the very same thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from canvas.geometry import Bounds
from canvas.selection import Selection
from desktop.generation.form import GenerationSettings
from desktop.generation.modes import MODES, Mode, mode_of_record
from desktop.generation.reuse import settings_of
from pipelines.contract.models import SchedulerName
from pipelines.contract.request import Fill
from pipelines.prompting.wildcards import choose_words
from tests.desktop.generation.test_controller import Trip, generate, paint, until

TYPED = {
    "prompt": "a {red|blue|green|white} boat, \\{calm\\}", "negative_prompt": "{fog|rain}", "num_inference_steps": 7,
    "guidance_scale": 3.25, "strength": 0.45, "inpaint_strength": 0.85, "remove_strength": 0.65,
    "scheduler": SchedulerName.EULER_A,
    "num_images_per_prompt": 3, "auto_rim": False, "mask_grow": 9, "mask_feather": 5, "fill": Fill.NOISE,
    "random_seed": True,
}  # fmt: skip
OTHERS: dict[str, Any] = {
    "prompt": "x", "negative_prompt": "", "num_inference_steps": 3, "guidance_scale": 1.0, "strength": 0.1,
    "inpaint_strength": 0.2, "remove_strength": 0.3,
    "scheduler": SchedulerName.DDIM, "num_images_per_prompt": 1, "mask_grow": 0,
    "mask_feather": 0, "fill": Fill.BLUR, "random_seed": True, "mode": Mode.REFINE,
}  # fmt: skip


def set_the_scene(trip: Trip, mode: Mode) -> None:
    trip.document.set_frame(Bounds(-40, 16, 320, 256))
    if mode is Mode.REFINE:
        paint(trip, Bounds(-40, 16, 320, 256))
    elif mode is not Mode.GENERATE:
        paint(trip, Bounds(-40, 16, 200, 256))
    if mode.needs_selection:
        soft = np.linspace(0, 255, 90 * 70, dtype=np.float32).reshape(90, 70).astype(np.uint8)
        trip.document.set_selection(Selection.from_mask(Bounds(20, 60, 70, 90), soft))


@pytest.mark.parametrize("mode", MODES)
async def test_the_same_request_comes_again(trip: Trip, mode: Mode) -> None:
    set_the_scene(trip, mode)
    insisted = mode if mode in (Mode.REMOVE, Mode.BACKGROUND) else None
    trip.form.set(**TYPED, mode=insisted)
    await generate(trip)
    first = trip.document.generations.records[-1]
    assert (first.task, mode_of_record(first.task, first.form)) == (mode.task, mode)
    trip.controller.discard()
    trip.document.set_frame(Bounds(2000, 2000, 512, 512))
    trip.document.set_selection(Selection.rectangle(Bounds(2000, 2000, 40, 40)))
    trip.form.set(**OTHERS)
    trip.controller.reuse(first.id)
    await until(lambda: trip.form.settings.prompt == TYPED["prompt"])
    assert trip.form.settings == replace(
        GenerationSettings(**TYPED), model="starter", seed=first.request["seed"], random_seed=False,
        mode=insisted,
    )  # fmt: skip
    await generate(trip)
    second = trip.document.generations.records[-1]
    assert second.request == first.request
    assert (second.inputs, second.candidates) == (first.inputs, first.candidates)
    assert second.parent_id == first.id


async def test_the_place_comes_back_in_one_step(trip: Trip) -> None:
    set_the_scene(trip, Mode.EXPAND)
    await generate(trip)
    trip.controller.discard()
    trip.document.set_frame(Bounds(900, 900, 64, 64))
    trip.document.set_selection(Selection.rectangle(Bounds(900, 900, 40, 40)))
    trip.controller.reuse(trip.document.generations.records[-1].id)
    await until(lambda: trip.document.frame == Bounds(-40, 16, 320, 256))
    assert trip.document.selection.is_empty
    trip.document.undo()
    assert trip.document.frame == Bounds(900, 900, 64, 64)
    assert not trip.document.selection.is_empty


async def test_a_mode_that_the_picture_no_longer_suggests_is_insisted_on(trip: Trip) -> None:
    await generate(trip)
    trip.controller.accept()
    first = trip.document.generations.records[-1]
    trip.controller.reuse(first.id)
    await until(lambda: trip.form.settings.mode is Mode.GENERATE)
    await generate(trip)
    assert trip.document.generations.records[-1].request == first.request


async def test_a_model_that_is_gone_is_named_and_the_rest_restored(trip: Trip) -> None:
    trip.form.set(prompt="a moon")
    await generate(trip)
    made = trip.document.generations.records[-1]
    gone = replace(made, id="f" * 32, request={**made.request, "model": "/models/gone.safetensors"})
    trip.document.generations.append(gone)
    trip.form.set(prompt="other")
    trip.controller.reuse(gone.id)
    await until(lambda: trip.form.settings.prompt == "a moon")
    assert trip.form.settings.model == "starter"
    assert any("/models/gone.safetensors" in message for message in trip.messages)


async def test_records_without_a_form_and_of_again_keep_their_words(trip: Trip) -> None:
    trip.form.set(**TYPED)
    await generate(trip)
    trip.controller.again()
    await until(lambda: len(trip.document.generations.records) == 2)
    for record in trip.document.generations.records:
        for known in (record, replace(record, form={})):
            settings = settings_of(known, GenerationSettings())
            seed = record.request["seed"]
            assert settings.seed == seed
            assert choose_words(settings.prompt, seed) == record.request["prompt"]
            assert choose_words(settings.negative_prompt, seed) == record.request["negative_prompt"]
