"""Clips in the window: asked for, made in the queue, kept in the log, played, written, turned into layers."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from canvas.formats.pictures import read_metadata
from canvas.geometry import Bounds
from canvas.layers import GroupLayer, PaintLayer
from canvas.pixels import to_rgba
from desktop import clip_frames
from desktop.clip_frames import ClipFrames
from desktop.clip_layers import frames_as_layers
from desktop.dialogs.animate import AnimateDialog, Scene
from desktop.dialogs.clip_player import ClipPlayer
from desktop.generation.clips import ClipWish, ClipWork, nearest_frames, why_not
from desktop.generation.recipes import recipe_in
from desktop.headless import info
from desktop.main_window import MainWindow
from desktop.window_clips import MISSING
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind
from pipelines.planning.cost import Cost
from tests.desktop.conftest import Scenario, until

REGION = Bounds(0, 0, 128, 96)
WORDS = ModelInfo("starter", "Wan 2.1 T2V", "", ModelKind.DIFFUSERS, Family.WAN, defaults=ModelDefaults(4, 2.0))
"""Called as the one model that the fake engine has."""
SHOWN = replace(WORDS, id="i2v", name="Wan 2.1 I2V", variant="i2v")


def paint(window: MainWindow, colour: str = "#336699") -> None:
    document = window.session.document
    image = QImage(REGION.width, REGION.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colour))
    layer = document.active
    assert isinstance(layer, PaintLayer)
    document.put_image(layer, 0, 0, image)
    document.set_frame(REGION)


async def make(window: MainWindow, frames: int = 9, **more: object) -> ClipPlayer:
    wish = ClipWish(model="starter", prompt="waves", frames=frames, seed=7, **more)  # type: ignore[arg-type]
    await window.clip_commands.make(ClipWork(REGION, WORDS, wish))
    player = next(iter(window.clip_commands.players.values()))
    await until(lambda: player.stage.image is not None)
    player.play(False)
    return player


async def logged(window: MainWindow) -> None:
    paint(window)
    document = window.session.document
    layers, steps = len(list(document.tree.walk())), document.history.names
    player = await make(window, fps=12)
    record = document.generations.records[0]
    assert player.record.id == record.id
    assert (record.task, record.status, len(record.candidates)) == ("animate", "finished", 9)
    assert (record.request["frames"], record.request["seed"], record.request["strength"]) == (9, 7, 0.8)
    assert record.form["fps"] == player.fps.value() == 12
    assert "image" in record.inputs
    assert window.controller.current is None, "frames are no candidates"
    assert not window.actions_by_id["generate.accept"].isEnabled()
    assert (len(list(document.tree.walk())), document.history.names) == (layers, steps)


async def steps_and_plays(window: MainWindow) -> None:
    paint(window)
    player = await make(window)
    load = window.session.project.load_blob
    pixels = [await asyncio.wrap_future(load(digest)) for digest in player.record.candidates]

    async def shows(number: int) -> None:
        await until(lambda: player.number == number and player.frames.image(number) is not None)
        image = player.stage.image
        assert image is not None
        assert (to_rgba(image) == pixels[number]).all()

    player.show_frame(0)
    await shows(0)
    QTest.keyClick(player, Qt.Key.Key_Right)
    await shows(1)
    player.scrub.setValue(6)
    await shows(6)
    player.buttons["back"].click()
    await shows(5)
    player.buttons["loop"].setChecked(False)
    player.fps.setValue(60)
    player.buttons["play"].click()
    await until(lambda: not player.playing)
    await shows(8)
    player.buttons["loop"].setChecked(True)
    player.play(True)
    await until(lambda: player.number == 3)
    assert player.playing
    player.close()
    assert not player.playing
    assert not window.clip_commands.players


async def frames_in_memory(window: MainWindow) -> None:
    paint(window)
    player = await make(window, frames=33)
    frames = ClipFrames(window.session.project, player.record.candidates)
    for number in range(33):
        frames.want(number)
        await until(lambda number=number: frames.image(number) is not None)
        assert frames.kept <= clip_frames.AHEAD + 1
    frames.close()
    gone = ClipFrames(window.session.project, ["", *player.record.candidates[1:]])
    said: list[str] = []
    gone.problem.connect(said.append)
    gone.want(0)
    await until(lambda: gone.is_settled(0) and gone.is_settled(1))
    assert len(said) == 1
    assert "removed on purpose" in said[0]
    gone.close()


async def written(window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paint(window)
    player = await make(window)
    player.fps.setValue(10)
    done: list[Path] = []
    player.written.connect(done.append)
    for name in ("a.webp", "a.png", "a.gif", "a.mp4"):
        path = tmp_path / name
        player.save_to(path)
        await until(lambda path=path: path in done)
        recipe = recipe_in(path)
        assert recipe is not None
        assert (recipe.prompt, recipe.seed, read_metadata(path)["request"]["frames"]) == ("waves", 7, 9)
        if path.suffix == ".mp4":
            film = cv2.VideoCapture(str(path))
            assert (film.get(cv2.CAP_PROP_FRAME_COUNT), film.get(cv2.CAP_PROP_FPS)) == (9, 10)
            film.release()
            continue
        with Image.open(path) as picture:
            assert (picture.n_frames, picture.size) == (9, (128, 96))  # type: ignore[attr-defined]
    assert info(Namespace(file=tmp_path / "a.mp4", json=True)) == 0
    before = len(list(window.session.document.tree.walk()))
    await window._dropped([tmp_path / "a.mp4"], 0.0, 0.0)
    assert window.prompt_panel.recipe.isVisibleTo(window.prompt_panel)
    assert len(list(window.session.document.tree.walk())) == before
    monkeypatch.setattr(window.program.library, "models", lambda _kinds=None: [SHOWN, WORDS])
    window.session.document.set_frame(Bounds(0, 0, 64, 64))
    await window._dropped([tmp_path / "a.mp4"], 0.0, 0.0)
    page = window.findChild(AnimateDialog)
    assert isinstance(page, AnimateDialog)
    assert (page.info, page.frames.value(), page.seed.text()) == (WORDS, 9, "7")
    assert page.prompt.toPlainText() == "waves"
    page.reject()
    assert window.session.document.frame == Bounds(-32, -16, 128, 96)
    player.save_to(tmp_path / "nowhere" / "a.webp")
    await until(lambda: not player.busy and player.problem.isVisible())
    assert "no folder" in player.problem.text()
    player.save_to(tmp_path / "stopped.gif")
    player.stop.click()
    await until(lambda: not player.busy)
    assert not (tmp_path / "stopped.gif").exists()


async def layers(window: MainWindow) -> None:
    paint(window)
    document = window.session.document
    player = await make(window)
    before = len(list(document.tree.walk()))
    player.show_frame(4)
    player.one.click()
    await until(lambda: not player.busy)
    assert len(list(document.tree.walk())) == before + 1
    load = window.session.project.load_blob
    frame = await asyncio.wrap_future(load(player.record.candidates[4]))
    assert (to_rgba(window.session.compositor.flatten(REGION)) == frame).all()
    assert document.generations.kept(player.record.id) == (4,)
    document.undo()
    assert len(list(document.tree.walk())) == before
    group = await frames_as_layers(window.session, player.record, lambda _: None)
    assert isinstance(group, GroupLayer)
    assert [child.visible for child in group.children] == [True] + [False] * 8
    assert document.history.undo_name == "Frames as layers"
    document.undo()
    assert len(list(document.tree.walk())) == before


async def history(window: MainWindow) -> None:
    paint(window)
    player = await make(window, fps=20)
    record, document = player.record, window.session.document
    player.close()
    window.show_dock("history")
    panel = window.history_panel
    await until(lambda: panel.model.row_of(record.id) is not None)
    panel.go_to(record.id)
    await until(lambda: window.actions_by_id["log.play"].isEnabled())
    assert panel.model.found == 1
    assert panel.details.which.text() == "Frame"
    assert "9 frames, 20 a second" in panel.details.text.toPlainText()
    assert not window.actions_by_id["log.vary"].isEnabled()
    layers = len(list(document.tree.walk()))
    panel.list.doubleClicked.emit(panel.list.currentIndex())
    await until(lambda: record.id in window.clip_commands.players)
    assert len(list(document.tree.walk())) == layers, "a double click plays, it makes no layer"
    window.clip_commands.players[record.id].close()
    window.actions_by_id["log.play"].trigger()
    assert record.id in window.clip_commands.players
    asked: list[ClipWish] = []

    async def instead(*, model: str = "", wish: ClipWish | None = None) -> None:
        if wish is not None:
            asked.append(wish)

    window.clip_commands.animate = instead  # type: ignore[method-assign] - no model of the library makes clips
    document.set_frame(Bounds(500, 500, 64, 64))
    window.actions_by_id["log.use-settings"].trigger()
    await until(lambda: asked)
    assert document.frame == REGION
    assert asked[0] == ClipWish("starter", "waves", 9, 20, steps=14, seed=7)


async def cancelled(window: MainWindow) -> None:
    paint(window)
    client = window.program.router.client
    client.script.hold = asyncio.Event()  # type: ignore[attr-defined]
    wish = ClipWish(model="starter", prompt="waves", frames=5)
    task = asyncio.ensure_future(window.clip_commands.make(ClipWork(REGION, WORDS, wish)))
    await until(lambda: any(job.step for job in window.program.router.jobs.values()))
    assert window.actions_by_id["clip.cancel"].isEnabled()
    window.actions_by_id["clip.cancel"].trigger()
    client.script.hold.set()  # type: ignore[attr-defined]
    await task
    client.script.hold = None  # type: ignore[attr-defined]
    assert [r.status for r in window.session.document.generations.records] == ["cancelled"]
    assert not window.clip_commands.players
    assert not window.actions_by_id["clip.cancel"].isEnabled()


async def refused(window: MainWindow) -> None:
    work = ClipWork(Bounds(900, 900, 64, 64), WORDS, ClipWish(model="starter", prompt="a", frames=5))
    with pytest.raises(InvalidRequestError, match="Nothing is painted"):
        await window.clip_commands.run.run(work)
    assert not window.clip_commands.run.running


async def closed_while_it_runs(window: MainWindow) -> None:
    """A clip that plays and one that is being made go with the window; the latter is in the file as taken back."""
    finished = window.session.document.generations.records[-1]
    window.clip_commands.play(finished)
    window.program.router.client.script.hold = asyncio.Event()  # type: ignore[attr-defined]
    work = ClipWork(REGION, WORDS, ClipWish(model="starter", prompt="waves", frames=5))
    window.slots.start(window.clip_commands.make(work))
    await until(lambda: any(job.step for job in window.program.router.jobs.values()))
    gone: list[object] = []
    window.closed.connect(gone.append)
    window.close()
    await asyncio.sleep(0)
    window.program.router.client.script.hold.set()  # type: ignore[attr-defined]
    await until(lambda: gone)
    assert window.session.document.generations.records[-1].status == "cancelled"
    assert not window.clip_commands.players


async def asked_for(window: MainWindow) -> None:
    """From the menu to the player."""
    count = window.session.document.generations.count()
    window.form.set(prompt="leaves fall", random_seed=False, seed=5)
    window.actions_by_id["generate.animate"].trigger()
    await until(lambda: window.findChild(AnimateDialog) is not None)
    page = window.findChild(AnimateDialog)
    assert isinstance(page, AnimateDialog)
    assert (page.prompt.toPlainText(), page.seed.text(), page.picture.isChecked()) == ("leaves fall", "5", True)
    page.frames.setValue(5)
    page.run.click()
    await until(lambda: window.clip_commands.players)
    assert window.session.document.generations.count() == count + 1
    record = window.session.document.generations.records[-1]
    assert (record.request["prompt"], record.request["seed"], len(record.candidates)) == ("leaves fall", 5, 5)
    next(iter(window.clip_commands.players.values())).close()


def test_a_clip_is_made_logged_played_and_is_no_candidate(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        await logged(window)
        window.clip_commands.players.popitem()[1].close()
        await steps_and_plays(window)

    run(scenario())


def test_frames_are_read_a_few_at_a_time_and_written_in_every_format(
    window: MainWindow,
    run: Scenario,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("There is no folder")
    monkeypatch.setattr(clip_frames, "KEPT_BYTES", 1)

    async def scenario() -> None:
        await frames_in_memory(window)
        window.clip_commands.players.popitem()[1].close()
        await written(window, tmp_path, monkeypatch)

    run(scenario())


def test_the_history_shows_one_clip_and_its_frames_become_layers(window: MainWindow, run: Scenario) -> None:
    async def scenario() -> None:
        await history(window)
        window.clip_commands.players.popitem()[1].close()
        await layers(window)

    run(scenario())


def test_from_the_menu_to_the_player_or_to_a_sentence(
    window: MainWindow, run: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        await refused(window)
        window.actions_by_id["generate.animate"].trigger()
        await until(lambda: window.banner.key == MISSING)
        await cancelled(window)
        window.program.models = [WORDS, SHOWN]
        assert window.program.usable_models() == [WORDS], "what only makes clips paints no pictures"
        monkeypatch.setattr(window.program.library, "models", lambda _kinds=None: [WORDS, SHOWN])
        offers = [window.library_commands.offer(info)[0] for info in (WORDS, SHOWN)]
        assert offers == ["In Use", "Animate With It…"]
        await asked_for(window)
        assert window.banner.key != MISSING
        await closed_while_it_runs(window)

    run(scenario())


def test_the_page_offers_what_the_model_can_and_says_what_it_costs(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)

    def foretell(info: ModelInfo, wish: ClipWish) -> Cost:
        return Cost(2.0 * wish.frames, 12e9, measured=True)

    scene = Scene(REGION, selected=False, painted=True)
    page = AnimateDialog(scene, ClipWish(prompt="waves"), [WORDS, SHOWN], foretell, window)
    got: list[ClipWish] = []
    page.decided.connect(got.append)
    page.show()
    assert page.strength.isVisible()
    assert "33 frames" in page.outcome.text()
    assert "1 min 6 s" in page.outcome.text()
    assert "12.0 GB" in page.outcome.text()
    page.model.setCurrentIndex(1)
    assert not page.strength.isVisible(), "it is shown the picture"
    assert page.picture.isChecked()
    assert not page.picture.isEnabled()
    page.frames.setValue(34)
    page.fps.setValue(8)
    page.seed.setText("99")
    page.run.click()
    assert got == [ClipWish("i2v", "waves", 33, 8, strength=0.8, steps=4, seed=99)]
    empty = AnimateDialog(replace(scene, painted=False), ClipWish(), [SHOWN, WORDS], foretell, window)
    assert not empty.run.isEnabled()
    assert "needs one" in empty.problem.text()
    empty.model.setCurrentIndex(1)
    assert "Say in words" in empty.problem.text()
    empty.prompt.setPlainText("a boat passes")
    assert empty.run.isEnabled()
    empty.close()
    painter = AnimateDialog(scene, ClipWish("paints only", steps=14), [WORDS, SHOWN], foretell, window)
    assert painter.steps.value() == WORDS.defaults.num_inference_steps != 14, "14 were meant for another model"
    painter.close()


def test_a_clip_that_does_not_fit_into_memory_says_what_would(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    free = 12e9

    def foretell(info: ModelInfo, wish: ClipWish) -> Cost:
        return Cost(None, 0.5e9 * wish.frames, measured=False, free_bytes=free)

    page = AnimateDialog(Scene(REGION, False, True), ClipWish(prompt="waves", frames=5), [WORDS], foretell, window)
    page.show()
    assert not page.shortage.text()
    page.resize(page.width(), page.minimumSizeHint().height())
    page.frames.setValue(33)
    assert page.prompt.geometry().bottom() < page.model.geometry().top(), "the page grows with what it says"
    assert page.shortage.text() == (
        "It needs about 16.5 GB of memory, and 12.0 GB are free. With 21 frames it would fit, or in a smaller frame."
    )
    assert page.run.isEnabled(), "it is a forecast"
    page.frames.setValue(21)
    assert not page.shortage.isVisible()
    free = 2e9
    page.frames.setValue(9)
    assert "Choose a smaller frame" in page.shortage.text()
    page.close()


def test_frames_come_in_fours_and_small_regions_are_refused() -> None:
    assert [nearest_frames(n) for n in (1, 5, 7, 34, 160, 500)] == [5, 5, 5, 33, 161, 161]
    assert "pixels" in why_not(Bounds(0, 0, 8, 8), WORDS, ClipWish(prompt="a"))
