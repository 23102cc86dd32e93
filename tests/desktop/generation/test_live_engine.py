"""Live painting and strokes in running jobs with the starter model in a real engine process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QImage

from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import to_rgba
from desktop.generation.amending import Amending
from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationForm
from desktop.generation.jobs import JobRouter
from desktop.generation.live import LivePainting, LiveState
from desktop.generation.modes import Mode
from desktop.session import Session
from desktop.view.canvas_view import CanvasView
from pipelines.client.process import ProcessClient
from pipelines.library.registry import Library

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
FRAME = Bounds(0, 0, 256, 256)


class Studio:
    """What `Trip` is, with the engine itself."""

    def __init__(self, folder: Path) -> None:
        library = Library()
        self.client = ProcessClient(library)
        self.router = JobRouter(self.client)
        self.session = Session.new(folder)
        self.view = CanvasView(self.session.document, self.session.compositor)
        self.form = GenerationForm(library.models())
        self.form.set(prompt="mountains, water", num_images_per_prompt=1, seed=3, random_seed=False)
        self.controller = GenerationController(self.session, self.view, self.form, self.router)
        self.live = LivePainting(self.session, self.view, self.form, self.router)
        self.amending = Amending(self.controller)
        self.document.set_frame(FRAME)

    @property
    def document(self):
        return self.session.document

    def paint(self, bounds: Bounds, colour: str) -> None:
        image = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor(colour))
        layer = self.document.active
        assert isinstance(layer, PaintLayer)
        self.document.put_image(layer, bounds.x, bounds.y, image)

    async def until(self, condition, seconds: float = 90) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                QCoreApplication.processEvents()
                await asyncio.sleep(0.005)

    async def rest(self) -> None:
        await self.until(lambda: self.live.state is LiveState.RESTING)

    async def generate(self) -> np.ndarray:
        self.controller.generate()
        await self.until(lambda: self.controller.current is not None)
        current = self.controller.current
        assert current is not None
        self.controller.discard()
        return current.patches[0]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(qapp, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    made = Studio(tmp_path_factory.mktemp("studio"))
    made.router.start()
    yield made
    await made.live.finish()
    for one in (made.live, made.amending, made.controller):
        one.release_document()
    await made.router.stop()
    await made.client.close()
    await made.session.close()
    made.view.deleteLater()


async def test_a_stroke_changes_the_picture_there(studio: Studio) -> None:
    studio.paint(FRAME, "#e6dcc8")
    studio.live.turn(True)
    await studio.rest()
    first = studio.live.picture
    assert first is not None
    stroke = Bounds(60, 100, 130, 40)
    studio.paint(stroke, "#1c2a33")
    await studio.until(lambda: studio.live.picture is not first)
    second = studio.live.picture
    assert second is not None
    change = np.abs(second.pixels[..., :3].astype(int) - first.pixels[..., :3]).mean(axis=2)
    there = np.zeros((256, 256), bool)
    there[stroke.y : stroke.bottom, stroke.x : stroke.right] = True
    assert change[there].mean() > 40
    assert change[there].mean() > 4 * change[:60].mean()  # far from it hardly anything moves: the noise is the same


async def test_five_changes_in_a_row_need_three_jobs_at_most(studio: Studio) -> None:
    studio.live.turn(True)
    await studio.rest()
    begun = studio.live.jobs_begun
    for number in range(5):
        studio.paint(Bounds(20 + 40 * number, 180, 30, 30), "#405020")
        await asyncio.sleep(0.03)
    await studio.rest()
    assert 1 <= studio.live.jobs_begun - begun <= 3
    assert studio.live.picture is not None
    image = studio.live.picture.shot.request.image
    assert image is not None
    assert tuple(image[190, 190]) == (0x40, 0x50, 0x20, 255)  # the newest is in it


async def test_keep_is_what_was_shown(studio: Studio) -> None:
    studio.live.turn(True)
    await studio.rest()
    shown = studio.live.picture
    assert shown is not None
    studio.live.turn(False)
    studio.live.picture = shown  # as if Keep came at the last moment
    await studio.live.keep()
    assert (to_rgba(studio.session.compositor.flatten(FRAME)) == shown.pixels).all()


async def test_a_stroke_in_a_running_job_is_in_its_picture(studio: Studio) -> None:
    studio.live.turn(False)
    studio.paint(FRAME, "#e6dcc8")
    studio.form.set(mode=Mode.REFINE, strength=0.8, num_inference_steps=30)
    plain = await studio.generate()
    studio.controller.generate()
    await studio.until(lambda: any(job.step >= 3 for job in studio.router.jobs.values()))
    stroke = Bounds(60, 100, 130, 40)
    studio.paint(stroke, "#7a1f12")
    await studio.until(lambda: studio.controller.current is not None)
    current = studio.controller.current
    assert current is not None
    painted = current.patches[0]
    assert current.record.facts["amended"]
    there = np.s_[stroke.y : stroke.bottom, stroke.x : stroke.right]
    redder = painted[there][..., 0].astype(int) - painted[there][..., 2]
    assert redder.mean() > (plain[there][..., 0].astype(int) - plain[there][..., 2]).mean() + 15
