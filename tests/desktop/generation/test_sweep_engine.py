"""Variations, a sweep and an upscale with the starter model in a real engine process."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from canvas.pixels import to_rgba
from desktop.generation.modes import Mode
from desktop.generation.sweep import Scope, Sweep, SweepField, read_axis
from desktop.generation.sweep_run import SweepRun, SweepState, plan_sweep
from desktop.generation.upscaling import Enlargement, UpscaleRun
from desktop.generation.variations import varied
from pipelines.planning.passes import detail_pass
from pipelines.planning.sizes import limits_of
from tests.desktop.generation.engine_studio import EngineStudio

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="package")]


@pytest.fixture(scope="module", autouse=True)
def few_steps(studio: EngineStudio) -> None:
    studio.form.set(num_images_per_prompt=2, num_inference_steps=5)


def distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one[..., :3].astype(np.float32) - other[..., :3]).mean())


async def test_slight_variations_are_nearer_than_strong_ones(studio: EngineStudio) -> None:
    studio.controller.generate()
    first = await studio.candidates()
    chosen, means = first.patches[1], []
    for strength in (0.05, 0.7):
        studio.controller.paint(varied(first.captured, 1, strength, 4))
        made = await studio.candidates()
        distances = [distance(patch, chosen) for patch in made.patches]
        assert min(distances) > 0
        assert len({patch.tobytes() for patch in made.patches}) == 4
        means.append(sum(distances) / len(distances))
    # Averages, and strengths far apart: how far a single picture goes depends on the processor's number format.
    assert means[0] < 0.7 * means[1]
    assert means[0] < 0.7 * distance(*first.patches)  # another seed is further away still


async def test_a_sweep_paints_what_each_cell_alone_would_be(studio: EngineStudio) -> None:
    scope = Scope(studio.form.settings, Mode.GENERATE, studio.form.models)
    across = read_axis(SweepField.SEED, "3, 11", scope)
    sweep = Sweep(across, read_axis(SweepField.PROMPT, "water, snow", scope))
    run = SweepRun(studio.controller)
    run.start(await plan_sweep(studio.controller, sweep, scope.settings, scope.mode))
    await studio.until(lambda: run.state is SweepState.DONE)
    log = studio.session.document.generations
    load = studio.session.project.load_blob
    patches = [await asyncio.wrap_future(load(run.records[cell].candidates[0])) for cell in sweep.cells()]
    assert [(r.request["prompt"], r.request["seed"]) for r in log.records[-4:]] == [
        ("mountains, water", 3), ("mountains, water", 11), ("mountains, snow", 3), ("mountains, snow", 11)
    ]  # fmt: skip
    assert len({patch.tobytes() for patch in patches}) == 4
    studio.controller.generate()
    alone = await studio.candidates()
    assert (alone.patches[0] == patches[0]).all()
    plan = run.plan
    assert plan is not None
    await run.keep()
    for cell, patch in zip(sweep.cells(), patches, strict=True):
        assert (to_rgba(studio.session.compositor.flatten(plan.grid.cell(cell))) == patch).all()
    studio.session.document.undo()


async def test_an_upscale_with_detail_has_no_seams(studio: EngineStudio) -> None:
    document = studio.session.document
    studio.controller.generate()
    await studio.until(lambda: studio.controller.current is not None)
    studio.controller.accept()
    run, before, pictures = UpscaleRun(studio.controller), document.frame, []
    for detail in (0.0, 0.3):
        document.set_frame(before)
        await run.run(Enlargement(scale=2, detail=detail, prompt="mountains, water"), lambda _: None)
        place = document.frame
        assert (place.width, place.height) == (512, 512)
        pictures.append(to_rgba(studio.session.compositor.flatten(place))[..., :3].astype(np.float32))
    added = (pictures[1] - pictures[0]).mean(axis=2)  # without the edges of the picture itself
    assert np.abs(added).mean() > 0.5
    info = studio.form.model_info()
    assert info is not None
    pass_ = detail_pass((256, 256), (512, 512), limits_of(info), 0.3)
    assert len(pass_.windows) > 1
    lines = {side for one in pass_.windows for side in (one.left, one.right)} - {0, pass_.width}
    assert lines
    ratios = []
    for axis in (0, 1):
        steps = np.abs(np.diff(added, axis=axis)).mean(axis=1 - axis)
        ratios += [steps[line - 1] / steps[line - 12 : line + 11].mean() for line in lines]
    assert np.median(ratios) < 1.15
    assert max(ratios) < 1.5
