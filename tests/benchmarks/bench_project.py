"""The project file against its bare parts: saving a stroke, opening, the first save."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import zstandard
from PySide6.QtGui import QGuiApplication, QImage

from canvas.document import Document
from canvas.geometry import TILE, Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from canvas.project.project import Project
from canvas.surface import TiledSurface
from tests.benchmarks.rows import Row, report

STROKE_TILES = 20
LAYERS, SIDE = 10, 8
"""Layers of the large document, and tiles along one side of each."""
RUNS, LARGE_RUNS = 60, 8
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
        tiles = strokes[run % len(strokes)]
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
    ours, bare, opened, waited = [], [], [], []
    for run in range(LARGE_RUNS):
        path = folder / f"large{run}.scroll"
        began = time.perf_counter()
        project = Project.create(path, document)
        project.flush().result()
        ours.append(time.perf_counter() - began)
        project.close()
        bare.append(bare_zstd_and_write(tiles, folder / "bare"))
        began, computed = time.perf_counter(), time.process_time()
        project = Project.open(path)
        for layer in project.document.tree.paint_layers():
            for key in [(x, y) for y in range(5) for x in range(8)]:
                layer.surface.tile(key)
        opened.append(time.process_time() - computed)
        waited.append(time.perf_counter() - began)
        project.close()
    words = f"{len(tiles)} tiles, {min(ours) * 1000:.0f} ms against {min(bare) * 1000:.0f} ms"
    seen = f"CPU time; 200 of 320 tiles, in the system's cache; {min(waited) * 1000:.0f} ms on the clock"
    return [
        Row("first save of 10 layers / zstd-1 + write", min(ours) / min(bare), "ratio", 1.6, words),
        Row("open to first full screen, 10 layers", min(opened) * 1000, "ms", 120.0, seen),
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


def measure() -> list[Row]:
    """All rows, measured now."""
    application = QGuiApplication.instance() or QGuiApplication([])
    with tempfile.TemporaryDirectory(prefix="handscroll-bench-") as folder:
        rows = [save_after_a_stroke(Path(folder)), *first_save_and_open(Path(folder))]
    del application
    return rows


if __name__ == "__main__":
    report("How quickly a painting is on the disk and back.", measure)
