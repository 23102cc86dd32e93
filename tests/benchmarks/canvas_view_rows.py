"""What the canvas' view costs: frames against one bare picture of the viewport, and a pen event up to the screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QInputDevice, QPainter, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import TILE, Bounds, PointF, TileKey
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba
from desktop.view.camera import Camera, mip_level
from desktop.view.canvas_view import CanvasView
from desktop.view.renderer import Renderer
from tests.benchmarks.rows import Row, median

SCREENS = {"1080p": (1920, 1080), "4K": (3840, 2160)}
LIMITS = {"100 %": (2.0, 2.0), "out": (30.0, 10.0), "rotated": (25.0, 10.0)}
ZOOMS = (0.75, 0.51, 0.4, 0.33, 0.26, 0.2, 0.13)
ROUNDS = 9
SOURCE = QPainter.CompositionMode.CompositionMode_Source


def tile_document(layers: int, side: int) -> Document:
    """Layers of soft noise, `side` tiles wide and high; equal tiles share their pixels."""
    document = Document.new(Bounds(0, 0, 512, 512))
    document.remove_layer(next(document.tree.walk()))
    noise = np.random.default_rng(1)
    some = [from_rgba(noise.integers(0, 256, (TILE, TILE, 4), np.uint8)) for _ in range(5)]
    for number in range(layers):
        layer = PaintLayer(f"layer {number}")
        document.add_layer(layer)
        tiles: dict[TileKey, QImage | None] = {
            (x, y): some[(x * 3 + y + number) % 5] for x in range(side) for y in range(side)
        }
        document.set_tiles(layer, tiles)
    return document


def frame_rows() -> list[Row]:
    """Whole frames drawn anew, everything composited before."""
    compositor = Compositor(tile_document(1, 64), QColor("white"), budget_bytes=3 << 30)
    middle = PointF(32.0 * TILE, 32.0 * TILE)
    rows: list[Row] = []
    for number, (name, (width, height)) in enumerate(SCREENS.items()):
        base = Camera(center=middle, width=width, height=height)
        bare = _bare(width, height)
        rows.append(_frame_row(f"frame {name} at 100 %", compositor, base, bare, LIMITS["100 %"][number]))
        rows.append(_pan_row(f"frame {name} at 100 %, panned", compositor, base, bare))
        outs = []
        for zoom in ZOOMS:
            note = f"{zoom:.0%}"
            row = _frame_row(f"frame {name} zoomed out", compositor, replace(base, zoom=zoom), bare, None)
            outs.append((row.value, note, zoom * 2 ** mip_level(zoom)))
        worst, at, residual = max(outs)
        note = f"worst of {len(outs)} zooms, at {at}, mip residual {residual:.2f}"
        rows.append(Row(f"frame {name} zoomed out", worst, "ratio", LIMITS["out"][number], note))
        turned = replace(base, rotation=15.0)
        rows.append(_frame_row(f"frame {name} rotated 15°", compositor, turned, bare, LIMITS["rotated"][number]))
    compositor.close()
    return rows


def _bare(width: int, height: int) -> Callable[[], object]:
    screen = QImage(width, height, QImage.Format.Format_RGB32)
    whole = QImage(width, height, QImage.Format.Format_RGB32)
    whole.fill(QColor("gray"))

    def draw() -> None:
        with QPainter(screen) as painter:
            painter.setCompositionMode(SOURCE)
            painter.drawImage(0, 0, whole)

    return draw


def _frame_row(
    name: str, compositor: Compositor, camera: Camera, bare: Callable[[], object], limit: float | None
) -> Row:
    renderer = Renderer(compositor)
    renderer.slice = 1e9
    renderer.frame(camera)

    def ours() -> None:
        renderer.mark_all()
        renderer.frame(camera)

    one: list[float] = []
    mine: list[float] = []
    whole: list[float] = []
    for _ in range(ROUNDS):
        one.append(_micros(bare, 4))
        start = time.process_time()
        mine.append(_micros(ours, 4))
        whole.append((time.process_time() - start) * 250)
    note = f"{median(mine) / 1e3:.2f} ms ({median(whole):.2f} with Qt's own threads), bare {median(one) / 1e3:.2f} ms"
    return Row(name, median(mine) / median(one), "ratio", limit, note)


def _pan_row(name: str, compositor: Compositor, camera: Camera, bare: Callable[[], object]) -> Row:
    """As a hand moves the paper, some pixels a frame."""
    renderer = Renderer(compositor)
    renderer.slice = 1e9
    renderer.frame(camera)
    cameras = [camera.panned(7.0 * n, 4.0 * n) for n in range(1, 4 * ROUNDS + 1)]
    one: list[float] = []
    mine: list[float] = []
    for n in range(ROUNDS):
        one.append(_micros(bare, 4))
        four = iter(cameras[4 * n : 4 * n + 4])
        mine.append(_micros(lambda steps=four: renderer.frame(next(steps)), 4))
    note = f"{median(mine) / 1e3:.2f} ms, bare {median(one) / 1e3:.2f} ms"
    return Row(name, median(mine) / median(one), "ratio", 2.0, note)


def _micros(work: Callable[[], object], times: int) -> float:
    start = time.thread_time()
    for _ in range(times):
        work()
    return (time.thread_time() - start) / times * 1e6


def sharpening_row() -> Row:
    """The first look at a painting of 12 000 tiles from far away: no frame may stall."""
    document = tile_document(1, 110)
    compositor = Compositor(document, QColor("white"))
    renderer = Renderer(compositor)
    camera = Camera(center=PointF(55.0 * TILE, 55.0 * TILE), width=1920, height=1080, zoom=0.02)
    frames: list[float] = []
    while not frames or not renderer.unfinished.is_empty:
        frames.append(_micros(lambda: renderer.frame(camera), 1) / 1e3)
    note = f"12 100 tiles, {len(frames)} frames, {sum(frames) / 1e3:.1f} s in all, longest {max(frames):.1f} ms"
    compositor.close()
    return Row("frame while the far view is made, p95", sorted(frames)[int(len(frames) * 0.95)], "ms", 16.0, note)


def pen_row(size: int, layers: int, limit: float) -> Row:
    """A real pen event to the real widget, and the repaint that it causes."""
    document = tile_document(layers, 9)
    document.active = list(document.tree.paint_layers())[layers // 2]
    compositor = Compositor(document, QColor("white"))
    view = CanvasView(document, compositor)
    view.resize(1920, 1080)
    view.show()
    view.set_camera(replace(view.camera, center=PointF(1150.0, 1150.0)))
    view.set_brush(replace(view.brush, size=size, hardness=0.0, smoothing=0.0))
    while view.grab().isNull() or not view._renderer.unfinished.is_empty:
        QApplication.processEvents()
    costs: list[float] = []
    _pen(view, QEvent.Type.TabletPress, QPointF(250, 300))
    for n in range(90):
        start = time.thread_time()
        _pen(view, QEvent.Type.TabletMove, QPointF(250 + 16 * n, 300 + 5 * n))
        view._frame_timer.stop()
        view._repaint_now()
        QApplication.processEvents()
        costs.append((time.thread_time() - start) * 1e3)
    _pen(view, QEvent.Type.TabletRelease, QPointF(1690, 750))
    view.release_document()
    view.deleteLater()
    compositor.close()
    p95 = sorted(costs)[int(len(costs) * 0.95)]
    name = f"pen event to screen, {size} px, {layers} layers, p95"
    return Row(name, p95, "ms", limit, f"median {median(costs):.2f} ms, widget of 1920 x 1080")


def _pen(view: CanvasView, kind: QEvent.Type, place: QPointF) -> None:
    capabilities = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
    device = QPointingDevice(
        "pen", 7, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen, capabilities, 1, 3
    )
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.TabletMove else left
    held = none if kind == QEvent.Type.TabletRelease else left
    event = QTabletEvent(
        kind, device, place, view.mapToGlobal(place), 0.7, 0.0, 0.0, 0.0, 0.0, 0.0,
        Qt.KeyboardModifier.NoModifier, button, held,
    )  # fmt: skip
    QCoreApplication.sendEvent(view, event)


def view_rows() -> list[Row]:
    """All rows of the view; needs a QApplication."""
    return [*frame_rows(), sharpening_row(), pen_row(100, 5, 4.0), pen_row(400, 20, 16.0)]
