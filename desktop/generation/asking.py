"""What every request of the window has from the form and from its words, wherever and for whatever it is."""

from __future__ import annotations

from canvas.geometry import Bounds
from desktop.generation.form import GenerationSettings
from pipelines.contract.request import GenerationRequest, Task
from pipelines.library.wording import Words


def plain_request(
    task: Task, bounds: Bounds, settings: GenerationSettings, words: Words, seed: int
) -> GenerationRequest:
    """A request for a place of the canvas, without pictures: whoever asks adds what is its own with `replace`."""
    return GenerationRequest(
        task=task,
        model=settings.model,
        **words.fields(),
        num_inference_steps=settings.num_inference_steps,
        guidance_scale=settings.guidance_scale,
        scheduler=settings.scheduler,
        seed=seed,
        x=bounds.x,
        y=bounds.y,
        width=bounds.width,
        height=bounds.height,
    )
