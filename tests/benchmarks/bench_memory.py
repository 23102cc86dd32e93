"""Undo and memory: what a step back costs wherever its pixels are, and how much of a huge painting is in memory.

`python -m tests.benchmarks.bench_memory [--json]`. The painting with 12 000 tiles is made in a process of its own,
so that what others left in memory does not count.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from PySide6.QtGui import QColor, QGuiApplication, QImage

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import TILE, Bounds, TileKey
from canvas.layers import PaintLayer
from canvas.project.project import Project
from canvas.surface import TiledSurface
from canvas.tile import TILE_BYTES, new_tile, pixels
from tests.benchmarks.rows import Row, median, report

FRAME_MS = 16.7
STROKE = [(x, y) for x in range(6) for y in range(5)]
SIDE = 100_000 // TILE
PAINTED, IN_MEMORY, SCREEN = 12_000, 1024, 54


def picture(seed: int) -> QImage:
    """A tile like a painted one: soft shapes and some grain."""
    rng = np.random.default_rng(seed)
    tile = new_tile()
    coarse = rng.integers(0, 200, (17, 17, 3), np.uint8).repeat(16, 0).repeat(16, 1)[:TILE, :TILE]
    pixels(tile)[..., :3] = coarse + rng.integers(0, 4, (TILE, TILE, 1), np.uint8)
    pixels(tile)[..., 3] = 255
    return tile


def millis(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def layer_of(document: Document) -> PaintLayer:
    """The first layer with pixels."""
    return next(document.tree.paint_layers())


def undo_and_look(document: Document, compositor: Compositor) -> float:
    """One undo of the stroke, until its tiles are ready for the screen."""

    def work() -> None:
        document.undo()
        for key in STROKE:
            compositor.tile(key)

    start = time.thread_time()
    work()
    return (time.thread_time() - start) * 1e3


def undo_rows() -> list[Row]:
    """Undo of a 30-tile stroke whose pixels are in memory, compressed, and in the project file."""
    notes = {"as it is": 1 << 40, "compressed": 40 * TILE_BYTES, "in the project file": 0}
    rows: list[Row] = []
    for note, budget in notes.items():
        with tempfile.TemporaryDirectory() as folder:
            document = Document.new(Bounds(0, 0, 512, 512))
            project = Project.create(Path(folder) / "a.scroll", document)
            document.history.budget_bytes = budget
            compositor = Compositor(document, QColor("white"))
            layer = layer_of(document)
            for seed in range(8):
                document.set_tiles(layer, {key: picture(seed * 100 + n) for n, key in enumerate(STROKE)})
            for _ in range(3):
                document.history.settle()
                project.flush().result()
            for key in STROKE:
                compositor.tile(key)
            times = [undo_and_look(document, compositor) for _ in range(6)]
            compositor.close()
            project.close()
        name = f"undo of a 30-tile stroke, {note}"
        rows.append(Row(name, median(times), "ms", 2 * FRAME_MS, "CPU, with recompositing"))
    return rows


def snapshot_row() -> Row:
    """What a stroke or a writer takes before it begins."""
    surface = TiledSurface()
    for n in range(24):
        surface.set_tile((n, 0), picture(n))
    times = [millis(surface.snapshot) for _ in range(200)]
    return Row("snapshot of 24 tiles", median(times), "ms", 0.1, "shares the pixels")


def tile_row() -> Row:
    """One look at a tile that is in memory."""
    surface = TiledSurface()
    surface.set_tile((0, 0), picture(0))
    count = 100_000
    spent = millis(lambda: [surface.tile((0, 0)) for _ in range(count)])
    return Row("look at a tile in memory", spent / count * 1e3, "us", None, "with the note that it was looked at")


def huge() -> dict[str, float]:
    """Paints 12 000 tiles all over 100 000 pixels within a budget of 1024; returns what that cost."""
    rng = random.Random(7)
    process = psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        document = Document.new(Bounds(0, 0, 512, 512))
        project = Project.create(Path(folder) / "a.scroll", document)
        compositor = Compositor(document, QColor("white"), budget_bytes=256 << 20)
        project.pager.budget_bytes = IN_MEMORY * TILE_BYTES
        document.history.budget_bytes = 64 << 20
        layer = layer_of(document)
        before, peak = process.memory_info().rss, 0
        places = rng.sample(range(SIDE * SIDE), PAINTED)
        keys: list[TileKey] = [(place % SIDE, place // SIDE) for place in places]
        patterns = [picture(n) for n in range(64)]
        start = time.perf_counter()
        for at in range(0, PAINTED, 24):
            tiles = {key: own(patterns[(at + n) % 64], at + n) for n, key in enumerate(keys[at : at + 24])}
            document.set_tiles(layer, tiles)
            if at % 240 == 0:
                project.flush().result()
                project.tend()
                peak = max(peak, process.memory_info().rss)
        project.flush().result()
        project.tend()
        painting = time.perf_counter() - start
        time.sleep(0.5)  # memory goes back in a thread
        rest = process.memory_info().rss
        screens = [millis(lambda: [layer.surface.tile(key) for key in rng.sample(keys, SCREEN)]) for _ in range(9)]
        largest = max(peak, process.memory_info().rss)
        loaded = layer.surface.loaded
        compositor.close()
        project.close()
    return {
        "rest": (rest - before) / (1 << 20),
        "peak": (largest - before) / (1 << 20),
        "screen": median(screens),
        "per_tile": painting / PAINTED * 1e3,
        "loaded": loaded,
    }


def own(pattern: QImage, number: int) -> QImage:
    """The pattern as a tile of its own that no other equals."""
    tile = QImage(pattern)
    pixels(tile)[0, :4] = np.frombuffer(np.array([number] * 4, np.uint32).tobytes(), np.uint8).reshape(4, 4)
    return tile


def huge_rows() -> list[Row]:
    """The painting that does not fit into memory."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_memory", "--huge"]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    budget = IN_MEMORY * TILE_BYTES / (1 << 20)
    note = f"{PAINTED} tiles, budget {IN_MEMORY}, {found['loaded']} loaded, {found['per_tile']:.1f} ms to paint one"
    return [
        Row("memory of a huge painting, at most", found["peak"], "MB", budget + 300, note),
        Row("memory of a huge painting, at rest", found["rest"], "MB", budget + 300, ""),
        Row("a screenful of it comes back", found["screen"], "ms", 120.0, f"{SCREEN} tiles anywhere"),
    ]


def memory_rows() -> list[Row]:
    """All rows; `bench canvas` shows them too."""
    return [*undo_rows(), snapshot_row(), tile_row(), *huge_rows()]


def measure() -> list[Row]:
    """All rows, with an application behind them."""
    app = QGuiApplication.instance() or QGuiApplication([])
    rows = memory_rows()
    del app
    return rows


if __name__ == "__main__":
    if sys.argv[1:] == ["--huge"]:
        application = QGuiApplication([])
        print(json.dumps(huge()))
    else:
        report("Undo and memory", measure)
