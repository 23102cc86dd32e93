"""Stable Diffusion 3 at small size."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel, StableDiffusion3Pipeline

from pipelines.miniatures.sixteen_channels import vae
from pipelines.miniatures.text_encoders import clip, t5
from pipelines.miniatures.tokenizers import clip_tokenizer, t5_tokenizer


def sd3_pipeline() -> Any:
    """StableDiffusion3Pipeline with its three text encoders; they differ in width, as the large ones do."""
    torch.manual_seed(31)
    kind: Any = StableDiffusion3Pipeline
    network = SD3Transformer2DModel(
        sample_size=32,
        patch_size=2,
        in_channels=16,
        num_layers=2,
        attention_head_dim=8,
        num_attention_heads=4,
        joint_attention_dim=80,
        caption_projection_dim=32,
        pooled_projection_dim=80,
        out_channels=16,
        pos_embed_max_size=96,
    )
    return kind(
        transformer=network.eval(),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=vae(1.5305, 0.0609),
        text_encoder=clip(projection=True),
        tokenizer=clip_tokenizer(),
        text_encoder_2=clip(projection=True, width=48, activation="gelu"),
        tokenizer_2=clip_tokenizer(),
        text_encoder_3=t5(80),
        tokenizer_3=t5_tokenizer(),
    )
