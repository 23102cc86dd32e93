"""What a picture says about how it was made, in our own words; and how numbers of strangers are read."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.contract.models import SchedulerName
from pipelines.contract.request import MAX_SEED, MAX_SIDE

MAX_TEXT = 2**20
"""Characters of one text that are looked at; a longer one is not read at all."""
MAX_CHUNKS = 64
"""Texts of one picture that are looked at."""
MAX_PROMPT = 20_000
"""Characters of a prompt; no model reads that many."""
MAX_WORDS = 300
"""Characters of a name."""
MAX_LORAS = 64
MAX_EXTRAS = 100
MAX_STEPS = 200
MAX_GUIDANCE = 50.0


@dataclass(frozen=True)
class RecipeLora:
    """One LoRA by the name that the other program gave it."""

    name: str
    weight: float = 1.0
    hash: str = ""


@dataclass(frozen=True)
class Recipe:
    """Settings from elsewhere. None and empty mean: the picture does not say."""

    source: str
    """The program that wrote it."""
    prompt: str = ""
    negative_prompt: str = ""
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    sampler: str = ""
    """As the other program calls it."""
    scheduler: SchedulerName | None = None
    """What comes closest here; None when nothing does."""
    scheduler_exact: bool = True
    """Whether `scheduler` is the same thing and not only similar."""
    seed: int | None = None
    width: int | None = None
    """Pixels."""
    height: int | None = None
    strength: float | None = None
    """0..1; only of pictures that were made from others."""
    model: str = ""
    """Name of the model, mostly its file's name without the suffix."""
    model_hash: str = ""
    loras: tuple[RecipeLora, ...] = ()
    refused: tuple[str, ...] = ()
    """Names of fields that stood there with a value that cannot be used, such as a million steps."""
    extras: Mapping[str, str] = field(default_factory=dict)
    """What we have no field for, in the other program's words."""

    @property
    def says_something(self) -> bool:
        """Whether there is more in it than a name."""
        numbers = (self.num_inference_steps, self.guidance_scale, self.seed, self.width, self.strength)
        return bool(self.prompt or self.negative_prompt or any(number is not None for number in numbers))


class Draft:
    """A recipe that is being filled with values nobody has checked. Bad ones are noted by name, never raised."""

    def __init__(self, source: str) -> None:
        self._recipe = Recipe(source)
        self._refused: list[str] = []
        self._extras: dict[str, str] = {}
        self._loras: list[RecipeLora] = []

    def words(self, name: str, value: object) -> None:
        """Takes a text, cut to what can be of use."""
        if isinstance(value, str) and value.strip():
            limit = MAX_PROMPT if name in ("prompt", "negative_prompt") else MAX_WORDS
            self._recipe = replace(self._recipe, **{name: value.strip()[:limit]})

    def steps(self, value: object) -> None:
        """Takes the number of steps, 1..200."""
        self._number("num_inference_steps", whole(value, 1, MAX_STEPS), value)

    def guidance(self, value: object) -> None:
        """Takes the guidance scale, 0..50."""
        self._number("guidance_scale", real(value, 0.0, MAX_GUIDANCE), value)

    def seed(self, value: object) -> None:
        """Takes the seed, 0..2^63 - 1."""
        self._number("seed", whole(value, 0, MAX_SEED), value)

    def strength(self, value: object) -> None:
        """Takes the denoising strength, 0..1."""
        self._number("strength", real(value, 0.0, 1.0), value)

    def size(self, width: object, height: object) -> None:
        """Takes both sides, 16..8192 pixels, or neither."""
        sides = whole(width, 16, MAX_SIDE), whole(height, 16, MAX_SIDE)
        if None not in sides:
            self._recipe = replace(self._recipe, width=sides[0], height=sides[1])
        elif width is not None or height is not None:
            self._refuse("size")

    def sampler(self, words: str, scheduler: SchedulerName | None, *, exact: bool) -> None:
        """Takes the sampler in both languages."""
        self._recipe = replace(
            self._recipe, sampler=words[:MAX_WORDS], scheduler=scheduler, scheduler_exact=exact and bool(scheduler)
        )

    def lora(self, name: object, weight: object = 1.0, digest: object = "") -> None:
        """Takes a LoRA; its weight must lie within -10..10. One that came before is only completed."""
        amount = real(weight, -10.0, 10.0)
        if not isinstance(name, str) or not name.strip() or len(self._loras) >= MAX_LORAS:
            return
        if amount is None:
            self._refuse("loras")
            return
        hashed = digest.strip()[:MAX_WORDS] if isinstance(digest, str) else ""
        self._loras.append(RecipeLora(name.strip()[:MAX_WORDS], amount, hashed))

    def other(self, name: str, value: object) -> None:
        """Keeps what has no place of its own."""
        if len(self._extras) < MAX_EXTRAS and isinstance(value, str | int | float | bool) and str(name).strip():
            self._extras[str(name).strip()[:MAX_WORDS]] = str(value)[:MAX_PROMPT]

    def recipe(self) -> Recipe | None:
        """The finished recipe; None when nothing is in it."""
        loras, refused = tuple(self._loras), tuple(self._refused)
        made = replace(self._recipe, loras=loras, refused=refused, extras=dict(self._extras))
        return made if made.says_something else None

    def _number(self, name: str, number: float | None, value: object) -> None:
        if number is not None:
            self._recipe = replace(self._recipe, **{name: number})
        elif value is not None and value != "":
            self._refuse(name)

    def _refuse(self, name: str) -> None:
        if name not in self._refused:
            self._refused.append(name)


def whole(value: object, low: int, high: int) -> int | None:
    """An integer within bounds, from a number or digits; None for anything else."""
    number = real(value, float(low), float(high)) if not isinstance(value, int) else value
    if isinstance(value, str) and number is not None:
        with contextlib.suppress(ValueError):
            number = int(value.strip())  # large seeds lose digits as floats
    if number is None or isinstance(number, bool) or number != int(number):
        return None
    return int(number) if low <= number <= high else None


def real(value: object, low: float, high: float) -> float | None:
    """A finite number within bounds, from a number or its digits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and len(value) > 40:
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and low <= number <= high else None


def as_object(text: object) -> dict[str, Any] | None:
    """The JSON object in a text; None for anything else, too long, too deep or broken."""
    if not isinstance(text, str) or len(text) > MAX_TEXT or not text.lstrip().startswith("{"):
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError, MemoryError):
        return None
    return data if isinstance(data, dict) else None


def texts_of(chunks: Mapping[str, str], *names: str) -> Iterator[str]:
    """Texts by name, in the order of the names, whatever their case and prefix (`Exif:UserComment`, `xmp.title`)."""
    bare = [(_bare(key), text) for key, text in list(chunks.items())[:MAX_CHUNKS] if _is_text(text)]
    for name in names:
        for key, text in bare:
            if key == _bare(name):
                yield text


def all_texts(chunks: Mapping[str, str], *first: str) -> Iterator[str]:
    """Every text, those with the given names first."""
    said: set[int] = set()
    for text in (*texts_of(chunks, *first), *[t for t in list(chunks.values())[:MAX_CHUNKS] if _is_text(t)]):
        if id(text) not in said:
            said.add(id(text))
            yield text


def stem(name: object) -> str:
    """A model file's name without folders and suffix: `folder/a b.v2.safetensors` -> `a b.v2`."""
    if not isinstance(name, str):
        return ""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    for suffix in (".safetensors", ".ckpt", ".pt", ".pth", ".bin", ".gguf", ".sft"):
        if last.casefold().endswith(suffix):
            return last[: -len(suffix)][:MAX_WORDS]
    return last[:MAX_WORDS]


def _is_text(text: object) -> bool:
    return isinstance(text, str) and len(text) <= MAX_TEXT


def _bare(key: object) -> str:
    last = str(key).replace("/", ":").replace(".", ":").rsplit(":", 1)[-1]
    return "".join(sign for sign in last.casefold() if sign.isalnum())
