"""Live painting with a real project file, a real view and an engine that paints at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from PySide6.QtCore import QCoreApplication

from canvas.brush import BrushSettings
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import to_rgba
from canvas.selection import Selection
from canvas.stroke import Stroke
from desktop.generation.live import LivePainting, LiveState
from desktop.generation.live_settings import LivePlace, LiveSettings
from desktop.view.live_display import beside
from pipelines.client.fake import FakeScript
from pipelines.contract.events import FailureKind
from pipelines.contract.models import SchedulerName
from pipelines.contract.request import GenerationRequest, Task
from tests.desktop.generation.test_controller import Trip, paint, until

FRAME = Bounds(0, 0, 128, 128)


class Scene:
    """A painting in which live painting is on, and what the engine was asked."""

    def __init__(self, trip: Trip) -> None:
        self.trip = trip
        trip.document.set_frame(FRAME)
        trip.form.set(prompt="a pine", num_images_per_prompt=1)
        self.live = LivePainting(trip.session, trip.view, trip.form, trip.router)
        self.messages: list[str] = []
        self.live.message.connect(self.messages.append)
        self.asked: list[GenerationRequest] = []
        self.most_open = 0
        submit = trip.client.submit

        async def listen(request: GenerationRequest) -> str:
            self.asked.append(request)
            return await submit(request)

        trip.client.submit = listen
        trip.router.changed.connect(self._count)

    def _count(self) -> None:
        self.most_open = max(self.most_open, len(self.lives()))

    def lives(self) -> list[str]:
        return [name for name, job in self.trip.router.jobs.items() if job.request.priority < 0]

    async def rest(self) -> None:
        """Until the picture is up to date."""
        await until(lambda: self.live.state is LiveState.RESTING)


@pytest_asyncio.fixture
async def scene(trip: Trip) -> AsyncIterator[Scene]:
    made = Scene(trip)
    yield made
    await made.live.finish()
    made.live.release_document()


async def breathe(times: int = 12) -> None:
    for _ in range(times):
        QCoreApplication.processEvents()
        await asyncio.sleep(0.005)


async def test_a_stroke_leads_to_a_picture_and_nothing_changed_to_none(scene: Scene) -> None:
    paint(scene.trip, Bounds(10, 10, 60, 60))
    assert not scene.asked
    scene.live.turn(True)
    await scene.rest()
    assert len(scene.asked) == 1
    first = scene.asked[0]
    assert first.task is Task.IMAGE_TO_IMAGE
    assert (first.width, first.height, first.prompt, first.strength) == (128, 128, "a pine", 0.5)
    assert first.image is not None
    assert tuple(first.image[40, 40]) == (0x33, 0x66, 0x99, 255)
    paint(scene.trip, Bounds(10, 10, 60, 60))  # the same pixels again
    scene.trip.form.set(num_images_per_prompt=3)  # live pictures do not depend on it
    paint(scene.trip, Bounds(300, 300, 60, 60))  # outside the frame
    await breathe()
    await scene.rest()
    assert len(scene.asked) == 1
    paint(scene.trip, Bounds(80, 80, 20, 20), "#ffffff")
    await until(lambda: len(scene.asked) == 2)
    await scene.rest()
    assert scene.trip.document.generations.is_empty


async def test_never_more_than_one_is_open_and_the_newest_input_wins(scene: Scene) -> None:
    scene.trip.client.script = FakeScript(step_seconds=0.02)
    scene.live.turn(True)
    for shade in range(40, 90, 2):
        paint(scene.trip, Bounds(10, 10, 60, 60), f"#{shade:02x}6699")
        await breathe(2)
    await scene.rest()
    assert scene.most_open == 1
    assert 2 <= len(scene.asked) < 20
    last = scene.asked[-1].image
    assert last is not None
    assert tuple(last[40, 40]) == (88, 0x66, 0x99, 255)
    assert scene.live.picture is not None
    assert scene.live.picture.shot.request is scene.asked[-1]


async def test_pictures_come_while_the_pen_is_down(scene: Scene) -> None:
    trip = scene.trip
    trip.client.script = FakeScript(step_seconds=0.01)
    scene.live.turn(True)
    await scene.rest()
    layer, begun = trip.document.active, scene.live.jobs_begun
    assert isinstance(layer, PaintLayer)
    stroke = Stroke(layer, BrushSettings(size=12), (20, 40, 60), Selection.none())
    trip.session.compositor.set_live(stroke)
    seen = set()
    for number in range(300):
        trip.session.compositor.invalidate(stroke.add(10 + number % 100, 10 + number / 3, 1.0, number / 100))
        await breathe(1)
        seen.add(id(scene.live.picture))
        if len(seen) > 4:
            break
    assert len(seen) > 4
    assert scene.live.jobs_begun - begun >= 3
    assert trip.document.content_bounds().is_empty  # the stroke is not part of the painting yet
    image = scene.asked[-1].image
    assert image is not None
    assert (image[..., :3] == (20, 40, 60)).all(axis=2).any()
    stroke.abort()
    trip.session.compositor.set_live(None)


async def test_undo_to_what_is_shown_needs_no_picture(scene: Scene) -> None:
    scene.live.turn(True)
    await scene.rest()
    scene.live.set_active(False)
    paint(scene.trip, Bounds(10, 10, 60, 60))
    scene.trip.document.undo()
    scene.live.set_active(True)
    await breathe()
    await scene.rest()
    assert len(scene.asked) == 1


async def test_keep_stores_exactly_the_shown_picture(scene: Scene) -> None:
    document = scene.trip.document
    paint(scene.trip, Bounds(10, 10, 60, 60))
    steps = document.history
    scene.live.turn(True)
    await scene.rest()
    shown = scene.live.picture
    assert shown is not None
    scene.live.set_active(False)  # what comes after it does not matter here
    await scene.live.keep()
    assert (to_rgba(scene.trip.session.compositor.flatten(FRAME)) == shown.pixels).all()
    record = document.generations.records[0]
    assert record.request["seed"] == scene.live.settings.seed
    assert record.facts["live"] is True
    assert document.generations.kept(record.id) == (0,)
    stored = await asyncio.wrap_future(scene.trip.session.project.load_blob(record.candidates[0]))
    assert (stored == shown.pixels).all()
    given = await asyncio.wrap_future(scene.trip.session.project.load_blob(record.inputs["image"]))
    assert (given == shown.shot.request.image).all()
    assert steps.can_undo
    document.undo()
    assert len(list(document.tree.paint_layers())) == 1
    assert len(document.generations.records) == 1


async def test_a_large_frame_is_painted_small_and_kept_large(scene: Scene) -> None:
    scene.trip.document.set_frame(Bounds(-300, 40, 2048, 1024))
    paint(scene.trip, Bounds(-300, 40, 1024, 1024), "#ff0000")
    scene.live.turn(True)
    await scene.rest()
    request, shown = scene.asked[0], scene.live.picture
    assert request.image is not None
    assert shown is not None
    assert request.width * request.height <= 512 * 512
    assert abs(request.width - 2 * request.height) <= 16
    red = (request.image[..., 1] < 100).mean(axis=0)  # the left half of the frame
    assert abs(float(red.mean()) - 0.5) < 0.01
    assert red[: request.width // 2 - 1].min() == 1
    assert shown.pixels.shape == (1024, 2048, 4)
    scene.live.set_active(False)
    await scene.live.keep()
    flat = to_rgba(scene.trip.session.compositor.flatten(shown.shot.bounds))
    assert (flat == shown.pixels).all()


async def test_what_a_painter_asks_for_runs_first(scene: Scene) -> None:
    scene.trip.client.script = FakeScript(step_seconds=0.05)
    scene.live.turn(True)
    await until(lambda: len(scene.lives()) == 1)
    scene.trip.controller.generate()
    await until(lambda: scene.trip.controller.jobs != () and not scene.lives())
    assert scene.live.state is LiveState.WAITING
    paint(scene.trip, Bounds(10, 10, 60, 60))
    await breathe()
    assert [request.priority for request in scene.asked] == [-10, 0]
    scene.trip.client.script.step_seconds = 0.0
    await until(lambda: scene.trip.controller.current is not None)
    await scene.rest()
    assert [request.priority for request in scene.asked] == [-10, 0, -10]
    assert scene.live.picture is not None


async def test_the_frame_takes_its_picture_along(scene: Scene) -> None:
    scene.live.turn(True)
    await scene.rest()
    scene.trip.document.set_frame(Bounds(64, 0, 128, 128))
    assert scene.live.picture is None
    assert not _previews(scene)
    await scene.rest()
    assert scene.live.picture is not None
    assert scene.asked[-1].x == 64


async def test_settings_lead_to_another_picture_and_places_do_not(scene: Scene) -> None:
    scene.live.turn(True)
    await scene.rest()
    scene.live.new_seed()
    await until(lambda: len(scene.asked) == 2)
    await scene.rest()
    assert scene.asked[0].seed != scene.asked[1].seed
    scene.trip.form.set(prompt="a boat")
    await until(lambda: len(scene.asked) == 3)
    await scene.rest()
    scene.trip.view.resize(800, 600)
    scene.trip.view.set_camera(scene.trip.view.camera)
    scene.live.set(place=LivePlace.BESIDE)
    await breathe()
    place = beside(FRAME, scene.trip.view.visible_bounds(), 16)
    assert place in _previews(scene)
    assert place.intersected(FRAME).is_empty
    assert scene.trip.view.visible_bounds().contains(place)
    scene.trip.view.zoom_by(0.5)
    assert place not in _previews(scene)
    scene.live.set(place=LivePlace.OVER, opacity=0.5)
    await breathe()
    assert _previews(scene) == [FRAME]
    scene.live.peek(True)
    assert _previews(scene) == []
    scene.live.peek(False)
    assert _previews(scene) == [FRAME]
    assert len(scene.asked) == 3
    scene.live.turn(False)
    assert _previews(scene) == []


async def test_a_selection_is_the_only_part_that_is_painted(scene: Scene) -> None:
    scene.trip.document.set_selection(Selection.rectangle(Bounds(32, 32, 40, 40)))
    scene.live.turn(True)
    await scene.rest()
    assert scene.asked[0].task is Task.INPAINT
    shown = scene.live.picture
    assert shown is not None
    assert shown.pixels[50, 50, 3] == 255
    assert shown.pixels[10, 10, 3] == 0


async def test_it_waits_for_an_engine_that_was_lost(scene: Scene) -> None:
    hold = asyncio.Event()
    scene.trip.client.script = FakeScript(hold=hold)
    scene.live.turn(True)
    await until(lambda: len(scene.lives()) == 1)
    hold.set()
    scene.trip.client.lose_engine()
    await until(lambda: scene.live.picture is not None)
    assert len(scene.asked) == 2
    assert scene.live.on


async def test_another_failure_ends_it_with_a_sentence(scene: Scene) -> None:
    scene.trip.client.script = FakeScript(failures={0: FailureKind.ENGINE_ERROR})
    scene.live.turn(True)
    await until(lambda: not scene.live.on)
    assert scene.messages[0].startswith("Live painting stopped: ")
    assert scene.live.state is LiveState.OFF
    scene.live.turn(True)
    await scene.rest()
    assert scene.live.picture is not None


async def test_off_and_on_again_never_opens_two(scene: Scene) -> None:
    scene.trip.client.script = FakeScript(step_seconds=0.01)
    for _ in range(4):
        scene.live.turn(True)
        await breathe(8)
        scene.live.turn(False)
        scene.live.turn(True)
    await scene.rest()
    assert scene.most_open == 1


async def test_fresh_strokes_lie_over_the_picture_until_it_knows_them(scene: Scene) -> None:
    scene.live.turn(True)
    await scene.rest()
    scene.live.set_active(False)
    paint(scene.trip, Bounds(70, 70, 20, 20), "#000000")
    await until(lambda: len(_previews(scene)) == 2)
    stroke = next(one for one in scene.trip.view._previews.values() if one.bounds != FRAME)
    assert stroke.bounds == Bounds(64, 64, 64, 64)
    seen = to_rgba(stroke.image)
    assert tuple(seen[10, 10]) == (0, 0, 0, 255)
    assert seen[40, 40, 3] == 0
    scene.live.set_active(True)
    await scene.rest()
    await until(lambda: _previews(scene) == [FRAME])


def test_settings_survive_their_json() -> None:
    settings = LiveSettings(0.3, 6, SchedulerName.LCM, 77, LivePlace.BESIDE, 0.5)
    assert LiveSettings.from_dict(settings.to_dict()) == settings
    broken = {"strength": "x", "place": "under", "seed": -4, "num_inference_steps": 900, "scheduler": "none"}
    assert LiveSettings.from_dict(broken) == LiveSettings(seed=0, num_inference_steps=20)


def test_the_picture_stands_where_there_is_room() -> None:
    frame = Bounds(0, 0, 100, 100)
    assert beside(frame, Bounds(-50, -50, 400, 300), 10) == Bounds(110, 0, 100, 100)
    assert beside(frame, Bounds(-300, -50, 410, 300), 10) == Bounds(-110, 0, 100, 100)
    assert beside(frame, Bounds(-10, 0, 180, 100), 10) == Bounds(110, 25, 50, 50)  # smaller, but whole
    assert Bounds(-10, 0, 120, 100).contains(beside(frame, Bounds(-10, 0, 120, 100), 10))  # over a corner


def _previews(scene: Scene) -> list[Bounds]:
    return [one.bounds for one in scene.trip.view._previews.values()]
