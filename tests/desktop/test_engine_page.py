"""The engine's page of the preferences, and the engine that starts anew by itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from desktop.dialogs.preferences import PreferencesDialog
from desktop.engine_home import ENGINE_PREFERENCES, child_settings
from desktop.machine_words import machine_words
from desktop.program import Program
from desktop.settings import Preferences
from pipelines.client.child import ChildSettings
from pipelines.client.process import ProcessClient
from pipelines.contract.events import EngineReady
from pipelines.library.registry import Library
from tests.desktop.conftest import Scenario, until

_READY = EngineReady("", "cpu", "bf16", 16_000_000_000, "CPU", "x86_64 AVX512", 9_500_000_000)
_ECHO = """
import os, sys
from pipelines.client.wire import pack_event, write_frame
from pipelines.contract.events import EngineReady
out = os.fdopen(os.dup(1), "wb")
write_frame(out, pack_event(EngineReady("", os.environ["HANDSCROLL_DEVICE"], "fp32", 0)))
sys.stdin.buffer.read()
"""


def test_every_choice_of_the_page_reaches_the_engine(monkeypatch: pytest.MonkeyPatch, program: Program) -> None:
    for name in ("DEVICE", "DTYPE", "THREADS", "MEMORY", "MODEL_SHARE", "IDLE_MINUTES"):
        monkeypatch.delenv(f"HANDSCROLL_{name}", raising=False)
    window = program.new_window()
    page = PreferencesDialog(program, window).engine
    page.device.setCurrentIndex(page.device.findData("cpu"))
    page.device.activated.emit(page.device.currentIndex())
    page.dtype.setCurrentIndex(page.dtype.findData("fp32"))
    page.dtype.activated.emit(page.dtype.currentIndex())
    page.memory.setCurrentIndex(page.memory.findData("text-off"))
    page.memory.activated.emit(page.memory.currentIndex())
    page.threads.setValue(3)
    page.models.setValue(20)
    page.idle.setValue(0)
    assert child_settings(program.settings.preferences).environment == {
        "HANDSCROLL_DEVICE": "cpu",
        "HANDSCROLL_DTYPE": "fp32",
        "HANDSCROLL_THREADS": "3",
        "HANDSCROLL_MEMORY": "text-off",
        "HANDSCROLL_MODEL_SHARE": "20",
        "HANDSCROLL_IDLE_MINUTES": "0",
    }
    monkeypatch.setenv("HANDSCROLL_DTYPE", "bf16")
    assert "HANDSCROLL_DTYPE" not in child_settings(program.settings.preferences).environment, "the environment wins"


def test_the_page_says_what_the_engine_runs_on(program: Program) -> None:
    window = program.new_window()
    page = PreferencesDialog(program, window).engine
    assert "not come up" in page.now.text()
    program.router.engine = _READY
    program.router.engine_ready.emit("cpu", "bf16")
    assert page.now.text().splitlines() == [
        "CPU: x86_64 AVX512",
        "Computes in bf16",
        "16.0 GB of memory, 9.5 GB free when it started",
    ]
    model = page.memory.model()
    enabled = {page.memory.itemData(row): bool(model.index(row, 0).flags().value & 32) for row in range(1, 6)}
    assert enabled == {"all": True, "text-off": True, "parts": False, "eight-bits": True, "blocks": False}
    label = window.statusBar().findChild(type(page.now), "statusDevice")
    assert label is not None
    assert "AVX512" in label.toolTip()
    assert machine_words(None) == ()


def test_memory_is_freed_from_the_menu_and_from_the_page(program: Program, run: Scenario) -> None:
    async def scenario() -> None:
        window = program.new_window()
        await program.start_engine()
        window.actions_by_id["models.release"].trigger()
        await until(lambda: "are free again" in window.status.currentMessage())
        page = PreferencesDialog(program, window).engine
        page.release.click()
        await until(lambda: "are free again" in page.freed.text())

    run(scenario())


def test_the_preferences_of_the_engine_are_those_that_it_is_started_with() -> None:
    usual = Preferences()
    assert {name for name in vars(usual) if name.startswith("engine_")} == ENGINE_PREFERENCES


def test_an_engine_with_other_settings_replaces_the_one_that_runs(
    run: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.client import process

    monkeypatch.setattr(process, "_SETTLE", 0.05)

    def settings(device: str) -> ChildSettings:
        return ChildSettings(arguments=("-c", _ECHO), environment={"HANDSCROLL_DEVICE": device})

    async def scenario() -> None:
        client = ProcessClient(Library(), settings("one"))
        heard: list[EngineReady] = []

        async def listen() -> None:
            async for event in client.events():
                assert isinstance(event, EngineReady), event
                heard.append(event)

        listening = asyncio.create_task(listen())
        await client.start()
        await until(lambda: heard)
        first = client.pid
        await asyncio.gather(client.renew(settings("two")), client.renew(settings("three")))
        await until(lambda: len(heard) == 2)
        assert [event.device for event in heard] == ["one", "three"], "what was typed on the way is left out"
        assert client.pid != first
        client._open_jobs["job"] = None
        await client.renew(settings("four"))
        assert len(heard) == 2, "not while a job is open"
        del client._open_jobs["job"]
        await client._replace_outdated()
        await until(lambda: len(heard) == 3)
        assert heard[-1].device == "four"
        await client.close()
        await listening

    run(scenario())
