"""Tells from tensor names and shapes what a safetensors file is. Names decide; widths only where names agree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from pipelines.contract.models import Family, ModelKind
from pipelines.library.header import Header

Shapes = Mapping[str, tuple[int, ...]]
_UNET = "model.diffusion_model."
_CONTEXT_WIDTHS = {768: Family.SD1, 1024: Family.SD2, 2048: Family.SDXL}
"""Width of the text states that cross attention reads."""


class Identity(NamedTuple):
    """What a file was recognised as."""

    kind: ModelKind
    family: Family = Family.UNKNOWN
    variant: str = ""


def identify(header: Header) -> Identity:
    """Kind, family and variant; ModelKind.UNKNOWN when nothing fits."""
    shapes = header.shapes
    tests: tuple[Callable[[Header], Identity | None], ...] = (
        _lora, _textual_inversion, _controlnet, _unet_checkpoint, _transformer, _vae, _upscaler,
    )  # fmt: skip
    if shapes:
        for test in tests:
            if (found := test(header)) is not None:
                return found
    return Identity(ModelKind.UNKNOWN)


_UPSCALERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("esrgan", ("model.0.weight", "model.1.sub.0.RDB1.conv1.0.weight")),
    ("esrgan", ("conv_first.weight", "body.0.rdb1.conv1.weight", "conv_last.weight")),
    ("esrgan", ("conv_first.weight", "RRDB_trunk.0.RDB1.conv1.weight", "conv_last.weight")),
    ("span", ("conv_1.sk.weight", "block_1.c1_r.sk.weight", "upsampler.0.weight")),
    ("swinir", ("conv_first.weight", "layers.0.residual_group.blocks.0.norm1.weight")),
    ("compact", ("body.0.weight", "body.1.weight", "body.2.weight")),
)
"""Layouts of upscaling networks: names that each of them has."""
_WRAPPINGS = ("params_ema.", "params.", "module.", "netG.")
"""What training programs put before every name."""


def upscaler_layout(names: Collection[str]) -> str:
    """Which of the known upscaling networks has tensors of these names; empty when none."""
    bare = set(names)
    for wrapping in _WRAPPINGS:
        bare |= {name.removeprefix(wrapping) for name in names if name.startswith(wrapping)}
    return next((layout for layout, wanted in _UPSCALERS if bare.issuperset(wanted)), "")


def _upscaler(header: Header) -> Identity | None:
    layout = upscaler_layout(header.shapes.keys())
    return Identity(ModelKind.UPSCALER, variant=layout) if layout else None


def _any(shapes: Shapes, *parts: str) -> bool:
    return any(part in key for key in shapes for part in parts)


def _begins(shapes: Shapes, *prefixes: str) -> bool:
    return any(key.startswith(prefixes) for key in shapes)


def _lora(header: Header) -> Identity | None:
    shapes = header.shapes
    marks = (".lora_down.", ".lora_up.", ".lora_A.", ".lora_B.", ".lora.down.", ".lora.up.", ".hada_w1", ".lokr_w1")
    if not _any(shapes, *marks):
        return None
    return Identity(ModelKind.LORA, _lora_family(header))


def _lora_family(header: Header) -> Family:
    shapes = header.shapes
    base = header.metadata.get("ss_base_model_version", "").lower()
    for start, family in (("sdxl", Family.SDXL), ("sd_v1", Family.SD1), ("sd_v2", Family.SD2), ("flux", Family.FLUX)):
        if base.startswith(start):
            return family
    if _any(shapes, "double_blocks", "single_transformer_blocks"):
        return Family.FLUX
    if _begins(shapes, "lora_te2_", "text_encoder_2."):
        return Family.SDXL
    for key, shape in shapes.items():
        reads_text = "attn2" in key and "to_k" in key and ("lora_down" in key or "lora_A" in key or "lora.down" in key)
        if reads_text and len(shape) >= 2:
            return _CONTEXT_WIDTHS.get(shape[1], Family.UNKNOWN)
    return Family.UNKNOWN


def _textual_inversion(header: Header) -> Identity | None:
    shapes = header.shapes
    if {"clip_l", "clip_g"} <= shapes.keys():
        return Identity(ModelKind.TEXTUAL_INVERSION, Family.SDXL)
    if len(shapes) != 1:
        return None
    key, shape = next(iter(shapes.items()))
    width = shape[-1] if shape else 0
    small = len(shape) == 1 or (len(shape) == 2 and shape[0] <= 128)
    if key == "emb_params" or (key.startswith("<") and small):
        family = {768: Family.SD1, 1024: Family.SD2}.get(width, Family.UNKNOWN)
        return Identity(ModelKind.TEXTUAL_INVERSION, family)
    return None


def _controlnet(header: Header) -> Identity | None:
    shapes = header.shapes
    if not _begins(shapes, "control_model.", "controlnet_cond_embedding.", "controlnet_down_blocks."):
        return None
    for key, shape in shapes.items():
        if key.endswith("attn2.to_k.weight") and len(shape) == 2:
            return Identity(ModelKind.CONTROLNET, _CONTEXT_WIDTHS.get(shape[1], Family.UNKNOWN))
    return Identity(ModelKind.CONTROLNET)


def _unet_checkpoint(header: Header) -> Identity | None:
    shapes = header.shapes
    first = shapes.get(_UNET + "input_blocks.0.0.weight")
    if first is None:
        return None
    channels = first[1] if len(first) == 4 else 0
    variant = {9: "inpaint", 8: "edit"}.get(channels, "")
    if not _begins(shapes, "first_stage_model."):
        variant = "unet-only"
    if not variant and "v_pred" in shapes:
        variant = "v-prediction"
    return Identity(ModelKind.CHECKPOINT, _unet_family(shapes), variant)


def _unet_family(shapes: Shapes) -> Family:
    if _begins(shapes, "conditioner.embedders.1."):
        return Family.SDXL
    if _begins(shapes, "cond_stage_model.transformer."):
        return Family.SD1
    if _begins(shapes, "cond_stage_model.model."):
        return Family.SD2
    if _begins(shapes, "conditioner.embedders.0."):
        return Family.UNKNOWN  # the SDXL refiner: it cannot paint by itself
    for key, shape in shapes.items():
        if key.startswith(_UNET) and key.endswith("attn2.to_k.weight") and len(shape) == 2:
            return _CONTEXT_WIDTHS.get(shape[1], Family.UNKNOWN)
    return Family.UNKNOWN


_TRANSFORMERS = (
    (Family.FLUX2, ("single_stream_modulation.lin.weight", "single_stream_modulation.linear.weight")),
    (Family.SD3, ("joint_blocks.0.context_block.adaLN_modulation.1.bias",)),
    (Family.WAN, ("head.modulation",)),
    (Family.QWEN_IMAGE, ("txt_norm.weight",)),
    (Family.Z_IMAGE, ("cap_pad_token", "layers.0.adaLN_modulation.0.weight")),
    (Family.FLUX, ("double_blocks.0.img_attn.norm.key_norm.scale",)),
)
_FOREIGN = ("distilled_guidance_layer.in_proj.bias", "txtfusion.projector.weight", "txt_in.text_norm.weight")
"""Keys of relatives (Chroma and others) that share names with the families above but are none of them."""


def _transformer(header: Header) -> Identity | None:
    shapes = header.shapes
    if any(prefix + key in shapes for key in _FOREIGN for prefix in ("", _UNET)):
        return Identity(ModelKind.CHECKPOINT)
    for family, names in _TRANSFORMERS:
        if any(prefix + name in shapes for name in names for prefix in ("", _UNET)):
            return Identity(ModelKind.CHECKPOINT, family)
    return None


def _vae(header: Header) -> Identity | None:
    shapes = header.shapes
    bare = {key.removeprefix("first_stage_model.") for key in shapes}
    has_both = any(key.startswith("encoder.") for key in bare) and any(key.startswith("decoder.") for key in bare)
    if not has_both or not {"decoder.conv_in.weight", "encoder.conv_in.weight"} <= bare:
        return None
    latent = shapes.get("decoder.conv_in.weight") or shapes.get("first_stage_model.decoder.conv_in.weight") or ()
    channels = latent[1] if len(latent) == 4 else 0
    # Four latent channels serve both SD1 and SDXL; the file cannot say which.
    return Identity(ModelKind.VAE, Family.UNKNOWN, f"{channels}-channel" if channels else "")
