"""Describing pictures in the window: button, prompt, cancel, and what is said when no model can."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QPushButton

from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.selection import Selection
from desktop.describing import Subject, look_at, put_into
from desktop.dialogs.downloads import DownloadsDialog
from desktop.main_window import MainWindow
from desktop.panels.queue_panel import JobRow
from desktop.program import Program
from pipelines.client.fake import FakeClient
from pipelines.contract.events import FailureKind
from pipelines.contract.looking import DescriptionRequest
from pipelines.contract.models import Family, ModelInfo, ModelKind
from tests.desktop.conftest import Scenario, until

CAPTIONER = ModelInfo("/m/blip", "blip", "/m/blip", ModelKind.CAPTIONER, Family.UNKNOWN, "blip")
OTHER = ModelInfo("/m/florence", "florence", "/m/florence", ModelKind.CAPTIONER, Family.UNKNOWN, "florence2")


@pytest.fixture
def client(program: Program) -> FakeClient:
    assert isinstance(program.client, FakeClient)
    return program.client


@pytest.fixture
def asked(client: FakeClient, monkeypatch: pytest.MonkeyPatch) -> list[DescriptionRequest]:
    """What the engine was asked to describe; it knows both models."""
    found: list[DescriptionRequest] = []
    look = client.look

    async def listening(request: DescriptionRequest) -> str:
        found.append(request)
        return await look(request)

    monkeypatch.setattr(client, "look", listening)
    monkeypatch.setattr(
        client._library, "resolve", lambda model_id: {one.id: one for one in (CAPTIONER, OTHER)}[model_id]
    )
    return found


@pytest.fixture
def shelf(program: Program, monkeypatch: pytest.MonkeyPatch) -> list[ModelInfo]:
    """The captioning models of the library."""
    found = [CAPTIONER, OTHER]
    models = program.library.models

    def listed(kinds: set[ModelKind] | None = None) -> list[ModelInfo]:
        return list(found) if kinds == {ModelKind.CAPTIONER} else list(models() if kinds is None else models(kinds))

    monkeypatch.setattr(program.library, "models", listed)
    return found


def paint(window: MainWindow, bounds: Bounds, colour: str = "#c03020") -> PaintLayer:
    """A new layer with a filled box."""
    document, layer = window.session.document, PaintLayer("box")
    picture = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor(colour))
    document.add_layer(layer)
    document.active = layer
    document.put_image(layer, bounds.x, bounds.y, picture)
    return layer


@pytest.mark.usefixtures("shelf")
def test_the_frame_goes_to_the_model_and_its_words_into_the_prompt(
    window: MainWindow, asked: list[DescriptionRequest], run: Scenario
) -> None:
    actions, field, frame = window.actions_by_id, window.prompt_panel.prompt, window.session.document.frame
    button = window.prompt_panel.foot.describe

    async def scenario() -> None:
        paint(window, Bounds(frame.x + 10, frame.y + 20, 40, 30))
        button.click()
        await until(lambda: field.toPlainText())
        assert field.toPlainText() == "a boat under the moon, ink wash"
        assert window.form.settings.prompt == field.toPlainText()
        field.undo()
        assert field.toPlainText() == ""
        actions["prompt.describe-tags"].trigger()
        assert actions["prompt.describe-tags"].isChecked()
        assert not actions["prompt.describe-sentence"].isChecked()
        window.session.document.set_selection(Selection.rectangle(Bounds(frame.x + 20, frame.y, 500, 40)))
        actions["prompt.describe"].trigger()
        await until(lambda: len(asked) == 2 and not window.describe_commands.running)

    run(scenario())
    first, second = asked
    assert (first.model, first.style) == ("/m/blip", "sentence")
    assert first.image.shape == (30, 40, 4), "the empty rim is no part of the picture"
    assert (first.image[0, 0] == (0xC0, 0x30, 0x20, 255)).all()
    assert second.style == "tags"
    assert second.image.shape == (20, 30, 4), "only what is selected"


@pytest.mark.usefixtures("shelf")
def test_a_layer_is_described_by_itself_by_the_chosen_model(
    window: MainWindow, asked: list[DescriptionRequest], run: Scenario
) -> None:
    async def scenario() -> None:
        below = paint(window, Bounds(-5000, 0, 50, 60), "#2040c0")
        paint(window, Bounds(-5000, 0, 50, 60))
        window.session.document.active = below
        assert "describes" in window.library_commands.use(OTHER)
        window.actions_by_id["prompt.describe-layer"].trigger()
        await until(lambda: window.prompt_panel.prompt.toPlainText())

    run(scenario())
    assert asked[0].model == OTHER.id
    assert (asked[0].image[..., 2] == 0xC0).all()


@pytest.mark.usefixtures("shelf", "asked")
def test_it_is_stopped_and_can_fail_and_the_prompt_stays(
    window: MainWindow, client: FakeClient, expected_warnings: list[str], run: Scenario
) -> None:
    expected_warnings += ["told to fail", "SIGKILL"]
    actions, button = window.actions_by_id, window.prompt_panel.foot.describe
    window.form.set(prompt="my words")

    async def scenario() -> None:
        client.script.hold = asyncio.Event()
        paint(window, Bounds(0, 0, 64, 64))
        button.click()
        await until(lambda: window.describe_commands.describer.job_id)
        assert button.defaultAction() is actions["prompt.describe-stop"]
        assert not actions["prompt.describe"].isEnabled()
        assert len(window.program.router.jobs) == 1
        assert window.queue_panel.findChild(JobRow, f"job-{window.describe_commands.describer.job_id}") is not None
        button.click()
        client.script.hold.set()
        await until(lambda: not window.describe_commands.running)
        assert button.defaultAction() is actions["prompt.describe"]
        assert actions["prompt.describe"].isEnabled()
        client.script.failures = {client.submitted: FailureKind.ENGINE_ERROR}
        button.click()
        await until(lambda: "fake engine" in window.banner.text.text())
        client.script.hold = asyncio.Event()
        button.click()
        await until(lambda: window.describe_commands.describer.job_id)
        client.lose_engine()
        await until(lambda: "SIGKILL" in window.banner.text.text() and not window.describe_commands.running)

    run(scenario())
    assert window.prompt_panel.prompt.toPlainText() == "my words"


def test_without_a_model_or_a_picture_a_sentence_says_so(
    window: MainWindow,
    shelf: list[ModelInfo],
    asked: list[DescriptionRequest],
    expected_warnings: list[str],
    run: Scenario,
) -> None:
    expected_warnings.append("Nothing of the picture is painted")

    async def scenario() -> None:
        window.actions_by_id["prompt.describe"].trigger()  # nothing is painted
        await until(lambda: "Nothing of the picture is painted" in window.banner.text.text())
        shelf.clear()
        window.actions_by_id["prompt.describe"].trigger()
        await until(lambda: window.banner.key == "captioner")
        assert "captioning model" in window.banner.lasting.text()
        button = window.banner.findChild(QPushButton, "describeCatalogue")
        assert button is not None
        button.click()
        await until(lambda: window.findChild(DownloadsDialog) is not None)
        dialog: Any = window.findChild(DownloadsDialog)
        await until(lambda: dialog.isVisible() and dialog.catalogue.search.text())
        assert dialog.catalogue.tree.topLevelItemCount() == 3
        dialog.close()
        shelf.append(CAPTIONER)
        window.library_commands.use(CAPTIONER)
        assert window.banner.key == ""

    run(scenario())
    assert asked == []


def test_large_places_are_looked_at_in_small(window: MainWindow, run: Scenario) -> None:
    paint(window, Bounds(0, 0, 6400, 40))

    async def scenario() -> None:
        seen = await look_at(Subject(window.session.compositor.flatten, Bounds(0, 0, 6400, 300), Selection.none()))
        assert seen.shape[1] == 1536
        assert 9 <= seen.shape[0] <= 10
        assert np.abs(seen[2, 900].astype(int) - (0xC0, 0x30, 0x20, 255)).max() <= 2

    run(scenario())


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("", "", "a boat"),
        ("ink", "", "ink, a boat"),
        ("ink,", "", "ink, a boat"),
        ("ink, ", "fog", "ink, a boat, fog"),
        ("", "fog", "a boat, fog"),
        ("ink", ", fog", "ink, a boat, fog"),
        ("ink\n", "", "ink\na boat"),
    ],
)
def test_words_join_what_is_there(qapp: object, before: str, after: str, found: str) -> None:
    edit = QPlainTextEdit()
    edit.setPlainText(before + after)
    cursor = edit.textCursor()
    cursor.setPosition(len(before))
    edit.setTextCursor(cursor)
    put_into(edit, "a boat")
    assert edit.toPlainText() == found
    edit.undo()
    assert edit.toPlainText() == before + after


def test_words_replace_what_is_selected_and_brackets_stay_brackets(qapp: object) -> None:
    edit = QPlainTextEdit()
    edit.setPlainText("old words")
    edit.selectAll()
    put_into(edit, "boat (blue)")
    assert edit.toPlainText() == r"boat \(blue\)"


def test_who_describes_is_chosen_and_remembered(
    window: MainWindow, shelf: list[ModelInfo], asked: list[DescriptionRequest], run: Scenario
) -> None:
    commands = window.describe_commands

    async def scenario() -> None:
        window.show()
        paint(window, Bounds(0, 0, 64, 64))
        window.actions_by_id["prompt.describe-with"].trigger()
        menu = await opened()
        assert [one.text() for one in menu.actions() if one.text()] == ["Automatic: blip", "blip", "florence"]
        assert [one.text() for one in menu.actions() if one.isChecked()] == ["Automatic: blip"]
        menu.actions()[-1].trigger()
        menu.close()
        assert (commands.model, window.status.currentMessage()) == (OTHER.id, "Pictures are described by: florence")
        assert window.program.settings.remembered.describing["model"] == OTHER.id
        window.actions_by_id["prompt.describe-with"].trigger()
        assert [one.text() for one in (await opened()).actions() if one.isChecked()] == ["florence"]
        menu.close()
        shelf.remove(OTHER)
        window.actions_by_id["prompt.describe"].trigger()
        await until(lambda: window.prompt_panel.prompt.toPlainText())
        assert "by blip; the model that was chosen" in window.status.currentMessage()

    async def opened() -> QMenu:
        found: list[QMenu] = []

        def look() -> bool:
            found[:] = [one for one in window.findChildren(QMenu, "promptDescribeModels") if one.isVisible()]
            return bool(found)

        await until(look)
        return found[0]

    run(scenario())
    assert [one.model for one in asked] == [CAPTIONER.id]
