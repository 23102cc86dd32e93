"""The chosen model is read before the first picture: when the engine comes up, and when another one is chosen."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from desktop import reading_ahead
from desktop.dialogs.preferences import PreferencesDialog
from desktop.program import Program
from pipelines.client.fake import FakeClient
from pipelines.contract.models import ModelInfo
from tests.desktop.conftest import Scenario, until


class AnyModel:
    """A library that knows every id."""

    def __init__(self, usual: ModelInfo) -> None:
        self._usual = usual

    def resolve(self, model_id: str) -> ModelInfo:
        return replace(self._usual, id=model_id)

    def models(self) -> list[ModelInfo]:
        return [self._usual]


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A choice counts after a moment."""
    monkeypatch.setattr(reading_ahead, "SETTLE_MS", 20)


@pytest.fixture
def client(soon: None, program: Program) -> FakeClient:
    """The program's engine, in front of three models and one that is damaged."""
    assert isinstance(program.client, FakeClient)
    usual = program.library.resolve("starter")
    program.client._library = AnyModel(usual)
    damaged = replace(usual, id="broken", problem="It is damaged.")
    found = [usual, replace(usual, id="one"), replace(usual, id="two"), damaged]
    program.library.refresh = lambda *_: found  # type: ignore[method-assign]
    return program.client


def test_the_model_is_read_when_the_engine_is_up_and_when_another_is_chosen(
    client: FakeClient, program: Program, run: Scenario
) -> None:
    async def scenario() -> None:
        window = program.new_window()
        await program.start_engine()
        await client.start()
        await until(lambda: client.prepared == ["starter"])
        window.form.choose_model("one")
        window.form.choose_model("two")
        await until(lambda: len(client.prepared) == 2)
        await asyncio.sleep(0.1)
        assert client.prepared == ["starter", "two"], "who looks through a list has chosen the last"
        window.form.set(prompt="a boat")
        program.reading_ahead.ask("broken")
        await asyncio.sleep(0.1)
        assert client.prepared == ["starter", "two"]

    run(scenario())


def test_an_engine_that_was_lost_over_a_model_does_not_read_it_again_by_itself(
    client: FakeClient, program: Program, run: Scenario
) -> None:
    async def scenario() -> None:
        window = program.new_window()
        await program.start_engine()
        await client.start()
        await until(lambda: client.prepared == ["starter"])
        client.lose_engine()
        await asyncio.sleep(0.1)
        assert client.prepared == ["starter"], "perhaps it was the model that ended the engine"
        await window.controller.generate()
        await until(lambda: not program.router.jobs)
        client.lose_engine()
        await until(lambda: client.prepared == ["starter", "starter"])

    run(scenario())


def test_who_does_not_want_it_switches_it_off(client: FakeClient, program: Program, run: Scenario) -> None:
    async def scenario() -> None:
        window = program.new_window()
        box: Any = PreferencesDialog(program, window).engine.ahead
        assert box.isChecked()
        assert box.text() == "Read the chosen model ahead"
        box.click()
        assert program.settings.preferences.read_ahead is False
        await program.start_engine()
        await client.start()
        window.form.choose_model("one")
        await asyncio.sleep(0.1)
        assert client.prepared == []
        box.click()
        await until(lambda: client.prepared == ["one"])

    run(scenario())
