"""What the library knows about its models beside what they are: words, pictures, licences, notes, partners, parts."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import threading
from pathlib import Path

import pytest

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Companion, Family, ModelKind, Prediction
from pipelines.library import companions, families
from pipelines.library.details import EMBEDDED, family_in
from pipelines.library.registry import Library
from pipelines.library.said import Said
from tests.pipelines import header_files as files
from tests.pipelines import model_headers as headers

LORA = {"lora_te2_x.lora_down.weight": (4, 8)}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    ("base", "family"),
    [
        ("SD1", Family.SD1), ("SD 1.5 LCM", Family.SD1), ("SD 2.1 768", Family.SD2), ("SDXL 1.0", Family.SDXL),
        ("Pony", Family.SDXL), ("NoobAI", Family.SDXL), ("SD 3.5 Large", Family.SD3), ("Flux.1 D", Family.FLUX),
        ("Flux.2 D", Family.FLUX2), ("ZImageTurbo", Family.Z_IMAGE), ("Qwen", Family.QWEN_IMAGE),
        ("Wan Video 2.2 TI2V-5B", Family.WAN), ("Unknown", Family.UNKNOWN), ("swan lake", Family.UNKNOWN),
    ],
)  # fmt: skip
def test_the_words_of_sites_name_families(base: str, family: Family) -> None:
    assert family_in(base) is family


def test_a_family_that_the_header_does_not_tell_is_taken_from_the_notes_as_a_guess(tmp_path: Path) -> None:
    mute = {"lora_unet_x.lora_down.weight": (4, 8), "lora_unet_x.lora_up.weight": (8, 4)}
    path = files.write_shapes(tmp_path / "mute.safetensors", mute)
    telling = files.write_shapes(tmp_path / "telling.safetensors", LORA)
    for one in (path, telling):
        one.with_suffix(".json").write_text(json.dumps({"sd version": "SD1"}))
    library = Library([tmp_path])
    infos = {info.name: info for info in library.models({ModelKind.LORA})}
    assert infos["mute"].family is Family.SD1
    assert library.details(infos["mute"].id).family_is_guess
    assert infos["telling"].family is Family.SDXL, "the header knows better"
    assert not library.details(infos["telling"].id).family_is_guess
    assert library.set_family(infos["mute"].id, Family.FLUX).family is Family.FLUX
    assert not library.details(infos["mute"].id).family_is_guess
    assert library.set_family(infos["mute"].id, None).family is Family.SD1, "what was said is taken back"


def test_the_header_s_notes_are_told(tmp_path: Path) -> None:
    frequency = {"10_mona": {"mona": 20, "1girl": 12, "hat": 3}, "5_regs": {"woman": 5}}
    metadata = {
        "ss_tag_frequency": json.dumps(frequency),
        "ss_sd_model_name": "D:\\models\\ponyDiffusionV6XL.safetensors",
        "modelspec.title": "Mona",
        "modelspec.author": "Leo",
        "modelspec.license": "CC-BY 4.0",
        "modelspec.description": "<p>A <b>smile</b> &amp; more</p>",
        "modelspec.thumbnail": "data:image/png;base64," + base64.b64encode(PNG).decode(),
    }
    path = files.write_shapes(tmp_path / "mona.safetensors", LORA, metadata)
    library = Library([tmp_path], starter=None)
    details = library.details(str(path))
    assert details.trigger_words == ("mona", "1girl", "woman")
    assert (details.title, details.author, details.licence) == ("Mona", "Leo", "CC-BY 4.0")
    assert details.description == "A smile & more"
    assert details.base == "ponyDiffusionV6XL.safetensors"
    assert details.thumbnail == EMBEDDED
    assert library.thumbnail(str(path)) == PNG


def test_files_beside_a_model_are_told_and_followed(tmp_path: Path) -> None:
    path = files.write_shapes(tmp_path / "mona.safetensors", LORA)
    library = Library([tmp_path], index=tmp_path / "i.sqlite", starter=None)
    library.models()
    assert library.details(str(path)).trigger_words == ()
    about = {
        "modelId": 42,
        "name": "v2",
        "baseModel": "Illustrious",
        "trainedWords": ["mona lisa, smile", "smile"],
        "model": {"name": "Mona", "allowCommercialUse": ["Image"], "allowNoCredit": False, "description": "x"},
    }
    (tmp_path / "mona.civitai.info").write_text(json.dumps(about))
    (tmp_path / "mona.json").write_text(json.dumps({"activation text": "other", "notes": "weight 0.8"}))
    (tmp_path / "mona.preview.png").write_bytes(PNG)
    library.refresh()
    details = library.details(str(path))
    assert details.trigger_words == ("mona lisa", "smile")
    assert (details.title, details.base, details.note) == ("Mona v2", "Illustrious", "weight 0.8")
    assert details.licence == "commercial use: Image; credit the maker"
    assert details.source == "https://civitai.com/models/42"
    assert library.thumbnail(str(path)) == PNG
    again = Library([tmp_path], index=tmp_path / "i.sqlite", starter=None)
    again.models()
    assert again.details(str(path)) == details


@pytest.mark.parametrize(
    "content", ["{", "[]", "[" * 100_000, '{"trainedWords": 5, "model": [], "creator": 3}', "\x00"]
)
def test_a_damaged_note_is_nothing(tmp_path: Path, content: str) -> None:
    path = files.write_shapes(tmp_path / "mona.safetensors", LORA, {"ss_tag_frequency": content})
    for ending in (".civitai.info", ".json"):
        (tmp_path / f"mona{ending}").write_text(content)
    details = Library([tmp_path], starter=None).details(str(path))
    assert (details.title, details.note) == ("", "")


def test_notes_and_tags_are_the_person_s(tmp_path: Path) -> None:
    shelf, index = tmp_path / "shelf", tmp_path / "i.sqlite"
    shelf.mkdir()
    path = str(files.write_shapes(shelf / "a.safetensors", files.SD1))
    library = Library([shelf], index=index)
    library.set_note(path, "  good at hands ")
    library.set_tags(path, ["anime", "two\nwords", "anime", ""])
    library.set_note("starter", "mine")
    again = Library([shelf], index=index)
    assert again.details(path).note == "good at hands"
    assert again.details(path).tags == ("anime", "two words")
    assert again.details("starter").note == "mine"
    assert again.tags() == {path: ("anime", "two words")}
    again.set_note(path, "")
    again.set_tags(path, [])
    assert again.details(path).note == ""
    assert again.tags() == {}
    with pytest.raises(ModelError, match="no model"):
        again.set_note("nothing", "x")


def test_what_was_said_in_an_older_index_is_kept(tmp_path: Path) -> None:
    index = tmp_path / "i.sqlite"
    path = str(files.write_shapes(tmp_path / "odd.safetensors", {"x": (2,)}))
    with sqlite3.connect(index) as connection:
        connection.execute("CREATE TABLE folders (path TEXT PRIMARY KEY) WITHOUT ROWID")
        connection.execute("CREATE TABLE said (path TEXT PRIMARY KEY, family TEXT NOT NULL) WITHOUT ROWID")
        connection.execute("CREATE TABLE found (path TEXT PRIMARY KEY, size, modified, info) WITHOUT ROWID")
        connection.execute("INSERT INTO folders VALUES (?)", (str(tmp_path),))
        connection.execute("INSERT INTO said VALUES (?, 'sdxl')", (path,))
        connection.execute("PRAGMA user_version = 3")
    connection.close()
    library = Library(index=index, starter=None)
    assert library.folders == [tmp_path]
    assert library.resolve(path).family is Family.SDXL


def test_saying_more_than_the_family(tmp_path: Path) -> None:
    index = tmp_path / "data" / "i.sqlite"
    path = str(files.write_shapes(tmp_path / "odd.safetensors", files.SDXL))
    library = Library([tmp_path], index=index, starter=None)
    library.models()
    said = Said(variant="noobai", prediction=Prediction.V_PREDICTION)
    told = library.say(path, said)
    assert (told.variant, told.prediction, told.family) == ("noobai", Prediction.V_PREDICTION, Family.SDXL)
    assert library.set_family(path, Family.SD1).variant == "noobai"
    again = Library([tmp_path], index=index, starter=None)
    assert again.resolve(path).prediction is Prediction.V_PREDICTION
    assert again.said(path).family is Family.SD1
    assert again.say(path, Said()).variant == ""


def test_what_the_person_said_goes_along_when_a_file_is_moved(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    (shelf / "new").mkdir(parents=True)
    path = files.write_shapes(shelf / "odd.safetensors", {"x": (2,)})
    files.write_shapes(shelf / "other.safetensors", files.SD1)
    library = Library([shelf], index=tmp_path / "i.sqlite", starter=None)
    library.models()
    library.say(str(path), Said(family=Family.SDXL))
    library.set_note(str(path), "mine")
    moved = path.rename(shelf / "new" / "renamed.safetensors")
    assert {info.name: info.family for info in library.refresh()} == {"other": Family.SD1, "renamed": Family.SDXL}
    assert library.details(str(moved)).note == "mine"
    assert {info.name: info.family for info in Library([shelf], index=tmp_path / "i.sqlite").models()}[
        "renamed"
    ] is Family.SDXL


def test_partners_are_of_the_same_family(tmp_path: Path) -> None:
    for name, shapes in (
        ("sdxl", files.SDXL),
        ("sd1", files.SD1),
        ("style", LORA),
        ("word", {"emb_params": (4, 768)}),
        ("sdxl_vae", {"encoder.conv_in.weight": (8, 3, 3, 3), "decoder.conv_in.weight": (8, 4, 3, 3)}),
        ("odd", {"x": (2,)}),
    ):
        files.write_shapes(tmp_path / f"{name}.safetensors", shapes)
    library = Library([tmp_path], starter=None)

    def partners(name: str) -> list[str]:
        return [info.name for info in library.partners((tmp_path / f"{name}.safetensors").as_posix())]

    assert partners("sdxl") == ["sdxl_vae", "style"]
    assert partners("style") == ["sdxl"]
    assert partners("word") == ["sd1"]
    assert partners("odd") == []


def test_an_ip_adapter_is_told_of_every_vision_network(tmp_path: Path) -> None:
    """The engine, in a process of its own, sees no library: what is not sent along is not there."""
    adapter = {"image_proj.proj.weight": (3072, 1024), "ip_adapter.1.to_k_ip.weight": (320, 768)}
    files.write_shapes(tmp_path / "adapter.safetensors", adapter)
    eye = {"visual_projection.weight": (1024, 1280), "vision_model.embeddings.class_embedding": (1280,)}
    files.write_shapes(tmp_path / "clip_vision.safetensors", eye)
    library = Library([tmp_path], starter=None)
    (info,) = library.models({ModelKind.IP_ADAPTER})
    assert [(one.part, Path(one.path).name) for one in info.companions] == [
        ("image_encoder", "clip_vision.safetensors")
    ]
    outside = Library([], starter=None).resolve((tmp_path / "adapter.safetensors").as_posix())
    assert outside.companions == ()


@pytest.fixture
def every_family(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the engine opened single files of every family."""
    for module in (companions, families):
        monkeypatch.setattr(module, "SINGLE_FILES", frozenset(Family))
        monkeypatch.setattr(module, "SUPPORTED", frozenset(Family))


SHELF = {
    "flux1-dev": headers.flux(),
    "clip_l": headers.clip(768),
    "clip_g": headers.clip(1280),
    "t5xxl_fp16": headers.t5(32128),
    "ae": headers.AE,
    "sd3_vae": headers.AE,
    "z_image_turbo": headers.Z_IMAGE,
    "qwen_3_4b": headers.language_model(2560, "q_norm.weight"),
    "qwen_image": headers.QWEN,
    "qwen_2.5_vl_7b": headers.language_model(3584, "q_proj.bias"),
    "qwen_image_vae": headers.WAN_VAE,
    "wan_2.1_vae": headers.WAN_VAE,
    "wan2.1_t2v": headers.wan(16),
    "umt5_xxl": headers.t5(256384),
    "sd3_medium": headers.sd3(24),
    "flux-2-klein-4b": headers.flux2(3072),
    "flux2-vae": {"encoder.conv_in.weight": (8, 3, 3, 3), "decoder.conv_in.weight": (8, 32, 3, 3)},
}
PAIRS = {
    "flux1-dev": {"text_encoder": "clip_l", "text_encoder_2": "t5xxl_fp16", "vae": "ae"},
    "z_image_turbo": {"text_encoder": "qwen_3_4b", "vae": "ae"},
    "qwen_image": {"text_encoder": "qwen_2.5_vl_7b", "vae": "qwen_image_vae"},
    "wan2.1_t2v": {"text_encoder": "umt5_xxl", "vae": "wan_2.1_vae"},
    "flux-2-klein-4b": {"text_encoder": "qwen_3_4b", "vae": "flux2-vae"},
    "sd3_medium": {
        "text_encoder": "clip_l",
        "text_encoder_2": "clip_g",
        "text_encoder_3": "t5xxl_fp16",
        "vae": "sd3_vae",
    },
}


@pytest.mark.usefixtures("every_family")
def test_a_transformer_is_paired_with_its_other_parts(tmp_path: Path) -> None:
    for name, shapes in SHELF.items():
        files.write_shapes(tmp_path / f"{name}.safetensors", shapes)
    library = Library([tmp_path], starter=None)
    for name, expected in PAIRS.items():
        info = library.resolve((tmp_path / f"{name}.safetensors").as_posix())
        assert info.kind is ModelKind.TRANSFORMER
        assert {pair.part: Path(pair.path).stem for pair in info.companions} == expected, name
        assert info.problem == ""
    assert library.models({ModelKind.VAE})[0].companions == ()


@pytest.mark.usefixtures("every_family")
def test_missing_parts_are_named_and_the_person_may_choose(tmp_path: Path) -> None:
    path = files.write_shapes(tmp_path / "flux1-dev.safetensors", headers.flux()).as_posix()
    files.write_shapes(tmp_path / "clip_l.safetensors", headers.clip(768))
    odd = files.write_shapes(tmp_path / "odd.safetensors", {"x": (2,)})
    index = tmp_path / "data" / "i.sqlite"
    library = Library([tmp_path], index=index, starter=None)
    with pytest.raises(ModelError, match=r"T5-XXL \(t5xxl_fp16\.safetensors\) and the VAE of FLUX"):
        library.resolve(path)
    files.write_shapes(tmp_path / "ae.safetensors", headers.AE)
    library.refresh()
    with pytest.raises(ModelError, match=r"Not in the library: the text encoder T5-XXL"):
        library.resolve(path)
    info = library.choose_companion(path, "text_encoder_2", odd)
    assert info.problem == ""
    assert Companion("text_encoder_2", str(odd)) in info.companions
    again = Library([tmp_path], index=index, starter=None)
    assert again.resolve(path).companions == info.companions
    odd.unlink()
    again.refresh()
    with pytest.raises(ModelError, match="which is not there"):
        again.resolve(path)
    assert "T5-XXL" in again.choose_companion(path, "text_encoder_2", None).problem


@pytest.mark.usefixtures("every_family")
def test_a_plain_file_is_preferred_to_a_packed_one(tmp_path: Path) -> None:
    path = files.write_shapes(tmp_path / "flux1-dev.safetensors", headers.flux()).as_posix()
    files.write_shapes(tmp_path / "a_t5xxl_fp8.safetensors", headers.t5(32128), dtype="F8_E4M3")
    library = Library([tmp_path], starter=None)

    def chosen() -> dict[str, str]:
        info = {info.id: info for info in library.refresh()}[path]
        return {pair.part: Path(pair.path).stem for pair in info.companions}

    assert chosen() == {"text_encoder_2": "a_t5xxl_fp8"}
    files.write_shapes(tmp_path / "t5xxl_fp16.safetensors", headers.t5(32128))
    assert chosen() == {"text_encoder_2": "t5xxl_fp16"}


def test_changes_are_noticed(tmp_path: Path) -> None:
    files.write_shapes(tmp_path / "a.safetensors", files.SD1)
    library = Library([tmp_path], starter=None)
    noticed = threading.Event()
    watch = library.watch(noticed.set, every=0.02)
    try:
        files.write_shapes(tmp_path / "b.safetensors", files.SDXL)
        assert noticed.wait(20)
        assert {info.name for info in library.models()} == {"a", "b"}
        noticed.clear()
        files.write_shapes(tmp_path / "a.safetensors", files.SD1_INPAINT)
        os.utime(tmp_path / "a.safetensors", ns=(1, 1))
        assert noticed.wait(20)
        assert library.models()[0].variant == "inpaint"
        noticed.clear()
        (tmp_path / "new" / "folder").mkdir(parents=True)
        files.write_shapes(tmp_path / "new" / "folder" / "c.safetensors", files.SD1)
        assert noticed.wait(20)
    finally:
        watch.stop()
    files.write_shapes(tmp_path / "d.safetensors", files.SD1)
    assert threading.active_count() == len([t for t in threading.enumerate() if t.name != "model folders"])


def test_everything_is_hashed_after_a_restart_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.library import file_hashes

    monkeypatch.setattr(file_hashes, "QUIET", 0.0)
    index = tmp_path / "data" / "i.sqlite"
    paths = [str(files.write_shapes(tmp_path / f"{n}.safetensors", files.SD1)) for n in "abc"]

    def settled(library: Library) -> list[str]:
        others = set(threading.enumerate())  # of other tests' libraries
        library.hash_everything()
        for thread in set(threading.enumerate()) - others:
            thread.join(20)
        return [library.details(path).file_hash for path in paths]

    first = settled(Library([tmp_path], index=index, starter=None))
    assert all(len(found) == 64 for found in first)
    read: list[str] = []
    whole = file_hashes.FileHashes.work_out
    monkeypatch.setattr(
        file_hashes.FileHashes,
        "work_out",
        lambda self, info, rest=0.0: (read.append(info.path), whole(self, info, rest))[1],
    )
    files.write_shapes(tmp_path / "b.safetensors", files.SDXL)
    second = settled(Library([tmp_path], index=index, starter=None))
    assert read == [paths[1]]
    assert second[0] == first[0]
    assert second[1] not in ("", first[1])
