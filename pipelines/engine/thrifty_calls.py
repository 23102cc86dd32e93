"""Calls of a network that answer the same with less memory: in parts of the batch, in windows, attention in slices.

Nothing here knows when it is needed; that is thrift's business.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from pipelines.engine.layouts import MAPS, Layout
from pipelines.engine.network import Predict, answer_like, prediction_of
from pipelines.engine.windows import Viewport, windowed
from pipelines.planning.windows import windows_of

_SLICES = 8
_PLAIN_PROCESSORS = ("AttnProcessor2_0", "AttnProcessor")


class SlicedAttention:
    """An attention processor that computes an eighth of the pixels at a time with another one; the same answer."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    @classmethod
    def around(cls, processor: Any) -> Any:
        """A sliced form of the plain processors; others stay as they are."""
        return cls(processor) if type(processor).__name__ in _PLAIN_PROCESSORS else processor

    def __call__(
        self,
        attn: Any,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        temb: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The processor's own arguments; hidden states (batch, pixels, channels)."""
        whole = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        if hidden_states.ndim != 3 or hidden_states.shape[1] < _SLICES:
            return self._inner(attn, hidden_states, encoder_hidden_states, attention_mask, temb)
        answer = torch.empty_like(hidden_states)
        parts = zip(hidden_states.chunk(_SLICES, 1), answer.chunk(_SLICES, 1), strict=True)
        for part, place in parts:
            place.copy_(self._inner(attn, part, whole, attention_mask, temb))
        return answer


class _Slices(TorchFunctionMode):
    """Within it attention, whoever computes it, is computed for an eighth of the queries at a time."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is functional.scaled_dot_product_attention:
            return _attention_in_slices(*args, **kwargs)
        return func(*args, **kwargs)


def _attention_in_slices(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, attn_mask: torch.Tensor | None = None, **more: Any
) -> torch.Tensor:
    """torch's own arguments; query (..., tokens, channels)."""
    attend, tokens = functional.scaled_dot_product_attention, query.shape[-2]
    if tokens < _SLICES or more.get("is_causal"):
        return attend(query, key, value, attn_mask, **more)
    answers: list[torch.Tensor] = []
    start = 0
    for part in query.chunk(_SLICES, -2):
        end = start + part.shape[-2]
        mask = attn_mask
        if mask is not None and mask.shape[-2] == tokens:
            mask = mask[..., start:end, :]
        answers.append(attend(part, key, value, mask, **more))
        start = end
    return torch.cat(answers, dim=-2)


def in_slices(predict: Predict) -> Predict:
    """The same call with attention in slices, for networks that have attention of their own."""

    def sliced(*args: Any, **kwargs: Any) -> Any:
        with _Slices():
            return predict(*args, **kwargs)

    return sliced


def feed_forwards(network: torch.nn.Module) -> list[torch.nn.Module]:
    """The layers that look at each token by itself, and take the most memory for it."""
    return [module for module in network.modules() if type(module).__name__.endswith("FeedForward")]


def token_slices(forward: Predict) -> Predict:
    """The same call for an eighth of the tokens at a time: hidden states (batch, tokens, channels) first."""

    def sliced(hidden_states: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        if hidden_states.ndim != 3 or hidden_states.shape[1] < _SLICES:
            return forward(hidden_states, *args, **kwargs)
        parts = hidden_states.chunk(_SLICES, 1)
        return torch.cat([forward(part, *args, **kwargs) for part in parts], dim=1)

    return sliced


def batch_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
    """How many pictures a call of the network computes at once; the first tensor with pixels tells."""
    tensors = (value for value in (*args, *kwargs.values()) if isinstance(value, torch.Tensor) and value.ndim >= 3)
    first = next(tensors, None)
    return 1 if first is None else int(first.shape[0])


def in_batches(predict: Predict, group: int) -> Predict:
    """The same call, `group` pictures of the batch at a time."""

    def grouped(*args: Any, **kwargs: Any) -> Any:
        batch = batch_of(args, kwargs)
        if batch <= group:
            return predict(*args, **kwargs)
        answers = []
        for start in range(0, batch, group):
            part = slice(start, start + group)
            some = tuple(_cut(value, batch, part) for value in args)
            answers.append(predict(*some, **{name: _cut(value, batch, part) for name, value in kwargs.items()}))
        return _joined(answers)

    return grouped


def in_windows(predict: Predict, side: int, view: Viewport | None = None, layout: Layout = MAPS) -> Predict:
    """The same call over overlapping windows of about `side` latents, blended; `view` is told which."""

    def through_windows(*args: Any, **kwargs: Any) -> Any:
        height, width = layout.grid(args, kwargs)
        overlap = side // 2  # much, since all that binds the windows together is what they share
        boxes = windows_of(width, height, side, overlap, 8)
        return windowed(boxes, (width, height), overlap, lambda: None, view, layout)(predict)(*args, **kwargs)

    return through_windows


def _cut(value: Any, batch: int, part: slice) -> Any:
    """The part of whatever holds one entry for each picture."""
    if isinstance(value, torch.Tensor):
        return value[part] if value.ndim and value.shape[0] == batch else value
    if isinstance(value, dict):
        return {name: _cut(inner, batch, part) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_cut(inner, batch, part) for inner in value)
    return value


def _joined(answers: list[Any]) -> Any:
    return answer_like(answers[0], torch.cat([prediction_of(answer) for answer in answers]))
