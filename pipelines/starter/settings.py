"""What can be chosen about a training."""

from __future__ import annotations

import math
from dataclasses import dataclass

WARM_UP_STEPS = 60
SHAPES = ((32, 32), (32, 32), (32, 32), (32, 48), (48, 48))
"""Windows in latent cells (rows, columns), one shape per step in turn; larger ones take smaller batches."""


@dataclass(frozen=True)
class TrainingSettings:
    """One training run."""

    name: str
    """Folder under the training folder."""
    start_from: str
    """Model folder, or "nothing"; only used where there is no checkpoint."""
    vae: str
    """Model folder whose VAE the run takes over, "" for its own."""
    workers: int
    """Single-thread processes; one on a GPU."""
    batch: int
    """Windows per worker and step."""
    rate: float
    """Learning rate."""
    mean: float
    """Decay of the mean weights per step."""
    cool_down: int
    """Images over which the rate falls to nothing; 0 for a constant rate."""
    minutes: float
    """Wall time after which it saves and ends; 0 for never."""
    save_every: float
    """Minutes between checkpoints."""
    fresh_share: float
    """Part of one core that paints new scrolls meanwhile."""
    thing_weight: float
    """How many times the error of a cell with a nameable thing counts; 1 for no difference. More than 1 makes things
    come sooner, and unasked as well."""
    noisiness: float
    """1: all noise levels equally often; more: noisy ones, where words decide what is painted, more often."""
    reading: float
    """How much the side task counts: to say what lies where."""
    inpaint: bool
    """Whether the UNet sees a hole and the picture around it beside the noise (nine channels)."""
    device: str
    """cpu or cuda."""

    def rate_at(self, steps_since_start: int, images_since_start: int) -> float:
        """Return the learning rate: a short warm-up, then constant or falling."""
        rate = self.rate * min(1.0, (steps_since_start + 1) / WARM_UP_STEPS)
        if self.cool_down:
            done = min(1.0, images_since_start / self.cool_down)
            rate *= 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))
        return rate

    def shape_at(self, step: int) -> tuple[int, int]:
        """Return the window (rows, columns) of a step; mostly the native one."""
        return SHAPES[step % len(SHAPES)]
