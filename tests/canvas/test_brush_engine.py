"""What strokes do beyond round dabs: shapes, chance, colour, modes, masks, symmetry, strings, lines."""

import math
from dataclasses import replace

import numpy as np
import pytest

from canvas.brush import BrushSettings, DabCache
from canvas.dab_shapes import DabShapes
from canvas.document import Document
from canvas.dynamics import Dynamic
from canvas.errors import CanvasError
from canvas.geometry import Bounds, Point
from canvas.grains import grain_window
from canvas.layers import BlendMode, LayerMask, PaintLayer
from canvas.selection import Selection
from canvas.stroke import Stroke, StrokeSetup
from canvas.stroke_path import Dab, Pose, StrokePath
from canvas.symmetry import Symmetry
from tests.canvas.naive import noise, same, solid, words

WINDOW = Bounds(-300, -300, 1100, 1000)
HARD = BrushSettings(size=40, hardness=1.0, smoothing=0.0, dynamics=())
RED = (200, 30, 60)


def fresh() -> tuple[Document, PaintLayer]:
    document = Document.new(Bounds(0, 0, 512, 512))
    assert isinstance(document.active, PaintLayer)
    return document, document.active


def stamped(
    settings: BrushSettings,
    dabs: list[Dab],
    color: tuple[int, int, int] = RED,
    under: tuple[Document, PaintLayer] | None = None,
    setup: StrokeSetup | None = None,
) -> np.ndarray:
    """(1000, 1100, 4) BGRA of WINDOW after a stroke of these dabs."""
    document, layer = under or fresh()
    stroke = Stroke(layer, settings, color, document.selection, setup)
    stroke.stamp(dabs)
    stroke.finish(document)
    return words(layer.surface.read(WINDOW)).astype(int)


@pytest.mark.parametrize("build_up", [False, True])
def test_jittered_dabs_match_a_naive_model_of_floats(build_up: bool) -> None:
    settings = replace(HARD, hardness=0.3, flow=0.4, hue_jitter=0.4, value_jitter=0.3, build_up=build_up, size=50)
    dabs = [Dab(250.0 + 13 * n, 250.0 + 5 * n) for n in range(14)]
    found = stamped(settings, dabs, setup=StrokeSetup(seed=3))
    shapes = DabShapes(settings, (200 / 255, 30 / 255, 60 / 255), 3, DabCache())
    alpha, colour = np.zeros((1000, 1100)), np.zeros((1000, 1100, 3))
    for dab in dabs:
        for look in shapes.decide(dab):
            stamp = shapes.stamp(look, (0, 0))
            side = len(stamp.factor)
            area = (slice(stamp.top + 300, stamp.top + 300 + side), slice(stamp.left + 300, stamp.left + 300 + side))
            share = 1 - stamp.factor.astype(float)
            whole = 1 - (1 - alpha[area]) * (1 - share) if build_up else np.maximum(alpha[area], share)
            part = np.clip(share / np.maximum(whole, 1e-6), 0, 1)[..., None]
            colour[area] = colour[area] * (1 - part) + np.array(stamp.color[::-1]) * part
            alpha[area] = whole
    assert np.abs(found[..., 3] - alpha * 255).max() <= 1
    assert np.abs(found[..., :3] - colour * alpha[..., None] * 255).max() <= 2
    assert len(np.unique(found[found[..., 3] > 50][:, 1])) > 20


def test_a_tip_scatter_and_count_stay_repeatable_and_within_reach() -> None:
    settings = replace(HARD, tip="star", scatter=1.5, count=5, size=20)
    dabs = [Dab(200.0, 200.0)] * 6
    one, two = (stamped(settings, dabs, setup=StrokeSetup(seed=seed)) for seed in (1, 1))
    other = stamped(settings, dabs, setup=StrokeSetup(seed=2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)
    rows, columns = np.nonzero(one[..., 3])
    reach = 1.5 * 20 + 12
    assert np.hypot(rows - 500, columns - 500).max() <= reach
    assert columns.max() - columns.min() > 40


def test_grain_lies_still_on_the_canvas_whatever_the_layer() -> None:
    settings = replace(HARD, grain="paper", grain_strength=0.8, size=120)
    here = stamped(settings, [Dab(200.0, 200.0)])
    document, layer = fresh()
    document.set_layer(layer, offset=Point(-37, 91))
    stroke = Stroke(layer, settings, RED, Selection.none())
    stroke.add(200.0, 200.0)
    stroke.finish(document)
    moved = words(layer.surface.read(WINDOW.translated(37, -91))).astype(int)
    assert np.array_equal(here, moved)
    relief = grain_window("paper", 1.0, 170, 170, 60)
    alpha = here[470:530, 470:530, 3]
    assert alpha[relief > 0.85].min() > 240
    assert alpha[relief < 0.15].max() == 0


def test_tilt_speed_and_length_change_dabs() -> None:
    def area(settings: BrushSettings, gap: float, pose: Pose) -> tuple[int, int]:
        document, layer = fresh()
        stroke = Stroke(layer, settings, RED, Selection.none())
        for n in range(20):
            stroke.add(n * gap, 100, 1.0, n * 0.01, pose)
        stroke.finish(document)
        alpha = words(layer.surface.read(WINDOW))[..., 3] > 0
        columns = alpha.sum(axis=0)
        return int(columns[310]), int(columns[300 + int(18 * gap)])

    half = ((0.0, 1.0), (1.0, 0.5))
    tilted = replace(HARD, dynamics=(Dynamic("tilt", "size", half),))
    assert area(tilted, 10, Pose(1.0))[1] < 0.6 * area(tilted, 10, Pose(0.0))[1]
    fast = replace(HARD, dynamics=(Dynamic("speed", "size", half),))
    assert area(fast, 25, Pose())[1] < area(fast, 2, Pose())[1]
    tapered = replace(HARD, dynamics=(Dynamic("length", "size", ((0.0, 1.0), (1.0, 0.0))),))
    first, last = area(tapered, 25, Pose())
    assert last < 0.6 * first


def test_dabs_can_follow_the_line_and_the_pen() -> None:
    flat = replace(HARD, roundness=0.1, spacing=0.02, size=60, angle=90.0, angle_follows="direction")
    for dx, dy in ((1, 0), (0, 1)):
        document, layer = fresh()
        stroke = Stroke(layer, flat, RED, Selection.none())
        for n in range(6):
            stroke.add(200 + 30 * n * dx, 200 + 30 * n * dy)
        stroke.finish(document)
        box = layer.content_bounds()
        across, along = (box.height, box.width) if dx else (box.width, box.height)
        assert across == pytest.approx(60, abs=3)
        assert along == pytest.approx(150, abs=12)
    turned = replace(flat, angle=0.0, angle_follows="rotation")
    document, layer = fresh()
    stroke = Stroke(layer, turned, RED, Selection.none())
    stroke.add(200, 200, 1.0, 0.0, Pose(rotation=90.0))
    stroke.finish(document)
    assert layer.content_bounds().height == pytest.approx(60, abs=3)
    assert layer.content_bounds().width < 10


def test_a_single_tap_paints_even_where_dabs_follow_the_line() -> None:
    document, layer = fresh()
    stroke = Stroke(layer, replace(HARD, tip="flat", angle_follows="direction"), RED, Selection.none())
    stroke.add(50, 50)
    stroke.finish(document)
    assert not layer.content_bounds().is_empty


@pytest.mark.parametrize("mode", [BlendMode.MULTIPLY, BlendMode.SCREEN, BlendMode.DARKEN, BlendMode.COLOR_DODGE])
def test_modes_blend_with_what_is_on_the_layer(mode: BlendMode) -> None:
    def naive(below: float, above: float) -> float:
        return {
            BlendMode.MULTIPLY: below * above,
            BlendMode.SCREEN: below + above - below * above,
            BlendMode.DARKEN: min(below, above),
            BlendMode.COLOR_DODGE: min(1.0, below / (1 - above)),
        }[mode]

    under = fresh()
    under[0].put_image(under[1], 0, 0, solid(100, 100, (120, 200, 80, 255)))
    found = stamped(replace(HARD, mode=mode), [Dab(50.5, 50.5)], RED, under)[350, 350]
    wanted = [round(255 * naive(below / 255, above / 255)) for below, above in zip((120, 200, 80), RED, strict=True)]
    assert np.abs(found[2::-1] - np.array(wanted)).max() <= 1
    assert found[3] == 255


def test_behind_paints_only_what_is_empty_and_erase_takes_away() -> None:
    for mode, inside, outside in (
        (BlendMode.BEHIND, [80, 200, 120, 255], [60, 30, 200, 255]),
        (BlendMode.ERASE, [0] * 4, [0] * 4),
    ):
        under = fresh()
        under[0].put_image(under[1], 0, 0, solid(50, 100, (120, 200, 80, 255)))
        found = stamped(replace(HARD, mode=mode), [Dab(50.0, 50.5)], RED, under)
        assert found[350, 340].tolist() == inside
        assert found[350, 360].tolist() == outside


@pytest.mark.parametrize(
    "mode", [BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.SCREEN, BlendMode.BEHIND, BlendMode.ERASE]
)
def test_alpha_lock_keeps_every_alpha_in_every_mode(mode: BlendMode) -> None:
    document, layer = fresh()
    document.put_image(layer, 0, 0, noise(120, 120, 5))
    document.set_layer(layer, alpha_locked=True)
    before = words(layer.surface.read(WINDOW)).astype(int)
    after = stamped(replace(HARD, size=100, mode=mode), [Dab(60.0, 60.0)], RED, (document, layer))
    assert np.array_equal(before[..., 3], after[..., 3])
    changes = mode not in (BlendMode.BEHIND, BlendMode.ERASE)
    assert np.array_equal(before, after) != changes
    if mode is BlendMode.MULTIPLY:
        spot = before[360, 360] / 255
        wanted = spot[:3] * np.array(RED[::-1]) / 255
        assert np.abs(after[360, 360, :3] / 255 - wanted).max() < 0.012


def test_a_locked_stroke_is_shown_as_it_will_be() -> None:
    document, layer = fresh()
    document.put_image(layer, 0, 0, noise(120, 120, 5))
    document.set_layer(layer, alpha_locked=True)
    stroke = Stroke(layer, replace(HARD, mode=BlendMode.MULTIPLY), RED, Selection.none())
    stroke.add(60, 60)
    live = stroke.tile((0, 0))
    assert live is not None
    shown = live.copy()
    stroke.finish(document)
    committed = layer.surface.tile((0, 0))
    assert committed is not None
    assert same(shown, committed)


@pytest.mark.parametrize("hides_outside", [False, True])
@pytest.mark.parametrize("eraser", [False, True])
@pytest.mark.parametrize("color", [(0, 0, 0), (255, 255, 255), (128, 128, 128)])
def test_masks_hide_with_black_and_show_with_white(
    hides_outside: bool, eraser: bool, color: tuple[int, int, int]
) -> None:
    document, layer = fresh()
    document.add_mask(layer, Selection.none(), hides_outside)
    mask = layer.mask
    assert isinstance(mask, LayerMask)
    document.put_image(mask, 0, 0, solid(40, 100, (0, 0, 0, 255)))
    stroke = Stroke(mask, replace(HARD, eraser=eraser), color, Selection.none())
    stroke.add(40.0, 50.0)
    stroke.finish(document)
    found = words(mask.surface.read(WINDOW)).astype(int)
    shown = color[0] / 255
    shown = 1 - shown if eraser else shown
    alpha = round(255 * (shown if hides_outside else 1 - shown))
    for column in (335, 345):
        assert abs(found[350, column, 3] - alpha) <= 1
    assert not found[..., :3].any()


@pytest.mark.parametrize("kind", ["vertical", "horizontal", "both", "radial"])
@pytest.mark.parametrize("shaped", [False, True])
def test_symmetry_paints_every_copy_in_one_step(kind: str, shaped: bool) -> None:
    symmetry = Symmetry(kind, 256.0, 200.0, 4)
    settings = replace(HARD, hardness=0.6, size=30)
    if shaped:
        settings = replace(settings, tip="leaf", angle=25.0, dynamics=(Dynamic("random", "size"),), hardness=1.0)
    document, layer = fresh()
    stroke = Stroke(layer, settings, RED, Selection.none(), StrokeSetup(seed=4, symmetry=symmetry))
    for n in range(6):
        stroke.add(300 + 9 * n, 230 + 4 * n)
    assert len(stroke.reached) == len(symmetry.turns())
    stroke.finish(document)
    assert len(document.history.names) == 1
    alpha = words(layer.surface.read(Bounds(256 - 200, 0, 400, 400)))[..., 3].astype(int)
    assert alpha.any()
    mirrors = {
        "vertical": [alpha[:, ::-1]],
        "horizontal": [alpha[::-1]],
        "both": [alpha[:, ::-1], alpha[::-1]],
        "radial": [np.rot90(alpha), np.rot90(alpha, 2)],
    }[kind]
    for mirrored in mirrors:
        assert np.abs(mirrored - alpha).mean() < (0.4 if shaped else 0.1)


def test_symmetries_that_make_no_sense_are_refused() -> None:
    with pytest.raises(CanvasError, match="no symmetry"):
        Symmetry("diagonal", 0, 0)
    with pytest.raises(CanvasError, match="2 to 32"):
        Symmetry("radial", 0, 0, 1)
    assert Symmetry("radial", 10, 0, 2).places(14, 3) == [(14, 3), (6, -3)]


def test_a_pulled_string_moves_only_while_tight_and_stays_behind() -> None:
    path = StrokePath(replace(HARD, stabiliser="string", string_length=30))
    rng = np.random.default_rng(1)
    path.add(0, 0, 1.0, 0.0)
    assert all(path.add(x, y, 1.0, 0.01) == [] for x, y in rng.uniform(-20, 20, (20, 2)))
    dabs = [dab for n in range(60) for dab in path.add(n * 5.0, 10.0 * (-1) ** n, 1.0, 0.1)]
    dabs += path.finish()
    assert path.brush_at is not None
    end = math.hypot(path.brush_at[0] - 295, path.brush_at[1] + 10)
    assert end == pytest.approx(30, abs=0.01)
    assert max(dab.x for dab in dabs) < 295 - 27
    assert np.std([dab.y for dab in dabs if dab.x > 60]) < 4


def test_a_straight_line_is_straight_and_goes_on() -> None:
    for calm in (0.0, 0.8):
        path = StrokePath(replace(HARD, smoothing=calm, size=10))
        dabs = path.add(0, 0, 1.0, 0.0) + path.line_to(100, 50, 1.0, 0.0)
        assert all(abs(dab.y - dab.x / 2) < 1e-6 for dab in dabs)
        assert max(dab.x for dab in dabs) > 98
        dabs = path.add(150, 50, 1.0, 0.1) + path.finish()
        assert max(dab.x for dab in dabs) > 148
        assert min(dab.x for dab in dabs) > 99


def test_a_wet_edge_is_strongest_at_the_rim() -> None:
    settings = replace(HARD, hardness=0.5, size=200, opacity=0.8, wet_edge=1.0)
    alpha = stamped(settings, [Dab(200.0, 200.0)])[500, 400:601, 3]
    assert alpha[100] < 0.6 * alpha.max()
    assert alpha.max() == pytest.approx(0.8 * 255, abs=3)
    assert 60 < int(np.argmax(alpha[100:])) < 100
