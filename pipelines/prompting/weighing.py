"""Changing the weight of the words at a cursor: `cat` becomes `(cat:1.05)`, and `(cat:1.05)` becomes `cat` again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.prompting.weights import STRONGER, number

LEAST, MOST = 0.0, 3.0
"""Weights that the keys reach; others can be typed."""
_WORD = re.compile(r"[^\s,，、.。;；()\[\]{}<>|:\\]+(?:\\[()\[\]][^\s,，、.。;；()\[\]{}<>|:\\]*)*")
_WEIGHT = re.compile(r":\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*$")


@dataclass(frozen=True)
class Weighed:
    """A piece of a prompt to be replaced, and what is selected afterwards."""

    start: int
    """First character to be replaced."""
    end: int
    """The one behind the last."""
    text: str
    """What comes there."""
    chosen: tuple[int, int]
    """Start and end of the words in the new prompt, so that the next key changes the same ones."""


def weigh(prompt: str, start: int, end: int, step: float) -> Weighed | None:
    """The change that adds `step` to the weight of what is selected (start..end), or of the word at the cursor.

    The innermost brackets that hold just these words are used; others are put around them, and taken away at
    weight 1. None where there is no word.
    """
    tag = _lora_at(prompt, start, end)
    if tag is not None:
        return tag.shifted(step)
    found = _trimmed(prompt, start, end) if end > start else _word_at(prompt, start)
    if found is None:
        return None
    start, end = found
    outer = _brackets(prompt, start, end)
    left, right, weight, words = outer or (start, end, 1.0, prompt[start:end])
    changed = round(min(MOST, max(LEAST, weight + step)), 4)
    if number(changed) == "1":
        return Weighed(left, right, words, (left, left + len(words)))
    return Weighed(left, right, f"({words}:{number(changed)})", (left + 1, left + 1 + len(words)))


@dataclass(frozen=True)
class _Lora:
    start: int
    end: int
    name: str
    weight: float

    def shifted(self, step: float) -> Weighed:
        text = f"<lora:{self.name}:{number(round(self.weight + step, 4))}>"
        return Weighed(self.start, self.end, text, (self.start + 1, self.start + 1))


def _lora_at(prompt: str, start: int, end: int) -> _Lora | None:
    for tag in re.finditer(r"<lora:([^<>:]+)(?::([+-]?[\d.]+))?[^<>]*>", prompt):
        if tag.start() <= start and end <= tag.end() and tag.start() < max(end, start + 1):
            try:
                return _Lora(tag.start(), tag.end(), tag[1], float(tag[2] or 1.0))
            except ValueError:
                return None
    return None


def _trimmed(prompt: str, start: int, end: int) -> tuple[int, int] | None:
    words = prompt[start:end]
    left, right = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    return (left, right) if left < right else None


def _word_at(prompt: str, at: int) -> tuple[int, int] | None:
    """The word that holds the cursor or ends there; inside brackets with a weight, all that they hold."""
    for word in _WORD.finditer(prompt):
        if word.start() <= at <= word.end():
            inside = _held(prompt, word.start(), word.end())
            if inside is not None:
                return inside
            return word.start(), word.end()
    return None


def _held(prompt: str, start: int, end: int) -> tuple[int, int] | None:
    """The words of the brackets around start..end, if those have a weight and the words stand before it."""
    left, right = _around(prompt, start, end)
    if left < 0 or right < 0 or prompt[left] != "(":
        return None
    weight = _WEIGHT.search(prompt, left + 1, right)
    if weight is None:
        return None
    return left + 1, weight.start()


def _brackets(prompt: str, start: int, end: int) -> tuple[int, int, float, str] | None:
    """Left, right, weight and words of the brackets that hold exactly start..end."""
    left, right = _around(prompt, start, end)
    if left < 0 or right < 0 or prompt[left + 1 : start].strip():
        return None
    weight = _WEIGHT.match(prompt, end, right) if prompt[left] == "(" else None
    if weight is None and prompt[end:right].strip():
        return None
    words = prompt[start:end]
    own = STRONGER if prompt[left] == "(" else 1.0 / STRONGER
    return left, right + 1, float(weight[1]) if weight else round(own, 2), words


def _around(prompt: str, start: int, end: int) -> tuple[int, int]:
    """Places of the innermost pair of brackets around start..end; -1 for none."""
    left = _partner(prompt, range(start - 1, -1, -1), "([", ")]")
    right = _partner(prompt, range(end, len(prompt)), ")]", "([")
    if left < 0 or right < 0 or "([".index(prompt[left]) != ")]".index(prompt[right]):
        return -1, -1
    return left, right


def _partner(prompt: str, places: range, wanted: str, other: str) -> int:
    depth = 0
    for place in places:
        mark = prompt[place]
        if mark not in wanted + other or _is_escaped(prompt, place):
            continue
        if mark in wanted and depth == 0:
            return place
        depth += -1 if mark in wanted else 1
    return -1


def _is_escaped(prompt: str, place: int) -> bool:
    slashes = place
    while slashes > 0 and prompt[slashes - 1] == "\\":
        slashes -= 1
    return (place - slashes) % 2 == 1
