"""The token count of the form's prompts, kept up to date beside the window's events."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.generation.form import GenerationForm
from pipelines.contract.models import Family, ModelInfo
from pipelines.prompting.styles import apply_styles
from pipelines.prompting.tags import take_loras
from pipelines.prompting.tokens import (
    TokenCount,
    TokenRule,
    WordTokens,
    count_tokens,
    find_vocabulary,
    open_counter,
    room_of,
    rule_of,
)

SETTLE_MS = 120
_Counter = tuple[TokenRule, WordTokens | None]


class TokenMeter(QObject):
    """Counts what the styles make of both prompts; wildcards are counted as they are written."""

    changed = Signal()
    _opened = Signal(str, object)

    def __init__(self, form: GenerationForm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tokenMeter")
        self._form = form
        self._counters: dict[str, _Counter | None] = {}
        self._timer = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._timer.timeout.connect(self.measure)
        self._opened.connect(self._take)
        self._thread: ThreadPoolExecutor | None = None
        self.prompt, self.negative_prompt = self._counts()
        form.changed.connect(self._form_changed)
        form.models_changed.connect(self._timer.start)  # the model of the last time may only now be known

    def measure(self) -> None:
        """Counts now; a vocabulary that is not open yet is opened beside, and until then the count is about."""
        self._timer.stop()
        info = self._form.model_info()
        path = info.path if info is not None else ""
        if path and path not in self._counters:
            self._counters[path] = None
            self._open(path, _rule_for(info))
        counts = self._counts()
        if counts != (self.prompt, self.negative_prompt):
            self.prompt, self.negative_prompt = counts
            self.changed.emit()

    def _counts(self) -> tuple[TokenCount, TokenCount]:
        info, settings = self._form.model_info(), self._form.settings
        found = self._counters.get(info.path) if info is not None else None
        rule, counter = found or (_rule_for(info), None)
        styles = self._form.wording.styles
        chosen = [styles[name] for name in settings.styles if name in styles]
        texts = apply_styles(chosen, settings.prompt, settings.negative_prompt)
        first, second = (count_tokens(take_loras(text)[0], rule, counter) for text in texts)
        return first, second

    def _form_changed(self, names: set[str]) -> None:
        if names & {"prompt", "negative_prompt", "model", "styles"}:
            self._timer.start()

    def _open(self, path: str, rule: TokenRule) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="vocabulary")
        self._thread.submit(self._read, path, rule)

    def _read(self, path: str, rule: TokenRule) -> None:
        folder = find_vocabulary(Path(path), rule)
        if folder is not None:
            self._opened.emit(path, (room_of(folder, rule), open_counter(folder)))

    def _take(self, path: str, counter: _Counter) -> None:
        self._counters[path] = counter
        self.measure()


def _rule_for(info: ModelInfo | None) -> TokenRule:
    return rule_of(Family.UNKNOWN) if info is None else rule_of(info.family, info.variant)
