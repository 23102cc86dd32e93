"""Names and shapes by which real files of every family are told, one entry for each kind of file."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.contract.models import Family, ModelKind, Prediction
from tests.pipelines.header_files import SD1, SD1_INPAINT, SD2, SDXL, adapted, under

Shapes = dict[str, tuple[int, ...]]
_UNET = "model.diffusion_model."


class Case(NamedTuple):
    """A file and what it is."""

    name: str
    shapes: Shapes
    kind: ModelKind
    family: Family = Family.UNKNOWN
    variant: str = ""
    prediction: Prediction = Prediction.UNKNOWN
    metadata: dict[str, str] | None = None


def flux(channels: int = 64, *, guided: bool = True) -> Shapes:
    """BFL's names."""
    shapes: Shapes = {
        "img_in.weight": (3072, channels),
        "time_in.in_layer.weight": (3072, 256),
        "double_blocks.0.img_attn.norm.key_norm.scale": (128,),
        "double_blocks.0.img_attn.qkv.weight": (9216, 3072),
        "single_blocks.0.linear1.weight": (21504, 3072),
    }
    return shapes | ({"guidance_in.in_layer.bias": (3072,)} if guided else {})


def flux2(width: int) -> Shapes:
    """BFL's names."""
    return {
        "img_in.weight": (width, 128),
        "single_stream_modulation.lin.weight": (3 * width, width),
        "double_blocks.0.img_attn.norm.key_norm.scale": (128,),
    }


def sd3(blocks: int, *, dual: bool = False) -> Shapes:
    """Stability's names."""
    shapes: Shapes = {
        "x_embedder.proj.weight": (1536, 16, 2, 2),
        "joint_blocks.0.context_block.adaLN_modulation.1.bias": (9216,),
        f"joint_blocks.{blocks - 1}.x_block.attn.qkv.weight": (4608, 1536),
    }
    return shapes | ({"joint_blocks.0.x_block.attn2.qkv.weight": (4608, 1536)} if dual else {})


QWEN: Shapes = {
    "img_in.weight": (3072, 64),
    "txt_norm.weight": (3584,),
    "transformer_blocks.0.attn.add_k_proj.weight": (3072, 3072),
    "transformer_blocks.0.img_mlp.net.0.proj.weight": (12288, 3072),
}
Z_IMAGE: Shapes = {
    "cap_pad_token": (1, 3840),
    "cap_embedder.0.weight": (2560,),
    "layers.0.adaLN_modulation.0.weight": (15360, 256),
    "layers.0.attention.qkv.weight": (11520, 3840),
}


def wan(channels: int, *, looks: bool = False) -> Shapes:
    """Wan's own names."""
    own = {"patch_embedding.weight": (5120, channels, 1, 2, 2), "head.modulation": (1, 2, 5120)}
    return own | ({"img_emb.proj.1.weight": (1280, 1280)} if looks else {})


_REFINER: Shapes = {
    _UNET + "input_blocks.0.0.weight": (384, 4, 3, 3),
    "conditioner.embedders.0.model.positional_embedding": (77, 1280),
    "first_stage_model.decoder.conv_in.weight": (512, 4, 3, 3),
}
_VAE_PARTS: Shapes = {"encoder.conv_in.weight": (128, 3, 3, 3)}
_SD3_WHOLE = under(_UNET, sd3(24)) | {
    "first_stage_model.decoder.conv_in.weight": (512, 16, 3, 3),
    "text_encoders.clip_l.transformer.text_model.embeddings.position_embedding.weight": (77, 768),
    "text_encoders.clip_g.transformer.text_model.embeddings.position_embedding.weight": (77, 1280),
    "text_encoders.t5xxl.transformer.shared.weight": (32128, 4096),
}
_CKPT, _NET, _FLOW = ModelKind.CHECKPOINT, ModelKind.TRANSFORMER, Prediction.FLOW
_V = Prediction.V_PREDICTION
_XL_ILL = {"modelspec.title": "Illustrious-XL-v1.0"}

PAINTERS = [
    Case("dreamshaper_8", SD1, _CKPT, Family.SD1),
    Case("sd-v1-5-inpainting", SD1_INPAINT, _CKPT, Family.SD1, "inpaint"),
    Case("LCM_Dreamshaper_v7", SD1, _CKPT, Family.SD1, "lcm"),
    Case("v2-1_512-ema-pruned", SD2, _CKPT, Family.SD2, "", Prediction.EPSILON),
    Case("v2-1_768-ema-pruned", SD2, _CKPT, Family.SD2, "", _V),
    Case("odd", SD2, _CKPT, Family.SD2, "", _V, {"modelspec.prediction_type": "v"}),
    Case("sd_xl_base_1.0", SDXL, _CKPT, Family.SDXL),
    Case("sd_xl_refiner_1.0", _REFINER, _CKPT, Family.SDXL, "refiner"),
    Case("xl-inpaint", SDXL | {_UNET + "input_blocks.0.0.weight": (320, 9, 3, 3)}, _CKPT, Family.SDXL, "inpaint"),
    Case("sd_xl_turbo_1.0_fp16", SDXL, _CKPT, Family.SDXL, "turbo"),
    Case("DreamShaperXL_Lightning", SDXL, _CKPT, Family.SDXL, "lightning"),
    Case("ponyDiffusionV6XL", SDXL, _CKPT, Family.SDXL, "pony"),
    Case("mix", SDXL, _CKPT, Family.SDXL, "illustrious", metadata=_XL_ILL),
    Case("noobaiXLNAIXL_vPred10", SDXL | {"v_pred": (1,), "ztsnr": (1,)}, _CKPT, Family.SDXL, "noobai", _V),
    Case("sd3_medium", under(_UNET, sd3(24)), _NET, Family.SD3, "", _FLOW),
    Case("sd3_medium_incl_clips_t5xxlfp16", _SD3_WHOLE, _CKPT, Family.SD3, "", _FLOW),
    Case("sd3.5_large", under(_UNET, sd3(38)), _NET, Family.SD3, "large", _FLOW),
    Case("sd3.5_medium", under(_UNET, sd3(24, dual=True)), _NET, Family.SD3, "3.5-medium", _FLOW),
    Case("flux1-dev", flux(), _NET, Family.FLUX, "", _FLOW),
    Case("flux1-schnell", flux(guided=False), _NET, Family.FLUX, "schnell", _FLOW),
    Case("flux1-krea-dev", flux(), _NET, Family.FLUX, "krea", _FLOW),
    Case("flux1-fill-dev", flux(384), _NET, Family.FLUX, "fill", _FLOW),
    Case("flux1-canny-dev", flux(128), _NET, Family.FLUX, "control", _FLOW),
    Case("flux1-dev-kontext_fp8_scaled", under(_UNET, flux()), _NET, Family.FLUX, "kontext", _FLOW),
    Case(
        "flux1-dev-fp8",
        under(_UNET, flux()) | {
            "vae.decoder.conv_in.weight": (512, 16, 3, 3),
            "text_encoders.clip_l.transformer.text_model.embeddings.position_embedding.weight": (77, 768),
            "text_encoders.t5xxl.transformer.shared.weight": (32128, 4096),
        },
        _CKPT, Family.FLUX, "", _FLOW,
    ),
    Case("flux2-dev", flux2(6144), _NET, Family.FLUX2, "", _FLOW),
    Case("flux-2-klein-4b", flux2(3072), _NET, Family.FLUX2, "klein", _FLOW),
    Case("flux-2-klein-9b", flux2(4096), _NET, Family.FLUX2, "klein-9b", _FLOW),
    Case("qwen_image_bf16", QWEN, _NET, Family.QWEN_IMAGE, "", _FLOW),
    Case("qwen_image_edit_fp8_e4m3fn", QWEN, _NET, Family.QWEN_IMAGE, "edit", _FLOW),
    Case("qwen_image_edit_2509", QWEN, _NET, Family.QWEN_IMAGE, "edit-plus", _FLOW),
    Case("z_image_turbo_bf16", Z_IMAGE, _NET, Family.Z_IMAGE, "turbo", _FLOW),
    Case("wan2.1_t2v_14B", wan(16), _NET, Family.WAN, "", _FLOW),
    Case("wan2.1_i2v_480p_14B", wan(36, looks=True), _NET, Family.WAN, "i2v", _FLOW),
    Case("wan2.2_i2v_A14B", wan(36), _NET, Family.WAN, "a14b", _FLOW),
    Case("wan2.2_t2v_high_noise_14B_fp8_scaled", wan(16), _NET, Family.WAN, "a14b", _FLOW),
    Case("wan2.1_flf2v_720p_14B", wan(36) | {"img_emb.emb_pos": (1, 514, 1280)}, _NET, Family.WAN, "first-last", _FLOW),
    Case("wan2.1_fun_control", wan(48) | {"head.head.weight": (64, 1536)}, _NET, Family.WAN, "control", _FLOW),
    Case("wan2.2_ti2v_5B", wan(48), _NET, Family.WAN, "ti2v", _FLOW),
    Case("chroma", flux() | {"distilled_guidance_layer.in_proj.bias": (8,)}, _NET),
    Case("something", {"something.else": (2, 2)}, ModelKind.UNKNOWN),
    Case("empty", {}, ModelKind.UNKNOWN),
]  # fmt: skip

_LORA, _ATTN2 = ModelKind.LORA, "attentions_0_transformer_blocks_0_attn2_to_k"
_PEFT = (".lora_A.weight", ".lora_B.weight")
LORAS = [
    Case("sd1 kohya", adapted({f"lora_unet_down_blocks_1_{_ATTN2}": (320, 768)}), _LORA, Family.SD1),
    Case("sd2 kohya", adapted({f"lora_unet_down_blocks_1_{_ATTN2}": (320, 1024)}), _LORA, Family.SD2),
    Case("sdxl kohya", adapted({f"lora_unet_down_blocks_1_{_ATTN2}": (640, 2048)}), _LORA, Family.SDXL),
    Case("sdxl te", adapted({"lora_te2_text_model_encoder_layers_0_mlp_fc1": (5120, 1280)}), _LORA, Family.SDXL),
    Case(
        "sdxl sgm",
        adapted({"lora_unet_input_blocks_7_1_transformer_blocks_9_attn1_to_q": (1280, 1280)}),
        _LORA,
        Family.SDXL,
    ),
    Case("sd1 te", adapted({"lora_te_text_model_encoder_layers_0_mlp_fc1": (3072, 768)}), _LORA, Family.SD1),
    Case(
        "sdxl diffusers",
        adapted({"unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k": (640, 2048)}, *_PEFT),
        _LORA,
        Family.SDXL,
    ),
    Case(
        "sd1 old diffusers",
        {"unet.mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora.down.weight": (4, 768)},
        _LORA,
        Family.SD1,
    ),
    Case(
        "sd1 loha",
        {
            f"lora_unet_down_blocks_1_{_ATTN2}.hada_w1_a": (320, 4),
            f"lora_unet_down_blocks_1_{_ATTN2}.hada_w1_b": (4, 768),
        },
        _LORA,
        Family.SD1,
        "loha",
    ),
    Case(
        "sdxl lokr",
        {f"lora_unet_down_blocks_1_{_ATTN2}.lokr_w1": (8, 8), f"lora_unet_down_blocks_1_{_ATTN2}.lokr_w2": (80, 256)},
        _LORA,
        Family.SDXL,
        "lokr",
    ),
    Case(
        "sd1 dora",
        adapted({f"lora_unet_down_blocks_1_{_ATTN2}": (320, 768)})
        | {f"lora_unet_down_blocks_1_{_ATTN2}.dora_scale": (1, 768)},
        _LORA,
        Family.SD1,
        "dora",
    ),
    Case("sd1 full", {f"lora_unet_down_blocks_1_{_ATTN2}.diff": (320, 768)}, _LORA, Family.SD1, "full"),
    Case(
        "flux kohya",
        adapted(
            {"lora_unet_double_blocks_0_img_mlp_0": (12288, 3072), "lora_unet_single_blocks_0_linear1": (21504, 3072)}
        ),
        _LORA,
        Family.FLUX,
    ),
    Case(
        "flux with te",
        adapted(
            {
                "lora_te1_text_model_encoder_layers_0_mlp_fc1": (3072, 768),
                "lora_unet_double_blocks_0_img_attn_proj": (3072, 3072),
            }
        ),
        _LORA,
        Family.FLUX,
    ),
    Case(
        "flux diffusers",
        adapted({"transformer.single_transformer_blocks.0.proj_mlp": (12288, 3072)}, *_PEFT),
        _LORA,
        Family.FLUX,
    ),
    Case(
        "flux double only",
        adapted({"transformer.transformer_blocks.18.attn.to_q": (3072, 3072)}, *_PEFT),
        _LORA,
        Family.FLUX,
    ),
    Case("flux2 kohya", adapted({"lora_unet_single_blocks_0_linear1": (55296, 6144)}), _LORA, Family.FLUX2),
    Case(
        "flux2 diffusers",
        adapted({"transformer.single_transformer_blocks.0.attn.to_qkv_mlp_proj": (27648, 3072)}, *_PEFT),
        _LORA,
        Family.FLUX2,
    ),
    Case("sd3 kohya", adapted({"lora_unet_joint_blocks_0_x_block_attn_qkv": (4608, 1536)}), _LORA, Family.SD3),
    Case(
        "sd3 diffusers",
        adapted({"transformer.transformer_blocks.0.attn.to_q": (1536, 1536)}, *_PEFT),
        _LORA,
        Family.SD3,
    ),
    Case(
        "qwen diffusers",
        adapted({"transformer.transformer_blocks.59.attn.to_q": (3072, 3072)}, *_PEFT),
        _LORA,
        Family.QWEN_IMAGE,
    ),
    Case(
        "qwen kohya",
        adapted({"lora_unet_transformer_blocks_0_img_mlp_net_0_proj": (12288, 3072)}),
        _LORA,
        Family.QWEN_IMAGE,
    ),
    Case("z-image", adapted({"diffusion_model.layers.0.attention.to_q": (3840, 3840)}, *_PEFT), _LORA, Family.Z_IMAGE),
    Case("wan", adapted({"diffusion_model.blocks.0.self_attn.q": (5120, 5120)}, *_PEFT), _LORA, Family.WAN),
    Case("wan kohya", adapted({"lora_unet_blocks_0_cross_attn_k": (5120, 5120)}), _LORA, Family.WAN),
    Case(
        "notes only",
        adapted({"lora_unet_x": (8, 8)}),
        _LORA,
        Family.SDXL,
        metadata={"ss_base_model_version": "sdxl_base_v1-0"},
    ),
    Case("nobody knows", adapted({"lora_unet_x": (8, 8)}), _LORA),
]

_CN, _IP, _TI = ModelKind.CONTROLNET, ModelKind.IP_ADAPTER, ModelKind.TEXTUAL_INVERSION
_CN_ATTN = "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
_DIFF_ATTN = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight"
ADD_ONS = [
    Case("badhand", {"emb_params": (4, 768)}, _TI, Family.SD1),
    Case("mine", {"<mine>": (2, 1024)}, _TI, Family.SD2),
    Case("negativeXL", {"clip_l": (4, 768), "clip_g": (4, 1280)}, _TI, Family.SDXL),
    Case(
        "control_v11p_sd15_canny",
        {"control_model.time_embed.0.weight": (8, 8), "control_model." + _CN_ATTN: (320, 768)},
        _CN,
        Family.SD1,
        "canny",
    ),
    Case(
        "sdxl-depth",
        {"controlnet_cond_embedding.conv_in.weight": (16, 3, 3, 3), _DIFF_ATTN: (640, 2048)},
        _CN,
        Family.SDXL,
        "depth",
    ),
    Case(
        "sdxl small",
        {"controlnet_cond_embedding.conv_in.weight": (16, 3, 3, 3), "add_embedding.linear_1.weight": (1280, 2816)},
        _CN,
        Family.SDXL,
    ),
    Case(
        "promax",
        {
            "controlnet_cond_embedding.conv_in.weight": (16, 3, 3, 3),
            "control_add_embedding.linear_1.weight": (1280, 2048),
            _DIFF_ATTN: (640, 2048),
        },
        _CN,
        Family.SDXL,
        "union",
    ),
    Case(
        "lllite",
        {"lllite_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q.down.0.weight": (16, 640)},
        _CN,
        Family.SDXL,
        "lllite",
    ),
    Case(
        "flux union",
        {
            "controlnet_x_embedder.weight": (3072, 64),
            "controlnet_mode_embedder.weight": (10, 3072),
            "controlnet_blocks.0.weight": (3072, 3072),
            "x_embedder.weight": (3072, 64),
        },
        _CN,
        Family.FLUX,
        "union",
    ),
    Case(
        "xlabs canny",
        {
            "controlnet_blocks.0.weight": (3072, 3072),
            "double_blocks.0.img_attn.qkv.weight": (9216, 3072),
            "input_hint_block.0.weight": (16, 3, 3, 3),
        },
        _CN,
        Family.FLUX,
        "canny",
    ),
    Case(
        "sd3 tile",
        {"controlnet_blocks.0.weight": (1536, 1536), "pos_embed_input.proj.weight": (1536, 16, 2, 2)},
        _CN,
        Family.SD3,
        "tile",
    ),
    Case(
        "qwen union",
        {
            "controlnet_x_embedder.weight": (3072, 64),
            "txt_norm.weight": (3584,),
            "controlnet_blocks.0.weight": (3072, 3072),
        },
        _CN,
        Family.QWEN_IMAGE,
        "union",
    ),
    Case(
        "z control",
        {"control_layers.0.adaLN_modulation.0.weight": (15360, 256), "control_all_x_embedder.2-1.weight": (3840, 64)},
        _CN,
        Family.Z_IMAGE,
        "union",
    ),
    Case(
        "t2iadapter_sketch",
        {"conv_in.weight": (320, 64, 3, 3), "body.0.block1.weight": (320, 320, 3, 3)},
        ModelKind.T2I_ADAPTER,
        Family.SD1,
        "scribble",
    ),
    Case(
        "t2i-canny-xl",
        {"adapter.conv_in.weight": (320, 768, 3, 3), "adapter.body.0.resnets.0.block1.weight": (320, 320, 3, 3)},
        ModelKind.T2I_ADAPTER,
        Family.SDXL,
        "canny",
    ),
    Case(
        "ip-adapter_sd15",
        {"image_proj.proj.weight": (3072, 1024), "ip_adapter.1.to_k_ip.weight": (320, 768)},
        _IP,
        Family.SD1,
    ),
    Case(
        "ip-adapter-plus_sdxl",
        {"image_proj.latents": (1, 16, 1280), "ip_adapter.1.to_k_ip.weight": (640, 2048)},
        _IP,
        Family.SDXL,
        "plus",
    ),
    Case(
        "faceid",
        {
            "image_proj.proj.0.weight": (1024, 512),
            "ip_adapter.0.to_q_lora.down.weight": (128, 320),
            "ip_adapter.1.to_k_ip.weight": (320, 768),
        },
        _IP,
        Family.SD1,
        "faceid",
    ),
    Case(
        "flux1-redux-dev",
        {"redux_up.weight": (12288, 1152), "redux_down.weight": (4096, 12288)},
        _IP,
        Family.FLUX,
        "redux",
    ),
    Case(
        "xlabs ip",
        {
            "double_blocks.0.processor.ip_adapter_double_stream_k_proj.weight": (3072, 4096),
            "ip_adapter_proj_model.proj.weight": (16384, 768),
        },
        _IP,
        Family.FLUX,
    ),
]

_VAE, _TEXT, _EYE = ModelKind.VAE, ModelKind.TEXT_ENCODER, ModelKind.IMAGE_ENCODER


def clip(width: int) -> Shapes:
    """transformers' names."""
    return {
        "text_model.embeddings.token_embedding.weight": (49408, width),
        "text_model.encoder.layers.0.mlp.fc1.weight": (4 * width, width),
    }


def t5(words: int, width: int = 4096) -> Shapes:
    """transformers' names."""
    return {"shared.weight": (words, width), "encoder.block.0.layer.0.SelfAttention.q.weight": (width, width)}


def language_model(width: int, mark: str) -> Shapes:
    """transformers' names."""
    layer = "model.layers.0.self_attn."
    return {"model.embed_tokens.weight": (151936, width), layer + "q_proj.weight": (width, width), layer + mark: (128,)}


AE: Shapes = _VAE_PARTS | {"decoder.conv_in.weight": (512, 16, 3, 3)}
WAN_VAE: Shapes = {"decoder.middle.0.residual.0.gamma": (384, 1, 1, 1), "decoder.conv1.weight": (384, 16, 3, 3, 3)}
PARTS = [
    Case(
        "vae-ft-mse-840000-ema-pruned",
        _VAE_PARTS | {"decoder.conv_in.weight": (512, 4, 3, 3)},
        _VAE,
        Family.SD1,
        "4-channel",
    ),
    Case("sdxl_vae", _VAE_PARTS | {"decoder.conv_in.weight": (512, 4, 3, 3)}, _VAE, Family.SDXL, "4-channel"),
    Case(
        "some",
        under("first_stage_model.", _VAE_PARTS | {"decoder.conv_in.weight": (512, 4, 3, 3)}),
        _VAE,
        Family.UNKNOWN,
        "4-channel",
    ),
    Case("ae", AE, _VAE, Family.FLUX, "16-channel"),
    Case(
        "flux2-vae",
        _VAE_PARTS | {"decoder.conv_in.weight": (512, 32, 3, 3), "bn.running_mean": (128,)},
        _VAE,
        Family.FLUX2,
        "32-channel",
    ),
    Case("wan_2.1_vae", WAN_VAE, _VAE, Family.WAN, "wan"),
    Case("qwen_image_vae", WAN_VAE, _VAE, Family.QWEN_IMAGE, "wan"),
    Case("wan2.2_vae", WAN_VAE | {"decoder.conv1.weight": (1024, 48, 3, 3, 3)}, _VAE, Family.WAN, "wan-48"),
    Case("clip_l", clip(768), _TEXT, variant="clip-l"),
    Case("clip_g", clip(1280), _TEXT, variant="clip-g"),
    Case(
        "open clip h",
        {"token_embedding.weight": (49408, 1024), "transformer.resblocks.0.mlp.c_fc.weight": (4096, 1024)},
        _TEXT,
        variant="clip-h",
    ),
    Case("t5xxl_fp16", t5(32128), _TEXT, variant="t5-xxl"),
    Case("umt5_xxl", t5(256384), _TEXT, variant="umt5-xxl"),
    Case(
        "qwen_2.5_vl_7b",
        language_model(3584, "q_proj.bias") | {"visual.blocks.0.attn.qkv.weight": (3840, 1280)},
        _TEXT,
        variant="qwen2.5-vl",
    ),
    Case("qwen_3_4b", language_model(2560, "q_norm.weight"), _TEXT, variant="qwen3"),
    Case("qwen_3_8b", language_model(4096, "q_norm.weight"), _TEXT, variant="qwen3-8b"),
    Case(
        "clip_vision_h",
        {"vision_model.embeddings.patch_embedding.weight": (1280, 3, 14, 14)},
        _EYE,
        variant="clip-vit-h",
    ),
    Case(
        "clip_vision_g",
        {"vision_model.embeddings.patch_embedding.weight": (1664, 3, 14, 14)},
        _EYE,
        variant="clip-vit-bigg",
    ),
    Case(
        "sigclip",
        {"vision_model.embeddings.patch_embedding.weight": (1152, 3, 14, 14), "vision_model.head.probe": (1, 1, 1152)},
        _EYE,
        variant="siglip",
    ),
    Case(
        "4x_foolhardy",
        {"model.0.weight": (64, 3, 3, 3), "model.1.sub.0.RDB1.conv1.0.weight": (32, 64, 3, 3)},
        ModelKind.UPSCALER,
        variant="esrgan",
    ),
]

CASES = [*PAINTERS, *LORAS, *ADD_ONS, *PARTS]
