"""What is not composited yet becomes sharp over several frames; none of them takes long."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import TILE, Bounds, PointF, TileKey
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from desktop.view.camera import Camera
from desktop.view.canvas_view import CanvasView
from desktop.view.overview import Overview
from desktop.view.renderer import Renderer
from tests.desktop.view.conftest import PAPER


def tile(seed: int) -> QImage:
    return from_rgba(np.random.default_rng(seed).integers(0, 256, (TILE, TILE, 4), np.uint8))


@pytest.fixture
def wide() -> Document:
    """16 x 16 tiles."""
    document = Document.new(Bounds(0, 0, 512, 512))
    layer = document.active
    assert isinstance(layer, PaintLayer)
    some = [tile(n) for n in range(7)]
    tiles: dict[TileKey, QImage | None] = {(x, y): some[(x * 3 + y) % 7] for x in range(16) for y in range(16)}
    document.set_tiles(layer, tiles)
    return document


@pytest.fixture
def compositor(wide: Document) -> Iterator[Compositor]:
    made = Compositor(wide, PAPER)
    yield made
    made.close()


FAR = Camera(center=PointF(2048, 2048), zoom=1 / 16, width=400, height=400)


@pytest.mark.parametrize("camera", [FAR, replace(FAR, rotation=30.0), replace(FAR, zoom=0.3)])
def test_slices_end_in_the_same_picture(wide: Document, compositor: Compositor, camera: Camera) -> None:
    renderer = Renderer(compositor)
    renderer.slice = 0.0
    frames = 0
    renderer.frame(camera)
    while not renderer.unfinished.is_empty:
        renderer.frame(camera)
        frames += 1
        assert frames < 2000
    assert frames > 3
    whole = Renderer(Compositor(wide, PAPER))
    whole.slice = 1e9
    renderer.mark_all()  # parts of turned paper are sampled a hair differently when they are drawn one by one
    assert renderer.frame(camera) == whole.frame(camera)


def test_a_frame_computes_no_more_than_its_slice(compositor: Compositor) -> None:
    renderer = Renderer(compositor)
    renderer.slice = 0.0
    renderer.frame(FAR)
    assert compositor.held_bytes == 0
    renderer.frame(FAR)
    assert 0 < compositor.held_bytes <= 12 * TILE * TILE * 4  # one tile and the mips above it, not 256 tiles
    assert not renderer.unfinished.is_empty


def test_looking_nearer_shows_the_coarse_picture_first(wide: Document) -> None:
    compositor = Compositor(wide, PAPER, budget_bytes=24 * TILE * TILE * 4)
    renderer = Renderer(compositor)
    renderer.slice = 1e9
    renderer.frame(FAR)
    renderer.slice = 0.0
    near = replace(FAR, zoom=0.5)
    picture = renderer.frame(near)
    assert not renderer.unfinished.is_empty
    assert all(picture.pixelColor(x, y) != PAPER for x in range(20, 400, 60) for y in range(20, 400, 60))
    compositor.close()


def test_a_small_change_is_right_at_once(wide: Document, compositor: Compositor) -> None:
    renderer = Renderer(compositor)
    renderer.slice = 1e9
    renderer.frame(FAR)
    compositor.updated.connect(renderer.mark)
    layer = wide.active
    assert isinstance(layer, PaintLayer)
    red = QImage(512, 512, QImage.Format.Format_ARGB32_Premultiplied)
    red.fill(QColor("red"))
    renderer.slice = 0.008
    wide.put_image(layer, 3072, 3072, red)
    picture = renderer.frame(FAR)
    x, y = (round(v) for v in FAR.to_device(3072 + 256, 3072 + 256))
    assert picture.pixelColor(x, y) == QColor("red")


def test_mip_tiles_survive_a_small_cache(wide: Document) -> None:
    """The parts of a tile over thousands of others must not push out what was already made of it."""
    small = Compositor(wide, PAPER, budget_bytes=24 * TILE * TILE * 4)
    steps = 0
    while not small.refine((0, 0), 5, lambda: False):
        steps += 1
        assert steps < 2000
    image, right = small.kept((0, 0), 5)
    assert right
    large = Compositor(wide, PAPER)
    assert image == large.tile((0, 0), 5)
    small.close()
    large.close()


def test_the_view_goes_on_by_itself(qtbot: QtBot, wide: Document, compositor: Compositor) -> None:
    view = CanvasView(wide, compositor)
    qtbot.addWidget(view)
    view._renderer.slice = 0.0005
    view.resize(400, 400)
    view.set_camera(FAR)
    view.show()
    qtbot.waitExposed(view)
    qtbot.waitUntil(lambda: view._renderer.painted_pixels > 0 and view._renderer.unfinished.is_empty, timeout=20000)
    shown = view.grab().toImage()
    whole = Renderer(Compositor(wide, PAPER))
    whole.slice = 1e9
    expected = whole.frame(view.camera)
    assert all(shown.pixelColor(n, n) == expected.pixelColor(n, n) for n in range(60, 200, 10))
    view.release_document()


def test_the_overview_is_made_and_mended(qtbot: QtBot, wide: Document, compositor: Compositor) -> None:
    overview = Overview(wide, compositor)
    overview.set_awake(True)
    qtbot.waitUntil(lambda: overview.finished, timeout=20000)
    assert overview.area == Bounds(0, 0, 16 * TILE, 16 * TILE)
    assert 320 <= overview.image.width() < 640
    layer = wide.active
    assert isinstance(layer, PaintLayer)
    red = QImage(512, 512, QImage.Format.Format_ARGB32_Premultiplied)
    red.fill(QColor("red"))
    wide.put_image(layer, 1024, 2048, red)
    qtbot.waitUntil(lambda: overview.finished, timeout=20000)
    step = 1 << overview.level
    assert overview.image.pixelColor(1280 // step, 2304 // step) == QColor("red")
    wide.put_image(layer, -600, 0, red)
    qtbot.waitUntil(lambda: overview.finished, timeout=20000)
    assert overview.area.x == -768
    overview.release()


def test_the_overview_rests_while_nobody_looks(qtbot: QtBot, wide: Document, compositor: Compositor) -> None:
    overview = Overview(wide, compositor)
    qtbot.wait(30)
    assert overview.image.isNull()
    overview.set_awake(True)
    overview.set_awake(False)
    held = compositor.held_bytes
    qtbot.wait(60)
    assert compositor.held_bytes == held
    overview.release()
