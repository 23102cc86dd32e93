"""Where the rows of the history stand: lines of records, or cells side by side, under headings. No widgets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect


@dataclass(frozen=True)
class RowSizes:
    """Logical pixels."""

    width: int
    "Of a record."
    height: int
    "Of a record."
    heading: int
    "The height of a heading, which is as wide as a line."
    columns: int = 1
    "Records side by side."


class RowLayout:
    """The places of all rows, from the top of the list; found by arithmetic on arrays, so thousands cost nothing."""

    def __init__(self, headings: NDArray[np.bool_], sizes: RowSizes) -> None:
        self.sizes = sizes
        self.headings = headings
        numbers = np.arange(len(headings))
        last_heading = np.maximum.accumulate(np.where(headings, numbers, -1))
        self._columns = np.where(headings, 0, (numbers - last_heading - 1) % sizes.columns)
        heights = np.where(headings, sizes.heading, sizes.height)
        self._bottoms = np.cumsum(np.where(self._columns == 0, heights, 0))
        self._tops = self._bottoms - heights

    @property
    def height(self) -> int:
        """Of the whole list."""
        return int(self._bottoms[-1]) if len(self._bottoms) else 0

    def rect(self, number: int) -> QRect:
        """The place of one row."""
        sizes, top = self.sizes, int(self._tops[number])
        if self.headings[number]:
            return QRect(0, top, sizes.width * sizes.columns, sizes.heading)
        return QRect(int(self._columns[number]) * sizes.width, top, sizes.width, sizes.height)

    def between(self, top: int, bottom: int) -> range:
        """The rows that have a part in top <= y < bottom."""
        first = int(np.searchsorted(self._bottoms, top, "right"))
        return range(first, int(np.searchsorted(self._tops, bottom, "left")))

    def at(self, x: int, y: int) -> int | None:
        """The row at a point."""
        return next((number for number in self.between(y, y + 1) if self.rect(number).contains(x, y)), None)

    def nearest(self, x: int, y: int, step: int) -> int | None:
        """The record in the line at a height, or in the next ones in a direction (step +1 or -1), nearest to an x."""
        line = self.between(y, y + 1)
        while line and self.headings[line[0]]:
            beyond = line[-1] + step if step > 0 else line[0] - 1
            if not 0 <= beyond < len(self._tops):
                return None
            middle = int(self._tops[beyond]) + 1
            line = self.between(middle, middle + 1)
        return min(line, key=lambda number: abs(self.rect(number).center().x() - x)) if line else None

    def record(self, number: int, step: int) -> int | None:
        """This row if it is a record, else the next one in a direction."""
        while 0 <= number < len(self._tops):
            if not self.headings[number]:
                return number
            number += step
        return None
