"""Fill, gradient, shapes, text and the bar of tool options in a real window, with real events."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from canvas.geometry import Bounds
from canvas.layers import LayerMask, PaintLayer
from canvas.selection import Selection
from canvas.tile import FORMAT
from desktop.main_window import MainWindow
from desktop.panels.option_widgets import CheckOption, FontOption, ListOption, NumberOption, SegmentOption
from desktop.settings import Settings
from desktop.view.tools.laying import LayingTool
from desktop.view.tools.options import ToolOption, ToolOptions, fitted
from desktop.view.tools.text import TextTool
from tests.desktop.conftest import Scenario, until
from tests.desktop.view.gestures import drag, mouse, move, press, release, tap

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
RED = 0xFFFF0000


def active(window: MainWindow) -> PaintLayer:
    layer = window.session.document.active
    assert isinstance(layer, PaintLayer)
    return layer


def words_of(layer: PaintLayer, bounds: Bounds) -> NDArray[np.uint32]:
    image = layer.surface.read(bounds.translated(-layer.offset.x, -layer.offset.y))
    return np.frombuffer(image.constBits(), np.uint32).reshape(bounds.height, bounds.width).copy()


def everything(window: MainWindow) -> dict[str, bytes]:
    """All pixels of all surfaces, to compare."""
    return {
        f"{surface.id} {key}": bytes(tile.constBits())
        for surface in window.session.document.tree.surfaces()
        for key, tile in surface.surface.snapshot().items()
    }


def choose(window: MainWindow, tool: str, **options: Any) -> None:
    window.actions_by_id[f"tool.{tool}"].trigger()
    declared = {option.name: option for option in window.view.tools[tool].options}
    for name, value in options.items():
        window.view.options.set_value(tool, declared[name], value)


def draw_box(window: MainWindow, box: Bounds) -> None:
    """A black outline of 3 px on the active layer."""
    image = QImage(box.width, box.height, FORMAT)
    image.fill(0)
    with QPainter(image) as painter:
        for edge in ((0, 0, box.width, 3), (0, 0, 3, box.height)):
            painter.fillRect(*edge, QColor("black"))
        painter.fillRect(0, box.height - 3, box.width, 3, QColor("black"))
        painter.fillRect(box.width - 3, 0, 3, box.height, QColor("black"))
    window.session.document.put_image(active(window), box.x, box.y, image)


async def settled(window: MainWindow) -> None:
    await until(lambda: not window.view.gesture_running)


def test_fill_stays_in_the_outline_and_undoes_in_one_step(window: MainWindow, run: Scenario) -> None:
    async def work() -> None:
        document = window.session.document
        draw_box(window, Bounds(100, 100, 200, 160))
        before, steps = everything(window), len(document.history.names)
        window.view.set_color(QColor("red"))
        choose(window, "fill", grow=0, smooth=False)
        press(window.view, 200, 180)
        release(window.view, 200, 180)
        await settled(window)
        filled = words_of(active(window), Bounds(50, 50, 300, 300)) == RED
        rows, columns = np.nonzero(filled)
        assert (rows.min(), rows.max(), columns.min(), columns.max()) == (53, 206, 53, 246)
        assert filled.sum() == 194 * 154
        assert len(document.history.names) == steps + 1
        document.undo()
        assert everything(window) == before

    run(work())


def test_fill_of_selection_frame_and_mask(window: MainWindow, run: Scenario) -> None:
    async def work() -> None:
        document = window.session.document
        window.view.set_color(QColor("red"))
        choose(window, "fill")
        window.actions_by_id["edit.fill"].trigger()
        await until(lambda: "Fill" in document.history.names)
        assert active(window).content_bounds() == document.frame
        document.undo()
        document.set_selection(Selection.ellipse(Bounds(20, 30, 100, 80)))
        press(window.view, 60, 60, keys=SHIFT)
        release(window.view, 60, 60, keys=SHIFT)
        await until(lambda: document.history.names[-1] == "Fill")
        assert active(window).content_bounds() == document.selection.bounds
        owner = active(window)
        document.active = document.add_mask(owner)
        press(window.view, 60, 60)
        release(window.view, 60, 60)
        await until(lambda: document.history.names[-1] == "Fill")
        assert isinstance(document.active, LayerMask)
        assert document.active.content_bounds() == document.selection.bounds

    run(work())


def test_fill_says_why_it_cannot(window: MainWindow, run: Scenario) -> None:
    async def work() -> None:
        said: list[str] = []
        window.view.message.connect(said.append)
        document = window.session.document
        choose(window, "fill")
        frame = document.frame
        window.view.fit(frame.expanded(400))
        press(window.view, frame.right + 300, frame.y)
        release(window.view, frame.right + 300, frame.y)
        document.set_selection(Selection.rectangle(Bounds(0, 0, 50, 50)))
        press(window.view, 100, 100)
        release(window.view, 100, 100)
        document.set_layer(active(window), locked=True)
        press(window.view, 20, 20)
        release(window.view, 20, 20)
        assert [word in sentence for word, sentence in zip(("endless", "not selected", "locked"), said, strict=True)]
        assert not active(window).surface.keys()
        assert not window.view.gesture_running

    run(work())


def test_escape_in_the_middle_of_a_long_fill(window: MainWindow, run: Scenario) -> None:
    async def work() -> None:
        document = window.session.document
        document.set_frame(Bounds(0, 0, 3000, 3000))
        window.view.fit(document.frame)
        choose(window, "fill", gap=6)
        before, steps = everything(window), document.history.names
        press(window.view, 1500, 1500)
        release(window.view, 1500, 1500)
        await asyncio.sleep(0.02)
        assert window.view.gesture_running
        tap(window.view, Qt.Key.Key_Escape)
        assert not window.view.gesture_running
        await asyncio.sleep(0.3)  # the thread comes back to nobody
        assert everything(window) == before
        assert document.history.names == steps

    run(work())


def test_gradient_is_seen_while_dragged_and_laid_at_the_end(window: MainWindow, run: Scenario) -> None:
    async def work() -> None:
        document, compositor = window.session.document, window.session.compositor
        document.set_selection(Selection.rectangle(Bounds(40, 40, 200, 120)))
        window.view.set_color(QColor("red"))
        window.view.set_second_color(QColor("blue"))
        choose(window, "gradient", dither=False)
        before = everything(window)
        press(window.view, 60, 100)
        move(window.view, 220, 110, keys=SHIFT)
        assert compositor.live is not None
        shown = compositor.tile((0, 0))
        assert shown is not None
        assert shown.pixelColor(45, 100) == QColor("red")
        tap(window.view, Qt.Key.Key_Escape)
        assert compositor.live is None
        assert everything(window) == before
        drag(window.view, [(60, 100), (220, 110)], keys=SHIFT)
        await settled(window)
        assert compositor.live is None
        row = words_of(active(window), Bounds(40, 100, 200, 1))[0]
        assert row[0] == RED
        assert row[-1] == 0xFF0000FF
        assert active(window).content_bounds() == Bounds(40, 40, 200, 120)
        column = words_of(active(window), Bounds(140, 40, 1, 120))[:, 0]
        assert len(set(column.tolist())) == 1  # Shift made the line level
        document.undo()
        assert everything(window) == before

    run(work())


def test_gradient_on_a_mask_fades_and_alpha_lock_holds(window: MainWindow, run: Scenario) -> None:
    async def work() -> None:
        document = window.session.document
        draw_box(window, Bounds(40, 40, 120, 90))
        layer = active(window)
        document.active = document.add_mask(layer)
        document.set_selection(Selection.rectangle(Bounds(0, 0, 256, 256)))
        choose(window, "gradient", dither=False)
        drag(window.view, [(0, 100), (256, 100)])
        await settled(window)
        alpha = words_of(active(window), Bounds(0, 100, 256, 1))[0] >> 24
        assert alpha[0] > 250
        assert alpha[-1] < 5
        assert np.all(np.diff(alpha.astype(int)) <= 0)
        document.active = layer
        document.set_layer(layer, alpha_locked=True)
        before = words_of(layer, Bounds(0, 0, 256, 256))
        window.view.set_color(QColor("red"))
        drag(window.view, [(0, 100), (256, 100)])
        await settled(window)
        after = words_of(layer, Bounds(0, 0, 256, 256))
        assert np.array_equal(after >> 24, before >> 24)
        assert not np.array_equal(after, before)

    run(work())


def test_alt_takes_a_colour_instead_of_filling(window: MainWindow) -> None:
    draw_box(window, Bounds(100, 100, 60, 60))
    window.view.set_color(QColor("red"))
    choose(window, "fill")
    steps = window.session.document.history.names
    press(window.view, 101, 120, keys=Qt.KeyboardModifier.AltModifier)
    release(window.view, 101, 120, keys=Qt.KeyboardModifier.AltModifier)
    assert window.view.color == QColor("black")
    assert window.session.document.history.names == steps


def test_shapes_follow_the_keys_and_stay_in_the_selection(window: MainWindow, run: Scenario) -> None:
    async def work() -> None:
        document = window.session.document
        window.view.set_color(QColor("red"))
        window.view.set_second_color(QColor("blue"))
        choose(window, "shapes", shape="rectangle", paint="both", width=4)
        drag(window.view, [(100, 100), (150, 140)], keys=SHIFT | CONTROL)
        await settled(window)
        assert active(window).content_bounds() == Bounds(48, 48, 104, 104)
        words = words_of(active(window), Bounds(48, 48, 104, 104))
        assert words[0, 50] == words[50, 3] == RED
        assert words[50, 50] == 0xFF0000FF
        document.undo()
        assert not active(window).surface.keys()
        document.set_selection(Selection.rectangle(Bounds(120, 0, 400, 400)))
        choose(window, "shapes", shape="ellipse", paint="fill")
        drag(window.view, [(60, 60), (260, 160)])
        await settled(window)
        assert active(window).content_bounds() == Bounds(120, 60, 140, 100)
        steps = document.history.names
        press(window.view, 130, 130)
        move(window.view, 200, 200)
        tap(window.view, Qt.Key.Key_Escape)
        press(window.view, 130, 130)
        release(window.view, 130, 130)
        assert document.history.names == steps  # neither Esc nor a click draws

    run(work())


def test_text_becomes_a_layer_with_its_name(window: MainWindow, run: Scenario) -> None:
    async def work() -> None:
        document, view = window.session.document, window.view
        window.show()
        tool = view.tools["text"]
        assert isinstance(tool, TextTool)
        choose(window, "text", size=60, align="left")
        before, steps = everything(window), len(document.history.names)
        below = active(window)
        press(view, 120, 160)
        release(view, 120, 160)
        assert tool.card.isVisible()
        tool.card.field.insertPlainText("Wide sky")
        QTest.keyClick(tool.card.field, Qt.Key.Key_Return)
        tool.card.field.insertPlainText("云海")
        assert everything(window) == before  # only shown so far
        drag(view, [(140, 150), (150, 170)])  # the text is moved by its letters
        assert tool.busy
        QTest.keyClick(tool.card.field, Qt.Key.Key_Return, CONTROL)
        assert not tool.busy
        assert not view.gesture_running
        assert not tool.card.isVisible()
        layer = active(window)
        assert layer is not below
        assert layer.name == "Wide sky"
        assert document.tree.root.children.index(layer) == document.tree.root.children.index(below) + 1
        ink = layer.content_bounds()
        assert abs(ink.x - 130) < 8  # the anchor moved by ten
        assert 100 < ink.height < 180
        assert ink.width > 150
        assert len(document.history.names) == steps + 1
        document.undo()
        assert everything(window) == before

    run(work())


def test_text_ends_by_a_click_beside_it_by_another_tool_and_by_escape(window: MainWindow, run: Scenario) -> None:
    async def work() -> None:
        document, view = window.session.document, window.view
        window.show()
        choose(window, "text", size=30)
        tool = view.tools["text"]
        assert isinstance(tool, TextTool)
        for ending in ("click", "tool", "escape", "empty"):
            count = len(list(document.tree.walk()))
            press(view, 100, 100)
            release(view, 100, 100)
            tool.card.field.setPlainText("" if ending == "empty" else ending)
            if ending == "tool":
                choose(window, "brush")
                choose(window, "text")
            elif ending == "escape":
                QTest.keyClick(tool.card.field, Qt.Key.Key_Escape)
            else:
                press(view, 300, 400)
                release(view, 300, 400)
            assert not tool.busy
            assert not view.gesture_running
            assert len(list(document.tree.walk())) - count == (ending in ("click", "tool"))
        too_large = "\n".join("W" * 500 for _ in range(20))
        choose(window, "text", size=1000)
        press(view, 100, 100)
        release(view, 100, 100)
        tool.card.field.setPlainText(too_large)
        view.grab()
        said: list[str] = []
        view.message.connect(said.append)
        tool.finish()
        assert "too large" in said[0]
        assert tool.busy  # the text is not lost
        assert view.cancel_gesture()

    run(work())


def test_work_is_taken_up_again_where_the_layer_changed_meanwhile(window: MainWindow, run: Scenario) -> None:
    async def work() -> None:
        document = window.session.document
        choose(window, "fill", opacity=50)
        window.view.set_color(QColor("red"))
        tool = window.view.tools["fill"]
        assert isinstance(tool, LayingTool)
        region = Bounds(0, 0, 4096, 4096)
        document.set_selection(Selection.rectangle(region))
        window.actions_by_id["edit.fill"].trigger()
        await asyncio.sleep(0.012)
        assert tool.working
        image = QImage(64, 64, FORMAT)
        image.fill(0xFF0000FF)
        document.put_image(active(window), 0, 0, image)
        await until(lambda: not tool.working)
        assert set(words_of(active(window), Bounds(0, 0, 64, 64)).ravel().tolist()) == {0xFF80007F}
        assert set(words_of(active(window), Bounds(4000, 4000, 64, 64)).ravel().tolist()) == {0x80800000}

    run(work())


# The bar


def test_the_bar_shows_what_can_be_set_about_the_tool_in_hand(window: MainWindow) -> None:
    bar = window.options_bar
    for tool in window.view.tools.values():
        window.view.set_tool(tool.id)
        if window.view.tool_id != tool.id:
            continue  # some can only be taken in hand where there is something to do
        assert bar.title.text() == window.actions_by_id[f"tool.{tool.id}"].text()
        assert bar.help.text()
        for option in tool.options:
            widget = bar.widget_of(option.name)
            assert widget.toolTip()
            assert widget.accessibleName()
    choose(window, "shapes", shape="line")
    kinds = {name: type(bar.widget_of(name)) for name in ("shape", "width", "smooth", "paint")}
    assert kinds == {"shape": ListOption, "width": NumberOption, "smooth": CheckOption, "paint": SegmentOption}
    assert not bar.offers("paint")
    choose(window, "shapes", shape="star")
    assert bar.offers("paint")
    assert bar.offers("depth")
    choose(window, "text")
    assert isinstance(bar.widget_of("family"), FontOption)
    assert bar.offers("size")


def test_numbers_are_dragged_typed_stepped_and_reset(window: MainWindow) -> None:
    window.resize(1800, 900)
    window.show()
    choose(window, "fill")
    QApplication.processEvents()  # the bar finds room for all its widgets
    widget = window.options_bar.widget_of("tolerance")
    assert isinstance(widget, NumberOption)
    field, tool = widget.field, window.view.tools["fill"]
    left = Qt.MouseButton.LeftButton
    mouse(field, QEvent.Type.MouseButtonPress, QPointF(5, 10))
    mouse(field, QEvent.Type.MouseMove, QPointF(field.width() - 1, 10))
    mouse(field, QEvent.Type.MouseButtonRelease, QPointF(field.width() - 1, 10))
    assert tool.option("tolerance") == 255
    QTest.mouseClick(field, left)
    assert field.edit.isVisible()
    field.edit.setText("12,4")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    assert tool.option("tolerance") == 12
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert tool.option("tolerance") == 15
    QTest.mouseClick(field, left)
    field.edit.setText("99")
    QTest.keyClick(field.edit, Qt.Key.Key_Escape)
    assert tool.option("tolerance") == 15
    QTest.mouseClick(field, left)
    QTest.mouseDClick(field.edit, left)  # the second click of two arrives in the text field
    assert not field.edit.isVisible()
    assert tool.option("tolerance") == 40


def test_the_brush_in_hand_stands_in_the_bar(window: MainWindow) -> None:
    bar, view = window.options_bar, window.view
    choose(window, "eraser")
    view.step_brush_size(+1)
    size, strength = bar.widget_of("size"), bar.widget_of("opacity")
    assert isinstance(size, NumberOption)
    assert isinstance(strength, NumberOption)
    assert size.field.value == view.brush.size
    strength.field.set_value(40)
    assert view.brush_of("eraser").opacity == 0.4
    assert view.brush_of("brush").opacity == 1.0
    choose(window, "brush")
    assert bar.widget_of("size") is not size
    assert not bar.widget_of("size").option.choices


def test_options_are_remembered(window: MainWindow, run: Scenario) -> None:
    async def work() -> None:
        choose(window, "gradient", shape="radial", dither=False)
        choose(window, "fill", tolerance=77)
        settings = window.program.settings
        await until(lambda: settings.remembered.tool_options.get("fill/tolerance") == 77)
        settings.flush()
        again = Settings(settings._path)
        options = ToolOptions()
        options.restore(again.remembered.tool_options)
        tools = window.view.tools
        values = {o.name: options.value("gradient", o) for o in tools["gradient"].options}
        assert values["shape"] == "radial"
        assert values["dither"] is False
        other = window.program.new_window()
        assert other.view.tools["fill"].option("tolerance") == 77
        other.close()
        await until(lambda: other not in window.program.windows)

    run(work())


def test_stored_nonsense_is_not_used() -> None:
    options = ToolOptions()
    number = ToolOption("n", "N", "A number", 5, 1, 10)
    choice = ToolOption("c", "C", "A choice", "a", choices=(("a", "A"), ("b", "B")))
    options.restore({"t/n": "many", "t/c": "z", "t/": 3, "broken": 1})
    assert options.value("t", number) == 5
    assert options.value("t", choice) == "a"
    options.restore({"t/n": 99})
    assert options.value("t", number) == 10
    assert fitted(number, True) is None
    assert fitted(ToolOption("f", "F", "A share", 0.5), float("nan")) is None


def test_the_bar_can_be_hidden_and_comes_back(window: MainWindow) -> None:
    window.show()
    action = window.actions_by_id["panel.tool"]
    action.trigger()
    assert window.options_bar.isHidden()
    window.actions_by_id["panel.reset"].trigger()
    assert not window.options_bar.isHidden()


def test_another_tool_waits_for_the_work_of_this_one(window: MainWindow, run: Scenario) -> None:
    async def trip() -> None:
        view = window.view
        window.session.document.set_frame(Bounds(0, 0, 2048, 2048))
        view.fit(window.session.document.frame)
        view.set_tool("gradient")
        drag(view, [(10, 10), (300, 200), (900, 900)])
        view.set_tool("brush")
        await until(lambda: view.tool_id == "brush")

    run(trip())
    assert window.session.document.content_bounds() == Bounds(0, 0, 2048, 2048)
