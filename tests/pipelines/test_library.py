"""The model library: scanning in place, remembering, resolving, and surviving what disks do."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.library.registry import Library, default_index
from pipelines.library.scan import MAX_DEPTH, find_models
from tests.pipelines import header_files as files


def _names(infos: list[ModelInfo]) -> list[str]:
    return [info.name for info in infos]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    (folder / "deep").mkdir(parents=True)
    files.write_shapes(folder / "zebra.safetensors", files.SD1)
    files.write_shapes(folder / "deep" / "Apple.safetensors", files.SDXL)
    files.write_shapes(folder / "style.safetensors", {"lora_te2_x.lora_down.weight": (4, 8)})
    files.write_raw(folder / "broken.safetensors", b"{")
    (folder / "old.ckpt").write_bytes(b"x")
    (folder / "readme.txt").write_text("x")
    return folder


def test_the_starter_comes_first_then_names(shelf: Path) -> None:
    models = Library([shelf]).models()
    assert _names(models) == ["Starter", "Apple", "broken", "old", "zebra"]
    assert [bool(info.problem) for info in models] == [False, False, True, True, False]


def test_other_kinds_are_asked_for_by_name(shelf: Path) -> None:
    assert _names(Library([shelf]).models({ModelKind.LORA})) == ["style"]


def test_resolve(shelf: Path, tmp_path: Path) -> None:
    library = Library([shelf])
    assert library.resolve("starter").family is Family.STARTER
    assert library.resolve((shelf / "zebra.safetensors").as_posix()).family is Family.SD1
    elsewhere = files.write_shapes(tmp_path / "elsewhere.safetensors", files.SDXL)
    assert library.resolve(str(elsewhere)).family is Family.SDXL
    starter = library.resolve("starter").path
    assert library.resolve(starter).id == "starter"


def test_resolve_explains_what_it_refuses(shelf: Path) -> None:
    library = Library([shelf])
    library.models()
    with pytest.raises(ModelError, match="no model 'nonsense'"):
        library.resolve("nonsense")
    with pytest.raises(ModelError, match="damaged"):
        library.resolve((shelf / "broken.safetensors").as_posix())
    with pytest.raises(ModelError, match="can run code"):
        library.resolve((shelf / "old.ckpt").as_posix())
    (shelf / "zebra.safetensors").unlink()
    with pytest.raises(ModelError, match="no model"):
        library.resolve((shelf / "zebra.safetensors").as_posix())


def test_a_missing_starter_is_explained(tmp_path: Path) -> None:
    library = Library(starter=tmp_path / "gone")
    assert library.models() == []
    with pytest.raises(ModelError, match="not installed"):
        library.resolve("starter")


def test_folders_are_remembered_and_forgotten(shelf: Path, tmp_path: Path) -> None:
    index = tmp_path / "data" / "models.sqlite"
    Library(index=index).add_folder(shelf)
    again = Library(index=index)
    assert again.folders == [shelf]
    assert "zebra" in _names(again.models())
    again.remove_folder(shelf)
    assert _names(again.models()) == ["Starter"]
    assert Library(index=index).folders == []
    with pytest.raises(ModelError, match="not a folder"):
        again.add_folder(shelf / "readme.txt")


def test_refresh_sees_what_changed(shelf: Path, tmp_path: Path) -> None:
    library = Library([shelf], index=tmp_path / "i.sqlite")
    library.models()
    (shelf / "zebra.safetensors").unlink()
    path = files.write_shapes(shelf / "deep" / "Apple.safetensors", files.SD1_INPAINT)
    os.utime(path, ns=(1, 1))
    files.write_shapes(shelf / "new.safetensors", files.SD1)
    models = {info.name: info for info in library.refresh()}
    assert models.keys() == {"Starter", "Apple", "broken", "old", "new"}
    assert models["Apple"].variant == "inpaint"


def test_unchanged_files_are_not_opened_again(shelf: Path, tmp_path: Path) -> None:
    index = tmp_path / "i.sqlite"
    Library([shelf], index=index).models()
    path = shelf / "zebra.safetensors"
    status = path.stat()
    path.write_bytes(b"\0" * status.st_size)  # damaged, but of the same size and time
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert {info.name: info.family for info in Library([shelf], index=index).models()}["zebra"] is Family.SD1


def test_what_the_person_says_is_remembered(shelf: Path, tmp_path: Path) -> None:
    index = tmp_path / "i.sqlite"
    path = files.write_shapes(shelf / "odd.safetensors", {"x": (2,)})
    library = Library([shelf], index=index)
    assert {info.name: info for info in library.models()}["odd"].problem
    said = library.set_family(path.as_posix(), Family.SDXL)
    assert said.problem == ""
    assert library.resolve(path.as_posix()) == said
    again = Library([shelf], index=index)
    assert again.resolve(path.as_posix()).family is Family.SDXL  # before any scan
    assert {info.name: info for info in again.models()}["odd"] == said
    os.utime(path, ns=(5, 5))
    assert {info.name: info for info in again.refresh()}["odd"].family is Family.SDXL
    assert again.set_family(path.as_posix(), None).family is Family.UNKNOWN
    with pytest.raises(ModelError, match="starter"):
        again.set_family("starter", Family.SD1)


@pytest.mark.parametrize("damage", ["rubbish", "middle", "empty"])
def test_a_damaged_index_is_rebuilt(shelf: Path, tmp_path: Path, damage: str) -> None:
    index = tmp_path / "i.sqlite"
    Library(index=index).add_folder(shelf)
    data = bytearray(index.read_bytes())
    if damage == "rubbish":
        index.write_bytes(os.urandom(len(data)))
    elif damage == "middle":
        data[120:4096] = os.urandom(4096 - 120)
        index.write_bytes(data)
    else:
        index.write_bytes(b"")
    library = Library([shelf], index=index)
    assert "zebra" in _names(library.models())
    library.add_folder(shelf)
    assert Library(index=index).folders == [shelf]


def test_folders_survive_a_damage_elsewhere_in_the_index(shelf: Path, tmp_path: Path) -> None:
    index = tmp_path / "i.sqlite"
    Library(index=index).add_folder(shelf)
    with sqlite3.connect(index) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'found'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    data = bytearray(index.read_bytes())
    data[(page - 1) * size : page * size] = b"\xff" * size
    index.write_bytes(data)
    library = Library(index=index)
    assert library.folders == [shelf]
    assert "zebra" in _names(library.models())
    assert index.with_name("i.sqlite.damaged").exists()


def test_an_index_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ModelError, match="index"):
        Library(index=tmp_path / "file" / "i.sqlite").models()


def test_many_threads_may_call(shelf: Path, tmp_path: Path) -> None:
    library = Library([shelf], index=tmp_path / "i.sqlite")
    odd = files.write_shapes(shelf / "odd.safetensors", {"x": (2,)})
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for _ in range(5):
                library.refresh()
                library.resolve((shelf / "zebra.safetensors").as_posix())
                library.set_family(odd.as_posix(), (Family.SD1, Family.SDXL)[number % 2])
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            faults.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_scan_does_not_look_into_models_or_hidden_folders(tmp_path: Path) -> None:
    (tmp_path / "model" / "unet").mkdir(parents=True)
    (tmp_path / "model" / "model_index.json").write_text("{}")
    files.write_shapes(tmp_path / "model" / "unet" / "diffusion_pytorch_model.safetensors", {})
    (tmp_path / ".cache").mkdir()
    files.write_shapes(tmp_path / ".cache" / "hidden.safetensors", {})
    assert list(find_models([tmp_path])) == [tmp_path / "model"]


def test_scan_is_bounded_and_follows_no_loop(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(MAX_DEPTH + 2):
        folder = folder / "d"
    folder.mkdir(parents=True)
    files.write_shapes(folder / "too-deep.safetensors", {})
    files.write_shapes(tmp_path / "here.safetensors", {})
    (tmp_path / "d" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "d" / "broken").symlink_to(tmp_path / "nothing")
    other = tmp_path / "d" / "linked.safetensors"
    other.symlink_to(tmp_path / "here.safetensors")
    assert list(find_models([tmp_path, tmp_path / "d", tmp_path / "not-there"])) == [
        tmp_path / "here.safetensors",
        other,
    ]


def test_the_index_lies_where_the_data_dir_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path))
    assert default_index().parent == tmp_path
    monkeypatch.delenv("HANDSCROLL_DATA_DIR")
    assert "handscroll" in str(default_index())
