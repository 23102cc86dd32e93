"""The console command: what it opens, what it lists, and what it says when something is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.command_line import main
from pipelines.cli import BAD_INPUT, FAILED, OK

_ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("generate", "inpaint", "outpaint", "models", "export", "reproduce", "info", "demo", "bench")


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == OK
    text = capsys.readouterr().out
    assert all(f"    {command}" in text for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == OK
    assert f"handscroll {command}" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == OK
    assert capsys.readouterr().out.startswith("handscroll ")


def test_help_imports_neither_the_window_nor_numbers() -> None:
    code = (
        "import sys; from desktop.command_line import main; main(['--help']); "
        "print([m for m in ('PySide6', 'numpy', 'PIL', 'torch', 'canvas', 'asyncio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_actions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list-actions", "--json"]) == OK
    actions = json.loads(capsys.readouterr().out)
    ids = {action["id"] for action in actions}
    assert {"file.new", "edit.undo", "tool.lasso", "generate.run", "view.fit"} <= ids
    assert all(action.keys() == {"id", "text", "shortcut"} for action in actions)
    assert main(["--list-actions"]) == OK
    assert "file.new" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["bench", "nonsense"], ["--nonsense"], ["--json"], ["export", "a.scroll"]])
def test_bad_arguments_are_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == BAD_INPUT
    error = capsys.readouterr().err
    assert error.startswith("handscroll")
    assert error.count("\n") == 1


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["genrate"]) == BAD_INPUT
    assert "no command of that name" in capsys.readouterr().err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_no_display_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == FAILED
    assert "handscroll demo" in capsys.readouterr().err


def test_a_missing_benchmark_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("desktop.command_line._ROOT", tmp_path)
    assert main(["bench", "canvas"]) == FAILED
    assert "checkout" in capsys.readouterr().err


def test_a_benchmark_runs_as_a_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "benchmarks"
    folder.mkdir(parents=True)
    (folder / "bench_canvas.py").write_text("import sys; sys.exit(7 if sys.argv[1:] == ['--json'] else 8)")
    monkeypatch.setattr("desktop.command_line._ROOT", tmp_path)
    assert main(["bench", "canvas", "--json"]) == 7
    assert main(["bench", "canvas"]) == 8
