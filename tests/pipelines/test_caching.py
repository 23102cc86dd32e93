"""Nothing is computed or loaded twice: counted at the real networks of a tiny model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from diffusers import AutoencoderKL
from transformers import CLIPTextModel

from pipelines.contract.events import Loading
from pipelines.contract.request import Fill, Task
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import picture, sample
from tests.pipelines.studio import Studio

MODEL = "sd1"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each network really ran."""
    counted: Counter[str] = Counter()

    def counting(kind: type, name: str, label: str) -> None:
        plain: Callable[..., Any] = getattr(kind, name)

        def run(*args: Any, **kwargs: Any) -> Any:
            counted[label] += 1
            return plain(*args, **kwargs)

        monkeypatch.setattr(kind, name, run)

    counting(AutoencoderKL, "encode", "encode")
    counting(CLIPTextModel, "forward", "text")
    return counted


@pytest.fixture
def studio(
    calls: Counter[str], tiny_models: Shelf
) -> Iterator[Studio]:  # `calls` first: wrappers must find the counters
    studio = Studio(tiny_models)
    studio.paint(sample(model=MODEL, prompt="warm"))  # loading measures the colours of previews
    calls.clear()
    yield studio
    studio.engine.close()


def test_another_prompt_alone_encodes_the_prompt_alone(studio: Studio, calls: Counter[str]) -> None:
    asked = sample(Task.INPAINT, model=MODEL, negative_prompt="fog", fill=Fill.ORIGINAL)
    studio.paint(asked)
    calls.clear()
    studio.paint(replace(asked, prompt="a tower"))
    assert calls["encode"] == 0
    assert 1 <= calls["text"] <= 2  # with and without the prompt may be one call or two
    calls.clear()
    studio.paint(replace(asked, prompt="a tower", seed=12))
    assert not calls


def test_another_picture_is_encoded_and_the_prompt_is_not(studio: Studio, calls: Counter[str]) -> None:
    asked = sample(Task.IMAGE_TO_IMAGE, model=MODEL)
    studio.paint(asked)
    calls.clear()
    studio.paint(replace(asked, image=picture(128, 128, seed=9)))
    assert (calls["encode"], calls["text"]) == (1, 0)


def test_a_batch_encodes_as_often_as_one_picture(studio: Studio, calls: Counter[str]) -> None:
    one = sample(Task.INPAINT, model=MODEL, prompt="a fish", image=picture(128, 128, seed=21))
    studio.paint(one)
    alone = dict(calls)
    calls.clear()
    studio.paint(replace(one, prompt="a bird", image=picture(128, 128, seed=22), num_images_per_prompt=3))
    assert dict(calls) == alone


def test_all_tasks_share_one_set_of_weights(studio: Studio) -> None:
    loads = 0  # `studio` has loaded it
    for task in (Task.TEXT_TO_IMAGE, Task.IMAGE_TO_IMAGE, Task.INPAINT, Task.OUTPAINT):
        events = list(studio.events_of(studio.submit(sample(task, model=MODEL))))
        loads += sum(isinstance(event, Loading) for event in events)
    assert loads == 0


def test_what_the_person_says_of_a_loaded_model_holds_at_once(tiny_models: Shelf) -> None:
    info = tiny_models.resolve(MODEL)
    larger = replace(info, id="larger", defaults=replace(info.defaults, native_size=2 * info.defaults.native_size))
    studio = Studio(Shelf(info, larger))
    try:
        heard = []
        studio.listen = heard.append
        whole = sample(model="larger", width=256, height=256)
        steps = [studio.paint(replace(whole, model=model)).facts["steps_run"] for model in (MODEL, "larger", MODEL)]
        assert steps[1] == whole.num_inference_steps
        assert steps[0] == steps[2] > steps[1]  # too large for one go: a second pass for the detail
        assert sum(isinstance(event, Loading) for event in heard) == 1
    finally:
        studio.engine.close()
