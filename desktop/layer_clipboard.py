"""Layers on the clipboard: our own format with everything about them, and beside it a plain picture for others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds, Point, TileKey
from canvas.layer_packet import MAX_BYTES, MAX_TILES, inside, pack, unpack
from canvas.layers import Layer, LayerMask, PaintLayer
from canvas.pixels import writable_view
from canvas.selection import Selection
from canvas.tile import FORMAT, is_blank
from canvas.transform import Lift, image_of
from desktop.pieces import pieces

MIME = "application/x-handscroll-layers"
SLICE_SECONDS = 0.005
PICTURE_LIMIT = 64_000_000
"""Most pixels that go to the clipboard as one plain picture."""
PIECE = 256


class Turns:
    """Gives the window its turn every few milliseconds."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    async def pause(self) -> None:
        """Let the events pass if the slice is over."""
        if time.perf_counter() - self._began > SLICE_SECONDS:
            await asyncio.sleep(0)
            self._began = time.perf_counter()


async def detached(layers: Sequence[Layer]) -> list[Layer]:
    """Copies of layers as they are, in no document, sharing their pixels; every tile is loaded."""
    from canvas.copying import copied  # a start does without

    turns = Turns()
    twins: list[Layer] = []
    for layer in layers:
        twin = copied(layer)
        twin.name = layer.name
        twins.append(twin)
    count = sum(len(surface.surface) for surface in inside(twins))
    if count > MAX_TILES:
        raise CanvasError("These layers are too large for the clipboard. Copy fewer, or select a part.")
    for surface in inside(twins):
        for key in tuple(surface.surface.away()):
            surface.surface.tile(key)
            await turns.pause()
    return twins


async def lifted(layer: PaintLayer, selection: Selection) -> PaintLayer:
    """The selected pixels of a layer as a layer of their own. CanvasError if there are none."""
    turns, lift = Turns(), Lift(layer, selection)
    twin = PaintLayer(layer.name)
    if isinstance(layer, LayerMask):
        twin.name = layer.owner.name
    twin.offset, twin.opacity, twin.blend_mode = layer.offset, layer.opacity, layer.blend_mode
    for key in lift.tile_keys():
        pixels = lift.pixels(key)
        tile = None if pixels is None else image_of(pixels)
        if tile is not None and not is_blank(tile):
            twin.surface.set_tile(key, tile)
        await turns.pause()
    if not len(twin.surface):
        raise CanvasError("There is nothing selected on this layer. Choose another layer, or copy as it looks.")
    return twin


async def cleared(layer: PaintLayer, selection: Selection) -> dict[TileKey, QImage | None]:
    """The tiles of a layer without what is selected (an empty selection: without anything), in slices."""
    turns, lift = Turns(), Lift(layer, selection)
    before: dict[TileKey, QImage | None] = {}
    after: dict[TileKey, QImage | None] = {}

    def clear(key: TileKey) -> None:
        before[key], rest = layer.surface.tile(key), lift.rest(key)
        after[key] = None if rest is None or is_blank(rest) else rest

    for key in lift.tile_keys():
        clear(key)
        await turns.pause()
    for key, old in before.items():
        if layer.surface.tile(key) != old:  # painted on meanwhile
            clear(key)
    return {key: tile for key, tile in after.items() if tile != before[key]}


def content_bounds(layers: Sequence[Layer]) -> Bounds:
    """Canvas pixels around everything in layers that are in no document."""
    found = NOTHING
    for surface in inside(layers):
        if not isinstance(surface, LayerMask):
            found = found.united(surface.content_bounds())
    return found


async def to_clipboard(layers: Sequence[Layer], image: QImage | None) -> None:
    """Puts detached layers and their plain picture onto the clipboard."""
    data = await asyncio.to_thread(pack, layers)
    mime = QMimeData()
    mime.setData(MIME, data)
    if image is not None:
        mime.setImageData(image)
    QGuiApplication.clipboard().setMimeData(mime)


def release_clipboard() -> None:
    """Before the program ends: what it put on the clipboard goes with it.

    WORKAROUND: Qt crashes when the application goes while the clipboard holds data that Python made (PySide6 6.11).
    """
    clipboard = QGuiApplication.clipboard()
    if clipboard.ownsClipboard():
        clipboard.clear()


async def picture_of(layers: Sequence[Layer], bounds: Bounds) -> QImage | None:
    """What detached layers look like together; None where that would be too large for other programs."""
    if bounds.is_empty or bounds.width * bounds.height > PICTURE_LIMIT:
        return None
    from canvas.copying import copied  # a start does without

    stage = Document(Bounds(0, 0, 1, 1))
    for layer in layers:
        stage.add_layer(copied(layer))
    compositor = Compositor(stage, QColor("white"))
    try:
        return await flattened(compositor, bounds, None)
    finally:
        compositor.close()


async def flattened(compositor: Compositor, bounds: Bounds, selection: Selection | None) -> QImage:
    """(straight RGBA) what a region looks like, limited by a selection; in slices."""
    turns = Turns()
    whole = QImage(bounds.width, bounds.height, FORMAT)
    whole.fill(0)
    for piece in pieces(bounds, PIECE):
        part = compositor.flatten(piece)
        if selection is not None and not selection.is_empty:
            keep_inside(part, selection.coverage(piece))
        with QPainter(whole) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(piece.x - bounds.x, piece.y - bounds.y, part)
        await turns.pause()
    return await asyncio.to_thread(whole.convertToFormat, QImage.Format.Format_RGBA8888)


async def from_clipboard() -> list[Layer] | None:
    """Our layers, if the clipboard holds some. CanvasError when they are damaged or too large."""
    mime = QGuiApplication.clipboard().mimeData()
    if mime is None or not mime.hasFormat(MIME):
        return None
    data = mime.data(MIME)
    if data.size() > MAX_BYTES:
        raise CanvasError("The layers in the clipboard are too large.")
    return await asyncio.to_thread(unpack, bytes(data.data()))


def put(document: Document, layers: Sequence[Layer], way: tuple[int, int], name: str) -> None:
    """Adds detached layers above the active one, moved by (dx, dy): one undo step."""
    for surface in inside(layers):
        surface.offset = Point(surface.offset.x + way[0], surface.offset.y + way[1])
    active = document.active.owner if isinstance(document.active, LayerMask) else document.active
    parent = document.tree.root if active is None or active.parent is None else active.parent
    index = len(parent.children) if active is None else parent.children.index(active) + 1
    with document.transaction(name):
        for step, layer in enumerate(layers):
            document.add_layer(layer, parent, index + step)
    document.active = layers[-1]
    document.choose(layers)


def keep_inside(image: QImage, coverage: NDArray[np.uint8]) -> None:
    """Multiplies the alpha of a premultiplied image by an (h, w) coverage 0..255, in place."""
    share = coverage.astype(np.uint16)[..., None]
    pixels = writable_view(image)
    pixels[:] = (pixels * share + 127) // 255
