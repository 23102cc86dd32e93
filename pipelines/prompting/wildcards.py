"""Wildcards in prompts: {a|b} becomes one of its choices, always the same one for the same seed."""

from __future__ import annotations

import random
import re

_INNERMOST = re.compile(r"(?<!\\)\{((?:[^{}\\]|\\.)*)\}")
_SEPARATOR = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([{}|])")
_MAX_CHOICES = 1000
"""Choices made in one prompt at most; what follows stays as it is written."""


def choose_words(prompt: str, seed: int) -> str:
    """The prompt with each {a|b|c} replaced by one of its choices, inner braces first.

    Same prompt and seed, same words. A backslash keeps a brace or bar as it is; braces without a bar stay, too.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(_MAX_CHOICES):
        found = next((match for match in _INNERMOST.finditer(prompt) if _SEPARATOR.search(match[1])), None)
        if found is None:
            break
        choice = chance.choice(_SEPARATOR.split(found[1])).strip()
        prompt = prompt[: found.start()] + choice + prompt[found.end() :]
    return _ESCAPED.sub(r"\1", prompt)


def words_for_seed(typed: str, evaluated: object, seed: object) -> str:
    """What must stand in the form so that this seed chooses these words again.

    The words as typed, unless the seed was another one when they were chosen (as with Again).
    """
    if not isinstance(evaluated, str) or not isinstance(seed, int):
        return typed
    for words in (typed, evaluated):
        if choose_words(words, seed).strip() == evaluated:
            return words
    return re.sub(r"([{}|])", r"\\\1", evaluated)
