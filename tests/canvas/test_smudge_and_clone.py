"""Smudging drags paint without making or losing any; cloning copies pixels exactly."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QImage

from canvas.brush import BrushSettings
from canvas.clone_stroke import CloneStroke
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds, Point
from canvas.layers import PaintLayer
from canvas.selection import Selection
from canvas.smudge import Smudge
from canvas.stroke import StrokeSetup
from canvas.symmetry import Symmetry
from tests.canvas.naive import noise, same, solid, words

WINDOW = Bounds(-200, -200, 900, 800)
FINGER = BrushSettings(size=40, hardness=0.5, flow=0.9, spacing=0.1, smoothing=0.0, dynamics=())


def painted(image: QImage | None = None, x: int = 0, y: int = 0) -> tuple[Document, PaintLayer]:
    document = Document.new(Bounds(0, 0, 512, 512))
    assert isinstance(document.active, PaintLayer)
    if image is not None:
        document.put_image(document.active, x, y, image)
    return document, document.active


def dragged(
    document: Document, layer: PaintLayer, points: list[tuple[float, float]], settings: BrushSettings = FINGER
) -> Smudge:
    smudge = Smudge(layer, settings, document.selection)
    for point in points:
        smudge.add(*point)
    return smudge


def pixels(layer: PaintLayer) -> np.ndarray:
    return words(layer.surface.read(WINDOW)).astype(int)


def test_flat_colour_stays_as_it_is() -> None:
    document, layer = painted(solid(400, 400, (200, 120, 40, 160)))
    before = pixels(layer)
    dragged(document, layer, [(100, 100), (250, 140), (300, 300)]).finish(document)
    assert np.array_equal(pixels(layer), before)
    assert len(document.history.names) == 1


def test_paint_is_dragged_along_and_undo_brings_it_back() -> None:
    document, layer = painted(solid(100, 400, (200, 30, 40, 255)))
    before = layer.surface.read(WINDOW)
    smudge = dragged(document, layer, [(60, 200), (110, 200), (160, 200), (220, 200)])
    assert smudge.bounds.contains(Bounds(100, 190, 60, 20))
    live = smudge.tile((0, 0))
    assert live is not None
    smudge.finish(document)
    found = pixels(layer)
    alpha = found[400, 300:420, 3]
    assert alpha[20] > 120
    assert all(left >= right - 1 for left, right in pairwise(alpha[15:]))
    seen = found[found[..., 3] > 40]
    straight = seen[:, :3] / seen[:, 3:] * 255
    assert np.abs(straight - np.array([40, 30, 200])).max() <= 7  # no dark fringe
    document.undo()
    assert same(layer.surface.read(WINDOW), before)


def test_a_selection_and_the_alpha_lock_bound_the_finger() -> None:
    document, layer = painted(noise(300, 300, 3))
    before = pixels(layer)
    document.set_selection(Selection.rectangle(Bounds(80, 80, 60, 60)))
    dragged(document, layer, [(50, 50), (100, 100), (180, 180)]).finish(document)
    changed = np.argwhere((pixels(layer) != before).any(axis=2)) - 200
    assert changed.min() >= 80
    assert changed.max() < 140
    document.set_selection(Selection.none())
    document.set_layer(layer, alpha_locked=True)
    before = pixels(layer)
    dragged(document, layer, [(50, 250), (150, 150), (350, 100)]).finish(document)
    after = pixels(layer)
    assert np.array_equal(after[..., 3], before[..., 3])
    assert not np.array_equal(after, before)


def test_smudging_nothing_makes_no_tiles_and_abort_leaves_no_trace() -> None:
    document, layer = painted()
    dragged(document, layer, [(0, 0), (100, 100), (300, 200)]).finish(document)
    assert len(layer.surface) == 0
    document, layer = painted(noise(100, 100, 1))
    before = layer.surface.read(WINDOW)
    smudge = dragged(document, layer, [(50, 50), (90, 90), (150, 150)])
    assert not smudge.abort().is_empty
    assert list(smudge.keys()) == []
    assert same(layer.surface.read(WINDOW), before)
    with pytest.raises(CanvasError, match="has ended"):
        smudge.add(1, 1)


def test_symmetry_and_pressure_on_the_finger() -> None:
    document, layer = painted(solid(80, 200, (10, 20, 30, 255)), 160, 100)
    settings = replace(FINGER, hardness=1.0).with_pressure(size=True)
    smudge = Smudge(layer, settings, document.selection, StrokeSetup(symmetry=Symmetry("vertical", 200, 200)))
    for n in range(8):
        smudge.add(220 + 10 * n, 200, 0.4 + 0.08 * n)
    smudge.finish(document)
    alpha = words(layer.surface.read(Bounds(0, 0, 400, 400)))[..., 3].astype(int)
    assert alpha[200, 260] > 60
    assert np.abs(alpha - alpha[:, ::-1]).mean() < 0.6


def cloned(document: Document, layer: PaintLayer, shift: Point, settings: BrushSettings) -> CloneStroke:
    def read(area: Bounds) -> QImage:
        return layer.surface.read(area.translated(-layer.offset.x, -layer.offset.y))

    return CloneStroke(layer, settings, document.selection, (read, shift))


def test_a_clone_is_an_exact_copy_under_the_hard_part_of_the_brush() -> None:
    document, layer = painted(noise(200, 200, 8))
    document.set_layer(layer, offset=Point(13, -9))
    source = pixels(layer)
    stroke = cloned(document, layer, Point(-230, -60), replace(FINGER, hardness=1.0, flow=1.0))
    for x in range(290, 400, 10):
        stroke.add(x + 13, 160 - 9)
    stroke.finish(document)
    assert document.history.names[-1] == "Clone"
    copy = pixels(layer)
    assert np.array_equal(copy[345:375, 490:590], source[285:315, 260:360])
    assert np.array_equal(copy[:, :400], source[:, :400])


def test_cloning_over_its_own_source_reads_what_was_there_before() -> None:
    document, layer = painted(noise(300, 300, 8))
    source = pixels(layer)
    stroke = cloned(document, layer, Point(-12, 0), replace(FINGER, hardness=1.0, flow=1.0))
    for x in range(60, 200, 5):
        stroke.add(x, 100)
    stroke.finish(document)
    over = source[300, 260:390] * 1.0
    above = source[300, 248:378] * 1.0
    wanted = above + over * (1 - above[:, 3:] / 255)
    assert np.abs(pixels(layer)[300, 260:390] - wanted).max() <= 1.5
