"""Clipboard, transformations, crop, trim and align through the window's own actions."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest

from canvas.geometry import Bounds, Point
from canvas.layers import BlendMode, GroupLayer, Layer, PaintLayer
from canvas.pixels import view
from canvas.selection import Selection
from desktop.layer_clipboard import MIME
from desktop.main_window import MainWindow
from desktop.program import Program
from desktop.view.tools.transforming import TransformTool
from tests.desktop.conftest import Scenario, until


def paint(window: MainWindow, bounds: Bounds, colour: str = "#c02040") -> PaintLayer:
    document = window.session.document
    layer = document.active
    assert isinstance(layer, PaintLayer)
    image = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colour))
    document.put_image(layer, bounds.x, bounds.y, image)
    return layer


def seen(layer: PaintLayer) -> NDArray[np.uint8]:
    image = layer.surface.read(Bounds(0, 0, 60, 30))
    return view(image).copy()


def trigger(window: MainWindow, name: str) -> None:
    action = window.actions_by_id[name]
    assert action.isEnabled(), name
    action.trigger()


def pasted(window: MainWindow, run: Scenario, name: str = "edit.paste") -> Layer:
    """Paste; the layer that came is the active one."""
    count = len(list(window.session.document.tree.walk()))

    async def paste() -> None:
        trigger(window, name)
        await until(lambda: len(list(window.session.document.tree.walk())) > count)

    run(paste())
    layer = window.session.document.active
    assert layer is not None
    return layer


def test_layers_travel_whole_between_windows(window: MainWindow, program: Program, run: Scenario) -> None:
    layer = paint(window, Bounds(300, -200, 90, 60))
    document = window.session.document
    document.set_layer(layer, name="Rock", opacity=0.5, blend_mode=BlendMode.MULTIPLY)
    document.add_mask(layer, Selection.rectangle(Bounds(300, -200, 30, 30)))
    trigger(window, "edit.copy")
    picture = QGuiApplication.clipboard().image()
    assert (picture.width(), picture.height()) == (90, 60)
    assert picture.pixelColor(3, 3) == QColor("#c02040")
    assert picture.pixelColor(60, 40).alpha() == 0  # the mask holds for others too

    async def second() -> MainWindow:
        return program.new_window()

    other = run(second())
    there = pasted(other, run, "edit.paste-in-place")
    assert isinstance(there, PaintLayer)
    assert (there.name, there.opacity, there.blend_mode) == ("Rock", 0.5, BlendMode.MULTIPLY)
    assert there.content_bounds() == Bounds(300, -200, 90, 60)
    assert there.mask is not None
    assert there.surface.snapshot() == layer.surface.snapshot()
    assert other.session.document.history.names == ("Paste",)
    centre = other.view.camera.center
    middle = pasted(other, run).content_bounds().center
    assert abs(middle.x - centre.x) <= 1
    assert abs(middle.y - centre.y) <= 1


def test_only_selected_pixels_are_copied_and_cut(window: MainWindow, run: Scenario) -> None:
    document = window.session.document
    layer = paint(window, Bounds(0, 0, 100, 100))
    document.set_selection(Selection.ellipse(Bounds(10, 10, 40, 40)))
    trigger(window, "edit.cut")
    assert layer.surface.read(Bounds(30, 30, 1, 1)).pixelColor(0, 0).alpha() == 0
    assert document.history.names[-1] == "Cut"
    there = pasted(window, run, "edit.paste-in-place")
    assert there.content_bounds() == Bounds(10, 10, 40, 40)
    trigger(window, "edit.undo")
    trigger(window, "edit.undo")
    assert layer.surface.read(Bounds(30, 30, 1, 1)).pixelColor(0, 0) == QColor("#c02040")


def test_layers_from_copy_and_cut(window: MainWindow) -> None:
    document = window.session.document
    layer = paint(window, Bounds(0, 0, 100, 100))
    document.set_selection(Selection.rectangle(Bounds(20, 20, 30, 10)))
    trigger(window, "edit.duplicate-selection")
    copy = document.active
    assert copy is not layer
    assert copy is not None
    assert copy.content_bounds() == Bounds(20, 20, 30, 10)
    assert layer.content_bounds() == Bounds(0, 0, 100, 100)
    document.undo()
    document.active = layer
    document.set_selection(Selection.rectangle(Bounds(0, 0, 100, 40)))
    trigger(window, "edit.cut-to-layer")
    assert layer.content_bounds() == Bounds(0, 40, 100, 60)
    document.undo()
    assert list(document.tree.walk()) == [layer]
    assert layer.content_bounds() == Bounds(0, 0, 100, 100)


def test_garbage_in_the_clipboard_is_said(window: MainWindow, run: Scenario, expected_warnings: list[str]) -> None:
    expected_warnings.append("clipboard")

    async def paste(data: bytes) -> None:
        mime = QMimeData()
        mime.setData(MIME, data)
        QGuiApplication.clipboard().setMimeData(mime)
        window.say("")
        trigger(window, "edit.paste")
        await until(lambda: "clipboard" in window.banner.text.text())

    for data in (b"", b"garbage", b"HSLAYERS\xff\xff\xff\xff", b"HSLAYERS\x02\x00\x00\x00{}"):
        run(paste(data))
    assert not window.session.document.history.can_undo


def test_a_paste_as_a_new_painting(window: MainWindow, program: Program, run: Scenario) -> None:
    paint(window, Bounds(40, 50, 60, 70))
    trigger(window, "edit.copy")

    async def paste() -> MainWindow:
        trigger(window, "edit.paste-new")
        await until(lambda: len(program.windows) == 2 and not program.windows[-1].session.is_untouched)
        return program.windows[-1]

    fresh = run(paste())
    assert fresh.session.document.content_bounds() == Bounds(40, 50, 60, 70)
    assert fresh.session.document.frame == Bounds(40, 50, 60, 70)


def test_copy_as_it_looks_takes_all_layers(window: MainWindow) -> None:
    paint(window, Bounds(0, 0, 50, 50), "#ff0000")
    trigger(window, "layer.add")
    paint(window, Bounds(25, 0, 50, 50), "#0000ff")
    window.session.document.set_selection(Selection.rectangle(Bounds(0, 0, 50, 50)))
    trigger(window, "edit.copy-merged")
    picture = QGuiApplication.clipboard().image()
    assert picture.pixelColor(10, 10) == QColor("#ff0000")
    assert picture.pixelColor(40, 10) == QColor("#0000ff")
    assert not QGuiApplication.clipboard().mimeData().hasFormat(MIME)


def test_flip_and_turn_are_exact_single_steps(window: MainWindow) -> None:
    document = window.session.document
    layer = paint(window, Bounds(0, 0, 60, 30))
    dot = QImage(4, 4, QImage.Format.Format_ARGB32_Premultiplied)
    dot.fill(QColor("#00ff00"))
    document.put_image(layer, 0, 0, dot)
    before = seen(layer)
    document.history.clear()
    trigger(window, "edit.flip-horizontal")
    assert np.array_equal(seen(layer), before[:, ::-1])
    trigger(window, "edit.flip-vertical")
    trigger(window, "edit.rotate-180")
    assert np.array_equal(seen(layer), before)
    trigger(window, "edit.rotate-right")
    assert layer.content_bounds() == Bounds(15, -15, 30, 60)
    trigger(window, "edit.rotate-left")
    assert layer.content_bounds().width == 60
    assert len(document.history.names) == 5


def test_crop_and_trim(window: MainWindow) -> None:
    document = window.session.document
    lower = paint(window, Bounds(-50, -50, 400, 400))
    trigger(window, "layer.add")
    upper = paint(window, Bounds(300, 300, 100, 100))
    document.set_selection(Selection.rectangle(Bounds(0, 10, 320, 330)))
    trigger(window, "edit.crop-selection")
    assert lower.content_bounds() == Bounds(0, 10, 320, 330)
    assert upper.content_bounds() == Bounds(300, 300, 20, 40)
    assert document.frame == Bounds(0, 10, 320, 330)
    assert document.history.names[-1] == "Crop to selection"
    document.undo()
    assert lower.content_bounds() == Bounds(-50, -50, 400, 400)
    document.set_frame(Bounds(0, 0, 64, 64))
    trigger(window, "edit.crop-frame")
    assert document.content_bounds() == Bounds(0, 0, 64, 64)
    document.undo()
    trigger(window, "edit.trim")
    assert document.frame == Bounds(-50, -50, 450, 450)


def test_align_and_distribute(window: MainWindow) -> None:
    document = window.session.document
    layers: list[Layer] = [paint(window, Bounds(10, 0, 20, 20))]
    for x, width in ((100, 40), (290, 10)):
        trigger(window, "layer.add")
        layers.append(paint(window, Bounds(x, 33, width, 20)))
    document.choose(layers)
    trigger(window, "edit.distribute-horizontally")
    assert [layer.content_bounds().x for layer in layers] == [10, 140, 290]
    trigger(window, "edit.align-bottom")
    assert all(layer.content_bounds().bottom == document.frame.bottom for layer in layers)
    trigger(window, "edit.align-centre")
    assert [layer.content_bounds().center.x for layer in layers] == [256, 256, 256]
    document.undo()
    document.undo()
    document.undo()
    assert [layer.content_bounds().x for layer in layers] == [10, 100, 290]


def test_the_card_takes_numbers_and_the_old_tool_comes_back(window: MainWindow) -> None:
    document = window.session.document
    layer = paint(window, Bounds(0, 0, 100, 50))
    document.history.clear()
    assert window.view.tool_id == "brush"
    trigger(window, "tool.transform")
    tool, card = window.view.tools["transform"], window.transform.card
    assert isinstance(tool, TransformTool)
    assert tool.busy
    assert card.isVisible()
    card.fields["width"].setValue(-200)
    card.fields["x"].setValue(150)
    assert tool.box is not None
    assert tool.box.corners[0] == pytest.approx((250, 0))
    card.buttons["rotate-90-right"].click()
    trigger(window, "edit.flip-vertical")
    trigger(window, "edit.nudge-left-far")
    assert tool.box.pivot_now[0] == pytest.approx(140)
    for _ in range(5):
        trigger(window, "edit.undo")
    assert tool.box.corners[0] == (0, 0)
    card.fields["x"].setValue(80)
    card.apply_button.click()
    assert layer.content_bounds() == Bounds(30, 0, 100, 50)
    assert not card.isVisible()
    assert window.view.tool_id == "brush"
    assert len(document.history.names) == 1
    trigger(window, "tool.transform")
    card.fields["angle"].setValue(30)
    QTest.keyClick(window.view, Qt.Key.Key_Escape)
    assert not tool.busy
    assert window.view.tool_id == "brush"
    assert layer.content_bounds() == Bounds(30, 0, 100, 50)
    assert len(document.history.names) == 1


def test_arrow_keys_nudge_while_the_move_tool_is_in_hand(window: MainWindow) -> None:
    document = window.session.document
    layer = paint(window, Bounds(0, 0, 10, 10))
    document.history.clear()
    window.activateWindow()
    assert not window.actions_by_id["edit.nudge-left"].isEnabled()
    trigger(window, "tool.move")
    QTest.keyClick(window.view, Qt.Key.Key_Left)
    QTest.keyClick(window.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert layer.offset == Point(-1, 10)
    assert len(document.history.names) == 1
    document.undo()
    assert layer.offset == Point(0, 0)


def test_a_group_is_copied_with_all_inside(window: MainWindow, run: Scenario) -> None:
    document = window.session.document
    paint(window, Bounds(0, 0, 30, 30))
    trigger(window, "layer.group")
    (group,) = [layer for layer in document.tree.walk() if isinstance(layer, GroupLayer)]
    document.active = group
    trigger(window, "edit.copy")
    there = pasted(window, run, "edit.paste-in-place")
    assert isinstance(there, GroupLayer)
    assert there is not group
    assert there.content_bounds() == Bounds(0, 0, 30, 30)
