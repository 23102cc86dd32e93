"""Checkpoints: raw weights, their running mean, the optimizer's state, counters: nothing resumes cold."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from pickle import UnpicklingError

import torch

from pipelines.starter.errors import StarterError

_KEPT = 2
_COUNTERS = "training.json"


@dataclass
class Counters:
    """How far a training is."""

    step: int = 0
    """Optimizer steps; with the run's seed it also fixes the chance of every step to come."""
    images: int = 0
    """Windows seen."""
    core_seconds: float = 0.0
    """CPU time of all processes together."""

    def write_beside(self, model: Path) -> None:
        """Write them into a model folder, so that a training that starts from it goes on counting."""
        (model / _COUNTERS).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def beside(cls, model: Path) -> Counters:
        """Return what was written into a model folder; zeros where nothing was. Raises StarterError if unreadable."""
        path = model / _COUNTERS
        if not path.exists():
            return cls()
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as reason:
            raise StarterError(f"{path} cannot be read ({reason}); delete it to count from nothing.") from reason


@dataclass
class Checkpoint:
    """Everything a training needs to go on."""

    counters: Counters
    """How far it is."""
    raw: dict[str, torch.Tensor]
    """Weights as the optimizer left them."""
    mean: dict[str, torch.Tensor]
    """Their exponential moving mean, which paints better."""
    optimizer: dict[str, torch.Tensor]
    """Momentum and Adam's moments."""


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write a checkpoint, whole or not at all, and keep the newest two."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step-{checkpoint.counters.step:08d}.pt"
    unfinished = path.with_suffix(".part")
    torch.save({**vars(checkpoint), "counters": asdict(checkpoint.counters)}, unfinished)
    unfinished.replace(path)
    for old in checkpoint_paths(folder)[:-_KEPT]:
        old.unlink()
    return path


def checkpoint_paths(folder: Path) -> list[Path]:
    """Return the checkpoints in `folder`, the oldest first."""
    return sorted(folder.glob("step-*.pt"))


def latest_checkpoint(folder: Path) -> Checkpoint | None:
    """Return the newest checkpoint, None where there is none. Raises StarterError if it cannot be read."""
    paths = checkpoint_paths(folder)
    if not paths:
        return None
    try:
        data = torch.load(paths[-1], map_location="cpu", weights_only=True)
        return Checkpoint(Counters(**data["counters"]), data["raw"], data["mean"], data["optimizer"])
    except (OSError, RuntimeError, LookupError, TypeError, ValueError, EOFError, UnpicklingError) as reason:
        message = f"The checkpoint {paths[-1]} cannot be read ({reason}); delete it to use the one before."
        raise StarterError(message) from reason
