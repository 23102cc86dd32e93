"""Strokes inside the region of a running job: what reaches the job, and what is seen of them meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest_asyncio

from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from canvas.selection import Selection
from desktop.generation.amending import Amending
from desktop.generation.capture import Capture
from desktop.generation.modes import Mode
from pipelines.client.fake import FakeScript
from tests.desktop.generation.test_controller import Trip, paint, until

FRAME = Bounds(0, 0, 256, 256)


class Sent:
    """A job that waits, and what reached it."""

    def __init__(self, trip: Trip) -> None:
        self.trip, self.hold = trip, asyncio.Event()
        self.amending = Amending(trip.controller)
        self.boxes: list[tuple[int, int, np.ndarray]] = []
        trip.client.script = FakeScript(hold=self.hold)
        trip.document.set_frame(FRAME)
        trip.form.set(prompt="a pine", num_images_per_prompt=1)
        amend = trip.client.amend

        async def listen(job_id: str, x: int, y: int, pixels: np.ndarray) -> None:
            self.boxes.append((x, y, pixels))
            await amend(job_id, x, y, pixels)

        trip.client.amend = listen

    async def begin(self) -> str:
        self.trip.controller.generate()
        await until(lambda: any(job.step for job in self.trip.router.jobs.values()))
        return self.trip.controller.jobs[0]

    def captured(self, job: str) -> Capture:
        found = self.trip.controller.capture_of(job)
        assert found is not None
        return found

    async def end(self) -> None:
        self.hold.set()
        await until(lambda: not self.trip.controller.jobs)


@pytest_asyncio.fixture
async def sent(trip: Trip) -> AsyncIterator[Sent]:
    made = Sent(trip)
    yield made
    made.hold.set()
    made.amending.release_document()


async def quiet() -> None:
    await asyncio.sleep(0.2)


async def test_a_stroke_reaches_the_job_that_runs_there(sent: Sent) -> None:
    paint(sent.trip, FRAME, "#dddddd")
    sent.trip.form.set(mode=Mode.REFINE)
    job = await sent.begin()
    asked = sent.captured(job).request.image
    assert asked is not None
    given = asked.copy()
    paint(sent.trip, Bounds(40, 50, 30, 20), "#203040")
    await until(lambda: bool(sent.boxes))
    x, y, pixels = sent.boxes[0]
    assert (x, y, pixels.shape) == (40, 50, (20, 30, 4))
    assert (pixels == (0x20, 0x30, 0x40, 255)).all()
    assert sent.trip.client.amended == 1
    await sent.end()
    stored = sent.trip.document.generations.records[0]
    image = await asyncio.wrap_future(sent.trip.session.project.load_blob(stored.inputs["image"]))
    assert (image == given).all()  # what was asked for stays as it was


async def test_strokes_of_one_moment_go_together_and_only_what_differs(sent: Sent) -> None:
    paint(sent.trip, FRAME, "#dddddd")
    sent.trip.form.set(mode=Mode.REFINE)
    await sent.begin()
    paint(sent.trip, Bounds(40, 50, 30, 20), "#dddddd")  # nothing is different
    await quiet()
    assert not sent.boxes
    for left in (10, 60, 110):
        paint(sent.trip, Bounds(left, 30, 20, 20), "#203040")
    paint(sent.trip, Bounds(400, 30, 20, 20), "#203040")  # outside
    await until(lambda: bool(sent.boxes))
    await quiet()
    assert [(x, y, pixels.shape[:2]) for x, y, pixels in sent.boxes] == [(10, 30, (20, 120))]
    sent.trip.document.undo()
    sent.trip.document.undo()
    await until(lambda: len(sent.boxes) == 2)
    assert sent.boxes[1][:2] == (110, 30)
    await sent.end()


async def test_only_what_the_mask_lets_paint_is_sent(sent: Sent) -> None:
    paint(sent.trip, FRAME, "#dddddd")
    sent.trip.document.set_selection(Selection.rectangle(Bounds(100, 100, 40, 40)))
    job = await sent.begin()
    region = sent.captured(job).bounds
    paint(sent.trip, Bounds(region.x, region.y, 20, 20), "#203040")
    await quiet()
    assert not sent.boxes
    paint(sent.trip, Bounds(110, 110, 10, 10), "#203040")
    await until(lambda: bool(sent.boxes))
    assert sent.boxes[0][:2] == (110 - region.x, 110 - region.y)
    await sent.end()


async def test_nothing_is_sent_when_it_is_off_or_the_job_is_over(sent: Sent) -> None:
    paint(sent.trip, FRAME, "#dddddd")
    sent.trip.form.set(mode=Mode.REFINE)
    sent.amending.on = False
    await sent.begin()
    paint(sent.trip, Bounds(40, 50, 30, 20), "#203040")
    await quiet()
    await sent.end()
    sent.amending.on = True
    paint(sent.trip, Bounds(40, 50, 30, 20), "#ffffff")
    await quiet()
    assert not sent.boxes


async def test_the_preview_does_not_hide_the_stroke(sent: Sent) -> None:
    paint(sent.trip, FRAME, "#dddddd")
    sent.trip.form.set(mode=Mode.REFINE)
    sent.amending.on = False  # so that the stroke stays on top until the end
    job = await sent.begin()
    paint(sent.trip, Bounds(70, 70, 20, 20), "#000000")
    previews = sent.trip.view._previews
    await until(lambda: len(previews) == 2)
    stroke = next(one for key, one in previews.items() if key != job)
    assert stroke.layer > previews[job].layer
    assert tuple(to_rgba(stroke.image)[10, 10]) == (0, 0, 0, 255)
    assert to_rgba(stroke.image)[40, 40, 3] == 0
    await sent.end()
    assert all(one.bounds == FRAME for one in previews.values())
