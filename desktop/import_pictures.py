"""Pictures from files, drops and the clipboard become layers: read in a thread, placed in one undo step."""

from __future__ import annotations

import asyncio
import math
import time
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds, Point
from canvas.layers import Layer, PaintLayer
from canvas.pixels import from_rgba
from canvas.selection import Selection
from canvas.surface import TiledSurface
from canvas.tile import TILE, is_blank
from desktop.session import Session
from desktop.spoken import spoken
from desktop.view.canvas_view import CanvasView
from desktop.view.drops import dropped_pictures

if TYPE_CHECKING:
    from desktop.progress_card import ProgressCard

GAP = 16
"""Canvas pixels between pictures that come together."""
FRAME_SIDE = 1024
"""Largest side of the frame that is put around a picture."""
MOST_SENTENCES = 3
"""Files that cannot be read and are named one by one."""
SLICE_SECONDS = 0.003
"""Layers are added for so long at a time."""

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Arrival:
    """One picture, read and cut into tiles, that waits for its place."""

    name: str
    width: int
    height: int
    surface: TiledSurface
    changes: tuple[str, ...] = ()
    """What had to be changed on the way (`canvas.formats.pictures.Change`)."""


class Importer(QObject):
    """Brings pictures onto one canvas."""

    message = Signal(str)
    """A sentence for the banner: what could not be read, and why; or what had to be changed."""
    placed_one = Signal()
    """One picture came alone: the frame is around it."""

    def __init__(self, session: Session, view: CanvasView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._view = session, view

    async def import_files(self, paths: Sequence[Path]) -> None:
        """Picture files in the middle of the view."""
        await self.import_dropped(list(paths), None)

    async def import_dropped(self, pictures: list[Path] | QImage, at: tuple[float, float] | None) -> None:
        """Files or one picture around a canvas point; None is the middle of the view. Bad files get a sentence."""
        place = at or tuple(self._view.camera.center)
        if isinstance(pictures, QImage):
            name = self.tr("Pasted picture")
            found = [await asyncio.to_thread(cut_image, name, pictures)]
        else:
            found = await self._read(pictures)
        if found:
            await self._place(found, (place[0], place[1]))

    async def _read(self, paths: Sequence[Path]) -> list[Arrival]:
        """Reads one file after the other; memory for two large ones at a time is not a given. Empty when stopped."""
        from desktop.progress_card import ProgressCard  # a start does without

        card = ProgressCard(self._view, self.tr("Importing pictures …"))
        found: list[Arrival] = []
        refused: list[str] = []
        work = asyncio.ensure_future(self._read_all(paths, (found, refused), card))
        card.stopped.connect(work.cancel)
        try:
            await asyncio.wait([work])
            if work.cancelled():
                return []
            work.result()
        finally:
            work.cancel()
            card.finish()
        self._tell(found, refused)
        return found

    async def _read_all(self, paths: Sequence[Path], into: tuple[list[Arrival], list[str]], card: ProgressCard) -> None:
        found, refused = into
        for number, path in enumerate(paths):
            if len(paths) > 1:
                title = self.tr("Importing {number} of {all}: {name}")
                card.title.setText(title.format(number=number + 1, all=len(paths), name=path.name))
            try:
                found.append(await asyncio.to_thread(read_arrival, path))
            except CanvasError as error:
                sentence = spoken(str(error))
                refused.append(sentence if path.name in sentence else f"{path.name}: {sentence}")
            card.advance((number + 1) / len(paths))

    def _tell(self, found: Sequence[Arrival], refused: Sequence[str]) -> None:
        """Says once for all files what could not be read and what had to be changed."""
        for sentence in refused[:MOST_SENTENCES]:
            self.message.emit(sentence)
        if len(refused) > MOST_SENTENCES:
            more = self.tr("{number} more files could not be read.")
            self.message.emit(more.format(number=len(refused) - MOST_SENTENCES))
        changed: dict[str, list[str]] = {}
        for arrival in found:
            for change in arrival.changes:
                changed.setdefault(change, []).append(arrival.name if len(found) > 1 else "")
        if changed:
            self.message.emit(" ".join(change_words(change, names) for change, names in changed.items()))

    async def _place(self, arrivals: Sequence[Arrival], at: tuple[float, float]) -> None:
        """Layers side by side around a point, the frame around them: one undo step, made in slices."""
        document = self._session.document
        spots = arrange([(arrival.width, arrival.height) for arrival in arrivals], at)
        step, key = self.tr("Import pictures"), ("import", uuid.uuid4().hex)
        below, waiting = document.active, deque(zip(arrivals, spots, strict=True))
        while waiting:
            until = time.perf_counter() + SLICE_SECONDS
            with document.transaction(step, key):
                while waiting and time.perf_counter() < until:
                    below = self._add(*waiting.popleft(), below)
                if not waiting:
                    document.set_selection(Selection.none())  # what is done next is about the pictures
                    document.set_frame(frame_around(spots))
            await asyncio.sleep(0)
        document.history.seal()
        document.active = below
        everything = united(spots)
        if not self._view.visible_bounds().contains(everything):
            self._view.fit(everything.united(document.frame))
        if len(spots) == 1:
            self.placed_one.emit()

    def _add(self, arrival: Arrival, spot: Bounds, below: Layer | None) -> PaintLayer:
        """One layer over another; at the top if that one is not there, or went while this was waiting."""
        layer = PaintLayer(arrival.name, arrival.surface)
        layer.offset = Point(spot.x, spot.y)
        document = self._session.document
        if below is None or below.parent is None or below not in document.tree:
            document.add_layer(layer)
        else:
            document.add_layer(layer, below.parent, below.parent.children.index(below) + 1)
        return layer


def read_arrival(path: Path) -> Arrival:
    """Reads and cuts one file; any thread. Raises CanvasError."""
    from canvas.formats.pictures import read_picture  # with Pillow, which the first paint need not wait for

    picture = read_picture(path)
    arrival = cut_rgba(path.stem or picture.name, picture.rgba)
    return replace(arrival, changes=tuple(change.name for change in picture.changes))


def cut_image(name: str, image: QImage) -> Arrival:
    """Cuts a Qt picture into tiles; any thread, no painter."""
    return _cut(name, image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))


def cut_rgba(name: str, rgba: NDArray[np.uint8]) -> Arrival:
    """Cuts (h, w, 4) straight RGBA into tiles; any thread, no painter."""
    return _cut(name, from_rgba(rgba))


def _cut(name: str, image: QImage) -> Arrival:
    surface = TiledSurface()
    width, height = image.width(), image.height()
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            tile = image.copy(left, top, TILE, TILE)  # outside the image Qt fills with transparency
            if not is_blank(tile):
                surface.set_tile((left // TILE, top // TILE), tile)
    return Arrival(name, width, height, surface)


def change_words(change: str, names: Sequence[str]) -> str:
    """A sentence for what had to be changed in these pictures; `change` is the name of a `Change`.

    An empty name is that of the only one, which need not be said.
    """
    one = {
        "FIRST": translate("Importer", "Only the first picture of the file was read."),
        "REDUCED": translate("Importer", "16 or 32 bits per channel were rounded to 8."),
        "CONVERTED": translate("Importer", "The colours were converted to sRGB."),
        "PRINTING": translate("Importer", "Printing colours (CMYK) were converted without a profile; they may differ."),
        "NO_PROFILE": translate("Importer", "The colour profile could not be used; colours may look different."),
    }  # fmt: skip
    if len(names) == 1:
        return f"{names[0]}: {one[change]}" if names[0] else one[change]
    many = {
        "FIRST": translate("Importer", "Only the first picture was read of {number} files."),
        "REDUCED": translate("Importer", "16 or 32 bits per channel were rounded to 8 in {number} pictures."),
        "CONVERTED": translate("Importer", "The colours of {number} pictures were converted to sRGB."),
        "PRINTING": translate("Importer", "Printing colours (CMYK) of {number} pictures had no profile."),
        "NO_PROFILE": translate("Importer", "The colour profile of {number} pictures could not be used."),
    }  # fmt: skip
    return many[change].format(number=len(names))


def arrange(sizes: Sequence[tuple[int, int]], at: tuple[float, float]) -> list[Bounds]:
    """Places for pictures of these sizes: one row, or several of about the same length, centred around `at`."""
    columns = len(sizes) if len(sizes) <= 3 else math.ceil(math.sqrt(len(sizes)))
    spots: list[Bounds] = []
    top = 0
    for start in range(0, len(sizes), columns):
        left = 0
        row = sizes[start : start + columns]
        for width, height in row:
            spots.append(Bounds(left, top, width, height))
            left += width + GAP
        top += max(height for _, height in row) + GAP
    block = united(spots)
    dx, dy = round(at[0] - block.width / 2), round(at[1] - block.height / 2)
    return [spot.translated(dx, dy) for spot in spots]


def united(spots: Sequence[Bounds]) -> Bounds:
    """The smallest region around all of them."""
    whole = NOTHING
    for spot in spots:
        whole = spot if whole.is_empty else whole.united(spot)
    return whole


def frame_around(spots: Sequence[Bounds]) -> Bounds:
    """The frame for imported pictures: around all if they are small, else around the last, at most FRAME_SIDE."""
    whole = united(spots)
    around = whole if max(whole.width, whole.height) <= FRAME_SIDE else spots[-1]
    width, height = min(around.width, FRAME_SIDE), min(around.height, FRAME_SIDE)
    x, y = around.x + (around.width - width) // 2, around.y + (around.height - height) // 2
    return Bounds(x, y, width, height)


def clipboard_pictures() -> list[Path] | QImage | None:
    """What the clipboard holds: files, else a picture, else None."""
    mime = QGuiApplication.clipboard().mimeData()
    return dropped_pictures(mime) if mime is not None else None
