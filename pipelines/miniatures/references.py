"""Small IP-Adapters and the vision networks that they see with, made for a miniature that they fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers.models.embeddings import IPAdapterPlusImageProjection
from diffusers.pipelines.flux.modeling_flux import ReduxImageEncoder
from safetensors.torch import save_file
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection, SiglipVisionConfig, SiglipVisionModel

from pipelines.contract.models import Family, ModelInfo, ModelKind

SIDE = 32
"""Side of the pictures that the vision network sees, pixels."""
_WIDTH, _SAID = 32, 24
"""Of what the vision network says of a patch, and of the whole picture."""
_TOKENS = 4
_LOUD = 0.2
"""Spread of the weights: large enough that a picture changes."""


def image_encoder() -> Any:
    """A CLIPVisionModelWithProjection."""
    torch.manual_seed(11)
    config = CLIPVisionConfig(
        hidden_size=_WIDTH,
        intermediate_size=64,
        projection_dim=_SAID,
        num_hidden_layers=2,
        num_attention_heads=16,
        image_size=SIDE,
        patch_size=8,
        hidden_act="quick_gelu",
    )
    return CLIPVisionModelWithProjection(config).eval()


def ip_adapter_keys(unet: Any, *, plus: bool = False, seed: int = 12) -> dict[str, torch.Tensor]:
    """The weights of an IP-Adapter for that UNet by the names of its files."""
    torch.manual_seed(seed)
    width = unet.config.cross_attention_dim
    keys = _plus_projection(width) if plus else _plain_projection(width)
    tensors = {f"image_proj.{name}": value for name, value in keys.items()}
    crossing = [name for name in unet.attn_processors if not name.endswith("attn1.processor")]
    for place, name in enumerate(crossing):
        inner = unet.get_submodule(name.removesuffix(".processor")).to_k.weight.shape[0]
        for end in ("to_k_ip", "to_v_ip"):
            tensors[f"ip_adapter.{2 * place + 1}.{end}.weight"] = torch.randn(inner, width) * _LOUD
    return tensors


def redux_parts(transformer: Any) -> tuple[Any, Any]:
    """A SiglipVisionModel and a ReduxImageEncoder for that transformer of FLUX."""
    torch.manual_seed(14)
    config = SiglipVisionConfig(
        hidden_size=_WIDTH,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=16,
        image_size=48,
        patch_size=16,
    )
    kind: Any = ReduxImageEncoder
    redux = kind(redux_dim=_WIDTH, txt_in_features=transformer.config.joint_attention_dim)
    return SiglipVisionModel(config).eval(), redux.eval()


def write_ip_adapter(tensors: dict[str, torch.Tensor], path: Path) -> Path:
    """Saves it as one file and returns it."""
    save_file({name: value.contiguous().clone() for name, value in tensors.items()}, str(path))
    return path


def ip_adapter_info(path: Path, family: Family) -> ModelInfo:
    """The library's entry for it, its id the name of its file."""
    return ModelInfo(path.stem, path.stem, str(path), ModelKind.IP_ADAPTER, family, size_bytes=10**5, modified_ns=1)


def encoder_info(path: Path) -> ModelInfo:
    """The library's entry for a vision network."""
    return ModelInfo(path.stem, path.stem, str(path), ModelKind.IMAGE_ENCODER, Family.UNKNOWN, modified_ns=1)


def _plain_projection(width: int) -> dict[str, torch.Tensor]:
    return {
        "proj.weight": torch.randn(_TOKENS * width, _SAID) * _LOUD,
        "proj.bias": torch.randn(_TOKENS * width) * _LOUD,
        "norm.weight": torch.ones(width),
        "norm.bias": torch.zeros(width),
    }


def _plus_projection(width: int) -> dict[str, torch.Tensor]:
    """A resampler of four layers, by the original names: `layers.N.0` attends, `layers.N.1` thinks."""
    module = IPAdapterPlusImageProjection(
        embed_dims=_WIDTH, output_dims=width, hidden_dims=64, depth=4, dim_head=64, heads=1, num_queries=_TOKENS
    )
    state = module.state_dict()
    keys = {name: state[name] for name in ("latents", "proj_in.weight", "proj_in.bias", "proj_out.weight")}
    keys |= {name: state[name] for name in ("proj_out.bias", "norm_out.weight", "norm_out.bias")}
    for layer in range(4):
        ours, theirs = f"layers.{layer}", f"layers.{layer}"
        for end in ("weight", "bias"):
            keys[f"{theirs}.0.norm1.{end}"] = state[f"{ours}.ln0.{end}"]
            keys[f"{theirs}.0.norm2.{end}"] = state[f"{ours}.ln1.{end}"]
            keys[f"{theirs}.1.0.{end}"] = state[f"{ours}.ff.0.{end}"]
        keys[f"{theirs}.0.to_q.weight"] = state[f"{ours}.attn.to_q.weight"]
        both = [state[f"{ours}.attn.to_k.weight"], state[f"{ours}.attn.to_v.weight"]]
        keys[f"{theirs}.0.to_kv.weight"] = torch.cat(both)
        keys[f"{theirs}.0.to_out.weight"] = state[f"{ours}.attn.to_out.0.weight"]
        keys[f"{theirs}.1.1.weight"] = state[f"{ours}.ff.1.net.0.proj.weight"]
        keys[f"{theirs}.1.3.weight"] = state[f"{ours}.ff.1.net.2.weight"]
    return keys
