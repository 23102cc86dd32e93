"""Looking at pictures: a picture goes in, words or what is seen in it come out, as a job among those that paint."""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from pipelines.contract.events import Annotated, Described, EngineEvent, Loading
from pipelines.contract.looking import AnnotationRequest, DescriptionRequest, LookRequest
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import GenerationRequest, Pixels
from pipelines.engine import memory
from pipelines.engine.annotators import annotate, load_annotator
from pipelines.engine.captioners import load_captioner
from pipelines.engine.describing import describe
from pipelines.engine.glance import Glance
from pipelines.engine.job_queue import Job, LookingJob
from pipelines.engine.memory import Device
from pipelines.engine.thrift import MemoryExhaustedError
from pipelines.engine.workshop import Workshop
from pipelines.planning.memory_cost import MARGIN

_ROOM_TO_WORK = 1.3
"""Times a model's weights: what it takes in all."""
_KEPT_BYTES = 128 * 2**20
"""Of pictures that were seen; generating again costs nothing then."""

Stamp = tuple[str, int, str]
"""Path, time of its last change, device."""


@dataclass(frozen=True)
class _Sort:
    """How one kind of request is answered."""

    load: Callable[[ModelInfo, Device, Callable[[], None]], Any]
    look: Callable[[Any], tuple[Any, dict[str, Any]]]
    """A glance's answer, and facts about it."""
    event: Callable[[str, Any, Mapping[str, Any]], EngineEvent]


_SORTS: Mapping[type[LookRequest], _Sort] = {
    DescriptionRequest: _Sort(load_captioner, describe, Described),
    AnnotationRequest: _Sort(load_annotator, annotate, Annotated),
}


class Looker:
    """Keeps the models that looked last, until something is painted. The engine's one thread only."""

    def __init__(self, workshop: Workshop) -> None:
        self._at = workshop
        self._loaded: dict[Stamp, Any] = {}
        self._seen: OrderedDict[tuple[str, ...], Pixels] = OrderedDict()

    def release(self) -> bool:
        """Forgets the models, not what they saw; False when there were none."""
        if not self._loaded:
            return False
        self._loaded.clear()
        memory.give_back(self._at.device)
        return True

    def look(self, job: LookingJob, make_room: Callable[[], bool]) -> EngineEvent:
        """The end of the job. `make_room` lets the models that paint go; it is asked when there is too little memory,
        and after that the processor's memory is used instead of a GPU's.

        Raises JobCancelled, ModelError, MemoryExhaustedError and whatever torch raises.
        """
        start = time.perf_counter()
        answer, facts = self._answer(job.id, job.request, make_room)
        facts |= {
            "queue_s": round(start - job.queued_at, 4),
            "total_s": round(time.perf_counter() - start, 4),
        }
        return _SORTS[type(job.request)].event(job.id, answer, facts)

    def see(self, job_id: str, request: AnnotationRequest, make_room: Callable[[], bool]) -> Pixels:
        """What is seen in a picture, within a job that paints; raises as `look`."""
        return self._answer(job_id, request, make_room)[0]

    def _answer(self, job_id: str, request: LookRequest, make_room: Callable[[], bool]) -> tuple[Any, dict[str, Any]]:
        infos = [self._at.library.resolve(name) for name in request.models]
        key = _key(request, infos) if isinstance(request, AnnotationRequest) else None
        if key is not None and key in self._seen:
            self._seen.move_to_end(key)
            return self._seen[key].copy(), {"seen_before": True}
        size = sum(info.size_bytes for info in infos)
        if size * _ROOM_TO_WORK > memory.free_memory_bytes(self._at.device) * MARGIN:
            make_room()
        for device in self._ways():
            try:
                answer, facts = self._look(job_id, request, infos, device)
            except (RuntimeError, MemoryError) as error:
                if not memory.is_out_of_memory(error):
                    raise
                error.with_traceback(None)  # it would hold what was computed
            else:
                if key is not None:
                    self._keep(key, answer)
                return answer, facts
            self.release()
            make_room()
            memory.give_back(self._at.device)
        raise MemoryExhaustedError("Memory ran out while a picture was looked at.")

    def _keep(self, key: tuple[str, ...], answer: Pixels) -> None:
        self._seen[key] = answer.copy()
        while sum(one.nbytes for one in self._seen.values()) > _KEPT_BYTES:
            self._seen.popitem(last=False)

    def _ways(self) -> list[Device]:
        """Twice the same device, because room is made in between."""
        if self._at.device.name == "cpu":
            return [self._at.device] * 2
        plain_cpu = dataclasses.replace(self._at.device, name="cpu", dtype=torch.float32)
        return [self._at.device, self._at.device, plain_cpu]

    def _look(
        self, job_id: str, request: LookRequest, infos: list[ModelInfo], device: Device
    ) -> tuple[Any, dict[str, Any]]:
        start, sort = time.perf_counter(), _SORTS[type(request)]
        models = self._acquire(job_id, infos, device, sort)
        self._at.interrupt()
        loaded = time.perf_counter()
        answer, facts = sort.look(Glance(job_id, request, models, self._at.emit, self._at.interrupt))
        facts |= {"load_s": round(loaded - start, 4), "device": device.name}
        return answer, {"dtype": device.dtype_name, **facts}

    def _acquire(self, job_id: str, infos: list[ModelInfo], device: Device, sort: _Sort) -> list[Any]:
        stamps: list[Stamp] = [(info.path, info.modified_ns, device.name) for info in infos]
        if any(stamp not in stamps for stamp in self._loaded):
            self.release()  # those of one job may stand side by side
        for stamp, info in zip(stamps, infos, strict=True):
            if stamp not in self._loaded:
                self._at.emit(Loading(job_id, model=info.name))
                self._loaded[stamp] = sort.load(info, device, self._at.interrupt)
        return [self._loaded[stamp] for stamp in stamps]


def with_controls_seen(job: Job, looker: Looker, make_room: Callable[[], bool]) -> GenerationRequest:
    """The job's request with what its control pictures' annotators see in them. Raises as `Looker.look`."""
    request = job.request
    if not any(control.annotator for control in request.controls):
        return request
    controls = list(request.controls)
    for place, control in enumerate(controls):
        if not control.annotator or not control.image[..., 3].any():
            continue
        asked = AnnotationRequest(control.annotator, control.image, control.kind, control.finder)
        seen = looker.see(job.id, asked, make_room)
        controls[place] = dataclasses.replace(control, image=seen, annotator="", finder="")
    return dataclasses.replace(request, controls=tuple(controls))


def _key(request: AnnotationRequest, infos: list[ModelInfo]) -> tuple[str, ...]:
    pixels = np.ascontiguousarray(request.image)
    digest = hashlib.blake2b(pixels.data, digest_size=16).hexdigest()
    files = (f"{info.path}:{info.modified_ns}" for info in infos)
    return (digest, str(pixels.shape), str(request.kind), *files)
