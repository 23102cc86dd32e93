"""The menu of recent files: shown at once, and without what is no more."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from desktop import window_file
from desktop.main_window import MainWindow
from tests.desktop.conftest import Scenario, until


def shown(window: MainWindow) -> list[str]:
    """The words of the menu, as far as they can be seen."""
    return [one.text() for one in window.recent_menu.actions() if one.isVisible() and not one.isSeparator()][:-1]


def test_files_that_are_gone_leave_the_menu(window: MainWindow, tmp_path: Path, run: Scenario) -> None:
    there, gone = tmp_path / "there.scroll", tmp_path / "gone.scroll"
    there.touch()

    async def scenario() -> None:
        settings = window.program.settings
        settings.clear_recent()
        window.recent_menu.aboutToShow.emit()
        assert shown(window) == ["Nothing yet"]
        for path in (gone, there):
            settings.add_recent(path)
        window.recent_menu.aboutToShow.emit()
        await until(lambda: shown(window) == ["there"])
        there.unlink()
        window.recent_menu.aboutToShow.emit()
        await until(lambda: shown(window) == ["Nothing yet"])

    run(scenario())


def test_a_drive_that_sleeps_keeps_no_menu_waiting(
    window: MainWindow, tmp_path: Path, run: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    awake = threading.Event()
    monkeypatch.setattr(window_file.os.path, "exists", lambda path: awake.wait(10) and Path(path).is_file())

    async def scenario() -> None:
        window.program.settings.clear_recent()
        window.program.settings.add_recent(tmp_path / "far.scroll")
        window.recent_menu.aboutToShow.emit()
        assert shown(window) == ["far"]
        window.recent_menu.aboutToShow.emit()  # made anew while the first look still waits
        awake.set()
        await until(lambda: shown(window) == ["Nothing yet"])

    run(scenario())
