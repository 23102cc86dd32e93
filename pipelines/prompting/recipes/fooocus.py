"""Fooocus: one JSON object in `parameters` (its own scheme; its other scheme is that of AUTOMATIC1111)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipelines.prompting.recipes.recipe import Draft, Recipe, all_texts, as_object, stem
from pipelines.prompting.recipes.samplers import find_sampler

SOURCE = "Fooocus"
_TAKEN = frozenset(
    {
        "prompt", "negative_prompt", "steps", "guidance_scale", "seed", "resolution", "sampler", "scheduler",
        "base_model", "base_model_hash", "loras", "full_prompt", "full_negative_prompt",
    }
)  # fmt: skip


def parse(chunks: Mapping[str, str]) -> Recipe | None:
    """The settings in a picture of Fooocus, or of its own log's JSON; None for others."""
    for text in all_texts(chunks, "parameters", "UserComment"):
        data = as_object(text)
        if data is not None:
            named = {str(key).casefold().replace(" ", "_"): value for key, value in data.items()}
            if "base_model" in named and "prompt" in named:
                return _recipe(named)
    return None


def _recipe(data: Mapping[str, Any]) -> Recipe | None:
    draft = Draft(SOURCE)
    for name in ("prompt", "negative_prompt"):
        draft.words(name, data.get(name) or _joined(data.get(f"full_{name}")))
    draft.steps(data.get("steps"))
    draft.guidance(data.get("guidance_scale"))
    draft.seed(data.get("seed"))
    sides = re.findall(r"\d{1,6}", str(data.get("resolution", ""))[:40])
    if len(sides) == 2:
        draft.size(sides[0], sides[1])
    if data.get("sampler"):
        words, scheduler, exact = find_sampler(data["sampler"], data.get("scheduler", ""))
        draft.sampler(words, scheduler, exact=exact)
    draft.words("model", stem(data.get("base_model")))
    draft.words("model_hash", data.get("base_model_hash"))
    loras = data.get("loras")
    for row in loras[:100] if isinstance(loras, list) else ():
        if isinstance(row, list) and len(row) >= 2:
            draft.lora(stem(row[0]), row[1], row[2] if len(row) > 2 else "")
    for name, value in data.items():
        if name.startswith("lora_combined") and isinstance(value, str) and " : " in value:
            lora, _, weight = value.rpartition(" : ")
            draft.lora(stem(lora), weight)
        elif name not in _TAKEN:
            draft.other(name, value)
    return draft.recipe()


def _joined(words: object) -> str:
    parts = words[:200] if isinstance(words, list) else ()
    return ", ".join(part for part in parts if isinstance(part, str))
