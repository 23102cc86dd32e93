"""From what is typed to what the engine gets: styles, wildcards, LoRAs by name, textual inversions by their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Protocol

from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import EmbeddingWord, LoraWeight
from pipelines.library.families import label_of
from pipelines.prompting.styles import Style, apply_styles
from pipelines.prompting.tags import LoraTag, find_name, take_loras
from pipelines.prompting.wildcards import WildcardFolder, choose_words, missing_files

CLIP_FAMILIES = frozenset({Family.STARTER, Family.SD1, Family.SD2, Family.SDXL})
"""Whose last layers of the text encoder can be left out."""
ADDON_KINDS = (
    ModelKind.LORA,
    ModelKind.TEXTUAL_INVERSION,
    ModelKind.VAE,
    ModelKind.CONTROLNET,
    ModelKind.T2I_ADAPTER,
    ModelKind.IP_ADAPTER,
    ModelKind.IMAGE_ENCODER,
    ModelKind.ANNOTATOR,
)
"""What works beside the model that paints."""
_EMBEDDING = re.compile(r"\bembedding:([\w.-]+?)(?:\.(?:pt|safetensors|bin))?(?![\w-])")
"""As ComfyUI's people write textual inversions."""


class Fault(Enum):
    """What can be wrong with words, and the sentence for it; a window has sentences of its own."""

    NO_WILDCARD = (
        "There is no wildcard file '{name}', or it names itself. Put {name}.txt, one choice a line, into {folder}."
    )
    LORA_IN_REGION = (
        "The LoRA '{name}' is named in the words of a region. LoRAs act on the whole picture: name it in the prompt "
        "instead."
    )
    NO_STYLE = "There is no style '{name}'. There are: {known}."
    NO_LORA = "There is no LoRA '{name}' in the library. 'handscroll models list --kind lora' lists them."
    LORA_OF_OTHERS = "The LoRA '{name}' is made for {own}; the chosen model is {family}. Leave it out."
    NO_VAE = "There is no VAE '{name}' in the library. 'handscroll models list --kind vae' lists them."


class Asked(Protocol):
    """What is asked for: the settings of a form, or a command's arguments."""

    @property
    def prompt(self) -> str:
        """As it was typed."""
        ...

    @property
    def negative_prompt(self) -> str:
        """As it was typed."""
        ...

    @property
    def styles(self) -> tuple[str, ...]:
        """Names of presets, the innermost first."""
        ...

    @property
    def model(self) -> str:
        """Id of what paints."""
        ...

    @property
    def loras(self) -> tuple[LoraWeight, ...]:
        """Those that are worn without being named in the prompt."""
        ...

    @property
    def vae(self) -> str:
        """Id of one instead of the model's own, or empty."""
        ...

    @property
    def clip_skip(self) -> int:
        """Layers left out."""
        ...

    @property
    def seed(self) -> int:
        """What wildcards are chosen with."""
        ...


@dataclass(frozen=True)
class Words:
    """What a request says of words and of the files that they name; the fields are the request's."""

    prompt: str
    negative_prompt: str
    loras: tuple[LoraWeight, ...] = ()
    embeddings: tuple[EmbeddingWord, ...] = ()
    vae: str = ""
    clip_skip: int = 0

    def fields(self) -> dict[str, Any]:
        """For the request's constructor."""
        return dict(vars(self))


@dataclass(frozen=True)
class KnownWords:
    """What words may name, at one moment; never changes in place. Without anything it only chooses between {a|b}."""

    styles: Mapping[str, Style] = field(default_factory=dict)
    files: WildcardFolder | None = None
    models: tuple[ModelInfo, ...] = ()
    """Those that paint."""
    addons: tuple[ModelInfo, ...] = ()
    """Those of the library that are of ADDON_KINDS."""

    def resolve(self, asked: Asked, seed: int, *, uses_prompt: bool = True, more: Iterable[str] = ()) -> Words:
        """What this seed makes of it; any thread. `more`: words of regions, which may name inversions as well.

        Raises InvalidRequestError for what is named and is not there.
        """
        prompt, negative = asked.prompt if uses_prompt else "", asked.negative_prompt
        if uses_prompt:
            prompt, negative = apply_styles(self._chosen(asked.styles), prompt, negative)
        prompt, tags = take_loras(self.choose(prompt, seed))
        negative, against = take_loras(self.choose(negative, seed, "negative_prompt"))
        prompt, negative = (_EMBEDDING.sub(r"\1", words).strip() for words in (prompt, negative))
        family = self.family_of(asked.model)
        return Words(
            prompt,
            negative,
            self._loras(asked, (*tags, *against), family),
            self._embeddings((prompt, negative, *more), family),
            asked.vae if self._vae_fits(asked.vae, family) else "",
            asked.clip_skip if family in CLIP_FAMILIES else 0,
        )

    def problem(self, asked: Asked) -> str:
        """What would keep the words from being painted, as a sentence; empty for nothing."""
        rest = tuple(info for info in self.addons if info.kind is not ModelKind.TEXTUAL_INVERSION)
        try:
            replace(self, addons=rest).resolve(asked, asked.seed)
        except InvalidRequestError as error:
            return str(error)
        return ""

    def refusal(self, name: str, fault: Fault, /, **values: str) -> InvalidRequestError:
        """The error for a fault in the request's field `name`."""
        return InvalidRequestError(name, fault.value.format(**values))

    def choose(self, words: str, seed: int, name: str = "prompt") -> str:
        """The words with wildcards chosen from. Raises InvalidRequestError for a wildcard file that is not there."""
        chosen = choose_words(words, seed, self.files).strip()
        missing = missing_files(chosen, self.files) if self.files is not None else []
        if missing and self.files is not None:
            raise self.refusal(name, Fault.NO_WILDCARD, name=missing[0], folder=str(self.files.folder))
        return chosen

    def choose_own(self, words: str, seed: int) -> str:
        """The words of a region or stretch, which can name no LoRA: those act on the whole picture."""
        chosen, tags = take_loras(self.choose(words, seed))
        if tags:
            raise self.refusal("prompt", Fault.LORA_IN_REGION, name=tags[0].name)
        return _EMBEDDING.sub(r"\1", chosen)

    def family_of(self, model_id: str) -> Family:
        """The family of a model that paints."""
        return next((info.family for info in self.models if info.id == model_id), Family.UNKNOWN)

    def fitting(self, kind: ModelKind, family: Family) -> tuple[ModelInfo, ...]:
        """Add-ons of one kind that a model of that family can use."""
        return tuple(info for info in self.addons if info.kind is kind and fits(info, family) and not info.problem)

    def addon(self, model_id: str) -> ModelInfo | None:
        """The add-on with that id."""
        return next((info for info in self.addons if info.id == model_id), None)

    def named(self, name: str, kinds: Iterable[ModelKind], family: Family) -> ModelInfo | None:
        """The add-on of these kinds with that id or name, of the family first; None when there is none."""
        wanted = frozenset(kinds)
        rows = sorted((one for one in self.addons if one.kind in wanted), key=lambda one: not fits(one, family))
        place = find_name(name, [info.name for info in rows])
        return next((info for info in rows if info.id == name), None if place is None else rows[place])

    def lora_named(self, name: str, family: Family) -> ModelInfo:
        """A LoRA by its name; one of the model's family first. Raises InvalidRequestError."""
        info = self.named(name, (ModelKind.LORA,), family)
        if info is None:
            raise self.refusal("prompt", Fault.NO_LORA, name=name)
        if not fits(info, family):
            labels = {"own": label_of(info.family), "family": label_of(family)}
            raise self.refusal("prompt", Fault.LORA_OF_OTHERS, name=info.name, **labels)
        return info

    def _chosen(self, names: Sequence[str]) -> list[Style]:
        found = list[Style]()
        for name in names:
            if name in self.styles:
                found.append(self.styles[name])
            elif self.styles:
                raise self.refusal("prompt", Fault.NO_STYLE, name=name, known=", ".join(self.styles))
        return found

    def _loras(self, asked: Asked, tags: Sequence[LoraTag], family: Family) -> tuple[LoraWeight, ...]:
        found = {lora.model: lora.weight for lora in asked.loras if self._row_counts(lora, family)}
        for tag in tags:
            found[self.lora_named(tag.name, family).id] = tag.weight
        return tuple(LoraWeight(model, weight) for model, weight in found.items() if weight)

    def _row_counts(self, lora: LoraWeight, family: Family) -> bool:
        """Rows of the list that do not suit the model are greyed there, and left out."""
        info = self.addon(lora.model)
        return info is None or fits(info, family)

    def _embeddings(self, texts: Iterable[str], family: Family) -> tuple[EmbeddingWord, ...]:
        rows = self.fitting(ModelKind.TEXTUAL_INVERSION, family)
        if not rows:
            return ()
        said = "\n".join(texts)
        found: dict[str, str] = {}
        for info in rows:
            word = re.search(rf"(?<![\w]){re.escape(info.name)}(?![\w])", said, re.IGNORECASE)
            if word is not None:
                found.setdefault(word[0], info.id)
        return tuple(EmbeddingWord(word, model) for word, model in found.items())

    def _vae_fits(self, model_id: str, family: Family) -> bool:
        if not model_id:
            return False
        info = self.addon(model_id)
        if info is None and self.addons:
            raise self.refusal("vae", Fault.NO_VAE, name=model_id)
        return info is None or fits(info, family)


def fits(info: ModelInfo, family: Family) -> bool:
    """Whether an add-on can work with a model of that family; what is not known of either does not speak against it."""
    return Family.UNKNOWN in (info.family, family) or info.family is family
