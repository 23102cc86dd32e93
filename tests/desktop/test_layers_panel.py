"""The layers panel over a real document: rows follow the document, every gesture is one step."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from canvas.adjustments import Levels
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, PaintLayer
from desktop.panels.blend_modes import FAMILIES
from desktop.panels.layer_drops import drop_place, mime_of
from desktop.panels.layer_rows import EYE, LOCK, NAME, places_in
from desktop.panels.layers_panel import LayersPanel
from desktop.panels.thumbnail import layer_thumbnail

NO_KEY = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


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
    made.resize(300, 480)
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


def layer(document: Document, name: str) -> Layer:
    return next(layer for layer in document.tree.walk() if layer.name == name)


def item(panel: LayersPanel, name: str) -> QTreeWidgetItem:
    return panel.tree.findItems(name, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive, NAME)[0]


def place(panel: LayersPanel, name: str, column: int, down: float = 0.5) -> QPoint:
    rect = panel.tree.visualItemRect(item(panel, name))
    x = panel.tree.columnViewportPosition(column) + panel.tree.columnWidth(column) // 2
    return QPointF(x, rect.top() + rect.height() * down).toPoint()


def click(panel: LayersPanel, name: str, column: int, keys: Qt.KeyboardModifier = NO_KEY) -> None:
    QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, keys, place(panel, name, column))


def picture_of(panel: LayersPanel, document: Document, name: str, mask: bool = False) -> QPoint:
    places = places_in(panel.tree.middle_of(item(panel, name)), layer(document, name))
    return places.mask.center() if mask else places.picture.center()


def drop(panel: LayersPanel, names: list[str], at: QPoint) -> None:
    """Real drag events, as the window system sends them."""
    ids = [found.id for found in panel._document.tree.walk() if found.name in names]
    data, viewport = mime_of(ids), panel.tree.viewport()
    sort = (Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, NO_KEY)
    QApplication.sendEvent(viewport, QDragEnterEvent(at, *sort))
    QApplication.sendEvent(viewport, QDragMoveEvent(at, *sort))
    QApplication.sendEvent(viewport, QDropEvent(QPointF(at), *sort))


def test_rows_stand_as_the_layers_lie(panel: LayersPanel, document: Document) -> None:
    assert shown(panel) == ["Layer 3", "Layer 2", "Layer 1"]
    document.undo()
    assert shown(panel) == ["Layer 2", "Layer 1"]


def test_eye_and_lock_are_single_steps(panel: LayersPanel, document: Document) -> None:
    steps = len(document.history.names)
    chosen = layer(document, "Layer 2")
    click(panel, "Layer 2", EYE)
    assert not chosen.visible
    click(panel, "Layer 2", LOCK)
    assert chosen.locked
    assert len(document.history.names) == steps + 2
    document.undo()
    document.undo()
    assert chosen.visible
    assert not chosen.locked


def test_sweeping_over_eyes_is_one_step(panel: LayersPanel, document: Document) -> None:
    steps = len(document.history.names)
    viewport = panel.tree.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, NO_KEY, place(panel, "Layer 3", EYE))
    QTest.mouseMove(viewport, place(panel, "Layer 2", EYE))
    QTest.mouseMove(viewport, place(panel, "Layer 1", EYE))
    assert layer(document, "Layer 2").visible  # nothing is done before the button is let go
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, NO_KEY, place(panel, "Layer 1", EYE))
    assert [found.visible for found in document.tree.walk()] == [False] * 3
    assert len(document.history.names) == steps + 1
    document.undo()
    assert [found.visible for found in document.tree.walk()] == [True] * 3


def test_alt_click_on_an_eye_shows_only_that_one_and_back(panel: LayersPanel, document: Document) -> None:
    document.set_layer(layer(document, "Layer 1"), visible=False)
    steps = len(document.history.names)
    click(panel, "Layer 2", EYE, ALT)
    assert [found.visible for found in document.tree.walk()] == [False, True, False]
    click(panel, "Layer 2", EYE, ALT)
    assert [found.visible for found in document.tree.walk()] == [False, True, True]
    assert len(document.history.names) == steps + 2
    document.undo()
    document.undo()
    assert [found.visible for found in document.tree.walk()] == [False, True, True]


def test_choosing_a_row_makes_the_layer_active_and_back(panel: LayersPanel, document: Document) -> None:
    click(panel, "Layer 3", NAME)
    assert document.active is layer(document, "Layer 3")
    document.active = document.tree.root.children[0]
    current = panel.tree.currentItem()
    assert current is not None
    assert current.text(NAME) == "Layer 1"


def test_several_rows_are_chosen_with_ctrl_and_shift(panel: LayersPanel, document: Document) -> None:
    click(panel, "Layer 1", NAME)
    click(panel, "Layer 3", NAME, CTRL)
    assert [found.name for found in document.chosen] == ["Layer 1", "Layer 3"]
    assert document.active is layer(document, "Layer 3")
    click(panel, "Layer 3", NAME, CTRL)
    assert [found.name for found in document.chosen] == ["Layer 1"]
    assert document.active is layer(document, "Layer 1")
    click(panel, "Layer 3", NAME, SHIFT)
    assert len(document.chosen) == 3
    steps = len(document.history.names)
    click(panel, "Layer 2", LOCK)
    assert all(found.locked for found in document.tree.walk())
    assert len(document.history.names) == steps + 1
    document.choose([layer(document, "Layer 1")])
    assert {found.text(NAME) for found in panel.tree.selectedItems()} == {"Layer 1", "Layer 3"}


def test_clicking_the_pictures_switches_between_layer_and_mask(panel: LayersPanel, document: Document) -> None:
    target = layer(document, "Layer 2")
    mask = document.add_mask(target)
    viewport, left = panel.tree.viewport(), Qt.MouseButton.LeftButton
    QTest.mouseClick(viewport, left, NO_KEY, picture_of(panel, document, "Layer 2", mask=True))
    assert document.active is mask
    click(panel, "Layer 2", NAME)
    assert document.active is mask  # the row was chosen already
    QTest.mouseClick(viewport, left, SHIFT, picture_of(panel, document, "Layer 2", mask=True))
    assert not mask.enabled
    assert document.history.undo_name == "Disable mask"
    QTest.mouseClick(viewport, left, NO_KEY, picture_of(panel, document, "Layer 2"))
    assert document.active is target
    document.undo()
    assert mask.enabled


def test_the_painted_picture_has_the_border(panel: LayersPanel, document: Document) -> None:
    target = layer(document, "Layer 2")
    document.add_mask(target)
    accent = panel.tree.palette().accent().color()

    def framed(mask: bool) -> bool:
        QApplication.processEvents()
        image = panel.tree.viewport().grab().toImage()
        places = places_in(panel.tree.middle_of(item(panel, "Layer 2")), target)
        rect = places.mask if mask else places.picture
        found = image.pixelColor(rect.center().x(), rect.top() - 1)
        return max(abs(found.red() - accent.red()), abs(found.blue() - accent.blue())) < 12

    document.active = target.mask
    assert framed(mask=True)
    assert not framed(mask=False)
    document.active = target
    assert framed(mask=False)
    assert not framed(mask=True)


def test_renaming_in_the_row(panel: LayersPanel, document: Document, qtbot: QtBot) -> None:
    at = place(panel, "Layer 3", NAME)
    QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at)
    QTest.mouseDClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at)
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


def test_one_drag_of_the_opacity_is_one_step_for_all_chosen(panel: LayersPanel, document: Document) -> None:
    chosen = [layer(document, "Layer 1"), layer(document, "Layer 2")]
    document.choose(chosen)
    steps = len(document.history.names)
    opacity = panel.controls.opacity
    for targets in ((80, 60, 40), (30, 20)):
        opacity.setSliderDown(True)
        for percent in targets:
            opacity.setSliderPosition(percent)
        opacity.setSliderDown(False)
    assert [found.opacity for found in chosen] == [0.2, 0.2]
    assert layer(document, "Layer 3").opacity == 1.0
    assert len(document.history.names) == steps + 2
    document.undo()
    assert [found.opacity for found in chosen] == [0.4, 0.4]
    assert opacity.value() == panel.controls.percent.value() == 40
    document.undo()
    assert [found.opacity for found in chosen] == [1.0, 1.0]
    document.redo()
    assert [found.opacity for found in chosen] == [0.4, 0.4]


def test_opacity_can_be_typed(panel: LayersPanel, document: Document) -> None:
    field = panel.controls.percent
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "35")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert layer(document, "Layer 1").opacity == 0.35
    assert document.history.undo_name == "Layer opacity"


def test_blend_modes_by_keys_step_over_headings(panel: LayersPanel, document: Document) -> None:
    assert {mode for _, modes in FAMILIES for mode in modes} == set(BlendMode)
    box, seen = panel.controls.blend, []
    box.setFocus()
    for _ in range(len(BlendMode) - 1):
        QTest.keyClick(box, Qt.Key.Key_Down)
        seen.append(layer(document, "Layer 1").blend_mode)
    assert seen == [mode for _, modes in FAMILIES for mode in modes][1:]
    document.undo()
    assert box.mode is seen[-2]
    assert all(box.itemText(at) for at in range(box.count()))


@pytest.mark.parametrize(
    ("names", "target", "down", "order"),
    [
        (["Layer 1"], "Layer 3", 0.1, ["Layer 1", "Layer 3", "Layer 2"]),
        (["Layer 1"], "Layer 3", 0.9, ["Layer 3", "Layer 1", "Layer 2"]),
        (["Layer 3"], "Layer 1", 0.9, ["Layer 2", "Layer 1", "Layer 3"]),
        (["Layer 3", "Layer 1"], "Layer 2", 0.9, ["Layer 2", "Layer 3", "Layer 1"]),
        (["Layer 2", "Layer 1"], "Layer 3", 0.1, ["Layer 2", "Layer 1", "Layer 3"]),
        (["Layer 1"], "Layer 1", 0.9, None),
    ],
)
def test_dropped_rows_move_the_layers_in_one_step(
    panel: LayersPanel, document: Document, names: list[str], target: str, down: float, order: list[str] | None
) -> None:
    steps = len(document.history.names)
    drop(panel, names, place(panel, target, NAME, down))
    assert shown(panel) == (order or ["Layer 3", "Layer 2", "Layer 1"])
    assert len(document.history.names) == steps + (order is not None)
    if order:
        document.undo()
        assert shown(panel) == ["Layer 3", "Layer 2", "Layer 1"]


def test_rows_go_into_groups_and_out_again(panel: LayersPanel, document: Document) -> None:
    group = GroupLayer("Group")
    document.add_layer(group)
    drop(panel, ["Layer 3", "Layer 1"], place(panel, "Group", NAME, 0.5))
    assert shown(panel) == [("Group", ["Layer 3", "Layer 1"]), "Layer 2"]
    steps = len(document.history.names)
    drop(panel, ["Group"], place(panel, "Layer 1", NAME, 0.5))
    assert len(document.history.names) == steps  # never into itself
    inside = place(panel, "Layer 1", NAME, 0.9)
    assert drop_place(panel.tree, inside, ["x"]).group == group.id  # type: ignore[union-attr]
    left = QPoint(panel.tree.columnViewportPosition(NAME) + 4, inside.y())
    drop(panel, ["Layer 3"], left)
    assert shown(panel) == [("Group", ["Layer 1"]), "Layer 3", "Layer 2"]
    drop(panel, ["Layer 1"], QPoint(60, panel.tree.viewport().height() - 4))
    assert shown(panel) == ["Group", "Layer 3", "Layer 2", "Layer 1"]


def test_a_drag_shows_a_line_where_the_rows_would_go(panel: LayersPanel, document: Document) -> None:
    before = panel.tree.viewport().grab().toImage()
    at = place(panel, "Layer 2", NAME, 0.1)
    data = mime_of([layer(document, "Layer 1").id])
    sort = (Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, NO_KEY)
    QApplication.sendEvent(panel.tree.viewport(), QDragEnterEvent(at, *sort))
    move = QDragMoveEvent(at, *sort)
    QApplication.sendEvent(panel.tree.viewport(), move)
    assert move.isAccepted()
    after = panel.tree.viewport().grab().toImage()
    top = panel.tree.visualItemRect(item(panel, "Layer 2")).top()
    assert after.pixelColor(160, top) != before.pixelColor(160, top)


def test_keys_of_the_tree(panel: LayersPanel, document: Document) -> None:
    panel.tree.setFocus()
    QTest.keyClick(panel.tree, Qt.Key.Key_Space)
    assert not layer(document, "Layer 1").visible
    QTest.keyClick(panel.tree, Qt.Key.Key_Up)
    assert document.active is layer(document, "Layer 2")
    QTest.keyClick(panel.tree, Qt.Key.Key_Up, SHIFT)
    assert [found.name for found in document.chosen] == ["Layer 2", "Layer 3"]
    QTest.keyClick(panel.tree, Qt.Key.Key_Delete)
    assert shown(panel) == ["Layer 1"]
    document.undo()
    assert shown(panel) == ["Layer 3", "Layer 2", "Layer 1"]


def test_deleting_the_last_layer_leaves_a_calm_panel(panel: LayersPanel, document: Document) -> None:
    for _ in range(4):
        panel.edits.delete()
    assert shown(panel) == []
    assert document.active is None
    assert not panel.controls.opacity.isEnabled()
    panel.edits.add()
    assert shown(panel) == ["Layer 1"]
    assert panel.controls.opacity.isEnabled()


def test_double_click_on_an_adjustment_asks_for_its_panel(panel: LayersPanel, document: Document, qtbot: QtBot) -> None:
    document.add_layer(AdjustmentLayer("Levels 1", Levels()))
    with qtbot.waitSignal(panel.editWanted, timeout=500):
        at = picture_of(panel, document, "Levels 1")
        QTest.mouseDClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, NO_KEY, at)
    assert document.active is layer(document, "Levels 1")


def test_thumbnails_follow_the_paint(panel: LayersPanel, document: Document, qtbot: QtBot) -> None:
    first, second = document.tree.root.children[:2]
    assert isinstance(first, PaintLayer)
    qtbot.waitUntil(lambda: all(panel.pictures.picture(found.id) for found in document.tree.walk()))

    def key(found: Layer) -> int:
        picture = panel.pictures.picture(found.id)
        assert picture is not None
        return picture.cacheKey()

    before, other = key(first), key(second)
    picture = QImage(500, 400, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor(220, 20, 30))
    document.put_image(first, -100, -70, picture)
    qtbot.waitUntil(lambda: key(first) != before)
    assert key(second) == other
    assert layer_thumbnail(first, 1.0).toImage().pixelColor(20, 16) == QColor(220, 20, 30)


def test_a_mask_is_grey_and_shows_what_it_hides(document: Document) -> None:
    first = document.tree.root.children[0]
    assert isinstance(first, PaintLayer)
    picture = QImage(256, 256, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor("blue"))
    document.put_image(first, 0, 0, picture)
    mask = document.add_mask(first)
    left = picture.copy(0, 0, 128, 256)
    document.put_image(mask, 0, 0, left)
    image = layer_thumbnail(mask, 1.0).toImage()
    assert image.pixelColor(8, 16).value() < 40
    assert image.pixelColor(32, 16).value() > 240
    document.set_layer(mask, hides_outside=True)
    image = layer_thumbnail(mask, 1.0).toImage()
    assert image.pixelColor(8, 16).value() > 240
    assert image.pixelColor(32, 16).value() < 40


def test_a_layer_of_thousands_of_tiles_is_looked_at_coarsely(document: Document) -> None:
    first = document.tree.root.children[0]
    assert isinstance(first, PaintLayer)
    tile = QImage(256, 256, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(QColor("green"))
    document.set_tiles(first, {(x, y): tile for x in range(60) for y in range(50)})
    looked_at = 0
    from desktop.panels.thumbnail import thumbnail_slices

    for _ in thumbnail_slices(first, 2.0):
        looked_at += 1
    assert looked_at < 150
    assert layer_thumbnail(first, 1.0).toImage().pixelColor(20, 16) == QColor("green")


def test_the_chosen_row_stays_in_sight_when_a_panel_takes_room(panel: LayersPanel, document: Document) -> None:
    for number in range(4, 12):
        document.add_layer(PaintLayer(f"Layer {number}"))
    document.active = layer(document, "Layer 6")
    QApplication.processEvents()
    assert place(panel, "Layer 6", NAME).y() < panel.tree.viewport().height(), "it was in sight"
    panel.resize(300, 260)
    QApplication.processEvents()
    assert 0 <= place(panel, "Layer 6", NAME).y() < panel.tree.viewport().height()
