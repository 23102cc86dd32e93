"""How much of what was painted earlier still shows under all that was painted later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.starter.painter.textures import FloatMap

LEAST_CHANGE = 10.0
"""Levels (of 255, mean of the colours) by which a thing must change a pixel to be seen there."""
_LEAST_THROUGH = 0.02
_FLOOR = 1e-30


class Exposure:
    """The share of light (H, W), 0..1, that passes through all coats laid so far; one for all sheets of a painting."""

    def __init__(self, height: int, width: int) -> None:
        self.through: FloatMap = np.ones((height, width), np.float32)

    def cover(self, rows: slice, columns: slice, part: FloatMap) -> None:
        """Note a coat of coverage `part` over `rows` and `columns`."""
        view = self.through[rows, columns]
        view *= np.maximum(1 - part, _LEAST_THROUGH)
        np.maximum(view, _FLOOR, out=view)


@dataclass(frozen=True)
class Trace:
    """What one thing changed in the picture when it was painted."""

    rows: slice
    """Rows of the scroll that it may fill."""
    columns: slice
    """Columns of the scroll that it may fill."""
    change: NDArray[np.floating[Any]]
    """Levels by which it changed every pixel there, mean of the three colours."""
    through: FloatMap
    """The exposure there just after it was painted."""

    def visible(self, exposure: Exposure) -> float:
        """Return the number of pixels at which the finished picture still shows the thing clearly."""
        share = exposure.through[self.rows, self.columns] / self.through
        return float((self.change * share > LEAST_CHANGE).sum())
