"""The history panel in the real window: found, understood, compared, used again."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest

from canvas.geometry import NOTHING, Bounds
from canvas.layers import PaintLayer
from canvas.selection import Selection
from desktop.main_window import MainWindow
from desktop.panels.history_panel import HistoryPanel
from desktop.panels.history_rows import Grouping
from desktop.program import Program
from desktop.view.drops import DroppedRecord, dropped_record, record_mime
from tests.desktop.conftest import Scenario, until
from tests.desktop.logged import HOME, Made, Painter

RED, GREEN = (200, 60, 40), (30, 160, 70)


async def opened(window: MainWindow) -> tuple[HistoryPanel, Painter]:
    """The window on the screen with the history in front."""
    window.show()
    window.show_dock("history")
    await until(lambda: window.history_panel.isVisible())
    window.view.fit(Bounds(0, 0, 256, 256))
    return window.history_panel, Painter(window.session)


async def listed(panel: HistoryPanel, count: int) -> None:
    await until(lambda: panel.model.found == count and panel.model.complete)


def ids(panel: HistoryPanel) -> list[str]:
    rows = [panel.model.row(n) for n in range(panel.model.rowCount())]
    return [row.shown.record.id for row in rows if row.shown is not None and not row.heading]


def chosen_id(panel: HistoryPanel) -> str:
    record = panel.record()
    return record.id if record is not None else ""


def shown_id(panel: HistoryPanel) -> str:
    """The record whose picture is in place."""
    return panel.look.pick.record.id if panel.look.pick is not None else ""


def place_of(panel: HistoryPanel, record_id: str) -> QRect:
    """Where a record stands in the list."""
    row = panel.model.row_of(record_id)
    assert row is not None
    return panel.list.visualRect(panel.model.index(row))


def trigger(window: MainWindow, name: str) -> None:
    action = window.actions_by_id[name]
    assert action.isEnabled(), name
    action.trigger()


def hover(panel: HistoryPanel, record_id: str) -> None:
    panel.list.executeDelayedItemsLayout()
    row = panel.model.row_of(record_id)
    assert row is not None
    panel.list.scrollTo(panel.model.index(row))
    at = QPointF(panel.list.visualRect(panel.model.index(row)).center())
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(
        QEvent.Type.MouseMove, at, panel.list.viewport().mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier
    )
    panel.list.mouseMoveEvent(move)


def pixel(window: MainWindow, x: float, y: float) -> tuple[int, int, int]:
    """What the view shows at a canvas point."""
    at = window.view.canvas_to_widget(x, y)
    ratio = window.view.devicePixelRatioF()
    colour = window.view.grab().toImage().pixelColor(int(at[0] * ratio), int(at[1] * ratio))
    return colour.red(), colour.green(), colour.blue()


def test_new_records_come_to_the_top_and_filters_narrow(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        await listed(panel, 0)
        a = await painter.add(prompt="a boat on a lake", kept=True)
        b = await painter.add(prompt="pines", bounds=Bounds(500, 0, 64, 48))
        c = await painter.add(prompt="a lake", status="failed")
        await listed(panel, 3)
        assert ids(panel) == [c.id, b.id, a.id]
        panel.filter.setText("lake")
        await listed(panel, 2)
        assert ids(panel) == [c.id, a.id]
        assert panel.switches.count.text() == "2"
        for chip, found in (("kept", [a.id]), ("failed", [c.id]), ("starred", [])):
            panel.filters.chips[chip].setChecked(True)
            await listed(panel, len(found))
            assert ids(panel) == found
            panel.filters.chips[chip].setChecked(False)
        panel.filter.clear()
        window.session.document.set_selection(Selection.rectangle(Bounds(480, 0, 100, 20)))
        panel.filters.place_chip.click()
        await listed(panel, 1)
        assert ids(panel) == [b.id]
        panel.filters.place_chip.click()
        panel.filters.set_model("starter")
        await listed(panel, 3)
        panel.filters.set_model("another-model")
        await listed(panel, 0)
        panel.filters.set_model("")
        panel.filters.set_days(date(2026, 3, 2))
        await listed(panel, 0)
        panel.filters.set_days(date(2026, 2, 20), date(2026, 3, 3))
        await listed(panel, 3)
        panel.filters.clear()
        await listed(panel, 3)
        assert panel.filters.query().place == NOTHING
        assert not panel.filters.narrows

    run(scenario())


def test_a_panel_that_nobody_sees_asks_nothing(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        window.show()
        painter = Painter(window.session)
        await painter.add()
        await asyncio.sleep(0.1)
        assert window.history_panel.model.found == 0
        window.show_dock("history")
        await listed(window.history_panel, 1)

    run(scenario())


def test_stars_notes_and_deletions_are_steps_and_survive(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        document, log = window.session.document, window.session.document.generations
        a, b = await painter.add(prompt="one"), await painter.add(prompt="two")
        await listed(panel, 2)
        panel.list.choose([a.id, b.id])
        trigger(window, "log.star")
        assert log.annotation(a.id).starred
        assert log.annotation(b.id).starred
        document.undo()
        assert not log.annotation(a.id).starred
        assert not log.annotation(b.id).starred
        document.redo()
        panel.list.choose([a.id])
        trigger(window, "log.note")
        QTest.keyClicks(panel.details.note, "the good one")
        QTest.keyClick(panel.details.note, Qt.Key.Key_Return)
        assert log.annotation(a.id).note == "the good one"
        panel.filter.setText("good")
        await listed(panel, 1)
        panel.filter.clear()
        await listed(panel, 2)
        panel.list.choose([b.id])
        trigger(window, "log.delete")
        await listed(panel, 1)
        assert ids(panel) == [a.id]
        assert "Ctrl+Z" in window.status.currentMessage()
        document.undo()
        await listed(panel, 2)
        assert ids(panel) == [b.id, a.id]
        document.redo()
        await listed(panel, 1)
        panel.filters.chips["deleted"].setChecked(True)
        await until(lambda: ids(panel) == [b.id])
        panel.list.choose([b.id])
        trigger(window, "log.restore")
        panel.filters.chips["deleted"].setChecked(False)
        await listed(panel, 2)
        panel.list.choose([b.id])
        trigger(window, "log.star")
        assert log.annotation(a.id).starred
        assert not log.annotation(b.id).starred

    run(scenario())


@pytest.mark.slow
def test_stars_and_notes_are_there_when_the_painting_is_opened_again(
    window: MainWindow, run: Scenario, program: Program, tmp_path: Path
) -> None:
    async def scenario() -> None:
        _, painter = await opened(window)
        a = await painter.add(prompt="one", kept=True)
        await painter.add(prompt="two")
        window.session.document.annotate(a.id, starred=True, note="again")
        path = tmp_path / "kept.scroll"
        await window.session.save_as(path)
        window.close()
        await until(lambda: not program.windows)
        await program.open_files([path], None)
        await until(lambda: bool(program.windows))
        panel, _ = await opened(program.windows[0])
        await listed(panel, 2)
        panel.filters.chips["starred"].setChecked(True)
        await listed(panel, 1)
        assert ids(panel) == [a.id]
        panel.list.choose([a.id])
        assert panel.details.note.text() == "again"
        assert program.windows[0].session.document.generations.kept(a.id) == (0,)

    run(scenario())


def test_a_click_on_the_star_stars_and_chooses_nothing(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        a = await painter.add()
        await listed(panel, 1)
        panel.list.executeDelayedItemsLayout()
        box = QRectF(panel.list.visualRect(panel.model.index(1)))
        at = panel.list.delegate.star_place(box).toPoint()
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert window.session.document.generations.annotation(a.id).starred
        assert panel.records() == []

    run(scenario())


def test_hovering_shows_in_place_and_leaving_hides(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        a = await painter.add(colours=(RED,))
        b = await painter.add(colours=(GREEN,))
        failed = await painter.add(status="failed")
        await listed(panel, 3)
        steps = len(window.session.document.history.names)
        hover(panel, a.id)
        assert panel.look.pick is None  # not at once: the pointer may only pass
        await until(lambda: panel.look.pick is not None)
        assert pixel(window, 32, 24) == RED
        hover(panel, b.id)
        assert pixel(window, 32, 24) == RED  # stays until the other one is there: no flicker
        await until(lambda: shown_id(panel) == b.id)
        assert pixel(window, 32, 24) == GREEN
        hover(panel, failed.id)
        assert panel.look.pick is None
        assert pixel(window, 32, 24) not in (RED, GREEN)
        hover(panel, a.id)
        QGuiApplication.sendEvent(panel.list.viewport(), QEvent(QEvent.Type.Leave))
        await asyncio.sleep(0.2)
        assert panel.look.pick is None
        assert len(window.session.document.history.names) == steps

    run(scenario())


def test_the_keyboard_shows_in_place_and_skips_headings(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        old = await painter.add(colours=(RED,))
        new = await painter.add(colours=(GREEN,), minutes=3 * 24 * 60)
        await listed(panel, 2)
        trigger(window, "log.next")
        assert panel.record() == new
        await until(lambda: panel.look.pick is not None)
        QTest.keyClick(panel.list, Qt.Key.Key_Down)
        assert chosen_id(panel) == old.id
        await until(lambda: shown_id(panel) == old.id)
        trigger(window, "log.previous")
        assert chosen_id(panel) == new.id
        window.view.setFocus()
        await until(lambda: panel.look.pick is None)

    run(scenario())


def test_delete_in_the_list_deletes_there_and_not_on_the_layer(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        a, b = await painter.add(prompt="one"), await painter.add(prompt="two")
        await listed(panel, 2)
        window.activateWindow()
        await until(window.isActiveWindow)
        panel.list.setFocus()
        panel.list.choose([b.id])
        steps = window.session.document.history.names
        QTest.keyClick(panel.list, Qt.Key.Key_Delete)
        await listed(panel, 1)
        assert ids(panel) == [a.id]
        assert len(window.session.document.history.names) == len(steps) + 1

    run(scenario())


def test_esc_takes_the_words_away_then_leaves_the_search(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        await painter.add(prompt="one")
        await painter.add(prompt="two")
        await listed(panel, 2)
        trigger(window, "log.search")
        QTest.keyClicks(panel.filter, "two")
        await listed(panel, 1)
        QTest.keyClick(panel.filter, Qt.Key.Key_Escape)
        await listed(panel, 2)
        assert not panel.filter.text()
        QTest.keyClick(panel.filter, Qt.Key.Key_Escape)
        await until(window.view.hasFocus)

    run(scenario())


def test_apply_here_drop_and_old_place(window: MainWindow, run: Scenario, expected_warnings: list[str]) -> None:
    expected_warnings.append("belongs to another painting")

    async def scenario() -> None:
        panel, painter = await opened(window)
        document = window.session.document
        a = await painter.add(prompt="boat", colours=(RED, GREEN))
        await listed(panel, 1)
        panel.list.choose([a.id])
        panel.details.candidate.setValue(2)
        trigger(window, "log.apply")
        await until(lambda: document.content_bounds() == HOME)
        assert document.generations.kept(a.id) == (1,)
        assert pixel(window, 32, 24) == GREEN
        document.set_frame(Bounds(600, 600, 200, 200))
        trigger(window, "log.apply-here")
        await until(lambda: isinstance(document.active, PaintLayer) and document.active.offset is not None
                    and document.content_bounds().right > 600)  # fmt: skip
        assert document.content_bounds() == HOME.united(Bounds(668, 676, 64, 48))
        names = len(document.history.names)
        row = panel.model.row_of(a.id)
        assert row is not None
        dragged = dropped_record(panel.model.mimeData([panel.model.index(row)]))
        assert dragged == DroppedRecord(document.id, a.id, 1)  # the kept one
        assert panel.list.dragEnabled()
        mime = record_mime(DroppedRecord(document.id, a.id))
        assert dropped_record(mime) == DroppedRecord(document.id, a.id, 0)
        at = QPointF(*window.view.canvas_to_widget(100, 100))
        drop = QDropEvent(at, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        window.view.dropEvent(drop)
        await until(lambda: len(document.history.names) == names + 1)
        assert pixel(window, 100, 100) == RED
        assert pixel(window, 70, 80) == RED
        assert pixel(window, 66, 78) != RED
        foreign = record_mime(DroppedRecord("another", a.id))
        window.view.dropEvent(
            QDropEvent(at, Qt.DropAction.CopyAction, foreign, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        )
        assert len(document.history.names) == names + 1
        assert window.banner.isVisible()

    run(scenario())


@pytest.mark.slow
def test_copying_using_showing_and_going_to_the_parent(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        a = await painter.add(prompt="boat", kept=True, colours=(RED, GREEN))
        b = await painter.add(prompt="boat, dusk", parent=a.id, bounds=Bounds(5000, 0, 64, 48))
        await listed(panel, 2)
        panel.list.choose([a.id])
        assert not window.actions_by_id["log.parent"].isEnabled()
        panel.details.candidate.setValue(2)
        clipboard = QGuiApplication.clipboard()
        trigger(window, "log.copy-seed")
        assert clipboard.text() == str(a.request["seed"] + 1)
        trigger(window, "log.copy-prompt")
        assert clipboard.text() == "boat"
        trigger(window, "log.copy-all")
        assert "blurry" in clipboard.text()
        assert "64 × 48" in clipboard.text()
        panel.list.choose([b.id])
        assert panel.foot.buttons[0].isEnabled()
        assert panel.foot.isVisible()
        assert window.view.visible_bounds().intersected(b.bounds).is_empty
        trigger(window, "log.show")
        assert window.view.visible_bounds().contains(b.bounds)
        trigger(window, "log.use-settings")
        await until(lambda: window.form.settings.prompt == "boat, dusk")
        assert window.form.settings.seed == b.request["seed"]
        assert not window.form.settings.random_seed
        trigger(window, "log.parent")
        assert chosen_id(panel) == a.id
        panel.filter.setText("dusk")
        await listed(panel, 1)
        panel.list.choose([b.id])
        trigger(window, "log.parent")  # it is filtered out: the list shows its day instead
        await until(lambda: chosen_id(panel) == a.id)
        trigger(window, "log.note")
        assert panel.details.note.hasFocus()
        trigger(window, "log.search")
        assert panel.filter.hasFocus()

    run(scenario())


@pytest.mark.slow
def test_groupings_and_sizes_keep_what_is_chosen(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        a = await painter.add(kept=True)
        b = await painter.add(parent=a.id)
        c = await painter.add(bounds=Bounds(300, 0, 64, 48))
        await listed(panel, 3)
        panel.list.choose([b.id])
        orders = {
            Grouping.PLACE: [c.id, b.id, a.id],
            Grouping.TREE: [c.id, a.id, b.id],
            Grouping.TIME: [c.id, b.id, a.id],
        }
        for grouping, order in orders.items():
            trigger(window, f"log.by-{grouping}")
            assert ids(panel) == order
            assert panel.record() is not None
            assert chosen_id(panel) == b.id
            assert window.actions_by_id[f"log.by-{grouping}"].isChecked()
            panel.grab()
        trigger(window, "log.pictures")
        panel.list.executeDelayedItemsLayout()
        places = [place_of(panel, one.id) for one in (c, b, a)]
        assert places[0].top() == places[1].top()
        assert places[0].right() < places[1].left()
        panel.grab()
        d = await painter.add(parent=b.id)  # comes into every grouping at once
        for grouping in Grouping:
            trigger(window, f"log.by-{grouping}")
            assert d.id in ids(panel)

    run(scenario())


def test_scrubbing_goes_over_the_place_from_old_to_new(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        document = window.session.document
        trigger(window, "log.scrub")
        await until(lambda: not panel.scrub.running)
        assert window.banner.isVisible()  # nothing was made here yet
        a = await painter.add(colours=(RED,))
        await painter.add(bounds=Bounds(900, 900, 64, 48))
        await painter.add(status="failed")
        c = await painter.add(colours=(GREEN,), prompt="newest")
        trigger(window, "log.scrub")
        await until(lambda: panel.scrub.pick is not None and panel.look.pick is not None)
        assert [pick.record.id for pick in panel.scrub.picks] == [a.id, c.id]
        assert pixel(window, 32, 24) == GREEN
        assert "2 / 2" in panel.scrub.title.text()
        QTest.keyClick(panel.scrub.slider, Qt.Key.Key_Left)
        await until(lambda: shown_id(panel) == a.id)
        assert pixel(window, 32, 24) == RED
        assert "1 / 2" in panel.scrub.title.text()
        QTest.keyClick(panel.scrub.slider, Qt.Key.Key_Escape)
        assert not panel.scrub.running
        assert not panel.scrub.isVisible()
        assert pixel(window, 32, 24) not in (RED, GREEN)
        trigger(window, "log.scrub")
        await until(lambda: panel.scrub.pick is not None)
        panel.scrub.slider.setValue(0)
        QTest.keyClick(panel.scrub.slider, Qt.Key.Key_Return)
        await until(lambda: document.content_bounds() == HOME)
        assert document.generations.kept(a.id) == (0,)

    run(scenario())


@pytest.mark.slow
def test_the_menu_offers_everything(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        await painter.add()
        await listed(panel, 1)
        names = {action.objectName() for action in panel.foot.menu.actions()}
        assert {"log.apply", "log.star", "log.delete", "log.copy-seed", "log.show", "log.compare-flicker"} <= names
        panel.list.executeDelayedItemsLayout()
        panel.list.customContextMenuRequested.emit(panel.list.visualRect(panel.model.index(1)).center())
        await until(lambda: panel.foot.menu.isVisible())
        panel.foot.menu.close()
        panel.list.customContextMenuRequested.emit(QPoint(5, 5))
        assert not panel.foot.menu.isVisible()

    run(scenario())


@pytest.mark.slow
def test_five_thousand_records_come_page_by_page(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        panel, painter = await opened(window)
        document = window.session.document
        window.docks["history"].hide()
        for number in range(5000):
            record, _ = painter.record(_plain(number))
            document.generations.append(record)
            if number % 100 == 0:
                await asyncio.sleep(0)
        window.show_dock("history")
        await until(lambda: panel.model.found == 100)
        assert panel.switches.count.text() == "100+"
        assert not panel.model.complete
        bar = panel.list.verticalScrollBar()
        for found in (200, 300, 400):
            panel.list.executeDelayedItemsLayout()
            bar.setValue(bar.maximum())
            await until(lambda wanted=found: panel.model.found == wanted)
            assert bar.value() > 0  # the list stays where it was
        assert panel.list.thumbnails.held <= 400
        panel.filter.setText("number4242")
        await listed(panel, 1)
        panel.filter.clear()
        await until(lambda: panel.model.found == 100)
        while not panel.model.complete:
            before = panel.model.found
            panel.list.executeDelayedItemsLayout()
            bar.setValue(bar.maximum())
            await until(lambda was=before: panel.model.found > was or panel.model.complete)
        assert panel.model.found == 5000
        assert len(set(ids(panel))) == 5000
        for grouping in Grouping:
            panel.group_by(grouping)
            assert len(set(ids(panel))) == 5000

    run(scenario())


def _plain(number: int) -> Made:
    parent = f"r{number - 1:05d}" if number % 7 else ""
    bounds = Bounds(number % 40 * 70, 0, 64, 48)
    return Made(prompt=f"number{number} of many", status="cancelled", parent=parent, bounds=bounds)


def test_every_action_of_the_log_is_in_its_menu(window: MainWindow) -> None:
    for name in ("log.star", "log.delete", "log.compare-wipe", "log.scrub", "log.next"):
        assert window.action_set.menus["generate/history"].actions().count(window.actions_by_id[name]) == 1
