"""Masks, clipping, adjustments and modes that mix channels: the same as a plain float model, cached or not."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from canvas.adjustments import (
    Adjustment,
    BrightnessContrast,
    Curves,
    HueSaturation,
    Levels,
    curve_table,
    from_dict,
    to_dict,
)
from canvas.compositor import Compositor
from canvas.copying import copied
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds, Point
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, LayerMask, PaintLayer
from canvas.merging import apply_mask, merge_layers
from canvas.selection import Selection
from canvas.tile import is_blank
from tests.canvas.naive import noise, same, solid, words

AREA = Bounds(-40, -30, 330, 310)
Floats = NDArray[np.float64]


def planes(image: QImage) -> Floats:
    """(h, w, 4) premultiplied BGRA, 0..1."""
    return words(image).astype(np.float64) / 255


def own(layer: PaintLayer) -> Floats:
    return planes(layer.surface.read(AREA.translated(-layer.offset.x, -layer.offset.y)))


def shape(mask: LayerMask | None) -> Floats | float:
    if mask is None or not mask.enabled:
        return 1.0
    alpha = own(mask)[..., 3:]
    return alpha if mask.hides_outside else 1 - alpha


def set_lum(colour: Floats, lum: Floats) -> Floats:
    weights = np.array([0.11, 0.59, 0.3])
    colour = colour + (lum - (colour * weights).sum(-1, keepdims=True))
    low, high = colour.min(-1, keepdims=True), colour.max(-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        colour = np.where(low < 0, lum + (colour - lum) * lum / (lum - low), colour)
        return np.where(high > 1, lum + (colour - lum) * (1 - lum) / (high - lum), colour)


def blended(backdrop: Floats, ink: Floats, mode: BlendMode) -> Floats:
    """B(Cb, Cs) of straight colours."""
    weights = np.array([0.11, 0.59, 0.3])
    plain = {
        BlendMode.MULTIPLY: backdrop * ink,
        BlendMode.SCREEN: backdrop + ink - backdrop * ink,
        BlendMode.PLUS: np.minimum(backdrop + ink, 1),
    }
    if mode in plain:
        return plain[mode]
    lum_b, lum_s = (backdrop * weights).sum(-1, keepdims=True), (ink * weights).sum(-1, keepdims=True)
    if mode is BlendMode.COLOR:
        return set_lum(ink, lum_b)
    if mode is BlendMode.LUMINOSITY:
        return set_lum(backdrop, lum_s)
    if mode in (BlendMode.HUE, BlendMode.SATURATION):
        hue, strength = (ink, backdrop) if mode is BlendMode.HUE else (backdrop, ink)
        spread = np.ptp(hue, -1)[..., None]
        wanted = np.ptp(strength, -1)[..., None]
        return set_lum((hue - hue.min(-1, keepdims=True)) * wanted / np.maximum(spread, 1e-9), lum_b)
    return ink


def over(below: Floats, above: Floats, mode: BlendMode) -> Floats:
    cb = below[..., :3] / np.maximum(below[..., 3:], 1e-9)
    cs = above[..., :3] / np.maximum(above[..., 3:], 1e-9)
    ab, as_ = below[..., 3:], above[..., 3:]
    colour = (1 - as_) * below[..., :3] + (1 - ab) * above[..., :3] + ab * as_ * blended(cb, cs, mode)
    return np.concatenate([colour, as_ + ab - as_ * ab], -1)


def adjusted(below: Floats, adjustment: Adjustment) -> Floats:
    straight = below.copy()
    straight[..., :3] /= np.maximum(below[..., 3:], 1e-9)
    out = adjustment.apply(np.round(straight * 255).clip(0, 255).astype(np.uint8)).astype(np.float64) / 255
    out[..., :3] *= below[..., 3:]
    out[..., 3] = below[..., 3]
    return out


def drawn(layers: list[Layer], below: Floats, ignore_clip: bool = False) -> Floats:
    index = 0
    while index < len(layers):
        layer, index = layers[index], index + 1
        clipped: list[Layer] = []
        if not ignore_clip and not isinstance(layer, AdjustmentLayer):
            while index < len(layers) and layers[index].clipped:
                clipped.append(layers[index])
                index += 1
        if not layer.visible or layer.opacity == 0:
            continue
        if isinstance(layer, AdjustmentLayer):
            weight = shape(layer.mask) * layer.opacity
            below = below + (adjusted(below, layer.adjustment) - below) * weight
            continue
        if isinstance(layer, GroupLayer):
            alone = layer.isolated or any(one.visible for one in clipped)
            if not alone:
                below = drawn(layer.children, below)
                continue
            content = drawn(layer.children, np.zeros_like(below))
        else:
            assert isinstance(layer, PaintLayer)
            content = own(layer)
        content = content * shape(layer.mask)
        if clipped:
            alpha = content[..., 3:]
            opaque = np.concatenate([content[..., :3] / np.maximum(alpha, 1e-9), np.ones_like(alpha)], -1)
            content = drawn(clipped, opaque, ignore_clip=True) * alpha
        below = over(below, content * layer.opacity, layer.blend_mode)
    return below


def picture(compositor: Compositor) -> Floats:
    return planes(compositor.flatten(AREA))


def worst(document: Document, compositor: Compositor) -> tuple[float, float]:
    """The largest and the mean difference, of 255."""
    difference = np.abs(picture(compositor) - drawn(document.tree.root.children, np.zeros((310, 330, 4)))) * 255
    return float(difference.max()), float(difference.mean())


def soft(width: int, height: int, seed: int) -> QImage:
    """Smooth blobs with soft alpha: rounding of straight colours at tiny alphas would tell us nothing."""
    import cv2

    from canvas.pixels import from_rgba

    rgba = np.random.default_rng(seed).integers(0, 256, (7, 7, 4), np.uint8)
    rgba[..., 3] = rgba[..., 3] // 2 + 128
    rgba[0, :, 3] = 0
    return from_rgba(cv2.resize(rgba, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8))


def fresh() -> tuple[Document, PaintLayer, Compositor]:
    document = Document.new(Bounds(0, 0, 256, 256))
    assert isinstance(document.active, PaintLayer)
    document.put_image(document.active, -20, -20, soft(270, 280, 1))
    return document, document.active, Compositor(document, QColor("white"))


def added(document: Document, seed: int, parent: GroupLayer | None = None, **look: Any) -> PaintLayer:
    layer = PaintLayer(f"layer {seed}")
    document.add_layer(layer, parent)
    document.put_image(layer, 10 * seed, -25, soft(200, 300, seed))
    if look:
        document.set_layer(layer, **look)
    return layer


@pytest.mark.parametrize("mode", [m for m in BlendMode if m.is_ours] + [BlendMode.MULTIPLY, BlendMode.SCREEN])
def test_modes_follow_the_published_formulas(mode: BlendMode) -> None:
    document, _, compositor = fresh()
    added(document, 2, blend_mode=mode, opacity=0.7)
    most, mean = worst(document, compositor)
    assert most <= 4
    assert mean < 0.7


@pytest.mark.parametrize("hides_outside", [False, True])
def test_a_mask_hides_or_shows_what_is_painted_on_it(hides_outside: bool) -> None:
    document, _, compositor = fresh()
    layer = added(document, 2)
    mask = document.add_mask(layer, hides_outside=hides_outside)
    assert np.array_equal(
        picture(compositor)[..., 3] > 0, drawn(document.tree.root.children, np.zeros((310, 330, 4)))[..., 3] > 0
    )
    document.put_image(mask, 40, 40, soft(90, 120, 5))
    document.set_layer(mask, offset=Point(-15, 8))
    assert worst(document, compositor)[0] <= 3
    document.set_layer(mask, enabled=False)
    assert worst(document, compositor)[0] <= 3
    document.remove_mask(layer)
    assert layer.mask is None
    document.undo()
    assert layer.mask is mask
    while document.undo():
        pass
    assert picture(compositor).max() == 0


def test_a_mask_from_a_selection_shows_just_that() -> None:
    document, layer, compositor = fresh()
    document.clear(layer, Selection.none())
    document.put_image(layer, 0, 0, solid(256, 256, (10, 20, 30, 255)))
    document.add_mask(layer, Selection.ellipse(Bounds(20, 30, 100, 90)))
    alpha = words(compositor.flatten(Bounds(0, 0, 256, 256)))[..., 3]
    assert np.array_equal(alpha, Selection.ellipse(Bounds(20, 30, 100, 90)).coverage(Bounds(0, 0, 256, 256)))
    with pytest.raises(CanvasError, match="already has a mask"):
        document.add_mask(layer)


def test_clipped_layers_stay_inside_their_base_at_its_opacity_and_mode() -> None:
    document, _, compositor = fresh()
    base = added(document, 3, opacity=0.8, blend_mode=BlendMode.MULTIPLY)
    above = added(document, 4, clipped=True, blend_mode=BlendMode.SCREEN)
    added(document, 5, clipped=True, opacity=0.5)
    most, mean = worst(document, compositor)
    assert (most <= 4, mean < 0.8) == (True, True)
    document.set_layer(base, visible=False)
    assert worst(document, compositor)[0] <= 1
    document.set_layer(base, visible=True)
    document.set_layer(above, clipped=False)
    assert worst(document, compositor)[0] <= 4


@pytest.mark.parametrize(
    "adjustment",
    [
        Levels(black=0.2, white=0.9, gamma=1.4, out_black=0.1),
        Curves(all=((0, 0), (0.3, 0.5), (1, 1)), blue=((0, 0.2), (1, 0.8))),
        HueSaturation(hue=70, saturation=-0.4, lightness=0.2),
        HueSaturation(hue=200, saturation=0.3, colorize=True),
        BrightnessContrast(0.1, 0.4),
    ],
)
def test_adjustments_change_what_is_below_in_their_group_only(adjustment: Adjustment) -> None:
    document, _, compositor = fresh()
    group = GroupLayer("group")
    document.add_layer(group)
    added(document, 2, group)
    added(document, 6)
    change = AdjustmentLayer("change", adjustment)
    document.add_layer(change, group, 1)
    assert worst(document, compositor)[0] <= 8
    document.set_layer(group, opacity=0.6)
    mask = document.add_mask(change)
    document.put_image(mask, 0, 0, soft(100, 250, 9))
    document.set_layer(change, opacity=0.5)
    assert worst(document, compositor)[0] <= 8
    assert from_dict(to_dict(adjustment)) == adjustment


def test_plain_adjustments_change_nothing_and_unknown_ones_are_refused() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 4), np.uint8)
    for plain in (Levels(), Curves(), HueSaturation(), BrightnessContrast()):
        assert np.abs(plain.apply(pixels).astype(int) - pixels).max() <= 1
    with pytest.raises(CanvasError, match="not known"):
        from_dict({"kind": "sepia"})
    with pytest.raises(CanvasError, match="cannot be read"):
        from_dict({"kind": "levels", "blue": 3})


def test_curves_never_overshoot() -> None:
    steep = curve_table(((0.0, 0.0), (0.4, 0.05), (0.5, 0.95), (1.0, 1.0)))
    assert (np.diff(steep) >= -1e-9).all()
    assert (steep.min(), steep.max()) == (0, 1)


def test_merging_looks_the_same_and_is_one_step() -> None:
    document, lowest, compositor = fresh()
    base = added(document, 3, blend_mode=BlendMode.OVERLAY)
    document.add_mask(base, Selection.ellipse(Bounds(0, 0, 200, 200)))
    added(document, 4, clipped=True, blend_mode=BlendMode.COLOR)
    before = compositor.flatten(AREA)
    steps = len(document.history.names)
    merged = merge_layers(document, list(document.tree.root.children), "all")
    assert document.tree.root.children == [merged]
    assert document.active is merged
    assert same(compositor.flatten(AREA), before, tolerance=1)
    assert len(document.history.names) == steps + 1
    document.undo()
    assert same(compositor.flatten(AREA), before)
    assert lowest in document.tree


def test_applying_a_mask_looks_the_same() -> None:
    document, layer, compositor = fresh()
    document.set_layer(layer, offset=Point(33, -7))
    mask = document.add_mask(layer)
    document.put_image(mask, 40, 40, soft(90, 120, 5))
    before = compositor.flatten(AREA)
    apply_mask(document, layer)
    assert layer.mask is None
    assert same(compositor.flatten(AREA), before, tolerance=1)
    document.undo()
    assert layer.mask is mask


def test_copies_and_moves_take_masks_along() -> None:
    document, layer, compositor = fresh()
    mask = document.add_mask(layer, Selection.ellipse(Bounds(20, 20, 150, 150)))
    twin = copied(layer)
    assert twin.mask is not None
    assert twin.mask.owner is twin
    assert twin.mask.id != mask.id
    before = compositor.flatten(Bounds(0, 0, 200, 200))
    document.shift_layers([layer], 300, -40)
    assert same(compositor.flatten(Bounds(300, -40, 200, 200)), before)
    document.shift_layers([layer], 5, 0, merge=True)
    document.shift_layers([layer], 5, 0, merge=True)
    document.undo()
    assert layer.offset == Point(300, -40) == mask.offset


WHAT = ("mask", "unmask", "clip", "show", "mode", "move", "remove", "add", "paint", "adjust", "shift")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 9), st.integers(0, 5)), min_size=1, max_size=12))
def test_the_cache_never_shows_anything_stale(steps: list[tuple[str, int, int]]) -> None:
    document = Document.new(Bounds(0, 0, 256, 256))
    compositor = Compositor(document, QColor("white"))
    group = GroupLayer("group")
    document.add_layer(group)
    for place, parent in enumerate((None, group, group, None)):
        layer = PaintLayer(f"{place}")
        document.add_layer(layer, parent)
        document.put_image(layer, place * 90 - 100, place * 60 - 50, solid(200, 150, (60 * place, 200, 99, 200)))
        document.set_layer(layer, clipped=place > 1)
    assert_fresh(document, compositor)
    for what, which, value in steps:
        changed(document, what, which, value)
        assert_fresh(document, compositor)


def test_what_is_clipped_follows_its_base_in_the_cache() -> None:
    document = Document.new(Bounds(0, 0, 256, 256))
    compositor = Compositor(document, QColor("white"))
    layers = [added(document, seed) for seed in (1, 2, 3)]
    document.put_image(layers[2], 250, 200, solid(90, 90, (1, 2, 3, 255)))
    document.set_layer(layers[2], clipped=True)
    assert_fresh(document, compositor)
    document.set_layer(layers[1], visible=False)
    assert_fresh(document, compositor)
    document.remove_layer(layers[1])
    assert_fresh(document, compositor)
    document.add_layer(PaintLayer("empty"), index=2)
    assert_fresh(document, compositor)
    document.move_layer(layers[2], None, 0)
    assert_fresh(document, compositor)


def assert_fresh(document: Document, compositor: Compositor) -> None:
    """The kept tiles are those that a compositor without any would make."""
    clean = Compositor(document, QColor("white"))
    for x, y, level in [(x, y, level) for level in (0, 1) for x in (-1, 0, 1) for y in (-1, 0, 1)]:
        kept, wanted = compositor.tile((x, y), level), clean.tile((x, y), level)
        if kept is None or wanted is None:
            assert kept is wanted or is_white(kept or wanted), (x, y, level)
        else:
            # One step of rounding: a part where plain layers lie on paper is drawn without a buffer between.
            assert np.abs(words(kept).astype(int) - words(wanted)).max() <= 1, (x, y, level)
    clean.close()


def is_white(tile: QImage | None) -> bool:
    return tile is not None and not is_blank(tile) and bool((words(tile)[..., :3] == 255).all())


def changed(document: Document, what: str, which: int, value: int) -> None:
    layers = list(document.tree.walk())
    layer, root = layers[which % len(layers)], document.tree.root.children
    target = layer.mask if layer.mask is not None else layer
    place = min(value, len(root))
    if what in ("add", "adjust"):
        document.add_layer(AdjustmentLayer("a", Levels(gamma=1.5)) if what == "adjust" else PaintLayer(), index=place)
    elif what == "mask" and layer.mask is None:
        document.add_mask(layer, Selection.rectangle(Bounds(value * 20, 10, 120, 130)) if value % 2 else None)
    elif what == "paint" and isinstance(target, PaintLayer):
        document.put_image(target, value * 30 - 60, 20, noise(60, 60, value))
    elif what == "move" and not isinstance(layer, GroupLayer):
        document.move_layer(layer, None, 0 if value % 2 else len(root) - (layer in root))
    elif what == "remove" and len(layers) > 2:
        document.remove_layer(layer)
    else:
        look: dict[str, dict[str, Any]] = {
            "clip": {"clipped": not layer.clipped},
            "show": {"visible": not layer.visible},
            "mode": {"blend_mode": list(BlendMode)[value * 3], "opacity": 0.5 + value / 10},
        }
        if what in look:
            document.set_layer(layer, **look[what])
        elif what == "shift":
            document.shift_layers([layer], value * 13 - 20, 40)
        elif what == "unmask":
            document.remove_mask(layer)
    if which % 4 == 0:
        document.undo()


def test_merging_an_adjustment_alone_leaves_nothing_and_does_not_fail() -> None:
    document, layer, _ = fresh()
    document.clear(layer, Selection.none())
    change = AdjustmentLayer("a", Levels(gamma=2.0))
    document.add_layer(change)
    document.set_layer(change, blend_mode=BlendMode.MULTIPLY)
    merged = merge_layers(document, [change], "merged")
    assert not len(merged.surface)
