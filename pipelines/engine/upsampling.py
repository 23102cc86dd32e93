"""Twice as large by nearest pixel and then a 3 x 3 convolution: the same sum with four ninths of the multiplications.

After enlarging, a 3 x 3 window covers only 2 x 2 different pixels. Which of them share a weight depends on the parity
of row and column, so four small kernels, made once of sums of the large one's weights, give the four parities. The
enlarged picture itself is never made, which saves memory too. This is the sub-pixel view of Shi et al. 2016.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

_ROWS = (((0,), (1, 2)), ((0, 1), (2,)))
"""For even and odd rows: which rows of the large kernel fall on the first and on the second source row."""


def fold_upsampling(network: torch.nn.Module) -> None:
    """Lets every such pair in the network be computed at once. Costs 16/9 of these convolutions' weights in memory."""
    for module in network.modules():
        if type(module).__name__ == "Upsample2D" and _is_plain(module):
            module.forward = _Folded(module)


class _Folded:
    """The forward of one Upsample2D."""

    def __init__(self, module: Any) -> None:
        self._plain = module.forward
        self._convolution = module.conv
        self._made_of: tuple[Any, ...] = ()
        self._kernels: list[tuple[int, int, torch.Tensor]] = []

    def __call__(self, hidden_states: torch.Tensor, output_size: Any = None, *args: Any, **kwargs: Any) -> torch.Tensor:
        """(batch, channels, h, w) to (batch, channels, 2 h, 2 w)."""
        if output_size is not None:
            return self._plain(hidden_states, output_size, *args, **kwargs)
        weight, bias = self._convolution.weight, self._convolution.bias
        made_of = (weight.data_ptr(), weight._version, weight.device, weight.dtype)
        if made_of != self._made_of:
            self._kernels, self._made_of = _small_kernels(weight), made_of
        batch, _, height, width = hidden_states.shape
        answer = torch.empty(
            (batch, weight.shape[0], 2 * height, 2 * width),
            dtype=hidden_states.dtype,
            device=hidden_states.device,
            memory_format=torch.channels_last,
        )
        for row, column, kernel in self._kernels:
            part = functional.conv2d(hidden_states, kernel, bias, padding=1)
            answer[..., row::2, column::2] = part[..., row : row + height, column : column + width]
        return answer


def _is_plain(module: Any) -> bool:
    convolution = getattr(module, "conv", None)
    return (
        type(convolution) is torch.nn.Conv2d
        and convolution.kernel_size == (3, 3)
        and convolution.padding == (1, 1)
        and convolution.groups == 1
        and convolution.stride == (1, 1)
        and getattr(module, "norm", None) is None
        and getattr(module, "interpolate", True)
        and not getattr(module, "use_conv_transpose", False)
    )


def _small_kernels(weight: torch.Tensor) -> list[tuple[int, int, torch.Tensor]]:
    exact = weight.float()
    kernels = []
    for row in (0, 1):
        rows = torch.stack([exact[:, :, list(which)].sum(2) for which in _ROWS[row]], 2)
        for column in (0, 1):
            small = torch.stack([rows[..., list(which)].sum(-1) for which in _ROWS[column]], -1)
            kernels.append((row, column, small.to(weight.dtype).contiguous(memory_format=torch.channels_last)))
    return kernels
