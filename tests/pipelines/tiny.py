"""Tiny real models built in code: true latent geometry and file layouts, random weights, a few hundred kilobytes each.

Import inside tests only: this module imports torch.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    EulerDiscreteScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind

NATIVE = 128
"""Native side of every tiny model, pixels."""
_START, _END = 512, 513


def tokenizer() -> CLIPTokenizer:
    """A real CLIP tokenizer over single bytes: 514 tokens, no merges."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    symbols = {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(others)}
    letters = [symbols[byte] for byte in range(256)]
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={word: n for n, word in enumerate(words)}, merges=[], model_max_length=77)


def sd1_pipeline(channels: int = 4) -> Any:
    """StableDiffusionPipeline (4 channels) or StableDiffusionInpaintPipeline (9), noise prediction, DDIM."""
    torch.manual_seed(channels)
    kind: Any = StableDiffusionPipeline if channels == 4 else StableDiffusionInpaintPipeline
    return kind(
        vae=_vae(0.18215),
        text_encoder=CLIPTextModel(_text_config("quick_gelu")).eval(),
        tokenizer=tokenizer(),
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


def sdxl_pipeline() -> Any:
    """StableDiffusionXLPipeline, Euler. Its text encoders differ in width: single files are told apart by that."""
    torch.manual_seed(7)
    kind: Any = StableDiffusionXLPipeline
    return kind(
        vae=_vae(0.13025),
        text_encoder=CLIPTextModel(_text_config("quick_gelu")).eval(),
        text_encoder_2=CLIPTextModelWithProjection(_text_config("gelu", width=48)).eval(),
        tokenizer=tokenizer(),
        tokenizer_2=tokenizer(),
        unet=_unet(
            4,
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
            timestep_spacing="leading",
        ),
    )


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
        tensors |= _open_clip_keys(pipe.text_encoder_2, "conditioner.embedders.1.model.")
    else:
        tensors |= clip_keys(pipe.text_encoder, "cond_stage_model.transformer.text_model.")
    save_file({name: value.contiguous().clone() for name, value in tensors.items()}, str(path))
    return path


def info(path: Path, family: Family, model_id: str = "", variant: str = "") -> ModelInfo:
    """The library's entry for a tiny model."""
    kind = ModelKind.DIFFUSERS if path.is_dir() else ModelKind.CHECKPOINT
    defaults = ModelDefaults(num_inference_steps=4, guidance_scale=3.0, native_size=NATIVE, min_size=64)
    return ModelInfo(model_id or path.stem, path.stem, str(path), kind, family, variant, 10**6, 1, defaults)


def _text_config(activation: str, width: int = 32) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=514,
        hidden_size=width,
        intermediate_size=2 * width,
        num_attention_heads=2,
        num_hidden_layers=2,
        max_position_embeddings=77,
        projection_dim=width,
        bos_token_id=_START,
        eos_token_id=_END,
        pad_token_id=_END,
        hidden_act=activation,
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
        block_out_channels=(16, 32),
        layers_per_block=1,
        norm_num_groups=4,
        **settings,
    )
    return unet.eval()


_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
_OUTER = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
    "mid_block.resnets.0": "middle_block.0",
    "mid_block.attentions.0": "middle_block.1",
    "mid_block.resnets.1": "middle_block.2",
}


def unet_keys(unet: Any) -> dict[str, torch.Tensor]:
    """The weights by their names in the original layout, without the prefix."""
    places = dict(_OUTER)
    number = 1
    for i, block in enumerate(unet.down_blocks):
        for j in range(len(block.resnets)):
            places[f"down_blocks.{i}.resnets.{j}"] = f"input_blocks.{number}.0"
            places[f"down_blocks.{i}.attentions.{j}"] = f"input_blocks.{number}.1"
            number += 1
        if block.downsamplers:
            places[f"down_blocks.{i}.downsamplers.0.conv"] = f"input_blocks.{number}.0.op"
            number += 1
    number = 0
    for i, block in enumerate(unet.up_blocks):
        for j in range(len(block.resnets)):
            places[f"up_blocks.{i}.resnets.{j}"] = f"output_blocks.{number}.0"
            places[f"up_blocks.{i}.attentions.{j}"] = f"output_blocks.{number}.1"
            number += 1
        if block.upsamplers:
            inner = 2 if hasattr(block, "attentions") else 1
            places[f"up_blocks.{i}.upsamplers.0"] = f"output_blocks.{number - 1}.{inner}"
    return {_place(name, places): value for name, value in unet.state_dict().items()}


def _place(name: str, places: dict[str, str]) -> str:
    prefix = max((place for place in places if name.startswith(place + ".")), key=len)
    rest = name[len(prefix) + 1 :]
    if ".resnets." in prefix:
        head = rest.split(".")[0]
        rest = _RESNET[head] + rest[len(head) :]
    return f"{places[prefix]}.{rest}"


def vae_keys(vae: Any) -> dict[str, torch.Tensor]:
    """The weights by their names in the original layout, without the prefix."""
    last = len(vae.config.block_out_channels) - 1
    attention = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
    keys: dict[str, torch.Tensor] = {}
    for name, value in vae.state_dict().items():
        name = re.sub(r"encoder\.down_blocks\.(\d+)\.resnets\.", r"encoder.down.\1.block.", name)
        name = re.sub(r"encoder\.down_blocks\.(\d+)\.downsamplers\.0", r"encoder.down.\1.downsample", name)
        name = re.sub(r"up_blocks\.(\d+)\.resnets\.", lambda m: f"up.{last - int(m[1])}.block.", name)
        name = re.sub(r"up_blocks\.(\d+)\.upsamplers\.0", lambda m: f"up.{last - int(m[1])}.upsample", name)
        name = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", name)
        name = name.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")
        if "mid_block.attentions.0." in name:
            name = name.replace("mid_block.attentions.0.", "mid.attn_1.")
            for ours, theirs in attention.items():
                name = name.replace(f"attn_1.{ours}.", f"attn_1.{theirs}.")
            value = value[:, :, None, None] if value.ndim == 2 else value
        keys[name] = value
    return keys


def _bare(encoder: Any) -> dict[str, torch.Tensor]:
    return {name.removeprefix("text_model."): value for name, value in encoder.state_dict().items()}


def clip_keys(encoder: Any, prefix: str) -> dict[str, torch.Tensor]:
    """The weights by their names in the original layout."""
    return {prefix + name: value for name, value in _bare(encoder).items()}


def _open_clip_keys(encoder: Any, prefix: str) -> dict[str, torch.Tensor]:
    old = _bare(encoder)
    keys = {
        "token_embedding.weight": old["embeddings.token_embedding.weight"],
        "positional_embedding": old["embeddings.position_embedding.weight"],
        "text_projection": old["text_projection.weight"].T,
        "logit_scale": torch.tensor(4.6),
    }
    parts = {"self_attn.out_proj": "attn.out_proj", "layer_norm1": "ln_1", "layer_norm2": "ln_2"}
    parts |= {"mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj"}
    for end in ("weight", "bias"):
        keys[f"ln_final.{end}"] = old[f"final_layer_norm.{end}"]
        for n in range(encoder.config.num_hidden_layers):
            here, there = f"encoder.layers.{n}.", f"transformer.resblocks.{n}."
            qkv = [old[f"{here}self_attn.{name}_proj.{end}"] for name in "qkv"]
            keys[f"{there}attn.in_proj_{end}"] = torch.cat(qkv)
            for ours, theirs in parts.items():
                keys[f"{there}{theirs}.{end}"] = old[f"{here}{ours}.{end}"]
    return {prefix + name: value for name, value in keys.items()}
