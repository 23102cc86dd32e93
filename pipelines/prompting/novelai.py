"""NovelAI's weights in words of A1111: `{a}` and `[a]` are 1.05 there, and `1.3::a::` is a weight in figures."""

from __future__ import annotations

import re

from pipelines.prompting.weights import number

STRONGER = 1.05
_FIGURES = re.compile(r"(?<![\w.])([+-]?\d+(?:\.\d+)?)::((?:(?!::).)*?)(?:::|$)", re.DOTALL)
_NOT_BRACES = re.compile(r"\{[^{}]*(?:\||\$\$|::)[^{}]*\}")
_LONE_BRACES = re.compile(r"(?<!\\)[{}]")


def is_novelai(text: str) -> bool:
    """Whether a prompt is written in NovelAI's way: braces around words (no wildcards), or `1.3::words::`."""
    without_wildcards = _NOT_BRACES.sub("", text)
    if _figures_there(without_wildcards):
        return True
    braces = _LONE_BRACES.findall(without_wildcards)
    return "{" in braces and "}" in braces and not re.search(r"\(([^()]*):[\d.]+\)", text)


def from_novelai(text: str) -> str:
    """The prompt with the same weights as A1111 writes them. Its plain round brackets are text and stay text.

    Unbalanced brackets hold to the end, as they do there.
    """
    text = re.sub(r"(?<!\\)([()])", r"\\\1", text)
    text = _FIGURES.sub(lambda found: _weighed(found[2], float(found[1])), text)
    return _Braces(text).converted()


def _figures_there(text: str) -> bool:
    return any(found[2].strip() and found[0].endswith("::") for found in _FIGURES.finditer(text))


def _weighed(words: str, weight: float) -> str:
    """`(words:weight)`, with the spaces and commas at their ends left outside."""
    inner = words.strip(" ,\n")
    if not inner or number(weight) == "1":
        return words
    at = words.index(inner)
    return f"{words[:at]}({inner}:{number(weight)}){words[at + len(inner) :]}"


class _Braces:
    """One pass over the text: every stretch that stands in as many brackets as its neighbours gets one weight."""

    def __init__(self, text: str) -> None:
        self._text, self._level = text, 0
        self._stretch, self._done = "", ""

    def converted(self) -> str:
        text, place = self._text, 0
        while place < len(text):
            wildcard = _NOT_BRACES.match(text, place)
            if wildcard or text[place] == "\\":
                end = wildcard.end() if wildcard else place + 2
                self._stretch, place = self._stretch + text[place:end], end
                continue
            change = {"{": 1, "}": -1, "[": -1, "]": 1}.get(text[place], 0)
            if change:
                self._flush()
                self._level += change
            else:
                self._stretch += text[place]
            place += 1
        self._flush()
        return self._done

    def _flush(self) -> None:
        self._done += _weighed(self._stretch, STRONGER**self._level) if self._level else self._stretch
        self._stretch = ""
