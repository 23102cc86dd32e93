"""What a model is, as far as the window needs to know."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self


class ModelKind(StrEnum):
    """What a file or folder holds."""

    CHECKPOINT = "checkpoint"
    """One file with every weight of a pipeline, in the original key layout."""
    DIFFUSERS = "diffusers"
    """A folder with model_index.json."""
    LORA = "lora"
    TEXTUAL_INVERSION = "textual-inversion"
    VAE = "vae"
    CONTROLNET = "controlnet"
    UPSCALER = "upscaler"
    """A network that makes pictures larger, of the ESRGAN family or a relative."""
    UNKNOWN = "unknown"


class Family(StrEnum):
    """Model families by the names people use; the same names everywhere (`handscroll models matrix`)."""

    STARTER = "starter"
    SD1 = "sd1"
    SD2 = "sd2"
    SDXL = "sdxl"
    SD3 = "sd3"
    FLUX = "flux"
    FLUX2 = "flux2"
    QWEN_IMAGE = "qwen-image"
    Z_IMAGE = "z-image"
    WAN = "wan"
    UNKNOWN = "unknown"


class SchedulerName(StrEnum):
    """Schedulers by the names people know; `DEFAULT` is what the model's own files say."""

    DEFAULT = "default"
    EULER = "euler"
    EULER_A = "euler-a"
    DPMPP_2M = "dpmpp-2m"
    DPMPP_2M_KARRAS = "dpmpp-2m-karras"
    DPMPP_SDE = "dpmpp-2m-sde"
    UNIPC = "unipc"
    DDIM = "ddim"
    HEUN = "heun"
    LCM = "lcm"


@dataclass(frozen=True)
class ModelDefaults:
    """What the form starts with when this model is chosen."""

    num_inference_steps: int = 20
    guidance_scale: float = 7.0
    scheduler: SchedulerName = SchedulerName.DEFAULT
    native_size: int = 512
    """Side in pixels of the square the model was trained on."""
    min_size: int = 256
    """Smallest side in pixels the engine runs it at; smaller regions are enlarged."""


@dataclass(frozen=True)
class ModelInfo:
    """One entry of the model library."""

    id: str
    """Stable name in requests, settings and logs: `starter`, or the path in POSIX form."""
    name: str
    """For people."""
    path: str
    kind: ModelKind
    family: Family
    variant: str = ""
    """`inpaint` for nine-channel checkpoints, `v-prediction` and the like, else empty."""
    size_bytes: int = 0
    modified_ns: int = 0
    defaults: ModelDefaults = ModelDefaults()
    problem: str = ""
    """Why it cannot be used, as a sentence; empty when it can."""
    file_hash: str = ""
    """SHA-256 in hex of the file, or of a folder's list of such; empty while it is not known."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Reads what `to_dict` wrote."""
        values = dict(data)
        values["kind"] = ModelKind(values["kind"])
        values["family"] = Family(values["family"])
        defaults = dict(values.get("defaults") or {})
        if "scheduler" in defaults:
            defaults["scheduler"] = SchedulerName(defaults["scheduler"])
        values["defaults"] = ModelDefaults(**defaults)
        return cls(**values)
