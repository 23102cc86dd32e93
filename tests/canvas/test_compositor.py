"""The compositor: the same pixels as drawing everything, for less work."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from canvas.brush import BrushSettings
from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import TILE, Bounds, Point, TileKey
from canvas.layers import BlendMode, GroupLayer, PaintLayer
from canvas.selection import Selection
from canvas.stroke import Stroke
from canvas.surface import TiledSurface
from canvas.tile import TILE_BYTES
from tests.canvas.naive import merged, noise, on_paper, same, solid, words

PAPER = QColor(255, 255, 255)
FRAME = Bounds(0, 0, 512, 512)


def fresh() -> tuple[Document, PaintLayer, Compositor]:
    document = Document.new(FRAME)
    assert isinstance(document.active, PaintLayer)
    return document, document.active, Compositor(document, PAPER)


def colors(image: QImage | None) -> np.ndarray:
    assert image is not None
    return words(image)[..., :3].astype(int)


def test_empty_places_have_no_tile_at_any_level() -> None:
    document, layer, compositor = fresh()
    assert compositor.tile((0, 0)) is None
    assert compositor.tile((0, 0), 9) is None
    document.put_image(layer, 300, 0, solid(10, 10, (9, 9, 9, 255)))
    assert compositor.tile((0, 0)) is None
    assert compositor.tile((1, 0)) is not None
    assert compositor.tile((0, 0), 9) is not None
    assert compositor.tile((-1, 0), 9) is None
    with pytest.raises(CanvasError, match="mip levels"):
        compositor.tile((0, 0), 40)


def test_flatten_gives_opaque_pixels_back_bit_for_bit_at_any_place() -> None:
    document, layer, compositor = fresh()
    document.set_layer(layer, offset=Point(-37, 1000))
    for opaque in (True, False):
        picture = noise(700, 400, 5, opaque)
        document.clear(layer, Selection.none())
        document.put_image(layer, -555, 123, picture)
        assert same(compositor.flatten(Bounds(-555, 123, 700, 400)), picture)
    around = words(compositor.flatten(Bounds(-600, 100, 800, 500)))
    around[23:423, 45:745] = 0
    assert not around.any()


def test_tiles_of_opaque_layers_meet_without_seams() -> None:
    document, layer, compositor = fresh()
    document.set_layer(layer, offset=Point(13, 29))
    document.put_image(layer, -300, -300, solid(800, 800, (70, 80, 90, 255)))
    for key in ((-1, -1), (0, 0), (-1, 0), (0, -1)):
        assert (colors(compositor.tile(key)) == [90, 80, 70]).all()


def nested_document() -> tuple[Document, Compositor]:
    document, lowest, compositor = fresh()
    document.put_image(lowest, -100, -100, noise(500, 500, 1))
    group, inner = GroupLayer("group"), GroupLayer("inner")
    document.add_layer(group)
    for seed, parent in ((2, group), (3, None)):
        layer = PaintLayer(f"layer {seed}")
        document.add_layer(layer, parent)
        document.set_layer(layer, blend_mode=BlendMode.MULTIPLY, opacity=0.7, offset=Point(seed * 31, -9))
        document.put_image(layer, seed * 20, 30, noise(300, 200, seed))
    document.add_layer(inner, group)
    deep = PaintLayer("deep")
    document.add_layer(deep, inner)
    document.put_image(deep, 0, 0, noise(200, 400, 7))
    document.set_layer(inner, opacity=0.5)
    return document, compositor


@pytest.mark.parametrize("mode", [mode for mode in BlendMode if not mode.is_ours])
def test_groups_and_modes_equal_drawing_everything(mode: BlendMode) -> None:
    document, compositor = nested_document()
    group = next(one for one in document.tree.walk() if one.name == "group")
    looks: list[dict[str, Any]] = [{"opacity": 0.6}, {"blend_mode": mode}, {"opacity": 1.0}]
    for look in looks:
        document.set_layer(group, **look)
        area = Bounds(-200, -150, 700, 600)
        assert same(compositor.flatten(area), merged(document.tree.root, area))
        tile = compositor.tile((0, 0))
        wanted = on_paper(document, Bounds(0, 0, TILE, TILE), PAPER)
        assert np.abs(colors(tile) - colors(wanted)).max() <= 2


def test_one_layer_or_group_can_be_flattened_alone() -> None:
    document, compositor = nested_document()
    group = next(one for one in document.tree.walk() if one.name == "group")
    deep = next(one for one in document.tree.walk() if one.name == "deep")
    assert isinstance(group, GroupLayer)
    area = Bounds(-10, -20, 400, 420)
    document.set_layer(deep, visible=True, opacity=0.3)
    assert same(compositor.flatten(Bounds(0, 0, 200, 400), deep), noise(200, 400, 7))
    assert same(compositor.flatten(area, group), merged(group, area))


def test_a_change_is_drawn_only_inside_its_rectangle() -> None:
    document, layer, compositor = fresh()
    document.put_image(layer, 0, 0, noise(256, 256, 1))
    tile = compositor.tile((0, 0))
    assert tile is not None
    tile.fill(QColor(1, 2, 3))
    document.put_image(layer, 100, 50, solid(20, 10, (200, 0, 0, 255)))
    after = colors(compositor.tile((0, 0)))
    assert (after[50:60, 100:120] == [0, 0, 200]).all()
    after[50:60, 100:120] = [3, 2, 1]
    assert (after == [3, 2, 1]).all()


def test_hiding_a_layer_touches_only_its_own_tiles() -> None:
    document, layer, compositor = fresh()
    document.put_image(layer, 0, 0, solid(1024, 256, (5, 5, 5, 255)))
    top = PaintLayer("top")
    document.add_layer(top)
    for x in (10, 800):
        document.put_image(top, x, 10, solid(20, 20, (0, 255, 0, 255)))
    for x in range(4):
        tile = compositor.tile((x, 0))
        assert tile is not None
        tile.fill(QColor(1, 2, 3))
    document.set_layer(top, visible=False)
    fixed = [bool((colors(compositor.tile((x, 0))) == 5).all()) for x in range(4)]
    assert fixed == [True, False, False, True]


def test_moving_a_layer_uncovers_where_it_was() -> None:
    document, layer, compositor = fresh()
    document.put_image(layer, 0, 0, solid(40, 40, (0, 0, 0, 255)))
    assert colors(compositor.tile((0, 0))).min() == 0
    document.set_layer(layer, offset=Point(2560, 0))
    gone = compositor.tile((0, 0))
    assert gone is None or colors(gone).min() == 255
    assert colors(compositor.tile((10, 0))).min() == 0
    document.undo()
    assert colors(compositor.tile((0, 0))).min() == 0


def test_mips_average_and_follow_changes_everywhere() -> None:
    document, layer, compositor = fresh()
    document.put_image(layer, -512, -512, noise(1024, 1024, 2))

    def wanted(level: int, key: TileKey) -> np.ndarray:
        side = TILE << level
        flat = colors(on_paper(document, Bounds(key[0] * side, key[1] * side, side, side), PAPER))
        step = 1 << level
        return flat.reshape(TILE, step, TILE, step, 3).mean(axis=(1, 3))

    def check() -> None:
        for level in (1, 2):
            for key in ((-1, -1), (0, 0), (0, -1)):
                tile = compositor.tile(key, level)
                found = np.full((TILE, TILE, 3), 255) if tile is None else colors(tile)
                assert np.abs(found - wanted(level, key)).max() <= 1.6

    check()
    document.put_image(layer, -5, -300, solid(10, 600, (0, 40, 250, 255)))
    check()
    document.put_image(layer, 600, 600, noise(30, 30, 3))
    check()
    document.undo()
    document.undo()
    check()
    document.clear(layer, Selection.none())
    check()


def test_erasing_live_spares_what_is_below_and_equals_the_commit() -> None:
    document, below, compositor = fresh()
    document.put_image(below, 0, 0, solid(256, 256, (250, 10, 10, 255)))
    top = PaintLayer("top")
    document.add_layer(top)
    document.set_layer(top, opacity=0.8, offset=Point(-30, -50), blend_mode=BlendMode.MULTIPLY)
    document.put_image(top, 0, 0, solid(256, 256, (10, 10, 250, 255)))
    covered = colors(compositor.tile((0, 0))).copy()
    for eraser in (True, False):
        look = BrushSettings(size=60, hardness=1.0, eraser=eraser, dynamics=(), smoothing=0)
        stroke = Stroke(top, look, (0, 255, 0), Selection.none())
        compositor.set_live(stroke)
        compositor.invalidate(stroke.add(128, 128))
        live = colors(compositor.tile((0, 0))).copy()
        if eraser:
            assert (live[128, 128] == [10, 10, 250]).all()
        assert (live[5, 5] == covered[5, 5]).all()
        stroke.finish(document)
        compositor.set_live(None)
        compositor.invalidate(Bounds(0, 0, 256, 256))
        assert (colors(compositor.tile((0, 0))) == live).all()


def test_an_aborted_stroke_disappears() -> None:
    _, layer, compositor = fresh()
    stroke = Stroke(layer, BrushSettings(), (0, 0, 0), Selection.none())
    compositor.set_live(stroke)
    compositor.invalidate(stroke.add(700, 50))
    assert colors(compositor.tile((2, 0))).min() == 0
    assert compositor.tile((0, 0), 3) is not None
    dirty = stroke.abort()
    compositor.set_live(None)
    compositor.invalidate(dirty)
    gone = compositor.tile((2, 0))
    assert gone is None or colors(gone).min() == 255
    assert compositor.tile((0, 0), 3) is None


def test_memory_stays_within_the_budget() -> None:
    document, layer, _ = fresh()
    compositor = Compositor(document, PAPER, budget_bytes=20 * TILE_BYTES)
    document.put_image(layer, 0, 0, noise(1500, 1500, 1))
    assert compositor.tile((0, 0), 3) is not None
    assert compositor.held_bytes <= 20 * TILE_BYTES
    for x in range(6):
        for y in range(6):
            wanted = on_paper(document, Bounds(x * TILE, y * TILE, TILE, TILE), PAPER)
            assert np.abs(colors(compositor.tile((x, y))) - colors(wanted)).max() <= 1
    assert compositor.held_bytes <= 20 * TILE_BYTES


def test_what_is_not_looked_at_is_not_even_loaded() -> None:
    class Far:
        digest = ""
        packed = None

        def __init__(self, key: TileKey) -> None:
            self.key = key

        def load(self) -> QImage:
            loaded.append(self.key)
            return solid(TILE, TILE, (9, 9, 9, 255))

        def hold(self) -> None:
            raise AssertionError("nobody replaces this tile")

    loaded: list[TileKey] = []
    document, _, compositor = fresh()
    keys = [(x * 7, y * 5) for x in range(40) for y in range(40)]
    document.add_layer(PaintLayer("far", TiledSurface({key: Far(key) for key in keys})))
    compositor.tile((0, 0))
    compositor.tile((7, 5))
    compositor.tile((-1, -1), 6)
    compositor.tile((1, 1), 1)
    assert set(loaded) == {(0, 0), (7, 5)}


def test_updates_tell_the_area_to_repaint() -> None:
    document, layer, compositor = fresh()
    told: list[Bounds] = []
    compositor.updated.connect(told.append)
    document.put_image(layer, 10, 20, solid(30, 40, (1, 1, 1, 255)))
    assert told == [Bounds(10, 20, 30, 40)]
    document.set_layer(layer, name="quiet")
    document.set_frame(Bounds(0, 0, 9, 9))
    assert len(told) == 1
    document.notify(DocumentChange(ChangeKind.LOADED))
    assert told[-1] == Bounds(0, 0, 256, 256)
    compositor.set_paper(QColor(0, 0, 0))
    assert colors(compositor.tile((0, 0)))[200, 200].max() == 0
    compositor.close()
    document.undo()
    assert len(told) == 3


def test_flatten_can_shrink_and_refuses_the_impossible() -> None:
    document, layer, compositor = fresh()
    picture = noise(5000, 300, 8, opaque=True)
    document.put_image(layer, -100, 0, picture)
    small = compositor.flatten(Bounds(-100, 0, 5000, 300), scale=0.1)
    assert (small.width(), small.height()) == (500, 30)
    wanted = words(picture).reshape(30, 10, 500, 10, 4).mean(axis=(1, 3))
    assert np.abs(words(small) - wanted).max() < 1
    assert compositor.flatten(Bounds(0, 0, 3, 3), scale=0.01).width() == 1
    with pytest.raises(CanvasError, match="too many"):
        compositor.flatten(Bounds(0, 0, 40_000, 10))
    with pytest.raises(CanvasError, match="Cannot flatten"):
        compositor.flatten(Bounds(0, 0, 0, 10))
