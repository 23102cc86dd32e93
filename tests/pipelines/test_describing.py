"""Captioning models: real BLIP, Florence-2 and SmolVLM at small size, in the library and through the engine."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from pipelines import cli
from pipelines.client.wire import (
    Frame,
    Look,
    WireError,
    pack_command,
    pack_event,
    read_frame,
    unpack_command,
    unpack_event,
    write_frame,
)
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.events import (
    Cancelled,
    Described,
    EngineEvent,
    Failed,
    FailureKind,
    Finished,
    Loading,
    Progress,
    Started,
)
from pipelines.contract.looking import DescriptionRequest
from pipelines.contract.models import DescriptionStyle, Family, ModelInfo, ModelKind
from pipelines.contract.request import Pixels
from pipelines.library.downloads.catalogue import plan_for, read_catalogue
from pipelines.library.downloads.keys import Keys
from pipelines.library.downloads.transport import Http
from pipelines.library.families import GENERATION_KINDS
from pipelines.library.probe import probe
from pipelines.library.scan import find_models
from pipelines.planning.description import worth_describing
from pipelines.prompting.captions import listed, plain, tags_of
from tests.pipelines.conftest import Shelf
from tests.pipelines.model_server import Repo, sites
from tests.pipelines.sample_requests import picture, sample

if TYPE_CHECKING:
    from tests.pipelines.studio import Studio

KINDS = ("blip", "florence2", "smolvlm", "idefics3")
STYLES = tuple(DescriptionStyle)


@pytest.fixture(scope="module")
def captioners(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelInfo]:
    """One of each kind as the library knows it."""
    from pipelines.miniatures import captioner

    root = tmp_path_factory.mktemp("captioners")
    captioner.write_blip(root / "blip")
    captioner.write_florence(root / "florence2")
    captioner.write_smolvlm(root / "smolvlm")
    captioner.write_smolvlm(root / "idefics3", first=True)
    return {name: replace(probe(root / name), id=name) for name in KINDS}


@pytest.fixture(scope="module")
def studio(captioners: dict[str, ModelInfo], tiny_models: Shelf) -> Iterator[Studio]:
    from tests.pipelines.studio import Studio

    made = Studio(Shelf(*captioners.values(), *tiny_models.models()))
    yield made
    made.engine.close()


def describe(studio: Studio, model: str, rgba: Pixels, style: DescriptionStyle) -> list[EngineEvent]:
    job = f"words-{model}-{style}-{rgba.sum()}"
    studio.engine.look(job, DescriptionRequest(model, rgba, style))
    return list(studio.events_of(job))


# --- what needs no network


@pytest.mark.slow
def test_the_library_knows_them_and_never_offers_them_as_painters(captioners: dict[str, ModelInfo]) -> None:
    for name, info in captioners.items():
        told = (info.kind, info.family, info.variant, info.problem)
        assert told == (ModelKind.CAPTIONER, Family.UNKNOWN, name, "")
    assert ModelKind.CAPTIONER not in GENERATION_KINDS
    folder = Path(captioners["blip"].path)
    assert set(find_models([folder.parent])) == {folder.parent / name for name in KINDS}


def test_pickles_foreign_code_and_taggers_are_refused_with_a_sentence(tmp_path: Path) -> None:
    blip = {"architectures": ["BlipForConditionalGeneration"], "model_type": "blip"}
    cases: tuple[tuple[str, dict[str, Any], tuple[str, ...], str], ...] = (
        ("pickled", blip, ("pytorch_model.bin",), "Convert it to safetensors"),
        ("empty", blip, (), "no weights"),
        (
            "first-florence",
            {
                "architectures": ["Florence2ForConditionalGeneration"],
                "auto_map": {"AutoConfig": "configuration_florence2.Florence2Config"},
                "vision_config": {"model_type": "davit"},
            },
            ("model.safetensors",),
            "florence-community",
        ),
        ("wd-tagger", {"architecture": "swinv2_base_window8_256"}, ("model.safetensors", "selected_tags.csv"), "timm"),
    )
    for name, config, files, words in cases:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "config.json").write_text(json.dumps(config), "utf-8")
        for file in files:
            (folder / file).write_bytes(b"")
        info = probe(folder)
        assert info.kind is ModelKind.CAPTIONER
        assert words in info.problem, info.problem


def test_what_cannot_be_described_is_refused_before_it_leaves() -> None:
    good = picture(20, 10)
    DescriptionRequest("blip", good).check()
    floats: Any = good.astype(np.float32)
    cases = ((good[..., :3], "RGBA"), (floats, "RGBA"), (np.zeros_like(good), "Nothing is painted"))
    for image, words in cases:
        with pytest.raises(InvalidRequestError, match=words):
            DescriptionRequest("blip", image).check()
    with pytest.raises(InvalidRequestError, match="library"):
        DescriptionRequest("", good).check()


def test_only_what_is_painted_is_shown_and_not_larger_than_useful() -> None:
    rgba = np.zeros((300, 500, 4), np.uint8)
    rgba[100:150, 200:400] = (200, 100, 50, 255)
    assert worth_describing(rgba).shape == (50, 200, 4)
    small = worth_describing(rgba, most=40)
    assert small.shape == (10, 40, 4)
    assert (np.abs(small.astype(int) - (200, 100, 50, 255)) <= 1).all()
    rim = np.zeros((100, 100, 4), np.uint8)
    rim[:, ::2] = (255, 0, 0, 255)
    halves = worth_describing(rim, most=50)
    assert (halves[..., 0] >= 254).all(), "what is transparent lends no colour"
    empty = np.zeros((5, 6, 4), np.uint8)
    assert worth_describing(empty).shape == (5, 6, 4)


def test_sentences_become_tags() -> None:
    said = "A painting of a small boat on the calm lake, with mountains and a Red moon in the background."
    assert tags_of(said) == "small boat, calm lake, mountains, red moon"
    assert tags_of("The image shows two cats sitting on the couch. The cats are black.") == (
        "two cats sitting, couch, cats, black"
    )
    assert tags_of("") == ""
    assert plain("  a boat\n under the moon. ") == "a boat under the moon"
    assert listed("1. Woman in a red dress, lake; lake\n- night.") == "woman in a red dress, lake, night"


def test_requests_and_words_travel() -> None:
    info = ModelInfo("/m/blip", "blip", "/m/blip", ModelKind.CAPTIONER, Family.UNKNOWN, "blip")
    sent = DescriptionRequest("/m/blip", picture(7, 5), DescriptionStyle.TAGS, priority=2)
    back = unpack_command(through(pack_command(Look("job", sent, (info,)))))
    assert isinstance(back, Look)
    assert (back.job_id, back.models, back.request.to_dict()) == ("job", (info,), sent.to_dict())
    assert np.array_equal(back.request.image, sent.image)
    event = Described("job", "a boat \u2028 船", {"tokens": 3})
    assert unpack_event(through(pack_event(event))) == event
    with pytest.raises(WireError):
        unpack_command(Frame({"verb": "look", "look": "description", "job_id": "x", "request": {}, "models": []}))


def through(frame: Frame) -> Frame:
    """The frame as it comes out of a pipe."""
    stream = io.BytesIO()
    write_frame(stream, frame)
    stream.seek(0)
    back = read_frame(stream)
    assert back is not None
    return back


def test_the_catalogue_brings_a_whole_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    small = dict.fromkeys(
        ("config.json", "preprocessor_config.json", "tokenizer_config.json", "tokenizer.json", "merges.txt"), b"{}"
    )
    weights = {"model.safetensors": b"s" * 99, "pytorch_model.bin": b"p" * 99, "tf_model.h5": b"h" * 99}
    entries = [entry for entry in read_catalogue() if entry.kind is ModelKind.CAPTIONER]
    assert {entry.variant for entry in entries} == {"blip", "florence2", "smolvlm"}
    with sites(monkeypatch) as server:
        server.add_repo(
            entries[0].sources[0].repo, Repo({**small, **weights, "onnx/model.onnx": b"o", "README.md": b"r"})
        )
        plan = plan_for(entries[0], Http(), Keys())
    assert plan.folder == "captioners"
    assert plan.whole
    assert {file.path for file in plan.files} == {*small, "model.safetensors", "README.md"}


# --- networks


@pytest.mark.slow
def test_by_the_command_line_in_a_process_of_its_own(
    captioners: dict[str, ModelInfo],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path / "data"))
    files = [tmp_path / "a.png", tmp_path / "b.png"]
    for seed, file in enumerate(files, start=3):
        Image.fromarray(picture(60, 40, seed)).save(file)
    named = [str(file) for file in files]
    assert cli.main(["describe", *named]) == cli.BAD_INPUT
    assert "handscroll models add" in capsys.readouterr().err
    assert cli.main(["describe", named[0], "--model", "starter"]) == cli.BAD_INPUT
    assert "cannot describe" in capsys.readouterr().err
    assert cli.main(["describe", *named, "--model", captioners["blip"].path, "--json"]) == cli.OK
    found = json.loads(capsys.readouterr().out)
    assert [row["picture"] for row in found["rows"]] == named
    assert all(row["text"] for row in found["rows"])


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_words_are_those_of_bare_transformers(kind: str, captioners: dict[str, ModelInfo], studio: Studio) -> None:
    import torch
    import transformers

    from pipelines.engine.captioners import ROWS, Captioner
    from pipelines.engine.picture_preparation import on_white

    info, row = captioners[kind], ROWS[kind]
    bare = getattr(transformers, row.network).from_pretrained(info.path, dtype=torch.float32).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(info.path)
    told = json.loads((Path(info.path) / "preprocessor_config.json").read_text("utf-8"))
    heard: set[str] = set()
    for rgba in (picture(50, 40, 1), np.full((50, 40, 4), 255, np.uint8) - picture(40, 50, 2) // 9):
        rgba[:5] = 0
        events = describe(studio, kind, rgba, DescriptionStyle.SENTENCE)
        end = events[-1]
        assert isinstance(end, Described)
        asked = row.ask(Captioner(info, row, bare, tokenizer, told), on_white(rgba), DescriptionStyle.SENTENCE)
        tokens = bare.generate(**asked, do_sample=False, **row.settings[DescriptionStyle.SENTENCE])[0]
        said = tokenizer.decode(tokens[row.skip(asked) :], skip_special_tokens=True)
        assert end.text == plain(said)
        assert end.facts["tokens"] == sum(isinstance(event, Progress) for event in events) > 0
        assert any(isinstance(event, Started) for event in events)
        heard.add(end.text)
    assert len(heard) == 2, "other pictures, other words"


@pytest.mark.slow
def test_pictures_are_prepared_as_transformers_does(captioners: dict[str, ModelInfo]) -> None:
    import torch
    import transformers

    from pipelines.engine.captioners import ROWS, Captioner
    from pipelines.engine.picture_preparation import prepared

    rgb = np.random.default_rng(5).integers(0, 256, (61, 90, 3), np.uint8)
    shown: Any = Image.fromarray(rgb)
    cases: tuple[tuple[Any, dict[str, Any]], ...] = (
        (transformers.BlipImageProcessorPil, {}),
        (transformers.BlipImageProcessorPil, {"size": {"height": 48, "width": 64}, "resample": 2}),
        (transformers.CLIPImageProcessorPil, {"size": {"height": 768, "width": 768}, "do_center_crop": False}),
        (
            transformers.CLIPImageProcessorPil,
            {
                "size": {"shortest_edge": 40},
                "do_center_crop": True,
                "crop_size": {"height": 32, "width": 32},
                "image_mean": [0.5, 0.4, 0.3],
                "image_std": [0.5, 0.2, 0.1],
            },
        ),
        (
            transformers.CLIPImageProcessorPil,
            {"do_center_crop": False, "do_normalize": False, "size": {"height": 9, "width": 8}},
        ),
    )
    for processor, said in cases:
        theirs = np.asarray(processor(**said)(images=shown, return_tensors="np")["pixel_values"][0])
        ours = prepared(rgb, said)
        spread = min(said.get("image_std", [0.26])) if said.get("do_normalize", True) else 1.0
        assert ours.shape == theirs.shape
        assert np.abs(ours - theirs).max() * spread <= 1 / 255
    # Florence-2's own processor: the same marks for the picture, the same question.
    info, row = captioners["florence2"], ROWS["florence2"]
    network = transformers.Florence2ForConditionalGeneration.from_pretrained(info.path)
    tokenizer = transformers.AutoTokenizer.from_pretrained(info.path, extra_special_tokens={"image_token": "<image>"})
    told = json.loads((Path(info.path) / "preprocessor_config.json").read_text("utf-8"))
    images: Any = transformers.CLIPImageProcessorPil.from_pretrained(info.path)
    images.image_seq_length = told["image_seq_length"]
    processor: Any = transformers.Florence2Processor(image_processor=images, tokenizer=tokenizer)
    theirs = processor(images=shown, text="<CAPTION>", return_tensors="pt", add_special_tokens=False)
    ours_in = row.ask(Captioner(info, row, network, tokenizer, told), rgb, DescriptionStyle.SENTENCE)
    assert torch.equal(ours_in["input_ids"], theirs["input_ids"])
    assert (ours_in["pixel_values"] - theirs["pixel_values"]).abs().max() * 0.22 <= 1 / 255


@pytest.mark.slow
def test_every_style_says_something_else(studio: Studio) -> None:
    ends = [describe(studio, "blip", picture(40, 40, 7), style)[-1] for style in STYLES]
    assert len({end.text for end in ends if isinstance(end, Described)}) == len(STYLES)


@pytest.mark.slow
def test_a_model_stays_until_something_is_painted(studio: Studio) -> None:
    def loads(seed: int) -> int:
        events = describe(studio, "blip", picture(40, 40, seed), DescriptionStyle.SENTENCE)
        return sum(isinstance(event, Loading) for event in events)

    loads(20)
    assert loads(21) == 0
    assert isinstance(studio.end_of(sample(width=64, height=64, num_inference_steps=1)), Finished)
    assert loads(22) == 1


@pytest.mark.slow
def test_it_is_cancelled_between_words_and_the_next_job_runs(studio: Studio) -> None:
    def cancel(event: EngineEvent) -> None:
        if isinstance(event, Progress) and event.job_id == "stop" and event.step == 3:
            studio.engine.cancel("stop")

    studio.listen = cancel
    studio.engine.look("stop", DescriptionRequest("florence2", picture(40, 40, 9)))
    events = list(studio.events_of("stop"))
    studio.listen = lambda _event: None
    assert isinstance(events[-1], Cancelled)
    assert max(event.step for event in events if isinstance(event, Progress)) == 3
    assert isinstance(describe(studio, "florence2", picture(40, 40, 8), DescriptionStyle.TAGS)[-1], Described)


@pytest.mark.slow
def test_faults_are_sentences(
    studio: Studio, captioners: dict[str, ModelInfo], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = describe(studio, "sd1", picture(30, 30), DescriptionStyle.SENTENCE)[-1]
    assert isinstance(end, Failed)
    assert (end.kind, "cannot describe" in end.sentence) == (FailureKind.MODEL_UNUSABLE, True)
    end = describe(studio, "nowhere", picture(30, 30), DescriptionStyle.SENTENCE)[-1]
    assert isinstance(end, Failed)
    assert end.kind is FailureKind.MODEL_MISSING

    from pipelines.engine.captioners import Captioner

    def scarce(*_: Any) -> str:
        raise RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes")

    with monkeypatch.context() as patch:
        patch.setattr(Captioner, "describe", scarce)
        end = describe(studio, "blip", picture(30, 30, 30), DescriptionStyle.SENTENCE)[-1]
    assert isinstance(end, Failed)
    assert (end.kind, "captioning model" in end.sentence) == (FailureKind.OUT_OF_MEMORY, True)
    assert isinstance(describe(studio, "blip", picture(30, 30, 31), DescriptionStyle.SENTENCE)[-1], Described)


@pytest.mark.slow
def test_damaged_models_are_refused_with_a_sentence(captioners: dict[str, ModelInfo], tmp_path: Path) -> None:
    import shutil

    import torch

    from pipelines.contract.errors import ModelError
    from pipelines.engine.captioners import load_captioner
    from pipelines.engine.memory import Device

    device = Device("cpu", torch.float32, 1, 2**30)
    whole = Path(captioners["blip"].path)
    for file, words in (
        ("tokenizer.json", "vocabulary"),
        ("config.json", "cannot be read"),
        ("model.safetensors", "whole"),
    ):
        folder = tmp_path / file
        shutil.copytree(whole, folder)
        if file == "tokenizer.json":
            (folder / file).unlink()
        else:
            (folder / file).write_bytes((folder / file).read_bytes()[:100])
        info = replace(captioners["blip"], path=str(folder))
        with pytest.raises(ModelError, match=words):
            load_captioner(info, device, lambda: None)
