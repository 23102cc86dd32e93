"""Verifying models: damage is seen by those who know the hash. Single files in the library, pictures of one's own."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from pipelines.contract.errors import JobCancelled, ModelError
from pipelines.contract.models import ModelKind
from pipelines.library.registry import Library
from pipelines.library.verifying import Witness
from tests.pipelines.header_files import SD1, header_bytes, write_shapes


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def trained(path: Path, weights: bytes, said: str) -> Path:
    """A file as kohya's trainer writes it: the hash of what follows the header is in the header."""
    header, length = header_bytes({"a.weight": (len(weights) // 2,)}, {"sshs_model_hash": said})
    assert length == len(weights)
    path.write_bytes(len(header).to_bytes(8, "little") + header + weights)
    return path


def test_every_witness_is_heard(tmp_path: Path) -> None:
    weights = bytes(range(256)) * 10_000
    path = trained(tmp_path / "a.safetensors", weights, sha256(weights))
    library, name = Library(starter=None), path.as_posix()
    told: list[tuple[int, int]] = []
    first = library.verify(name, lambda done, total: told.append((done, total)))
    assert first.file_hash == sha256(path.read_bytes())
    assert first.agrees == (Witness.TRAINER,)
    assert told[-1] == (path.stat().st_size, path.stat().st_size)
    assert len(told) == 3, "a megabyte at a time"
    path.with_suffix(".civitai.info").write_text(
        json.dumps({"files": [{"name": "b", "hashes": {"SHA256": "1" * 64}}, {"name": "a.safetensors", "hashes": {
            "SHA256": first.file_hash.upper()}}]})
    )  # fmt: skip
    assert library.details(name).file_hash == first.file_hash, "what was worked out is known from now on"
    assert library.verify(name).agrees == (Witness.BEFORE, Witness.SITE, Witness.TRAINER)


def test_bytes_that_changed_by_themselves_are_found(tmp_path: Path) -> None:
    """As a failing drive does it: other bytes, the same size and time of change."""
    import os

    weights = bytes(100_000)
    path = trained(tmp_path / "a.safetensors", weights, sha256(weights))
    library, name = Library(starter=None), path.as_posix()
    before, stamp = library.verify(name), path.stat()
    with path.open("r+b") as file:
        file.seek(-5, 2)
        file.write(b"!")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    verdict = library.verify(name)
    assert verdict.differs == (Witness.BEFORE, Witness.TRAINER)
    assert library.details(name).file_hash == before.file_hash, "the damage is not believed"


def test_a_folder_is_verified_by_its_weights_and_can_be_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    (folder / "vae").mkdir(parents=True)
    (folder / "model_index.json").write_text("{}")
    (folder / "vae" / "x.safetensors").write_bytes(b"weights")
    library = Library(starter=None)
    line = f"{sha256(b'weights')}  vae/x.safetensors\n"
    assert library.verify(folder.as_posix()).file_hash == sha256(line.encode())
    with pytest.raises(JobCancelled):
        library.verify(folder.as_posix(), is_cancelled=lambda: True)


def test_a_file_by_itself_can_be_in_the_library(tmp_path: Path) -> None:
    one = write_shapes(tmp_path / "one.safetensors", SD1)
    write_shapes(tmp_path / "two.safetensors", SD1)
    one.with_suffix(".png").write_bytes(b"picture")
    index = tmp_path / "index.sqlite"
    library = Library(index=index, starter=None)
    library.add_folder(one)
    assert [info.name for info in library.models()] == ["one"]
    assert library.thumbnail(one.as_posix()) == b"picture"
    assert [info.name for info in Library(index=index, starter=None).models()] == ["one"], "remembered"
    with pytest.raises(ModelError, match="not a folder"):
        library.add_folder(tmp_path / "nothing.safetensors")
    library.remove_folder(one)
    assert library.models() == []


def test_a_picture_of_ones_own_wins_and_moves_with_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    path = write_shapes(folder / "one.safetensors", SD1)
    path.with_suffix(".png").write_bytes(b"beside")
    library = Library([folder], index=tmp_path / "index.sqlite", starter=None)
    (info,) = library.models(frozenset(ModelKind))
    library.set_thumbnail(info.id, b"own")
    assert library.has_own_thumbnail(info.id)
    assert library.thumbnail(info.id) == b"own"
    moved = folder / "sub" / "one.safetensors"
    moved.parent.mkdir()
    path.rename(moved)
    library.refresh()
    assert library.thumbnail(moved.as_posix()) == b"own"
    library.set_thumbnail(moved.as_posix(), b"")
    assert library.thumbnail(moved.as_posix()) == b""
    with pytest.raises(ModelError, match="too large"):
        library.set_thumbnail(moved.as_posix(), bytes(5_000_000))
