"""`<lora:name:weight>` in prompts: which LoRAs a prompt asks for by name."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.prompting.weights import number

_TAG = re.compile(r"<lora:([^<>:]+)(?::([^<>:]*))?(?::[^<>]*)?>", re.IGNORECASE)
_GAP = re.compile(r"[ \t]{2,}")
_COMMAS = re.compile(r",(?:[ \t]*,)+")


@dataclass(frozen=True)
class LoraTag:
    """A LoRA as a prompt names it."""

    name: str
    """The file's name without its suffix, as it was typed."""
    weight: float
    """1 where none is written; finite."""


def take_loras(prompt: str) -> tuple[str, tuple[LoraTag, ...]]:
    """The prompt without its `<lora:…>` tags, and these in their order.

    A tag with a third part (`<lora:a:0.8:0.6>`, the text encoder's weight apart) is read by its first weight. What
    stands where a weight should be and is no number counts as 1.
    """
    tags = tuple(LoraTag(found[1].strip(), _weight(found[2])) for found in _TAG.finditer(prompt))
    if not tags:
        return prompt, ()
    rest = _COMMAS.sub(",", _GAP.sub(" ", _TAG.sub("", prompt)))
    return rest.strip().strip(",").strip(), tags


def without_loras(prompt: str, wanted: Callable[[str], bool]) -> str:
    """The prompt without the tags of LoRAs whose names are not `wanted`."""
    rest = _TAG.sub(lambda found: found[0] if wanted(found[1].strip()) else "", prompt)
    return prompt if rest == prompt else _COMMAS.sub(",", _GAP.sub(" ", rest)).strip().strip(",").strip()


def lora_tag(name: str, weight: float = 1.0) -> str:
    """The tag of a LoRA."""
    return f"<lora:{name}:{number(weight)}>"


def find_name(name: str, names: Sequence[str]) -> int | None:
    """Where `name` is among the names: the very same, else without regard to case, suffix and `_ -` against spaces."""
    if name in names:
        return names.index(name)
    wanted = folded(name)
    return next((place for place, other in enumerate(names) if folded(other) == wanted), None)


def folded(name: str) -> str:
    """A name for comparing."""
    bare = re.sub(r"\.(safetensors|ckpt|pt|bin)$", "", name.strip(), flags=re.IGNORECASE)
    return re.sub(r"[\s_-]+", " ", bare).casefold()


def _weight(text: str | None) -> float:
    try:
        value = float(text) if text else 1.0
    except ValueError:
        return 1.0
    return value if math.isfinite(value) else 1.0
