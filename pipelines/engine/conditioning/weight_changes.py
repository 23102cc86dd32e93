"""How a LoRA or LyCORIS file changes one weight: the arithmetic of each method.

LoRA (Hu et al. 2021), LoHa after FedPara (Hyeon-Woo et al. 2022), LoKr and Tucker forms of convolutions as LyCORIS has
them (Yeh et al. 2023, "Navigating Text-To-Image Customization"), DoRA (Liu et al. 2024), and whole differences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch

Parts = Mapping[str, torch.Tensor]
"""A module's tensors in a file by what they are; see `lora_names.Named.part`."""


class WeightChangeError(ValueError):
    """Parts that belong to no method, or that do not fit together."""


@dataclass(frozen=True, eq=False)
class Factors:
    """A change of low rank: up @ down, without the strength."""

    down: torch.Tensor
    """(rank, in) or (rank, in, k, k)."""
    up: torch.Tensor
    """(out, rank), the file's own alpha multiplied in."""


@dataclass(frozen=True)
class Rows:
    """Some rows of a weight."""

    spans: tuple[tuple[int, int], ...]
    """From, and up to; in the order in which they are taken."""
    total: int
    """How many the weight has."""

    def of(self, tensor: torch.Tensor) -> torch.Tensor:
        """These rows. Raises WeightChangeError for a tensor that has another number of them."""
        if tensor.shape[0] != self.total:
            raise WeightChangeError(f"it is made for {tensor.shape[0]} rows, not {self.total}")
        return torch.cat([tensor[begin:end] for begin, end in self.spans])


@dataclass(frozen=True, eq=False)
class WeightChange:
    """What a file does to one module."""

    parts: Parts
    rows: Rows | None = None
    """Which rows of the change are the module's; None: all of it."""

    @property
    def has_weight(self) -> bool:
        """Whether it changes the weight, not only the bias."""
        return any(name not in ("alpha", "diff_b", "up_bias") for name in self.parts)

    @property
    def size_bytes(self) -> int:
        """Of its tensors."""
        return sum(tensor.nbytes for tensor in self.parts.values())

    @property
    def is_plain(self) -> bool:
        """Whether it is a LoRA of two factors and nothing else."""
        parts = self.parts
        if not {"down", "up"} <= parts.keys() <= {"down", "up", "alpha"}:
            return False
        return parts["up"].ndim == 2 or parts["up"].shape[-1] == 1

    def factors(self) -> Factors:
        """The two factors of a plain LoRA."""
        parts = self.parts
        return Factors(parts["down"], self._own(parts["up"]).flatten(1) * self._scale(parts["down"].shape[0]))

    def difference(self, weight: torch.Tensor) -> torch.Tensor:
        """What is added to `weight` at strength 1: float32 of its shape, on its device.

        Raises WeightChangeError when the parts do not make a tensor of that shape.
        """
        parts = {name: tensor.to(weight.device, torch.float32) for name, tensor in self.parts.items()}
        try:
            delta = self._own(self._plain(parts))
            if delta.numel() != weight.numel():
                raise WeightChangeError(f"it is made for {tuple(delta.shape)}, not {tuple(weight.shape)}")
            delta = delta.reshape(weight.shape)
            if "magnitude" in parts:
                return _decomposed(weight.float(), delta, self._own(parts["magnitude"]), by_output=True)
            if "dora" not in parts:
                return delta
            if self.rows is None:
                return _decomposed(weight.float(), delta, parts["dora"])
            return _decomposed(weight.float(), delta, self._own(parts["dora"].flatten()), by_output=True)
        except (RuntimeError, KeyError, IndexError) as error:
            raise WeightChangeError(f"its parts do not fit together ({', '.join(sorted(parts))})") from error

    def bias(self) -> torch.Tensor | None:
        """What is added to the bias at strength 1."""
        bias = self.parts.get("diff_b", self.parts.get("up_bias"))
        return bias if bias is None else self._own(bias)

    def _own(self, tensor: torch.Tensor) -> torch.Tensor:
        return tensor if self.rows is None else self.rows.of(tensor)

    def _scale(self, rank: int) -> float:
        alpha = self.parts.get("alpha")
        return float(alpha) / rank if alpha is not None and rank else 1.0

    def _plain(self, parts: Parts) -> torch.Tensor:
        if "diff" in parts:
            return parts["diff"]
        if "down" in parts:
            return _low_rank(parts) * self._scale(parts["down"].shape[0])
        if "hada_w1_a" in parts:
            return _hadamard(parts) * self._scale(parts["hada_w1_b"].shape[0])
        return self._kronecker(parts)

    def _kronecker(self, parts: Parts) -> torch.Tensor:
        rank = next((parts[name].shape[0] for name in ("lokr_w1_b", "lokr_w2_b") if name in parts), 0)
        first = parts["lokr_w1"] if "lokr_w1" in parts else parts["lokr_w1_a"] @ parts["lokr_w1_b"]
        if "lokr_w2" in parts:
            second = parts["lokr_w2"]
        elif "lokr_t2" in parts:
            second = _tucker(parts["lokr_t2"], parts["lokr_w2_a"], parts["lokr_w2_b"])
        else:
            inner = parts["lokr_w2_b"]
            second = (parts["lokr_w2_a"] @ inner.flatten(1)).reshape(-1, *inner.shape[1:])
        first = first.reshape(*first.shape, *(1,) * (second.ndim - first.ndim))
        return torch.kron(first.contiguous(), second.contiguous()) * self._scale(rank)


def _low_rank(parts: Parts) -> torch.Tensor:
    down, up = parts["down"], parts["up"]
    if "mid" in parts:
        return torch.einsum("oa,abkl,bi->oikl", up.flatten(1), parts["mid"], down.flatten(1))
    if up.ndim == 4 and up.shape[-1] != 1:  # a 1x1 convolution into the rank, a larger one out of it
        return torch.einsum("orkl,ri->oikl", up, down.flatten(1))
    return (up.flatten(1) @ down.flatten(1)).reshape(up.shape[0], *down.shape[1:])


def _hadamard(parts: Parts) -> torch.Tensor:
    if "hada_t1" in parts:
        one = _tucker(parts["hada_t1"], parts["hada_w1_a"], parts["hada_w1_b"])
        return one * _tucker(parts["hada_t2"], parts["hada_w2_a"], parts["hada_w2_b"])
    return (parts["hada_w1_a"] @ parts["hada_w1_b"]) * (parts["hada_w2_a"] @ parts["hada_w2_b"])


def _tucker(core: torch.Tensor, outer: torch.Tensor, inner: torch.Tensor) -> torch.Tensor:
    """(a, b, k, l), (a, out), (b, in) -> (out, in, k, l)."""
    return torch.einsum("abkl,ao,bi->oikl", core, outer, inner)


def _decomposed(
    weight: torch.Tensor, delta: torch.Tensor, magnitude: torch.Tensor, *, by_output: bool = False
) -> torch.Tensor:
    """What is added to the weight so that its columns or rows have the trained lengths.

    peft has a magnitude for every output; of LyCORIS and kohya there are files with one for every input as well, which
    their shapes tell apart.
    """
    changed = weight + delta
    outputs = changed.shape[0]
    by_output = by_output or magnitude.ndim == 1 or (magnitude.shape[0] == outputs and outputs > 1)
    kept = 0 if by_output else 1
    others = [side for side in range(changed.ndim) if side != kept]
    shape = [-1 if side == kept else 1 for side in range(changed.ndim)]
    lengths = torch.linalg.vector_norm(changed, dim=others, keepdim=True).clamp_min(torch.finfo(torch.float32).eps)
    return changed * (magnitude.reshape(shape) / lengths) - weight
