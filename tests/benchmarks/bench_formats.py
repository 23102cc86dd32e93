"""OpenRaster against the bare work of a general picture library on the same pixels, in the same process."""

from __future__ import annotations

import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PySide6.QtGui import QGuiApplication, QImage

from canvas.document import Document
from canvas.formats.layered import from_document, rgba_of, settle, to_document
from canvas.formats.ora_reading import read_ora
from canvas.formats.ora_writing import express, ora_from_document, write_ora
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.surface import TiledSurface
from tests.benchmarks.bench_project import painted_tiles
from tests.benchmarks.rows import Row, report

LAYERS, SIDE = 10, 16
"""Layers, and tiles along one side of each: 4096 x 4096 pixels, half of them painted."""
RUNS = 2
PNG_LEVEL = [cv2.IMWRITE_PNG_COMPRESSION, 1]
Made = TypeVar("Made")


def large_document(layers: int = LAYERS) -> Document:
    """Half painted layers, no two tiles alike; where the painted half is differs from layer to layer."""
    tiles = painted_tiles(64, 7)
    document = Document.new(Bounds(0, 0, SIDE * 256, SIDE * 256))
    for number in range(layers):
        surface = TiledSurface()
        for place in range(SIDE * SIDE):
            column, row = place % SIDE, place // SIDE
            if (column // 4 + row // 4 + number) % 2:
                continue
            fresh = QImage(tiles[(place * 5 + number * 11) % len(tiles)])
            fresh.setPixel(0, 0, 0xFF000000 | number << 12 | place)
            surface.set_tile((column, row), fresh)
        document.add_layer(PaintLayer(f"Layer {number + 2}", surface))
    return document


class Clock:
    """The least wall and CPU seconds of several runs."""

    def __init__(self) -> None:
        self.wall = self.cpu = float("inf")

    def run(self, work: Callable[[], Made]) -> Made:
        """Does it once more, and keeps the better times."""
        wall, cpu = time.perf_counter(), time.process_time()
        made = work()
        self.wall = min(self.wall, time.perf_counter() - wall)
        self.cpu = min(self.cpu, time.process_time() - cpu)
        return made


def bare_save(document: Document, path: Path) -> None:
    """The same layers through OpenCV's quickest PNG into a zip; nothing composited."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, layer in enumerate(document.tree.paint_layers()):
            rgba = rgba_of(layer, Bounds(0, 0, SIDE * 256, SIDE * 256))
            archive.writestr(f"{number}.png", cv2.imencode(".png", rgba, PNG_LEVEL)[1].tobytes())


def bare_open(path: Path) -> None:
    """Every layer of the file through OpenCV; no tiles, no document."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("data/"):
                cv2.imdecode(np.frombuffer(archive.read(name), np.uint8), cv2.IMREAD_UNCHANGED)


def formats_rows(folder: Path) -> list[Row]:
    """Opening and saving, and how long the window's thread was held for the latter."""
    document = large_document()
    save, again, save_bare, opened, open_bare = Clock(), Clock(), Clock(), Clock(), Clock()
    path = folder / "a.ora"
    for _ in range(RUNS):
        for layer in document.tree.paint_layers():
            layer.in_file.copy = None  # as if it had never been written
        save.run(lambda: write_ora(path, ora_from_document(document)))
        again.run(lambda: write_ora(path, ora_from_document(document)))
        save_bare.run(lambda: bare_save(document, folder / "bare.zip"))
        opened.run(lambda: to_document(read_ora(path)))
        open_bare.run(lambda: bare_open(path))
    size = f"{path.stat().st_size / 1e6:.0f} MB"
    words = "{0:.1f} s on the clock, {1:.1f} CPU-s against {2:.1f}"
    return [
        Row(
            "save 10 layers as .ora / OpenCV's PNG alone",
            save.cpu / save_bare.cpu,
            "ratio",
            1.0,
            f"{words.format(save.wall, save.cpu, save_bare.cpu)}; with the merged picture; {size}",
        ),
        Row(
            "save the same again, unchanged / OpenCV's PNG alone",
            again.cpu / save_bare.cpu,
            "ratio",
            0.3,
            words.format(again.wall, again.cpu, save_bare.cpu),
        ),
        Row(
            "open 10 layers of .ora / OpenCV's PNG alone",
            opened.cpu / open_bare.cpu,
            "ratio",
            1.5,
            words.format(opened.wall, opened.cpu, open_bare.cpu),
        ),
        held_row(document),
    ]


def held_row(document: Document) -> Row:
    """The longest time for which a save needs the window's thread at one go."""
    longest = Clock()
    picture = longest.run(lambda: from_document(document))
    settle(picture)
    expression = Clock().run(lambda: express(picture))
    slices: list[float] = []
    while True:
        one = Clock()
        done = one.run(lambda: expression.advance(0.006))
        slices.append(one.cpu * 1000)
        if done:
            break
    words = f"gathering 10 layers {longest.cpu * 1000:.1f} ms; {len(slices)} slices of drawing"
    return Row("window's thread while saving .ora, p95", float(np.percentile(slices, 95)), "ms", 8.0, words)


def measure() -> list[Row]:
    """All rows, measured now."""
    application = QGuiApplication.instance() or QGuiApplication([])
    with tempfile.TemporaryDirectory(prefix="handscroll-bench-") as folder:
        rows = formats_rows(Path(folder))
    del application
    return rows


if __name__ == "__main__":
    report("How quickly files with layers are written and read.", measure)
