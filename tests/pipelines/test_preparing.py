"""A model that is read ahead: its first job begins at once, any other job comes first, and nothing is ever said."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract.events import EngineReady, Failed, FailureKind, Finished, Loading
from pipelines.contract.request import GenerationRequest
from pipelines.engine import model_cache, studio
from pipelines.engine.job_queue import JobQueue, Reading
from pipelines.engine.thrift import Thrift
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import sample
from tests.pipelines.studio import Studio


class Bench(Studio):
    """An engine whose reading can be watched and held."""

    def __init__(self, models: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        """Ids of the models whose files were opened."""
        self.words_wait: list[bool] = []
        """Whether the text encoders of those were on disk again."""
        self.ready: list[str] = []
        """Ids of the models that were wholly made ready ahead."""
        self.at_door, self.open_door = threading.Event(), threading.Event()
        self.open_door.set()
        load, make_ready = model_cache.load_model, studio.make_ready

        def reading(info: Any, device: Any, folder: Any, interrupt: Callable[[], None], rung: Any) -> Any:
            self.read.append(info.id)
            self.at_door.set()
            assert self.open_door.wait(60)
            interrupt()
            return load(info, device, folder, interrupt, rung)

        def making(model: Any, thrift: Thrift) -> None:
            make_ready(model, thrift)
            self.ready.append(model.info.id)
            self.words_wait.append(
                bool(model.placement.readers) and not any(r.is_filled for r in model.placement.readers)
            )

        monkeypatch.setattr(model_cache, "load_model", reading)
        monkeypatch.setattr(studio, "make_ready", making)
        super().__init__(models)

    def heard(self, asked: GenerationRequest) -> list[Any]:
        """All events of a job."""
        return list(self.events_of(self.submit(asked)))

    def prepare(self, model_id: str) -> None:
        """Has a model read ahead, and waits until the engine is done with it."""
        self.at_door.clear()
        self.engine.prepare(model_id)
        assert self.at_door.wait(60)


@pytest.fixture
def bench(tiny_models: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    made = Bench(tiny_models, monkeypatch)
    yield made
    made.open_door.set()
    made.engine.close()


def loading(events: list[Any]) -> bool:
    return any(isinstance(event, Loading) for event in events)


def test_the_first_job_of_a_model_read_ahead_loads_nothing(bench: Bench) -> None:
    said: list[Any] = []
    bench.listen = said.append
    bench.prepare("sd1")
    heard = bench.heard(sample(model="sd1"))
    assert bench.ready == ["sd1"]
    assert bench.read == ["sd1"], "once, for both"
    assert not loading(heard)
    assert all(isinstance(event, EngineReady) or event in heard for event in said)
    end = heard[-1]
    assert isinstance(end, Finished)
    bench.engine.prepare("sd1")  # in memory: nothing to be done
    assert not loading(bench.heard(sample(model="sd1", prompt="a tower")))
    assert bench.read == ["sd1"]


def test_reading_ahead_does_not_change_the_picture(bench: Bench, tiny_studio: Studio) -> None:
    bench.prepare("sd1")
    asked = sample(model="sd1", prompt="", negative_prompt="")
    ahead, plain = bench.paint(asked), tiny_studio.paint(asked)
    assert (ahead.patches[0] == plain.patches[0]).all()


def test_text_encoders_leave_as_after_a_prompt(tiny_models: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDSCROLL_MEMORY", "text-off")
    bench = Bench(tiny_models, monkeypatch)
    bench.prepare("sd1")
    assert isinstance(bench.heard(sample(model="sd1"))[-1], Finished)
    assert (bench.ready, bench.words_wait) == (["sd1"], [True])
    bench.engine.close()


def test_a_job_for_another_model_overtakes_and_one_for_the_same_goes_on(bench: Bench) -> None:
    bench.open_door.clear()
    bench.prepare("sdxl")
    job = bench.submit(sample(model="sd1"))
    bench.open_door.set()
    assert isinstance(list(bench.events_of(job))[-1], Finished)
    assert bench.read == ["sdxl", "sd1"]
    assert bench.ready == [], "given up"
    bench.open_door.clear()
    bench.prepare("sdxl")
    job = bench.submit(sample(model="sdxl"))
    bench.open_door.set()
    assert not loading(list(bench.events_of(job)))
    assert bench.read == ["sdxl", "sd1", "sdxl"]
    assert bench.ready == ["sdxl"]


def test_a_damaged_model_is_silent_until_it_is_asked_to_paint(
    tiny_models: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tiny_models.resolve("sd1")
    folder = tmp_path / "broken"
    shutil.copytree(whole.path, folder)
    for file in (folder / "unet").glob("*.safetensors"):
        file.write_bytes(file.read_bytes()[:2000])
    shelf = Shelf(whole, replace(whole, id="broken", path=str(folder)))
    bench = Bench(shelf, monkeypatch)
    said: list[Any] = []
    bench.listen = said.append
    bench.prepare("broken")
    bench.engine.prepare("nobody")
    end = bench.end_of(sample(model="broken"))
    assert isinstance(end, Failed)
    assert end.kind is FailureKind.MODEL_UNUSABLE
    assert "cannot be read" in end.sentence
    assert not [event for event in said if isinstance(event, Failed) and event is not end]
    assert bench.ready == []
    bench.engine.close()


def test_no_model_leaves_memory_for_one_that_nobody_waits_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.paint(sample(model="sd1"))
    monkeypatch.setattr(model_cache, "free_memory_bytes", lambda _device: 2**20)
    bench.prepare("sdxl")
    assert not loading(bench.heard(sample(model="sd1")))
    monkeypatch.undo()
    assert bench.ready == []


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=6))
def test_the_newest_wish_wins_and_jobs_come_first(wishes: list[str]) -> None:
    queue = JobQueue(lambda *_: None)
    for wish in wishes:
        queue.prepare(wish)
    queue.put("job", sample())
    read: list[str] = []

    def reading(one: Reading) -> None:
        read.append(one.model_id)
        queue.prepare(one.model_id)  # it is read already
        assert not one.given_up.is_set()
        queue.put("next", sample(model=one.model_id))
        assert not one.given_up.is_set(), "a job for the same model goes on with what is read"
        queue.close()
        assert one.given_up.is_set()

    job = queue.take(read_ahead=reading)
    assert job is not None
    assert job.id == "job"
    assert read == []
    queue.done()
    queue.cancel("job")
    assert queue.take(read_ahead=reading) is None
    assert read == [wishes[-1]]


def test_another_wish_gives_up_what_is_read() -> None:
    queue = JobQueue(lambda *_: None)
    queue.prepare("a")
    read: list[str] = []

    def reading(one: Reading) -> None:
        read.append(one.model_id)
        if one.model_id == "a":
            queue.prepare("b")
            assert one.given_up.is_set()
        else:
            queue.put("job", sample(model="c"))
            assert one.given_up.is_set()

    job = queue.take(read_ahead=reading)
    assert job is not None
    assert job.id == "job"
    assert read == ["a", "b"]


def test_a_reading_that_was_given_up_leaves_nothing(bench: Bench) -> None:
    bench.open_door.clear()
    bench.prepare("sd1")
    bench.engine.prepare("sdxl")
    bench.at_door.clear()
    bench.open_door.set()
    assert bench.at_door.wait(60)
    assert loading(bench.heard(sample(model="sd1")))
    assert bench.read[:2] == ["sd1", "sdxl"]
