"""Where a job is painted: device, models, the way from a request to its patches. Lives in the engine's one thread."""

from __future__ import annotations

import functools
import gc
import importlib.metadata
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.events import EngineEvent, EngineReady, Finished, Loading
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import LANCZOS, GenerationRequest, Pixels, Task
from pipelines.contract.sources import ModelSource
from pipelines.engine import memory
from pipelines.engine.amendments import with_amendments
from pipelines.engine.architectures import ARCHITECTURES
from pipelines.engine.image_to_image import image_to_image
from pipelines.engine.inpaint import inpaint
from pipelines.engine.job_queue import Job
from pipelines.engine.latents import remembering
from pipelines.engine.loader import LoadedModel
from pipelines.engine.model_cache import ModelCache
from pipelines.engine.network import Predict, around
from pipelines.engine.preview import paint_preview
from pipelines.engine.run import Run
from pipelines.engine.schedulers import scheduler_facts
from pipelines.engine.text_to_image import opaque, text_to_image
from pipelines.engine.thrift import MemoryExhaustedError, Rung, Stage, Thrift
from pipelines.engine.upscale import Enlarger, Enlarging, paint_over, patches_of

_TASKS: dict[Task, Callable[[Run], list[Pixels]]] = {
    Task.TEXT_TO_IMAGE: text_to_image,
    Task.IMAGE_TO_IMAGE: image_to_image,
    Task.INPAINT: inpaint,
    Task.OUTPAINT: inpaint,
    Task.UPSCALE: paint_over,
}

_LARGE = 2**29
"""Bytes of a model beside whose work it costs nothing to give memory back within a job."""


class Studio:
    """Holds what outlives a job. Every method is called by the engine's thread only."""

    def __init__(
        self,
        emit: Callable[[EngineEvent], None],
        library: ModelSource,
        config_dir: Path,
        interrupt: Callable[[], None],
    ) -> None:
        diffusers.utils.logging.set_verbosity_error()
        transformers.utils.logging.set_verbosity_error()
        diffusers.utils.logging.disable_progress_bar()
        transformers.utils.logging.disable_progress_bar()
        self._emit = emit
        self._library = library
        self._device = memory.choose_device()
        self._cache = ModelCache(self._device, config_dir, interrupt)
        self._enlarger = Enlarger(emit, library, self._device, interrupt)
        self._interrupt = interrupt

    def ready_event(self) -> EngineReady:
        """What this engine runs on."""
        return EngineReady("", self._device.name, self._device.dtype_name, self._device.memory_bytes)

    def warm_up(self) -> None:
        """Imports what every job needs: seconds on a cold disk, and the first job would wait for it anyway."""
        for row in ARCHITECTURES:
            for name in (row.text_to_image, row.image_to_image, row.inpaint):
                getattr(diffusers, name)
        gc.collect()
        gc.freeze()  # what is imported stays; looking through it after every job would cost a tenth of a second

    def is_out_of_memory(self, error: BaseException) -> bool:
        """Whether memory ran out, in any of the ways devices say so."""
        return memory.is_out_of_memory(error)

    def paint(self, job: Job) -> Finished:
        """Loads what the job needs and paints it.

        Raises JobCancelled, ModelError, InvalidRequestError and whatever torch raises.
        """
        _refuse_unknown(job.request)
        start = time.perf_counter()
        memory.reset_peak(self._device)
        enlarging = self._enlarger.enlarge(job) if job.request.task is Task.UPSCALE else None
        if enlarging is not None and enlarging.later_steps == 0:
            return self._enlarged(job, enlarging, start)
        info = self._library.resolve(job.request.model)
        model, spared = self._acquire(job, info)
        thrift = Thrift(model, self._device, lambda: self._cache.release_others(keep=model))
        if spared is not None:
            thrift.note(Stage.LOAD, spared)
        run = Run(job, model, self._emit, lambda rgb: opaque(rgb, rgb.shape[1], rgb.shape[0]), thrift=thrift)
        thrift.steps_done = lambda: run.steps_done
        if enlarging is not None:
            run.enlarged = enlarging.result
            run.go_on(enlarging.tiles_done, enlarging.steps, enlarging.seconds)
        with (
            thrift.watching(),
            around(model.vae, "encode", [remembering(model)]),
            around(model.vae, "decode", [self._trimming] if model.size_bytes > _LARGE else []),
        ):
            _prepare_preview(model)
            loaded = time.perf_counter()
            self._interrupt()
            run.look, job.request = job.request.image, with_amendments(job.request, job.amendments)
            patches = self._paint(run, thrift)
        times = {name: round(seconds, 4) for name, seconds in run.times.items()}
        times["load_s"] = round(loaded - start, 4)
        times["queue_s"] = round(start - job.queued_at, 4)
        times["total_s"] = round(time.perf_counter() - start, 4)
        facts = {**times, **self._facts(run, thrift), "files": self._files(job.request)}
        return Finished(job.id, tuple(patches), facts)

    def _enlarged(self, job: Job, enlarging: Enlarging, start: float) -> Finished:
        """The end of a job that only makes larger; no model that paints is loaded for it."""
        assert enlarging.result is not None  # noqa: S101 - `enlarge` has set it
        width, height = job.request.result_size
        facts = {
            "queue_s": round(start - job.queued_at, 4),
            "enlarge_s": round(enlarging.seconds, 4),
            "total_s": round(time.perf_counter() - start, 4),
            "run_width": width,
            "run_height": height,
            "steps_run": enlarging.tiles_done,
            **self._machine_facts(),
            "files": self._files(job.request),
        }
        return Finished(job.id, tuple(patches_of(enlarging.result, job.request.num_images_per_prompt)), facts)

    def tidy(self) -> None:
        """After a job: what it held goes back to the device and to the system."""
        memory.give_back(self._device)

    def _acquire(self, job: Job, info: ModelInfo) -> tuple[LoadedModel, Rung | None]:
        """The model, and what had to be done so that it had room."""

        def acquire(*, offloaded: bool = False) -> LoadedModel:
            return self._cache.acquire(info, lambda: self._emit(Loading(job.id, model=info.name)), offloaded=offloaded)

        try:
            return acquire(), None
        except (RuntimeError, MemoryError) as error:
            if not memory.is_out_of_memory(error):
                raise
        self._cache.release_others()
        memory.give_back(self._device)
        try:
            return acquire(), Rung.OTHER_MODELS
        except (RuntimeError, MemoryError) as error:
            if not memory.is_out_of_memory(error) or self._device.name == "cpu":
                raise
        memory.give_back(self._device)
        return acquire(offloaded=True), Rung.OFFLOAD

    def _trimming(self, decode: Predict) -> Predict:
        """What the network's steps have left behind goes back first: decoding is where most memory is in use."""

        @functools.wraps(decode)
        def trimmed(*args: Any, **kwargs: Any) -> Any:
            if self._device.name == "cpu":
                memory.trim()
            return decode(*args, **kwargs)

        return trimmed

    def _paint(self, run: Run, thrift: Thrift) -> list[Pixels]:
        """Paints; where memory runs out between the guarded calls, once more from the beginning."""
        paint = _TASKS[run.job.request.task]
        try:
            return paint(run)
        except (RuntimeError, MemoryError) as error:
            if not memory.is_out_of_memory(error) or isinstance(error, MemoryExhaustedError):
                raise
        self._cache.release_others(keep=run.model)
        memory.give_back(self._device)
        thrift.note(Stage.JOB, Rung.RESTART)
        run.restart()
        return paint(run)

    def _facts(self, run: Run, thrift: Thrift) -> dict[str, Any]:
        return {
            "model_hash": run.model.header_hash,
            "weights_hash": run.model.weights_hash,
            "model_path": run.model.info.path,
            "family": run.model.info.family.value,
            **self._machine_facts(),
            "scheduler": scheduler_facts(run.model.components["scheduler"], run.job.request.scheduler),
            "thrift": [measure.to_dict() for measure in thrift.measures],
            "thrift_sentence": thrift.sentence,
            "run_width": run.size[0],
            "run_height": run.size[1],
            "steps_run": run.steps_done,
            "amended": [run.amended[number] for number in sorted(run.amended)],
        }

    def _machine_facts(self) -> dict[str, Any]:
        return {
            "device": self._device.name,
            "processor": memory.processor_name(self._device),
            "dtype": self._device.dtype_name,
            "threads": self._device.threads,
            "peak_memory_bytes": memory.peak_memory_bytes(self._device),
            "versions": _versions(),
            "platform": platform.platform(),
        }

    def _files(self, request: GenerationRequest) -> dict[str, Any]:
        """What tells the files of model and LoRAs apart, by their ids; the hash is there once it is known."""
        names = [request.model, *(one.model for one in request.loras)]
        if request.task is Task.UPSCALE:
            names = [*(names if request.strength > 0.0 else ()), *([request.upscaler] * (request.upscaler != LANCZOS))]
        infos = {name: self._library.resolve(name) for name in names}
        return {
            name: {"sha256": info.file_hash, "size_bytes": info.size_bytes, "modified_ns": info.modified_ns}
            for name, info in infos.items()
        }


def _refuse_unknown(request: GenerationRequest) -> None:
    """What the contract can say but this engine cannot do is refused, never left out silently."""
    for name in ("loras", "embeddings", "vae", "clip_skip", "controls", "references"):
        if getattr(request, name):
            raise InvalidRequestError(name, f"This version cannot use {name} yet. Take them out and try again.")


def _prepare_preview(model: LoadedModel) -> None:
    """Measures the preview's colours while loading, so that the first step is not late."""
    if model.preview_matrix is None:
        with torch.inference_mode():
            channels = model.vae.config.latent_channels
            paint_preview(model, torch.zeros(1, channels, 1, 1, device=model.unet.device))


def _versions() -> dict[str, str]:
    return {
        "handscroll": _own_version(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "diffusers": diffusers.__version__,
        "transformers": transformers.__version__,
        "safetensors": importlib.metadata.version("safetensors"),
    }


def _own_version() -> str:
    try:
        return importlib.metadata.version("handscroll")
    except importlib.metadata.PackageNotFoundError:  # a checkout that is not installed
        return ""
