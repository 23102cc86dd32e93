"""Tiles and surfaces: sparse, exact, and never changed under those who hold them."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from canvas.errors import CanvasError
from canvas.geometry import NOTHING, TILE, Bounds, TileKey, tile_bounds, tiles_covering
from canvas.pixels import from_rgba, to_rgba
from canvas.surface import TiledSurface
from canvas.tile import is_blank, new_tile, painted_bounds, pixels
from tests.canvas.naive import blank, noise, same, solid, words

Mode = QPainter.CompositionMode
MODES = [
    Mode.CompositionMode_SourceOver,
    Mode.CompositionMode_Source,
    Mode.CompositionMode_DestinationOut,
    Mode.CompositionMode_SourceAtop,
    Mode.CompositionMode_Multiply,
    Mode.CompositionMode_Plus,
]
WINDOW = Bounds(-700, -700, 1400, 1400)
spots = st.integers(-600, 400)
sides = st.integers(1, 300)


def test_qt_calls_keep_none_alive() -> None:
    image = new_tile()
    before = sys.getrefcount(None)
    for _ in range(500):
        image.fill(0)
    assert abs(sys.getrefcount(None) - before) < 100


@given(st.integers(-2000, 2000), st.integers(-2000, 2000), st.integers(0, 900), st.integers(0, 900))
def test_tiles_cover_exactly(x: int, y: int, width: int, height: int) -> None:
    bounds = Bounds(x, y, width, height)
    keys = list(tiles_covering(bounds))
    assert len(keys) == len(set(keys))
    pieces = [bounds.intersected(tile_bounds(key)) for key in keys]
    assert all(not piece.is_empty for piece in pieces)
    assert sum(piece.width * piece.height for piece in pieces) == width * height


def test_bounds_arithmetic() -> None:
    one, other = Bounds(0, 0, 10, 10), Bounds(5, -5, 10, 10)
    assert one.intersected(other) == Bounds(5, 0, 5, 5)
    assert one.united(other) == Bounds(0, -5, 15, 15)
    assert one.united(NOTHING) == one == NOTHING.united(one)
    assert one.intersected(Bounds(10, 0, 5, 5)) == NOTHING
    assert one.contains(Bounds(9, 9, 1, 1))
    assert not one.contains(Bounds(9, 9, 2, 1))
    assert Bounds.around([(-0.5, 1.2), (3.0, 1.9)]) == Bounds(-1, 1, 4, 1)
    assert one.expanded(-3) == Bounds(3, 3, 4, 4)


def test_straight_and_premultiplied_round_trip() -> None:
    opaque = np.random.default_rng(1).integers(0, 256, (31, 17, 4), np.uint8)
    opaque[..., 3] = 255
    assert np.array_equal(to_rgba(from_rgba(opaque)), opaque)
    soft = noise(97, 53, 2)
    assert same(from_rgba(to_rgba(soft)), soft)
    with pytest.raises(CanvasError, match="height x width x 4"):
        from_rgba(np.zeros((4, 4, 3), np.uint8))


@settings(max_examples=20)
@given(st.lists(st.tuples(spots, spots, sides, sides, st.sampled_from(MODES)), max_size=5))
def test_writes_equal_painting_on_one_big_picture(steps: list[tuple[int, int, int, int, Mode]]) -> None:
    surface, naive = TiledSurface(), blank(WINDOW)
    for seed, (x, y, width, height, mode) in enumerate(steps):
        image = noise(width, height, seed)
        surface.write_image(x, y, image, mode)
        with QPainter(naive) as painter:
            painter.setCompositionMode(mode)
            painter.drawImage(x - WINDOW.x, y - WINDOW.y, image)
    assert same(surface.read(WINDOW), naive)
    assert not any(is_blank(tile) for tile in surface.snapshot().values())
    seen = np.argwhere(words(naive).any(axis=2))
    found = surface.content_bounds()
    if not len(seen):
        assert found == NOTHING
    else:
        (top, left), (bottom, right) = seen.min(axis=0), seen.max(axis=0) + 1
        assert found == Bounds(left + WINDOW.x, top + WINDOW.y, right - left, bottom - top)
    assert surface.bounds().contains(found)


@settings(max_examples=12)
@given(st.sampled_from(MODES), spots, spots)
def test_what_was_handed_out_never_changes(mode: Mode, x: int, y: int) -> None:
    surface = TiledSurface()
    surface.write_image(-100, -100, noise(300, 300, 1))
    held, before = surface.snapshot(), surface.read(WINDOW)
    by_reference = {key: surface.tile(key) for key in sorted(surface.keys())}
    copies = {key: words(tile) for key, tile in held.items()}
    replaced = surface.write_image(x, y, noise(200, 200, 2), mode)
    for key, copy in copies.items():
        direct = by_reference[key]
        assert direct is not None
        assert np.array_equal(words(held[key]), copy)
        assert np.array_equal(words(direct), copy)
    for key, tile in replaced.items():
        surface.set_tile(key, tile)
    assert same(surface.read(WINDOW), before)


def test_painting_on_a_snapshot_leaves_the_surface_alone() -> None:
    surface = TiledSurface()
    surface.write_image(0, 0, solid(10, 10, (255, 0, 0, 255)))
    before = surface.read(WINDOW)
    mine = surface.snapshot()[0, 0]  # a view does not keep its image alive
    pixels(mine)[:] = 7
    assert same(surface.read(WINDOW), before)


@given(st.sets(st.tuples(st.integers(-90, 90), st.integers(-90, 90)), max_size=30), spots, spots)
def test_touches_never_misses_a_tile(keys: set[TileKey], x: int, y: int) -> None:
    surface = TiledSurface()
    for key in keys:
        surface.set_tile(key, new_tile())
    for side in (1, 700, 9000, 40_000):
        area = Bounds(x * 20, y * 20, side, side)
        there = any(not tile_bounds(key).intersected(area).is_empty for key in keys)
        assert surface.touches(area) >= there
    assert len(surface) == len(keys)
    for key in keys:
        surface.set_tile(key, None)
    assert not surface.touches(Bounds(-40_000, -40_000, 80_000, 80_000))
    assert surface.bounds() == NOTHING


class _Elsewhere:
    """A stored tile that counts how often it is fetched."""

    packed = None

    def __init__(self, digest: str, tile: QImage) -> None:
        self.digest, self.image = digest, tile
        self.fetched = 0
        self.holds = 0

    def load(self) -> QImage:
        self.fetched += 1
        return self.image

    def hold(self) -> None:
        self.holds += 1


def elsewhere(count: int) -> dict[TileKey, _Elsewhere]:
    return {(x, 0): _Elsewhere(f"hash {x}", solid(TILE, TILE, (x * 9, 0, 0, 255))) for x in range(count)}


def test_stored_tiles_are_fetched_once_and_only_when_needed() -> None:
    refs = elsewhere(20)
    surface = TiledSurface(refs)
    assert len(surface) == 20
    assert surface.bounds() == Bounds(0, 0, 20 * TILE, TILE)
    assert surface.touches(Bounds(19 * TILE, 0, 1, 1))
    assert surface.loaded_bytes == 0
    surface.set_tile((3, 0), None)
    surface.set_tile((4, 0), solid(TILE, TILE, (1, 2, 3, 255)))
    surface.read(Bounds(2 * TILE, 0, 4 * TILE, TILE))
    surface.read(Bounds(2 * TILE, 0, 4 * TILE, TILE))
    assert {key: ref.fetched for key, ref in refs.items() if ref.fetched} == {(2, 0): 1, (5, 0): 1}
    assert len(surface) == 19
    assert (3, 0) not in surface


def test_tiles_that_are_elsewhere_too_can_leave_memory_and_come_back() -> None:
    refs = elsewhere(4)
    surface = TiledSurface(refs)
    before = surface.read(Bounds(0, 0, 4 * TILE, TILE))
    surface.set_tile((2, 0), solid(TILE, TILE, (1, 2, 3, 255)))
    assert surface.loaded == 4
    assert [surface.evict((x, 0)) is not None for x in range(4)] == [True, True, False, True]
    assert surface.loaded == 1
    assert set(surface.away()) == {(0, 0), (1, 0), (3, 0)}
    assert len(surface) == 4
    surface.back((2, 0), _Elsewhere("new", solid(TILE, TILE, (1, 2, 3, 255))))
    assert surface.evict((2, 0)) is not None
    after = surface.read(Bounds(0, 0, 4 * TILE, TILE))
    assert same(after.copy(0, 0, 2 * TILE, TILE), before.copy(0, 0, 2 * TILE, TILE))
    assert after.pixelColor(2 * TILE, 0).getRgb() == (1, 2, 3, 255)
    assert surface.was_touched((2, 0))
    assert not surface.was_touched((2, 0))


def test_a_copy_holds_what_it_shares_and_loads_nothing() -> None:
    refs = elsewhere(3)
    surface = TiledSurface(refs)
    surface.tile((0, 0))
    twin = surface.copy()
    assert (len(twin), twin.loaded) == (3, 1)
    assert [refs[x, 0].holds for x in range(3)] == [0, 1, 1]
    surface.set_tile((1, 0), None)
    assert twin.tile((1, 0)) is not None


def test_painted_bounds_of_a_tile() -> None:
    tile = new_tile()
    assert painted_bounds(tile) == NOTHING
    pixels(tile)[10:20, 30:33, 3] = 1
    assert painted_bounds(tile) == Bounds(30, 10, 3, 10)
