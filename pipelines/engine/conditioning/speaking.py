"""How the prompts of one job are read: what is asked of their reading is settled before the first of them is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import GenerationRequest
from pipelines.engine.conditioning.addons import AddOns
from pipelines.engine.conditioning.embeddings import inverted_words
from pipelines.engine.conditioning.lora import asked_loras, changes_words
from pipelines.engine.conditioning.words import Wording, chunks_of, reads_clip
from pipelines.engine.loader import LoadedModel
from pipelines.engine.run import Run

_KEPT = 4
"""Ways of reading of which the prompts are remembered."""


@contextmanager
def speaking(run: Run, addons: AddOns) -> Iterator[None]:
    """Within it prompts are read as the request says. Raises ModelError and InvalidRequestError, as sentences.

    Prompts that were read otherwise are remembered apart.
    """
    model = run.model
    wording = _wording(model, run.job.request, addons)
    prompts, before = model.prompts, model.wording
    if any(wording.key):
        model.prompts = model.readings.setdefault(wording.key, {})
        while len(model.readings) > _KEPT:
            del model.readings[next(iter(model.readings))]
    model.wording = wording
    try:
        yield
    finally:
        model.prompts, model.wording = prompts, before


def _wording(model: LoadedModel, request: GenerationRequest, addons: AddOns) -> Wording:
    loras = changes_words(asked_loras(request, addons), addons)
    if not reads_clip(model):
        for name, said in (("embeddings", "embeddings"), ("clip_skip", "clip skip")):
            if getattr(request, name):
                family = model.info.family.value
                raise InvalidRequestError(name, f"Models of the family {family} do not read as CLIP does: no {said}.")
        return Wording((loras,))
    layers = min(encoder.config.num_hidden_layers for encoder in model.text_encoders)
    if request.clip_skip >= layers:
        raise InvalidRequestError(
            "clip_skip",
            f"clip_skip is {request.clip_skip}; this model's text encoder can go without {layers - 1} at most.",
        )
    inverted = inverted_words(model, request, addons)
    texts = [request.prompt, *(region.prompt for region in request.regions)]
    texts += [request.negative_prompt] if request.guidance_scale > 1.0 else []
    chunks = max(chunks_of(model, text, Wording((), inverted)) for text in texts)
    files = tuple((one.word, one.info.path, one.info.modified_ns) for one in inverted)
    return Wording((loras, files, request.clip_skip, chunks - 1), inverted, request.clip_skip, chunks)
