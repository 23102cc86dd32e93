"""Several prompts in one picture, each in its own place.

At every step each prompt predicts the picture, and the predictions are blended by the prompts' soft masks; what the
negative prompt predicts is computed once (Composable Diffusion, Liu et al. 2022; regions of MultiDiffusion, Bar-Tal et
al. 2023). In the first steps, which decide light and layout, a prompt sees other regions as it would have painted them
itself: otherwise the darkest prompt makes everything dark. Later all see the same picture, and the parts grow together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from pipelines.contract.request import GenerationRequest, RegionPrompt
from pipelines.engine.loader import LoadedModel
from pipelines.engine.network import Predict, Wrapper
from pipelines.engine.prompts import encode_prompts
from pipelines.planning.box import Box

_CELLS_AT_ONCE = 4 * 64 * 64
"""Latent cells, all rows of a batch together, that go through the network in one call; two rows always do."""
_SOFTNESS = 0.1
"""Spread of a mask's edge as a part of the side of a square as large as the mask."""
_LEAST_SPREAD = 0.7
"""Cells."""
_ALONE = 0.75
"""Part of the noise schedule, from its noisy end down to here, in which a prompt sees its own surroundings."""
_NOTHING = 1e-3
"""A share too small to be worth a pass of the network."""


def region_weights(regions: Sequence[RegionPrompt], crop: Box, columns: int, rows: int) -> NDArray[np.float32]:
    """(1 + regions, rows, columns): how much the request's own prompt and each region's count where; they add up to 1.

    `crop` is the part of the request that is painted, canvas pixels. Where masks overlap they share by coverage; the
    own prompt has what they leave.
    """
    soft = np.stack([_softened(region.mask[crop.slices], columns, rows) for region in regions])
    total = soft.sum(axis=0)
    shares = np.concatenate([np.maximum(1.0 - total, 0.0)[None], soft / np.maximum(total, 1.0)])
    shares[shares < _NOTHING] = 0.0
    return (shares / shares.sum(axis=0)).astype(np.float32)


def _softened(mask: NDArray[np.uint8], columns: int, rows: int) -> NDArray[np.float32]:
    coverage = mask.astype(np.float32) / 255.0
    shrinks = columns <= mask.shape[1] and rows <= mask.shape[0]
    small = cv2.resize(coverage, (columns, rows), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    spread = max(_LEAST_SPREAD, _SOFTNESS * float(small.sum()) ** 0.5)
    return cv2.GaussianBlur(small, (0, 0), spread, borderType=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def region_wrappers(model: LoadedModel, pipe: Any, request: GenerationRequest, crop: Box) -> list[Wrapper]:
    """What makes the network follow the request's regions: empty without regions, else one wrapper, to stand outermost.

    `crop` is the part of the request that is painted, canvas pixels.
    """
    if not request.regions:
        return []
    # A guided call has a row for the negative prompt before that of the prompt.
    guided = request.guidance_scale > 1.0 and getattr(model.unet.config, "time_cond_proj_dim", None) is None
    words = tuple(encode_prompts(model, pipe, replace(request, prompt=region.prompt)) for region in request.regions)

    def wrapper(predict: Predict) -> Predict:
        shares = _Shares(request.regions, words, crop)
        return _Blending(predict, shares, 1 if guided else 0, _Surroundings(pipe.scheduler)).predict

    return [wrapper]


@dataclass(frozen=True, eq=False)
class _Shares:
    """Who says what, and where."""

    regions: Sequence[RegionPrompt]
    words: Sequence[dict[str, torch.Tensor]]
    """Each region's prompt, encoded."""
    crop: Box


class _Blending:
    """The network's `forward` for one picture with regions."""

    def __init__(self, predict: Predict, shares: _Shares, first: int, surroundings: _Surroundings) -> None:
        self._inner, self._shares, self._surroundings = predict, shares, surroundings
        self._first = first
        """The row of the request's own prompt; those before it are the negative prompt's, those after it regions'."""
        self._weights: torch.Tensor | None = None
        self._counted: list[int] = []
        """Prompts that count anywhere: 0 is the request's own."""

    def predict(self, sample: torch.Tensor, timestep: Any, **more: Any) -> Any:
        """The network's output for `sample` (rows, channels, h, w), its prompt's row blended of all prompts."""
        weights = self._weights_for(sample)
        wanted = [*range(self._first), *(self._first + prompt for prompt in self._counted)]
        at_once = max(2, _CELLS_AT_ONCE // (sample.shape[-1] * sample.shape[-2]))
        rows: list[torch.Tensor] = []
        output: Any = None
        for start in range(0, len(wanted), at_once):
            output = self._predict_rows(wanted[start : start + at_once], sample, timestep, more)
            rows += list(output[0])
        blended = torch.zeros_like(rows[0])
        for row, prompt in zip(rows[self._first :], self._counted, strict=True):
            blended += row * weights[prompt]
        result = torch.stack([*rows[: self._first], blended])
        return (result,) if isinstance(output, tuple) else type(output)(sample=result)

    def _predict_rows(self, wanted: list[int], sample: torch.Tensor, timestep: Any, more: dict[str, Any]) -> Any:
        origins = [min(row, self._first) for row in wanted]
        arguments = {name: _rows_of(value, origins, sample.shape[0]) for name, value in more.items()}
        samples = sample[origins]  # a copy
        for place, row in enumerate(wanted):
            prompt = row - self._first
            if prompt > 0:
                _speak(arguments, place, self._shares.words[prompt - 1])
            if prompt >= 0:
                self._surroundings.put_around(samples[place], prompt, timestep, self._others_of(prompt))
        output = self._inner(samples, timestep, **arguments)
        for place, row in enumerate(wanted):
            if row >= self._first:
                self._surroundings.learn(samples[place], output[0][place], row - self._first, timestep)
        return output

    def _others_of(self, prompt: int) -> torch.Tensor:
        """(h, w): where regions other than this prompt's are."""
        assert self._weights is not None  # noqa: S101 - `predict` has made them
        regions = self._weights[1:].sum(dim=0)
        return regions if prompt == 0 else regions - self._weights[prompt]

    def _weights_for(self, sample: torch.Tensor) -> torch.Tensor:
        height, width = sample.shape[-2:]
        if self._weights is None or self._weights.shape[-2:] != (height, width):
            shares = region_weights(self._shares.regions, self._shares.crop, width, height)
            self._counted = [prompt for prompt, share in enumerate(shares) if share.any()]
            self._weights = torch.from_numpy(shares).to(sample.device, sample.dtype)
        return self._weights


class _Surroundings:
    """Each prompt's own idea of what lies around its region, led along the noise schedule by DDIM steps.

    What a network is given keeps the variance at one with every scheduler, so that its cumulative alphas tell how much
    of it is noise (Song et al. 2021). Families with another kind of schedule see the same picture from the start.
    """

    def __init__(self, scheduler: Any) -> None:
        self._alphas: torch.Tensor | None = getattr(scheduler, "alphas_cumprod", None)
        self._kind = scheduler.config.get("prediction_type", "epsilon")
        self._clean: dict[int, torch.Tensor] = {}
        self._noise: dict[int, torch.Tensor] = {}

    def put_around(self, sample: torch.Tensor, prompt: int, timestep: Any, others: torch.Tensor) -> None:
        """Changes `sample` (channels, h, w), which only this prompt sees, where `others` (h, w) says so."""
        if prompt not in self._clean or not self._alone(timestep):
            return
        signal, spread = self._scales(timestep)
        own = (signal * self._clean[prompt] + spread * self._noise[prompt]).to(sample)
        latents = sample[: len(own)]  # behind them an inpainting network has mask and masked picture
        latents += (own - latents) * others

    def learn(self, sample: torch.Tensor, output: torch.Tensor, prompt: int, timestep: Any) -> None:
        """Remembers what the network's `output` for `sample` says of the picture that this prompt would paint."""
        if self._alphas is None or not self._alone(timestep):
            return
        signal, spread = self._scales(timestep)
        seen, said = sample[: len(output)].float(), output.float()
        if self._kind == "v_prediction":
            clean, noise = signal * seen - spread * said, signal * said + spread * seen
        elif self._kind == "sample":
            clean, noise = said, (seen - signal * said) / max(spread, 1e-4)
        else:
            clean, noise = (seen - spread * said) / max(signal, 1e-4), said
        self._clean[prompt], self._noise[prompt] = clean, noise

    def _alone(self, timestep: Any) -> bool:
        return self._alphas is not None and float(timestep) >= _ALONE * len(self._alphas)

    def _scales(self, timestep: Any) -> tuple[float, float]:
        """How much of the network's input is picture and how much noise; timesteps between two are interpolated."""
        assert self._alphas is not None  # noqa: S101 - asked only where there are some
        place = min(max(float(timestep), 0.0), len(self._alphas) - 1.0)
        low = int(place)
        high = min(low + 1, len(self._alphas) - 1)
        alpha = float(torch.lerp(self._alphas[low], self._alphas[high], place - low))
        return alpha**0.5, (1.0 - alpha) ** 0.5


def _rows_of(value: Any, origins: list[int], count: int) -> Any:
    """An argument of the network with the rows that `origins` name; what has no row for each of `count` stays."""
    if isinstance(value, dict):
        return {name: _rows_of(inner, origins, count) for name, inner in value.items()}
    if isinstance(value, torch.Tensor) and value.ndim > 0 and value.shape[0] == count:
        return value[origins]  # a copy, so that it may be written to
    return value


def _speak(arguments: dict[str, Any], place: int, words: dict[str, torch.Tensor]) -> None:
    """Puts a region's words into row `place` of the network's arguments."""
    states = arguments["encoder_hidden_states"]
    states[place] = words["prompt_embeds"][0].to(states)
    added = arguments.get("added_cond_kwargs") or {}
    if "text_embeds" in added:
        added["text_embeds"][place] = words["pooled_prompt_embeds"][0].to(added["text_embeds"])
