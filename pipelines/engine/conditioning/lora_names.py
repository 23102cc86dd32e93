"""What LoRA files call the modules of a model: kohya's, diffusers', peft's, LyCORIS' and the original layouts' names.

Every name is flattened (dots become underscores), so that one table per network serves all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from pipelines.engine.conditioning.lora_pieces import pieces_by_name
from pipelines.engine.conditioning.weight_changes import Rows

_ENDINGS = {
    "lora_down.weight": "down",
    "lora_up.weight": "up",
    "lora_mid.weight": "mid",
    "lora_A.weight": "down",
    "lora_B.weight": "up",
    "lora_A.default.weight": "down",
    "lora_B.default.weight": "up",
    "lora.down.weight": "down",
    "lora.up.weight": "up",
    "lora_linear_layer.down.weight": "down",
    "lora_linear_layer.up.weight": "up",
    "alpha": "alpha",
    "dora_scale": "dora",
    "lora_magnitude_vector": "magnitude",
    "lora_magnitude_vector.weight": "magnitude",
    "lora_magnitude_vector.default.weight": "magnitude",
    "diff": "diff",
    "diff_b": "diff_b",
    "w_norm": "diff",
    "b_norm": "diff_b",
    "lora_B.bias": "up_bias",
}
"""Endings of a tensor's name, and the part it is of a module's change; LyCORIS' own (`hada_w1_a`) stay as they are."""
_LYCORIS = re.compile(r"(?:hada|lokr)_[wt][12](?:_[ab])?")
_FOREIGN = re.compile(r"oft_blocks|oft_diag|oft_R\..*|boft_.*|on_input|a1\.weight|vera_.*|.*\.rescale")
"""Endings of methods that are known and not supported."""
_OLD_PROCESSOR = re.compile(r"(?:\.processor)?\.to_(q|k|v|out)_lora\.(down|up)\.weight$")
_PREFIXES = (
    ("lora_unet_", "network"),
    ("lora_transformer_", "network"),
    ("lora_te1_", "text_encoder"),
    ("lora_te2_", "text_encoder_2"),
    ("lora_te3_", "text_encoder_3"),
    ("lora_te_", "text_encoder"),
    ("lycoris_text_encoder_2_", "text_encoder_2"),
    ("lycoris_text_encoder_", "text_encoder"),
    ("lycoris_unet_", "network"),
    ("lycoris_", "network"),
    ("model.diffusion_model.", "network"),
    ("diffusion_model.", "network"),
    ("text_encoder_3.", "text_encoder_3"),
    ("text_encoder_2.", "text_encoder_2"),
    ("text_encoder.", "text_encoder"),
    ("transformer.", "network"),
    ("unet.", "network"),
)
_WRAPPINGS = ("base_model.model.",)
_RESNET = {
    "conv1": "in_layers.2",
    "conv2": "out_layers.3",
    "norm1": "in_layers.0",
    "norm2": "out_layers.0",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}


@dataclass(frozen=True)
class Named:
    """What the name of a tensor in a LoRA file says."""

    component: str
    """`network`, or the text encoder's name in diffusers."""
    module: str
    """Flattened."""
    part: str
    """`up`, `down`, `mid`, `alpha`, `dora`, `magnitude`, `diff`, `hada_w1_a` …; `foreign` for methods that are not
    supported; empty where the ending is unknown."""


def named(key: str) -> Named:
    """Reads a tensor's name."""
    for wrapping in _WRAPPINGS:
        key = key.removeprefix(wrapping)
    component, rest = "network", key
    for prefix, owner in _PREFIXES:
        if key.startswith(prefix):
            component, rest = owner, key.removeprefix(prefix)
            break
    old = _OLD_PROCESSOR.search(rest)
    if old is not None:
        return Named(component, _flat(_old_module(component, rest[: old.start()], old[1])), old[2])
    pieces = rest.split(".")
    for place in range(1, len(pieces)):
        ending = ".".join(pieces[place:])
        part = _ENDINGS.get(ending) or (ending if _LYCORIS.fullmatch(ending.removesuffix(".weight")) else "")
        if not part and _FOREIGN.fullmatch(ending):
            part = "foreign"
        if part:
            return Named(component, _flat(".".join(pieces[:place])), part.removesuffix(".weight"))
    return Named(component, _flat(rest), "")


Place = tuple[tuple[torch.nn.Module, Rows | None], ...]
"""The modules that a change acts on, each with its rows of it; None: all."""


def places_by_name(components: Mapping[str, Any], network: torch.nn.Module) -> dict[tuple[str, str], Place]:
    """Every module with weights of its own, by component and flattened name, in all the ways files call it; and what is
    one weight in the original layout of a transformer."""
    found: dict[tuple[str, str], Place] = {}
    parts = {name: part for name, part in components.items() if name.startswith("text_encoder")}
    for component, part in (("network", network), *parts.items()):
        if not isinstance(part, torch.nn.Module):
            continue
        originals = _original_places(part) if component == "network" else {}
        for name, module in part.named_modules():
            if not isinstance(getattr(module, "weight", None), torch.Tensor):
                continue
            found[component, _flat(name)] = ((module, None),)
            original = _original_name(name, originals)
            if original:
                found.setdefault((component, _flat(original)), ((module, None),))
    for name, pieces in pieces_by_name(network).items():
        found.setdefault(("network", _flat(name)), tuple((piece.module, piece.rows) for piece in pieces))
    return found


def _flat(name: str) -> str:
    return name.replace(".", "_").removeprefix("text_model_")


def _old_module(component: str, owner: str, which: str) -> str:
    if component == "network":
        return f"{owner}.to_out.0" if which == "out" else f"{owner}.to_{which}"
    return f"{owner}.{which}_proj"


def _original_name(name: str, places: Mapping[str, str]) -> str:
    """The module's name in the original layout; empty where it has none of its own."""
    prefix = max((place for place in places if name == place or name.startswith(place + ".")), key=len, default="")
    if not prefix:
        return ""
    rest = name[len(prefix) + 1 :]
    if ".resnets." in prefix and rest:
        rest = _RESNET.get(rest, rest)
    return f"{places[prefix]}.{rest}" if rest else places[prefix]


def _original_places(network: Any) -> dict[str, str]:
    """Where the blocks of a UNet stand in the original layout of Stable Diffusion; empty for other networks."""
    if not hasattr(network, "down_blocks") or not hasattr(network, "up_blocks"):
        return {}
    places = {
        "conv_in": "input_blocks.0.0",
        "conv_norm_out": "out.0",
        "conv_out": "out.2",
        "time_embedding.linear_1": "time_embed.0",
        "time_embedding.linear_2": "time_embed.2",
        "add_embedding.linear_1": "label_emb.0.0",
        "add_embedding.linear_2": "label_emb.0.2",
    }
    for number in range(len(network.mid_block.resnets)):
        places[f"mid_block.resnets.{number}"] = f"middle_block.{2 * number}"
        places[f"mid_block.attentions.{number}"] = f"middle_block.{2 * number + 1}"
    number = 1
    for i, block in enumerate(network.down_blocks):
        for j in range(len(block.resnets)):
            places[f"down_blocks.{i}.resnets.{j}"] = f"input_blocks.{number}.0"
            places[f"down_blocks.{i}.attentions.{j}"] = f"input_blocks.{number}.1"
            number += 1
        if block.downsamplers:
            places[f"down_blocks.{i}.downsamplers.0.conv"] = f"input_blocks.{number}.0.op"
            number += 1
    number = 0
    for i, block in enumerate(network.up_blocks):
        for j in range(len(block.resnets)):
            places[f"up_blocks.{i}.resnets.{j}"] = f"output_blocks.{number}.0"
            places[f"up_blocks.{i}.attentions.{j}"] = f"output_blocks.{number}.1"
            number += 1
        if block.upsamplers:
            inner = 2 if hasattr(block, "attentions") else 1
            places[f"up_blocks.{i}.upsamplers.0"] = f"output_blocks.{number - 1}.{inner}"
    return places
