"""Memory that runs out in families without a UNet: the same ladder serves them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.contract.events import Finished
from pipelines.contract.models import Family
from pipelines.contract.request import GenerationRequest, Task
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import sample

pytestmark = pytest.mark.slow


class Room:
    """A studio without a thread around it; hooks that a test hangs into its models are taken off again."""

    def __init__(self, models: Shelf) -> None:
        from pipelines.engine.studio import Studio

        self.studio = Studio(lambda _event: None, models, Path("/nowhere"), lambda: None)
        self._hooks: list[Any] = []

    def model(self, name: str) -> Any:
        return self.studio._cache.acquire(self.studio._library.resolve(name), lambda: None)

    def paint(self, asked: GenerationRequest) -> Finished:
        from pipelines.engine.job_queue import Job

        return self.studio.paint(Job("1", asked, 0))

    def hang(self, module: Any, fits: Callable[[Any], bool]) -> None:
        def before(_module: Any, inputs: Any) -> None:
            if not fits(inputs[0]):
                raise MemoryError

        self._hooks.append(module.register_forward_pre_hook(before))

    def tidy(self) -> None:
        for hook in self._hooks:
            hook.remove()
        self._hooks.clear()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Room:
    from pipelines.miniatures.families import miniature_of
    from pipelines.miniatures.writing import info_of, write_folder

    root = tmp_path_factory.mktemp("transformers")
    families = (Family.FLUX, Family.QWEN_IMAGE)
    return Room(
        Shelf(*(info_of(write_folder(miniature_of(one).build(), root / one), one, str(one)) for one in families))
    )


@pytest.fixture
def room(shared: Room) -> Iterator[Room]:
    yield shared
    shared.tidy()


def _asked(model: str, side: int = 128) -> GenerationRequest:
    return sample(Task.TEXT_TO_IMAGE, side, side, model=model, prompt="dusk", num_inference_steps=2)


def _measures(finished: Finished) -> list[tuple[str, str]]:
    return [(measure["stage"], measure["rung"]) for measure in finished.facts["thrift"]]


def _distance(one: Finished, other: Finished) -> float:
    return float(np.abs(one.patches[0].astype(int) - other.patches[0].astype(int)).mean())


def test_layers_of_a_transformer_go_on_in_slices(room: Room) -> None:
    import torch

    plain = room.paint(_asked("flux"))
    layers = [
        module for module in room.model("flux").network.modules() if type(module).__name__.endswith("FeedForward")
    ]
    inner = next(module for module in layers[0].modules() if isinstance(module, torch.nn.Linear))
    seen: list[int] = []
    inner.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0].shape[1]))
    room.paint(_asked("flux"))
    inner._forward_pre_hooks.clear()
    room.hang(inner, lambda inputs: inputs.shape[1] < max(seen))
    thrifty = room.paint(_asked("flux"))
    assert _measures(thrifty) == [("denoise", "attention-slices")]
    assert _distance(plain, thrifty) < 0.5
    assert all("forward" not in layer.__dict__ for layer in layers), "it is as it was"


def test_attention_that_is_not_diffusers_own_is_sliced_as_well() -> None:
    import torch
    from torch.nn import functional

    from pipelines.engine.thrifty_calls import in_slices

    torch.manual_seed(2)
    query, key, value = torch.randn(2, 3, 50, 4), torch.randn(2, 3, 40, 4), torch.randn(2, 3, 40, 4)
    seen: list[tuple[int, ...]] = []

    def attend(mask: torch.Tensor | None) -> torch.Tensor:
        return functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)

    for mask in (None, torch.rand(2, 1, 50, 40) > 0.2, torch.rand(2, 1, 1, 40) > 0.2):
        sliced = in_slices(attend)(mask)
        assert torch.allclose(sliced, attend(mask), atol=1e-6)
        seen.append(tuple(sliced.shape))
    assert set(seen) == {(2, 3, 50, 4)}


def test_a_vae_that_counts_in_pixels_goes_on_in_tiles(room: Room) -> None:
    model, limit = room.model("qwen-image"), 20
    plain, settings = room.paint(_asked("qwen-image", 256)), dict(model.vae.__dict__)
    room.hang(model.vae.decoder, lambda inputs: inputs.shape[-1] <= limit)
    thrifty = room.paint(_asked("qwen-image", 256))
    assert _measures(thrifty) == [("decode", "vae-tiles")]
    assert _distance(plain, thrifty) < 10
    assert model.vae.__dict__ == settings


def test_tiles_are_taken_before_memory_runs_out(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.engine import thrift

    plain = room.paint(_asked("flux", 256))
    assert _measures(plain) == []
    monkeypatch.setattr(thrift, "free_memory_bytes", lambda _device: 0.1 * 2**30)
    thrifty = room.paint(_asked("flux", 256))
    assert _measures(thrifty) == [("decode", "vae-tiles")]
    assert _distance(plain, thrifty) < 10
