"""Where a job is painted: device, models, the way from a request to its patches. Lives in the engine's one thread."""

from __future__ import annotations

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
from pipelines.contract.request import GenerationRequest, Pixels, Task
from pipelines.contract.sources import ModelSource
from pipelines.engine import memory
from pipelines.engine.architectures import ARCHITECTURES
from pipelines.engine.image_to_image import image_to_image
from pipelines.engine.inpaint import inpaint
from pipelines.engine.job_queue import Job
from pipelines.engine.loader import LoadedModel
from pipelines.engine.model_cache import ModelCache
from pipelines.engine.preview import paint_preview
from pipelines.engine.run import Run
from pipelines.engine.schedulers import scheduler_facts
from pipelines.engine.text_to_image import opaque, text_to_image

_TASKS: dict[Task, Callable[[Run], list[Pixels]]] = {
    Task.TEXT_TO_IMAGE: text_to_image,
    Task.IMAGE_TO_IMAGE: image_to_image,
    Task.INPAINT: inpaint,
    Task.OUTPAINT: inpaint,
}


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
        self._interrupt = interrupt
        self._rung = 0

    def ready_event(self) -> EngineReady:
        """What this engine runs on."""
        return EngineReady("", self._device.name, self._device.dtype_name, self._device.memory_bytes)

    def warm_up(self) -> None:
        """Imports what every job needs: seconds on a cold disk, and the first job would wait for it anyway."""
        for row in ARCHITECTURES:
            for name in (row.text_to_image, row.image_to_image, row.inpaint):
                getattr(diffusers, name)

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
        info = self._library.resolve(job.request.model)
        model = self._cache.acquire(info, lambda: self._emit(Loading(job.id, model=info.name)))
        _prepare_preview(model)
        loaded = time.perf_counter()
        self._interrupt()
        run = Run(job, model, self._emit, frame_preview=lambda rgb: opaque(rgb, rgb.shape[1], rgb.shape[0]))
        patches = self._paint_thriftily(run)
        times = {name: round(seconds, 4) for name, seconds in run.times.items()}
        times["load_s"] = round(loaded - start, 4)
        times["queue_s"] = round(start - job.queued_at, 4)
        times["total_s"] = round(time.perf_counter() - start, 4)
        return Finished(job.id, tuple(patches), {**times, **self._facts(run), "files": self._files(job.request)})

    def _paint_thriftily(self, run: Run) -> list[Pixels]:
        """Paints on the current rung; when memory runs out, forgets other models and climbs to a thriftier one."""
        while True:
            try:
                with memory.on_rung(memory.RUNGS[self._rung], run.model.components):
                    return _TASKS[run.job.request.task](run)
            except (RuntimeError, MemoryError) as error:
                if not memory.is_out_of_memory(error) or self._rung + 1 >= len(memory.RUNGS):
                    raise
                run.restart()
                self._rung += 1
            self._cache.release_others(keep=run.model)

    def _facts(self, run: Run) -> dict[str, Any]:
        return {
            "model_hash": run.model.header_hash,
            "weights_hash": run.model.weights_hash,
            "model_path": run.model.info.path,
            "family": run.model.info.family.value,
            "device": self._device.name,
            "processor": memory.processor_name(self._device),
            "dtype": self._device.dtype_name,
            "scheduler": scheduler_facts(run.model.components["scheduler"], run.job.request.scheduler),
            "threads": self._device.threads,
            "rung": memory.RUNGS[self._rung].name,
            "run_width": run.size[0],
            "run_height": run.size[1],
            "steps_run": run.steps_done,
            "peak_memory_bytes": memory.peak_memory_bytes(self._device),
            "versions": _versions(),
            "platform": platform.platform(),
        }

    def _files(self, request: GenerationRequest) -> dict[str, Any]:
        """What tells the files of model and LoRAs apart, by their ids; the hash is there once it is known."""
        infos = {name: self._library.resolve(name) for name in (request.model, *(one.model for one in request.loras))}
        return {
            name: {"sha256": info.file_hash, "size_bytes": info.size_bytes, "modified_ns": info.modified_ns}
            for name, info in infos.items()
        }


def _refuse_unknown(request: GenerationRequest) -> None:
    """What the contract can say but this engine cannot do is refused, never left out silently."""
    if request.loras:
        raise InvalidRequestError("loras", "This version cannot use LoRAs yet. Take them out and try again.")


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
