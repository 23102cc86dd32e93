"""What the engine says. Every event carries the job it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pipelines.contract.request import Pixels


class FailureKind(StrEnum):
    """The closed list of what can go wrong with a job; the window knows an action for each."""

    INVALID_REQUEST = "invalid_request"
    MODEL_MISSING = "model_missing"
    MODEL_UNUSABLE = "model_unusable"
    OUT_OF_MEMORY = "out_of_memory"
    ENGINE_ERROR = "engine_error"
    ENGINE_LOST = "engine_lost"


@dataclass(frozen=True)
class EngineEvent:
    """Base of all events."""

    job_id: str


@dataclass(frozen=True)
class Queued(EngineEvent):
    """The job waits."""

    position: int
    """Jobs before it, the running one counted."""


@dataclass(frozen=True)
class Loading(EngineEvent):
    """The model is being read from disk."""

    model: str


@dataclass(frozen=True)
class Started(EngineEvent):
    """Denoising begins."""

    steps: int
    """Steps that will really run, all pictures together."""


@dataclass(frozen=True)
class Progress(EngineEvent):
    """One step is done."""

    step: int
    """Steps done so far, 1..steps."""
    steps: int
    seconds_left: float


@dataclass(frozen=True, eq=False)
class Preview(EngineEvent):
    """A small picture of where the run is; only the newest is worth showing."""

    step: int
    index: int
    """Which picture of the batch."""
    image: Pixels
    """(h, w, 4) RGBA, any small size; it covers the request's whole region."""


@dataclass(frozen=True, eq=False)
class Finished(EngineEvent):
    """The pictures, in canvas pixels."""

    patches: tuple[Pixels, ...]
    """Each (height, width, 4) straight RGBA; alpha is the composite mask (255 everywhere without a mask)."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """JSON: model hash, versions, device, dtype, timings in seconds, run size, peak memory in bytes."""


@dataclass(frozen=True)
class Described(EngineEvent):
    """What a picture shows, in words: the end of a job that was asked for by `look`."""

    text: str
    """A sentence or more, or tags between commas; empty when the model found no words."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """JSON: timings in seconds, device, dtype, tokens."""


@dataclass(frozen=True, eq=False)
class Annotated(EngineEvent):
    """What a network sees in a picture, as a picture: the end of a job that was asked for by `look`."""

    image: Pixels
    """(h, w, 4) straight RGBA of the size of what was looked at: a control picture of the kind that was asked for."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """JSON: timings in seconds, device, dtype."""


@dataclass(frozen=True)
class Failed(EngineEvent):
    """The job ended without a picture."""

    kind: FailureKind
    sentence: str
    """For the painter: what is wrong and what to do."""
    detail: str = ""
    """For a report: the traceback."""


@dataclass(frozen=True)
class Cancelled(EngineEvent):
    """The job was taken back."""


@dataclass(frozen=True)
class EngineLost(EngineEvent):
    """The engine's process ended; `job_id` is empty. Its jobs get a Failed of their own; it comes back by itself."""

    sentence: str


@dataclass(frozen=True)
class EngineReady(EngineEvent):
    """The engine runs; `job_id` is empty."""

    device: str
    dtype: str
    memory_bytes: int
    """Memory of the device in all (RAM for a CPU)."""
    backend: str = ""
    """The device's programming interface by the name people use: CUDA, ROCm, XPU, MPS, CPU."""
    processor: str = ""
    """A GPU's name; of a CPU what instructions it is used with."""
    free_bytes: int = 0
    """Of the device's memory when the engine came up."""


@dataclass(frozen=True)
class Released(EngineEvent):
    """The engine has let go of its models, as `release` asked; `job_id` is empty."""

    models: int
    """How many were in memory."""
    freed_bytes: int
    """What the device has more of now; of a CPU, what the engine's process takes less."""


TERMINAL = (Finished, Described, Annotated, Failed, Cancelled)
"""After one of these nothing more comes for a job."""
