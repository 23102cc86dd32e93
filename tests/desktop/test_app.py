"""The window as a person meets it: opened, used through its actions, closed, opened again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba, to_rgba
from canvas.selection import Selection
from desktop.dialogs.export import ExportDialog, ExportPlace
from desktop.main_window import MainWindow
from desktop.program import Program
from desktop.session import Session
from tests.canvas.project.test_trouble import fill_the_disk, free_the_disk
from tests.desktop.conftest import Scenario, until


def paint(window: MainWindow, bounds: Bounds, colour: str = "#336699") -> PaintLayer:
    image = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colour))
    layer = window.session.document.active
    assert isinstance(layer, PaintLayer)
    window.session.document.put_image(layer, bounds.x, bounds.y, image)
    return layer


def trigger(window: MainWindow, action: str) -> None:
    assert window.actions_by_id[action].isEnabled(), action
    window.actions_by_id[action].trigger()


def test_every_action_has_a_handler_and_nothing_more(window: MainWindow) -> None:
    assert set(window.handlers) == set(window.actions_by_id)


def test_every_condition_and_checkable_is_known(window: MainWindow) -> None:
    from desktop.actions.table import ACTIONS

    assert {spec.needs for spec in ACTIONS if spec.needs} <= set(window.conditions)
    assert {spec.id for spec in ACTIONS if spec.checkable} == set(window.checked)


def test_our_widgets_have_names_and_buttons_have_tips(window: MainWindow) -> None:
    from PySide6.QtWidgets import QAbstractButton

    for button in window.findChildren(QAbstractButton):
        inside_qt = button.objectName().startswith("qt_") or button.metaObject().className() == "QDockWidgetTitleButton"
        if not inside_qt and button.isVisibleTo(window) and not isinstance(button.parent(), type(window.menuBar())):
            assert button.objectName(), button.text()
            assert button.toolTip(), button.objectName()


def test_undo_and_selection_follow_the_document(window: MainWindow) -> None:
    actions = window.actions_by_id
    assert not actions["edit.undo"].isEnabled()
    assert not actions["select.none"].isEnabled()
    paint(window, Bounds(0, 0, 40, 40))
    trigger(window, "select.all")
    assert window.session.document.selection.bounds == window.session.document.frame
    trigger(window, "select.none")
    trigger(window, "edit.undo")
    trigger(window, "edit.undo")
    trigger(window, "edit.undo")
    assert not actions["edit.undo"].isEnabled()
    assert window.session.document.content_bounds().is_empty
    assert actions["edit.redo"].isEnabled()


def test_keys_choose_tools_and_sizes(window: MainWindow) -> None:
    window.activateWindow()
    window.view.setFocus()
    QTest.keyClick(window.view, Qt.Key.Key_E)
    assert window.view.tool_id == "eraser"
    assert window.actions_by_id["tool.eraser"].isChecked()
    before = window.view.brush.size
    QTest.keyClick(window.view, Qt.Key.Key_BracketRight)
    assert window.view.brush.size > before


def test_generate_keep_and_undo(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        window.form.set(prompt="pines", num_images_per_prompt=2)
        trigger(window, "generate.run")
        await until(lambda: window.controller.current is not None)
        window.view.setFocus()
        trigger(window, "generate.next")
        assert window.controller.current is not None
        assert window.controller.current.index == 1
        trigger(window, "generate.accept")

    run(scenario())
    assert len(list(window.session.document.tree.paint_layers())) == 2
    assert not window.actions_by_id["generate.accept"].isEnabled()
    trigger(window, "edit.undo")
    assert len(list(window.session.document.tree.paint_layers())) == 1


def test_return_on_the_canvas_runs_and_then_keeps(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        window.activateWindow()
        window.view.setFocus()
        QTest.keyClick(window.view, Qt.Key.Key_Return)
        await until(lambda: window.controller.current is not None)
        QTest.keyClick(window.view, Qt.Key.Key_Return)

    run(scenario())
    assert window.controller.current is None
    assert len(list(window.session.document.tree.paint_layers())) == 2


def test_the_welcome_card_does_its_three_things(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        trigger(window, "help.welcome")
        card = window.welcome
        assert not card.chips[1][0].isEnabled()
        for number, row in enumerate(card.chips, start=1):
            row[0].click()
            await until(lambda expected=number: len(records_now()) == expected)

    def records_now():
        return window.session.document.generations.records

    run(scenario())
    assert [record.task for record in records_now()] == ["text-to-image", "inpaint", "outpaint"]


def test_a_click_on_the_card_paints_nothing(window: MainWindow) -> None:
    trigger(window, "help.welcome")
    QTest.mouseClick(window.welcome.title, Qt.MouseButton.LeftButton)
    assert window.session.document.content_bounds().is_empty


def test_import_places_pictures_side_by_side_in_one_step(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    paths = []
    for number, size in enumerate(((300, 200), (100, 400))):
        paths.append(tmp_path / f"photo{number}.png")
        Image.new("RGB", size, (200, 40 * number, 90)).save(paths[-1])
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"this is no picture")
    run(window.importer.import_dropped([*paths, bad], (1000.0, 500.0)))
    document = window.session.document
    layers = list(document.tree.paint_layers())
    assert [layer.name for layer in layers] == ["Layer 1", "photo0", "photo1"]
    first, second = layers[1].content_bounds(), layers[2].content_bounds()
    assert (first.width, first.height, second.width, second.height) == (300, 200, 100, 400)
    assert first.intersected(second).is_empty
    assert document.frame == first.united(second)
    assert "bad.png" in window.banner.text.text()
    trigger(window, "edit.undo")
    assert len(list(document.tree.paint_layers())) == 1
    assert document.frame == Bounds(0, 0, 512, 512)


def test_copy_and_paste_keep_the_pixels(window: MainWindow, run: Scenario) -> None:
    document = window.session.document
    paint(window, Bounds(10, 10, 200, 200), "#20c040")
    document.set_selection(Selection.rectangle(Bounds(50, 50, 60, 40)))
    trigger(window, "edit.copy")
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (60, 40)
    assert copied.pixelColor(3, 3) == QColor("#20c040")

    async def paste() -> None:
        trigger(window, "edit.paste")
        await until(lambda: len(list(document.tree.paint_layers())) == 2)

    run(paste())
    pasted = list(document.tree.paint_layers())[-1].content_bounds()
    assert (pasted.width, pasted.height) == (60, 40)


def test_cut_is_one_step(window: MainWindow) -> None:
    document = window.session.document
    layer = paint(window, Bounds(0, 0, 100, 100))
    document.set_selection(Selection.rectangle(Bounds(0, 0, 100, 60)))
    trigger(window, "edit.cut")
    assert layer.content_bounds() == Bounds(0, 60, 100, 40)
    trigger(window, "edit.undo")
    assert layer.content_bounds() == Bounds(0, 0, 100, 100)


def test_merge_down_looks_the_same(window: MainWindow) -> None:
    document = window.session.document
    paint(window, Bounds(0, 0, 90, 90), "#cc4422")
    trigger(window, "layer.add")
    upper = paint(window, Bounds(40, 40, 90, 90), "#2244cc")
    document.set_layer(upper, opacity=0.5)
    before = to_rgba(window.session.compositor.flatten(Bounds(0, 0, 130, 130))).astype(int)
    trigger(window, "layer.merge-down")
    after = to_rgba(window.session.compositor.flatten(Bounds(0, 0, 130, 130))).astype(int)
    assert len(list(document.tree.paint_layers())) == 1
    assert np.abs(before - after).max() <= 2


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tiff", ".ora"])
def test_export_writes_what_is_seen(window: MainWindow, run: Scenario, tmp_path: Path, suffix: str) -> None:
    from canvas.formats.pictures import read_picture

    paint(window, Bounds(0, 0, 512, 512), "#b05a30")
    paint(window, Bounds(100, 100, 300, 50), "#202020")
    target = tmp_path / f"out{suffix}"

    async def scenario() -> None:
        place = ExportPlace(window.session, window.program.settings, tmp_path, window.view.visible_bounds())
        dialog = ExportDialog(place, window)
        dialog.open()
        dialog.form.format.setCurrentIndex(dialog.form.format.findData(suffix))
        dialog.name.setText("out")
        dialog.form.quality.setValue(100)
        dialog.run.click()
        await until(lambda: target.exists() and not dialog_alive(dialog))

    run(scenario())
    expected = to_rgba(window.session.compositor.flatten(Bounds(0, 0, 512, 512)))
    found = merged_of(target) if suffix == ".ora" else read_picture(target).rgba
    if found is not None:
        assert np.abs(found.astype(int) - expected.astype(int)).mean() < 2.0
    if suffix in (".png", ".tiff"):
        assert found is not None
        assert (found == expected).all()


def merged_of(path: Path) -> np.ndarray:
    from zipfile import ZipFile

    from canvas.formats.pictures import read_picture

    with ZipFile(path) as archive:
        return read_picture(archive.read("mergedimage.png")).rgba


def dialog_alive(dialog: QWidget) -> bool:
    try:
        return dialog.isVisible()
    except RuntimeError:
        return False


def test_open_ora_gives_an_untitled_painting(
    window: MainWindow, program: Program, run: Scenario, tmp_path: Path
) -> None:
    from desktop.layered_files import export_ora

    paint(window, Bounds(5, 6, 70, 80))
    run(export_ora(window.session, tmp_path / "a.ora", lambda _: None))
    run(program.open_files([tmp_path / "a.ora"], window))
    opened = program.windows[-1]
    assert opened is not window
    assert opened.session.untitled
    content = opened.session.document.content_bounds()
    assert (content.width, content.height) == (70, 80)


def test_the_next_start_opens_what_was_open(program: Program, window: MainWindow, run: Scenario) -> None:
    paint(window, Bounds(0, 0, 33, 44))
    path = window.session.path
    assert program.settings.remembered.open == [str(path)]  # already now: it must survive a kill

    async def close_and_reopen() -> None:
        window.close()
        await until(lambda: not program.windows)
        assert program.settings.remembered.open == [str(path)]
        gone = Path("/nowhere/gone.scroll")
        assert await program.reopen([path, gone]) == [f"{gone} is no longer there."]

    run(close_and_reopen())
    assert program.windows[0].session.document.content_bounds() == Bounds(0, 0, 33, 44)


def test_an_untouched_painting_leaves_no_file(program: Program, window: MainWindow, run: Scenario) -> None:
    path = window.session.path
    assert path.exists()

    async def close() -> None:
        program.new_window()
        window.close()
        await until(lambda: len(program.windows) == 1)

    run(close())
    assert not path.exists()


def test_save_as_names_the_painting(program: Program, window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    paint(window, Bounds(0, 0, 20, 20))
    untitled = window.session.path
    run(window.session.save_as(tmp_path / "river.scroll"))
    assert window.windowTitle().startswith("river")
    assert not untitled.exists()
    run(window.session.save())
    other = tmp_path / "copy.scroll"
    other.write_bytes((tmp_path / "river.scroll").read_bytes())
    session = Session.open(other, tmp_path / "data")
    assert session.document.content_bounds() == Bounds(0, 0, 20, 20)
    run(session.close())


def test_an_error_in_a_handler_is_a_sentence(window: MainWindow, run: Scenario, expected_warnings: list[str]) -> None:
    expected_warnings.append("Unexpected error")

    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError("the brush fell off")

    async def scenario() -> None:
        window.slots.wrap(fails)()
        await until(lambda: "the brush fell off" in window.banner.text.text())

    run(scenario())
    assert window.banner.isVisibleTo(window)


def test_canvas_only_and_back(window: MainWindow) -> None:
    shown = {name for name, dock in window.docks.items() if not dock.isHidden()}
    trigger(window, "view.canvas-only")
    assert all(dock.isHidden() for dock in window.docks.values())
    assert window.menuBar().isHidden()
    trigger(window, "view.canvas-only")
    assert {name for name, dock in window.docks.items() if not dock.isHidden()} == shown


def test_language_and_theme_change_at_once(program: Program, window: MainWindow, run: Scenario) -> None:
    brush = window.actions_by_id["tool.brush"]
    program.settings.update(language="zh_CN", theme="light")
    run(until(lambda: brush.text() == "笔刷"))
    assert window.docks["layers"].windowTitle() == "图层"
    assert window.prompt_panel.run.text() == "生成"
    assert program.theme.name == "light"
    program.settings.update(language="en", theme="dark")
    run(until(lambda: brush.text() == "Brush"))


def test_two_windows_share_the_queue(program: Program, window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        other = program.new_window()
        other.controller.generate()
        await until(lambda: other.controller.current is not None)
        assert window.controller.current is None
        assert window.queue_panel._router is other.queue_panel._router

    run(scenario())


def test_a_closed_window_hears_nothing_of_the_preferences(program: Program, window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        other = program.new_window()
        other.close()
        await until(lambda: other not in program.windows)
        await until(lambda: not isValid(other))
        window.actions_by_id["view.rulers"].trigger()  # an exception in a slot fails the test
        assert window.view.aids.rulers

    run(scenario())


def test_a_dialog_closed_while_it_looks_something_up_says_nothing(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        for name in ("file.time-lapse", "file.properties"):
            window.actions_by_id[name].trigger()
            dialog = next(one for one in window.findChildren(QDialog) if one.isVisible())
            dialog.reject()
            await until(lambda opened=dialog: not isValid(opened))
            await asyncio.wrap_future(window.session.project.flush())
            await asyncio.sleep(0.1)

    run(scenario())


def test_a_painting_that_cannot_be_written_keeps_its_window(
    window: MainWindow, run: Scenario, expected_warnings: list[str]
) -> None:
    expected_warnings.append(".*")
    project = window.session.project

    async def scenario() -> None:
        await asyncio.wrap_future(project.flush())
        fill_the_disk(project)
        rng = np.random.default_rng(1)
        noise = rng.integers(0, 256, (600, 600, 4), dtype=np.uint8)
        layer = window.session.document.active
        assert isinstance(layer, PaintLayer)
        window.session.document.put_image(layer, 0, 0, from_rgba(noise))
        window.close()
        await until(lambda: not window.isVisible())
        await until(window.isVisible)
        assert window.banner.isVisibleTo(window)
        assert not window.session.document.content_bounds().is_empty
        free_the_disk(project)

    run(scenario())
    trigger(window, "edit.undo")
