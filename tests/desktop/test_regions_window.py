"""Prompt regions in a whole window: panel, canvas, actions, undo."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from canvas.geometry import Bounds
from canvas.selection import Selection
from desktop.main_window import MainWindow
from desktop.program import Program
from tests.desktop.conftest import Scenario, until

pytestmark = pytest.mark.usefixtures("loop_never_rests")

LEFT, RIGHT = (Selection.rectangle(Bounds(x, 0, 256, 512)) for x in (0, 256))


def add(window: MainWindow, place: Selection, words: str) -> None:
    window.session.document.set_selection(place)
    window.actions_by_id["regions.add-from-selection"].trigger()
    window.regions_panel.rows[-1].prompt.insertPlainText(words)


async def shown(window: MainWindow) -> None:
    window.show()
    window.show_dock("regions")
    await until(lambda: window.view.region_overlay.filled)


def seen(window: MainWindow, x: int, y: int) -> QColor:
    """The colour of a canvas pixel on the screen."""
    view = window.view
    place = view.camera.to_view(x + 0.5, y + 0.5)
    return view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32).pixelColor(int(place[0]), int(place[1]))


def test_two_places_are_painted_in_one_go(window: MainWindow, run: Scenario) -> None:
    document, panel = window.session.document, window.regions_panel

    async def story() -> None:
        await shown(window)
        assert panel.hint.isVisible()
        panel.everywhere.insertPlainText("hills")
        assert window.form.settings.prompt == "hills"
        add(window, LEFT, "night")
        add(window, RIGHT, "day")
        assert [row.name.text() for row in panel.rows] == ["Region 1", "Region 2"]
        assert list(document.saved_selections) == ["Region 1", "Region 2"]
        assert not panel.hint.isVisible()
        document.set_selection(Selection.none())
        window.form.set(num_images_per_prompt=1)
        QTest.keyClick(panel.rows[1].prompt, Qt.Key.Key_Return)
        await until(lambda: window.controller.current is not None)
        current = window.controller.current
        assert current is not None
        assert [region.prompt for region in current.captured.request.regions] == ["hills, night", "hills, day"]
        pixels = current.patches[0]
        assert (pixels[:, :250] == pixels[0, 0]).all()
        assert (pixels[0, 0] != pixels[0, -1]).any()

    run(story())


def test_everything_is_undone_and_redone(window: MainWindow, run: Scenario) -> None:
    document, panel, actions = window.session.document, window.regions_panel, window.actions_by_id

    async def story() -> None:
        await shown(window)
        add(window, LEFT, "night")
        panel.rows[0].name.setText("sky")
        panel.rows[0].name.editingFinished.emit()
        panel.rows[0].on.click()
        panel.rows[0].colours.actions()[5].trigger()
        document.set_selection(RIGHT)
        panel.rows[0].reshape_action.trigger()
        panel.rows[0].delete.click()
        assert panel.rows == []
        names = ("Select", "Add region", "Regions", "Rename region", "Regions", "Regions", "Select", "Region place",
                 "Delete region")  # fmt: skip
        assert document.history.names == names
        assert list(document.saved_selections) == ["sky"]
        for _ in range(3):
            document.undo()
        row = panel.rows[0]
        assert (row.name.text(), row.prompt.toPlainText(), row.on.isChecked()) == ("sky", "night", False)
        assert document.saved_selections["sky"] == LEFT
        assert document.prompt_regions[0].colour == 5
        for _ in range(5):
            document.undo()
        assert panel.rows == []
        assert not document.saved_selections
        for _ in range(8):
            document.redo()
        assert panel.rows == []
        document.undo()
        actions["regions.clear"].trigger()
        assert (document.history.undo_name, panel.rows) == ("Remove regions", [])
        assert not actions["regions.clear"].isEnabled()
        document.undo()
        assert len(panel.rows) == 1

    run(story())


def test_a_name_that_is_taken_is_refused_with_a_sentence(
    window: MainWindow, run: Scenario, expected_warnings: list[str]
) -> None:
    expected_warnings += ["'Region 1' already", "needs a name", "Nothing is selected"]
    panel = window.regions_panel

    async def story() -> None:
        await shown(window)
        add(window, LEFT, "night")
        add(window, RIGHT, "day")
        for name, said in (("Region 1", "'Region 1' already"), ("  ", "needs a name")):
            panel.rows[1].name.setText(name)
            panel.rows[1].name.editingFinished.emit()
            await until(lambda said=said: said in window.banner.text.text())
            assert panel.rows[1].name.text() == "Region 2"
        window.session.document.set_selection(Selection.none())
        window.actions_by_id["regions.add-from-selection"].trigger()
        await until(lambda: "Nothing is selected" in window.banner.text.text())
        assert len(panel.rows) == 2

    run(story())


def test_a_place_that_is_gone_is_said_and_given_anew(window: MainWindow, run: Scenario) -> None:
    document, panel = window.session.document, window.regions_panel

    async def story() -> None:
        await shown(window)
        add(window, LEFT, "night")
        document.save_selection("Region 1", None)
        row = panel.rows[0]
        assert row.trouble.isVisible()
        assert "'Region 1' was deleted" in row.trouble.text()
        assert not row.chip.isEnabled()
        document.set_selection(RIGHT)
        row.reshape_action.trigger()
        assert not row.trouble.isVisible()
        assert document.saved_selections["Region 1"] == RIGHT
        document.set_selection(Selection.none())
        row.chip.click()
        assert document.selection == RIGHT

    run(story())


def test_saved_selections_become_regions(window: MainWindow, run: Scenario) -> None:
    document, panel = window.session.document, window.regions_panel

    async def story() -> None:
        await shown(window)
        panel.fill_saved()
        assert [action.isEnabled() for action in panel.saved.actions()] == [False]
        document.save_selection("the & moon", LEFT)
        document.save_selection("the sun", RIGHT)
        panel.fill_saved()
        panel.saved.actions()[0].trigger()
        assert [region.name for region in document.prompt_regions] == ["the & moon"]
        panel.fill_saved()
        assert [action.text() for action in panel.saved.actions()] == ["the sun"]
        window.actions_by_id["regions.select-next"].trigger()
        assert document.selection == LEFT
        panel.saved.actions()[0].trigger()
        for place in (RIGHT, LEFT):
            window.actions_by_id["regions.select-next"].trigger()
            assert document.selection == place

    run(story())


def test_colours_lie_over_the_canvas_until_a_picture_is_judged(window: MainWindow, run: Scenario) -> None:
    document, overlay, actions = window.session.document, window.view.region_overlay, window.actions_by_id

    async def story() -> None:
        await shown(window)
        plain = seen(window, 100, 300)
        add(window, LEFT, "night")
        document.set_selection(Selection.none())
        blue = seen(window, 100, 300)
        assert blue.blue() - blue.red() > 20
        assert seen(window, 400, 300) == plain
        made = overlay.developed
        for _ in range(3):
            window.view.grab()
        window.regions_panel.rows[0].prompt.insertPlainText(", moon")
        window.view.grab()
        assert overlay.developed == made, "made once, then only copied"
        window.view.pan(9, 0)
        window.view.grab()
        assert overlay.developed == made + 1
        window.show_dock("prompt")
        await until(lambda: not overlay.filled)
        assert seen(window, 100, 300) == plain
        assert seen(window, 255, 300) != plain, "an outline stays: nothing works unseen"
        window.show_dock("regions")
        await until(lambda: overlay.filled)
        actions["regions.show"].trigger()
        assert seen(window, 255, 300) == plain
        assert not actions["regions.show"].isChecked()
        actions["regions.show"].trigger()
        assert seen(window, 100, 300) == blue
        window.controller.generate()
        await until(lambda: window.controller.current is not None)
        assert overlay.resting
        patch = window.controller.current.images[window.controller.current.index]  # type: ignore[union-attr]
        assert seen(window, 100, 300).rgb() == patch.pixelColor(100, 300).rgb()
        window.controller.discard()
        assert seen(window, 100, 300) == blue

    run(story())


def test_a_new_region_is_brought_into_view_to_be_written(window: MainWindow, run: Scenario) -> None:
    async def story() -> None:
        await shown(window)
        for number in range(12):
            add(window, LEFT, f"word {number}")
        first, last = window.regions_panel.rows[0], window.regions_panel.rows[-1]
        await until(lambda: first.visibleRegion().isEmpty() and not last.prompt.visibleRegion().isEmpty())

    run(story())


def test_a_region_outside_the_view_costs_nothing(window: MainWindow, run: Scenario) -> None:
    async def story() -> None:
        await shown(window)
        add(window, Selection.rectangle(Bounds(90_000, 0, 50, 50)), "far")
        window.view.grab()
        assert window.view.region_overlay.developed == 0

    run(story())


def test_soft_rotated_and_cut_off_places_are_drawn_in_place(window: MainWindow, run: Scenario) -> None:
    async def story() -> None:
        await shown(window)
        view = window.view
        add(window, Selection.ellipse(Bounds(100, 100, 300, 200)).feathered(20), "a lake")
        window.session.document.set_selection(Selection.none())
        paper = seen(window, 20, 20)
        view.fit_close(Bounds(246, 194, 16, 12))
        view.rotate_by(40)
        view.grab()
        tint = seen(window, 255, 215)
        assert paper.red() - tint.red() > 20
        picture = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        corners = {picture.pixelColor(x, picture.height() - 1 - y).name() for x in range(4) for y in range(4)}
        assert corners == {tint.name()}, "no edge where the view cuts it"
        view.fit(Bounds(0, 0, 512, 512))
        view.reset_rotation()
        assert seen(window, 20, 20) == paper

    run(story())


def test_the_form_and_the_panel_follow_each_other_in_every_language(
    window: MainWindow, program: Program, run: Scenario
) -> None:
    panel = window.regions_panel

    async def story() -> None:
        await shown(window)
        window.prompt_panel.prompt.setPlainText("a long river " * 20)
        assert panel.everywhere.toPlainText().strip() == ("a long river " * 20).strip()
        await asyncio.sleep(0)
        assert panel.everywhere.height() > 60, "it grows with its words"
        add(window, LEFT, "night")
        program.settings.update(language="zh_CN")
        QApplication.processEvents()
        assert panel.rows[0].prompt.toPlainText() == "night"
        program.settings.update(language="en")

    run(story())


def test_regions_come_back_with_their_file(window: MainWindow, program: Program, run: Scenario) -> None:
    async def story() -> None:
        await shown(window)
        add(window, LEFT, "night")
        path = window.session.path
        window.close()
        await until(lambda: window not in program.windows)
        await program.open_files([path])
        again = program.windows[-1]
        row = again.regions_panel.rows[0]
        assert (row.name.text(), row.prompt.toPlainText()) == ("Region 1", "night")
        again.session.document.undo()
        assert again.regions_panel.rows[0].prompt.toPlainText() == ""

    run(story())
