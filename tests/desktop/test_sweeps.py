"""Variations, sweeps and making larger in a whole window, with an engine that paints at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from canvas.geometry import Bounds
from canvas.layers import GroupLayer, PaintLayer
from canvas.pixels import to_rgba
from canvas.selection import Selection
from desktop.dialogs.sweep import SweepDialog
from desktop.dialogs.upscale import UpscaleDialog
from desktop.generation.modes import Mode
from desktop.generation.sweep import Cell, Scope, Sweep, SweepField, read_axis
from desktop.generation.sweep_run import SweepState
from desktop.generation.upscaling import Enlargement, Place
from desktop.main_window import MainWindow
from pipelines.client.fake import FakeClient
from pipelines.client.fake import paint as fake_picture
from pipelines.contract.events import FailureKind
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import GenerationRequest, Task
from tests.desktop.conftest import Scenario, until

pytestmark = pytest.mark.usefixtures("loop_never_rests")

FRAME = Bounds(0, 0, 256, 256)


def fake(window: MainWindow) -> FakeClient:
    client = window.program.client
    assert isinstance(client, FakeClient)
    return client


def paint(window: MainWindow, bounds: Bounds, colour: str = "#336699") -> None:
    image = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colour))
    document = window.session.document
    layer = document.active
    assert isinstance(layer, PaintLayer)
    document.put_image(layer, bounds.x, bounds.y, image)


def seen(window: MainWindow, bounds: Bounds) -> np.ndarray:
    return to_rgba(window.session.compositor.flatten(bounds))


def requests(window: MainWindow) -> list[dict[str, Any]]:
    return [dict(record.request) for record in window.session.document.generations.records]


async def begin(window: MainWindow, **settings: Any) -> None:
    window.show()
    window.session.document.set_frame(FRAME)
    window.form.set(prompt="summer hills", num_inference_steps=4, random_seed=False, seed=7, **settings)
    await asyncio.sleep(0.2)


async def candidates(window: MainWindow) -> Any:
    controller = window.controller
    await until(lambda: controller.current is not None and not controller.jobs)
    return controller.current


# --- variations


def test_variations_of_the_chosen_candidate(window: MainWindow, run: Scenario) -> None:
    actions, log = window.actions_by_id, window.session.document.generations

    async def story() -> None:
        await begin(window, num_images_per_prompt=3)
        assert not actions["generate.vary"].isEnabled()
        window.controller.generate()
        first = await candidates(window)
        window.controller.next_candidate()
        chosen = first.patch.tobytes()
        assert actions["generate.vary"] in window.candidate_bar.menu.actions()
        assert not actions["generate.stronger"].isEnabled()  # painted from nothing
        parent = first.record.id
        for turns, (name, strength) in enumerate((("vary-slightly", 0.1), ("vary", 0.25), ("vary-strongly", 0.5))):
            actions[f"generate.{name}"].trigger()
            varied = await candidates(window)
            request = varied.captured.request
            assert (request.seed, request.variation_strength) == (8, strength)
            assert varied.record.bounds == first.record.bounds
            assert len({chosen, *(patch.tobytes() for patch in varied.patches)}) == 4  # each towards another seed
            itself = replace(request, variation_strength=0.0)
            assert fake_picture(itself, 0).tobytes() == chosen
            assert [turn.strength for turn in request.variation_path] == [0.1, 0.25][:turns]
            chosen = varied.patches[1].tobytes()
            window.controller.discard()
            window.controller.apply_record(varied.record.id, 1)
            assert varied.record.parent_id == parent
            parent = varied.record.id
            window.controller.candidates.add(varied)
            window.controller.next_candidate()
        await until(lambda: any("~" in layer.name for layer in window.session.document.tree.paint_layers()))
        layer = next(one for one in window.session.document.tree.paint_layers() if "~" in one.name)
        slight = log.records[1]
        assert layer.name == f"summer hills · 8 ~ {slight.request['variation_seed'] + 1}"
        for record, strength in ((slight, 0.1), (log.records[3], 0.5)):
            window.controller.reuse(record.id)
            await until(lambda: window.form.settings.variation_strength == strength)  # noqa: B023 - awaited at once
            window.controller.candidates.take()
            window.controller.generate()
            again = await candidates(window)
            names = ("seed", "variation_seed", "variation_strength", "variation_path")
            ours = {name: again.record.request[name] for name in names}
            assert ours == {name: record.request[name] for name in ours}
        assert len(window.form.settings.variation_path) == 2
        window.form.set(seed=3)
        assert (window.form.settings.variation_strength, window.form.settings.variation_path) == (0.0, ())

    run(story())


def test_stronger_and_weaker_keep_everything_else(window: MainWindow, run: Scenario) -> None:
    actions = window.actions_by_id

    async def story() -> None:
        await begin(window, num_images_per_prompt=1, strength=0.5)
        paint(window, FRAME)
        window.controller.set_mode(Mode.REFINE)
        window.controller.generate()
        first = await candidates(window)
        for name, strength in (("stronger", 0.6), ("weaker", 0.5), ("weaker", 0.4)):
            before = window.controller.current
            actions[f"generate.{name}"].trigger()
            await until(lambda: window.controller.current not in (None, before))  # noqa: B023 - awaited at once
            current = window.controller.current
            assert current is not None
            was = first.captured.request
            assert current.captured.request.to_dict() == {**was.to_dict(), "strength": strength}
            assert (current.captured.request.image == was.image).all()
            assert current.record.form["strength"] == strength
        window.form.set(strength=0.5)
        assert len(window.session.document.generations.records) == 4

    run(story())


def test_a_generation_of_the_history_is_varied_at_its_place(window: MainWindow, run: Scenario) -> None:
    document, panel = window.session.document, window.history_panel

    async def story() -> None:
        await begin(window, num_images_per_prompt=2)
        paint(window, Bounds(0, 0, 400, 400))
        document.set_selection(Selection.rectangle(Bounds(60, 60, 90, 90)))
        window.controller.generate()
        first = await candidates(window)
        window.controller.discard()
        document.set_selection(Selection.none())
        document.set_frame(Bounds(2000, 2000, 256, 256))
        window.show_dock("history")
        await until(lambda: panel.list.model().rowCount() > 0)
        panel.go_to(first.record.id)
        await until(lambda: window.actions_by_id["log.vary"].isEnabled())
        window.actions_by_id["log.vary"].trigger()
        varied = await candidates(window)
        assert (varied.record.parent_id, varied.record.bounds) == (first.record.id, first.record.bounds)
        assert (varied.captured.request.mask == first.captured.request.mask).all()
        assert (varied.captured.request.image == first.captured.request.image).all()
        assert varied.captured.request.variation_strength == 0.25

    run(story())


# --- sweeps


def sweep_of(window: MainWindow, across: tuple[SweepField, str], down: tuple[SweepField, str] | None) -> tuple:
    scope = Scope(window.form.settings, window.controller.mode, window.form.models)
    rows = read_axis(*down, scope) if down else None
    return Sweep(read_axis(*across, scope), rows), scope


async def paint_sweep(window: MainWindow, *axes: tuple[SweepField, str]) -> None:
    await window.sweep_commands.start(*sweep_of(window, axes[0], axes[1] if len(axes) > 1 else None))
    await until(lambda: window.sweep_commands.run.state is SweepState.DONE)


def test_cells_are_painted_in_order_and_logged(window: MainWindow, run: Scenario) -> None:
    commands, document = window.sweep_commands, window.session.document

    async def story() -> None:
        await begin(window)
        paint(window, Bounds(-100, 0, 80, 80))
        before = seen(window, Bounds(-200, -300, 3000, 2000))
        await paint_sweep(window, (SweepField.SEED, "4, 9"), (SweepField.STEPS, "2-6 (+2)"))
        made = [(one["seed"], one["num_inference_steps"], one["num_images_per_prompt"]) for one in requests(window)]
        assert made == [(4, 2, 1), (9, 2, 1), (4, 4, 1), (9, 4, 1), (4, 6, 1), (9, 6, 1)]
        assert all(record.bounds == FRAME for record in document.generations.records)
        assert commands.run.painted == commands.run.total == 6
        assert commands.bar.isVisible()
        assert (seen(window, Bounds(-200, -300, 3000, 2000)) == before).all()  # only shown
        window.actions_by_id["sweep.drop"].trigger()
        assert not commands.bar.isVisible()
        assert not window.view._previews

    run(story())


def test_the_grid_is_kept_in_one_step(window: MainWindow, run: Scenario) -> None:
    commands, document = window.sweep_commands, window.session.document

    async def story() -> None:
        await begin(window)
        await paint_sweep(window, (SweepField.PROMPT, "summer, winter, spring"), (SweepField.GUIDANCE, "1, 5"))
        plan = commands.run.plan
        assert plan is not None
        patches = {cell: commands.run.records[cell].candidates[0] for cell in plan.sweep.cells()}
        steps = len(document.tree.root.children)
        window.actions_by_id["sweep.keep"].trigger()
        await until(lambda: not commands.run.is_open)
        group = document.tree.root.children[-1]
        assert isinstance(group, GroupLayer)
        assert [layer.name for layer in group.children] == ["Pictures", "Labels"]
        for cell, digest in patches.items():
            patch = await asyncio.wrap_future(window.session.project.load_blob(digest))
            assert (seen(window, plan.grid.cell(cell)) == patch).all()
        for strip in (plan.grid.above, plan.grid.beside):
            assert seen(window, strip)[..., 3].any()
        assert plan.grid.bounds.x > FRAME.right
        document.undo()
        assert len(document.tree.root.children) == steps
        document.redo()
        assert seen(window, plan.grid.cell(Cell(2, 1)))[..., 3].all()

    run(story())


def test_cancel_in_the_middle_keeps_what_is_done(window: MainWindow, run: Scenario) -> None:
    commands = window.sweep_commands

    async def story() -> None:
        await begin(window)
        script = fake(window).script
        script.step_seconds = 0.01
        await commands.start(*sweep_of(window, (SweepField.SEED, "1-6"), None))
        assert commands.bar.status.text() == "Picture 1 of 6"
        await until(lambda: commands.run.painted == 2 and commands.run.fraction > 0)
        assert "left" in commands.bar.status.text()
        commands.bar.cancel.click()
        await until(lambda: commands.run.state is SweepState.DONE)
        assert commands.run.painted == 2
        assert [one["seed"] for one in requests(window)] == [1, 2, 3]
        assert window.session.document.generations.records[2].status == "cancelled"
        assert not window.program.router.jobs
        window.actions_by_id["sweep.keep"].trigger()
        await until(lambda: not commands.run.is_open)
        assert len(window.session.document.tree.root.children) == 2

    run(story())


def test_a_cell_that_fails_is_said_and_the_rest_goes_on(window: MainWindow, run: Scenario) -> None:
    commands = window.sweep_commands

    async def story() -> None:
        await begin(window)
        fake(window).script.failures = {
            1: FailureKind.OUT_OF_MEMORY,
            4: FailureKind.ENGINE_ERROR,
            5: FailureKind.ENGINE_ERROR,
        }
        await paint_sweep(window, (SweepField.SEED, "1, 2, 3, 4"))
        assert set(commands.run.failures) == {Cell(1, 0)}
        assert commands.run.painted == 3
        assert window.banner.isVisible()
        commands.run.drop()
        await commands.start(*sweep_of(window, (SweepField.SEED, "5-9"), None))
        await until(lambda: not commands.run.is_open)  # two failed in a row and nothing came: it is gone
        assert fake(window).submitted == 6

    run(story())


def click(window: MainWindow, cell: Cell, kind: QEvent.Type = QEvent.Type.MouseButtonPress) -> None:
    plan = window.sweep_commands.run.plan
    assert plan is not None
    middle = plan.grid.cell(cell).center
    at = QPointF(*window.view.canvas_to_widget(middle.x, middle.y))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for one in (kind, QEvent.Type.MouseButtonRelease):
        event = QMouseEvent(one, at, window.view.mapToGlobal(at), left, left, none)
        QApplication.sendEvent(window.view, event)


def test_a_cell_is_kept_at_its_place_with_its_settings(window: MainWindow, run: Scenario) -> None:
    commands, document = window.sweep_commands, window.session.document

    async def story() -> None:
        await begin(window, num_images_per_prompt=3)
        paint(window, Bounds(0, 0, 500, 500), "#884422")
        document.set_selection(Selection.rectangle(Bounds(40, 40, 120, 120)))
        await asyncio.sleep(0.2)
        assert window.controller.mode is Mode.FILL
        await paint_sweep(window, (SweepField.STRENGTH, "30, 60, 90"), (SweepField.SEED, "1, 2"))
        outside = seen(window, Bounds(200, 0, 300, 500))
        painted = seen(window, FRAME)
        layers = len(list(document.tree.paint_layers()))
        click(window, Cell(0, 0))
        assert commands.run.chosen == Cell(0, 0)
        QTest.keyClick(window.view, Qt.Key.Key_Right)
        QTest.keyClick(window.view, Qt.Key.Key_Down)
        assert commands.run.chosen == Cell(1, 1)
        assert commands.bar.status.text() == "Strength 60 % · Seed 2"
        QTest.keyClick(window.view, Qt.Key.Key_Return)
        await until(lambda: len(list(document.tree.paint_layers())) == layers + 1)
        settings = window.form.settings
        assert (settings.inpaint_strength, settings.seed, settings.num_images_per_prompt) == (0.6, 2, 3)
        assert settings.mode is None  # nothing was insisted on
        record = commands.run.records[Cell(1, 1)]
        assert document.generations.kept(record.id) == (0,)
        assert (seen(window, Bounds(200, 0, 300, 500)) == outside).all()
        assert (seen(window, FRAME) != painted).any()
        click(window, Cell(2, 0))
        click(window, Cell(2, 0), QEvent.Type.MouseButtonDblClick)
        await until(lambda: len(list(document.tree.paint_layers())) == layers + 2)
        assert window.form.settings.inpaint_strength == 0.9
        document.undo()
        document.undo()
        assert (seen(window, FRAME) == painted).all()
        QTest.keyClick(window.view, Qt.Key.Key_Escape)
        assert commands.run.chosen is None
        assert commands.run.is_open

    run(story())


def test_the_dialog_counts_and_says_what_cannot_be_read(window: MainWindow, run: Scenario) -> None:
    async def story() -> None:
        await begin(window)
        window.actions_by_id["generate.sweep"].trigger()
        dialog = window.findChild(SweepDialog)
        assert dialog is not None
        dialog.across.field.setCurrentIndex(dialog.across.field.findData("num_inference_steps"))
        dialog.across.text.setText("4-12 (+4)")
        dialog.down.field.setCurrentIndex(dialog.down.field.findData("seed"))
        dialog.down.text.setText("1, 2, 3, x")
        assert "'x' cannot be read" in dialog.problem.text()
        assert not dialog.run.isEnabled()
        dialog.down.text.setText("1, 2, 3, 4")
        assert dialog.problem.text() == ""
        assert dialog.count.text() == "3 × 4 = 12 pictures"
        place = dialog.across.field.findData("strength")
        item = dialog.across.field.model().item(place)  # type: ignore[attr-defined]
        assert not item.isEnabled()
        assert "Strength means nothing" in item.toolTip()
        await teach_a_pace(window)
        dialog.down.text.setText("1, 2, 3")
        await until(lambda: "about" in dialog.count.text())
        assert dialog.count.text().startswith("3 × 3 = 9 pictures, about ")
        dialog.down.field.setCurrentIndex(0)
        assert dialog.count.text() == "3 × 1 = 3 pictures"
        dialog.run.click()
        await until(lambda: window.sweep_commands.run.state is SweepState.DONE)
        assert [one["num_inference_steps"] for one in requests(window)] == [4, 8, 12]
        window.actions_by_id["generate.sweep"].trigger()
        assert window.findChildren(SweepDialog)[-1].across.text.text() == "4-12 (+4)"
        window.findChildren(SweepDialog)[-1].reject()

    run(story())


async def teach_a_pace(window: MainWindow) -> None:
    request = GenerationRequest(Task.TEXT_TO_IMAGE, "starter", width=256, height=256, num_inference_steps=4)
    facts = {"steps_run": 4, "denoise_s": 2.0, "encode_s": 0.1, "decode_s": 0.2}
    device, dtype = window.program.engine
    info = window.form.model_info()
    assert info is not None
    await window.program.paces.learn(request, info, {**facts, "device": device, "dtype": dtype})


def test_a_sweep_too_large_to_be_shown_is_refused(
    window: MainWindow, run: Scenario, expected_warnings: list[str]
) -> None:
    expected_warnings.append("too large to be shown at once")

    async def story() -> None:
        await begin(window)
        window.session.document.set_frame(Bounds(0, 0, 4096, 4096))
        sweep, scope = sweep_of(window, (SweepField.SEED, "1-10"), None)
        window.slots.start(window.sweep_commands.start(sweep, scope))
        await until(lambda: window.banner.isVisible())
        assert "too large to be shown at once" in window.banner.text.text()
        assert not window.sweep_commands.run.is_open

    run(story())


def test_closing_while_a_sweep_and_an_upscale_run(program, run: Scenario) -> None:
    async def story() -> None:
        window = program.new_window()
        await program.start_engine()
        await begin(window)
        paint(window, FRAME)
        fake(window).script.hold = hold = asyncio.Event()
        await window.sweep_commands.start(*sweep_of(window, (SweepField.SEED, "1-5"), None))
        window.slots.start(window.sweep_commands.upscale(Enlargement()))
        await until(lambda: len(program.router.jobs) == 2)
        hold.set()
        window.close()
        await until(lambda: not program.windows)

    run(story())


# --- making larger


def upscaled(window: MainWindow) -> Callable[[], bool]:
    before = len(list(window.session.document.tree.paint_layers()))
    return lambda: len(list(window.session.document.tree.paint_layers())) > before


def test_the_frame_is_made_larger_beside_everything(window: MainWindow, run: Scenario) -> None:
    document = window.session.document

    async def story() -> None:
        await begin(window)
        paint(window, Bounds(0, 0, 300, 200))
        before = seen(window, Bounds(0, 0, 400, 300))
        window.actions_by_id["generate.upscale"].trigger()
        await until(lambda: window.findChild(UpscaleDialog) is not None)
        dialog = window.findChild(UpscaleDialog)
        assert dialog is not None
        assert dialog.outcome.text().startswith("512 × 512 pixels, about")
        assert not dialog.prompt.isEnabled()
        dialog.quick[0].click()
        assert dialog.outcome.text().startswith("384 × 384 pixels")
        done = upscaled(window)
        dialog.run.click()
        await until(done)
        place = Bounds(364, 0, 384, 384)
        record = document.generations.records[0]
        assert (record.task, record.bounds, document.frame) == ("upscale", place, place)
        assert record.request["scale"] == 1.5
        assert document.active is not None
        assert document.generations.kept(record.id) == (0,)
        assert (seen(window, Bounds(0, 0, 300, 300)) == before[:300, :300]).all()
        assert seen(window, place)[..., 3].all()
        document.undo()
        assert document.frame == FRAME
        assert not seen(window, place)[..., 3].any()

    run(story())


def test_a_selection_that_is_no_rectangle_stays_cut_out(window: MainWindow, run: Scenario) -> None:
    document = window.session.document

    async def story() -> None:
        await begin(window)
        paint(window, Bounds(0, 0, 300, 200))
        loop = Selection.polygon([(20, 20), (120, 20), (20, 120)])
        document.set_selection(loop)
        done = upscaled(window)
        await window.sweep_commands.upscale(Enlargement(scale=2, place=Place.OVER))
        assert done()
        given = await asyncio.wrap_future(
            window.session.project.load_blob(document.generations.records[0].inputs["image"])
        )
        assert (given[..., 3] == loop.coverage(loop.bounds)).all()
        assert (given[given[..., 3] == 0] == 0).all()
        assert document.frame == Bounds(loop.bounds.x, loop.bounds.y, loop.bounds.width * 2, loop.bounds.height * 2)

    run(story())


def test_what_cannot_be_made_larger_is_said(window: MainWindow, run: Scenario, expected_warnings: list[str]) -> None:
    expected_warnings.append("desktop.slots")
    document = window.session.document

    async def story() -> None:
        await begin(window)
        document.set_frame(Bounds(0, 0, 4096, 512))
        window.actions_by_id["generate.upscale"].trigger()
        await until(lambda: window.findChild(UpscaleDialog) is not None)
        dialog = window.findChild(UpscaleDialog)
        assert dialog is not None
        dialog.scale.setValue(4)
        assert "16384 × 2048 pixels; at most 8192" in dialog.problem.text()
        assert not dialog.run.isEnabled()
        dialog.reject()
        document.set_frame(FRAME)
        for wanted, sentence in (
            (Enlargement(), "Nothing of the picture is painted there"),
            (Enlargement(scale=9), "1.1 to 8 times"),
        ):
            window.slots.start(window.sweep_commands.upscale(wanted))
            await until(lambda: sentence in window.banner.text.text())  # noqa: B023 - awaited at once
        document.set_selection(Selection.rectangle(Bounds(0, 0, 8, 40)))
        window.slots.start(window.sweep_commands.upscale(Enlargement()))
        await until(lambda: "8 × 40 pixels; 16 a side" in window.banner.text.text())
        assert not document.generations.records

    run(story())


def test_an_upscale_is_cancelled_and_changes_nothing(window: MainWindow, run: Scenario) -> None:
    document, commands = window.session.document, window.sweep_commands

    async def story() -> None:
        await begin(window)
        paint(window, FRAME)
        script = fake(window).script
        script.step_seconds = 0.02
        window.form.set(num_inference_steps=40)
        window.slots.start(commands.upscale(Enlargement(detail=0.3, prompt="stone")))
        await until(lambda: commands.upscale_run.fraction > 0.1)
        assert window.actions_by_id["upscale.cancel"].isEnabled()
        window.actions_by_id["upscale.cancel"].trigger()
        await until(lambda: not commands.upscale_run.running)
        record = document.generations.records[0]
        assert (record.status, record.request["strength"], record.request["prompt"]) == ("cancelled", 0.3, "stone")
        assert len(list(document.tree.paint_layers())) == 1
        assert document.frame == FRAME
        assert not window.view._previews
        script.step_seconds = 0.0
        await commands.upscale(replace(Enlargement(), detail=0.3))
        assert len(list(document.tree.paint_layers())) == 2

    run(story())


def test_the_dialog_offers_what_the_library_has(window: MainWindow) -> None:
    info = ModelInfo("/models/sharp.pth", "Sharp 4x", "", ModelKind.UPSCALER, Family.UNKNOWN)
    asked: list[Enlargement] = []

    def foretell(wanted: Enlargement) -> float | None:
        asked.append(wanted)
        return 75.0 if wanted.upscaler == info.id else None

    dialog = UpscaleDialog((Bounds(0, 0, 300, 200), True), Enlargement(), [info], foretell, window)
    assert dialog.region.text() == "The selection, 300 × 200"
    assert dialog.outcome.text() == "600 × 400 pixels"
    dialog.method.setCurrentIndex(1)
    dialog.detail.setValue(30)
    dialog.places[Place.OVER].click()
    assert dialog.outcome.text() == "600 × 400 pixels, about 1 min 15 s"
    assert dialog.prompt.isEnabled()
    dialog.prompt.setText("stone")
    decided: list[Enlargement] = []
    dialog.decided.connect(decided.append)
    dialog.run.click()
    assert decided == [Enlargement(2.0, info.id, 0.3, "stone", Place.OVER)]
