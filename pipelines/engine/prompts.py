"""Prompts to embeddings, kept per model: the same words are encoded once."""

from __future__ import annotations

from typing import Any

import torch

from pipelines.contract.models import Family
from pipelines.contract.request import GenerationRequest
from pipelines.engine.loader import LoadedModel

_KEPT = 64
"""Encoded prompts remembered per model."""


@torch.inference_mode()
def encode_prompts(model: LoadedModel, pipe: Any, request: GenerationRequest) -> dict[str, torch.Tensor]:
    """The embedding arguments of the pipeline's call for this request's prompts."""
    guided = request.guidance_scale > 1.0
    negative = (request.negative_prompt or None) if guided else None
    key = (request.prompt, negative, guided)
    if key in model.prompts:
        model.prompts[key] = model.prompts.pop(key)
        return model.prompts[key]
    if model.architecture.family is Family.SDXL:
        encoded = pipe.encode_prompt(
            prompt=request.prompt,
            device=model.unet.device,
            num_images_per_prompt=1,
            do_classifier_free_guidance=guided,
            negative_prompt=negative,
        )
        names = ("prompt_embeds", "negative_prompt_embeds", "pooled_prompt_embeds", "negative_pooled_prompt_embeds")
    else:
        encoded = pipe.encode_prompt(request.prompt, model.unet.device, 1, guided, negative)
        names = ("prompt_embeds", "negative_prompt_embeds")
    result = {name: value for name, value in zip(names, encoded, strict=True) if value is not None}
    model.prompts[key] = result
    while len(model.prompts) > _KEPT:
        del model.prompts[next(iter(model.prompts))]
    return result
