"""One document with the engine itself, for tests that need the starter's pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QImage

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from desktop.generation.amending import Amending
from desktop.generation.candidates import Candidates
from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationForm
from desktop.generation.jobs import JobRouter
from desktop.generation.live import LivePainting, LiveState
from desktop.session import Session
from desktop.view.canvas_view import CanvasView
from pipelines.library.registry import Library

FRAME = Bounds(0, 0, 256, 256)


class EngineStudio:
    """What `Trip` is, with an engine in a process of its own that many documents share."""

    def __init__(self, folder: Path, router: JobRouter, library: Library) -> None:
        self.router = router
        self.session = Session.new(folder)
        self.view = CanvasView(self.session.document, self.session.compositor)
        self.form = GenerationForm(library.models())
        self.form.set(prompt="mountains, water", num_images_per_prompt=1, seed=3, random_seed=False)
        self.controller = GenerationController(self.session, self.view, self.form, router)
        self.live = LivePainting(self.session, self.view, self.form, router)
        self.amending = Amending(self.controller)
        self.document.set_frame(FRAME)

    @property
    def document(self) -> Document:
        return self.session.document

    def paint(self, bounds: Bounds, colour: str) -> None:
        image = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor(colour))
        layer = self.document.active
        assert isinstance(layer, PaintLayer)
        self.document.put_image(layer, bounds.x, bounds.y, image)

    async def until(self, condition: Callable[[], object], seconds: float = 120) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                QCoreApplication.processEvents()
                await asyncio.sleep(0.005)

    async def rest(self) -> None:
        await self.until(lambda: self.live.state is LiveState.RESTING)

    async def candidates(self) -> Candidates:
        """What running jobs make; taken off the canvas."""
        await self.until(lambda: self.controller.current is not None and not self.controller.jobs)
        current = self.controller.current
        assert current is not None
        self.controller.discard()
        return current

    async def generate(self) -> np.ndarray:
        """The first picture of what the form asks for."""
        self.controller.generate()
        return (await self.candidates()).patches[0]

    async def close(self) -> None:
        await self.live.finish()
        await self.controller.close()
        for one in (self.live, self.amending, self.controller):
            one.release_document()
        await self.session.close()
        self.view.deleteLater()
