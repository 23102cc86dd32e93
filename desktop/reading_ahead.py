"""Has the engine read the chosen model before the first picture is asked for, so that it begins at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from desktop.program import Program
    from pipelines.contract.request import GenerationRequest

SETTLE_MS = 1000
"""A model counts as chosen after so long: people look through a list."""


class ReadingAhead(QObject):
    """Asks when the engine comes up, and when another model is chosen; what the person switched off is never asked."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._program = program
        self._wanted = ""
        self._asked: set[str] = set()  # of this run of the engine, without a picture so far
        self._perilous: set[str] = set()  # the engine was lost with these: it is not to fall again by itself
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._send)
        program.router.engine_ready.connect(self._engine_ready)
        program.router.engine_lost.connect(self._engine_lost)
        program.router.finished.connect(self._painted)
        program.settings.changed.connect(self._settings_changed)

    def ask(self, model_id: str) -> None:
        """This model was chosen; the last one of a second is read."""
        self._wanted = model_id
        self._settle.start()

    def _engine_ready(self, _device: str, _dtype: str) -> None:
        self._asked.clear()
        windows = self._program.windows
        front = [window for window in windows if window.isActiveWindow()] or windows[-1:]
        if front:
            self.ask(front[0].form.settings.model)

    def _engine_lost(self, _sentence: str) -> None:
        self._settle.stop()
        self._perilous |= self._asked
        self._asked.clear()

    def _painted(self, request: GenerationRequest, _facts: Mapping[str, Any]) -> None:
        self._asked.discard(request.model)
        self._perilous.discard(request.model)

    def _settings_changed(self, names: set[str]) -> None:
        if "read_ahead" in names and self._program.router.engine is not None:
            self._engine_ready("", "")

    def _send(self) -> None:
        program, wanted = self._program, self._wanted
        usable = any(info.id == wanted for info in program.usable_models())
        if not program.settings.preferences.read_ahead or not program.windows:
            return
        if not usable or wanted in self._perilous:
            return
        self._asked.add(wanted)
        program.slots.start(program.client.prepare(wanted))
