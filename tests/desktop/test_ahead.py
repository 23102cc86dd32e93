"""What makes dialogs open at once: imports in a thread, building in slices."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from desktop.ahead import Ahead, in_slices
from tests.desktop.conftest import Scenario


def test_the_window_has_its_turn_between_two_slices(run: Scenario) -> None:
    order: list[str] = []

    def steps() -> Iterator[None]:
        for number in range(3):
            order.append(f"step {number}")
            time.sleep(0.005)
            yield

    async def scenario() -> None:
        asyncio.get_running_loop().call_soon(order.append, "an event of the window")
        await in_slices(steps())

    run(scenario())
    assert order == ["step 0", "an event of the window", "step 1", "step 2"]


def test_modules_are_imported_in_a_thread_once(run: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wanted_later.py").write_text("import threading\nwhere = threading.current_thread().name\n")
    monkeypatch.syspath_prepend(tmp_path)
    owner = QObject()
    imports = Ahead(owner, ("wanted_later",))

    async def scenario() -> None:
        await asyncio.gather(imports(), imports())

    run(scenario())
    assert sys.modules.pop("wanted_later").where != threading.main_thread().name
    run(scenario())
    assert "wanted_later" not in sys.modules, "once is enough"
