"""What is tried with a model: every task, and every kind of add-on once; small requests that touch every part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from pipelines.contract.control import ControlKind
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.contract.request import (
    MIN_FRAMES,
    ControlImage,
    EmbeddingWord,
    Fill,
    GenerationRequest,
    LoraWeight,
    Pixels,
    ReferenceImage,
    RegionPrompt,
    Task,
)
from pipelines.library.families import only_animates

TASKS = tuple(task for task in Task if task is not Task.UPSCALE)
"""What every model does by itself."""
EDIT = "edit"
"""The task of models that follow instructions: the picture itself is shown to them."""
_STEPS = 4
"""Enough to pass through every part of a pipeline; the picture is not looked at."""
_WORD = "blueness"


@dataclass(frozen=True)
class Trial:
    """One cell of the table."""

    request: GenerationRequest
    addon: str = ""
    task: str = ""
    """What the table calls the task, where that is not its own name."""
    against: GenerationRequest | None = None
    """The picture must differ from that of this request."""
    same: bool = False
    """It must not differ: what was put on the model has been taken off."""


def plain_request(model: ModelInfo, task: Task, side: int = 0, steps: int = _STEPS) -> GenerationRequest:
    """The smallest honest request: `side` pixels or native size, few steps, a colour ramp as the picture."""
    side = side or model.defaults.native_size
    image = mask = None
    if task is not Task.TEXT_TO_IMAGE:
        image = _ramp(side)
    if task is Task.INPAINT:
        mask = np.zeros((side, side), np.uint8)
        mask[side // 4 : -side // 4, side // 4 : -side // 4] = 255
    elif task is Task.OUTPAINT and image is not None:
        mask = np.zeros((side, side), np.uint8)
        mask[:, side // 2 :] = 255
        image[:, side // 2 :] = 0
    return GenerationRequest(
        task=task,
        model=model.id,
        prompt="mountains, water",
        num_inference_steps=steps,
        guidance_scale=model.defaults.guidance_scale,
        strength=0.75 if task in (Task.IMAGE_TO_IMAGE, Task.UPSCALE, Task.ANIMATE) else 1.0,
        seed=1,
        width=side,
        height=side,
        image=image,
        mask=mask,
        fill=Fill.BORDER if task is Task.OUTPAINT else Fill.ORIGINAL,
        scale=2.0 if task is Task.UPSCALE else 1.0,
        frames=MIN_FRAMES,
    )


def task_trials(model: ModelInfo, side: int, *, looks: bool) -> list[Trial]:
    """Every task once; `looks`: whether the model is shown pictures and follows instructions."""
    trials = [Trial(plain_request(model, task, side, steps=2)) for task in Task]
    if looks:
        request = replace(
            plain_request(model, Task.IMAGE_TO_IMAGE, side, steps=2), strength=1.0, prompt="make it night"
        )
        other = replace(request, image=None if request.image is None else request.image[::-1].copy())
        trials.append(Trial(request, task=EDIT, against=other))
    return trials


def addon_trials(model: ModelInfo, side: int, files: Mapping[str, str]) -> list[Trial]:
    """Every kind of add-on once, in an inpainting or in a clip; `files`: ids of add-ons by their kinds. At the end none
    again."""
    plain = plain_request(model, Task.ANIMATE if only_animates(model) else Task.INPAINT, side, steps=2)
    drawing, half = _ramp(side), np.zeros((side, side), np.uint8)
    half[:, : side // 2] = 255
    worded = replace(plain, prompt=f"mountains, {_WORD}")
    changed: dict[str, GenerationRequest] = {
        "regions": replace(plain, regions=(RegionPrompt("mountains, water, a red boat", half),)),
        "clip skip": replace(plain, clip_skip=1),
        "weighted prompt": replace(plain, prompt="(mountains:1.5), water"),
        "long prompt": replace(plain, prompt="mountains, " + "a boat on the water, " * 30),
        "variation": replace(plain, variation_seed=5, variation_strength=0.5),
        "reference": replace(plain, references=(ReferenceImage(drawing),)),
    }
    for kind, name in files.items():
        match ModelKind(kind):
            case ModelKind.LORA:
                changed[kind] = replace(plain, loras=(LoraWeight(name, 0.8),))
            case ModelKind.TEXTUAL_INVERSION:
                changed[kind] = replace(worded, embeddings=(EmbeddingWord(_WORD, name),))
            case ModelKind.VAE:
                changed[kind] = replace(plain, vae=name)
            case ModelKind.CONTROLNET | ModelKind.T2I_ADAPTER:
                changed[kind] = replace(plain, controls=(ControlImage(name, drawing, kind=ControlKind.CANNY),))
            case ModelKind.IP_ADAPTER:
                changed[kind] = replace(plain, references=(ReferenceImage(drawing, name),))
            case _:
                continue
    trials = [
        Trial(request, name, against=worded if request.embeddings else plain) for name, request in changed.items()
    ]
    return [*trials, Trial(plain, "all taken off", against=plain, same=True)]


def _ramp(side: int) -> Pixels:
    """(side, side, 4) opaque colour ramp."""
    line = np.linspace(0, 255, side).astype(np.uint8)
    image = np.full((side, side, 4), 255, np.uint8)
    image[..., 0], image[..., 1], image[..., 2] = line[None, :], line[:, None], 128
    return image
