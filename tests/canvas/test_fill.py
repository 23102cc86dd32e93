"""Flood fill against a slow one that cannot be wrong, gaps, growing; and what a coat leaves alone."""

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.coat import Coat, CoatSettings, mask_source, plain_source
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.fill import FloodSettings, flood, flood_mask, grown_mask, reaches_rim
from canvas.geometry import Bounds
from canvas.layers import BlendMode, PaintLayer
from canvas.selection import Selection
from canvas.tile import FORMAT

Picture = NDArray[np.uint8]


def naive_flood(picture: Picture, seed: tuple[int, int], tolerance: int) -> Picture:
    height, width = picture.shape[:2]
    wanted = picture[seed[1], seed[0]].astype(int)
    out = np.zeros((height, width), np.uint8)
    waiting = deque([seed])
    while waiting:
        x, y = waiting.popleft()
        if not (0 <= x < width and 0 <= y < height) or out[y, x]:
            continue
        if np.abs(picture[y, x].astype(int) - wanted).max() > tolerance:
            continue
        out[y, x] = 255
        waiting.extend(((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)))
    return out


@settings(max_examples=60)
@given(st.integers(1, 14), st.integers(1, 14), st.integers(0, 2**32 - 1), st.sampled_from((0, 10, 60, 255)), st.data())
def test_flood_is_that_of_a_slow_search(
    width: int, height: int, seed: int, tolerance: int, data: st.DataObject
) -> None:
    picture = np.random.default_rng(seed).integers(0, 5, (height, width, 4), np.uint8) * 30
    at = (data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1)))
    assert np.array_equal(flood_mask(picture, at, tolerance), naive_flood(picture, at, tolerance))
    alike = np.abs(picture.astype(int) - picture[at[1], at[0]].astype(int)).max(axis=2) <= tolerance
    assert np.array_equal(flood_mask(picture, at, tolerance, contiguous=False) == 255, alike)


def test_a_seed_outside_is_refused() -> None:
    with pytest.raises(CanvasError, match="outside the picture"):
        flood_mask(np.zeros((4, 4, 4), np.uint8), (4, 0), 0)


def box_with_hole(hole: int) -> Picture:
    """A black frame of 2 px from 20 to 100 whose right side has a hole."""
    picture = np.zeros((128, 128, 4), np.uint8)
    ink = (0, 0, 0, 255)
    picture[20:22, 20:100] = picture[98:100, 20:100] = ink
    picture[20:100, 20:22] = picture[20:100, 98:100] = ink
    picture[60 : 60 + hole, 98:100] = 0
    return picture


def test_gap_closing_keeps_a_region_with_a_hole_closed() -> None:
    picture = box_with_hole(3)
    leaking = flood_mask(picture, (50, 50), 20)
    assert leaking[5, 5] == 255
    for seed in ((50, 50), (23, 23), (97, 61)):  # also from a corner and from beside the hole
        closed = flood_mask(picture, seed, 20, gap=4)
        assert closed[5, 5] == 0
        assert np.all(closed[22:98, 22:98] == 255)  # every pixel inside, the corners too
        assert not closed[:, 101:].any()
        assert not closed[:20].any()


def test_a_wider_hole_than_the_gap_stays_open() -> None:
    assert flood_mask(box_with_hole(12), (50, 50), 20, gap=4)[5, 5] == 255


def test_without_holes_gap_closing_changes_nothing() -> None:
    picture = box_with_hole(0)
    plain = flood_mask(picture, (50, 50), 20)
    assert np.array_equal(flood_mask(picture, (50, 50), 20, gap=10), plain)
    outside = flood_mask(picture, (2, 2), 20)
    assert np.array_equal(flood_mask(picture, (2, 2), 20, gap=10), outside)


def test_growing_and_shrinking_are_round_and_exact() -> None:
    mask = np.zeros((80, 80), np.uint8)
    mask[30:50, 30:50] = 255
    wide, narrow = grown_mask(mask, 5), grown_mask(mask, -5)
    assert wide[40, 25] == 255
    assert wide[40, 24] == 0
    assert wide[25, 25] == 0  # a round corner
    assert np.array_equal(np.argwhere(narrow == 255).min(axis=0), [35, 35])
    assert np.array_equal(np.argwhere(narrow == 255).max(axis=0), [44, 44])


def test_soft_edges_and_open_areas() -> None:
    picture = box_with_hole(0)
    soft = flood(picture, (50, 50), FloodSettings(20, soft=True))
    assert 0 < soft[50, 98] < 255
    assert soft[50, 60] == 255
    assert reaches_rim(flood_mask(picture, (2, 2), 20))
    assert not reaches_rim(flood_mask(picture, (50, 50), 20))


# Coats


def painted(document: Document) -> PaintLayer:
    layer = document.active
    assert isinstance(layer, PaintLayer)
    image = QImage(200, 200, FORMAT)
    image.fill(0xFF2060A0)
    document.put_image(layer, 10, 10, image)
    return layer


def words_of(layer: PaintLayer, bounds: Bounds) -> NDArray[np.uint32]:
    image = layer.surface.read(bounds.translated(-layer.offset.x, -layer.offset.y))
    return np.frombuffer(image.constBits(), np.uint32).reshape(bounds.height, bounds.width).copy()


EVERYTHING = Bounds(-64, -64, 500, 500)


def test_a_coat_stays_inside_selection_and_area_and_is_one_step() -> None:
    document = Document.new(Bounds(0, 0, 256, 256))
    layer = painted(document)
    before, steps = words_of(layer, EVERYTHING), len(document.history.names)
    selection = Selection.ellipse(Bounds(100, 50, 220, 200))
    area = Bounds(120, 0, 400, 400)
    coat = Coat(layer, plain_source((255, 0, 0)), area, selection)
    coat.commit(document, "Fill")
    after = words_of(layer, EVERYTHING)
    allowed = selection.coverage(EVERYTHING)
    allowed[:64] = 0
    allowed[:, : 120 + 64] = 0
    assert np.array_equal(after[allowed == 0], before[allowed == 0])
    assert np.all(after[allowed == 255] == 0xFFFF0000)
    assert len(document.history.names) == steps + 1
    document.undo()
    assert np.array_equal(words_of(layer, EVERYTHING), before)


def test_alpha_lock_keeps_every_alpha_in_every_mode() -> None:
    for mode in (BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.BEHIND, BlendMode.PLUS):
        document = Document.new(Bounds(0, 0, 256, 256))
        layer = painted(document)
        layer.alpha_locked = True
        before = words_of(layer, EVERYTHING)
        coat = Coat(layer, plain_source((200, 90, 10)), EVERYTHING, Selection.none(), CoatSettings(0.5, mode))
        coat.commit(document, "Fill")
        after = words_of(layer, EVERYTHING)
        assert np.array_equal(after >> 24, before >> 24)
        assert np.array_equal(after, before) == (mode is BlendMode.BEHIND)


def test_opacity_and_offset_of_the_layer() -> None:
    document = Document.new(Bounds(0, 0, 256, 256))
    layer = document.active
    assert isinstance(layer, PaintLayer)
    document.set_layer(layer, offset=(37, -11))
    mask = np.zeros((40, 60), np.uint8)
    mask[5:15, 5:15] = 255
    place = Bounds(250, 240, 60, 40)  # over four tiles
    source = mask_source(place, mask, (255, 255, 255))
    Coat(layer, source, place, Selection.none(), CoatSettings(0.5)).commit(document, "Fill")
    assert layer.content_bounds() == Bounds(255, 245, 10, 10)
    assert set(words_of(layer, Bounds(255, 245, 10, 10)).ravel().tolist()) == {0x80808080}


def test_modes_that_mix_channels_are_refused() -> None:
    with pytest.raises(CanvasError, match="Choose another"):
        Coat(PaintLayer(), plain_source((0, 0, 0)), EVERYTHING, Selection.none(), CoatSettings(1.0, BlendMode.HUE))
