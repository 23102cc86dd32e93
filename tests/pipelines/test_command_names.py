"""Which model a word on the command line means."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import cli
from pipelines.commands.errors import InputError
from pipelines.commands.finding import find_named
from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelKind
from pipelines.library.families import GENERATION_KINDS
from pipelines.library.registry import Library
from tests.pipelines import header_files as files
from tests.pipelines.model_headers import ADD_ONS


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """`mine`, and two files called `twice`."""
    (tmp_path / "lines").mkdir()
    for name in ("mine", "one/twice", "two/twice"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        files.write_shapes(tmp_path / f"{name}.safetensors", files.SDXL)
    return tmp_path


def test_a_model_is_found_by_its_name_its_id_and_its_path(shelf: Path) -> None:
    library = Library([shelf])
    path = str(shelf / "mine.safetensors")
    assert find_named(library, "mine", GENERATION_KINDS).path == path
    assert find_named(library, path, GENERATION_KINDS).path == path
    assert find_named(library, "starter", GENERATION_KINDS).id == "starter"


def test_a_name_of_several_asks_for_a_path(shelf: Path) -> None:
    with pytest.raises(InputError, match=r"Several models are called twice: .*one.twice.*two.twice.*path of one"):
        find_named(Library([shelf]), "twice", GENERATION_KINDS)


def test_the_wanted_kind_goes_first_and_another_one_is_found_too(shelf: Path) -> None:
    files.write_shapes(shelf / "lines/mine.safetensors", ADD_ONS[0].shapes)
    library = Library([shelf])
    assert find_named(library, "mine", {ADD_ONS[0].kind}).kind is ADD_ONS[0].kind
    assert find_named(library, "mine", GENERATION_KINDS).kind is ModelKind.CHECKPOINT
    assert find_named(Library([shelf / "lines"]), "mine", GENERATION_KINDS).kind is ADD_ONS[0].kind


def test_a_name_that_nothing_has_is_said(shelf: Path) -> None:
    with pytest.raises(ModelError, match="no model 'none'"):
        find_named(Library([shelf]), "none", GENERATION_KINDS)


def test_a_damaged_model_is_named_with_its_fault(shelf: Path) -> None:
    (shelf / "mine.safetensors").write_bytes(b"short")
    with pytest.raises(ModelError, match="mine"):
        find_named(Library([shelf]), "mine", {*GENERATION_KINDS, ModelKind.UNKNOWN})


def test_the_list_says_which_work_only_together_with_a_model(
    shelf: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(shelf / "data"))
    files.write_shapes(shelf / "lines.safetensors", ADD_ONS[0].shapes)
    assert cli.main(["models", "add", str(shelf)]) == cli.OK
    capsys.readouterr()
    assert cli.main(["models", "list", "--kind", "all"]) == cli.OK
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if "used together" in line] == ["lines"]
