"""What the log keeps of a job, whichever way it ends and whichever task it is."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from canvas.generations import GenerationLog
from canvas.geometry import Bounds
from canvas.project.project import Project
from canvas.selection import Selection
from desktop.generation.apply import keep_candidate
from desktop.generation.capture import parent_of
from desktop.generation.course import report_text
from desktop.generation.form import GenerationSettings
from desktop.generation.modes import MODES, Mode, mode_of_record
from pipelines.contract.events import FailureKind
from pipelines.contract.request import Task
from tests.desktop.generation.test_controller import Trip, generate, paint, until


@pytest.mark.parametrize("mode", MODES)
async def test_everything_that_went_in_is_in_the_file(trip: Trip, mode: Mode, tmp_path: Path) -> None:
    if mode is not Mode.GENERATE:
        paint(trip, Bounds(0, 0, 300, trip.document.frame.height))
    if mode is Mode.REFINE:
        paint(trip, trip.document.frame)
    if mode.needs_selection:
        trip.document.set_selection(Selection.ellipse(Bounds(30, 40, 100, 80)))
    trip.form.set(prompt="a {red|blue} 山", negative_prompt="fog", num_images_per_prompt=2, random_seed=True)
    trip.form.set(mode=mode if mode in (Mode.REMOVE, Mode.BACKGROUND) else None)
    typed = trip.form.settings
    await generate(trip)
    assert trip.controller.current is not None
    sent = trip.controller.current.captured.request
    patches = trip.controller.current.patches
    await asyncio.wrap_future(trip.session.project.save_as(tmp_path / "copy.scroll"))
    record = trip.document.generations.records[-1]
    connection = sqlite3.connect(tmp_path / "copy.scroll")
    assert connection.execute("SELECT count(*) FROM generation WHERE form <> '{}'").fetchone() == (1,)
    connection.close()
    assert (record.task, record.status) == (mode.task, "finished")
    assert mode_of_record(record.task, record.form) is mode
    assert record.request == sent.to_dict()
    assert record.request["prompt"] in (("a red 山", "a blue 山") if mode is not Mode.REMOVE else ("",))
    assert GenerationSettings.from_dict(record.form) == typed
    assert record.bounds == Bounds(sent.x, sent.y, sent.width, sent.height)
    assert record.facts["device"] == "fake"
    assert record.facts["total_s"] >= 0
    blobs = trip.document.generations.blobs
    for name, pixels in (("image", sent.image), ("mask", sent.mask)):
        assert (name in record.inputs) == (pixels is not None)
        if pixels is not None:
            assert (blobs.get(record.inputs[name]) == pixels).all()
    assert set(record.inputs) == {
        Task.TEXT_TO_IMAGE: set(), Task.IMAGE_TO_IMAGE: {"image"},
        Task.INPAINT: {"image", "mask"}, Task.OUTPAINT: {"image", "mask"},
    }[mode.task]  # fmt: skip
    for digest, patch in zip(record.candidates, patches, strict=True):
        assert (blobs.get(digest) == patch).all()
    assert record.thumbnail.startswith(b"\x89PNG")


async def test_a_failure_keeps_what_is_known(trip: Trip) -> None:
    trip.client.script.failures[0] = FailureKind.OUT_OF_MEMORY
    await generate(trip)
    record = trip.document.generations.records[0]
    assert (record.status, record.candidates, record.thumbnail) == ("failed", (), b"")
    assert "out_of_memory" in record.sentence
    facts = record.facts
    assert facts["kind"] == "out_of_memory"
    assert facts["steps_done"] > 0
    assert facts["steps"] == trip.form.settings.num_inference_steps * trip.form.settings.num_images_per_prompt
    assert facts["total_s"] >= 0
    assert facts["platform"]
    text = report_text(record.sentence, {**facts, "detail": "Traceback …"})
    assert text.startswith(record.sentence)
    assert text.endswith("Traceback …")
    assert "kind: out_of_memory" in text


async def test_a_cancelled_job_is_in_the_log_too(trip: Trip) -> None:
    trip.client.script.hold = asyncio.Event()
    trip.controller.generate()
    await until(lambda: any(job.step for job in trip.router.jobs.values()))
    trip.controller.cancel()
    await until(lambda: trip.document.generations.count() == 1)
    record = trip.document.generations.records[0]
    assert (record.status, record.sentence) == ("cancelled", "")
    assert record.facts["stage"] == "running"
    assert 0 < record.facts["steps_done"] < record.facts["steps"]
    assert record.form["num_inference_steps"] == trip.form.settings.num_inference_steps


async def test_what_grows_out_of_what(trip: Trip) -> None:
    log = trip.document.generations
    await generate(trip)
    first = log.records[0]
    trip.controller.again()
    await until(lambda: log.count() == 2)
    second = log.records[1]
    assert second.parent_id == first.id  # although nothing was kept
    trip.controller.discard()
    trip.controller.reuse(first.id)
    await until(lambda: trip.form.settings.seed == first.request["seed"] and not trip.form.settings.random_seed)
    await generate(trip)
    assert log.records[2].parent_id == first.id
    trip.document.set_frame(first.bounds.translated(5000, 0))
    await generate(trip)
    assert log.records[3].parent_id == ""  # elsewhere
    trip.document.set_frame(first.bounds)
    trip.controller.generate(parent=second.id)
    await until(lambda: log.count() == 5)
    assert log.records[4].parent_id == second.id
    trip.controller.accept()
    trip.form.set(mode=Mode.GENERATE)
    await generate(trip)
    assert log.records[5].parent_id == log.records[4].id  # what was kept there last
    assert log.children(first.id) == (second.id, log.records[2].id)
    for record in log.records[2:]:
        assert record.status == "finished"


async def test_a_record_is_applied_again_there_and_here(trip: Trip) -> None:
    await generate(trip)
    record = trip.document.generations.records[0]
    patch = trip.document.generations.blobs.get(record.candidates[1])
    trip.controller.discard()
    trip.controller.apply_record(record.id, 1)
    await until(lambda: len(list(trip.document.tree.paint_layers())) == 2)
    assert trip.document.content_bounds() == record.bounds
    trip.document.undo()
    trip.controller.apply_record(record.id, 1, at=Bounds(4000, -3000, 10, 10))
    await until(lambda: len(list(trip.document.tree.paint_layers())) == 2)
    size = record.bounds
    assert trip.document.content_bounds() == Bounds(
        4005 - size.width // 2, -2995 - size.height // 2, size.width, size.height
    )
    layer = trip.document.active
    assert layer is not None
    assert trip.document.generations.kept_layer(record.id, 1) == layer.id
    assert keep_candidate(trip.document, record, 0, patch).name.endswith(f"· {record.request['seed']}")


async def test_records_that_are_not_there_are_a_sentence(trip: Trip) -> None:
    for ask in (trip.controller.reuse, trip.controller.apply_record):
        trip.messages.clear()
        ask("nobody")
        await until(lambda: len(trip.messages) == 1)
        assert "no generation" in trip.messages[0]


async def test_a_log_that_cannot_be_read_keeps_nobody_from_painting(trip: Trip) -> None:
    await generate(trip)
    trip.controller.accept()
    await asyncio.wrap_future(trip.session.project.flush())
    path = trip.session.project.path
    await trip.session.close()
    connection = sqlite3.connect(path)
    connection.execute("DROP INDEX generation_narrow")
    connection.commit()
    connection.close()
    project = Project.open(path)
    assert isinstance(project.document.generations, GenerationLog)
    assert parent_of(project.document.generations, Bounds(0, 0, 600, 600)) == ""
    project.close()


async def test_the_picture_waits_for_the_file(trip: Trip, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result is shown once it is in the file, or once it is said that it cannot be written."""
    store = trip.session.project._writer._store
    real, broken, told_first = store.log.write, True, []

    def failing(batch) -> None:
        if broken and batch.generations:
            raise sqlite3.OperationalError("database or disk is full")
        real(batch)

    monkeypatch.setattr(store.log, "write", failing)
    trip.controller.candidates_changed.connect(lambda: told_first.append(bool(trip.messages)))
    await generate(trip)
    assert told_first == [True]
    assert "no room" in trip.messages[0]
    assert trip.controller.current is not None
    record = trip.controller.current.record
    trip.controller.accept()
    broken = False
    trip.session.project.care.retry()
    await asyncio.wrap_future(trip.session.project.save())
    assert Project.inspect(trip.session.project.path)["generations"] == 1
    blob = await asyncio.wrap_future(trip.session.project.load_blob(record.candidates[0]))
    assert blob.dtype == np.uint8
