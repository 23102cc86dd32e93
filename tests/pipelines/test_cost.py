"""What a job will take: learned from the facts of finished ones, said honestly before."""

from __future__ import annotations

import json
import math
import queue
import time
import uuid
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract.events import EngineEvent, Failed, Finished
from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind
from pipelines.contract.request import Fill, GenerationRequest, Task
from pipelines.planning.cost import MOST_SAMPLES, Pace, Sample, Work, passes_of, rough_memory, work_of
from pipelines.planning.sizes import limits_of
from pipelines.planning.steps import steps_for, steps_run

STARTER = ModelInfo(
    "starter", "Starter", "", ModelKind.DIFFUSERS, Family.STARTER, size_bytes=60 << 20,
    defaults=ModelDefaults(14, 2.0, native_size=256, min_size=256),
)  # fmt: skip
LIMITS = limits_of(STARTER)


def asked(width: int = 256, height: int = 256, steps: int = 12, **changes: Any) -> GenerationRequest:
    changes = {"task": Task.TEXT_TO_IMAGE, "guidance_scale": 2.0, **changes}
    return GenerationRequest(model="starter", width=width, height=height, num_inference_steps=steps, **changes)


def work(request: GenerationRequest) -> Work:
    return work_of(request, passes_of(request, LIMITS))


def machine(done: Work, noise: float = 1.0, slope: float = 1.15) -> dict[str, float]:
    """The facts of a machine whose seconds follow a power of the size."""
    network = sum(calls.number * 0.4 * calls.megapixels**slope for calls in done.calls)
    return {
        "steps_run": done.steps,
        "encode_s": noise * (0.02 + 0.3 * done.encoded),
        "denoise_s": noise * network,
        "decode_s": noise * 0.5 * done.decoded,
        "peak_memory_bytes": 4e8 + 5e8 * done.largest,
    }


def seconds(facts: Mapping[str, float]) -> float:
    return facts["encode_s"] + facts["denoise_s"] + facts["decode_s"]


def learned(*samples: Sample | None) -> Pace:
    pace = Pace()
    for sample in samples:
        assert sample is not None
        pace = pace.learned(sample)
    return pace


def test_nothing_measured_is_unknown() -> None:
    cost = Pace().predict(work(asked()))
    assert (cost.seconds, cost.memory_bytes, cost.measured) == (None, None, False)


def test_the_work_counts_what_is_done() -> None:
    one = work(asked(guidance_scale=1.0))
    assert [(calls.megapixels, calls.number) for calls in one.calls] == [(0.065536, 12.0)]
    assert (one.steps, one.encoded) == (12, 0.0)
    guided = work(asked(num_images_per_prompt=3))
    assert guided.calls[0].number == 12 * 2 * 3
    assert guided.steps == 36
    weak = work(asked(task=Task.IMAGE_TO_IMAGE, strength=0.5))
    assert weak.steps == 6
    assert weak.encoded > 0
    large = work(asked(2048, 2048))
    assert large.steps > 12 + 4 * 16  # as a whole, then in windows
    assert max(calls.megapixels for calls in large.calls) < 0.6
    assert large.largest > 4
    assert work(asked(task=Task.IMAGE_TO_IMAGE, strength=0.0)).steps == 0


def test_two_runs_foretell_other_sizes_and_steps() -> None:
    small, larger = work(asked()), work(asked(512, 384, 20))
    pace = learned(Sample.of(small, machine(small)), Sample.of(larger, machine(larger, noise=1.1)))
    for request in (asked(320, 256, 30), asked(768, 512, 8), asked(512, 512, 14, guidance_scale=1.0)):
        done = work(request)
        real = machine(done)
        cost = pace.predict(done)
        assert cost.seconds == pytest.approx(seconds(real), rel=0.3)
        assert cost.memory_bytes == pytest.approx(real["peak_memory_bytes"], rel=0.3)


def test_one_run_foretells_its_like() -> None:
    first = work(asked())
    pace = learned(Sample.of(first, machine(first)))
    assert pace.predict(first).seconds == pytest.approx(seconds(machine(first)))
    assert pace.predict(work(asked(steps=24))).seconds == pytest.approx(2 * seconds(machine(first)), rel=0.15)
    larger = work(asked(512, 512))
    assert pace.reaches(first)
    assert not pace.reaches(larger), "one size tells nothing of larger ones"
    assert pace.learned(Sample.of(larger, machine(larger)) or pace.samples[0]).reaches(work(asked(768, 768)))


def test_a_machine_that_became_slower_is_believed_soon() -> None:
    usual = work(asked())
    pace = learned(*(Sample.of(usual, machine(usual)) for _ in range(8)))
    before = pace.predict(usual).seconds
    for _ in range(MOST_SAMPLES):
        pace = pace.learned(Sample.of(usual, machine(usual, noise=3.0)) or pytest.fail("no sample"))
    assert before is not None
    assert pace.predict(usual).seconds == pytest.approx(3 * before, rel=0.05)
    assert len(pace.samples) == MOST_SAMPLES


def test_the_peak_of_a_large_run_is_no_measure_for_a_small_one_once_that_was_seen() -> None:
    """A CPU's peak is the process's: it never falls."""
    small, large = work(asked()), work(asked(768, 768))
    calm, high = machine(small), machine(large)
    pace = learned(Sample.of(small, calm), Sample.of(large, high), Sample.of(small, {**calm, "peak_memory_bytes": 9e8}))
    assert pace.predict(small).memory_bytes == calm["peak_memory_bytes"]
    assert pace.predict(large).memory_bytes == high["peak_memory_bytes"]


@pytest.mark.parametrize("facts", [{}, {"steps_run": 0, "denoise_s": 1.0}, {"steps_run": "x"}, {"device": "fake"}])
def test_facts_without_times_teach_nothing(facts: dict[str, Any]) -> None:
    assert Sample.of(work(asked()), facts) is None
    nothing = work(asked(task=Task.IMAGE_TO_IMAGE, strength=0.0))
    assert Sample.of(nothing, machine(work(asked()))) is None


def test_paces_survive_json_and_damage() -> None:
    done = work(asked())
    pace = learned(Sample.of(done, machine(done)))
    stored = json.loads(json.dumps(pace.to_list()))
    assert Pace.from_list(stored) == pace
    broken = [
        *stored,
        7,
        {},
        {**stored[0], "call_s": "fast"},
        {**stored[0], "call_s": -1},
        {**stored[0], "call_s": True},
    ]
    assert Pace.from_list(broken) == pace
    assert Pace.from_list("x") == Pace()
    assert Pace.from_list(stored * 99).samples == pace.samples * MOST_SAMPLES


@given(st.integers(1, 200), st.floats(0.0, 1.0))
def test_at_least_four_steps_run_or_none(steps: int, strength: float) -> None:
    run = steps_run(steps, strength)
    asked_for = steps_for(steps, strength)
    assert run == 0 if asked_for == 0 else min(4, steps) <= run <= max(steps, 4)


@given(
    st.lists(st.tuples(st.floats(0.001, 70), st.floats(1e-4, 1e4)), min_size=1, max_size=20),
    st.floats(0.001, 70),
)
def test_every_prediction_is_a_positive_number(points: list[tuple[float, float]], size: float) -> None:
    samples = tuple(Sample(mp, s, mp, s, mp, s, mp, 1e9) for mp, s in points)
    found = Pace(samples).predict(work(asked(int(16 + 90 * size), 512)))
    assert found.seconds is not None
    assert 0 < found.seconds < math.inf


def test_rough_memory_needs_a_known_family() -> None:
    rough = rough_memory(STARTER, work(asked()))
    assert rough is not None
    assert 3e8 < rough < 2e9
    unknown = ModelInfo("m", "M", "", ModelKind.CHECKPOINT, Family.UNKNOWN, size_bytes=1 << 30)
    assert rough_memory(unknown, work(asked())) is None


def inpainting(side: int, steps: int) -> GenerationRequest:
    rng = np.random.default_rng(3)
    image = rng.integers(0, 256, (side, side, 4), dtype=np.uint8)
    image[..., 3] = 255
    mask = np.zeros((side, side), np.uint8)
    mask[side // 3 : -side // 3, side // 3 : -side // 3] = 255
    return asked(side, side, steps, task=Task.INPAINT, image=image, mask=mask, fill=Fill.BLUR)


@pytest.mark.slow
def test_the_starter_takes_what_was_foretold(monkeypatch: pytest.MonkeyPatch) -> None:
    """After two runs, at other sizes and steps. In seconds of the CPU: others use this machine as well."""
    from pipelines.engine import run
    from pipelines.engine.engine import Engine
    from pipelines.library.registry import Library

    monkeypatch.setattr(run, "time", SimpleNamespace(perf_counter=time.process_time))
    events: queue.Queue[EngineEvent] = queue.Queue()
    library = Library()
    library.refresh()
    engine = Engine(events.put, library)

    def painted(request: GenerationRequest) -> Mapping[str, Any]:
        engine.submit(uuid.uuid4().hex, request)
        while True:
            event = events.get(timeout=120)
            assert not isinstance(event, Failed), event
            if isinstance(event, Finished):
                assert event.facts["steps_run"] == work(request).steps
                return event.facts

    try:
        painted(asked(steps=2))  # loading, and the first call of everything
        pace = learned(*(Sample.of(work(one), painted(one)) for one in (asked(steps=8), asked(384, 320, 6))))
        for request in (asked(512, 320, 5), inpainting(320, 7)):
            assert pace.predict(work(request)).seconds == pytest.approx(seconds(painted(request)), rel=0.3)
    finally:
        engine.close()


def test_detail_added_to_a_larger_picture_is_counted_and_plain_enlarging_is_not() -> None:
    plain = asked(task=Task.UPSCALE, strength=0.0, scale=2.0)
    detailed = asked(task=Task.UPSCALE, strength=0.3, scale=2.0)
    assert work(plain).steps == 0
    found = work(detailed)
    windows = len(passes_of(detailed, LIMITS)[0].windows)
    assert windows > 1
    assert found.steps == windows * steps_run(12, 0.3)
    assert found.encoded == found.decoded == pytest.approx(512 * 512 / 1e6)
