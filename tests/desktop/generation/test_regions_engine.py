"""The main trip with prompt regions and the starter model in a real engine process."""

from __future__ import annotations

import pytest

from canvas.geometry import Bounds
from canvas.selection import Selection
from desktop import region_edits
from tests.desktop.generation.engine_studio import EngineStudio

SIDE = 256


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="package")
async def test_left_night_right_day(studio: EngineStudio) -> None:
    studio.form.set(prompt="mountains", guidance_scale=2.0, num_inference_steps=10)
    for number, (words, x) in enumerate((("night, moon", 0), ("dawn, bright day", SIDE // 2))):
        region_edits.add_region(studio.document, Selection.rectangle(Bounds(x, 0, SIDE // 2, SIDE)))
        region_edits.change_region(studio.document, number, prompt=words)
    light = (await studio.generate())[..., :3].mean(axis=-1)
    region_edits.change_region(studio.document, 0, on=False)
    without = (await studio.generate())[..., :3].mean(axis=-1)
    assert light[:, :96].mean() + 40 < light[:, 160:].mean()
    assert light[:, :96].mean() + 25 < without[:, :96].mean()
    assert [len(record.request["regions"]) for record in studio.document.generations.records] == [2, 1]
