"""Inpaint and outpaint: a selection painted anew, its rim led back to what is around it.

In one pass, or in several: first the whole context at the model's own size, then the detail at the canvas's, in
windows. Every pass starts from the document's own pixels outside the mask and hands its colours over to them at the
rim; what is shown of the last one is the composite mask alone. Four-channel models are steered by a soft mask;
nine-channel models see mask and surroundings themselves, and their rim is led back as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch

from pipelines.contract.request import GenerationRequest, Pixels
from pipelines.engine.flow.painting import Begin, paint_flow
from pipelines.engine.flow.sight import Scenery
from pipelines.engine.latents import encode_picture
from pipelines.engine.noise import first_noise, noise_place
from pipelines.engine.passes import count_later, painting
from pipelines.engine.run import FramePreview, Run, StepHook, as_tensor
from pipelines.engine.soft_mask import Background, begin_with, lead_back
from pipelines.engine.surroundings import Surroundings, sees_surroundings
from pipelines.planning.box import Box
from pipelines.planning.fills import before_and_filled, on_paper
from pipelines.planning.masks import FloatMask
from pipelines.planning.passes import Pass
from pipelines.planning.patch import match_surroundings, resize, to_patch
from pipelines.planning.scene import Scene, scene_of
from pipelines.planning.steps import steps_for

_PREVIEW_REGION = 512
"""Longest side of a preview that shows a part within its region, pixels."""
_SURE = 0.999
"""Denoise from which a pixel is wholly free."""


@dataclass(frozen=True, eq=False)
class Stage:
    """One pass made ready for the model; everything at the size of the pass."""

    before: Pixels
    """RGB as it was; continued from the border where nothing is painted."""
    filled: Pixels
    """RGB with the fill under the mask: where the first pass starts."""
    denoise: FloatMask
    known: FloatMask
    """1 where something is painted."""


def inpaint(run: Run) -> list[Pixels]:
    """Patches (height, width, 4) of the request's size; alpha is the composite mask. Serves outpaint, too.

    Raises JobCancelled.
    """
    request = run.job.request
    scene = scene_of(request, run.limits)
    passes = [pass_ for pass_ in scene.passes if steps_for(request.num_inference_steps, pass_.strength)]
    if not passes:
        run.size = scene.passes[-1].width, scene.passes[-1].height
        stage = prepare(request, scene, scene.passes[-1])
        return [_paste_back(request, scene, scene.passes[-1], stage.before)] * request.num_images_per_prompt
    count_later(run, passes[1:])
    pictures: list[Pixels] = []
    for place, pass_ in enumerate(passes):
        run.frame_preview = frame_for(request, scene, pass_)
        stage = prepare(request, scene, pass_)
        starts = [_enlarged(picture, passes[place - 1], pass_, stage) for picture in pictures]
        with painting(run, pass_, scene.crop):
            painted = _paint(run, pass_, stage, starts)
        pictures = _matched(run, pass_, stage, painted, starts)
    return [_paste_back(request, scene, passes[-1], picture) for picture in pictures]


def _matched(run: Run, pass_: Pass, stage: Stage, painted: list[Pixels], starts: list[Pixels]) -> list[Pixels]:
    """The pass's pictures with their colours led over to what they began with."""
    # What was painted in on the way is not in the start: then only what never was free says something of colour.
    strength = 1.0 if run.amended else pass_.strength
    known = np.ones_like(stage.known) if starts else stage.known
    began = starts or [stage.filled] * len(painted)
    pairs = zip(painted, began, strict=True)
    return [match_surroundings(rgb, start, stage.denoise, known, strength) for rgb, start in pairs]


def prepare(request: GenerationRequest, scene: Scene, pass_: Pass) -> Stage:
    """The pictures and masks of one pass, fitted and filled."""
    assert request.image is not None  # noqa: S101 - `check` has refused the request otherwise
    rows, columns = pass_.box.slices

    def fitted(mask: FloatMask) -> FloatMask:
        return resize(mask[rows, columns], pass_.width, pass_.height)  # type: ignore[return-value]

    known = fitted(scene.known)
    picture = _fit_picture(request.image[scene.crop.slices][rows, columns], pass_)
    forgotten = fitted(scene.masks.fill)
    before, filled = before_and_filled(picture, known, forgotten, request.fill, request.seed)
    return Stage(before, filled, fitted(scene.masks.denoise), known)


def _fit_picture(image: Pixels, pass_: Pass) -> Pixels:
    """RGB at the pass's size. Premultiplied on the way: transparent pixels hold no colour to mix in."""
    if (image[..., 3] == 255).all():
        return resize(np.ascontiguousarray(image[..., :3]), pass_.width, pass_.height)
    return resize(on_paper(image), pass_.width, pass_.height)


def _paint(run: Run, pass_: Pass, stage: Stage, starts: list[Pixels]) -> list[Pixels]:
    """One pass for every picture of the batch, RGB; `starts` has one picture each, or is empty: start from the fill."""
    request, model = run.job.request, run.model
    lead = np.where(stage.denoise[..., None] >= _SURE, stage.filled, stage.before)
    run.original = original = encode_picture(model, lead)
    same = starts == [] and bool((lead == stage.filled).all())
    filled = original if same or starts else encode_picture(model, stage.filled)
    small = resize(stage.denoise, original.shape[-1], original.shape[-2])
    soft = torch.from_numpy(np.ascontiguousarray(small))[None, None].to(original.device)
    if model.architecture.flow is not None:
        begun = [encode_picture(model, picture) for picture in starts]
        scenery = Scenery(stage.before, stage.denoise)
        return paint_flow(run, pass_, Begin(lambda i: begun[i] if begun else filled, (original, soft), scenery))
    assert run.crop is not None  # noqa: S101 - `painting` has set it
    place = noise_place(request, run.crop, run.size)
    pipe = run.pipeline(model.architecture.inpaint if model.is_inpaint_model else model.architecture.image_to_image)

    surroundings = Surroundings(run)
    if sees_surroundings(model):
        run.wrappers.append(surroundings)

    def hook_for(index: int) -> StepHook:
        noise = first_noise(request, index, tuple(original.shape), original.device, original.dtype, place)
        surroundings.background = background = Background(original, noise, soft)
        begin_with(pipe, encode_picture(model, starts[index]) if starts else filled, background)
        return lambda pipe, step, tensors: lead_back(pipe, step, tensors, background)

    arguments = _schedule(pipe, steps_for(request.num_inference_steps, pass_.strength), pass_.strength)
    if not model.is_inpaint_model:
        return run.paint_each(pipe, {**arguments, "image": original}, hook_for)
    mask = torch.from_numpy((stage.denoise > 0.5).astype(np.float32))[None, None]
    arguments |= {"mask_image": mask, "width": pass_.width, "height": pass_.height}
    return run.paint_each(pipe, {**arguments, "image": as_tensor(lead)}, hook_for)


def _schedule(pipe: Any, steps: int, strength: float) -> dict[str, Any]:
    """Step count and strength as the pipeline wants them: LCM knows no finer schedule than it was distilled on."""
    most = int(pipe.scheduler.config.get("original_inference_steps") or steps)
    steps = min(steps, most)
    return {"num_inference_steps": steps, "strength": min(1.0, max(strength, (1.0 + 1e-6) / steps))}


def _enlarged(picture: Pixels, earlier: Pass, pass_: Pass, stage: Stage) -> Pixels:
    """Where a later pass starts: the earlier one's picture under the mask, the document's own pixels around it."""
    across, down = earlier.width / earlier.box.width, earlier.height / earlier.box.height
    dx, dy = pass_.box.width / pass_.width * across, pass_.box.height / pass_.height * down
    left, top = (pass_.box.left - earlier.box.left) * across, (pass_.box.top - earlier.box.top) * down
    back = np.array([[dx, 0, left + (dx - 1) / 2], [0, dy, top + (dy - 1) / 2]], np.float64)
    how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (pass_.width, pass_.height)
    grown = cv2.warpAffine(picture, back, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    weight = np.clip(stage.denoise * 2.0, 0.0, 1.0)[..., None]
    return np.rint(stage.before * (1.0 - weight) + grown * weight).astype(np.uint8)


def frame_for(request: GenerationRequest, scene: Scene, pass_: Pass) -> FramePreview:
    """Puts a preview of the pass where it lies in the request's region, under the composite mask."""
    scale = min(1.0, _PREVIEW_REGION / max(request.width, request.height))
    width, height = max(1, round(request.width * scale)), max(1, round(request.height * scale))
    crop = _scaled(scene.crop, scale)
    alpha = np.zeros((height, width), np.float32)
    alpha[crop.slices] = resize(scene.masks.composite, crop.width, crop.height)[
        : height - crop.top, : width - crop.left
    ]
    inner = pass_.box
    place = _scaled(Box(scene.crop.left + inner.left, scene.crop.top + inner.top, inner.width, inner.height), scale)

    def frame(rgb: Pixels) -> Pixels:
        whole = np.zeros((height, width, 3), np.uint8)
        fitted = resize(rgb, place.width, place.height)
        whole[place.slices] = fitted[: height - place.top, : width - place.left]
        return to_patch(whole, alpha)

    return frame


def _scaled(box: Box, scale: float) -> Box:
    left, top = round(box.left * scale), round(box.top * scale)
    return Box(left, top, max(1, round(box.right * scale) - left), max(1, round(box.bottom * scale) - top))


def _paste_back(request: GenerationRequest, scene: Scene, pass_: Pass, picture: Pixels) -> Pixels:
    """From the last pass's picture to the patch of the whole region: scaled, under the composite mask."""
    whole = np.zeros((request.height, request.width, 4), np.uint8)
    part = whole[scene.crop.slices][pass_.box.slices]
    part[...] = to_patch(resize(picture, pass_.box.width, pass_.box.height), scene.masks.composite[pass_.box.slices])
    return whole
