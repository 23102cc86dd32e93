"""Tells from the small JSON files of a diffusers folder what pipeline it holds, and whether it is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelKind, Prediction
from pipelines.library.scan import INDEX_NAME
from pipelines.library.sight import CLASSES, POINTS, POSE, SEGMENT_CLASSES, SEGMENTS
from pipelines.library.variants import prediction_of, variant_of

STARTER_MARK = "_handscroll_family"
"""A key of our own in model_index.json; diffusers ignores names that begin with an underscore."""
_MAX_JSON_BYTES = 1_000_000
_WEIGHTLESS = frozenset(
    {
        "scheduler", "tokenizer", "tokenizer_2", "tokenizer_3", "feature_extractor", "image_processor", "processor",
    }
)  # fmt: skip
_KNOWN_LIBRARIES = frozenset({"diffusers", "transformers", "stable_diffusion", "stable_diffusion_safe"})
_PIPELINES = (
    ("StableDiffusionXL", Family.SDXL),
    ("StableDiffusion3", Family.SD3),
    ("StableDiffusion", Family.SD1),
    ("Flux2", Family.FLUX2),
    ("Flux", Family.FLUX),
    ("QwenImage", Family.QWEN_IMAGE),
    ("ZImage", Family.Z_IMAGE),
    ("Wan", Family.WAN),
    ("LatentConsistency", Family.SD1),
)
"""Beginnings of pipeline class names, the longer before the shorter."""
_NOT_GENERATORS = (
    "Upscale",
    "Safe",
    "Depth2Img",
    "Gligen",
    "ControlNet",
    "PriorRedux",
    "InstructPix2Pix",
    "Pix2PixZero",
)


class FolderIdentity(NamedTuple):
    """What a folder was recognised as."""

    kind: ModelKind
    family: Family
    variant: str
    fault: str = ""
    """What is missing or unsafe, as a sentence; empty when it is whole."""
    prediction: Prediction = Prediction.UNKNOWN
    zero_terminal_snr: bool = False
    quantized: str = ""


_VARIANTS_BY_PIPELINE = (
    ("FluxFill", "fill"),
    ("FluxKontext", "kontext"),
    ("FluxControl", "control"),
    ("Flux2Klein", "klein"),
    ("QwenImageEditPlus", "edit-plus"),
    ("QwenImageEdit", "edit"),
    ("QwenImageLayered", "layered"),
    ("ZImageOmni", "omni"),
    ("StableDiffusionXLInstruct", "edit"),
    ("LatentConsistency", "lcm"),
    ("WanImageToVideo", "i2v"),
    ("WanVACE", "vace"),
    ("WanAnimate", "control"),
)
"""Variants that have a pipeline class of their own, the longer names before the shorter."""


def identify_folder(folder: Path, name: str = "") -> FolderIdentity:
    """What the diffusers folder is. Raises ModelError when model_index.json cannot be read.

    `name`: what people call it, where that is not the folder's own name.
    """
    index = _read_json(folder / INDEX_NAME)
    parts = _components(index)
    unet = _read_json_or_empty(folder / "unet" / "config.json")
    transformer = _read_json_or_empty(folder / "transformer" / "config.json")
    scheduler = _read_json_or_empty(folder / "scheduler" / "scheduler_config.json")
    family = _family(index, unet)
    return FolderIdentity(
        ModelKind.DIFFUSERS,
        family,
        _variant(index, unet, transformer) or variant_of(family, name or folder.name, {}),
        _fault(folder, parts),
        _prediction(family, scheduler),
        scheduler.get("rescale_betas_zero_snr") is True,
        _packing(unet) or _packing(transformer),
    )


def _variant(index: Mapping[str, Any], unet: Mapping[str, Any], transformer: Mapping[str, Any]) -> str:
    pipeline = str(index.get("_class_name"))
    channels = unet.get("in_channels")
    if channels in (9, 8, 5):
        return {9: "inpaint", 8: "edit", 5: "depth"}[channels]
    by_class = (variant for start, variant in _VARIANTS_BY_PIPELINE if pipeline.startswith(start))
    if named := _variant_of_wan(index, transformer) or next(by_class, ""):
        return named
    if unet.get("cross_attention_dim") == 1280:
        return "refiner"
    if pipeline.startswith("Flux") and transformer.get("in_channels") == 384:
        return "fill"
    if pipeline.startswith("FluxP") and transformer.get("guidance_embeds") is False:
        return "schnell"
    return ""


def _variant_of_wan(index: Mapping[str, Any], transformer: Mapping[str, Any]) -> str:
    """What its pipelines share a class for; empty for other families, too."""
    if not str(index.get("_class_name")).startswith("Wan"):
        return ""
    if "transformer_2" in index and index["transformer_2"] != [None, None]:
        return "a14b"
    if index.get("expand_timesteps") is True:
        return "ti2v"
    return "first-last" if transformer.get("pos_embed_seq_len") else ""


def _prediction(family: Family, scheduler: Mapping[str, Any]) -> Prediction:
    told = scheduler.get("prediction_type")
    if told in ("v_prediction", "epsilon"):
        return Prediction.V_PREDICTION if told == "v_prediction" else Prediction.EPSILON
    is_flow = "FlowMatch" in str(scheduler.get("_class_name")) or told == "flow_prediction"
    return Prediction.FLOW if is_flow else prediction_of(family, "", {})


def _packing(config: Mapping[str, Any]) -> str:
    told = config.get("quantization_config")
    table = cast("dict[str, Any]", told) if isinstance(told, dict) else {}
    return str(table.get("bnb_4bit_quant_type") or table.get("quant_method") or "")[:20]


CONFIG_NAME = "config.json"
_PARTS: tuple[tuple[str, ModelKind, str], ...] = (
    ("ControlNetUnionModel", ModelKind.CONTROLNET, "union"),
    ("QwenImageControlNet", ModelKind.CONTROLNET, ""),
    ("ZImageControlNet", ModelKind.CONTROLNET, ""),
    ("FluxControlNet", ModelKind.CONTROLNET, ""),
    ("SD3ControlNet", ModelKind.CONTROLNET, ""),
    ("ControlNetModel", ModelKind.CONTROLNET, ""),
    ("T2IAdapter", ModelKind.T2I_ADAPTER, ""),
    ("AutoencoderTiny", ModelKind.VAE, "tiny"),
    ("AutoencoderKLQwenImage", ModelKind.VAE, "wan"),
    ("AutoencoderKLWan", ModelKind.VAE, "wan"),
    ("AutoencoderKL", ModelKind.VAE, ""),
    ("UNet2DConditionModel", ModelKind.TRANSFORMER, ""),
    ("SD3Transformer", ModelKind.TRANSFORMER, ""),
    ("Flux2Transformer", ModelKind.TRANSFORMER, ""),
    ("FluxTransformer", ModelKind.TRANSFORMER, ""),
    ("QwenImageTransformer", ModelKind.TRANSFORMER, ""),
    ("ZImageTransformer", ModelKind.TRANSFORMER, ""),
    ("WanTransformer", ModelKind.TRANSFORMER, ""),
    ("ReduxImageEncoder", ModelKind.IP_ADAPTER, "redux"),
    ("BlipForConditionalGeneration", ModelKind.CAPTIONER, "blip"),
    ("Florence2ForConditionalGeneration", ModelKind.CAPTIONER, "florence2"),
    ("SmolVLMForConditionalGeneration", ModelKind.CAPTIONER, "smolvlm"),
    ("Idefics3ForConditionalGeneration", ModelKind.CAPTIONER, "idefics3"),
    *((name, ModelKind.ANNOTATOR, seen) for name, seen in CLASSES.items()),
    ("CLIPVisionModel", ModelKind.IMAGE_ENCODER, ""),
    ("CLIPModel", ModelKind.IMAGE_ENCODER, ""),
    ("SiglipVisionModel", ModelKind.IMAGE_ENCODER, "siglip"),
    ("SiglipModel", ModelKind.IMAGE_ENCODER, "siglip"),
    ("CLIPTextModel", ModelKind.TEXT_ENCODER, ""),
    ("UMT5EncoderModel", ModelKind.TEXT_ENCODER, "umt5-xxl"),
    ("T5", ModelKind.TEXT_ENCODER, ""),
    ("Qwen2_5_VL", ModelKind.TEXT_ENCODER, "qwen2.5-vl"),
    ("Qwen3", ModelKind.TEXT_ENCODER, "qwen3"),
    ("Mistral3", ModelKind.TEXT_ENCODER, "mistral"),
)
"""Beginnings of the class names of single parts, the longer before the shorter."""
_CONTEXTS = {768: Family.SD1, 1024: Family.SD2, 2048: Family.SDXL}


def identify_part(folder: Path) -> FolderIdentity:
    """What a folder with the weights and the config.json of a single part is; kind UNKNOWN when it is none we know.

    Raises ModelError when its config.json cannot be read.
    """
    config = _read_json(folder / CONFIG_NAME)
    class_name = _class_name(config)
    if not class_name and (folder / _TAGS).is_file():
        sentence = f"{folder.name} is a tagger made with timm, which Handscroll does not come with. {_OTHERS}"
        return FolderIdentity(ModelKind.CAPTIONER, Family.UNKNOWN, "tagger", sentence)
    for start, kind, variant in _PARTS:
        if class_name.startswith(start):
            family = _part_family(class_name, config)
            return FolderIdentity(
                kind,
                family,
                variant or _part_variant(kind, config),
                _foreign_fault(folder, kind, config) or _weights_fault(folder, "."),
                quantized=_packing(config),
            )
    return FolderIdentity(ModelKind.UNKNOWN, Family.UNKNOWN, "")


def _class_name(config: Mapping[str, Any]) -> str:
    names = config.get("architectures")
    first = cast("list[object]", names)[0] if isinstance(names, list) and names else ""
    return str(config.get("_class_name") or first)


_TAGS = "selected_tags.csv"
"""What taggers of the WD14 kind have beside their weights."""
_OTHERS = "Use BLIP, Florence-2 or SmolVLM to describe pictures."


def _foreign_fault(folder: Path, kind: ModelKind, config: Mapping[str, Any]) -> str:
    """A sentence for captioning models that only run with code of their own, and for annotators that see something
    else."""
    labels = config.get("id2label")
    seen = CLASSES.get(_class_name(config)) if kind is ModelKind.ANNOTATOR else None
    if seen == POSE and isinstance(labels, dict) and (count := len(cast("dict[str, Any]", labels))) not in POINTS:
        return (
            f"{folder.name} sees {count} points of a body; control models follow people as COCO has them, with 17 "
            "points, or with 133 or 308, hands and face included. Use a network that was trained with those."
        )
    if seen == SEGMENTS:
        count = len(cast("dict[str, Any]", labels)) if isinstance(labels, dict) else 2
        if count == SEGMENT_CLASSES:
            return ""
        return (
            f"{folder.name} sees {count} classes of things; control models follow the {SEGMENT_CLASSES} of ADE20K. "
            "Use a network that was trained with those."
        )
    vision = config.get("vision_config")
    is_davit = isinstance(vision, dict) and cast("dict[str, Any]", vision).get("model_type") == "davit"
    if kind is not ModelKind.CAPTIONER or not is_davit:
        return ""
    return (
        f"{folder.name} is Florence-2 in its first form, which runs code of its own. "
        "Use the one of florence-community instead: the same weights, without code."
    )


def _part_family(class_name: str, config: Mapping[str, Any]) -> Family:
    for start, family in (("SD3", Family.SD3), *_PIPELINES):
        if class_name.startswith(start) and not start.startswith("Stable"):
            return family
    if class_name.startswith("Redux"):
        return Family.FLUX
    if class_name.startswith("T2I"):
        return Family.SDXL if "xl" in str(config.get("adapter_type")) else Family.SD1
    return _CONTEXTS.get(_number(config.get("cross_attention_dim")), Family.UNKNOWN)


def _part_variant(kind: ModelKind, config: Mapping[str, Any]) -> str:
    width = _number(config.get("hidden_size")) or _number(config.get("d_model"))
    if kind is ModelKind.VAE:
        channels = _number(config.get("latent_channels"))
        return f"{channels}-channel" if channels else ""
    if kind is ModelKind.TEXT_ENCODER and config.get("model_type") == "t5":
        return {4096: "t5-xxl", 2048: "t5-xl", 1024: "t5-large", 768: "t5-base"}.get(width, "t5")
    if kind is ModelKind.TEXT_ENCODER:
        return {768: "clip-l", 1024: "clip-h", 1280: "clip-g"}.get(width, "clip")
    if kind is ModelKind.IMAGE_ENCODER:
        return {1024: "clip-vit-l", 1280: "clip-vit-h", 1664: "clip-vit-bigg"}.get(width, "clip-vision")
    channels = _number(config.get("in_channels"))
    if kind is ModelKind.TRANSFORMER:
        return {9: "inpaint", 8: "edit", 384: "fill"}.get(channels, "")
    return ""


def _number(value: object) -> int:
    return value if type(value) is int else 0


def _family(index: Mapping[str, Any], unet: Mapping[str, Any]) -> Family:
    if index.get(STARTER_MARK) == Family.STARTER.value:
        return Family.STARTER
    pipeline = index.get("_class_name")
    if not isinstance(pipeline, str) or any(word in pipeline for word in _NOT_GENERATORS):
        return Family.UNKNOWN
    for start, family in _PIPELINES:
        if pipeline.startswith(start):
            wide = family is Family.SD1 and unet.get("cross_attention_dim") == 1024
            return Family.SD2 if wide else family
    return Family.UNKNOWN


def _components(index: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Name of each part that must be there -> (library, class)."""
    parts: dict[str, tuple[str, str]] = {}
    for name, value in index.items():
        if name.startswith("_") or not isinstance(value, list):
            continue
        pair = cast("list[object]", value)
        if len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], str):
            parts[name] = (pair[0], pair[1])
    return parts


def _fault(folder: Path, parts: Mapping[str, tuple[str, str]]) -> str:
    if not parts:
        return f"The model folder {folder.name} is incomplete: its {INDEX_NAME} names no parts."
    for name, (library, _class) in parts.items():
        if Path(name).name != name or name in (".", ".."):
            return f"The model folder {folder.name} names a part outside itself, which is not allowed."
        if library not in _KNOWN_LIBRARIES:
            return (
                f"The model folder {folder.name} wants to run code of its own ('{library[:60]}'). "
                "Handscroll runs only models made of diffusers' and transformers' parts."
            )
        if name in {"safety_checker", "feature_extractor"}:
            continue  # never loaded, so they may be missing
        if not (folder / name).is_dir():
            return f"The model folder {folder.name} is incomplete: its part '{name}' is missing. Copy it again."
        if name not in _WEIGHTLESS and (fault := _weights_fault(folder, name)):
            return fault
    return ""


def _weights_fault(folder: Path, name: str) -> str:
    where = f"The model folder {folder.name}" if name == "." else f"The part '{name}' of the model folder {folder.name}"
    try:
        suffixes = {entry.suffix for entry in (folder / name).iterdir()}
    except OSError as error:
        return f"The part '{name}' of the model folder {folder.name} cannot be read: {error.strerror or error}."
    if ".safetensors" in suffixes:
        return ""
    if suffixes & {".bin", ".pt", ".ckpt"}:
        return f"{where} is pickled, and pickled files can run code. Convert it to safetensors and try again."
    return f"The model folder {folder.name} is incomplete: its part '{name}' has no weights. Copy it again."


def _read_json_or_empty(path: Path) -> Mapping[str, Any]:
    try:
        return _read_json(path)
    except ModelError:
        return {}


def _read_json(path: Path) -> Mapping[str, Any]:
    where = f"{path.parent.name}/{path.name}"
    try:
        if path.stat().st_size > _MAX_JSON_BYTES:
            raise ModelError(f"{where} is far larger than such a file can be; it is not a model's description.")
        data = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise ModelError(f"{where} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{where} is damaged: it is not valid JSON. Copy or download it again.") from error
    if not isinstance(data, dict):
        raise ModelError(f"{where} is damaged: it does not describe a model. Copy or download it again.")
    return cast("dict[str, Any]", data)
