"""What the engine costs on top of diffusers: `python -m tests.benchmarks.bench_generate [--json]`.

Both sides run in one process in turn, on the same model, in the same numbers, on one thread; ratios are of CPU seconds,
which a busy machine disturbs least, and each is the median over pairs of neighbouring runs.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from queue import Queue
from typing import Any

import psutil

from pipelines.client.process import ProcessClient
from pipelines.contract.events import TERMINAL, Cancelled, EngineEvent, EngineReady, Finished, Progress, Started
from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind
from pipelines.contract.request import GenerationRequest, Task
from tests.benchmarks.rows import Row, median, report

_PAIRS = 7
_STARTER = Path(__file__).resolve().parents[2] / "resources" / "starter"


class _Models:
    """The few models measured."""

    def __init__(self, *models: ModelInfo) -> None:
        self._models = {info.id: info for info in models}

    def resolve(self, model_id: str) -> ModelInfo:
        return self._models[model_id]

    def models(self) -> list[ModelInfo]:
        return list(self._models.values())


def measure() -> list[Row]:
    """All rows; about a minute."""
    os.environ["HANDSCROLL_THREADS"] = "1"
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    starter = ModelInfo(
        "starter",
        "Starter",
        str(_STARTER),
        ModelKind.DIFFUSERS,
        Family.STARTER,
        defaults=ModelDefaults(14, 2.0, native_size=256),
    )
    with tempfile.TemporaryDirectory() as folder:
        from tests.pipelines import tiny

        sd1 = tiny.info(tiny.write_folder(tiny.sd1_pipeline(), Path(folder) / "sd1"), Family.SD1)
        models = _Models(starter, sd1)
        return [*_overheads(models), *asyncio.run(_through_the_pipe(models))]


def _overheads(models: _Models) -> list[Row]:
    from pipelines.engine.engine import Engine

    events: Queue[EngineEvent] = Queue()
    engine = Engine(events.put, models)
    while not isinstance(ready := events.get(timeout=120), EngineReady):
        continue
    rows = []
    try:
        for info, side, steps in ((models.resolve("starter"), 256, 14), (models.resolve("sd1"), 128, 60)):
            asked = _request(info.id, side, steps, info.defaults.guidance_scale)
            bare = _bare_call(info, asked, ready.dtype)
            painted = _engine_call(engine, events, asked)
            ratios = [_cpu_seconds(painted) / _cpu_seconds(bare) for _ in range(_PAIRS + 1)][1:]
            note = f"{side} px, {steps} steps, CPU-seconds, previews on, median of {_PAIRS} pairs"
            rows.append(Row(f"engine / bare diffusers, {info.name}", median(ratios), "ratio", 1.05, note))
    finally:
        engine.close()
    return rows


def _engine_call(engine: Any, events: Queue[EngineEvent], asked: GenerationRequest) -> Callable[[], None]:
    count = 0

    def paint() -> None:
        nonlocal count
        count += 1
        engine.submit(f"{asked.model}{count}", asked)
        while not isinstance(event := events.get(timeout=120), TERMINAL):
            continue
        assert isinstance(event, Finished), event

    return paint


def _bare_call(info: ModelInfo, asked: GenerationRequest, dtype: str) -> Callable[[], None]:
    import torch
    from diffusers import DiffusionPipeline

    numbers = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}[dtype]
    pipe: Any = DiffusionPipeline.from_pretrained(info.path, dtype=numbers, local_files_only=True)
    pipe.set_progress_bar_config(disable=True)

    def paint() -> None:
        pipe(
            asked.prompt,
            width=asked.width,
            height=asked.height,
            num_inference_steps=asked.num_inference_steps,
            guidance_scale=asked.guidance_scale,
            generator=torch.Generator("cpu").manual_seed(asked.seed),
        )

    return paint


def _cpu_seconds(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


async def _through_the_pipe(models: _Models) -> list[Row]:
    """What the window sees of an engine in its child process."""
    client = ProcessClient(models)
    events = client.events()
    start = time.perf_counter()
    await client.start()
    await _until(events, EngineReady)
    ready = time.perf_counter() - start
    asked = _request("starter", 256, 14, 2.0)
    try:
        await client.submit(asked)
        await _until(events, Finished)
        to_start, to_step = [], []
        for _ in range(5):
            start = time.perf_counter()
            await client.submit(asked)
            await _until(events, Started)
            to_start.append(time.perf_counter() - start)
            await _until(events, Progress)
            to_step.append(time.perf_counter() - start)
            await _until(events, Finished)
        late = [await _steps_after_cancel(client, events) for _ in range(3)]
        memory = psutil.Process(client.pid).memory_info().rss / 2**20
    finally:
        await client.close()
    return [
        Row("engine's process start -> ready", ready * 1000, "ms", None, "torch and diffusers imported"),
        Row("request -> denoising begins", median(to_start) * 1000, "ms", None, "warm, starter, through the pipe"),
        Row("request -> first step done", median(to_step) * 1000, "ms", None, "the same"),
        Row("cancel -> idle", median(late), "steps", 1.0, "in lengths of one step, while denoising"),
        Row("engine's resident memory", memory, "MB", None, "child process after jobs with the starter"),
    ]


async def _steps_after_cancel(client: ProcessClient, events: AsyncIterator[EngineEvent]) -> float:
    job = await client.submit(_request("starter", 256, 100, 2.0))
    last = begun = time.perf_counter()
    for _ in range(4):
        await _until(events, Progress)
        last, begun = begun, time.perf_counter()
    one_step = begun - last
    await client.cancel(job)
    cancelled = time.perf_counter()
    await _until(events, Cancelled)
    return (time.perf_counter() - cancelled) / one_step


async def _until(events: AsyncIterator[EngineEvent], kind: type[EngineEvent]) -> EngineEvent:
    async with asyncio.timeout(120):
        while not isinstance(event := await anext(events), kind):
            continue
        return event


def _request(model: str, side: int, steps: int, guidance: float) -> GenerationRequest:
    return GenerationRequest(
        Task.TEXT_TO_IMAGE,
        model,
        "night, moon, mountains, water",
        num_inference_steps=steps,
        guidance_scale=guidance,
        seed=5,
        width=side,
        height=side,
    )


if __name__ == "__main__":
    report("What the engine costs on top of diffusers.", measure)
