"""What a command's words may name: styles, wildcard files and the library's add-ons, as in the window."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.commands.errors import InputError
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.contract.request import LoraWeight
from pipelines.library.families import kind_label
from pipelines.library.registry import Library, default_index
from pipelines.library.wording import ADDON_KINDS, KnownWords, Words
from pipelines.prompting.styles import read_styles
from pipelines.prompting.tokens import unweighed
from pipelines.prompting.wildcards import WildcardFolder

_STYLES = Path(__file__).resolve().parents[2] / "resources" / "styles.json"
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_WEIGHED = re.compile(rf"(?P<name>.+?)(?::(?P<weight>{_NUMBER}))?", re.DOTALL)


@dataclass(frozen=True)
class Typed:
    """The words of a command."""

    prompt: str
    negative_prompt: str
    styles: tuple[str, ...]
    model: str
    loras: tuple[LoraWeight, ...]
    vae: str
    clip_skip: int
    seed: int


class Vocabulary:
    """What may be named beside one model."""

    def __init__(self, library: Library, model: ModelInfo) -> None:
        self._library = library
        self.model = model
        data = default_index().parent
        styles = {style.name: style for file in (_STYLES, data / "styles.json") for style in read_styles(file)}
        addons = tuple(library.models(ADDON_KINDS))
        self.known = KnownWords(styles, WildcardFolder(data / "wildcards"), (model,), addons)

    def words(self, args: Namespace, seed: int, more: Iterable[str]) -> Words:
        """What the arguments say, with this seed; `more`: words of regions. Weights that count for nothing are told.

        Raises InputError, InvalidRequestError and ModelError.
        """
        if note := unweighed(args.prompt, self.model.family):
            sys.stderr.write(f"{note}\n")
        typed = Typed(
            args.prompt,
            args.negative_prompt,
            tuple(args.style),
            self.model.id,
            tuple(self._lora(text) for text in args.lora),
            "",
            0,
            seed,
        )
        return self.known.resolve(typed, seed, more=more)

    def addon(self, name: str, kinds: Sequence[ModelKind], option: str) -> ModelInfo:
        """The add-on of that id, name or path. Raises InputError naming the `option`, or ModelError."""
        found = self.known.named(name, kinds, self.model.family)
        if found is not None:
            return found
        labels = " or ".join(kind_label(kind) for kind in kinds)
        if not Path(name).exists():
            raise InputError(
                f"{option} names '{name}', which is not {labels} of the library and not a file. "
                f"'handscroll models list --kind {kinds[0]}' lists those there are."
            )
        info = self._library.resolve(name)
        if info.kind not in kinds:
            raise InputError(f"{option} names '{info.name}', which is {kind_label(info.kind)}, not {labels}.")
        return info

    def _lora(self, text: str) -> LoraWeight:
        found = _WEIGHED.fullmatch(text)
        if found is None:
            raise InputError("--lora is empty: give a LoRA's name, and after a colon its weight if it is not 1.")
        info = self.addon(found["name"], (ModelKind.LORA,), "--lora")
        if self.known.addon(info.id) is not None:
            info = self.known.lora_named(info.name, self.model.family)
        return LoraWeight(info.id, float(found["weight"] or 1.0))
