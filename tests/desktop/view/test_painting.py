"""Brush, eraser, eyedropper and pen in a real view: paint lands where the pointer is, one step per gesture."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QImage
from PySide6.QtWidgets import QApplication, QFrame, QToolTip
from pytestqt.qtbot import QtBot

from canvas.document import Document
from canvas.geometry import Bounds, PointF
from canvas.layers import GroupLayer, PaintLayer
from canvas.selection import Selection
from desktop.view.canvas_view import CanvasView
from tests.desktop.view.conftest import PAPER
from tests.desktop.view.gestures import TURNED_PEN, carried, drag, hold, mouse, move, pen, press, release, tap

RED = QColor(200, 30, 40)
HARD = {"hardness": 1.0, "flow": 1.0, "opacity": 1.0, "smoothing": 0.0, "dynamics": ()}


@pytest.fixture(autouse=True)
def _hard_red_brush(view: CanvasView) -> None:
    view.set_brush(replace(view.brush, size=20, **HARD))
    view.set_color(RED)
    view.document.replace_frame(Bounds(5000, 5000, 64, 64))  # its line shall not lie over what is looked at


def layer_of(document: Document) -> PaintLayer:
    active = document.active
    assert isinstance(active, PaintLayer)
    return active


def painted(view: CanvasView, x: int, y: int) -> QColor:
    return view.compositor.flatten(Bounds(x, y, 1, 1)).pixelColor(0, 0)


@pytest.mark.parametrize("zoom", [0.37, 1.0, 3.0])
@pytest.mark.parametrize("rotation", [0.0, 90.0, -33.0])
@pytest.mark.parametrize("mirrored", [False, True])
def test_paint_lands_under_the_pointer(view: CanvasView, zoom: float, rotation: float, mirrored: bool) -> None:
    view.set_camera(replace(view.camera, center=PointF(-300, 700), zoom=zoom, rotation=rotation, mirrored=mirrored))
    drag(view, [(-310, 690), (-290, 700), (-280, 712)])
    assert painted(view, -310, 690) == RED
    assert painted(view, -281, 711) == RED
    bounds = view.document.content_bounds()
    assert Bounds(-330, 670, 70, 65).contains(bounds)
    x, y = view.camera.to_view(-289.5, 700.5)
    shown = view.grab().toImage().pixelColor(round(x), round(y))
    assert abs(shown.red() - 200) + abs(shown.green() - 30) + abs(shown.blue() - 40) < 12


def test_one_stroke_is_one_step_and_undo_takes_it_back(view: CanvasView, document: Document) -> None:
    drag(view, [(10, 10), (60, 40), (90, 20)])
    drag(view, [(10, 80), (60, 90)])
    assert document.history.names == ("Brush stroke", "Brush stroke")
    document.undo()
    document.undo()
    assert document.content_bounds().is_empty


def test_the_stroke_is_seen_before_it_is_committed(view: CanvasView, document: Document) -> None:
    press(view, 0, 0)
    move(view, 40, 0)
    move(view, 60, 0)  # the curve runs one event behind the pen
    x, y = view.camera.to_view(20.5, 0.5)
    assert view.grab().toImage().pixelColor(int(x), int(y)) == RED
    assert document.content_bounds().is_empty
    release(view, 60, 0)
    assert not document.content_bounds().is_empty


def test_escape_leaves_no_trace(view: CanvasView, document: Document) -> None:
    before = view.grab().toImage()
    press(view, 0, 0)
    move(view, 40, 30)
    tap(view, Qt.Key.Key_Escape)
    move(view, 80, 30)
    release(view, 80, 30)
    assert not view.gesture_running
    assert document.history.names == ()
    assert document.content_bounds().is_empty
    move(view, 0, 0)
    assert _same_outside_circle(before, view)


def _same_outside_circle(before: QImage, view: CanvasView) -> bool:
    x, y = view.camera.to_view(40.5, 30.5)
    return view.grab().toImage().pixelColor(int(x), int(y)) == before.pixelColor(int(x), int(y))


def test_a_small_stroke_repaints_a_small_part(view: CanvasView, qtbot: QtBot) -> None:
    view._renderer.mark_all()
    view.repaint()
    assert view._renderer.painted_pixels == 480 * 360
    press(view, 0, 0)
    move(view, 10, 0)
    view.repaint()
    assert 0 < view._renderer.painted_pixels < 60 * 60
    release(view, 10, 0)


def test_panning_paints_only_the_strips_that_appear(view: CanvasView) -> None:
    drag(view, [(-50, -50), (50, 50)])
    view.zoom_to(0.8)  # at 100 % copying all tiles takes no longer than shifting
    view.repaint()
    view.pan(10, -4)
    view.repaint()
    assert view._renderer.painted_pixels == 480 * 360 - 470 * 356
    shifted = view.grab().toImage()
    view._renderer.mark_all()
    assert view.grab().toImage() == shifted


def test_hundred_percent_shows_every_pixel_exactly(view: CanvasView, document: Document) -> None:
    picture = QImage(64, 48, QImage.Format.Format_ARGB32_Premultiplied)
    for y in range(48):
        for x in range(64):
            picture.setPixelColor(x, y, QColor(x * 4, y * 5, (x * y) % 256))
    document.put_image(layer_of(document), -300, 700, picture)
    view.set_camera(replace(view.camera, center=PointF(-270.3, 720.8), zoom=1.0))
    x, y = view.camera.to_view(-300, 700)
    assert (x, y) == (int(x), int(y))
    shown = view.grab().toImage().copy(int(x), int(y), 64, 48)
    assert shown.convertToFormat(QImage.Format.Format_RGB32) == picture.convertToFormat(QImage.Format.Format_RGB32)
    view.mirror()
    x, y = view.camera.to_view(-236, 700)
    shown = view.grab().toImage().copy(int(x), int(y), 64, 48)
    wanted = picture.flipped(Qt.Orientation.Horizontal).convertToFormat(QImage.Format.Format_RGB32)
    assert shown.convertToFormat(QImage.Format.Format_RGB32) == wanted


def test_integer_zoom_shows_square_pixels(view: CanvasView, document: Document) -> None:
    picture = QImage(3, 2, QImage.Format.Format_ARGB32_Premultiplied)
    colours = [QColor(255, 0, 0), QColor(0, 255, 0), QColor(0, 0, 255)]
    for x in range(3):
        for y in range(2):
            picture.setPixelColor(x, y, colours[(x + y) % 3])
    document.put_image(layer_of(document), 255, 0, picture)
    view.set_camera(replace(view.camera, center=PointF(256, 0), zoom=16.0))
    shown = view.grab().toImage()
    for x in range(3):
        for y in range(2):
            left, top = (int(v) for v in view.camera.to_view(255 + x, y))
            for dx in (0, 15):
                for dy in (0, 15):
                    assert shown.pixelColor(left + dx, top + dy) == colours[(x + y) % 3]


def test_pen_pressure_makes_the_line_thinner(view: CanvasView, document: Document) -> None:
    view.set_brush(replace(view.brush, size=40).with_pressure(size=True))
    heights = []
    for at, pressure in ((0, 0.2), (200, 1.0)):
        pen(view, QEvent.Type.TabletPress, (at, 0), pressure)
        pen(view, QEvent.Type.TabletMove, (at + 30, 0), pressure)
        pen(view, QEvent.Type.TabletRelease, (at + 30.5, 0), 0.0)
        heights.append(document.content_bounds().height)
    assert heights[0] < 16
    assert heights[1] >= 39
    assert document.content_bounds().right >= 200 + 30 + 19  # letting go is not a light touch
    assert len(document.history.names) == 2


def test_the_turned_pen_erases(view: CanvasView, document: Document) -> None:
    drag(view, [(0, 0), (60, 0)])
    pen(view, QEvent.Type.TabletPress, (-20, 0), 1.0, TURNED_PEN)
    pen(view, QEvent.Type.TabletMove, (90, 0), 1.0, TURNED_PEN)
    pen(view, QEvent.Type.TabletRelease, (90, 0), 0.0, TURNED_PEN)
    assert document.history.names == ("Brush stroke", "Erase")
    assert painted(view, 30, 0).alpha() == 0
    assert view.tool_id == "brush"


def test_the_eraser_has_settings_of_its_own(view: CanvasView) -> None:
    brush = view.brush
    view.set_tool("eraser")
    assert view.brush.eraser
    view.set_brush(replace(view.brush, size=77))
    view.set_tool("brush")
    assert view.brush == brush
    assert view.brush_of("eraser").size == 77
    view.step_brush_size(+1)
    assert view.brush.size == 22
    view.step_brush_size(-1)
    assert view.brush.size == 20


def test_the_selection_holds_the_brush_in(view: CanvasView, document: Document) -> None:
    document.set_selection(Selection.rectangle(Bounds(20, -50, 20, 100)))
    drag(view, [(0, 0), (80, 0)])
    bounds = document.content_bounds()
    assert (bounds.x, bounds.right) == (20, 40)
    assert bounds.height in (20, 21)


@pytest.mark.parametrize("case", ["hidden", "locked", "group", "none"])
def test_a_layer_that_takes_no_paint_says_why(view: CanvasView, document: Document, qtbot: QtBot, case: str) -> None:
    layer = layer_of(document)
    if case == "hidden":
        document.set_layer(layer, visible=False)
    elif case == "locked":
        document.set_layer(layer, locked=True)
    elif case == "group":
        group = GroupLayer("Group")
        document.add_layer(group)
        document.active = group
    else:
        document.active = None
    steps = document.history.names
    with qtbot.waitSignal(view.message) as said:
        drag(view, [(0, 0), (30, 0)])
    assert case in carried(said)[0].lower() or "no layer" in carried(said)[0].lower()
    assert QToolTip.text() == carried(said)[0]
    assert document.history.names == steps
    QToolTip.hideText()


def test_eyedropper_takes_what_is_seen(view: CanvasView, document: Document, qtbot: QtBot) -> None:
    drag(view, [(0, 0), (30, 0)])
    document.set_layer(layer_of(document), opacity=0.5)
    view.set_color(QColor(1, 2, 3))
    view.set_tool("eyedropper")
    with qtbot.waitSignal(view.colorPicked) as picked:
        drag(view, [(10, 0), (15, 0)])
    x, y = view.camera.to_view(20.5, 0.5)
    assert carried(picked)[0] == view.color == view.grab().toImage().pixelColor(int(x), int(y))
    drag(view, [(150, 100)])
    assert view.color == PAPER


def test_alt_makes_the_brush_an_eyedropper_for_a_moment(view: CanvasView, document: Document) -> None:
    drag(view, [(0, 0), (30, 0)])
    view.set_color(QColor(0, 0, 0))
    drag(view, [(10, 0)], keys=Qt.KeyboardModifier.AltModifier)
    assert view.color == RED
    assert document.history.names == ("Brush stroke",)
    assert view.tool_id == "brush"


def test_escape_gives_the_old_colour_back(view: CanvasView) -> None:
    view.set_tool("eyedropper")
    press(view, 150, 100)
    assert view.color == PAPER
    tap(view, Qt.Key.Key_Escape)
    assert view.color == RED


def test_the_brush_outline_follows_the_pointer(view: CanvasView, document: Document) -> None:
    view.set_brush(replace(view.brush, size=60))
    bare = view.grab().toImage()
    mouse(view, QEvent.Type.MouseMove, view.rect().center().toPointF())
    shown = view.grab().toImage()
    x, y = view.rect().center().x() + 30, view.rect().center().y()
    ring = [shown.pixelColor(x + step, y) != bare.pixelColor(x + step, y) for step in range(-3, 4)]
    assert any(ring)
    assert view.cursor().shape() == Qt.CursorShape.BlankCursor
    hold(view, Qt.Key.Key_Space, True)
    assert view.cursor().shape() == Qt.CursorShape.OpenHandCursor
    hold(view, Qt.Key.Key_Space, False)


def test_no_brush_outline_under_a_card(view: CanvasView) -> None:
    move(view, 40, 40)
    assert view._circle_rect.isValid()
    card = QFrame(view)
    card.setGeometry(0, 0, 60, 60)
    card.show()
    QApplication.sendEvent(card, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    assert not view._circle_rect.isValid()
