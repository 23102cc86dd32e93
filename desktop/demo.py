"""The demo: the whole trip of a painter, with the real engine and without a window."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NoReturn

from PySide6.QtGui import QColor
from tqdm import tqdm

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.project.project import Project
from canvas.selection import Selection
from desktop.document_files import WindowlessPainting
from desktop.export_pictures import ExportJob, export_picture
from desktop.generation.apply import keep_candidate, make_record
from desktop.generation.capture import Terms, capture
from desktop.generation.form import GenerationSettings
from desktop.layered_files import write_layered
from desktop.session import PAPER, SUFFIX, remove_project_file
from pipelines.client.process import ProcessClient
from pipelines.contract.errors import PipelineError
from pipelines.contract.events import EngineEvent, Failed, Finished, Progress, Started
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import Task
from pipelines.library.registry import Library
from pipelines.planning.sizes import limits_of

FRAME = Bounds(0, 0, 384, 256)
LASSO = ((212.0, 64.0), (268.0, 54.0), (318.0, 84.0), (322.0, 132.0), (272.0, 158.0), (218.0, 136.0))
GROWN = Bounds(256, 0, 384, 256)
"""Reaches 256 pixels into the empty canvas at the right."""
SEEDS = {Task.TEXT_TO_IMAGE: 7, Task.INPAINT: 3, Task.OUTPAINT: 4}


class _Trip:
    """One painting on its way."""

    def __init__(self, project: Project, client: ProcessClient, model: ModelInfo, say: Callable[[str], None]) -> None:
        self.project, self.client, self.model, self.say = project, client, model, say
        self.document: Document = project.document
        self.compositor = Compositor(self.document, QColor(PAPER))
        self.events: AsyncIterator[EngineEvent] = client.events()

    async def step(self, sentence: str, prompt: str, expected: Task) -> None:
        """Captures, generates, stores and keeps one picture; the place decides the mode, as in the window."""
        self.say(sentence)
        defaults = self.model.defaults
        settings = GenerationSettings(
            prompt=prompt,
            model=self.model.id,
            random_seed=False,
            seed=SEEDS[expected],
            num_images_per_prompt=1,
            num_inference_steps=defaults.num_inference_steps,
            guidance_scale=defaults.guidance_scale,
            scheduler=defaults.scheduler,
        )
        captured = capture(self.document, self.compositor, settings, Terms(limits_of(self.model)))
        if captured.request.task is not expected:
            raise PipelineError(f"The demo expected {expected} here, but the canvas asks for {captured.request.task}.")
        event = await self._finished(await self.client.submit(captured.request), expected)
        request = captured.request
        inputs = request.pictures
        record = make_record(captured, event)
        record = await asyncio.wrap_future(self.project.store_generation(record, event.patches, inputs))
        self.document.generations.append(record)
        keep_candidate(self.document, record, 0, event.patches[0])

    async def _finished(self, job_id: str, task: Task) -> Finished:
        """Shows a bar until the job ends. Raises PipelineError with the engine's sentence."""
        bar: tqdm[NoReturn] = tqdm(desc=f"  {task}", unit="step", file=sys.stderr, disable=not sys.stderr.isatty())
        with bar:
            async for event in self.events:
                if isinstance(event, Started):
                    bar.reset(event.steps)
                elif isinstance(event, Progress):
                    bar.update(event.step - bar.n)
                elif isinstance(event, Finished) and event.job_id == job_id:
                    return event
                elif isinstance(event, Failed) and event.job_id == job_id:
                    raise PipelineError(event.sentence)
        raise PipelineError("The engine ended before the picture was done.")


def paint_demo(folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Paints into the folder; returns files, layers and seconds. Raises CanvasError or PipelineError."""
    return asyncio.run(_paint(folder, say))


async def _paint(folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    began = time.monotonic()
    library = Library()
    model = library.resolve("starter")
    paths = {kind: folder / f"demo{kind}" for kind in (SUFFIX, ".png", ".ora")}
    remove_project_file(paths[SUFFIX])
    say(f"Painting without a window, with the model '{model.name}', into {folder}.")
    client = ProcessClient(library)
    project = Project.create(paths[SUFFIX], Document.new(FRAME))
    trip = _Trip(project, client, model, say)
    try:
        await client.start()
        await _three_steps(trip)
        say("Writing the project, a PNG and an OpenRaster file with all layers ...")
        bounds = trip.document.content_bounds()
        painting = WindowlessPainting(trip.document, trip.compositor, "demo")
        await export_picture(painting, ExportJob(paths[".png"], bounds), lambda _: None)
        write_layered(trip.document, paths[".ora"], bounds)
        generations = trip.document.generations.count()  # a question to the file: while it is open
        await asyncio.wrap_future(project.save())
    finally:
        trip.compositor.close()
        await client.close()
        await asyncio.to_thread(project.close)
    layers = sum(1 for _ in trip.document.tree.walk())
    return {
        "folder": str(folder),
        "files": [path.name for path in paths.values()],
        "layers": layers,
        "generations": generations,
        "width": bounds.width,
        "height": bounds.height,
        "seconds": round(time.monotonic() - began, 2),
    }


async def _three_steps(trip: _Trip) -> None:
    document = trip.document
    prompt = "dusk, mountains, mist, water, pines"
    await trip.step(f"1 of 3: an empty frame becomes a picture: '{prompt}' ...", prompt, Task.TEXT_TO_IMAGE)
    document.set_selection(Selection.polygon(LASSO))
    prompt = "dusk, mountains, mist, waterfall"
    await trip.step(f"2 of 3: a lasso, and only what is inside is painted anew: '{prompt}' ...", prompt, Task.INPAINT)
    document.set_selection(Selection.none())
    document.set_frame(GROWN)
    prompt = "dusk, water, boat, far mountains"
    await trip.step(f"3 of 3: the scroll grows to the right: '{prompt}' ...", prompt, Task.OUTPAINT)
