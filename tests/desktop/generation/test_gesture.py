"""One drag and one key in a whole window, candidates in place, several jobs at once, growing in every way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import to_rgba
from canvas.selection import Selection
from desktop.generation.apply import why_not_into
from desktop.generation.modes import MODES, Mode, mode_word
from desktop.main_window import MainWindow
from desktop.panels.history_words import subtitle
from desktop.program import Program
from desktop.view.edge_arrows import SIDES, touched_sides
from desktop.view.tools.extend import WIDTH, stroke_selection
from pipelines.client.fake import FakeClient
from pipelines.contract.request import Fill, GenerationRequest, Task
from pipelines.planning.masks import rim_for
from tests.desktop.conftest import Scenario, until
from tests.desktop.view.gestures import drag, hold

FRAME = Bounds(0, 0, 512, 512)
LOOP = [(150, 150), (350, 150), (350, 350), (150, 350), (150, 150)]


def shown(window: MainWindow) -> MainWindow:
    """On the screen, with the frame where the tests expect it."""
    window.resize(1300, 900)
    window.show()
    window.view.setFocus()
    window.session.document.set_frame(FRAME)
    window.view.fit(FRAME)
    window.controller.refresh_mode()
    return window


def paint(window: MainWindow, bounds: Bounds = FRAME, colour: str = "#336699") -> None:
    image = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colour))
    layer = window.session.document.active
    assert isinstance(layer, PaintLayer)
    window.session.document.put_image(layer, bounds.x, bounds.y, image)


def layers(window: MainWindow) -> int:
    return len(list(window.session.document.tree.paint_layers()))


async def candidates(window: MainWindow) -> None:
    await until(lambda: window.controller.current is not None)


def current_request(window: MainWindow) -> GenerationRequest:
    assert window.controller.current is not None
    return window.controller.current.captured.request


def key(window: MainWindow, which: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.view, which, keys)


def test_one_drag_and_one_key_fill_a_lasso(window: MainWindow, run: Scenario) -> None:
    shown(window)
    paint(window)

    async def trip() -> None:
        window.view.set_tool("lasso")
        drag(window.view, LOOP)
        prompt = window.inline_prompt
        assert prompt.isVisible()
        assert prompt.run.text() == mode_word(Mode.FILL)
        assert prompt.field.text() == ""
        QTest.keyClick(prompt.field, Qt.Key.Key_Return)
        await candidates(window)

    run(trip())
    current = window.controller.current
    assert current is not None
    assert current.record.request["prompt"] == ""
    assert current.captured.request.task is Task.INPAINT
    assert window.candidate_bar.isVisible()
    key(window, Qt.Key.Key_Right)
    assert current.index == 1
    key(window, Qt.Key.Key_Left)
    assert current.index == 0
    key(window, Qt.Key.Key_Return)
    assert layers(window) == 2
    window.actions_by_id["edit.undo"].trigger()
    assert layers(window) == 1


def test_space_shows_the_original_and_a_drag_with_it_moves_the_paper(window: MainWindow, run: Scenario) -> None:
    shown(window)

    async def make() -> None:
        window.controller.generate()
        await candidates(window)

    run(make())
    view = window.view
    assert len(view._previews) == 1
    hold(view, Qt.Key.Key_Space, True)
    assert not view._previews
    hold(view, Qt.Key.Key_Space, False)
    assert len(view._previews) == 1
    before = view.camera.center
    hold(view, Qt.Key.Key_Space, True)
    drag(view, [(100, 100), (180, 140)])
    assert len(view._previews) == 1
    assert view.camera.center != before
    hold(view, Qt.Key.Key_Space, False)
    assert len(view._previews) == 1
    hold(view, Qt.Key.Key_Space, True)
    view.clearFocus()  # a key that is let go elsewhere
    view._input.forget_keys()
    assert len(view._previews) == 1


def test_r_is_another_batch_only_while_candidates_show(window: MainWindow, run: Scenario) -> None:
    shown(window)
    log = window.session.document.generations

    async def again() -> None:
        key(window, Qt.Key.Key_R)
        await asyncio.sleep(0.05)
        assert log.count() == 0
        window.controller.generate()
        await candidates(window)
        key(window, Qt.Key.Key_R)
        await until(lambda: log.count() == 2)
        await candidates(window)
        hold(window.view, Qt.Key.Key_R, True)  # with a drag it turns the paper
        drag(window.view, [(100, 100), (300, 120)])
        hold(window.view, Qt.Key.Key_R, False)
        await asyncio.sleep(0.05)

    run(again())
    assert log.count() == 2
    assert window.view.camera.rotation != 0
    assert log.records[0].request["seed"] != log.records[1].request["seed"]
    key(window, Qt.Key.Key_Escape)
    assert window.controller.current is None
    assert log.count() == 2


def test_a_candidate_becomes_a_part_of_the_active_layer(window: MainWindow, run: Scenario) -> None:
    shown(window)
    paint(window)
    document = window.session.document
    document.set_selection(Selection.rectangle(Bounds(100, 100, 100, 100)))

    async def make() -> None:
        window.form.set(auto_rim=False, mask_grow=0, mask_feather=0)
        window.controller.generate()
        await candidates(window)

    run(make())
    current = window.controller.current
    assert current is not None
    patch, bounds = current.patch, current.record.bounds
    window.refresh_actions()
    assert window.actions_by_id["generate.accept-into-layer"].isEnabled()
    key(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert layers(window) == 1
    flat = to_rgba(window.session.compositor.flatten(bounds))
    inside = patch[..., 3] == 255
    assert (flat[inside] == patch[inside]).all()
    assert document.generations.kept(current.record.id) == (0,)
    document.undo()
    assert (to_rgba(window.session.compositor.flatten(FRAME)) == (0x33, 0x66, 0x99, 255)).all()


def test_a_layer_that_takes_nothing_is_named(window: MainWindow, run: Scenario) -> None:
    shown(window)
    document = window.session.document
    said: list[str] = []
    window.controller.message.connect(said.append)
    window.actions_by_id["generate.keep-into-layer"].trigger()
    assert window.form.settings.keep_into_layer

    async def make() -> None:
        window.controller.generate()
        await candidates(window)

    run(make())
    assert document.active is not None
    document.set_layer(document.active, locked=True)
    assert "locked" in why_not_into(document)
    assert not window.actions_by_id["generate.accept-into-layer"].isEnabled()
    window.candidate_bar.open_menu()
    tip = window.actions_by_id["generate.accept-into-layer"].toolTip()
    window.candidate_bar.menu.hide()
    assert "locked" in tip
    window.controller.accept()
    assert layers(window) == 2
    assert "Kept as a new layer" in said[0]


def test_two_paintings_three_jobs_in_any_order(program: Program, window: MainWindow, run: Scenario) -> None:
    """Jobs of several places and paintings run at once, one paints meanwhile, and keeps in any order."""
    client = program.client
    assert isinstance(client, FakeClient)
    client.script.hold = hold_back = asyncio.Event()
    shown(window)
    paint(window)

    async def trip() -> None:
        other = shown(program.new_window())
        for left in (40, 300):
            window.session.document.set_selection(Selection.rectangle(Bounds(left, 60, 90, 90)))
            window.form.set(prompt=f"at {left}", context="tight", auto_rim=False, mask_grow=0, mask_feather=0)
            window.controller.generate()
            await until(lambda: client.submitted == len(window.controller.jobs))
        other.controller.generate()
        await until(lambda: client.submitted == 3)
        assert len(window.controller.jobs) == 2
        paint(window, Bounds(0, 480, 512, 32), "#ffffff")  # nothing is blocked meanwhile
        hold_back.set()
        await until(lambda: len(window.controller.candidates) == 2)
        await until(lambda: other.controller.current is not None)
        assert len(other.controller.candidates) == 1
        assert window.actions_by_id["generate.other"].isEnabled()
        first, second = window.controller.candidates.all
        assert window.controller.current is second
        window.actions_by_id["generate.other"].trigger()
        assert window.controller.current is first
        window.controller.accept()  # the first one first
        window.session.document.undo()
        window.session.document.undo()  # the white stroke, under a waiting candidate
        assert window.controller.current is second
        window.controller.accept()
        other.controller.accept()
        names = [layer.name for layer in window.session.document.tree.paint_layers()]
        assert [name.split(" · ")[0] for name in names[1:]] == [second.record.request["prompt"]]
        assert layers(other) == 2
        log = window.session.document.generations
        assert {record.request["prompt"] for record in log.records} == {"at 40", "at 300"}

    run(trip())


def test_candidates_of_different_places_are_seen_together(window: MainWindow, run: Scenario) -> None:
    shown(window)

    async def make(*lefts: int) -> None:
        for left in lefts:
            window.session.document.set_frame(Bounds(left, 0, 256, 256))
            before = len(window.controller.candidates)
            window.controller.generate()
            await until(lambda count=before: len(window.controller.candidates) > count)

    run(make(0, 400, 200))
    assert {preview.bounds.x for preview in window.view._previews.values()} == {200}  # it lies over both others
    window.controller.discard()
    assert {preview.bounds.x for preview in window.view._previews.values()} == {0, 400}


def test_a_dropped_picture_is_ready_to_be_refined(window: MainWindow, run: Scenario, tmp_path: Path) -> None:
    shown(window)
    paint(window)
    document = window.session.document
    document.set_selection(Selection.rectangle(Bounds(0, 0, 50, 50)))
    window.form.set(mode=Mode.REMOVE)
    cut_out = np.zeros((200, 320, 4), np.uint8)
    cut_out[40:160, 60:260] = (200, 30, 30, 255)  # a picture with empty margins is refined, too
    Image.fromarray(cut_out).save(tmp_path / "red.png")
    run(window.importer.import_dropped([tmp_path / "red.png"], (2000.0, 500.0)))
    assert document.frame == Bounds(1840, 400, 320, 200)
    assert document.selection.is_empty
    assert window.controller.mode is Mode.REFINE
    assert window.prompt_panel.run.text() == "Refine"

    async def refine() -> None:
        window.controller.generate()
        await candidates(window)

    run(refine())
    assert window.controller.current is not None
    assert window.controller.current.captured.request.task is Task.IMAGE_TO_IMAGE
    window.controller.discard()
    document.undo()
    assert layers(window) == 1
    assert document.frame == FRAME
    assert not document.selection.is_empty


def test_a_stroke_past_the_edge_extends_the_picture(window: MainWindow, run: Scenario) -> None:
    shown(window)
    paint(window)
    document = window.session.document
    window.view.fit(Bounds(0, 0, 1200, 600))
    window.view.options.set_value("extend", WIDTH, 120)

    async def extend() -> None:
        window.view.set_tool("extend")
        drag(window.view, [(400, 250), (560, 260), (700, 300)])
        await candidates(window)

    run(extend())
    current = window.controller.current
    assert current is not None
    request, bounds = current.captured.request, current.captured.bounds
    assert (request.task, request.fill, request.strength) == (Task.INPAINT, Fill.BORDER, 1.0)
    assert request.mask is not None
    covered = Selection.from_mask(bounds, request.mask)
    assert 510 <= covered.bounds.x <= 513
    assert 750 <= covered.bounds.right <= 770
    assert document.frame.contains(covered.bounds)
    assert document.frame.x < 512 - 60  # enough of the picture to join on to
    assert bounds.contains(document.frame)
    assert document.selection.is_empty
    window.controller.discard()
    document.undo()
    assert document.frame == FRAME


def test_a_stroke_on_the_picture_is_a_sentence(window: MainWindow, run: Scenario) -> None:
    shown(window)
    paint(window)
    said: list[str] = []
    window.controller.message.connect(said.append)

    async def extend() -> None:
        window.view.expand(stroke_selection([(200, 200), (300, 300)], 60))
        await until(lambda: said)

    run(extend())
    assert "past the edge" in said[0]
    assert window.session.document.frame == FRAME


def test_alt_and_an_arrow_expand_by_a_step(window: MainWindow, run: Scenario) -> None:
    shown(window)
    paint(window)
    document = window.session.document
    document.set_selection(Selection.rectangle(Bounds(0, 0, 50, 50)))  # it stays, and is not what is expanded

    async def walk() -> None:
        window.actions_by_id["expand.right"].trigger()
        await candidates(window)
        assert document.frame == Bounds(256, 0, 512, 512)
        request = current_request(window)
        assert request.task is Task.OUTPAINT
        assert request.mask is not None
        assert (request.mask[:, 256:] == 255).all()
        assert (request.mask[:, :256] == 0).all()
        window.actions_by_id["expand.right"].trigger()  # goes on from what is shown
        await until(lambda: document.generations.count() == 2)
        assert layers(window) == 2
        assert document.frame == Bounds(512, 0, 512, 512)
        await candidates(window)
        request = current_request(window)
        assert request.mask is not None
        assert (request.mask[:, :256] == 0).all()
        assert (request.mask[:, 256:] == 255).all()
        window.program.settings.update(expand_percent=25)
        window.controller.discard()
        window.expand_commands.arrows.wanted.emit(0, 1)
        await until(lambda: document.generations.count() == 3)
        assert document.frame == Bounds(512, 128, 512, 512)

    run(walk())


def test_steps_in_a_row_grow_one_from_the_other(window: MainWindow, run: Scenario) -> None:
    shown(window)
    paint(window)
    document = window.session.document

    async def walk() -> None:
        for _ in range(3):
            window.actions_by_id["expand.right"].trigger()
        await until(lambda: document.generations.count() == 3)
        await until(lambda: window.controller.current is not None and not window.controller.jobs)
        request = current_request(window)
        assert request.task is Task.OUTPAINT  # joined on to the picture before it, which was kept
        assert request.mask is not None
        assert (request.mask[:, :256] == 0).all()
        assert document.frame == Bounds(768, 0, 512, 512)
        assert layers(window) == 3

    run(walk())


def test_a_step_taken_back_takes_those_behind_it_along(window: MainWindow, run: Scenario) -> None:
    shown(window)
    paint(window)
    client = window.program.client
    assert isinstance(client, FakeClient)
    client.script.step_seconds = 0.2

    async def walk() -> None:
        window.actions_by_id["expand.right"].trigger()
        window.actions_by_id["expand.right"].trigger()
        await until(lambda: window.controller.jobs)
        window.actions_by_id["generate.cancel"].trigger()
        await until(lambda: window.session.document.generations.count() == 1 and not window.controller.jobs)
        window.actions_by_id["expand.right"].trigger()
        await until(lambda: window.controller.jobs)
        assert window.session.document.generations.count() == 1

    run(walk())


def test_a_frame_over_nothing_is_generated_when_it_is_stepped(window: MainWindow, run: Scenario) -> None:
    shown(window)

    async def step() -> None:
        window.actions_by_id["expand.up"].trigger()
        await candidates(window)

    run(step())
    assert window.session.document.frame == Bounds(0, -256, 512, 512)
    assert window.controller.current is not None
    assert window.controller.current.captured.request.task is Task.TEXT_TO_IMAGE


def test_arrows_stand_where_a_picture_ends(window: MainWindow, run: Scenario) -> None:
    shown(window)
    arrows = window.expand_commands.arrows
    arrows._look()
    assert not any(arrow.isVisible() for arrow in arrows.arrows.values())
    paint(window, Bounds(-300, 0, 812, 300))
    assert touched_sides(FRAME, window.session.compositor) == {"up", "right"}
    arrows._look()
    assert {side for side, arrow in arrows.arrows.items() if arrow.isVisible()} == {"up", "right"}
    window.view.set_tool("frame")
    assert {side for side, arrow in arrows.arrows.items() if arrow.isVisible()} == set(SIDES)
    window.view.rotate_to(90)
    assert arrows.arrows["right"].y() > arrows.arrows["left"].y()
    window.actions_by_id["expand.arrows"].trigger()
    assert not any(arrow.isVisible() for arrow in arrows.arrows.values())
    assert all(arrow.toolTip() for arrow in arrows.arrows.values())


def test_the_inline_field_offers_the_other_modes_once(window: MainWindow, run: Scenario) -> None:
    shown(window)
    paint(window)

    async def remove() -> None:
        window.view.set_tool("lasso")
        drag(window.view, LOOP)
        window.form.set(prompt="a boat")
        menu = window.inline_prompt.menu
        words = [action.text() for action in menu.actions()]
        assert words == ["Fill", "Refine", "Expand", "Remove", "Replace background"]
        menu.actions()[3].trigger()
        await candidates(window)

    run(remove())
    current = window.controller.current
    assert current is not None
    assert current.record.request["prompt"] == ""
    assert current.record.form["ran_as"] == "remove"
    assert window.form.settings.mode is None
    assert subtitle(current.record, with_day=False).startswith("Remove · ")


def test_the_wide_button_says_what_is_insisted_on(window: MainWindow) -> None:
    shown(window)
    panel = window.prompt_panel
    for number, mode in enumerate(MODES):
        action = window.actions_by_id[f"generate.mode.{mode}"]
        assert action.shortcut().toString() == f"Alt+{number + 1}"
        action.trigger()
        assert panel.run.text() == mode_word(mode)
        assert panel.rows.always.isVisibleTo(panel) == bool(mode.strength_field)
    window.actions_by_id["generate.mode.auto"].trigger()
    assert panel.run.text() == mode_word(Mode.GENERATE)


def test_the_rim_that_will_be_used_is_shown_greyed(window: MainWindow) -> None:
    shown(window)
    rows = window.prompt_panel.rows
    window.form.set(mask_feather=7)
    window.session.document.set_selection(Selection.rectangle(Bounds(0, 0, 300, 400)))
    window.controller.refresh_mode()
    feather = rows._rim["mask_feather"]
    assert not feather.isEnabled()
    assert feather.value() == rim_for(500.0, 1.0).feather > 7
    window.form.set(inpaint_strength=0.5)
    assert feather.value() == rim_for(500.0, 0.5).feather
    rows.auto_rim.setChecked(False)
    assert feather.isEnabled()
    assert feather.value() == 7
    assert window.form.settings.mask_feather == 7


def test_a_dragged_context_holds_until_the_selection_changes(window: MainWindow, run: Scenario) -> None:
    shown(window)
    paint(window)
    document = window.session.document
    document.set_selection(Selection.rectangle(Bounds(200, 200, 60, 60)))
    dragged = Bounds(0, 0, 480, 480)
    window.controller.set_context(dragged)

    async def make() -> None:
        window.controller.generate()
        await candidates(window)

    run(make())
    assert window.controller.current is not None
    assert window.controller.current.captured.bounds == dragged
    document.set_selection(Selection.rectangle(Bounds(210, 200, 60, 60)))
    assert window.controller.context_override is None
