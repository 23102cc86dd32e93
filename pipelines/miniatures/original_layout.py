"""The names that tensors have in single files of the original layouts: LDM for SD1, SGM for SDXL."""

from __future__ import annotations

import re
from typing import Any

import torch

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


def open_clip_keys(encoder: Any, prefix: str) -> dict[str, torch.Tensor]:
    """The weights of a CLIP text encoder by their names in OpenCLIP, after the prefix."""
    old = _bare(encoder)
    keys = {
        "token_embedding.weight": old["embeddings.token_embedding.weight"],
        "positional_embedding": old["embeddings.position_embedding.weight"],
        "logit_scale": torch.tensor(4.6),
    }
    if "text_projection.weight" in old:
        keys["text_projection"] = old["text_projection.weight"].T
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
