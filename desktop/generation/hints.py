"""Does the chosen model know any word of the prompt? Narrow models, such as the starter, say which words they know."""

from __future__ import annotations

from pathlib import Path

from desktop.generation.form import GenerationForm
from pipelines.prompting.words import knows_any, read_vocabulary


class PromptHints:
    """Answers for the form's present model and prompt. A model's list of words is read once."""

    def __init__(self, form: GenerationForm) -> None:
        self._form = form
        self._known: dict[str, frozenset[str]] = {}

    def is_foreign(self) -> bool:
        """Whether the prompt has words, and the model has a list of its words, and none of them is in it."""
        info = self._form.model_info()
        if info is None:
            return False
        if info.path not in self._known:
            self._known[info.path] = read_vocabulary(Path(info.path))
        vocabulary = self._known[info.path]
        return bool(vocabulary) and not knows_any(self._form.settings.prompt, vocabulary)
