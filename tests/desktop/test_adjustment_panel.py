"""The adjustment panel over a real document: live, one step a drag, and right after undo."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from canvas.adjustments import Adjustment, BrightnessContrast, Curves, HueSaturation, Levels
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import AdjustmentLayer, PaintLayer
from desktop.panels.adjustment_forms import CurvesForm, HueSaturationForm, LevelsForm
from desktop.panels.adjustment_panel import AdjustmentPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def document() -> Document:
    made = Document.new(Bounds(0, 0, 256, 256))
    assert isinstance(made.active, PaintLayer)
    image = QImage(256, 256, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(60, 60, 60))
    made.put_image(made.active, 0, 0, image)
    half = QImage(256, 128, QImage.Format.Format_ARGB32_Premultiplied)
    half.fill(QColor(200, 200, 200))
    made.put_image(made.active, 0, 0, half)
    return made


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> Iterator[AdjustmentPanel]:
    made = AdjustmentPanel(document)
    qtbot.addWidget(made)
    made.resize(290, 420)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.release_document()


def put(document: Document, adjustment: Adjustment) -> AdjustmentLayer:
    layer = AdjustmentLayer(adjustment.kind, adjustment)
    document.add_layer(layer)
    document.active = layer
    return layer


def levels_of(layer: AdjustmentLayer) -> Levels:
    assert isinstance(layer.adjustment, Levels)
    return layer.adjustment


def test_without_an_adjustment_it_says_what_to_do(panel: AdjustmentPanel, document: Document) -> None:
    assert panel.hint.isVisible()
    assert not panel.reset_button.isVisible()
    layer = put(document, Levels())
    assert not panel.hint.isVisible()
    document.remove_layer(layer)
    assert panel.hint.isVisible()


def test_dragging_a_handle_is_one_live_step(panel: AdjustmentPanel, document: Document) -> None:
    layer = put(document, Levels())
    form = panel.forms["levels"]
    assert isinstance(form, LevelsForm)
    field, steps = form.field, len(document.history.names)
    start = field.place_of("black").toPoint() + QPoint(0, 6)
    QTest.mousePress(field, LEFT, pos=start)
    QTest.mouseMove(field, start + QPoint(20, 0))
    first = levels_of(layer).black
    assert first > 0.03
    QTest.mouseMove(field, start + QPoint(50, 0))
    assert levels_of(layer).black > first
    QTest.mouseRelease(field, LEFT, pos=start + QPoint(50, 0))
    assert len(document.history.names) == steps + 1
    start = field.place_of("white").toPoint() + QPoint(0, 6)
    QTest.mousePress(field, LEFT, pos=start)
    QTest.mouseMove(field, start - QPoint(400, 0))
    QTest.mouseRelease(field, LEFT, pos=start - QPoint(400, 0))
    assert levels_of(layer).white > levels_of(layer).black  # they do not pass each other
    assert len(document.history.names) == steps + 2
    document.undo()
    assert levels_of(layer).white == 1.0
    assert form.numbers["white"].value == 255
    document.undo()
    assert levels_of(layer) == Levels()
    assert form.numbers["black"].value == 0


def test_the_middle_handle_stands_where_grey_becomes_half(panel: AdjustmentPanel, document: Document) -> None:
    layer = put(document, Levels(black=0.2, white=0.8))
    form = panel.forms["levels"]
    assert isinstance(form, LevelsForm)
    form.field.move_handle("gamma", 0.35)
    assert form.field.share_of("gamma") == pytest.approx(0.35, abs=0.003)
    pixels = layer.adjustment.apply(_grey(round(0.35 * 255)))
    assert abs(int(pixels[0, 0, 0]) - 128) <= 2


def _grey(value: int):
    import numpy as np

    return np.full((1, 1, 4), value, np.uint8)


def test_numbers_are_steps_of_their_own(panel: AdjustmentPanel, document: Document) -> None:
    layer = put(document, BrightnessContrast())
    steps = len(document.history.names)
    number = panel.forms["brightness-contrast"].numbers["contrast"]
    number.setFocus()
    QTest.keyClick(number, Qt.Key.Key_Right)
    QTest.keyClick(number, Qt.Key.Key_Right)
    assert len(document.history.names) == steps + 2
    QTest.mousePress(number, LEFT, pos=QPoint(80, 10))
    for x in (100, 120, 140):
        QTest.mouseMove(number, QPoint(x, 10))
    QTest.mouseRelease(number, LEFT, pos=QPoint(140, 10))
    assert len(document.history.names) == steps + 3
    assert isinstance(layer.adjustment, BrightnessContrast)
    assert layer.adjustment.contrast == number.value / 100
    QTest.mouseClick(panel.reset_button, LEFT)
    assert layer.adjustment == BrightnessContrast()
    assert number.value == 0
    assert not panel.reset_button.isEnabled()
    document.undo()
    assert layer.adjustment != BrightnessContrast()


def test_curves_by_channel(panel: AdjustmentPanel, document: Document) -> None:
    layer = put(document, Curves())
    form = panel.forms["curves"]
    assert isinstance(form, CurvesForm)
    steps = len(document.history.names)
    QTest.mouseClick(form.buttons["red"], LEFT)
    middle = form.curve.place_of((0.5, 0.5)).toPoint()
    QTest.mousePress(form.curve, LEFT, pos=middle)
    QTest.mouseMove(form.curve, middle - QPoint(0, 30))
    QTest.mouseRelease(form.curve, LEFT, pos=middle - QPoint(0, 30))
    assert isinstance(layer.adjustment, Curves)
    assert len(layer.adjustment.red) == 3
    assert layer.adjustment.red[1][1] > 0.55
    assert layer.adjustment.all == Curves().all
    assert len(document.history.names) == steps + 1
    QTest.mouseClick(form.buttons["all"], LEFT)
    assert len(form.curve.points) == 2
    document.undo()
    QTest.mouseClick(form.buttons["red"], LEFT)
    assert len(form.curve.points) == 2


def test_hue_on_the_rainbow_and_colorize(panel: AdjustmentPanel, document: Document) -> None:
    layer = put(document, HueSaturation())
    form = panel.forms["hue-saturation"]
    assert isinstance(form, HueSaturationForm)
    at = form.rainbow.place_of(270).toPoint()
    QTest.mouseClick(form.rainbow, LEFT, pos=at)
    assert isinstance(layer.adjustment, HueSaturation)
    assert layer.adjustment.hue == pytest.approx(90, abs=2)
    assert form.numbers["hue"].value == layer.adjustment.hue
    form.colorize.click()
    assert layer.adjustment.colorize
    document.undo()
    assert not form.colorize.isChecked()


def test_the_tones_below_are_counted(panel: AdjustmentPanel, document: Document, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.tones.counted, timeout=2000):
        put(document, Levels())
    light = panel.tones.tones[0]
    assert {int(at) for at in light.nonzero()[0]} == {60, 200}
    below = document.tree.root.children[0]
    with qtbot.waitSignal(panel.tones.counted, timeout=2000):
        document.set_layer(below, visible=False)
    assert not panel.tones.tones.any()
