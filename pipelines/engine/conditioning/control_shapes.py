"""What diffusers needs to build a control network, from the shapes of its weights and the network that it steers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipelines.contract.models import Family

Shapes = Mapping[str, tuple[int, ...]]
"""Of weights, by their names in diffusers."""

_LIKE_THE_NETWORK = (
    "flip_sin_to_cos",
    "freq_shift",
    "act_fn",
    "norm_num_groups",
    "norm_eps",
    "downsample_padding",
    "mid_block_scale_factor",
    "attention_head_dim",
    "upcast_attention",
    "resnet_time_scale_shift",
    "addition_embed_type",
    "addition_time_embed_dim",
)
_UNION_HEADS = 8


def controlnet_config(shapes: Shapes, steered: Any) -> dict[str, Any]:
    """Of a ControlNet or ControlNet Union beside a UNet of configuration `steered`."""
    blocks = _count(shapes, r"down_blocks\.(\d+)\.")
    depths = [_count(shapes, rf"down_blocks\.{i}\.attentions\.0\.transformer_blocks\.(\d+)\.") for i in range(blocks)]
    attends = [any(name.startswith(f"down_blocks.{i}.attentions.") for name in shapes) for i in range(blocks)]
    mid = _count(shapes, r"mid_block\.attentions\.0\.transformer_blocks\.(\d+)\.")
    depths[-1] = depths[-1] if attends[-1] else mid
    keys = next((shape for name, shape in shapes.items() if name.endswith("attn2.to_k.weight")), None)
    inward = next((shape for name, shape in shapes.items() if name.endswith("attentions.0.proj_in.weight")), ())
    hints = _count(shapes, r"controlnet_cond_embedding\.blocks\.(\d+)\.")
    hint = "controlnet_cond_embedding"
    config = {name: steered[name] for name in _LIKE_THE_NETWORK if name in steered}
    config |= {
        "in_channels": shapes["conv_in.weight"][1],
        "conditioning_channels": shapes[f"{hint}.conv_in.weight"][1],
        "down_block_types": tuple("CrossAttnDownBlock2D" if one else "DownBlock2D" for one in attends),
        "block_out_channels": tuple(shapes[f"down_blocks.{i}.resnets.0.conv1.weight"][0] for i in range(blocks)),
        "layers_per_block": _count(shapes, r"down_blocks\.0\.resnets\.(\d+)\."),
        "cross_attention_dim": keys[1] if keys else steered["cross_attention_dim"],
        "transformer_layers_per_block": tuple(max(1, depth) for depth in depths),
        "use_linear_projection": len(inward) == 2,
        "conditioning_embedding_out_channels": (
            shapes[f"{hint}.conv_in.weight"][0],
            *(shapes[f"{hint}.blocks.{i}.weight"][0] for i in range(1, hints, 2)),
        ),
    }
    if "add_embedding.linear_1.weight" in shapes:
        config["projection_class_embeddings_input_dim"] = shapes["add_embedding.linear_1.weight"][1]
    else:
        config["addition_embed_type"] = None
    if "task_embedding" in shapes:
        return config | _union_config(shapes)
    return config | {"mid_block_type": "UNetMidBlock2DCrossAttn" if mid else "UNetMidBlock2D"}


def _union_config(shapes: Shapes) -> dict[str, Any]:
    kinds, width = shapes["task_embedding"]
    return {
        "num_control_type": kinds,
        "num_trans_channel": width,
        "num_trans_head": _UNION_HEADS,
        "num_trans_layer": _count(shapes, r"transformer_layes\.(\d+)\."),
        "num_proj_channel": shapes["spatial_ch_projs.weight"][0],
    }


def _count(shapes: Shapes, pattern: str) -> int:
    """How many numbers, from 0, stand in that place of the names."""
    found = (re.match(pattern, name) for name in shapes)
    return max((int(match[1]) + 1 for match in found if match), default=0)


def adapter_config(shapes: Shapes, family: Family) -> dict[str, Any]:
    """Of a T2I-Adapter."""
    factor = 16 if family is Family.SDXL else 8
    levels = _count(shapes, r"adapter\.body\.(\d+)\.")
    first = shapes.get("adapter.conv_in.weight")
    if first is None:
        kind = "light_adapter"
        channels = [shapes[f"adapter.body.{i}.out_conv.weight"][0] for i in range(levels - 1)]
        inputs = shapes["adapter.body.0.in_conv.weight"][1]
    else:
        kind = "full_adapter_xl" if family is Family.SDXL else "full_adapter"
        channels = [shapes[f"adapter.body.{i}.resnets.0.block1.weight"][0] for i in range(levels)]
        inputs = first[1]
    return {
        "in_channels": max(1, inputs // factor**2),
        "channels": channels,
        "num_res_blocks": _count(shapes, r"adapter\.body\.0\.resnets\.(\d+)\."),
        "downscale_factor": factor,
        "adapter_type": kind,
    }


def transformer_config(class_name: str, shapes: Shapes, steered: dict[str, Any]) -> dict[str, Any]:
    """Of a ControlNet of that class beside a transformer of configuration `steered`."""
    known = {name: value for name, value in steered.items() if not name.startswith("_")}
    if class_name == "ZImageControlNetModel":
        return _z_image_config(shapes, known)
    config = known | {"num_layers": _count(shapes, r"transformer_blocks\.(\d+)\.")}
    if class_name == "FluxControlNetModel":
        modes = shapes.get("controlnet_mode_embedder.weight")
        return config | {
            "in_channels": shapes["x_embedder.weight"][1],
            "num_single_layers": _count(shapes, r"single_transformer_blocks\.(\d+)\."),
            "guidance_embeds": any(name.startswith("time_text_embed.guidance_embedder.") for name in shapes),
            "num_mode": modes[0] if modes else None,
        }
    if class_name == "SD3ControlNetModel":
        inputs = shapes["pos_embed_input.proj.weight"][1]
        return config | {"extra_conditioning_channels": inputs - steered["in_channels"]}
    return config | {"extra_condition_channels": shapes["controlnet_x_embedder.weight"][1] - steered["in_channels"]}


_Z_IMAGE_SHARED = ("all_patch_size", "all_f_patch_size", "dim", "n_refiner_layers", "n_heads", "n_kv_heads")


def _z_image_config(shapes: Shapes, steered: dict[str, Any]) -> dict[str, Any]:
    """The first release sees the control picture alone; later ones could see mask and masked picture beside it, and
    have refiners of their own or refine with their control layers."""
    layers = _count(shapes, r"control_layers\.(\d+)\.")
    patch = steered["all_patch_size"][0]
    inputs = shapes[f"control_all_x_embedder.{patch}-{steered['all_f_patch_size'][0]}.weight"][1] // patch**2
    own = "control_noise_refiner.0.before_proj.weight" in shapes
    refines = "control_noise_refiner" if own else None if inputs == steered["in_channels"] else "control_layers"
    config = {name: steered[name] for name in (*_Z_IMAGE_SHARED, "norm_eps", "qk_norm")}
    return config | {
        "control_layers_places": list(range(0, steered["n_layers"], max(1, steered["n_layers"] // layers)))[:layers],
        "control_refiner_layers_places": list(range(steered["n_refiner_layers"])) if refines else None,
        "control_in_dim": inputs,
        "add_control_noise_refiner": refines,
    }
