"""Where the pictures of a sweep lie on the canvas, at true size, and the words at their rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from canvas.geometry import NOTHING, Bounds
from canvas.tile import FORMAT
from desktop.generation.sweep import Cell, Sweep

AWAY = 64
"""Canvas pixels between what is painted and the grid."""
MOST_LINES = 3
DARK, LIGHT = QColor(38, 40, 46), QColor(232, 233, 236)
"""Ink on light and on dark paper."""


@dataclass(frozen=True)
class Grid:
    """Cells in rows and columns with a strip of words above and one at the left; canvas pixels."""

    x: int
    y: int
    """Top left corner of the first cell."""
    width: int
    height: int
    """Of one cell."""
    columns: int
    rows: int
    left: int
    """Width of the strip at the left; 0 without words."""
    top: int
    """Height of the strip above."""

    @property
    def gap(self) -> int:
        """Between two cells."""
        return gap_for(self.width, self.height)

    def cell(self, cell: Cell) -> Bounds:
        """Where a picture lies."""
        across, down = self.width + self.gap, self.height + self.gap
        return Bounds(self.x + cell.column * across, self.y + cell.row * down, self.width, self.height)

    @property
    def pictures(self) -> Bounds:
        """Around all cells."""
        return self.cell(Cell(0, 0)).united(self.cell(Cell(self.columns - 1, self.rows - 1)))

    @property
    def above(self) -> Bounds:
        """The strip of the columns' words."""
        inner = self.pictures
        return Bounds(inner.x, inner.y - self.gap - self.top, inner.width, self.top) if self.top else NOTHING

    @property
    def beside(self) -> Bounds:
        """The strip of the rows' words."""
        inner = self.pictures
        return Bounds(inner.x - self.gap - self.left, inner.y, self.left, inner.height) if self.left else NOTHING

    @property
    def bounds(self) -> Bounds:
        """Around everything."""
        return self.pictures.united(self.above).united(self.beside)

    def at(self, x: float, y: float) -> Cell | None:
        """The cell at a place on the canvas."""
        column, across = divmod(x - self.x, self.width + self.gap)
        row, down = divmod(y - self.y, self.height + self.gap)
        inside = across < self.width and down < self.height and 0 <= column < self.columns and 0 <= row < self.rows
        return Cell(int(column), int(row)) if inside else None


def gap_for(width: int, height: int) -> int:
    """Between two cells of that size."""
    return max(8, min(width, height) // 24)


def place_grid(sweep: Sweep, painted: Bounds, region: Bounds) -> Grid:
    """To the right of everything painted, beginning at the height of the region that is repeated."""
    size = letter_height(region.width, region.height)
    left = 0
    if sweep.down is not None:
        font = font_of(size)
        widest = max(_text_width(font, value.label) for value in sweep.down.values)
        left = round(min(widest + size, region.width))
    lines = _most_lines([value.label for value in sweep.across.values], font_of(size), region.width)
    top = round(size * 1.5 * lines)
    gap = gap_for(region.width, region.height)
    away = max(painted.right, region.right) + AWAY
    x = away + left + gap if left else away
    return Grid(x, region.y, region.width, region.height, sweep.columns, sweep.rows, left, top)


def letter_height(width: int, height: int) -> int:
    """Of the words, canvas pixels: to be read when the whole grid is in view."""
    return max(14, min(round(min(width, height) / 13), 96))


def font_of(size: int) -> QFont:
    """Of that many pixels."""
    font = QFont()
    font.setPixelSize(size)
    return font


def _text_width(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)


def _most_lines(labels: Sequence[str], font: QFont, width: int) -> int:
    return min(MOST_LINES, max(int(-(-_text_width(font, label) // max(width * 0.9, 1))) for label in labels))


def ink_on(paper: QColor) -> QColor:
    """What words are written with on this paper."""
    return DARK if paper.lightness() > 127 else LIGHT


def draw_labels(sweep: Sweep, grid: Grid, ink: QColor) -> list[tuple[Bounds, QImage]]:
    """The strips of words with their places; transparent under the letters."""
    size = letter_height(grid.width, grid.height)
    across = [value.label for value in sweep.across.values]
    boxes = [grid.cell(Cell(column, 0)) for column in range(grid.columns)]
    above = [Bounds(box.x, grid.above.y, box.width, grid.above.height) for box in boxes]
    middle, right = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, Qt.AlignmentFlag.AlignRight
    strips = [_strip(grid.above, above, across, size, (ink, middle))]
    if sweep.down is not None:
        down = [value.label for value in sweep.down.values]
        rows = [grid.cell(Cell(0, row)) for row in range(grid.rows)]
        beside = [Bounds(grid.beside.x, box.y, grid.beside.width, box.height) for box in rows]
        strips.append(_strip(grid.beside, beside, down, size, (ink, right | Qt.AlignmentFlag.AlignVCenter)))
    return strips


def _strip(
    place: Bounds, boxes: Sequence[Bounds], labels: Sequence[str], size: int, look: tuple[QColor, Qt.AlignmentFlag]
) -> tuple[Bounds, QImage]:
    image = QImage(place.width, place.height, FORMAT)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setPen(look[0])
        for box, label in zip(boxes, labels, strict=True):
            room = QRectF(box.x - place.x, box.y - place.y, box.width, box.height)
            _write(painter, room, label, size, look[1])
    return place, image


def _write(painter: QPainter, room: QRectF, label: str, size: int, where: Qt.AlignmentFlag) -> None:
    """The words in their room: on several lines, smaller where they must be, and cut off at last."""
    flags = int(where) | int(Qt.TextFlag.TextWordWrap)
    for smaller in (1.0, 0.8, 0.64, 0.5):
        painter.setFont(font_of(max(8, round(size * smaller))))
        needed = painter.boundingRect(room, flags, label)
        if needed.width() <= room.width() and needed.height() <= room.height():
            break
    else:
        label = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, int(room.width() * 1.8))
    painter.drawText(room, flags, label)


def shown(under: NDArray[np.uint8] | None, patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A cell's picture, (h, w, 4) straight RGBA: the patch over what it was painted into. Any thread."""
    if under is None or (patch[..., 3] == 255).all():
        return patch
    above = patch[..., 3:].astype(np.float32) / 255.0
    below = under[..., 3:].astype(np.float32) / 255.0 * (1.0 - above)
    alpha = above + below
    colour = patch[..., :3] * above + under[..., :3] * below
    mixed = np.divide(colour, alpha, out=np.zeros_like(colour), where=alpha > 0)
    return np.dstack([np.rint(mixed), np.rint(alpha * 255.0)]).astype(np.uint8)
