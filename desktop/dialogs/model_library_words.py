"""What models are called: kinds, families, variants, layouts of folders."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.spoken import spoken
from desktop.window_status import megabytes
from pipelines.contract.models import Family, ModelInfo, ModelKind, Prediction
from pipelines.library.families import named_family
from pipelines.library.layouts import LayoutName

PAINTERS = (ModelKind.CHECKPOINT, ModelKind.DIFFUSERS, ModelKind.TRANSFORMER)
KINDS = (
    *PAINTERS,
    ModelKind.LORA,
    ModelKind.TEXTUAL_INVERSION,
    ModelKind.VAE,
    ModelKind.CONTROLNET,
    ModelKind.T2I_ADAPTER,
    ModelKind.IP_ADAPTER,
    ModelKind.UPSCALER,
    ModelKind.CAPTIONER,
    ModelKind.ANNOTATOR,
    ModelKind.TEXT_ENCODER,
    ModelKind.IMAGE_ENCODER,
    ModelKind.UNKNOWN,
)
"""In the order in which they are listed."""
FAMILIES = (
    Family.STARTER,
    Family.SD1,
    Family.SD2,
    Family.SDXL,
    Family.SD3,
    Family.FLUX,
    Family.FLUX2,
    Family.QWEN_IMAGE,
    Family.Z_IMAGE,
    Family.WAN,
    Family.UNKNOWN,
)
FAMILY_NAMES = {
    Family.SD1: "SD 1.5", Family.SD2: "SD 2.x", Family.SDXL: "SDXL", Family.SD3: "SD 3.5", Family.FLUX: "FLUX.1",
    Family.FLUX2: "FLUX.2", Family.QWEN_IMAGE: "Qwen-Image", Family.Z_IMAGE: "Z-Image", Family.WAN: "Wan",
}  # fmt: skip
"""Families by the names people know; proper names, the same in every language."""
COLOURS = {
    Family.STARTER: "#6f7780",
    Family.SD1: "#4f8a5b",
    Family.SD2: "#3f8f8a",
    Family.SDXL: "#4577b8",
    Family.SD3: "#6a63b8",
    Family.FLUX: "#b8566b",
    Family.FLUX2: "#a5489a",
    Family.QWEN_IMAGE: "#8a6fc4",
    Family.Z_IMAGE: "#b07a2e",
    Family.WAN: "#8a8a3a",
    Family.UNKNOWN: "#6f7780",
}
"""Of the families' chips; dark enough for white letters."""


def kind_word(kind: ModelKind) -> str:
    """The kind in the present language."""
    translate = QCoreApplication.translate
    return {
        ModelKind.CHECKPOINT: translate("models", "Checkpoint"),
        ModelKind.DIFFUSERS: translate("models", "Diffusers folder"),
        ModelKind.TRANSFORMER: translate("models", "Diffusion model"),
        ModelKind.LORA: translate("models", "LoRA"),
        ModelKind.TEXTUAL_INVERSION: translate("models", "Textual inversion"),
        ModelKind.VAE: translate("models", "VAE"),
        ModelKind.CONTROLNET: translate("models", "ControlNet"),
        ModelKind.T2I_ADAPTER: translate("models", "T2I-Adapter"),
        ModelKind.IP_ADAPTER: translate("models", "IP-Adapter"),
        ModelKind.IMAGE_ENCODER: translate("models", "Image encoder"),
        ModelKind.TEXT_ENCODER: translate("models", "Text encoder"),
        ModelKind.UPSCALER: translate("models", "Upscaler"),
        ModelKind.CAPTIONER: translate("models", "Describes pictures"),
        ModelKind.ANNOTATOR: translate("models", "Sees depth, poses or segments"),
        ModelKind.UNKNOWN: translate("models", "Not recognised"),
    }[kind]


def family_word(family: Family) -> str:
    """The family's short name; proper names stay as they are."""
    if family is Family.UNKNOWN:
        return QCoreApplication.translate("models", "Unknown")
    return FAMILY_NAMES.get(family) or QCoreApplication.translate("models", "Starter")


def family_of(info: ModelInfo) -> str:
    """The family's short name; empty for what serves every family and is rightly of none."""
    family = named_family(info)
    return "" if family is None else family_word(family)


def prediction_word(prediction: Prediction) -> str:
    """What the network was trained to tell, as people write it."""
    translate = QCoreApplication.translate
    return {
        Prediction.EPSILON: "epsilon",
        Prediction.V_PREDICTION: "v-prediction",
        Prediction.FLOW: translate("models", "flow"),
        Prediction.UNKNOWN: translate("models", "as its family"),
    }[prediction]


def layout_word(layout: LayoutName) -> str:
    """Whose folder it is."""
    translate = QCoreApplication.translate
    return {
        LayoutName.A1111: translate("models", "Stable Diffusion WebUI (A1111)"),
        LayoutName.FORGE: translate("models", "Forge"),
        LayoutName.COMFYUI: translate("models", "ComfyUI"),
        LayoutName.INVOKEAI: translate("models", "InvokeAI"),
        LayoutName.DIFFUSERS: translate("models", "one diffusers model"),
        LayoutName.HUGGING_FACE: translate("models", "Hugging Face cache"),
        LayoutName.PLAIN: translate("models", "folder of models"),
    }[layout]


def facts_of(info: ModelInfo) -> str:
    """Kind, variant, packing and size in one line."""
    parts = [
        kind_word(info.kind),
        spoken(info.variant),
        info.quantized,
        megabytes(info.size_bytes) if info.size_bytes else "",
    ]
    return " · ".join(filter(None, parts))


def hash_words(file_hash: str) -> str:
    """A hash in groups of eight: readable, and narrow enough for the page."""
    return " ".join(file_hash[at : at + 8] for at in range(0, len(file_hash), 8))
