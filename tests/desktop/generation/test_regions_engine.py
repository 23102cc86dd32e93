"""The main trip with prompt regions and the starter model in a real engine process."""

from __future__ import annotations

from pathlib import Path

import pytest

from canvas.geometry import Bounds
from canvas.selection import Selection
from desktop import region_edits
from tests.desktop.generation.test_live_engine import Studio

SIDE = 256


@pytest.mark.slow
async def test_left_night_right_day(qapp, tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    studio.router.start()
    studio.form.set(prompt="mountains", guidance_scale=2.0, num_inference_steps=10)
    for number, (words, x) in enumerate((("night, moon", 0), ("dawn, bright day", SIDE // 2))):
        region_edits.add_region(studio.document, Selection.rectangle(Bounds(x, 0, SIDE // 2, SIDE)))
        region_edits.change_region(studio.document, number, prompt=words)
    try:
        light = (await studio.generate())[..., :3].mean(axis=-1)
        region_edits.change_region(studio.document, 0, on=False)
        without = (await studio.generate())[..., :3].mean(axis=-1)
    finally:
        await studio.live.finish()
        for one in (studio.live, studio.amending, studio.controller):
            one.release_document()
        await studio.router.stop()
        await studio.client.close()
        await studio.session.close()
        studio.view.deleteLater()
    assert light[:, :96].mean() + 40 < light[:, 160:].mean()
    assert light[:, :96].mean() + 25 < without[:, :96].mean()
    assert [len(record.request["regions"]) for record in studio.document.generations.records] == [2, 1]
