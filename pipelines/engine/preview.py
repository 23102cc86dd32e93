"""Where the run is, as a small picture: the clean latents that a step points at, read as colours by one small matrix.

Decoding would cost as much as a step; the matrix costs microseconds. It is measured once per model by encoding a
colour chart.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import torch

from pipelines.contract.request import Pixels
from pipelines.engine.latents import encode_picture
from pipelines.engine.loader import LoadedModel
from pipelines.engine.schedulers import is_flow

LONGEST_SIDE = 256
"""Of a preview, pixels."""
_SIGMA_SCHEDULERS = ("EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", "HeunDiscreteScheduler")
"""These keep latents as clean + sigma x noise; the others keep the variance at one."""


class CleanEstimate:
    """Listens to a scheduler's steps and knows what picture the last one was heading for."""

    def __init__(self, scheduler: Any, to_maps: Callable[[torch.Tensor], torch.Tensor] | None = None) -> None:
        self._scheduler, self._to_maps = scheduler, to_maps or (lambda latents: latents)
        self._seen: tuple[torch.Tensor, Any, torch.Tensor] | None = None
        step = scheduler.step

        @functools.wraps(step)
        def listening(model_output: torch.Tensor, timestep: Any, sample: torch.Tensor, *args: Any, **more: Any) -> Any:
            self._seen = (model_output, timestep, sample)
            return step(model_output, timestep, sample, *args, **more)

        scheduler.step = listening

    def latents(self) -> torch.Tensor | None:
        """A map (1, channels, h, w) in float32 on the device, or None before the first step."""
        if self._seen is None:
            return None
        output, timestep, sample = self._seen
        output, sample = output.float(), sample.float()
        if is_flow(self._scheduler):
            return self._to_maps(sample - float(timestep) / self._scheduler.config.num_train_timesteps * output)
        kind = self._scheduler.config.prediction_type
        if type(self._scheduler).__name__ in _SIGMA_SCHEDULERS:
            return self._from_sigma(kind, output, sample)
        alpha = self._scheduler.alphas_cumprod[int(timestep)].float()
        if kind == "v_prediction":
            return alpha.sqrt() * sample - (1 - alpha).sqrt() * output
        if kind == "sample":
            return output
        return (sample - (1 - alpha).sqrt() * output) / alpha.sqrt().clamp_min(1e-4)

    def _from_sigma(self, kind: str, output: torch.Tensor, sample: torch.Tensor) -> torch.Tensor:
        index = max((self._scheduler.step_index or 1) - 1, 0)
        sigma = self._scheduler.sigmas[index].float()
        if kind == "v_prediction":
            return sample / (sigma**2 + 1) - output * sigma / (sigma**2 + 1).sqrt()
        if kind == "sample":
            return output
        return sample - sigma * output


def paint_preview(model: LoadedModel, latents: torch.Tensor) -> Pixels:
    """(h, w, 3) RGB, longest side at most LONGEST_SIDE, of latents (1, channels, h, w)."""
    matrix = measure_colours(model)
    flat = latents[0].float().permute(1, 2, 0)
    rgb = (flat @ matrix[:-1] + matrix[-1]).clamp(0, 1).mul(255).byte().cpu().numpy()
    scale = min(8.0, LONGEST_SIDE / max(rgb.shape[:2]))
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    return cv2.resize(rgb, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)  # type: ignore[return-value]


def measure_colours(model: LoadedModel) -> torch.Tensor:
    """The matrix of this model, measured when it is wanted first; see `LoadedModel.preview_matrix`."""
    if model.preview_matrix is None:
        with torch.inference_mode():
            model.preview_matrix = _measure_matrix(model)
    return model.preview_matrix


def _measure_matrix(model: LoadedModel) -> torch.Tensor:
    """Least squares from latents to colours over a chart of soft patches; slightly damped, so that it always exists."""
    chart = _colour_chart()
    latents = encode_picture(model, chart)[0].float().cpu()
    channels, height, width = latents.shape
    wanted = cv2.resize(chart, (width, height), interpolation=cv2.INTER_AREA).reshape(-1, 3) / 255.0
    known = torch.cat([latents.reshape(channels, -1).T, torch.ones(height * width, 1)], dim=1).double()
    damping = 1e-3 * torch.eye(channels + 1, dtype=torch.float64)
    matrix = torch.linalg.solve(known.T @ known + damping, known.T @ torch.from_numpy(wanted).double())
    return matrix.float().to(model.network.device)


def _colour_chart() -> Pixels:
    rng = np.random.default_rng(7)
    patches = rng.integers(0, 256, (5, 5, 3)).astype(np.uint8)
    patches[0, :, :] = np.linspace(0, 255, 5, dtype=np.uint8)[:, None]
    return cv2.resize(patches, (64, 64), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]
