"""How a window shares its room: its first size, the panels' heights, and what finds no room in the tool bar."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QToolButton

from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from desktop.docked_window import FIRST_SIZE
from desktop.main_window import MainWindow
from desktop.window_docks import COLUMN
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
