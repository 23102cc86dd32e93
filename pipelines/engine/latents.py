"""Pictures to latents and back, and the noise between them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from pipelines.contract.request import Pixels
from pipelines.engine.loader import LoadedModel


def generator_for(seed: int, index: int) -> torch.Generator:
    """The noise of picture `index`: drawn on the CPU, so that every device paints the same picture."""
    return torch.Generator("cpu").manual_seed((seed + index) % 2**63)


@torch.inference_mode()
def encode_picture(model: LoadedModel, rgb: Pixels) -> torch.Tensor:
    """(1, channels, h / 8, w / 8) scaled latents of an RGB picture whose sides are multiples of 8; no noise in it."""
    vae = model.vae
    dtype = vae.dtype
    upcast = dtype is torch.float16 and bool(getattr(vae.config, "force_upcast", False))
    if upcast:
        vae.to(torch.float32)
    pixels = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1)[None].to(vae.device, vae.dtype)
    encoded = vae.encode(pixels / 127.5 - 1.0)
    latents = encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latents
    if upcast:
        vae.to(dtype)
    return _scaled(latents.to(dtype), vae.config)


def _scaled(latents: torch.Tensor, config: Any) -> torch.Tensor:
    mean, spread = getattr(config, "latents_mean", None), getattr(config, "latents_std", None)
    if mean is not None and spread is not None:
        shape = (1, latents.shape[1], 1, 1)
        offset = torch.tensor(mean, device=latents.device, dtype=latents.dtype).view(shape)
        scale = torch.tensor(spread, device=latents.device, dtype=latents.dtype).view(shape)
        return (latents - offset) * config.scaling_factor / scale
    return latents * config.scaling_factor


def to_rgb(picture: Any) -> Pixels:
    """(h, w, 3) uint8 of one picture of a pipeline's `np` output, float (h, w, 3) in 0..1."""
    return np.rint(np.asarray(picture, np.float32) * 255.0).astype(np.uint8)
