"""What live painting is told: how far it goes from the canvas, how fast, with which noise, and where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from pipelines.contract.models import ModelInfo, SchedulerName


class LivePlace(StrEnum):
    """Where the live picture is seen."""

    OVER = "over"
    """On the frame, under the newest strokes."""
    BESIDE = "beside"
    """On the canvas next to the frame, as large as it."""


@dataclass(frozen=True)
class LiveSettings:
    """Kept apart from the form: live painting wants other numbers than a picture one waits for."""

    strength: float = 0.5
    """0.05..1: how far a picture may go from what is painted."""
    num_inference_steps: int = 4
    """Steps that really run, 1..20."""
    scheduler: SchedulerName | None = None
    """None takes LCM for models that were distilled for it, else the model's own: on others LCM loses the colours."""
    seed: int = 1
    """Stays the same until a new one is asked for."""
    place: LivePlace = LivePlace.OVER
    opacity: float = 1.0
    """Of the picture over the frame, 0.1..1."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        data = asdict(self)
        data["place"], data["scheduler"] = str(self.place), str(self.scheduler) if self.scheduler else None
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LiveSettings:
        """Reads what `to_dict` wrote; unknown or damaged values fall back to the defaults."""
        readers = {
            "strength": lambda v: min(max(float(v), 0.05), 1.0),
            "num_inference_steps": lambda v: min(max(int(v), 1), 20),
            "scheduler": lambda v: SchedulerName(v) if v else None,
            "seed": lambda v: max(0, int(v)),
            "place": LivePlace,
            "opacity": lambda v: min(max(float(v), 0.1), 1.0),
        }
        found: dict[str, Any] = {}
        for field in fields(cls):
            if field.name in data:
                try:
                    found[field.name] = readers[field.name](data[field.name])
                except (TypeError, ValueError):
                    continue
        return cls(**found)

    def scheduler_for(self, info: ModelInfo | None) -> SchedulerName:
        """The chosen scheduler, or the one that suits few steps of this model."""
        if self.scheduler is not None:
            return self.scheduler
        consistent = info is not None and "lcm" in info.name.casefold()
        return SchedulerName.LCM if consistent else SchedulerName.DEFAULT
