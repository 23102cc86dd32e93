"""The transform and the move tool with real events on the real view."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from canvas.document import Document
from canvas.geometry import Bounds, Point
from canvas.layers import GroupLayer, PaintLayer
from canvas.pixels import view as bytes_of
from canvas.resample import Pixels
from canvas.selection import Selection
from desktop.view.canvas_view import CanvasView
from desktop.view.tools.base import ALT, CONTROL, SHIFT
from desktop.view.tools.transform_box import Box, Numbers
from desktop.view.tools.transforming import MODE, TransformTool
from tests.desktop.view.gestures import drag, move, press, release, tap

RED = QColor(200, 40, 30)
WIDE = Bounds(-300, -300, 900, 900)


@pytest.fixture
def square(document: Document) -> PaintLayer:
    layer = document.active
    assert isinstance(layer, PaintLayer)
    picture = QImage(100, 80, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(RED)
    document.put_image(layer, 20, 40, picture)
    document.history.clear()
    return layer


@pytest.fixture
def tool(view: CanvasView, square: PaintLayer) -> TransformTool:
    del square
    view.fit(Bounds(-60, -60, 360, 300))
    view.zoom_to(1.0)
    view.set_tool("transform")
    found = view.tools["transform"]
    assert isinstance(found, TransformTool)
    assert found.begin()
    return found


def seen(layer: PaintLayer, area: Bounds = WIDE) -> Pixels:
    image = layer.surface.read(area.translated(-layer.offset.x, -layer.offset.y))
    return bytes_of(image).copy()


def solid(layer: PaintLayer) -> Bounds:
    """Around everything that is more than half opaque: interpolated edges are soft."""
    rows, columns = np.nonzero(seen(layer)[..., 3] > 127)
    x, y = int(columns.min()), int(rows.min())
    return Bounds(WIDE.x + x, WIDE.y + y, int(columns.max()) - x + 1, int(rows.max()) - y + 1)


def shown(view: CanvasView, x: float, y: float) -> QColor:
    at = view.camera.to_view(x, y)
    return view.grab().toImage().pixelColor(int(at[0]), int(at[1]))


def test_a_corner_scales_and_nothing_is_written_before_enter(
    view: CanvasView, document: Document, square: PaintLayer, tool: TransformTool
) -> None:
    before = seen(square)
    drag(view, [(120, 120), (150, 130), (220, 200)])
    assert np.array_equal(seen(square), before)
    assert not document.history.can_undo
    assert shown(view, 200, 190) == RED
    numbers = tool.box.numbers() if tool.box is not None else None
    assert numbers is not None
    assert (numbers.width, numbers.height) == (200, 200)
    tap(view, Qt.Key.Key_Return)
    assert not tool.busy
    assert solid(square) == Bounds(20, 40, 200, 160)
    assert document.history.names == ("Transform",)
    assert shown(view, 200, 190) == RED
    document.undo()
    assert np.array_equal(seen(square), before)


def test_shift_keeps_proportions_and_alt_scales_about_the_middle(
    view: CanvasView, square: PaintLayer, tool: TransformTool
) -> None:
    drag(view, [(120, 120), (170, 120)], keys=SHIFT)
    assert tool.box is not None
    numbers = tool.box.numbers()
    assert numbers is not None
    assert numbers.width == pytest.approx(numbers.height, abs=1e-6)
    assert numbers.width > 120
    tool.reset()
    drag(view, [(120, 80), (140, 80)], keys=ALT)
    numbers = tool.box.numbers()
    assert numbers is not None
    assert (numbers.x, numbers.y) == (70, 80)
    assert (numbers.width, numbers.height) == (pytest.approx(140), 100)
    tap(view, Qt.Key.Key_Return)
    assert solid(square) == Bounds(0, 40, 140, 80)


def test_inside_moves_outside_turns(view: CanvasView, square: PaintLayer, tool: TransformTool) -> None:
    drag(view, [(50, 60), (60, 90), (83, 71)])
    assert tool.box is not None
    assert tool.box.corners[0] == (53, 51)
    middle = tool.box.pivot_now
    drag(view, [(middle[0] + 100, middle[1]), (middle[0], middle[1] + 110)], keys=SHIFT)
    numbers = tool.box.numbers()
    assert numbers is not None
    assert numbers.angle == pytest.approx(90)
    assert tool.box.pivot_now == pytest.approx(middle)
    tap(view, Qt.Key.Key_Return)
    bounds = square.content_bounds()
    assert abs(bounds.width - 80) <= 1
    assert abs(bounds.height - 100) <= 1


def test_control_pulls_a_corner_and_shears_a_side(view: CanvasView, square: PaintLayer, tool: TransformTool) -> None:
    drag(view, [(120, 120), (160, 150)], keys=CONTROL)
    assert tool.box is not None
    assert tool.box.corners[2] == pytest.approx((160, 150))
    assert tool.box.corners[0] == pytest.approx((20, 40))
    assert tool.box.numbers() is None
    tool.reset()
    drag(view, [(70, 120), (110, 120)], keys=CONTROL)
    assert tool.box.corners[2] == pytest.approx((160, 120))
    assert tool.box.corners[1] == pytest.approx((120, 40))
    numbers = tool.box.numbers()
    assert numbers is not None
    assert numbers.shear == pytest.approx(math.degrees(math.atan(0.5)))
    tap(view, Qt.Key.Key_Return)
    assert square.content_bounds().width > 130


def test_perspective_mirrors_the_neighbour(view: CanvasView, tool: TransformTool) -> None:
    view.options.set_value("transform", MODE, "perspective")
    drag(view, [(20, 40), (45, 42)])
    assert tool.box is not None
    corners = tool.box.corners
    assert corners[0] == pytest.approx((45, 40))
    assert corners[1] == pytest.approx((95, 40))
    assert corners[2] == pytest.approx((120, 120))
    view.options.set_value("transform", MODE, "distort")
    drag(view, [(120, 120), (20, 20)])  # across the others: there is no such view, the last good shape stays
    assert tool.box is not None
    drag(view, [(20, 120), (10, 150)])
    assert tool.box.corners[3] == pytest.approx((10, 150))


def test_escape_leaves_no_trace(view: CanvasView, document: Document, square: PaintLayer, tool: TransformTool) -> None:
    before, picture = seen(square), view.grab().toImage()
    del picture
    drag(view, [(120, 120), (220, 200)])
    press(view, 30, 50)
    move(view, 90, 90)
    tap(view, Qt.Key.Key_Escape)
    release(view, 90, 90)
    assert not tool.busy
    assert np.array_equal(seen(square), before)
    assert not document.history.can_undo
    assert not document.history.can_redo
    assert shown(view, 60, 60) == RED
    assert shown(view, 180, 180) != RED
    assert view.compositor.live is None


def test_steps_inside_the_box_go_back_one_by_one(view: CanvasView, tool: TransformTool) -> None:
    drag(view, [(50, 60), (70, 60)])
    drag(view, [(60, 60), (60, 90)])
    assert tool.box is not None
    assert tool.box.corners[0] == (40, 70)
    tap(view, Qt.Key.Key_Backspace)
    assert tool.box.corners[0] == (40, 40)
    assert tool.step_back()
    assert tool.box.corners[0] == (20, 40)
    assert not tool.step_back()


def test_another_tool_keeps_what_is_seen(
    view: CanvasView, document: Document, square: PaintLayer, tool: TransformTool
) -> None:
    drag(view, [(50, 60), (90, 60)])
    view.set_tool("brush")
    assert not tool.busy
    assert square.content_bounds() == Bounds(60, 40, 100, 80)
    assert len(document.history.names) == 1


def test_what_changes_underneath_ends_the_box(
    view: CanvasView, document: Document, square: PaintLayer, tool: TransformTool
) -> None:
    drag(view, [(50, 60), (90, 60)])
    document.clear(square, Selection.rectangle(Bounds(0, 0, 60, 60)))
    assert not tool.busy
    assert not view.gesture_running
    assert view.compositor.live is None


def test_selected_pixels_float_and_the_rest_stays(view: CanvasView, document: Document, square: PaintLayer) -> None:
    before = seen(square)
    chosen = Selection.rectangle(Bounds(20, 40, 30, 30))
    document.set_selection(chosen)
    view.set_tool("transform")
    drag(view, [(30, 50), (30 + 130, 50 + 10)])
    assert shown(view, 157, 57) == RED
    assert shown(view, 30, 50) != RED
    tap(view, Qt.Key.Key_Return)
    after = seen(square)
    assert document.selection == chosen.translated(130, 10)
    moved = document.selection.coverage(WIDE) > 0
    untouched = (chosen.coverage(WIDE) == 0) & ~moved
    assert np.array_equal(after[untouched], before[untouched])
    assert (after[moved, 3] == 255).all()
    assert not after[chosen.coverage(WIDE) > 0].any()


def test_a_group_with_a_mask_is_shown_and_transformed_as_one(
    view: CanvasView, document: Document, square: PaintLayer
) -> None:
    group = GroupLayer("Group")
    document.add_layer(group)
    document.move_layer(square, group, 0)
    mask = document.add_mask(group, Selection.rectangle(Bounds(20, 40, 50, 80)))
    document.active = group
    view.set_tool("transform")
    drag(view, [(60, 90), (160, 90)])
    assert shown(view, 150, 80) == RED
    assert shown(view, 190, 80) != RED
    assert shown(view, 40, 80) != RED
    tap(view, Qt.Key.Key_Return)
    assert mask.content_bounds() == Bounds(120, 40, 50, 80)
    assert square.content_bounds() == Bounds(120, 40, 100, 80)


def test_handles_lie_right_in_a_turned_and_mirrored_view(
    view: CanvasView, square: PaintLayer, tool: TransformTool
) -> None:
    view.rotate_to(30)
    view.mirror()
    drag(view, [(120, 80), (180, 80)])
    tap(view, Qt.Key.Key_Return)
    del tool
    assert solid(square) == Bounds(20, 40, 160, 80)


def test_while_much_is_in_sight_it_is_coarse_until_the_pointer_rests(
    view: CanvasView, document: Document, square: PaintLayer, qtbot: QtBot
) -> None:
    random = np.random.default_rng(3)
    block = random.integers(0, 256, (2048, 2304, 4), np.uint8)
    block[..., 3] = 255
    picture = QImage(block.data, 2304, 2048, 2304 * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()
    document.put_image(square, 0, 0, picture)
    view.fit(square.content_bounds())
    view.set_tool("transform")
    tool = view.tools["transform"]
    assert isinstance(tool, TransformTool)
    drag(view, [(1100, 1000), (1133, 1010)])
    tool.set_box(tool.box.turned(10) if tool.box is not None else Box.around(WIDE))
    coarse = view.grab().toImage()
    qtbot.waitUntil(lambda: view.grab().toImage() != coarse, timeout=5000)
    tap(view, Qt.Key.Key_Escape)


def test_numbers_and_matrix_say_the_same() -> None:
    box = Box.around(Bounds(10, 20, 200, 100))
    for numbers in (
        Numbers(110, 70, 150, 80, 33, 10),
        Numbers(0, -5, -120, 60, -80, -20),
        Numbers(50, 50, 100, 100, 180, 0),
    ):
        back = box.with_numbers(numbers).numbers()
        assert back is not None
        for name in ("x", "y", "width", "height", "angle", "shear"):
            assert getattr(back, name) == pytest.approx(getattr(numbers, name), abs=1e-6)


# -- the move tool


def test_a_move_that_is_broken_off_leaves_no_redo(view: CanvasView, document: Document, square: PaintLayer) -> None:
    view.set_tool("move")
    drag(view, [(30, 50), (40, 60)])
    document.undo()
    press(view, 30, 50)
    move(view, 90, 90)
    assert square.offset == Point(60, 40)
    tap(view, Qt.Key.Key_Escape)
    release(view, 90, 90)
    assert square.offset == Point(0, 0)
    assert document.history.names == ()
    assert document.history.redo_name  # what could be done again still can
    document.redo()
    assert square.offset == Point(10, 10)


def test_several_layers_move_with_their_masks(view: CanvasView, document: Document, square: PaintLayer) -> None:
    mask = document.add_mask(square, Selection.rectangle(Bounds(20, 40, 30, 30)))
    other = PaintLayer("Other")
    document.add_layer(other)
    document.active = other
    document.choose([square, other])
    view.set_tool("move")
    drag(view, [(30, 50), (70, 52)], keys=SHIFT)
    assert square.offset == mask.offset == other.offset == Point(40, 0)
    document.undo()
    assert square.offset == mask.offset == other.offset == Point(0, 0)


def test_alt_moves_a_copy(view: CanvasView, document: Document, square: PaintLayer) -> None:
    view.set_tool("move")
    press(view, 30, 50, keys=ALT)
    move(view, 130, 50, keys=ALT)
    assert len(list(document.tree.walk())) == 2
    tap(view, Qt.Key.Key_Escape)
    assert list(document.tree.walk()) == [square]
    release(view, 130, 50)
    drag(view, [(30, 50), (130, 70)], keys=ALT)
    copy = document.active
    assert copy is not square
    assert copy is not None
    assert copy.content_bounds() == Bounds(120, 60, 100, 80)
    assert square.content_bounds() == Bounds(20, 40, 100, 80)
    assert len(document.history.names) == 1
    document.undo()
    assert list(document.tree.walk()) == [square]


def test_control_takes_the_layer_under_the_pointer(view: CanvasView, document: Document, square: PaintLayer) -> None:
    other = PaintLayer("Other")
    document.add_layer(other)
    document.active = other
    view.set_tool("move")
    drag(view, [(30, 50), (35, 50)], keys=CONTROL)
    assert document.active is square
    assert square.offset == Point(5, 0)


def test_selected_pixels_are_moved_in_one_step(view: CanvasView, document: Document, square: PaintLayer) -> None:
    before = seen(square)
    document.set_selection(Selection.rectangle(Bounds(20, 40, 30, 30)))
    document.history.clear()
    view.set_tool("move")
    drag(view, [(30, 50), (90, 50), (180, 60)])
    assert document.selection.bounds == Bounds(170, 50, 30, 30)
    assert len(document.history.names) == 1
    after = seen(square, Bounds(170, 50, 30, 30))
    assert (after == np.array(seen(square, Bounds(60, 60, 1, 1)))).all()
    assert not seen(square, Bounds(20, 40, 30, 30)).any()
    document.undo()
    assert np.array_equal(seen(square), before)
    assert document.selection.bounds == Bounds(20, 40, 30, 30)


def test_nudged_pixels_float_until_enter(view: CanvasView, document: Document, square: PaintLayer) -> None:
    tool = view.tools["move"]
    view.set_tool("move")
    for _ in range(3):
        tool.nudge(1, 0)  # type: ignore[attr-defined]
    assert square.offset == Point(3, 0)
    assert len(document.history.names) == 1
    document.undo()
    before = seen(square)
    document.set_selection(Selection.rectangle(Bounds(20, 40, 30, 30)))
    document.history.clear()
    for _ in range(3):
        tool.nudge(0, -10)  # type: ignore[attr-defined]
    assert np.array_equal(seen(square), before)
    assert shown(view, 30, 15) == RED
    tap(view, Qt.Key.Key_Return)
    assert document.selection.bounds == Bounds(20, 10, 30, 30)
    assert len(document.history.names) == 1
    assert not view.gesture_running


def test_what_cannot_be_moved_is_said(view: CanvasView, document: Document, square: PaintLayer, qtbot: QtBot) -> None:
    document.set_layer(square, locked=True)
    for name in ("move", "transform"):
        view.set_tool(name)
        with qtbot.waitSignal(view.message) as said:
            drag(view, [(30, 50), (60, 60)])
        assert "locked" in said.args[0]  # type: ignore[index]
        assert not view.tools[name].busy
    assert square.offset == Point(0, 0)
