"""Longer work that tools ask for: done beside the window's events, and dropped with Esc."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QCoreApplication

from canvas.errors import CanvasError
from desktop.spoken import spoken

log = logging.getLogger(__name__)
Work = Coroutine[Any, Any, None]


class ToolWork:
    """Runs coroutines of tools on the event loop that is there, and says what they refuse."""

    def __init__(self, say: Callable[[str], None], settle: Callable[[], None]) -> None:
        """`settle` is called when a piece of work has ended: the gesture that waited for it may be over."""
        self._say, self._settle = say, settle
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Work) -> asyncio.Task[None] | None:
        """Begin; without a running loop (scripts) it is done when this returns, and raises what it raises."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            _finish_now(work)
            return None
        task = loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    @property
    def running(self) -> bool:
        """Whether something is not finished yet."""
        return bool(self._tasks)

    def drop(self) -> None:
        """Cancel everything that still runs."""
        for task in tuple(self._tasks):
            task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, CanvasError):
            self._say(spoken(str(error)))
        elif error is not None:
            log.error("A tool failed", exc_info=error)
            pattern = QCoreApplication.translate(
                "tools", "Something went wrong ({problem}). The painting is safe; details are in the log file."
            )
            self._say(pattern.format(problem=f"{type(error).__name__}: {error}"))
        self._settle()


def _finish_now(work: Work) -> None:
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(work)
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()
