"""The border between Qt's signals and our code: runs handlers, keeps their tasks and reports what they raise."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from canvas.errors import CanvasError
from desktop.spoken import spoken
from pipelines.contract.errors import PipelineError

log = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[object] | None]


class Slots(QObject):
    """Wraps handlers, plain or `async`, so that no exception is lost and none ends the program."""

    failed = Signal(str)
    """A sentence for the banner."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: set[asyncio.Task[Any]] = set()

    def wrap(self, handler: Handler) -> Callable[..., None]:
        """The handler as a slot; signal arguments are handed on as far as it takes them."""
        takes = _positional_count(handler)

        def slot(*arguments: Any) -> None:
            try:
                result = handler(*arguments[:takes])
            except Exception as error:  # noqa: BLE001 - the UI slot border
                self.report(error)
                return
            if inspect.iscoroutine(result):
                self.start(result)

        return slot

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Runs a coroutine as a task that is kept until it ends; what it raises is reported."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, RuntimeError) and not isValid(self):
            return  # a dialog that was closed while it looked something up: nobody waits for the words any more
        self.report(error)

    def report(self, error: BaseException) -> None:
        """Logs an error with its traceback and says it in a sentence."""
        if isinstance(error, (CanvasError, PipelineError)):
            log.warning("%s", error)
            if isValid(self):
                self.failed.emit(spoken(str(error)))
            return
        log.error("Unexpected error", exc_info=error)
        if not isValid(self):
            return
        sentence = self.tr("Something went wrong ({0}). The painting is safe; details are in the log file.")
        self.failed.emit(sentence.format(f"{type(error).__name__}: {error}"))

    async def finish(self, seconds: float = 3.0) -> None:
        """Waits for running tasks, then cancels those that are left."""
        mine = asyncio.current_task()
        open_tasks = {task for task in self._tasks if task is not mine}
        if open_tasks:
            _, late = await asyncio.wait(open_tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _positional_count(handler: Handler) -> int:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(handler).parameters.values()
    if any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in parameters):
        return 99
    return sum(p.kind in kinds for p in parameters)
