"""Live painting and strokes in running jobs with the starter model in a real engine process."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from desktop.generation.modes import Mode
from tests.desktop.generation.engine_studio import FRAME, EngineStudio

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="package")]


async def test_a_stroke_changes_the_picture_there(studio: EngineStudio) -> None:
    studio.paint(FRAME, "#e6dcc8")
    studio.live.turn(True)
    await studio.rest()
    first = studio.live.picture
    assert first is not None
    stroke = Bounds(60, 100, 130, 40)
    studio.paint(stroke, "#1c2a33")
    await studio.until(lambda: studio.live.picture is not first)
    second = studio.live.picture
    assert second is not None
    change = np.abs(second.pixels[..., :3].astype(int) - first.pixels[..., :3]).mean(axis=2)
    there = np.zeros((256, 256), bool)
    there[stroke.y : stroke.bottom, stroke.x : stroke.right] = True
    assert change[there].mean() > 40
    assert change[there].mean() > 4 * change[:60].mean()  # far from it hardly anything moves: the noise is the same


async def test_five_changes_in_a_row_need_three_jobs_at_most(studio: EngineStudio) -> None:
    studio.live.turn(True)
    await studio.rest()
    begun = studio.live.jobs_begun
    for number in range(5):
        studio.paint(Bounds(20 + 40 * number, 180, 30, 30), "#405020")
        await asyncio.sleep(0.03)
    await studio.rest()
    assert 1 <= studio.live.jobs_begun - begun <= 3
    assert studio.live.picture is not None
    image = studio.live.picture.shot.request.image
    assert image is not None
    assert tuple(image[190, 190]) == (0x40, 0x50, 0x20, 255)  # the newest is in it


async def test_keep_is_what_was_shown(studio: EngineStudio) -> None:
    studio.live.turn(True)
    await studio.rest()
    shown = studio.live.picture
    assert shown is not None
    studio.live.turn(False)
    studio.live.picture = shown  # as if Keep came at the last moment
    await studio.live.keep()
    assert (to_rgba(studio.session.compositor.flatten(FRAME)) == shown.pixels).all()


async def test_a_stroke_in_a_running_job_is_in_its_picture(studio: EngineStudio) -> None:
    studio.live.turn(False)
    studio.paint(FRAME, "#e6dcc8")
    studio.form.set(mode=Mode.REFINE, strength=0.8, num_inference_steps=30)
    plain = await studio.generate()
    studio.controller.generate()
    await studio.until(lambda: any(job.step >= 3 for job in studio.router.jobs.values()))
    stroke = Bounds(60, 100, 130, 40)
    studio.paint(stroke, "#7a1f12")
    await studio.until(lambda: studio.controller.current is not None)
    current = studio.controller.current
    assert current is not None
    painted = current.patches[0]
    assert current.record.facts["amended"]
    there = np.s_[stroke.y : stroke.bottom, stroke.x : stroke.right]
    redder = painted[there][..., 0].astype(int) - painted[there][..., 2]
    assert redder.mean() > (plain[there][..., 0].astype(int) - plain[there][..., 2]).mean() + 15
