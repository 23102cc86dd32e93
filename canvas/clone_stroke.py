"""Cloning: a brush that paints with pixels from somewhere else."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.brush import BrushSettings
from canvas.geometry import Bounds, Point, TileKey, tile_bounds
from canvas.layers import PaintLayer
from canvas.pixels import view
from canvas.selection import Selection
from canvas.stroke import Stroke, StrokeSetup

Reader = Callable[[Bounds], QImage]


class CloneStroke(Stroke):
    """A stroke whose colour at every pixel is what was `shift` away before it began."""

    name = "Clone"

    def __init__(
        self,
        layer: PaintLayer,
        settings: BrushSettings,
        selection: Selection,
        source: tuple[Reader, Point],
        setup: StrokeSetup | None = None,
    ) -> None:
        """`source` reads canvas pixels (premultiplied, as they were), and the way from here to there."""
        super().__init__(layer, settings, (0, 0, 0), selection, setup)
        self._read, self._shift = source
        self._sources: dict[TileKey, QImage] = {}

    def _pixels(self, key: TileKey, area: tuple[slice, slice]) -> NDArray[np.uint32]:
        covered = self._tiles.covered(key, area)
        covered *= np.float32(self.settings.opacity)
        there = view(self._source(key))[area].astype(np.float32)
        there *= covered[..., None]
        there += np.float32(0.5)
        return there.astype(np.uint8).view(np.uint32)[..., 0]

    def _source(self, key: TileKey) -> QImage:
        """The pixels that belong onto a tile."""
        found = self._sources.get(key)
        if found is None:
            there = tile_bounds(key).translated(*self._offset).translated(*self._shift)
            found = self._sources[key] = self._read(there)
        return found
