"""Presets: the store and its files, the panel, the pop-up palette, what comes back after a restart."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from canvas.brush import BrushSettings
from canvas.brush_presets import PRESETS
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.grains import GRAINS
from canvas.tips import TIPS
from desktop.brush_store import OWN, QUICK, BrushStore
from desktop.colours import ColourSet
from desktop.main_window import MainWindow
from desktop.panels.brush_panel import BrushPanel
from desktop.panels.brush_rows import GRAIN_NAMES
from desktop.panels.preset_panel import FAVOURITES, PresetPanel
from desktop.panels.stroke_sample import SamplePainter, SampleSpec
from desktop.panels.tip_chooser import NAMES as TIP_NAMES
from desktop.preset_choice import PresetChoice
from desktop.preset_files import KIND, VERSION, read_presets, write_presets
from desktop.preset_names import GROUPS, NAMES
from desktop.settings import Settings
from desktop.view.canvas_view import CanvasView
from desktop.view.popup_palette import PopupPalette
from tests.desktop.conftest import Scenario
from tests.desktop.view.gestures import drag

LEFT = Qt.MouseButton.LeftButton


@dataclass
class Desk:
    """A view with everything about brushes around it."""

    view: CanvasView
    store: BrushStore
    choice: PresetChoice
    panel: PresetPanel
    popup: PopupPalette
    colours: ColourSet
    samples: SamplePainter

    def click(self, name: str) -> None:
        """Click the card of a preset."""
        row = self.panel.model.row_of(name)
        assert row is not None
        index = self.panel.model.index(row)
        self.panel.list.scrollTo(index)
        place = self.panel.list.visualRect(index).center()
        QTest.mouseClick(self.panel.list.viewport(), LEFT, pos=place)

    def names(self) -> list[str]:
        """What the list shows."""
        model = self.panel.model
        return [model.data(model.index(row)) for row in range(model.rowCount())]


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CanvasView]:
    document = Document.new(Bounds(0, 0, 256, 256))
    compositor = Compositor(document, QColor("white"))
    made = CanvasView(document, compositor)
    qtbot.addWidget(made)
    made.resize(640, 480)
    made.show()
    yield made
    made.release_document()
    compositor.close()


@pytest.fixture
def desk(view: CanvasView, qtbot: QtBot, tmp_path: Path) -> Desk:
    store, samples, colours = BrushStore(tmp_path / "presets.json"), SamplePainter(view), ColourSet()
    choice = PresetChoice(view, store, Settings(tmp_path / "settings.json"))
    panel = PresetPanel(view, choice, samples)
    qtbot.addWidget(panel)
    panel.resize(300, 360)
    panel.show()
    return Desk(view, store, choice, panel, PopupPalette(view, choice, colours, samples), colours, samples)


# --- names


def test_every_name_of_the_engine_is_marked_for_translation() -> None:
    assert {preset.name for preset in PRESETS} <= set(NAMES)
    assert {preset.group for preset in PRESETS} <= set(GROUPS)
    assert set(TIPS) <= set(TIP_NAMES)
    assert set(GRAINS) <= set(GRAIN_NAMES)


# --- store and files


def test_store_keeps_what_a_person_did(tmp_path: Path) -> None:
    path = tmp_path / "config" / "presets.json"
    store = BrushStore(path)
    mine = store.add("  My   ink ", BrushSettings(size=7))
    assert mine.name == "My ink"
    assert store.add("My ink", BrushSettings(size=8)).name == "My ink 2"
    store.overwrite("ink-pen", BrushSettings(size=99))
    store.rename("chalk", "Blackboard")
    store.delete("pencil")
    store.set_favourite("chalk", True)
    store.used("glow")
    again = BrushStore(path)
    assert again.presets() == store.presets()
    assert [preset.id for preset in again.quick()[:2]] == ["chalk", "glow"]
    assert len(again.quick()) == QUICK
    assert "pencil" not in [preset.id for preset in again.presets()]
    found = again.find("ink-pen")
    assert found is not None
    assert found.settings.size == 99
    assert again.is_altered("ink-pen")
    again.reset("ink-pen")
    again.restore()
    assert again.presets()[: len(PRESETS)] == list(PRESETS)
    assert [preset.name for preset in again.presets()[len(PRESETS) :]] == ["My ink", "My ink 2"]
    assert not list(path.parent.glob("*.new"))


def test_bad_names_are_refused(tmp_path: Path) -> None:
    store = BrushStore(tmp_path / "presets.json")
    for name in ("", "   ", "x" * 61, "Chalk"):
        with pytest.raises(CanvasError):
            store.rename("ink-pen", name)
    store.rename("ink-pen", "Ink Pen")  # its own name is no refusal


@pytest.mark.parametrize("text", ["{", "[]", '{"presets": 3}', "[" * 100000, "\x00"])
def test_damaged_store_starts_anew(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture, expected_warnings: list[str]
) -> None:
    path = tmp_path / "presets.json"
    path.write_text(text, encoding="utf-8")
    expected_warnings.append("start anew|left out")
    with caplog.at_level(logging.WARNING):
        store = BrushStore(path)
    assert store.presets() == list(PRESETS)
    if text != '{"presets": 3}':
        assert str(path) in caplog.text


def test_one_bad_preset_leaves_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, expected_warnings: list[str]
) -> None:
    path = tmp_path / "presets.json"
    store = BrushStore(path)
    store.add("Good", BrushSettings(size=7))
    store.add("Bad", BrushSettings(size=8))
    data = json.loads(path.read_text(encoding="utf-8"))
    data["presets"][1]["settings"]["size"] = -4
    path.write_text(json.dumps(data), encoding="utf-8")
    expected_warnings.append("start anew|left out")
    with caplog.at_level(logging.WARNING):
        names = [preset.name for preset in BrushStore(path).presets() if preset.group == OWN]
    assert names == ["Good"]
    assert "size" in caplog.text


def test_presets_go_to_a_file_and_come_back(tmp_path: Path) -> None:
    path = tmp_path / "brushes.json"
    write_presets(path, PRESETS)
    store = BrushStore(tmp_path / "presets.json")
    added = store.add_all(read_presets(path))
    assert [preset.settings for preset in added] == [preset.settings for preset in PRESETS]
    assert added[0].name == f"{PRESETS[0].name} 2"
    assert len({preset.id for preset in store.presets()}) == 2 * len(PRESETS)


def test_bad_preset_files_are_refused_in_a_sentence(tmp_path: Path) -> None:
    good = {"kind": KIND, "version": VERSION, "presets": [PRESETS[0].to_dict()]}
    entry = PRESETS[0].to_dict()
    bad = [
        "no json",
        "[]",
        json.dumps({**good, "kind": "other"}),
        json.dumps({**good, "version": 99}),
        json.dumps({**good, "presets": []}),
        json.dumps({**good, "presets": ["x"]}),
        json.dumps({**good, "presets": [{**entry, "name": " "}]}),
        json.dumps({**good, "presets": [{**entry, "settings": {**entry["settings"], "tip": "moon"}}]}),
    ]
    for number, text in enumerate(bad):
        path = tmp_path / f"bad{number}.json"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CanvasError, match=path.name):
            read_presets(path)
    with pytest.raises(CanvasError, match="cannot be read"):
        read_presets(tmp_path / "none.json")
    with pytest.raises(CanvasError, match="could not be written"):
        write_presets(tmp_path / "bad0.json" / "below.json", PRESETS)


# --- panel


def test_click_takes_a_preset_and_its_tool(desk: Desk) -> None:
    desk.view.set_tool("lasso")
    desk.click("chalk")
    assert desk.view.tool_id == "brush"
    assert desk.view.brush == desk.store.find("chalk").settings  # type: ignore[union-attr]
    desk.click("eraser-soft")
    assert desk.view.tool_id == "eraser"
    assert desk.view.brush.eraser
    assert desk.choice.preset is not None
    assert desk.choice.preset.id == "eraser-soft"
    desk.view.set_tool("brush")
    assert desk.choice.preset.id == "chalk"
    assert desk.panel.delegate.chosen == "chalk"


def test_filter_and_groups(desk: Desk) -> None:
    QTest.keyClicks(desk.panel.filter, "ink CALL")
    assert desk.names() == ["Calligraphy Pen"]
    desk.panel.filter.clear()
    desk.panel.groups.setCurrentIndex(desk.panel.groups.findData("Dry"))
    assert desk.names() == ["Charcoal", "Chalk", "Pastel"]
    desk.panel.groups.setCurrentIndex(desk.panel.groups.findData(FAVOURITES))
    assert desk.names() == []
    desk.store.set_favourite("glow", True)
    assert desk.names() == ["Glow"]


def test_brush_in_hand_becomes_a_preset_with_a_name(desk: Desk, qtbot: QtBot) -> None:
    desk.click("chalk")
    desk.view.set_brush(replace(desk.view.brush, flow=0.33))
    assert desk.choice.is_different
    QTest.mouseClick(desk.panel.add_button, LEFT)
    qtbot.waitUntil(lambda: desk.panel.list.findChild(QLineEdit, "presetName") is not None)
    editor = desk.panel.list.findChild(QLineEdit, "presetName")
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "Chalk 2"
    editor.selectAll()
    QTest.keyClicks(editor, "Soft chalk")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Soft chalk" in desk.names())
    preset = desk.choice.preset
    assert preset is not None
    assert (preset.name, preset.group, preset.settings.flow) == ("Soft chalk", OWN, 0.33)
    assert not desk.choice.is_different


def test_overwrite_reset_and_delete(desk: Desk) -> None:
    desk.click("ink-pen")
    shipped = desk.view.brush
    desk.view.set_brush(replace(shipped, hardness=0.1))
    QTest.mouseClick(desk.panel.reset_button, LEFT)
    assert desk.view.brush == shipped
    desk.view.set_brush(replace(shipped, hardness=0.1))
    QTest.mouseClick(desk.panel.overwrite_button, LEFT)
    assert not desk.choice.is_different
    texts = [action.text() for action in desk.panel.menu_for("ink-pen").actions()]
    assert "As It Was Shipped" in texts
    QTest.mouseClick(desk.panel.delete_button, LEFT)
    assert "Ink Pen" not in desk.names()
    desk.store.restore()
    assert "Ink Pen" in desk.names()


def test_presets_are_stepped_through(desk: Desk) -> None:
    desk.choice.take(PRESETS[0].id)
    desk.choice.step(+1)
    assert desk.choice.preset == PRESETS[1]
    desk.choice.step(-1)
    desk.choice.step(-1)
    assert desk.view.tool_id == "eraser"  # round the end of the list


def test_strokes_appear_on_the_cards(desk: Desk, qtbot: QtBot) -> None:
    desk.panel.groups.setCurrentIndex(desk.panel.groups.findData("Ink"))
    empty = desk.panel.list.grab().toImage()
    qtbot.waitUntil(lambda: not desk.samples.busy, timeout=10000)
    assert desk.panel.list.grab().toImage() != empty


def test_samples_show_the_brush_and_are_painted_once(qtbot: QtBot) -> None:
    samples = SamplePainter()
    pictures: dict[str, QImage] = {}
    for preset in PRESETS[:4]:
        spec = SampleSpec(preset.settings, 90, 42, 0xFF000000)
        assert samples.picture(spec) is None
        qtbot.waitUntil(lambda spec=spec: samples.picture(spec) is not None, timeout=10000)
        pictures[preset.id] = samples.picture(spec) or QImage()
    assert all(picture.size().toTuple() == (90, 42) for picture in pictures.values())
    distinct = {bytes(picture.constBits()) for picture in pictures.values()}
    assert len(distinct) == len(pictures)


# --- pop-up palette


def test_palette_opens_inside_the_view(desk: Desk) -> None:
    for x, y in ((0, 0), (639, 479), (320, 240), (639, 0)):
        desk.popup.open_at(x, y)
        assert desk.popup.isVisible()
        assert desk.view.rect().contains(desk.popup.geometry())
    desk.popup.close_card()
    desk.view.resize(200, 160)
    desk.popup.open_at(100, 80)
    assert desk.view.rect().contains(desk.popup.geometry())


def test_palette_takes_presets_colours_and_size(desk: Desk, qtbot: QtBot) -> None:
    desk.colours.remember(QColor("#336699"))
    desk.store.set_favourite("charcoal", True)
    desk.popup.open_at(320, 240)
    qtbot.waitUntil(lambda: not desk.samples.busy, timeout=10000)
    QTest.mouseClick(desk.popup.presets[0], LEFT)
    assert not desk.popup.isVisible()
    assert desk.choice.preset is not None
    assert desk.choice.preset.id == "charcoal"
    desk.popup.open_at(320, 240)
    desk.popup.size_slider.setValue(1000)
    assert desk.view.brush.size == 1000
    assert desk.popup.isVisible()
    wheel = desk.popup.wheel
    QTest.mouseClick(wheel, LEFT, pos=wheel.ring_point(1 / 3).toPoint())
    QTest.mouseClick(desk.popup.dots[0], LEFT)
    assert desk.view.color == QColor("#336699")
    assert not desk.popup.isVisible()


def test_palette_closes_by_keys_and_by_presses_outside(desk: Desk) -> None:
    popup = desk.popup
    popup.open_at(320, 240)
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    popup.open_at(320, 240)
    QTest.keyClick(popup, Qt.Key.Key_3)
    assert not popup.isVisible()
    assert desk.choice.preset is not None
    popup.open_at(320, 240)
    QTest.mouseClick(popup, LEFT, pos=QPoint(3, 3))  # a corner outside the disc
    assert not popup.isVisible()
    popup.open_at(320, 240)
    drag(desk.view, [(0, 0), (5, 5)])
    assert not popup.isVisible()
    assert not desk.view.document.history.can_undo  # the press only closed it


def test_palette_is_reached_by_tab(desk: Desk, qtbot: QtBot) -> None:
    desk.view.activateWindow()
    desk.popup.open_at(320, 240)
    qtbot.waitUntil(desk.popup.hasFocus)
    QTest.keyClick(desk.popup, Qt.Key.Key_Tab)
    reached = desk.view.window().focusWidget()
    assert isinstance(reached, QWidget)
    assert desk.popup.isAncestorOf(reached)


def test_right_click_asks_for_the_palette(desk: Desk) -> None:
    desk.view.paletteWanted.connect(desk.popup.open_at)
    QTest.mouseClick(desk.view, Qt.MouseButton.RightButton, pos=QPoint(300, 200))
    assert desk.popup.isVisible()
    assert (desk.popup.geometry().center() - QPoint(300, 200)).manhattanLength() <= 3


# --- restarts


def test_brushes_come_back(view: CanvasView, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    first = PresetChoice(view, BrushStore(), settings)
    first.take("chalk")
    view.set_brush(replace(view.brush, size=77))
    first.take("eraser-soft")
    first.save()
    settings.flush()
    kept = {tool: view.brush_of(tool) for tool in view.brush_tools}
    view.put_brush("brush", BrushSettings())
    view.put_brush("eraser", BrushSettings(eraser=True))
    again = PresetChoice(view, BrushStore(), Settings(tmp_path / "settings.json"))
    assert {tool: view.brush_of(tool) for tool in view.brush_tools} == kept
    view.set_tool("brush")
    assert again.preset is not None
    assert again.preset.id == "chalk"
    assert not again.is_different
    again.reset()
    assert view.brush.size != 77


def test_damaged_brushes_are_left_out(
    view: CanvasView, tmp_path: Path, caplog: pytest.LogCaptureFixture, expected_warnings: list[str]
) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.remember(brushes={"tools": {"brush": {"size": -3}, "eraser": 7, "spoon": {}}, "chosen": {"brush": 4}})
    before = view.brush
    expected_warnings.append("start anew|left out")
    with caplog.at_level(logging.WARNING):
        choice = PresetChoice(view, BrushStore(), settings)
    assert view.brush == before
    assert choice.preset is None
    assert "brush" in caplog.text


def test_brush_panel_names_the_preset(desk: Desk, qtbot: QtBot) -> None:
    panel = BrushPanel(desk.view, desk.choice)
    qtbot.addWidget(panel)
    desk.choice.take("ink-pen")
    assert panel.title.text() == "Brush: Ink Pen"
    panel.hardness.number.setValue(1)
    assert "changed" in panel.title.text()
    panel.reset_button.click()
    assert panel.title.text() == "Brush: Ink Pen"


# --- the window


def test_the_window_has_it_all(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    actions = window.actions_by_id

    async def work() -> None:
        actions["brush.popup"].trigger()
        assert window.popup_palette.isVisible()
        actions["brush.popup"].trigger()
        assert not window.popup_palette.isVisible()
        actions["brush.next-preset"].trigger()
        assert window.presets.preset == PRESETS[0]
        window.view.set_brush(replace(window.view.brush, size=3))
        actions["brush.reset"].trigger()
        assert window.view.brush == PRESETS[0].settings
        count = len(window.program.colours.swatches)
        actions["color.add-swatch"].trigger()
        assert len(window.program.colours.swatches) == count + 1
        write_presets(tmp_path / "some.json", PRESETS[:3])
        assert await window.brush_commands.take_file(tmp_path / "some.json") == 3
        assert len(window.preset_panel.shown()) == len(PRESETS) + 3
        actions["brush.save-preset"].trigger()
        assert window.presets.preset is not None
        assert window.presets.preset.group == OWN
        assert not window.docks["presets"].visibleRegion().isEmpty()
        window.presets.save()
        assert window.program.settings.remembered.brushes["chosen"]["brush"] == window.presets.preset.id

    run(work())
