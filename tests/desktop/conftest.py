"""Qt's event loop under asyncio, as in the program, and garbage collected on the UI thread only."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest
import qasync
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session")
def event_loop_policy(qapp: QApplication) -> asyncio.AbstractEventLoopPolicy:
    """Coroutine tests run on Qt's loop: timers and queued signals work in them."""
    qapp.setQuitOnLastWindowClosed(False)
    return qasync.DefaultQEventLoopPolicy()


@pytest.fixture(autouse=True)
def _garbage_stays_here() -> Iterator[None]:
    """A worker thread must not free QObjects; the program has a timer for it (`desktop.collecting`)."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()
