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
        from pipelines.contract.request_checks import RULES  # which know the request

        for rule in RULES:
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
