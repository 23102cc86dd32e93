"""One pass after another: a region larger than the model paints in one go, first as a whole, then its detail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch

from pipelines.contract.request import Pixels
from pipelines.engine.flow.painting import Begin, paint_flow
from pipelines.engine.flow.sight import scenery_of
from pipelines.engine.latents import encode_picture
from pipelines.engine.noise import begin_with_noise, noise_place
from pipelines.engine.run import Run, as_tensor
from pipelines.engine.windows import vae_in_windows, windowed
from pipelines.planning.box import Box
from pipelines.planning.passes import Pass, window_overlap
from pipelines.planning.patch import resize
from pipelines.planning.steps import steps_for, steps_run


@contextmanager
def painting(run: Run, pass_: Pass, origin: Box | None = None) -> Iterator[None]:
    """Within it the run paints this pass: in its place, at its size, network and VAE in its windows, each of them
    counted as a step. Everything is as before afterwards.

    The pass's box lies in `origin`, a part of the request's region; without it in the whole.
    """
    wrappers, parts, crop = list(run.wrappers), run.parts, run.crop
    left, top = (0, 0) if origin is None else (origin.left, origin.top)
    run.crop = replace(pass_.box, left=pass_.box.left + left, top=pass_.box.top + top)
    run.size, run.parts, run.strength = (pass_.width, pass_.height), len(pass_.windows), pass_.strength
    if pass_.windowed:
        overlap, layout = window_overlap(run.limits), run.model.architecture.layout
        run.wrappers.append(windowed(pass_.windows, run.size, overlap, run.part_done, run.view, layout))
    try:
        with vae_in_windows(run.model.vae, run.size):
            yield
    finally:
        run.wrappers[:], run.parts, run.crop = wrappers, parts, crop


def begin(run: Run, pipe: Any, pass_: Pass) -> None:
    """Lets a pipeline made for this pass of the whole region begin with the request's noise."""
    request = run.job.request
    place = noise_place(request, pass_.box, (pass_.width, pass_.height))
    begin_with_noise(pipe, request, place, lambda: run.index)


def count_later(run: Run, later: Sequence[Pass]) -> None:
    """Tells the run how many steps the passes after its first will add, before the first begins."""
    steps = run.job.request.num_inference_steps
    run.later_steps = sum(steps_run(steps, pass_.strength) * len(pass_.windows) for pass_ in later)


def refine(run: Run, pictures: Sequence[Pixels], pass_: Pass) -> list[Pixels]:
    """Each picture (RGB, any size) painted over by image to image as the pass says; RGB at the pass's size.

    `pictures` has one for every picture of the batch and shows the pass's box. Raises JobCancelled.
    """
    encoded: dict[int, torch.Tensor] = {}

    def start(index: int) -> torch.Tensor:
        picture = pictures[index]
        if id(picture) not in encoded:
            encoded.clear()  # a batch that begins with one picture encodes it once
            encoded[id(picture)] = encode_picture(run.model, resize(picture, pass_.width, pass_.height))
        return encoded[id(picture)]

    if run.model.architecture.flow is not None:
        with painting(run, pass_):
            return paint_flow(run, pass_, Begin(start, scenery=scenery_of(run.job.request, run.size)))
    return _refine_noise(run, pictures, pass_, start)


def _refine_noise(
    run: Run, pictures: Sequence[Pixels], pass_: Pass, start: Callable[[int], torch.Tensor]
) -> list[Pixels]:
    """`refine` for families that predict noise."""
    row, steps = run.model.architecture, steps_for(run.job.request.num_inference_steps, pass_.strength)
    fixed: dict[str, Any] = {"strength": pass_.strength, "num_inference_steps": steps}
    size = {"width": pass_.width, "height": pass_.height}

    def arguments(index: int) -> dict[str, Any]:
        if not run.model.is_inpaint_model:
            return {**fixed, "image": start(index)}
        fitted = resize(pictures[index], pass_.width, pass_.height)
        everything = torch.ones(1, 1, pass_.height, pass_.width)
        return {**fixed, **size, "image": as_tensor(fitted), "mask_image": everything}

    pipe = run.pipeline(row.inpaint if run.model.is_inpaint_model else row.image_to_image)
    begin(run, pipe, pass_)
    with painting(run, pass_):
        return run.paint_each(pipe, arguments, lambda _index: None)
