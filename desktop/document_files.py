"""A project file to look at and to draw, without a window."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColor

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.project.project import Project
from canvas.project.reader import snapshot
from desktop.session import PAPER


@contextmanager
def opened_copy(path: Path) -> Iterator[Document]:
    """The painting of a project file, which stays untouched and may be open in a window meanwhile."""
    with tempfile.TemporaryDirectory(prefix="handscroll-") as folder:
        copy = Path(folder) / path.name
        snapshot(path, copy)
        project = Project.open(copy)
        try:
            yield project.document
            if project.complaints:
                raise CanvasError(project.complaints[0])
        finally:
            project.abandon()


@dataclass(eq=False)
class WindowlessPainting:
    """A document and what draws it, for an export without a window."""

    document: Document
    compositor: Compositor
    title: str
    """What it is called."""


@contextmanager
def drawable(document: Document, title: str) -> Iterator[WindowlessPainting]:
    """The document with a compositor of its own."""
    compositor = Compositor(document, QColor(PAPER))
    try:
        yield WindowlessPainting(document, compositor, title)
    finally:
        compositor.close()
