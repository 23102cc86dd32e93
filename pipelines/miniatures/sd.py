"""Stable Diffusion 1 and XL at small size: true latent geometry, a few hundred kilobytes each."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    EulerDiscreteScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionPipeline,
    StableDiffusionXLImg2ImgPipeline,
    StableDiffusionXLInpaintPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)

from pipelines.miniatures.text_encoders import clip
from pipelines.miniatures.tokenizers import clip_tokenizer

NATIVE = 128
"""Native side of every miniature, pixels."""


def sd1_pipeline(channels: int = 4) -> Any:
    """StableDiffusionPipeline (4 channels) or StableDiffusionInpaintPipeline (9), noise prediction, DDIM."""
    torch.manual_seed(channels)
    kind: Any = StableDiffusionPipeline if channels == 4 else StableDiffusionInpaintPipeline
    return kind(
        vae=_vae(0.18215),
        text_encoder=clip(projection=False, activation="quick_gelu"),
        tokenizer=clip_tokenizer(),
        unet=_unet(
            channels,
            down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
            up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
            cross_attention_dim=32,
            attention_head_dim=2,
        ),
        scheduler=DDIMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            clip_sample=False,
            set_alpha_to_one=False,
            steps_offset=1,
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def sd2_pipeline(prediction: Any = "v_prediction") -> Any:
    """StableDiffusionPipeline that predicts velocities or `epsilon`, and reads with what in single files is an
    OpenCLIP."""
    torch.manual_seed(2)
    kind: Any = StableDiffusionPipeline
    return kind(
        vae=_vae(0.18215),
        text_encoder=clip(projection=False, activation="gelu"),
        tokenizer=clip_tokenizer(),
        unet=_unet(
            4,
            down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
            up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
            cross_attention_dim=32,
            attention_head_dim=(2, 4),
            use_linear_projection=True,
        ),
        scheduler=DDIMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            clip_sample=False,
            set_alpha_to_one=False,
            steps_offset=1,
            prediction_type=prediction,
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def sdxl_pipeline(channels: int = 4, *, velocities: bool = False) -> Any:
    """StableDiffusionXLPipeline (4 channels) or StableDiffusionXLInpaintPipeline (9), Euler; with `velocities` trained
    as NoobAI is, on a schedule that ends in pure noise. Its text encoders differ in width: single files are told apart
    by that."""
    torch.manual_seed(3 + channels)
    kind: Any = StableDiffusionXLPipeline if channels == 4 else StableDiffusionXLInpaintPipeline
    trained: dict[str, Any] = {"timestep_spacing": "leading"}
    if velocities:
        trained = {"prediction_type": "v_prediction", "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    return kind(
        vae=_vae(0.13025),
        text_encoder=clip(projection=False, activation="quick_gelu"),
        text_encoder_2=clip(projection=True, width=48, activation="gelu"),
        tokenizer=clip_tokenizer(),
        tokenizer_2=clip_tokenizer(),
        unet=_unet(
            channels,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=32 + 48,
            attention_head_dim=(2, 4),
            use_linear_projection=True,
            transformer_layers_per_block=(1, 2),
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=6 * 8 + 48,
        ),
        scheduler=EulerDiscreteScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            steps_offset=1,
            **trained,
        ),
    )


def refiner_pipeline() -> Any:
    """StableDiffusionXLImg2ImgPipeline with the second text encoder alone, told how beautiful a picture is."""
    torch.manual_seed(23)
    kind: Any = StableDiffusionXLImg2ImgPipeline
    return kind(
        vae=_vae(0.13025),
        text_encoder=None,
        text_encoder_2=clip(projection=True, width=48, activation="gelu"),
        tokenizer=None,
        tokenizer_2=clip_tokenizer(),
        unet=_unet(
            4,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            block_out_channels=(24, 48),  # single files are told apart by the width
            cross_attention_dim=48,
            attention_head_dim=(2, 4),
            use_linear_projection=True,
            transformer_layers_per_block=1,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=5 * 8 + 48,
        ),
        scheduler=EulerDiscreteScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            steps_offset=1,
            timestep_spacing="leading",
        ),
        requires_aesthetics_score=True,
        force_zeros_for_empty_prompt=False,
    )


def _vae(scaling_factor: float) -> AutoencoderKL:
    kind: Any = AutoencoderKL
    vae = kind(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 16, 16, 16),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=NATIVE,
        scaling_factor=scaling_factor,
    )
    return vae.eval()


def _unet(channels: int, **settings: Any) -> UNet2DConditionModel:
    unet = UNet2DConditionModel(
        sample_size=NATIVE // 8,
        in_channels=channels,
        out_channels=4,
        layers_per_block=1,
        norm_num_groups=4,
        **{"block_out_channels": (16, 32), **settings},
    )
    return unet.eval()
