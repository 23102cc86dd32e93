"""Networks that follow control pictures, from disk: ControlNet, ControlNet Union and T2I-Adapter, folders and files.

A single file carries no configuration. A ControlNet is a copy of the first half of the network that it steers, so what
its shapes do not tell is taken from there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
from accelerate import init_empty_weights
from diffusers.loaders.single_file_utils import convert_controlnet_checkpoint
from safetensors import SafetensorError

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo
from pipelines.engine.conditioning.control_shapes import Shapes, adapter_config, controlnet_config, transformer_config
from pipelines.engine.folders import weight_files
from pipelines.engine.loader import LoadedModel
from pipelines.engine.memory import is_out_of_memory
from pipelines.engine.stored import StoredTensor, read, stored_tensors
from pipelines.engine.weights import EmptyNetwork, network_from_folder

_FITTING = {
    "ControlNetModel": ("block_out_channels", "cross_attention_dim"),
    "ControlNetUnionModel": ("block_out_channels", "cross_attention_dim"),
    "T2IAdapter": (),
    "FluxControlNetModel": ("num_attention_heads", "attention_head_dim", "joint_attention_dim"),
    "SD3ControlNetModel": ("num_attention_heads", "attention_head_dim", "in_channels"),
    "QwenImageControlNetModel": ("num_attention_heads", "attention_head_dim", "in_channels"),
    "ZImageControlNetModel": ("dim", "n_heads", "n_kv_heads"),
}
"""Classes in diffusers, and what each must have in common with the network that it steers."""
_TRANSFORMERS = {
    "FluxTransformer2DModel": ("FluxControlNetModel", "controlnet_blocks."),
    "SD3Transformer2DModel": ("SD3ControlNetModel", "controlnet_blocks."),
    "QwenImageTransformer2DModel": ("QwenImageControlNetModel", "controlnet_blocks."),
    "ZImageTransformer2DModel": ("ZImageControlNetModel", "control_layers."),
}
"""By the class of the network that they steer: their own class, and how some of their weights' names begin."""
_ZERO_MARK = "control_noise_refiner.0.before_proj.weight"
"""Without meaning, and zero, in the Z-Image control networks that refine with their control layers."""

_ORIGINAL_PREFIX = "control_model."
_ADDED = {"label_emb.0.0": "add_embedding.linear_1", "label_emb.0.2": "add_embedding.linear_2"}
"""Of SDXL in the original layout; diffusers' conversion knows only the others."""
_FOREIGN = (
    (re.compile(r"^lllite_"), "a ControlNet-LLLite"),
    (
        re.compile(r"^lora_controlnet|^control_model\..*\.(up|down)$|^(input_blocks|middle_block)\..*\.up$"),
        "a Control-LoRA",
    ),
    (re.compile(r"^control_addon_|ctrl_to_base|base_to_ctrl"), "a ControlNet-XS"),
)
"""Relatives that share the shelf and need another engine: a key of theirs, and their name."""
_RESNETS = {"full_adapter": 2, "full_adapter_xl": 2, "light_adapter": 4}


@dataclass(eq=False)
class ControlNetwork:
    """One control network in memory."""

    info: ModelInfo
    network: Any

    @property
    def size_bytes(self) -> int:
        """Of its weights."""
        return sum(weight.numel() * weight.element_size() for weight in self.network.parameters())

    def refuse_unfitting(self, model: LoadedModel) -> None:
        """Raises ModelError when it steers networks of another build than the model's."""
        steered, config = model.network.config, self.network.config
        if type(self.network).__name__ == "T2IAdapter":
            fits = tuple(config.channels[:2]) == tuple(steered.block_out_channels[:2])
            large = config.adapter_type == "full_adapter_xl"
            # What it says is added before a block makes the picture smaller; plain blocks would take it afterwards.
            fits = fits and (large or all(kind.startswith("CrossAttn") for kind in steered.down_block_types[:-1]))
            fits = fits and large == (model.info.family is Family.SDXL)
        else:
            names = _FITTING[type(self.network).__name__]
            fits = all(_same(config[name], steered.get(name)) for name in names)
            fits = fits and config.get("in_channels", 0) <= steered.in_channels
        if not fits:
            raise _unfitting(self.info, model)


def load_control(info: ModelInfo, model: LoadedModel, interrupt: Callable[[], None]) -> ControlNetwork:
    """The control network of that file or folder, in the number format of the network that it is to steer.

    Raises ModelError, as a sentence, for what is missing, damaged, of another kind or of another family.
    """
    path = Path(info.path)
    dtype = model.network.dtype
    try:
        empty = _from_folder(info, path, dtype) if path.is_dir() else _from_file(info, path, model, dtype)
        control = ControlNetwork(info, empty.network.eval().requires_grad_(requires_grad=False))
        control.refuse_unfitting(model)
        empty.fill(torch.device("cpu") if model.offloaded else model.device, interrupt)
    except (OSError, ValueError, KeyError, IndexError, RuntimeError, TypeError, SafetensorError) as error:
        if is_out_of_memory(error):
            raise
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise ModelError(f"The control model '{info.name}' at {path} cannot be read: {reason}.") from error
    return control


def _from_folder(info: ModelInfo, path: Path, dtype: torch.dtype) -> EmptyNetwork:
    class_name = json.loads((path / "config.json").read_text("utf-8")).get("_class_name", "")
    if class_name not in _FITTING:
        raise ModelError(f"The control model '{info.name}' is a {class_name}, which this version cannot use.")
    return network_from_folder(getattr(diffusers, class_name), path, weight_files(path)[0], dtype)


def _from_file(info: ModelInfo, path: Path, model: LoadedModel, dtype: torch.dtype) -> EmptyNetwork:
    if path.suffix != ".safetensors":
        raise ModelError(f"'{info.name}' is a {path.suffix} file, which can run foreign code. Use a .safetensors file.")
    stored = stored_tensors([path])
    for pattern, name in _FOREIGN:
        if any(pattern.search(key) for key in stored):
            raise ModelError(f"'{info.name}' is {name}, which this version cannot use. Choose a plain ControlNet.")
    if "unet" not in model.components:
        class_name, mark = _TRANSFORMERS.get(type(model.network).__name__, ("", ""))
        if not class_name or not any(name.startswith(mark) for name in stored):
            raise ModelError(f"'{info.name}' is no ControlNet for {model.info.family.value} that this version knows.")
        if _ZERO_MARK in stored and not read(stored[_ZERO_MARK]).any():
            stored = {name: tensor for name, tensor in stored.items() if not name.startswith("control_noise_refiner.")}
        config = transformer_config(class_name, _shapes(stored), dict(model.network.config))
    elif _is_adapter(stored):
        stored = _adapter_names(stored)
        class_name, config = "T2IAdapter", adapter_config(_shapes(stored), model.info.family)
    else:
        stored = _controlnet_names(stored, model)
        shapes = _shapes(stored)
        if "controlnet_cond_embedding.conv_in.weight" not in shapes:
            raise ModelError(f"'{info.name}' is no ControlNet and no T2I-Adapter that this version knows.")
        class_name = "ControlNetUnionModel" if "task_embedding" in shapes else "ControlNetModel"
        config = controlnet_config(shapes, model.unet.config)
    try:
        with init_empty_weights():
            network = getattr(diffusers, class_name).from_config(config)
    except (ValueError, TypeError) as error:  # the file's shapes and the model's own settings make no network together
        raise _unfitting(info, model) from error
    return EmptyNetwork(network, stored, dtype)


def _unfitting(info: ModelInfo, model: LoadedModel) -> ModelError:
    return ModelError(
        f"The control model '{info.name}' was made for another family than '{model.info.name}' "
        f"({model.info.family.value}). Choose one of the same family, or another model to paint with."
    )


def _same(one: Any, other: Any) -> bool:
    return one == other or (isinstance(one, (list, tuple)) and list(one) == list(other or ()))


def _shapes(stored: Mapping[str, StoredTensor]) -> Shapes:
    return {name: tensor.shape for name, tensor in stored.items()}


def _controlnet_names(stored: Mapping[str, StoredTensor], model: LoadedModel) -> dict[str, StoredTensor]:
    """The tensors by their names in diffusers."""
    bare = {name.removeprefix(_ORIGINAL_PREFIX): tensor for name, tensor in stored.items()}
    if "time_embed.0.weight" not in bare:
        return bare
    # The conversion only renames, so tensors without content serve, and each is known again by its identity.
    empty = {name: torch.empty(tensor.shape, device="meta") for name, tensor in bare.items()}
    names = {id(tensor): name for name, tensor in empty.items()}
    config = {"layers_per_block": model.unet.config.layers_per_block}
    converted: Mapping[str, Any] = convert_controlnet_checkpoint(dict(empty), config)
    found = {name: bare[names[id(tensor)]] for name, tensor in converted.items() if tensor is not None}
    for theirs, ours in _ADDED.items():
        for end in ("weight", "bias"):
            if f"{theirs}.{end}" in bare:
                found[f"{ours}.{end}"] = bare[f"{theirs}.{end}"]
    return found


def _is_adapter(stored: Mapping[str, StoredTensor]) -> bool:
    bare = {name.removeprefix("adapter.") for name in stored}
    return any(name.startswith("body.0.") for name in bare)


def _adapter_names(stored: Mapping[str, StoredTensor]) -> dict[str, StoredTensor]:
    """The tensors by their names in diffusers; the original ones count all blocks in one row."""
    bare = {name.removeprefix("adapter."): tensor for name, tensor in stored.items()}
    if not any(".resnets." in name for name in bare):
        light = any(".out_conv." in name for name in bare)
        bare = {(_light_name(name) if light else _full_name(name)): tensor for name, tensor in bare.items()}
    return {f"adapter.{name}": tensor for name, tensor in bare.items()}


def _light_name(name: str) -> str:
    return re.sub(r"^body\.(\d+)\.body\.", r"body.\1.resnets.", name)


def _full_name(name: str) -> str:
    match = re.match(r"body\.(\d+)\.(.*)", name)
    if match is None:
        return name
    level, place = divmod(int(match[1]), _RESNETS["full_adapter"])
    return (
        f"body.{level}.in_conv{match[2][7:]}"
        if match[2].startswith("in_conv")
        else (f"body.{level}.resnets.{place}.{match[2]}")
    )
