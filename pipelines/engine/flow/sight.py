"""What a network is shown beside the picture that it paints: the masked picture (Fill), or whole pictures (editing).

It comes into the network's call as the innermost of all that is put around it, so that windows, regions and thrift know
nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch

from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import GenerationRequest, Pixels, Task
from pipelines.engine.architectures import Sees
from pipelines.engine.latents import encode_picture
from pipelines.engine.layouts import CELL, Arguments, Tokens
from pipelines.engine.loader import LoadedModel
from pipelines.engine.network import Predict
from pipelines.planning.box import Box
from pipelines.planning.fills import on_paper
from pipelines.planning.masks import FloatMask
from pipelines.planning.patch import resize

Size = tuple[int, int]
"""Width and height of a pass, pixels."""
_GREY = 128
"""What Fill's VAE is shown where something is painted anew: the middle of the range."""


@dataclass(frozen=True, eq=False)
class Scenery:
    """What there is to look at in one pass, at its size."""

    rgb: Pixels
    mask: FloatMask | None = None
    """1 where it is painted anew; None: everywhere."""


class Sight(Protocol):
    """What is put into each call of the network."""

    @property
    def shown(self) -> tuple[Pixels, ...]:
        """RGB of the pictures, for families that read prompts together with them."""
        ...

    def into(self, args: tuple[Any, ...], kwargs: dict[str, Any], place: Box, done: float) -> Arguments:
        """The call for `place` (cells of the whole picture) with what is to be seen; `done`: part of the steps."""
        ...


@dataclass(frozen=True, eq=False)
class _Masked:
    """Further channels: the picture with grey where it is painted anew, and the mask at the pixels' own resolution."""

    layout: Tokens
    maps: torch.Tensor
    shown: tuple[Pixels, ...] = ()

    def into(self, args: tuple[Any, ...], kwargs: dict[str, Any], place: Box, done: float) -> Arguments:
        del done
        return self.layout.widened(args, kwargs, self.maps[(..., *place.slices)])


@dataclass(frozen=True, eq=False)
class _Reference:
    maps: torch.Tensor
    start: float
    end: float


@dataclass(frozen=True, eq=False)
class _Pictures:
    """Tokens of whole pictures: the request's own first, of which a window sees its part."""

    layout: Tokens
    own: torch.Tensor | None
    others: Sequence[_Reference]
    shown: tuple[Pixels, ...]

    def into(self, args: tuple[Any, ...], kwargs: dict[str, Any], place: Box, done: float) -> Arguments:
        seen = [] if self.own is None else [self.own[(..., *place.slices)]]
        seen += [one.maps for one in self.others if one.start <= done < one.end or done == one.start]
        return self.layout.beside(args, kwargs, seen) if seen else (args, kwargs)


def sight_of(model: LoadedModel, request: GenerationRequest, scenery: Scenery | None, size: Size) -> Sight | None:
    """What the model looks at in a pass of that size (width, height); None for a model that sees nothing.

    Raises InvalidRequestError for reference pictures that it cannot be shown.
    """
    layout = model.architecture.layout
    pictures = check_references(model, request)
    if not isinstance(layout, Tokens) or model.architecture.sees is Sees.NOTHING:
        return None
    if model.architecture.sees is Sees.MASKED:
        return _Masked(layout, _masked(model, scenery, size))
    own = None if scenery is None else encode_picture(model, scenery.rgb)
    others = [_Reference(encode_picture(model, rgb), *when) for rgb, *when in pictures]
    shown = [] if scenery is None else [scenery.rgb]
    return _Pictures(layout, own, others, (*shown, *(rgb for rgb, *_when in pictures)))


def check_references(model: LoadedModel, request: GenerationRequest) -> list[tuple[Pixels, float, float]]:
    """The pictures that the painting model itself is to look at: (RGB as it sees them, start, end).

    Raises InvalidRequestError when it cannot.
    """
    wanted = [one for one in request.references if not one.model and one.weight != 0.0]
    if wanted and model.architecture.sees is not Sees.PICTURES:
        raise InvalidRequestError(
            "references",
            f"'{model.info.name}' does not look at pictures by itself. Choose an editing model (FLUX Kontext, FLUX.2, "
            "Qwen-Image-Edit), or an IP-Adapter for the reference.",
        )
    for one in wanted:
        if one.weight != 1.0:
            raise InvalidRequestError(
                "references", "An editing model sees a reference wholly or not at all: set its weight to 1 or 0."
            )
    most = model.architecture.speech.most_pictures
    own = request.image is not None
    if most and len(wanted) + own > most:
        raise InvalidRequestError(
            "references",
            f"'{model.info.name}' looks at {most} picture{'s' * (most > 1)} at most, the one it paints over included. "
            "Take some of the references out.",
        )
    area = float(model.info.defaults.native_size) ** 2
    return [(_fitted(one.image, area, model.architecture.layout.multiple), one.start, one.end) for one in wanted]


def sighted(run: Any) -> Callable[[Predict], Predict]:
    """The wrapper that shows a run's `sight` to the network. To be put around it before all others."""
    layout = run.model.architecture.layout

    def wrapper(predict: Predict) -> Predict:
        def forward(*args: Any, **kwargs: Any) -> Any:
            if run.sight is None:
                return predict(*args, **kwargs)
            rows, columns = grid = layout.grid(args, kwargs)
            place = Box(run.view.left, run.view.top, columns, rows)
            args, kwargs = run.sight.into(args, kwargs, place, run.part_of_steps)
            answer = predict(*args, **kwargs)
            return layout.answer(answer, layout.prediction(answer, grid))

        return forward

    return wrapper


def _masked(model: LoadedModel, scenery: Scenery | None, size: Size) -> torch.Tensor:
    width, height = size
    if scenery is None or scenery.mask is None:
        rgb, mask = np.full((height, width, 3), _GREY, np.uint8), np.ones((height, width), np.float32)
    else:
        mask = (scenery.mask > 0.5).astype(np.float32)
        rgb = np.where(mask[..., None] > 0, np.uint8(_GREY), scenery.rgb)
    picture = encode_picture(model, rgb)
    covered = torch.nn.functional.pixel_unshuffle(torch.from_numpy(mask)[None, None], CELL)
    return torch.cat([picture, covered.to(picture)], dim=1)


def _fitted(image: Pixels, area: float, multiple: int) -> Pixels:
    """RGB, its sides multiples, as large as the model paints at most; never enlarged."""
    height, width = image.shape[:2]
    scale = min(1.0, (area / (width * height)) ** 0.5)
    across, down = (max(multiple, round(side * scale / multiple) * multiple) for side in (width, height))
    return resize(on_paper(image), across, down)


def scenery_of(request: GenerationRequest, size: Size) -> Scenery | None:
    """The request's own picture as a whole, for tasks that paint all of it; None without one, and for upscaling."""
    if request.image is None or request.task is Task.UPSCALE:
        return None
    return Scenery(resize(on_paper(request.image), *size))
