"""What the engine costs on top of diffusers: `python -m tests.benchmarks.bench_generate [--json] [--full]`.

`--full` adds a model of full size, which takes 2 GB of disk, 6 GB of memory and some 5 minutes.

Both sides run in one process in turn, on the same model, in the same numbers, on one thread; ratios are of CPU seconds,
which a busy machine disturbs least, and each is the median over pairs of neighbouring runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from queue import Queue
from typing import Any

import psutil

from pipelines.client.process import ProcessClient
from pipelines.contract.events import TERMINAL, Cancelled, EngineEvent, EngineReady, Finished, Progress, Started
from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind
from pipelines.contract.request import GenerationRequest, Task
from tests.benchmarks import bench_live
from tests.benchmarks.full_size_rows import full_size_rows
from tests.benchmarks.rows import Part, Row, median, report_parts

_PAIRS = 5
_STARTER = Path(__file__).resolve().parents[2] / "resources" / "starter"


class _Models:
    """The few models measured."""

    def __init__(self, *models: ModelInfo) -> None:
        self._models = {info.id: info for info in models}

    def resolve(self, model_id: str) -> ModelInfo:
        return self._models[model_id]

    def models(self) -> list[ModelInfo]:
        return list(self._models.values())


class _Bench:
    """What the parts share: two small models and, once it is needed, an engine in this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engine: Any = None
        self._ready: EngineReady | None = None
        self.events: Queue[EngineEvent] = Queue()

    @functools.cached_property
    def models(self) -> _Models:
        from pipelines.miniatures.sd import sd1_pipeline
        from pipelines.miniatures.writing import info_of, write_folder

        defaults = ModelDefaults(14, 2.0, native_size=256)
        starter = ModelInfo("starter", "Starter", str(_STARTER), ModelKind.DIFFUSERS, Family.STARTER, defaults=defaults)
        return _Models(starter, info_of(write_folder(sd1_pipeline(), self._folder / "sd1"), Family.SD1))

    def engine(self) -> tuple[Any, str]:
        """The engine and its number format."""
        if self._ready is None:
            from pipelines.engine.engine import Engine

            self._engine = Engine(self.events.put, self.models)
            while not isinstance(event := self.events.get(timeout=120), EngineReady):
                continue
            self._ready = event
        return self._engine, self._ready.dtype

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()

    def overheads(self, model: str, side: int, steps: int) -> Iterator[Row]:
        """Engine against the bare call, with words that are new each time and with the same."""
        engine, dtype = self.engine()
        info = self.models.resolve(model)
        asked = _request(info.id, side, steps, info.defaults.guidance_scale)
        bare = _bare_call(info, asked, dtype)
        note = f"{side} px, {steps} steps, CPU-seconds, previews on, median of {_PAIRS} pairs"
        for words, limit in (("new", 1.02), ("same", 1.0)):
            painted = _engine_call(engine, self.events, asked, new_prompts=words == "new")
            name = f"engine / bare diffusers, {info.name}, {words} prompt"
            yield Row(name, _ratio(painted, bare), "ratio", limit, note)

    def sizes(self) -> Iterator[Row]:
        """A part of a large painting against the same in a small one."""
        yield _size_row(self.engine()[0], self.events)

    def through_the_pipe(self) -> list[Row]:
        """Times that the window sees."""
        return asyncio.run(_through_the_pipe(self.models))


def main() -> None:
    """Runs the benchmark as its command line says."""
    os.environ["HANDSCROLL_THREADS"] = "1"
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(_Bench(Path(folder))) as bench:
        parts: list[Part] = [
            ("the starter beside bare diffusers", lambda: bench.overheads("starter", 256, 14)),
            ("a tiny SD1 beside bare diffusers", lambda: bench.overheads("sd1", 128, 60)),
            ("a part of paintings of two sizes", bench.sizes),
            ("through the pipe", bench.through_the_pipe),
            ("live painting", bench_live.measure),
        ]
        report_parts("What the engine costs on top of diffusers.", parts, [("SD1.5 of full size", full_size_rows)])


def _ratio(ours: Callable[[], None], theirs: Callable[[], None]) -> float:
    """Of CPU-seconds: the median over pairs, who is first in turn; one pair before them is not counted."""
    ours()
    theirs()
    ratios = []
    for number in range(_PAIRS):
        if number % 2:
            other, own = _cpu_seconds(theirs), _cpu_seconds(ours)
        else:
            own, other = _cpu_seconds(ours), _cpu_seconds(theirs)
        ratios.append(own / other)
    return median(ratios)


def _size_row(engine: Any, events: Queue[EngineEvent]) -> Row:
    """Repainting 256 x 256 pixels in the middle of paintings of two sizes: capture and engine together."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QColor, QGuiApplication

    from canvas.compositor import Compositor
    from canvas.document import Document
    from canvas.geometry import Bounds
    from canvas.selection import Selection
    from desktop.generation.capture import capture
    from desktop.generation.form import GenerationSettings
    from tests.desktop.generation.test_capture import paint as paint_all

    _application = QGuiApplication.instance() or QGuiApplication([])
    settings = GenerationSettings(model="starter", prompt="moon", num_inference_steps=8, guidance_scale=2.0, seed=5)
    seconds: dict[int, Callable[[], float]] = {}
    for side in (512, 4096):
        document = Document.new(Bounds(0, 0, side, side))
        paint_all(document, document.frame)
        document.set_selection(Selection.rectangle(Bounds(side // 2 - 128, side // 2 - 128, 256, 256)))
        compositor = Compositor(document, QColor("white"))

        def painted(document: Document = document, compositor: Compositor = compositor) -> float:
            start = time.process_time()
            asked = capture(document, compositor, settings).request
            return time.process_time() - start + _cpu_seconds(_engine_call(engine, events, asked, new_prompts=False))

        seconds[side] = painted
    ratios = [seconds[4096]() / seconds[512]() for _ in range(_PAIRS + 1)][1:]
    note = "starter, 8 steps, capture and engine, CPU-seconds"
    return Row("256 px repainted in 4096 px / in 512 px", median(ratios), "ratio", 1.05, note)


def _engine_call(
    engine: Any, events: Queue[EngineEvent], asked: GenerationRequest, *, new_prompts: bool
) -> Callable[[], None]:
    count = 0

    def paint() -> None:
        nonlocal count
        count += 1
        prompt = f"{asked.prompt}, {count}" if new_prompts else asked.prompt
        engine.submit(f"{asked.model}{time.perf_counter_ns()}", replace(asked, prompt=prompt))
        while not isinstance(event := events.get(timeout=300), TERMINAL):
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


def _cpu_seconds(work: Callable[[], object]) -> float:
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
        Row("request -> denoising begins", median(to_start) * 1000, "ms", 10.0, "warm, starter, through the pipe"),
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
    main()
