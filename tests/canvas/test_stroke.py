"""Strokes: coverage, colour, spacing, selection, locks, and one undo step each."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from canvas.brush import BrushSettings, DabCache, round_dab
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds, Point
from canvas.layers import GroupLayer, PaintLayer
from canvas.pixels import to_rgba
from canvas.selection import Selection
from canvas.stroke import Stroke, why_not_paintable
from canvas.stroke_path import Dab, StrokePath
from tests.canvas.naive import noise, same, solid, words

WINDOW = Bounds(-400, -400, 1200, 1200)
RED = (200, 30, 60)
PLAIN = BrushSettings(size=40, hardness=0.5, smoothing=0.0, dynamics=())


def brush(**changes: object) -> BrushSettings:
    return replace(PLAIN, **changes)  # type: ignore[arg-type]


def begun(document: Document, settings: BrushSettings, selection: Selection | None = None) -> Stroke:
    layer = document.active
    assert isinstance(layer, PaintLayer)
    return Stroke(layer, settings, RED, document.selection if selection is None else selection)


def fresh() -> tuple[Document, PaintLayer]:
    document = Document.new(Bounds(0, 0, 512, 512))
    assert isinstance(document.active, PaintLayer)
    return document, document.active


def rgba_at(layer: PaintLayer, x: int, y: int) -> list[int]:
    image = layer.surface.read(Bounds(x - layer.offset.x, y - layer.offset.y, 1, 1))
    return [int(value) for value in to_rgba(image)[0, 0]]


def test_many_faint_dabs_reach_the_right_colour() -> None:
    document, layer = fresh()
    stroke = begun(document, brush(flow=0.02, build_up=True, hardness=1.0))
    stroke.stamp([Dab(100.5, 100.5, 1.0)] * 200)
    stroke.finish(document)
    red, green, blue, alpha = rgba_at(layer, 100, 100)
    assert abs(alpha - 255 * (1 - 0.98**200)) <= 2
    assert max(abs(red - 200), abs(green - 30), abs(blue - 60)) <= 1


@pytest.mark.parametrize(("build_up", "expected"), [(False, 0.3), (True, 1 - 0.7**3)])
def test_wash_keeps_the_strongest_dab_and_build_up_adds(build_up: bool, expected: float) -> None:
    document, layer = fresh()
    stroke = begun(document, brush(flow=0.3, build_up=build_up, hardness=1.0))
    stroke.stamp([Dab(50.5, 50.5, 1.0)] * 3)
    stroke.finish(document)
    assert rgba_at(layer, 50, 50)[3] == pytest.approx(255 * expected, abs=1.5)


def test_opacity_caps_the_whole_stroke() -> None:
    document, layer = fresh()
    stroke = begun(document, brush(opacity=0.6, build_up=True))
    for x in range(0, 200, 5):
        stroke.add(x, 50)
    stroke.finish(document)
    strongest = words(layer.surface.read(WINDOW))[..., 3].max()
    assert strongest == round(0.6 * 255)


@hypothesis_settings(max_examples=20)
@given(
    st.lists(st.tuples(st.integers(-300, 600), st.integers(-300, 600)), min_size=1, max_size=5),
    st.sampled_from([3.0, 20.0, 90.0, 300.0]),
    st.booleans(),
    st.booleans(),
)
def test_a_stroke_equals_the_same_dabs_on_one_big_array(
    points: list[tuple[int, int]], size: float, build_up: bool, selected: bool
) -> None:
    settings = brush(size=size, build_up=build_up, flow=0.7)
    selection = Selection.ellipse(Bounds(-100, -50, 333, 222)) if selected else Selection.none()
    document, layer = fresh()
    stroke = begun(document, settings, selection)
    clear = np.ones((1400, 1400), np.float32)
    dabs = [Dab(float(x), float(y), 1.0) for x, y in points]
    stroke.stamp(dabs)
    cache = DabCache()
    for x, y, *_ in dabs:
        side = len(round_dab(size, 0.5))
        left, top = (math.floor(v + 0.5 - side / 2) + 500 for v in (x, y))
        fraction = (0.5 - side / 2) % 1
        phase = int(fraction * (4 if size <= 64 else 1))
        factor = cache.dab(size, 0.5, 0.7, phase, phase)
        part = clear[top : top + side, left : left + side]
        part[:] = part * factor if build_up else np.minimum(part, factor)
    covered = (1 - clear) * (selection.coverage(Bounds(-500, -500, 1400, 1400)) / 255 if selected else 1)
    stroke.finish(document)
    alpha = words(layer.surface.read(Bounds(-500, -500, 1400, 1400)))[..., 3].astype(int)
    assert np.abs(alpha - np.floor(covered * 255 + 0.5)).max() <= 1


def test_dirty_bounds_hold_every_changed_pixel() -> None:
    document, layer = fresh()
    stroke = begun(document, brush(size=33))
    reached = NOTHING
    for x, y in [(-20, 250), (40, 260), (300, 200), (290, -30)]:
        reached = reached.united(stroke.add(x, y))
    before_end = {key: tile.copy() for key in list(stroke.keys()) if (tile := stroke.tile(key)) is not None}
    assert before_end
    stroke.finish(document)
    assert stroke.bounds.contains(layer.content_bounds())
    assert stroke.bounds.contains(reached)
    assert layer.content_bounds().right >= 290


def test_spacing_is_even_whatever_the_events() -> None:
    settings = brush(size=40, spacing=0.25)
    for gaps in ([100], [1] * 100, [33, 1, 66], [0.5] * 200):
        path, x = StrokePath(settings), 0.0
        dabs = path.add(0, 0, 1.0, 0.0)
        for gap in gaps:
            x += gap
            dabs += path.add(x, 0, 1.0, 0.0)
        dabs += path.finish()
        assert [round(dab.x, 3) for dab in dabs] == pytest.approx([10.0 * n for n in range(11)], abs=0.5)


def test_a_curve_goes_through_the_points_and_ends_at_the_pen() -> None:
    points = [(0, 0), (100, 40), (180, -30), (240, 90)]
    for calm in (0.0, 0.9):
        path = StrokePath(brush(size=10, spacing=0.1, smoothing=calm))
        dabs = [dab for n, (x, y) in enumerate(points) for dab in path.add(x, y, 1.0, n * 0.01)]
        dabs += path.finish()
        wanted = points if calm == 0 else [points[0], points[-1]]
        for x, y in wanted:
            assert min(math.hypot(dab.x - x, dab.y - y) for dab in dabs) < 1.1


def test_smoothing_calms_a_trembling_line() -> None:
    rng = np.random.default_rng(3)
    jitter = rng.normal(0, 1.0, 300)

    def roughness(calm: float) -> float:
        path = StrokePath(brush(smoothing=calm, size=10))
        dabs = [d for n in range(300) for d in path.add(n * 0.4, float(jitter[n]), 1.0, n / 120)]
        return float(np.std([dab.y for dab in dabs[40:]]))

    assert roughness(0.8) < 0.5 * roughness(0.0)


def test_pressure_changes_size_opacity_and_flow() -> None:
    settings = brush(size=80, hardness=1.0).with_pressure(size=True, opacity=True)
    document, layer = fresh()
    stroke = begun(document, settings)
    stroke.stamp([Dab(100.5, 100.5, 0.5), Dab(400.5, 100.5, 1.0)])
    stroke.finish(document)
    alpha = words(layer.surface.read(WINDOW))[..., 3]
    light, full = alpha[:, : 650 - 0], alpha[:, 650:]
    assert light.max() == pytest.approx(128, abs=2)
    assert full.max() == 255
    assert light.any(axis=0).sum() == pytest.approx(40, abs=3)
    assert full.any(axis=0).sum() == pytest.approx(80, abs=3)


def test_small_brushes_move_by_parts_of_a_pixel() -> None:
    def middle(x: float) -> float:
        document, layer = fresh()
        stroke = begun(document, brush(size=5, hardness=0.0))
        stroke.stamp([Dab(x, 50.5, 1.0)])
        stroke.finish(document)
        alpha = words(layer.surface.read(Bounds(0, 0, 100, 100)))[..., 3].sum(axis=0, dtype=float)
        return float((alpha * (np.arange(100) + 0.5)).sum() / alpha.sum())

    for part in (0.0, 0.25, 0.5, 0.75):
        assert middle(50 + part) == pytest.approx(50 + part, abs=0.14)


def test_a_selection_bounds_the_stroke_and_makes_no_tiles_outside() -> None:
    document, layer = fresh()
    chosen = Selection.rectangle(Bounds(10, 10, 50, 50))
    stroke = begun(document, brush(size=300, hardness=1.0), chosen)
    stroke.stamp([Dab(0.0, 0.0, 1.0), Dab(600.0, 600.0, 1.0)])
    stroke.finish(document)
    assert layer.surface.keys() == {(0, 0)}
    assert layer.content_bounds() == Bounds(10, 10, 50, 50)


def test_an_offset_layer_is_painted_where_the_pen_is() -> None:
    document, layer = fresh()
    document.set_layer(layer, offset=Point(-77, 130))
    stroke = begun(document, brush(size=20, hardness=1.0), Selection.rectangle(Bounds(0, 0, 100, 100)))
    dirty = stroke.add(50.5, 50.5)
    assert dirty.contains(Bounds(45, 45, 10, 10))
    stroke.finish(document)
    assert rgba_at(layer, 50, 50) == [*RED, 255]
    assert layer.content_bounds() == Bounds(40, 40, 21, 21).intersected(layer.content_bounds())


def test_alpha_lock_colours_only_what_is_there() -> None:
    document, layer = fresh()
    document.put_image(layer, 0, 0, solid(30, 30, (0, 255, 0, 128)))
    document.set_layer(layer, alpha_locked=True)
    before = words(layer.surface.read(WINDOW))[..., 3]
    stroke = begun(document, brush(size=100, hardness=1.0))
    stroke.add(20, 20)
    stroke.finish(document)
    assert np.array_equal(words(layer.surface.read(WINDOW))[..., 3], before)
    assert rgba_at(layer, 15, 15)[0] == pytest.approx(200, abs=2)
    eraser = begun(document, brush(size=100, eraser=True))
    eraser.add(20, 20)
    steps = document.history.names
    eraser.finish(document)
    assert document.history.names == steps


def test_erasing_clears_and_leaves_no_blank_tiles() -> None:
    document, layer = fresh()
    document.put_image(layer, 100, 100, solid(20, 20, (0, 0, 255, 255)))
    eraser = begun(document, brush(size=200, hardness=1.0, eraser=True))
    eraser.add(110, 110)
    eraser.finish(document)
    assert len(layer.surface) == 0
    assert document.history.undo_name == "Erase"
    document.undo()
    assert rgba_at(layer, 110, 110) == [0, 0, 255, 255]


def test_one_stroke_is_one_step_and_undo_brings_back_the_same_tiles() -> None:
    document, layer = fresh()
    document.put_image(layer, -100, -100, noise(600, 500, 4))
    before = {key: layer.surface.tile(key) for key in sorted(layer.surface.keys())}
    pixels_before = layer.surface.read(WINDOW)
    stroke = begun(document, brush(build_up=True, flow=0.4))
    for n in range(30):
        stroke.add(n * 20 - 50, 100 + 60 * math.sin(n))
    stroke.finish(document)
    after = layer.surface.read(WINDOW)
    assert document.history.names[-1] == "Brush stroke"
    assert len(document.history.names) == 2
    assert document.undo() == "Brush stroke"
    assert same(layer.surface.read(WINDOW), pixels_before)
    assert all(layer.surface.tile(key) is tile for key, tile in before.items())
    document.redo()
    assert same(layer.surface.read(WINDOW), after)


def test_an_aborted_or_ended_stroke_does_nothing_more() -> None:
    document, layer = fresh()
    stroke = begun(document, PLAIN)
    dirty = stroke.add(10, 10)
    assert stroke.abort() == dirty
    assert list(stroke.keys()) == []
    assert len(layer.surface) == 0
    assert document.history.names == ()
    with pytest.raises(CanvasError, match="has ended"):
        stroke.add(1, 1)


def test_why_a_layer_cannot_be_painted_on() -> None:
    document, layer = fresh()
    assert why_not_paintable(None) == "none"
    assert why_not_paintable(layer) == ""
    group = GroupLayer("g")
    document.add_layer(group)
    assert why_not_paintable(group) == "group"
    document.move_layer(layer, group, 0)
    document.set_layer(group, locked=True)
    assert why_not_paintable(layer) == "locked"
    document.set_layer(group, visible=False)
    assert why_not_paintable(layer) == "hidden"


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(CanvasError, match="size must be between 1 and 1000"):
        brush(size=0.5)
    with pytest.raises(CanvasError, match="hardness"):
        brush(hardness=1.5)


def test_dabs_are_cached_within_their_budget() -> None:
    cache = DabCache(budget_bytes=100_000)
    first = cache.dab(50.0, 0.5, 1.0)
    assert cache.dab(50.0, 0.5, 1.0) is first
    for size in range(60, 160):
        cache.dab(float(size), 0.5, 1.0)
    assert len(cache) < 6
    assert first.min() == pytest.approx(0.0, abs=1e-6)
