"""What makes a request a bad one: one rule for each of its sides, each naming the field. Nothing is ever repaired."""

from __future__ import annotations

import numpy as np

from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import (
    FRAME_STEP,
    MAX_CONTROLS,
    MAX_FRAMES,
    MAX_REFERENCE_SIDE,
    MAX_REFERENCES,
    MAX_REGIONS,
    MAX_SEED,
    MAX_SIDE,
    MAX_TURNS,
    MIN_FRAMES,
    ControlImage,
    GenerationRequest,
    Pixels,
    ReferenceImage,
    Task,
)


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


RULES = (
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
