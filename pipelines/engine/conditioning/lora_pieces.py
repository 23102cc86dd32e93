"""Weights that original layouts keep in one and diffusers in several, or with their rows in another order.

Files of LoHa, LoKr and the like change such a weight as a whole: each of diffusers' modules takes its rows of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from pipelines.engine.conditioning.weight_changes import Rows
from pipelines.engine.conversions import FLUX_OUTER

_QKV = ("attn.to_q", "attn.to_k", "attn.to_v")
_ADDED_QKV = ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj")
_STREAMS = {
    "img_attn.qkv": _QKV,
    "txt_attn.qkv": _ADDED_QKV,
    "img_attn.proj": ("attn.to_out.0",),
    "txt_attn.proj": ("attn.to_add_out",),
}
_SWAPPED = "final_layer.adaLN_modulation.1"
"""Shift and scale have changed places in diffusers."""


@dataclass(frozen=True)
class _Blocks:
    """Blocks of one kind."""

    theirs: str
    ours: str
    inner: Mapping[str, tuple[str, ...]]
    """From the original name within a block to the modules whose rows lie one after the other in it."""


_FLUX = (
    _Blocks(
        "double_blocks",
        "transformer_blocks",
        {
            **_STREAMS,
            "img_mod.lin": ("norm1.linear",),
            "txt_mod.lin": ("norm1_context.linear",),
            "img_mlp.0": ("ff.net.0.proj",),
            "img_mlp.2": ("ff.net.2",),
            "txt_mlp.0": ("ff_context.net.0.proj",),
            "txt_mlp.2": ("ff_context.net.2",),
        },
    ),
    _Blocks(
        "single_blocks",
        "single_transformer_blocks",
        {"linear1": (*_QKV, "proj_mlp"), "linear2": ("proj_out",), "modulation.lin": ("norm.linear",)},
    ),
)
_FLUX2 = (
    _Blocks(
        "double_blocks",
        "transformer_blocks",
        {
            **_STREAMS,
            "img_mlp.0": ("ff.linear_in",),
            "img_mlp.2": ("ff.linear_out",),
            "txt_mlp.0": ("ff_context.linear_in",),
            "txt_mlp.2": ("ff_context.linear_out",),
        },
    ),
    _Blocks(
        "single_blocks",
        "single_transformer_blocks",
        {"linear1": ("attn.to_qkv_mlp_proj",), "linear2": ("attn.to_out",)},
    ),
)
_Z_IMAGE = tuple(
    _Blocks(
        name,
        name,
        {
            "attention.qkv": ("attention.to_q", "attention.to_k", "attention.to_v"),
            "attention.out": ("attention.to_out.0",),
        },
    )
    for name in ("layers", "noise_refiner", "context_refiner")
)
_SD3 = (
    _Blocks(
        "joint_blocks",
        "transformer_blocks",
        {
            "x_block.attn.qkv": _QKV,
            "x_block.attn2.qkv": tuple(name.replace("attn.", "attn2.") for name in _QKV),
            "context_block.attn.qkv": _ADDED_QKV,
            "x_block.attn.proj": ("attn.to_out.0",),
            "x_block.attn2.proj": ("attn2.to_out.0",),
            "context_block.attn.proj": ("attn.to_add_out",),
            "x_block.mlp.fc1": ("ff.net.0.proj",),
            "x_block.mlp.fc2": ("ff.net.2",),
            "context_block.mlp.fc1": ("ff_context.net.0.proj",),
            "context_block.mlp.fc2": ("ff_context.net.2",),
            "x_block.adaLN_modulation.1": ("norm1.linear",),
            "context_block.adaLN_modulation.1": ("norm1_context.linear",),
        },
    ),
)
_BLOCKS = {
    "FluxTransformer2DModel": _FLUX,
    "Flux2Transformer2DModel": _FLUX2,
    "ZImageTransformer2DModel": _Z_IMAGE,
    "SD3Transformer2DModel": _SD3,
}
_OUTER = {
    "FluxTransformer2DModel": FLUX_OUTER,
    "Flux2Transformer2DModel": {
        "img_in": "x_embedder",
        "txt_in": "context_embedder",
        "final_layer.linear": "proj_out",
        "double_stream_modulation_img.lin": "double_stream_modulation_img.linear",
        "double_stream_modulation_txt.lin": "double_stream_modulation_txt.linear",
        "single_stream_modulation.lin": "single_stream_modulation.linear",
    },
}


@dataclass(frozen=True, eq=False)
class Piece:
    """A module, and which rows of an original weight are its own."""

    module: torch.nn.Module
    rows: Rows | None
    """None: all of them."""


def pieces_by_name(network: torch.nn.Module) -> dict[str, tuple[Piece, ...]]:
    """What weights of the original layout are in this network, by their names there; empty for networks of a kind whose
    weights are the same in both."""
    return {name: pieces for name, pieces in _pieces(network, type(network).__name__) if pieces}


def _pieces(network: Any, kind: str) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    for name, ours in _OUTER.get(kind, {}).items():
        yield name, _side_by_side(network, (ours,))
    for blocks in _BLOCKS.get(kind, ()):
        for number in range(len(getattr(network, blocks.ours, ()))):
            for inner, parts in blocks.inner.items():
                places = tuple(f"{blocks.ours}.{number}.{part}" for part in parts)
                yield f"{blocks.theirs}.{number}.{inner}", _side_by_side(network, places)
    if kind in ("FluxTransformer2DModel", "Flux2Transformer2DModel"):
        module = network.norm_out.linear
        half = len(module.weight) // 2
        yield _SWAPPED, (Piece(module, Rows(((half, 2 * half), (0, half)), 2 * half)),)


def _side_by_side(network: Any, places: tuple[str, ...]) -> tuple[Piece, ...]:
    """Nothing where the network lacks one of them, as the last block of SD3 lacks half."""
    try:
        modules = [network.get_submodule(place) for place in places]
    except AttributeError:
        return ()
    if len(modules) == 1:
        return (Piece(modules[0], None),)
    lengths = [len(module.weight) for module in modules]
    total, begin = sum(lengths), 0
    found: list[Piece] = []
    for module, length in zip(modules, lengths, strict=True):
        found.append(Piece(module, Rows(((begin, begin + length),), total)))
        begin += length
    return tuple(found)
