"""One row per model family the engine can run: its pipelines, its sizes, its files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from pipelines.contract.errors import InvalidRequestError, ModelError
from pipelines.contract.models import Family, ModelInfo
from pipelines.contract.request import GenerationRequest, Task
from pipelines.engine.flow.schedule import FlowSchedule, linear_shift, measured_shift
from pipelines.engine.layouts import CLIPS, FRAMES, MAPS, MAPS_16, PATCHES, TOKENS, VIDEO_TOKENS, Layout
from pipelines.engine.reading import SeeingSpeech
from pipelines.engine.speech import (
    DistilledSpeech,
    LayeredSpeech,
    ListedSpeech,
    MaskedSpeech,
    PooledSpeech,
    SentenceSpeech,
    Speech,
)

_CLIP = Speech()


class Sees(Enum):
    """What a family or variant looks at."""

    NOTHING = 0
    MASKED = 1
    """The picture without what is to be painted, and where that is."""
    PICTURES = 2
    """Pictures as they are: the request's own, and references."""


@dataclass(frozen=True)
class Clips:
    """How a family makes a picture move; pipeline classes by their names in diffusers."""

    from_words: str = ""
    """Without a picture; empty: it needs one."""
    from_picture: str = ""
    """Shown the first frame; empty: a picture that stands still is painted over, as far as the strength says."""
    pictures: bool = True
    """Whether it paints single pictures, too."""


@dataclass(frozen=True)
class Architecture:
    """What the engine must know of a family; pipeline classes by their names in diffusers."""

    family: Family
    text_to_image: str
    image_to_image: str = ""
    """Empty for flow matching: there the first pipeline serves every task."""
    inpaint: str = ""
    """For nine-channel UNets; four channels use image to image with a soft mask."""
    flow: FlowSchedule | None = None
    """How noise levels are laid out by families that match flows; None for those that predict noise."""
    layout: Layout = MAPS
    """How its latents lie."""
    speech: Speech = _CLIP
    """How prompts and guidance are said to it."""
    sees: Sees = Sees.NOTHING
    """What it looks at beside the picture that it paints."""
    variants: tuple[str, ...] = ()
    """The variants of the family that this row is for; empty: all that have no row of their own."""
    tokenizers: tuple[str, ...] = ("tokenizer",)
    """Folders that must hold a vocabulary."""
    unused: tuple[str, ...] = ()
    """Components of the folder that are never loaded."""
    clips: Clips | None = None
    """How it makes clips; None: it paints pictures only."""
    finishes: bool = False
    """Trained on the last steps alone: it goes on with a picture, and cannot begin one."""
    windows_of_latents: bool = False
    """Trained on windows cut from the latents of larger pictures: it knows nothing of what a VAE makes of a border."""


_UNUSED = ("safety_checker", "feature_extractor", "image_encoder")
_EVEN = FlowSchedule(linear_shift())
_SD1 = Architecture(
    Family.SD1,
    text_to_image="StableDiffusionPipeline",
    image_to_image="StableDiffusionImg2ImgPipeline",
    inpaint="StableDiffusionInpaintPipeline",
    unused=_UNUSED,
)
_SDXL = Architecture(
    Family.SDXL,
    text_to_image="StableDiffusionXLPipeline",
    image_to_image="StableDiffusionXLImg2ImgPipeline",
    inpaint="StableDiffusionXLInpaintPipeline",
    tokenizers=("tokenizer", "tokenizer_2"),
    unused=("feature_extractor", "image_encoder"),
    speech=PooledSpeech(),
)
_FLUX = Architecture(
    Family.FLUX,
    text_to_image="FluxPipeline",
    flow=_EVEN,
    layout=TOKENS,
    speech=DistilledSpeech(512),
    tokenizers=("tokenizer", "tokenizer_2"),
    unused=("feature_extractor", "image_encoder"),
)
_FLUX2 = Architecture(
    Family.FLUX2,
    text_to_image="Flux2Pipeline",
    flow=FlowSchedule(measured_shift),
    layout=PATCHES,
    speech=LayeredSpeech(512),
    sees=Sees.PICTURES,
)
_QWEN = Architecture(
    Family.QWEN_IMAGE,
    text_to_image="QwenImagePipeline",
    flow=_EVEN,
    layout=VIDEO_TOKENS,
    speech=MaskedSpeech(1024),
)

_WAN = Architecture(
    Family.WAN,
    text_to_image="WanPipeline",
    flow=_EVEN,
    layout=CLIPS,
    speech=SentenceSpeech(512),
    unused=("image_encoder", "image_processor", "transformer_2"),
    clips=Clips(from_words="WanPipeline"),
)

ARCHITECTURES = (
    _SD1,
    Architecture(
        Family.SD2,
        text_to_image="StableDiffusionPipeline",
        image_to_image="StableDiffusionImg2ImgPipeline",
        inpaint="StableDiffusionInpaintPipeline",
        unused=_UNUSED,
    ),
    Architecture(
        Family.STARTER,
        text_to_image="StableDiffusionPipeline",
        image_to_image="StableDiffusionImg2ImgPipeline",
        inpaint="StableDiffusionInpaintPipeline",
        unused=_UNUSED,
        windows_of_latents=True,
    ),
    _SDXL,
    replace(
        _SDXL,
        variants=("refiner",),
        text_to_image="StableDiffusionXLImg2ImgPipeline",
        tokenizers=("tokenizer_2",),
        finishes=True,
    ),
    Architecture(
        Family.SD3,
        text_to_image="StableDiffusion3Pipeline",
        flow=FlowSchedule(linear_shift(1.16), even=False),
        layout=MAPS_16,
        speech=PooledSpeech(256),
        tokenizers=("tokenizer", "tokenizer_2", "tokenizer_3"),
        unused=("feature_extractor", "image_encoder"),
    ),
    _FLUX,
    replace(_FLUX, variants=("fill",), sees=Sees.MASKED),
    replace(_FLUX, variants=("kontext",), sees=Sees.PICTURES),
    Architecture(
        Family.Z_IMAGE,
        text_to_image="ZImagePipeline",
        flow=_EVEN,
        layout=FRAMES,
        speech=ListedSpeech(512),
    ),
    _FLUX2,
    replace(_FLUX2, variants=("klein", "klein-base", "klein-9b"), text_to_image="Flux2KleinPipeline"),
    _QWEN,
    replace(
        _QWEN,
        variants=("edit",),
        speech=SeeingSpeech(1024, 1, 1024 * 1024, "QwenImageEditPipeline"),
        sees=Sees.PICTURES,
    ),
    replace(
        _QWEN,
        variants=("edit-plus",),
        speech=SeeingSpeech(1024, 3, 384 * 384, "QwenImageEditPlusPipeline"),
        sees=Sees.PICTURES,
    ),
    _WAN,
    replace(
        _WAN,
        variants=("i2v",),
        text_to_image="WanImageToVideoPipeline",
        unused=("transformer_2",),
        clips=Clips(from_picture="WanImageToVideoPipeline", pictures=False),
    ),
    replace(
        _WAN,
        variants=("ti2v",),
        clips=Clips(from_words="WanPipeline", from_picture="WanImageToVideoPipeline", pictures=False),
    ),
)


def check_task(info: ModelInfo, request: GenerationRequest) -> None:
    """Raises InvalidRequestError where models of the kind do not do what is asked, before they are loaded; ModelError
    when the engine cannot run the model at all."""
    row = architecture_of(info)
    clips = row.clips
    if row.finishes and request.task is Task.TEXT_TO_IMAGE:
        raise InvalidRequestError(
            "model",
            f"'{info.name}' is a refiner: it finishes what another model began. Paint with that one first, then refine "
            "the picture with this one (image to image at a low strength).",
        )
    if request.task is Task.ANIMATE:
        if clips is None:
            raise InvalidRequestError(
                "model", f"'{info.name}' paints pictures that stand still. To let a picture move, choose a Wan model."
            )
        if request.image is None and not clips.from_words:
            raise InvalidRequestError(
                "image", f"'{info.name}' lets a picture move and needs one. Paint or open one, and animate that."
            )
    elif clips is not None and not clips.pictures:
        raise InvalidRequestError(
            "model",
            f"'{info.name}' is made for clips: it lets a picture move, and paints none that stand still. Animate the "
            "frame with it, or choose another model to paint with.",
        )


def architecture_of(info: ModelInfo) -> Architecture:
    """The row of the model's family. Raises ModelError when the engine cannot run it."""
    if info.problem:
        raise ModelError(info.problem)
    rows = [row for row in ARCHITECTURES if row.family is info.family]
    special = [row for row in rows if info.variant in row.variants]
    plain = [row for row in rows if not row.variants]
    if special or plain:
        return (special or plain)[0]
    known = ", ".join(dict.fromkeys(row.family.value for row in ARCHITECTURES))
    raise ModelError(
        f"'{info.name}' is a model of the family {info.family.value}, which this version cannot run. "
        f"Choose a model of one of these families: {known}."
    )
