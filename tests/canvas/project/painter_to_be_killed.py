"""A painter that works as quickly as it can, with little memory, says what it was promised, and is killed.

The process that is started here is warm and without threads: for each line "PATH SECONDS" that it reads it forks a
painter and kills it after that time. So a kill costs no start of Python.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QColor, QGuiApplication, QImage

from canvas.document import Document
from canvas.generations import GenerationRecord
from canvas.geometry import TILE, Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.project.project import Project
from canvas.selection import Selection
from pipelines.client.fake import FakeClient
from pipelines.contract.events import Finished
from pipelines.contract.request import GenerationRequest, Task

SIDE = 640


def stamp(number: int, side: int) -> np.ndarray:
    """Every stroke covers the same tiles and carries its number in every pixel."""
    grain = np.random.default_rng(number).integers(0, 256, (32, 32, 4), dtype=np.uint8)
    rgba = np.tile(grain, (side // 32, side // 32, 1))
    rgba[..., 0], rgba[..., 1], rgba[..., 3] = number // 256, number % 256, 255
    return rgba


def hiding(number: int) -> QImage:
    """A tile of a mask that carries the number of the stroke."""
    tile = QImage(TILE, TILE, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(QColor(0, 0, 0, number % 255 + 1))
    return tile


def chosen(number: int) -> Bounds:
    """A selection that carries the number of the stroke."""
    return Bounds(0, 0, number % 997 + 1, 3)


def say(word: str, number: int) -> None:
    """One line in one piece: whoever is killed has said all of it or nothing."""
    os.write(1, f"{word} {number} {time.time()}\n".encode())


async def generate(client: FakeClient, number: int) -> tuple[GenerationRequest, np.ndarray]:
    """One picture from the engine that paints at once."""
    request = GenerationRequest(
        task=Task.TEXT_TO_IMAGE, prompt=f"boat {number}", model="starter", seed=number, width=64, height=64
    )
    events = client.events()
    job = await client.submit(request)
    async for event in events:
        if isinstance(event, Finished) and event.job_id == job:
            return request, event.patches[0]
    raise RuntimeError("the engine ended")


async def paint(path: Path) -> None:
    project = Project.open(path) if path.exists() else Project.create(path, Document.new(Bounds(0, 0, 512, 512)))
    document, client = project.document, FakeClient()
    layer = next(document.tree.paint_layers())
    mask = document.add_mask(layer) if layer.mask is None else layer.mask
    document.history.budget_bytes = 8 << 20
    project.pager.budget_bytes = 4 << 20
    number = document.generations.count()
    while True:
        number += 1
        with document.transaction("stroke"):
            document.put_image(layer, 0, 0, from_rgba(stamp(number % 65536, SIDE)))
            document.set_tiles(mask, {(0, 0): hiding(number)})
            document.set_selection(Selection.rectangle(chosen(number)))
        if number % 3 == 0:
            document.undo()
            document.redo()
        say("painted", number)
        request, patch = await generate(client, number)
        made = GenerationRecord(
            f"r{number}",
            "",
            "2026-01-01T00:00:00+00:00",
            "text-to-image",
            "finished",
            {"seed": number, "prompt": request.prompt},
            Bounds(0, 0, 64, 64),
            {},
        )
        stored = await asyncio.wrap_future(project.store_generation(made, [patch], {"image": stamp(number, 64)}))
        document.generations.append(stored)
        say("stored", number)
        if number % 7 == 0:
            document.add_layer(PaintLayer(f"layer {number}"))
            document.undo()


def main() -> None:
    for line in sys.stdin:
        path, seconds = line.rsplit(" ", 1)
        painter = os.fork()
        if painter == 0:
            application = QGuiApplication([])
            try:
                asyncio.run(paint(Path(path)))
            except BaseException as error:  # noqa: BLE001 - the test is told, and this process must not go on
                os.write(2, repr(error).encode())
                say("failed", 0)
                os._exit(1)
            del application
        time.sleep(float(seconds))
        os.kill(painter, signal.SIGKILL)
        os.waitpid(painter, 0)
        say("killed", 0)


if __name__ == "__main__":
    main()
