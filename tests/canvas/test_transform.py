"""Transformations: exact where they can be, without fringes elsewhere, and taken back bit for bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds, Point
from canvas.layers import GroupLayer, PaintLayer
from canvas.matrices import about, flip, identity, onto, quarter_turn, rotation, scaling, translation
from canvas.pixels import view
from canvas.resample import Filter, Matrix, Pixels, is_exact
from canvas.selection import Selection
from canvas.transform import Lift, Transformation, Warped, image_of, transform, transformed_selection

FRAME = Bounds(0, 0, 256, 256)
WIDE = Bounds(-600, -600, 1400, 1400)


def noise(width: int, height: int, seed: int = 1) -> Pixels:
    """Random premultiplied pixels, some of them transparent."""
    random = np.random.default_rng(seed)
    alpha = random.integers(0, 256, (height, width, 1))
    alpha[random.random((height, width, 1)) < 0.2] = 0
    colour = random.integers(0, 256, (height, width, 3)) * alpha // 255
    return np.concatenate([colour, alpha], axis=2).astype(np.uint8)


def flat(width: int, height: int, bgra: tuple[int, int, int, int]) -> QImage:
    return image_of(np.broadcast_to(np.array(bgra, np.uint8), (height, width, 4)))


def painted(picture: QImage, x: int = 0, y: int = 0) -> tuple[Document, PaintLayer]:
    document = Document.new(FRAME)
    layer = document.active
    assert isinstance(layer, PaintLayer)
    document.put_image(layer, x, y, picture)
    document.history.clear()
    return document, layer


def seen(layer: PaintLayer, area: Bounds = WIDE) -> Pixels:
    image = layer.surface.read(area.translated(-layer.offset.x, -layer.offset.y))
    return view(image).copy()


@pytest.fixture
def picture() -> Pixels:
    return noise(310, 270)


def test_whole_moves_flips_and_quarter_turns_keep_every_pixel(picture: Pixels) -> None:
    place = Bounds(-40, 25, 310, 270)
    for matrix, wanted in (
        (translation(13, -300), picture),
        (flip(place, horizontal=True), picture[:, ::-1]),
        (flip(place, horizontal=False), picture[::-1]),
        (quarter_turn(90, place), np.rot90(picture, -1)),
        (quarter_turn(180, place), picture[::-1, ::-1]),
        (quarter_turn(270, place), np.rot90(picture)),
    ):
        assert is_exact(matrix)
        document, layer = painted(image_of(picture), place.x, place.y)
        transform(document, [layer], matrix, Filter.LANCZOS, "Transform")
        bounds = layer.content_bounds()
        found = seen(layer, bounds)
        tight = wanted[wanted[..., 3].any(axis=1)][:, wanted[..., 3].any(axis=0)]
        assert np.array_equal(found, tight)
        assert document.history.names == ("Transform",)


def test_four_quarter_turns_and_two_flips_are_nothing(picture: Pixels) -> None:
    document, layer = painted(image_of(picture), 7, 9)
    before, bounds = seen(layer), layer.content_bounds()
    for _ in range(4):
        transform(document, [layer], quarter_turn(90, Bounds(0, 0, 301, 200)), Filter.BICUBIC, "Turn")
    for _ in range(2):
        transform(document, [layer], flip(bounds, horizontal=True), Filter.BICUBIC, "Flip")
    assert np.array_equal(seen(layer), before)


def test_identity_is_no_step(picture: Pixels) -> None:
    document, layer = painted(image_of(picture))
    tiles = layer.surface.snapshot()
    transform(document, [layer], identity(), Filter.BICUBIC, "Transform")
    assert not document.history.can_undo
    assert layer.surface.snapshot() == tiles


MATRICES = (
    about(rotation(33), 60, 60),
    about(scaling(2.37, 1.61), 10, 20),
    about(scaling(0.31, 0.47), 10, 20),
    about(scaling(1.3, 0.6, shear=0.7) @ rotation(-70), 50, 20),
    onto([(0, 0), (120, 0), (120, 120), (0, 120)], [(10, -5), (150, 40), (120, 160), (-30, 110)]),
    onto([(0, 0), (120, 0), (120, 120), (0, 120)], [(40, 0), (70, 0), (180, 150), (-40, 150)]),
)


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("how", list(Filter))
def test_a_flat_square_keeps_its_colour_at_every_alpha(matrix: Matrix, how: Filter) -> None:
    document, layer = painted(flat(120, 120, (30, 200, 90, 255)))
    transform(document, [layer], matrix, how, "Transform")
    found = seen(layer).astype(np.int32)
    alpha = found[..., 3]
    assert alpha.max() == 255
    assert not found[alpha == 0].any()
    for channel, value in enumerate((30, 200, 90)):
        assert np.abs(found[..., channel] * 255 - value * alpha).max() <= 2.01 * 255
    solid = (alpha == 255).sum()
    area = abs(np.linalg.det(matrix[:2, :2])) * 120 * 120 if not matrix[2, :2].any() else None
    if area is not None:
        assert abs(alpha.sum() / 255 - area) < 0.03 * area + 40
        assert solid > 0.6 * area


@pytest.mark.parametrize("how", [Filter.BILINEAR, Filter.BICUBIC, Filter.LANCZOS])
def test_half_transparent_paint_stays_half_transparent(how: Filter) -> None:
    document, layer = painted(flat(100, 100, (64, 0, 128, 128)))
    transform(document, [layer], about(rotation(20) @ scaling(1.5, 0.4), 50, 50), how, "Transform")
    found = seen(layer).astype(np.int32)
    inside = found[found[..., 3] > 120]
    assert len(inside) > 4000
    assert np.median(inside[:, 3]) == 128
    assert (np.abs(np.median(inside, axis=0) - (64, 0, 128, 128)) <= 1).all()


def test_nearest_repeats_pixels_exactly(picture: Pixels) -> None:
    small = picture[:40, :50].copy()
    small[..., 3] = 255
    document, layer = painted(image_of(small))
    transform(document, [layer], scaling(3, 2), Filter.NEAREST, "Transform")
    wanted = np.repeat(np.repeat(small, 2, axis=0), 3, axis=1)
    assert np.array_equal(seen(layer, Bounds(0, 0, 150, 80)), wanted)


def test_shrinking_averages_what_it_covers() -> None:
    stripes = np.zeros((512, 512, 4), np.uint8)
    stripes[..., 3] = 255
    stripes[::2, :, :3] = 255
    for how in (Filter.BILINEAR, Filter.BICUBIC, Filter.LANCZOS):
        document, layer = painted(image_of(stripes))
        transform(document, [layer], scaling(0.25, 0.25), how, "Transform")
        inside = seen(layer, Bounds(4, 4, 120, 120))[..., :3].astype(np.int32)
        assert np.abs(inside - 128).max() <= 2
        slanted = about(rotation(17) @ scaling(0.2, 0.2), 256, 256)
        document, layer = painted(image_of(stripes))
        transform(document, [layer], slanted, how, "Transform")
        inside = seen(layer, Bounds(230, 230, 50, 50))[..., :3].astype(np.int32)
        assert np.abs(inside - 128).max() <= 6


def test_no_seams_between_tiles() -> None:
    ramp = np.zeros((600, 600, 4), np.uint8)
    ramp[..., 3] = 255
    ramp[..., 0] = (np.arange(600) * 255 // 599)[None, :]
    ramp[..., 1] = (np.arange(600) * 255 // 599)[:, None]
    for matrix in (
        about(rotation(11) @ scaling(1.2, 1.2), 300, 300),
        onto([(0, 0), (600, 0), (600, 600), (0, 600)], [(200, 0), (400, 0), (600, 600), (0, 600)]),
    ):
        document, layer = painted(image_of(ramp))
        transform(document, [layer], matrix, Filter.BICUBIC, "Transform")
        found = seen(layer, Bounds(236, 236, 200, 200)).astype(np.int32)
        assert (found[..., 3] == 255).all()
        for axis in (0, 1):
            assert np.abs(np.diff(found, axis=axis)).max() <= 4


def test_only_selected_pixels_move_and_the_selection_goes_along(picture: Pixels) -> None:
    document, layer = painted(image_of(picture))
    before = seen(layer)
    chosen = Selection.ellipse(Bounds(50, 60, 90, 70))
    document.set_selection(chosen)
    matrix = about(rotation(30), 95, 95) @ translation(180, 0)
    transform(document, [layer], matrix, Filter.BICUBIC, "Transform")
    after = seen(layer)
    moved = transformed_selection(chosen, matrix, Filter.BICUBIC)
    assert document.selection == moved
    spared = (chosen.coverage(WIDE) == 0) & (moved.grown(3).coverage(WIDE) == 0)
    assert np.array_equal(after[spared], before[spared])
    full = chosen.coverage(WIDE) == 255
    assert not after[full & (moved.grown(3).coverage(WIDE) == 0)].any()
    assert after[moved.coverage(WIDE) == 255, 3].mean() > 60
    document.undo()
    assert np.array_equal(seen(layer), before)
    assert document.selection == chosen
    document.redo()
    assert np.array_equal(seen(layer), after)


def test_a_group_with_masks_is_transformed_as_one(picture: Pixels) -> None:
    document, layer = painted(image_of(picture))
    group = GroupLayer("Group")
    document.add_layer(group)
    document.move_layer(layer, group, 0)
    other = PaintLayer("Other")
    other.offset = Point(30, -7)
    document.add_layer(other, group)
    document.put_image(other, 100, 100, image_of(picture[:90, :80]))
    mask = document.add_mask(layer, Selection.rectangle(Bounds(10, 10, 60, 40)))
    group_mask = document.add_mask(group, Selection.rectangle(Bounds(5, 5, 200, 200)))
    document.history.clear()
    before = [seen(surface) for surface in (layer, other, mask, group_mask)]
    transform(document, [group], quarter_turn(180, Bounds(0, 0, 200, 200)), Filter.BICUBIC, "Turn")
    assert mask.content_bounds() == Bounds(130, 150, 60, 40)
    assert group_mask.content_bounds() == Bounds(-5, -5, 200, 200)
    assert document.history.names == ("Turn",)
    for surface, was in zip((layer, other, mask, group_mask), before, strict=True):
        now = seen(surface, Bounds(-600, -600, 1400, 1400))
        turned = seen(surface, Bounds(200 - 800, 200 - 800, 1400, 1400))[::-1, ::-1]
        assert np.array_equal(turned, was)
        assert not np.array_equal(now, was)
    document.undo()
    assert all(
        np.array_equal(seen(surface), was)
        for surface, was in zip((layer, other, mask, group_mask), before, strict=True)
    )


def test_what_cannot_be_done_is_said(picture: Pixels) -> None:
    document, layer = painted(image_of(picture))
    for matrix, words in (
        (scaling(1e6, 1e6), "origin"),
        (scaling(900, 900), "million pixels"),
        (scaling(1e-5, 1e-5), "smaller than a pixel"),
        (np.array([[1, 0, 0], [0, 1, 0], [-0.01, 0, 1.0]]), "horizon"),
        (np.full((3, 3), np.nan), "finite"),
    ):
        with pytest.raises(CanvasError, match=words):
            transform(document, [layer], matrix, Filter.BICUBIC, "Transform")
    document.set_selection(Selection.rectangle(Bounds(5000, 5000, 10, 10)))
    with pytest.raises(CanvasError, match="nothing in the selection"):
        transform(document, [layer], identity(), Filter.BICUBIC, "Transform")
    document.set_layer(layer, locked=True)
    with pytest.raises(CanvasError, match="locked"):
        transform(document, [layer], identity(), Filter.BICUBIC, "Transform")
    with pytest.raises(CanvasError, match="cross"):
        onto([(0, 0), (9, 0), (9, 9), (0, 9)], [(0, 0), (9, 0), (0, 9), (9, 9)])


def test_what_is_left_unfinished_has_not_happened(picture: Pixels) -> None:
    document, layer = painted(image_of(picture))
    before = seen(layer)
    work = Transformation(document, [layer]).work(about(rotation(12), 0, 0), Filter.BICUBIC, "Transform")
    shares = [next(work) for _ in range(3)]
    assert shares == sorted(shares)
    work.close()
    assert np.array_equal(seen(layer), before)
    assert not document.history.can_undo


def test_only_tiles_that_are_asked_for_are_made(picture: Pixels) -> None:
    _, layer = painted(image_of(picture))
    warped = Warped(Lift(layer), about(rotation(45), 155, 135))
    assert warped.tile((50, 50)) is None
    made = warped.tile((0, 0))
    assert made is not None
    assert made == warped.final((0, 0))
    assert warped.tile((0, 0)) is made
    coarse = Warped(Lift(layer), about(rotation(45), 155, 135), Filter.BILINEAR, step=2).tile((0, 0))
    assert coarse is not None
    blocks = view(coarse)
    assert np.array_equal(blocks[::2, ::2], blocks[1::2, 1::2])


@settings(max_examples=25)
@given(
    st.floats(-180, 180),
    st.floats(0.2, 4),
    st.floats(-4, -0.2) | st.floats(0.2, 4),
    st.floats(-1, 1),
    st.sampled_from(list(Filter)),
)
def test_any_transformation_is_taken_back_bit_for_bit(
    angle: float, sx: float, sy: float, shear: float, how: Filter
) -> None:
    document, layer = painted(image_of(noise(70, 50)), 230, -20)
    before = seen(layer)
    matrix = about(rotation(angle) @ scaling(sx, sy, shear), 250.5, 10)
    transform(document, [layer], matrix, how, "Transform")
    bounds = layer.content_bounds()
    after = seen(layer, bounds)
    assert (after[..., :3] <= after[..., 3:]).all()
    document.undo()
    assert np.array_equal(seen(layer), before)
    document.redo()
    assert np.array_equal(seen(layer, bounds), after)
