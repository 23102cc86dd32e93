"""The words that the chosen model knows. Narrow models, such as the starter, come with a list of them."""

from __future__ import annotations

from pathlib import Path

from desktop.generation.form import GenerationForm
from pipelines.prompting.words import knows_any, read_phrases, read_vocabulary


class PromptHints:
    """Answers for the form's present model and prompt. A model's list of words is read once."""

    def __init__(self, form: GenerationForm) -> None:
        self._form = form
        self._known: dict[str, frozenset[str]] = {}
        self._phrases: dict[str, tuple[str, ...]] = {}

    def is_foreign(self) -> bool:
        """Whether the prompt has words, and the model has a list of its words, and none of them is in it."""
        vocabulary = self.vocabulary()
        return bool(vocabulary) and not knows_any(self._form.settings.prompt, vocabulary)

    def vocabulary(self) -> frozenset[str]:
        """Words and phrases that the present model says it knows; empty for models that know no bounds."""
        info = self._form.model_info()
        if info is None:
            return frozenset()
        if info.path not in self._known:
            self._known[info.path] = read_vocabulary(Path(info.path))
        return self._known[info.path]

    def phrases(self) -> tuple[str, ...]:
        """Phrases that the present model says it knows, for completion."""
        info = self._form.model_info()
        if info is None:
            return ()
        if info.path not in self._phrases:
            self._phrases[info.path] = read_phrases(Path(info.path))
        return self._phrases[info.path]
