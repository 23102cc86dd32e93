"""Where a job is painted: device, models, the way from a request to its patches. Lives in the engine's one thread."""

from __future__ import annotations

import functools
import gc
import importlib.metadata
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from pipelines.contract.events import EngineEvent, EngineReady, Finished, Loading, Released
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import LANCZOS, GenerationRequest, Pixels, Task
from pipelines.contract.sources import ModelSource
from pipelines.engine import memory
from pipelines.engine.amendments import with_amendments
from pipelines.engine.animate import animate
from pipelines.engine.architectures import ARCHITECTURES, check_task
from pipelines.engine.conditioning.addons import AddOns, Relief
from pipelines.engine.conditioning.equip import equipped
from pipelines.engine.flow.sight import check_references, sighted
from pipelines.engine.image_to_image import image_to_image
from pipelines.engine.inpaint import inpaint
from pipelines.engine.job_queue import Job, LookingJob
from pipelines.engine.latents import remembering
from pipelines.engine.loader import LoadedModel
from pipelines.engine.looking import Looker, with_controls_seen
from pipelines.engine.memory_budget import MemoryBudget
from pipelines.engine.memory_forecast import foreseen, memory_facts, sized
from pipelines.engine.memory_settings import MemorySettings
from pipelines.engine.model_cache import ModelCache
from pipelines.engine.network import Predict, around, predicting
from pipelines.engine.preview import measure_colours
from pipelines.engine.readiness import make_ready
from pipelines.engine.run import Run
from pipelines.engine.schedulers import scheduler_facts
from pipelines.engine.text_to_image import opaque, text_to_image
from pipelines.engine.thrift import MemoryExhaustedError, Rung, Stage, Thrift
from pipelines.engine.upscale import Enlarger, Enlarging, paint_over, patches_of
from pipelines.engine.workshop import Workshop
from pipelines.planning.memory_cost import LARGE, MEGAPIXEL, MemoryRung, RunSize
from pipelines.planning.sizes import limits_of, run_size

_TASKS: dict[Task, Callable[[Run], list[Pixels]]] = {
    Task.TEXT_TO_IMAGE: text_to_image,
    Task.IMAGE_TO_IMAGE: image_to_image,
    Task.INPAINT: inpaint,
    Task.OUTPAINT: inpaint,
    Task.UPSCALE: paint_over,
    Task.ANIMATE: animate,
}

_DECODING = ("ResnetBlock2D", "Upsample2D")
"""Modules of a decoder each of which takes some tenths of a second at full size."""
_WAYS_TO_LOAD: tuple[tuple[MemoryRung | None, Rung | None], ...] = (
    (None, None),
    (None, Rung.OTHER_MODELS),
    (MemoryRung.PARTS, Rung.OFFLOAD),
    (MemoryRung.BLOCKS, Rung.BLOCKS),
)
"""What is tried when there is no room for a model, one after the other."""


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
        self._settings = MemorySettings.find()
        budget = MemoryBudget(self._device.memory_bytes * self._settings.share)
        self._cache = ModelCache(self._device, config_dir, interrupt, self._settings, budget)
        self._addons = AddOns(library, self._device, config_dir, interrupt, budget)
        workshop = Workshop(emit, library, self._device, interrupt)
        self._enlarger, self._looker = Enlarger(workshop), Looker(workshop)
        self._interrupt = interrupt

    def ready_event(self) -> EngineReady:
        """What this engine runs on."""
        device = self._device
        return EngineReady(
            "",
            device.name,
            device.dtype_name,
            device.memory_bytes,
            backend=memory.backend_name(device),
            processor=memory.processor_name(device),
            free_bytes=memory.free_memory_bytes(device),
        )

    def warm_up(self) -> None:
        """Imports what every job needs: seconds on a cold disk, and the first job would wait for it anyway."""
        for row in ARCHITECTURES:
            if row.flow is None:  # the others are imported when one of them is loaded
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
        start = time.perf_counter()
        job.request = with_controls_seen(job, self._looker, self._make_room)
        self._looker.release()  # painting has the memory for itself
        memory.reset_peak(self._device)
        enlarging = self._enlarger.enlarge(job) if job.request.task is Task.UPSCALE else None
        if enlarging is not None and enlarging.later_steps == 0:
            return self._enlarged(job, enlarging, start)
        info = self._library.resolve(job.request.model)
        check_task(info, job.request)
        model, spared = self._acquire(job, info)
        check_references(model, job.request)
        thrift = Thrift(model, self._device, lambda: self._addons.release() | self._cache.release_others(keep=model))
        if spared is not None:
            thrift.note(Stage.LOAD, spared)
        run = Run(job, model, self._emit, lambda rgb: opaque(rgb, rgb.shape[1], rgb.shape[0]), thrift=thrift)
        thrift.steps_done, thrift.view = lambda: run.steps_done, run.view
        if enlarging is not None:
            run.enlarged = enlarging.result
            run.go_on(enlarging.tiles_done, enlarging.steps, enlarging.seconds)
        with (
            self._addons.relieved_by(*self._reliefs(model, thrift)),
            equipped(run, self._addons),
            predicting(model.network, [sighted(run)] if model.architecture.flow else []),
            thrift.watching(),
            around(model.vae, "encode", [remembering(model)]),
            self._trimming(model),
        ):
            measure_colours(model)
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

    def look(self, job: LookingJob) -> EngineEvent:
        """Looks at a picture; raises as `paint`. Models that paint stay where they are while there is room."""
        return self._looker.look(job, self._make_room)

    def _make_room(self) -> bool:
        return self._addons.release() | self._cache.release_others()

    def prepare(self, info: ModelInfo) -> None:
        """Makes a model ready as far as its first job would, if there is room for it beside the others; no events.

        Raises NoRoomError, JobCancelled, ModelError and whatever torch raises.
        """
        native = info.defaults.native_size
        width, height = run_size(native, native, limits_of(info))
        run = RunSize(info.family, width * height / MEGAPIXEL)
        model = self._cache.read_ahead(info, run)
        if model is not None:
            make_ready(model, Thrift(model, self._device, lambda: False))

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

    @property
    def patience_s(self) -> float | None:
        """How long models stay when nothing is painted, seconds; None: for ever."""
        return self._settings.idle_minutes * 60.0 or None

    def rest(self) -> None:
        """Nothing was painted for so long: models leave memory, and are read again when they are wanted."""
        self._addons.release()
        self._looker.release()
        self._cache.release_others()
        memory.give_back(self._device)

    def release(self) -> Released:
        """Forgets every model, and says how much that gave back."""
        held, models = memory.held_bytes(self._device), len(self._cache)
        self._looker.release()
        self._addons.release()
        self._cache.release_others()
        memory.give_back(self._device)
        return Released("", models, max(held - memory.held_bytes(self._device), 0))

    def tidy(self) -> None:
        """After a job: what it held goes back to the device and to the system."""
        memory.give_back(self._device)

    def _acquire(self, job: Job, info: ModelInfo) -> tuple[LoadedModel, Rung | None]:
        """The model, and what had to be done so that it had room."""

        request = job.request
        run = foreseen(request, info, self._library, self._device)

        def acquire(least: MemoryRung | None = None) -> LoadedModel:
            on_load = functools.partial(self._emit, Loading(job.id, model=info.name))
            model = self._cache.acquire(info, on_load, run, least=least)
            model.placement.keeps_words = bool(job.request.loras)
            if model.placement.keeps_words:
                model.placement.wake_words()  # what is put on them must find them
            return model

        failed: BaseException | None = None
        for least, deed in _WAYS_TO_LOAD if self._device.name != "cpu" else _WAYS_TO_LOAD[:2]:
            try:
                return acquire(least), deed
            except (RuntimeError, MemoryError) as error:
                if not memory.is_out_of_memory(error):
                    raise
                failed = error.with_traceback(None)  # it would hold what was read
            self._addons.release()
            self._cache.release_others()
            memory.give_back(self._device)
        raise failed or MemoryExhaustedError("Memory ran out (stage: load).")

    def _reliefs(self, model: LoadedModel, thrift: Thrift) -> tuple[Relief, ...]:
        """What is done where there is no room for an add-on of the model at work."""

        def without_others() -> bool:
            if done := self._cache.release_others(keep=model):
                thrift.note(Stage.LOAD, Rung.OTHER_MODELS)
            return done

        def without_idle_parts() -> bool:
            networks = [model.network, *model.text_encoders]
            if done := not model.placement.offloaded and model.placement.descend(networks):
                thrift.note(Stage.LOAD, Rung.OFFLOAD)
                model.placement.bring([], [*networks, model.vae])
            return done

        return without_others, without_idle_parts

    @contextmanager
    def _trimming(self, model: LoadedModel) -> Iterator[None]:
        """Within it what the network's steps, and then each block of the decoder, have left behind goes back before
        the next begins: decoding is where most memory is in use."""

        def trimming(call: Predict) -> Predict:
            @functools.wraps(call)
            def trimmed(*args: Any, **kwargs: Any) -> Any:
                memory.trim()
                return call(*args, **kwargs)

            return trimmed

        with ExitStack() as stack:
            if self._device.name == "cpu" and model.size_bytes > LARGE:
                stack.enter_context(around(model.vae, "decode", [trimming]))
                for module in getattr(model.vae, "decoder", torch.nn.Module()).modules():
                    if type(module).__name__ in _DECODING:
                        stack.enter_context(around(module, "forward", [trimming]))
            yield

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
        here = self._library, self._device
        return {
            "model_hash": run.model.header_hash,
            "weights_hash": run.model.weights_hash,
            "model_path": run.model.info.path,
            "family": run.model.info.family.value,
            **self._machine_facts(),
            **memory_facts(run.model, sized(run.job.request, run.model.info, *here, run.size), self._device),
            "scheduler": scheduler_facts(run.model.components["scheduler"], run.job.request.scheduler),
            "thrift": [measure.to_dict() for measure in thrift.measures],
            "thrift_sentence": thrift.sentence,
            "notes": list(dict.fromkeys(run.notes)),
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
        """What tells the files of model and add-ons apart, by their ids; the hash is there once it is known."""
        names = [request.model, *request.addons]
        if request.task is Task.UPSCALE:
            names = [*(names if request.strength > 0.0 else ()), *([request.upscaler] * (request.upscaler != LANCZOS))]
        infos = {name: self._library.resolve(name) for name in names}
        return {
            name: {"sha256": info.file_hash, "size_bytes": info.size_bytes, "modified_ns": info.modified_ns}
            for name, info in infos.items()
        }


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
