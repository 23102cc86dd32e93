"""Tells from tensor names and shapes what a file is. Names decide; widths only where names agree; notes come last."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.contract.models import ModelKind
from pipelines.library import addons, painters, parts
from pipelines.library.header import Header
from pipelines.library.tensors import Identity, Tensors

_TESTS: tuple[Callable[[Tensors, str], Identity | None], ...] = (
    addons.ip_adapter, addons.lora, addons.textual_inversion, addons.controlnet, addons.t2i_adapter,
    painters.unet, painters.transformer, parts.vae, parts.image_encoder, parts.text_encoder, parts.upscaler,
)  # fmt: skip
"""In the order in which they may decide: an add-on often has names of what it is added to."""


def identify(header: Header, name: str = "") -> Identity:
    """Kind, family, variant and all; ModelKind.UNKNOWN when nothing fits. `name` is the file's, without its suffix."""
    if header.shapes:
        tensors = Tensors(header)
        for test in _TESTS:
            if (found := test(tensors, name)) is not None:
                return found._replace(quantized=quantized_of(header, tensors))
    return Identity(ModelKind.UNKNOWN)


def quantized_of(header: Header, tensors: Tensors) -> str:
    """How the weights are packed, as in `ModelInfo.quantized`; empty for plain numbers."""
    if header.packing:
        return header.packing
    for mark, packing in (
        ("quant_state.bitsandbytes__nf4", "nf4"),
        ("quant_state.bitsandbytes__fp4", "fp4"),
        (".wscales\n", "svdquant"),
        (".weight_scale_2\n", "nvfp4"),
    ):
        if tensors.contains(mark):
            return packing
    if header.dtypes & {"F8_E4M3", "F8_E5M2"}:
        return "fp8-scaled" if tensors.contains("scaled_fp8", ".scale_weight\n", ".weight_scale\n") else "fp8"
    return "int8" if "I8" in header.dtypes and tensors.contains(".weight_scale\n", ".SCB\n") else ""
