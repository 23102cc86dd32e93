"""Inpaint and outpaint: a selection painted anew, its rim led back to what is around it.

Models with four channels are steered by a soft mask with a threshold per step: after each step every pixel whose mask
is not yet over the threshold goes back to the original under the right amount of noise. The inside is free from the
first step, the rim joins late, and so grows out of its surroundings. Nine-channel models see mask and surroundings
themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from diffusers.utils.torch_utils import randn_tensor

from pipelines.contract.request import Fill, GenerationRequest, Pixels, Task
from pipelines.engine.latents import encode_picture, generator_for
from pipelines.engine.masks import (
    Crop,
    FloatMask,
    Masks,
    fill_under,
    focus,
    make_masks,
    match_colours,
    on_paper,
    resize,
    run_size,
    to_patch,
)
from pipelines.engine.run import FramePreview, Run, StepHook, as_tensor, steps_for

_PREVIEW_REGION = 512
"""Longest side of a preview that shows a part within its region, pixels."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A request made ready for the model; everything but `masks` and `crop` at the run's size."""

    masks: Masks
    """Of the whole region, canvas pixels."""
    crop: Crop
    before: Pixels
    """RGB as it was; guessed where nothing is painted."""
    filled: Pixels
    """RGB with the fill under the mask."""
    denoise: FloatMask
    known: FloatMask
    """1 where something is painted."""


def inpaint(run: Run) -> list[Pixels]:
    """Patches (height, width, 4) of the request's size; alpha is the composite mask. Serves outpaint, too.

    Raises JobCancelled.
    """
    request = run.job.request
    steps = steps_for(request.num_inference_steps, request.strength)
    prepared = prepare(run, request)
    run.frame_preview = frame_for(prepared)
    if steps == 0:
        return [_paste_back(prepared, prepared.before)] * request.num_images_per_prompt
    arguments: dict[str, Any] = {"strength": request.strength, "num_inference_steps": steps}
    if run.model.is_inpaint_model:
        pictures = _paint_nine_channels(run, prepared, arguments)
    else:
        pictures = _paint_soft_mask(run, prepared, arguments)
    return [_paste_back(prepared, picture) for picture in pictures]


def prepare(run: Run, request: GenerationRequest) -> Prepared:
    """Masks, crop, fit and fill of a request."""
    assert request.image is not None  # noqa: S101 - `check` has refused the request otherwise
    assert request.mask is not None  # noqa: S101
    alpha = request.image[..., 3]
    empty = 255 - alpha
    selection = np.maximum(request.mask, empty) if request.task is Task.OUTPAINT else request.mask
    masks = make_masks(selection, request.mask_grow, request.mask_feather)
    crop = focus(masks, run.limits)
    width, height = run.size = run_size(crop.width, crop.height, run.limits)

    def fitted(mask: FloatMask) -> FloatMask:
        return resize(mask[crop.slices], width, height)  # type: ignore[return-value]

    unknown = fitted(empty.astype(np.float32) / 255.0)
    before = fill_under(_fit_picture(request.image[crop.slices], width, height), unknown, Fill.BORDER, request.seed)
    filled = before
    if request.fill is not Fill.ORIGINAL:
        filled = fill_under(before, fitted(masks.fill), request.fill, request.seed)
    return Prepared(masks, crop, before, filled, fitted(masks.denoise), 1.0 - unknown)


def frame_for(prepared: Prepared) -> FramePreview:
    """Puts a preview of the painted part where it lies in the region, under the composite mask."""
    crop, (height, width) = prepared.crop, prepared.masks.composite.shape

    def frame(rgb: Pixels) -> Pixels:
        if (crop.width, crop.height) == (width, height):
            return to_patch(rgb, resize(prepared.masks.composite, rgb.shape[1], rgb.shape[0]))  # type: ignore[arg-type]
        scale = min(1.0, _PREVIEW_REGION / max(width, height))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        whole = np.zeros((size[1], size[0], 3), np.uint8)
        left, top = round(crop.left * scale), round(crop.top * scale)
        right, bottom = round((crop.left + crop.width) * scale), round((crop.top + crop.height) * scale)
        whole[top:bottom, left:right] = resize(rgb, right - left, bottom - top)
        return to_patch(whole, resize(prepared.masks.composite, *size))  # type: ignore[arg-type]

    return frame


def _fit_picture(image: Pixels, width: int, height: int) -> Pixels:
    """RGB at the run's size. Premultiplied on the way: transparent pixels hold no colour to mix in."""
    if (image[..., 3] == 255).all():
        return resize(np.ascontiguousarray(image[..., :3]), width, height)
    return resize(on_paper(image), width, height)


def _paint_soft_mask(run: Run, prepared: Prepared, arguments: dict[str, Any]) -> list[Pixels]:
    pipe = run.pipeline(run.model.architecture.image_to_image)
    latents = encode_picture(run.model, prepared.filled)
    small = resize(prepared.denoise, latents.shape[-1], latents.shape[-2])
    soft = torch.from_numpy(np.ascontiguousarray(small))[None, None].to(latents.device)

    def hook_for(index: int) -> StepHook:
        generator = generator_for(run.job.request.seed, index)
        noise = randn_tensor(latents.shape, generator=generator, device=latents.device, dtype=latents.dtype)
        return lambda pipe, step, tensors: _lead_back(pipe, step, tensors, (latents, noise, soft))

    return run.paint_each(pipe, {**arguments, "image": latents}, hook_for)


def _lead_back(
    pipe: Any, step: int, tensors: dict[str, Any], known: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
) -> None:
    """Sets every pixel that is not free yet to the original, noised as the next step expects it."""
    if not getattr(pipe.scheduler, "state_in_first_order", True):
        return  # the second half of a Heun step builds on the first; it must find its own latents
    original, noise, soft = known
    done, steps = step + 1, pipe.num_timesteps
    if done < steps:
        following = pipe.scheduler.timesteps[-steps:][done : done + 1]
        background = pipe.scheduler.add_noise(original, noise, following.to(original.device))
    else:
        background = original
    tensors["latents"] = torch.where(soft > 1.0 - done / steps, tensors["latents"], background)


def _paint_nine_channels(run: Run, prepared: Prepared, arguments: dict[str, Any]) -> list[Pixels]:
    pipe = run.pipeline(run.model.architecture.inpaint)
    width, height = run.size
    mask = torch.from_numpy((prepared.denoise > 0).astype(np.float32))[None, None]
    arguments |= {"image": as_tensor(prepared.filled), "mask_image": mask, "width": width, "height": height}
    return run.paint_each(pipe, arguments, lambda _index: None)


def _paste_back(prepared: Prepared, picture: Pixels) -> Pixels:
    """From the run's picture to the patch: colours matched outside, scaled, under the composite mask."""
    outside = (prepared.denoise == 0) & (prepared.known == 1)
    matched = match_colours(picture, prepared.before, outside)
    height, width = prepared.masks.composite.shape
    whole = np.zeros((height, width, 3), np.uint8)
    whole[prepared.crop.slices] = resize(matched, prepared.crop.width, prepared.crop.height)
    return to_patch(whole, prepared.masks.composite)
