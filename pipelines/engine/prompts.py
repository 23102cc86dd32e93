"""Prompts to embeddings, kept per model: the same words are encoded once."""

from __future__ import annotations

import hashlib
from typing import Any

import torch

from pipelines.contract.request import GenerationRequest
from pipelines.engine.conditioning.words import encode_words
from pipelines.engine.loader import LoadedModel
from pipelines.engine.speech import Words

_KEPT = 64
"""Encoded prompts remembered per model."""


@torch.inference_mode()
def encode_prompts(model: LoadedModel, pipe: Any, request: GenerationRequest) -> Words:
    """The embedding arguments of the pipeline's call for this request's prompts."""
    speech = model.architecture.speech
    guided = speech.guided(model.network, request.guidance_scale)
    negative = (request.negative_prompt or None) if guided else None
    seen = hashlib.blake2b(b"".join(rgb.tobytes() for rgb in model.shown)).hexdigest() if model.shown else ""
    key = (request.prompt, negative, guided, seen)
    if key in model.prompts:
        model.prompts[key] = model.prompts.pop(key)
        return model.prompts[key]
    result = encode_words(model, pipe, request.prompt, negative, guided=guided)
    model.prompts[key] = result
    while len(model.prompts) > _KEPT:
        del model.prompts[next(iter(model.prompts))]
    return result
