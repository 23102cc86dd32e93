"""Brush and colour panels speak with a real view in both directions."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from desktop.panels.brush_panel import LARGEST, BrushPanel, SizeScale
from desktop.panels.colour_panel import RECENT, ColourPanel
from desktop.view.canvas_view import CanvasView
from tests.desktop.view.gestures import drag


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CanvasView]:
    document = Document.new(Bounds(0, 0, 256, 256))
    compositor = Compositor(document, QColor("white"))
    made = CanvasView(document, compositor)
    qtbot.addWidget(made)
    made.resize(320, 240)
    made.show()
    yield made
    made.release_document()
    compositor.close()


@pytest.fixture
def brushes(view: CanvasView, qtbot: QtBot) -> BrushPanel:
    panel = BrushPanel(view)
    qtbot.addWidget(panel)
    panel.resize(280, 360)
    panel.show()
    return panel


@pytest.fixture
def colours(view: CanvasView, qtbot: QtBot) -> ColourPanel:
    panel = ColourPanel(view)
    qtbot.addWidget(panel)
    panel.resize(280, 400)
    panel.show()
    return panel


def test_size_slider_reaches_every_size_evenly() -> None:
    assert SizeScale.to_size(0) == 1
    assert SizeScale.to_size(1000) == LARGEST
    for size in (1, 2, 5, 24, 100, 333, 1000):
        assert abs(SizeScale.to_size(SizeScale.to_position(size)) - size) <= max(1, size * 0.01)


def test_brush_panel_sets_and_shows(view: CanvasView, brushes: BrushPanel) -> None:
    brushes.size_row.number.setValue(133)
    brushes.hardness.slider.setValue(40)
    brushes.strength.number.setValue(70)
    brushes.flow.slider.setValue(25)
    brushes.pressure_opacity.setChecked(True)
    brushes.build_up.setChecked(True)
    brush = view.brush
    assert (brush.size, brush.hardness, brush.opacity, brush.flow) == (133, 0.4, 0.7, 0.25)
    assert brush.pressure_opacity
    assert brush.build_up
    view.set_brush(replace(brush, size=12.0, smoothing=0.9))
    assert brushes.size_row.number.value() == 12
    assert brushes.smoothing.slider.value() == 90
    assert view.brush.flow == 0.25


def test_every_end_of_every_slider_is_a_legal_brush(view: CanvasView, brushes: BrushPanel) -> None:
    for row in (brushes.size_row, brushes.hardness, brushes.strength, brushes.flow, brushes.smoothing):
        for end in (row.slider.minimum(), row.slider.maximum()):
            row.slider.setValue(end)
            brushes.grab()
            drag(view, [(0, 0), (20, 5)])
    assert view.brush.size == LARGEST


def test_brush_and_eraser_remember_their_own(view: CanvasView, brushes: BrushPanel) -> None:
    brushes.size_row.number.setValue(50)
    view.set_tool("eraser")
    assert brushes.title.text() == "Eraser"
    brushes.size_row.number.setValue(200)
    view.set_tool("brush")
    assert brushes.title.text() == "Brush"
    assert brushes.size_row.number.value() == 50
    assert view.brush_of("eraser").size == 200


def test_the_preview_shows_the_brush(view: CanvasView, brushes: BrushPanel) -> None:
    view.set_brush(replace(view.brush, size=4))
    thin = brushes.preview.grab().toImage()
    view.set_brush(replace(view.brush, size=30))
    thick = brushes.preview.grab().toImage()
    base = thin.pixelColor(thin.width() // 2, 4)

    def inked(image) -> int:
        return sum(image.pixelColor(image.width() // 4, y) != base for y in range(image.height()))

    assert inked(thick) > inked(thin) > 0


def test_hex_field_and_sliders_set_the_colour(view: CanvasView, colours: ColourPanel) -> None:
    colours.hex.setText("#3af")
    QTest.keyClick(colours.hex, Qt.Key.Key_Return)
    assert view.color == QColor("#33aaff")
    assert colours.hex.text() == "#33aaff"
    colours.hex.setText("nonsense")
    QTest.keyClick(colours.hex, Qt.Key.Key_Return)
    assert view.color == QColor("#33aaff")
    assert colours.hex.text() == "#33aaff"
    for number, value in zip(colours.numbers, (120, 100, 100), strict=True):
        number.setValue(value)
    assert view.color == QColor(0, 255, 0)
    view.set_color(QColor(255, 0, 0))
    assert [number.value() for number in colours.numbers] == [0, 100, 100]


def test_grey_keeps_the_hue_that_was_chosen(view: CanvasView, colours: ColourPanel) -> None:
    view.set_color(QColor.fromHsv(210, 200, 200))
    colours.numbers[1].setValue(0)
    assert colours.numbers[0].value() == 210
    colours.numbers[1].setValue(80)
    assert abs(view.color.hsvHue() - 210) <= 1


def test_ring_and_square_are_dragged(view: CanvasView, colours: ColourPanel) -> None:
    view.set_color(QColor.fromHsv(0, 255, 255))
    wheel = colours.wheel
    QTest.mouseClick(wheel, Qt.MouseButton.LeftButton, pos=wheel.ring_point(1 / 3).toPoint())
    assert abs(view.color.hsvHue() - 120) <= 2
    square = wheel.square
    QTest.mouseClick(wheel, Qt.MouseButton.LeftButton, pos=QPointF(square.center()).toPoint())
    assert abs(view.color.hsvSaturationF() - 0.5) < 0.03
    assert abs(view.color.valueF() - 0.5) < 0.03


def test_swap_and_recent_colours(view: CanvasView, colours: ColourPanel) -> None:
    view.set_color(QColor(10, 20, 30))
    colours.swap()
    assert view.color == QColor(255, 255, 255)
    colours.swap()
    assert view.color == QColor(10, 20, 30)
    for shade in range(RECENT + 3):
        view.set_color(QColor(shade * 10, 0, 0))
        drag(view, [(0, 0), (9, 9)])
    newest = (RECENT + 2) * 10
    assert len(colours.recent) == RECENT
    assert colours.recent[0] == QColor(newest, 0, 0)
    QTest.mouseClick(colours.swatches[3], Qt.MouseButton.LeftButton)
    assert view.color == QColor(newest - 30, 0, 0)
    drag(view, [(0, 0), (9, 9)])
    assert colours.recent[0] == view.color
    assert len(colours.recent) == RECENT
