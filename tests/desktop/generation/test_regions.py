"""Prompt regions in a request, in the log, and put back from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.markings import REGIONS
from canvas.prompt_regions import PromptRegion
from canvas.selection import Selection
from desktop.generation.capture import Terms, capture, find_region
from desktop.generation.foresight import foresee, step_for
from desktop.generation.form import GenerationSettings
from desktop.generation.modes import Mode
from desktop.generation.regions import own_words
from desktop.panels.history_words import details
from pipelines.client.fake import paint as fake_picture
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import MAX_REGIONS, GenerationRequest, Task
from pipelines.planning.sizes import RunLimits
from tests.desktop.generation.test_controller import Trip, generate, paint, until
from tests.desktop.generation.test_live import Scene

FRAME = Bounds(0, 0, 256, 256)
LEFT, RIGHT = Bounds(0, 0, 128, 256), Bounds(128, 0, 128, 256)
SETTINGS = GenerationSettings(prompt="mountains,", random_seed=False, seed=5)


@pytest_asyncio.fixture
async def scene(trip: Trip) -> AsyncIterator[Scene]:
    made = Scene(trip)
    yield made
    await made.live.finish()
    made.live.release_document()


@pytest.fixture
def document() -> Document:
    return Document.new(FRAME)


def add(document: Document, name: str, place: Bounds | Selection, prompt: str, **values: object) -> None:
    selection = Selection.rectangle(place) if isinstance(place, Bounds) else place
    document.save_selection(name, selection)
    region = replace(PromptRegion(name, prompt), **values)  # type: ignore[arg-type]
    document.set_marking(REGIONS, (*document.prompt_regions, region))


def asked(document: Document, settings: GenerationSettings = SETTINGS) -> GenerationRequest:
    compositor = Compositor(document, QColor("white"))
    try:
        return capture(document, compositor, settings).request
    finally:
        compositor.close()


def words(request: GenerationRequest) -> list[str]:
    return [region.prompt for region in request.regions]


def test_each_place_gets_its_words_behind_those_of_everywhere(document: Document) -> None:
    soft = Selection.rectangle(RIGHT).feathered(9)
    add(document, "left", LEFT, "night")
    add(document, "right", soft, "{day|noon}")
    request = asked(document)
    assert request.task is Task.TEXT_TO_IMAGE
    assert words(request) == ["mountains, night", f"mountains, {own_words(words(request)[1], 'mountains,')}"]
    assert words(request)[1] in ("mountains, day", "mountains, noon")
    assert (request.regions[0].mask[:, :128] == 255).all()
    assert not request.regions[0].mask[:, 128:].any()
    assert (request.regions[1].mask == soft.coverage(FRAME)).all()
    assert 0 < request.regions[1].mask[128, 126] < 255, "a soft edge stays soft"
    assert words(asked(document, replace(SETTINGS, prompt=""))) == ["night", words(request)[1].split(", ")[1]]
    chosen = {words(asked(document, replace(SETTINGS, seed=seed)))[1] for seed in range(12)}
    assert chosen == {"mountains, day", "mountains, noon"}


@given(
    place=st.builds(Bounds, st.integers(-200, 300), st.integers(-200, 300), st.integers(1, 300), st.integers(1, 300)),
    on=st.booleans(),
    kept=st.booleans(),
    prompt=st.sampled_from(["a boat", "  ", ""]),
)
def test_only_what_is_on_says_something_and_reaches_in_counts(place: Bounds, on: bool, kept: bool, prompt: str) -> None:
    document = Document.new(FRAME)
    add(document, "one", place, prompt, on=on)
    if not kept:
        document.save_selection("one", None)
    request = asked(document)
    counts = on and kept and bool(prompt.strip()) and not place.intersected(FRAME).is_empty
    assert words(request) == (["mountains, a boat"] if counts else [])
    if counts:
        assert (request.regions[0].mask == Selection.rectangle(place).coverage(FRAME)).all()
        assert request.regions[0].mask.any()


def test_a_repaint_hears_only_what_is_near_it(document: Document) -> None:
    compositor = Compositor(document, QColor("white"))
    document.set_frame(Bounds(0, 0, 1024, 1024))
    add(document, "near", Bounds(500, 500, 60, 60), "a boat")
    add(document, "far", Bounds(430, 430, 8, 8), "a moon")
    document.set_selection(Selection.rectangle(Bounds(510, 510, 40, 40)))
    settings = replace(SETTINGS, mode=Mode.FILL, auto_rim=False, mask_grow=2, mask_feather=2, mask_blend=2)
    request = capture(document, compositor, settings, Terms(context=Bounds(400, 400, 256, 256))).request
    assert words(request) == ["mountains, a boat"]
    assert request.regions[0].mask.sum() == 60 * 60 * 255, "all of its place, not only what is repainted"
    removing = capture(document, compositor, replace(settings, mode=Mode.REMOVE)).request
    assert (removing.prompt, removing.regions) == ("", ())
    compositor.close()


def test_too_many_are_refused_with_a_sentence(document: Document) -> None:
    for number in range(MAX_REGIONS):
        add(document, str(number), Bounds(number, 0, 9, 9), "x")
    assert len(asked(document).regions) == MAX_REGIONS
    add(document, "elsewhere", Bounds(900, 0, 9, 9), "x")
    assert len(asked(document).regions) == MAX_REGIONS
    add(document, "one more", Bounds(90, 90, 9, 9), "x")
    with pytest.raises(InvalidRequestError, match=r"17 regions .* 16 at most"):
        asked(document)


def test_foresight_counts_them_at_every_size(document: Document) -> None:
    document.set_frame(Bounds(0, 0, 2048, 2048))
    add(document, "left", Bounds(0, 0, 1000, 2048), "night")
    compositor = Compositor(document, QColor("white"))
    limits = RunLimits(512, 1.0, 1.5, 1.25)
    step = step_for(document.frame)
    assert step > 1
    works = []
    for on in (True, False):
        document.set_marking(REGIONS, (replace(document.prompt_regions[0], on=on),))
        settings = replace(SETTINGS, mode=Mode.GENERATE)
        region = find_region(document, compositor, settings, Terms(limits=limits))
        works.append(foresee(region, None, settings, limits, step).work)
    calls = [sum(call.number for call in work.calls) for work in works]
    assert calls[0] == pytest.approx(1.5 * calls[1]), "three prompts instead of two: the negative one counts once"
    compositor.close()


async def test_they_are_painted_logged_and_put_back(trip: Trip) -> None:
    document = trip.document
    document.set_frame(FRAME)
    add(document, "left", LEFT, "{night|moon}", colour=4)
    add(document, "right", Selection.rectangle(RIGHT).feathered(5), "day")
    add(document, "off", LEFT, "fog", on=False)
    trip.form.set(prompt="hills", num_images_per_prompt=1)
    await generate(trip)
    current = trip.controller.current
    assert current is not None
    assert (current.patches[0] == fake_picture(current.captured.request, 0)).all()
    assert (current.patches[0][:, :100] == current.patches[0][0, 0]).all(), "the left has the colour of its words"
    record = document.generations.records[-1]
    shown = dict(details(record))["Regions"]
    assert shown in ("left: night; right: day", "left: moon; right: day")
    assert {"region-0", "region-1"} <= record.inputs.keys()
    trip.controller.discard()
    before = document.prompt_regions
    document.save_selection("left", Selection.rectangle(RIGHT))
    document.save_selection("right", None)
    document.set_marking(REGIONS, (PromptRegion("left", "a boat"), PromptRegion("off", "fog")))
    trip.form.set(prompt="other")
    trip.controller.reuse(record.id)
    await until(lambda: trip.form.settings.prompt == "hills")
    assert document.prompt_regions == (
        replace(before[0], name="left 2"), before[1], PromptRegion("left", "a boat", on=False),
        PromptRegion("off", "fog", on=False),
    )  # fmt: skip
    assert document.saved_selections["left"] == Selection.rectangle(RIGHT)
    await generate(trip)
    second = document.generations.records[-1]
    assert (second.request, second.inputs, second.candidates) == (record.request, record.inputs, record.candidates)
    trip.controller.discard()
    document.undo()
    assert [region.name for region in document.prompt_regions] == ["left", "off"]


async def test_a_record_without_regions_silences_those_that_came_since(trip: Trip) -> None:
    trip.document.set_frame(FRAME)
    trip.form.set(prompt="hills")
    await generate(trip)
    record = trip.document.generations.records[-1]
    trip.controller.discard()
    add(trip.document, "left", LEFT, "night")
    add(trip.document, "far", Bounds(900, 900, 9, 9), "day")
    trip.form.set(prompt="other")
    trip.controller.reuse(record.id)
    await until(lambda: trip.form.settings.prompt == "hills")
    assert [region.on for region in trip.document.prompt_regions] == [False, True]
    assert trip.messages == []


async def test_regions_that_nobody_drew_are_named_as_left_out(trip: Trip) -> None:
    trip.document.set_frame(FRAME)
    add(trip.document, "left", LEFT, "night")
    paint(trip, FRAME)
    await generate(trip)
    made = trip.document.generations.records[-1]
    bare = replace(made, id="f" * 32, form={})
    trip.document.generations.append(bare)
    trip.form.set(prompt="other")
    trip.controller.reuse(bare.id)
    await until(lambda: bool(trip.messages))
    assert "1 regions are left out" in trip.messages[0]
    assert not trip.document.prompt_regions[0].on


async def test_live_pictures_follow_them_and_reuse_knows_their_places(scene: Scene) -> None:
    trip, live = scene.trip, scene.live
    trip.document.set_frame(Bounds(0, 0, 2048, 1024))
    live.turn(True)
    await scene.rest()
    add(trip.document, "left", Bounds(0, 0, 1024, 1024), "night")
    await until(lambda: len(scene.asked) == 2)
    await scene.rest()
    request = scene.asked[-1]
    assert words(request) == ["a pine, night"]
    assert request.width < 2048
    assert request.regions[0].mask.shape == (request.height, request.width)
    assert (request.regions[0].mask[:, : request.width // 2] == 255).all()
    assert not request.regions[0].mask[:, request.width // 2 :].any()
    trip.document.save_selection("left", Selection.rectangle(Bounds(1024, 0, 1024, 1024)))
    await until(lambda: len(scene.asked) == 3)
    await scene.rest()
    live.set_active(False)
    await live.keep()
    record = trip.document.generations.records[-1]
    live.turn(False)
    trip.document.save_selection("left", None)
    trip.controller.reuse(record.id)
    await until(lambda: "left" in trip.document.saved_selections)
    assert abs(trip.document.saved_selections["left"].bounds.x - 1024) <= 2, "as exact as it was painted"


def test_words_that_everywhere_says_are_not_said_twice() -> None:
    assert own_words("hills, night", "hills") == "night"
    assert own_words("night", "") == "night"
    assert own_words("night", "hills") == "night"


def test_masks_are_contiguous_and_as_large_as_the_request(document: Document) -> None:
    document.set_frame(Bounds(3, 5, 250, 91))
    add(document, "left", LEFT, "night")
    request = asked(document)
    mask = request.regions[0].mask
    assert mask.shape == (request.height, request.width)
    assert mask.dtype == np.uint8
    assert mask.flags["C_CONTIGUOUS"]
