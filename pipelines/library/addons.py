"""Tells what is added to a model: LoRAs of every naming, textual inversions, control networks, adapters."""

from __future__ import annotations

import re

from pipelines.contract.models import Family, ModelKind
from pipelines.library.tensors import CONTEXT_WIDTHS, Identity, Tensors
from pipelines.library.variants import words

_LORA_MARKS = (
    ".lora_down.", ".lora_up.", ".lora_A.", ".lora_B.", ".lora.down.", ".lora.up.", ".lora_linear_layer.",
    ".hada_w1", ".lokr_w1", ".lokr_w2", ".oft_blocks", ".oft_diag", "_lora.down.weight", "_lora.up.weight",
    ".proj_lora1.down.", ".qkv_lora1.down.", ".processor.qkv_lora.down.", ".lora_magnitude_vector",
)  # fmt: skip
_ALGORITHMS = (
    ("dora", (".dora_scale", ".lora_magnitude_vector")),
    ("loha", (".hada_w1",)),
    ("lokr", (".lokr_w1", ".lokr_w2")),
    ("oft", (".oft_blocks", ".oft_diag")),
)
"""Kinds of LyCORIS; what is none of them is a plain LoRA."""
_BASES = (
    ("sdxl", Family.SDXL), ("stable-diffusion-xl", Family.SDXL), ("sd_v1", Family.SD1), ("sd_v2", Family.SD2),
    ("stable-diffusion-v1", Family.SD1), ("stable-diffusion-v2", Family.SD2), ("stable-diffusion-v3", Family.SD3),
    ("sd3", Family.SD3), ("flux2", Family.FLUX2), ("flux-2", Family.FLUX2), ("flux.2", Family.FLUX2),
    ("flux", Family.FLUX), ("qwen", Family.QWEN_IMAGE), ("zimage", Family.Z_IMAGE), ("z-image", Family.Z_IMAGE),
    ("z_image", Family.Z_IMAGE), ("wan", Family.WAN),
)  # fmt: skip
"""Beginnings of what training programs call the model they trained for."""
_DEEP = tuple(f"transformer_blocks{mark}{number}{mark}" for mark in "._" for number in range(1, 10))
"""Only SDXL's UNet has more than one block in one place."""
_BLOCK = re.compile(r"(?:^|[._])transformer_blocks[._](\d+)[._]")


def lora(tensors: Tensors, _name: str) -> Identity | None:
    """A LoRA or one of its relatives, in the names of kohya, diffusers, PEFT, LyCORIS or the original networks."""
    full = tensors.begins("lora_unet_", "lycoris_", "lora_te") and tensors.contains(".diff\n", ".diff_b\n")
    if not full and not tensors.contains(*_LORA_MARKS):
        return None
    if tensors.has("lora_controlnet"):
        return Identity(ModelKind.CONTROLNET, _by_context(tensors), "control-lora")
    if tensors.begins("ip_adapter.", "image_proj."):  # a face adapter has a LoRA in it
        return None
    variant = next((kind for kind, marks in _ALGORITHMS if tensors.contains(*marks)), "full" if full else "")
    return Identity(ModelKind.LORA, lora_family(tensors), variant)


def lora_family(tensors: Tensors) -> Family:
    """The family a LoRA was trained for: by names and widths, then by its trainer's notes; else UNKNOWN."""
    for test in (_transformer_lora, _unet_lora):
        if (family := test(tensors)) is not Family.UNKNOWN:
            return family
    for note in ("modelspec.architecture", "ss_base_model_version"):
        base = tensors.metadata.get(note, "").lower()
        for start, family in _BASES:
            if base.startswith(start):
                return family
    return Family.UNKNOWN


_LORA_LAYERS: tuple[tuple[Family, tuple[str, ...]], ...] = (
    (Family.SD3, ("joint_blocks",)),
    (Family.Z_IMAGE, (
        "layers.0.attention.", "layers_0_attention_", "layers.0.feed_forward.", "layers_0_feed_forward_",
    )),
    (Family.WAN, (
        "blocks.0.self_attn.q.", "blocks_0_self_attn_q.", "blocks.0.cross_attn.q.", "blocks_0_cross_attn_",
        "transformer.blocks.0.attn1.", "transformer.blocks.0.attn2.",
    )),
)  # fmt: skip
_UNET_LAYERS = ("down_blocks", "up_blocks", "input_blocks", "output_blocks", "mid_block", "middle_block")


def _transformer_lora(tensors: Tensors) -> Family:
    if tensors.contains("double_blocks", "single_blocks", "single_transformer_blocks"):
        return _flux_lora(tensors)
    for family, layers in _LORA_LAYERS:
        if tensors.contains(*layers):
            is_relative = family is Family.Z_IMAGE and _width(tensors, "attention") not in (0, 3840)  # of Lumina
            return Family.UNKNOWN if is_relative else family
    return Family.UNKNOWN if tensors.contains(*_UNET_LAYERS) else _double_stream_lora(tensors)


def _flux_lora(tensors: Tensors) -> Family:
    """FLUX.2 shares FLUX.1's names; its gated layers are wider, and it has no modulation in each block."""
    if tensors.contains("to_qkv_mlp_proj", "double_stream_modulation", "single_stream_modulation"):
        return Family.FLUX2
    for ending, two in (("linear1", 9), ("img_mlp_0", 6), ("img_mlp.0", 6)):
        wide, narrow = _sides(tensors, ending)
        if wide and narrow:
            return Family.FLUX2 if wide == two * narrow else Family.FLUX
    return Family.FLUX


def _double_stream_lora(tensors: Tensors) -> Family:
    """SD3, FLUX and Qwen-Image call their blocks alike in diffusers; widths and the number of blocks differ."""
    numbers = [int(found[1]) for name in tensors.shapes if (found := _BLOCK.search(name))]
    if not numbers:
        return Family.UNKNOWN
    if tensors.contains("img_mlp", "txt_mlp", "img_mod", "txt_mod"):
        return Family.QWEN_IMAGE
    width = _width(tensors, "attn")
    if width in (1536, 2432):
        return Family.SD3
    if width == 3072:
        return Family.QWEN_IMAGE if max(numbers) > 18 else Family.FLUX
    return Family.UNKNOWN


def _unet_lora(tensors: Tensors) -> Family:
    if tensors.begins("lora_te2_", "text_encoder_2.") or tensors.contains("emb_layers.add", "add_embedding"):
        return Family.SDXL
    for ending in ("to_k", "to_v"):
        _, width = _sides(tensors, f"attn2_{ending}", f"attn2.{ending}", f"attn2.processor.{ending}_lora")
        if width in CONTEXT_WIDTHS:
            return CONTEXT_WIDTHS[width]
    if tensors.contains(*_DEEP):
        return Family.SDXL
    _, width = _sides(tensors, "mlp_fc1", "mlp.fc1")
    return {768: Family.SD1, 1024: Family.SD2}.get(width, Family.UNKNOWN)


def _width(tensors: Tensors, within: str) -> int:
    """What goes into the first layer of those names: the width of the network."""
    for key, shape in tensors.shapes.items():
        if (
            within in key
            and len(shape) >= 2
            and key.endswith(("lora_down.weight", "lora_A.weight", "lora.down.weight"))
        ):
            return shape[1]
    return 0


def _sides(tensors: Tensors, *layers: str) -> tuple[int, int]:
    """Outputs and inputs of the first layer whose name ends with one of these; 0 for what is not known."""
    if not tensors.contains(*layers):
        return 0, 0
    for key in tensors.shapes:
        if any(layer in key for layer in layers) and (stem := _stem(key)).endswith(layers):
            sides = _layer_sides(tensors, stem)
            if any(sides):
                return sides
    return 0, 0


_ENDINGS = (
    ".lora_down.weight", ".lora_up.weight", ".lora_A.weight", ".lora_B.weight", ".lora.down.weight", ".lora.up.weight",
    ".lora_A.default.weight", ".lora_B.default.weight", ".lora_linear_layer.down.weight",
    ".lora_linear_layer.up.weight", ".hada_w1_a", ".hada_w1_b", ".lokr_w1", ".lokr_w2", ".lokr_w2_a", ".lokr_w2_b",
    ".diff", ".down.weight", ".up.weight",
)  # fmt: skip


def _stem(key: str) -> str:
    return next((key[: -len(ending)] for ending in _ENDINGS if key.endswith(ending)), key)


def _layer_sides(tensors: Tensors, stem: str) -> tuple[int, int]:
    def named(*endings: str) -> list[str]:
        return [stem + ending for ending in endings]

    ups = named(*(e for e in _ENDINGS if "up" in e or "lora_B" in e or e in (".hada_w1_a", ".diff")))
    downs = named(*(e for e in _ENDINGS if "down" in e or "lora_A" in e or e in (".hada_w1_b", ".diff")))
    wide, narrow = tensors.side(0, *ups), tensors.side(1, *downs)
    if not narrow and (first := tensors.side(1, stem + ".lokr_w1", stem + ".lokr_w1_b")):
        narrow = first * tensors.side(1, stem + ".lokr_w2", stem + ".lokr_w2_b")
        wide = tensors.side(0, stem + ".lokr_w1", stem + ".lokr_w1_a")
        wide *= tensors.side(0, stem + ".lokr_w2", stem + ".lokr_w2_a")
    return wide, narrow


def textual_inversion(tensors: Tensors, _name: str) -> Identity | None:
    """Learned words. The width of the vectors tells which text encoder they are for."""
    kind = ModelKind.TEXTUAL_INVERSION
    if tensors.has("clip_l", "clip_g"):
        return Identity(kind, Family.SD3 if tensors.begins("t5") else Family.SDXL)
    if len(tensors.shapes) > 3 and not tensors.has("string_to_param", "string_to_token"):
        return None
    if tensors.has("string_to_param", "string_to_token"):  # a pickled one of A1111
        return Identity(kind)
    if tensors.has("clip_l") and tensors.begins("t5"):
        return Identity(kind, Family.FLUX)
    key, shape = next(iter(tensors.shapes.items()))
    width = shape[-1] if shape else 0
    is_small = len(shape) == 1 or (len(shape) == 2 and shape[0] <= 128)
    is_alone = len(tensors.shapes) == 1
    if is_alone and (key in ("emb_params", "clip_l", "*") or (key.startswith("<") and is_small)):
        return Identity(kind, {768: Family.SD1, 1024: Family.SD2}.get(width, Family.UNKNOWN))
    return None


_TASKS = (
    ("union", ("union", "promax")), ("canny", ("canny",)), ("depth", ("depth", "midas", "zoe")),
    ("pose", ("openpose", "pose", "dwpose")), ("lineart", ("lineart", "anime line")),
    ("scribble", ("scribble", "sketch")),
    ("softedge", ("softedge", "hed", "pidi")), ("mlsd", ("mlsd",)), ("normal", ("normal",)), ("seg", ("seg",)),
    ("inpaint", ("inpaint",)), ("tile", ("tile", "blur")), ("shuffle", ("shuffle",)), ("ip2p", ("ip2p", "pix2pix")),
    ("recolor", ("recolor", "gray")), ("color", ("color",)), ("qr", ("qr", "brightness")), ("style", ("style",)),
)  # fmt: skip
"""What a control network reads, by words of its name."""


def task_of(name: str, tensors: Tensors) -> str:
    """What a control network was trained to read, as far as its name tells."""
    text = words(name, tensors.metadata)
    return next((task for task, marks in _TASKS if any(f" {mark}" in text for mark in marks)), "")


def controlnet(tensors: Tensors, name: str) -> Identity | None:
    """ControlNets of UNets and transformers, in the original names and in diffusers'."""
    kind = ModelKind.CONTROLNET
    if tensors.begins("lllite_unet_"):
        return Identity(kind, Family.SDXL, "lllite")
    if tensors.prefix_of("control_layers.0.adaLN_modulation.0.weight", "control_all_x_embedder.2-1.weight") is not None:
        return Identity(kind, Family.Z_IMAGE, "union")
    if tensors.begins("controlnet_blocks.") or tensors.has("controlnet_x_embedder.weight"):
        is_union = tensors.begins("controlnet_mode_embedder.")
        return Identity(kind, _transformer_control(tensors), "union" if is_union else task_of(name, tensors))
    if tensors.begins("control_model.", "controlnet_cond_embedding.", "controlnet_down_blocks."):
        is_union = tensors.begins("control_add_embedding.", "task_embedding")
        return Identity(kind, _by_context(tensors), "union" if is_union else task_of(name, tensors))
    return None


def _by_context(tensors: Tensors) -> Family:
    width = tensors.width_of("attn2.to_k.weight")
    if width in CONTEXT_WIDTHS:
        return CONTEXT_WIDTHS[width]
    is_large = tensors.begins("add_embedding.", "control_model.label_emb.", "label_emb.")
    return Family.SDXL if is_large else Family.UNKNOWN


def _transformer_control(tensors: Tensors) -> Family:
    if tensors.begins("txt_norm.") or tensors.contains(".img_mlp."):
        return Family.QWEN_IMAGE
    if tensors.begins("pos_embed_input.", "joint_blocks.", "pos_embed."):
        return Family.SD3
    if tensors.begins("double_blocks.", "single_transformer_blocks.", "x_embedder.", "controlnet_x_embedder."):
        return Family.FLUX
    return Family.UNKNOWN


def t2i_adapter(tensors: Tensors, name: str) -> Identity | None:
    """T2I-Adapters, in the original names and in diffusers'. How far the picture is folded tells the family."""
    for prefix in ("adapter.", ""):
        if tensors.has(prefix + "conv_in.weight") and tensors.begins(prefix + "body.0."):
            inner = (prefix + "body.0.block1.weight", prefix + "body.0.resnets.0.block1.weight")
            if not any(tensors.has(one) for one in inner):
                continue
            folded = tensors.side(1, prefix + "conv_in.weight")
            family = {64: Family.SD1, 192: Family.SD1, 256: Family.SDXL, 768: Family.SDXL}.get(folded, Family.UNKNOWN)
            return Identity(ModelKind.T2I_ADAPTER, family, task_of(name, tensors))
    return None


def ip_adapter(tensors: Tensors, _name: str) -> Identity | None:
    """IP-Adapters and FLUX Redux: what lets a model look at pictures."""
    kind = ModelKind.IP_ADAPTER
    if tensors.has("redux_up.weight", "redux_down.weight"):
        return Identity(kind, Family.FLUX, "redux")
    if tensors.contains("ip_adapter_double_stream_k_proj"):
        return Identity(kind, Family.FLUX)
    # Pickled ones keep both parts in tables of their own, whose names stand alone.
    if not tensors.begins("ip_adapter.") or not tensors.begins("image_proj."):
        return None
    width = tensors.width_of("to_k_ip.weight", within="ip_adapter.")
    family = {**CONTEXT_WIDTHS, 4096: Family.FLUX, 3072: Family.FLUX}.get(width, Family.UNKNOWN)
    return Identity(kind, family, _ip_variant(tensors))


def _ip_variant(tensors: Tensors) -> str:
    if tensors.contains("_lora.down.weight") or tensors.has("image_proj.perceiver_resampler.proj_in.weight"):
        return "faceid-plus" if tensors.begins("image_proj.perceiver_resampler.") else "faceid"
    if tensors.has("image_proj.latents"):
        return "plus"
    if tensors.has("image_proj.proj.3.weight"):
        return "full-face"
    return "faceid" if tensors.has("image_proj.proj.0.weight") else ""
