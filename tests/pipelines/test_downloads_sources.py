"""From what a person types to a plan: names, addresses, Hugging Face, Civitai, the catalogue."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from pipelines.contract.models import Family
from pipelines.library.downloads.addresses import CivitaiSource, HubSource, WebSource, parse
from pipelines.library.downloads.catalogue import CatalogueEntry, plan_for, read_catalogue
from pipelines.library.downloads.errors import (
    ChoiceNeededError,
    DownloadError,
    KeyNeededError,
)
from pipelines.library.downloads.file_names import safe_name, safe_path
from pipelines.library.downloads.keys import Keys, Site
from pipelines.library.downloads.plan import Licence, Plan
from pipelines.library.downloads.planning import make_plan
from pipelines.library.downloads.transport import Http
from pipelines.library.families import SUPPORTED
from tests.pipelines.model_server import Blob, ModelServer, Repo, sha256, sites

DATA = random.Random(7).randbytes(300_000)
OTHER = random.Random(8).randbytes(300_000)
QUICK = (0.01,) * 5
KEY = "right-key"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with sites(monkeypatch) as running:
        yield running


# --- names and addresses


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Windows\\evil.safetensors", "evil.safetensors"), (".hidden", "hidden"),
        ("con.safetensors", "_con.safetensors"), ("a\u202eb\x00c.pt", "abc.pt"), ("", "model"), ("...", "model"),
        ("x" * 300 + ".safetensors", "x" * 138 + ".safetensors"), ("墨 1.safetensors", "墨 1.safetensors"),
        ("a:b?.pt", "a_b_.pt"),
    ],
)  # fmt: skip
def test_names_from_outside(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    "path", ["../x", "/etc/x", "a/../../x", "a/./..", "", "unet/.hidden", "a\\b", "a/b/c/d/e/f/g", "nul"]
)
def test_paths_from_outside(path: str) -> None:
    with pytest.raises(DownloadError, match="must not be written"):
        safe_path(path)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("owner/name", HubSource("owner/name")),
        ("hf:owner/name@v2/unet/x.safetensors", HubSource("owner/name", "unet/x.safetensors", "v2")),
        ("owner/name:fp16", HubSource("owner/name", variant="fp16")),
        ("https://huggingface.co/owner/name", HubSource("owner/name")),
        ("https://huggingface.co/owner/name/blob/main/a%20b.sft?download=true", HubSource("owner/name", "a b.sft")),
        ("https://hf.co/owner/name/tree/refs/", HubSource("owner/name", "", "refs")),
        ("civitai:12@34", CivitaiSource(12, 34)),
        ("urn:air:sdxl:lora:civitai:12@34", CivitaiSource(12, 34)),
        ("1234", CivitaiSource(1234)),
        ("https://civitai.com/models/12/ink-wash?modelVersionId=34", CivitaiSource(12, 34)),
        ("https://civitai.com/api/download/models/34?type=Model", CivitaiSource(0, 34)),
        ("https://example.org/m.safetensors", WebSource("https://example.org/m.safetensors")),
    ],
)  # fmt: skip
def test_what_people_type(text: str, source: object) -> None:
    assert parse(text).source == source


def test_a_key_in_an_address_is_taken_out() -> None:
    typed = parse("https://civitai.com/api/download/models/34?token=SECRET")
    assert typed.key == "SECRET"
    assert "SECRET" not in repr(typed.source)


@pytest.mark.parametrize(
    "text", ["", "name", "a/../b", "https://huggingface.co/datasets/a/b", "https://civitai.com/user/x", "a b/c"]
)
def test_what_cannot_be_understood_says_what_can(text: str) -> None:
    with pytest.raises(DownloadError):
        parse(text)


# --- Hugging Face

PIPELINE = {
    "model_index.json": b"{}",
    "README.md": b"read me",
    "scheduler/scheduler_config.json": b"{ }",
    "unet/config.json": b"{  }",
    "unet/diffusion_pytorch_model.safetensors": DATA[:2000],
    "unet/diffusion_pytorch_model.fp16.safetensors": DATA[:1000],
    "unet/diffusion_pytorch_model.bin": DATA[:2001],
    "vae/diffusion_pytorch_model.safetensors": DATA[:500],
    "vae/diffusion_pytorch_model.fp16.bin": DATA[:501],
    "text_encoder/model.safetensors.index.fp16.json": b"{   }",
    "text_encoder/model.fp16-00001-of-00002.safetensors": DATA[:700],
    "text_encoder/model.fp16-00002-of-00002.safetensors": DATA[:701],
    "text_encoder/openvino_model.bin": b"x",
    "safety_checker/model.safetensors": b"x",
    "big_single_file.safetensors": OTHER,
}


def hub_plan(source: HubSource, key: str = "") -> Plan:
    keys = Keys()
    keys.use_for_now(Site.HUGGING_FACE, key)
    return make_plan(source, Http(), keys)


def test_a_diffusers_folder_is_taken_once(server: ModelServer) -> None:
    server.add_repo(
        "owner/pipe", Repo(dict(PIPELINE), {"license": "other", "license_name": "ink", "license_link": "LICENSE"})
    )
    plan = hub_plan(HubSource("owner/pipe", variant="fp16"))
    assert sorted(file.path for file in plan.files) == [
        "model_index.json",
        "scheduler/scheduler_config.json",
        "text_encoder/model.fp16-00001-of-00002.safetensors",
        "text_encoder/model.fp16-00002-of-00002.safetensors",
        "text_encoder/model.safetensors.index.fp16.json",
        "unet/config.json",
        "unet/diffusion_pytorch_model.fp16.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
    ]
    assert (plan.folder, plan.whole) == ("diffusers", "owner--pipe")
    assert plan.licence == Licence("ink", f"{server.url}/owner/pipe/blob/main/LICENSE")
    assert all("/resolve/c0ffee" in file.url and file.digest for file in plan.files)
    plain = {file.path for file in hub_plan(HubSource("owner/pipe")).files}
    assert "unet/diffusion_pytorch_model.safetensors" in plain
    assert "unet/diffusion_pytorch_model.fp16.safetensors" not in plain
    assert {file.path for file in hub_plan(HubSource("owner/pipe", variant="full")).files} == plain


def test_one_file_of_a_repository_gets_a_telling_name(server: ModelServer) -> None:
    server.add_repo("owner/lcm-lora", Repo({"pytorch_lora_weights.safetensors": DATA, "README.md": b"x"}))
    plan = hub_plan(HubSource("owner/lcm-lora"))
    assert [(file.path, file.size) for file in plan.files] == [("lcm-lora.safetensors", len(DATA))]
    assert (plan.folder, plan.whole) == ("loras", "")


def test_several_files_are_a_choice(server: ModelServer) -> None:
    server.add_repo("owner/many", Repo({"a.safetensors": DATA, "b.safetensors": OTHER}))
    with pytest.raises(ChoiceNeededError) as caught:
        hub_plan(HubSource("owner/many"))
    assert [choice.path for choice in caught.value.choices] == ["a.safetensors", "b.safetensors"]
    assert hub_plan(HubSource("owner/many", "b.safetensors")).files[0].size == len(OTHER)


def test_a_gated_repository_says_what_to_do(server: ModelServer) -> None:
    server.add_repo("owner/gated", Repo({"a.safetensors": DATA}, gated="auto", key="token"))
    with pytest.raises(KeyNeededError, match="accepted its terms"):
        hub_plan(HubSource("owner/gated"))
    assert hub_plan(HubSource("owner/gated"), "token").files


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (HubSource("owner/none"), "no such model"), (HubSource("owner/evil"), "must not be written"),
        (HubSource("owner/empty"), "no model files"), (HubSource("owner/empty", "x"), "no 'x'"),
    ],
)  # fmt: skip
def test_repositories_that_cannot_be_had(server: ModelServer, source: HubSource, says: str) -> None:
    evil = {"model_index.json": b"{}", "../config.json": b"{}", "..\\evil/x.json": b"{}"}
    server.add_repo("owner/evil", Repo(evil))
    server.add_repo("owner/empty", Repo({"README.md": b"x"}))
    with pytest.raises(DownloadError, match=says):
        hub_plan(source)


# --- Civitai and elsewhere


def civitai_plan(source: CivitaiSource, key: str = KEY) -> Plan:
    keys = Keys()
    keys.use_for_now(Site.CIVITAI, key)
    return make_plan(source, Http(), keys)


@pytest.mark.parametrize("source", [CivitaiSource(1234), CivitaiSource(1234, 5678), CivitaiSource(0, 5678)])
def test_a_model_of_civitai(server: ModelServer, source: CivitaiSource) -> None:
    server.add_civitai(DATA)
    plan = civitai_plan(source)
    assert plan.title == "Ink Wash · v2"
    assert plan.files[0].path == "ink wash.safetensors"
    assert plan.files[0].digest == f"sha256:{sha256(DATA)}"
    assert (plan.size, plan.estimate) == (None, len(DATA))  # rounded: the server tells
    assert (plan.folder, plan.words, plan.base) == ("loras", ("ink wash",), "SDXL 1.0")
    assert plan.licence.note == "name its maker; merges keep these terms; commercial use: Image"


def test_civitai_cannot_send_the_key_elsewhere(server: ModelServer) -> None:
    server.add_civitai(DATA, downloadUrl="https://evil.example.org/x")
    with pytest.raises(DownloadError, match="another site"):
        civitai_plan(CivitaiSource(1234))


def test_civitai_without_a_fitting_version(server: ModelServer) -> None:
    server.add_civitai(DATA, name="readme.zip")
    with pytest.raises(DownloadError, match="no such version"):
        civitai_plan(CivitaiSource(1234, 1))
    with pytest.raises(DownloadError, match="no model file"):
        civitai_plan(CivitaiSource(1234))


def test_any_address_is_looked_at_first(server: ModelServer) -> None:
    server.blobs["/get"] = Blob(DATA, disposition='attachment; filename="../../4x ink.pth"')
    plan = make_plan(WebSource(f"{server.url}/get?id=3"), Http(), Keys())
    assert (plan.files[0].path, plan.files[0].size, plan.site) == ("4x ink.pth", len(DATA), Site.NONE)
    server.blobs["/page.safetensors"] = Blob(b"<html>", kind="text/html")
    for path in ("/page.safetensors", "/get.exe"):
        server.blobs["/get.exe"] = Blob(DATA)
        with pytest.raises(DownloadError, match="no model file"):
            make_plan(WebSource(server.url + path), Http(), Keys())


# --- the catalogue


def entry(entry_id: str) -> CatalogueEntry:
    return next(one for one in read_catalogue() if one.id == entry_id)


def test_the_catalogue_is_whole() -> None:
    entries = read_catalogue()
    assert len({one.id for one in entries}) == len(entries) >= 40
    families = {one.family.value for one in entries}
    assert families == {str(family) for family in SUPPORTED - {Family.STARTER} | {Family.UNKNOWN}}  # of upscalers
    for one in entries:
        assert one.good_for_in("zh_CN") != one.good_for_in("en") == one.good_for_in("xx")
        assert one.licence.name
        assert one.licence.url.startswith("https://")
        assert one.vram_gb > 0
        assert one.folder == safe_name(one.folder)
        for source in one.sources:
            text = (
                source.repo
                + (f"/{source.path}" if source.path else "")
                + (f":{source.variant}" if source.variant else "")
            )
            assert parse(text).source == source
    assert entry("flux-fill").matches("FLUX fill")
    assert entry("flux-fill").matches("外扩")
    assert not entry("flux-fill").matches("video")


def test_an_entry_of_several_files_is_one_download(server: ModelServer) -> None:
    files = {"models/ip-adapter-plus_sd15.safetensors": DATA, "models/image_encoder/model.safetensors": OTHER}
    server.add_repo("h94/IP-Adapter", Repo(files))
    plan = plan_for(entry("ip-adapter-sd15"), Http(), Keys())
    assert [file.path for file in plan.files] == [
        "ip-adapter-plus_sd15.safetensors",
        "IP-Adapter-image_encoder.safetensors",
    ]
    assert (plan.title, plan.folder, plan.size) == ("IP-Adapter Plus (SD 1.5)", "ipadapter", len(DATA) + len(OTHER))
    assert plan.licence.name == "Apache-2.0"
