"""Text to image: a picture from words alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from pipelines.contract.request import Pixels
from pipelines.engine.flow.painting import Begin, paint_flow
from pipelines.engine.passes import begin, count_later, painting, refine
from pipelines.engine.run import Run, as_tensor
from pipelines.planning.passes import Pass, plan_passes
from pipelines.planning.patch import resize


def opaque(rgb: Pixels, width: int, height: int) -> Pixels:
    """RGBA of that size, alpha 255 everywhere."""
    sized = resize(rgb, width, height)
    return np.dstack([sized, np.full(sized.shape[:2], 255, np.uint8)])


def text_to_image(run: Run) -> list[Pixels]:
    """Patches (height, width, 4) of the request's size, wholly opaque. Raises JobCancelled."""
    request, row = run.job.request, run.model.architecture
    first, *later = plan_passes(request.width, request.height, None, run.limits, 1.0)
    count_later(run, later)
    with painting(run, first):
        pictures = paint_flow(run, first, Begin()) if row.flow else _from_noise(run, first)
    for pass_ in later:
        pictures = refine(run, pictures, pass_)
    return [opaque(picture, request.width, request.height) for picture in pictures]


def _from_noise(run: Run, first: Pass) -> list[Pixels]:
    """The first pass of families that predict noise."""
    request, row = run.job.request, run.model.architecture
    arguments: dict[str, Any] = {
        "width": first.width,
        "height": first.height,
        "num_inference_steps": request.num_inference_steps,
    }
    if run.model.is_inpaint_model:
        pipe = run.pipeline(row.inpaint)
        grey = np.full((first.height, first.width, 3), 128, np.uint8)
        everything = torch.ones(1, 1, first.height, first.width)
        arguments |= {"image": as_tensor(grey), "mask_image": everything, "strength": 1.0}
    else:
        pipe = run.pipeline(row.text_to_image)
    begin(run, pipe, first)
    return run.paint_each(pipe, arguments, lambda _index: None)
