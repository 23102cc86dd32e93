"""What the pretended engine shows of regions, variations and amendments, so that tests of the window can see them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np

from pipelines.client.fake import FakeClient, FakeScript, paint
from pipelines.contract.events import Finished, Started
from pipelines.contract.request import RegionPrompt, Task
from tests.pipelines.sample_requests import sample, until, until_done

RED = np.full((20, 30, 4), (220, 20, 20, 255), np.uint8)


def test_a_region_is_seen_and_the_rest_stays() -> None:
    plain = paint(sample(), 0)
    mask = np.zeros((128, 128), np.uint8)
    mask[:, :64] = 255
    night, day = (paint(sample(regions=(RegionPrompt(words, mask),)), 0) for words in ("night", "day"))
    assert (night[:, 64:] == plain[:, 64:]).all()
    assert len(np.unique(night[:, :64].reshape(-1, 4), axis=0)) == 1
    assert (night[0, 0] != day[0, 0]).any()


def test_a_variation_lies_between_two_seeds() -> None:
    base = sample(variation_seed=99)
    steps = [paint(replace(base, variation_strength=part), 0).astype(int) for part in (0.0, 0.2, 0.6, 1.0)]
    assert (steps[0] == paint(sample(), 0)).all()
    assert np.abs(steps[3] - paint(sample(seed=99), 0)).max() <= 1
    far = [np.abs(step - steps[0]).mean() for step in steps]
    assert far == sorted(far)
    assert far[1] > 0


async def test_what_is_to_be_read_ahead_is_noted_where_it_could_be() -> None:
    client = FakeClient()
    await client.prepare("starter")
    assert client.prepared == [], "there is no engine yet"
    await client.start()
    await client.prepare("nobody")
    await client.prepare("starter")
    await client.close()
    await client.prepare("starter")
    assert client.prepared == ["starter"]


async def test_what_was_painted_meanwhile_shines_through() -> None:
    hold = asyncio.Event()
    client = FakeClient(script=FakeScript(hold=hold))
    events = client.events()
    job = await client.submit(sample(Task.INPAINT))
    await until(events, Started)
    await client.amend(job, 50, 50, RED)
    await client.amend("nobody", 0, 0, RED)
    hold.set()
    end = (await until_done(events, job))[-1]
    await client.close()
    assert isinstance(end, Finished)
    patch, plain = end.patches[0], paint(sample(Task.INPAINT), 0)
    assert (patch[50:70, 50:80] == RED).all()
    assert (patch[..., 3] == plain[..., 3]).all()
    assert client.amended == 1
    assert [entry["box"] for entry in end.facts["amended"]] == [[50, 50, 30, 20]]
