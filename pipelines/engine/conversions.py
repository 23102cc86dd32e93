"""Renames the weights of single files to diffusers' names: the libraries' conversions, and ours where these know only
networks of one size, or none.

A conversion takes tensors by their names and the network's configuration, in it under `wanted` the names to arrive at.
It may cut and join, and must not look at numbers: see `original_names.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import torch
from diffusers.loaders.single_file_model import SINGLE_FILE_LOADABLE_CLASSES
from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint, convert_ldm_vae_checkpoint

Tensors = dict[str, torch.Tensor]
Conversion = Callable[[Tensors, dict[str, Any]], Tensors]


def conversion_of(class_name: str) -> Conversion:
    """How single files of that class of network are renamed. Raises ValueError when nobody knows."""
    if class_name in _CONVERSIONS:
        return _CONVERSIONS[class_name]
    known = SINGLE_FILE_LOADABLE_CLASSES.get(class_name)
    if known is None:
        raise ValueError(f"Single files of the kind {class_name} cannot be read.")
    function: Any = known["checkpoint_mapping_fn"]
    return lambda tensors, config: function(checkpoint=tensors, config=config)


def _unet(tensors: Tensors, config: dict[str, Any]) -> Tensors:
    return convert_ldm_unet_checkpoint({f"model.diffusion_model.{name}": t for name, t in tensors.items()}, config)


def _flux2_vae(tensors: Tensors, config: dict[str, Any]) -> Tensors:
    """Like older ones, with statistics of its latents; two convolutions lie in encoder and decoder."""
    tensors = {
        re.sub(r"^(encoder|decoder)\.(quant|post_quant)_conv", r"\2_conv", name): t for name, t in tensors.items()
    }
    statistics = {name: value for name, value in tensors.items() if name.startswith("bn.")}
    return convert_ldm_vae_checkpoint(tensors, config) | statistics


_WAN_RESNET = {
    "residual.0": "norm1",
    "residual.2": "conv1",
    "residual.3": "norm2",
    "residual.6": "conv2",
    "shortcut": "conv_shortcut",
}
_WAN_PLACES = {
    "middle.0": "mid_block.resnets.0",
    "middle.1": "mid_block.attentions.0",
    "middle.2": "mid_block.resnets.1",
    "conv1": "conv_in",
    "head.0": "norm_out",
    "head.2": "conv_out",
}


def _wan_vae(tensors: Tensors, config: dict[str, Any]) -> Tensors:
    """The VAE of Wan, which Qwen-Image has as well: blocks are numbered through on the way up, but for Wan 2.2."""
    each = config["num_res_blocks"] + 2  # resnets and what makes larger
    nested = config.get("is_residual")  # in Wan 2.2 each block has a list of its own
    outer = {"conv1": "quant_conv", "conv2": "post_quant_conv"}

    def place(match: re.Match[str]) -> str:
        block, inner = divmod(int(match[1]), each)
        return f"up_blocks.{block}." + (f"resnets.{inner}" if inner < each - 1 else "upsamplers.0")

    new: Tensors = {}
    for name, value in tensors.items():
        half, _, rest = name.partition(".")
        if half in outer:
            new[f"{outer[half]}.{rest}"] = value
            continue
        if nested:
            rest = _nested_block(rest, config["num_res_blocks"])
        else:
            rest = re.sub(r"^downsamples\.", "down_blocks.", rest)
            rest = re.sub(r"^upsamples\.(\d+)", place, rest)
        for theirs, ours in _WAN_PLACES.items():
            rest = re.sub(rf"^{re.escape(theirs)}\.", f"{ours}.", rest)
        for theirs, ours in _WAN_RESNET.items():
            rest = rest.replace(f".{theirs}.", f".{ours}.")
        new[f"{half}.{rest}"] = value
    return new


def _nested_block(name: str, resnets: int) -> str:
    """Wan 2.2: `downsamples.1.downsamples.0` is a resnet of the second block, or what makes it smaller at its end."""

    def place(match: re.Match[str]) -> str:
        way, block, inner = match[1], match[2], int(match[3])
        last = resnets + (way == "up")  # on the way up there is one more
        return f"{way}_blocks.{block}." + (f"resnets.{inner}" if inner < last else f"{way}sampler")

    return re.sub(r"^(down|up)samples\.(\d+)\.\1samples\.(\d+)", place, name)


FLUX_OUTER = {
    "img_in": "x_embedder",
    "txt_in": "context_embedder",
    "time_in.in_layer": "time_text_embed.timestep_embedder.linear_1",
    "time_in.out_layer": "time_text_embed.timestep_embedder.linear_2",
    "guidance_in.in_layer": "time_text_embed.guidance_embedder.linear_1",
    "guidance_in.out_layer": "time_text_embed.guidance_embedder.linear_2",
    "vector_in.in_layer": "time_text_embed.text_embedder.linear_1",
    "vector_in.out_layer": "time_text_embed.text_embedder.linear_2",
    "final_layer.linear": "proj_out",
}
"""Layers of FLUX outside its blocks: their original names, and diffusers'."""
_FLUX_DOUBLE = {
    "img_mod.lin": "norm1.linear",
    "txt_mod.lin": "norm1_context.linear",
    "img_attn.proj": "attn.to_out.0",
    "txt_attn.proj": "attn.to_add_out",
    "img_attn.norm.query_norm": "attn.norm_q",
    "img_attn.norm.key_norm": "attn.norm_k",
    "txt_attn.norm.query_norm": "attn.norm_added_q",
    "txt_attn.norm.key_norm": "attn.norm_added_k",
    "img_mlp.0": "ff.net.0.proj",
    "img_mlp.2": "ff.net.2",
    "txt_mlp.0": "ff_context.net.0.proj",
    "txt_mlp.2": "ff_context.net.2",
}
_FLUX_SINGLE = {
    "modulation.lin": "norm.linear",
    "linear2": "proj_out",
    "norm.query_norm": "attn.norm_q",
    "norm.key_norm": "attn.norm_k",
}
_FLUX_FUSED = {
    "img_attn.qkv": ("attn.to_q", "attn.to_k", "attn.to_v"),
    "txt_attn.qkv": ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
    "linear1": ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"),
}


def _flux(tensors: Tensors, config: dict[str, Any]) -> Tensors:
    """FLUX.1 of any width; the library's conversion knows one."""
    width = config["num_attention_heads"] * config["attention_head_dim"]
    new: Tensors = {}
    for name, value in tensors.items():
        path, _, end = name.rpartition(".")
        end = "weight" if end == "scale" else end
        block, _, rest = path.partition(".")
        number, _, inner = rest.partition(".")
        if block not in ("double_blocks", "single_blocks"):
            if path == "final_layer.adaLN_modulation.1":  # shift and scale have changed places
                shift, scale = value.chunk(2, dim=0)
                new[f"norm_out.linear.{end}"] = torch.cat([scale, shift], dim=0)
            else:
                new[f"{FLUX_OUTER[path]}.{end}"] = value
            continue
        double = block == "double_blocks"
        place = f"{'' if double else 'single_'}transformer_blocks.{number}."
        if inner in _FLUX_FUSED:
            parts = _FLUX_FUSED[inner]
            last = value.shape[0] - width * (len(parts) - 1)
            pieces = value.split([width] * (len(parts) - 1) + [last], dim=0)
            new |= {f"{place}{part}.{end}": piece for part, piece in zip(parts, pieces, strict=True)}
        else:
            new[f"{place}{(_FLUX_DOUBLE if double else _FLUX_SINGLE)[inner]}.{end}"] = value
    return new


def _clip(tensors: Tensors, config: dict[str, Any]) -> Tensors:
    """Names of transformers, old (`text_model.`) or new, or of OpenCLIP."""
    if any(name.startswith("transformer.resblocks.") for name in tensors):
        tensors = _from_open_clip(tensors)
    bare = {name.removeprefix("text_model."): value for name, value in tensors.items()}
    nested = any(name.startswith("text_model.") for name in config["wanted"])
    return {_nested(name) if nested else name: value for name, value in bare.items()}


def _nested(name: str) -> str:
    return name if name.startswith("text_projection.") else f"text_model.{name}"


_OPEN_CLIP = {
    "attn.out_proj": "self_attn.out_proj",
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}


def _from_open_clip(tensors: Tensors) -> Tensors:
    """OpenCLIP keeps queries, keys and values in one tensor, and its projection the other way round."""
    names = {
        "token_embedding.weight": "embeddings.token_embedding.weight",
        "positional_embedding": "embeddings.position_embedding.weight",
        "ln_final.weight": "final_layer_norm.weight",
        "ln_final.bias": "final_layer_norm.bias",
    }
    new = {names[name]: value for name, value in tensors.items() if name in names}
    if "text_projection" in tensors:
        new["text_projection.weight"] = tensors["text_projection"].T
    for name, value in tensors.items():
        if not name.startswith("transformer.resblocks."):
            continue
        number, _, rest = name.removeprefix("transformer.resblocks.").partition(".")
        place = f"encoder.layers.{number}."
        if rest.startswith("attn.in_proj_"):
            end = rest.removeprefix("attn.in_proj_")
            for letter, part in zip("qkv", value.chunk(3, dim=0), strict=True):
                new[f"{place}self_attn.{letter}_proj.{end}"] = part
        else:
            head, _, end = rest.rpartition(".")
            new[f"{place}{_OPEN_CLIP[head]}.{end}"] = value
    return new


def _t5(tensors: Tensors, _config: dict[str, Any]) -> Tensors:
    shared = tensors.get("shared.weight", tensors.get("encoder.embed_tokens.weight"))
    return tensors if shared is None else {**tensors, "shared.weight": shared, "encoder.embed_tokens.weight": shared}


def _qwen(tensors: Tensors, config: dict[str, Any]) -> Tensors:
    """The same layers lie at `model.`, `model.language_model.` or bare, as versions and classes have it."""
    first = next(name for name in config["wanted"] if name.endswith("layers.0.input_layernorm.weight"))
    layers = first.removesuffix("layers.0.input_layernorm.weight")
    new: Tensors = {}
    for name, value in tensors.items():
        bare = name.removeprefix("model.").removeprefix("language_model.").removeprefix("model.")
        if bare.startswith("visual."):
            new[f"model.{bare}"] = value
        else:
            new[bare if bare.startswith("lm_head.") else layers + bare] = value
    return new


def _mistral(tensors: Tensors, config: dict[str, Any]) -> Tensors:
    """The same as `_qwen`, and beside it what sees pictures, whose names newer versions put below `model.`."""
    seeing = ("vision_tower.", "multi_modal_projector.")
    seen = {name: value for name, value in tensors.items() if name.removeprefix("model.").startswith(seeing)}
    spoken = {name: value for name, value in tensors.items() if name not in seen}
    return _qwen(spoken, config) | {f"model.{name.removeprefix('model.')}": value for name, value in seen.items()}


_CONVERSIONS: dict[str, Conversion] = {
    "UNet2DConditionModel": _unet,
    "FluxTransformer2DModel": _flux,
    "AutoencoderKLFlux2": _flux2_vae,
    "AutoencoderKLQwenImage": _wan_vae,
    "AutoencoderKLWan": _wan_vae,
    "CLIPTextModel": _clip,
    "CLIPTextModelWithProjection": _clip,
    "T5EncoderModel": _t5,
    "UMT5EncoderModel": _t5,
    "Qwen3Model": _qwen,
    "Qwen3ForCausalLM": _qwen,
    "Qwen2_5_VLForConditionalGeneration": _qwen,
    "MistralModel": _mistral,
    "Mistral3ForConditionalGeneration": _mistral,
}
