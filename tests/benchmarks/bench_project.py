"""The project file against its bare parts: saving a stroke, opening, the first save, the window meanwhile.

The large document has a quarter of 8192 pixels a side; HANDSCROLL_BENCH_FULL=1 measures the whole of it.
"""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import zstandard
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtGui import QGuiApplication, QImage

from canvas.document import Document
from canvas.geometry import TILE, Bounds
from canvas.layers import PaintLayer
from canvas.paging import tune_malloc
from canvas.pixels import from_rgba
from canvas.project.project import Project
from canvas.surface import TiledSurface
from tests.benchmarks import bench_log
from tests.benchmarks.rows import Row, report
from tests.benchmarks.window_lateness import Lateness

STROKE_TILES = 20
SCREEN = Bounds(0, 0, 8 * TILE, 5 * TILE)
FULL = bool(os.environ.get("HANDSCROLL_BENCH_FULL"))
LAYERS, SIDE, MANY = 10, 32 if FULL else 8, 32
"""Layers of the large document, and tiles along one side of each: 32 are 8192 pixels."""
RUNS, LARGE_RUNS = 60, 2 if FULL else 8
LATE_SECONDS = 3.0
MANY_TILES = 1600
"""The best run of each counts: what else the machine does only ever adds, and it adds unevenly."""


def painted_tiles(count: int, seed: int) -> list[QImage]:
    """Tiles as brushes leave them, soft colours with nothing between; every fourth has the grain of a generated one."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:TILE, 0:TILE]
    tiles: list[QImage] = []
    for number in range(count):
        rgba = np.zeros((TILE, TILE, 4), np.float32)
        for _ in range(12):
            x, y, radius = rng.integers(0, TILE), rng.integers(0, TILE), rng.integers(20, 60)
            cover = np.clip(1.3 - np.hypot(columns - x, rows - y) / radius, 0, 1)[..., None]
            rgba = rgba * (1 - cover) + np.append(rng.integers(0, 256, 3), 255).astype(np.float32) * cover
        if number % 4 == 0:
            grain = rng.integers(-3, 4, (TILE, TILE, 1)) * (rgba[..., 3:] > 0)
            rgba[..., :3] = np.clip(rgba[..., :3] + grain, 0, 255)
        tiles.append(from_rgba(rgba.astype(np.uint8)))
    return tiles


def bare_zstd(tiles: Sequence[QImage]) -> float:
    """Seconds to compress the tiles with zstd-1 and nothing else."""
    compressor = zstandard.ZstdCompressor(level=1)
    began = time.perf_counter()
    for tile in tiles:
        compressor.compress(tile.constBits())
    return time.perf_counter() - began


def save_after_a_stroke(folder: Path) -> Row:
    """One commit of a 20-tile stroke, from handing over to COMMIT, against zstd-1 of the same tiles."""
    document = Document.new(Bounds(0, 0, 512, 512))
    project = Project.create(folder / "stroke.scroll", document)
    layer = next(document.tree.paint_layers())
    ours, bare = [], []
    strokes = [painted_tiles(STROKE_TILES, seed) for seed in range(6)]
    for run in range(RUNS):
        tiles = [QImage(tile) for tile in strokes[run % len(strokes)]]
        for tile in tiles:
            tile.setPixel(0, 0, 0xFF000000 | run)  # the file, which keeps the last steps, has never seen it
        project.flush().result()
        document.set_tiles(layer, {(i % 5, i // 5): tile for i, tile in enumerate(tiles)})
        began = time.perf_counter()
        project.flush().result()
        ours.append(time.perf_counter() - began)
        bare.append(bare_zstd(tiles))
    project.close()
    note = f"{min(ours) * 1000:.1f} ms against {min(bare) * 1000:.1f} ms"
    return Row("save after a 20-tile stroke / zstd-1", min(ours) / min(bare), "ratio", 2.0, note)


def large_document() -> Document:
    """Ten half painted layers."""
    tiles = painted_tiles(32, 99)
    document = Document.new(Bounds(0, 0, 512, 512))
    for number in range(LAYERS):
        surface = TiledSurface()
        for place in range(0, SIDE * SIDE, 2):
            fresh = QImage(tiles[place % len(tiles)])
            fresh.setPixel(0, 0, 0xFF000000 | number << 12 | place)  # every tile is one of its own
            surface.set_tile((place % SIDE, place // SIDE), fresh)
        document.add_layer(PaintLayer(f"Layer {number + 2}", surface))
    return document


def first_save_and_open(folder: Path) -> list[Row]:
    """The first save of everything, and opening it again up to a full screen of pixels."""
    document = large_document()
    tiles = [tile for layer in document.tree.paint_layers() for tile in layer.surface.snapshot().values()]
    ours, bare, opened, waited, worked, plain = [], [], [], [], [], []
    for run in range(LARGE_RUNS):
        path = folder / f"large{run}.scroll"
        began, before = time.perf_counter(), time.process_time()
        project = Project.create(path, document)
        project.flush().result()
        ours.append(time.perf_counter() - began)
        worked.append(time.process_time() - before)
        project.close()
        before = time.process_time()
        bare.append(bare_zstd_and_write(tiles, folder / "bare"))
        plain.append(time.process_time() - before)
        began, computed = time.perf_counter(), time.process_time()
        project = Project.open(path)
        project.look_ahead(SCREEN)  # as the window does
        for layer in project.document.tree.paint_layers():
            for key in [(x, y) for y in range(5) for x in range(8)]:
                layer.surface.tile(key)
        opened.append(time.process_time() - computed)
        waited.append(time.perf_counter() - began)
        project.close()
    words = f"{len(tiles)} tiles, {min(ours) * 1000:.0f} ms against {min(bare) * 1000:.0f} ms"
    words += f"; of CPU {min(worked) * 1000:.0f} against {min(plain) * 1000:.0f} ms"
    seen = f"200 of {len(tiles)} tiles, in the system's cache; {min(opened) * 1000:.0f} ms of CPU in all threads"
    return [
        Row("first save of 10 layers / zstd-1 + write", min(ours) / min(bare), "ratio", 1.6, words),
        Row("open to first full screen, 10 layers", min(waited) * 1000, "ms", 120.0, seen),
    ]


def bare_zstd_and_write(tiles: Sequence[QImage], path: Path) -> float:
    """Seconds to compress the tiles with zstd-1 into one file on the disk."""
    compressor = zstandard.ZstdCompressor(level=1)
    began = time.perf_counter()
    with path.open("wb") as file:
        for tile in tiles:
            file.write(compressor.compress(tile.constBits()))
        file.flush()
        os.fsync(file.fileno())
    return time.perf_counter() - began


def open_with_many_tiles(folder: Path) -> Row:
    """Opening ten half painted layers of 8192 x 8192 pixels, up to a full screen of pixels."""
    document, tiles = Document.new(Bounds(0, 0, 512, 512)), painted_tiles(32, 5)
    for number in range(LAYERS):
        surface = TiledSurface()
        for place in range(0, MANY * MANY, 2):
            surface.set_tile((place % MANY, place // MANY), QImage(tiles[(place + number) % len(tiles)]))
        document.add_layer(PaintLayer(f"Layer {number + 2}", surface))
    project = Project.create(folder / "many.scroll", document)
    project.close()
    computed, waited, seen = [], [], 0
    for _ in range(LARGE_RUNS):
        began, before = time.perf_counter(), time.process_time()
        project = Project.open(project.path)
        project.look_ahead(SCREEN)
        seen = sum(
            layer.surface.tile((x, y)) is not None
            for layer in project.document.tree.paint_layers()
            for x in range(8)
            for y in range(5)
        )
        computed.append(time.process_time() - before)
        waited.append(time.perf_counter() - began)
        project.close()
    note = f"{seen} of {LAYERS * MANY * MANY // 2} tiles; {min(computed) * 1000:.0f} ms of CPU in all threads"
    return Row("open to first full screen, 8192 x 8192", min(waited) * 1000, "ms", 120.0, note)


def late_while_saving(folder: Path) -> Row:
    """How late the window's clock is while a large document gets its file and strokes are saved all the time."""
    document, strokes = large_document(), painted_tiles(STROKE_TILES, 3)
    layer = next(document.tree.paint_layers())
    late = Lateness()
    project = Project.create(folder / "late.scroll", document)
    late.start()
    began, number = time.perf_counter(), 0
    while time.perf_counter() - began < LATE_SECONDS or project.state != "saved":
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if project.state == "saved" and time.perf_counter() - began < LATE_SECONDS:
            number += 1
            fresh = [QImage(tile) for tile in strokes[:4]]
            for tile in fresh:
                tile.setPixel(0, 0, 0xFF000000 | number)
            document.set_tiles(layer, {(i, number % 8): tile for i, tile in enumerate(fresh)})
            project.save()
    usual, worst = late.stop()
    project.close()
    return Row("lateness of the window while saving, p95", usual, "ms", 16.0, f"worst {worst:.1f} ms, {number} saves")


def late_while_one_step_is_written(folder: Path) -> Row:
    """How late the window's clock is while one step of very many tiles is written, and then taken back."""
    document, tiles = Document.new(Bounds(0, 0, 512, 512)), painted_tiles(32, 8)
    layer = next(document.tree.paint_layers())
    fresh = {(i % 40, i // 40): QImage(tiles[i % len(tiles)]) for i in range(MANY_TILES)}
    for number, tile in enumerate(fresh.values()):
        tile.setPixel(0, 0, 0xFF000000 | number)
    project = Project.create(folder / "step.scroll", document)
    project.flush().result()
    late = Lateness()
    gc.disable()  # as the program does: it collects on the window's thread, when it has time
    document.set_tiles(layer, fresh)
    late.start()
    for deed in (lambda: None, document.undo):
        deed()
        while project.state != "saved":
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    usual, worst = late.stop()
    gc.enable()
    project.close()
    note = f"{MANY_TILES} tiles; worst {worst:.1f} ms, taking them back and the system's other work included"
    return Row("lateness of the window, one very large step", usual, "ms", 16.0, note)


def measure() -> list[Row]:
    """All rows, measured now."""
    from tests.benchmarks.bench_formats import formats_rows  # it paints with this module's tiles

    tune_malloc()  # as the program does
    application = QGuiApplication.instance() or QGuiApplication([])
    with tempfile.TemporaryDirectory(prefix="handscroll-bench-") as folder:
        rows = [save_after_a_stroke(Path(folder)), *first_save_and_open(Path(folder))]
        rows += [open_with_many_tiles(Path(folder)), late_while_saving(Path(folder))]
        rows += [late_while_one_step_is_written(Path(folder)), *formats_rows(Path(folder))]
    del application
    return [*rows, *bench_log.rows()]


if __name__ == "__main__":
    report("How quickly a painting is on the disk and back.", measure)
