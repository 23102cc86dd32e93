"""Where the parts of models wait, how that is chosen, and that nothing of it is seen in a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.contract.errors import ModelError, PipelineError
from pipelines.contract.events import EngineEvent, Finished, Loading
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import GenerationRequest, LoraWeight, Task
from pipelines.planning.memory_cost import (
    EXACT_RUNGS,
    MemoryRung,
    PartSizes,
    RunSize,
    choose_rung,
    memory_by_rung,
    memory_of,
    rungs_for,
)
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import sample
from tests.pipelines.studio import Studio as Hearing

FLUX = PartSizes(text=9.8e9, network=23.8e9, vae=0.17e9)
"""FLUX.1 in bf16."""
MEGAPIXEL = RunSize(Family.FLUX, 1.05)


# --- arithmetic


def test_each_rung_takes_no_more_than_the_one_before() -> None:
    for sizes in (FLUX, PartSizes(0.25e9, 1.7e9, 0.17e9), PartSizes(1.6e9, 5.1e9, 0.17e9)):
        needs = [memory_of(rung, sizes, MEGAPIXEL) for rung in EXACT_RUNGS]
        assert needs == sorted(needs, reverse=True)
        assert memory_of(MemoryRung.EIGHT_BITS, sizes, MEGAPIXEL) <= memory_of(MemoryRung.PARTS, sizes, MEGAPIXEL)


@pytest.mark.parametrize(
    ("free", "rung"),
    [
        (80e9, MemoryRung.ALL),
        (40e9, MemoryRung.TEXT_OFF),
        (29e9, MemoryRung.PARTS),
        (12e9, MemoryRung.BLOCKS),
        (1e9, MemoryRung.BLOCKS),
    ],
)
def test_the_fastest_rung_that_fits_is_chosen(free: float, rung: MemoryRung) -> None:
    assert choose_rung("cuda", free, FLUX, MEGAPIXEL) is rung


def test_a_cpu_has_no_second_memory() -> None:
    assert choose_rung("cpu", 1e9, FLUX, MEGAPIXEL) is MemoryRung.TEXT_OFF
    assert choose_rung("cpu", 1e9, PartSizes(1e6, 8e6, 1e6), MEGAPIXEL) is MemoryRung.ALL
    assert MemoryRung.BLOCKS not in rungs_for("cpu")
    assert set(rungs_for("cuda")) == set(MemoryRung)


def test_sizes_of_parts_are_guessed_from_the_whole() -> None:
    info = ModelInfo("m", "M", "/m", ModelKind.CHECKPOINT, Family.SDXL, size_bytes=6_900_000_000)
    sizes = PartSizes.of(info)
    assert sizes is not None
    assert sizes.whole == pytest.approx(6.9e9)
    assert list(memory_by_rung(sizes, RunSize(Family.SDXL, 1.0))) == list(MemoryRung)
    assert PartSizes.of(replace(info, family=Family.UNKNOWN)) is None
    assert PartSizes.of(replace(info, size_bytes=0)) is None


def test_what_a_person_says_is_read_and_nonsense_is_named() -> None:
    from pipelines.engine.memory_settings import MemorySettings

    said = {"HANDSCROLL_MEMORY": "Parts", "HANDSCROLL_MODEL_SHARE": "25", "HANDSCROLL_IDLE_MINUTES": "0"}
    settings = MemorySettings.find(said)
    assert (settings.rung, settings.share, settings.idle_minutes) == (MemoryRung.PARTS, 0.25, 0.0)
    assert settings.rung_on("cpu") is None, "a CPU cannot do that"
    assert settings.rung_on("cuda") is MemoryRung.PARTS
    assert MemorySettings.find({"HANDSCROLL_MEMORY": "auto"}) == MemorySettings()
    for name, value in (
        ("HANDSCROLL_MEMORY", "most"),
        ("HANDSCROLL_MODEL_SHARE", "101"),
        ("HANDSCROLL_IDLE_MINUTES", "x"),
    ):
        with pytest.raises(PipelineError, match=f"{name} is '{value}'"):
            MemorySettings.find({name: value})


# --- weights that visit


def _blocks() -> Any:
    import torch

    torch.manual_seed(1)
    lists = [torch.nn.ModuleList(torch.nn.Linear(8, 8) for _ in range(3)) for _ in range(2)]
    network: Any = torch.nn.Module()
    network.first, network.one, network.two = torch.nn.Linear(8, 8), *lists

    def forward(sample: Any) -> Any:
        for layer in (network.first, *network.one, *network.two):
            sample = layer(sample)
        return sample

    network.forward = forward
    return network.requires_grad_(requires_grad=False)


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Tensors that are on a device which is told apart from home by nothing but this."""
    from pipelines.engine import rungs

    here: set[int] = set()
    come, leave = rungs.Visits.come, rungs.Visits.leave

    def coming(visits: Any) -> None:
        come(visits)
        here.update(id(tensor) for tensor, _ in visits._homes)

    def leaving(visits: Any) -> None:
        here.difference_update(id(tensor) for tensor, _ in visits._homes)
        leave(visits)

    monkeypatch.setattr(rungs.Visits, "_waits", lambda _visits, tensor: id(tensor) not in here)
    monkeypatch.setattr(rungs.Visits, "come", coming)
    monkeypatch.setattr(rungs.Visits, "leave", leaving)
    return here


def test_a_part_that_visits_the_device_leaves_its_weights_at_home(copies: set[int]) -> None:
    import torch

    from pipelines.engine.rungs import Placement

    network, other = _blocks(), _blocks()
    homes = [tensor.data_ptr() for tensor in network.parameters()]
    placement = Placement(torch.device("cpu"), MemoryRung.PARTS)
    sample = torch.randn(2, 8)
    expected = network(sample)
    placement.bring([network], [other])
    assert copies == {id(tensor) for tensor in network.parameters()}
    assert all(tensor.data_ptr() != home for tensor, home in zip(network.parameters(), homes, strict=True))
    assert torch.equal(network(sample), expected)
    placement.bring([other], [network])
    assert copies == {id(tensor) for tensor in other.parameters()}
    assert [tensor.data_ptr() for tensor in network.parameters()] == homes


def test_blocks_come_one_after_the_other(copies: set[int]) -> None:
    import torch

    from pipelines.engine.rungs import Placement

    network = _blocks()
    homes = [tensor.data_ptr() for tensor in network.parameters()]
    sample, most = torch.randn(2, 8), []
    expected = network(sample)
    placement = Placement(torch.device("cpu"), MemoryRung.PARTS)
    assert placement.come_in_blocks([network])
    assert placement.rung is MemoryRung.BLOCKS
    assert not placement.come_in_blocks([network]), "they do already"
    for layer in (*network.one, *network.two):
        layer.register_forward_hook(lambda *_: most.append(len(copies)), prepend=True)
    placement.bring([network], [])
    assert torch.equal(network(sample), expected)
    assert most == [4] * 6, "weight and bias of what is no block, and of one block"
    placement.bring([], [network])
    assert not copies
    assert [tensor.data_ptr() for tensor in network.parameters()] == homes


def test_a_block_that_fails_goes_home_as_well(copies: set[int]) -> None:
    import torch

    from pipelines.engine.rungs import Placement

    network = _blocks()
    placement = Placement(torch.device("cpu"), MemoryRung.PARTS)
    placement.come_in_blocks([network])
    with pytest.raises(RuntimeError):
        network.one[0](torch.randn(2, 5))
    assert not copies


def test_large_blocks_come_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from pipelines.engine import rungs

    inner, outer = _blocks(), torch.nn.Module()
    outer.blocks = torch.nn.ModuleList([inner])
    assert rungs.blocks_of(outer) == [inner]
    monkeypatch.setattr(rungs, "_LARGEST_BLOCK", 100)
    assert rungs.blocks_of(outer) == [*inner.one, *inner.two]


def test_models_that_only_wait_go_before_a_slower_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from pipelines.engine import model_cache
    from pipelines.engine.memory import Device

    cache = model_cache.ModelCache(Device("cuda", torch.bfloat16, 1, int(48e9)), Path(), lambda: None)
    waiting: Any = {(name, 1): object() for name in ("old", "new")}
    cache._models.update(waiting)
    monkeypatch.setattr(model_cache, "free_memory_bytes", lambda _device: 45e9 - 20e9 * len(cache))
    monkeypatch.setattr(model_cache, "give_back", lambda _device: None)
    decide = cache._rung_for(MEGAPIXEL, None)
    assert decide(PartSizes(2e9, 14e9, 0.2e9)) is MemoryRung.ALL
    assert list(cache._models) == [("new", 1)], "the one that was used longest ago went, and no more than needed"
    assert decide(FLUX) is MemoryRung.ALL
    assert not cache._models


# --- whole jobs


class Room:
    """A studio without a thread around it, which runs models on one rung."""

    def __init__(self, models: Shelf) -> None:
        from pipelines.engine.studio import Studio

        self.events: list[EngineEvent] = []
        self.studio = Studio(self.events.append, models, Path("/nowhere"), lambda: None)

    def paint(self, asked: GenerationRequest) -> Finished:
        from pipelines.engine.job_queue import Job

        return self.studio.paint(Job("1", asked, 0))

    def model(self) -> Any:
        return next(iter(self.studio._cache._models.values()))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """`sd1`, and `lora`, which acts on its network and its text encoder."""
    from pipelines.miniatures.addons import addon_info, lora_tensors, write_lora
    from pipelines.miniatures.sd import sd1_pipeline
    from pipelines.miniatures.writing import info_of, write_folder

    root, pipe = tmp_path_factory.mktemp("rungs"), sd1_pipeline()
    lora = write_lora(lora_tensors(pipe), root / "lora.safetensors")
    folder = write_folder(pipe, root / "sd1")
    return Shelf(info_of(folder, Family.SD1, "sd1"), addon_info(lora, ModelKind.LORA, addon_id="lora"))


def _room(shelf: Shelf, rung: MemoryRung) -> Iterator[Room]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HANDSCROLL_MEMORY", rung)
        yield Room(shelf)


@pytest.fixture(scope="module")
def usual(shelf: Shelf) -> Iterator[Room]:
    yield from _room(shelf, MemoryRung.ALL)


@pytest.fixture
def paging(shelf: Shelf) -> Iterator[Room]:
    yield from _room(shelf, MemoryRung.TEXT_OFF)


def _asked(prompt: str = "dusk", **more: Any) -> GenerationRequest:
    return sample(Task.TEXT_TO_IMAGE, 64, 64, model="sd1", prompt=prompt, num_inference_steps=2, **more)


def _on_disk(room: Room) -> bool:
    return all(tensor.is_meta for encoder in room.model().text_encoders for tensor in encoder.parameters())


def _same(one: Finished, other: Finished) -> bool:
    return np.array_equal(one.patches[0], other.patches[0])


def test_text_encoders_wait_on_disk_and_come_back_for_new_words(usual: Room, paging: Room) -> None:
    first = paging.paint(_asked())
    assert _on_disk(paging)
    assert first.facts["memory_rung"] == "text-off"
    assert _same(first, usual.paint(_asked()))
    reads = [reader.is_filled for reader in paging.model().placement.readers]
    assert reads == [False]
    assert _same(paging.paint(_asked()), first), "known words need no encoder"
    assert _same(paging.paint(_asked("night, stars")), usual.paint(_asked("night, stars")))
    assert _on_disk(paging)


def test_what_is_put_on_text_encoders_finds_them(usual: Room, paging: Room) -> None:
    worn = _asked(loras=(LoraWeight("lora", 0.8),))
    paging.paint(_asked())
    plain, other = usual.paint(_asked()), usual.paint(worn)
    assert not _same(plain, other)
    assert _same(paging.paint(worn), other)
    assert _same(paging.paint(_asked("dawn")), usual.paint(_asked("dawn")))
    assert _on_disk(paging), "the next job without it lets them go"
    assert _same(paging.paint(worn), other)


def test_a_text_encoder_that_is_gone_is_named(tmp_path: Path, shelf: Shelf) -> None:
    import shutil

    folder = shutil.copytree(shelf.resolve("sd1").path, tmp_path / "sd1")
    for room in _room(Shelf(replace(shelf.resolve("sd1"), path=str(folder))), MemoryRung.TEXT_OFF):
        room.paint(_asked())
        weights = folder / "text_encoder" / "model.safetensors"
        weights.touch()
        with pytest.raises(ModelError, match=r"model\.safetensors has changed since the model was loaded"):
            room.paint(_asked("night"))
        weights.unlink()
        with pytest.raises(ModelError, match="is no longer there"):
            room.paint(_asked("night"))


def test_the_network_in_eight_bits_paints_nearly_the_same(usual: Room, shelf: Shelf) -> None:
    import torch

    for room in _room(shelf, MemoryRung.EIGHT_BITS):
        finished = room.paint(_asked())
        numbers = {weight.dtype for name, weight in room.model().network.named_parameters() if "attn1.to_q" in name}
        assert numbers == {torch.float8_e4m3fn}
        distance = np.abs(finished.patches[0].astype(int) - usual.paint(_asked()).patches[0].astype(int)).mean()
        assert 0 < distance < 12
        assert not _same(room.paint(_asked(loras=(LoraWeight("lora", 0.8),))), finished), "a LoRA acts beside them"


def test_facts_say_what_was_expected_of_memory(usual: Room) -> None:
    facts = usual.paint(_asked()).facts
    assert facts["memory_rung"] == "all"
    assert facts["predicted_memory_bytes"] > usual.model().size_bytes
    assert facts["peak_memory_bytes"] > 0


def test_models_leave_memory_when_nothing_is_painted(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    import gc

    from pipelines.engine.studio import Studio

    rested: list[int] = []
    rest = Studio.rest

    def resting(studio: Any) -> None:
        before = len(studio._cache)
        rest(studio)
        rested.append(before - len(studio._cache))

    monkeypatch.setattr(Studio, "rest", resting)
    monkeypatch.setenv("HANDSCROLL_IDLE_MINUTES", "0.01")
    hearing = Hearing(shelf)
    try:
        hearing.paint(_asked())
        while 1 not in rested:
            gc.collect()
        events = list(hearing.events_of(hearing.submit(_asked())))
    finally:
        hearing.engine.close()
    assert any(isinstance(event, Loading) for event in events), "it is read again"
    assert isinstance(events[-1], Finished)
