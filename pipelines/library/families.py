"""What is known about each model family: how the form starts, and whether Handscroll can run it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind, Prediction, SchedulerName

GENERATION_KINDS = frozenset({ModelKind.CHECKPOINT, ModelKind.DIFFUSERS, ModelKind.TRANSFORMER})
"""The kinds that paint: a transformer together with its companions."""

OF_NO_FAMILY = frozenset(
    {ModelKind.UPSCALER, ModelKind.CAPTIONER, ModelKind.ANNOTATOR, ModelKind.TEXT_ENCODER, ModelKind.IMAGE_ENCODER}
)
"""Kinds that serve models of any family, or no model at all."""

SUPPORTED = frozenset(
    {
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
    }
)
"""Families the engine can run; the others are recognised, listed and explained."""

SINGLE_FILES = SUPPORTED - {Family.STARTER}
"""Families whose single files can be opened; the others need a diffusers folder."""

FROM_PARTS = frozenset({Family.SD3, Family.FLUX, Family.FLUX2, Family.QWEN_IMAGE, Family.Z_IMAGE, Family.WAN})
"""Families whose single files may lack text encoders and VAE: those come from files of their own."""

PACKINGS = frozenset({"fp8", "gguf"})
"""Ways of packing weights that can be read, by the first word of `ModelInfo.quantized`."""

_SHOWN = frozenset({"i2v", "ti2v"})
"""Variants of Wan that are shown the first frame of a clip."""

_PIX2PIX = "an instruction-editing model with eight channels, which this version of Handscroll cannot run."
REFUSED: dict[tuple[Family, str], str] = {
    (Family.SD1, "edit"): _PIX2PIX,
    (Family.SD2, "edit"): _PIX2PIX,
    (Family.SDXL, "edit"): _PIX2PIX,
    (Family.FLUX, "control"): "a model that follows edges or depth alone, which this version of Handscroll cannot run.",
    (Family.QWEN_IMAGE, "layered"): "a model that paints layers, which this version of Handscroll cannot run.",
    (Family.Z_IMAGE, "omni"): "an editing model of a form that this version of Handscroll cannot run.",
    (Family.Z_IMAGE, "edit"): "an editing model of a form that this version of Handscroll cannot run.",
    (Family.SD2, "depth"): "a model that needs a depth map with every picture; this version of Handscroll gives none.",
    (Family.WAN, "a14b"): (
        "one of the two networks of Wan 2.2 A14B, which this version of Handscroll cannot run together. Use Wan 2.2 "
        "TI2V 5B or Wan 2.1."
    ),
    (Family.WAN, "vace"): "a Wan model that edits clips (VACE), which this version of Handscroll cannot run.",
    (Family.WAN, "first-last"): "a Wan model between two pictures, which this version of Handscroll cannot run.",
    (Family.WAN, "control"): "a Wan model that follows other clips, which this version of Handscroll cannot run.",
    (Family.SD2, "upscale"): "a model that enlarges pictures by painting, which this version of Handscroll cannot run.",
}
"""Variants that the engine cannot run although it runs their family, each with the rest of a sentence."""

_DEFAULTS = {
    Family.STARTER: ModelDefaults(14, 2.0, native_size=256, min_size=256),
    Family.SD1: ModelDefaults(20, 7.0, native_size=512, min_size=512),
    Family.SD2: ModelDefaults(20, 7.0, native_size=768, min_size=512),
    Family.SDXL: ModelDefaults(25, 6.0, native_size=1024, min_size=768),
    Family.SD3: ModelDefaults(28, 5.0, native_size=1024, min_size=768),
    Family.FLUX: ModelDefaults(28, 3.5, native_size=1024, min_size=512, negative_prompt=False),
    Family.FLUX2: ModelDefaults(28, 4.0, native_size=1024, min_size=512, negative_prompt=False),
    Family.QWEN_IMAGE: ModelDefaults(30, 4.0, native_size=1328, min_size=768),
    Family.Z_IMAGE: ModelDefaults(28, 5.0, native_size=1024, min_size=512),
    Family.WAN: ModelDefaults(30, 5.0, native_size=640, min_size=480),
}

_OF_VARIANTS: dict[tuple[Family, str], dict[str, Any]] = {
    (Family.SD1, "lcm"): {"num_inference_steps": 6, "guidance_scale": 1.5, "scheduler": SchedulerName.LCM},
    (Family.SD1, "turbo"): {"num_inference_steps": 4, "guidance_scale": 1.0, "negative_prompt": False},
    (Family.SD2, "turbo"): {
        "num_inference_steps": 4,
        "guidance_scale": 1.0,
        "native_size": 512,
        "negative_prompt": False,
    },
    (Family.SDXL, "lcm"): {"num_inference_steps": 6, "guidance_scale": 1.5, "scheduler": SchedulerName.LCM},
    (Family.SDXL, "turbo"): {
        "num_inference_steps": 4,
        "guidance_scale": 1.0,
        "native_size": 512,
        "min_size": 512,
        "negative_prompt": False,
    },
    (Family.SDXL, "lightning"): {"num_inference_steps": 8, "guidance_scale": 1.0, "negative_prompt": False},
    (Family.SDXL, "hyper"): {"num_inference_steps": 8, "guidance_scale": 1.0, "negative_prompt": False},
    (Family.SD3, "turbo"): {"num_inference_steps": 4, "guidance_scale": 1.0, "negative_prompt": False},
    (Family.SD3, "large-turbo"): {"num_inference_steps": 4, "guidance_scale": 1.0, "negative_prompt": False},
    (Family.FLUX, "schnell"): {"num_inference_steps": 4, "guidance_scale": 1.0},
    (Family.FLUX, "fill"): {"num_inference_steps": 50, "guidance_scale": 30.0},
    (Family.FLUX, "kontext"): {"guidance_scale": 2.5},
    (Family.FLUX, "krea"): {"guidance_scale": 4.5},
    (Family.FLUX2, "klein"): {"num_inference_steps": 4, "guidance_scale": 1.0},
    (Family.FLUX2, "klein-9b"): {"num_inference_steps": 4, "guidance_scale": 1.0},
    (Family.FLUX2, "klein-base"): {"num_inference_steps": 50, "guidance_scale": 4.0, "negative_prompt": True},
    (Family.QWEN_IMAGE, "lightning"): {"num_inference_steps": 8, "guidance_scale": 1.0, "negative_prompt": False},
    (Family.QWEN_IMAGE, "edit"): {"num_inference_steps": 40, "native_size": 1024},
    (Family.QWEN_IMAGE, "edit-plus"): {"num_inference_steps": 40, "native_size": 1024},
    (Family.WAN, "ti2v"): {"num_inference_steps": 40, "native_size": 960, "min_size": 512},
    (Family.WAN, "lightning"): {"num_inference_steps": 4, "guidance_scale": 1.0, "negative_prompt": False},
    (Family.Z_IMAGE, "turbo"): {"num_inference_steps": 9, "guidance_scale": 1.0, "negative_prompt": False},
}
"""Where a variant differs from its family."""

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
    ModelKind.T2I_ADAPTER: "a T2I-Adapter",
    ModelKind.IP_ADAPTER: "an IP-Adapter",
    ModelKind.IMAGE_ENCODER: "an image encoder",
    ModelKind.TEXT_ENCODER: "a text encoder",
    ModelKind.TRANSFORMER: "a denoising network",
    ModelKind.UPSCALER: "an upscaling model",
    ModelKind.CAPTIONER: "a captioning model",
    ModelKind.ANNOTATOR: "an annotator",
    ModelKind.CHECKPOINT: "a checkpoint",
    ModelKind.DIFFUSERS: "a diffusers folder",
}


def named_family(info: ModelInfo) -> Family | None:
    """The family under which a person looks for it: UNKNOWN where somebody should say which it is, None where there is
    nothing to say."""
    return None if info.family is Family.UNKNOWN and info.kind in OF_NO_FAMILY else info.family


def animates(info: ModelInfo) -> bool:
    """Whether it makes clips."""
    return info.family is Family.WAN and not info.problem


def only_animates(info: ModelInfo) -> bool:
    """Whether it makes clips and no pictures that stand still. It is shown the picture that is to move; other models
    that make clips paint over it, as far as the strength says."""
    return animates(info) and info.variant in _SHOWN


def animates_words(info: ModelInfo) -> bool:
    """Whether it makes clips of words alone, too."""
    return animates(info) and info.variant != "i2v"


def defaults_of(family: Family, variant: str = "") -> ModelDefaults:
    """What the form starts with for this family and variant; plain Stable Diffusion values for an unknown one."""
    return replace(_DEFAULTS.get(family, ModelDefaults()), **_OF_VARIANTS.get((family, variant), {}))


FLOW = frozenset({Family.SD3, Family.FLUX, Family.FLUX2, Family.QWEN_IMAGE, Family.Z_IMAGE, Family.WAN})
"""Families trained on straight lines from noise to picture."""
_FLOW_SCHEDULERS = (SchedulerName.DEFAULT, SchedulerName.EULER_FLOW, SchedulerName.HEUN_FLOW)
_NOT_FROM_PURE_NOISE = frozenset({SchedulerName.DPMPP_2M_KARRAS, SchedulerName.HEUN})
"""Those that cannot begin on a schedule whose last step is pure noise."""


def fitting_schedulers(info: ModelInfo | None) -> tuple[SchedulerName, ...]:
    """The schedulers that suit a model by what its files say, `DEFAULT` first; all but the flow ones for unknown."""
    if info is not None and (info.prediction is Prediction.FLOW or info.family in FLOW):
        return _FLOW_SCHEDULERS
    pure = info is not None and (info.zero_terminal_snr or info.family is Family.STARTER)
    return tuple(
        name for name in SchedulerName
        if name not in _FLOW_SCHEDULERS[1:] and not (pure and name in _NOT_FROM_PURE_NOISE)
    )  # fmt: skip


_ALONG_LINES = {SchedulerName.EULER: SchedulerName.EULER_FLOW, SchedulerName.HEUN: SchedulerName.HEUN_FLOW}
"""The same methods along straight lines; other programs call both by one name."""
_OVER_CURVES = {line: curve for curve, line in _ALONG_LINES.items()}


def nearest_scheduler(name: SchedulerName, info: ModelInfo | None) -> tuple[SchedulerName, bool]:
    """The scheduler that comes closest to `name` among those that suit the model, and whether it is the same method."""
    fitting = fitting_schedulers(info)
    if name in fitting:
        return name, True
    twin = (_ALONG_LINES | _OVER_CURVES).get(name)
    if twin is not None and twin in fitting:
        return twin, True
    if SchedulerName.EULER_FLOW in fitting:
        return SchedulerName.EULER_FLOW, False
    return (SchedulerName.DPMPP_2M if name is SchedulerName.DPMPP_2M_KARRAS else SchedulerName.EULER), False


def label_of(family: Family) -> str:
    """The family's name for people; its plain name where it has no other."""
    return _LABELS.get(family, str(family))


def kind_label(kind: ModelKind) -> str:
    """The kind with its article, for the middle of a sentence."""
    return _KINDS.get(kind, "a file of unknown kind")


def problem_of(info: ModelInfo, holds: Collection[str] = ()) -> str:
    """Why a sound file or folder cannot be used, as a sentence; empty when it can.

    `holds`: the parts that a single file has in it. Parts it lacks are another matter: `companions.paired`.
    """
    name, kind, family = info.name, info.kind, info.family
    if kind is ModelKind.UNKNOWN:
        return f"{name} is not a kind of model that Handscroll knows. If you know what it is, say so in the library."
    if kind not in GENERATION_KINDS:
        return ""
    if family is Family.UNKNOWN:
        return f"The family of {name} is not recognised. If you know it, say so in the library."
    if family not in SUPPORTED:
        return f"{name} is a {label_of(family)} model; this version of Handscroll cannot run that family yet."
    if sentence := REFUSED.get((family, info.variant)):
        return f"{name} is {sentence}"
    return "" if kind is ModelKind.DIFFUSERS else _problem_of_file(info, holds)


def _problem_of_file(info: ModelInfo, holds: Collection[str]) -> str:
    name, family = info.name, info.family
    if family not in SINGLE_FILES:
        return f"{name} is a single file of {label_of(family)}; that family runs from a diffusers folder only."
    if info.quantized and info.quantized.split("-")[0] not in PACKINGS:
        return f"{name} is packed as {info.quantized}, which Handscroll cannot read. Use an fp16, fp8 or GGUF file."
    if family not in FROM_PARTS and "unet" in holds and len(holds) < 3:
        return f"{name} holds only a UNet. Use a file that has the text encoder and the VAE in it as well."
    return ""
