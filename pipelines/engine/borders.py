"""A VAE for a network that has only seen windows of larger latents: pictures end for it as if they went on.

Convolutions pad with zeros, so an encoder makes other latents of the outermost cells, and a decoder takes that back. A
network trained on windows cut out of encoded pictures paints the outermost cells like all others; decoded as a border
they come out tinted. Here what is outermost is repeated a little further and cut off in the end.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

_MARGIN = 2
"""Latent cells that are added on each side. The decoder, the dearer of the two, needs as many pixels at each of its
sizes; even, so that halving them keeps everything in its place."""


def without_borders(vae: Any) -> None:
    """Lets a tiny autoencoder work so, whoever calls it, for about a hundredth more time in all; other kinds stay as
    they are."""
    if type(vae).__name__ != "AutoencoderTiny":
        return
    sizes = sum(isinstance(layer, torch.nn.Conv2d) and layer.stride == (2, 2) for layer in vae.encoder.modules())
    _surround(vae.encoder, _MARGIN << sizes, _MARGIN)
    _surround(vae.decoder, _MARGIN, _MARGIN)
    for layer in vae.decoder.modules():
        if isinstance(layer, torch.nn.Upsample):
            layer.register_forward_pre_hook(lambda _module, inputs: (_cut(inputs[0], _MARGIN // 2),))


def _surround(network: torch.nn.Module, added: int, cut: int) -> None:
    def before(_module: torch.nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        return (functional.pad(inputs[0], (added,) * 4, mode="replicate"), *inputs[1:])

    def after(_module: torch.nn.Module, _inputs: tuple[Any, ...], output: torch.Tensor) -> torch.Tensor:
        return _cut(output, cut)

    network.register_forward_pre_hook(before)
    network.register_forward_hook(after)


def _cut(x: torch.Tensor, margin: int) -> torch.Tensor:
    return x[..., margin:-margin, margin:-margin]
