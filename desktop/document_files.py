"""A whole document to a file, and a project file to look at, without a window and at one go."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.formats import ora
from canvas.formats.pictures import write_picture
from canvas.geometry import Bounds
from canvas.pixels import put_on_paper, to_rgba
from canvas.project.project import Project
from canvas.project.reader import snapshot
from desktop.export_pictures import OPAQUE_SUFFIXES, check_size
from desktop.session import PAPER, paper_rgb

STRIP = 512
"""Rows that are flattened at a time."""


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


def write_document(document: Document, out: Path, bounds: Bounds, metadata: dict[str, Any] | None = None) -> None:
    """Writes what the document looks like inside the bounds, or for .ora its layers. Raises CanvasError."""
    compositor = Compositor(document, QColor(PAPER))
    try:
        if out.suffix.casefold() == ".ora":
            ora.write(out, ora.document_to_ora(document, compositor.flatten, bounds))
            return
        check_size(bounds)
        rgba = _flat(compositor, bounds)
    finally:
        compositor.close()
    if out.suffix.casefold() in OPAQUE_SUFFIXES:
        put_on_paper(rgba, paper_rgb())
    write_picture(out, rgba, {"software": "Handscroll", **(metadata or {})})


def _flat(compositor: Compositor, bounds: Bounds) -> NDArray[np.uint8]:
    """(height, width, 4) straight RGBA, gathered strip by strip so that memory stays near one picture."""
    rgba = np.empty((bounds.height, bounds.width, 4), np.uint8)
    for top in range(0, bounds.height, STRIP):
        rows = min(STRIP, bounds.height - top)
        strip = Bounds(bounds.x, bounds.y + top, bounds.width, rows)
        rgba[top : top + rows] = to_rgba(compositor.flatten(strip))
    return rgba
