"""Comparing on the canvas: wipe, difference and flicker, checked pixel by pixel in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import to_rgba
from desktop.main_window import MainWindow
from desktop.view.compare_bar import CompareBar
from desktop.view.compare_look import CompareMode
from desktop.view.comparing import CompareOverlay
from desktop.view.differences import difference_of, laid_over
from tests.desktop.conftest import Scenario, until
from tests.desktop.logged import HOME, Painter

RED, GREEN, BLUE = (200, 60, 40), (30, 160, 70), (20, 40, 220)
AREA = Bounds(0, 0, 256, 192)


def painted(window: MainWindow, colour: tuple[int, int, int] = BLUE) -> None:
    """The canvas itself is of one colour."""
    image = QImage(AREA.width, AREA.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(*colour))
    layer = window.session.document.active
    assert isinstance(layer, PaintLayer)
    window.session.document.put_image(layer, 0, 0, image)


async def prepared(window: MainWindow) -> Painter:
    window.show()
    window.show_dock("history")
    window.view.fit(AREA)
    window.view.zoom_to(1.0)
    return Painter(window.session)


async def begun(window: MainWindow, mode: CompareMode, ids: list[str]) -> tuple[CompareOverlay, CompareBar]:
    comparison, panel = window.log_commands.comparison, window.history_panel
    await until(lambda: all(panel.model.row_of(one) is not None for one in ids))
    panel.list.choose(ids)
    window.actions_by_id[f"log.compare-{mode}"].trigger()
    await until(lambda: comparison.mode is mode)
    assert comparison.overlay is not None
    assert comparison.bar is not None
    return comparison.overlay, comparison.bar


def seen(window: MainWindow) -> QImage:
    return window.view.grab().toImage()


def at(window: MainWindow, image: QImage, x: float, y: float) -> tuple[int, int, int]:
    """The colour of a canvas point in a picture of the view."""
    place = window.view.canvas_to_widget(x, y)
    ratio = window.view.devicePixelRatioF()
    colour = image.pixelColor(int(place[0] * ratio), int(place[1] * ratio))
    return colour.red(), colour.green(), colour.blue()


def column(window: MainWindow, y: float, last: tuple[int, int, int]) -> int:
    """The first canvas column of this row that shows a colour and all after it, but for the divider."""
    image = seen(window)
    return next(x for x in range(AREA.width) if at(window, image, x + 0.5, y) == last)


def test_the_wipe_divides_to_the_pixel_and_follows_the_pointer(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        painter = await prepared(window)
        painted(window)
        record = await painter.add(bounds=AREA, colours=(RED, GREEN))
        overlay, bar = await begun(window, CompareMode.WIPE, [record.id])
        y = 170.5  # below the handle, beside no name
        image = seen(window)
        assert at(window, image, 124.5, y) == BLUE
        assert at(window, image, 131.5, y) == RED
        assert column(window, y, RED) in (128, 129, 130, 131)  # under the divider's two pixels and its edge
        assert at(window, image, 128, y) == (255, 255, 255)
        grip = QPoint(*(round(v) for v in window.view.canvas_to_widget(128, 96)))
        goal = QPoint(*(round(v) for v in window.view.canvas_to_widget(64, 96)))
        QTest.mousePress(overlay, Qt.MouseButton.LeftButton, pos=grip)
        QTest.mouseMove(overlay, goal)
        QTest.mouseRelease(overlay, Qt.MouseButton.LeftButton, pos=goal)
        assert abs(overlay.look.share - 0.25) < 0.005
        image = seen(window)
        assert at(window, image, 60.5, y) == BLUE
        assert at(window, image, 68.5, y) == RED
        assert at(window, image, 200.5, y) == RED
        assert window.session.document.active is not None
        assert len(window.session.document.history.names) == 1
        QTest.keyClick(overlay, Qt.Key.Key_Right)  # the next picture of the batch
        await until(lambda: bar.count.text() == "2 / 2")
        assert at(window, seen(window), 200.5, y) == GREEN
        QTest.keyClick(overlay, Qt.Key.Key_X)
        image = seen(window)
        assert at(window, image, 30.5, y) == GREEN
        assert at(window, image, 200.5, y) == BLUE
        QTest.keyClick(overlay, Qt.Key.Key_V)
        image = seen(window)
        assert at(window, image, 200.5, 60.5) == GREEN
        assert at(window, image, 200.5, 130.5) == BLUE
        QTest.keyClick(overlay, Qt.Key.Key_Escape)
        assert window.log_commands.comparison.overlay is None
        assert at(window, seen(window), 200.5, 60.5) == BLUE
        assert (
            not window.view.findChildren(CompareBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
            or bar.isHidden()
        )

    run(scenario())


@pytest.mark.slow
def test_the_wipe_turns_and_mirrors_with_the_paper(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        painter = await prepared(window)
        painted(window)
        record = await painter.add(bounds=AREA, colours=(RED,))
        _, bar = await begun(window, CompareMode.WIPE, [record.id])
        bar.hide()  # it may stand over what is looked at
        for turn in (lambda: window.view.rotate_to(90), lambda: window.view.rotate_to(30), window.view.mirror):
            turn()
            image = seen(window)
            assert at(window, image, 108.5, 80.5) == BLUE
            assert at(window, image, 148.5, 80.5) == RED

    run(scenario())


def test_enter_applies_what_is_compared(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        painter = await prepared(window)
        painted(window)
        record = await painter.add(bounds=AREA, colours=(RED, GREEN))
        overlay, _ = await begun(window, CompareMode.WIPE, [record.id])
        QTest.keyClick(overlay, Qt.Key.Key_Left)
        comparison = window.log_commands.comparison
        await until(lambda: comparison.pick is not None and comparison.pick.index == 1)
        QTest.keyClick(overlay, Qt.Key.Key_Return)
        document = window.session.document
        await until(lambda: document.generations.kept(record.id) == (1,))
        assert comparison.overlay is None
        assert at(window, seen(window), 60.5, 60.5) == GREEN

    run(scenario())


def test_the_difference_is_amplified_and_follows_the_canvas(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        painter = await prepared(window)
        painted(window, (100, 100, 100))
        record = await painter.add(bounds=AREA, colours=((105, 100, 97),))
        overlay, bar = await begun(window, CompareMode.DIFFERENCE, [record.id])
        await until(lambda: overlay.difference is not None)
        assert at(window, seen(window), 100.5, 150.5) == (20, 0, 12)  # four times 5, 0, 3
        found = overlay.difference
        assert found is not None
        assert (found.largest, found.share) == (5, 1.0)
        bar.more.click()
        await until(lambda: at(window, seen(window), 100.5, 150.5) == (40, 0, 24))
        assert bar.amount.text() == "× 8"
        painted(window, (105, 100, 97))
        await until(lambda: at(window, seen(window), 100.5, 150.5) == (0, 0, 0))
        assert overlay.difference is not None
        assert overlay.difference.share == 0

    run(scenario())


@pytest.mark.slow
def test_flicker_alternates_and_stops(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        painter = await prepared(window)
        painted(window)
        record = await painter.add(bounds=AREA, colours=(RED,))
        overlay, bar = await begun(window, CompareMode.FLICKER, [record.id])
        QTest.keyClick(overlay, Qt.Key.Key_Up)
        QTest.keyClick(overlay, Qt.Key.Key_Up)
        assert overlay.look.rate == 4
        assert not bar.more.isEnabled()
        colours = set()
        for _ in range(3):
            was = overlay.shows_second
            await until(lambda was=was: overlay.shows_second is not was)
            colours.add(at(window, seen(window), 100.5, 150.5))
        assert colours == {RED, BLUE}
        QTest.keyClick(overlay, Qt.Key.Key_F)
        assert not overlay.look.running
        assert not overlay.flickers
        window.actions_by_id["log.compare-wipe"].trigger()
        await until(lambda: overlay.look.mode is CompareMode.WIPE)
        window.actions_by_id["log.compare-end"].trigger()
        assert window.log_commands.comparison.mode is None
        assert not window.actions_by_id["log.compare-end"].isEnabled()

    run(scenario())


@pytest.mark.slow
def test_two_records_and_fresh_candidates_are_compared(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        painter = await prepared(window)
        painted(window)
        first = await painter.add(bounds=AREA, colours=(RED,))
        second = await painter.add(bounds=AREA, colours=(GREEN,))
        await begun(window, CompareMode.WIPE, [second.id, first.id])
        image = seen(window)
        assert at(window, image, 60.5, 165.5) == RED
        assert at(window, image, 200.5, 165.5) == GREEN
        window.log_commands.comparison.end()
        window.history_panel.list.clearSelection()
        assert not window.actions_by_id["log.compare-wipe"].isEnabled()
        window.session.document.set_frame(AREA)
        window.form.set(prompt="anything", num_inference_steps=2)
        window.controller.generate()
        await until(lambda: window.controller.current is not None)
        window.actions_by_id["log.compare-wipe"].trigger()
        await until(lambda: window.log_commands.comparison.overlay is not None)
        assert at(window, seen(window), 60.5, 165.5) == BLUE  # the candidate itself has stepped aside
        window.log_commands.comparison.end()
        assert at(window, seen(window), 60.5, 165.5) != BLUE

    run(scenario())


def test_a_patch_over_a_base_and_their_difference() -> None:
    base = np.full((4, 6, 3), 100, np.uint8)
    patch = np.zeros((2, 2, 4), np.uint8)
    patch[..., 0], patch[..., 3] = 200, (255, 51)
    over = laid_over(base, Bounds(10, 10, 6, 4), patch, Bounds(15, 13, 2, 2))
    assert over[3, 5].tolist() == [200, 0, 0]
    assert over[2, 5].tolist() == [100, 100, 100]
    assert (base == 100).all()
    partly = laid_over(base, Bounds(10, 10, 6, 4), patch, Bounds(10, 10, 2, 2))
    assert partly[0, 1].tolist() == [120, 80, 80]
    found = difference_of(base, over, 2)
    assert (found.largest, round(found.share * 24)) == (100, 1)
    assert to_rgba(found.image)[3, 5].tolist() == [200, 200, 200, 255]
    assert laid_over(base, Bounds(0, 0, 6, 4), patch, HOME.translated(500, 0)).tolist() == base.tolist()
