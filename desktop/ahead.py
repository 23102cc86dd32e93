"""Dialogs that open at once: their modules are imported while the window rests, and they are built in short slices."""

from __future__ import annotations

import asyncio
import importlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTabWidget, QWidget
from shiboken6 import isValid

from desktop.naming import named

AFTER_MS = 5000
"""A start is over by then."""
SLICE_SECONDS = 0.002
"""How long something is built before the window gets its turn; a step that has begun is finished."""
TURN_SECONDS = 0.001
"""With none at all, timers that have run out and the next slice would come before what there is to paint."""
POLISHED_AT_ONCE = 3
"""Widgets; the style sheet is looked through for each."""
ROUNDS = 3


class Ahead:
    """Modules that a start does without, imported in a thread: after a while, or when somebody waits for them."""

    def __init__(self, parent: QObject, modules: Sequence[str], *more: Callable[[], object]) -> None:
        """`more`: what else a thread can do ahead, after the imports."""
        self._modules, self._more = tuple(modules), more
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
        for work in self._more:
            work()
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
    yield from laid_out(widget)
    widget.create()  # not winId(), which gives every dock and bar of the window behind a window of its own
    yield


def laid_out(widget: QWidget) -> Iterator[None]:
    """Steps that give a widget that is not shown yet, and all in it, its place; those above come first.

    A scroll bar that comes or goes changes sizes once more.
    """
    for _ in range(ROUNDS):
        is_still = True
        waiting = deque([widget])
        while waiting:
            one = waiting.popleft()
            if one.testAttribute(Qt.WidgetAttribute.WA_PendingResizeEvent):  # Qt keeps it for the first `show`
                one.setAttribute(Qt.WidgetAttribute.WA_PendingResizeEvent, False)
                _resized(one)
                is_still = False
                yield
            layout = one.layout()
            if layout is not None and layout.activate():
                is_still = False
                yield
            waiting.extend(child for child in one.findChildren(QWidget, options=_OWN) if not child.isWindow())
        yield
        if is_still:
            return


def _resized(widget: QWidget) -> None:
    """Tells a widget how large it is."""
    seen = Qt.WidgetAttribute.WA_WState_Visible
    is_seen = widget.testAttribute(seen)
    widget.setAttribute(seen, is_seen or isinstance(widget, QTabWidget))  # which gives its pages no size while hidden
    QCoreApplication.sendEvent(widget, QResizeEvent(widget.size(), QSize()))
    widget.setAttribute(seen, is_seen)


_OWN = Qt.FindChildOption.FindDirectChildrenOnly


async def shown(widget: QWidget, parts: Sequence[QWidget]) -> None:
    """Shows a widget that was `polished`; these parts of it are painted one after the other.

    A person who closes it meanwhile cancels the task that wanted to go on with it.
    """
    for part in parts:
        part.setUpdatesEnabled(False)
    await asyncio.sleep(TURN_SECONDS)
    widget.show()
    for part in parts:
        await asyncio.sleep(TURN_SECONDS)
        if not isValid(widget) or widget.isHidden():
            raise asyncio.CancelledError
        part.setUpdatesEnabled(True)
