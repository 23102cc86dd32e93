"""The route in a whole window: actions, card, and closing while it paints."""

from __future__ import annotations

import asyncio

import pytest

from canvas.geometry import Bounds
from canvas.markings import ROUTE
from canvas.routes import Route, Stretch
from desktop.main_window import MainWindow
from tests.desktop.conftest import Scenario, until

pytestmark = pytest.mark.usefixtures("loop_never_rests")

LINE = Route(((128, 128), (700, 128)), stretches=(Stretch(0, "hills"),), seed=3)


def test_start_stop_and_go_on_by_action(window: MainWindow, run: Scenario) -> None:
    document, actions = window.session.document, window.actions_by_id
    commands, card = window.route_commands, window.route_commands.card

    async def story() -> None:
        window.show()
        assert not actions["route.start"].isEnabled()
        document.set_marking(ROUTE, LINE)
        assert actions["route.start"].isEnabled()
        assert not card.isVisible()
        actions["route.show"].trigger()
        await until(lambda: card.isVisible() and commands.plan.windows)
        assert card.prompt.text() == "hills"
        assert card.status.text() == f"{len(commands.plan.windows)} windows to paint"
        window.program.client.script.hold = asyncio.Event()  # type: ignore[attr-defined]
        actions["route.start"].trigger()
        await until(lambda: commands.run.fraction > 0)
        assert (card.start.text(), card.status.text().split(",")[0]) == ("Stop", "Window 1 of 5")
        card.start.click()
        assert card.start.text() == "Stop now"
        window.program.client.script.hold.set()  # type: ignore[attr-defined]
        await until(lambda: not commands.run.running)
        await until(lambda: card.status.text() == "1 of 5 windows painted")
        assert card.start.text() == "Go on"
        card.start.click()
        await until(lambda: not commands.run.running)
        await until(lambda: card.status.text() == "Painted to its end: 5 windows")
        assert not card.start.isEnabled()
        actions["route.remove"].trigger()
        assert not card.isVisible()
        assert not document.content_bounds().intersected(Bounds(0, 0, 700, 256)).is_empty

    run(story())


def test_every_stretch_has_its_words(window: MainWindow, run: Scenario) -> None:
    document, actions = window.session.document, window.actions_by_id
    card = window.route_commands.card

    async def story() -> None:
        window.show()
        document.set_marking(ROUTE, LINE)
        actions["route.show"].trigger()
        window.route_commands.tool.split(400, 128)
        await until(lambda: card.stretch.text() == "2 of 2")
        card.prompt.setText("the sea")
        card.prompt.textEdited.emit("the sea")
        assert document.route is not None
        assert [one.prompt for one in document.route.stretches] == ["hills", "the sea"]
        actions["route.previous-stretch"].trigger()
        assert card.prompt.text() == "hills"
        actions["route.next-stretch"].trigger()
        actions["route.join"].trigger()
        assert [one.prompt for one in document.route.stretches] == ["hills"]
        seed = document.route.seed
        actions["route.new-seed"].trigger()
        assert document.route.seed != seed
        card.seed.setText("77")
        card.seed.editingFinished.emit()
        assert document.route.seed == 77

    run(story())


def test_a_window_closes_while_its_route_is_painted(window: MainWindow, run: Scenario) -> None:
    async def story() -> None:
        window.show()
        window.session.document.set_marking(ROUTE, LINE)
        client = window.program.client
        client.script.step_seconds = 0.02  # type: ignore[attr-defined]
        window.route_commands.run.start()
        await until(lambda: window.route_commands.run.fraction > 0)
        window.close()
        await until(lambda: not window.program.windows)
        assert not window.route_commands.run.running

    run(story())
