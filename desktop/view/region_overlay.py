"""Prompt regions over the canvas: translucent colours with names, in the view's own resolution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from canvas.geometry import Bounds
from canvas.prompt_regions import PromptRegion
from canvas.selection import Selection
from canvas.tile import FORMAT
from desktop.view.ants import view_mask
from desktop.view.camera import Camera

if TYPE_CHECKING:
    from desktop.view.painted_view import PaintedView

SHADES = ("#3d8bfd", "#f5a524", "#2fb380", "#e5484d", "#a56eff", "#12b5cb", "#e93d82", "#b0a02a")
"""The colours that tell regions apart; seen on light and on dark."""
FILM = 0.22
"""Opacity of what lies over a region that is on."""
EDGE = 2
"""Device pixels at ratio 1."""
HALF = 128
"""Coverage from which on a pixel counts as inside."""
MOST_PIXELS = 300_000
"""That films have together; on larger ones they are coarser, so that a moving view stays smooth."""
LONGEST = 24
"""Characters of a name on the canvas."""


class _Film(NamedTuple):
    """A region as it is seen, ready to be copied."""

    area: QRectF
    "What it covers, device pixels."
    image: QImage
    "May be coarser than the screen."
    label: QPointF
    "The upper middle of what is seen of it, device pixels."


def shade(region: PromptRegion) -> QColor:
    """The colour in which a region is shown."""
    return QColor(SHADES[region.colour % len(SHADES)])


class RegionOverlay:
    """Films are made once per region and camera, then only copied."""

    def __init__(self, view: PaintedView) -> None:
        self._view = view
        self._shown = True
        self._filled = self._resting = False
        self._camera: Camera | None = None
        self._films: dict[tuple[int, int, bool], tuple[Selection, _Film | None]] = {}
        self.developed = 0
        "How many films were made, for tests."

    @property
    def shown(self) -> bool:
        """Whether regions are to be seen."""
        return self._shown

    @shown.setter
    def shown(self, on: bool) -> None:
        if on != self._shown:
            self._shown = on
            self._view.update()

    @property
    def filled(self) -> bool:
        """Whether they are seen as colours, else only as outlines: what works unseen would surprise."""
        return self._filled

    @filled.setter
    def filled(self, on: bool) -> None:
        if on != self._filled:
            self._filled = on
            self._camera = None
            self._view.update()

    @property
    def resting(self) -> bool:
        """Whether they step aside for a while: colours must not be mixed with those of a picture that is judged."""
        return self._resting

    @resting.setter
    def resting(self, on: bool) -> None:
        if on != self._resting:
            self._resting = on
            if self._shown and self._view.document.prompt_regions:
                self._view.update()

    def paint(self, painter: QPainter, camera: Camera) -> None:
        """Draw into a painter in device pixels."""
        regions = self._view.document.prompt_regions
        if not self._shown or self._resting or not regions:
            self._films.clear()
            return
        films = self._films_for(regions, camera)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for _, film in films:
            painter.drawImage(film.area, film.image)
        painter.scale(camera.ratio, camera.ratio)
        for region, film in films:
            _draw_name(painter, film.label / camera.ratio, region)
        painter.restore()

    def _films_for(self, regions: Sequence[PromptRegion], camera: Camera) -> list[tuple[PromptRegion, _Film]]:
        """The films of all regions in sight; those that are as they were are used again."""
        saved = self._view.document.saved_selections
        places = [region.place(saved) for region in regions]
        areas = [None if place is None else _seen(place, camera) for place in places]
        total = sum(area.width * area.height for area in areas if area is not None)
        coarse = max(1, math.ceil(math.sqrt(total / MOST_PIXELS)))
        known = self._films if camera == self._camera else {}
        self._camera, self._films = camera, {}
        found: list[tuple[PromptRegion, _Film]] = []
        for number, (region, place, area) in enumerate(zip(regions, places, areas, strict=True)):
            if place is None or area is None:
                continue
            key = (number, region.colour, region.on)
            made_for, film = known.get(key, (None, None))
            if made_for is not place:
                film = self._develop(region, place, camera, coarse)
            self._films[key] = (place, film)
            if film is not None:
                found.append((region, film))
        return found

    def _develop(self, region: PromptRegion, place: Selection, camera: Camera, coarse: int) -> _Film | None:
        """The film, made on a screen that is `coarse` times coarser than the real one."""
        self.developed += 1
        small = replace(camera, zoom=camera.zoom / coarse, ratio=camera.ratio / coarse)
        area = _seen(place, small)
        mask = None if area is None else view_mask(place, small, area)
        if area is None or mask is None or mask.max() < HALF:
            return None
        inside = (mask >= HALF).astype(np.uint8)
        colour = shade(region)
        image = QImage(area.width, area.height, FORMAT)
        words = np.frombuffer(image.bits(), np.uint32).reshape(area.height, area.width)
        np.take(_table(colour, FILM if region.on and self._filled else 0.0), mask, out=words, mode="clip")
        contours, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        edge = np.zeros(mask.shape, np.uint8)
        cv2.drawContours(edge, contours, -1, 255, max(1, round(EDGE * small.ratio)), cv2.LINE_AA)
        line = np.take(_table(colour, 0.9 if region.on else 0.5), edge)
        np.maximum(words, line, out=words)  # of two words of one colour the more opaque one is the larger number
        x, y = _label_place(inside)
        # The corner of the real screen that the coarse one stands for: both round to whole pixels.
        left, top = (exact - coarse * rough for exact, rough in zip(camera.origin, small.origin, strict=True))
        corner = QPointF(area.x * coarse + left, area.y * coarse + top)
        covered = QRectF(corner.x(), corner.y(), area.width * coarse, area.height * coarse)
        return _Film(covered, image, corner + QPointF(x * coarse, y * coarse))


def _seen(place: Selection, camera: Camera) -> Bounds | None:
    """The device rectangle in which a place is seen, a little more than the view: it has no edge where that ends."""
    width, height = camera.device_size
    margin = EDGE + 2
    screen = Bounds(-margin, -margin, width + 2 * margin, height + 2 * margin)
    area = camera.device_bounds(place.bounds, margin).intersected(screen)
    return None if area.is_empty else area


def _table(colour: QColor, opacity: float) -> NDArray[np.uint32]:
    """Coverage 0..255 to a premultiplied word."""
    alpha = np.rint(np.arange(256) * opacity).astype(np.uint32)
    red, green, blue = ((alpha * part + 127) // 255 for part in (colour.red(), colour.green(), colour.blue()))
    return ((alpha << 24) | (red << 16) | (green << 8) | blue).astype(np.uint32)


def _label_place(inside: NDArray[np.uint8]) -> tuple[float, float]:
    """Upper middle of what is seen: x of the middle of its first rows, y of the first of them."""
    rows = np.flatnonzero(inside.any(axis=1))
    top = int(rows[0])
    columns = np.flatnonzero(inside[min(top + 12, int(rows[-1]))])
    return float(columns.mean()) if columns.size else 0.0, float(top)


def _draw_name(painter: QPainter, at: QPointF, region: PromptRegion) -> None:
    """A small plate in the region's colour with its name, under a point (logical pixels)."""
    name = region.name if len(region.name) <= LONGEST else region.name[: LONGEST - 1] + "…"
    font = painter.font()
    font.setPointSizeF(9)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(name) + 14, metrics.height() + 4
    plate = QRectF(round(at.x() - width / 2), round(max(at.y(), 0.0)) + 6, width, height)
    colour = shade(region)
    light = 0.299 * colour.redF() + 0.587 * colour.greenF() + 0.114 * colour.blueF() > 0.55
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setOpacity(1.0 if region.on else 0.55)
    painter.setBrush(colour)
    painter.drawRoundedRect(plate, 5, 5)
    painter.setPen(QColor(20, 22, 26) if light else QColor(255, 255, 255))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, name)
    painter.setOpacity(1.0)
