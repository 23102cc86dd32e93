"""Painting along a route, with a real project file and an engine that paints at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from canvas.geometry import Bounds
from canvas.markings import REGIONS, ROUTE
from canvas.pixels import to_rgba
from canvas.project.project import Project
from canvas.prompt_regions import PromptRegion
from canvas.routes import Route, Stretch
from canvas.selection import Selection
from desktop.generation.form import GenerationSettings
from desktop.generation.region_reuse import load_regions
from desktop.generation.regions import Placed
from desktop.generation.route import RouteRun, RouteState
from desktop.generation.route_window import WindowTerms, freeze_window, laid_down, words_for
from desktop.session import Session
from desktop.view.route_plan import RoutePlan
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.events import FailureKind
from pipelines.contract.request import MAX_REGIONS, Task
from pipelines.planning.box import Box
from tests.desktop.generation.test_controller import Trip, paint, until

ACROSS = Route(((64, 64), (420, 64)), width=128, overlap=40, stretches=(Stretch(0, "misty hills"),), seed=5)


class Journey(Trip):
    """A painting with a route."""

    def __init__(self, folder: Path, session: Session | None = None) -> None:
        super().__init__(folder, session)
        self.plan = RoutePlan(self.document, self.session.compositor)
        self.run = RouteRun(self.session, self.view, self.form, self.router, self.plan)
        self.run.message.connect(self.messages.append)

    async def go(self, route: Route | None = None) -> None:
        """Paints until it rests."""
        if route is not None:
            self.document.set_marking(ROUTE, route)
        self.run.start()
        await until(lambda: not self.run.running)

    async def close(self) -> None:
        """As the window does."""
        await self.run.close()
        self.run.release_document()
        self.plan.release_document()
        await self.controller.close()
        self.controller.release_document()
        await self.router.stop()
        await self.client.close()
        await self.session.close()
        self.view.deleteLater()

    @property
    def records(self):
        return self.document.generations.records

    def pixels(self, bounds: Bounds) -> np.ndarray:
        return to_rgba(self.session.compositor.flatten(bounds))


@pytest_asyncio.fixture
async def journey(qapp, tmp_path: Path) -> AsyncIterator[Journey]:
    made = Journey(tmp_path)
    made.router.start()
    yield made
    await made.close()


async def test_windows_are_painted_in_order_onto_one_layer(journey: Journey) -> None:
    paint(journey, Bounds(0, 0, 128, 128))
    active = journey.document.active
    planned = await journey.plan.fresh(ACROSS)
    await journey.go(ACROSS)
    assert [record.task for record in journey.records] == ["outpaint"] * len(planned)
    assert [(record.bounds.x, record.bounds.y) for record in journey.records] == [(b.left, b.top) for b in planned]
    assert all(record.request["canvas_noise"] and record.request["seed"] == 5 for record in journey.records)
    assert {record.request["prompt"] for record in journey.records} == {"misty hills"}
    assert [record.parent_id for record in journey.records[1:]] == [record.id for record in journey.records[:-1]]
    layers = list(journey.document.tree.paint_layers())
    assert [layer.name for layer in layers][1:] == ["Route: misty hills"]
    assert journey.document.active is active  # the painter's hand is not moved
    route = journey.document.route
    assert route is not None
    assert (route.painted, route.layer_id) == (len(planned), layers[1].id)
    assert journey.pixels(Bounds(0, 0, 472, 128))[..., 3].min() == 255
    assert await journey.plan.fresh(route) == ()


async def test_an_empty_canvas_begins_from_the_words(journey: Journey) -> None:
    await journey.go(ACROSS)
    tasks = [record.task for record in journey.records]
    assert tasks == ["text-to-image"] + ["outpaint"] * (len(tasks) - 1)


async def test_every_window_is_an_undo_step_and_is_painted_again(journey: Journey) -> None:
    await journey.go(ACROSS)
    route = journey.document.route
    assert route is not None
    before = journey.pixels(Bounds(0, 0, 472, 128))
    steps = journey.document.history.steps_done
    for _ in range(2):
        assert journey.document.undo() == "Route window"
    undone = journey.document.route
    assert undone is not None
    assert undone.painted == route.painted - 2
    assert len(await journey.plan.fresh(undone)) == 2
    await journey.go()
    assert journey.document.history.steps_done == steps
    assert journey.document.route == route
    assert (journey.pixels(Bounds(0, 0, 472, 128)) == before).all()  # the same words, seed and surroundings


async def test_it_stops_after_a_window_and_goes_on(journey: Journey) -> None:
    journey.client.script.hold = asyncio.Event()
    journey.document.set_marking(ROUTE, ACROSS)
    journey.run.start()
    await until(lambda: journey.run.fraction > 0)
    assert journey.run.window is not None
    journey.run.stop()
    assert journey.run.state is RouteState.STOPPING
    journey.client.script.hold.set()
    await until(lambda: not journey.run.running)
    assert len(journey.records) == 1
    await until(lambda: journey.run.left == journey.run.total - 1 > 0)
    assert journey.run.number == 2
    await journey.go()
    assert await journey.plan.fresh(ACROSS) == ()
    assert {record.status for record in journey.records} == {"finished"}


async def test_it_stops_at_once_and_drops_the_window(journey: Journey) -> None:
    journey.client.script.hold = asyncio.Event()
    journey.document.set_marking(ROUTE, ACROSS)
    journey.run.start()
    await until(lambda: journey.run.fraction > 0)
    journey.run.stop_now()
    journey.client.script.hold.set()
    await until(lambda: not journey.run.running)
    assert [record.status for record in journey.records] == ["cancelled"]
    assert len(list(journey.document.tree.paint_layers())) == 1
    assert journey.messages == []
    await journey.go()
    assert await journey.plan.fresh(ACROSS) == ()


@pytest.mark.parametrize("lost", [False, True])
async def test_a_failure_is_said_and_it_goes_on(journey: Journey, lost: bool) -> None:
    if lost:
        journey.client.script.hold = asyncio.Event()
        journey.document.set_marking(ROUTE, ACROSS)
        journey.run.start()
        await until(lambda: journey.run.fraction > 0)
        journey.client.lose_engine()
        journey.client.script.hold = None
        await until(lambda: not journey.run.running)
    else:
        journey.client.script.failures[1] = FailureKind.OUT_OF_MEMORY
        await journey.go(ACROSS)
    assert len(journey.messages) == 1
    assert journey.messages[0].startswith("The route stops here: ")
    route = journey.document.route
    assert route is not None
    assert route.painted == (0 if lost else 1)
    await journey.go()
    assert await journey.plan.fresh(ACROSS) == ()


async def test_it_goes_on_after_the_painting_was_closed_and_opened(journey: Journey, tmp_path: Path) -> None:
    journey.client.script.failures[2] = FailureKind.ENGINE_ERROR
    await journey.go(ACROSS)
    left = await journey.plan.fresh(ACROSS)
    path = tmp_path / "later.scroll"
    await asyncio.wrap_future(journey.session.project.save_as(path))
    await journey.session.close()
    project = Project.open(path)
    route = project.document.route
    assert route is not None
    assert route.painted == 2
    assert [layer.id for layer in project.document.tree.paint_layers()][1] == route.layer_id
    project.close()
    other = Journey(tmp_path / "other", Session.open(path, tmp_path))
    other.router.start()
    try:
        assert await other.plan.fresh(route) == left
        await other.go()
        assert len(other.records) == 3 + len(left)
        assert await other.plan.fresh(ACROSS) == ()
    finally:
        await other.close()


async def test_what_the_hand_paints_meanwhile_stays_and_is_continued(journey: Journey) -> None:
    journey.client.script.hold = asyncio.Event()
    journey.document.set_marking(ROUTE, ACROSS)
    journey.run.start()
    await until(lambda: journey.run.fraction > 0)
    inside, beyond = Bounds(20, 30, 40, 40), Bounds(150, 40, 60, 60)
    paint(journey, inside, "#ff0000")
    paint(journey, beyond, "#00ff00")
    journey.client.script.hold.set()
    await until(lambda: not journey.run.running)
    assert (journey.pixels(inside) == (255, 0, 0, 255)).all()
    assert (journey.pixels(beyond) == (0, 255, 0, 255)).all()
    assert await journey.plan.fresh(ACROSS) == ()


async def test_a_route_taken_away_ends_the_run(journey: Journey) -> None:
    journey.client.script.hold = asyncio.Event()
    journey.document.set_marking(ROUTE, ACROSS)
    journey.run.start()
    await until(lambda: journey.run.fraction > 0)
    journey.document.set_marking(ROUTE, None)
    journey.client.script.hold.set()
    await until(lambda: not journey.run.running)
    assert len(list(journey.document.tree.paint_layers())) == 1


@pytest.mark.parametrize("spoil", ["locked", "visible", "remove"])
async def test_a_layer_that_cannot_be_used_gives_way_to_another(journey: Journey, spoil: str) -> None:
    paint(journey, Bounds(0, 0, 128, 128))
    journey.client.script.failures[1] = FailureKind.ENGINE_ERROR
    await journey.go(ACROSS)
    layer = list(journey.document.tree.paint_layers())[-1]
    if spoil == "remove":
        journey.document.remove_layer(layer)
    else:
        journey.document.set_layer(layer, **{spoil: spoil == "locked"})
    await journey.go()
    assert await journey.plan.fresh(ACROSS) == ()
    newest = list(journey.document.tree.paint_layers())[-1]
    assert newest is not layer
    assert newest.shown


async def test_the_painters_own_jobs_come_first(journey: Journey) -> None:
    journey.client.script.hold = asyncio.Event()
    journey.document.set_marking(ROUTE, ACROSS)
    journey.run.start()
    await until(lambda: journey.run.fraction > 0)
    assert all(job.request.priority < 0 for job in journey.router.jobs.values())
    journey.client.script.hold.set()


def picture(box: Box, painted: int) -> np.ndarray:
    """A window whose first columns are painted."""
    rgba = np.zeros((box.height, box.width, 4), np.uint8)
    rgba[:, :painted] = (90, 120, 60, 255)
    return rgba


def test_stretches_speak_where_they_are() -> None:
    route = Route(
        ((0, 64), (256, 64), (512, 64)), width=128, stretches=(Stretch(0, "a pine"), Stretch(1, "the sea")), seed=1
    )
    alone = words_for(route, Box(0, 0, 128, 128))
    assert (alone.prompt, alone.regions) == ("a pine", ())
    meeting = words_for(route, Box(208, 0, 128, 128))
    assert meeting.prompt == "the sea"
    assert [region.prompt for region in meeting.regions] == ["a pine"]
    mask = meeting.regions[0].mask
    assert mask.shape == (128, 128)
    assert mask[64, 0] > 200
    assert mask[64, 127] < 50
    same = replace(route, stretches=(Stretch(0, "x"), Stretch(1, "x")))
    assert words_for(same, Box(208, 0, 128, 128)).regions == ()


def test_a_painting_s_regions_speak_in_their_places() -> None:
    """Behind the words of the stretch in which they lie; no stretch talks into them."""
    route = Route(
        ((0, 64), (256, 64), (512, 64)), width=128, stretches=(Stretch(0, "a pine"), Stretch(1, "the sea")), seed=1
    )
    box, near = Box(208, 0, 128, 128), Bounds(208, 20, 30, 60)
    boat, tree, off = (
        Placed(PromptRegion(words, words), Selection.rectangle(place))
        for words, place in (("a boat", Bounds(300, 20, 36, 60)), ("birds", near), ("far", Bounds(900, 0, 9, 9)))
    )
    words = words_for(route, box, WindowTerms(prompts=(boat, tree, off)))
    assert words.prompt == "the sea"
    assert [one.prompt for one in words.regions] == ["the sea, a boat", "a pine, birds", "a pine"]
    assert words.placed == (boat, tree)
    assert (words.regions[1].mask[20:80, :30] == 255).all()
    assert not words.regions[2].mask[20:80, :30].any()
    assert words.regions[2].mask[5, 2] > 150
    plenty = tuple(boat for _ in range(MAX_REGIONS))
    with pytest.raises(InvalidRequestError, match=r"17 regions .* 16 at most"):
        words_for(route, box, WindowTerms(prompts=plenty))


async def test_every_window_hears_the_regions_that_reach_into_it(journey: Journey) -> None:
    document = journey.document
    document.save_selection("boat", Selection.rectangle(Bounds(20, 20, 60, 60)))
    document.set_marking(REGIONS, (PromptRegion("boat", "a boat"),))
    await journey.go(ACROSS)
    heard = [[one["prompt"] for one in record.request["regions"]] for record in journey.records]
    assert heard[0] == ["misty hills, a boat"]
    assert heard[-1] == []
    found = await load_regions(journey.records[0], journey.session.project, [])
    assert [(one.region.name, one.selection.bounds) for one in found] == [("boat", Bounds(20, 20, 60, 60))]


def test_a_window_is_a_request_that_passes_its_own_check() -> None:
    box = Box(64, -8, 128, 128)
    captured = freeze_window(ACROSS, box, picture(box, 50), WindowTerms(GenerationSettings(negative_prompt="fog"), "p"))
    request = captured.request
    request.check()
    assert request.task is Task.OUTPAINT
    assert request.mask is not None
    assert (request.mask[:, :50].max(), request.mask[:, 50:].min()) == (0, 255)
    assert (request.x, request.y, request.negative_prompt, captured.parent_id) == (64, -8, "fog", "p")
    empty = freeze_window(ACROSS, box, picture(box, 0), WindowTerms())
    assert empty.request.task is Task.TEXT_TO_IMAGE


def test_only_the_band_is_laid_down_and_never_over_the_hand() -> None:
    box, route = Box(64, -8, 128, 128), replace(ACROSS, width=96)  # rows 16 to 112: 24 to 120 of the window
    then = picture(box, 50)
    now = then.copy()
    now[60:70, 90:100] = (9, 9, 9, 255)
    patch = np.full((128, 128, 4), 200, np.uint8)
    patch[..., 3] = 255
    found = laid_down(route, box, patch, then, now)[..., 3]
    assert found[30:110, 60:80].min() == 255
    assert found[:20, 60:].max() == 0
    assert found[30:110, 40:50].min() == 255  # near the join the engine's own rim decides
    assert found[:, :12].max() == 0  # far from it nothing is painted again
    assert found[60:70, 90:100].max() == 0
