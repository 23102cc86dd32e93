"""The menu Select in a real window: edge dialogs, saved selections, nudges, quick mask, ways of combining."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QMenu

from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.selection import Combine, Selection
from desktop.dialogs.saved_selections import SavedSelectionsDialog
from desktop.dialogs.selection_edge import SelectionEdgeDialog
from desktop.main_window import MainWindow
from desktop.tool_families import FamilyButton
from desktop.view.tools.selecting import FEATHER
from tests.desktop.conftest import Scenario, until
from tests.desktop.view.gestures import drag, press, release

DISK = Selection.ellipse(Bounds(20, 20, 200, 160))


def trigger(window: MainWindow, name: str) -> None:
    window.refresh_actions()
    action = window.actions_by_id[name]
    assert action.isEnabled(), name
    action.trigger()


async def edge_dialog(window: MainWindow, name: str) -> SelectionEdgeDialog:
    trigger(window, name)
    found: list[SelectionEdgeDialog] = []

    def there() -> bool:
        found[:] = [child for child in window.findChildren(SelectionEdgeDialog) if child.isVisible()]
        return bool(found)

    await until(there)
    return found[0]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("grow", lambda s: s.grown(12)),
        ("shrink", lambda s: s.grown(-12)),
        ("feather", lambda s: s.feathered(12)),
        ("smooth", lambda s: s.smoothed(12)),
        ("border", lambda s: s.bordered(12)),
    ],
)
def test_the_edge_changes_as_previewed_and_remembers(
    window: MainWindow, run: Scenario, name: str, wanted: Callable[[Selection], Selection]
) -> None:
    document, overlay = window.session.document, window.view.selection_overlay
    document.set_selection(DISK)

    async def story() -> None:
        dialog = await edge_dialog(window, f"select.{name}")
        dialog.pixels.setValue(12)
        await until(lambda: overlay.shown == wanted(DISK))
        assert document.selection is DISK
        dialog.buttons.button(dialog.buttons.StandardButton.Ok).click()
        await until(lambda: document.selection == wanted(DISK))
        assert overlay.shown is document.selection
        assert len(document.history.names) == 2
        document.undo()
        assert document.selection == DISK
        dialog = await edge_dialog(window, f"select.{name}")
        assert dialog.pixels.value() == 12
        dialog.reject()

    run(story())


def test_cancel_restores_and_what_is_too_large_is_said(window: MainWindow, run: Scenario) -> None:
    document, overlay = window.session.document, window.view.selection_overlay
    document.set_selection(Selection.rectangle(Bounds(0, 0, 16000, 10)))

    async def story() -> None:
        before = document.selection
        dialog = await edge_dialog(window, "select.grow")
        await until(lambda: overlay.shown is not before)
        dialog.pixels.setValue(400)
        await until(lambda: "16384" in dialog.note.text())
        dialog.buttons.button(dialog.buttons.StandardButton.Ok).click()
        await asyncio.sleep(0.05)
        assert dialog.isVisible()
        assert document.selection is before
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        assert overlay.shown is before
        assert document.history.names == ("Select",)

    run(story())


def test_saved_selections_are_named_loaded_in_four_ways_and_deleted(window: MainWindow, run: Scenario) -> None:
    document = window.session.document
    document.set_selection(DISK)

    async def story() -> None:
        trigger(window, "select.save")
        dialog = window.findChild(QInputDialog, "saveSelectionDialog")
        assert dialog is not None
        dialog.setTextValue("the moon")
        dialog.accept()
        await until(lambda: "the moon" in document.saved_selections)
        box = Selection.rectangle(Bounds(0, 0, 120, 120))
        for how in Combine:
            document.set_selection(box)
            menu = window.action_set.menus["select/saved"]
            menu.aboutToShow.emit()
            child = next(m for m in menu.findChildren(QMenu) if m.title() == "the moon")
            child.actions()[list(Combine).index(how)].trigger()
            await until(lambda how=how: document.selection == box.combined(DISK, how))
        trigger(window, "select.saved")
        listed = window.findChild(SavedSelectionsDialog)
        assert listed is not None
        assert listed.current() == "the moon"
        document.set_selection(box)
        listed.buttons[Combine.ADD].click()
        await until(lambda: document.selection == box.combined(DISK, Combine.ADD))
        trigger(window, "select.saved")
        again = next(d for d in window.findChildren(SavedSelectionsDialog) if d.isVisible())
        again.delete.click()
        assert not document.saved_selections
        assert again.names.count() == 0
        document.undo()
        assert again.names.count() == 1
        again.reject()

    run(story())


def test_a_saved_selection_needs_a_name(window: MainWindow, run: Scenario, expected_warnings: list[str]) -> None:
    expected_warnings.append("needs a name")
    window.session.document.set_selection(DISK)

    async def story() -> None:
        trigger(window, "select.save")
        dialog = window.findChild(QInputDialog, "saveSelectionDialog")
        assert dialog is not None
        dialog.setTextValue("   ")
        dialog.accept()
        await asyncio.sleep(0.02)
        assert not window.session.document.saved_selections

    run(story())


def painted(window: MainWindow) -> PaintLayer:
    layer = window.session.document.active
    assert isinstance(layer, PaintLayer)
    rgba = np.zeros((80, 100, 4), np.uint8)
    rgba[..., 0], rgba[20:60, 30:90, 3] = 200, 255
    rgba[20:60, 30:50, 3] = 128
    window.session.document.put_image(layer, 10, 10, from_rgba(rgba))
    return layer


def test_layers_masks_and_everything_painted_become_selections(window: MainWindow, run: Scenario) -> None:
    document = window.session.document
    layer = painted(window)

    async def story() -> None:
        trigger(window, "select.from-layer")
        await until(lambda: not document.selection.is_empty)
        assert document.selection.bounds == Bounds(40, 30, 60, 40)
        assert document.selection.coverage(Bounds(40, 30, 1, 1))[0, 0] == 128
        first = document.selection
        document.set_selection(Selection.none())
        trigger(window, "select.content")
        await until(lambda: document.selection == first)
        document.set_selection(Selection.rectangle(Bounds(40, 30, 10, 40)))
        mask = document.add_mask(layer, document.selection)
        document.active = mask
        trigger(window, "select.from-layer")
        await until(lambda: document.selection == Selection.rectangle(Bounds(40, 30, 10, 40)))
        document.set_layer(mask, hides_outside=False)
        trigger(window, "select.from-layer")
        await until(lambda: document.selection == Selection.rectangle(Bounds(50, 30, 50, 40)))

    run(story())


def test_an_empty_layer_is_refused_in_a_sentence(
    window: MainWindow, run: Scenario, expected_warnings: list[str]
) -> None:
    expected_warnings.append("nothing painted to select")

    async def story() -> None:
        said: list[str] = []
        window.slots.failed.connect(said.append)
        trigger(window, "select.content")
        await until(lambda: said)
        assert "nothing painted" in said[0]

    run(story())


def test_reselect_brings_the_last_one_back(window: MainWindow) -> None:
    document = window.session.document
    assert not window.actions_by_id["select.reselect"].isEnabled()
    document.set_selection(DISK)
    trigger(window, "select.none")
    assert document.selection.is_empty
    trigger(window, "select.reselect")
    assert document.selection is DISK


def test_arrow_keys_move_the_outline_while_a_selecting_tool_is_in_hand(window: MainWindow) -> None:
    document = window.session.document
    document.set_selection(DISK)
    window.show()
    trigger(window, "tool.rectangle")
    for _ in range(3):
        trigger(window, "select.nudge-right")
    trigger(window, "select.nudge-up-far")
    assert document.selection == DISK.translated(3, -10)
    assert document.history.names == ("Select", "Move selection")
    document.undo()
    assert document.selection == DISK
    trigger(window, "tool.brush")
    assert not window.actions_by_id["select.nudge-right"].isEnabled()


def test_quick_mask_outline_and_ways_of_combining_are_actions(window: MainWindow) -> None:
    document, overlay = window.session.document, window.view.selection_overlay
    trigger(window, "select.quick-mask")
    assert overlay.quick_mask
    assert window.actions_by_id["select.quick-mask"].isChecked()
    trigger(window, "select.quick-mask")
    assert not overlay.quick_mask
    trigger(window, "view.selection-outline")
    assert not overlay.outline
    assert not window.actions_by_id["view.selection-outline"].isChecked()
    trigger(window, "view.selection-outline")
    trigger(window, "select.combine-add")
    assert window.actions_by_id["select.combine-add"].isChecked()
    window.view.fit(document.frame)
    window.view.set_tool("rectangle")
    for x in (10, 100):
        press(window.view, x, 10)
        release(window.view, x + 40, 50)
    assert document.selection.contains(20, 20)
    assert document.selection.contains(120, 20)


def test_the_wand_works_beside_the_events_of_a_window(window: MainWindow, run: Scenario) -> None:
    document = window.session.document
    painted(window)
    window.view.fit(document.frame)
    window.view.set_tool("wand")

    async def story() -> None:
        press(window.view, 80, 50)
        release(window.view, 80, 50)
        assert window.view.gesture_running  # it has only begun to look
        await until(lambda: not document.selection.is_empty)
        await until(lambda: not window.view.gesture_running)
        steps = document.history.names
        press(window.view, 80, 50)
        release(window.view, 80, 50)
        assert window.view.cancel_gesture()
        await asyncio.sleep(0.1)
        assert document.history.names == steps

    run(story())


def test_every_row_of_the_menu_has_a_handler(window: MainWindow) -> None:
    handlers: dict[str, Any] = window.handlers
    for name in window.actions_by_id:
        assert name in handlers


def test_tools_of_a_family_share_a_place_in_the_bar(window: MainWindow) -> None:
    button = next(
        b for b in window.tool_bar.findChildren(FamilyButton) if b.defaultAction().objectName() == "tool.lasso"
    )
    assert button.objectName() == "bar-tool.lasso"
    trigger(window, "tool.magnetic-lasso")
    assert button.defaultAction() is window.actions_by_id["tool.magnetic-lasso"]
    assert button.isChecked()
    trigger(window, "tool.brush")
    assert not button.isChecked()
    button.click()
    assert window.view.tool_id == "magnetic-lasso"
    button.show_family()
    assert button.family.isVisible()
    button.family.close()
    assert [action.objectName() for action in button.family.actions()] == [
        "tool.lasso",
        "tool.polygon-lasso",
        "tool.magnetic-lasso",
    ]


def test_inverting_twice_gives_the_selection_back(window: MainWindow, run: Scenario) -> None:
    document = window.session.document
    document.set_frame(Bounds(0, 0, 300, 300))
    document.set_selection(DISK)

    async def story() -> None:
        trigger(window, "select.invert")
        await until(lambda: document.selection == DISK.inverted(document.frame))
        trigger(window, "select.invert")
        await until(lambda: document.selection == DISK)

    run(story())


def test_a_large_soft_shape_is_computed_beside_the_events(window: MainWindow, run: Scenario) -> None:
    document, view = window.session.document, window.view
    view.zoom_to(1 / 8)
    view.set_tool("rectangle")
    view.options.set_value("rectangle", FEATHER, 40)

    async def story() -> None:
        drag(view, [(-1200, -1000), (1200, 1000)])
        assert document.selection.is_empty
        assert view.gesture_running
        wanted = Selection.rectangle(Bounds(-1200, -1000, 2400, 2000)).feathered(40)
        await until(lambda: document.selection == wanted)
        await until(lambda: not view.gesture_running)

    run(story())
