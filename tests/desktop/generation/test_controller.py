"""The main trip of one document, with a real project file, a real view and an engine that paints at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QImage

from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import to_rgba
from canvas.project.project import Project
from canvas.selection import Selection
from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationForm
from desktop.generation.jobs import JobRouter
from desktop.generation.modes import Mode
from desktop.session import Session
from desktop.view.canvas_view import CanvasView
from pipelines.client.fake import FakeClient
from pipelines.contract.models import Family, ModelInfo, ModelKind, SchedulerName

STARTER = ModelInfo("starter", "Starter", "s", ModelKind.DIFFUSERS, Family.STARTER)


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            QCoreApplication.processEvents()
            await asyncio.sleep(0.005)


class Trip:
    """Everything one document needs to generate."""

    def __init__(self, folder: Path, session: Session | None = None) -> None:
        self.client = FakeClient()
        self.router = JobRouter(self.client)
        self.session = session or Session.new(folder)
        self.view = CanvasView(self.session.document, self.session.compositor)
        self.form = GenerationForm([STARTER])
        self.controller = GenerationController(self.session, self.view, self.form, self.router)
        self.messages: list[str] = []
        self.controller.message.connect(self.messages.append)

    @property
    def document(self):
        return self.session.document


def paint(trip: Trip, bounds: Bounds, colour: str = "#336699") -> None:
    image = QImage(bounds.width, bounds.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colour))
    layer = trip.document.active
    assert isinstance(layer, PaintLayer)
    trip.document.put_image(layer, bounds.x, bounds.y, image)


async def generate(trip: Trip) -> None:
    before = len(trip.document.generations.records)
    trip.controller.generate()
    await until(lambda: len(trip.document.generations.records) > before)


async def test_enter_keeps_a_layer_and_undo_takes_it_back(trip: Trip) -> None:
    trip.form.set(prompt="a pine", num_images_per_prompt=2)
    await generate(trip)
    current = trip.controller.current
    assert current is not None
    assert len(current.patches) == 2
    assert len(list(trip.document.tree.paint_layers())) == 1
    trip.controller.next_candidate()
    shown = current.patches[1]
    trip.controller.accept()
    assert trip.controller.current is None
    layers = list(trip.document.tree.paint_layers())
    assert len(layers) == 2
    assert (to_rgba(trip.session.compositor.flatten(trip.document.frame)) == shown).all()
    record = trip.document.generations.records[0]
    assert trip.document.generations.kept(record.id) == (1,)
    trip.document.undo()
    assert len(list(trip.document.tree.paint_layers())) == 1
    assert trip.document.generations.records[0].id == record.id


async def test_nothing_outside_the_mask_changes(trip: Trip) -> None:
    paint(trip, Bounds(0, 0, 600, 600))
    everything = Bounds(-100, -100, 800, 800)
    before = to_rgba(trip.session.compositor.flatten(everything))
    trip.document.set_selection(Selection.polygon([(200, 200), (330, 210), (300, 340), (190, 300)]))
    trip.form.set(prompt="a boat", mask_feather=0, mask_grow=0, auto_rim=False)
    await generate(trip)
    assert trip.controller.current is not None
    patch = trip.controller.current.patches[0]
    bounds = trip.controller.current.record.bounds
    trip.controller.accept()
    after = to_rgba(trip.session.compositor.flatten(everything))
    changed = (before != after).any(axis=2)
    inside = np.zeros_like(changed)
    top, left = bounds.y - everything.y, bounds.x - everything.x
    inside[top : top + bounds.height, left : left + bounds.width] = patch[..., 3] > 0
    assert changed.any()
    assert not (changed & ~inside).any()


async def test_results_are_in_the_file_before_they_are_shown(trip: Trip) -> None:
    seen: list[int] = []

    def look() -> None:
        if trip.controller.current is not None:
            other = Project.inspect(trip.session.project.path)
            seen.append(other["generations"])

    trip.controller.candidates_changed.connect(look)
    await generate(trip)
    assert seen == [1]


async def test_candidates_nobody_decides_about_do_not_fill_memory(trip: Trip, monkeypatch) -> None:
    await generate(trip)
    assert trip.controller.current is not None
    held = trip.controller.current.held_bytes
    monkeypatch.setattr("desktop.generation.candidates.WAITING_BYTES", 2 * held)
    for _ in range(4):
        await generate(trip)
    assert tuple(one.record for one in trip.controller.candidates.all) == tuple(trip.document.generations.records[-3:])
    assert [bool(one.images) for one in trip.controller.candidates.all] == [False, False, True]
    trip.controller.discard()
    assert trip.controller.candidates.all[-1].images  # shown again


async def test_discard_keeps_the_record_and_apply_again_works(trip: Trip) -> None:
    await generate(trip)
    trip.controller.discard()
    assert len(list(trip.document.tree.paint_layers())) == 1
    record = trip.document.generations.records[0]
    trip.controller.apply_record(record.id, 0)
    await until(lambda: len(list(trip.document.tree.paint_layers())) == 2)
    assert trip.document.generations.kept(record.id) == (0,)


async def test_reuse_restores_every_setting(trip: Trip) -> None:
    paint(trip, Bounds(0, 0, 512, 512))
    selection = Selection.rectangle(Bounds(100, 100, 80, 80))
    trip.document.set_selection(selection)
    trip.form.set(
        prompt="a boat",
        guidance_scale=3.5,
        inpaint_strength=0.8,
        mask_feather=6,
        auto_rim=False,
        num_images_per_prompt=1,
    )
    await generate(trip)
    made = trip.document.generations.records[0]
    trip.controller.discard()
    trip.document.set_selection(Selection.none())
    trip.form.set(prompt="other", guidance_scale=1.0, inpaint_strength=0.1, mask_feather=50)
    trip.controller.reuse(made.id)
    await until(lambda: trip.form.settings.prompt == "a boat")
    settings = trip.form.settings
    assert (settings.guidance_scale, settings.inpaint_strength, settings.mask_feather) == (3.5, 0.8, 6)
    assert settings.seed == made.request["seed"]
    assert not settings.random_seed
    assert trip.document.selection.bounds == selection.bounds


async def test_reuse_takes_the_nearest_scheduler_of_another_model(trip: Trip) -> None:
    trip.form.set(scheduler=SchedulerName.DDIM, num_images_per_prompt=1)
    await generate(trip)
    made = trip.document.generations.records[0]
    trip.controller.discard()
    trip.form.set(scheduler=SchedulerName.DEFAULT)
    info = trip.form.model_info()
    assert info is not None
    trip.form.set_models([replace(info, family=Family.FLUX)])
    trip.controller.reuse(made.id)
    await until(lambda: bool(trip.messages))
    assert "'ddim' does not suit the model" in trip.messages[0]
    assert trip.form.settings.scheduler is SchedulerName.EULER_FLOW


async def test_a_refusal_is_a_sentence(trip: Trip) -> None:
    trip.form.set(mode=Mode.FILL)
    trip.controller.generate()
    await until(lambda: bool(trip.messages))
    assert "lasso" in trip.messages[0]
    assert not trip.router.jobs


async def test_parents_form_a_tree(trip: Trip) -> None:
    await generate(trip)
    trip.controller.accept()
    first = trip.document.generations.records[0]
    await generate(trip)
    assert trip.document.generations.records[1].parent_id == first.id


async def test_again_repeats_with_another_seed(trip: Trip) -> None:
    trip.form.set(prompt="a pine")
    await generate(trip)
    trip.controller.again()
    await until(lambda: len(trip.document.generations.records) == 2)
    first, second = trip.document.generations.records
    assert first.request["seed"] != second.request["seed"]
    assert {**first.request, "seed": 0} == {**second.request, "seed": 0}


async def test_mode_follows_the_pixels(trip: Trip) -> None:
    modes: list[Mode] = []
    trip.controller.mode_changed.connect(modes.append)
    paint(trip, trip.document.frame)
    await until(lambda: modes == [Mode.REFINE])
    trip.document.set_selection(Selection.rectangle(Bounds(10, 10, 50, 50)))
    await until(lambda: modes[-1:] == [Mode.FILL])
    trip.document.undo()
    trip.document.undo()
    await until(lambda: modes[-1:] == [Mode.GENERATE])


async def test_a_large_frame_is_looked_at_in_slices(trip: Trip) -> None:
    modes: list[Mode] = []
    trip.controller.mode_changed.connect(modes.append)
    trip.document.set_frame(Bounds(0, 0, 2048, 1500))
    paint(trip, Bounds(-100, -100, 1400, 1700))
    await until(lambda: modes == [Mode.EXPAND])
    paint(trip, Bounds(1200, -100, 900, 1700))
    await until(lambda: modes == [Mode.EXPAND, Mode.REFINE])
