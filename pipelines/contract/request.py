"""What the window asks of the engine. A request speaks canvas pixels and diffusers' parameter names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipelines.contract.control import ControlKind
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.models import SchedulerName

Pixels = NDArray[np.uint8]
"""(height, width, 4) straight-alpha RGBA, or (height, width) coverage with 255 = fully."""

MAX_SIDE = 8192
"""Largest side in canvas pixels of one request."""
MAX_SEED = 2**63 - 1
MAX_REGIONS = 16
MAX_CONTROLS = 8
MAX_REFERENCES = 8
MAX_TURNS = 64
MAX_REFERENCE_SIDE = 4096
"""Of a picture that a model looks at, pixels."""
MIN_FRAMES, MAX_FRAMES = 5, 161
"""Of a clip; models that make clips count in fours after the first frame."""
FRAME_STEP = 4
LANCZOS = "lanczos"
"""The upscaler that needs no model."""


class Task(StrEnum):
    """The four modes of the one gesture, making larger, and letting a picture move."""

    TEXT_TO_IMAGE = "text-to-image"
    IMAGE_TO_IMAGE = "image-to-image"
    INPAINT = "inpaint"
    OUTPAINT = "outpaint"
    UPSCALE = "upscale"
    ANIMATE = "animate"


class Fill(StrEnum):
    """What stands under the mask before denoising begins."""

    ORIGINAL = "original"
    BLUR = "blur"
    BORDER = "border"
    NEUTRAL = "neutral"
    NOISE = "noise"


@dataclass(frozen=True)
class LoraWeight:
    """One LoRA and how strongly it acts."""

    model: str
    """Id in the model library."""
    weight: float = 1.0


@dataclass(frozen=True)
class EmbeddingWord:
    """A word of the prompts that stands for a textual inversion."""

    word: str
    """As it is written in the prompt: `easynegative`."""
    model: str
    """Id in the model library."""


@dataclass(frozen=True, eq=False)
class ControlImage:
    """A picture that a ControlNet or T2I-Adapter follows while a part of the steps runs."""

    model: str
    """Id in the model library."""
    image: Pixels
    """(height, width, 4) of the region: what the network is to follow, ready made (edges, depth …). What is transparent
    counts as black; for `ControlKind.INPAINT` as what is to be made anew."""
    weight: float = 1.0
    start: float = 0.0
    """Part of the steps after which it begins to act, 0..1."""
    end: float = 1.0
    """Part of the steps after which it acts no more, 0..1."""
    kind: ControlKind = ControlKind.UNKNOWN
    """What the picture shows: networks that follow several kinds (Union) must know; without it the name tells."""
    annotator: str = ""
    """Id of the model that first sees in the picture what is to be followed; empty: the picture is ready made."""
    finder: str = ""
    """For poses: id of the model that finds the people; empty: there is one, who fills the picture."""


@dataclass(frozen=True, eq=False)
class ReferenceImage:
    """A picture that the model looks at: through an adapter (IP-Adapter, Redux), or by itself (editing models)."""

    image: Pixels
    """(h, w, 4) straight RGBA of any size up to MAX_REFERENCE_SIDE a side."""
    model: str = ""
    """Id of the adapter in the model library; empty: the painting model itself takes pictures."""
    weight: float = 1.0
    start: float = 0.0
    end: float = 1.0


@dataclass(frozen=True)
class NoiseTurn:
    """The first noise turned towards that of another seed: a variation."""

    seed: int
    strength: float
    """0..1: how far."""


@dataclass(frozen=True, eq=False)
class RegionPrompt:
    """A prompt of its own for a part of the region. Where masks overlap they share by their coverage; the request's
    own prompt holds where none reaches, and is put before every region's words by whoever makes the request."""

    prompt: str
    mask: Pixels
    """(height, width) of the request, 255 = wholly this prompt's."""


@dataclass(frozen=True, eq=False)
class GenerationRequest:
    """Everything that matters to one generation. Frozen: the stored recipe repeats the picture."""

    task: Task
    model: str
    """Id in the model library."""
    prompt: str = ""
    negative_prompt: str = ""
    num_inference_steps: int = 20
    guidance_scale: float = 7.0
    strength: float = 1.0
    """0 keeps the picture, 1 forgets it; unused by text to image."""
    scheduler: SchedulerName = SchedulerName.DEFAULT
    seed: int = 0
    """Drawn where the request is made, never in the engine. Picture i of a batch uses seed + i."""
    num_images_per_prompt: int = 1
    x: int = 0
    """Left edge of the region on the canvas, pixels (any sign)."""
    y: int = 0
    """Top edge of the region on the canvas, pixels (any sign)."""
    width: int = 512
    """Width of the region, canvas pixels; results come back at exactly this size."""
    height: int = 512
    image: Pixels | None = None
    """(height, width, 4) straight RGBA of the region; transparent where nothing is painted."""
    mask: Pixels | None = None
    """(height, width), 255 = repaint, soft values allowed. Inpaint and outpaint need it."""
    mask_grow: int = 4
    """How far the denoised area reaches past the mask, canvas pixels."""
    mask_feather: int = 16
    """Width of the soft rim, canvas pixels; 0 = hard edge."""
    mask_blend: int = 25
    """Widest soft rim of what is shown of the result, canvas pixels; it never leaves the denoised area."""
    fill: Fill = Fill.ORIGINAL
    loras: tuple[LoraWeight, ...] = ()
    embeddings: tuple[EmbeddingWord, ...] = ()
    """Textual inversions that the prompts name. Words of the prompt carry weights as `(word:1.2)`; wildcards, styles
    and `<lora:...>` are resolved by whoever makes the request, so that the recipe says what was really painted."""
    vae: str = ""
    """Id of a VAE to be used instead of the model's own; empty: its own."""
    clip_skip: int = 0
    """Layers of CLIP left out at its end, as diffusers counts them: 0 = none (A1111's "clip skip 1")."""
    controls: tuple[ControlImage, ...] = ()
    references: tuple[ReferenceImage, ...] = ()
    regions: tuple[RegionPrompt, ...] = ()
    variation_seed: int = 0
    variation_strength: float = 0.0
    """0..1: how far the first noise is turned from that of `seed` towards that of `variation_seed`. Above 0 every
    picture of a batch begins at `seed`, and picture i is turned towards `variation_seed` + i."""
    variation_path: tuple[NoiseTurn, ...] = ()
    """Turns before that one, in their order: what a variation of a variation is made of. They are the same for every
    picture of a batch."""
    canvas_noise: bool = False
    """Noise belongs to places on the canvas instead of to pictures: regions that overlap begin alike there."""
    scale: float = 1.0
    """Upscale only: patches come back this many times as wide and high."""
    upscaler: str = LANCZOS
    """Upscale only: `lanczos`, or the id of an upscaling model. With a `strength` above 0 the model repaints the
    enlarged picture in overlapping windows."""
    frames: int = 33
    """Animate only: pictures of the clip, 4k + 1. Its first is `image`, or what the prompt says where there is none."""
    priority: int = 0
    """Higher runs first; equal runs in order of arrival."""

    def check(self) -> None:
        """Raises InvalidRequestError naming the first bad field. Never repairs anything."""
        for rule in _RULES:
            rule(self)

    @property
    def pictures(self) -> dict[str, Pixels]:
        """Every array of the request by its name: `image`, `mask`, `region-0`, `control-0`, `reference-0` …; they
        travel and are stored beside the JSON form."""
        named = {"image": self.image, "mask": self.mask}
        found = {name: array for name, array in named.items() if array is not None}
        found |= {f"region-{place}": region.mask for place, region in enumerate(self.regions)}
        found |= {f"control-{place}": control.image for place, control in enumerate(self.controls)}
        return found | {f"reference-{place}": one.image for place, one in enumerate(self.references)}

    @property
    def addons(self) -> tuple[str, ...]:
        """Ids of the files that are used together with the model, in the order of the fields."""
        rows = (*self.loras, *self.embeddings, *self.controls, *self.references)
        seeing = (name for control in self.controls for name in (control.annotator, control.finder))
        return tuple(name for name in (self.vae, *(row.model for row in rows), *seeing) if name)

    @property
    def result_size(self) -> tuple[int, int]:
        """Width and height of the patches, pixels; those of a clip may be smaller (`planning.sizes.clip_size`)."""
        if self.task is not Task.UPSCALE:
            return self.width, self.height
        return round(self.width * self.scale), round(self.height * self.scale)

    @property
    def moments(self) -> int:
        """Steps in time that the network paints at once: 1 for a picture, one for every four frames of a clip."""
        return 1 + (self.frames - 1) // FRAME_STEP if self.task is Task.ANIMATE else 1

    def to_dict(self) -> dict[str, Any]:
        """The JSON form without the pixels (see `pictures`)."""
        data = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("image", "mask")}
        data["variation_path"] = [[turn.seed, turn.strength] for turn in self.variation_path]
        data["loras"] = [{"model": lora.model, "weight": lora.weight} for lora in self.loras]
        data["embeddings"] = [{"word": one.word, "model": one.model} for one in self.embeddings]
        data["regions"] = [{"prompt": region.prompt} for region in self.regions]
        data["controls"] = [_without_image(control) for control in self.controls]
        data["references"] = [_without_image(reference) for reference in self.references]
        data["task"], data["scheduler"], data["fill"] = str(self.task), str(self.scheduler), str(self.fill)
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any], pictures: Mapping[str, Pixels] | None = None) -> Self:
        """Reads what `to_dict` wrote; unknown keys are refused by name, and so is a region without its picture."""
        known, given = {f.name for f in fields(cls)}, pictures or {}
        for key in data:
            if key not in known:
                raise InvalidRequestError(key, f"The request has a field '{key}' that this version does not know.")
        values = dict(data)
        try:
            values["task"] = Task(values["task"])
            values["scheduler"] = SchedulerName(values.get("scheduler", SchedulerName.DEFAULT))
            values["fill"] = Fill(values.get("fill", Fill.ORIGINAL))
            path = values.get("variation_path", ())
            values["variation_path"] = tuple(NoiseTurn(int(seed), float(strength)) for seed, strength in path)
            values["loras"] = tuple(LoraWeight(**lora) for lora in values.get("loras", ()))
            values["embeddings"] = tuple(EmbeddingWord(**one) for one in values.get("embeddings", ()))
            values["controls"] = tuple(
                ControlImage(**{**one, "kind": ControlKind(one.get("kind", ""))}, image=given[f"control-{place}"])
                for place, one in enumerate(values.get("controls", ()))
            )
            values["references"] = tuple(
                ReferenceImage(**one, image=given[f"reference-{place}"])
                for place, one in enumerate(values.get("references", ()))
            )
            values["regions"] = tuple(
                RegionPrompt(str(region["prompt"]), given[f"region-{place}"])
                for place, region in enumerate(values.get("regions", ()))
            )
            return cls(**values, image=given.get("image"), mask=given.get("mask"))
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidRequestError("request", f"The request cannot be read: {error}.") from error

    def seed_of(self, index: int) -> int:
        """The seed of picture `index`, from 0."""
        return self.seed if self.variation_strength > 0.0 else self.seed + index

    def with_seed(self, seed: int) -> Self:
        """The same recipe with another seed."""
        return replace(self, seed=seed)


def _without_image(guide: ControlImage | ReferenceImage) -> dict[str, Any]:
    data = {f.name: getattr(guide, f.name) for f in fields(guide) if f.name != "image"}
    return data | ({"kind": str(guide.kind)} if isinstance(guide, ControlImage) else {})


def _check_model(request: GenerationRequest) -> None:
    if not request.model:
        raise InvalidRequestError("model", "No model is chosen. Choose one in the prompt panel.")


def _check_numbers(request: GenerationRequest) -> None:
    limits: tuple[tuple[str, float, float], ...] = (
        ("num_inference_steps", 1, 200),
        ("guidance_scale", 0.0, 50.0),
        ("strength", 0.0, 1.0),
        ("seed", 0, MAX_SEED),
        ("num_images_per_prompt", 1, 16),
        ("mask_grow", 0, 512),
        ("mask_feather", 0, 1024),
        ("mask_blend", 0, 1024),
        ("variation_seed", 0, MAX_SEED),
        ("variation_strength", 0.0, 1.0),
        ("scale", 1.0, 8.0),
        ("clip_skip", 0, 11),
    )
    for name, low, high in limits:
        value = getattr(request, name)
        if not (low <= value <= high):  # also refuses NaN
            raise InvalidRequestError(name, f"{name} is {value}; it must be between {low} and {high}.")


def _check_path(request: GenerationRequest) -> None:
    if len(request.variation_path) > MAX_TURNS:
        raise InvalidRequestError(
            "variation_path",
            f"{len(request.variation_path)} variations of one another are too many; {MAX_TURNS} at most.",
        )
    for turn in request.variation_path:
        if not (0 <= turn.seed <= MAX_SEED and 0.0 <= turn.strength <= 1.0):
            raise InvalidRequestError(
                "variation_path", f"A variation goes {turn.strength} of the way to seed {turn.seed}; it must be 0 to 1."
            )


def _check_size(request: GenerationRequest) -> None:
    for name in ("width", "height"):
        side = getattr(request, name)
        if not (16 <= side <= MAX_SIDE):
            raise InvalidRequestError(name, f"{name} is {side} pixels; it must be between 16 and {MAX_SIDE}.")
    if max(request.result_size) > MAX_SIDE:
        width, height = request.result_size
        raise InvalidRequestError(
            "scale", f"The result would be {width} x {height} pixels; at most {MAX_SIDE} a side can be made."
        )


def _check_pictures(request: GenerationRequest) -> None:
    size = (request.height, request.width)
    optional = request.task is Task.ANIMATE and request.image is None
    if request.task is not Task.TEXT_TO_IMAGE and not optional:
        _check_array("image", request.image, (*size, 4))
    if request.task in (Task.INPAINT, Task.OUTPAINT):
        _check_array("mask", request.mask, size)
        if request.mask is not None and not request.mask.any():
            raise InvalidRequestError("mask", "The mask is empty: nothing is selected to be repainted.")


def _check_regions(request: GenerationRequest) -> None:
    if len(request.regions) > MAX_REGIONS:
        raise InvalidRequestError("regions", f"{len(request.regions)} regions are too many; {MAX_REGIONS} at most.")
    for region in request.regions:
        _check_array("regions", region.mask, (request.height, request.width))


def _check_guides(request: GenerationRequest) -> None:
    for name, count, most in (
        ("controls", len(request.controls), MAX_CONTROLS),
        ("references", len(request.references), MAX_REFERENCES),
    ):
        if count > most:
            raise InvalidRequestError(name, f"{count} {name} are too many; {most} at most.")
    for control in request.controls:
        _check_array("controls", control.image, (request.height, request.width, 4))
        _check_share("controls", control)
    for reference in request.references:
        _check_share("references", reference)
        shape = reference.image.shape
        if reference.image.dtype != np.uint8 or len(shape) != 3 or shape[2] != 4 or not shape[0] * shape[1]:
            raise InvalidRequestError("references", "A reference picture must be uint8 RGBA and hold a pixel at least.")
        if max(shape) > MAX_REFERENCE_SIDE:
            raise InvalidRequestError(
                "references", f"A reference picture is {shape[1]} x {shape[0]}; at most {MAX_REFERENCE_SIDE} a side."
            )
    for lora in request.loras:
        if not -10.0 <= lora.weight <= 10.0:
            raise InvalidRequestError("loras", f"The weight of a LoRA is {lora.weight}; it must be from -10 to 10.")


def _check_clip(request: GenerationRequest) -> None:
    if not (MIN_FRAMES <= request.frames <= MAX_FRAMES) or request.frames % FRAME_STEP != 1:
        raise InvalidRequestError(
            "frames",
            f"frames is {request.frames}; a clip has {MIN_FRAMES}, 9, 13 and so on up to {MAX_FRAMES} of them: "
            "a multiple of four, and one.",
        )
    if request.task is Task.ANIMATE and request.num_images_per_prompt != 1:
        raise InvalidRequestError(
            "num_images_per_prompt", f"{request.num_images_per_prompt} clips at once are too many; ask for one."
        )


def _check_share(name: str, guide: ControlImage | ReferenceImage) -> None:
    if not 0.0 <= guide.weight <= 4.0:
        raise InvalidRequestError(name, f"A weight in {name} is {guide.weight}; it must be between 0 and 4.")
    if not 0.0 <= guide.start <= guide.end <= 1.0:
        raise InvalidRequestError(
            name,
            f"A range in {name} goes from {guide.start} to {guide.end}; it must lie in 0..1 and not run backwards.",
        )


def _check_array(name: str, array: Pixels | None, shape: tuple[int, ...]) -> None:
    if array is None:
        raise InvalidRequestError(name, f"This task needs {name}, and the request has none.")
    if array.dtype != np.uint8 or array.shape != shape:
        raise InvalidRequestError(
            name, f"{name} must be uint8 of shape {shape}, but is {array.dtype} of shape {array.shape}."
        )


_RULES = (
    _check_model,
    _check_numbers,
    _check_path,
    _check_size,
    _check_clip,
    _check_pictures,
    _check_regions,
    _check_guides,
)
"""In the order in which they are asked."""
