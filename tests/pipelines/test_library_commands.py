"""The library from the command line: every verb, as text and as JSON, and a sentence for every mistake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines import cli
from tests.pipelines import header_files as files


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "shelf"
    folder.mkdir()
    files.write_shapes(folder / "odd.safetensors", {"x": (2,)})
    files.write_shapes(folder / "style.safetensors", {"lora_te2_x.lora_down.weight": (4, 8)})
    assert cli.main(["models", "add", str(folder)]) == cli.OK
    return folder


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert cli.main(["models", *words, "--json"]) == cli.OK
    return json.loads(capsys.readouterr().out)


def _refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert cli.main(["models", *words]) != cli.OK
    return capsys.readouterr().err


def test_list_asks_for_kinds(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [info["name"] for info in _json(capsys, "list")["models"]] == ["Starter", "odd"]
    assert [info["name"] for info in _json(capsys, "list", "--kind", "lora")["models"]] == ["style"]
    assert len(_json(capsys, "list", "--kind", "all")["models"]) == 3


def test_say_is_remembered_and_taken_back(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(shelf / "odd.safetensors")
    told = _json(capsys, "say", path, "--family", "sdxl", "--variant", "pony", "--prediction", "v-prediction")
    assert (told["family"], told["variant"], told["problem"]) == ("sdxl", "pony", "")
    more = _json(capsys, "say", path, "--kind", "lora")
    assert (more["kind"], more["variant"], more["prediction"]) == ("lora", "pony", "v-prediction")
    assert _json(capsys, "say", path, "--forget")["family"] == "unknown"
    assert "Say what the model is" in _refused(capsys, "say", path)
    with pytest.raises(SystemExit, match="2"):
        cli.main(["models", "say", path, "--kind", "nosuch"])
    assert "choose from 'checkpoint'" in capsys.readouterr().err
    assert "no model at" in _refused(capsys, "say", str(shelf / "none"), "--family", "sd1")


def test_remove_forgets_a_folder(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "not one of the library's folders" in _refused(capsys, "remove", str(shelf / "none"))
    assert _json(capsys, "remove", str(shelf))["folders"] == []
    assert (shelf / "odd.safetensors").exists()


@pytest.mark.slow
def test_convert(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import torch

    torch.save({"emb_params": torch.ones(4, 768)}, shelf / "word.pt")
    made = _json(capsys, "convert", str(shelf / "word.pt"))
    assert (made["kind"], made["family"], made["path"]) == ("textual-inversion", "sd1", str(shelf / "word.safetensors"))
    assert "there already" in _refused(capsys, "convert", str(shelf / "word.pt"))
    assert cli.main(["models", "convert", str(shelf / "word.pt"), "--out", str(shelf / "b.safetensors")]) == cli.OK
    assert "textual-inversion" in capsys.readouterr().out
