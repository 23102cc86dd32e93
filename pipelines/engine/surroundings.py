"""Models that were taught to go on from what they see: around what is painted anew they are shown no noise.

The others only ever see surroundings under as much noise as what they paint, so that at the first steps, when a picture
is laid out, they do not see where a horizon or a ridge comes in. After Hoeppe et al., "Diffusion Models for Video
Prediction and Infilling" (2022), who train so on frames.
"""

from __future__ import annotations

from typing import Any

import torch

from pipelines.engine.loader import LoadedModel
from pipelines.engine.network import Predict
from pipelines.engine.run import Run
from pipelines.engine.soft_mask import Background

SEES_SURROUNDINGS = "_sees_surroundings"
"""Set in the network's config.json of such a model; the underscore lets other programs pass over it."""


def sees_surroundings(model: LoadedModel) -> bool:
    """Whether the model was taught so. One of nine channels sees them anyway, beside the noise."""
    return not model.is_inpaint_model and model.network.config.get(SEES_SURROUNDINGS) is True


class Surroundings:
    """A wrapper around the network: wherever a soft mask is not free in a step, it is shown the original."""

    background: Background
    """Of the picture that is being painted."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __call__(self, predict: Predict) -> Predict:
        """The network that is shown them."""

        def forward(sample: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
            return predict(self._shown(sample), *args, **kwargs)

        return forward

    def _shown(self, sample: torch.Tensor) -> torch.Tensor:
        run, background = self._run, self.background
        free = background.soft > 1.0 - (run.step + 1) / run.pipe.num_timesteps
        rows = slice(run.view.top, run.view.top + sample.shape[-2])
        columns = slice(run.view.left, run.view.left + sample.shape[-1])
        original = background.original[..., rows, columns].to(sample)
        return torch.where(free[..., rows, columns], sample, original)
