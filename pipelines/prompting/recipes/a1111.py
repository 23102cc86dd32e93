"""The text of AUTOMATIC1111, Forge, Civitai and many others: prompt, negative prompt, one line of parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from pipelines.prompting.recipes.recipe import MAX_TEXT, Draft, Recipe, all_texts, real, stem
from pipelines.prompting.recipes.samplers import find_sampler, sampler_words

SOURCE = "AUTOMATIC1111"
PROGRAMS = ("Forge", "Fooocus", "Handscroll", "ComfyUI", "SD.Next", "Civitai", "Draw Things")
"""What the version says of programs that write the same kind of text."""
_NEGATIVE = "Negative prompt:"
_KNOWN = frozenset({"steps", "sampler", "cfg scale", "seed", "size", "model", "model hash", "denoising strength"})
_TAKEN = _KNOWN | {"schedule type", "lora hashes", "lora weights"}
_LORA = re.compile(r"<lora:([^:<>]{1,300}):(-?[0-9.]{1,12})(?::[^<>]{0,100})?>")
_MAX_FIELDS = 300


def parse(chunks: Mapping[str, str]) -> Recipe | None:
    """The first text of a picture that is one of these."""
    for text in all_texts(chunks, "parameters", "UserComment", "Comment", "ImageDescription"):
        recipe = parse_text(text)
        if recipe is not None:
            return recipe
    return None


def parse_text(text: str) -> Recipe | None:
    """A whole text, as it stands in a picture or on a page; None when it has no line of parameters.

    Takes a time that grows with the length of the text only; never raises.
    """
    if len(text) > MAX_TEXT:
        return None
    lines = text.strip().split("\n")
    found = _parameter_line(lines)
    if found is None:
        return None
    number, fields = found
    words, negative = _prompts(lines[:number])
    draft = Draft(_source(fields.get("version", "")))
    loras = list(_LORA.finditer(words))
    draft.words("prompt", _LORA.sub("", words) if loras else words)
    draft.words("negative_prompt", negative)
    _numbers(draft, fields)
    _loras(draft, [(match[1], match[2]) for match in loras], fields)
    for name, value in fields.items():
        if name not in _TAKEN:
            draft.other(name, value)
    return draft.recipe()


def parameters_text(request: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """One picture's settings as other programs read them.

    `request` is the JSON form of a request whose seed is that of this picture (the batch's seed + its number),
    `facts` what the engine reported (or nothing). Holds no path: pictures are given away, and paths name people.
    """
    loras = [lora for lora in request.get("loras", ()) if isinstance(lora, Mapping)]
    tags = "".join(f" <lora:{_name(lora.get('model'))}:{float(lora.get('weight', 1.0)):g}>" for lora in loras)
    lines = [f"{str(request.get('prompt', '')).strip()}{tags}".strip()]
    negative = str(request.get("negative_prompt", "")).strip()
    if negative:
        lines.append(f"{_NEGATIVE} {negative}")
    lines.append(", ".join(f"{name}: {_quoted(value)}" for name, value in _fields(request, facts) if value != ""))
    return "\n".join(lines).strip()


def _fields(request: Mapping[str, Any], facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    sampler, spacing = sampler_words(str(request.get("scheduler", "default")))
    yield "Steps", str(request.get("num_inference_steps", ""))
    yield "Sampler", sampler
    yield "Schedule type", spacing
    yield "CFG scale", f"{float(request.get('guidance_scale', 0.0)):g}"
    yield "Seed", str(request.get("seed", ""))
    yield "Size", f"{request.get('width', '')}x{request.get('height', '')}"
    yield "Model hash", file_hash(facts, request.get("model"))
    yield "Model", _name(request.get("model"))
    if request.get("task") in ("image-to-image", "inpaint"):
        yield "Denoising strength", f"{float(request.get('strength', 1.0)):g}"
    loras = [lora.get("model") for lora in request.get("loras", ()) if isinstance(lora, Mapping)]
    hashes = [(_name(lora), file_hash(facts, lora)) for lora in loras]
    yield "Lora hashes", ", ".join(f"{_quoted(name)}: {digest}" for name, digest in hashes if digest)
    versions = facts.get("versions")
    number = str(versions.get("handscroll", "")) if isinstance(versions, Mapping) else ""
    yield "Version", f"Handscroll {number}".strip()


def file_hash(facts: Mapping[str, Any], model: object) -> str:
    """The first ten digits of a file's sha256, by which model sites know it; empty as long as nobody has read it."""
    files = facts.get("files")
    for name, known in files.items() if isinstance(files, Mapping) else ():
        if isinstance(known, Mapping) and _name(name) == _name(model):
            return str(known.get("sha256") or "")[:10]
    return ""


def _name(model: object) -> str:
    """A model id without its folders."""
    return stem(PurePath(str(model or "")).name)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if any(sign in value for sign in ',:\n"') else value


def _parameter_line(lines: list[str]) -> tuple[int, dict[str, str]] | None:
    """The last line of parameters: its number and fields."""
    for number in range(len(lines) - 1, max(-1, len(lines) - 200), -1):
        line = lines[number].strip()
        if line.startswith("Steps:") or number == len(lines) - 1:
            fields = dict(fields_of(line))
            if len(_KNOWN & fields.keys()) >= 2:
                return number, fields
    return None


def fields_of(line: str) -> Iterator[tuple[str, str]]:
    """`name: value` pairs of a line, names in small letters; values may be quoted or JSON and hold commas then."""
    place = 0
    for _ in range(_MAX_FIELDS):
        colon = line.find(":", place)
        if colon < 0:
            return
        start = line.rfind(",", place, colon) + 1 or place
        name = line[start:colon].strip().casefold()
        value, place = _value(line, colon + 1)
        if 0 < len(name) <= 60:
            yield name, value


def _value(line: str, start: int) -> tuple[str, int]:
    """The value that begins here, and where the next field does."""
    while start < len(line) and line[start] in " \t":
        start += 1
    if line[start : start + 1] in ('"', "{", "["):
        try:
            data, end = json.JSONDecoder().raw_decode(line, start)
        except (ValueError, RecursionError):
            pass
        else:
            comma = line.find(",", end)
            if not line[end : comma if comma >= 0 else None].strip():
                value = data if isinstance(data, str) else line[start:end]
                return value, (comma + 1 if comma >= 0 else len(line))
    comma = line.find(",", start)
    end = comma if comma >= 0 else len(line)
    return line[start:end].strip(), end + 1


def _prompts(lines: list[str]) -> tuple[str, str]:
    """Prompt and negative prompt."""
    starts = [number for number, line in enumerate(lines) if line.startswith(_NEGATIVE)]
    if not starts:
        return "\n".join(lines).strip(), ""
    negative = [lines[starts[0]][len(_NEGATIVE) :], *lines[starts[0] + 1 :]]
    return "\n".join(lines[: starts[0]]).strip(), "\n".join(negative).strip()


def _numbers(draft: Draft, fields: Mapping[str, str]) -> None:
    draft.steps(fields.get("steps"))
    draft.guidance(fields.get("cfg scale"))
    draft.seed(fields.get("seed"))
    draft.strength(fields.get("denoising strength"))
    if "size" in fields:
        width, _, height = fields["size"].partition("x")
        draft.size(width, height)
    if fields.get("sampler"):
        words, scheduler, exact = find_sampler(fields["sampler"], fields.get("schedule type", ""))
        draft.sampler(words, scheduler, exact=exact)
    draft.words("model", stem(fields.get("model", "")))
    draft.words("model_hash", fields.get("model hash"))


def _loras(draft: Draft, tags: list[tuple[str, str]], fields: Mapping[str, str]) -> None:
    """LoRAs of the prompt and of the fields, each once."""
    hashes = dict(fields_of(fields.get("lora hashes", "")))
    weights = dict(fields_of(fields.get("lora weights", "")))
    for name, weight in tags:
        draft.lora(name, weight, hashes.get(name.casefold(), ""))
    tagged = {name.casefold() for name, _ in tags}
    for name, digest in hashes.items():
        if name not in tagged:
            draft.lora(name, real(weights.get(name, 1.0), -10.0, 10.0) or 1.0, digest)


def _source(version: str) -> str:
    return next((name for name in PROGRAMS if version.casefold().startswith(name.casefold())), SOURCE)
