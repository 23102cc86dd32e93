"""What is known about each model family: how the form starts, and whether Handscroll can run it."""

from __future__ import annotations

from pipelines.contract.models import Family, ModelDefaults, ModelKind

GENERATION_KINDS = frozenset({ModelKind.CHECKPOINT, ModelKind.DIFFUSERS})
"""The kinds that paint by themselves."""

SUPPORTED = frozenset({Family.STARTER, Family.SD1, Family.SD2, Family.SDXL})
"""Families the engine can run; the others are recognised, listed and explained."""

SINGLE_FILES = frozenset({Family.SD1, Family.SDXL})
"""Families whose single files can be opened; the others need a diffusers folder."""

_DEFAULTS = {
    Family.STARTER: ModelDefaults(14, 2.0, native_size=256, min_size=256),
    Family.SD1: ModelDefaults(20, 7.0, native_size=512, min_size=512),
    Family.SD2: ModelDefaults(20, 7.0, native_size=768, min_size=512),
    Family.SDXL: ModelDefaults(25, 6.0, native_size=1024, min_size=768),
    Family.SD3: ModelDefaults(28, 5.0, native_size=1024, min_size=768),
    Family.FLUX: ModelDefaults(28, 3.5, native_size=1024, min_size=512),
    Family.FLUX2: ModelDefaults(28, 4.0, native_size=1024, min_size=512),
    Family.QWEN_IMAGE: ModelDefaults(30, 4.0, native_size=1328, min_size=768),
    Family.Z_IMAGE: ModelDefaults(9, 1.0, native_size=1024, min_size=512),
    Family.WAN: ModelDefaults(30, 5.0, native_size=832, min_size=480),
}

_LABELS = {
    Family.SD1: "Stable Diffusion 1",
    Family.SD2: "Stable Diffusion 2",
    Family.SDXL: "Stable Diffusion XL",
    Family.SD3: "Stable Diffusion 3",
    Family.FLUX: "FLUX",
    Family.FLUX2: "FLUX.2",
    Family.QWEN_IMAGE: "Qwen-Image",
    Family.Z_IMAGE: "Z-Image",
    Family.WAN: "Wan",
}

_KINDS = {
    ModelKind.LORA: "a LoRA",
    ModelKind.TEXTUAL_INVERSION: "a textual inversion",
    ModelKind.VAE: "a VAE",
    ModelKind.CONTROLNET: "a ControlNet",
    ModelKind.UPSCALER: "an upscaling model",
    ModelKind.CHECKPOINT: "a checkpoint",
    ModelKind.DIFFUSERS: "a diffusers folder",
}


def defaults_of(family: Family) -> ModelDefaults:
    """What the form starts with for this family; plain Stable Diffusion values for an unknown one."""
    return _DEFAULTS.get(family, ModelDefaults())


def label_of(family: Family) -> str:
    """The family's name for people; its plain name where it has no other."""
    return _LABELS.get(family, str(family))


def kind_label(kind: ModelKind) -> str:
    """The kind with its article, for the middle of a sentence."""
    return _KINDS.get(kind, "a file of unknown kind")


def problem_of(name: str, kind: ModelKind, family: Family, variant: str = "") -> str:
    """Why a sound file of this kind, family and variant cannot be used, as a sentence; empty when it can."""
    if kind is ModelKind.UNKNOWN:
        return f"{name} is not a kind of model that Handscroll knows. If you know its family, say so in the library."
    if kind not in GENERATION_KINDS:
        return ""
    if family is Family.UNKNOWN:
        return f"The family of {name} is not recognised. If you know it, say so in the library."
    if family not in SUPPORTED:
        return f"{name} is a {label_of(family)} model; this version of Handscroll cannot run that family yet."
    return _problem_of_form(name, kind, family, variant)


def _problem_of_form(name: str, kind: ModelKind, family: Family, variant: str) -> str:
    if variant == "edit":
        return f"{name} is an instruction-editing model, which this version of Handscroll cannot run yet."
    if variant == "unet-only":
        return f"{name} holds only a UNet. Use a file that has the text encoder and the VAE in it as well."
    if kind is ModelKind.CHECKPOINT and family not in SINGLE_FILES:
        return f"{name} is a single file of {label_of(family)}; that family runs from a diffusers folder only."
    return ""
