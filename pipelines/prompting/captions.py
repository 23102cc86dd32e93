"""What a captioning model says, made into words for a prompt."""

from __future__ import annotations

import re

MOST_TAGS = 40

_OPENING = re.compile(
    r"^(this|the|a|an)?\s*(picture|image|photo|photograph|painting|drawing|illustration|scene)?\s*"
    r"\b(shows|depicts|features|is of|of|there is|there are|we see)\s+",
    re.IGNORECASE,
)
_BREAKS = re.compile(
    r"[,.;:!?\n()\"]+|\b(?:and|with|in|on|at|into|onto|under|over|by|near|beside|behind|above|below|against|across|around|"
    r"through|between|among|next to|in front of|on top of|from|to|is|are|was|were|while|that|which|who|has|have|having|"
    r"there|it|its|some|being|appears?|seems?|looks?)\b",
    re.IGNORECASE,
)
_ARTICLES = re.compile(r"^(?:(?:a|an|the|his|her|their|very|of)\s+)+", re.IGNORECASE)
_EMPTY = frozenset({"", "a", "an", "the", "of", "be", "front", "top", "side", "background", "foreground", "image"})


def plain(text: str) -> str:
    """One line without the full stop at its end, as prompts are written."""
    return " ".join(text.split()).rstrip(". ")


def tags_of(text: str) -> str:
    """Short words between commas out of sentences, or out of tags: each once, in the order they were said."""
    found: dict[str, None] = {}
    for sentence in re.split(r"(?<=[.!?])\s+", " ".join(text.split())):
        for part in _BREAKS.split(_OPENING.sub("", sentence)):
            tag = _ARTICLES.sub("", part.strip().lower()).strip(" -'")
            if tag not in _EMPTY:
                found[tag] = None
    return ", ".join(list(found)[:MOST_TAGS])


def listed(text: str) -> str:
    """The same for a model that was asked for tags: commas and lines part them, and nothing else does."""
    parts = (re.sub(r"^[\s\-*\d.)]+", "", part).strip(" .").lower() for part in re.split(r"[,;\n]", text))
    return ", ".join(list(dict.fromkeys(part for part in parts if part))[:MOST_TAGS])
