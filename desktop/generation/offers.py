"""What is offered while one types a prompt: the model's own words, tags, inversions, LoRAs, wildcard files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from desktop.generation.form import GenerationForm
from pipelines.contract.models import ModelKind
from pipelines.prompting.tags import folded, lora_tag
from pipelines.prompting.weights import escaped

SHOWN = 8
_LAST_PHRASE = re.compile(r"[^,，、;；.。\n()\[\]{}|<>]*$")
_LORA = re.compile(r"<(?:l|lo|lor|lora|lora:([^<>:\n]*))$", re.IGNORECASE)
_WILDCARD = re.compile(r"(?:^|[^\w])__([\w./-]*)$")
_LAST_WORD = re.compile(r"[^\s]+$")
LEAST_OF_A_WORD = 3
"""Letters of a word in the middle of a phrase before tags are offered for it alone."""


@dataclass(frozen=True)
class Offer:
    """One row of the list."""

    text: str
    """What comes into the prompt."""
    typed: int
    """Characters before the cursor that it takes the place of."""
    label: str = ""
    """What is shown; the text itself where it is empty."""

    @property
    def shown(self) -> str:
        """The row's text."""
        return self.label or self.text


class WordOffers:
    """Answers for the form's present model. Every answer takes a few milliseconds at most."""

    def __init__(self, form: GenerationForm, phrases: Callable[[], Sequence[str]]) -> None:
        """`phrases`: those that a narrow model says it knows; with them no other tags are offered."""
        self._form, self._phrases = form, phrases

    def __call__(self, before: str) -> list[Offer]:
        """What to offer for the text in front of the cursor."""
        lora = _LORA.search(before)
        if lora is not None:
            return self._loras(lora)
        wildcard = _WILDCARD.search(before)
        if wildcard is not None:
            return self._wildcards(wildcard[1])
        begun = last_phrase(before)
        phrases = self._phrases()
        found = [Offer(phrase, len(begun)) for phrase in matching(begun, phrases)]
        found += self._embeddings(begun)
        if not phrases:
            found += self._tags(begun)
        return _distinct(found)[:SHOWN]

    def _loras(self, begun: re.Match[str]) -> list[Offer]:
        wording, typed = self._form.wording, folded(begun[1] or "")
        rows = wording.fitting(ModelKind.LORA, wording.family_of(self._form.settings.model))
        names = [info.name for info in rows]
        first = [name for name in names if folded(name).startswith(typed)]
        inside = [name for name in names if name not in first and typed in folded(name)]
        length = len(begun[0])
        return [Offer(lora_tag(name), length, name) for name in [*first, *inside][:SHOWN]]

    def _wildcards(self, begun: str) -> list[Offer]:
        names = [name for name in self._form.wording.wildcard_names if name.casefold().startswith(begun.casefold())]
        return [Offer(f"__{name}__", len(begun) + 2) for name in names[:SHOWN]]

    def _embeddings(self, begun: str) -> list[Offer]:
        word = _LAST_WORD.search(begun)
        if word is None or len(word[0]) < 2:
            return []
        wording = self._form.wording
        rows = wording.fitting(ModelKind.TEXTUAL_INVERSION, wording.family_of(self._form.settings.model))
        typed = word[0].casefold()
        return [Offer(info.name, len(word[0])) for info in rows if _begins(info.name, typed)]

    def _tags(self, begun: str) -> list[Offer]:
        wanted, tags = begun.casefold().replace("_", " "), self._form.wording.tags
        if any(tag.name.casefold() == wanted for tag in tags.begun(begun, 1)):
            return []
        found = list(self._tags_for(begun))
        word = _LAST_WORD.search(begun)
        if not found and word is not None and word[0] != begun and len(word[0]) >= LEAST_OF_A_WORD:
            found = list(self._tags_for(word[0]))
        return found

    def _tags_for(self, typed: str) -> Iterator[Offer]:
        if len(typed) < 2 and typed.isascii():
            return
        wanted = typed.casefold().replace("_", " ")
        for tag in self._form.wording.tags.begun(typed, SHOWN):
            alias = "" if _has(tag.name, wanted) else next((name for name in tag.aliases if _has(name, wanted)), "")
            yield Offer(escaped(tag.name), len(typed), f"{alias} → {tag.name}" if alias else tag.name)


def last_phrase(before: str) -> str:
    """What of the present phrase stands in front of the cursor."""
    found = _LAST_PHRASE.search(before)
    return found.group().lstrip() if found else ""


def matching(begun: str, phrases: Sequence[str]) -> list[str]:
    """Phrases to offer: those that begin so, then those with a word that does; none for what is complete already."""
    typed = begun.casefold()
    if not typed or (len(typed) < 2 and typed.isascii()):
        return []
    first = [p for p in phrases if p.casefold().startswith(typed)]
    inside = [p for p in phrases if p not in first and f" {typed}" in p.casefold()]
    found = list(dict.fromkeys([*first, *inside]))
    return [] if typed in (p.casefold() for p in found) else found[:SHOWN]


def _begins(name: str, typed: str) -> bool:
    return name.casefold().startswith(typed) and name.casefold() != typed


def _has(name: str, typed: str) -> bool:
    """Whether a word of the name begins so."""
    return f" {typed}" in f" {name.casefold()}"


def _distinct(offers: Iterable[Offer]) -> list[Offer]:
    return list({offer.text: offer for offer in offers}.values())
