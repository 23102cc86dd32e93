"""A Stable Diffusion 1.5 of full size through the engine, against the bare diffusers call of the same run.

Each side has a process of its own, on one thread; figures are CPU-seconds, which a busy machine disturbs least.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from queue import Queue
from typing import Any

import psutil

from pipelines.client.child import Child, ChildSettings
from pipelines.client.wire import Cancel, Prepare, Submit
from pipelines.contract.events import TERMINAL, EngineEvent, EngineReady, Finished, Preview, Progress
from pipelines.contract.request import GenerationRequest, Task
from tests.benchmarks.rows import Row, median

_STEPS = 4
_GUIDANCE = 7.0
_LIMIT_S = 900
_WITHOUT = "import sys; sys.modules['scipy'] = None"
"""diffusers imports scipy where it is installed, and takes 60 MB for it; the program's own requirements lack it."""
_TOUCHED = 0.8
"""Part of the memory that is free; at least as much as either side uses."""
_NOTE = f"SD1.5 of full size, {_STEPS} steps, guidance {_GUIDANCE:g}, CPU-seconds"


def full_size_rows() -> Iterator[Row]:
    """Writes the model (2 GB) to a temporary folder, measures and takes it away again; some 5 minutes."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "sd15"
        _alone("write", model)
        ours = _alone("engine", model)
        yield from _own_rows(ours)
        ahead = _alone("ahead", model)
        first, note = ahead["first_256"] - ahead["same_256"], "of the job alone, as when the program stood open a while"
        yield Row("first job over a warm one, model read ahead", first, "CPU-s", 2.0, note)
        bare = _alone("bare", model, ours["dtype"])
        yield from _equal_rows(ours, bare)
        exact = bare if ours["dtype"] == "fp32" else _alone("bare", model, "fp32")
        yield Row("256 px, same prompt / bare fp32", ours["same_256"] / exact["warm_256"], "ratio", 0.5, _NOTE)
        yield Row("256 px, new prompt / bare fp32", ours["new_256"] / exact["warm_256"], "ratio", None, _NOTE)
        yield Row("bare fp32: peak memory", exact["peak_mb"] / 1000, "GB", None, "256 px only")


def _own_rows(ours: dict[str, Any]) -> Iterator[Row]:
    first = ours["first_256"] - ours["same_256"]
    note = "choose and paint at once: reading the model included; bare: below"
    yield Row("first job over a warm one", first, "CPU-s", None, note)
    note = "of it in the system's kernel: a virtual machine's host hands pages out on their first touch"
    yield Row("first job, the system's part", ours["first_system"], "CPU-s", None, note)
    yield Row("first preview after", ours["first_preview_step"], "steps", 1.0, "full size")
    yield Row("memory after jobs, full size", ours["after_mb"] / 1000, "GB", 2.7, "resident, engine's process")
    yield Row("peak memory, 256 px, full size", ours["peak_256_mb"] / 1000, "GB", 3.0, "reading the model included")
    yield Row("peak memory, 512 px, full size", ours["peak_mb"] / 1000, "GB", 3.0, "over all jobs")
    yield from _cancel_rows(ours)


def _equal_rows(ours: dict[str, Any], bare: dict[str, Any]) -> Iterator[Row]:
    same = f"{_NOTE}, both in {ours['dtype']}"
    yield Row("256 px, new prompt / bare", ours["new_256"] / bare["warm_256"], "ratio", 1.02, same)
    yield Row("256 px, same prompt / bare", ours["same_256"] / bare["warm_256"], "ratio", 1.0, same)
    yield Row("512 px, new prompt / bare", ours["warm_512"] / bare["warm_512"], "ratio", 0.95, same)
    first = bare["first_256"] - bare["warm_256"]
    yield Row("bare: first call over a warm one", first, "CPU-s", None, "reading included")


def _cancel_rows(ours: dict[str, Any]) -> list[Row]:
    note = "full size, 256 px, in lengths of one step, until the engine's thread is idle"
    return [
        Row(f"cancel in {where} -> idle", ours[f"cancel_{where}"], "steps", 0.1, note)
        for where in ("denoise", "encode", "decode")
    ]


def _alone(*words: str | Path) -> dict[str, Any]:
    """Runs a part of this module in a process of its own."""
    print(f"    {' '.join(map(str, words[:1] + words[2:]))} ...", file=sys.stderr, flush=True)
    _touch()
    command = [sys.executable, "-m", "tests.benchmarks.full_size_rows", *map(str, words)]
    quiet = os.environ | {"OMP_NUM_THREADS": "1", "HANDSCROLL_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, env=quiet, capture_output=True, text=True, timeout=_LIMIT_S, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    print(f"    {done.stdout.splitlines()[-1]}", file=sys.stderr, flush=True)
    return json.loads(done.stdout.splitlines()[-1])


def _touch() -> None:
    """Fills and frees memory in a process of its own: a virtual machine gets pages that were never used from its host
    on their first touch, at seconds for each GB, and whoever happens to come first would pay for that."""
    count = int(max(7e9, psutil.virtual_memory().available * _TOUCHED)) // 8
    filling = f"import numpy; numpy.ones({count})"
    subprocess.run([sys.executable, "-c", filling], check=False)


def _write(folder: Path) -> dict[str, Any]:
    from tests.benchmarks import full_size

    full_size.write_folder(folder)
    return {}


def _bare(folder: Path, numbers: str) -> dict[str, Any]:
    sys.modules["scipy"] = None  # pyright: ignore[reportArgumentType]  # alike on both sides
    import torch
    from diffusers import StableDiffusionPipeline

    dtype = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}[numbers]
    loaded = time.process_time()
    pipe: Any = StableDiffusionPipeline.from_pretrained(str(folder), dtype=dtype, local_files_only=True)
    pipe.set_progress_bar_config(disable=True)

    def call(side: int, prompt: str) -> None:
        generator = torch.Generator().manual_seed(5)
        pipe(
            prompt,
            width=side,
            height=side,
            num_inference_steps=_STEPS,
            guidance_scale=_GUIDANCE,
            generator=generator,
        )

    call(256, "moon")
    figures = {"first_256": time.process_time() - loaded}
    figures["warm_256"] = median([_seconds(lambda: call(256, "night")) for _ in range(3)])
    if numbers != "fp32":
        call(512, "water")  # warm is what has been painted at this size before
    figures["warm_512"] = _seconds(lambda: call(512, "fire")) if numbers != "fp32" else 0.0
    return figures | {"peak_mb": _peak_mb()}


class _Engine:
    """The engine's own process, started as the window starts it, heard event by event."""

    def __init__(self, folder: Path) -> None:
        from tests.benchmarks import full_size

        self._infos = {info.id: info for info in (full_size.info(folder, native) for native in (256, 512))}
        self.events: Queue[EngineEvent] = Queue()
        worker = f"{_WITHOUT}; from pipelines.worker import main; main()"
        settings = ChildSettings(arguments=("-c", worker), environment={"HANDSCROLL_IDLE_MINUTES": "0"})
        self.child = Child(settings, lambda _child, event: self.events.put(event), lambda *_: None)
        self._jobs = 0
        while not isinstance(event := self.events.get(timeout=300), EngineReady):
            continue
        self.dtype = event.dtype
        self.process = psutil.Process(self.child.pid)
        self.settle()  # it imports what every job needs; that belongs to its start

    def settle(self) -> None:
        """Waits until the process computes nothing any more."""
        before = -1.0
        while self.seconds() - before > 0.01:
            before = self.seconds()
            time.sleep(0.5)

    def read_ahead(self, side: int) -> None:
        """As the window asks it, once the engine is up; returns when it is done."""
        begun = self.seconds()
        self.child.send(Prepare(self._infos[f"full-{side}"]))
        while self.seconds() - begun < 0.5:  # a busy machine may let it wait
            time.sleep(0.1)
        self.settle()

    def seconds(self) -> float:
        """CPU-seconds that the process has used."""
        return time.clock_gettime((~self.process.pid << 3) | 2)  # Linux: the clock of another process

    def peak_mb(self) -> float:
        """The most memory that it had so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6

    def submit(self, side: int, prompt: str, **more: Any) -> str:
        self._jobs += 1
        values = {"task": Task.TEXT_TO_IMAGE, "num_inference_steps": _STEPS, "guidance_scale": _GUIDANCE} | more
        asked = GenerationRequest(model=f"full-{side}", prompt=prompt, seed=5, width=side, height=side, **values)
        self.child.send(Submit(str(self._jobs), asked, [self._infos[asked.model]]))
        return str(self._jobs)

    def measured(self, work: Callable[[], object]) -> float:
        """The CPU-seconds it takes."""
        start = self.seconds()
        work()
        return self.seconds() - start

    def hear(self) -> Iterator[EngineEvent]:
        """Events to the end of a job."""
        while not isinstance(event := self.events.get(), TERMINAL):
            yield event
        yield event

    def paint(self, side: int, prompt: str) -> list[EngineEvent]:
        self.submit(side, prompt)
        heard = list(self.hear())
        assert isinstance(heard[-1], Finished), heard[-1]
        time.sleep(0.2)
        return heard


def _engine(folder: Path) -> dict[str, Any]:
    studio = _Engine(folder)
    figures: dict[str, Any] = {"dtype": studio.dtype}
    before = studio.process.cpu_times().system
    figures["first_256"] = studio.measured(lambda: studio.paint(256, "moon"))
    figures["first_system"] = studio.process.cpu_times().system - before
    figures["peak_256_mb"] = studio.peak_mb()
    figures["same_256"] = median([studio.measured(lambda: studio.paint(256, "moon")) for _ in range(3)])
    figures["new_256"] = median(
        [studio.measured(lambda word=word: studio.paint(256, word)) for word in ("a", "b", "c")]
    )
    figures |= _cancel_figures(studio)
    heard: list[EngineEvent] = []
    heard.extend(studio.paint(512, "water"))
    figures["warm_512"] = studio.measured(lambda: studio.paint(512, "fire"))
    figures["first_preview_step"] = next(event.step for event in heard if isinstance(event, Preview))
    figures |= {"after_mb": studio.process.memory_info().rss / 1e6, "peak_mb": studio.peak_mb()}
    studio.child.close()
    return figures


def _ahead(folder: Path) -> dict[str, Any]:
    studio = _Engine(folder)
    studio.read_ahead(256)
    figures = {"first_256": studio.measured(lambda: studio.paint(256, "moon"))}
    figures["same_256"] = median([studio.measured(lambda: studio.paint(256, "moon")) for _ in range(3)])
    studio.child.close()
    return figures


def _cancel_figures(studio: _Engine) -> dict[str, float]:
    """CPU-seconds from cancel to the job's end, in lengths of one step."""
    import numpy as np

    job = studio.submit(256, "moon", num_inference_steps=3)
    marks = [studio.seconds() for event in studio.hear() if isinstance(event, Progress)]
    step = median([after - before for before, after in pairwise(marks)])
    picture = np.random.default_rng(2).integers(0, 256, (256, 256, 4)).astype(np.uint8)
    picture[..., 3] = 255
    found: dict[str, list[float]] = {"denoise": [], "encode": [], "decode": []}
    for part in (0.1, 0.35, 0.6):
        job = studio.submit(256, "moon", num_inference_steps=20)
        _until(studio, Progress)
        found["denoise"].append(_after_cancel(studio, job, part * step))
        picture[0, 0, 0] += 1  # another picture: the last one may be known already
        more = {"task": Task.IMAGE_TO_IMAGE, "image": picture.copy(), "strength": 0.9}
        job = studio.submit(256, "moon", **more)
        found["encode"].append(_after_cancel(studio, job, part * step * 0.5))
        job = studio.submit(256, "moon", num_inference_steps=1)
        _until(studio, Progress)
        found["decode"].append(_after_cancel(studio, job, part * step))
    return {f"cancel_{where}": max(seconds) / step for where, seconds in found.items()}


def _until(studio: _Engine, kind: type[EngineEvent]) -> None:
    while not isinstance(studio.events.get(), kind):
        continue


def _after_cancel(studio: _Engine, job: str, delay: float) -> float:
    begun = studio.seconds()
    while studio.seconds() - begun < delay:
        time.sleep(0.002)
    cancelled = studio.seconds()
    studio.child.send(Cancel(job))
    for _ in studio.hear():
        continue
    return studio.seconds() - cancelled


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def _main(words: list[str]) -> None:
    parts: dict[str, Callable[..., dict[str, Any]]] = {
        "write": _write,
        "bare": _bare,
        "engine": _engine,
        "ahead": _ahead,
    }
    print(json.dumps(parts[words[0]](Path(words[1]), *words[2:])))


if __name__ == "__main__":
    _main(sys.argv[1:])
