"""Miniatures on disk, as folders and as single files, and the library's entries for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safetensors.torch import save_file

from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind
from pipelines.miniatures.original_layout import clip_keys, open_clip_keys, unet_keys, vae_keys
from pipelines.miniatures.sd import NATIVE


def write_folder(pipe: Any, folder: Path) -> Path:
    """Saves a pipeline as a diffusers folder and returns it."""
    pipe.save_pretrained(str(folder))
    return folder


def write_single_file(pipe: Any, path: Path) -> Path:
    """Saves a pipeline as one safetensors file in the original layout (LDM for SD1.5, SGM for SDXL) and returns it."""
    tensors = {f"model.diffusion_model.{name}": value for name, value in unet_keys(pipe.unet).items()}
    tensors |= {f"first_stage_model.{name}": value for name, value in vae_keys(pipe.vae).items()}
    if hasattr(pipe, "text_encoder_2"):
        tensors |= clip_keys(pipe.text_encoder, "conditioner.embedders.0.transformer.text_model.")
        tensors |= open_clip_keys(pipe.text_encoder_2, "conditioner.embedders.1.model.")
    else:
        tensors |= clip_keys(pipe.text_encoder, "cond_stage_model.transformer.text_model.")
    save_file({name: value.contiguous().clone() for name, value in tensors.items()}, str(path))
    return path


def info_of(path: Path, family: Family, model_id: str = "", variant: str = "") -> ModelInfo:
    """The library's entry for a tiny model."""
    kind = ModelKind.DIFFUSERS if path.is_dir() else ModelKind.CHECKPOINT
    defaults = ModelDefaults(num_inference_steps=4, guidance_scale=3.0, native_size=NATIVE, min_size=64)
    return ModelInfo(model_id or path.stem, path.stem, str(path), kind, family, variant, 10**6, 1, defaults)
