"""FLUX.2 at small size: Klein, which reads with Qwen3."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import AutoencoderKLFlux2, FlowMatchEulerDiscreteScheduler, Flux2KleinPipeline, Flux2Transformer2DModel
from transformers import Qwen3ForCausalLM

from pipelines.miniatures.text_encoders import qwen3_config
from pipelines.miniatures.tokenizers import qwen_tokenizer

_LAYERS = 3
"""Of the language model, side by side."""


def flux2_pipeline() -> Any:
    """Flux2KleinPipeline, guided by a second call."""
    torch.manual_seed(61)
    kind: Any = Flux2KleinPipeline
    parts = flux2_parts(_LAYERS, guided=False)
    reader = Qwen3ForCausalLM(qwen3_config(_LAYERS + 1)).eval()
    return kind(**parts, text_encoder=reader, tokenizer=qwen_tokenizer())


def flux2_parts(layers: int, *, guided: bool) -> dict[str, Any]:
    """Network, VAE and scheduler for a reader of width 16 of which that many layers are read; `guided`: by a number.
    The VAE's statistics are not those of a fresh batch norm."""
    network = Flux2Transformer2DModel(
        patch_size=1,
        in_channels=128,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=4 if guided else 2,  # single files of the two are told apart by their width
        joint_attention_dim=layers * 16,
        timestep_guidance_channels=256,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=guided,
    )
    vae_class: Any = AutoencoderKLFlux2
    vae = vae_class(
        sample_size=64,
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 16, 16, 16),
        layers_per_block=1,
        latent_channels=32,
        norm_num_groups=4,
    )
    vae.bn.running_mean.uniform_(-0.2, 0.2)
    vae.bn.running_var.uniform_(0.5, 1.5)
    scheduler = FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True)
    return {"scheduler": scheduler, "vae": vae.eval(), "transformer": network.eval()}
