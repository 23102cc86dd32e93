"""What a person said about memory; the engine's process reads it from its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from pipelines.contract.errors import PipelineError
from pipelines.planning.memory_cost import MemoryRung, rungs_for

RUNG, SHARE, IDLE = "HANDSCROLL_MEMORY", "HANDSCROLL_MODEL_SHARE", "HANDSCROLL_IDLE_MINUTES"
"""`auto` or a rung; percent of the device's memory; minutes."""


@dataclass(frozen=True)
class MemorySettings:
    """How models are run and kept."""

    rung: MemoryRung | None = None
    """None: the fastest that fits."""
    share: float = 0.5
    """Part of the device's memory that models which only wait may fill."""
    idle_minutes: float = 10.0
    """After which models leave memory when nothing was painted; 0: never."""

    @classmethod
    def find(cls, environment: Mapping[str, str] | None = None) -> Self:
        """What the environment says. Raises PipelineError for what cannot be."""
        told = os.environ if environment is None else environment
        rung = told.get(RUNG, "").strip().lower()
        if rung not in ("", "auto", *MemoryRung):
            raise PipelineError(f"{RUNG} is '{rung}'; it must be auto or one of {', '.join(MemoryRung)}.")
        share = _number(told, SHARE, cls.share * 100.0, 100.0) / 100.0
        return cls(MemoryRung(rung) if rung not in ("", "auto") else None, share, _number(told, IDLE, cls.idle_minutes))

    def rung_on(self, device: str) -> MemoryRung | None:
        """What was chosen, if a device of that name has it."""
        return self.rung if self.rung in rungs_for(device) else None


def _number(told: Mapping[str, str], name: str, usual: float, most: float = 1e6) -> float:
    said = told.get(name, "").strip()
    if not said:
        return usual
    try:
        value = float(said)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= most:
        raise PipelineError(f"{name} is '{said}'; it must be a number from 0 to {most:g}.")
    return value
