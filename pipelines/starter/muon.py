"""Muon for the matrices and kernels inside the net, Adam for everything else, with all state in shareable tensors."""

from __future__ import annotations

from collections.abc import Sequence

import torch

Named = tuple[str, torch.nn.Parameter]

_ADAM_ONLY = ("embedding", "conv_in", "conv_out")
_SMALLEST_SIDE = 32
_BETAS = (0.9, 0.98)
_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
_WIDE = 2.5
"""Width over height from which the iteration is cheaper on the square matrix of products (measured)."""


def orthogonalise(gradient: torch.Tensor, rounds: int = 5) -> torch.Tensor:
    """Return the nearest half-orthogonal matrix to a 2-D `gradient`, by Newton-Schulz iteration."""
    a, b, c = _NEWTON_SCHULZ
    tall = gradient.size(0) > gradient.size(1)
    x = gradient.T if tall else gradient
    wide = x.size(1) >= _WIDE * x.size(0)
    x = x.float() if wide else x.bfloat16()
    x = x / (x.norm() + 1e-7)
    if wide:
        x = _through_gram(x, rounds)
        return x.T if tall else x
    for _ in range(rounds):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if tall else x


def _through_gram(x: torch.Tensor, rounds: int) -> torch.Tensor:
    """Iterate on x x^T alone and apply what came together to `x` once: a third of the products for a wide matrix.

    In float32: the squared small singular values are lost in bfloat16, and what is left of them grows without bound.
    """
    a, b, c = _NEWTON_SCHULZ
    gram, factor = x @ x.T, torch.eye(x.size(0), dtype=x.dtype, device=x.device)
    for _ in range(rounds):
        step = torch.addmm(gram, gram, gram, beta=b, alpha=c)
        step.diagonal().add_(a)
        factor = step @ factor
        gram = step @ gram @ step
    return factor @ x


def takes_muon(name: str, parameter: torch.Tensor) -> bool:
    """Tell whether a parameter is a matrix inside the net; embeddings, first and last layers are left to Adam."""
    inside = not any(part in name for part in _ADAM_ONLY)
    return inside and parameter.ndim >= 2 and min(parameter.shape[0], parameter[0].numel()) >= _SMALLEST_SIDE


class MuonAdam:
    """One learning rate for both rules: Muon's step is scaled to the size of Adam's."""

    def __init__(self, named: Sequence[Named], shared: bool = False, weight_decay: float = 0.01) -> None:
        self.matrices = [p for n, p in named if takes_muon(n, p)]
        self.others = [p for n, p in named if not takes_muon(n, p)]
        self.momentum = [torch.zeros_like(p.data) for p in self.matrices]
        self.first = [torch.zeros_like(p.data) for p in self.others]
        self.second = [torch.zeros_like(p.data) for p in self.others]
        self.weight_decay = weight_decay
        self._names = [n for n, p in named if takes_muon(n, p)], [n for n, p in named if not takes_muon(n, p)]
        if shared:
            for tensor in (*self.momentum, *self.first, *self.second):
                tensor.share_memory_()

    def state(self) -> dict[str, torch.Tensor]:
        """Return every state tensor under a name that does not depend on how work is divided."""
        matrices, others = self._names
        return {
            **{f"momentum.{n}": t for n, t in zip(matrices, self.momentum, strict=True)},
            **{f"first.{n}": t for n, t in zip(others, self.first, strict=True)},
            **{f"second.{n}": t for n, t in zip(others, self.second, strict=True)},
        }

    def load(self, state: dict[str, torch.Tensor]) -> None:
        """Take over what `state` gave; tensors missing there stay as they are."""
        for name, tensor in self.state().items():
            if name in state and state[name].shape == tensor.shape:
                tensor.copy_(state[name])

    @torch.no_grad()
    def step(self, rate: float, count: int) -> None:
        """Apply the gradients in `.grad`; `count` is the number of this step, from 1, for Adam's bias correction."""
        self._step_matrices(rate)
        gradients = [p.grad for p in self.others if p.grad is not None]
        if not gradients:
            return
        data = [p.data for p in self.others]
        torch._foreach_lerp_(self.first, gradients, 1 - _BETAS[0])
        torch._foreach_mul_(self.second, _BETAS[1])
        torch._foreach_addcmul_(self.second, gradients, gradients, 1 - _BETAS[1])
        root = torch._foreach_sqrt(self.second)
        torch._foreach_div_(root, (1 - _BETAS[1] ** count) ** 0.5)
        torch._foreach_add_(root, 1e-8)
        torch._foreach_mul_(data, 1 - rate * self.weight_decay)
        torch._foreach_addcdiv_(data, self.first, root, -rate / (1 - _BETAS[0] ** count))

    def _step_matrices(self, rate: float) -> None:
        for parameter, momentum in zip(self.matrices, self.momentum, strict=True):
            if parameter.grad is None:
                continue
            momentum.lerp_(parameter.grad, 0.05)
            update = parameter.grad.lerp(momentum, 0.95).reshape(parameter.shape[0], -1)
            size = 0.2 * max(update.shape) ** 0.5
            direction = orthogonalise(update).to(parameter.dtype).reshape(parameter.shape)
            parameter.mul_(1 - rate * self.weight_decay).add_(direction, alpha=-rate * size)
