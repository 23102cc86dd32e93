"""Brush settings, dynamics, tips, grains and presets."""

from dataclasses import replace

import numpy as np
import pytest

from canvas.brush import LIMITS, BrushSettings, round_dab
from canvas.brush_presets import PRESETS, BrushPreset
from canvas.document import Document
from canvas.dynamics import Dynamic, Response, factors
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.grains import GRAINS, caught, grain_window
from canvas.layers import BlendMode, PaintLayer
from canvas.selection import Selection
from canvas.stroke import Stroke, StrokeSetup
from canvas.stroke_path import Pose
from canvas.tips import TIPS, shaped_dab, shaped_side, tip_coverage
from tests.canvas.naive import same, solid

WINDOW = Bounds(-200, -200, 900, 600)


def test_settings_survive_json() -> None:
    wild = BrushSettings(
        size=77.5,
        tip="leaf",
        grain="paper",
        count=3,
        mode=BlendMode.MULTIPLY,
        stabiliser="string",
        dynamics=(Dynamic("tilt", "angle", ((0.0, 0.2), (0.5, 0.9), (1.0, 1.0))),),
    )
    for settings in (BrushSettings(), wild):
        assert BrushSettings.from_dict(settings.to_dict()) == settings
    assert BrushSettings.from_dict({"size": 9, "of a later version": 1}) == BrushSettings(size=9.0)


@pytest.mark.parametrize(
    "bad",
    [
        {"size": 0},
        {"size": "large"},
        {"size": float("nan")},
        {"count": 2.5},
        {"eraser": 1},
        {"tip": "nose"},
        {"grain": "sand"},
        {"mode": "hue"},
        {"mode": "magic"},
        {"mode": ["normal"]},
        {"stabiliser": "rope"},
        {"angle_follows": "mood"},
        {"dynamics": "all"},
        {"dynamics": [{"input": "pressure"}]},
        {"dynamics": [{"input": "mood", "target": "size"}]},
        {"dynamics": [{"input": "pressure", "target": "size", "curve": [[0, 0]]}]},
        {"dynamics": [{"input": "pressure", "target": "size", "curve": [[0.5, 0], [0.5, 1]]}]},
        {"dynamics": [{"input": "pressure", "target": "size", "curve": [[0, 0], [1, 2]]}]},
        {"dynamics": [{"input": "pressure", "target": "size", "curve": [1, 2]}]},
    ],
)
def test_what_cannot_be_a_brush_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(CanvasError):
        BrushSettings.from_dict(bad)


@pytest.mark.parametrize("name", LIMITS)
def test_limits_are_kept(name: str) -> None:
    low, high = LIMITS[name]
    for value in (low, high):
        assert getattr(replace(BrushSettings(), **{name: value}), name) == value
    with pytest.raises(CanvasError, match=name):
        replace(BrushSettings(), **{name: high + 1})


def test_pressure_can_be_switched_and_keeps_its_curve() -> None:
    curve = ((0.0, 0.5), (1.0, 1.0))
    brush = BrushSettings(dynamics=(Dynamic("pressure", "size", curve), Dynamic("tilt", "flow")))
    assert brush.with_pressure(size=True) == brush
    both = brush.with_pressure(opacity=True)
    assert (both.pressure_size, both.pressure_opacity, both.pressure_flow) == (True, True, False)
    assert both.dynamics[0].curve == curve
    assert both.with_pressure(size=False, opacity=False).dynamics == (Dynamic("tilt", "flow"),)


def test_curves_are_looked_up_and_level_outside() -> None:
    table = factors(((0.25, 0.2), (0.75, 0.8)))
    assert table[0] == table[60] == pytest.approx(0.2)
    assert table[128] == pytest.approx(0.5, abs=0.01)
    assert table[255] == pytest.approx(0.8)
    response = Response((Dynamic("pressure", "size"), Dynamic("tilt", "size", ((0.0, 1.0), (1.0, 0.5)))))
    assert response.factor("size", (0.5, 1.0, 0, 0, 0, 0)) == pytest.approx(0.25, abs=0.005)
    assert response.factor("flow", (0.5, 1.0, 0, 0, 0, 0)) == 1.0


@pytest.mark.parametrize("tip", TIPS)
def test_tips_are_shapes_inside_their_square(tip: str) -> None:
    shape = tip_coverage(tip)
    assert shape.shape == (256, 256)
    assert shape.min() >= 0
    assert 0.6 < shape.max() <= 1
    assert 0.01 < shape.mean() < 0.8
    assert np.array_equal(shape, TIPS[tip]())


@pytest.mark.parametrize("tip", TIPS)
@pytest.mark.parametrize("size", [1.0, 5.0, 33.3, 400.0])
def test_a_dab_of_any_tip_lies_in_its_array(tip: str, size: float) -> None:
    dab = shaped_dab(tip, size, 1.0, (1.0, 0.0), (0.0, 0.0))
    assert dab.shape == (shaped_side(size),) * 2
    assert max(dab[0].max(), dab[-1].max(), dab[:, 0].max(), dab[:, -1].max()) < 0.02
    assert dab.sum() == pytest.approx(tip_coverage(tip).mean() * size**2, rel=0.12 if size > 30 else 2.0)


def test_a_round_dab_is_the_same_both_ways() -> None:
    for size, hardness in ((9.0, 1.0), (40.0, 0.5), (120.0, 0.0)):
        plain, shaped = round_dab(size, hardness), shaped_dab("round", size, hardness, (1.0, 33.0), (0.0, 0.0))
        edge = (len(shaped) - len(plain)) // 2
        if (len(shaped) - len(plain)) % 2 == 0:
            inner = shaped[edge : edge + len(plain), edge : edge + len(plain)] if edge >= 0 else shaped
            outer = plain if edge >= 0 else plain[-edge:edge, -edge:edge]
            assert np.abs(inner - outer).max() < 0.02
        assert shaped.sum() == pytest.approx(plain.sum(), rel=0.02)


def test_flat_dabs_turn_and_mirror() -> None:
    lying = shaped_dab("round", 60, 1.0, (0.25, 0.0), (0.0, 0.0))
    standing = shaped_dab("round", 60, 1.0, (0.25, 90.0), (0.0, 0.0))
    assert np.abs(lying.T - standing).max() < 0.01
    assert (lying > 0.5).any(axis=1).sum() == pytest.approx(15, abs=1)
    leaf = shaped_dab("star", 60, 1.0, (1.0, 20.0), (0.0, 0.0))
    mirrored = shaped_dab("star", 60, 1.0, (-1.0, -20.0), (0.0, 0.0))
    assert np.abs(leaf[::-1] - mirrored).max() < 0.05


@pytest.mark.parametrize("grain", GRAINS)
def test_grains_repeat_without_a_seam(grain: str) -> None:
    here, there = grain_window(grain, 0.5, 30, -7, 300), grain_window(grain, 0.5, 30 + 256, -7 - 256, 300)
    assert np.array_equal(here, there)
    assert here.min() < 0.05
    assert here.max() > 0.95
    across = np.abs(np.diff(here, axis=1)).mean(axis=0)
    assert across.max() < 3 * np.median(across)
    full = np.ones((300, 300), np.float32)
    assert np.array_equal(caught(full, here, 0.0), full)
    kept = caught(full, here, 1.0)
    assert kept[here > 0.99].min() > 0.95
    assert kept[here < 0.3].max() == 0


def wave(settings: BrushSettings, seed: int, backdrop: bool) -> tuple[PaintLayer, Document]:
    document = Document.new(Bounds(0, 0, 512, 256))
    layer = document.active
    assert isinstance(layer, PaintLayer)
    if backdrop:
        document.put_image(layer, -100, -100, solid(700, 400, (90, 140, 200, 255)))
    stroke = Stroke(layer, settings, (200, 120, 40), Selection.none(), StrokeSetup(seed=seed))
    for n in range(16):
        stroke.add(40 + 20 * n, 90 + 40 * (n % 5), 0.3 + 0.045 * n, n * 0.01, Pose(0.5, 30.0, 60.0))
    stroke.finish(document)
    return layer, document


def test_there_are_enough_presets_and_they_survive_json() -> None:
    assert len(PRESETS) >= 18
    assert len({preset.id for preset in PRESETS}) == len({preset.name for preset in PRESETS}) == len(PRESETS)
    assert len({preset.settings for preset in PRESETS}) == len(PRESETS)
    for preset in PRESETS:
        assert BrushPreset.from_dict(preset.to_dict()) == preset
    with pytest.raises(CanvasError, match="needs an id"):
        BrushPreset.from_dict({"id": "x"})


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_every_preset_paints_and_is_repeatable(preset: BrushPreset) -> None:
    backdrop = preset.settings.erases or preset.settings.mode is not BlendMode.NORMAL
    layer, document = wave(preset.settings, 7, backdrop)
    again, _ = wave(preset.settings, 7, backdrop)
    painted = layer.surface.read(WINDOW)
    assert same(painted, again.surface.read(WINDOW))
    document.undo()
    assert not same(painted, layer.surface.read(WINDOW))
