"""Hashes of model files: never waited for, right once they are there, forgotten when the file changes."""

from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path

import pytest

from pipelines.library import file_hashes
from pipelines.library.file_hashes import FileHashes
from pipelines.library.index import Index
from pipelines.library.probe import probe
from pipelines.library.registry import Library
from tests.pipelines import header_files as files


def settled() -> None:
    for thread in threading.enumerate():
        if thread.name == "model hashes":
            thread.join(20)


def test_the_hash_comes_later_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_hashes, "QUIET", 0.05)
    path = files.write_shapes(tmp_path / "a.safetensors", files.SD1)
    index = tmp_path / "models.sqlite"
    library = Library([tmp_path], index=index)
    assert library.resolve(str(path)).file_hash == ""
    settled()
    expected = hashlib.sha256(path.read_bytes()).hexdigest()
    assert library.resolve(str(path)).file_hash == expected
    again = Library([tmp_path], index=index)
    assert again.resolve(str(path)).file_hash == expected  # remembered, not read again
    files.write_shapes(path, files.SDXL)
    assert Library([tmp_path], index=index).resolve(str(path)).file_hash == ""
    settled()
    assert (
        Library([tmp_path], index=index).resolve(str(path)).file_hash == hashlib.sha256(path.read_bytes()).hexdigest()
    )
    settled()


def test_a_folder_has_the_hash_of_its_list(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    for name in ("unet", "vae"):
        (folder / name).mkdir(parents=True)
        (folder / name / "weights.safetensors").write_bytes(name.encode() * 5)
    (folder / "model_index.json").write_text("{}")
    lines = [f"{hashlib.sha256(n.encode() * 5).hexdigest()}  {n}/weights.safetensors\n" for n in ("unet", "vae")]
    info = probe(folder)
    assert FileHashes(Index(None)).work_out(info) == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_what_changed_or_went_has_no_hash(tmp_path: Path) -> None:
    path = files.write_shapes(tmp_path / "a.safetensors", files.SD1)
    info = probe(path)
    files.write_shapes(path, files.SDXL)
    hashes = FileHashes(Index(None))
    assert hashes.work_out(info) == ""
    path.unlink()
    assert hashes.work_out(info) == ""


def test_nobody_waits_and_nothing_is_read_while_models_are_asked_for(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(file_hashes, "QUIET", 30.0)
    read: list[str] = []
    monkeypatch.setattr(FileHashes, "work_out", lambda _self, info, _rest: read.append(info.path))
    monkeypatch.setattr(time, "sleep", lambda _seconds: threading.Event().wait(0.02))
    path = files.write_shapes(tmp_path / "a.safetensors", files.SD1)
    hashes = FileHashes(Index(None))
    assert [hashes.of(probe(path)) for _ in range(5)] == [""] * 5
    assert read == []
    monkeypatch.setattr(file_hashes, "QUIET", 0.0)
    settled()
    assert read == [str(path)]
