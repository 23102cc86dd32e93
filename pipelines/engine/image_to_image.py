"""Image to image: the whole picture painted again, as far from the old one as the strength says."""

from __future__ import annotations

from pipelines.contract.request import Pixels
from pipelines.engine.passes import count_later, refine
from pipelines.engine.run import Run
from pipelines.engine.text_to_image import opaque
from pipelines.planning.fills import on_paper
from pipelines.planning.passes import plan_passes
from pipelines.planning.steps import steps_for


def image_to_image(run: Run) -> list[Pixels]:
    """Patches (height, width, 4) of the request's size, wholly opaque; transparent pixels count as paper.

    With a strength of 0 the picture comes back as it is. Raises JobCancelled.
    """
    request = run.job.request
    assert request.image is not None  # noqa: S101 - `check` has refused the request otherwise
    source = on_paper(request.image)
    pictures = [source] * request.num_images_per_prompt
    if steps_for(request.num_inference_steps, request.strength) == 0:
        run.size = (request.width, request.height)
    else:
        passes = plan_passes(request.width, request.height, None, run.limits, request.strength)
        count_later(run, passes[1:])
        for pass_ in passes:
            pictures = refine(run, pictures, pass_)
    return [opaque(picture, request.width, request.height) for picture in pictures]
