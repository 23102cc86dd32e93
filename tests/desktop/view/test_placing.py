"""Frame, move, drops and previews."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from canvas.document import Document
from canvas.geometry import Bounds, Point
from canvas.layers import PaintLayer
from desktop.view.canvas_view import CanvasView
from desktop.view.tools.placing import GRID, SMALLEST, FrameDrag, FrameTool, dragged_frame
from tests.desktop.view.gestures import carried, drag, move, press, release, tap

steps = st.integers(-40, 40).map(lambda value: value * 8)
frames = st.builds(
    lambda x, y, w, h: Bounds(x, y, w, h), steps, steps, st.integers(8, 100).map(lambda v: v * 8), st.just(512)
)
places = st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000))


@given(frames, st.sampled_from([(-1, -1), (0, -1), (1, 0), (1, 1), (-1, 1), None, (0, 0)]), places, places)
def test_a_dragged_frame_stays_on_the_grid(frame: Bounds, grip: tuple[int, int] | None, start, end) -> None:
    moved = dragged_frame(FrameDrag(start, frame, grip), end)
    assert all(side % GRID == 0 for side in moved)
    assert moved.width >= SMALLEST
    assert moved.height >= SMALLEST
    if grip == (0, 0):
        assert (moved.width, moved.height) == (frame.width, frame.height)
    elif grip is not None:
        assert moved.right == frame.right if grip[0] < 0 else moved.x == frame.x
        assert moved.bottom == frame.bottom if grip[1] < 0 else moved.y == frame.y


def test_the_frame_moves_and_resizes_in_single_steps(view: CanvasView, document: Document) -> None:
    view.set_tool("frame")
    view.fit(Bounds(0, 0, 256, 256))
    drag(view, [(100, 100), (110, 90), (131, 84)])
    assert document.frame == Bounds(32, -16, 256, 256)
    drag(view, [(288, 240), (300, 260), (322, 262)])
    assert document.frame == Bounds(32, -16, 288, 280)
    drag(view, [(32, 124), (60, 124)])
    assert document.frame == Bounds(64, -16, 256, 280)
    assert document.history.names == ("Frame", "Frame", "Frame")
    for _ in range(3):
        document.undo()
    assert document.frame == Bounds(0, 0, 256, 256)


def test_escape_leaves_the_frame(view: CanvasView, document: Document) -> None:
    view.set_tool("frame")
    press(view, 100, 100)
    move(view, 150, 150)
    tool = view.tools["frame"]
    assert isinstance(tool, FrameTool)
    assert tool.shown == Bounds(48, 48, 256, 256)
    tap(view, Qt.Key.Key_Escape)
    release(view, 150, 150)
    assert document.frame == Bounds(0, 0, 256, 256)
    assert document.history.names == ()


@pytest.fixture
def square(document: Document) -> PaintLayer:
    layer = document.active
    assert isinstance(layer, PaintLayer)
    picture = QImage(40, 40, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor(10, 120, 60))
    document.put_image(layer, 0, 0, picture)
    return layer


def test_a_moved_layer_is_one_step_per_drag(view: CanvasView, document: Document, square: PaintLayer) -> None:
    view.set_tool("move")
    for _ in range(2):
        drag(view, [(10, 10), (15, 12), (20.3, 8), (30, 5)])
    assert square.offset == Point(40, -10)
    assert document.content_bounds() == Bounds(40, -10, 40, 40)
    assert len(document.history.names) == 3
    document.undo()
    assert square.offset == Point(20, -5)
    document.undo()
    assert square.offset == Point(0, 0)


def test_escape_puts_the_layer_back(view: CanvasView, document: Document, square: PaintLayer) -> None:
    view.set_tool("move")
    press(view, 10, 10)
    move(view, 60, 60)
    assert square.offset == Point(50, 50)
    tap(view, Qt.Key.Key_Escape)
    release(view, 60, 60)
    assert square.offset == Point(0, 0)
    assert document.history.names == ("Put image",)


def test_a_preview_covers_its_region_and_goes(view: CanvasView, document: Document) -> None:
    document.set_frame(Bounds(5000, 5000, 64, 64))
    before = view.grab().toImage()
    picture = QImage(30, 20, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor(200, 100, 0))
    picture.setPixelColor(0, 0, QColor(0, 0, 0, 0))
    view.set_preview(Bounds(-10, -10, 30, 20), picture, key="job")
    x, y = (int(v) for v in view.camera.to_view(-10, -10))
    shown = view.grab().toImage()
    assert shown.pixelColor(x, y) == before.pixelColor(x, y)
    for corner in ((1, 0), (29, 0), (0, 19), (29, 19)):
        assert shown.pixelColor(x + corner[0], y + corner[1]) == QColor(200, 100, 0)
    assert shown.pixelColor(x + 30, y + 5) == before.pixelColor(x + 30, y + 5)
    assert document.content_bounds().is_empty
    small = picture.scaled(15, 10)
    view.set_preview(Bounds(-10, -10, 30, 20), small, key="job")
    assert view.grab().toImage().pixelColor(x + 28, y + 18) == QColor(200, 100, 0)
    view.set_preview(Bounds(-10, -10, 30, 20), None, key="job")
    assert view.grab().toImage() == before


def send_drop(view: CanvasView, mime: QMimeData, place: QPointF) -> bool:
    actions, keys = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(5, 5), actions, mime, Qt.MouseButton.LeftButton, keys)
    QApplication.sendEvent(view, entered)
    if entered.isAccepted():
        QApplication.sendEvent(view, QDropEvent(place, actions, mime, Qt.MouseButton.LeftButton, keys))
    return entered.isAccepted()


def test_dropped_files_and_pictures_arrive_with_their_place(view: CanvasView, tmp_path: Path, qtbot: QtBot) -> None:
    files = [tmp_path / "one.png", tmp_path / "zwei drei.jpg"]
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    wanted = view.camera.to_canvas(70, 80)
    with qtbot.waitSignal(view.dropped) as got:
        assert send_drop(view, mime, QPointF(70, 80))
    assert carried(got) == [files, *wanted]
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(QColor(1, 2, 3))
    from_browser = QMimeData()
    from_browser.setUrls([QUrl("https://example.org/picture.png")])
    from_browser.setImageData(picture)
    with qtbot.waitSignal(view.dropped) as got:
        assert send_drop(view, from_browser, QPointF(10, 10))
    assert isinstance(carried(got)[0], QImage)
    assert carried(got)[0].pixelColor(3, 3) == QColor(1, 2, 3)
    words = QMimeData()
    words.setText("no picture")
    assert not send_drop(view, words, QPointF(10, 10))
