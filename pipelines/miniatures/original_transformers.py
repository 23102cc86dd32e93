"""The names that weights have in single files of the transformer families, read off the original programs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import torch

Tensors = dict[str, torch.Tensor]
_QKV = ("attn.to_q", "attn.to_k", "attn.to_v")
_ADDED_QKV = ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj")

_FLUX = {
    "x_embedder": "img_in",
    "context_embedder": "txt_in",
    "time_text_embed.timestep_embedder.linear_1": "time_in.in_layer",
    "time_text_embed.timestep_embedder.linear_2": "time_in.out_layer",
    "time_text_embed.guidance_embedder.linear_1": "guidance_in.in_layer",
    "time_text_embed.guidance_embedder.linear_2": "guidance_in.out_layer",
    "time_text_embed.text_embedder.linear_1": "vector_in.in_layer",
    "time_text_embed.text_embedder.linear_2": "vector_in.out_layer",
    "proj_out": "final_layer.linear",
}
_FLUX2 = {
    "x_embedder": "img_in",
    "context_embedder": "txt_in",
    "time_guidance_embed.timestep_embedder.linear_1": "time_in.in_layer",
    "time_guidance_embed.timestep_embedder.linear_2": "time_in.out_layer",
    "time_guidance_embed.guidance_embedder.linear_1": "guidance_in.in_layer",
    "time_guidance_embed.guidance_embedder.linear_2": "guidance_in.out_layer",
    "double_stream_modulation_img.linear": "double_stream_modulation_img.lin",
    "double_stream_modulation_txt.linear": "double_stream_modulation_txt.lin",
    "single_stream_modulation.linear": "single_stream_modulation.lin",
    "proj_out": "final_layer.linear",
}
_NORMS = {
    "attn.norm_q": "img_attn.norm.query_norm",
    "attn.norm_k": "img_attn.norm.key_norm",
    "attn.norm_added_q": "txt_attn.norm.query_norm",
    "attn.norm_added_k": "txt_attn.norm.key_norm",
}
_DOUBLE = {
    **_NORMS,
    "norm1.linear": "img_mod.lin",
    "norm1_context.linear": "txt_mod.lin",
    "attn.to_out.0": "img_attn.proj",
    "attn.to_add_out": "txt_attn.proj",
    "ff.net.0.proj": "img_mlp.0",
    "ff.net.2": "img_mlp.2",
    "ff_context.net.0.proj": "txt_mlp.0",
    "ff_context.net.2": "txt_mlp.2",
    "ff.linear_in": "img_mlp.0",
    "ff.linear_out": "img_mlp.2",
    "ff_context.linear_in": "txt_mlp.0",
    "ff_context.linear_out": "txt_mlp.2",
}
_SINGLE = {
    "norm.linear": "modulation.lin",
    "proj_out": "linear2",
    "attn.norm_q": "norm.query_norm",
    "attn.norm_k": "norm.key_norm",
    "attn.to_qkv_mlp_proj": "linear1",
    "attn.to_out": "linear2",
}
_SD3 = {
    "pos_embed.proj": "x_embedder.proj",
    "context_embedder": "context_embedder",
    "time_text_embed.timestep_embedder.linear_1": "t_embedder.mlp.0",
    "time_text_embed.timestep_embedder.linear_2": "t_embedder.mlp.2",
    "time_text_embed.text_embedder.linear_1": "y_embedder.mlp.0",
    "time_text_embed.text_embedder.linear_2": "y_embedder.mlp.2",
    "proj_out": "final_layer.linear",
}
_JOINT = {
    "attn.to_out.0": "x_block.attn.proj",
    "attn.to_add_out": "context_block.attn.proj",
    "attn2.to_out.0": "x_block.attn2.proj",
    "attn2.norm_q": "x_block.attn2.ln_q",
    "attn2.norm_k": "x_block.attn2.ln_k",
    "attn.norm_q": "x_block.attn.ln_q",
    "attn.norm_k": "x_block.attn.ln_k",
    "attn.norm_added_q": "context_block.attn.ln_q",
    "attn.norm_added_k": "context_block.attn.ln_k",
    "norm1.linear": "x_block.adaLN_modulation.1",
    "norm1_context.linear": "context_block.adaLN_modulation.1",
    "ff.net.0.proj": "x_block.mlp.fc1",
    "ff.net.2": "x_block.mlp.fc2",
    "ff_context.net.0.proj": "context_block.mlp.fc1",
    "ff_context.net.2": "context_block.mlp.fc2",
}


def transformer_keys(network: Any) -> Tensors:
    """The weights by their names in the original layout, without the prefix."""
    kind = type(network).__name__
    weights: Tensors = network.state_dict()
    if kind == "SD3Transformer2DModel":
        return _sd3_keys(weights, len(network.transformer_blocks))
    if kind == "ZImageTransformer2DModel":
        return _z_image_keys(weights)
    if kind == "QwenImageTransformer2DModel":
        return weights
    if kind == "WanTransformer3DModel":
        return _wan_keys(weights)
    return _flux_keys(weights, _FLUX if kind == "FluxTransformer2DModel" else _FLUX2)


def _flux_keys(weights: Tensors, outer: Mapping[str, str]) -> Tensors:
    fused = {
        "transformer_blocks": {"img_attn.qkv": _QKV, "txt_attn.qkv": _ADDED_QKV},
        "single_transformer_blocks": {"linear1": (*_QKV, "proj_mlp")},
    }
    weights = _joined(weights, fused)
    new: Tensors = {}
    for name, value in weights.items():
        path, _, end = name.rpartition(".")
        block, _, rest = path.partition(".")
        number, _, inner = rest.partition(".")
        if path == "norm_out.linear":
            new[f"final_layer.adaLN_modulation.1.{end}"] = _swapped(value)
        elif block not in fused:
            new[f"{outer[path]}.{end}"] = value
        else:
            double = block == "transformer_blocks"
            theirs = (_DOUBLE if double else _SINGLE).get(inner, inner)
            place = f"{'double' if double else 'single'}_blocks.{number}.{theirs}"
            new[f"{place}.{'scale' if theirs.endswith('_norm') else end}"] = value
    return new


def _sd3_keys(weights: Tensors, blocks: int) -> Tensors:
    second = tuple(name.replace("attn", "attn2") for name in _QKV)
    groups = {"x_block.attn.qkv": _QKV, "x_block.attn2.qkv": second, "context_block.attn.qkv": _ADDED_QKV}
    fused = {"transformer_blocks": groups}
    weights = _joined(weights, fused)
    new: Tensors = {"pos_embed": weights.pop("pos_embed.pos_embed")}
    for name, value in weights.items():
        path, _, end = name.rpartition(".")
        block, _, rest = path.partition(".")
        number, _, inner = rest.partition(".")
        if path == "norm_out.linear":
            new[f"final_layer.adaLN_modulation.1.{end}"] = _swapped(value)
        elif block != "transformer_blocks":
            new[f"{_SD3[path]}.{end}"] = value
        else:
            last = inner == "norm1_context.linear" and int(number) == blocks - 1
            place = f"joint_blocks.{number}.{_JOINT.get(inner, inner)}.{end}"
            new[place] = _swapped(value) if last else value
    return new


def _z_image_keys(weights: Tensors) -> Tensors:
    new: Tensors = {}
    for name, value in weights.items():
        if ".attention.to_k." in name or ".attention.to_v." in name:
            continue
        if ".attention.to_q." in name:
            parts = [weights[name.replace("to_q", f"to_{letter}")] for letter in "qkv"]
            new[name.replace("to_q", "qkv")] = torch.cat(parts)
            continue
        name = name.replace("all_final_layer.2-1.", "final_layer.").replace("all_x_embedder.2-1.", "x_embedder.")
        name = name.replace(".attention.to_out.0.", ".attention.out.")
        name = name.replace(".attention.norm_q.", ".attention.q_norm.").replace(
            ".attention.norm_k.", ".attention.k_norm."
        )
        new[name] = value
    return new


_WAN = {
    "condition_embedder.time_embedder.linear_1": "time_embedding.0",
    "condition_embedder.time_embedder.linear_2": "time_embedding.2",
    "condition_embedder.text_embedder.linear_1": "text_embedding.0",
    "condition_embedder.text_embedder.linear_2": "text_embedding.2",
    "condition_embedder.time_proj": "time_projection.1",
    "condition_embedder.image_embedder.norm1": "img_emb.proj.0",
    "condition_embedder.image_embedder.ff.net.0.proj": "img_emb.proj.1",
    "condition_embedder.image_embedder.ff.net.2": "img_emb.proj.3",
    "condition_embedder.image_embedder.norm2": "img_emb.proj.4",
    "proj_out": "head.head",
}
_WAN_BLOCK = (
    ("attn1.", "self_attn."),
    ("attn2.", "cross_attn."),
    ("to_out.0.", "o."),
    ("to_q.", "q."),
    ("to_k.", "k."),
    ("to_v.", "v."),
    ("add_k_proj.", "k_img."),
    ("add_v_proj.", "v_img."),
    ("norm_added_k.", "norm_k_img."),
    ("ffn.net.0.proj.", "ffn.0."),
    ("ffn.net.2.", "ffn.2."),
)
_WAN_NORMS = {"norm2": "norm3", "norm3": "norm2"}


def _wan_keys(weights: Tensors) -> Tensors:
    new: Tensors = {}
    for name, value in weights.items():
        path, _, end = name.rpartition(".")
        if name.startswith("blocks."):
            _, number, inner = name.split(".", 2)
            for ours, theirs in _WAN_BLOCK:
                inner = inner.replace(ours, theirs)
            head, _, rest = inner.partition(".")
            head = "modulation" if head == "scale_shift_table" else _WAN_NORMS.get(head, head)
            new[f"blocks.{number}.{head}" + (f".{rest}" if rest else "")] = value
        else:
            new["head.modulation" if name == "scale_shift_table" else f"{_WAN.get(path, path)}.{end}"] = value
    return new


def _joined(weights: Tensors, fused: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Tensors:
    """The weights with those put together that the original has in one; the new ones keep their block's name."""
    new = dict(weights)
    for name in weights:
        for block, groups in fused.items():
            for theirs, parts in groups.items():
                match = re.fullmatch(rf"({block}\.\d+\.){re.escape(parts[0])}\.(weight|bias)", name)
                if match:
                    pieces = [new.pop(f"{match[1]}{part}.{match[2]}") for part in parts]
                    new[f"{match[1]}{theirs}.{match[2]}"] = torch.cat(pieces)
    return new


def _swapped(value: torch.Tensor) -> torch.Tensor:
    """Scale and shift change places."""
    first, second = value.chunk(2)
    return torch.cat([second, first])


def _nested(name: str, resnets: int) -> str:
    name = re.sub(r"^(down|up)_blocks\.(\d+)\.resnets\.(\d+)", r"\1samples.\2.\1samples.\3", name)
    name = re.sub(r"^down_blocks\.(\d+)\.downsampler", rf"downsamples.\1.downsamples.{resnets}", name)
    return re.sub(r"^up_blocks\.(\d+)\.upsampler\b", rf"upsamples.\1.upsamples.{resnets + 1}", name)


def wan_vae_keys(vae: Any) -> Tensors:
    """The weights of the VAE of Wan and Qwen-Image by their names in the original layout."""
    each = vae.config.num_res_blocks + 2
    residual = {"norm1": "residual.0", "conv1": "residual.2", "norm2": "residual.3", "conv2": "residual.6"}
    places = {
        "mid_block.resnets.0": "middle.0",
        "mid_block.attentions.0": "middle.1",
        "mid_block.resnets.1": "middle.2",
    }
    places |= {"conv_in": "conv1", "norm_out": "head.0", "conv_out": "head.2"}
    new: Tensors = {}
    for name, value in vae.state_dict().items():
        if name.startswith(("quant_conv", "post_quant_conv")):
            new[name.replace("post_quant_conv", "conv2").replace("quant_conv", "conv1")] = value
            continue
        half, _, rest = name.partition(".")
        if vae.config.get("is_residual"):  # Wan 2.2: each block has a list of its own
            rest = _nested(rest, vae.config.num_res_blocks)
        rest = rest.replace("down_blocks.", "downsamples.")
        rest = re.sub(r"up_blocks\.(\d+)\.resnets\.(\d+)", lambda m: f"upsamples.{int(m[1]) * each + int(m[2])}", rest)
        rest = re.sub(r"up_blocks\.(\d+)\.upsamplers\.0", lambda m: f"upsamples.{int(m[1]) * each + each - 1}", rest)
        for ours, theirs in places.items():
            rest = re.sub(rf"^{re.escape(ours)}\.", f"{theirs}.", rest)
        for ours, theirs in residual.items():
            rest = rest.replace(f".{ours}.", f".{theirs}.")
        new[f"{half}.{rest.replace('conv_shortcut', 'shortcut')}"] = value
    return new
