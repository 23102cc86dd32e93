"""Image to image: the whole picture painted again, as far from the old one as the strength says."""

from __future__ import annotations

from typing import Any

import torch

from pipelines.contract.request import Pixels
from pipelines.engine.latents import encode_picture
from pipelines.engine.masks import on_paper, resize, run_size
from pipelines.engine.run import Run, as_tensor, steps_for
from pipelines.engine.text_to_image import opaque


def image_to_image(run: Run) -> list[Pixels]:
    """Patches (height, width, 4) of the request's size, wholly opaque; transparent pixels count as paper.

    With a strength of 0 the picture comes back as it is. Raises JobCancelled.
    """
    request, row = run.job.request, run.model.architecture
    assert request.image is not None  # noqa: S101 - `check` has refused the request otherwise
    source = on_paper(request.image)
    steps = steps_for(request.num_inference_steps, request.strength)
    if steps == 0:
        run.size = (request.width, request.height)
        return [opaque(source, request.width, request.height)] * request.num_images_per_prompt
    width, height = run.size = run_size(request.width, request.height, run.limits)
    picture = resize(source, width, height)
    arguments: dict[str, Any] = {"strength": request.strength, "num_inference_steps": steps}
    if run.model.is_inpaint_model:
        pipe = run.pipeline(row.inpaint)
        arguments |= {"image": as_tensor(picture), "mask_image": torch.ones(1, 1, height, width)}
        arguments |= {"width": width, "height": height}
    else:
        pipe = run.pipeline(row.image_to_image)
        arguments["image"] = encode_picture(run.model, picture)
    pictures = run.paint_each(pipe, arguments, lambda _index: None)
    return [opaque(painted, request.width, request.height) for painted in pictures]
