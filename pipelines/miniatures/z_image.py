"""Z-Image at small size."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import FlowMatchEulerDiscreteScheduler, ZImagePipeline, ZImageTransformer2DModel
from transformers import Qwen3Model

from pipelines.miniatures.sixteen_channels import vae
from pipelines.miniatures.text_encoders import qwen3_config
from pipelines.miniatures.tokenizers import qwen_tokenizer


def z_image_pipeline() -> Any:
    """ZImagePipeline."""
    torch.manual_seed(53)
    kind: Any = ZImagePipeline
    network: Any = ZImageTransformer2DModel(
        all_patch_size=(2,),
        all_f_patch_size=(1,),
        in_channels=16,
        dim=32,
        n_layers=2,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        norm_eps=1e-5,
        qk_norm=True,
        cap_feat_dim=16,
        rope_theta=256.0,
        t_scale=1000.0,
        axes_dims=[8, 4, 4],
        axes_lens=[1024, 128, 128],
    )
    with torch.no_grad():  # they are made without values
        network.x_pad_token.zero_()
        network.cap_pad_token.zero_()
    return kind(
        transformer=network.eval(),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=vae(0.3611, 0.1159),
        text_encoder=Qwen3Model(qwen3_config(3)).eval(),
        tokenizer=qwen_tokenizer(),
    )
