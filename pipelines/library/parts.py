"""Tells the parts of a pipeline that come in files of their own: VAEs, text and image encoders; and upscalers."""

from __future__ import annotations

from collections.abc import Collection

from pipelines.contract.models import Family, ModelKind
from pipelines.library.tensors import Identity, Tensors
from pipelines.library.variants import words

_VAE_WRAPPINGS = ("", "first_stage_model.", "vae.")
_VAE_NAMES: tuple[tuple[Family, tuple[str, ...]], ...] = (
    (Family.SDXL, (" sdxl", " xl ", " xlvae")),
    (Family.SD3, (" sd3", " sd 3")),
    (Family.QWEN_IMAGE, (" qwen",)),
    (Family.WAN, (" wan",)),
    (Family.FLUX, (" flux", " ae ", " z image")),
    (Family.SD1, (" ft mse", " ft ema", " kl f8", " 840000", " sd1", " sd15", " sd v1", " orangemix", " nai ")),
)


def vae(tensors: Tensors, name: str) -> Identity | None:
    """A VAE by itself; its latent channels tell the families it may serve, its name which of them."""
    if tensors.has("decoder.middle.0.residual.0.gamma") or tensors.has("decoder.mid_block.resnets.0.norm1.gamma"):
        channels = tensors.side(1, "decoder.conv1.weight", "decoder.conv_in.weight")
        return Identity(ModelKind.VAE, _named(name, tensors), "wan-48" if channels == 48 else "wan")
    if tensors.begins("taesd_decoder.") or tensors.has("decoder.layers.0.weight", "encoder.layers.0.weight"):
        return Identity(ModelKind.VAE, _named(name, tensors), "tiny")
    for wrapping in _VAE_WRAPPINGS:
        if tensors.has(f"{wrapping}decoder.conv_in.weight", f"{wrapping}encoder.conv_in.weight"):
            shape = tensors.shape(f"{wrapping}decoder.conv_in.weight")
            channels = shape[1] if len(shape) == 4 else 0
            if channels == 32 or tensors.has(f"{wrapping}bn.running_mean"):
                return Identity(ModelKind.VAE, Family.FLUX2, f"{channels}-channel" if channels else "")
            return Identity(ModelKind.VAE, _named(name, tensors), f"{channels}-channel" if channels else "")
    return None


def _named(name: str, tensors: Tensors) -> Family:
    text = words(name, tensors.metadata)
    return next((family for family, marks in _VAE_NAMES if any(mark in text for mark in marks)), Family.UNKNOWN)


_CLIPS = {768: "clip-l", 1024: "clip-h", 1280: "clip-g"}
_T5S = {4096: "t5-xxl", 2048: "t5-xl", 1024: "t5-large", 768: "t5-base"}
_UMT5_WORDS = 256_384


def text_encoder(tensors: Tensors, _name: str) -> Identity | None:
    """CLIP, T5 and language models by themselves; `variant` says which."""
    variant = _t5(tensors) or _language_model(tensors) or _clip(tensors)
    return Identity(ModelKind.TEXT_ENCODER, variant=variant) if variant else None


def _t5(tensors: Tensors) -> str:
    first = "encoder.block.0.layer.0.SelfAttention.q.weight"
    in_gguf = tensors.has("enc.blk.0.attn_q.weight")
    if not in_gguf and tensors.prefix_of(first) is None:
        return ""
    embedding = tensors.shape("shared.weight", "encoder.embed_tokens.weight", "token_embd.weight")
    vocabulary, width = embedding if len(embedding) == 2 else (0, 0)
    if vocabulary == _UMT5_WORDS or tensors.begins("encoder.block.1.layer.0.SelfAttention.relative_attention_bias"):
        return "umt5-xxl" if width in (0, 4096) else "umt5"
    width = width or tensors.width_of("SelfAttention.q.weight")
    return _T5S.get(width, "t5")


def _language_model(tensors: Tensors) -> str:
    prefix = next(
        (p for p in ("model.", "model.language_model.", "language_model.model.", "")
         if tensors.has(p + "layers.0.self_attn.q_proj.weight", p + "embed_tokens.weight")),
        None,
    )  # fmt: skip
    if prefix is None:
        return _language_model_in_gguf(tensors)
    width = tensors.side(-1, prefix + "embed_tokens.weight")
    if tensors.has(prefix + "layers.0.pre_feedforward_layernorm.weight"):
        return "gemma"
    if tensors.has(prefix + "layers.0.self_attn.q_norm.weight"):
        return "qwen3-8b" if width == 4096 else "qwen3"
    if tensors.has(prefix + "layers.0.self_attn.q_proj.bias"):
        return "qwen2.5-vl"
    return "mistral" if width == 5120 else "language-model"


def _language_model_in_gguf(tensors: Tensors) -> str:
    if not tensors.has("token_embd.weight", "blk.0.attn_q.weight"):
        return ""
    family = tensors.metadata.get("general.architecture", "")
    if family == "qwen3":
        return "qwen3-8b" if tensors.side(-1, "token_embd.weight") == 4096 else "qwen3"
    return {"qwen2vl": "qwen2.5-vl", "qwen2": "qwen2.5-vl", "mistral3": "mistral"}.get(family, "language-model")


def _clip(tensors: Tensors) -> str:
    for prefix in ("text_model.", "", "transformer.text_model.", "clip_l.transformer.text_model."):
        if tensors.has(prefix + "embeddings.token_embedding.weight", prefix + "encoder.layers.0.mlp.fc1.weight"):
            return _CLIPS.get(tensors.side(-1, prefix + "embeddings.token_embedding.weight"), "clip")
    for prefix in ("", "model.", "cond_stage_model.model."):
        if tensors.has(prefix + "token_embedding.weight", prefix + "transformer.resblocks.0.mlp.c_fc.weight"):
            return _CLIPS.get(tensors.side(-1, prefix + "token_embedding.weight"), "clip")
    return ""


_VISIONS = {1024: "clip-vit-l", 1152: "siglip", 1280: "clip-vit-h", 1664: "clip-vit-bigg", 768: "clip-vit-b"}


def image_encoder(tensors: Tensors, _name: str) -> Identity | None:
    """What an IP-Adapter sees with: CLIP vision, alone or in a whole CLIP, and SigLIP."""
    kind = ModelKind.IMAGE_ENCODER
    if tensors.begins("vision_model.encoder.layers.0.", "vision_model.embeddings."):
        patch = tensors.shape("vision_model.embeddings.patch_embedding.weight")
        is_siglip = tensors.begins("vision_model.head.") or tensors.has("vision_model.embeddings.patch_embedding.bias")
        width = patch[0] if patch else tensors.width_of("mlp.fc1.weight", within="vision_model.")
        return Identity(kind, variant="siglip" if is_siglip else _VISIONS.get(width, "clip-vision"))
    if tensors.begins("visual.transformer.resblocks.0."):
        width = tensors.side(0, "visual.conv1.weight")
        return Identity(kind, variant=_VISIONS.get(width, "clip-vision"))
    return None


_UPSCALERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("esrgan", ("model.0.weight", "model.1.sub.0.RDB1.conv1.0.weight")),
    ("esrgan", ("conv_first.weight", "body.0.rdb1.conv1.weight", "conv_last.weight")),
    ("esrgan", ("conv_first.weight", "RRDB_trunk.0.RDB1.conv1.weight", "conv_last.weight")),
    ("span", ("conv_1.sk.weight", "block_1.c1_r.sk.weight", "upsampler.0.weight")),
    ("swinir", ("conv_first.weight", "layers.0.residual_group.blocks.0.norm1.weight")),
    ("dat", ("conv_first.weight", "layers.0.blocks.0.norm1.weight", "before_RG.1.weight")),
    ("hat", ("conv_first.weight", "layers.0.residual_group.overlap_attn.qkv.weight")),
    ("compact", ("body.0.weight", "body.1.weight", "body.2.weight")),
)
"""Layouts of upscaling networks: names that each of them has."""
_UPSCALER_WRAPPINGS = ("params_ema.", "params.", "module.", "netG.")
"""What training programs put before every name."""


def upscaler_layout(names: Collection[str]) -> str:
    """Which of the known upscaling networks has tensors of these names; empty when none."""
    bare = set(names)
    for wrapping in _UPSCALER_WRAPPINGS:
        bare |= {name.removeprefix(wrapping) for name in names if name.startswith(wrapping)}
    return next((layout for layout, wanted in _UPSCALERS if bare.issuperset(wanted)), "")


def upscaler(tensors: Tensors, _name: str) -> Identity | None:
    """A network that makes pictures larger."""
    layout = upscaler_layout(tensors.shapes.keys())
    return Identity(ModelKind.UPSCALER, variant=layout) if layout else None
