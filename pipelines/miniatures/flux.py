"""FLUX.1 at small size: dev, schnell, Fill and Kontext."""

from __future__ import annotations

from typing import Any

import diffusers
import torch

from pipelines.miniatures.sixteen_channels import vae
from pipelines.miniatures.text_encoders import clip, t5
from pipelines.miniatures.tokenizers import clip_tokenizer, t5_tokenizer

_FILL_CHANNELS = 64 + 64 + 4 * 64
"""Of a token: the picture, the masked picture, the mask at 8 x 8 pixels to a latent."""


def flux_pipeline(variant: str = "") -> Any:
    """FluxPipeline; `variant`: empty for dev and Krea, `schnell`, `fill` (FluxFillPipeline), `kontext`."""
    torch.manual_seed(47)
    names = {"fill": "FluxFillPipeline", "kontext": "FluxKontextPipeline"}
    network = diffusers.FluxTransformer2DModel(
        patch_size=1,
        in_channels=_FILL_CHANNELS if variant == "fill" else 64,
        out_channels=64,
        num_layers=1,
        num_single_layers=2,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=48,
        pooled_projection_dim=32,
        axes_dims_rope=(4, 4, 8),
        guidance_embeds=variant != "schnell",
    )
    dynamic = variant != "schnell"
    return getattr(diffusers, names.get(variant, "FluxPipeline"))(
        transformer=network.eval(),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(
            shift=3.0 if dynamic else 1.0, use_dynamic_shifting=dynamic
        ),
        vae=vae(0.3611, 0.1159),
        text_encoder=clip(projection=False),
        tokenizer=clip_tokenizer(),
        text_encoder_2=t5(48),
        tokenizer_2=t5_tokenizer(),
    )
