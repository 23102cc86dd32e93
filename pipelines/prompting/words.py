"""Does a model know the words of a prompt? Asked for small models with a small vocabulary, such as the starter."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

_JOINING = frozenset({"a", "an", "and", "of", "the", "with"})
_CHINESE = r"\u3400-\u4dbf\u4e00-\u9fff"
_WORDS = re.compile(rf"[{_CHINESE}]+|[^\W\d_{_CHINESE}]+")


VOCABULARY_FILE = "vocabulary.json"
"""In a model's folder: a JSON list of the words and phrases it was trained on, where those are few."""


def read_vocabulary(folder: Path) -> frozenset[str]:
    """The words of a narrow model, lower case, phrases taken apart; empty for a model without such a list.

    Words that only join others (a, with, and) are left out: to know them says nothing.
    """
    words = (word for phrase in read_phrases(folder) for word in re.split(r"[\s-]+", phrase.lower()))
    return frozenset(word for word in words if word and word not in _JOINING)


def read_phrases(folder: Path) -> tuple[str, ...]:
    """The words and phrases of a narrow model as its list has them; empty for a model without one."""
    try:
        phrases = json.loads((folder / VOCABULARY_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(phrase for phrase in phrases if isinstance(phrase, str)) if isinstance(phrases, list) else ()


def unknown_words(prompt: str, vocabulary: Collection[str]) -> list[str]:
    """Words of the prompt that are not in `vocabulary`, each once, in order.

    `vocabulary` holds words in lower case, Chinese ones of any length.
    English plurals are known by their singular. Chinese has no spaces: the longest known words are read off first, and
    what is left over is unknown.
    """
    longest = max(map(len, vocabulary), default=1)
    unknown: dict[str, None] = {}
    for run in _WORDS.findall(unicodedata.normalize("NFC", prompt).lower()):
        if re.match(f"[{_CHINESE}]", run):
            unknown |= dict.fromkeys(_unknown_parts(run, vocabulary, longest))
        elif run not in vocabulary and run.removesuffix("s") not in vocabulary:
            unknown[run] = None
    return list(unknown)


def knows_any(prompt: str, vocabulary: Collection[str]) -> bool:
    """Whether the prompt is empty of words or has at least one that the model knows."""
    words = _WORDS.findall(prompt)
    return not words or unknown_words(prompt, vocabulary) != unknown_words(prompt, ())


def _unknown_parts(run: str, vocabulary: Collection[str], longest: int) -> list[str]:
    parts, pending, place = list[str](), "", 0
    while place < len(run):
        length = next((n for n in range(longest, 0, -1) if run[place : place + n] in vocabulary), 0)
        if length == 0:
            pending, place = pending + run[place], place + 1
            continue
        parts, pending, place = parts + [pending] * bool(pending), "", place + length
    return [*parts, pending] if pending else parts
