"""Selections: the algebra of coverage, growing, feathering, and their limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from canvas.document import alpha_image
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds
from canvas.selection import MAX_SIDE, Combine, Selection

WINDOW = Bounds(-300, -300, 600, 600)
coordinates = st.floats(-120, 120, allow_nan=False)
outlines = st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=12)
small_bounds = st.builds(Bounds, st.integers(-90, 60), st.integers(-90, 60), st.integers(1, 90), st.integers(1, 90))
selections = st.one_of(
    outlines.map(Selection.polygon),
    small_bounds.map(Selection.rectangle),
    small_bounds.map(Selection.ellipse),
    st.just(Selection.none()),
)


def seen(selection: Selection) -> np.ndarray:
    return selection.coverage(WINDOW).astype(int)


@given(selections, selections)
def test_combining_works_pixel_by_pixel(one: Selection, other: Selection) -> None:
    a, b = seen(one), seen(other)
    assert np.array_equal(seen(one.combined(other, Combine.ADD)), np.maximum(a, b))
    assert np.array_equal(seen(one.combined(other, Combine.SUBTRACT)), np.minimum(a, 255 - b))
    assert np.array_equal(seen(one.combined(other, Combine.INTERSECT)), np.minimum(a, b))
    assert one.combined(other, Combine.REPLACE) == other
    assert one.combined(other, Combine.ADD) == other.combined(one, Combine.ADD)


@given(selections)
def test_bounds_are_tight_and_masks_read_only(selection: Selection) -> None:
    assert selection.mask.shape == (selection.bounds.height, selection.bounds.width)
    if selection.is_empty:
        assert selection.bounds == NOTHING
        return
    for edge in (selection.mask[0], selection.mask[-1], selection.mask[:, 0], selection.mask[:, -1]):
        assert edge.any()
    with pytest.raises(ValueError, match="read-only"):
        selection.mask[0, 0] = 1


@given(selections)
def test_inverting_twice_gives_the_same(selection: Selection) -> None:
    assert selection.inverted(WINDOW).inverted(WINDOW) == selection
    assert np.array_equal(seen(selection.inverted(WINDOW)), 255 - seen(selection))


@given(selections, st.integers(-50, 50), st.integers(-50, 50))
def test_translation_moves_coverage(selection: Selection, dx: int, dy: int) -> None:
    moved = selection.translated(dx, dy)
    assert np.array_equal(moved.coverage(WINDOW.translated(dx, dy)), selection.coverage(WINDOW))


@given(selections, st.integers(1, 20))
def test_growing_adds_and_shrinking_takes(selection: Selection, pixels: int) -> None:
    assert (seen(selection.grown(pixels)) >= seen(selection)).all()
    assert (seen(selection.grown(-pixels)) <= seen(selection)).all()


def test_a_rectangle_grows_and_shrinks_by_exactly_so_many_pixels() -> None:
    square = Selection.rectangle(Bounds(10, 10, 40, 40))
    assert square.grown(7).bounds == Bounds(3, 3, 54, 54)
    assert square.grown(7).coverage(Bounds(3, 30, 1, 1))[0, 0] == 255
    assert square.grown(-7) == Selection.rectangle(Bounds(17, 17, 26, 26))
    assert square.grown(-20).is_empty


@given(selections, st.sampled_from([0.5, 2.0, 6.0, 20.0, 40.0]))
def test_feathering_keeps_the_sum_of_coverage(selection: Selection, radius: float) -> None:
    soft = selection.feathered(radius)
    total = int(selection.mask.sum(dtype=int))
    wide = selection.bounds.expanded(round(radius * 1.5) + 3)  # every pixel is rounded to a whole step
    assert abs(int(soft.mask.sum(dtype=int)) - total) <= total * 0.05 + 2 * max(wide.width * wide.height, 0)
    assert int(soft.mask.max(initial=0)) <= 255


@pytest.mark.parametrize("radius", [4.0, 12.0, 30.0, 60.0, 120.0])
def test_a_feathered_edge_is_half_covered_at_the_edge_and_fades_over_the_radius(radius: float) -> None:
    side = 800
    row = Selection.rectangle(Bounds(0, 0, side, side)).feathered(radius)
    profile = row.coverage(Bounds(-400, side // 2, 800, 1))[0].astype(int)
    assert (np.diff(profile) >= 0).all()
    assert abs(profile[399:401].mean() - 127) < 8
    outside, inside = profile[400 - round(radius)], profile[400 + round(radius)]
    assert outside < 12
    assert inside > 243


def test_a_polygon_is_antialiased_only_when_asked() -> None:
    triangle = [(0.0, 0.0), (50.0, 13.0), (20.0, 44.0)]
    assert len(np.unique(Selection.polygon(triangle).mask)) > 10
    assert set(np.unique(Selection.polygon(triangle, antialias=False).mask)) <= {0, 255}
    assert Selection.polygon(triangle[:2]).is_empty
    square = Selection.polygon([(3, 4), (13, 4), (13, 24), (3, 24)])
    assert square == Selection.rectangle(Bounds(3, 4, 10, 20))


def test_an_ellipse_covers_its_area() -> None:
    disk = Selection.ellipse(Bounds(-50, -25, 100, 50))
    assert disk.bounds == Bounds(-50, -25, 100, 50)
    assert disk.mask.sum(dtype=int) / 255 == pytest.approx(np.pi * 50 * 25, rel=0.01)


def test_what_is_too_large_or_does_not_fit_is_refused() -> None:
    with pytest.raises(CanvasError, match="smaller area"):
        Selection.rectangle(Bounds(0, 0, MAX_SIDE + 1, 4))
    far = Selection.rectangle(Bounds(MAX_SIDE, 0, 4, 4))
    with pytest.raises(CanvasError, match="at most"):
        Selection.rectangle(Bounds(0, 0, 4, 4)).combined(far, Combine.ADD)
    with pytest.raises(CanvasError, match="needs a mask of that size"):
        Selection.from_mask(Bounds(0, 0, 4, 4), np.zeros((4, 5), np.uint8))


tile_masks = st.dictionaries(
    st.tuples(st.integers(-1, 0), st.integers(-1, 0)),
    st.tuples(small_bounds, st.integers(1, 255)).map(lambda drawn: _dab(*drawn)),
    max_size=3,
)


def _dab(bounds: Bounds, value: int) -> np.ndarray:
    tile = np.zeros((256, 256), np.uint8)
    tile[bounds.height : bounds.height + 60, bounds.width : bounds.width + 80] = value
    return tile


@given(selections, tile_masks, st.booleans())
def test_painting_a_selection_moves_every_pixel_towards_all_or_nothing(
    selection: Selection, painted: dict[tuple[int, int], np.ndarray], adds: bool
) -> None:
    before, share = seen(selection), np.zeros((600, 600), int)
    for (tx, ty), tile in painted.items():
        top, left = ty * 256 + 300, tx * 256 + 300
        share[top : top + 256, left : left + 256] = tile
    goal = 255 if adds else 0
    wanted = goal + np.floor(abs(before - goal) * (255 - share) / 255 + 0.5) * (-1 if adds else 1)
    assert np.array_equal(seen(selection.brushed(painted, adds)), wanted)


@given(selections)
def test_cutting_into_tiles_and_painting_them_again_gives_the_same(selection: Selection) -> None:
    assert Selection.none().brushed(selection.tiles(), adds=True) == selection
    assert selection.brushed({}, adds=True) is selection
    assert selection.brushed(selection.tiles(), adds=False).coverage(WINDOW).max(initial=0) <= 64


@given(selections, st.integers(1, 12))
def test_a_border_is_what_growing_adds_and_shrinking_takes(selection: Selection, width: int) -> None:
    outer, inner = selection.grown(width - width // 2), selection.grown(-(width // 2))
    assert np.array_equal(seen(selection.bordered(width)), np.minimum(seen(outer), 255 - seen(inner)))


def test_smoothing_rounds_corners_and_takes_specks_away() -> None:
    square = Selection.rectangle(Bounds(0, 0, 80, 80))
    speck = Selection.rectangle(Bounds(120, 40, 3, 3))
    smooth = square.combined(speck, Combine.ADD).smoothed(16)
    assert not smooth.contains(121, 41)
    assert not smooth.contains(0, 0)
    assert smooth.contains(40, 1)
    assert not smooth.contains(40, -2)
    edge = smooth.coverage(Bounds(40, -10, 1, 20))[:, 0]
    assert ((edge > 0) & (edge < 255)).sum() <= 3  # sharp again
    assert square.smoothed(0) is square


def test_a_selection_of_an_images_alpha_is_bit_exact() -> None:
    soft = Selection.ellipse(Bounds(3, 4, 61, 47)).feathered(6)
    image = alpha_image(soft.mask)
    assert Selection.from_alpha(soft.bounds.x, soft.bounds.y, image) == soft
    assert Selection.from_alpha(0, 0, QImage()).is_empty


def test_an_ellipse_without_antialiasing_has_a_hard_edge() -> None:
    assert set(np.unique(Selection.ellipse(Bounds(0, 0, 33, 21), antialias=False).mask)) <= {0, 255}
    assert Selection.ellipse(Bounds(0, 0, 33, 21)).contains(16.5, 10.2)
    assert not Selection.ellipse(Bounds(0, 0, 33, 21)).contains(0.5, 0.5)


@pytest.mark.parametrize("pixels", [-9, 9])
def test_growing_block_by_block_leaves_no_seam(pixels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    shape = Selection.ellipse(Bounds(-130, -90, 260, 180)).combined(
        Selection.rectangle(Bounds(40, -150, 30, 300)), Combine.ADD
    )
    whole = shape.grown(pixels)
    monkeypatch.setattr("canvas.selection.BLOCK", 40)
    assert shape.grown(pixels) == whole
