"""Pictures to latents and back, and the noise between them."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTinyOutput
from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution
from diffusers.models.modeling_outputs import AutoencoderKLOutput

from pipelines.contract.request import Pixels
from pipelines.engine.loader import LoadedModel
from pipelines.engine.network import Predict, Wrapper

_REMEMBERED_BYTES = 32 * 2**20
"""Of encoded pictures, per model."""


def generator_for(seed: int) -> torch.Generator:
    """Noise of a seed: drawn on the CPU, so that every device paints the same picture."""
    return torch.Generator("cpu").manual_seed(seed % 2**63)


@torch.inference_mode()
def encode_picture(model: LoadedModel, rgb: Pixels) -> torch.Tensor:
    """The map (1, channels, h / 8, w / 8) of an RGB picture, its sides multiples of the layout's; no noise in it."""
    vae, layout = model.vae, model.architecture.layout
    dtype = vae.dtype
    upcast = dtype is torch.float16 and bool(getattr(vae.config, "force_upcast", False))
    if upcast:
        vae.to(torch.float32)
    pixels = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1)[None].to(vae.device, vae.dtype)
    encoded = vae.encode(layout.pixels(pixels / 127.5 - 1.0))
    latents = encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latents
    if upcast:
        vae.to(dtype)
    return layout.scaled(latents.to(dtype), vae)


def remembering(model: LoadedModel) -> Wrapper:
    """Around the VAE's `encode`: the same pixels are encoded once, for one picture of a batch after the other and for
    later jobs on the same part of a painting. Only the least recently used are forgotten."""

    def wrapper(encode: Predict) -> Predict:
        def remembered(pixels: torch.Tensor, return_dict: bool = True) -> Any:
            key = _content(pixels)
            if key in model.encoded:
                kept = model.encoded[key] = model.encoded.pop(key)
            else:
                made = encode(pixels)
                distribution = getattr(made, "latent_dist", None)
                kept = model.encoded[key] = made.latents if distribution is None else distribution.parameters
                _forget_oldest(model.encoded)
            if type(model.vae).__name__ == "AutoencoderTiny":
                return AutoencoderTinyOutput(latents=kept) if return_dict else (kept,)
            spread = DiagonalGaussianDistribution(kept)
            return AutoencoderKLOutput(latent_dist=spread) if return_dict else (spread,)

        return remembered

    return wrapper


def _content(pixels: torch.Tensor) -> bytes:
    raw = pixels.detach().cpu().contiguous().view(torch.uint8).numpy()
    digest = hashlib.blake2b(f"{tuple(pixels.shape)}{pixels.dtype}".encode(), digest_size=16)
    digest.update(raw.data)
    return digest.digest()


def _forget_oldest(encoded: dict[bytes, torch.Tensor]) -> None:
    while len(encoded) > 1 and sum(one.nbytes for one in encoded.values()) > _REMEMBERED_BYTES:
        del encoded[next(iter(encoded))]


def to_rgb(picture: Any) -> Pixels:
    """(h, w, 3) uint8 of one picture of a pipeline's `np` output, float (h, w, 3) in 0..1."""
    return np.rint(np.asarray(picture, np.float32) * 255.0).astype(np.uint8)
