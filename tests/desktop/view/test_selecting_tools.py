"""Every selecting tool by real mouse events on the real view, and how they combine."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.selection import Combine, Selection
from desktop.view.canvas_view import CanvasView
from desktop.view.tools.lasso import LassoTool
from desktop.view.tools.magnetic import MagneticLassoTool
from desktop.view.tools.options import ToolOption
from desktop.view.tools.selecting import COMBINE, FEATHER
from tests.desktop.view.gestures import at, carried, drag, mouse, move, press, release, tap

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
TRIANGLE = [(-60.0, -40.0), (50.0, -50.0), (10.0, 60.0)]
SELECTING = (
    "lasso", "polygon-lasso", "magnetic-lasso", "rectangle", "ellipse", "wand", "select-color", "selection-brush",
)  # fmt: skip


def click(view: CanvasView, x: float, y: float, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    press(view, x, y, keys=keys)
    release(view, x, y, keys=keys)


def choose(view: CanvasView, tool: str, name: str, value: bool | int | float | str) -> None:
    option = next(option for option in view.tools[tool].options if option.name == name)
    view.options.set_value(tool, option, value)


def paint(document: Document, x: int, y: int, rgba: np.ndarray) -> PaintLayer:
    layer = document.active
    assert isinstance(layer, PaintLayer)
    document.put_image(layer, x, y, from_rgba(rgba))
    return layer


def disk(radius: int, colour: tuple[int, int, int], side: int = 240) -> np.ndarray:
    rows, columns = np.mgrid[0:side, 0:side] - side / 2 + 0.5
    out = np.full((side, side, 4), 255, np.uint8)
    out[np.hypot(rows, columns) < radius, :3] = colour
    return out


def test_the_polygon_lasso_sets_a_corner_per_click(view: CanvasView, document: Document) -> None:
    view.set_tool("polygon-lasso")
    for x, y in TRIANGLE:
        click(view, x, y)
    move(view, 100, 100)
    click(view, 120, 20)
    tap(view, Qt.Key.Key_Backspace)
    tap(view, Qt.Key.Key_Return)
    assert document.selection == Selection.polygon(TRIANGLE)
    assert document.history.names == ("Select",)


def test_the_polygon_lasso_closes_at_its_first_corner_and_with_a_double_click(
    view: CanvasView, document: Document
) -> None:
    view.set_tool("polygon-lasso")
    for x, y in TRIANGLE:
        click(view, x, y)
    click(view, *TRIANGLE[0])
    assert document.selection == Selection.polygon(TRIANGLE)
    assert not view.gesture_running
    document.undo()
    for x, y in TRIANGLE:
        click(view, x, y)
    mouse(view, QEvent.Type.MouseButtonDblClick, at(view, *TRIANGLE[-1]))
    release(view, *TRIANGLE[-1])
    assert document.selection == Selection.polygon(TRIANGLE)


def test_dragging_with_the_polygon_lasso_draws_sides_and_shift_keeps_them_straight(
    view: CanvasView, document: Document
) -> None:
    view.set_tool("polygon-lasso")
    tool = view.tools["polygon-lasso"]
    assert isinstance(tool, LassoTool)
    drag(view, [(-50, -50), (-20, -50), (40, -50)])
    drag(view, [(0, 0), (30, 30), (40, 40)])
    assert tool.points == ((-50, -50), (40, -50), (40, 40))
    click(view, -48, 44, SHIFT)
    assert tool.points[-1] == pytest.approx((-48, 40))
    tap(view, Qt.Key.Key_Return)
    assert document.selection.contains(-40, 30)
    assert not document.selection.contains(-40, 43)


def test_the_ellipse_and_its_circle(view: CanvasView, document: Document) -> None:
    view.set_tool("ellipse")
    drag(view, [(-50, -30), (50, 30)])
    assert document.selection == Selection.ellipse(Bounds(-50, -30, 100, 60))
    choose(view, "ellipse", "antialias", False)
    drag(view, [(60, 60), (100, 80)], CONTROL)
    assert document.selection == Selection.ellipse(Bounds(60, 60, 40, 40), antialias=False)
    assert set(np.unique(document.selection.mask)) <= {0, 255}


@pytest.mark.parametrize("zoom", [0.5, 1.0, 2.0])
def test_the_magnetic_lasso_keeps_to_the_edge(view: CanvasView, document: Document, zoom: float) -> None:
    view.zoom_to(zoom)
    paint(document, -120, -120, disk(80, (40, 90, 200)))
    view.set_tool("magnetic-lasso")
    tool = view.tools["magnetic-lasso"]
    assert isinstance(tool, MagneticLassoTool)
    # The hand is up to 6 px beside the edge all the way round.
    places = [
        ((80 + 6 * math.sin(n * 1.7)) * math.cos(n / 60 * 2 * math.pi),
         (80 + 6 * math.sin(n * 1.7)) * math.sin(n / 60 * 2 * math.pi))
        for n in range(60)
    ]  # fmt: skip
    click(view, *places[0])
    for place in places[1:]:
        move(view, *place)
    assert len(tool.anchors) > 2  # it set some by itself
    click(view, *places[-1])
    settled = np.hypot(*np.array(tool.points).T)
    assert abs(settled - 80).max() < 1.6 * max(1, 1 / zoom)
    tap(view, Qt.Key.Key_Return)
    both = document.selection.combined(Selection.ellipse(Bounds(-80, -80, 160, 160)), Combine.INTERSECT)
    area = math.pi * 80 * 80
    assert both.mask.sum(dtype=int) / 255 > area * 0.97
    assert document.selection.mask.sum(dtype=int) / 255 < area * 1.03
    assert len(document.history.names) == 2


def test_the_magnetic_lasso_takes_anchors_back_and_leaves_no_trace(view: CanvasView, document: Document) -> None:
    paint(document, -120, -120, disk(80, (200, 40, 40)))
    view.set_tool("magnetic-lasso")
    tool = view.tools["magnetic-lasso"]
    assert isinstance(tool, MagneticLassoTool)
    click(view, 80, 0)
    move(view, 57, 57)
    click(view, 57, 57)
    click(view, 0, 80)
    assert len(tool.anchors) == 3
    tap(view, Qt.Key.Key_Backspace)
    tap(view, Qt.Key.Key_Backspace)
    assert len(tool.anchors) == 1
    assert view.gesture_running
    tap(view, Qt.Key.Key_Escape)
    assert not view.gesture_running
    assert document.selection.is_empty
    assert document.history.names == ("Put image",)


def test_the_wand_selects_the_area_it_hits(view: CanvasView, document: Document) -> None:
    rgba = disk(60, (40, 90, 200))
    rgba[4:24, 4:24, :3] = (40, 90, 200)
    paint(document, -120, -120, rgba)
    document.set_frame(Bounds(-150, -150, 300, 300))
    view.set_tool("wand")
    choose(view, "wand", "antialias", False)
    click(view, 10, 10)
    assert np.array_equal(document.selection.coverage(Bounds(-120, -120, 240, 240)) > 0, _blue(rgba, corner=False))
    assert not view.gesture_running
    choose(view, "wand", "contiguous", False)
    view.options.set_value("wand", COMBINE, "replace")
    document.set_selection(Selection.none())
    click(view, 10, 10)
    assert np.array_equal(document.selection.coverage(Bounds(-120, -120, 240, 240)) > 0, _blue(rgba, corner=True))
    document.set_selection(Selection.none())
    choose(view, "wand", "contiguous", True)
    click(view, 135, 0)  # empty canvas: what is empty inside frame and painting
    frame = Selection.rectangle(document.frame)
    assert document.selection == frame.combined(Selection.rectangle(Bounds(-120, -120, 240, 240)), Combine.SUBTRACT)


def test_the_wand_looks_at_one_layer_only_when_told(view: CanvasView, document: Document) -> None:
    paint(document, 0, 0, np.full((40, 40, 4), 255, np.uint8))
    upper = PaintLayer("upper")
    document.add_layer(upper)
    document.active = upper
    paint(document, 10, 10, np.full((10, 10, 4), 255, np.uint8))
    view.set_tool("wand")
    choose(view, "wand", "antialias", False)
    click(view, 15, 15)
    assert document.selection == Selection.rectangle(Bounds(0, 0, 40, 40))
    document.set_selection(Selection.none())
    choose(view, "wand", "sample", "layer")
    click(view, 15, 15)
    assert document.selection == Selection.rectangle(Bounds(10, 10, 10, 10))
    choose(view, "wand", "grow", 3)
    document.set_selection(Selection.none())
    click(view, 15, 15)
    assert document.selection.bounds == Bounds(7, 7, 16, 16)


def test_select_by_colour_is_soft_between_like_and_unlike(view: CanvasView, document: Document) -> None:
    rgba = np.zeros((20, 256, 4), np.uint8)
    rgba[..., 3] = 255
    rgba[..., 0] = np.arange(256)
    paint(document, 0, 0, rgba)
    view.set_tool("select-color")
    choose(view, "select-color", "tolerance", 20)
    choose(view, "select-color", "softness", 30)
    click(view, 100, 10)
    row = document.selection.coverage(Bounds(0, 10, 256, 1))[0].astype(int)
    assert (row[80:121] == 255).all()
    assert (np.diff(row[120:152]) < 0).all()
    assert row[151] == 0
    assert row[:49].max() == 0


def test_the_selection_brush_paints_and_takes_away(view: CanvasView, document: Document) -> None:
    view.set_tool("selection-brush")
    layer = document.active
    assert isinstance(layer, PaintLayer)
    drag(view, [(-60, 0), (-20, 0), (20, 0), (60, 0)])
    first = document.selection
    assert first.contains(0, 0)
    assert first.contains(60, 0)
    assert not first.contains(0, 40)
    assert 0 < first.coverage(Bounds(0, -30, 1, 60)).min() + 1 < 255
    assert len(np.unique(first.mask)) > 20  # a soft edge
    drag(view, [(0, -50), (0, 0), (0, 50)], ALT)
    assert not document.selection.contains(0, 0)
    assert document.selection.contains(55, 0)
    assert document.history.names == ("Paint selection", "Paint selection")
    assert len(layer.surface) == 0
    document.undo()
    assert document.selection == first


def test_the_selection_brush_has_a_size_of_its_own(view: CanvasView) -> None:
    painting = view.brush_of("brush").size
    view.set_tool("selection-brush")
    before = view.brush.size
    view.step_brush_size(+1)
    assert view.brush_of("selection-brush").size > before
    assert view.brush_of("brush").size == painting


def test_buttons_combine_and_keys_go_before_them(view: CanvasView, document: Document) -> None:
    view.set_tool("rectangle")
    view.options.set_value("rectangle", COMBINE, "add")
    drag(view, [(0, 0), (20, 20)])
    view.set_tool("ellipse")  # the option is one for all of them
    drag(view, [(40, 40), (60, 60)])
    assert document.selection.contains(10, 10)
    assert document.selection.contains(50, 50)
    drag(view, [(0, 0), (20, 20)], ALT)
    assert not document.selection.contains(10, 10)
    view.options.set_value("ellipse", COMBINE, "intersect")
    view.set_tool("rectangle")
    drag(view, [(50, 30), (80, 80)])
    assert document.selection.bounds.x == 50


def test_feather_is_an_option_of_all_shapes(view: CanvasView, document: Document) -> None:
    view.options.set_value("rectangle", FEATHER, 10)
    view.set_tool("rectangle")
    drag(view, [(-50, -50), (50, 50)])
    assert document.selection == Selection.rectangle(Bounds(-50, -50, 100, 100)).feathered(10)


def test_dragging_inside_moves_the_outline_and_a_click_does_not(view: CanvasView, document: Document) -> None:
    start = Selection.ellipse(Bounds(-40, -30, 80, 60))
    document.set_selection(start)
    view.set_tool("lasso")
    press(view, 0, 0)
    move(view, 30, 12)
    assert view.selection_overlay.shown == start.translated(30, 12)
    assert document.selection is start
    release(view, 30, 12)
    assert document.selection == start.translated(30, 12)
    assert document.history.names[-1] == "Move selection"
    view.set_tool("rectangle")
    press(view, 30, 12)
    move(view, 90, 90)
    tap(view, Qt.Key.Key_Escape)
    release(view, 90, 90)
    assert document.selection == start.translated(30, 12)
    assert view.selection_overlay.shown is document.selection
    click(view, 30, 12)
    assert document.selection.is_empty


def test_the_cursor_says_that_a_drag_would_move(view: CanvasView, document: Document) -> None:
    document.set_selection(Selection.rectangle(Bounds(-40, -30, 80, 60)))
    view.set_tool("rectangle")
    move(view, 0, 0)
    assert view.cursor().shape() is Qt.CursorShape.SizeAllCursor
    move(view, 100, 100)
    assert view.cursor().shape() is Qt.CursorShape.CrossCursor


@pytest.mark.parametrize("tool", SELECTING)
def test_escape_in_the_middle_leaves_no_trace(view: CanvasView, document: Document, tool: str) -> None:
    paint(document, -120, -120, disk(80, (200, 40, 40)))
    kept = Selection.rectangle(Bounds(-140, -140, 30, 30))
    document.set_selection(kept)
    steps = document.history.names
    view.set_tool(tool)
    bare = view.grab().toImage()
    press(view, 60, 0)
    move(view, 40, 50)
    move(view, 0, 70)
    tap(view, Qt.Key.Key_Escape)
    release(view, 0, 70)
    assert not view.gesture_running
    assert document.selection is kept
    assert document.history.names == steps
    move(view, 60, 0)
    move(view, 0, 70)
    view.selection_overlay.rest()
    assert view.grab().toImage().size() == bare.size()
    assert view.selection_overlay.shown is kept


@pytest.mark.parametrize("tool", ["rectangle", "ellipse"])
def test_a_shape_too_large_is_refused_in_a_sentence(
    view: CanvasView, document: Document, qtbot: QtBot, tool: str
) -> None:
    view.zoom_to(1 / 64)
    view.set_tool(tool)
    with qtbot.waitSignal(view.message) as said:
        drag(view, [(-10000, -8000), (10000, 8000)])
    assert "16384" in carried(said)[0]
    assert document.selection.is_empty


def test_every_option_has_texts_and_a_default_that_fits(view: CanvasView) -> None:
    for tool in SELECTING:
        for option in view.tools[tool].options:
            assert isinstance(option, ToolOption)
            assert option.label
            assert option.tip
            if option.choices:
                assert option.default in [value for value, _ in option.choices]


def test_quick_mask_paints_the_selection_and_nothing_else(view: CanvasView, document: Document) -> None:
    start = Selection.rectangle(Bounds(-60, -60, 120, 120))
    document.set_selection(start)
    view.selection_overlay.quick_mask = True
    view.selection_overlay.quick_mask = False
    assert document.selection is start  # in and out changes no bit
    view.selection_overlay.quick_mask = True
    view.set_tool("brush")
    view.set_color(QColor("black"))
    drag(view, [(-80, 0), (0, 0), (80, 0)])
    assert not document.selection.contains(0, 0)
    assert document.selection.contains(0, 50)
    protected = document.selection
    view.set_color(QColor("white"))
    drag(view, [(0, -100), (0, 0), (0, 100)])
    assert document.selection.contains(0, 0)
    assert document.selection.contains(0, 90)
    view.set_tool("eraser")
    drag(view, [(-90, 0), (-40, 0)])
    assert document.selection.contains(-80, 0)
    layer = document.active
    assert isinstance(layer, PaintLayer)
    assert len(layer.surface) == 0
    assert document.history.names == ("Select", *("Paint selection",) * 3)
    document.undo()
    document.undo()
    assert document.selection == protected
    view.selection_overlay.quick_mask = False
    view.set_tool("brush")
    drag(view, [(0, 50), (20, 50)])
    assert len(layer.surface) > 0


def test_the_film_lies_where_nothing_is_selected(view: CanvasView, document: Document) -> None:
    document.set_frame(Bounds(5000, 5000, 64, 64))
    document.set_selection(Selection.rectangle(Bounds(-40, -30, 80, 60)))
    view.selection_overlay.quick_mask = True
    assert not view.selection_overlay.walking
    shot = view.grab().toImage()
    inside, outside = (shot.pixelColor(at(view, *place).toPoint()) for place in ((9, -7), (80, 80)))
    assert inside == QColor(247, 246, 243)
    assert outside.red() > outside.blue() + 60
    view.set_tool("brush")
    view.set_color(QColor("white"))
    press(view, 70, 70)
    move(view, 90, 90)
    move(view, 110, 110)
    live = view.grab().toImage().pixelColor(at(view, 80, 80).toPoint())
    assert live == QColor(247, 246, 243)
    tap(view, Qt.Key.Key_Escape)
    assert view.grab().toImage().pixelColor(at(view, 80, 80).toPoint()) == outside


def test_quick_mask_without_a_selection_begins_with_what_the_stroke_says(view: CanvasView, document: Document) -> None:
    view.selection_overlay.quick_mask = True
    view.set_tool("brush")
    view.set_color(QColor("white"))
    drag(view, [(0, 0), (40, 0)])
    assert document.selection.bounds.width < 120
    document.undo()
    view.set_color(QColor("black"))
    drag(view, [(0, 0), (40, 0)])
    assert not document.selection.contains(20, 0)
    assert document.selection.contains(20, 90)
    assert document.selection.bounds.contains(document.frame)


def test_the_outline_can_be_hidden(view: CanvasView, document: Document) -> None:
    document.set_frame(Bounds(5000, 5000, 64, 64))
    bare = view.grab().toImage()
    document.set_selection(Selection.rectangle(Bounds(-40, -30, 80, 60)))
    view.selection_overlay.outline = False
    assert not view.selection_overlay.walking
    assert view.grab().toImage() == bare
    view.selection_overlay.outline = True
    assert view.selection_overlay.walking


def _blue(rgba: np.ndarray, corner: bool) -> np.ndarray:
    blue = (rgba[..., :3] == (40, 90, 200)).all(axis=2)
    if not corner:
        blue[:30, :30] = False
    return blue
