"""Several prompts in one picture, for families that match flows.

As in `regions.py` each prompt predicts the whole picture at every step and the predictions are blended where they
belong. A pipeline here asks for prompt and negative prompt in one call or in two: the rows that hear the request's own
prompt are found by their words, and only they are blended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from pipelines.contract.request import GenerationRequest, RegionPrompt
from pipelines.engine.layouts import Arguments, Layout
from pipelines.engine.loader import LoadedModel
from pipelines.engine.network import Predict, Wrapper
from pipelines.engine.prompts import encode_prompts
from pipelines.engine.regions import region_weights
from pipelines.engine.speech import Speech, Words
from pipelines.planning.box import Box


def flow_regions(model: LoadedModel, pipe: Any, request: GenerationRequest, crop: Box) -> list[Wrapper]:
    """What makes the network follow the request's regions: empty without regions, else one wrapper, to stand outermost.

    `crop` is the part of the request that is painted, canvas pixels.
    """
    if not request.regions:
        return []
    own = encode_prompts(model, pipe, request)
    words = [encode_prompts(model, pipe, replace(request, prompt=region.prompt)) for region in request.regions]
    return [_Blending(model.architecture.layout, model.speech, request.regions, (own, *words), crop).wrapper]


@dataclass(frozen=True, eq=False)
class _Blending:
    layout: Layout
    speech: Speech
    regions: Sequence[RegionPrompt]
    words: Sequence[Words]
    """The request's own, then each region's."""
    crop: Box

    def wrapper(self, predict: Predict) -> Predict:
        def forward(*args: Any, **kwargs: Any) -> Any:
            answer = predict(*args, **kwargs)
            heard = self.speech.heard(args, kwargs)
            rows = [row for row, one in enumerate(heard) if _same(one, self.words[0]["prompt_embeds"][0])]
            if not rows:
                return answer
            grid = self.layout.grid(args, kwargs)
            maps = self.layout.prediction(answer, grid).clone()
            weights = torch.from_numpy(region_weights(self.regions, self.crop, grid[1], grid[0])).to(maps)
            one_row = _row_of(args, kwargs, rows[0], len(heard))
            blended = maps[rows[0]] * weights[0]
            for words, weight in zip(self.words[1:], weights[1:], strict=True):
                if bool(weight.any()):
                    part, more = self.speech.speak(*one_row, words)
                    blended = blended + self.layout.prediction(predict(*part, **more), grid)[0] * weight
            maps[rows] = blended
            return self.layout.answer(answer, maps)

        return forward


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and torch.equal(one, other.to(one))


def _row_of(args: tuple[Any, ...], kwargs: dict[str, Any], row: int, count: int) -> Arguments:
    """The same call for one row of `count`."""
    if count == 1:
        return args, kwargs
    return tuple(_cut(one, row, count) for one in args), {name: _cut(one, row, count) for name, one in kwargs.items()}


def _cut(value: Any, row: int, count: int) -> Any:
    if isinstance(value, list) and len(value) == count:
        return value[row : row + 1]
    if isinstance(value, torch.Tensor) and value.ndim > 0 and len(value) == count:
        return value[row : row + 1]
    return value
