"""InvokeAI: `invokeai_metadata` (version 3 and later), `sd-metadata` (version 2) and the oldest, a line `Dream`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

from pipelines.prompting.recipes.recipe import Draft, Recipe, all_texts, as_object, stem, texts_of
from pipelines.prompting.recipes.samplers import find_sampler

SOURCE = "InvokeAI"
_MAX_DREAM = 16_384
_MAX_PARTS = 200
_SWITCHES = {"-s": "steps", "-S": "seed", "-C": "cfg_scale", "-W": "width", "-H": "height", "-A": "sampler"}
_SWITCHES |= {"-f": "strength", "--steps": "steps", "--seed": "seed", "--cfg_scale": "cfg_scale", "--width": "width"}
_SWITCHES |= {"--height": "height", "--sampler": "sampler", "--strength": "strength"}
_NEGATIVE = re.compile(r"\[([^\[\]]{1,5000})\]")
_TAKEN = frozenset(
    {"positive_prompt", "negative_prompt", "steps", "cfg_scale", "seed", "width", "height", "strength", "scheduler"}
)


def parse(chunks: Mapping[str, str]) -> Recipe | None:
    """The settings in a picture of InvokeAI, of any of its three ages; None for others."""
    for text in all_texts(chunks, "invokeai_metadata"):
        data = as_object(text)
        if data is not None and "positive_prompt" in data:
            return _recent(data)
    for text in texts_of(chunks, "sd-metadata"):
        data = as_object(text)
        if data is not None and isinstance(data.get("image"), dict):
            return _second(data, data["image"])
    for text in texts_of(chunks, "Dream"):
        recipe = _dream(text)
        if recipe is not None:
            return recipe
    return None


def _recent(data: Mapping[str, Any]) -> Recipe | None:
    draft = Draft(SOURCE)
    draft.words("prompt", data.get("positive_prompt"))
    draft.words("negative_prompt", data.get("negative_prompt"))
    _numbers(draft, data)
    draft.strength(data.get("strength"))
    _sampler(draft, data.get("scheduler"))
    model = data.get("model")
    if isinstance(model, dict):
        draft.words("model", stem(model.get("name") or model.get("model_name") or ""))
        draft.words("model_hash", str(model.get("hash") or "").rpartition(":")[2])
    loras = data.get("loras")
    for row in loras[:100] if isinstance(loras, list) else ():
        named = (row.get("model") or row.get("lora")) if isinstance(row, dict) else None
        if isinstance(named, dict):
            name = stem(named.get("name") or named.get("model_name") or "")
            draft.lora(name, row.get("weight", 1.0), str(named.get("hash") or "").rpartition(":")[2])
    for name, value in data.items():
        if name not in _TAKEN:
            draft.other(name, value)
    return draft.recipe()


def _second(data: Mapping[str, Any], image: Mapping[str, Any]) -> Recipe | None:
    draft = Draft(SOURCE)
    prompt = image.get("prompt")
    if isinstance(prompt, list):
        parts = [part.get("prompt") for part in prompt[:_MAX_PARTS] if isinstance(part, dict)]
        prompt = ", ".join(part for part in parts if isinstance(part, str))
    _prompts(draft, prompt)
    _numbers(draft, image)
    if image.get("type") == "img2img":
        draft.strength(image.get("strength"))
    _sampler(draft, image.get("sampler"))
    draft.words("model", stem(data.get("model_weights")))
    draft.words("model_hash", data.get("model_hash"))
    for name in ("app_version", "model"):
        draft.other(name, data.get(name))
    return draft.recipe()


def _dream(text: str) -> Recipe | None:
    if len(text) > _MAX_DREAM:
        return None
    try:
        parts = shlex.split(text)
    except ValueError:  # an apostrophe in the prompt is enough
        parts = text.split()
    found: dict[str, str] = {}
    words: list[str] = []
    waiting = iter(parts)
    for part in waiting:
        name = _SWITCHES.get(part) or _SWITCHES.get(part[:2])
        if part in _SWITCHES:
            found[_SWITCHES[part]] = next(waiting, "")
        elif name and part[:1] == "-" and part[1:2] != "-" and len(part) > 2:
            found[name] = part[2:]
        elif part[:1] != "-" and not found:
            words.append(part)
    if not found:
        return None
    draft = Draft(SOURCE)
    _prompts(draft, " ".join(words))
    _numbers(draft, found)
    draft.strength(found.get("strength"))
    _sampler(draft, found.get("sampler"))
    return draft.recipe()


def _prompts(draft: Draft, prompt: object) -> None:
    """What stands in brackets is not wanted."""
    if isinstance(prompt, str):
        draft.words("negative_prompt", ", ".join(match[1] for match in _NEGATIVE.finditer(prompt)))
        draft.words("prompt", _NEGATIVE.sub("", prompt))


def _numbers(draft: Draft, data: Mapping[str, Any]) -> None:
    draft.steps(data.get("steps"))
    draft.guidance(data.get("cfg_scale"))
    draft.seed(data.get("seed"))
    draft.size(data.get("width"), data.get("height"))


def _sampler(draft: Draft, name: object) -> None:
    if name:
        words, scheduler, exact = find_sampler(name)
        draft.sampler(words, scheduler, exact=exact)
