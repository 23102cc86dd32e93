"""Settings survive, and damage in their file is no reason not to start."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from desktop.settings import RECENT_LIMIT, Folders, Preferences, Settings


def test_folders_follow_the_environment(tmp_path: Path) -> None:
    told = {"HANDSCROLL_CONFIG_DIR": str(tmp_path / "c"), "HANDSCROLL_DATA_DIR": str(tmp_path / "d")}
    assert Folders.find(told) == Folders(tmp_path / "c", tmp_path / "d")
    assert "handscroll" in str(Folders.find({}).config)


def test_preferences_survive_and_say_what_changed(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "deep" / "settings.json")
    heard: list[set[str]] = []
    settings.changed.connect(heard.append)
    settings.update(theme="light", undo_megabytes=1024)
    settings.update(theme="light")
    assert heard == [{"theme", "undo_megabytes"}]
    settings.flush()
    again = Settings(tmp_path / "deep" / "settings.json")
    assert again.preferences == settings.preferences
    assert again.preferences.theme == "light"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"preferences": 3}', '{"preferences": {"theme": 7, "new": 1}}', "\x00"]
)
def test_a_damaged_file_counts_as_none(tmp_path: Path, text: str, expected_warnings: list[str]) -> None:
    expected_warnings.append("start anew")
    (tmp_path / "settings.json").write_text(text)
    assert Settings(tmp_path / "settings.json").preferences == Preferences()


def test_values_out_of_range_are_brought_back() -> None:
    read = Preferences.from_dict({"undo_megabytes": 1, "engine_threads": -4, "theme": "pink"})
    assert (read.undo_megabytes, read.engine_threads, read.theme) == (16, 0, "dark")


def test_recent_files_are_few_and_fresh(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    paths = [tmp_path / f"{n}.scroll" for n in range(RECENT_LIMIT + 3)]
    for path in paths:
        path.touch()
        settings.add_recent(path)
    settings.add_recent(paths[5])
    assert settings.recent()[0] == paths[5]
    assert len(settings.recent()) == RECENT_LIMIT


def test_the_window_layout_comes_back_as_it_was(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.remember_window(b"\x00\xffgeometry", b"layout\x01")
    settings.flush()
    assert Settings(tmp_path / "settings.json").window == (b"\x00\xffgeometry", b"layout\x01")


def test_a_disk_that_refuses_is_only_noted(tmp_path: Path, expected_warnings: list[str]) -> None:
    expected_warnings += ["could not be written", "start anew"]
    (tmp_path / "file").write_text("in the way")
    settings = Settings(tmp_path / "file" / "settings.json")
    settings.update(theme="light")
    settings.flush()
    assert settings.preferences.theme == "light"


def test_the_file_is_plain_json(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.update(language="zh_CN")
    settings.flush()
    assert json.loads((tmp_path / "settings.json").read_text(encoding="utf-8"))["preferences"]["language"] == "zh_CN"


def test_a_slow_disk_keeps_nobody_waiting_and_gets_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(tmp_path / "settings.json")
    go_on, written = threading.Event(), []
    really = Path.write_text

    def slowly(path: Path, text: str, **how: str) -> int:
        assert threading.current_thread() is not threading.main_thread()
        go_on.wait(10)
        written.append(json.loads(text)["preferences"]["grid_spacing"])
        return really(path, text, **how)

    monkeypatch.setattr(Path, "write_text", slowly)
    for spacing in range(10, 30):
        settings.update(grid_spacing=spacing)
    go_on.set()
    settings.flush()
    assert written in ([10, 29], [29]), "what was overtaken is not written"
    assert Settings(tmp_path / "settings.json").preferences.grid_spacing == 29
