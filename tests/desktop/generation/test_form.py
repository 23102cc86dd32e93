"""The form is one value and one signal."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.generation.form import GenerationForm, GenerationSettings
from desktop.generation.hints import PromptHints
from desktop.generation.modes import Mode
from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind, SchedulerName
from pipelines.contract.request import Fill
from pipelines.library.probe import STARTER_FOLDER

STARTER = ModelInfo("starter", "Starter", "s", ModelKind.DIFFUSERS, Family.STARTER, defaults=ModelDefaults(14, 2.0))
OTHER = ModelInfo("m/x", "X", "m/x", ModelKind.DIFFUSERS, Family.SD1, defaults=ModelDefaults(20, 7.0))


@pytest.fixture
def form(qtbot: QtBot) -> GenerationForm:
    return GenerationForm([STARTER, OTHER])


def test_says_what_changed_and_only_that(form: GenerationForm) -> None:
    seen: list[set[str]] = []
    form.changed.connect(seen.append)
    form.set(prompt="a pine", seed=form.settings.seed)
    form.set(prompt="a pine")
    assert seen == [{"prompt"}]


def test_a_model_brings_its_defaults(form: GenerationForm) -> None:
    assert (form.settings.num_inference_steps, form.settings.guidance_scale) == (14, 2.0)
    form.choose_model("m/x")
    assert (form.settings.num_inference_steps, form.settings.guidance_scale) == (20, 7.0)


def test_a_lost_model_falls_back(form: GenerationForm) -> None:
    form.choose_model("m/x")
    form.set_models([STARTER])
    assert form.settings.model == "starter"


def test_settings_survive_json() -> None:
    settings = GenerationSettings(
        prompt="p", mode=Mode.FILL, fill=Fill.NOISE, scheduler=SchedulerName.LCM, seed=2**40, random_seed=False
    )
    assert GenerationSettings.from_dict(settings.to_dict()) == settings
    damaged = {**settings.to_dict(), "fill": "nonsense", "seed": "x", "unknown": 1}
    expected = replace(settings, fill=GenerationSettings().fill, seed=0)
    assert GenerationSettings.from_dict(damaged) == expected
    assert set(settings.to_dict()) == {f.name for f in fields(GenerationSettings)}


def test_a_narrow_model_says_when_it_knows_none_of_the_words(form: GenerationForm) -> None:
    starter = replace(STARTER, path=str(STARTER_FOLDER))
    form.set_models([starter, OTHER])
    hints = PromptHints(form)
    answers = {
        "": False,
        "a cat": True,
        "two cats and a dog": True,
        "a cat by the lake": False,
        "小猫": True,
        "小猫与松树": False,
    }
    for prompt, foreign in answers.items():
        form.set(prompt=prompt)
        assert hints.is_foreign() is foreign, prompt
    form.choose_model("m/x")
    form.set(prompt="two cats")
    assert not hints.is_foreign()
