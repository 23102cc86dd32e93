"""Real documents with a real Qt application behind them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba, to_rgba


@pytest.fixture
def document(qapp) -> Document:
    return Document.new(Bounds(0, 0, 512, 512))


def paint(document: Document, x: int, y: int, seed: int = 0, size: int = 300) -> None:
    """An opaque square of smooth noise on the active layer: one step."""
    layer = document.active
    assert isinstance(layer, PaintLayer)
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (size // 3, size // 3, 4), dtype=np.uint8)
    rgba = coarse.repeat(3, 0).repeat(3, 1)
    rgba[..., 3] = 255
    document.put_image(layer, x, y, from_rgba(rgba))


def look(document: Document, bounds: Bounds = Bounds(-600, -600, 1800, 1800)) -> list[NDArray[np.uint8]]:  # noqa: B008
    """The pixels of every paint layer, bottom to top."""
    return [
        to_rgba(layer.surface.read(bounds.translated(-layer.offset.x, -layer.offset.y)))
        for layer in document.tree.paint_layers()
    ]
