"""Gradients: exact ends, monotone, without bands; shapes: the pixels they should cover; text: its ink and caret."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from canvas.coat import Coat
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds, tile_bounds
from canvas.gradient import Gradient, GradientSettings, GradientShape, Repeat
from canvas.layers import PaintLayer
from canvas.lettering import Align, Lettering, LetteringSettings, layer_name
from canvas.selection import Selection
from canvas.shapes import (
    Paint,
    ShapeKind,
    ShapeSettings,
    ShapeSource,
    corners_between,
    line_between,
    shape_path,
    snapped_end,
)
from canvas.tile import read_words

RED, BLUE, NO_RED = (255, 0, 0, 255), (0, 0, 255, 255), (255, 0, 0, 0)


def parts(image: QImage | None) -> NDArray[np.int32]:
    """(256, 256, 4) of alpha, red, green, blue, premultiplied."""
    assert image is not None
    words = read_words(image)
    return np.stack([(words >> shift & 255).astype(np.int32) for shift in (24, 16, 8, 0)], axis=2)


@pytest.mark.parametrize("dither", [False, True])
def test_ends_are_exact_and_between_them_it_only_falls(dither: bool) -> None:
    gradient = Gradient(GradientSettings(RED, BLUE, dither=dither), (32.5, 0), (224.5, 0))
    tile = parts(gradient(tile_bounds((0, 0))))
    assert np.all(tile[:, :33] == (255, 255, 0, 0))
    assert np.all(tile[:, 224:] == (255, 0, 0, 255))
    mean = tile[..., 1].mean(axis=0)
    assert np.all(np.diff(mean) <= 0.51)
    assert np.all(np.diff(mean[36:220:8]) < 0)
    assert np.abs(tile[128, 128] - (255, 127, 0, 127)).max() <= 1


def test_dither_brings_the_mean_nearer_to_the_truth() -> None:
    """A faint slope over 256 px: without dither it is steps of many pixels, with it the mean of a block is right."""
    ends = ((10, 10, 10, 255), (14, 14, 14, 255))
    truth = 10 + 4 * (np.arange(256) + 0.5) / 256
    errors = {}
    for dither in (False, True):
        tile = parts(Gradient(GradientSettings(*ends, dither=dither), (0, 0), (256, 0))(tile_bounds((0, 0))))
        blocks = tile[..., 1].reshape(32, 8, 32, 8).mean(axis=(0, 1, 3))
        errors[dither] = np.abs(blocks - truth.reshape(32, 8).mean(axis=1)).max()
    assert errors[True] < 0.05
    assert errors[False] > 0.3


def test_towards_transparent_the_colour_stays() -> None:
    tile = parts(Gradient(GradientSettings(RED, NO_RED), (0, 0), (256, 0))(tile_bounds((0, 0))))
    assert np.array_equal(tile[..., 0], tile[..., 1])  # premultiplied red is as strong as alpha
    assert not tile[..., 2:].any()


def test_tiles_meet_without_a_seam() -> None:
    gradient = Gradient(GradientSettings(RED, BLUE, GradientShape.RADIAL), (256, 256), (500, 300))
    left, right = parts(gradient(tile_bounds((0, 0)))), parts(gradient(tile_bounds((1, 0))))
    assert np.abs(left[:, -1] - right[:, 0]).max() <= 3
    assert np.array_equal(left[::-1, ::-1][:8, :8, 0], right[:8, :8, 0])


@pytest.mark.parametrize(
    ("shape", "point", "share"),
    [
        (GradientShape.LINEAR, (150, 20), 0.5),
        (GradientShape.REFLECTED, (50, 200), 0.5),
        (GradientShape.RADIAL, (100, 150), 0.5),
        (GradientShape.SQUARE, (130, 150), 0.5),
        (GradientShape.CONICAL, (100, 150), 0.25),
    ],
)
def test_shapes_of_gradients(shape: GradientShape, point: tuple[int, int], share: float) -> None:
    gradient = Gradient(GradientSettings(RED, BLUE, shape), (100.5, 100.5), (200.5, 100.5))
    assert gradient.positions(tile_bounds((0, 0)))[point[1], point[0]] == pytest.approx(share, abs=1e-5)


def test_repeats() -> None:
    saw = parts(Gradient(GradientSettings(RED, BLUE, repeat=Repeat.SAWTOOTH), (0, 0), (64, 0))(tile_bounds((0, 0))))
    assert np.abs(saw[0, :64] - saw[0, 64:128]).max() <= 4
    mirror = parts(Gradient(GradientSettings(RED, BLUE, repeat=Repeat.MIRROR), (0, 0), (64, 0))(tile_bounds((0, 0))))
    assert np.abs(mirror[0, :64] - mirror[0, 64:128][::-1]).max() <= 4


# Shapes


def test_what_a_drag_means() -> None:
    assert corners_between((10, 10), (50, 30), square=True, centred=False) == ((10, 10), (50, 50))
    assert corners_between((10, 10), (50, 0), square=True, centred=True) == ((-30, 50), (50, -30))
    assert line_between((0, 0), (10, 4), snapped=False, centred=True) == ((-10, -4), (10, 4))
    end = snapped_end((5, 5), (105, 30))
    assert math.degrees(math.atan2(end[1] - 5, end[0] - 5)) == pytest.approx(15)
    assert math.hypot(end[0] - 5, end[1] - 5) == pytest.approx(math.hypot(100, 25))


def drawn(settings: ShapeSettings, start: tuple[float, float], end: tuple[float, float]) -> PaintLayer:
    document = Document.new(Bounds(0, 0, 64, 64))
    layer = document.active
    assert isinstance(layer, PaintLayer)
    source = ShapeSource(settings, shape_path(settings, start, end))
    Coat(layer, source, source.bounds, Selection.none()).commit(document, "Shape")
    return layer


def test_a_filled_rectangle_on_whole_pixels_is_exact() -> None:
    layer = drawn(ShapeSettings(ShapeKind.RECTANGLE, Paint.FILL, stroke=QColor("red")), (-20, 250), (40, 262))
    assert layer.content_bounds() == Bounds(-20, 250, 60, 12)
    image = layer.surface.read(Bounds(-20, 250, 60, 12))
    assert set(np.frombuffer(image.constBits(), np.uint32).tolist()) == {0xFFFF0000}
    assert layer.surface.keys() == {(-1, 0), (-1, 1), (0, 0), (0, 1)}


def test_only_touched_tiles_are_made() -> None:
    layer = drawn(ShapeSettings(ShapeKind.RECTANGLE, Paint.STROKE, width=4), (100, 100), (1400, 1400))
    assert (2, 2) not in layer.surface
    assert len(layer.surface.keys()) == 20


@pytest.mark.parametrize(
    ("settings", "area"),
    [
        (ShapeSettings(ShapeKind.ELLIPSE, Paint.FILL), math.pi * 60 * 40),
        (ShapeSettings(ShapeKind.RECTANGLE, Paint.FILL, radius=20), 120 * 80 - (4 - math.pi) * 400),
        (ShapeSettings(ShapeKind.POLYGON, Paint.FILL, corners=6), 6 * math.sin(math.pi / 3) / 2 * 60 * 40),
        (ShapeSettings(ShapeKind.STAR, Paint.FILL, corners=5, depth=0.5), 10 * 0.5 * math.sin(math.pi / 5) / 2 * 2400),
        (ShapeSettings(ShapeKind.LINE, width=10), math.hypot(120, 80) * 10 + math.pi * 25),
    ],
)
def test_areas_are_those_of_geometry(settings: ShapeSettings, area: float) -> None:
    layer = drawn(settings, (200, 220), (320, 300))
    image = layer.surface.read(Bounds(150, 150, 250, 250))
    alpha = np.frombuffer(image.constBits(), np.uint32) >> 24
    assert alpha.sum() / 255 == pytest.approx(area, rel=0.01)


def test_hard_edges_where_asked() -> None:
    layer = drawn(ShapeSettings(ShapeKind.ELLIPSE, Paint.FILL, smooth=False), (10.3, 10.2), (90.7, 80.9))
    image = layer.surface.read(Bounds(0, 0, 128, 128))
    assert set((np.frombuffer(image.constBits(), np.uint32) >> 24).tolist()) == {0, 255}


# Text


@pytest.mark.usefixtures("qapp")  # fonts live in the application
def test_text_stands_on_its_anchor() -> None:
    for align, low, high in ((Align.LEFT, 95, 110), (Align.CENTER, -20, 60), (Align.RIGHT, -200, 0)):
        settings = LetteringSettings(size=40, align=align, color=(255, 0, 0))
        bounds, image = Lettering("HHHH", settings).draw((100, 200))
        assert image is not None
        alpha = parts_of(image)
        rows, columns = np.nonzero(alpha)
        assert abs(bounds.y + rows.max() + 1 - 200) <= 1  # capitals stand on the baseline
        assert low <= bounds.x + columns.min() <= high
    assert abs(bounds.x + columns.max() + 1 - 100) <= 5  # aligned to the right they end at the anchor


def parts_of(image: QImage) -> NDArray[np.uint8]:
    words = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    return (words >> 24).astype(np.uint8)


@pytest.mark.usefixtures("qapp")  # fonts live in the application
def test_line_spacing_and_caret() -> None:
    near, wide = (Lettering("a\nb", LetteringSettings(size=50, spacing=s)) for s in (1.0, 2.0))
    step = near.caret((0, 0), 2).top() - near.caret((0, 0), 0).top()
    assert wide.caret((0, 0), 2).bottom() - wide.caret((0, 0), 0).bottom() == pytest.approx(2 * step, rel=0.05)
    assert near.caret((0, 0), 1).left() > near.caret((0, 0), 0).left() == 0
    assert near.caret((0, 0), 99).top() == near.caret((0, 0), 3).top()


@pytest.mark.usefixtures("qapp")  # fonts live in the application
def test_empty_and_too_large_texts() -> None:
    assert Lettering(" \n ", LetteringSettings()).draw((0, 0)) == (NOTHING, None)
    with pytest.raises(CanvasError, match="too large"):
        Lettering("W" * 400, LetteringSettings(size=900)).draw((0, 0))


def test_the_name_of_a_text_layer() -> None:
    assert layer_name("\n  Hello there \nmore") == "Hello there"
    assert layer_name("x" * 40) == "x" * 31 + "…"
