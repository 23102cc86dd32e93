"""Whole windows for tests: real project files, a real library, an engine that paints at once, Qt's own event loop."""

from __future__ import annotations

import asyncio
import gc
import inspect
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from desktop import library_watch, reading_ahead, window_status
from desktop.generation.jobs import JobRouter
from desktop.i18n import Languages
from desktop.main_window import MainWindow
from desktop.program import Parts, Program
from desktop.settings import Folders, Settings
from pipelines.client.fake import FakeClient
from pipelines.library.registry import Library

Scenario = Callable[[Coroutine[Any, Any, Any]], Any]
SECONDS = 60


@pytest.fixture(autouse=True)
def _garbage_stays_here() -> Iterator[None]:
    """A worker thread must not free QObjects; the program has a timer for it (`desktop.collecting`)."""
    gc.disable()
    gc.freeze()  # what was there before needs no second look; it is most of the heap and half of the suite's time
    yield
    gc.collect()
    gc.enable()


class TestLoop(qasync.QEventLoop):
    """Can take itself for running when it has ended: qasync and pytest-qt go on to hand out events, among them the
    steps of tasks and timers that begin tasks. In the program the loop runs whenever there are events."""

    __test__ = False
    never_rests = False

    def run_forever(self) -> int:
        try:
            return super().run_forever()
        finally:
            if self.never_rests:
                asyncio.events._set_running_loop(self)


@pytest.fixture(scope="session")
def qt_loop(qapp: QApplication) -> Iterator[TestLoop]:
    """asyncio on Qt's loop, as in the program."""
    qapp.setQuitOnLastWindowClosed(False)
    loop = TestLoop(qapp)
    yield loop
    loop.close()
    qapp.clipboard().clear()  # offscreen nobody owns it, and Qt crashes when data that Python made outlives Python


@pytest.fixture
def loop_never_rests(request: pytest.FixtureRequest, qt_loop: TestLoop) -> Iterator[None]:
    """For tests whose windows begin tasks by timers: between two runs of the loop events are handed out, too. Tests
    that rely on tools doing their work at once, as they do without a loop, must not ask for it."""
    if inspect.iscoroutinefunction(request.function):  # it has a loop of its own
        yield
        return
    asyncio.events._set_running_loop(qt_loop)
    qt_loop.never_rests = True
    yield
    qt_loop.never_rests = False
    asyncio.events._set_running_loop(None)


@pytest.fixture
def run(qt_loop: TestLoop) -> Scenario:
    """Runs a coroutine to its end on Qt's loop."""

    def runner(work: Coroutine[Any, Any, Any]) -> Any:
        async def limited() -> Any:
            async with asyncio.timeout(SECONDS):
                return await work

        return qt_loop.run_until_complete(limited())

    return runner


async def until(condition: Callable[[], object]) -> None:
    """Waits until it holds; the runner's limit ends it otherwise."""
    while not condition():
        await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def _no_clock_between_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest-qt lets timers fire after a test, when asyncio's loop rests; in the program it never does."""
    monkeypatch.setattr(window_status, "SAMPLE_MS", 24 * 3600 * 1000)
    monkeypatch.setattr(library_watch, "EVERY", 24 * 3600.0)
    monkeypatch.setattr(reading_ahead, "SETTLE_MS", 24 * 3600 * 1000)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "config", tmp_path / "data")


@pytest.fixture
def program(qapp: QApplication, folders: Folders, run: Scenario) -> Iterator[Program]:
    """A program without windows yet; what is open at the end is closed politely."""
    settings = Settings(folders.config / "settings.json")
    settings.update(language="en", show_welcome=False)
    languages = Languages(qapp)
    languages.use("en")
    client = FakeClient()
    made = Program(Parts(qapp, folders, settings, languages, Library(), client, JobRouter(client)))
    yield made

    async def end() -> None:
        made.quit()
        await until(lambda: not made.windows)
        await made.slots.finish()
        await made.close_engine()

    run(end())
    settings.flush()
    languages.use("en")


@pytest.fixture
def window(program: Program, run: Scenario) -> MainWindow:
    """A window with an empty untitled painting and the engine listening."""

    async def open_one() -> MainWindow:
        made = program.new_window()
        await program.start_engine()
        return made

    return run(open_one())
