"""Text to image: a picture from words alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from pipelines.contract.request import Pixels
from pipelines.engine.masks import resize, run_size
from pipelines.engine.run import Run, as_tensor


def opaque(rgb: Pixels, width: int, height: int) -> Pixels:
    """RGBA of that size, alpha 255 everywhere."""
    sized = resize(rgb, width, height)
    return np.dstack([sized, np.full(sized.shape[:2], 255, np.uint8)])


def text_to_image(run: Run) -> list[Pixels]:
    """Patches (height, width, 4) of the request's size, wholly opaque. Raises JobCancelled."""
    request, row = run.job.request, run.model.architecture
    width, height = run.size = run_size(request.width, request.height, run.limits)
    arguments: dict[str, Any] = {
        "width": width,
        "height": height,
        "num_inference_steps": request.num_inference_steps,
    }
    if run.model.is_inpaint_model:
        pipe = run.pipeline(row.inpaint)
        grey = np.full((height, width, 3), 128, np.uint8)
        arguments |= {"image": as_tensor(grey), "mask_image": torch.ones(1, 1, height, width), "strength": 1.0}
    else:
        pipe = run.pipeline(row.text_to_image)
    pictures = run.paint_each(pipe, arguments, lambda _index: None)
    return [opaque(picture, request.width, request.height) for picture in pictures]
