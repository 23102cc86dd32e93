"""Qwen-Image and its editing forms at small size."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import (
    AutoencoderKLQwenImage,
    FlowMatchEulerDiscreteScheduler,
    QwenImageEditPipeline,
    QwenImageEditPlusPipeline,
    QwenImagePipeline,
    QwenImageTransformer2DModel,
)
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

from pipelines.engine.reading import StillProcessor
from pipelines.miniatures.tokenizers import QWEN_MARKS, qwen_tokenizer

_BYTES = 256


def qwen_pipeline() -> Any:
    """QwenImagePipeline. Its VAE's statistics are not those of plain numbers."""
    torch.manual_seed(71)
    kind: Any = QwenImagePipeline
    return kind(**_parts())


def qwen_edit_pipeline(*, plus: bool) -> Any:
    """QwenImageEditPipeline, or QwenImageEditPlusPipeline that sees several pictures."""
    torch.manual_seed(73)
    kind: Any = QwenImageEditPlusPipeline if plus else QwenImageEditPipeline
    parts = _parts()
    return kind(**parts, processor=StillProcessor(parts["tokenizer"]))


def _parts() -> dict[str, Any]:
    network = QwenImageTransformer2DModel(
        patch_size=2,
        in_channels=64,
        out_channels=16,
        num_layers=2,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=16,
        guidance_embeds=False,
        axes_dims_rope=(8, 4, 4),
    )
    vae_class: Any = AutoencoderKLQwenImage
    vae = vae_class(
        base_dim=8,
        z_dim=16,
        dim_mult=[1, 2, 2, 2],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.02 * (channel - 8) for channel in range(16)],
        latents_std=[0.8 + 0.05 * channel for channel in range(16)],
    )
    return {
        "transformer": network.eval(),
        "vae": vae.eval(),
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, shift_terminal=0.02),
        "text_encoder": _reader(),
        "tokenizer": qwen_tokenizer(),
    }


def _reader() -> Any:
    """Qwen2.5-VL of two layers; it sees pictures in patches of 14 pixels, two by two."""
    config = Qwen2_5_VLConfig(
        text_config={
            "vocab_size": _BYTES + len(QWEN_MARKS),
            "hidden_size": 16,
            "intermediate_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "num_key_value_heads": 2,
            "rope_scaling": {"mrope_section": [1, 1, 2], "rope_type": "default", "type": "default"},
            "rope_theta": 1e6,
        },
        vision_config={
            "depth": 2,
            "hidden_size": 16,
            "intermediate_size": 16,
            "num_heads": 2,
            "out_hidden_size": 16,
        },
        image_token_id=_BYTES + QWEN_MARKS.index("<|image_pad|>"),
        video_token_id=_BYTES + QWEN_MARKS.index("<|video_pad|>"),
        vision_start_token_id=_BYTES + QWEN_MARKS.index("<|vision_start|>"),
        vision_end_token_id=_BYTES + QWEN_MARKS.index("<|vision_end|>"),
    )
    return Qwen2_5_VLForConditionalGeneration(config).eval()
