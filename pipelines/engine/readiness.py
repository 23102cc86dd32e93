"""What a model's first job would do before its first step, done before there is one."""

from __future__ import annotations

from pipelines.contract.request import GenerationRequest, Task
from pipelines.engine.loader import LoadedModel
from pipelines.engine.preview import measure_colours
from pipelines.engine.prompts import encode_prompts
from pipelines.engine.schedulers import make_scheduler
from pipelines.engine.thrift import Thrift


def make_ready(model: LoadedModel, thrift: Thrift) -> None:
    """Measures how previews are coloured and reads the empty prompt: what only ever happens once has happened then.

    Afterwards its parts wait where they wait when the network is at work. Raises whatever the engine's interrupt and
    torch raise; the model can be used all the same.
    """
    defaults = model.info.defaults
    asked = GenerationRequest(
        task=Task.TEXT_TO_IMAGE,
        model=model.info.id,
        prompt="",
        num_inference_steps=defaults.num_inference_steps,
        guidance_scale=defaults.guidance_scale,
        width=defaults.native_size,
        height=defaults.native_size,
        seed=0,
    )
    try:
        with thrift.watching():
            measure_colours(model)
            scheduler = make_scheduler(model.components["scheduler"], asked.scheduler)
            row = model.architecture
            name = row.inpaint if model.is_inpaint_model else row.text_to_image
            encode_prompts(model, model.pipeline(name, scheduler), asked)
    finally:
        model.placement.bring([model.network], [model.vae, *model.text_encoders])
