"""From the frame to a clip in the log, with small Wan models in the real engine."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from canvas.generations import LogQuery
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from desktop.clip_frames import ClipFrames
from desktop.generation.clip_records import is_clip
from desktop.generation.clips import ClipRun, ClipWish, ClipWork
from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationForm
from desktop.generation.jobs import JobRouter
from desktop.generation.reproduce import Reproduction
from desktop.session import Session
from desktop.view.canvas_view import CanvasView
from pipelines.client.inline import InlineClient
from pipelines.contract.models import Family, ModelInfo
from tests.pipelines.conftest import Shelf

REGION = Bounds(0, 0, 64, 48)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[ModelInfo, ModelInfo]:
    """One that paints over a picture, one that is shown it."""
    from pipelines.miniatures.families import MINIATURES
    from pipelines.miniatures.writing import info_of, write_folder

    root = tmp_path_factory.mktemp("wan")
    made = {one.name: one for one in MINIATURES if one.name in ("wan", "wan-i2v")}
    infos = [
        info_of(write_folder(one.build(), root / one.name), Family.WAN, one.name, one.variant) for one in made.values()
    ]
    # What is so small is made at the very size that is asked for.
    first, second = (replace(info, defaults=replace(info.defaults, native_size=64)) for info in infos)
    return first, second


async def _found_again(path: Path) -> None:
    """The clip is in the file."""
    other = Session.open(path, path.parent)
    record = other.document.generations.find(LogQuery(words="waves"))[0]
    assert is_clip(record)
    frames = ClipFrames(other.project, record.candidates)
    frames.want(4)
    async with asyncio.timeout(10):
        while frames.image(4) is None:
            await asyncio.sleep(0.01)
    frames.close()
    await other.close()


@pytest.mark.slow
async def test_clips_are_made_kept_and_made_again_bit_for_bit(
    qapp, tmp_path: Path, models: tuple[ModelInfo, ModelInfo]
) -> None:
    from pipelines.engine.engine import Engine

    client = InlineClient(Shelf(*models), Engine)
    router, session = JobRouter(client), Session.new(tmp_path, REGION)
    view = CanvasView(session.document, session.compositor)
    controller = GenerationController(session, view, GenerationForm(models), router)
    router.start()
    layer, image = session.document.active, QImage(64, 48, QImage.Format.Format_ARGB32_Premultiplied)
    assert isinstance(layer, PaintLayer)
    image.fill(QColor("#336699"))
    session.document.put_image(layer, 0, 0, image)
    run = ClipRun(controller)
    for info in models:
        wish = ClipWish(info.id, "waves", frames=5, steps=2, seed=7)
        record = await run.run(ClipWork(REGION, info, wish))
        assert (record.status, len(record.candidates), len(set(record.candidates))) == ("finished", 5, 5)
        assert record.request["strength"] == (1.0 if info.variant == "i2v" else 0.8)
        frame = await asyncio.wrap_future(session.project.load_blob(record.candidates[0]))
        assert frame.shape == (48, 64, 4)
        again = Reproduction(session, router, record.id)
        await again.run([info.id])
        made = session.document.generations.records[-1]
        assert made.candidates == record.candidates
        assert session.document.generations.annotation(made.id).note.endswith("bit for bit.")
    assert controller.current is None
    await session.save_as(tmp_path / "moving.scroll")
    controller.release_document()
    await router.stop()
    await client.close()
    await session.close()
    view.deleteLater()
    await _found_again(tmp_path / "moving.scroll")
