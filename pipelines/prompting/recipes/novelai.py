"""NovelAI: the prompt in `Description`, everything else as JSON in `Comment`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.prompting.recipes.recipe import Draft, Recipe, all_texts, as_object, texts_of
from pipelines.prompting.recipes.samplers import find_sampler

SOURCE = "NovelAI"
_TAKEN = frozenset(
    {
        "prompt", "uc", "steps", "scale", "seed", "width", "height", "strength", "sampler", "noise_schedule",
        "v4_prompt", "v4_negative_prompt", "signed_hash",
    }
)  # fmt: skip


def parse(chunks: Mapping[str, str]) -> Recipe | None:
    """The settings in a picture of NovelAI; None for others."""
    for text in all_texts(chunks, "Comment", "UserComment"):
        data = as_object(text)
        if data is not None and isinstance(data.get("Comment"), str):  # as its WebP pictures have it
            chunks = {**chunks, **{key: value for key, value in data.items() if isinstance(value, str)}}
            data = as_object(data["Comment"])
        if data is not None and "uc" in data and ("steps" in data or "scale" in data):
            return _recipe(data, chunks)
    return None


def _recipe(data: Mapping[str, Any], chunks: Mapping[str, str]) -> Recipe | None:
    draft = Draft(SOURCE)
    title = next(texts_of(chunks, "Description", "Title"), "")
    draft.words("prompt", _caption(data.get("v4_prompt")) or data.get("prompt") or title)
    draft.words("negative_prompt", _caption(data.get("v4_negative_prompt")) or data.get("uc"))
    draft.words("model", next(texts_of(chunks, "Source"), ""))
    draft.steps(data.get("steps"))
    draft.guidance(data.get("scale"))
    draft.seed(data.get("seed"))
    draft.size(data.get("width"), data.get("height"))
    if data.get("request_type") in ("Img2ImgRequest", "NativeInfillingRequest"):
        draft.strength(data.get("strength"))
    if data.get("sampler"):
        words, scheduler, exact = find_sampler(data["sampler"], data.get("noise_schedule", ""))
        draft.sampler(words, scheduler, exact=exact)
    for name, value in data.items():
        if name not in _TAKEN:
            draft.other(name, value)
    return draft.recipe()


def _caption(prompt: object) -> str:
    """Base caption and those of the characters, one a line."""
    caption = prompt.get("caption") if isinstance(prompt, dict) else None
    if not isinstance(caption, dict):
        return ""
    characters = caption.get("char_captions")
    rows = [row for row in characters[:32] if isinstance(row, dict)] if isinstance(characters, list) else []
    lines = [caption.get("base_caption"), *(row.get("char_caption") for row in rows)]
    return "\n".join(line for line in lines if isinstance(line, str) and line)
