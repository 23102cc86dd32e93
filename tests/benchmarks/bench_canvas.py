"""The canvas against the bare Qt calls it stands on, as ratios of CPU time from one run.

`python -m tests.benchmarks.bench_canvas [--json]`. Every pair is measured in turns, so that a busy machine
slows both sides alike.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from canvas.brush import BrushSettings
from canvas.brush_presets import PRESETS
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import TILE, Bounds, tiles_covering
from canvas.layers import BlendMode, PaintLayer
from canvas.pixels import from_rgba
from canvas.selection import Selection
from canvas.smudge import Smudge
from canvas.stroke import Stroke
from canvas.stroke_path import Dab
from canvas.surface import TiledSurface
from tests.benchmarks.bench_memory import memory_rows
from tests.benchmarks.bench_selections import selection_rows
from tests.benchmarks.canvas_view_rows import view_rows
from tests.benchmarks.rows import Row, median, report

WIDTH, HEIGHT = 1920, 1080
ROUNDS = 25
MIXED = (BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.OVERLAY)
Mode = QPainter.CompositionMode


def cpu_micros(work: Callable[[], object], times: int = 1) -> float:
    """CPU microseconds of this thread per call."""
    start = time.thread_time()
    for _ in range(times):
        work()
    return (time.thread_time() - start) / times * 1e6


def in_turns(works: Sequence[Callable[[], object]], times: int = 1, rounds: int = ROUNDS) -> list[float]:
    """Median CPU microseconds per call of each, measured alternately."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, values in zip(works, found, strict=True):
            values.append(cpu_micros(work, times))
    return [median(values) for values in found]


def noise(width: int, height: int, seed: int) -> QImage:
    """Pixels of every colour and alpha."""
    rgba = np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)
    return from_rgba(rgba)


def painted(layers: int, side: int) -> Document:
    """A document with so many layers full of soft pixels."""
    document = Document.new(Bounds(0, 0, 512, 512))
    document.remove_layer(next(document.tree.walk()))
    for number in range(layers):
        layer = PaintLayer(f"layer {number}")
        document.add_layer(layer)
        document.put_image(layer, 0, 0, noise(side, side, number))
    return document


def dab_row(size: int, limit: float) -> Row:
    """A dab into the stroke's float tiles, against drawing its picture once."""
    document = Document.new(Bounds(0, 0, 512, 512))
    layer = document.active
    assert isinstance(layer, PaintLayer)
    look = BrushSettings(size=size, hardness=0.0, spacing=0.1, dynamics=(), smoothing=0.0)
    stroke = Stroke(layer, look, (200, 30, 60), Selection.none())
    count = 60
    dabs = [Dab(500 + n * size * 0.1, 500 + n * size * 0.03, 1.0) for n in range(count)]
    stroke.stamp(dabs)
    picture, target = noise(size, size, 3), noise(2000, 2000, 4)

    def bare() -> None:
        with QPainter(target) as painter:
            for x, y, *_ in dabs:
                painter.drawImage(int(x) % 1500, int(y) % 1500, picture)

    def ours() -> None:
        stroke.lay(dabs)

    one, mine = in_turns((bare, ours), times=2)
    note = f"{mine / count:.1f} us each, drawImage {one / count:.1f} us"
    return Row(f"dab {size} px", mine / one, "ratio", limit, note)


def recomposite_row(layers: int, mixed: bool = False) -> Row:
    """A whole tile of normal layers, or of three modes in turns at 60 %, composited again, against drawing one tile."""
    document = painted(layers, TILE)
    if mixed:
        for number, layer in enumerate(document.tree.walk()):
            document.set_layer(layer, blend_mode=MIXED[number % len(MIXED)], opacity=0.6)
    compositor = Compositor(document, QColor("white"))
    area = Bounds(0, 0, TILE, TILE)
    tile, target = noise(TILE, TILE, 5), QImage(TILE, TILE, QImage.Format.Format_RGB32)
    target.fill(QColor("white"))

    def bare() -> None:
        with QPainter(target) as painter:
            painter.drawImage(0, 0, tile)

    def ours() -> None:
        compositor.invalidate(area)
        compositor.tile((0, 0))

    one, mine = in_turns((bare, ours), times=8)
    name = f"recomposite a tile of {layers} layers" + (", mixed modes" if mixed else "")
    return Row(name, mine / one, "ratio", (12.0 if mixed else 2.0) * layers, f"{mine:.0f} us")


def event_row(layers: int, limit: float, name: str, make: Callable[[PaintLayer], Stroke | Smudge]) -> Row:
    """One pen event of a stroke in the middle of many layers, until the picture is whole again."""
    document = painted(layers, 2048)
    compositor = Compositor(document, QColor("white"))
    for tx in range(8):
        for ty in range(8):
            compositor.tile((tx, ty))
    stroke = make(list(document.tree.paint_layers())[layers // 2])
    compositor.set_live(stroke)
    events: list[float] = []
    for n in range(115):
        start = time.thread_time()
        dirty = stroke.add(100 + n * 16, 300 + n * 9, 1.0, n * 0.008)
        compositor.invalidate(dirty)
        for key in tiles_covering(dirty):
            compositor.tile(key)
        events.append((time.thread_time() - start) * 1e3)
    stroke.finish(document)
    compositor.set_live(None)
    p95 = sorted(events)[int(len(events) * 0.95)]
    note = f"median {median(events):.2f} ms"
    return Row(f"pen event to composite, {name}, {layers} layers, p95", p95, "ms", limit, note)


def event_rows() -> list[Row]:
    """Plain brushes of two sizes, the dearest of the brushes that come with the program, and smudging."""
    soft = BrushSettings(size=100, hardness=0.0, dynamics=(), smoothing=0.0)
    brushes = {preset.id: preset.settings for preset in PRESETS}

    def stroke(look: BrushSettings) -> Callable[[PaintLayer], Stroke]:
        return lambda layer: Stroke(layer, look, (200, 30, 60), Selection.none())

    return [
        event_row(5, 4.0, "100 px", stroke(soft)),
        event_row(20, 16.0, "400 px", stroke(replace(soft, size=400))),
        event_row(5, 8.0, "bristles of 100 px", stroke(replace(brushes["dry-bristle"], size=100))),
        event_row(5, 8.0, "leaves of 100 px", stroke(replace(brushes["foliage"], size=100))),
        event_row(5, 8.0, "smudge of 100 px", lambda layer: Smudge(layer, soft, Selection.none())),
    ]


def undo_row() -> Row:
    """Undoing and redoing a change of 30 tiles."""
    document = painted(5, 2048)
    layer = list(document.tree.paint_layers())[2]
    document.put_image(layer, 0, 0, noise(6 * TILE, 5 * TILE, 9))
    back = [cpu_micros(document.undo if n % 2 == 0 else document.redo) / 1e3 for n in range(40)]
    return Row("undo or redo of 30 tiles", median(back), "ms", None, "by reference")


def snapshot_row() -> Row:
    """What a writer gets: every tile of a layer, sharing pixels."""
    surface = TiledSurface()
    surface.write_image(0, 0, noise(6 * TILE, 4 * TILE, 1))
    (mine,) = in_turns((surface.snapshot,), times=20)
    return Row("snapshot of a layer", mine / 1e3, "ms", None, f"{len(surface)} tiles, no copies")


def measure() -> list[Row]:
    """All rows."""
    app = QApplication.instance() or QApplication([])
    rows = view_rows()
    rows += [dab_row(size, limit) for size, limit in ((20, 8.0), (100, 4.0), (400, 2.5))]
    rows += [recomposite_row(layers, mixed) for mixed in (False, True) for layers in (5, 20)]
    rows += [*event_rows(), undo_row(), snapshot_row()]
    rows += selection_rows()
    rows += memory_rows()
    del app
    return rows


if __name__ == "__main__":
    report("The canvas against the bare calls", measure)
