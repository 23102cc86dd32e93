"""The main trip, timed in a window of its own: engine start, first picture, second picture, lateness in each phase."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import psutil
import qasync
from PySide6.QtWidgets import QApplication

from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationForm
from desktop.generation.jobs import JobRouter
from desktop.session import Session
from desktop.view.canvas_view import CanvasView
from pipelines.client.process import ProcessClient
from pipelines.library.registry import Library
from tests.benchmarks.rows import Row
from tests.benchmarks.window_lateness import Lateness


def run(home: Path) -> list[Row]:
    """Everything, on Qt's own event loop."""
    app = QApplication.instance() or QApplication([])
    with qasync.QEventLoop(app) as loop:
        return loop.run_until_complete(_measure(home))


async def _measure(home: Path) -> list[Row]:
    library = Library()
    client = ProcessClient(library)
    router = JobRouter(client)
    session = Session.new(home)
    view = CanvasView(session.document, session.compositor)
    view.resize(1400, 900)
    view.show()
    form = GenerationForm(library.models())
    form.set(prompt="misty mountains, a lake", num_images_per_prompt=1)
    controller = GenerationController(session, view, form, router)
    lateness, rows = Lateness(), []

    def measured(name: str) -> None:
        p95, worst = lateness.stop()
        rows.append(Row(f"window lateness p95, {name}", p95, "ms", 16.0, f"worst {worst:.1f} ms; 16 ms timer"))

    router.start()
    lateness.start()
    await asyncio.sleep(2)
    measured("idle")
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    router.engine_ready.connect(lambda *_: ready.done() or ready.set_result(None))
    began = time.perf_counter()
    lateness.start()
    await client.start()
    await ready
    measured("engine imports")
    rows.append(Row("engine start to ready", time.perf_counter() - began, "s", None, "imports torch in the child"))
    for name in ("first picture (loads the model)", "second picture"):
        began, count = time.perf_counter(), len(session.document.generations.records)
        lateness.start()
        controller.generate()
        while len(session.document.generations.records) == count:
            await asyncio.sleep(0.005)
        rows.append(Row(name, time.perf_counter() - began, "s", None, "starter, Enter to shown, stored first"))
        measured(name)
        controller.accept()
        form.set(mode=form.settings.mode)
    rows.append(Row("engine RSS", psutil.Process(client.pid).memory_info().rss / 2**20, "MiB", None, "after two jobs"))
    await controller.close()
    await router.stop()
    await client.close()
    await session.close()
    return rows
