"""The layers panel over a real document: rows follow the document, every click is one step."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import BlendMode, GroupLayer, PaintLayer
from desktop.panels.layers_panel import EYE, LOCK, NAME, LayersPanel
from desktop.panels.thumbnail import layer_thumbnail


@pytest.fixture
def document() -> Document:
    made = Document.new(Bounds(0, 0, 256, 256))
    made.add_layer(PaintLayer("Layer 2"))
    made.add_layer(PaintLayer("Layer 3"))
    return made


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> Iterator[LayersPanel]:
    compositor = Compositor(document, QColor("white"))
    made = LayersPanel(document, compositor)
    qtbot.addWidget(made)
    made.resize(280, 420)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.release_document()
    compositor.close()


def rows(item: QTreeWidgetItem) -> list[object]:
    """Names from top to bottom; a group is a pair of its name and its rows."""
    found: list[object] = []
    for at in range(item.childCount()):
        child = item.child(at)
        assert child is not None
        found.append((child.text(NAME), rows(child)) if child.childCount() else child.text(NAME))
    return found


def shown(panel: LayersPanel) -> list[object]:
    return rows(panel.tree.invisibleRootItem())


def click(panel: LayersPanel, name: str, column: int) -> None:
    item = panel.tree.findItems(name, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive, NAME)[0]
    rect = panel.tree.visualItemRect(item)
    x = panel.tree.columnViewportPosition(column) + panel.tree.columnWidth(column) // 2
    QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(x, rect.center().y()).toPoint())


def test_rows_stand_as_the_layers_lie(panel: LayersPanel, document: Document) -> None:
    assert shown(panel) == ["Layer 3", "Layer 2", "Layer 1"]
    document.undo()
    assert shown(panel) == ["Layer 2", "Layer 1"]


def test_eye_and_lock_are_single_steps(panel: LayersPanel, document: Document) -> None:
    steps = len(document.history.names)
    layer = next(layer for layer in document.tree.walk() if layer.name == "Layer 2")
    click(panel, "Layer 2", EYE)
    assert not layer.visible
    click(panel, "Layer 2", LOCK)
    assert layer.locked
    assert len(document.history.names) == steps + 2
    document.undo()
    document.undo()
    assert layer.visible
    assert not layer.locked


def test_choosing_a_row_makes_the_layer_active_and_back(panel: LayersPanel, document: Document) -> None:
    click(panel, "Layer 3", NAME)
    assert document.active is not None
    assert document.active.name == "Layer 3"
    document.active = document.tree.root.children[0]
    current = panel.tree.currentItem()
    assert current is not None
    assert current.text(NAME) == "Layer 1"


def test_renaming_in_the_row(panel: LayersPanel, document: Document, qtbot: QtBot) -> None:
    click(panel, "Layer 3", NAME)
    QTest.keyClick(panel.tree, Qt.Key.Key_F2)
    editor = panel.tree.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, "Sky")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document.tree.root.children[2].name == "Sky")  # Qt commits a moment later
    assert document.history.undo_name == "Rename layer"
    document.undo()
    assert shown(panel)[0] == "Layer 3"
    first = panel.tree.topLevelItem(0)
    assert first is not None
    first.setText(NAME, "   ")
    assert shown(panel)[0] == "Layer 3"


def test_one_drag_of_the_opacity_is_one_step(panel: LayersPanel, document: Document) -> None:
    layer = document.active
    assert layer is not None
    steps = len(document.history.names)
    for targets in ((80, 60, 40), (30, 20)):
        panel.opacity.setSliderDown(True)
        for percent in targets:
            panel.opacity.setSliderPosition(percent)
        panel.opacity.setSliderDown(False)
    assert layer.opacity == 0.2
    assert len(document.history.names) == steps + 2
    document.undo()
    assert layer.opacity == 0.4
    assert panel.opacity.value() == 40
    assert panel.opacity_text.text() == "40 %"
    document.undo()
    assert layer.opacity == 1.0


def test_blend_mode(panel: LayersPanel, document: Document) -> None:
    layer = document.active
    assert layer is not None
    row = [panel.blend.itemText(at) for at in range(panel.blend.count())].index("Multiply")
    panel.blend.setCurrentIndex(row)
    panel.blend.activated.emit(row)
    assert layer.blend_mode is BlendMode.MULTIPLY
    document.undo()
    assert panel.blend.currentText() == "Normal"
    assert all(panel.blend.itemText(at) for at in range(panel.blend.count()))


def test_add_duplicate_group_and_delete(panel: LayersPanel, document: Document) -> None:
    steps = len(document.history.names)
    QTest.mouseClick(panel.add_button, Qt.MouseButton.LeftButton)
    assert shown(panel) == ["Layer 3", "Layer 2", "Layer 4", "Layer 1"]
    QTest.mouseClick(panel.group_button, Qt.MouseButton.LeftButton)
    assert shown(panel) == ["Layer 3", "Layer 2", ("Group 1", ["Layer 4"]), "Layer 1"]
    QTest.mouseClick(panel.duplicate_button, Qt.MouseButton.LeftButton)
    assert shown(panel) == ["Layer 3", "Layer 2", ("Group 1", ["Layer 4 copy", "Layer 4"]), "Layer 1"]
    QTest.mouseClick(panel.delete_button, Qt.MouseButton.LeftButton)
    assert document.active is not None
    assert document.active.name == "Layer 4"
    assert len(document.history.names) == steps + 4
    for _ in range(4):
        document.undo()
    assert shown(panel) == ["Layer 3", "Layer 2", "Layer 1"]


def test_deleting_the_last_layer_leaves_a_calm_panel(panel: LayersPanel, document: Document) -> None:
    for _ in range(4):
        panel.delete_layer()
    assert shown(panel) == []
    assert document.active is None
    assert not panel.delete_button.isEnabled()
    assert not panel.opacity.isEnabled()
    panel.add_layer()
    assert shown(panel) == ["Layer 1"]
    assert panel.delete_button.isEnabled()


@pytest.mark.parametrize(
    ("row", "order"),
    [(0, ["Layer 1", "Layer 3", "Layer 2"]), (1, ["Layer 3", "Layer 1", "Layer 2"]), (3, None), (2, None)],
)
def test_a_dropped_row_moves_the_layer(
    panel: LayersPanel, document: Document, row: int, order: list[str] | None
) -> None:
    steps = len(document.history.names)
    lowest = document.tree.root.children[0]
    panel.tree.moveWanted.emit(lowest.id, "", row)
    assert shown(panel) == (order or ["Layer 3", "Layer 2", "Layer 1"])
    assert len(document.history.names) == steps + (order is not None)


def test_the_highest_row_can_go_down_and_into_a_group(panel: LayersPanel, document: Document) -> None:
    top = document.tree.root.children[2]
    panel.tree.moveWanted.emit(top.id, "", 3)
    assert shown(panel) == ["Layer 2", "Layer 1", "Layer 3"]
    group = GroupLayer("Group")
    document.add_layer(group)
    panel.tree.moveWanted.emit(top.id, group.id, 0)
    assert shown(panel) == [("Group", ["Layer 3"]), "Layer 2", "Layer 1"]
    steps = len(document.history.names)
    panel.tree.moveWanted.emit(group.id, group.id, 0)
    assert len(document.history.names) == steps


def test_thumbnails_follow_the_paint(panel: LayersPanel, document: Document, qtbot: QtBot) -> None:
    layer = document.tree.root.children[0]
    assert isinstance(layer, PaintLayer)
    qtbot.waitUntil(lambda: layer.id in panel._icons)
    before = panel._icons[layer.id].cacheKey()
    other = panel._icons[document.tree.root.children[1].id].cacheKey()
    picture = QImage(500, 400, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor(220, 20, 30))
    document.put_image(layer, -100, -70, picture)
    qtbot.waitUntil(lambda: panel._icons[layer.id].cacheKey() != before)
    assert panel._icons[document.tree.root.children[1].id].cacheKey() == other
    assert layer_thumbnail(layer, 1.0).toImage().pixelColor(20, 16) == QColor(220, 20, 30)
