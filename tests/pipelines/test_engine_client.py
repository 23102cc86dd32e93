"""One suite for every home of the engine: fake, inline and process behave the same towards the window."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import psutil
import pytest
import pytest_asyncio

from pipelines.client.child import ChildSettings
from pipelines.client.fake import FakeClient, FakeScript
from pipelines.client.inline import InlineClient
from pipelines.client.process import ProcessClient
from pipelines.contract.errors import EngineLostError, InvalidRequestError
from pipelines.contract.events import (
    Cancelled,
    EngineEvent,
    EngineLost,
    EngineReady,
    Failed,
    FailureKind,
    Finished,
    Loading,
    Preview,
    Progress,
    Queued,
    Released,
    Started,
)
from pipelines.contract.request import Task
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import sample, until, until_done

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class House:
    """A client with its one event iterator."""

    client: Any
    events: AsyncIterator[EngineEvent]


HOMES = ["fake", pytest.param("inline", marks=pytest.mark.slow), pytest.param("process", marks=pytest.mark.slow)]


def build(kind: str, fixtures: pytest.FixtureRequest) -> Any:
    if kind == "fake":
        return FakeClient(script=FakeScript(step_seconds=0.001))
    models = fixtures.getfixturevalue("tiny_models")  # only now: the fake needs none
    if kind == "process":
        return ProcessClient(models)
    from pipelines.engine.engine import Engine

    return InlineClient(models, Engine)


@pytest_asyncio.fixture(params=HOMES, scope="module", loop_scope="module")
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """One engine of each kind for the whole module: starting one takes seconds."""
    client = build(request.param, request)
    yield House(client, client.events())
    await client.close()


async def test_a_job_goes_from_queued_to_finished_in_order(house: House) -> None:
    job = await house.client.submit(sample(width=96, height=80))
    heard = [event for event in await until_done(house.events, job) if event.job_id == job]
    kinds = [type(event) for event in heard]
    assert kinds[0] is Queued
    assert kinds[-1] is Finished
    places = [kinds.index(kind) for kind in (Queued, Loading, Started, Progress, Preview)]
    assert places == sorted(places)
    steps = [event.step for event in heard if isinstance(event, Progress)]
    started = next(event for event in heard if isinstance(event, Started))
    assert steps == list(range(1, started.steps + 1))
    finished = heard[-1]
    assert isinstance(finished, Finished)
    assert [patch.shape for patch in finished.patches] == [(80, 96, 4)]
    assert finished.patches[0].dtype == np.uint8
    assert (finished.patches[0][..., 3] == 255).all()
    preview = next(event for event in heard if isinstance(event, Preview))
    assert preview.image.ndim == 3
    assert preview.image.shape[2] == 4


async def test_the_same_seed_gives_the_same_pixels(house: House) -> None:
    jobs = [await house.client.submit(sample(seed=5)), await house.client.submit(sample(seed=5))]
    jobs += [await house.client.submit(sample(seed=6))]
    first, second, other = _patches(await until_done(house.events, *jobs), jobs)
    assert (first == second).all()
    assert (first != other).any()


async def test_a_batch_is_its_seeds_one_by_one(house: House) -> None:
    batch = await house.client.submit(sample(num_images_per_prompt=2, seed=5))
    heard = await until_done(house.events, batch)
    both = next(event for event in heard if isinstance(event, Finished)).patches
    assert len(both) == 2
    assert (both[0] != both[1]).any()
    assert {event.index for event in heard if isinstance(event, Preview)} <= {0, 1}


@pytest.mark.parametrize("task", [Task.INPAINT, Task.OUTPAINT])
async def test_alpha_is_zero_far_from_the_mask_and_full_inside(house: House, task: Task) -> None:
    asked = sample(task, width=120, height=90)
    job = await house.client.submit(asked)
    (patch,) = _patches(await until_done(house.events, job), [job])
    assert patch.shape == (90, 120, 4)
    assert asked.mask is not None
    assert (patch[asked.mask == 255][:, 3] == 255).all()
    assert (patch[:, :20] == 0).all()


async def test_higher_priority_runs_first(house: House) -> None:
    first = await house.client.submit(sample(num_inference_steps=6))
    late = await house.client.submit(sample(seed=1))
    urgent = await house.client.submit(sample(seed=2, priority=5))
    heard = await until_done(house.events, first, late, urgent)
    ends = [event.job_id for event in heard if isinstance(event, Finished)]
    assert ends.index(urgent) < ends.index(late)
    places = {event.job_id: event.position for event in heard if isinstance(event, Queued)}
    assert set(places) == {first, late, urgent}


async def test_a_waiting_job_is_taken_back_at_once(house: House) -> None:
    first = await house.client.submit(sample(num_inference_steps=6))
    waiting = await house.client.submit(sample(seed=1))
    await house.client.cancel(waiting)
    heard = await until_done(house.events, first, waiting)
    assert [type(event) for event in heard if event.job_id == waiting][-1] is Cancelled
    assert not any(isinstance(event, Started) and event.job_id == waiting for event in heard)
    assert any(isinstance(event, Finished) and event.job_id == first for event in heard)


async def test_a_running_job_is_cancelled_long_before_its_end(house: House) -> None:
    job = await house.client.submit(sample(num_inference_steps=150))
    await until(house.events, Progress)
    await house.client.cancel(job)
    heard = await until_done(house.events, job)
    assert isinstance(heard[-1], Cancelled)
    following = await house.client.submit(sample())
    assert isinstance((await until_done(house.events, following))[-1], Finished)


async def test_a_bad_request_is_refused_before_it_leaves(house: House) -> None:
    with pytest.raises(InvalidRequestError) as error:
        await house.client.submit(sample(num_inference_steps=0))
    assert error.value.field == "num_inference_steps"


async def test_an_unknown_model_fails_with_a_sentence(house: House) -> None:
    job = await house.client.submit(sample(model="nowhere"))
    failed = (await until_done(house.events, job))[-1]
    assert isinstance(failed, Failed)
    assert failed.kind in (FailureKind.MODEL_MISSING, FailureKind.MODEL_UNUSABLE)
    assert "nowhere" in failed.sentence


@pytest.mark.parametrize("kind", HOMES)
async def test_close_cancels_what_is_open_and_can_be_called_twice(kind: str, request: pytest.FixtureRequest) -> None:
    client = build(kind, request)
    events = client.events()
    job = await client.submit(sample(num_inference_steps=150))
    await client.close()
    await client.close()
    heard = [event async for event in events]
    assert isinstance([event for event in heard if event.job_id == job][-1], Cancelled)
    with pytest.raises(EngineLostError):
        await client.submit(sample())


async def test_a_model_is_read_ahead_in_silence(house: House) -> None:
    await house.client.prepare("sd1")
    await house.client.prepare("nobody")
    job = await house.client.submit(sample(width=96, height=80, model="starter"))
    heard = await until_done(house.events, job)
    assert all(event.job_id in ("", job) for event in heard)
    assert isinstance(heard[-1], Finished)


async def test_models_leave_memory_when_asked(house: House) -> None:
    job = await house.client.submit(sample(width=96, height=80, model="starter"))
    assert isinstance((await until_done(house.events, job))[-1], Finished)
    await house.client.release()
    async for event in house.events:
        if isinstance(event, Released):
            assert event.models == 1
            assert event.freed_bytes >= 0
            break
    again = await house.client.submit(sample(width=96, height=80, model="starter"))
    assert any(isinstance(event, Loading) for event in await until_done(house.events, again))


async def test_models_are_told_without_an_engine(house: House) -> None:
    assert (await house.client.models())[0].id == "starter"


async def test_unknown_jobs_can_be_cancelled(house: House) -> None:
    await house.client.cancel("nobody")


@pytest.mark.slow
async def test_a_killed_engine_fails_its_jobs_and_comes_back(tiny_models: Shelf) -> None:
    client = ProcessClient(tiny_models)
    events = client.events()
    try:
        running = await client.submit(sample(num_inference_steps=150))
        waiting = await client.submit(sample(seed=2))
        await until(events, Progress)
        old = client.pid
        assert old is not None
        os.kill(old, signal.SIGKILL)
        heard = await until_done(events, running, waiting)
        failures = [event for event in heard if isinstance(event, Failed)]
        assert {event.job_id for event in failures} == {running, waiting}
        assert {event.kind for event in failures} == {FailureKind.ENGINE_LOST}
        assert all("painting is untouched" in event.sentence for event in failures)
        lost = [event for event in heard if isinstance(event, EngineLost)]
        assert {event.sentence for event in lost + failures} == {lost[0].sentence}, "one sentence, said once"
        await until(events, EngineReady)  # by itself
        following = await client.submit(sample())
        assert isinstance((await until_done(events, following))[-1], Finished)
        assert client.pid not in (None, old)
    finally:
        await client.close()


@pytest.mark.slow
async def test_the_engine_ends_with_its_client(tiny_models: Shelf) -> None:
    client = ProcessClient(tiny_models)
    events = client.events()
    await client.start()
    await until(events, EngineReady)
    pid = client.pid
    assert pid is not None
    await client.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.slow
async def test_the_engine_does_not_outlive_a_killed_window() -> None:
    window = (
        "import asyncio, time\n"
        "from pipelines.client.fake import FakeLibrary\n"
        "from pipelines.client.process import ProcessClient\n"
        "async def main():\n"
        "    client = ProcessClient(FakeLibrary())\n"
        "    await client.start()\n"
        "    while client.pid is None:\n"
        "        await asyncio.sleep(0.01)\n"
        "    print(client.pid, flush=True)\n"
        "    time.sleep(100)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", window, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(60):
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.05)


async def test_an_engine_that_cannot_start_says_why() -> None:
    client = ProcessClient(Shelf(*await FakeClient().models()), ChildSettings(python="/nowhere/python"))
    events = client.events()
    job = await client.submit(sample())
    failed = (await until_done(events, job))[-1]
    assert isinstance(failed, Failed)
    assert failed.kind is FailureKind.ENGINE_LOST
    assert "could not be started" in failed.sentence
    await client.close()


async def test_an_engine_that_speaks_nonsense_is_ended() -> None:
    settings = ChildSettings(arguments=("-c", "import time; print('hello world', flush=True); time.sleep(60)"))
    client = ProcessClient(Shelf(*await FakeClient().models()), settings)
    events = client.events()
    job = await client.submit(sample())
    failed = (await until_done(events, job))[-1]
    assert isinstance(failed, Failed)
    assert "version HSW1" in failed.detail
    await client.close()


async def test_a_scripted_failure_and_a_lost_engine_of_the_fake() -> None:
    client = FakeClient(script=FakeScript(failures={0: FailureKind.OUT_OF_MEMORY}))
    events = client.events()
    job = await client.submit(sample())
    failed = (await until_done(events, job))[-1]
    assert isinstance(failed, Failed)
    assert failed.kind is FailureKind.OUT_OF_MEMORY
    client.script.hold = asyncio.Event()
    held = await client.submit(sample())
    await until(events, Progress)
    client.lose_engine()
    lost = (await until_done(events, held))[-1]
    assert isinstance(lost, Failed)
    assert lost.kind is FailureKind.ENGINE_LOST
    client.script.hold = None
    following = await client.submit(sample())
    assert isinstance((await until_done(events, following))[-1], Finished)
    await client.close()


def _patches(heard: list[EngineEvent], jobs: list[str]) -> list[np.ndarray]:
    failures = [event for event in heard if isinstance(event, Failed)]
    assert not failures, failures[0].sentence + failures[0].detail
    finished = {event.job_id: event for event in heard if isinstance(event, Finished)}
    return [finished[job].patches[0] for job in jobs]
