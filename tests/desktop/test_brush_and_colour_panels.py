"""Brush and colour panels speak with a real view in both directions."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.dynamics import Dynamic, factors
from canvas.geometry import Bounds
from canvas.layers import BlendMode
from desktop.colours import FIRST_SWATCHES, RECENT, ColourSet
from desktop.panels.brush_panel import BrushPanel
from desktop.panels.colour_panel import ColourPanel
from desktop.panels.curve_editor import STRAIGHT, CurveEditor
from desktop.panels.dynamics_editor import KEY
from desktop.panels.size_scale import LARGEST, SizeScale
from desktop.panels.swatches import SwatchGrid
from desktop.settings import Settings
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


def test_the_preview_shows_the_brush(view: CanvasView, brushes: BrushPanel, qtbot: QtBot) -> None:
    def stroke(size: float) -> QImage:
        view.set_brush(replace(view.brush, size=size))
        brushes.preview.grab()
        qtbot.waitUntil(lambda: not brushes.preview.busy)
        return brushes.preview.grab().toImage()

    thin, thick = stroke(4), stroke(30)
    base = thin.pixelColor(thin.width() // 2, 4)

    def inked(image: QImage) -> int:
        return sum(image.pixelColor(image.width() // 4, y) != base for y in range(image.height()))

    assert inked(thick) > inked(thin) > 0


def test_sections_open_and_set_the_brush(view: CanvasView, brushes: BrushPanel, qtbot: QtBot) -> None:
    for section in brushes.sections:
        assert not section.body.isVisible()
        QTest.mouseClick(section.header, Qt.MouseButton.LeftButton)
        assert section.body.isVisible()
    QTest.mouseClick(brushes.tips.buttons["chalk"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not brushes.tips.buttons["star"].icon().isNull())
    brushes.rows["angle"].number.setValue(-30)
    brushes.rows["roundness"].slider.setValue(50)
    brushes.rows["scatter"].number.setValue(150)
    brushes.rows["count"].number.setValue(3)
    QTest.keyClick(brushes.mode, Qt.Key.Key_Down)
    brushes.grain.setCurrentIndex(brushes.grain.findData("canvas"))
    brushes.stabiliser.setCurrentIndex(brushes.stabiliser.findData("string"))
    brush = view.brush
    assert (brush.tip, brush.angle, brush.roundness) == ("chalk", -30, 0.5)
    assert (brush.scatter, brush.count, brush.grain, brush.stabiliser) == (1.5, 3, "canvas", "string")
    assert brush.mode is not BlendMode.NORMAL
    assert brushes.rows["string_length"].slider.isEnabled()
    assert not brushes.rows["smoothing"].slider.isEnabled()


def test_a_value_that_is_only_shown_rounded_is_kept(view: CanvasView, brushes: BrushPanel) -> None:
    view.set_brush(replace(view.brush, hardness=0.123, size=24.4))
    brushes.flow.number.setValue(50)
    assert (view.brush.hardness, view.brush.size, view.brush.flow) == (0.123, 24.4, 0.5)


def test_dynamics_are_switched_bent_and_added(view: CanvasView, brushes: BrushPanel) -> None:
    brushes.sections[-1].set_open(True)
    editor = brushes.dynamics
    rows = [tuple(editor.list.item(row).data(KEY)) for row in range(editor.list.count())]
    editor.list.setCurrentRow(rows.index(("pressure", "flow")))
    QTest.keyClick(editor.list, Qt.Key.Key_Space)
    assert view.brush.pressure_flow
    assert brushes.pressure_flow.isChecked()
    QTest.mouseClick(editor.curve, Qt.MouseButton.LeftButton, pos=editor.curve.place_of((0.5, 0.9)).toPoint())
    bent = next(d.curve for d in view.brush.dynamics if d.target == "flow")
    assert len(bent) == 3
    assert abs(bent[1][1] - 0.9) < 0.03
    brushes.pressure_flow.click()
    assert not view.brush.pressure_flow
    editor.inputs.setCurrentIndex(editor.inputs.findData("speed"))
    editor.targets.setCurrentIndex(editor.targets.findData("scatter"))
    QTest.mouseClick(editor.add_button, Qt.MouseButton.LeftButton)
    assert ("speed", "scatter") in [(d.input, d.target) for d in view.brush.dynamics]
    assert editor.list.currentItem().data(KEY)[0] == "speed"


@pytest.fixture
def curve(qtbot: QtBot) -> CurveEditor:
    made = CurveEditor("curve", None, factors)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(200, 120)
    made.show()
    return made


def test_delete_belongs_to_a_curve_and_to_swatches_while_they_have_the_keyboard(curve: CurveEditor) -> None:
    swatches = SwatchGrid("swatches", curve, editable=True)
    for widget in (curve, swatches):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(widget, event)
        assert event.isAccepted()  # else the window's Delete clears the layer


def test_curve_points_are_added_dragged_and_thrown_out(curve: CurveEditor) -> None:
    QTest.mouseClick(curve, Qt.MouseButton.LeftButton, pos=curve.place_of((0.3, 0.8)).toPoint())
    assert len(curve.points) == 3
    start, end = curve.place_of(curve.points[1]).toPoint(), curve.place_of((0.6, 0.2)).toPoint()
    QTest.mousePress(curve, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(curve, end)
    assert curve.points[1] == pytest.approx((0.6, 0.2), abs=0.02)
    QTest.mouseMove(curve, QPoint(100, 300))
    assert len(curve.points) == 2
    QTest.mouseMove(curve, end)
    assert len(curve.points) == 3
    QTest.mouseMove(curve, QPoint(100, 300))
    QTest.mouseRelease(curve, Qt.MouseButton.LeftButton, pos=QPoint(100, 300))
    assert curve.points == STRAIGHT


def test_curve_is_bent_with_keys_alone(curve: CurveEditor) -> None:
    for key in (Qt.Key.Key_Insert, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_PageDown, Qt.Key.Key_Down):
        QTest.keyClick(curve, key)
    assert curve.points[1] == pytest.approx((0.52, 0.52))
    assert curve.points[2] == pytest.approx((1.0, 0.98))
    Dynamic("pressure", "size", curve.points)  # every curve that can be made is legal
    QTest.keyClick(curve, Qt.Key.Key_PageUp)
    QTest.keyClick(curve, Qt.Key.Key_Delete)
    assert len(curve.points) == 2
    QTest.keyClick(curve, Qt.Key.Key_Home)
    assert curve.points == STRAIGHT


def test_hex_field_and_sliders_set_the_colour(view: CanvasView, colours: ColourPanel) -> None:
    colours.hex.setText("#3af")
    QTest.keyClick(colours.hex, Qt.Key.Key_Return)
    assert view.color == QColor("#33aaff")
    assert colours.hex.text() == "#33aaff"
    colours.hex.setText("nonsense")
    QTest.keyClick(colours.hex, Qt.Key.Key_Return)
    assert view.color == QColor("#33aaff")
    assert colours.hex.text() == "#33aaff"
    for number, value in zip(colours.hsv.numbers, (120, 100, 100), strict=True):
        number.setValue(value)
    assert view.color == QColor(0, 255, 0)
    view.set_color(QColor(255, 0, 0))
    assert [number.value() for number in colours.hsv.numbers] == [0, 100, 100]


def test_grey_keeps_the_hue_that_was_chosen(view: CanvasView, colours: ColourPanel) -> None:
    view.set_color(QColor.fromHsv(210, 200, 200))
    colours.hsv.numbers[1].setValue(0)
    assert colours.hsv.numbers[0].value() == 210
    colours.hsv.numbers[1].setValue(80)
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


def test_wheel_follows_the_keys(view: CanvasView, colours: ColourPanel) -> None:
    view.set_color(QColor.fromHsv(120, 128, 128))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_PageUp):
        QTest.keyClick(colours.wheel, key)
    assert view.color.hsvSaturationF() > 0.51
    assert view.color.valueF() > 0.51
    assert view.color.hsvHue() > 123


def test_rgb_sliders(view: CanvasView, colours: ColourPanel) -> None:
    view.set_color(QColor(10, 20, 30))
    assert not colours.rgb.isVisible()
    QTest.mouseClick(colours.rgb_button, Qt.MouseButton.LeftButton)
    assert colours.rgb.isVisible()
    assert not colours.hsv.isVisible()
    green = colours.rgb.sliders[1]
    QTest.mouseClick(green, Qt.MouseButton.LeftButton, pos=green.place_of(200).toPoint())
    assert (view.color.red(), view.color.blue()) == (10, 30)
    assert abs(view.color.green() - 200) <= 2
    before = view.color.green()
    QTest.keyClick(green, Qt.Key.Key_Right)
    assert view.color.green() == before + 1


def click_cell(grid: SwatchGrid, index: int) -> None:
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell(index).center())


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
    assert len(colours.recent.colours) == RECENT
    assert colours.recent.colours[0] == QColor(newest, 0, 0)
    click_cell(colours.recent, 3)
    assert view.color == QColor(newest - 30, 0, 0)
    assert colours.before.colour == QColor(newest, 0, 0)
    QTest.mouseClick(colours.before, Qt.MouseButton.LeftButton)
    assert view.color == QColor(newest, 0, 0)
    click_cell(colours.recent, 3)
    drag(view, [(0, 0), (9, 9)])
    assert colours.recent.colours[0] == view.color
    assert len(colours.recent.colours) == RECENT


def test_swatches_are_added_taken_and_removed(view: CanvasView, colours: ColourPanel) -> None:
    grid, count = colours.swatches, len(FIRST_SWATCHES)
    view.set_color(QColor("#123456"))
    click_cell(grid, count)  # the field that adds
    assert grid.colours[-1] == QColor("#123456")
    click_cell(grid, count + 1)
    assert len(grid.colours) == count + 1  # it is there already
    click_cell(grid, 6)
    assert view.color == QColor(FIRST_SWATCHES[6])
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert view.color == QColor(FIRST_SWATCHES[7])
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    assert QColor(FIRST_SWATCHES[7]) not in grid.colours


def test_colours_come_back(view: CanvasView, qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    first = ColourPanel(view, ColourSet(settings))
    qtbot.addWidget(first)
    view.set_color(QColor("#abcdef"))
    drag(view, [(0, 0), (9, 9)])
    first.add_swatch()
    first.colours.remove_swatch(0)
    first.swap()
    first.save()
    settings.flush()
    again = ColourSet(Settings(tmp_path / "settings.json"))
    assert again.recent[0] == QColor("#abcdef")
    assert again.swatches[-1] == QColor("#abcdef")
    assert again.swatches[0] == QColor(FIRST_SWATCHES[1])
    assert (again.current, again.other) == (QColor("white"), QColor("#abcdef"))


def test_damaged_colours_start_anew(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.remember(colours={"recent": [3, "#zz", "#102030"], "swatches": "no", "other": None})
    settings.flush()
    colours = ColourSet(Settings(tmp_path / "settings.json"))
    assert colours.recent == [QColor("#102030")]
    assert len(colours.swatches) == len(FIRST_SWATCHES)
    assert colours.other == QColor("white")
