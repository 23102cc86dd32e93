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
    T2I_ADAPTER = "t2i-adapter"
    IP_ADAPTER = "ip-adapter"
    """IP-Adapters and FLUX Redux: they let a model look at pictures."""
    IMAGE_ENCODER = "image-encoder"
    """What an IP-Adapter or Redux sees with: CLIP vision, SigLIP."""
    TEXT_ENCODER = "text-encoder"
    """CLIP, T5 or Qwen by itself; `variant` says which: `clip-l`, `clip-g`, `t5-xxl`, `umt5-xxl`, `qwen2.5-vl`,
    `qwen3` …"""
    TRANSFORMER = "transformer"
    """The denoising network alone; text encoders and VAE come from files of their own (`companions`)."""
    UPSCALER = "upscaler"
    """A network that makes pictures larger, of the ESRGAN family or a relative."""
    CAPTIONER = "captioner"
    """A network that says in words what a picture shows; its family is UNKNOWN, `variant` says which: `blip`,
    `florence2`, `smolvlm`."""
    ANNOTATOR = "annotator"
    """A network that sees what control layers follow in a picture; its family is UNKNOWN, `variant` says what it sees:
    `depth`, `pose`, `segments`, `people`."""
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
    EULER_FLOW = "flow-match-euler"
    HEUN_FLOW = "flow-match-heun"
    DPMPP_2M = "dpmpp-2m"
    DPMPP_2M_KARRAS = "dpmpp-2m-karras"
    DPMPP_SDE = "dpmpp-2m-sde"
    UNIPC = "unipc"
    DDIM = "ddim"
    HEUN = "heun"
    LCM = "lcm"


class DescriptionStyle(StrEnum):
    """How a picture is put into words."""

    SENTENCE = "sentence"
    DETAILED = "detailed"
    """Several sentences, where the model can; else one that is as long as possible."""
    TAGS = "tags"
    """Short words between commas."""


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
    negative_prompt: bool = True
    """Whether it follows a negative prompt; distilled models do not."""


class Prediction(StrEnum):
    """What the network of a diffusion model was trained to tell."""

    EPSILON = "epsilon"
    V_PREDICTION = "v-prediction"
    FLOW = "flow"
    UNKNOWN = ""
    """The file does not say: what is usual in its family."""


@dataclass(frozen=True)
class Companion:
    """A file that a model without it could not paint with."""

    part: str
    """The component's name in diffusers: `text_encoder`, `text_encoder_2`, `vae`."""
    path: str


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
    """What sets it apart within its family: `inpaint` (nine channels), `fill`, `edit`, `kontext`, `redux`, `schnell`,
    `turbo`, `lightning`, `lcm`, `refiner`, `pony`, `illustrious`, `noobai` …; empty for the plain one."""
    size_bytes: int = 0
    modified_ns: int = 0
    defaults: ModelDefaults = ModelDefaults()
    problem: str = ""
    """Why it cannot be used, as a sentence; empty when it can."""
    file_hash: str = ""
    """SHA-256 in hex of the file, or of a folder's list of such; empty while it is not known."""
    prediction: Prediction = Prediction.UNKNOWN
    zero_terminal_snr: bool = False
    """Trained on a schedule that ends in pure noise."""
    quantized: str = ""
    """How its weights are packed: `gguf-q8_0`, `fp8`, `nf4` …; empty: plain numbers."""
    companions: tuple[Companion, ...] = ()
    """For a `TRANSFORMER` (or a checkpoint that lacks parts): where its other parts are, as the library paired them."""
    parameters: int = 0
    """Numbers in its weights, as its header counts them; 0 where nobody counted."""

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
        values["prediction"] = Prediction(values.get("prediction", ""))
        values["companions"] = tuple(Companion(**one) for one in values.get("companions", ()))
        return cls(**values)
