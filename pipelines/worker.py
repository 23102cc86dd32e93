"""The engine's process: `python -m pipelines.worker`.

Commands come in by stdin; events, and nothing else, go out by stdout. It ends when its stdin closes, so it never
outlives the window.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import psutil

from pipelines.client.wire import (
    Amend,
    Look,
    Prepare,
    Release,
    Submit,
    pack_event,
    read_frame,
    unpack_command,
    write_frame,
)
from pipelines.contract.errors import InvalidRequestError, ModelError
from pipelines.contract.events import EngineEvent, Failed, FailureKind
from pipelines.contract.models import ModelInfo
from pipelines.engine.engine import Engine, EngineSettings

_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


class SentModels:
    """The models that came with the requests; the library itself stays with the window."""

    def __init__(self) -> None:
        self._models: dict[str, ModelInfo] = {}

    def add(self, models: list[ModelInfo]) -> None:
        """Remembers models by their ids; newer ones replace older ones."""
        self._models.update({info.id: info for info in models})

    def resolve(self, model_id: str) -> ModelInfo:
        """The model of that id. Raises ModelError when it never came."""
        if model_id not in self._models:
            raise ModelError(f"The engine was never told where the model '{model_id}' is.")
        return self._models[model_id]

    def models(self) -> list[ModelInfo]:
        """All that came."""
        return list(self._models.values())


def main() -> None:
    """Serves until stdin ends."""
    events = _own_stdout()
    faulthandler.enable()  # a crash of native code leaves its place in stderr, which the window keeps for the report
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches us, too; the other side decides
    _be_nice()
    os.environ.update(_OFFLINE)
    lock = threading.Lock()

    def emit(event: EngineEvent) -> None:
        try:
            with lock:
                write_frame(events, pack_event(event))
        except OSError:
            os._exit(0)  # the window is gone

    models = SentModels()
    config_dir = os.environ.get("HANDSCROLL_LAYOUTS")
    engine = Engine(emit, models, EngineSettings(Path(config_dir)) if config_dir else None)
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        command = unpack_command(frame)
        if isinstance(command, Submit):
            models.add(list(command.models))
            _or_refused(emit, command.job_id, lambda asked=command: engine.submit(asked.job_id, asked.request))
        elif isinstance(command, Look):
            models.add(list(command.models))
            _or_refused(emit, command.job_id, lambda asked=command: engine.look(asked.job_id, asked.request))
        elif isinstance(command, Amend):
            engine.amend(command.job_id, command.x, command.y, command.pixels)
        elif isinstance(command, Prepare):
            models.add([command.model])
            engine.prepare(command.model.id)
        elif isinstance(command, Release):
            engine.release()
        else:
            engine.cancel(command.job_id)
    # A step in the middle holds nothing worth saving, and unwinding torch's threads can take seconds.
    os._exit(0)


def _or_refused(emit: Callable[[EngineEvent], None], job_id: str, queue: Callable[[], None]) -> None:
    """Queues a job; one that must not run fails at once."""
    try:
        queue()
    except InvalidRequestError as error:
        emit(Failed(job_id, FailureKind.INVALID_REQUEST, str(error)))


def _own_stdout() -> BinaryIO:
    """The pipe to the window; whatever anybody prints from now on goes to stderr instead."""
    pipe = os.fdopen(os.dup(1), "wb", buffering=1 << 20)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return pipe


def _be_nice() -> None:
    """The window comes first."""
    process = psutil.Process()
    process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else min(19, process.nice() + 10))


if __name__ == "__main__":
    main()
