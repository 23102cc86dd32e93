"""Our own settings, exact to the last digit: JSON in the text `handscroll` of a PNG, in the XMP of other pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import unescape

from pipelines.contract.models import SchedulerName
from pipelines.prompting.recipes.a1111 import file_hash
from pipelines.prompting.recipes.recipe import Draft, Recipe, all_texts, as_object, stem, texts_of
from pipelines.prompting.recipes.samplers import sampler_words

SOURCE = "Handscroll"
KEY = "handscroll"
_TAKEN = frozenset(
    {
        "prompt", "negative_prompt", "num_inference_steps", "guidance_scale", "seed", "width", "height", "strength",
        "scheduler", "model", "loras",
    }
)  # fmt: skip


def parse(chunks: Mapping[str, str]) -> Recipe | None:
    """The request inside a picture of ours; None when there is none."""
    for text in (*_in_xmp(chunks), *all_texts(chunks, KEY, "UserComment", "ImageDescription")):
        data = as_object(text)
        request = data.get("request") if data is not None else None
        if isinstance(request, dict) and {"prompt", "num_inference_steps", "guidance_scale"} <= request.keys():
            facts = data.get("facts") if data is not None else None
            return from_request(request, facts if isinstance(facts, dict) else {})
    return None


def _in_xmp(chunks: Mapping[str, str]) -> Iterator[str]:
    """What stands in the packet's element; searched as text, for the packet comes from outside."""
    for packet in texts_of(chunks, "xmp"):
        _, start, rest = packet.partition("<handscroll:recipe>")
        text, end, _ = rest.partition("</handscroll:recipe>")
        if start and end:
            yield unescape(text)


def from_request(request: Mapping[str, Any], facts: Mapping[str, Any]) -> Recipe | None:
    """A request's JSON form as a recipe; its values are checked like a stranger's."""
    draft = Draft(SOURCE)
    for name in ("prompt", "negative_prompt"):
        draft.words(name, request.get(name))
    draft.words("model", stem(request.get("model")))
    draft.words("model_hash", file_hash(facts, request.get("model")))
    draft.steps(request.get("num_inference_steps"))
    draft.guidance(request.get("guidance_scale"))
    draft.seed(request.get("seed"))
    draft.size(request.get("width"), request.get("height"))
    if request.get("task") != "text-to-image":
        draft.strength(request.get("strength"))
    _sampler(draft, request.get("scheduler"))
    loras = request.get("loras")
    for lora in loras if isinstance(loras, list) else ():
        if isinstance(lora, dict):
            draft.lora(stem(lora.get("model")), lora.get("weight", 1.0), lora.get("hash", ""))
    for name, value in request.items():
        if name not in _TAKEN:
            draft.other(name, value)
    return draft.recipe()


def _sampler(draft: Draft, name: object) -> None:
    if not isinstance(name, str) or not name:
        return
    try:
        scheduler = SchedulerName(name)
    except ValueError:
        draft.sampler(name, None, exact=False)
    else:
        draft.sampler(" ".join(sampler_words(scheduler)).strip(), scheduler, exact=True)
