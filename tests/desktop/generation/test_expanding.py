"""Steps of the frame in a row: they keep to the tone of the picture that they began at."""

from __future__ import annotations

import asyncio

import numpy as np

from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from desktop.generation.expanding import Expander
from pipelines.planning.anchor import FREE, tone_of
from tests.desktop.generation.test_controller import Trip, paint

FRAME = Bounds(0, 0, 256, 256)


async def test_steps_in_a_row_keep_the_first_tone(trip: Trip) -> None:
    paint(trip, FRAME, "#8a7a5c")
    trip.document.set_frame(FRAME)
    trip.form.set(prompt="hills", num_images_per_prompt=1)
    first = tone_of(to_rgba(trip.session.compositor.flatten(FRAME)))
    assert first is not None
    expander, load = Expander(trip.controller), trip.session.project.load_blob
    for number in (1, 2):
        await expander.step(1, 0, 0.5)
        current = trip.controller.current
        assert current is not None
        shown = current.patches[0]
        painted = await asyncio.wrap_future(load(current.record.candidates[0]))
        request = current.captured.request
        assert request.image is not None
        known = request.image[..., 3] == 255
        assert (shown[known] == painted[known]).all(), "what joins on is as it was painted"
        assert (shown[..., 3] == painted[..., 3]).all()
        away = [float(np.linalg.norm(tone_of(one[:, 224:]) - first)) for one in (painted, shown)]  # type: ignore[operator]
        assert away[0] > 4 * FREE, f"step {number}: the engine painted another tone"
        assert away[1] < away[0] - 2, f"step {number}"


async def test_a_frame_put_elsewhere_begins_a_new_row(trip: Trip) -> None:
    trip.form.set(prompt="hills", num_images_per_prompt=1)
    expander, tones = Expander(trip.controller), []
    for left, colour in ((0, "#203040"), (4096, "#e0d0c0")):
        frame = FRAME.translated(left, 0)
        paint(trip, frame, colour)
        trip.document.set_frame(frame)
        await expander.step(1, 0, 0.5)
        tones.append(expander._anchor)
        trip.controller.discard()
    assert tones[0] is not None
    assert tones[1] is not None
    assert tones[1][0] > tones[0][0] + 40
