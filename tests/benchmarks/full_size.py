"""A Stable Diffusion 1.5 of full size with random weights: 859 + 84 + 123 million parameters, fp16, 2 GB on disk.

Weights are written tensor by tensor, in the layout of the folders and of the single files that people have.
Import inside functions only: this module imports torch.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from accelerate import init_empty_weights
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind
from pipelines.miniatures.original_layout import clip_keys, unet_keys, vae_keys
from pipelines.miniatures.tokenizers import clip_tokenizer

_CHUNK = 2**22
"""Random numbers drawn at a time and repeated: any noise serves, and drawing takes longer than writing."""


def write_folder(folder: Path) -> Path:
    """Writes the diffusers folder and returns it. Takes some 5 seconds and 2 GB of disk, little memory."""
    parts = write_configurations(folder)
    for name, network in parts.items():
        file = "model.safetensors" if name == "text_encoder" else "diffusion_pytorch_model.safetensors"
        _write_random(folder / name / file, network.state_dict())
    return folder


def write_configurations(folder: Path) -> dict[str, Any]:
    """Writes the folder without its weights, and returns the networks, which have none either."""
    parts = _networks()
    for name, network in parts.items():
        place = folder / name
        place.mkdir(parents=True)
        if name == "text_encoder":
            network.config.save_pretrained(str(place))
        else:
            network.save_config(str(place))
    clip_tokenizer().save_pretrained(str(folder / "tokenizer"))
    _scheduler().save_pretrained(str(folder / "scheduler"))
    (folder / "model_index.json").write_text(json.dumps(_INDEX), "utf-8")
    return parts


def write_single_file(path: Path) -> Path:
    """Writes the same model as one file in the original layout and returns it."""
    parts = _networks()
    tensors = {f"model.diffusion_model.{name}": value for name, value in unet_keys(parts["unet"]).items()}
    tensors |= {f"first_stage_model.{name}": value for name, value in vae_keys(parts["vae"]).items()}
    tensors |= clip_keys(parts["text_encoder"], "cond_stage_model.transformer.text_model.")
    _write_random(path, tensors)
    return path


def info(path: Path, native_size: int = 512) -> ModelInfo:
    """The library's entry, its id `full-NATIVE`. Smaller regions than the native size are painted enlarged."""
    kind = ModelKind.DIFFUSERS if path.is_dir() else ModelKind.CHECKPOINT
    size = sum(file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*.safetensors")))
    defaults = ModelDefaults(num_inference_steps=4, guidance_scale=7.0, native_size=native_size)
    return ModelInfo(f"full-{native_size}", "SD1.5 of full size", str(path), kind, Family.SD1, "", size, 1, defaults)


_INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "feature_extractor": [None, None],
    "safety_checker": [None, None],
    "requires_safety_checker": False,
    "scheduler": ["diffusers", "DDIMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
}


def _networks() -> dict[str, Any]:
    """Without weights: their shapes only."""
    unet_class: Any = UNet2DConditionModel
    vae_class: Any = AutoencoderKL
    with init_empty_weights():
        return {
            "unet": unet_class(sample_size=64, cross_attention_dim=768),
            "vae": vae_class(
                down_block_types=("DownEncoderBlock2D",) * 4,
                up_block_types=("UpDecoderBlock2D",) * 4,
                block_out_channels=(128, 256, 512, 512),
                layers_per_block=2,
                latent_channels=4,
                sample_size=512,
            ),
            "text_encoder": CLIPTextModel(
                CLIPTextConfig(
                    hidden_size=768,
                    intermediate_size=3072,
                    num_attention_heads=12,
                    num_hidden_layers=12,
                    projection_dim=768,
                    bos_token_id=512,
                    eos_token_id=513,
                    pad_token_id=513,
                )
            ),
        }


def _scheduler() -> Any:
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )


def _write_random(path: Path, shapes: Mapping[str, torch.Tensor]) -> None:
    """A safetensors file in fp16: weights of a plausible spread, norms and biases as networks start."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, shape in shapes.items():
        begin, end = end, end + shape.numel() * 2
        header[name] = {"dtype": "F16", "shape": list(shape.shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    noise = torch.randn(_CHUNK, generator=torch.Generator().manual_seed(1))
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in shapes.items():
            file.write(_plausible(name, shape, noise).numpy().tobytes())


def _plausible(name: str, shape: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
    count = shape.numel()
    if shape.ndim < 2:
        return torch.full((count,), 0.0 if name.endswith("bias") else 1.0, dtype=torch.float16)
    spread = (shape.numel() / shape.shape[0]) ** -0.5
    return (noise * spread).half().repeat(-(-count // _CHUNK))[:count]
