"""Downloads from the command line, and the keys of sites in keyrings that work, are locked, or are not there."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.errors
import pytest

from pipelines import cli
from pipelines.library.downloads.errors import DownloadError
from pipelines.library.downloads.keys import SERVICE, Keys, Site
from pipelines.library.registry import Library, default_index
from tests.pipelines.header_files import write_shapes
from tests.pipelines.model_server import ModelServer, Repo, sites

REPO = "owner/ink-lora"
KEY = "right-key"


class Ring(keyring.backend.KeyringBackend):
    """A keyring as a system's, in memory."""

    priority = 1  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        del self.kept[service, username]

    def _open(self) -> None:
        if self.locked:
            raise keyring.errors.KeyringLocked("locked")


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModelServer]:
    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path / "data"))
    with sites(monkeypatch) as running:
        yield running


@pytest.fixture
def lora(tmp_path: Path) -> bytes:
    return write_shapes(tmp_path / "l.safetensors", {"lora_te2_x.lora_down.weight": (4, 8)}).read_bytes()


def test_a_key_is_kept_by_the_keyring(ring: Ring, server: ModelServer) -> None:
    assert Keys().set(Site.CIVITAI, f"  {KEY}\n") == ""
    assert ring.kept == {(SERVICE, "civitai"): KEY}
    assert Keys().get(Site.CIVITAI) == KEY
    assert Keys().get(Site.HUGGING_FACE) == Keys().get(Site.NONE) == ""
    keys = Keys()
    assert keys.get(Site.CIVITAI) == KEY
    assert keys.set(Site.CIVITAI, "") == ""
    assert keys.get(Site.CIVITAI) == ""
    assert ring.kept == {}


def test_a_locked_keyring_is_a_sentence_and_a_key_for_this_run(ring: Ring, server: ModelServer) -> None:
    ring.locked = True
    keys = Keys()
    assert keys.get(Site.CIVITAI) == ""
    sentence = keys.set(Site.CIVITAI, KEY)
    assert "until the program ends" in sentence
    assert KEY not in sentence
    assert keys.get(Site.CIVITAI) == KEY
    assert Keys().get(Site.CIVITAI) == ""
    assert "old key is still in it" in keys.set(Site.CIVITAI, "")


def test_no_keyring_is_a_sentence_too(ring: Ring, server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())
    assert "no keyring" in Keys().set(Site.CIVITAI, KEY)
    monkeypatch.setitem(sys.modules, "keyring", None)
    keys = Keys()
    assert "no keyring" in keys.set(Site.CIVITAI, KEY)
    assert keys.get(Site.CIVITAI) == KEY


@pytest.mark.parametrize("key", ["two words", "x" * 501, "bell\x07", "键"])
def test_what_can_be_no_key(ring: Ring, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DownloadError, match="no key"):
        Keys().set(Site.CIVITAI, key)
    assert ring.kept == {}
    monkeypatch.setenv("HF_TOKEN", key)
    assert Keys().get(Site.HUGGING_FACE) == ""


def test_a_download_joins_the_library(server: ModelServer, lora: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    server.add_repo(REPO, Repo({"pytorch_lora_weights.safetensors": lora}))
    assert cli.main(["models", "download", REPO, "--yes", "--json"]) == cli.OK
    output = capsys.readouterr()
    place = default_index().parent / "models" / "loras" / "ink-lora.safetensors"
    assert json.loads(output.out)["paths"] == [str(place)]
    assert "Licence: apache-2.0" in output.err
    assert Library(index=default_index()).folders == [default_index().parent / "models"]
    asked = len(server.asked)
    assert cli.main(["models", "download", REPO, "--yes"]) == cli.OK
    assert capsys.readouterr().out == f"{place}\n"
    assert len(server.asked) == asked + 1, "what is there is not fetched again"


def test_the_licence_is_asked_about(
    server: ModelServer, lora: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add_repo(REPO, Repo({"a.safetensors": lora, "b.safetensors": lora + b"x"}))
    download = ["models", "download", REPO]
    assert cli.main(download) == cli.BAD_INPUT
    assert "--file:\n  a.safetensors\n  b.safetensors" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert cli.main([*download, "--file", "a.safetensors"]) == cli.BAD_INPUT
    assert "--yes" in capsys.readouterr().err
    assert not [path for path in server.paths() if "/cdn/" in path]
    assert cli.main([*download, "--file", "no.safetensors"]) == cli.FAILED
    assert cli.main(["models", "download", "1234", "--file", "x"]) == cli.BAD_INPUT


def test_civitai_from_the_command_line(
    server: ModelServer, lora: bytes, ring: Ring, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add_civitai(lora)
    download = ["models", "download", "civitai:1234@5678", "--yes"]
    assert cli.main(download) == cli.FAILED
    assert "CIVITAI_API_KEY" in capsys.readouterr().err
    monkeypatch.setenv("CIVITAI_API_KEY", KEY)
    assert cli.main(download) == cli.OK
    output = capsys.readouterr()
    assert output.out.endswith("ink wash.safetensors\n")
    assert KEY not in output.out + output.err


def test_the_catalogue_needs_no_site(server: ModelServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "catalogue", "--family", "flux", "--json"]) == cli.OK
    rows = json.loads(capsys.readouterr().out)["models"]
    assert {row["family"] for row in rows} == {"flux"}
    assert all(row["needs_network"] and row["licence"] for row in rows)
    assert cli.main(["models", "catalogue", "flux", "repainting"]) == cli.OK
    assert capsys.readouterr().out.startswith("flux-fill ")
    assert cli.main(["models", "catalogue", "flux", "nosuch"]) == cli.BAD_INPUT
    assert "Nothing in the catalogue fits 'flux nosuch'." in capsys.readouterr().err
    assert server.asked == []
