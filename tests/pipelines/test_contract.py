"""The contract: a request says what is wrong with it by name, and survives its JSON form."""

from __future__ import annotations

import json
import math
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind, SchedulerName
from pipelines.contract.request import (
    MAX_SEED,
    MAX_SIDE,
    ControlImage,
    EmbeddingWord,
    Fill,
    GenerationRequest,
    LoraWeight,
    ReferenceImage,
    Task,
)
from tests.pipelines.sample_requests import sample

requests = st.builds(
    GenerationRequest,
    task=st.sampled_from(Task),
    model=st.text(min_size=1),
    prompt=st.text(),
    negative_prompt=st.text(),
    num_inference_steps=st.integers(1, 200),
    guidance_scale=st.floats(0, 50),
    strength=st.floats(0, 1),
    scheduler=st.sampled_from(SchedulerName),
    seed=st.integers(0, MAX_SEED),
    num_images_per_prompt=st.integers(1, 16),
    x=st.integers(-(10**9), 10**9),
    y=st.integers(-(10**9), 10**9),
    width=st.integers(16, MAX_SIDE),
    height=st.integers(16, MAX_SIDE),
    fill=st.sampled_from(Fill),
    loras=st.lists(st.builds(LoraWeight, st.text(), st.floats(-2, 2)), max_size=3).map(tuple),
)


@given(requests)
def test_json_round_trip(request: GenerationRequest) -> None:
    again = GenerationRequest.from_dict(json.loads(json.dumps(request.to_dict())))
    for field in fields(GenerationRequest):
        assert getattr(again, field.name) == getattr(request, field.name)


@pytest.mark.parametrize("task", Task)
def test_complete_requests_pass(task: Task) -> None:
    sample(task).check()


def guided(**changes: Any) -> GenerationRequest:
    opaque = np.full((128, 128, 4), 255, np.uint8)
    values: dict[str, Any] = {
        "controls": (ControlImage("edges", opaque, 0.5, 0.1, 0.8),),
        "references": (ReferenceImage(np.full((30, 20, 4), 9, np.uint8), "adapter", 1.5),),
        "embeddings": (EmbeddingWord("easynegative", "words"),),
        "vae": "another",
        "clip_skip": 1,
    }
    return sample(**(values | changes))


def test_guides_and_words_survive_the_json_form() -> None:
    request = guided()
    request.check()
    again = GenerationRequest.from_dict(json.loads(json.dumps(request.to_dict())), request.pictures)
    assert again.to_dict() == request.to_dict()
    assert again.embeddings == request.embeddings
    assert again.addons == ("another", "words", "edges", "adapter")  # what the engine has to be told of
    assert sorted(again.pictures) == sorted(request.pictures) == ["control-0", "reference-0"]
    assert all((again.pictures[name] == array).all() for name, array in request.pictures.items())


def test_a_guide_without_its_picture_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="control-0"):
        GenerationRequest.from_dict(guided().to_dict())


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("controls", {"controls": (ControlImage("edges", np.zeros((8, 8, 4), np.uint8)),)}),
        ("controls", {"controls": (ControlImage("edges", np.zeros((128, 128, 4), np.uint8), 5.0),)}),
        ("controls", {"controls": (ControlImage("edges", np.zeros((128, 128, 4), np.uint8), 1.0, 0.6, 0.5),)}),
        ("controls", {"controls": (ControlImage("edges", np.zeros((128, 128, 4), np.uint8)),) * 9}),
        ("references", {"references": (ReferenceImage(np.zeros((8, 8), np.uint8)),)}),
        ("references", {"references": (ReferenceImage(np.zeros((0, 8, 4), np.uint8)),)}),
        ("references", {"references": (ReferenceImage(np.zeros((1, 5000, 4), np.uint8)),)}),
        ("loras", {"loras": (LoraWeight("one", math.nan),)}),
        ("clip_skip", {"clip_skip": 12}),
    ],
)
def test_bad_guides_are_refused_by_name(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        guided(**changes).check()
    assert caught.value.field == field


BAD: list[tuple[str, dict[str, Any]]] = [
    ("model", {"model": ""}),
    ("num_inference_steps", {"num_inference_steps": 0}),
    ("guidance_scale", {"guidance_scale": math.nan}),
    ("strength", {"strength": 1.01}),
    ("seed", {"seed": -1}),
    ("num_images_per_prompt", {"num_images_per_prompt": 17}),
    ("width", {"width": 15}),
    ("height", {"height": MAX_SIDE + 1}),
    ("mask_feather", {"mask_feather": -1}),
    ("image", {"image": None}),
    ("image", {"image": np.zeros((128, 128, 3), np.uint8)}),
    ("image", {"image": np.zeros((128, 128, 4), np.float32)}),
    ("mask", {"mask": None}),
    ("mask", {"mask": np.zeros((128, 128), np.uint8)}),
    ("mask", {"mask": np.full((64, 128), 255, np.uint8)}),
]


@pytest.mark.parametrize(("field", "change"), BAD)
def test_the_bad_field_is_named(field: str, change: dict[str, Any]) -> None:
    request = replace(sample(Task.INPAINT), **change)
    with pytest.raises(InvalidRequestError) as caught:
        request.check()
    assert caught.value.field == field
    assert str(caught.value).endswith(".")


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers())))
def test_any_json_is_read_or_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError):
        GenerationRequest.from_dict(data)


def test_models_survive_json() -> None:
    info = ModelInfo(
        "a/b", "B", "/x/b", ModelKind.CHECKPOINT, Family.SDXL, "inpaint", 5, 6,
        ModelDefaults(25, 6.0, SchedulerName.EULER_A, 1024, 512), "broken",
    )  # fmt: skip
    assert ModelInfo.from_dict(json.loads(json.dumps(info.to_dict()))) == info
