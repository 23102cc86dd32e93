"""What makes dialogs open at once: imports in a thread, building in slices; and what keeps the window from waiting."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ahead import Ahead, in_slices, polished
from desktop.collecting import GarbageTimer
from desktop.naming import named
from desktop.still_tabs import StillTabs
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


def test_what_was_laid_out_ahead_keeps_its_place_when_it_is_shown(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    tabs = StillTabs(window)
    page = QWidget(tabs)
    label = QLabel("a", page)
    QVBoxLayout(page).addWidget(label)
    tabs.addTab(page, "page")
    QVBoxLayout(window).addWidget(tabs)
    for _ in polished(window):
        pass
    ahead = [one.geometry() for one in (tabs, page, label)]
    assert page.height() > 200
    window.show()
    assert [one.geometry() for one in (tabs, page, label)] == ahead


def test_another_text_in_a_page_does_not_paint_the_other_widgets(qtbot: QtBot) -> None:
    painted: list[str] = []

    class Spy(QLabel):
        def paintEvent(self, event: QPaintEvent) -> None:
            painted.append(self.objectName())
            super().paintEvent(event)

    window = QWidget()
    qtbot.addWidget(window)
    tabs = StillTabs(window)
    page = QWidget(tabs)
    column = QVBoxLayout(page)
    labels = {name: named(Spy("1", page), name) for name in ("changing", "other")}
    for label in labels.values():
        column.addWidget(label)
    tabs.addTab(page, "page")
    QVBoxLayout(window).addWidget(tabs)
    window.show()
    qtbot.waitUntil(lambda: "other" in painted)
    painted.clear()
    labels["changing"].setText("2")
    qtbot.waitUntil(lambda: "changing" in painted)
    qtbot.wait(20)
    assert "other" not in painted
    before = window.minimumSizeHint().height()
    labels["changing"].setMinimumHeight(300)  # but more room is given
    qtbot.waitUntil(lambda: window.minimumSizeHint().height() > before + 200)


def test_garbage_that_was_set_aside_goes_when_the_person_rests() -> None:
    class Node:
        other: Node

    timer = GarbageTimer()
    try:
        node = Node()
        node.other = node
        gone = weakref.ref(node)
        gc.freeze()  # as after a collection
        del node
        gc.collect()
        assert gone() is not None
        timer.collect_all()
        assert gone() is None
    finally:
        timer.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
