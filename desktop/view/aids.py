"""Lines over the canvas that help to draw and are never painted: pixel grid, grid, guides."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen

from canvas.geometry import Bounds
from canvas.guides import Guide
from desktop.view.camera import Camera

PIXEL_GRID_ZOOM = 8.0
CLOSEST = 8.0  # logical pixels between two lines of the grid; closer ones are left out
PIXEL_LINE = QColor(128, 128, 128, 80)
GRID_LINE = QColor(90, 130, 190, 120)
SUB_LINE = QColor(90, 130, 190, 55)
GUIDE_LINE = QColor(0, 165, 205)
REACH = 5.0  # logical pixels: how near to a guide a press must be


@dataclass(frozen=True)
class ViewAids:
    """Which of them are shown, and how."""

    pixel_grid: bool = False
    "The edges of the pixels, from 800 % on."
    grid: bool = False
    spacing: int = 64
    "Canvas pixels between the grid's lines."
    subdivisions: int = 4
    "Parts of every field of the grid."
    rulers: bool = False
    guides: bool = True
    guides_locked: bool = False
    "Guides cannot be moved."


def paint_grids(painter: QPainter, camera: Camera, aids: ViewAids) -> None:
    """Pixel grid and grid, into a painter in device pixels."""
    area = camera.visible_bounds().expanded(1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, camera.rotation % 90 != 0)
    if aids.pixel_grid and camera.zoom >= PIXEL_GRID_ZOOM:
        _draw(painter, camera, grid_lines(area, 1), PIXEL_LINE)
    if aids.grid:
        closest = CLOSEST * camera.ratio / camera.zoom
        spacing = aids.spacing
        while spacing < closest:
            spacing *= 2
        part = aids.spacing / aids.subdivisions
        if aids.subdivisions > 1 and spacing == aids.spacing and part >= closest:
            _draw(painter, camera, grid_lines(area, part, skip=aids.subdivisions), SUB_LINE)
        _draw(painter, camera, grid_lines(area, spacing), GRID_LINE)
    painter.restore()


def paint_guides(painter: QPainter, camera: Camera, guides: Iterable[Guide]) -> None:
    """Guides, into a painter in device pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, camera.rotation % 90 != 0)
    _draw(painter, camera, (guide_line(camera, guide) for guide in guides), GUIDE_LINE, max(1, round(camera.ratio)))
    painter.restore()


def guide_line(camera: Camera, guide: Guide) -> QLineF:
    """The part of a guide around the view, canvas pixels."""
    area = camera.visible_bounds().expanded(1)
    if guide.horizontal:
        return QLineF(area.x, guide.position, area.right, guide.position)
    return QLineF(guide.position, area.y, guide.position, area.bottom)


def guide_at(camera: Camera, guides: Iterable[Guide], at: tuple[float, float]) -> Guide | None:
    """The nearest guide within reach of a place of the view (logical pixels)."""
    x, y = camera.to_canvas(*at)
    found, best = None, REACH * camera.ratio / camera.zoom
    for guide in guides:
        distance = abs((y if guide.horizontal else x) - guide.position)
        if distance <= best:
            found, best = guide, distance
    return found


def grid_lines(area: Bounds, spacing: float, skip: int = 0) -> Iterator[QLineF]:
    """Lines at multiples of the spacing across an area (canvas pixels), without every `skip`-th."""
    for number in range(math.ceil(area.x / spacing), math.floor(area.right / spacing) + 1):
        if not skip or number % skip:
            yield QLineF(number * spacing, area.y, number * spacing, area.bottom)
    for number in range(math.ceil(area.y / spacing), math.floor(area.bottom / spacing) + 1):
        if not skip or number % skip:
            yield QLineF(area.x, number * spacing, area.right, number * spacing)


def _draw(painter: QPainter, camera: Camera, lines: Iterable[QLineF], colour: QColor, width: int = 1) -> None:
    """Canvas lines as lines of whole device pixels where the view stands straight."""
    straight = camera.rotation % 90 == 0
    placed: list[QLineF] = []
    for line in lines:
        x1, y1 = camera.to_device(line.x1(), line.y1())
        x2, y2 = camera.to_device(line.x2(), line.y2())
        if straight:
            x1, y1, x2, y2 = (math.floor(value + 0.5) + 0.5 for value in (x1, y1, x2, y2))
        placed.append(QLineF(x1, y1, x2, y2))
    painter.setPen(QPen(colour, width))
    painter.drawLines(placed)
