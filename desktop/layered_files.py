"""OpenRaster files: a document out, a document in; pixels are gathered here, packed off-thread."""

from __future__ import annotations

import asyncio
from pathlib import Path

from canvas.formats import ora
from desktop.export_pictures import Progress
from desktop.session import Session


async def export_ora(session: Session, path: Path, progress: Progress) -> None:
    """Writes all layers. Raises CanvasError."""
    gathered = ora.document_to_ora(session.document, session.compositor.flatten)
    progress(0.5)
    await asyncio.to_thread(ora.write, path, gathered)
    progress(1.0)
