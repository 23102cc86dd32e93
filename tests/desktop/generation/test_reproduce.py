"""Reproducing a record: the verdict, what changed, and that the log and the file say so."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.project.project import Project
from canvas.selection import Selection
from desktop.generation.apply import keep_candidate, make_record
from desktop.generation.capture import Capture, capture
from desktop.generation.factors import changed_factors, factors_sentence, verdict_sentence
from desktop.generation.form import GenerationSettings
from desktop.generation.likeness import Likeness, Verdict, compare, worst
from desktop.generation.reproduce import Outcome, Reproduction, keep
from desktop.reproduce_command import ANOTHER_PICTURE, engine_environment, reproduce
from pipelines.client.inline import InlineClient
from pipelines.commands.errors import InputError
from pipelines.contract.engine import EngineClient
from pipelines.contract.errors import ModelError
from pipelines.contract.events import EngineEvent, Failed, Finished
from pipelines.contract.request import GenerationRequest, RegionPrompt, Task
from pipelines.engine.engine import Engine
from pipelines.library.registry import Library
from tests.desktop.generation.test_controller import Trip, generate, until


def noisy(seed: int, amount: int, side: int = 64) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rgba = np.full((side, side, 4), 128, np.int16)
    rgba[..., :3] += rng.integers(-amount, amount + 1, (side, side, 3))
    rgba[..., 3] = 255
    return rgba.astype(np.uint8)


def test_the_verdict_follows_what_the_eye_sees() -> None:
    picture = noisy(1, 20)
    assert compare(picture, picture.copy()) == Likeness(Verdict.IDENTICAL)
    slightly = picture.copy()
    slightly[..., 0] += 1
    close = compare(picture, slightly)
    assert close.verdict is Verdict.ALIKE
    assert 0 < close.mean < 1
    assert compare(picture, noisy(2, 100)).verdict is Verdict.DIFFERENT
    spot = picture.copy()
    spot[:10, :10, :3] = 255 - spot[:10, :10, :3] // 4  # a new thing in 2 % of the picture
    found = compare(picture, spot)
    assert found.mean < 2.3
    assert found.verdict is Verdict.DIFFERENT
    assert compare(picture, picture[:32]).verdict is Verdict.DIFFERENT


def test_known_colour_differences_are_measured() -> None:
    black, white = np.zeros((8, 8, 4), np.uint8), np.full((8, 8, 4), 255, np.uint8)
    black[..., 3] = 255
    assert compare(black, white).mean == pytest.approx(100, abs=0.1)
    red, green = black.copy(), black.copy()
    red[..., 0], green[..., 1] = 255, 255
    assert compare(red, green).mean == pytest.approx(170.6, abs=0.5)  # CIE 1976 of the two primaries of sRGB


def test_only_what_is_painted_counts() -> None:
    before = noisy(3, 10)
    before[:, 32:, 3] = 0
    now = before.copy()
    now[:, 32:, :3] = 7  # colours nobody sees
    assert compare(before, now).verdict is Verdict.ALIKE
    assert compare(before, now).largest == 0
    now[:, 32:, 3] = 255
    assert compare(before, now).verdict is Verdict.DIFFERENT


FACTS: dict[str, Any] = {
    "model_hash": "a", "weights_hash": "w", "device": "cpu", "dtype": "bf16", "threads": 4, "processor": "x86_64 AVX2",
    "scheduler": {"class": "DDIMScheduler", "config_hash": "1"}, "versions": {"torch": "2.9", "diffusers": "0.38"},
    "files": {"starter": {"sha256": "whole"}}, "amended": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, []),
        ({"dtype": "fp32"}, ["dtype"]),
        ({"device": "cuda", "dtype": "fp16"}, ["device", "dtype"]),
        ({"model_hash": "b", "weights_hash": "v"}, ["model", "weights"]),
        ({"scheduler": {"class": "DDIMScheduler", "config_hash": "2"}}, ["scheduler"]),
        ({"versions": {"torch": "2.10", "diffusers": "0.38"}, "threads": 2}, ["threads", "torch"]),
        ({"files": {"starter": {"sha256": "other"}}}, ["weights"]),
        ({"files": {"starter": {"sha256": ""}}}, []),
        ({"amended": [{"step": 3, "box": [1, 2, 3, 4]}]}, ["amended"]),
        ({"rung": "tiled", "versions": {"transformers": "5", "torch": "2.9", "diffusers": "0.38"}}, []),
    ],
)
def test_what_changed_is_named(changes: dict[str, Any], names: list[str]) -> None:
    factors = changed_factors(FACTS, {**FACTS, **changes})
    assert [factor.name for factor in factors] == names
    sentence = factors_sentence(factors, [Likeness(Verdict.DIFFERENT, 5, 9, 12)])
    assert ("Not as it was" in sentence) is bool(names)
    hidden = ("model", "weights", "scheduler", "amended")
    assert all(factor.now in sentence for factor in factors if factor.name not in hidden)


def test_sentences() -> None:
    assert verdict_sentence([Likeness(Verdict.IDENTICAL)]) == "Identical, bit for bit."
    assert "ΔE 0.40" in verdict_sentence([Likeness(Verdict.IDENTICAL), Likeness(Verdict.ALIKE, 0.4, 1.2, 3.0)])
    assert verdict_sentence([Likeness(Verdict.DIFFERENT, 9.0, 30.0, 50.0)]).startswith("Different")
    assert worst([Likeness(Verdict.ALIKE, 2), Likeness(Verdict.IDENTICAL)]).verdict is Verdict.ALIKE


async def run_reproduction(trip: Trip, record_id: str, models: tuple[str, ...] = ("starter",)) -> Outcome | str:
    reproduction = Reproduction(trip.session, trip.router, record_id)
    found: list[Outcome | str] = []
    reproduction.ended.connect(found.append)
    reproduction.failed.connect(found.append)
    await reproduction.run(models)
    return found[0]


async def test_a_reproduction_is_logged_as_a_child_with_its_verdict(trip: Trip) -> None:
    trip.document.set_selection(Selection.rectangle(Bounds(10, 10, 100, 80)))
    await generate(trip)
    original = trip.document.generations.records[-1]
    outcome = await run_reproduction(trip, original.id)
    assert isinstance(outcome, Outcome)
    assert [one.verdict for one in outcome.likenesses] == [Verdict.IDENTICAL] * 2
    assert outcome.sentences() == "Identical, bit for bit."
    made = trip.document.generations.records[-1]
    assert outcome.record == made
    assert (made.parent_id, made.request, made.inputs) == (original.id, original.request, original.inputs)
    assert made.candidates == original.candidates
    assert made.facts["reproduction"]["verdict"] == "identical"
    assert "Identical" in trip.document.generations.annotation(made.id).note
    await asyncio.wrap_future(trip.session.project.flush())
    copy = trip.session.path.with_name("copy.scroll")
    await asyncio.wrap_future(trip.session.project.save_as(copy))
    steps = len(list(trip.document.tree.paint_layers()))
    keep(trip.session, outcome, 1)
    assert len(list(trip.document.tree.paint_layers())) == steps + 1
    assert trip.document.generations.kept(made.id) == (1,)


async def test_another_picture_is_told_as_such(trip: Trip) -> None:
    await generate(trip)
    made = trip.document.generations.records[-1]
    await asyncio.wrap_future(trip.session.project.flush())
    request = {**made.request, "prompt": "something else"}
    forged = replace(made, id="e" * 32, request=request, facts={"device": "abacus"})
    trip.document.generations.append(forged)
    outcome = await run_reproduction(trip, forged.id)
    assert isinstance(outcome, Outcome)
    assert worst(outcome.likenesses).verdict is Verdict.DIFFERENT
    assert [factor.name for factor in outcome.factors] == ["device"]
    assert "the device (abacus → fake)" in outcome.sentences()


async def test_what_cannot_be_reproduced_is_said(trip: Trip) -> None:
    await generate(trip)
    made = trip.document.generations.records[-1]
    assert "'starter'" in str(await run_reproduction(trip, made.id, models=()))
    empty = replace(made, id="d" * 32, candidates=(), status="failed", sentence="Memory ran out.")
    trip.document.generations.append(empty)
    assert "Memory ran out." in str(await run_reproduction(trip, empty.id))
    newer = replace(made, id="c" * 32, request={**made.request, "warp": 3})
    trip.document.generations.append(newer)
    assert "'warp'" in str(await run_reproduction(trip, newer.id))
    assert "no generation" in str(await run_reproduction(trip, "nobody"))


async def test_a_reproduction_can_be_cancelled(trip: Trip) -> None:
    await generate(trip)
    made = trip.document.generations.records[-1]
    trip.client.script.hold = asyncio.Event()
    reproduction = Reproduction(trip.session, trip.router, made.id)
    found: list[str] = []
    reproduction.failed.connect(found.append)
    running = asyncio.get_running_loop().create_task(reproduction.run(("starter",)))
    await until(lambda: bool(trip.router.jobs))
    reproduction.cancel()
    trip.client.script.hold.set()
    await running
    assert found == ["The reproduction was cancelled."]
    assert trip.document.generations.records[-1].status == "cancelled"


def test_the_engine_is_told_to_compute_as_it_did_then(monkeypatch) -> None:
    monkeypatch.delenv("HANDSCROLL_THREADS", raising=False)
    facts = {"device": "cpu", "dtype": "bf16", "threads": 1}
    told = {"HANDSCROLL_DEVICE": "cpu", "HANDSCROLL_DTYPE": "bf16", "HANDSCROLL_THREADS": "1"}
    assert engine_environment(facts, "", "") == told
    assert engine_environment(facts, "", "fp32")["HANDSCROLL_DTYPE"] == "fp32"
    assert engine_environment({"device": "cuda", "dtype": "fp16", "threads": 4096}, "", "") == {}


# --- the real engine


def build_model(folder: Path, *, trained_further: bool = False) -> None:
    """A tiny Stable Diffusion on disk; trained further, it has other weights in the same shapes."""
    import torch

    from pipelines.miniatures.sd import sd1_pipeline

    pipe = sd1_pipeline()
    if trained_further:
        with torch.no_grad():
            for weights in pipe.unet.parameters():
                weights.add_(torch.randn(weights.shape, generator=torch.Generator().manual_seed(3)) * 0.05)
    pipe.save_pretrained(folder)


async def finished(events: AsyncIterator[EngineEvent], job: str) -> Finished:
    async for event in events:
        assert not isinstance(event, Failed), event.sentence
        if isinstance(event, Finished) and event.job_id == job:
            return event
    raise AssertionError("the engine ended")


def with_regions(captured: Capture) -> Capture:
    """The same in two regions, as a variation: what a record must keep beside image and mask."""
    size = (captured.request.height, captured.request.width)
    masks = np.tri(*size, dtype=np.uint8) * 255, 255 - np.tri(*size, dtype=np.uint8) * 255
    regions = tuple(RegionPrompt(word, mask) for word, mask in zip(("moon, night", "moon, day"), masks, strict=True))
    request = replace(captured.request, regions=regions, variation_seed=5, variation_strength=0.2, canvas_noise=True)
    return replace(captured, request=request)


async def paint_with_the_real_engine(path: Path, model: Path) -> None:
    """A project with a picture made from words and one painted into a selection."""
    library = Library(starter=None)
    client = InlineClient(library, Engine)
    project = Project.create(path, Document.new(Bounds(0, 0, 64, 64)))
    document = project.document
    compositor = Compositor(document, QColor("white"))
    events = client.events()
    try:
        for selection in (Selection.none(), Selection.rectangle(Bounds(16, 16, 24, 24))):
            document.set_selection(selection)
            settings = GenerationSettings(
                prompt="moon", model=str(model), random_seed=False, seed=11, num_images_per_prompt=2,
                num_inference_steps=2, mask_feather=4,
            )  # fmt: skip
            captured = with_regions(capture(document, compositor, settings))
            job = await client.submit(captured.request)
            event = await finished(events, job)
            request = captured.request
            record = await asyncio.wrap_future(
                project.store_generation(make_record(captured, event), event.patches, request.pictures)
            )
            document.generations.append(record)
            keep_candidate(document, record, 0, event.patches[0])
    finally:
        compositor.close()
        await client.close()
        project.close()


def asked(project: Path, **more: Any) -> argparse.Namespace:
    return argparse.Namespace(**{"project": project, "record": "", "device": "", "dtype": "", "json": True, **more})


@pytest.mark.slow
def test_the_real_engine_paints_the_same_bits_again(qapp, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HANDSCROLL_DEVICE", "cpu")
    monkeypatch.setenv("HANDSCROLL_DTYPE", "fp32")
    model = tmp_path / "tiny"
    build_model(model)
    path = tmp_path / "a.scroll"
    asyncio.run(paint_with_the_real_engine(path, model))
    before = path.read_bytes()
    with_words, into_selection = _ids(path)
    assert _inputs(path, into_selection) == {"image", "mask", "region-0", "region-1"}

    def again(**more: Any) -> dict[str, Any]:
        def inline(library: Library, environment: Mapping[str, str]) -> EngineClient:
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            return InlineClient(library, Engine)

        code = reproduce(asked(path, **more), inline)
        answer = json.loads(capsys.readouterr().out)
        assert code == (ANOTHER_PICTURE if answer["verdict"] == "different" else 0)
        return answer

    for record in (with_words, into_selection):
        answer = again(record=record[:8])
        assert (answer["record"], answer["verdict"], answer["factors"]) == (record, "identical", [])
        assert [one["verdict"] for one in answer["candidates"]] == ["identical"] * 2

    answer = again(record=with_words, dtype="bf16")
    assert answer["verdict"] != "identical"
    assert [factor["name"] for factor in answer["factors"]] == ["dtype"]

    shutil.rmtree(model)
    build_model(model, trained_further=True)
    answer = again()
    assert answer["record"] == into_selection
    assert answer["verdict"] != "identical"
    assert [factor["name"] for factor in answer["factors"]] == ["weights"]
    assert path.read_bytes() == before


def test_a_model_that_is_gone_is_a_sentence(qapp, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "a.scroll"
    project = Project.create(path, Document.new(Bounds(0, 0, 64, 64)))
    request = GenerationRequest(Task.TEXT_TO_IMAGE, str(tmp_path / "gone.safetensors"), width=64, height=64)
    made = make_record(Capture(request, Bounds(0, 0, 64, 64), ""), Finished("j", (noisy(1, 9),), {}))
    project.document.generations.append(project.store_generation(made, (noisy(1, 9),), {}).result())
    project.close()
    with pytest.raises(ModelError, match=r"gone\.safetensors"):
        reproduce(asked(path))
    with pytest.raises(InputError, match="no generation with the id"):
        reproduce(asked(path, record="0000000"))
    assert capsys.readouterr().out == ""


def _inputs(path: Path, record_id: str) -> set[str]:
    project = Project.open(path)
    try:
        return set(project.document.generations.get(record_id).inputs)
    finally:
        project.close()


def _ids(path: Path) -> list[str]:
    project = Project.open(path)
    try:
        return [record.id for record in project.document.generations.records]
    finally:
        project.close()
