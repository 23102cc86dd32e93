"""OpenRaster files: a painting out, a painting in. Pixels are gathered in short slices, packed and read in a thread."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtGui import QImage

from canvas.formats import ora
from canvas.geometry import Bounds
from canvas.pixels import from_rgba
from desktop.gathering import Progress, gather
from desktop.session import Session


async def export_ora(session: Session, path: Path, progress: Progress) -> bool:
    """Writes all layers and the flat picture; whether OpenRaster could hold all of them.

    Raises CanvasError; a cancelled task leaves no file.
    """
    document = session.document
    area = document.content_bounds().united(document.frame)
    flat = await gather(document, session.compositor, area, lambda part: progress(part * 0.4))

    def flatten(bounds: Bounds) -> QImage:
        return from_rgba(flat) if bounds == area else session.compositor.flatten(bounds)

    gathered = ora.document_to_ora(document, flatten, area)
    progress(0.5)
    await asyncio.to_thread(ora.write, path, gathered)
    progress(1.0)
    return not gathered.note


async def session_from_ora(path: Path, data_dir: Path) -> Session:
    """An untitled painting with the layers of an OpenRaster file; the file itself stays as it is.

    Raises CanvasError when it is damaged or too large.
    """
    read = await asyncio.to_thread(ora.read, path)
    return Session.of_document(ora.ora_to_document(read), data_dir)
