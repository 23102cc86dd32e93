"""LoRAs, LyCORIS and textual inversions for miniatures, in the namings that files of the world have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.miniatures.original_layout import unet_keys

_RANK = 4
_ALPHA = 2.0
_ATTENTION = ("to_q", "to_k", "to_v", "to_out.0", "proj_in", "proj_out", "net.0.proj", "net.2")
_CONVOLUTIONS = ("conv1", "conv2", "conv", "conv_in", "conv_out", "conv_shortcut")
_WORDS = ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")

Tensors = dict[str, torch.Tensor]
Maker = Callable[[Any, torch.Generator], Tensors]
"""From a module to the tensors of its change, by their endings in a LyCORIS file."""


class Naming(StrEnum):
    """What files call modules."""

    KOHYA = "kohya"
    """`lora_unet_down_blocks_0_….lora_down.weight`, text encoders as `lora_te_`, of two `lora_te1_` and `lora_te2_`."""
    SGM = "sgm"
    """kohya's for SDXL: the original layout's blocks, `lora_unet_input_blocks_4_1_…`."""
    DIFFUSERS = "diffusers"
    """`unet.down_blocks.0.….lora_A.weight`, the strength in the factors."""


def plain(module: Any, rng: torch.Generator) -> Tensors:
    """LoRA."""
    outer, inner, kernel = _sides(module)
    rank = min(_RANK, outer, inner)
    down, up = _random(rng, rank, inner, *kernel), _random(rng, outer, rank, *(1 for _ in kernel))
    return {"lora_down.weight": down, "lora_up.weight": up, "alpha": torch.tensor(_ALPHA)}


def dora(module: Any, rng: torch.Generator) -> Tensors:
    """DoRA with a magnitude for every input, as LyCORIS has it."""
    sides = tuple(range(module.weight.ndim))
    lengths = torch.linalg.vector_norm(module.weight, dim=[side for side in sides if side != 1], keepdim=True)
    return {**plain(module, rng), "dora_scale": lengths * (1 + 0.1 * _random(rng, *lengths.shape))}


def hadamard(module: Any, rng: torch.Generator) -> Tensors:
    """LoHa."""
    outer, inner, kernel = _sides(module)
    count = inner * torch.Size(kernel).numel()
    names = ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")
    made = {name: _random(rng, *((outer, 2) if name.endswith("a") else (2, count))) for name in names}
    return {**made, "alpha": torch.tensor(1.0)}


def kronecker(module: Any, rng: torch.Generator) -> Tensors:
    """LoKr: a small whole first factor, a second one of low rank."""
    outer, inner, kernel = _sides(module)
    first = 2 if outer % 2 == 0 and inner % 2 == 0 else 1
    return {
        "lokr_w1": _random(rng, first, first),
        "lokr_w2_a": _random(rng, outer // first, 2),
        "lokr_w2_b": _random(rng, 2, inner // first, *kernel),
        "alpha": torch.tensor(1.0),
    }


def difference(module: Any, rng: torch.Generator) -> Tensors:
    """The whole difference, of the bias as well."""
    made = {"diff": 0.02 * _random(rng, *module.weight.shape)}
    return made if module.bias is None else {**made, "diff_b": 0.02 * _random(rng, *module.bias.shape)}


def lora_tensors(
    pipe: Any, naming: Naming = Naming.KOHYA, make: Maker = plain, *, seed: int = 1, words: bool = True
) -> Tensors:
    """A file that changes every layer of attention and every convolution, and with `words` the text encoders."""
    rng = torch.Generator().manual_seed(seed)
    tensors: Tensors = {}
    for place, module in _places(pipe, naming, words=words):
        for ending, tensor in make(module, rng).items():
            tensors |= _named(place, ending, tensor, naming)
    return tensors


def write_lora(tensors: Tensors, path: Path) -> Path:
    """Saves the tensors and returns the path."""
    save_file({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, str(path))
    return path


def addon_info(path: Path, kind: ModelKind, family: Family = Family.SD1, addon_id: str = "") -> ModelInfo:
    """The library's entry for an add-on."""
    stat = path.stat()
    return ModelInfo(addon_id or path.stem, path.stem, str(path), kind, family, "", stat.st_size, stat.st_mtime_ns)


def _places(pipe: Any, naming: Naming, *, words: bool) -> Iterator[tuple[str, Any]]:
    network = pipe.unet if hasattr(pipe, "unet") else pipe.transformer
    originals: dict[str, str] = {}
    if naming is Naming.SGM:
        by_identity = {tensor.data_ptr(): name for name, tensor in unet_keys(network).items()}
        originals = {
            name: by_identity[module.weight.data_ptr()].removesuffix(".weight") for name, module in _of(network)
        }
    prefix = {Naming.DIFFUSERS: "unet." if hasattr(pipe, "unet") else "transformer."}.get(naming, "lora_unet_")
    for name, module in _of(network):
        yield prefix + originals.get(name, name), module
    encoders = [name for name in ("text_encoder", "text_encoder_2") if getattr(pipe, name, None) is not None]
    for number, encoder in enumerate(encoders if words else (), start=1):
        short = "lora_te_" if len(encoders) == 1 else f"lora_te{number}_"
        for name, module in getattr(pipe, encoder).named_modules():
            if name.endswith(_WORDS):
                bare = "text_model." + name.removeprefix("text_model.")
                yield (f"{encoder}." if naming is Naming.DIFFUSERS else short) + bare, module


def _of(network: Any) -> Iterator[tuple[str, Any]]:
    for name, module in network.named_modules():
        if name.endswith(_ATTENTION) or name.split(".")[-1] in _CONVOLUTIONS:
            yield name, module


def _named(place: str, ending: str, tensor: torch.Tensor, naming: Naming) -> Tensors:
    if naming is not Naming.DIFFUSERS:
        component = next(
            (short for short in ("lora_unet_", "lora_te_", "lora_te1_", "lora_te2_") if place.startswith(short)), ""
        )
        return {f"{component}{place.removeprefix(component).replace('.', '_')}.{ending}": tensor}
    if ending == "alpha":
        return {}
    theirs = {"lora_down.weight": "lora_A.weight", "lora_up.weight": "lora_B.weight"}
    strength = _ALPHA / min(_RANK, *tensor.shape[:2]) if ending == "lora_up.weight" else 1.0
    return {f"{place}.{theirs.get(ending, ending)}": tensor * strength}


def _sides(module: Any) -> tuple[int, int, tuple[int, ...]]:
    outer, inner, *kernel = module.weight.shape
    return outer, inner, tuple(kernel)


def _random(rng: torch.Generator, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=rng) * 0.3


def write_embedding(path: Path, *widths: int, count: int = 2, seed: int = 5) -> Path:
    """A textual inversion of `count` vectors for text encoders of these widths: one as A1111 saves it, two as SDXL."""
    rng = torch.Generator().manual_seed(seed)
    vectors = [torch.randn(count, width, generator=rng) * 0.5 for width in widths]
    names = ("emb_params",) if len(widths) == 1 else ("clip_l", "clip_g")
    save_file(dict(zip(names, vectors, strict=True)), str(path))
    return path
