"""Models and add-ons share one budget, and an add-on without room is read again after others have left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import LoraWeight
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import sample
from tests.pipelines.worktop import Worktop


@dataclass
class Block:
    """An add-on of that many bytes."""

    size_bytes: int


def block(folder: Path, name: str) -> ModelInfo:
    path = folder / f"{name}.safetensors"
    path.write_bytes(b"x")
    return ModelInfo(name, name, str(path), ModelKind.LORA, Family.SD1)


def test_what_was_used_longest_ago_leaves_whatever_it_is(tiny_models: Shelf, tmp_path: Path) -> None:
    from pipelines.engine.conditioning.addons import AddOns
    from pipelines.engine.memory import choose_device
    from pipelines.engine.memory_budget import MemoryBudget
    from pipelines.engine.model_cache import ModelCache

    budget = MemoryBudget(2**30)
    device = choose_device()
    models = ModelCache(device, Path(), lambda: None, budget=budget)
    addons = AddOns(tiny_models, device, Path(), budget=budget)
    read: list[str] = []

    def reader(size: int) -> Callable[[ModelInfo], Block]:
        def read_block(info: ModelInfo) -> Block:
            read.append(info.id)
            return Block(size)

        return read_block

    half = 2**29
    for name in ("sd1", "sdxl"):
        models.acquire(tiny_models.resolve(name), lambda: None)
    addons.read(block(tmp_path, "large"), reader(2**30))
    assert len(models) == 2, "what is to be read counts with the size of its file, and the model at work stays"
    other = block(tmp_path, "other")
    addons.read(other, reader(half))
    assert len(models) == 1, "the older model left"
    assert addons.held_bytes == half, "and the larger add-on"
    addons.read(other, reader(half))
    assert read == ["large", "other"]
    models.acquire(replace(tiny_models.resolve("sd1"), size_bytes=2**30), lambda: None)
    assert len(models) == 1, "a model that is read has room made by all of them"
    assert addons.held_bytes == 0
    addons.read(block(tmp_path, "small"), reader(2**20))
    models.acquire(replace(tiny_models.resolve("sdxl"), size_bytes=2**30), lambda: None)
    assert addons.held_bytes == 2**20, "a few small ones always stay"


def test_an_add_on_without_room_is_read_again_after_others_left(
    tiny_models: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.contract.models import ModelKind
    from pipelines.engine.conditioning import lora
    from pipelines.miniatures.addons import addon_info, lora_tensors, write_lora
    from pipelines.miniatures.sd import sd1_pipeline

    path = write_lora(lora_tensors(sd1_pipeline()), tmp_path / "lora.safetensors")
    worktop = Worktop(*tiny_models.models(), addon_info(path, ModelKind.LORA, Family.SD1))
    asked = sample(model="sd1", loras=(LoraWeight("lora"),), num_inference_steps=2)
    wanted = worktop.paint(asked)
    worktop.studio._addons.release()
    worktop.model("sdxl")
    read, tries = lora.read_lora, [0]

    def short(info: ModelInfo) -> object:
        tries[0] += 1
        if len(worktop.studio._cache) > 1:
            raise MemoryError
        return read(info)

    short.__qualname__ = "read_lora"
    monkeypatch.setattr(lora, "read_lora", short)
    finished = worktop.finish(asked)
    assert tries == [2]
    assert [(one["stage"], one["rung"]) for one in finished.facts["thrift"]] == [("load", "other-models")]
    assert (finished.patches[0] == wanted).all()
    worktop.studio._addons.release()
    worktop.model("sdxl")

    def never(info: ModelInfo) -> object:
        raise MemoryError

    monkeypatch.setattr(lora, "read_lora", never)
    with pytest.raises(MemoryError):
        worktop.finish(asked)
