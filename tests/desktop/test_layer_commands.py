"""The menu Layer in the real window: every command through its action, one undo step each."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from canvas.adjustments import BrightnessContrast, Curves, HueSaturation, Levels
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import AdjustmentLayer, GroupLayer, Layer, LayerMask, PaintLayer
from canvas.selection import Selection
from canvas.stroke import why_not_paintable
from desktop.main_window import MainWindow
from desktop.progress_card import ProgressCard
from desktop.view.tools.base import layer_problem
from tests.desktop.conftest import Scenario, until


def order(group: GroupLayer) -> list[object]:
    """Names from bottom to top; a group is a pair of its name and what it holds."""
    return [(one.name, order(one)) if isinstance(one, GroupLayer) else one.name for one in group.children]


def named(document: Document, name: str) -> Layer:
    return next(layer for layer in document.tree.walk() if layer.name == name)


def fill(document: Document, layer: Layer, bounds: Bounds, colour: str) -> None:
    assert isinstance(layer, PaintLayer)
    image = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colour))
    document.put_image(layer, bounds.x, bounds.y, image)


@pytest.fixture
def document(window: MainWindow) -> Document:
    """Three layers A, B, C from bottom to top, overlapping."""
    made = window.session.document
    assert made.active is not None
    made.set_layer(made.active, name="A")
    fill(made, made.active, Bounds(0, 0, 200, 200), "#cc2020")
    for name, colour, at in (("B", "#20cc20", 50), ("C", "#2020cc", 100)):
        layer = PaintLayer(name)
        made.add_layer(layer)
        fill(made, layer, Bounds(at, at, 200, 200), colour)
    made.active = layer
    return made


def trigger(window: MainWindow, *actions: str) -> None:
    for action in actions:
        assert window.actions_by_id[action].isEnabled(), action
        window.actions_by_id[action].trigger()


def merged(window: MainWindow, run: Scenario, action: str) -> None:
    steps = len(window.session.document.history.names)

    async def work() -> None:
        trigger(window, action)
        await until(lambda: len(window.session.document.history.names) > steps)

    run(work())
    assert len(window.session.document.history.names) == steps + 1


def look(window: MainWindow, area: Bounds = Bounds(-20, -20, 360, 360)) -> QImage:  # noqa: B008 - frozen
    return window.session.compositor.flatten(area)


def check_new_layers_groups_and_out_of_them(window: MainWindow, document: Document) -> None:
    document.choose([named(document, "A"), named(document, "C")])
    trigger(window, "layer.group")
    assert order(document.tree.root) == ["B", ("Group 1", ["A", "C"])]
    trigger(window, "layer.add")
    assert order(document.tree.root) == ["B", ("Group 1", ["A", "C", "Layer 1"])]
    document.active = named(document, "Group 1")
    trigger(window, "layer.ungroup")
    assert order(document.tree.root) == ["B", "A", "C", "Layer 1"]
    assert len(document.chosen) == 3
    trigger(window, "layer.duplicate")
    assert order(document.tree.root)[-2:] == ["Layer 1", "Layer 1 copy"]
    trigger(window, "layer.delete")
    assert order(document.tree.root) == ["B", "A", "C", "Layer 1"]
    for _ in range(5):
        document.undo()
    assert order(document.tree.root) == ["A", "B", "C"]


def check_order_by_commands(window: MainWindow, document: Document) -> None:
    document.active = named(document, "A")
    document.choose([named(document, "A"), named(document, "B")])
    trigger(window, "layer.up")
    assert order(document.tree.root) == ["C", "A", "B"]
    trigger(window, "layer.up")
    assert order(document.tree.root) == ["C", "A", "B"]  # at the top already
    trigger(window, "layer.down")
    assert order(document.tree.root) == ["A", "B", "C"]
    document.choose([])
    trigger(window, "layer.top")
    assert order(document.tree.root) == ["B", "C", "A"]
    trigger(window, "layer.bottom")
    assert order(document.tree.root) == ["A", "B", "C"]
    trigger(window, "layer.next", "layer.next")
    assert document.active is named(document, "C")
    trigger(window, "layer.previous")
    assert document.active is named(document, "B")


def check_switches_follow_the_active_layer(window: MainWindow, document: Document) -> None:
    for action, key in (("layer.clip", "clipped"), ("layer.alpha-lock", "alpha_locked"), ("layer.lock", "locked")):
        trigger(window, action)
        assert getattr(named(document, "C"), key)
        assert window.actions_by_id[action].isChecked()
        document.undo()
        assert not window.actions_by_id[action].isChecked()
    trigger(window, "layer.show-only")
    assert [one.visible for one in document.tree.walk()] == [False, False, True]
    trigger(window, "layer.show-only")
    assert all(one.visible for one in document.tree.walk())


def check_masks_from_the_menu(window: MainWindow, document: Document) -> None:
    layer = named(document, "C")
    before = look(window)
    trigger(window, "mask.hide-all")
    assert isinstance(document.active, LayerMask)
    assert look(window) != before
    trigger(window, "mask.invert")
    assert look(window) == before
    trigger(window, "mask.toggle")
    assert layer.mask is not None
    assert not layer.mask.enabled
    trigger(window, "mask.paint")
    assert document.active is layer
    trigger(window, "mask.remove")
    assert layer.mask is None
    document.set_selection(Selection.rectangle(Bounds(100, 100, 60, 60)))
    trigger(window, "mask.from-selection")
    masked = look(window)
    assert masked != before
    trigger(window, "mask.apply")
    assert layer.mask is None
    assert look(window) == masked
    assert layer.content_bounds() == Bounds(100, 100, 60, 60)
    while document.history.undo_name != "Put image":
        document.undo()
    assert look(window) == before


def check_delete_takes_the_mask_while_it_is_painted_on(window: MainWindow, document: Document) -> None:
    trigger(window, "mask.fitting")
    trigger(window, "layer.delete")
    assert named(document, "C").mask is None
    assert document.active is named(document, "C")


KINDS = {
    "levels": Levels,
    "curves": Curves,
    "hue-saturation": HueSaturation,
    "brightness-contrast": BrightnessContrast,
}


def check_adjustments_take_the_selection_as_their_mask(window: MainWindow, document: Document) -> None:
    for kind, made in KINDS.items():
        add_adjustment(window, document, kind, made)


def add_adjustment(window: MainWindow, document: Document, kind: str, made: type) -> None:
    document.active = named(document, "A")
    document.set_selection(Selection.rectangle(Bounds(0, 0, 40, 40)))
    trigger(window, f"adjust.{kind}")
    layer = document.active
    assert isinstance(layer, AdjustmentLayer)
    assert isinstance(layer.adjustment, made)
    assert document.tree.root.children.index(layer) == 1
    assert layer.mask is not None
    assert layer.mask.hides_outside
    assert window.docks["adjustment"].isVisibleTo(window)
    document.undo()
    assert order(document.tree.root) == ["A", "B", "C"]


CHECKS = (
    check_new_layers_groups_and_out_of_them,
    check_order_by_commands,
    check_switches_follow_the_active_layer,
    check_masks_from_the_menu,
    check_delete_takes_the_mask_while_it_is_painted_on,
    check_adjustments_take_the_selection_as_their_mask,
)


def start_again(document: Document, steps: int) -> None:
    while len(document.history.names) > steps:
        document.undo()
    document.choose([])
    document.active = named(document, "C")


def test_commands_without_waiting(window: MainWindow, document: Document) -> None:
    steps = len(document.history.names)
    for check in CHECKS:
        check(window, document)
        start_again(document, steps)
        assert order(document.tree.root) == ["A", "B", "C"], check.__name__


def test_merging(window: MainWindow, document: Document, run: Scenario) -> None:
    steps = len(document.history.names)
    for check in (check_down, check_clipped, check_several_and_a_group, check_visible):
        check(window, document, run)
        start_again(document, steps)
        assert order(document.tree.root) == ["A", "B", "C"], check.__name__


def check_down(window: MainWindow, document: Document, run: Scenario) -> None:
    document.set_layer(named(document, "C"), opacity=0.5)
    before = look(window)
    merged(window, run, "layer.merge-down")
    assert order(document.tree.root) == ["A", "B"]
    assert look(window) == before
    document.undo()
    assert order(document.tree.root) == ["A", "B", "C"]
    assert look(window) == before


def check_clipped(window: MainWindow, document: Document, run: Scenario) -> None:
    document.set_layer(named(document, "B"), clipped=True)
    before = look(window)
    merged(window, run, "layer.merge-down")
    assert len(document.tree.root.children) == 1
    assert look(window) == before


VISIBLE = {
    "layer.merge-visible": ["B", "C"],
    "layer.flatten": ["A"],
    "layer.stamp": ["A", "B", "C", "What was visible"],
}


def check_visible(window: MainWindow, document: Document, run: Scenario) -> None:
    document.set_layer(named(document, "B"), visible=False)
    before = look(window)
    for action, left in VISIBLE.items():
        merged(window, run, action)
        assert order(document.tree.root) == left
        assert look(window) == before
        document.undo()
        assert order(document.tree.root) == ["A", "B", "C"]


def check_several_and_a_group(window: MainWindow, document: Document, run: Scenario) -> None:
    before = look(window)
    document.choose([named(document, "B"), named(document, "C")])
    merged(window, run, "layer.merge-chosen")
    assert order(document.tree.root) == ["A", "C"]
    trigger(window, "layer.group")
    merged(window, run, "layer.merge-chosen")
    assert order(document.tree.root) == ["A", "Group 1"]
    assert look(window) == before


def test_merging_says_why_not(window: MainWindow, document: Document, run: Scenario) -> None:
    steps = len(document.history.names)
    for setting, words in (({"locked": True}, "is locked"), ({"visible": False}, "would lose its pixels")):
        document.set_layer(named(document, "B"), **setting)

        async def work(words: str = words) -> None:
            trigger(window, "layer.merge-down")
            await until(lambda: words in window.banner.text.text())

        run(work())
        document.undo()
    assert len(document.history.names) == steps


def test_a_long_merge_can_be_stopped_and_loses_no_paint(
    window: MainWindow, document: Document, run: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.progress_card.PATIENCE", 0.02)
    tile = QImage(256, 256, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(QColor(10, 20, 30, 200))
    layer = named(document, "C")
    assert isinstance(layer, PaintLayer)
    document.set_tiles(layer, {(x, y): tile for x in range(24) for y in range(24)})
    steps = len(document.history.names)

    async def stopped() -> None:
        trigger(window, "layer.merge-down")
        await until(lambda: any(card.isVisibleTo(window) for card in window.view.findChildren(ProgressCard)))
        card = window.view.findChild(ProgressCard)
        assert isinstance(card, ProgressCard)
        assert card.bar.value() < 1000
        QTest.keyClick(card, Qt.Key.Key_Escape)
        await until(lambda: not window.view.findChildren(ProgressCard))

    run(stopped())
    assert len(document.history.names) == steps
    assert order(document.tree.root) == ["A", "B", "C"]

    async def painted_meanwhile() -> None:
        trigger(window, "layer.merge-down")
        await asyncio.sleep(0.02)
        fill(document, layer, Bounds(700, 700, 20, 20), "#ffffff")
        await until(lambda: len(document.history.names) == steps + 2)

    run(painted_meanwhile())
    assert look(window, Bounds(700, 700, 4, 4)).pixelColor(1, 1) == QColor("#ffffff")


def test_the_panel_has_the_buttons_of_the_actions(window: MainWindow, document: Document) -> None:
    panel = window.layers_panel
    for name in ("add", "duplicate", "group"):
        button = panel.findChild(QToolButton, f"layerButton-{name}")
        assert button is not None
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert order(document.tree.root) == ["A", "B", "C", "Layer 1", ("Group 1", ["Layer 1 copy"])]
    assert panel.adjust_menu.actions()[0].objectName() == "adjust.levels"
    toggle = panel.findChild(QToolButton, "layerToggle-clip")
    assert toggle is not None
    QTest.mouseClick(toggle, Qt.MouseButton.LeftButton)
    assert named(document, "Group 1").clipped
    assert "adjustment" in layer_problem("adjustment")
    trigger(window, "adjust.levels")
    assert why_not_paintable(document.active) == "adjustment"
