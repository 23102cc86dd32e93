"""What pipelines/ and canvas/ say, in the person's language: they know no Qt and speak English, the window translates.

`resources/sentences.json` (made by `tools.gather_sentences`) lists their sentences as templates, {0} {1} … for what is
filled in. A text is looked up whole, then as the most specific template that it is an instance of; what was filled in
is spoken as well, unless it stands in quotation marks and so is somebody's name for something. Several sentences in one
text are spoken one after the other, lists piece by piece. What is not known stays as it is.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale

LISTED = Path(__file__).resolve().parents[1] / "resources" / "sentences.json"
LONGEST = 2000
"""Characters; what is longer is no sentence but something's output, and stays as it is."""
DEEPEST = 4
"""How often something filled in may hold something filled in."""
_FIELD = re.compile(r"\{(\d+)\}")
_WORD = re.compile(r"[A-Za-z0-9]+")
_OWN_WORD = re.compile(r"(?<![A-Za-z0-9{}])[A-Za-z0-9]+(?![A-Za-z0-9{}])")
"""A word that stands in every instance of a template as it is: no field can lengthen it."""
_END = re.compile(r"(?<=[.?!…:])(\s+)")
_MOST_TOGETHER = 4
"""Sentences that one template may hold."""
_QUOTES = "'\"“‘"
_FEW_LETTERS = 6
"""A template with fewer letters of its own counts only when something filled in is known, too."""


@dataclass(frozen=True)
class Template:
    """A sentence with fields."""

    source: str
    """As it was gathered: the translators' key."""
    pieces: tuple[str, ...]
    """What stands before, between and after the fields: one more than there are."""

    @classmethod
    def of(cls, source: str) -> Template:
        """Reads a template of the list."""
        return cls(source, tuple(_FIELD.split(source)[::2]))

    @property
    def letters(self) -> int:
        """How specific it is: characters that are not filled in."""
        return sum(map(len, self.pieces))

    @property
    def is_weak(self) -> bool:
        """Whether it has so few words of its own that it fits texts that have nothing to do with it."""
        return sum(len(word) for piece in self.pieces for word in _WORD.findall(piece)) < _FEW_LETTERS

    def values_in(self, text: str) -> list[str] | None:
        """What was filled in to make `text`; None when it is no instance of this template."""
        first, *between, last = self.pieces
        if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
            return None
        values: list[str] = []
        start, end = len(first), len(text) - len(last)
        for piece in between:
            found = text.find(piece, start, end)
            if found < 0:
                return None
            values.append(text[start:found])
            start = found + len(piece)
        return [*values, text[start:end]]

    def is_name(self, place: int) -> bool:
        """Whether the field stands in quotation marks: a name is nobody's sentence."""
        return self.pieces[place][-1:] != "" and self.pieces[place][-1] in _QUOTES


class Sentences:
    """All templates, found by the longest of their words; read only when a text holds that word."""

    def __init__(self, sources: Iterable[str]) -> None:
        self.known = frozenset(sources)
        """Every text of the list; those without a field are found whole."""
        self._by_word: dict[str, list[str]] = {}
        for source in self.known:
            if "{" in source:
                longest = max(_OWN_WORD.findall(source), key=_length_first, default="")
                self._by_word.setdefault(longest, []).append(source)

    def matches(self, text: str) -> Iterator[tuple[Template, list[str]]]:
        """Every template that the whole text is an instance of, the most specific first, with what was filled in."""
        words = {*_WORD.findall(text), ""}
        candidates = [_template(source) for word in words for source in self._by_word.get(word, ())]
        for template in sorted(candidates, key=lambda one: (-one.letters, len(one.pieces), one.source)):
            if (values := template.values_in(text)) is not None:
                yield template, values


def spoken(text: str) -> str:
    """The text in the window's language; `text` itself in English, and where nobody knows it. Costs 2 ms at most."""
    if not text or len(text) > LONGEST or _is_english():
        return text
    lines = text.split("\n")
    if len(lines) > 1:
        return _whole(text, 0) or "\n".join(map(spoken, lines))
    return _spoken(text, 0) or text


def read_ahead() -> None:
    """Reads the list before the first sentence needs it; takes milliseconds, for a thread."""
    if not _is_english():
        _sentences()


def _is_english() -> bool:
    return QLocale().language() in (QLocale.Language.English, QLocale.Language.C)


def _spoken(text: str, depth: int) -> str:
    """The translation; empty when the text is not known."""
    return (
        _listed(text, depth, "; ")
        or _whole(text, depth)
        or _sentence_by_sentence(text, depth)
        or _listed(text, depth, ", | and ")
    )


def _whole(text: str, depth: int) -> str:
    if depth > DEEPEST or not text:
        return ""
    if text in _sentences().known:
        return _translated(text)
    if text.endswith(".") and text[:-1] in _sentences().known:  # a reason that ends a sentence
        return QCoreApplication.translate("spoken", "{0}.").format(_translated(text[:-1]))
    for template, values in _sentences().matches(text):
        translate = _whole if template.is_weak else _spoken
        said = [
            "" if template.is_name(place) or value[:1] in _QUOTES else translate(value, depth + 1)
            for place, value in enumerate(values)
        ]
        if any(said) or not template.is_weak:
            return _filled(
                _translated(template.source), [own or value for own, value in zip(said, values, strict=True)]
            )
    return ""


def _filled(template: str, values: Sequence[str]) -> str:
    return _FIELD.sub(lambda field: values[int(field[1])], template)


def _sentence_by_sentence(text: str, depth: int) -> str:
    """Sentences that follow each other, the longest known stretch first; empty when none of them is known."""
    pieces = _END.split(text)  # sentence, white space, sentence …
    said: list[str] = []
    start, is_known = 0, False
    while start < len(pieces):
        longest = min(len(pieces) if start else len(pieces) - 2, start + 2 * _MOST_TOGETHER - 1)
        for end in range(longest, start, -2):
            if found := _whole("".join(pieces[start:end]), depth + 1):
                is_known = True
                break
        else:
            end, found = start + 1, pieces[start]
        said.append(found)
        start = end + 1
    return _joined(said) if is_known else ""


def _listed(text: str, depth: int, signs: str) -> str:
    """Pieces of a list, between which one of these signs stands; empty when one of them is not known."""
    pieces = re.split(signs, text)
    if len(pieces) == 1:
        return ""
    said = [_whole(piece, depth + 1) for piece in pieces]
    return QCoreApplication.translate("spoken", ", ").join(said) if all(said) else ""


def _joined(said: Sequence[str]) -> str:
    """Sentences behind each other: full-width marks need no space after them."""
    whole = said[0]
    for sentence in said[1:]:
        whole += sentence if whole.endswith(("。", "！", "？", "：", "；")) else f" {sentence}"
    return whole


def _translated(source: str) -> str:
    return QCoreApplication.translate("sentences", source)


@functools.cache
def _sentences() -> Sentences:
    return Sentences(json.loads(LISTED.read_text("utf-8")))


@functools.cache
def _template(source: str) -> Template:
    return Template.of(source)


def _length_first(word: str) -> tuple[int, str]:
    return len(word), word
