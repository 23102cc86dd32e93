"""Names and layouts of single files into those of diffusers, without reading a weight.

Conversions rename tensors, cut them and put them together again. Here they are given tensors without content; what
comes out is described as views of what is stored, so that each weight is read once, straight to its place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from pipelines.engine.conversions import conversion_of
from pipelines.engine.stored import Joined, StoredTensor, View

_JOINING = (torch.cat, torch.concat, torch.concatenate)
_COPYING = (torch.Tensor.contiguous, torch.Tensor.clone, torch.Tensor.detach)


def in_names_of(
    network: Any, config: Mapping[str, Any], stored: Mapping[str, StoredTensor]
) -> dict[str, StoredTensor | Joined]:
    """What each weight of `network` is made of. `stored` has the names of the original layout, without the prefix that
    tells parts of a whole checkpoint apart, or already diffusers' own.

    Raises KeyError, ValueError and the like when these are not such a network's weights.
    """
    wanted = network.state_dict().keys()
    if wanted <= stored.keys():
        return dict(stored)
    convert = conversion_of(type(network).__name__)
    empty = {name: torch.empty(tensor.shape, dtype=tensor.dtype, device="meta") for name, tensor in stored.items()}
    origins = {_storage(value): stored[name] for name, value in empty.items()}
    with _Tracking(list(empty.values())) as tracking:
        converted = convert(dict(empty), {**config, "wanted": wanted})
    return {name: _made_of(value, origins, tracking) for name, value in converted.items()}


class _Tracking(TorchFunctionMode):
    """Remembers what was joined; copies of tensors without content stay the tensors they were."""

    def __init__(self, tensors: Sequence[torch.Tensor]) -> None:
        super().__init__()
        self._alive = list(tensors)  # a storage that is gone could lend its identity to another one
        self.joined: dict[int, tuple[tuple[torch.Tensor, ...], int]] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in _COPYING:
            return args[0]
        if func not in _JOINING:
            return func(*args, **(kwargs or {}))
        parts = tuple(args[0])
        if len(parts) == 1:
            return parts[0]
        result = func(*args, **(kwargs or {}))
        axis = args[1] if len(args) > 1 else (kwargs or {}).get("dim", 0)
        self._alive += [result, *parts]
        self.joined[_storage(result)] = (parts, axis % result.ndim)
        return result


def _storage(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage()._cdata


def _made_of(value: torch.Tensor, origins: Mapping[int, StoredTensor], tracking: _Tracking) -> StoredTensor | Joined:
    key = _storage(value)
    if key in tracking.joined:
        parts, axis = tracking.joined[key]
        if value.numel() != sum(part.numel() for part in parts):
            raise ValueError("Its weights are cut in a way that is not known here.")
        return Joined(tuple(_view(part, origins) for part in parts), axis, tuple(value.shape))
    view = _view(value, origins)
    whole = view.offset == 0 and math.prod(view.shape) == math.prod(view.tensor.shape)
    if whole and value.is_contiguous() and view.shape == view.tensor.shape:
        return view.tensor
    return Joined((view,), 0, view.shape)


def _view(value: torch.Tensor, origins: Mapping[int, StoredTensor]) -> View:
    return View(origins[_storage(value)], int(value.storage_offset()), tuple(value.shape), tuple(value.stride()))
