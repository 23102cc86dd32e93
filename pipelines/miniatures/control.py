"""Small networks that follow control pictures and look at references, made for a miniature that they fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import (
    ControlNetModel,
    ControlNetUnionModel,
    FluxControlNetModel,
    QwenImageControlNetModel,
    SD3ControlNetModel,
    T2IAdapter,
    ZImageControlNetModel,
)
from safetensors.torch import save_file

from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.miniatures.original_layout import unet_keys

_TRANSFORMERS = {
    "FluxTransformer2DModel": FluxControlNetModel,
    "SD3Transformer2DModel": SD3ControlNetModel,
    "QwenImageTransformer2DModel": QwenImageControlNetModel,
    "ZImageTransformer2DModel": ZImageControlNetModel,
}
_SPREAD = 0.3
"""Of weights that are zero in a network before it is trained: large enough that a picture changes."""


def controlnet_for(unet: Any, seed: int = 1) -> Any:
    """A ControlNetModel for that UNet, as if it were trained."""
    torch.manual_seed(seed)
    channels = (4, 8)
    network = ControlNetModel.from_unet(_four_channels(unet), conditioning_embedding_out_channels=(*channels, 8, 8))
    return _trained(network)


def union_for(unet: Any, kinds: int = 6) -> Any:
    """A ControlNetUnionModel for that UNet of SDXL, as if it were trained."""
    torch.manual_seed(2)
    config = dict(ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(4, 8, 8, 8)).config)
    known = {name: value for name, value in config.items() if not name.startswith("_") and name != "mid_block_type"}
    width = unet.config.block_out_channels[0]
    more = {"num_control_type": kinds, "num_trans_channel": width, "num_trans_head": 8, "num_proj_channel": width}
    kind: Any = ControlNetUnionModel
    return _trained(kind(**known, **more))


def transformer_control_for(transformer: Any, modes: int | None = None) -> Any:
    """A ControlNet for a transformer of FLUX, SD3, Qwen-Image or Z-Image, as if it were trained; with `modes` a Union
    one."""
    torch.manual_seed(4)
    kind: Any = _TRANSFORMERS[type(transformer).__name__]
    config = {name: value for name, value in transformer.config.items() if not name.startswith("_")}
    if kind is ZImageControlNetModel:
        return z_image_control_for(transformer)
    if kind is FluxControlNetModel:
        config |= {"num_layers": 1, "num_single_layers": 1, "num_mode": modes, "in_channels": 64}
    elif kind is SD3ControlNetModel:
        config |= {"num_layers": 1, "extra_conditioning_channels": 0}
    else:
        config |= {"num_layers": 1, "extra_condition_channels": 0}
    return _trained(kind.from_config(config))


def z_image_control_for(transformer: Any, refines: Any = None, channels: int = 16) -> Any:
    """A ZImageControlNetModel for that transformer, as if it were trained: the first release, or with `refines` and 33
    channels one of the later ones."""
    torch.manual_seed(5)
    kind: Any = ZImageControlNetModel
    shared = ("dim", "n_refiner_layers", "n_heads", "n_kv_heads", "norm_eps", "qk_norm")
    made = kind(
        control_layers_places=[0],
        control_refiner_layers_places=list(range(transformer.config.n_refiner_layers)) if refines else None,
        control_in_dim=channels,
        add_control_noise_refiner=refines,
        **{name: transformer.config[name] for name in shared},
    )
    return _trained(made)


def adapter_for(unet: Any, adapter_type: str = "full_adapter", in_channels: int = 3) -> Any:
    """A T2IAdapter for that UNet: as many levels as it has."""
    torch.manual_seed(3)
    channels = list(unet.config.block_out_channels)
    factor = 16 if adapter_type == "full_adapter_xl" else 8
    kind: Any = T2IAdapter
    return kind(in_channels, channels, 2, factor, adapter_type).eval()


def controlnet_keys(network: Any) -> dict[str, torch.Tensor]:
    """The weights of a ControlNet by their names in the original layout, without the prefix."""
    own, shared = {}, {}
    for name, value in network.state_dict().items():
        if name.startswith(("controlnet_", "add_embedding.")) or ".controlnet_" in name:
            own[name] = value
        else:
            shared[name] = value
    keys = unet_keys(_Half(network, shared))
    hint = "controlnet_cond_embedding"
    last = 2 * len(network.controlnet_cond_embedding.blocks) + 2
    for name, value in own.items():
        head, _, end = name.rpartition(".")
        if head == "controlnet_mid_block":
            place = "middle_block_out.0"
        elif head.startswith("controlnet_down_blocks."):
            place = f"zero_convs.{head.rpartition('.')[2]}.0"
        elif head.startswith("add_embedding."):
            place = {"linear_1": "label_emb.0.0", "linear_2": "label_emb.0.2"}[head.rpartition(".")[2]]
        elif head == f"{hint}.conv_in":
            place = "input_hint_block.0"
        elif head == f"{hint}.conv_out":
            place = f"input_hint_block.{last}"
        else:
            place = f"input_hint_block.{2 * int(head.rpartition('.')[2]) + 2}"
        keys[f"{place}.{end}"] = value
    return keys


def write_control(network: Any, path: Path, *, original: bool = False) -> Path:
    """Saves it as a folder (no suffix), or as one file with diffusers' or the original layout's names; returns it."""
    if not path.suffix:
        network.save_pretrained(str(path))
        return path
    tensors = network.state_dict()
    if original:
        tensors = {f"control_model.{name}": value for name, value in controlnet_keys(network).items()}
    save_file({name: value.contiguous().clone() for name, value in tensors.items()}, str(path))
    return path


def control_info(path: Path, family: Family, kind: ModelKind = ModelKind.CONTROLNET) -> ModelInfo:
    """The library's entry for it, its id the name of its file."""
    return ModelInfo(path.stem, path.stem, str(path), kind, family, size_bytes=10**5, modified_ns=1)


class _Half:
    """The first half of a UNet: a ControlNet's own copy, with its shared weights only."""

    def __init__(self, network: Any, shared: dict[str, torch.Tensor]) -> None:
        self.down_blocks = network.down_blocks
        self.up_blocks = ()
        self._shared = shared

    def state_dict(self) -> dict[str, torch.Tensor]:
        return self._shared


def _four_channels(unet: Any) -> Any:
    """The UNet, or for an inpainting one the same with four channels: ControlNets are made for those."""
    if unet.config.in_channels == 4:
        return unet
    return type(unet).from_config({**unet.config, "in_channels": 4})


def _trained(network: Any) -> Any:
    for name, weight in network.named_parameters():
        if name.startswith("controlnet_cond_embedding.") and weight.ndim > 1:
            torch.nn.init.kaiming_normal_(weight)  # the picture must count as much as the latents
        elif not weight.any() and weight.ndim > 1:
            torch.nn.init.normal_(weight, std=_SPREAD / weight.shape[1] ** 0.5)
    return network.eval()
