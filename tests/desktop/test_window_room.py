"""How a window shares its room: its first size, the panels' heights, and what finds no room in the tool bar."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from desktop.docked_window import FIRST_SIZE
from desktop.main_window import MainWindow
from desktop.panels.shrinking import RowScroll
from desktop.window_docks import COLUMN, LEAST_HEIGHT, first_heights, lent_heights
from tests.desktop.conftest import Scenario, until

pytestmark = pytest.mark.usefixtures("loop_never_rests")


def heights(window: MainWindow) -> list[int]:
    return [window.docks[name].height() for name in COLUMN]


def test_a_small_screen_is_filled_and_a_large_one_is_not(window: MainWindow) -> None:
    window.hide()
    for room, fills in ((QSize(1280, 800), True), (QSize(1440, 900), True), (QSize(1920, 1080), False)):
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.take_first_size(room)
        assert window.isMaximized() == fills
    assert window.size() == FIRST_SIZE


def test_the_panels_share_the_first_height(window: MainWindow, run: Scenario) -> None:
    async def story() -> None:
        window.resize(1280, 781)
        window.show()
        await until(lambda: heights(window)[0] > heights(window)[1] > heights(window)[2])

    run(story())


def test_a_control_layer_borrows_room_and_gives_it_back(window: MainWindow, run: Scenario) -> None:
    document, actions = window.session.document, window.actions_by_id

    async def story() -> None:
        window.resize(1280, 781)
        window.show()
        await until(lambda: heights(window)[0] > heights(window)[1])
        image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor("#987"))
        assert isinstance(document.active, PaintLayer)
        document.put_image(document.active, 0, 0, image)
        document.set_frame(Bounds(0, 0, 64, 64))
        before = heights(window)
        for _ in range(2):
            actions["control.use"].trigger()
            await until(lambda: heights(window)[1] > before[1] + 50)
            await asyncio.sleep(0.15)  # until the window has noted how it stands now
            actions["control.plain"].trigger()
            await until(lambda: abs(heights(window)[1] - before[1]) < 20)
            await until(lambda: abs(heights(window)[0] - before[0]) < 20)

    run(story())


def test_the_prompt_shows_all_of_its_rows_on_a_small_screen(window: MainWindow, run: Scenario) -> None:
    panel = window.prompt_panel
    rows = (panel.prompt, panel.foot, panel.model, panel.fold)

    def is_whole(widget: QWidget) -> bool:
        return widget.visibleRegion().boundingRect().height() == widget.height()

    async def story() -> None:
        window.resize(1280, 772)
        window.show()
        await until(lambda: all(map(is_whole, rows)) and panel.run_bar.mode_label.isVisible())
        window.form.set(negative_prompt="blurry")
        await until(lambda: all(map(is_whole, (*rows, panel.negative))))
        window.form.set(negative_prompt="")
        panel.negative.hide()
        await asyncio.sleep(0.15)
        window.actions_by_id["control.use"].trigger()
        await until(window.control_commands.panel.isVisible)
        await asyncio.sleep(0.15)
        assert all(map(is_whole, rows))

    run(story())


def test_what_is_lent_comes_from_the_lowest_panel_first() -> None:
    assert first_heights(870, 340) == [380, 270, 220]
    assert first_heights(1300, 260) == [308, 546, 446]
    assert first_heights(576, 260) == [260, 174, 142]
    assert first_heights(200, 260) == [200, 0, 0]
    assert lent_heights((260, 174, 142), missing=0, second=174) == [260, 174, 142]
    assert lent_heights((260, 174, 142), missing=40, second=174) == [300, 174, 102]
    assert lent_heights((260, 174, 142), missing=0, second=291) == [225, 291, LEAST_HEIGHT]
    assert lent_heights((260, 174, 30), missing=40, second=174) == [260, 174, 30]


def test_a_panel_that_scrolls_ends_between_two_rows(qtbot: QtBot) -> None:
    panel = QWidget()
    rows = QVBoxLayout(panel)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(4)
    for height in (30, 40, 120):
        one = QWidget(panel)
        one.setFixedHeight(height)
        rows.addWidget(one)
    outer = QWidget()
    area = RowScroll(panel, outer)
    qtbot.addWidget(outer)
    outer.show()
    for room, seen in ((100, 74), (60, 30), (74, 74), (173, 173), (300, 300)):
        area.resize(200, room)
        area.end_between_rows()
        assert area.viewport().height() == seen


def test_what_is_fitted_is_seen_beside_the_welcome_card(window: MainWindow, run: Scenario) -> None:
    view = window.view

    async def story() -> None:
        window.resize(1280, 772)
        window.show()
        await until(view.isVisible)
        for frame in (Bounds(0, 0, 512, 512), Bounds(-900, 40, 3000, 400), Bounds(5, 5, 300, 2000)):
            window.session.document.set_frame(frame)
            window.welcome.open()
            window.actions_by_id["view.fit-frame"].trigger()
            corners = [view.canvas_to_widget(x, y) for x in (frame.x, frame.right) for y in (frame.y, frame.bottom)]
            assert min(x for x, _ in corners) > window.welcome.geometry().right()
            assert view.rect().contains(QPoint(round(max(x for x, _ in corners)), round(max(y for _, y in corners))))
            window.welcome.hide()
            window.actions_by_id["view.fit-frame"].trigger()
            assert abs(view.canvas_to_widget(frame.x + frame.width / 2, 0)[0] - view.width() / 2) < 2

    run(story())


def test_a_dialog_that_opens_gives_no_panel_a_window_of_its_own(window: MainWindow, run: Scenario) -> None:
    async def story() -> None:
        window.show()
        dialog = await window.library_commands.show()
        assert dialog.isVisible()
        assert not [name for name, dock in window.docks.items() if dock.windowHandle() is not None]
        assert window.view.windowHandle() is None
        await dialog.slots.finish()
        dialog.close()

    run(story())


def test_what_finds_no_room_in_the_tool_bar_is_seen_on_dark_ground(window: MainWindow, run: Scenario) -> None:
    async def story() -> None:
        window.resize(1280, 600)
        window.show()
        more = window.tool_bar.findChild(QToolButton, "qt_toolbar_ext_button")
        assert isinstance(more, QToolButton)
        await until(more.isVisible)
        picture = more.grab().toImage()
        pixels = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
        assert max(pixel.lightness() for pixel in pixels) > 150

    run(story())
