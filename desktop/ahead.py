"""Dialogs that open at once: their modules are imported while the window rests, and they are built in short slices."""

from __future__ import annotations

import asyncio
import importlib
import threading
import time
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from desktop.naming import named

AFTER_MS = 5000
"""A start is over by then."""
SLICE_SECONDS = 0.003
"""How long something is built before the window gets its turn; a step that has begun is finished."""
TURN_SECONDS = 0.001
"""With none at all, timers that have run out and the next slice would come before what there is to paint."""
POLISHED_AT_ONCE = 8
"""Widgets; the style sheet is looked through for each."""


class Ahead:
    """Modules that a start does without, imported in a thread: after a while, or when somebody waits for them."""

    def __init__(self, parent: QObject, modules: Sequence[str]) -> None:
        self._modules = tuple(modules)
        self._here = False
        timer = named(QTimer(parent), "importsAhead", interval=AFTER_MS, singleShot=True)
        timer.timeout.connect(lambda: threading.Thread(target=self._import, name="imports", daemon=True).start())
        timer.start()

    async def __call__(self) -> None:
        """Returns when they are there."""
        if not self._here:
            await asyncio.to_thread(self._import)

    def _import(self) -> None:
        for module in self._modules:
            importlib.import_module(module)
        self._here = True


async def in_slices(steps: Iterator[object]) -> None:
    """Takes all steps; whenever a slice is full, the window's other events have their turn."""
    began = time.perf_counter()
    for _ in steps:
        if time.perf_counter() - began > SLICE_SECONDS:
            await asyncio.sleep(TURN_SECONDS)
            began = time.perf_counter()


def polished(widget: QWidget) -> Iterator[None]:
    """Steps that dress and lay out a widget and all in it, as its first `show` would do at once."""
    inside = [widget, *widget.findChildren(QWidget)]
    for start in range(0, len(inside), POLISHED_AT_ONCE):
        for one in inside[start : start + POLISHED_AT_ONCE]:
            one.ensurePolished()
        yield
    for one in inside:
        layout = one.layout()
        if layout is not None:
            layout.activate()
            yield
    widget.winId()
    yield


async def shown(widget: QWidget, parts: Sequence[QWidget]) -> None:
    """Shows a widget that was `polished`; these parts of it are painted one after the other."""
    for part in parts:
        part.setUpdatesEnabled(False)
    await asyncio.sleep(TURN_SECONDS)
    widget.show()
    for part in parts:
        await asyncio.sleep(TURN_SECONDS)
        part.setUpdatesEnabled(True)
