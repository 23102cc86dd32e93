"""Wan at small size: from words (2.1), from a picture with its vision network (2.1), and from either (2.2 TI2V)."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import (
    AutoencoderKLWan,
    UniPCMultistepScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
)
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModel

from pipelines.miniatures.text_encoders import umt5
from pipelines.miniatures.tokenizers import t5_tokenizer

_WIDTH, _SEEN = 24, 32
"""Of the network, and of what the vision network says of each patch."""


def wan_pipeline() -> Any:
    """WanPipeline: clips from words, 16 channels in and out."""
    torch.manual_seed(83)
    kind: Any = WanPipeline
    return kind(**_parts(), transformer=_network(16), vae=_vae())


def wan_i2v_pipeline() -> Any:
    """WanImageToVideoPipeline of Wan 2.1: it is shown the first frame in 20 more channels, and by a vision network."""
    torch.manual_seed(89)
    kind: Any = WanImageToVideoPipeline
    return kind(
        **_parts(),
        transformer=_network(36, image_dim=_SEEN, added_kv_proj_dim=_WIDTH),
        vae=_vae(),
        image_encoder=_vision(),
        image_processor=CLIPImageProcessor(size={"shortest_edge": 28}, crop_size={"height": 28, "width": 28}),
    )


def wan_ti2v_pipeline() -> Any:
    """WanPipeline of Wan 2.2 TI2V: 16 pixels to a latent of 48 channels, and a time for each token."""
    torch.manual_seed(97)
    kind: Any = WanPipeline
    vae = _vae(
        z_dim=48,
        decoder_base_dim=8,
        is_residual=True,
        in_channels=12,
        out_channels=12,
        patch_size=2,
        scale_factor_spatial=16,
    )
    return kind(**_parts(), transformer=_network(48, out=48), vae=vae, expand_timesteps=True)


def _parts() -> dict[str, Any]:
    scheduler: Any = UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, num_train_timesteps=1000, flow_shift=3.0
    )
    return {"tokenizer": t5_tokenizer(), "text_encoder": umt5(16), "scheduler": scheduler}


def _network(channels: int, out: int = 16, **more: Any) -> Any:
    network = WanTransformer3DModel(
        patch_size=(1, 2, 2),
        num_attention_heads=2,
        attention_head_dim=_WIDTH // 2,
        in_channels=channels,
        out_channels=out,
        text_dim=16,
        freq_dim=16,
        ffn_dim=32,
        num_layers=2,
        cross_attn_norm=True,
        qk_norm="rms_norm_across_heads",
        rope_max_seq_len=128,
        **more,
    )
    return network.eval()


def _vae(z_dim: int = 16, **more: Any) -> Any:
    kind: Any = AutoencoderKLWan
    made = kind(
        base_dim=8,
        z_dim=z_dim,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.02 * (channel - 8) for channel in range(z_dim)],
        latents_std=[0.8 + 0.02 * channel for channel in range(z_dim)],
        **more,
    )
    return made.eval()


def _vision() -> Any:
    config = CLIPVisionConfig(
        hidden_size=_SEEN,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=28,
        patch_size=14,
        projection_dim=16,
    )
    return CLIPVisionModel(config).eval()
