"""Live painting in whole windows: actions, bar, which window paints, what is remembered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from canvas.geometry import Bounds
from desktop.generation.live import LiveState
from desktop.generation.live_settings import LivePlace
from desktop.main_window import MainWindow
from desktop.program import Program
from tests.desktop.conftest import Scenario, until

pytestmark = pytest.mark.usefixtures("loop_never_rests")


async def live(window: MainWindow) -> None:
    """On, with its first picture."""
    window.session.document.set_frame(Bounds(0, 0, 128, 128))
    window.actions_by_id["live.toggle"].trigger()
    painting = window.live_commands.painting
    await until(lambda: painting.picture is not None and painting.state is LiveState.RESTING)


def test_actions_and_bar(window: MainWindow, program: Program, run: Scenario) -> None:
    commands, actions = window.live_commands, window.actions_by_id
    bar, painting = commands.bar, commands.painting

    async def use() -> None:
        assert bar.isHidden()
        assert not actions["live.keep"].isEnabled()
        await live(window)
        assert bar.isVisible()
        assert actions["live.toggle"].isChecked()
        assert actions["live.keep"].isEnabled()
        seed = painting.settings.seed
        QTest.mouseClick(bar.seed, Qt.MouseButton.LeftButton)
        assert painting.settings.seed != seed
        bar.strength.setValue(30)
        assert painting.settings.strength == 0.3
        assert bar.strength_figure.text() == "30 %"
        actions["live.place-beside"].trigger()
        assert painting.settings.place is LivePlace.BESIDE
        assert actions["live.place-beside"].isChecked()
        assert bar.opacity.isHidden()
        actions["live.place-over"].trigger()
        await until(lambda: painting.state is LiveState.RESTING)
        bar.keep.click()
        log = window.session.document.generations
        await until(lambda: len(log.records) == 1)
        await until(lambda: len(list(window.session.document.tree.paint_layers())) == 2)
        QTest.mouseClick(bar.stop, Qt.MouseButton.LeftButton)
        assert not painting.on
        assert bar.isHidden()
        assert not actions["live.keep"].isEnabled()

    run(use())
    run(commands.finish())
    assert program.settings.remembered.live["strength"] == 0.3
    assert program.new_window().live_commands.painting.settings.strength == 0.3


def test_a_held_key_shows_the_canvas(window: MainWindow, run: Scenario) -> None:
    painting = window.live_commands.painting

    async def hold() -> None:
        await live(window)
        for kind, hidden in ((QEvent.Type.KeyPress, True), (QEvent.Type.KeyRelease, False)):
            event = QKeyEvent(kind, Qt.Key.Key_QuoteLeft, Qt.KeyboardModifier.NoModifier, "`")
            QApplication.sendEvent(window.view, event)
            assert painting.peeking is hidden
            assert ("live" in window.view._previews) is not hidden

    run(hold())


def test_only_the_window_in_front_paints(window: MainWindow, program: Program, run: Scenario) -> None:
    async def two() -> None:
        await live(window)
        other = program.new_window()
        await live(other)
        first, second = window.live_commands.painting, other.live_commands.painting
        assert first.state is LiveState.ELSEWHERE
        assert second.state is LiveState.RESTING
        begun = first.jobs_begun
        window.form.set(prompt="a boat")
        QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
        assert second.state is LiveState.ELSEWHERE
        await until(lambda: first.jobs_begun == begun + 1)

    run(two())


def test_strokes_are_taken_in_unless_one_says_no(window: MainWindow, program: Program) -> None:
    action = window.actions_by_id["generate.take-in-strokes"]
    assert action.isChecked()
    action.trigger()
    assert not program.settings.preferences.take_in_strokes
    assert not window.live_commands.amending.on
    assert not action.isChecked()


def test_live_jobs_have_no_row_in_the_queue(window: MainWindow, run: Scenario) -> None:
    seen: list[int] = []
    window.program.router.changed.connect(lambda: seen.append(len(window.queue_panel._rows)))
    run(live(window))
    assert seen
    assert max(seen) == 0
