"""Memory that runs out, at every stage of a job: the job goes on where it was, and the picture is the same."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.contract.events import EngineEvent, Finished, Progress
from pipelines.contract.models import SchedulerName
from pipelines.contract.request import GenerationRequest, Pixels, Task
from tests.pipelines.conftest import Shelf, starter_info
from tests.pipelines.sample_requests import sample

pytestmark = pytest.mark.slow


class Room:
    """A studio without a thread around it, and the model it paints with."""

    def __init__(self, models: Shelf) -> None:
        from pipelines.engine.studio import Studio

        self.events: list[EngineEvent] = []
        self.studio = Studio(self.events.append, models, Path("/nowhere"), lambda: None)
        self._jobs = 0

    def model(self, name: str) -> Any:
        return self.studio._cache.acquire(self.studio._library.resolve(name), lambda: None)

    def paint(self, asked: GenerationRequest) -> Finished:
        from pipelines.engine.job_queue import Job

        self._jobs += 1
        return self.studio.paint(Job(str(self._jobs), asked, 0))


@pytest.fixture(scope="module")
def room(tiny_models: Shelf) -> Room:
    return Room(Shelf(*(info for info in tiny_models.models() if info.id != "starter"), starter_info()))


@pytest.fixture(scope="module")
def plain(room: Room) -> Finished:
    """What `_asked()` gives while there is memory enough."""
    finished = room.paint(_asked())
    assert finished.facts["thrift"] == []
    assert finished.facts["thrift_sentence"] == ""
    return finished


@pytest.fixture
def starter(room: Room) -> Iterator[Any]:
    """The starter's weights; what a test hung into them is gone afterwards, and what thrift has learned, too."""
    model = room.model("starter")
    hooks: list[Any] = []
    model.hang = lambda module, hook: hooks.append(module.register_forward_pre_hook(hook))
    yield model
    for hook in hooks:
        hook.remove()
    model.rungs.clear()
    model.encoded.clear()
    model.prompts.clear()


def _asked(task: Task = Task.IMAGE_TO_IMAGE, **changes: Any) -> GenerationRequest:
    return sample(task, 256, 256, **({"prompt": "mist, lake", "guidance_scale": 2.0, "strength": 0.5} | changes))


def _run_out() -> None:
    import torch

    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def _when(fits: Callable[[Any], bool]) -> Callable[[Any, Any], None]:
    """A hook that runs out of memory unless its module's input fits."""

    def before(_module: Any, inputs: Any) -> None:
        if not fits(inputs[0]):
            _run_out()

    return before


def _distance(one: Finished, other: Finished) -> float:
    return float(np.abs(one.patches[0].astype(int) - other.patches[0].astype(int)).mean())


def _measures(finished: Finished) -> list[tuple[str, str]]:
    return [(measure["stage"], measure["rung"]) for measure in finished.facts["thrift"]]


@pytest.mark.parametrize(
    ("fits", "rungs", "far"),
    [
        (lambda inputs: inputs.shape[0] == 1, ["attention-slices", "guidance-halves"], 0.5),
        (
            lambda inputs: inputs.shape[0] == 1 and inputs.shape[-1] <= 24,
            ["attention-slices", "guidance-halves", "smaller-window"],
            3.0,
        ),
        (
            lambda inputs: inputs.shape[0] == 1 and inputs.shape[-1] <= 16,
            ["attention-slices", "guidance-halves", "smaller-window", "smaller-window"],
            4.5,  # another seed's picture is 10 away
        ),
    ],
)
def test_a_step_goes_on_with_less(
    room: Room, starter: Any, plain: Finished, fits: Callable[[Any], bool], rungs: list[str], far: float
) -> None:
    room.events.clear()
    starter.hang(starter.unet.conv_in, _when(fits))
    thrifty = room.paint(_asked())
    assert _measures(thrifty) == [("denoise", rung) for rung in rungs]
    assert [event.step for event in room.events if isinstance(event, Progress)] == [1, 2, 3, 4]
    assert _distance(plain, thrifty) < far
    assert "Memory ran short" in thrifty.facts["thrift_sentence"]


def test_attention_in_slices_gives_the_same_picture(room: Room, starter: Any, plain: Finished) -> None:
    attentions = [module for name, module in starter.unet.named_modules() if name.endswith("attn1.to_q")]
    most = []
    for module in attentions:
        module.register_forward_pre_hook(lambda _module, inputs: most.append(inputs[0].shape[1]))
    room.paint(_asked())
    limit = max(most) - 1
    for module in attentions:
        module._forward_pre_hooks.clear()
        starter.hang(module, _when(lambda inputs: inputs.shape[1] <= limit))
    thrifty = room.paint(_asked())
    assert _measures(thrifty) == [("denoise", "attention-slices")]
    assert _distance(plain, thrifty) < 0.5
    assert all("Sliced" not in type(one).__name__ for one in starter.unet.attn_processors.values())


@pytest.mark.parametrize(("side", "times"), [(20, 1), (12, 2)])
@pytest.mark.parametrize("stage", ["encode", "decode"])
def test_the_vae_goes_on_in_tiles(room: Room, starter: Any, plain: Finished, stage: str, side: int, times: int) -> None:
    settings = dict(starter.vae.__dict__)
    starter.encoded.clear()
    network = starter.vae.encoder if stage == "encode" else starter.vae.decoder
    factor = 8 if stage == "encode" else 1
    first = next(module for module in network.modules() if type(module).__name__ == "Conv2d")
    starter.hang(first, _when(lambda inputs: inputs.shape[-1] <= side * factor))
    thrifty = room.paint(_asked())
    assert _measures(thrifty) == [(stage, "vae-tiles")] * times
    assert _distance(plain, thrifty) < 1
    assert starter.vae.__dict__ == settings


def test_other_models_make_room_for_the_prompt(room: Room, starter: Any, plain: Finished) -> None:
    starter.prompts.clear()
    room.model("sd1")
    once = iter([False])
    inner = next(starter.components["text_encoder"].children())
    starter.hang(inner, lambda *_: None if next(once, True) else _run_out())
    thrifty = room.paint(_asked())
    assert _measures(thrifty) == [("prompt", "other-models")]
    assert _distance(plain, thrifty) == 0
    loads: list[str] = []
    room.studio._cache.acquire(room.studio._library.resolve("sd1"), lambda: loads.append("sd1"))
    assert loads == ["sd1"], "the other model is still in memory"


@pytest.mark.parametrize("scheduler", [SchedulerName.DPMPP_2M, SchedulerName.EULER_A, SchedulerName.DPMPP_SDE])
def test_a_step_that_broke_off_is_made_again_as_if_nothing_had_been(
    room: Room, starter: Any, scheduler: SchedulerName, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.engine.schedulers import make_scheduler

    asked = _asked(Task.TEXT_TO_IMAGE, scheduler=scheduler, num_inference_steps=6)
    plain = room.paint(asked)
    room.model("sd1")
    kind = type(make_scheduler(starter.components["scheduler"], scheduler))
    step, calls = kind.step, []

    @functools.wraps(step)
    def breaking(*args: Any, **kwargs: Any) -> Any:
        answer = step(*args, **kwargs)  # the scheduler has moved on and noise is drawn when it breaks
        calls.append(1)
        if len(calls) == 4:
            _run_out()
        return answer

    monkeypatch.setattr(kind, "step", breaking)
    thrifty = room.paint(asked)
    assert _measures(thrifty) == [("step", "other-models")]
    assert thrifty.facts["thrift"][0]["step"] == 3
    assert _distance(plain, thrifty) == 0


def test_what_breaks_between_the_calls_begins_anew_once(
    room: Room, starter: Any, plain: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.engine import run

    once = iter([True])
    to_rgb = run.to_rgb

    def breaking(picture: Any) -> Pixels:
        if next(once, False):
            raise MemoryError
        return to_rgb(picture)

    monkeypatch.setattr(run, "to_rgb", breaking)
    thrifty = room.paint(_asked())
    assert _measures(thrifty) == [("job", "restart")]
    assert _distance(plain, thrifty) == 0


def test_a_preview_that_does_not_fit_is_left_out(
    room: Room, starter: Any, plain: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.engine import run

    monkeypatch.setattr(run, "paint_preview", lambda *_: _run_out())
    assert _distance(plain, room.paint(_asked())) == 0


def test_a_later_job_of_the_same_size_begins_on_the_rung_that_served(room: Room, starter: Any) -> None:
    tries: list[int] = []

    def counting(inputs: Any) -> bool:
        tries.append(inputs.shape[0])
        return inputs.shape[0] == 1

    starter.hang(starter.unet.conv_in, _when(counting))
    room.paint(_asked())
    assert 2 in tries
    tries.clear()
    again = room.paint(_asked())
    assert set(tries) == {1}
    assert ("denoise", "guidance-halves") in _measures(again), "what was done must be told each time"


def test_when_nothing_is_left_to_save_the_job_says_what_to_do(room: Room, starter: Any) -> None:
    from pipelines.engine.thrift import MemoryExhaustedError

    starter.hang(starter.unet.conv_in, lambda *_: _run_out())
    with pytest.raises(MemoryExhaustedError):
        room.paint(_asked())
    assert "forward" not in starter.unet.__dict__
    assert all("Sliced" not in type(one).__name__ for one in starter.unet.attn_processors.values())


def test_an_error_that_is_not_about_memory_is_not_hidden(room: Room, starter: Any) -> None:
    def stumble(*_: Any) -> None:
        raise RuntimeError("shapes differ")

    starter.hang(starter.unet.conv_in, stumble)
    with pytest.raises(RuntimeError, match="shapes differ"):
        room.paint(_asked())


@pytest.mark.parametrize(
    ("said", "ran_out"),
    [
        ("could not create a primitive", True),
        ("could not create a memory object", True),
        ("could not create a primitive descriptor for a convolution forward propagation primitive", False),
    ],
)
def test_what_is_said_below_torch_is_understood(said: str, *, ran_out: bool) -> None:
    from pipelines.engine.memory import is_out_of_memory

    assert is_out_of_memory(RuntimeError(said)) is ran_out


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on a process's memory is Linux's")
def test_a_process_that_is_really_short_of_memory_finishes(tmp_path: Path) -> None:
    """The system itself refuses memory, in one stage after the other; torch's own allocator fails."""
    environment = os.environ | {
        "MALLOC_MMAP_THRESHOLD_": "65536",
        "MALLOC_ARENA_MAX": "1",
        "HANDSCROLL_DTYPE": "fp32",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.pipelines.short_of_memory", str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr[-3000:]
    facts = json.loads((tmp_path / "facts.json").read_text("utf-8"))
    plain = np.load(tmp_path / "plain.npy").astype(int)
    # So little may be left that the network sees windows, whose picture is another one where the model is undecided.
    for stage, far in (("encode", 6), ("denoise", 20), ("decode", 6)):
        assert facts[stage]["refused"] > 0, "the limit was never met"
        assert {measure["stage"] for measure in facts[stage]["thrift"]} == {stage}
        assert np.abs(plain - np.load(tmp_path / f"{stage}.npy")).mean() < far, stage
