"""What everybody is given who serves jobs of one engine: where to speak, where models are, and what computes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.contract.events import EngineEvent
from pipelines.contract.sources import ModelSource
from pipelines.engine.memory import Device


@dataclass(frozen=True)
class Workshop:
    """The same for the whole life of an engine."""

    emit: Callable[[EngineEvent], None]
    """Tells the window."""
    library: ModelSource
    device: Device
    interrupt: Callable[[], None]
    """Raises JobCancelled when the job at work was taken back."""
