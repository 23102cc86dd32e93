"""Tells denoising networks apart: whole checkpoints, and networks by themselves."""

from __future__ import annotations

from pipelines.contract.models import Family, ModelKind, Prediction
from pipelines.library.tensors import CONTEXT_WIDTHS, Identity, Tensors
from pipelines.library.variants import prediction_of, variant_of

_UNET = "model.diffusion_model."
_PART_MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("vae", ("first_stage_model.", "vae.")),
    ("text_encoder", (
        "cond_stage_model.", "conditioner.embedders.0.", "text_encoders.clip_l.", "text_encoders.qwen",
        "text_encoders.umt5", "text_encoders.mistral", "text_encoders.t5xxl.",
    )),
    ("text_encoder_2", ("conditioner.embedders.1.", "text_encoders.clip_g.", "text_encoders.t5xxl.")),
    ("text_encoder_3", ("text_encoders.t5xxl.",)),
    ("image_encoder", ("clip_vision.",)),
)  # fmt: skip
"""Parts in a whole checkpoint, by what their names begin with. Which encoder is which the family decides."""


def unet(tensors: Tensors, name: str) -> Identity | None:
    """A Stable Diffusion UNet, with or without its other parts, in the original names or in diffusers'."""
    prefix = tensors.prefix_of("input_blocks.0.0.weight")
    if prefix is None:
        return _diffusers_unet(tensors, name)
    family, variant = _unet_family(tensors, prefix), ""
    channels = tensors.side(1, prefix + "input_blocks.0.0.weight")
    variant = {9: "inpaint", 8: "edit", 5: "depth", 7: "upscale"}.get(channels, "")
    has_one_encoder = tensors.begins("conditioner.embedders.0.model.") and not tensors.begins(
        "conditioner.embedders.1."
    )
    if has_one_encoder or tensors.side(0, prefix + "input_blocks.0.0.weight") == 384:
        family, variant = Family.SDXL, "refiner"
    return _unet_identity(tensors, name, family, variant)


def _diffusers_unet(tensors: Tensors, name: str) -> Identity | None:
    prefix = tensors.prefix_of("down_blocks.0.resnets.0.conv1.weight")
    if prefix is None or not tensors.has(prefix + "conv_in.weight") or not tensors.begins(prefix + "time_embedding."):
        return None
    width = tensors.width_of("attn2.to_k.weight")
    channels = tensors.side(1, prefix + "conv_in.weight")
    family = CONTEXT_WIDTHS.get(width, Family.UNKNOWN)
    return _unet_identity(tensors, name, family, {9: "inpaint", 8: "edit"}.get(channels, ""))


def _unet_identity(tensors: Tensors, name: str, family: Family, structure: str) -> Identity:
    holds = ("unet", *_parts(tensors, family))
    kind = ModelKind.CHECKPOINT if len(holds) > 1 else ModelKind.TRANSFORMER
    marked = tensors.has("v_pred") or tensors.has("model.v_pred")
    prediction = Prediction.V_PREDICTION if marked else prediction_of(family, name, tensors.metadata)
    if tensors.has("edm_mean"):  # Playground 2.5: another noise schedule and other latents
        family = Family.UNKNOWN
    variant = structure or variant_of(family, name, tensors.metadata)
    is_zero = tensors.has("ztsnr") or tensors.has("model.ztsnr")
    return Identity(kind, family, variant, prediction, is_zero, holds=holds)


def _unet_family(tensors: Tensors, prefix: str) -> Family:
    if tensors.begins("conditioner.embedders.1."):
        return Family.SDXL
    if tensors.begins("cond_stage_model.transformer."):
        return Family.SD1
    if tensors.begins("cond_stage_model.model."):
        return Family.SD2
    width = tensors.width_of("attn2.to_k.weight", within=prefix)
    return CONTEXT_WIDTHS.get(width, Family.UNKNOWN)


_TRANSFORMERS: tuple[tuple[Family, tuple[str, ...]], ...] = (
    (Family.FLUX2, (
        "single_stream_modulation.lin.weight",
        "single_stream_modulation.linear.weight",
        "double_stream_modulation_img.linear.weight",
    )),
    (Family.SD3, ("joint_blocks.0.context_block.adaLN_modulation.1.bias", "joint_blocks.0.x_block.attn.qkv.weight")),
    (Family.WAN, ("head.modulation", "condition_embedder.text_embedder.linear_1.weight")),
    (Family.QWEN_IMAGE, ("txt_norm.weight", "transformer_blocks.0.img_mlp.net.0.proj.weight")),
    (Family.Z_IMAGE, ("cap_pad_token", "layers.0.adaLN_modulation.0.weight", "all_x_embedder.2-1.weight")),
    (Family.FLUX, (
        "double_blocks.0.img_attn.norm.key_norm.scale",
        "double_blocks.0.img_attn.qkv.weight",
        "single_transformer_blocks.0.proj_mlp.weight",
    )),
)  # fmt: skip
_FOREIGN = (
    "distilled_guidance_layer.in_proj.bias", "txtfusion.projector.weight", "txt_in.text_norm.weight",
    "txt_in.individual_token_refiner.blocks.0.adaLN_modulation.1.bias", "early_stream_modulations.image.lin.weight",
    "double_stream_blocks.0.block.adaLN_modulation.1.bias",
    "double_layers.0.attn.w1q.weight", "patchify_proj.weight",
)  # fmt: skip
"""Keys of relatives (Chroma, Hunyuan and others) that share names with the families above but are none of them."""


def transformer(tensors: Tensors, name: str) -> Identity | None:
    """A diffusion transformer, by itself or with its other parts."""
    if tensors.prefix_of(*_FOREIGN) is not None:
        return Identity(ModelKind.TRANSFORMER)
    for family, marks in _TRANSFORMERS:
        prefix = tensors.prefix_of(*marks)
        if prefix is not None:
            return _transformer_identity(tensors, name, family, prefix)
    prefix = tensors.prefix_of("context_embedder.weight")
    if prefix is not None and tensors.has(prefix + "pos_embed.proj.weight"):
        return _transformer_identity(tensors, name, Family.SD3, prefix)
    return None


def _transformer_identity(tensors: Tensors, name: str, family: Family, prefix: str) -> Identity:
    holds = ("transformer", *_parts(tensors, family))
    kind = ModelKind.CHECKPOINT if len(holds) > 1 else ModelKind.TRANSFORMER
    structure = _STRUCTURES[family](tensors, prefix) if family in _STRUCTURES else ""
    variant = structure or variant_of(family, name, tensors.metadata)
    return Identity(kind, family, variant, Prediction.FLOW, holds=holds)


def _flux(tensors: Tensors, prefix: str) -> str:
    channels = tensors.side(1, prefix + "img_in.weight", prefix + "x_embedder.weight")
    if channels in (384, 128):
        return {384: "fill", 128: "control"}[channels]
    guided = tensors.begins(prefix + "guidance_in.", prefix + "time_text_embed.guidance_embedder.")
    complete = tensors.begins(prefix + "time_in.", prefix + "time_text_embed.")
    return "schnell" if complete and not guided else ""


def _flux2(tensors: Tensors, prefix: str) -> str:
    width = tensors.side(0, prefix + "img_in.weight", prefix + "x_embedder.weight")
    return {3072: "klein", 4096: "klein-9b"}.get(width, "")


def _sd3(tensors: Tensors, prefix: str) -> str:
    if tensors.begins(prefix + "joint_blocks.37.", prefix + "transformer_blocks.37."):
        return "large" if not _is_turbo(tensors) else "large-turbo"
    if tensors.begins(prefix + "joint_blocks.0.x_block.attn2.", prefix + "transformer_blocks.0.attn2."):
        return "3.5-medium"
    return ""


def _is_turbo(tensors: Tensors) -> bool:
    return "turbo" in tensors.metadata.get("modelspec.title", "").lower()


def _qwen(tensors: Tensors, prefix: str) -> str:
    return "edit-plus" if tensors.has(prefix + "__index_timestep_zero__") else ""


def _z_image(tensors: Tensors, prefix: str) -> str:
    return "omni" if tensors.begins(prefix + "siglip_embedder.") else ""


def _wan(tensors: Tensors, prefix: str) -> str:
    if tensors.begins(prefix + "vace_blocks."):
        return "vace"
    seen = tensors.side(1, prefix + "patch_embedding.weight")
    given = tensors.side(0, prefix + "head.head.weight", prefix + "proj_out.weight")
    if seen == _WAN_FIRST_FRAME:
        looking = (prefix + "img_emb.", prefix + "condition_embedder.image_embedder.")
        if tensors.begins(looking[0] + "emb_pos", looking[1] + "pos_embed"):
            return "first-last"
        return "i2v" if tensors.begins(*looking) else "a14b"  # Wan 2.2 knows the first frame by its channels alone
    if seen == _WAN_WIDE:
        return "ti2v" if given in (0, 4 * _WAN_WIDE) else "control"
    return ""


_WAN_FIRST_FRAME = 36
"""Channels of a network of Wan that is shown the first frame: 16 of its own, 16 of the frame, and where that is."""
_WAN_WIDE = 48
"""Channels of Wan 2.2 TI2V, and of networks with 16 of their own that follow another clip."""
_STRUCTURES = {
    Family.FLUX: _flux,
    Family.FLUX2: _flux2,
    Family.SD3: _sd3,
    Family.QWEN_IMAGE: _qwen,
    Family.Z_IMAGE: _z_image,
    Family.WAN: _wan,
}
"""What the tensors themselves tell of the variant."""


def _parts(tensors: Tensors, family: Family) -> list[str]:
    """Text encoders and VAE in the file, by the names that diffusers gives them in this family."""
    found = [part for part, marks in _PART_MARKS if tensors.begins(*marks)]
    if family is not Family.SD3 and "text_encoder_3" in found:
        found.remove("text_encoder_3")
    if family in (Family.SD3, Family.SDXL):
        if not tensors.begins("text_encoders.clip_l.", "conditioner.embedders.0.") and "text_encoder" in found:
            found.remove("text_encoder")
        if not tensors.begins("text_encoders.clip_g.", "conditioner.embedders.1.") and "text_encoder_2" in found:
            found.remove("text_encoder_2")
    if family is Family.FLUX and not tensors.begins("text_encoders.clip_l.") and "text_encoder" in found:
        found.remove("text_encoder")
    return found
