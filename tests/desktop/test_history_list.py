"""The list of the history panel: rows in order, keys, what is under the pointer, what an empty one says."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from canvas.geometry import Bounds
from desktop.main_window import MainWindow
from desktop.panels.history_rows import Grouping
from desktop.program import Program
from tests.desktop.conftest import Scenario, until
from tests.desktop.logged import HOME
from tests.desktop.test_history_panel import chosen_id, ids, listed, opened, place_of, trigger


def test_rows_that_are_put_in_order_in_slices_lose_nothing(
    window: MainWindow, run: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with thousands of rows: every slice is over at once, the old rows stay until the new ones are whole."""
    monkeypatch.setattr("desktop.panels.history_model.SLICE_SECONDS", -1.0)

    async def scenario() -> None:
        panel, painter = await opened(window)
        far = Bounds(900, 0, 64, 48)
        made = [await painter.add(prompt=str(n), bounds=far if n % 2 else HOME) for n in range(6)]
        await listed(panel, 6)
        panel.list.choose([made[2].id])
        panel.group_by(Grouping.PLACE)
        assert panel.model.arranged is Grouping.TIME
        assert not panel.model.complete
        window.session.document.annotate(made[4].id, starred=True)
        newest = await painter.add(prompt="late")
        await listed(panel, 7)
        assert panel.model.arranged is Grouping.PLACE
        assert panel.list.delegate.grouping is Grouping.PLACE
        expected = [newest, *(made[n] for n in (4, 2, 0, 5, 3, 1))]
        assert ids(panel) == [record.id for record in expected]
        assert chosen_id(panel) == made[2].id
        row = panel.model.row_of(made[4].id)
        assert row is not None
        shown = panel.model.row(row).shown
        assert shown is not None
        assert shown.annotation.starred
        panel.group_by(Grouping.TREE)
        panel.group_by(Grouping.TIME)  # before that was done
        await listed(panel, 7)
        assert panel.model.arranged is Grouping.TIME
        assert ids(panel)[0] == newest.id
        assert [panel.model.row(n).heading for n in range(8)] == panel.model.headings.tolist()

    run(scenario())


def test_keys_walk_through_rows_and_cells(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        made = [await painter.add(minutes=n * 60 * 24 // 3 + 1) for n in range(9)]  # three a day
        await listed(panel, 9)
        panel.list.setFocus()
        newest = list(reversed(made))
        for record in made:  # each came over the others
            row = panel.model.row_of(record.id)
            assert row is not None
            shown = panel.model.row(row).shown
            assert shown is not None
            assert shown.record.id == record.id
        panel.list.choose([newest[0].id])
        for n in range(1, 9):
            QTest.keyClick(panel.list, Qt.Key.Key_Down)
            assert chosen_id(panel) == newest[n].id
        QTest.keyClick(panel.list, Qt.Key.Key_Home)
        assert chosen_id(panel) == newest[0].id
        assert panel.list.rows.row(panel.list.currentIndex().row()).heading is False
        QTest.keyClick(panel.list, Qt.Key.Key_End)
        assert chosen_id(panel) == newest[8].id
        QTest.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
        assert [record.id for record in panel.records()] == [newest[7].id, newest[8].id]
        trigger(window, "log.pictures")
        panel.group_by(Grouping.PLACE)  # all in one place: one block of cells
        panel.list.executeDelayedItemsLayout()
        across = panel.list.places.sizes.columns
        assert across > 1
        panel.list.choose([newest[0].id])
        QTest.keyClick(panel.list, Qt.Key.Key_Right)
        assert chosen_id(panel) == newest[1].id
        QTest.keyClick(panel.list, Qt.Key.Key_Down)
        assert chosen_id(panel) == newest[min(1 + across, 8)].id
        QTest.keyClick(panel.list, Qt.Key.Key_Up)
        assert chosen_id(panel) == newest[1].id
        panel.list.selectAll()
        assert len(panel.records()) == 9
        current = panel.list.visualRect(panel.list.currentIndex())
        assert panel.list.viewport().rect().contains(current)

    run(scenario())


def test_what_is_under_a_point_is_drawn_there(window: MainWindow, run: Scenario) -> None:
    """The list lays itself out: what it shows, what it finds and what a click chooses must agree."""

    async def scenario() -> None:
        panel, painter = await opened(window)
        made = [await painter.add(colours=((20 * n, 255 - 20 * n, 128),)) for n in range(10)]
        await listed(panel, 10)
        trigger(window, "log.pictures")
        panel.list.executeDelayedItemsLayout()
        await until(lambda: all(panel.list.thumbnails.picture(record) is not None for record in made))
        bar = panel.list.verticalScrollBar()
        bar.setValue(bar.maximum())
        image = panel.list.viewport().grab().toImage()
        ratio = image.devicePixelRatio()
        seen = [n for n in range(10) if panel.list.viewport().rect().contains(place_of(panel, made[n].id))]
        assert seen
        for n in seen:
            at = place_of(panel, made[n].id).center()
            colour = image.pixelColor(int(at.x() * ratio), int(at.y() * ratio))
            assert abs(colour.red() - 20 * n) < 12
            QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
            assert chosen_id(panel) == made[n].id
            panel.list.clearSelection()
            bar.setValue(bar.maximum())

    run(scenario())


def test_an_empty_list_says_what_will_be_there(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        await until(lambda: panel.list.empty_words)
        assert "appears here" in panel.list.empty_words
        await painter.add()
        await listed(panel, 1)
        panel.filter.setText("nothing like it")
        await until(lambda: panel.list.empty_words == "Nothing was found.")
        assert panel.model.rowCount() == 0

    run(scenario())


def test_grouping_and_size_are_remembered(window: MainWindow, program: Program, run: Scenario) -> None:
    async def scenario() -> None:
        await opened(window)
        trigger(window, "log.by-tree")
        window.history_panel.switches.large.click()
        other = program.new_window()
        assert other.history_panel.switches.grouping is Grouping.TREE
        assert other.history_panel.model.grouping is Grouping.TREE
        assert other.history_panel.switches.large.isChecked()

    run(scenario())
