"""Runs the program's windows in this process on a virtual screen, for tools that make pictures of them."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from tests.e2e.program import Screen

MakeAll = Callable[[QApplication, Path, Sequence[str]], Coroutine[Any, Any, None]]
"""Makes the pictures of these names; the folder is there for what they need and goes afterwards."""


def run_on_own_screen(make_all: MakeAll, names: Sequence[str]) -> None:
    """A virtual screen, and what the command line names of `names`, or all of it."""
    import qasync

    screen = Screen()
    os.environ |= {"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}
    try:
        app = QApplication([])
        app.setQuitOnLastWindowClosed(False)
        loop = qasync.QEventLoop(app)
        with tempfile.TemporaryDirectory() as folder, loop:
            loop.run_until_complete(make_all(app, Path(folder), sys.argv[1:] or names))
    finally:
        screen.close()
